/* scoring.c - see scoring.h. */
#include "intake/scoring.h"

#include "register/facts.h"

void
scoring_free(struct scoring *s)
{
    if (!s)
        return;
    g_clear_pointer(&s->score, score_free);
    g_clear_pointer(&s->facts, facts_free);
    g_clear_pointer(&s->formulas, formulas_close);
    g_clear_pointer(&s->skipped, g_ptr_array_unref);
    g_free(s);
}

enum st
scoring_new(const struct office *o, struct reg *reg, civil_day upto,
            const struct fact_mark *extra, struct scoring **out, struct err *e)
{
    g_autoptr(scoring) s = g_new0(struct scoring, 1);
    enum st st = formulas_open(&s->formulas, e);

    if (st == ST_OK)
        st = reg_facts(reg, o->pack, &o->clock, o->pack->effective, upto,
                       &s->facts, &s->skipped, e);
    if (st == ST_OK && extra)
        facts_add_mark(s->facts, extra);
    if (st == ST_OK)
        st = score_new(o->pack, s->facts, formulas_engine(s->formulas), upto,
                       &s->score, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&s);
    return st;
}
