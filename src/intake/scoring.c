/* scoring.c - see scoring.h. */
#include "intake/scoring.h"

#include "register/facts.h"

civil_day
scoring_day(const struct office *o, const struct period *p)
{
    return MIN(p->to, clock_today(&o->clock));
}

void
scoring_free(struct scoring *s)
{
    if (!s)
        return;
    g_clear_pointer(&s->score, score_free);
    g_clear_pointer(&s->facts, facts_free);
    g_clear_pointer(&s->skipped, g_ptr_array_unref);
    g_free(s);
}

/* The facts are the register's; their units, categories and items are one
 * pack's. */
static enum st
facts_under(const struct office *o, struct reg *reg, const struct pack *p,
            civil_day upto, struct facts **out, GPtrArray **skipped_out,
            struct err *e)
{
    const struct pack *first = o->packs->pdata[0];

    return reg_facts(reg, p, &o->clock, first->effective, upto, out,
                     skipped_out, e);
}

/* A mark in the indices of one pack's facts, for those of another. */
static struct fact_mark
mark_under(const struct scoring *s, const struct pack *last,
           const struct fact_mark *extra, const struct pack *p,
           const struct facts *there)
{
    struct fact_mark m = *extra;

    if (m.submission >= 0)
        m.submission = facts_find_submission(
            there, facts_submission(s->facts, m.submission)->number);
    if (m.unit >= 0) {
        const struct unit *u = roster_find(
            p->roster, roster_unit(last->roster, m.unit)->short_name);

        m.unit = u ? u->index : -1;
    }
    return m;
}

/* What the packs before the last one make of it, each while it was in force;
 * NULL when there are none.  The score borrows the facts. */
static enum st
score_before(const struct office *o, struct reg *reg, const struct scoring *s,
             const struct pack *last, civil_day upto,
             const struct fact_mark *extra, struct score **out,
             struct facts **facts_out, struct err *e)
{
    g_autoptr(score) so_far = NULL;
    g_autoptr(facts) so_far_facts = NULL;

    for (guint n = 0; o->packs->pdata[n] != last; n++) {
        const struct pack *p = o->packs->pdata[n];
        const struct pack *next = o->packs->pdata[n + 1];
        g_autoptr(score) before = g_steal_pointer(&so_far);
        g_autoptr(facts) f = NULL;
        enum st st = facts_under(o, reg, p, upto, &f, NULL, e);

        if (st == ST_OK && extra) {
            struct fact_mark m = mark_under(s, last, extra, p, f);

            facts_add_mark(f, &m);
        }
        if (st == ST_OK)
            st = score_new_after(before, p, f, next->effective - 1, &so_far, e);
        if (st != ST_OK)
            return st;
        facts_free(so_far_facts);
        so_far_facts = g_steal_pointer(&f);
    }
    *facts_out = g_steal_pointer(&so_far_facts);
    *out = g_steal_pointer(&so_far);
    return ST_OK;
}

static void
add_published_people(const struct pack *p, const struct published *before,
                     struct facts *f)
{
    for (guint n = 0;
         before && p->credit == CREDIT_AUTHORS && n < before->lines->len; n++) {
        const struct published_line *l = before->lines->pdata[n];
        const struct unit *u = l->of ? roster_find(p->roster, l->of) : NULL;

        facts_add_person(f, l->who, u ? u->index : -1);
    }
}

static enum st
score_all(const struct office *o, struct reg *reg, civil_day upto,
          const struct fact_mark *extra, const struct published *known,
          struct scoring **out, struct err *e)
{
    g_autoptr(scoring) s = g_new0(struct scoring, 1);
    g_autoptr(score) before = NULL;
    g_autoptr(facts) of_before = NULL;
    const struct pack *p = office_pack_on(o, upto);
    enum st st = facts_under(o, reg, p, upto, &s->facts, &s->skipped, e);

    if (st == ST_OK)
        st = score_before(o, reg, s, p, upto, extra, &before, &of_before, e);
    if (st == ST_OK && extra)
        facts_add_mark(s->facts, extra);
    if (st == ST_OK)
        add_published_people(p, known, s->facts);
    if (st == ST_OK)
        st = score_new_after(before, p, s->facts, upto, &s->score, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&s);
    return st;
}

enum st
scoring_new(const struct office *o, struct reg *reg, civil_day upto,
            const struct fact_mark *extra, struct scoring **out, struct err *e)
{
    return score_all(o, reg, upto, extra, NULL, out, e);
}

enum st
scoring_new_since(const struct office *o, struct reg *reg, civil_day upto,
                  const struct published *before, struct scoring **out,
                  struct err *e)
{
    return score_all(o, reg, upto, NULL, before, out, e);
}
