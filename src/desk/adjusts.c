/* adjusts.c - does an order change what is published?  Taken it is all the
 * same, and the answer says that the next bulletin will list it. */
#include "desk/job.h"

#include "intake/scoring.h"
#include "register/publish.h"
#include "rules/period.h"

enum st
job_adjusts_day(struct job *j, civil_day day, struct err *e)
{
    gboolean is_published = FALSE;
    enum st st = reg_published_day(j->i->reg, day, &is_published, e);

    j->adjusts = j->adjusts || is_published;
    return st;
}

static civil_day
year_start(civil_day d)
{
    int y, m, dd;

    day_to_ymd(d, &y, &m, &dd);
    return day_from_ymd(y, 1, 1);
}

/* The points of anybody in the year until that day. */
static gboolean
is_moved(const struct score *before, const struct score *after, civil_day to)
{
    civil_day from = year_start(to);

    for (int n = 0; n < score_n_credited(after); n++) {
        score_who who = score_credited(after, n);
        score_who then = score_find_who(before, score_who_name(after, who));
        decimal was = then < 0 ? 0 : score_points(before, NULL, then, from, to);

        if (was != score_points(after, NULL, who, from, to))
            return TRUE;
    }
    return FALSE;
}

enum st
job_adjusts_points(struct job *j, const struct scoring *before,
                   const struct scoring *after, struct err *e)
{
    const struct office *o = j->i->office;
    g_autoptr(reg_bulletin) last = NULL;
    enum st st =
        reg_published_before(j->i->reg, period_kind_name(o->pack->bulletin),
                             clock_today(&o->clock) + 1, &last, e);

    if (st == ST_OK && last)
        j->adjusts =
            j->adjusts || is_moved(before->score, after->score, last->to);
    return st;
}
