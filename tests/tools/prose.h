/* prose.h - drafts by chance, always the same for a seed and a number: what
 * tests compare by the thousand without keeping them.  Of the words and
 * sentences of tests/data/prose.txt; every tool that includes this has its
 * own copy. */
#ifndef TESTS_TOOLS_PROSE_H
#define TESTS_TOOLS_PROSE_H

#include <glib.h>
#include <string.h>

struct prose {
    GHashTable *sections; /* name -> GPtrArray of char* */
};

/* ---- chance ---- */

/* SplitMix64: a seed a draft costs nothing. */
static guint64
prose_next(guint64 *state)
{
    guint64 z = *state += G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * G_GUINT64_CONSTANT(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * G_GUINT64_CONSTANT(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static guint
prose_below(guint64 *state, guint n)
{
    return (guint)(prose_next(state) % n);
}

static guint64
prose_seed(guint64 seed, guint64 number)
{
    guint64 state = seed * 1000003 + number;

    return prose_next(&state);
}

/* ---- words ---- */

static struct prose
prose_load(const char *path)
{
    struct prose p = {g_hash_table_new(g_str_hash, g_str_equal)};
    g_autofree char *data = NULL;
    g_auto(GStrv) lines = NULL;
    GPtrArray *section = NULL;

    if (!g_file_get_contents(path, &data, NULL, NULL))
        g_error("cannot read %s", path);
    lines = g_strsplit(data, "\n", -1);
    for (char **l = lines; *l; l++) {
        if (**l == '[') {
            section = g_ptr_array_new();
            g_hash_table_insert(p.sections, g_strndup(*l + 1, strlen(*l) - 2),
                                section);
        } else if (**l && **l != '#') {
            g_ptr_array_add(section, g_strdup(*l));
        }
    }
    return p;
}

/* Common ideographs, two to eight of them. */
static void
prose_free(guint64 *state, GString *out)
{
    guint n = 2 + prose_below(state, 7);

    for (guint i = 0; i < n; i++)
        g_string_append_unichar(out, 0x4E00 + prose_below(state, 4000));
}

static void prose_fill(const struct prose *p, guint64 *state,
                       const char *pattern, GString *out);

static void
prose_slot(const struct prose *p, guint64 *state, const char *name,
           GString *out)
{
    const GPtrArray *words = g_hash_table_lookup(p->sections, name);

    if (g_str_equal(name, "number"))
        g_string_append_printf(out, "%u", 1 + prose_below(state, 980));
    else if (g_str_equal(name, "free"))
        prose_free(state, out);
    else if (words)
        prose_fill(p, state, words->pdata[prose_below(state, words->len)], out);
    else
        g_error("there is no section [%s]", name);
}

static void
prose_fill(const struct prose *p, guint64 *state, const char *pattern,
           GString *out)
{
    for (const char *c = pattern; *c; c++) {
        const char *end = *c == '{' ? strchr(c, '}') : NULL;
        g_autofree char *name = NULL;

        if (!end) {
            g_string_append_c(out, *c);
            continue;
        }
        name = g_strndup(c + 1, (gsize)(end - c - 1));
        prose_slot(p, state, name, out);
        c = end;
    }
}

/* Sentences until there are about `bytes` of them; caller frees. */
static char *
prose_draft(const struct prose *p, guint64 seed, gsize bytes)
{
    GString *out = g_string_new(NULL);
    guint64 state = seed;
    guint sentences = 0;

    while (out->len < bytes) {
        prose_slot(p, &state, "sentence", out);
        if (++sentences % 4 == 0)
            g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

#endif
