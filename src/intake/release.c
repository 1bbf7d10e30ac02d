/* release.c - see release.h.  A handful at most: one setting holds them. */
#include "intake/release.h"

#include "register/status.h"

#define SETTING "released"

static GHashTable *
new_set(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

enum st
releases_get(struct reg *reg, GHashTable *out, struct err *e)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) ids = NULL;
    enum st st = reg_setting_get(reg, SETTING, &text, e);

    ids = g_strsplit(text ? text : "", " ", -1);
    for (char **id = ids; *id; id++) {
        gint64 n = g_ascii_strtoll(*id, NULL, 10);

        if (n > 0)
            g_hash_table_add(out, g_memdup2(&n, sizeof n));
    }
    return st;
}

static enum st
write_all(struct reg *reg, GHashTable *ids, struct err *e)
{
    g_autoptr(GString) text = g_string_new(NULL);
    GHashTableIter iter;
    gpointer id;

    g_hash_table_iter_init(&iter, ids);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT,
                               text->len ? " " : "", *(gint64 *)id);
    return reg_setting_set(reg, SETTING, text->str, e);
}

enum st
releases_add(struct reg *reg, gint64 message, struct err *e)
{
    g_autoptr(GHashTable) ids = new_set();
    enum st st = releases_get(reg, ids, e);

    g_hash_table_add(ids, g_memdup2(&message, sizeof message));
    return st == ST_OK ? write_all(reg, ids, e) : st;
}

enum st
releases_drop(struct reg *reg, gint64 message, struct err *e)
{
    g_autoptr(GHashTable) ids = new_set();
    enum st st = releases_get(reg, ids, e);

    g_hash_table_remove(ids, &message);
    return st == ST_OK ? write_all(reg, ids, e) : st;
}
