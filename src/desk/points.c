/* points.c - what an order does to the points: whose, before and after. */
#include "desk/job.h"

#include "intake/scoring.h"

enum st
job_score(struct job *j, struct scoring **out, struct err *e)
{
    return scoring_new(j->i->office, j->i->reg,
                       clock_today(&j->i->office->clock), NULL, out, e);
}

static int
year_of(civil_day d)
{
    int y, m, dd;

    day_to_ymd(d, &y, &m, &dd);
    return y;
}

/* Of the running year, or (`year` is said then) of one that is over. */
static void
changes_of(const struct job *j, const struct scoring *before,
           const struct scoring *after, int year, struct value *changes)
{
    const struct roster *units = j->i->office->pack->roster;
    civil_day upto = score_upto(after->score);
    civil_day from = day_from_ymd(year, 1, 1);
    civil_day to = MIN(upto, day_from_ymd(year + 1, 1, 1) - 1);

    for (int n = 0; n < score_n_credited(after->score); n++) {
        score_who who = score_credited(after->score, n);
        score_who then =
            score_find_who(before->score, score_who_name(after->score, who));
        decimal was =
            then < 0 ? 0 : score_points(before->score, NULL, then, from, to);
        decimal is = score_points(after->score, NULL, who, from, to);
        struct value *change;

        if (was == is)
            continue;
        change = job_fact("unit", who < (int)units->units->len
                                      ? roster_unit(units, who)->name
                                      : score_who_name(after->score, who));
        if (year != year_of(upto))
            value_set_int(change, "year", year);
        value_take_text(change, "before", decimal_format(was));
        value_take_text(change, "after", decimal_format(is));
        value_append(changes, change);
    }
}

/* A fact of December that is recorded in January changes the year before. */
void
job_changes(struct job *j, const struct scoring *before,
            const struct scoring *after, struct value *v)
{
    const struct pack *first = j->i->office->packs->pdata[0];
    struct value *changes = value_list();

    for (int y = year_of(score_upto(after->score));
         y >= year_of(first->effective); y--)
        changes_of(j, before, after, y, changes);
    value_set(v, "changes", changes);
}

enum st
job_run_scored(struct job *j, verb_fn run, struct err *e)
{
    g_autoptr(scoring) before = NULL, after = NULL;
    struct value *changes;
    enum st st = job_score(j, &before, e);

    if (st == ST_OK)
        st = run(j, e);
    if (st != ST_OK || !j->line->done)
        return st;
    st = job_score(j, &after, e);
    if (st != ST_OK)
        return st;
    changes = value_map();
    job_changes(j, before, after, changes);
    job_sentence(j, "points-changed", changes);
    return job_adjusts_points(j, before, after, e);
}
