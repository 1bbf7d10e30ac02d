/* cmd_rules.c - the rule pack as the tables that an auditor wants, and what
 * two packs say differently. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "pack/load.h"
#include "report/json.h"
#include "rules/describe.h"

#include <stdio.h>

#define COLUMNS_MAX 8
#define GAP 2 /* blanks between two columns */

/* What stands in columns; other fields stand below the row. */
struct layout {
    enum part part;
    const char *keys[COLUMNS_MAX];
};

static const struct layout layouts[] = {
    {PART_CLASS, {"standing"}},
    {PART_CHECK, {"then", "value", "days", "text", "clause"}},
    {PART_ITEM, {"label", "points", "group", "clause", "when", "effect"}},
    {PART_GROUP,
     {"keep", "per", "at-most", "at-least", "inside", "currency", "clause"}},
    {PART_MEASURE, {"what", "forms", "per", "targets", "clause"}},
    {PART_RANKING,
     {"per", "by", "as", "together", "requires", "awards", "clause"}},
};

/* ---- a table with cells of several lines ---- */

static int
block_width(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    int width = 0;

    for (char **l = lines; *l; l++)
        width = MAX(width, cmd_width(*l));
    return width;
}

struct table {
    int n;                             /* columns; the first is the name */
    const char *keys[COLUMNS_MAX + 1]; /* [0] is NULL */
    int width[COLUMNS_MAX + 1];
};

static const char *
cell(const struct described *d, const char *key)
{
    const char *text = key ? described_text(d, key) : d->name;

    return text ? text : "";
}

static void
table_column(struct table *t, const GPtrArray *all, enum part part,
             const char *key)
{
    int width = 0;

    for (guint i = 0; i < all->len; i++) {
        const struct described *d = all->pdata[i];

        if (d->part == part)
            width = MAX(width, block_width(cell(d, key)));
    }
    if (width == 0)
        return; /* nobody says it */
    t->keys[t->n] = key;
    t->width[t->n++] = MAX(width, key ? cmd_width(_(key)) : 0);
}

static void
print_cells(const struct table *t, char *const *cells)
{
    GString *line = g_string_new("  ");
    gsize end = line->len;

    for (int c = 0; c < t->n; c++) {
        g_autofree char *padded = cmd_pad(cells[c], t->width[c] + GAP);

        g_string_append(line, padded);
        if (*cells[c]) /* no blanks at the line's end */
            end = line->len - strlen(padded) + strlen(cells[c]);
    }
    g_string_truncate(line, end);
    cmd_print("%s\n", line->str);
    g_string_free(line, TRUE);
}

static void
print_heading(const struct table *t)
{
    char *cells[COLUMNS_MAX + 1];

    for (int c = 0; c < t->n; c++)
        cells[c] = t->keys[c] ? _(t->keys[c]) : _("name");
    print_cells(t, cells);
}

static void
print_row(const struct table *t, const struct described *d)
{
    char **lines[COLUMNS_MAX + 1];
    char empty[] = "";
    guint tall = 0;

    for (int c = 0; c < t->n; c++) {
        lines[c] = g_strsplit(cell(d, t->keys[c]), "\n", -1);
        tall = MAX(tall, g_strv_length(lines[c]));
    }
    for (guint l = 0; l < tall; l++) {
        char *cells[COLUMNS_MAX + 1];

        for (int c = 0; c < t->n; c++)
            cells[c] = l < g_strv_length(lines[c]) ? lines[c][l] : empty;
        print_cells(t, cells);
    }
    for (int c = 0; c < t->n; c++)
        g_strfreev(lines[c]);
    if (described_text(d, "choice"))
        cmd_print(_("      %s: %s\n"), _("choice"),
                  described_text(d, "choice"));
}

/* ---- the pack ---- */

static void
print_head(const struct described *d)
{
    cmd_print("%s\n", described_text(d, "title"));
    cmd_print(_("  %s: %s\n"), _("pack"), d->name);
    for (guint i = 0; i < d->fields->len; i++) {
        const struct described_field *f =
            &g_array_index(d->fields, struct described_field, i);

        if (strcmp(f->key, "title") != 0)
            cmd_print(_("  %s: %s\n"), _(f->key), f->text);
    }
}

static void
print_part(const GPtrArray *all, const struct layout *layout)
{
    struct table t = {0};

    table_column(&t, all, layout->part, NULL);
    if (t.n == 0)
        return;
    for (int k = 0; k < COLUMNS_MAX && layout->keys[k]; k++)
        table_column(&t, all, layout->part, layout->keys[k]);
    cmd_print("\n%s\n", _(part_name(layout->part)));
    print_heading(&t);
    for (guint i = 0; i < all->len; i++) {
        const struct described *d = all->pdata[i];

        if (d->part == layout->part)
            print_row(&t, d);
    }
}

static void
print_text(const struct pack *p)
{
    g_autoptr(GPtrArray) all = describe_pack(p);

    print_head(all->pdata[0]);
    for (gsize i = 0; i < G_N_ELEMENTS(layouts); i++)
        print_part(all, &layouts[i]);
}

/* ---- as JSON: the fields by their words in the language ---- */

static void
json_described(JsonBuilder *b, const struct described *d)
{
    for (guint i = 0; i < d->fields->len; i++) {
        const struct described_field *f =
            &g_array_index(d->fields, struct described_field, i);

        json_text(b, f->key, f->text);
    }
}

/* What has no label of its own prints its name; no points are "". */
static void
json_item(JsonBuilder *b, const struct described *d)
{
    static const char *const always[] = {"label", "points", "group", "choice"};

    for (gsize i = 0; i < G_N_ELEMENTS(always); i++)
        if (!described_text(d, always[i]))
            json_text(b, always[i], i == 0 ? d->name : i == 1 ? "" : NULL);
}

static void
json_part(JsonBuilder *b, const GPtrArray *all, enum part part)
{
    json_builder_set_member_name(b, part_name(part));
    json_builder_begin_array(b);
    for (guint i = 0; i < all->len; i++) {
        const struct described *d = all->pdata[i];

        if (d->part != part)
            continue;
        json_builder_begin_object(b);
        json_text(b, "name", d->name);
        json_described(b, d);
        if (part == PART_ITEM)
            json_item(b, d);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void
print_json(const struct pack *p)
{
    g_autoptr(GPtrArray) all = describe_pack(p);
    g_autoptr(JsonBuilder) b = json_builder_new();

    json_builder_begin_object(b);
    json_text(b, "pack", p->id);
    json_text(b, "title", p->title);
    json_text(b, "document", p->document);
    json_int(b, "version", p->version);
    json_day(b, "effective", p->effective);
    json_text(b, "choices-by", p->choices_by);
    json_text(b, "note", p->note);
    for (int part = PART_HEAD + 1; part < PARTS; part++)
        json_part(b, all, (enum part)part);
    json_builder_end_object(b);
    cmd_print_json(json_builder_get_root(b));
}

/* ---- two packs ---- */

static void
print_change(const struct change *c)
{
    const char *part = _(part_name(c->part));
    const char *none = _("nothing");

    switch (c->kind) {
    case CHANGE_ADDED:
        cmd_print(_("%s: %s is new\n"), part, c->name);
        return;
    case CHANGE_REMOVED:
        cmd_print(_("%s: %s is gone\n"), part, c->name);
        return;
    case CHANGE_RENAMED:
        cmd_print(_("%s: %s is called %s now\n"), part, c->before, c->after);
        return;
    case CHANGE_FIELD:
        cmd_print(_("%s: %s: %s changed from %s to %s\n"), part, c->name,
                  _(c->key), c->before ? c->before : none,
                  c->after ? c->after : none);
        return;
    }
}

/* What is new or gone, with what it says. */
static void
print_whole(const GPtrArray *all, const struct change *c)
{
    for (guint i = 0; i < all->len; i++) {
        const struct described *d = all->pdata[i];

        if (d->part != c->part || strcmp(d->name, c->name) != 0)
            continue;
        for (guint k = 0; k < d->fields->len; k++) {
            const struct described_field *f =
                &g_array_index(d->fields, struct described_field, k);

            cmd_print(_("    %s: %s\n"), _(f->key), f->text);
        }
    }
}

/* The roster may change without the rules. */
static gboolean
changes_rules(const GPtrArray *changes)
{
    for (guint i = 0; i < changes->len; i++)
        if (((const struct change *)changes->pdata[i])->part != PART_UNIT)
            return TRUE;
    return FALSE;
}

static void
print_changes(const struct pack *before, const struct pack *after)
{
    g_autoptr(GPtrArray) changes = describe_changes(before, after);
    g_autoptr(GPtrArray) then = describe_pack(before);
    g_autoptr(GPtrArray) now = describe_pack(after);

    for (guint i = 0; i < changes->len; i++) {
        const struct change *c = changes->pdata[i];

        print_change(c);
        if (c->kind == CHANGE_ADDED)
            print_whole(now, c);
        else if (c->kind == CHANGE_REMOVED)
            print_whole(then, c);
    }
    if (changes->len == 0)
        cmd_print("%s\n", _("the two say the same"));
    else if (changes_rules(changes) && before->version == after->version &&
             before->effective == after->effective)
        cmd_print("%s\n", _("the version is still the same: raise it"));
}

/* A path, or the name of a pack in mailrules/. */
static enum st
load_named(const char *name, struct pack **out, struct err *e)
{
    g_autofree char *share = office_share();
    g_autofree char *here = g_get_current_dir();
    g_autofree char *path = pack_find(here, share, name);

    return pack_load(path ? path : name, out, e);
}

static int
compare(const struct cmd_context *c, const char *before, const char *after)
{
    g_autoptr(pack) old = NULL;
    g_autoptr(pack) new = NULL;
    struct err e = ERR_INIT;

    if (load_named(before, &old, &e) != ST_OK ||
        load_named(after, &new, &e) != ST_OK)
        return cmd_failed(c, &e);
    print_changes(old, new);
    return EXIT_DONE;
}

static int
show(const struct cmd_context *c, const char *name, gboolean json)
{
    g_autoptr(office) o = NULL;
    g_autoptr(pack) named = NULL;
    const struct pack *p;
    struct err e = ERR_INIT;
    enum st st = name ? load_named(name, &named, &e)
                      : office_load(c->config, c->now, &o, &e);

    if (st != ST_OK)
        return cmd_failed(c, &e);
    p = name ? named : o->pack;
    if (json)
        print_json(p);
    else
        print_text(p);
    return EXIT_DONE;
}

int
cmd_rules(const struct cmd_context *c, int argc, char **argv)
{
    gboolean json = FALSE, diff = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("as JSON"), NULL},
        {"diff", 0, 0, G_OPTION_ARG_NONE, &diff,
         N_("what the second pack says differently from the first"), NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 0, 2, &status))
        return status;
    if (diff ? argc != 3 || json : argc > 2) {
        fprintf(stderr, _("Usage: baosong %s\n"),
                "rules [--json] [PACK] | rules --diff OLD NEW");
        return EXIT_USAGE_ERROR;
    }
    if (diff)
        return compare(c, argv[1], argv[2]);
    return show(c, argc > 1 ? argv[1] : NULL, json);
}
