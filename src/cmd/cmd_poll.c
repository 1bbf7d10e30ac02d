/* cmd_poll.c - `poll` and `run`: the work itself. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "base/log.h"
#include "desk/desk.h"
#include "intake/run.h"

#include <stdio.h>
#include <unistd.h>

static void
show_progress(int done, int total, void *user)
{
    (void)user;
    fprintf(stderr, "\r%d/%d", done, total);
    if (done == total)
        fputc('\n', stderr);
    fflush(stderr);
}

static int
open_intake(const struct cmd_context *c, struct office **office_out,
            struct desk **desk_out, struct intake **out)
{
    struct err e = ERR_INIT;
    enum st st = office_load(c->config, c->now, office_out, &e);

    if (st == ST_OK)
        st = desk_new(*office_out, desk_out, &e);
    if (st == ST_OK)
        st = intake_open(*office_out, desk_hooks(*desk_out), out, &e);
    return st == ST_OK ? EXIT_DONE : cmd_failed(c, &e);
}

int
cmd_poll(const struct cmd_context *c, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(office) o = NULL;
    g_autoptr(desk) d = NULL;
    g_autoptr(intake) i = NULL;
    struct tally tally = {0};
    struct err e = ERR_INIT;
    enum st st;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 0, 0, &status))
        return status;
    status = open_intake(c, &o, &d, &i);
    if (status != EXIT_DONE)
        return status;
    st = intake_round(i, isatty(STDERR_FILENO) ? show_progress : NULL, NULL,
                      &tally, &e);
    if (st != ST_OK)
        return cmd_failed(c, &e);
    cmd_print_tally(&tally);
    return EXIT_DONE;
}

int
cmd_run(const struct cmd_context *c, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(office) o = NULL;
    g_autoptr(desk) d = NULL;
    g_autoptr(intake) i = NULL;
    struct err e = ERR_INIT;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 0, 0, &status))
        return status;
    status = open_intake(c, &o, &d, &i);
    if (status != EXIT_DONE)
        return status;
    if (intake_run(i, &e) != ST_OK)
        return cmd_failed(c, &e);
    return EXIT_DONE;
}
