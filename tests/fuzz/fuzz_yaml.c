/* fuzz_yaml.c - a rule pack, and with 0x1F between them its roster.  What
 * is refused says where; what is taken holds its own examples without harm. */
#include "fuzz/fuzz.h"
#include "pack/load.h"

#include <glib/gstdio.h>
#include <string.h>

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static void
check_problems(const GPtrArray *problems, const char *said)
{
    FUZZ_MUST(problems->len > 0 && *said);
    for (guint i = 0; i < problems->len; i++)
        fuzz_line(problems->pdata[i]);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    struct fuzz_input in = {(const char *)data, (const char *)data + len};
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    size_t pack_len, roster_len;
    const char *pack_text = fuzz_bytes(&in, &pack_len);
    const char *roster_text = fuzz_bytes(&in, &roster_len);
    struct pack *loaded = NULL;
    struct err e = ERR_INIT;

    if (roster_len > 0)
        fuzz_file("roster.yaml", roster_text, roster_len);
    if (pack_load_all(fuzz_file("pack.yaml", pack_text, pack_len), &loaded,
                      problems, &e) == ST_OK)
        pack_free(loaded);
    else
        check_problems(problems, e.text);
    if (roster_len > 0) {
        g_autofree char *path =
            g_build_filename(fuzz_folder(), "roster.yaml", NULL);

        g_unlink(path);
    }
    return 0;
}
