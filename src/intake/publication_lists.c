/* publication_lists.c - what a bulletin lists: adoptions, deductions,
 * adjustments, commissions, and the choices made. */
#include "intake/publication_fill.h"

#include "intake/letters.h"
#include "report/bulletin_words.h"
#include "register/commission.h"

#include <string.h>

/* ---- adoptions ---- */

/* An adoption and what it counts for at the period's end. */
struct adopted {
    const struct pack_item *item;
    int submission;
    civil_day day;
    decimal worth;
};

static char *
units_of(const struct filling *f, const struct fact_submission *s)
{
    const char *separator = phrases_get(f->words, "line.separator");
    GString *names = g_string_new(NULL);

    for (int n = 0; n < s->n_units; n++)
        g_string_append_printf(names, "%s%s", n ? separator : "",
                               roster_unit(f->pack->roster, s->units[n])->name);
    return g_string_free(names, FALSE);
}

static gboolean
is_listed(const struct filling *f, const struct pack_item *item, int submission,
          civil_day day)
{
    return submission >= 0 && day >= f->t->period.from &&
           day <= f->t->period.to && pack_is_adoption(f->pack, item);
}

static struct adopted *
adopted_of(GPtrArray *all, GHashTable *by_mark, const struct score_mark *m)
{
    struct adopted *a = g_hash_table_lookup(by_mark, m);

    if (a)
        return a;
    a = g_new0(struct adopted, 1);
    a->item = m->item;
    a->submission = m->submission;
    a->day = m->day;
    g_hash_table_insert(by_mark, (gpointer)m, a);
    g_ptr_array_add(all, a);
    return a;
}

/* What it is worth to somebody: of equal parts and shares the sum is shown,
 * of a submission that counts in full for each, once. */
static void
add_worth(const struct filling *f, struct adopted *a, decimal worth)
{
    if (f->pack->joint == JOINT_FULL)
        a->worth = MAX(a->worth, worth);
    else
        a->worth += worth;
}

static void
collect_credited(struct filling *f, score_who who, GPtrArray *all,
                 GHashTable *by_mark)
{
    civil_day from = f->t->period.from, to = f->t->period.to;
    g_autoptr(GPtrArray) marks = score_marks(f->score, who, from, to, to);
    g_autoptr(GPtrArray) lines = score_lines(f->score, who, from, to);
    g_autoptr(GHashTable) last = g_hash_table_new(NULL, NULL);

    for (guint n = 0; n < lines->len; n++) {
        const struct score_line *l = g_ptr_array_index(lines, n);

        g_hash_table_replace(last, (gpointer)l->mark, (gpointer)l);
    }
    for (guint n = 0; n < marks->len; n++) {
        const struct score_mark *m = g_ptr_array_index(marks, n);
        const struct score_line *l = g_hash_table_lookup(last, m);

        if (!is_listed(f, m->item, m->submission, m->day))
            continue;
        add_worth(f, adopted_of(all, by_mark, m), l ? l->worth : 0);
    }
}

static gboolean
is_credited(const struct filling *f, const struct fact_submission *s)
{
    for (int n = 0; n < s->n_units; n++) {
        const struct unit *u = roster_unit(f->pack->roster, s->units[n]);

        if (standings_of(f->t, u->credit_to))
            return TRUE;
    }
    return s->n_authors > 0 && f->pack->credit == CREDIT_AUTHORS;
}

/* Those of the office itself, which no row of the standings has. */
static void
collect_uncredited(struct filling *f, GPtrArray *all)
{
    for (guint n = 0; n < f->facts->marks->len; n++) {
        const struct fact_mark *m = facts_mark(f->facts, (int)n);
        const struct pack_item *item = pack_find_item(f->pack, m->item);
        struct adopted *a;

        if (!item || !is_listed(f, item, m->submission, m->day) ||
            is_credited(f, facts_submission(f->facts, m->submission)))
            continue;
        a = g_new0(struct adopted, 1);
        a->item = item;
        a->submission = m->submission;
        a->day = m->day;
        g_ptr_array_add(all, a);
    }
}

/* By level as the pack has them, then by day and number. */
static int
compare_adopted(gconstpointer x, gconstpointer y)
{
    const struct adopted *a = *(const struct adopted *const *)x;
    const struct adopted *b = *(const struct adopted *const *)y;

    if (a->item != b->item)
        return a->item->index < b->item->index ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return (a->submission > b->submission) - (a->submission < b->submission);
}

static void
fill_adoption(struct filling *f, const struct adopted *x)
{
    const struct fact_submission *s = facts_submission(f->facts, x->submission);
    const char *group = fill_group(f->pack, x->item);
    const char *label = pack_item_on(x->item, x->day)->label;
    const char *title = fill_title(s);
    const char *withheld = phrases_get(f->words, "line.withheld");
    g_autofree char *units = units_of(f, s);
    struct bulletin_adoption a = {.number = s->number,
                                  .title = title ? title : withheld,
                                  .units = units,
                                  .item = label,
                                  .group = group ? group : label,
                                  .date = x->day,
                                  .points = x->worth};

    bulletin_add_adoption(f->b, &a);
}

void
fill_adoptions(struct filling *f)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) by_mark = g_hash_table_new(NULL, NULL);

    for (guint n = 0; n < f->t->rows->len; n++) {
        const struct standing_row *r = g_ptr_array_index(f->t->rows, n);

        if (fill_is_shown(f, r))
            collect_credited(f, r->who, all, by_mark);
    }
    collect_uncredited(f, all);
    g_ptr_array_sort(all, compare_adopted);
    for (guint n = 0; n < all->len; n++)
        fill_adoption(f, all->pdata[n]);
}

/* ---- deductions ---- */

static const char *
remark_of(const struct score_mark *m)
{
    return m->fact ? m->fact->note : NULL;
}

static void
fill_deduction(struct filling *f, const struct score_line *line, decimal net)
{
    const struct score_mark *m = line->mark;
    const struct pack_item *then = pack_item_on(m->item, m->day);
    struct bulletin_deduction d = {.unit = fill_who_name(f, line->who),
                                   .item = then->label,
                                   .points = net,
                                   .date = line->day,
                                   .about = mark_number(f->facts, m),
                                   .clause = then->clause,
                                   .remark = remark_of(m)};

    bulletin_add_deduction(f->b, &d);
}

/* A mark that costs points, once: with what it cost in this period, which is
 * more than nothing when an earlier one was taken back. */
static void
fill_deductions_of(struct filling *f, score_who who)
{
    g_autoptr(GPtrArray) lines =
        score_lines(f->score, who, f->t->period.from, f->t->period.to);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

    for (guint n = 0; n < lines->len; n++) {
        const struct score_line *line = g_ptr_array_index(lines, n);
        decimal net = 0;
        gboolean costs = FALSE;

        if (!g_hash_table_add(seen, (gpointer)line->mark))
            continue;
        for (guint k = n; k < lines->len; k++) {
            const struct score_line *l = g_ptr_array_index(lines, k);

            if (l->mark != line->mark)
                continue;
            net += l->points;
            costs |= l->value < 0 || l->worth < 0 ||
                     (l->why == WHY_GONE && l->points > 0);
        }
        if (costs && net != 0)
            fill_deduction(f, line, net);
    }
}

void
fill_deductions(struct filling *f)
{
    for (guint n = 0; n < f->t->rows->len; n++) {
        const struct standing_row *r = g_ptr_array_index(f->t->rows, n);

        if (fill_is_shown(f, r))
            fill_deductions_of(f, r->who);
    }
}

/* ---- adjustments ---- */

/* A thing that was not published was recorded afterwards, or comes from
 * elsewhere; what is there no more was revoked, or went elsewhere. */
static char *
adjustment_reason(const struct filling *f, const struct standing_adjustment *a)
{
    g_autoptr(value) v = value_map();
    const char *key = a->of_year          ? "reason.year"
                      : a->published == 0 ? "reason.added"
                      : a->now == 0       ? "reason.withdrawn"
                                          : "reason.changed";

    value_set_text(v, "name", a->by ? a->by : "");
    value_set_text(v, "note", a->note ? a->note : "");
    value_take_text(v, "points", decimal_format(a->published));
    value_take_text(v, "value", decimal_format(a->now));
    return phrase(f->b, f->words, key, v);
}

void
fill_adjustments(struct filling *f)
{
    for (guint n = 0; n < f->t->rows->len; n++) {
        const struct standing_row *r = g_ptr_array_index(f->t->rows, n);

        for (guint k = 0; fill_is_shown(f, r) && k < r->adjustments->len; k++) {
            const struct standing_adjustment *a =
                g_ptr_array_index(r->adjustments, k);
            g_autofree char *reason = adjustment_reason(f, a);
            struct bulletin_adjustment row = {.unit = fill_who_name(f, r->who),
                                              .item = a->label,
                                              .points = a->points,
                                              .date = a->day,
                                              .about = a->number,
                                              .reason = reason,
                                              .currency = a->currency};

            bulletin_add_adjustment(f->b, &row);
        }
    }
}

/* ---- commissions ---- */

static enum commission_outcome
outcome_of(const struct reg_commission *c, const struct reg_commissioned *u,
           gint64 now)
{
    if (u->waived)
        return COMMISSION_WAIVED;
    if (u->answered)
        return u->answered <= c->due ? COMMISSION_ANSWERED : COMMISSION_LATE;
    return c->due < now ? COMMISSION_MISSED : COMMISSION_OPEN;
}

static void
fill_commission(struct filling *f, const struct reg_commission *c)
{
    const struct clock *clock = &f->o->clock;
    g_autofree char *due = letter_time(clock, c->due);

    for (guint n = 0; n < c->units->len; n++) {
        const struct reg_commissioned *u = g_ptr_array_index(c->units, n);
        g_autofree char *answered =
            u->answered ? letter_time(clock, u->answered) : NULL;
        struct bulletin_commission row = {
            .number = c->number,
            .title = c->title,
            .level = c->level,
            .due = due,
            .unit = office_unit_name(u->unit, (void *)f->o),
            .outcome = outcome_of(c, u, clock_now(clock)),
            .answered = answered,
            .answer = u->answer,
            .remark = u->waived_note};

        bulletin_add_commission(f->b, &row);
    }
}

enum st
fill_commissions(struct filling *f, struct reg *reg, struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    enum st st = reg_commissions(reg, &f->o->clock, f->t->period.from,
                                 f->t->period.to, &all, e);

    for (guint n = 0; st == ST_OK && n < all->len; n++)
        fill_commission(f, g_ptr_array_index(all, n));
    return st;
}

/* ---- notes: what was decided where the regulation is silent ---- */

static void
fill_note(struct filling *f, const char *clause, const char *name,
          const char *text)
{
    const struct bulletin_note n = {clause, name, text};

    if (text)
        bulletin_add_note(f->b, &n);
}

/* What the packs before said while they were in force in this period. */
static void
fill_earlier_rules(struct filling *f)
{
    for (const struct pack *p = f->pack;
         p->before && p->effective > f->t->period.from; p = p->before) {
        const struct bulletin_rules r = {p->before->title, p->before->document,
                                         p->effective - 1};

        bulletin_add_earlier(f->b, &r);
    }
}

/* A rule that is over is told of while the period has days of its time. */
static gboolean
is_over(const struct filling *f, gboolean retired)
{
    return retired && f->pack->effective <= f->t->period.from;
}

void
fill_notes(struct filling *f)
{
    const struct pack *p = f->pack;

    fill_earlier_rules(f);
    fill_note(f, NULL, NULL, p->note);
    fill_note(f, NULL, NULL, p->roster_note);
    for (guint n = 0; n < p->groups->len; n++) {
        const struct pack_group *g = pack_group(p, (int)n);

        if (!is_over(f, g->retired))
            fill_note(f, g->clause, g->name, g->choice);
    }
    for (guint n = 0; n < p->items->len; n++) {
        const struct pack_item *i = pack_item(p, (int)n);

        if (!is_over(f, i->retired))
            fill_note(f, i->clause, i->name, i->choice);
    }
    for (guint n = 0; n < p->measures->len; n++) {
        const struct pack_measure *m = pack_measure(p, (int)n);

        fill_note(f, m->clause, m->name, m->choice);
    }
    for (guint n = 0; n < p->rankings->len; n++) {
        const struct pack_ranking *r = g_ptr_array_index(p->rankings, n);

        fill_note(f, r->clause, r->name, r->choice);
    }
}
