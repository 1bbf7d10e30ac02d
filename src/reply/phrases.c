/* phrases.c - see phrases.h. */
#include "reply/phrases.h"

#include "base/file.h"
#include "base/nearest.h"

#include <string.h>

enum { FILE_BYTES = 1 << 20 };

struct phrases {
    GHashTable *words; /* "section.key" -> char* */
};

static enum st
add_section(struct phrases *p, GKeyFile *file, const char *path,
            const char *section, const char *const *known, struct err *e)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, section, NULL, NULL);

    for (char **key = keys; keys && *key; key++) {
        g_autofree char *name = g_strconcat(section, ".", *key, NULL);
        const char *near;

        if (g_strv_contains(known, name)) {
            g_hash_table_insert(
                p->words, g_strdup(name),
                g_key_file_get_string(file, section, *key, NULL));
            continue;
        }
        near = nearest_word(name, known);
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       "%s: unknown key \"%s\" in [%s]%s%s%s", path, *key,
                       section, near ? ", did you mean \"" : "",
                       near ? near : "", near ? "\"?" : "");
    }
    return ST_OK;
}

/* Later files replace the words of earlier ones. */
static enum st
add_file(struct phrases *p, const char *path, const char *const *known,
         struct err *e)
{
    g_autoptr(GKeyFile) file = NULL;
    g_auto(GStrv) sections = NULL;
    enum st st = file_read_keys(path, FILE_BYTES, &file, e);

    if (st != ST_OK)
        return st;
    sections = g_key_file_get_groups(file, NULL);
    for (char **s = sections; *s && st == ST_OK; s++)
        st = add_section(p, file, path, *s, known, e);
    return st;
}

static enum st
check_complete(const struct phrases *p, const char *path,
               const char *const *known, struct err *e)
{
    for (; *known; known++) {
        const char *dot = strrchr(*known, '.');

        if (!g_hash_table_lookup(p->words, *known))
            return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                           "%s: [%.*s] needs \"%s\"", path, (int)(dot - *known),
                           *known, dot + 1);
    }
    return ST_OK;
}

enum st
phrases_load(const char *dir, const char *own_dir, const char *name,
             const char *const *known, struct phrases **out, struct err *e)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *own =
        own_dir ? g_build_filename(own_dir, name, NULL) : NULL;
    g_autoptr(phrases) p = g_new0(struct phrases, 1);
    enum st st;

    p->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    st = add_file(p, path, known, e);
    if (st == ST_OK)
        st = check_complete(p, path, known, e);
    if (st == ST_OK && own && g_file_test(own, G_FILE_TEST_EXISTS))
        st = add_file(p, own, known, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&p);
    return st;
}

void
phrases_free(struct phrases *p)
{
    if (!p)
        return;
    g_hash_table_unref(p->words);
    g_free(p);
}

const char *
phrases_get(const struct phrases *p, const char *name)
{
    const char *word = g_hash_table_lookup(p->words, name);

    if (!word)
        g_error("no phrase \"%s\"", name);
    return word;
}
