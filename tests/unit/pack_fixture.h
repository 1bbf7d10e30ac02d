/* pack_fixture.h - files in a scratch folder, for the tests of loading. */
#ifndef TESTS_PACK_FIXTURE_H
#define TESTS_PACK_FIXTURE_H

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

G_GNUC_UNUSED static char *
scratch_make(void)
{
    char *dir = g_dir_make_tmp("baosong-test-XXXXXX", NULL);

    g_assert_nonnull(dir);
    return dir;
}

static void
scratch_put(const char *dir, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Removes the files of a folder and the folder itself. */
static void
scratch_remove(char *dir)
{
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    const char *name;

    while (d && (name = g_dir_read_name(d))) {
        g_autofree char *path = g_build_filename(dir, name, NULL);

        if (g_remove(path))
            scratch_remove(g_strdup(path));
    }
    g_rmdir(dir);
    g_free(dir);
}

/* The text with the first `find` replaced; `find` must be there. */
G_GNUC_UNUSED static char *
replaced(const char *text, const char *find, const char *with)
{
    const char *at = strstr(text, find);

    g_assert_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, with,
                           at + strlen(find));
}

#endif
