/* fuzz_config.c - the configuration, and with 0x1F between them the file of
 * special days that it may name. */
#include "fuzz/fuzz.h"
#include "pack/load.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static void
check_config(const struct config *c)
{
    FUZZ_MUST(c->staff->len > 0 && c->zone && c->address && c->data);
    FUZZ_MUST(c->size_limit > 0 && c->poll_interval > 0);
    FUZZ_MUST(c->replies_per_day >= 0 && c->replies_per_hour >= 0);
    FUZZ_MUST(g_path_is_absolute(c->data));
    config_is_working_day(c, 17960);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
    struct fuzz_input in = {(const char *)data, (const char *)data + len};
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    size_t config_len, days_len;
    const char *text = fuzz_bytes(&in, &config_len);
    const char *days = fuzz_bytes(&in, &days_len);
    g_autoptr(config) c = NULL;
    struct err e = ERR_INIT;

    fuzz_file("holidays", days, days_len);
    if (config_load_all(fuzz_file("baosong.yaml", text, config_len), ".", &c,
                        problems, &e) == ST_OK)
        check_config(c);
    else
        FUZZ_MUST(problems->len > 0 && *e.text);
    for (guint i = 0; i < problems->len; i++)
        fuzz_line(problems->pdata[i]);
    return 0;
}
