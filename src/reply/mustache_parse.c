/* mustache_parse.c - source of a template -> tree (see mustache.h).
 *
 * One pass: find the next tag, decide whether it stands alone on its line
 * (then its white space and its line end go with it), add what stood before
 * it as a literal, and open or close a section. */
#include "reply/mustache_tree.h"

#include <stdarg.h>
#include <string.h>

struct parser {
    const char *file;
    const char *source;
    const char *p; /* end of the last tag */
    char *open, *close;
    GPtrArray *nodes;    /* where the next node goes; borrowed */
    GPtrArray *sections; /* open ones, innermost last; borrowed */
    struct err *e;
};

/* One tag, from its opening delimiter to behind its closing one. */
struct tag {
    const char *start;
    const char *end;
    char sigil; /* one of # ^ / ! = > & { or 0 for a variable */
    char *name; /* what is inside, without white space around */
};

static void
free_node(gpointer data)
{
    struct node *n = data;

    g_free(n->text);
    g_free(n->indent);
    g_clear_pointer(&n->children, g_ptr_array_unref);
    g_free(n);
}

static void
position(const struct parser *s, const char *at, int *line_out, int *column_out)
{
    int line = 1;
    const char *start = s->source;

    for (const char *p = s->source; p < at; p++) {
        if (*p == '\n') {
            line++;
            start = p + 1;
        }
    }
    *line_out = line;
    *column_out = (int)g_utf8_strlen(start, at - start) + 1;
}

static enum st fail(const struct parser *s, const char *at, const char *format,
                    ...) G_GNUC_PRINTF(3, 4);

static enum st
fail(const struct parser *s, const char *at, const char *format, ...)
{
    g_autofree char *what = NULL;
    va_list args;
    int line, column;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);
    position(s, at, &line, &column);
    return err_set(s->e, ST_REJECT, EXIT_CONFIGURATION, "%s:%d:%d: %s", s->file,
                   line, column, what);
}

static struct node *
add_node(struct parser *s, enum node_kind kind, char *text, const char *at)
{
    struct node *n = g_new0(struct node, 1);

    n->kind = kind;
    n->text = text;
    position(s, at, &n->line, &n->column);
    g_ptr_array_add(s->nodes, n);
    return n;
}

static void
add_literal(struct parser *s, const char *from, const char *to)
{
    if (to > from)
        add_node(s, NODE_LITERAL, g_strndup(from, (gsize)(to - from)), from);
}

/* ---- one tag ---- */

static enum st
read_tag(struct parser *s, struct tag *t)
{
    const char *inside = t->start + strlen(s->open);
    g_autofree char *closing = NULL;
    const char *end;

    t->sigil = *inside && strchr("#^/!=>&{", *inside) ? *inside : '\0';
    if (t->sigil)
        inside++;
    if (t->sigil == '{')
        closing = g_strconcat("}", s->close, NULL);
    else if (t->sigil == '=')
        closing = g_strconcat("=", s->close, NULL);
    else
        closing = g_strdup(s->close);
    end = strstr(inside, closing);
    if (!end)
        return fail(s, t->start, "tag not closed, %s expected", closing);
    t->end = end + strlen(closing);
    t->name = g_strstrip(g_strndup(inside, (gsize)(end - inside)));
    return ST_OK;
}

static gboolean
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Where the line of `t` begins and the next one does, if nothing else is on
 * it; FALSE if there is. */
static gboolean
stands_alone(const struct parser *s, const struct tag *t, const char **line_out,
             const char **next_out)
{
    const char *line = t->start, *next = t->end;

    g_assert(next);
    if (!t->sigil || t->sigil == '&' || t->sigil == '{')
        return FALSE;
    while (line > s->source && is_blank(line[-1]))
        line--;
    if (line > s->source && line[-1] != '\n')
        return FALSE;
    while (is_blank(*next))
        next++;
    if (next[0] == '\r' && next[1] == '\n')
        next++;
    if (*next && *next != '\n')
        return FALSE;
    *line_out = line;
    *next_out = *next ? next + 1 : next;
    return TRUE;
}

/* ---- what tags do ---- */

static enum st
open_section(struct parser *s, struct tag *t)
{
    struct node *n = add_node(s, t->sigil == '#' ? NODE_SECTION : NODE_INVERTED,
                              g_steal_pointer(&t->name), t->start);

    n->children = g_ptr_array_new_with_free_func(free_node);
    g_ptr_array_add(s->sections, n);
    s->nodes = n->children;
    return ST_OK;
}

static enum st
close_section(struct parser *s, const struct tag *t, GPtrArray *top)
{
    guint depth = s->sections->len;
    const struct node *n;

    if (depth == 0)
        return fail(s, t->start, "{{/%s}} closes nothing", t->name);
    n = s->sections->pdata[depth - 1];
    if (strcmp(n->text, t->name) != 0)
        return fail(s, t->start,
                    "{{/%s}} closes the section {{%c%s}} of line %d", t->name,
                    n->kind == NODE_SECTION ? '#' : '^', n->text, n->line);
    g_ptr_array_set_size(s->sections, (int)depth - 1);
    if (depth == 1) {
        s->nodes = top;
    } else {
        n = s->sections->pdata[depth - 2];
        s->nodes = n->children;
    }
    return ST_OK;
}

static enum st
set_delimiters(struct parser *s, const struct tag *t)
{
    g_auto(GStrv) words = g_strsplit_set(t->name, " \t\r\n", -1);
    const char *pair[2] = {NULL, NULL};
    guint n = 0;

    for (char **w = words; *w; w++) {
        if (!**w)
            continue;
        if (n == 2 || strchr(*w, '='))
            return fail(s, t->start,
                        "two delimiters expected, as in "
                        "{{=<%% %%>=}}");
        pair[n++] = *w;
    }
    if (n != 2)
        return fail(s, t->start,
                    "two delimiters expected, as in "
                    "{{=<%% %%>=}}");
    g_free(s->open);
    g_free(s->close);
    s->open = g_strdup(pair[0]);
    s->close = g_strdup(pair[1]);
    return ST_OK;
}

static enum st
check_name(const struct parser *s, const struct tag *t)
{
    g_assert(t->name);
    if (t->sigil == '!' || t->sigil == '=')
        return ST_OK;
    if (!*t->name)
        return fail(s, t->start, "tag without a name");
    if (strpbrk(t->name, " \t\r\n"))
        return fail(s, t->start, "name with a space: %s", t->name);
    return ST_OK;
}

static enum st
apply_tag(struct parser *s, struct tag *t, const char *line, GPtrArray *top)
{
    struct node *n;

    switch (t->sigil) {
    case '#':
    case '^':
        return open_section(s, t);
    case '/':
        return close_section(s, t, top);
    case '=':
        return set_delimiters(s, t);
    case '!':
        return ST_OK;
    case '>':
        n = add_node(s, NODE_PARTIAL, g_steal_pointer(&t->name), t->start);
        if (line && line < t->start)
            n->indent = g_strndup(line, (gsize)(t->start - line));
        return ST_OK;
    default:
        add_node(s, t->sigil ? NODE_RAW : NODE_VARIABLE,
                 g_steal_pointer(&t->name), t->start);
        return ST_OK;
    }
}

static enum st
parse_tag(struct parser *s, struct tag *t, GPtrArray *top)
{
    const char *line = NULL, *next = NULL;
    enum st st = read_tag(s, t);

    if (st == ST_OK)
        st = check_name(s, t);
    if (st != ST_OK)
        return st;
    if (stands_alone(s, t, &line, &next)) {
        add_literal(s, s->p, line);
        s->p = next;
    } else {
        add_literal(s, s->p, t->start);
        s->p = t->end;
    }
    return apply_tag(s, t, line, top);
}

static enum st
parse(struct parser *s, GPtrArray *top)
{
    const struct node *n;

    for (;;) {
        struct tag t = {strstr(s->p, s->open), NULL, '\0', NULL};
        enum st st;

        if (!t.start)
            break;
        st = parse_tag(s, &t, top);
        g_free(t.name);
        if (st != ST_OK)
            return st;
    }
    add_literal(s, s->p, s->p + strlen(s->p));
    if (s->sections->len == 0)
        return ST_OK;
    n = s->sections->pdata[s->sections->len - 1];
    return err_set(s->e, ST_REJECT, EXIT_CONFIGURATION,
                   "%s:%d:%d: section {{%c%s}} is not closed", s->file, n->line,
                   n->column, n->kind == NODE_SECTION ? '#' : '^', n->text);
}

enum st
mustache_compile(const char *file, const char *source,
                 enum mustache_escape escape, struct mustache **out,
                 struct err *e)
{
    g_autoptr(GPtrArray) top = g_ptr_array_new_with_free_func(free_node);
    g_autoptr(GPtrArray) sections = g_ptr_array_new();
    struct parser s = {file,           source, source,   g_strdup("{{"),
                       g_strdup("}}"), top,    sections, e};
    enum st st = parse(&s, top);

    g_free(s.open);
    g_free(s.close);
    if (st != ST_OK)
        return st;
    *out = g_new0(struct mustache, 1);
    (*out)->file = g_strdup(file);
    (*out)->escape = escape;
    (*out)->nodes = g_steal_pointer(&top);
    return ST_OK;
}

void
mustache_free(struct mustache *m)
{
    if (!m)
        return;
    g_free(m->file);
    g_ptr_array_unref(m->nodes);
    g_free(m);
}
