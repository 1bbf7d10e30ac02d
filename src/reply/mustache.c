/* mustache.c - checking and filling a compiled template (see mustache.h). */
#include "reply/mustache_tree.h"

#include "base/nearest.h"

#include <string.h>

enum { PARTIAL_DEPTH = 32 };

/* The facts in view: the innermost section first. */
struct context {
    const struct value *value;
    const struct context *outer;
};

static const struct value *
look_outwards(const struct context *c, const char *name)
{
    const struct value *v = NULL;

    for (; c && !v; c = c->outer)
        v = value_get(c->value, name);
    return v;
}

/* A dotted name: its first part is looked for from the innermost section
 * outwards, the rest only inside what was found. */
static const struct value *
look_up(const struct context *c, const char *name)
{
    g_auto(GStrv) parts = NULL;
    const struct value *v;

    if (!strchr(name, '.'))
        return look_outwards(c, name);
    if (g_str_equal(name, "."))
        return c->value;
    parts = g_strsplit(name, ".", -1);
    v = look_outwards(c, parts[0]);
    for (char **p = parts + 1; v && *p; p++)
        v = value_get(v, *p);
    return v;
}

/* ---- filling ---- */

struct filling {
    GString *out;
    GHashTable *partials;
    enum mustache_escape escape;
    const char *indent; /* of the partial we are in */
    gboolean fresh;     /* at the start of a line that needs the indent */
    int depth;
};

static void
fill_nodes(struct filling *f, const GPtrArray *nodes, const struct context *c);

static void
put_indent(struct filling *f)
{
    if (f->fresh && f->indent)
        g_string_append(f->out, f->indent);
    f->fresh = FALSE;
}

static void
put_literal(struct filling *f, const char *text)
{
    if (!f->indent) {
        g_string_append(f->out, text);
        return;
    }
    for (const char *p = text; *p;) {
        const char *end = strchr(p, '\n');

        put_indent(f);
        if (!end) {
            g_string_append(f->out, p);
            return;
        }
        g_string_append_len(f->out, p, end + 1 - p);
        f->fresh = TRUE;
        p = end + 1;
    }
}

static void
put_escaped(GString *out, const char *text)
{
    for (const char *p = text;; p++) {
        size_t plain = strcspn(p, "&<>\"'");

        g_string_append_len(out, p, (gssize)plain);
        p += plain;
        switch (*p) {
        case '&':
            g_string_append(out, "&amp;");
            break;
        case '<':
            g_string_append(out, "&lt;");
            break;
        case '>':
            g_string_append(out, "&gt;");
            break;
        case '"':
            g_string_append(out, "&quot;");
            break;
        case '\'':
            g_string_append(out, "&#39;");
            break;
        default:
            return;
        }
    }
}

static void
put_variable(struct filling *f, const struct node *n, const struct context *c)
{
    const char *text = value_get_text(look_up(c, n->text));

    put_indent(f);
    if (n->kind == NODE_VARIABLE && f->escape == MUSTACHE_HTML)
        put_escaped(f->out, text);
    else
        g_string_append(f->out, text);
}

static void
fill_section(struct filling *f, const struct node *n, const struct context *c)
{
    const struct value *v = look_up(c, n->text);
    struct context inner = {v, c};

    if (!value_truth(v))
        return;
    if (value_kind(v) == VALUE_BOOL) {
        fill_nodes(f, n->children, c);
        return;
    }
    if (value_kind(v) != VALUE_LIST) {
        fill_nodes(f, n->children, &inner);
        return;
    }
    for (guint i = 0; i < value_length(v); i++) {
        inner.value = value_at(v, i);
        fill_nodes(f, n->children, &inner);
    }
}

static void
fill_partial(struct filling *f, const struct node *n, const struct context *c)
{
    const struct mustache *m =
        f->partials ? g_hash_table_lookup(f->partials, n->text) : NULL;
    g_autofree char *indent = NULL;
    struct filling inner = *f;

    if (!m || f->depth >= PARTIAL_DEPTH)
        return;
    if (n->indent) {
        indent = g_strconcat(f->indent ? f->indent : "", n->indent, NULL);
        inner.indent = indent;
        inner.fresh = TRUE;
    }
    inner.escape = m->escape;
    inner.depth++;
    fill_nodes(&inner, m->nodes, c);
    f->fresh = inner.fresh;
}

static void
fill_nodes(struct filling *f, const GPtrArray *nodes, const struct context *c)
{
    for (guint i = 0; i < nodes->len; i++) {
        const struct node *n = nodes->pdata[i];

        switch (n->kind) {
        case NODE_LITERAL:
            put_literal(f, n->text);
            break;
        case NODE_VARIABLE:
        case NODE_RAW:
            put_variable(f, n, c);
            break;
        case NODE_SECTION:
            fill_section(f, n, c);
            break;
        case NODE_INVERTED:
            if (!value_truth(look_up(c, n->text)))
                fill_nodes(f, n->children, c);
            break;
        case NODE_PARTIAL:
            fill_partial(f, n, c);
            break;
        }
    }
}

char *
mustache_render(const struct mustache *m, const struct value *facts,
                GHashTable *partials)
{
    struct context c = {facts, NULL};
    struct filling f = {g_string_new(NULL), partials, m->escape, NULL, TRUE, 0};

    fill_nodes(&f, m->nodes, &c);
    return g_string_free(f.out, FALSE);
}

/* ---- checking ---- */

struct checking {
    const struct mustache *m;
    GHashTable *partials;
    struct err *e;
    int depth;
};

static enum st check_nodes(const struct checking *k, const GPtrArray *nodes,
                           const struct context *c);

static void
add_names(GPtrArray *names, const struct value *v)
{
    g_autoptr(GPtrArray) keys = value_keys(v);

    for (guint i = 0; i < keys->len; i++)
        g_ptr_array_add(names, keys->pdata[i]);
}

static enum st
unknown_name(const struct checking *k, const struct node *n,
             const struct context *c)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const char *near;

    for (; c; c = c->outer)
        add_names(names, c->value);
    g_ptr_array_add(names, NULL);
    near = nearest_word(n->text, (const char *const *)names->pdata);
    return err_set(k->e, ST_REJECT, EXIT_CONFIGURATION,
                   "%s:%d:%d: unknown name \"%s\"%s%s%s", k->m->file, n->line,
                   n->column, n->text, near ? ", did you mean \"" : "",
                   near ? near : "", near ? "\"?" : "");
}

static enum st
check_section(const struct checking *k, const struct node *n,
              const struct context *c)
{
    const struct value *v = look_up(c, n->text);
    struct context inner = {v, c};
    g_autoptr(value) items = NULL;

    if (!v)
        return unknown_name(k, n, c);
    if (n->kind == NODE_INVERTED || value_kind(v) == VALUE_BOOL)
        return check_nodes(k, n->children, c);
    if (value_kind(v) == VALUE_LIST) {
        items = value_merge_items(v);
        inner.value = items;
    }
    return check_nodes(k, n->children, &inner);
}

static enum st
check_partial(const struct checking *k, const struct node *n,
              const struct context *c)
{
    struct checking inner = *k;

    inner.m = k->partials ? g_hash_table_lookup(k->partials, n->text) : NULL;
    if (!inner.m)
        return err_set(k->e, ST_REJECT, EXIT_CONFIGURATION,
                       "%s:%d:%d: there is no partial \"%s\"", k->m->file,
                       n->line, n->column, n->text);
    if (++inner.depth > PARTIAL_DEPTH)
        return err_set(k->e, ST_REJECT, EXIT_CONFIGURATION,
                       "%s:%d:%d: partial \"%s\" includes itself", k->m->file,
                       n->line, n->column, n->text);
    return check_nodes(&inner, inner.m->nodes, c);
}

static enum st
check_node(const struct checking *k, const struct node *n,
           const struct context *c)
{
    switch (n->kind) {
    case NODE_LITERAL:
        return ST_OK;
    case NODE_VARIABLE:
    case NODE_RAW:
        return look_up(c, n->text) ? ST_OK : unknown_name(k, n, c);
    case NODE_SECTION:
    case NODE_INVERTED:
        return check_section(k, n, c);
    case NODE_PARTIAL:
        return check_partial(k, n, c);
    }
    g_assert_not_reached();
}

static enum st
check_nodes(const struct checking *k, const GPtrArray *nodes,
            const struct context *c)
{
    enum st st = ST_OK;

    for (guint i = 0; i < nodes->len && st == ST_OK; i++)
        st = check_node(k, nodes->pdata[i], c);
    return st;
}

enum st
mustache_check(const struct mustache *m, const struct value *sample,
               GHashTable *partials, struct err *e)
{
    struct context c = {sample, NULL};
    struct checking k = {m, partials, e, 0};

    return check_nodes(&k, m->nodes, &c);
}
