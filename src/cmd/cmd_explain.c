/* cmd_explain.c - `explain`: a score for whoever has only the regulation in
 * hand.  Under which rules; every line with clause, fact, date, who and why;
 * totals; what was adjusted of earlier periods; what stands beside it without
 * points; tasks and ranks; the choices of the office that the lines rest on. */
#include "cmd/reckoning.h"

#include "base/i18n.h"
#include "intake/publish.h"
#include "register/publish.h"
#include "report/scores_json.h"
#include "rules/explain.h"
#include "rules/match.h"

#include <string.h>

enum { PLACES = 2 };

/* ---- under which rules ---- */

static void
print_pack(const struct pack *p)
{
    g_autofree char *since = day_format(p->effective);
    g_autofree char *title =
        p->document ? g_strdup_printf(_("%s (%s)"), p->title, p->document)
                    : g_strdup(p->title);

    cmd_print(_("under: %s, %s version %d, since %s\n"), title, p->id,
              p->version, since);
}

/* The earlier pack first; one that is followed before `from` is left out. */
static void
print_packs(const struct pack *p, civil_day from)
{
    if (p->before && p->effective > from)
        print_packs(p->before, from);
    print_pack(p);
}

static void
print_head(const struct reckoning *r, const char *name)
{
    g_autofree char *period = period_printed(&r->period);
    g_autofree char *from = day_format(r->period.from);
    g_autofree char *to = day_format(r->period.to);

    cmd_print("%s  %s (%s..%s)\n", name, period, from, to);
    print_packs(r->d.office->pack, r->period.from);
}

/* ---- lines ---- */

/* Points and each other currency add up by themselves. */
static decimal
total_of(const GPtrArray *lines, const char *currency)
{
    decimal sum = 0;

    for (guint n = 0; n < lines->len; n++) {
        const struct explained *x = lines->pdata[n];

        if (g_strcmp0(x->currency, currency) == 0)
            sum += x->line->points;
    }
    return sum;
}

static void
print_total(const char *what, decimal sum, const char *currency)
{
    g_autofree char *total = decimal_format(sum);

    cmd_print("%-10s %8s%s\n", what, total, currency ? currency : "");
}

/* The item as it was called then; what it is called in the rules of the
 * period's end stands beside it. */
static char *
item_text(const struct explained *x)
{
    if (strcmp(x->item, x->then) == 0)
        return g_strdup(x->item);
    return g_strdup_printf(_("%s (now %s)"), x->then, x->item);
}

static void
print_also(const char *text)
{
    if (text && *text)
        cmd_print("  %s", text);
}

/* All that follows the points: item, clause, who gets it (NULL: said above),
 * fact, who recorded it and what he noted, and why. */
static void
print_rest(const struct explained *x, const char *who)
{
    g_autofree char *text = item_text(x);
    g_autofree char *item = cmd_pad(text, 18);

    cmd_print("  %s", item);
    print_also(x->clause);
    print_also(who);
    print_also(x->about);
    print_also(x->by);
    print_also(x->note);
    print_also(x->reason);
    cmd_print("\n");
}

static void
print_line(const struct reckoning *r, const struct explained *x,
           gboolean of_unit)
{
    g_autofree char *day = day_format(x->day);
    g_autofree char *points = decimal_format(x->line->points);

    cmd_print("%s %8s%s", day, points, x->currency ? x->currency : "");
    print_rest(x, of_unit ? NULL : reckoning_name(r, x->line->who));
}

static void
print_lines(const struct reckoning *r, const GPtrArray *lines, gboolean of_unit)
{
    g_autoptr(GHashTable) others = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint n = 0; n < lines->len; n++)
        print_line(r, lines->pdata[n], of_unit);
    print_total(_("total"), total_of(lines, NULL), NULL);
    for (guint n = 0; n < lines->len; n++) {
        const char *currency =
            ((const struct explained *)lines->pdata[n])->currency;

        if (currency && g_hash_table_add(others, (gpointer)currency))
            print_total(_("total"), total_of(lines, currency), currency);
    }
}

/* ---- adjustments of earlier periods ---- */

static void
print_adjustment(const struct standing_adjustment *a)
{
    g_autofree char *day = day_format(a->day);
    g_autofree char *points = decimal_format(a->points);
    g_autofree char *was = decimal_format(a->published);
    g_autofree char *now = decimal_format(a->now);
    g_autofree char *item = cmd_pad(a->item, 18);

    cmd_print("%s %8s%s  %s", day, points, a->currency ? a->currency : "",
              item);
    print_also(a->clause);
    print_also(a->number);
    print_also(a->by);
    print_also(a->note);
    cmd_print(a->of_year ? _("  published %s, now %s, over that whole year\n")
                         : _("  published %s, now %s\n"),
              was, now);
}

static void
print_adjustments(const struct standing_row *row)
{
    if (!row || row->adjustments->len == 0)
        return;
    cmd_print("\n%s\n", _("adjustments: what changed of earlier periods since "
                          "the last published bulletin"));
    for (guint n = 0; n < row->adjustments->len; n++)
        print_adjustment(row->adjustments->pdata[n]);
    print_total(_("with these"), row->points + row->adjustment, NULL);
}

/* ---- what was published ---- */

/* Points of the period's own days, as its bulletin gave them. */
static decimal
published_points(const struct reckoning *r, const struct published *known,
                 score_who who)
{
    decimal sum = 0;

    for (guint n = 0; n < known->lines->len; n++) {
        const struct published_line *l = known->lines->pdata[n];

        if (!l->currency && l->day >= r->period.from &&
            l->day <= r->period.to &&
            score_find_who(r->s->score, l->who) == who)
            sum += l->points;
    }
    return sum;
}

/* The lines are what is known now: where the bulletin of the period gave
 * another number, it is said. */
static enum st
print_published(const struct reckoning *r, const struct standing_row *row,
                score_who who, struct err *e)
{
    g_autofree char *name = period_name(&r->period);
    g_autofree char *points = NULL;
    g_autoptr(reg_bulletin) b = NULL;
    g_autoptr(published) known = NULL;
    enum st st =
        reg_published(r->d.reg, publish_series(&r->period), name, &b, e);
    decimal was;

    if (st != ST_OK || !b || !row)
        return st;
    st = scores_json_published(b->scores, &known, e);
    if (st != ST_OK)
        return st;
    was = published_points(r, known, who);
    points = decimal_format(was);
    if (was != row->points)
        cmd_print(_("published as %s; what has changed since is an adjustment "
                    "of a later bulletin\n"),
                  points);
    return ST_OK;
}

/* ---- beside the points ---- */

static void
print_pointless(const struct reckoning *r, score_who who)
{
    g_autoptr(GPtrArray) marks =
        explain_pointless(r->s->score, who, r->period.from, r->period.to);

    if (marks->len > 0)
        cmd_print("\n%s\n", _("without points"));
    for (guint n = 0; n < marks->len; n++) {
        const struct explained *x = marks->pdata[n];
        g_autofree char *day = day_format(x->day);

        cmd_print("%s         ", day);
        print_rest(x, NULL);
    }
}

static void
print_unknown(const struct reckoning *r, score_who who)
{
    g_autoptr(GPtrArray) marks =
        explain_unknown(r->s->score, who, r->period.from, r->period.to);

    if (marks->len > 0)
        cmd_print("\n%s\n",
                  _("recorded, but worth nothing: the rules of that day have "
                    "no such item for staff to mark"));
    for (guint n = 0; n < marks->len; n++) {
        const struct explained *x = marks->pdata[n];
        g_autofree char *day = day_format(x->day);

        cmd_print("%s        0", day);
        print_rest(x, NULL);
    }
}

static void
print_task(const struct standing_target *t)
{
    g_autofree char *period = period_printed(&t->period);
    g_autofree char *goal = decimal_format(t->goal->number);
    g_autofree char *actual =
        t->blank ? g_strdup("-")
                 : decimal_format(ratio_round(t->actual, PLACES));
    const char *outcome = !t->judged ? _("not judged yet")
                          : t->met   ? _("met")
                                     : _("not met");

    cmd_print("  %s  %s  ", t->measure->name, period);
    cmd_print(t->goal->at_most ? _("%s of at most %s") : _("%s of at least %s"),
              actual, goal);
    cmd_print("  %s", outcome);
    print_also(t->measure->clause);
    cmd_print("\n");
}

static void
print_tasks(const struct standing_row *row)
{
    if (!row || row->targets->len == 0)
        return;
    cmd_print("\n%s\n", _("tasks"));
    for (guint n = 0; n < row->targets->len; n++)
        print_task(&g_array_index(row->targets, struct standing_target, n));
}

/* Where somebody stands in one table of the pack. */
static void
print_rank(const struct reckoning *r, const struct standing_table *table,
           const struct rank_row *row)
{
    g_autofree char *points = decimal_format(ratio_round(row->value, PLACES));

    cmd_print(_("  %s  rank %d  %s %s"), table->ranking->name, row->rank,
              pack_measure(r->d.office->pack, table->ranking->by)->name,
              points);
    print_also(row->award);
    print_also(row->vetoed ? _("no award this year") : NULL);
    print_also(table->ranking->clause);
    cmd_print("\n");
}

static void
print_ranks(const struct reckoning *r, score_who who)
{
    gboolean any = FALSE;

    for (guint n = 0; n < r->t->tables->len; n++) {
        const struct standing_table *table =
            &g_array_index(r->t->tables, struct standing_table, n);

        for (guint k = 0; k < table->rows->len; k++) {
            const struct rank_row *row =
                &g_array_index(table->rows, struct rank_row, k);

            if (row->who != who)
                continue;
            if (!any)
                cmd_print("\n%s\n", _("rankings"));
            print_rank(r, table, row);
            any = TRUE;
        }
    }
}

/* Those of the tasks, each once, behind those of the lines. */
static void
add_choices_of_tasks(const struct standing_row *row, GPtrArray *out)
{
    const struct pack_measure *last = NULL;

    for (guint n = 0; row && n < row->targets->len; n++) {
        const struct pack_measure *m =
            g_array_index(row->targets, struct standing_target, n).measure;

        if (m != last && m->choice)
            g_ptr_array_add(out,
                            g_strdup_printf(_("%s: %s"), m->name, m->choice));
        last = m;
    }
}

static void
print_choices(const struct reckoning *r, const GPtrArray *lines,
              const struct standing_row *row)
{
    g_autoptr(GPtrArray) choices = explain_choices(r->s->score, lines);
    const struct pack *p = r->d.office->pack;

    add_choices_of_tasks(row, choices);
    if (choices->len > 0)
        cmd_print(_("\nwhere the regulation is silent, decided by %s\n"),
                  p->choices_by);
    for (guint n = 0; n < choices->len; n++)
        cmd_print("  %s\n", (const char *)choices->pdata[n]);
}

/* ---- the command ---- */

static enum st
explain_who(const struct reckoning *r, score_who who, struct err *e)
{
    const struct standing_row *row = standings_of(r->t, who);
    g_autoptr(GPtrArray) lines =
        explain(r->s->score, who, r->period.from, r->period.to);
    enum st st = ST_OK;

    print_head(r, reckoning_name(r, who));
    if (pack_has_points(r->d.office->pack)) {
        print_lines(r, lines, TRUE);
        st = print_published(r, row, who, e);
    }
    print_adjustments(row);
    print_pointless(r, who);
    print_unknown(r, who);
    print_tasks(row);
    print_ranks(r, who);
    print_choices(r, lines, row);
    return st;
}

static void
explain_number(const struct reckoning *r, const char *number, int submission)
{
    g_autoptr(GPtrArray) lines = explain_submission(
        r->s->score, submission, r->period.from, r->period.to);

    print_head(r, number);
    print_lines(r, lines, FALSE);
    print_choices(r, lines, NULL);
}

/* `u` NULL: nobody of the roster is called anything like it. */
static int
no_such(const struct cmd_context *c, const char *what, const struct unit *u)
{
    struct err e = ERR_INIT;

    if (u)
        err_set(&e, ST_REJECT, EXIT_BAD_DATA,
                _("\"%s\" is neither a unit of the roster nor the number of a "
                  "submission; did you mean %s?"),
                what, u->name);
    else
        err_set(&e, ST_REJECT, EXIT_BAD_DATA,
                _("\"%s\" is neither a unit of the roster nor the number of a "
                  "submission"),
                what);
    return cmd_failed(c, &e);
}

/* A unit by any of its names, as in an order; or one that has left the
 * roster, or an author, by the name that the register knows. */
static score_who
find_who(const struct reckoning *r, const char *name)
{
    const struct office *o = r->d.office;
    struct unit *u = NULL;

    return match_unit(o->matcher, name, &u) == MATCH_ONE
               ? roster_credit(o->pack->roster, u, r->period.from)
               : score_find_who(r->s->score, name);
}

static int
explain_named(const struct cmd_context *c, const struct reckoning *r,
              const char *name)
{
    int submission = facts_find_submission(r->s->facts, name);
    score_who who = submission >= 0 ? -1 : find_who(r, name);
    struct err e = ERR_INIT;

    if (submission >= 0) {
        explain_number(r, name, submission);
    } else if (who >= 0) {
        if (explain_who(r, who, &e) != ST_OK)
            return cmd_failed(c, &e);
    } else {
        g_autoptr(GPtrArray) near = match_near(r->d.office->matcher, name, 1);

        return no_such(c, name, near->len > 0 ? near->pdata[0] : NULL);
    }
    return EXIT_DONE;
}

int
cmd_explain(const struct cmd_context *c, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    struct reckoning r;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 2, 2, &status))
        return status;
    status = reckoning_make(c, argv[2], &r);
    if (status == EXIT_DONE)
        status = explain_named(c, &r, argv[1]);
    reckoning_clear(&r);
    return status;
}
