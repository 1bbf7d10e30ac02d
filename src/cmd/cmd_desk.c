/* cmd_desk.c - a staff command from the command line. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "base/text.h"
#include "desk/desk.h"
#include "intake/similar_index.h"
#include "intake/upkeep.h"

#include <stdio.h>

/* A terminal may send any bytes. */
static char *
orders_from(int argc, char **argv)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char line[4096];

    if (argc == 2 && g_str_equal(argv[1], "-")) {
        while (fgets(line, sizeof line, stdin))
            g_string_append(text, line);
        return text_clean(text->str, text->len);
    }
    for (int n = 1; n < argc; n++)
        g_string_append_printf(text, "%s%s", n > 1 ? " " : "", argv[n]);
    return text_clean(text->str, text->len);
}

const struct staff *
cmd_staff(const struct config *c, const char *as, struct err *e)
{
    const struct staff *s =
        as ? config_staff_named(c, as) : g_ptr_array_index(c->staff, 0);

    if (!s)
        err_set(e, ST_REJECT, EXIT_USAGE_ERROR,
                _("\"%s\" is not one of the staff in the configuration"), as);
    return s;
}

int
cmd_print_answer(const struct desk_answer *a)
{
    g_assert(a->lines);
    for (guint n = 0; n < a->lines->len; n++) {
        const struct desk_line *l = g_ptr_array_index(a->lines, n);

        cmd_print("%s\n", l->answer);
    }
    if (a->undo)
        cmd_print(_("to take it back: %s\n"), a->undo);
    return a->done == (int)a->lines->len ? EXIT_DONE : EXIT_BAD_DATA;
}

/* One transaction: all that the line (or the lines of -) did. */
static int
obey(const struct cmd_context *c, struct intake *i, const char *by,
     const char *text)
{
    struct desk_answer a = {0};
    struct err e = ERR_INIT;
    int status;
    enum st st = reg_begin(i->reg, &e);

    if (st == ST_OK)
        st = desk_obey(i, by, text, NULL, 0, &a, &e);
    st = reg_end(i->reg, st, &e);
    if (st == ST_OK)
        st = upkeep_scrub(i, &e);
    status = st == ST_OK ? cmd_print_answer(&a) : cmd_failed(c, &e);
    desk_answer_clear(&a);
    return status;
}

int
cmd_desk(const struct cmd_context *c, int argc, char **argv)
{
    g_autofree char *as = NULL;
    const GOptionEntry entries[] = {{"as", 0, 0, G_OPTION_ARG_STRING, &as,
                                     N_("who gives the order"), N_("NAME")},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autofree char *text = NULL;
    g_autoptr(desk) k = NULL;
    const struct staff *by;
    struct err e = ERR_INIT;
    struct intake i = {0};
    struct cmd_desk d;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 1, -1, &status))
        return status;
    text = orders_from(argc, argv);
    status = cmd_open(c, REG_WRITE, &d);
    if (status == EXIT_DONE) {
        by = cmd_staff(d.office->config, as, &e);
        if (!by || desk_new(d.office, &k, &e) != ST_OK) {
            status = cmd_failed(c, &e);
        } else {
            i.office = d.office;
            i.reg = d.reg;
            i.desk = desk_hooks(k);
            status = obey(c, &i, by->name, text);
        }
    }
    g_clear_pointer(&i.similar, similar_free);
    cmd_close(&d);
    return status;
}
