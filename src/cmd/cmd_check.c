/* cmd_check.c - look through everything, and say how to mend it. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "desk/desk.h"
#include "intake/uncounted.h"
#include "pack/load.h"
#include "register/mark.h"
#include "rules/example.h"

#include <stdio.h>

struct count {
    int passed, failed;
};

static void
pass(struct count *n, const char *what)
{
    n->passed++;
    cmd_print("ok       %s\n", what);
}

static void
fail(struct count *n, const char *what, const char *why)
{
    n->failed++;
    cmd_print("%s   %s%s%s\n", _("NOT OK"), what, why ? ": " : "",
              why ? why : "");
}

static void
result(struct count *n, const char *what, enum st st, const struct err *e)
{
    if (st == ST_OK)
        pass(n, what);
    else
        fail(n, what, e->text);
}

/* ---- packs ---- */

static void
print_failures(const GPtrArray *outcomes)
{
    for (guint k = 0; k < outcomes->len; k++) {
        const struct example_outcome *o = g_ptr_array_index(outcomes, k);

        if (!o->passed)
            cmd_print("%s:%d:%d: %s: %s\n", o->place->file, o->place->line,
                      o->place->column, o->example->name, o->text);
    }
}

/* A pack that was read counts for one, and each expectation for one more. */
static void
run_examples(struct count *n, const struct pack *p, const char *path)
{
    g_autoptr(GPtrArray) outcomes = examples_run(p);
    int failed = (int)example_failures(outcomes);

    n->passed += 1 + (int)outcomes->len - failed;
    n->failed += failed;
    if (failed == 0) {
        cmd_print("ok       %s\n", path);
        return;
    }
    cmd_print(ngettext("NOT OK   %s: the pack is in order, but %d of the %d "
                       "things its examples expect is not so\n",
                       "NOT OK   %s: the pack is in order, but %d of the %d "
                       "things its examples expect are not so\n",
                       (gulong)failed),
              path, failed, (int)outcomes->len);
    print_failures(outcomes);
}

static void
check_pack(struct count *n, const char *path)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) packs = NULL;
    struct err e = ERR_INIT;

    if (pack_load_series(path, &packs, problems, &e) != ST_OK) {
        for (guint k = 0; k < problems->len; k++)
            cmd_print("%s\n", (const char *)g_ptr_array_index(problems, k));
        if (problems->len == 0)
            cmd_print("%s\n", e.text);
        n->failed += MAX((int)problems->len, 1);
        return;
    }
    for (guint k = 0; k < packs->len; k++) {
        const struct pack *p = packs->pdata[k];

        run_examples(n, p, packs->len > 1 ? p->file : path);
    }
}

/* ---- the office ---- */

static void
check_servers(struct count *n, struct intake *i)
{
    struct err e = ERR_INIT;
    enum st st = intake_servers(i, &e);

    if (st == ST_OK)
        st = i->mailbox->driver->open(i->mailbox, &e);
    result(n, _("mailbox"), st, &e);
    if (!i->outgoing)
        return;
    st = outgoing_check(i->outgoing, &e);
    result(n, _("outgoing server"), st, &e);
}

/* Marks that earn nothing since their item left the rules. */
static void
check_marks(struct count *n, const struct office *o, struct reg *reg)
{
    g_autoptr(GPtrArray) items = NULL;
    struct err e = ERR_INIT;

    if (uncounted_items(o, reg, &items, &e) != ST_OK) {
        fail(n, _("marks"), e.text);
        return;
    }
    if (items->len == 0)
        pass(n, _("marks: the rules of their days know them all"));
    for (guint k = 0; k < items->len; k++) {
        const struct reg_item_count *c = items->pdata[k];
        g_autofree char *since = day_format(c->first);
        g_autofree char *what =
            g_strdup_printf(ngettext("%s: %d mark since %s",
                                     "%s: %d marks since %s", (gulong)c->n),
                            c->item, (int)c->n, since);

        fail(n, what,
             _("worth nothing, the rules of that day have no such item for "
               "staff to mark; give it back, name it under \"was\" of the "
               "item that it is now, or revoke the marks"));
    }
}

static void
check_folder(struct count *n, const struct office *o)
{
    struct err e = ERR_INIT;
    enum st st = reg_folder_private(o->config->data, REG_OTHERS_ANY, &e);

    result(n, _("data folder"), st, &e);
}

/* Read only: a register that `run` has open is looked at all the same. */
static void
check_register(struct count *n, const struct office *o)
{
    g_autofree char *path =
        g_build_filename(o->config->data, "register.db", NULL);
    g_autoptr(reg_handle) reg = NULL;
    struct err e = ERR_INIT;
    enum st st;

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        pass(n, _("register (none yet; the first poll makes it)"));
        return;
    }
    st = reg_open(o->config->data, REG_READ, clock_now(&o->clock), &reg, &e);
    if (st == ST_OK)
        st = reg_verify(reg, &e);
    result(n, _("register"), st, &e);
    if (st == ST_OK)
        check_marks(n, o, reg);
}

/* Nothing is wrong; but an order that no second person hears of can be
 * hidden by whoever holds one mailbox (intake/digest.h). */
static void
advise(const struct config *c)
{
    if (c->staff->len < 2)
        cmd_print("%s   %s\n", _("ADVICE"),
                  _("staff: only one is named, so that nobody else hears of "
                    "the orders given from that mailbox; name a second"));
    if (c->ledger_at < 0)
        cmd_print("%s   %s\n", _("ADVICE"),
                  _("ledger-at: never, so that staff are not told in the "
                    "morning what was ordered; give an hour"));
}

static int
check_office(struct count *n, const struct cmd_context *c)
{
    g_autoptr(office) o = NULL;
    g_autoptr(intake) i = g_new0(struct intake, 1);
    g_autoptr(desk) d = NULL;
    struct err e = ERR_INIT;
    enum st st = office_load(c->config, c->now, &o, &e);

    result(n, _("configuration, rules, examples and letters"), st, &e);
    if (st != ST_OK)
        return (int)e.status;
    st = desk_new(o, &d, &e);
    result(n, _("words of the desk"), st, &e);
    advise(o->config);
    check_folder(n, o);
    check_register(n, o);
    i->office = o;
    check_servers(n, i);
    return EXIT_DONE;
}

int
cmd_check(const struct cmd_context *c, int argc, char **argv)
{
    gboolean rules = FALSE;
    const GOptionEntry entries[] = {{"rules", 0, 0, G_OPTION_ARG_NONE, &rules,
                                     N_("only these packs and their examples"),
                                     NULL},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    struct count n = {0, 0};
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 0, -1, &status))
        return status;
    if (rules != (argc > 1)) {
        fprintf(stderr, _("Usage: baosong %s\n"), "check [--rules PATH...]");
        return EXIT_USAGE_ERROR;
    }
    status = EXIT_DONE;
    for (int k = 1; k < argc; k++)
        check_pack(&n, argv[k]);
    if (!rules)
        status = check_office(&n, c);
    cmd_print("%d passed, %d failed\n", n.passed, n.failed);
    if (n.failed > 0 && status == EXIT_DONE)
        status = rules ? EXIT_CONFIGURATION : EXIT_BAD_DATA;
    return status;
}
