/* cmd_import.c - take in mail of the past; replies to no one. */
#include "cmd/cmd.h"

#include "desk/desk.h"
#include "intake/import.h"
#include "register/view.h"

int
cmd_import(const struct cmd_context *c, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(office) o = NULL;
    g_autoptr(desk) d = NULL;
    g_autoptr(intake) i = g_new0(struct intake, 1);
    struct tally tally = {0};
    struct err e = ERR_INIT;
    int status = EXIT_DONE;

    if (!cmd_options(c, entries, &argc, &argv, 1, -1, &status))
        return status;
    if (office_load(c->config, c->now, &o, &e) != ST_OK ||
        desk_new(o, &d, &e) != ST_OK ||
        intake_readers(o, &i->reader_context, &i->readers, &e) != ST_OK ||
        reg_open(o->config->data, REG_SERVE, clock_now(&o->clock), &i->reg,
                 &e) != ST_OK)
        return cmd_failed(c, &e);
    i->office = o;
    i->desk = desk_hooks(d);
    for (int n = 1; n < argc; n++)
        if (import_path(i, argv[n], &tally, &e) != ST_OK)
            status = cmd_failed(c, &e);
    if (reg_view(i->reg, DAY_FIRST, DAY_LAST, office_unit_name, o, &e) != ST_OK)
        status = cmd_failed(c, &e);
    cmd_print_tally(&tally);
    return status;
}
