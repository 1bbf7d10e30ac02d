/* yaml.c - see yaml.h: libyaml's events -> tree. */
#include "pack/yaml.h"

#include "base/file.h"
#include "base/i18n.h"
#include "pack/slip.h"

#include <string.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    const char *file;
    const char *data; /* the bytes, for places that libyaml does not tell */
    size_t len;
    struct problems *ps;
    guint nodes;
};

void
node_free(struct node *n)
{
    if (!n)
        return;
    if (n->items)
        g_ptr_array_unref(n->items);
    g_free(n->text);
    g_free(n);
}

static void
free_node(gpointer data)
{
    node_free(data);
}

const struct node *
node_key(const struct node *map, const char *key)
{
    for (guint i = 0; i < map->items->len; i += 2) {
        const struct node *k = map->items->pdata[i];

        if (strcmp(k->text, key) == 0)
            return k;
    }
    return NULL;
}

const struct node *
node_get(const struct node *map, const char *key)
{
    for (guint i = 0; i < map->items->len; i += 2) {
        const struct node *k = map->items->pdata[i];

        if (strcmp(k->text, key) == 0)
            return map->items->pdata[i + 1];
    }
    return NULL;
}

/* ---- what libyaml says is wrong ---- */

/* Line and column of a byte offset. */
static void
locate(const struct reader *r, size_t offset, int *line, int *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < MIN(offset, r->len); i++) {
        if (r->data[i] == '\n') {
            ++*line;
            *column = 1;
        } else if (((guchar)r->data[i] & 0xC0) != 0x80) {
            ++*column;
        }
    }
}

static void
at_mark(const struct reader *r, yaml_mark_t mark, const char *text)
{
    problem_add(r->ps, r->file, (int)mark.line + 1, (int)mark.column + 1, "%s",
                text);
}

/* What people did when libyaml says this. */
static const struct {
    const char *said, *hint;
} hints[] = {
    {"mapping values are not allowed",
     N_("; a key is followed by \": \", a half-width colon and a space, and "
        "keys of one level stand under each other: look at the line above, "
        "too")},
    {"could not find expected ':'",
     N_("; a key is followed by \": \", a half-width colon and a space, and "
        "keys of one level stand under each other: look at the line above, "
        "too")},
    {"cannot start any token",
     N_("; indent with spaces, not tabs, and put texts that begin with % @ ` "
        "or a tab in quotes")},
    {"did not find expected ','",
     N_("; a bracket is not closed, or a text that holds \": \", \" #\" or a "
        "quotation mark needs quotes around it")},
    {"did not find expected '-'",
     N_("; what belongs together begins in one column")},
    {"did not find expected <block end>",
     N_("; what belongs together begins in one column")},
};

static const char *
hint(const char *what)
{
    for (gsize i = 0; i < G_N_ELEMENTS(hints); i++)
        if (strstr(what, hints[i].said))
            return gettext(hints[i].hint);
    return "";
}

/* Rather than libyaml's words, and the place where it gave up: the slip of
 * the pen that they come from, in this line, the one above, or wherever the
 * thing began that never ended. */
static gboolean
slip_problem(const struct reader *r, int line)
{
    int first = MAX(line - 1, 1);
    struct slip slip;

    if (r->parser.context)
        first = MIN(first, (int)r->parser.context_mark.line + 1);
    if (!slip_find(r->data, r->len, first, line, &slip))
        return FALSE;
    problem_add(r->ps, r->file, slip.line, slip.column, "%s", slip.text);
    g_free(slip.text);
    return TRUE;
}

static void
syntax_problem(const struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *what = p->problem ? p->problem : _("out of memory");
    int line = (int)p->problem_mark.line + 1;
    int column = (int)p->problem_mark.column + 1;

    if (p->error == YAML_READER_ERROR)
        locate(r, p->problem_offset, &line, &column);
    else if (slip_problem(r, line))
        return;
    if (p->context && p->context_mark.line != p->problem_mark.line)
        problem_add(r->ps, r->file, line, column,
                    _("this is not YAML: %s (%s that begins in line %d)%s"),
                    what, p->context, (int)p->context_mark.line + 1,
                    hint(what));
    else
        problem_add(r->ps, r->file, line, column, _("this is not YAML: %s%s"),
                    what, hint(what));
}

static gboolean
next(struct reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->parser, event))
        return TRUE;
    syntax_problem(r);
    return FALSE;
}

/* ---- events -> nodes ---- */
static struct node *read_node(struct reader *r, yaml_event_t *event, int depth);

static struct node *
node_new(const struct reader *r, const yaml_event_t *event, enum node_kind kind)
{
    struct node *n = g_new0(struct node, 1);

    n->kind = kind;
    n->file = r->file;
    n->line = (int)event->start_mark.line + 1;
    n->column = (int)event->start_mark.column + 1;
    n->end_line = (int)event->end_mark.line + 1;
    n->end_column = (int)event->end_mark.column + 1;
    if (kind != NODE_TEXT)
        n->items = g_ptr_array_new_with_free_func(free_node);
    return n;
}

static struct node *
read_scalar(const struct reader *r, const yaml_event_t *event)
{
    struct node *n = node_new(r, event, NODE_TEXT);

    n->text = g_strndup((const char *)event->data.scalar.value,
                        event->data.scalar.length);
    n->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return n;
}

/* Is this a key that a map can have?  Says what is wrong if not. */
static gboolean
key_fits(const struct reader *r, const struct node *map, const struct node *key)
{
    const struct node *first;

    if (key->kind != NODE_TEXT) {
        problem_add(r->ps, r->file, key->line, key->column,
                    _("a key must be a word"));
        return FALSE;
    }
    first = node_key(map, key->text);
    if (first)
        problem_add(r->ps, r->file, key->line, key->column,
                    _("\"%s\" is there twice; the first is in line %d"),
                    key->text, first->line);
    return TRUE;
}

/* One node inside a collection; NULL at its end (*ended) or on a problem. */
static struct node *
read_member(struct reader *r, yaml_event_type_t end, int depth, gboolean *ended)
{
    yaml_event_t event;
    struct node *n = NULL;

    *ended = FALSE;
    if (!next(r, &event))
        return NULL;
    if (event.type == end)
        *ended = TRUE;
    else
        n = read_node(r, &event, depth);
    yaml_event_delete(&event);
    return n;
}

static struct node *
read_list(struct reader *r, const yaml_event_t *event, int depth)
{
    g_autoptr(node) list = node_new(r, event, NODE_LIST);
    gboolean ended;

    for (;;) {
        struct node *n =
            read_member(r, YAML_SEQUENCE_END_EVENT, depth + 1, &ended);

        if (ended)
            return g_steal_pointer(&list);
        if (!n)
            return NULL;
        g_ptr_array_add(list->items, n);
    }
}

static struct node *
read_map(struct reader *r, const yaml_event_t *event, int depth)
{
    g_autoptr(node) map = node_new(r, event, NODE_MAP);
    gboolean ended;

    for (;;) {
        g_autoptr(node) key =
            read_member(r, YAML_MAPPING_END_EVENT, depth + 1, &ended);
        struct node *value;

        if (ended)
            return g_steal_pointer(&map);
        if (!key || !key_fits(r, map, key))
            return NULL;
        value = read_member(r, YAML_NO_EVENT, depth + 1, &ended);
        if (!value)
            return NULL;
        g_ptr_array_add(map->items, g_steal_pointer(&key));
        g_ptr_array_add(map->items, value);
    }
}

/* What YAML can do and a rule pack has no use for. */
static const char *
needless(const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;

    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return N_("aliases (*name) are not taken here; a text that begins "
                  "with * goes in quotes");
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor)
        return N_("anchors (&name) are not taken here; a text that begins "
                  "with & goes in quotes");
    if (tag)
        return N_("tags (!name) are not taken here; a text that begins with "
                  "! goes in quotes");
    return NULL;
}

static struct node *
read_node(struct reader *r, yaml_event_t *event, int depth)
{
    const char *bad = needless(event);

    if (!bad && depth > YAML_MAX_DEPTH)
        bad = N_("nested too deeply");
    if (!bad && ++r->nodes > YAML_MAX_NODES)
        bad = N_("the file holds too much");
    if (bad) {
        at_mark(r, event->start_mark, gettext(bad));
        return NULL;
    }
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(r, event);
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return read_list(r, event, depth);
    g_assert(event->type == YAML_MAPPING_START_EVENT);
    return read_map(r, event, depth);
}

/* ---- the document ---- */

/* Skip to the next event of one of two types; FALSE on a problem. */
static gboolean
skip_to(struct reader *r, yaml_event_type_t a, yaml_event_type_t b,
        yaml_event_t *event)
{
    for (;;) {
        if (!next(r, event))
            return FALSE;
        if (event->type == a || event->type == b)
            return TRUE;
        yaml_event_delete(event);
    }
}

static struct node *
read_top(struct reader *r)
{
    yaml_event_t event;
    struct node *top = NULL;

    if (!skip_to(r, YAML_DOCUMENT_START_EVENT, YAML_STREAM_END_EVENT, &event))
        return NULL;
    if (event.type == YAML_STREAM_END_EVENT) {
        problem_add(r->ps, r->file, 1, 1, _("the file is empty"));
        yaml_event_delete(&event);
        return NULL;
    }
    yaml_event_delete(&event);
    if (!next(r, &event))
        return NULL;
    top = read_node(r, &event, 0);
    yaml_event_delete(&event);
    return top;
}

static gboolean
nothing_follows(struct reader *r)
{
    yaml_event_t event;
    gboolean end;

    if (!skip_to(r, YAML_DOCUMENT_START_EVENT, YAML_STREAM_END_EVENT, &event))
        return FALSE;
    end = event.type == YAML_STREAM_END_EVENT;
    if (!end)
        at_mark(r, event.start_mark,
                _("a second document begins here; a file holds one"));
    yaml_event_delete(&event);
    return end;
}

static gboolean
is_utf8(const struct reader *r)
{
    const char *end = NULL;
    int line, column;

    if (g_utf8_validate_len(r->data, r->len, &end))
        return TRUE;
    locate(r, (size_t)(end - r->data), &line, &column);
    problem_add(r->ps, r->file, line, column,
                *end ? _("this is not UTF-8; save the file as UTF-8")
                     : _("a NUL byte; this is not a text file"));
    return FALSE;
}

struct node *
yaml_parse(const char *file, const char *data, size_t len, struct problems *ps)
{
    struct reader r = {.file = file, .data = data, .len = len, .ps = ps};
    struct node *top = NULL;

    if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) { /* Notepad's */
        r.data += 3;
        r.len -= 3;
    }
    if (!is_utf8(&r))
        return NULL;
    if (!yaml_parser_initialize(&r.parser))
        g_error("out of memory");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.data,
                                 r.len);
    top = read_top(&r);
    if (top && !nothing_follows(&r)) {
        node_free(top);
        top = NULL;
    }
    yaml_parser_delete(&r.parser);
    return top;
}

struct node *
yaml_read(const char *file, struct problems *ps)
{
    g_autofree char *data = NULL;
    size_t len = 0;
    struct err e = ERR_INIT;

    if (file_read(file, YAML_MAX_BYTES, &data, &len, &e) != ST_OK) {
        problem_add(ps, file, 0, 0, "%s", e.text);
        return NULL;
    }
    return yaml_parse(file, data, len, ps);
}
