/* cmd_scores.c - `scores`, `explain` and `bulletin`: what a period is worth. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "cmd/json.h"
#include "intake/publication.h"
#include "intake/scoring.h"
#include "rules/explain.h"

#include <stdio.h>
#include <string.h>

struct reckoning {
    struct cmd_desk d;
    struct period period;
    struct scoring *s;
    struct standings *t;
};

static void
reckoning_clear(struct reckoning *r)
{
    g_clear_pointer(&r->t, standings_free);
    g_clear_pointer(&r->s, scoring_free);
    cmd_close(&r->d);
}

static int
reckon(const struct cmd_context *c, const char *text, struct reckoning *r)
{
    struct err e = ERR_INIT;
    int status;
    enum st st;

    memset(r, 0, sizeof *r);
    status = cmd_open(c, REG_READ, &r->d);
    if (status == EXIT_DONE)
        status = cmd_period(c, r->d.office, text, &r->period);
    if (status != EXIT_DONE)
        return status;
    st = scoring_new(r->d.office, r->d.reg, r->period.to, NULL, &r->s, &e);
    if (st == ST_OK)
        st = standings_new(r->s->score, &r->period, &r->t, &e);
    if (st != ST_OK)
        return cmd_failed(c, &e);
    for (guint n = 0; r->s->skipped && n < r->s->skipped->len; n++)
        fprintf(stderr, "baosong %s: %s\n", c->name,
                (const char *)g_ptr_array_index(r->s->skipped, n));
    return EXIT_DONE;
}

static const struct unit *
unit_of(const struct reckoning *r, score_who who)
{
    const struct pack *p = r->d.office->pack;

    return who < (int)p->roster->units->len ? roster_unit(p->roster, who)
                                            : NULL;
}

static const char *
name_of(const struct reckoning *r, score_who who)
{
    const struct unit *u = unit_of(r, who);

    return u ? u->name : score_who_name(r->s->score, who);
}

static const char *
class_of(const struct reckoning *r, int index)
{
    return index < 0 ? NULL
                     : roster_class(r->d.office->pack->roster, index)->name;
}

/* ---- scores ---- */

static void
json_counts(JsonBuilder *b, const struct reckoning *r,
            const struct standing_row *row)
{
    const struct pack *p = r->d.office->pack;

    json_builder_set_member_name(b, "counts");
    json_builder_begin_object(b);
    for (guint n = 0; n < p->items->len; n++)
        if (row->counts[n] % DECIMAL_ONE == 0 && row->counts[n] != 0)
            json_int(b, pack_item(p, (int)n)->name,
                     row->counts[n] / DECIMAL_ONE);
        else if (row->counts[n] != 0)
            json_decimal(b, pack_item(p, (int)n)->name, row->counts[n]);
    json_builder_end_object(b);
}

static void
json_targets(JsonBuilder *b, const struct reckoning *r,
             const struct standing_row *row)
{
    json_builder_set_member_name(b, "targets");
    json_builder_begin_array(b);
    for (guint n = 0; n < row->targets->len; n++) {
        const struct standing_target *t =
            &g_array_index(row->targets, struct standing_target, n);
        g_autofree char *period = period_name(&t->period);

        json_builder_begin_object(b);
        json_text(b, "metric", t->measure->name);
        json_text(b, "period", period);
        json_decimal(b, "target", t->goal->number);
        if (t->blank)
            json_text(b, "actual", NULL);
        else
            json_decimal(b, "actual",
                         ratio_round(t->actual, r->d.office->pack->decimals));
        if (t->judged)
            json_truth(b, "met", t->met);
        else
            json_text(b, "met", NULL);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void
json_lines(JsonBuilder *b, const struct reckoning *r, score_who who)
{
    g_autoptr(GPtrArray) lines =
        explain(r->s->score, who, r->period.from, r->period.to);

    json_builder_set_member_name(b, "lines");
    json_builder_begin_array(b);
    for (guint n = 0; n < lines->len; n++) {
        const struct explained *x = g_ptr_array_index(lines, n);
        const struct score_mark *m = x->line->mark;
        const struct fact_submission *s =
            m->submission >= 0 ? facts_submission(r->s->facts, m->submission)
                               : NULL;

        json_builder_begin_object(b);
        json_text(b, "item", x->item);
        json_text(b, "label", x->label);
        json_text(b, "clause", x->clause);
        json_decimal(b, "points", x->line->points);
        json_day(b, "date", x->line->day);
        json_text(b, "number", s ? s->number : NULL);
        json_text(b, "title", s ? s->title : NULL);
        json_text(b, "by", x->by);
        json_text(b, "reason", x->reason);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void
json_unit(JsonBuilder *b, const struct reckoning *r,
          const struct standing_row *row)
{
    const struct unit *u = unit_of(r, row->who);

    json_builder_begin_object(b);
    json_text(b, "unit", u ? u->short_name : name_of(r, row->who));
    json_text(b, "name", name_of(r, row->who));
    json_text(b, "class", class_of(r, row->class_index));
    json_int(b, "submitted", row->submitted);
    json_int(b, "adopted", row->adopted);
    json_counts(b, r, row);
    json_decimal(b, "points", row->points);
    json_decimal(b, "adjustment", row->adjustment);
    json_decimal(b, "points_to_date", row->to_date);
    json_builder_set_member_name(b, "rank");
    if (row->rank)
        json_builder_add_int_value(b, row->rank);
    else
        json_builder_add_null_value(b);
    if (row->award)
        json_text(b, "award", row->award);
    json_targets(b, r, row);
    json_lines(b, r, row->who);
    json_builder_end_object(b);
}

static void
scores_json(const struct reckoning *r)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    g_autofree char *name = period_name(&r->period);

    json_builder_begin_object(b);
    json_text(b, "office", r->d.office->config->office);
    json_text(b, "period", name);
    json_day(b, "from", r->period.from);
    json_day(b, "to", r->period.to);
    json_int(b, "received", r->t->received);
    json_int(b, "adopted", r->t->adopted);
    json_builder_set_member_name(b, "units");
    json_builder_begin_array(b);
    for (guint n = 0; n < r->t->rows->len; n++)
        json_unit(b, r, g_ptr_array_index(r->t->rows, n));
    json_builder_end_array(b);
    json_builder_end_object(b);
    cmd_print_json(json_builder_get_root(b));
}

static void
scores_text(const struct reckoning *r)
{
    int last = -2;

    for (guint n = 0; n < r->t->rows->len; n++) {
        const struct standing_row *row = g_ptr_array_index(r->t->rows, n);
        g_autofree char *name = cmd_pad(name_of(r, row->who), 26);
        g_autofree char *points = decimal_format(row->points);
        g_autofree char *to_date = decimal_format(row->to_date);
        g_autofree char *rank =
            row->rank ? g_strdup_printf("%d", row->rank) : g_strdup("-");

        if (row->class_index != last && row->class_index >= 0)
            cmd_print("%s%s\n", n ? "\n" : "", class_of(r, row->class_index));
        last = row->class_index;
        cmd_print("%4s  %s %3d %3d %9s %9s\n", rank, name, row->submitted,
                  row->adopted, points, to_date);
    }
}

int
cmd_scores(const struct cmd_context *c, int argc, char **argv)
{
    gboolean json = FALSE, recompute = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("as JSON"), NULL},
        {"recompute", 0, 0, G_OPTION_ARG_NONE, &recompute,
         N_("a published period as now known"), NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    struct reckoning r;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 1, 1, &status))
        return status;
    status = reckon(c, argv[1], &r);
    if (status == EXIT_DONE && json)
        scores_json(&r);
    else if (status == EXIT_DONE)
        scores_text(&r);
    reckoning_clear(&r);
    return status;
}

/* ---- explain ---- */

static void
print_explained(const GPtrArray *lines)
{
    decimal sum = 0;
    g_autofree char *total = NULL;

    for (guint n = 0; n < lines->len; n++) {
        const struct explained *x = g_ptr_array_index(lines, n);
        g_autofree char *day = day_format(x->line->day);
        g_autofree char *points = decimal_format(x->line->points);
        g_autofree char *item = cmd_pad(x->item, 18);

        sum += x->line->points;
        cmd_print("%s %8s  %s %s", day, points, item, x->clause);
        cmd_print("%s%s", x->about ? "  " : "", x->about ? x->about : "");
        cmd_print("%s%s", x->by ? "  " : "", x->by ? x->by : "");
        cmd_print("%s%s\n", x->reason ? "  " : "", x->reason ? x->reason : "");
    }
    total = decimal_format(sum);
    cmd_print("%-10s %8s\n", _("total"), total);
}

static int
no_such(const struct cmd_context *c, const char *what)
{
    struct err e = ERR_INIT;

    err_set(&e, ST_REJECT, EXIT_BAD_DATA,
            _("\"%s\" is neither a unit of the roster nor the number of a "
              "submission"),
            what);
    return cmd_failed(c, &e);
}

int
cmd_explain(const struct cmd_context *c, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GPtrArray) lines = NULL;
    struct reckoning r;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 2, 2, &status))
        return status;
    status = reckon(c, argv[2], &r);
    if (status == EXIT_DONE) {
        int submission = facts_find_submission(r.s->facts, argv[1]);
        const struct unit *u = roster_find(r.d.office->pack->roster, argv[1]);
        score_who who = u ? u->credit_to : score_find_who(r.s->score, argv[1]);

        if (submission >= 0)
            lines = explain_submission(r.s->score, submission, r.period.from,
                                       r.period.to);
        else if (who >= 0)
            lines = explain(r.s->score, who, r.period.from, r.period.to);
        if (lines)
            print_explained(lines);
        else
            status = no_such(c, argv[1]);
    }
    reckoning_clear(&r);
    return status;
}

/* ---- bulletin ---- */

int
cmd_bulletin(const struct cmd_context *c, int argc, char **argv)
{
    g_autofree char *output = NULL;
    const GOptionEntry entries[] = {{"output", 'o', 0, G_OPTION_ARG_FILENAME,
                                     &output, N_("the workbook to write"),
                                     "FILE.xlsx"},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    struct err e = ERR_INIT;
    struct reckoning r;
    int status;

    if (!cmd_options(c, entries, &argc, &argv, 1, 1, &status))
        return status;
    status = reckon(c, argv[1], &r);
    if (status == EXIT_DONE && !output)
        output = g_strdup_printf("bulletin-%s.xlsx", argv[1]);
    if (status == EXIT_DONE &&
        publication_write(r.d.office, r.d.reg, r.t, output, &e) != ST_OK)
        status = cmd_failed(c, &e);
    if (status == EXIT_DONE)
        cmd_print("%s\n", output);
    reckoning_clear(&r);
    return status;
}
