/* cmd_status.c - `status`, `backup` and `preview`. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "report/json.h"
#include "intake/commissions.h"
#include "intake/due.h"
#include "intake/incidents.h"
#include "intake/login.h"
#include "register/outbox.h"
#include "register/status.h"

#include <string.h>

/* ---- status ---- */

struct seen {
    struct reg_status status;
    struct reg_totals totals;
    struct due next;
    struct login_refusals refused; /* by the outgoing server */
    GString *incidents;   /* numbers of the open ones, spaces between */
    GString *commissions; /* of those that some unit owes */
};

static void
seen_clear(struct seen *s)
{
    reg_status_clear(&s->status);
    due_clear(&s->next);
    login_refusals_clear(&s->refused);
    g_string_free(s->incidents, TRUE);
    g_string_free(s->commissions, TRUE);
}

static void
add_number(GString *numbers, const char *number)
{
    g_string_append_printf(numbers, "%s%s", numbers->len ? " " : "", number);
}

static enum st
look_at_open(struct cmd_desk *d, struct seen *s, struct err *e)
{
    g_autoptr(GPtrArray) incidents = NULL, commissions = NULL;
    enum st st = incidents_open(d->office, d->reg, &incidents, e);

    if (st == ST_OK)
        st = commissions_owed(d->office, d->reg, &commissions, e);
    for (guint n = 0; st == ST_OK && n < incidents->len; n++)
        add_number(s->incidents,
                   ((const struct reg_incident *)incidents->pdata[n])->number);
    for (guint n = 0; st == ST_OK && n < commissions->len; n++)
        add_number(
            s->commissions,
            ((const struct reg_commission *)commissions->pdata[n])->number);
    return st;
}

static enum st
look_at(struct cmd_desk *d, struct seen *s, struct err *e)
{
    enum st st = reg_status_get(d->reg, &s->status, e);

    if (st == ST_OK)
        st = reg_totals(d->reg, &s->totals, e);
    if (st == ST_OK)
        st = due_next(d->office, d->reg, &s->next, e);
    if (st == ST_OK)
        st = login_refusals_get(d->office, d->reg, LOGIN_OUTGOING, &s->refused,
                                e);
    return st == ST_OK ? look_at_open(d, s, e) : st;
}

static void
status_json(const struct clock *clock, const struct seen *s)
{
    g_autoptr(JsonBuilder) b = json_builder_new();

    json_builder_begin_object(b);
    json_time(b, "last_success", clock, s->status.last_success);
    json_time(b, "last_try", clock, s->status.last_try);
    json_int(b, "failures", s->status.failures);
    json_time(b, "failing_since", clock, s->status.failing_since);
    json_text(b, "last_error", s->status.last_error);
    json_int(b, "submissions", s->totals.submissions);
    json_int(b, "held", s->totals.held);
    json_int(b, "quarantined", s->totals.quarantined);
    json_time(b, "oldest_held", clock, s->totals.oldest_held);
    json_int(b, "outbox_pending", s->totals.outbox_pending);
    json_int(b, "outbox_failed", s->totals.outbox_failed);
    json_int(b, "outgoing_refused", s->refused.count);
    json_time(b, "outgoing_rests_until", clock, s->refused.until);
    json_text(b, "outgoing_error", s->refused.said);
    json_words(b, "open_incidents", s->incidents->str);
    json_words(b, "owed_commissions", s->commissions->str);
    json_text(b, "next_due", s->next.what);
    json_time(b, "next_due_at", clock, s->next.at);
    json_builder_end_object(b);
    cmd_print_json(json_builder_get_root(b));
}

/* The words of a key of due work (agenda.h) that a reader does not know; its
 * numbers and periods stay as they are. */
static const char *
due_word(const char *word)
{
    static const struct {
        const char *key, *said;
    } words[] = {
        {"bulletin-draft", N_("draft of the bulletin")},
        {"ledger", N_("morning ledger")},
        {"remind", N_("reminder of")},
        {"quota", N_("units behind their quota in")},
        {"incident", N_("urgent report")},
        {"before", N_("(about to be late)")},
        {"after", N_("(late)")},
    };

    for (size_t n = 0; n < G_N_ELEMENTS(words); n++)
        if (strcmp(word, words[n].key) == 0)
            return _(words[n].said);
    return word;
}

static char *
due_said(const char *key)
{
    g_auto(GStrv) words = g_strsplit(key, " ", -1);
    g_autoptr(GString) said = g_string_new(NULL);

    for (char **word = words; *word; word++)
        g_string_append_printf(said, "%s%s", said->len ? " " : "",
                               due_word(*word));
    return g_string_free(g_steal_pointer(&said), FALSE);
}

static void
print_named(const char *name, const char *said)
{
    cmd_print(_("%s: %s\n"), name, said);
}

static void
print_count(const char *name, int count)
{
    g_autofree char *said = g_strdup_printf("%d", count);

    print_named(name, said);
}

static void
print_refused(const struct clock *clock, const struct login_refusals *r)
{
    g_autofree char *last = clock_format(clock, r->last);
    g_autofree char *until = clock_format(clock, r->until);

    if (r->count == 0)
        return;
    cmd_print(_("no letter goes out: login refused %d times, last at %s: "
                "%s\n"),
              r->count, last, r->said);
    if (r->until)
        cmd_print(_("the outgoing server is left alone until %s\n"), until);
}

static void
status_text(const struct clock *clock, const struct seen *s)
{
    g_autofree char *success = s->status.last_success
                                   ? clock_format(clock, s->status.last_success)
                                   : g_strdup(_("never"));
    g_autofree char *at = clock_format(clock, s->next.at);

    print_named(_("last successful poll"), success);
    if (s->status.failures > 0) {
        g_autofree char *since = clock_format(clock, s->status.failing_since);

        cmd_print(_("could not look: %d times since %s: %s\n"),
                  s->status.failures, since,
                  s->status.last_error ? s->status.last_error : "");
    }
    print_count(_("submissions"), s->totals.submissions);
    print_count(_("held"), s->totals.held);
    print_count(_("quarantined"), s->totals.quarantined);
    if (s->incidents->len > 0)
        print_named(_("open incidents"), s->incidents->str);
    if (s->commissions->len > 0)
        print_named(_("commissions still owed"), s->commissions->str);
    cmd_print(_("outbox: %d to send, %d failed\n"), s->totals.outbox_pending,
              s->totals.outbox_failed);
    print_refused(clock, &s->refused);
    if (s->next.what) {
        g_autofree char *said = due_said(s->next.what);

        cmd_print(_("next due: %s at %s\n"), said, at);
    }
}

static int
show(const struct cmd_context *c, struct cmd_desk *d, char **args,
     gboolean json)
{
    struct seen s = {.incidents = g_string_new(NULL),
                     .commissions = g_string_new(NULL)};
    struct err e = ERR_INIT;
    enum st st = look_at(d, &s, &e);

    (void)args;
    if (st == ST_OK && json)
        status_json(&d->office->clock, &s);
    else if (st == ST_OK)
        status_text(&d->office->clock, &s);
    seen_clear(&s);
    return st == ST_OK ? EXIT_DONE : cmd_failed(c, &e);
}

int
cmd_status(const struct cmd_context *c, int argc, char **argv)
{
    return cmd_view(c, argc, argv, 0, 0, show);
}

/* ---- backup ---- */

int
cmd_backup(const struct cmd_context *c, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    struct err e = ERR_INIT;
    struct cmd_desk d;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 1, 1, &status))
        return status;
    status = cmd_open(c, REG_READ, &d);
    if (status == EXIT_DONE && reg_backup(d.reg, argv[1], &e) != ST_OK)
        status = cmd_failed(c, &e);
    cmd_close(&d);
    return status;
}

/* ---- preview ---- */

static void
print_names(void)
{
    for (int n = 0; n < LETTER_COUNT; n++)
        cmd_print("  %s\n", letter_name((enum letter)n));
}

int
cmd_preview(const struct cmd_context *c, int argc, char **argv)
{
    gboolean html = FALSE;
    const GOptionEntry entries[] = {
        {"html", 0, 0, G_OPTION_ARG_NONE, &html, N_("the HTML part"), NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(office) o = NULL;
    struct letter_text t = {0};
    struct err e = ERR_INIT;
    enum letter letter;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 1, 1, &status))
        return status;
    if (!letter_parse(argv[1], &letter)) {
        err_set(&e, ST_REJECT, EXIT_USAGE_ERROR,
                _("there is no template \"%s\"; there are:"), argv[1]);
        status = cmd_failed(c, &e);
        print_names();
        return status;
    }
    if (office_load(c->config, c->now, &o, &e) != ST_OK ||
        catalogue_write(o->letters, letter,
                        catalogue_sample(o->letters, letter), &t, &e) != ST_OK)
        return cmd_failed(c, &e);
    if (html && t.html)
        cmd_print("%s\n", t.html);
    else
        cmd_print("Subject: %s\n\n%s", t.subject, t.text);
    letter_text_clear(&t);
    return EXIT_DONE;
}
