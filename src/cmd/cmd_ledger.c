/* cmd_ledger.c - `ledger`: the register of a period as a workbook. */
#include "cmd/cmd.h"

#include "base/file.h"
#include "base/i18n.h"
#include "intake/ledgers.h"

static enum st
make(struct cmd_desk *d, const struct period *p, struct ledger_made *out,
     struct err *e)
{
    const struct staff *s = g_ptr_array_index(d->office->config->staff, 0);
    struct reg_act act = {clock_now(&d->office->clock), s->name, 0, 0};
    enum st st = reg_begin(d->reg, e);

    if (st == ST_OK)
        st = ledgers_make(d->office, d->reg, p, &act, out, e);
    if (st == ST_OK)
        return reg_commit(d->reg, e);
    reg_rollback(d->reg);
    return st;
}

static int
write_ledger(const struct cmd_context *c, const char *text, const char *path)
{
    struct ledger_made m = {0};
    struct err e = ERR_INIT;
    struct period p;
    struct cmd_desk d;
    int status = cmd_open(c, REG_WRITE, &d);
    enum st st = ST_OK;

    if (status == EXIT_DONE)
        status = cmd_period(c, d.office, text, &p);
    if (status == EXIT_DONE)
        st = make(&d, &p, &m, &e);
    if (status == EXIT_DONE && st == ST_OK)
        st = file_write(path, g_bytes_get_data(m.workbook, NULL),
                        g_bytes_get_size(m.workbook), &e);
    if (st != ST_OK)
        status = cmd_failed(c, &e);
    ledger_made_clear(&m);
    cmd_close(&d);
    return status;
}

int
cmd_ledger(const struct cmd_context *c, int argc, char **argv)
{
    g_autofree char *output = NULL;
    const GOptionEntry entries[] = {{"output", 'o', 0, G_OPTION_ARG_FILENAME,
                                     &output, N_("the workbook to write"),
                                     "FILE.xlsx"},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 1, 1, &status))
        return status;
    if (!output)
        output = g_strdup_printf("ledger-%s.xlsx", argv[1]);
    status = write_ledger(c, argv[1], output);
    if (status == EXIT_DONE)
        cmd_print("%s\n", output);
    return status;
}
