/* describe_changes.c - see describe.h: what two packs say differently. */
#include "rules/describe.h"

#include "base/i18n.h"

#include <string.h>

static void
change_free(gpointer data)
{
    struct change *c = data;

    g_free(c->name);
    g_free(c->before);
    g_free(c->after);
    g_free(c);
}

static void
add(GPtrArray *out, enum change_kind kind, const struct described *d,
    const char *key, const char *before, const char *after)
{
    struct change *c = g_new0(struct change, 1);

    c->kind = kind;
    c->part = d->part;
    c->name = g_strdup(d->name);
    c->key = key;
    c->before = g_strdup(before);
    c->after = g_strdup(after);
    g_ptr_array_add(out, c);
}

static const struct described *
find(const GPtrArray *all, enum part part, const char *name)
{
    for (guint i = 0; i < all->len; i++) {
        const struct described *d = all->pdata[i];

        if (d->part == part &&
            (part == PART_HEAD || strcmp(d->name, name) == 0))
            return d;
    }
    return NULL;
}

/* What it was called before: its own name, or a former one. */
static const struct described *
find_before(const GPtrArray *all, const struct described *d)
{
    const struct described *found = find(all, d->part, d->name);

    for (char **was = d->was; *was && !found; was++)
        found = find(all, d->part, *was);
    return found;
}

/* ---- fields ---- */

/* The lines of a text that the other one does not have, as one line; all of
 * them when only their order differs. */
static char *
own_lines(const char *text, const char *other)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_auto(GStrv) others = g_strsplit(other ? other : "", "\n", -1);
    GString *own = g_string_new(NULL);

    for (char **l = lines; *l; l++)
        if (!g_strv_contains((const char *const *)others, *l))
            g_string_append_printf(own, "%s%s", own->len ? _("; ") : "", *l);
    if (own->len == 0) {
        g_autofree char *all = g_strjoinv(_("; "), lines);

        g_string_assign(own, all);
    }
    return g_string_free(own, FALSE);
}

static void
add_field(GPtrArray *out, const struct described *d, const char *key,
          const char *before, const char *after)
{
    g_autofree char *was = before ? own_lines(before, after) : NULL;
    g_autofree char *is = after ? own_lines(after, before) : NULL;

    add(out, CHANGE_FIELD, d, key, was, is);
}

static void
compare_fields(const struct described *before, const struct described *after,
               GPtrArray *out)
{
    for (guint i = 0; i < after->fields->len; i++) {
        const struct described_field *f =
            &g_array_index(after->fields, struct described_field, i);
        const char *old = described_text(before, f->key);

        if (g_strcmp0(old, f->text) != 0)
            add_field(out, after, f->key, old, f->text);
    }
    for (guint i = 0; i < before->fields->len; i++) {
        const struct described_field *f =
            &g_array_index(before->fields, struct described_field, i);

        if (!described_text(after, f->key))
            add_field(out, after, f->key, f->text, NULL);
    }
}

static void
compare(const struct described *before, const struct described *after,
        GPtrArray *out)
{
    if (strcmp(before->name, after->name) != 0)
        add(out, CHANGE_RENAMED, after, NULL, before->name, after->name);
    compare_fields(before, after, out);
}

/* ---- parts ---- */
static void
compare_part(enum part part, const GPtrArray *before, const GPtrArray *after,
             GPtrArray *out)
{
    g_autoptr(GHashTable) met = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < after->len; i++) {
        const struct described *now = after->pdata[i];
        const struct described *then;

        if (now->part != part)
            continue;
        then = find_before(before, now);
        if (then && g_hash_table_add(met, (gpointer)then))
            compare(then, now, out);
        else
            add(out, CHANGE_ADDED, now, NULL, NULL, NULL);
    }
    for (guint i = 0; i < before->len; i++) {
        const struct described *then = before->pdata[i];

        if (then->part == part && !g_hash_table_contains(met, then))
            add(out, CHANGE_REMOVED, then, NULL, NULL, NULL);
    }
}

GPtrArray *
describe_changes(const struct pack *before, const struct pack *after)
{
    g_autoptr(GPtrArray) then = describe_pack(before);
    g_autoptr(GPtrArray) now = describe_pack(after);
    GPtrArray *out = g_ptr_array_new_with_free_func(change_free);

    for (int part = 0; part < PARTS; part++)
        compare_part((enum part)part, then, now, out);
    return out;
}
