/* fuzz_config.c - the configuration, and with 0x1F between them the file of
 * special days that it may name. */
#include "base/address.h"
#include "fuzz/fuzz.h"
#include "pack/load.h"

static char *here; /* where mailrules/ is */

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    here = g_get_current_dir();
    return 0;
}

static void
check_people(const struct config *c)
{
    FUZZ_MUST(address_valid(c->address));
    for (guint i = 0; i < c->staff->len; i++) {
        const struct staff *s = c->staff->pdata[i];

        fuzz_line(s->name);
        FUZZ_MUST(address_valid(s->address));
        FUZZ_MUST(g_ascii_strcasecmp(s->address, c->address) != 0);
    }
    for (char **a = c->alert_addresses; *a; a++)
        FUZZ_MUST(address_valid(*a));
    for (char **a = c->secrecy_officers; *a; a++)
        FUZZ_MUST(address_valid(*a));
}

static void
check_config(const struct config *c)
{
    FUZZ_MUST(c->staff->len > 0 && c->zone && c->address && c->data);
    FUZZ_MUST(c->size_limit > 0 && c->poll_interval > 0);
    FUZZ_MUST(c->replies_per_day >= 0 && c->replies_per_hour >= 0);
    FUZZ_MUST(g_path_is_absolute(c->data));
    config_is_working_day(c, 17960);
    check_people(c);
    fuzz_line(c->office);
    fuzz_line(c->phone);
    FUZZ_MUST(c->outgoing_connections >= 1 && c->outgoing_connections <= 20);
    FUZZ_MUST(c->ledger_at >= -1 && c->ledger_at < 24 * 60);
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
    if (config_load_all(fuzz_file("baosong.yaml", text, config_len), here, &c,
                        problems, &e) == ST_OK)
        check_config(c);
    else
        FUZZ_MUST(problems->len > 0 && *e.text);
    for (guint i = 0; i < problems->len; i++)
        fuzz_line(problems->pdata[i]);
    return 0;
}
