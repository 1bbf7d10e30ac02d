/* cmd_ledger.c - `ledger`: the register of a period as a workbook, and what
 * staff filled in taken back. */
#include "cmd/cmd.h"

#include "base/file.h"
#include "base/i18n.h"
#include "desk/desk.h"
#include "intake/ledgers.h"

#include <stdio.h>

static enum st
make(struct cmd_desk *d, const struct period *p, struct ledger_made *out,
     struct err *e)
{
    const struct staff *s = g_ptr_array_index(d->office->config->staff, 0);
    struct reg_act act = {clock_now(&d->office->clock), s->name, 0, 0};
    enum st st = reg_begin(d->reg, e);

    if (st == ST_OK)
        st = ledgers_make(d->office, d->reg, p, &act, out, e);
    return reg_end(d->reg, st, e);
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

/* ---- taking back ---- */

/* As an attachment would be named. */
static void
name_files(const char *path, struct reading *r)
{
    for (guint n = 0; n < r->files->len; n++) {
        struct reading_file *f = g_ptr_array_index(r->files, n);

        if (!f->name)
            f->name = g_path_get_basename(path);
    }
}

/* Read by a sandboxed reader, as everything from outside is.  The readers
 * start before the register is opened. */
static enum st
read_returned(const struct cmd_context *c, const char *path,
              struct reading **out, struct err *e)
{
    g_autoptr(office) o = NULL;
    g_autoptr(intake) i = g_new0(struct intake, 1);
    g_autofree char *data = NULL;
    struct reader_result r = {0};
    size_t len = 0;
    enum st st = office_load(c->config, c->now, &o, e);

    if (st == ST_OK)
        st = file_read(path, (size_t)o->config->size_limit, &data, &len, e);
    if (st == ST_OK)
        st = intake_readers(o, &i->reader_context, &i->readers, e);
    if (st == ST_OK)
        st = reader_read(i->readers, (const guint8 *)data, len, READER_FILE, &r,
                         e);
    if (st != ST_OK)
        return st;
    if (r.outcome != READER_READ) {
        st = err_set(e, ST_REJECT, EXIT_BAD_DATA, "%s: %s", path, r.cause);
    } else {
        name_files(path, r.reading);
        *out = g_steal_pointer(&r.reading);
    }
    reader_result_clear(&r);
    return st;
}

/* One transaction, in the name of `as` (NULL: the first of the staff). */
static enum st
apply_as(struct cmd_desk *d, const char *as, const struct reading *r,
         struct desk_answer *out, struct err *e)
{
    const struct staff *s = cmd_staff(d->office->config, as, e);
    g_autoptr(desk) k = NULL;
    struct intake i = {.office = d->office, .reg = d->reg};
    enum st st;

    if (!s)
        return ST_REJECT;
    st = desk_new(d->office, &k, e);
    if (st != ST_OK)
        return st;
    i.desk = desk_hooks(k);
    st = reg_begin(d->reg, e);
    if (st == ST_OK)
        st = desk_obey(&i, s->name, NULL, r, 0, out, e);
    return reg_end(d->reg, st, e);
}

static int
apply(const struct cmd_context *c, const char *as, const struct reading *r)
{
    struct desk_answer a = {0};
    struct err e = ERR_INIT;
    struct cmd_desk d;
    int status = cmd_open(c, REG_WRITE, &d);

    if (status == EXIT_DONE)
        status = apply_as(&d, as, r, &a, &e) == ST_OK ? cmd_print_answer(&a)
                                                      : cmd_failed(c, &e);
    desk_answer_clear(&a);
    cmd_close(&d);
    return status;
}

static int
apply_file(const struct cmd_context *c, const char *as, const char *path)
{
    g_autoptr(reading) r = NULL;
    struct err e = ERR_INIT;

    if (read_returned(c, path, &r, &e) != ST_OK)
        return cmd_failed(c, &e);
    if (!desk_has_sheet(r)) {
        err_set(&e, ST_REJECT, EXIT_BAD_DATA,
                _("%s is not a ledger that this program made (an .xlsx "
                  "workbook); nothing was changed"),
                path);
        return cmd_failed(c, &e);
    }
    return apply(c, as, r);
}

int
cmd_ledger(const struct cmd_context *c, int argc, char **argv)
{
    g_autofree char *output = NULL;
    g_autofree char *returned = NULL;
    g_autofree char *as = NULL;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
         N_("the workbook to write"), "FILE.xlsx"},
        {"apply", 0, 0, G_OPTION_ARG_FILENAME, &returned,
         N_("take back what staff filled in"), "FILE.xlsx"},
        {"as", 0, 0, G_OPTION_ARG_STRING, &as, N_("who filled it in"),
         N_("NAME")},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 0, 1, &status))
        return status;
    if ((returned != NULL) == (argc == 2)) {
        fputs(_("Usage: baosong ledger PERIOD [-o FILE.xlsx], or baosong "
                "ledger --apply FILE.xlsx [--as NAME]\n"),
              stderr);
        return EXIT_USAGE_ERROR;
    }
    if (returned)
        return apply_file(c, as, returned);
    if (!output)
        output = g_strdup_printf("ledger-%s.xlsx", argv[1]);
    status = write_ledger(c, argv[1], output);
    if (status == EXIT_DONE)
        cmd_print("%s\n", output);
    return status;
}
