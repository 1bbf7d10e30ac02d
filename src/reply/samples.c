/* samples.c - see samples.h. */
#include "reply/samples.h"

#include "base/file.h"

#include <string.h>

enum { FILE_BYTES = 1 << 20 };

static struct value *
leaf(GKeyFile *file, const char *section, const char *key)
{
    g_autofree char *text = g_key_file_get_string(file, section, key, NULL);

    if (g_strcmp0(text, "true") == 0 || g_strcmp0(text, "false") == 0)
        return value_bool(text[0] == 't');
    return value_text(text);
}

static gboolean
is_number(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* Everything whose key begins with `prefix`: a list when what follows is a
 * number, else a map. */
static struct value *
branch(GKeyFile *file, const char *section, char **keys, const char *prefix)
{
    g_autoptr(GHashTable) done =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    struct value *v = NULL;

    for (char **key = keys; *key; key++) {
        const char *rest = *key + strlen(prefix);
        g_autofree char *part = NULL, *deeper = NULL;
        struct value *item;

        if (!g_str_has_prefix(*key, prefix))
            continue;
        part = g_strndup(rest, strcspn(rest, "."));
        if (!g_hash_table_add(done, g_strdup(part)))
            continue;
        deeper = g_strconcat(prefix, part, ".", NULL);
        item = rest[strlen(part)] ? branch(file, section, keys, deeper)
                                  : leaf(file, section, *key);
        if (!v)
            v = is_number(part) ? value_list() : value_map();
        if (value_kind(v) == VALUE_LIST)
            value_append(v, item);
        else
            value_set(v, part, item);
    }
    return v ? v : value_map();
}

enum st
samples_load(const char *path, struct value **out, struct err *e)
{
    g_autoptr(GKeyFile) file = NULL;
    g_auto(GStrv) sections = NULL;
    enum st st = file_read_keys(path, FILE_BYTES, &file, e);

    if (st != ST_OK)
        return st;
    *out = value_map();
    sections = g_key_file_get_groups(file, NULL);
    for (char **s = sections; *s; s++) {
        g_auto(GStrv) keys = g_key_file_get_keys(file, *s, NULL, NULL);

        value_set(*out, *s, branch(file, *s, keys, ""));
    }
    return ST_OK;
}
