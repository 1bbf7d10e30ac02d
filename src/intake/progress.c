/* progress.c - see progress.h. */
#include "intake/progress.h"

#include "intake/scoring.h"
#include "register/facts.h"
#include "register/progress.h"

/* A part of what the kept numbers are based on: to be raised when the same
 * pack and facts come to be worth something else. */
#define RECKONING "2"

/* The day is a part of it: a deadline passes without anybody's doing. */
static char *
basis_of(const struct office *o)
{
    g_autofree char *today = day_format(clock_today(&o->clock));

    return g_strdup_printf("%s %s %s", RECKONING, today, o->rules_digest);
}

/* ---- reckoned anew ---- */

static enum st
keep_rows(struct intake *i, const struct score *s, const struct period *p,
          struct err *e)
{
    static const struct progress none;
    enum st st = reg_progress_put(i->reg, p, "", &none, e);

    for (int n = 0; st == ST_OK && n < score_n_credited(s); n++) {
        score_who who = score_credited(s, n);
        struct progress row;

        if (who < (int)score_pack(s)->roster->units->len &&
            progress_of(s, who, p, &row))
            st = reg_progress_put(i->reg, p, standings_key(s, who), &row, e);
    }
    return st;
}

static enum st
reckon(struct intake *i, const struct period *p, struct err *e)
{
    g_autoptr(scoring) s = NULL;
    enum st st =
        scoring_new(i->office, i->reg, scoring_day(i->office, p), NULL, &s, e);

    return st == ST_OK ? keep_rows(i, s->score, p, e) : st;
}

/* All rows of the period are here, and up to date. */
static enum st
need_period(struct intake *i, const struct period *p, struct err *e)
{
    g_autofree char *basis = basis_of(i->office);
    gboolean valid = FALSE, there = FALSE;
    struct progress none;
    enum st st = reg_progress_valid(i->reg, basis, &valid, e);

    if (st == ST_OK && !valid)
        st = reg_progress_reset(i->reg, basis, e);
    if (st == ST_OK)
        st = reg_progress_get(i->reg, p, "", &there, &none, e);
    return st == ST_OK && !there ? reckon(i, p, e) : st;
}

enum st
unit_progress(struct intake *i, const struct unit *unit, gint64 instant,
              struct value **out, struct err *e)
{
    const struct office *o = i->office;
    struct calendar cal = calendar_of(o->pack);
    struct period p =
        period_at(&cal, o->pack->bulletin, clock_day(&o->clock, instant));
    const struct pack *rules = office_pack_on(o, scoring_day(o, &p));
    const char *key = unit ? progress_key(rules, unit, &p) : NULL;
    struct progress row = {0};
    gboolean there = FALSE;
    enum st st;

    if (!key)
        return ST_OK;
    st = need_period(i, &p, e);
    if (st == ST_OK)
        st = reg_progress_get(i->reg, &p, key, &there, &row, e);
    if (st != ST_OK || !there)
        return st;
    *out = value_map();
    value_take_text(*out, "period", period_printed(&p));
    value_set_int(*out, "submitted", row.submitted);
    value_set_int(*out, "adopted", row.adopted);
    if (pack_has_points(rules))
        value_take_text(*out, "points", decimal_format(row.points));
    return ST_OK;
}

/* ---- brought along ---- */

enum st
progress_before(struct intake *i, gboolean *kept_out, struct err *e)
{
    g_autofree char *basis = basis_of(i->office);

    return reg_progress_valid(i->reg, basis, kept_out, e);
}

static enum st
add_rows(struct intake *i, const struct score *s, const struct period *p,
         struct err *e)
{
    const struct fact_submission *f = facts_submission(score_facts(s), 0);
    enum st st = ST_OK;

    for (int n = 0; st == ST_OK && n < score_n_credited(s); n++) {
        score_who who = score_credited(s, n);
        struct progress more;

        progress_brought(s, who, p, &more);
        if (more.submitted || more.adopted || more.points)
            st = reg_progress_add(i->reg, f->day, standings_key(s, who), &more,
                                  e);
    }
    return st == ST_OK ? reg_progress_follow(i->reg, e) : st;
}

/* One pack reckons the whole of its period. */
static gboolean
is_of_one_pack(const struct office *o, const struct pack *rules,
               const struct period *p)
{
    return office_pack_on(o, p->from) == rules &&
           office_pack_on(o, p->to) == rules;
}

enum st
progress_after(struct intake *i, gint64 submission, struct err *e)
{
    g_autoptr(facts) f = NULL;
    g_autoptr(score) s = NULL;
    const struct office *o = i->office;
    const struct pack *rules = o->pack;
    struct calendar cal = calendar_of(rules);
    struct period p;
    enum st st = reg_facts_of(i->reg, rules, &o->clock, submission, &f, e);

    if (st != ST_OK || f->submissions->len != 1)
        return st;
    p = period_at(&cal, rules->bulletin, facts_submission(f, 0)->day);
    if (!is_of_one_pack(o, rules, &p))
        return ST_OK;
    st = score_new(rules, f, scoring_day(o, &p), &s, e);
    return st == ST_OK && progress_adds_up(s) ? add_rows(i, s, &p, e) : st;
}

enum st
progress_unchanged(struct intake *i, struct err *e)
{
    return reg_progress_follow(i->reg, e);
}
