/* progress.c - see progress.h. */
#include "intake/progress.h"

#include "intake/publish.h"
#include "intake/scoring.h"

enum st
unit_progress(struct intake *i, const struct unit *unit, gint64 instant,
              struct value **out, struct err *e)
{
    const struct office *o = i->office;
    struct calendar cal = calendar_of(o->pack);
    struct period p =
        period_at(&cal, o->pack->bulletin, clock_day(&o->clock, instant));
    g_autoptr(scoring) s = NULL;
    g_autoptr(standings) t = NULL;
    const struct standing_row *r = NULL;
    enum st st = standings_now(o, i->reg, &p, &s, &t, e);

    if (st == ST_OK && unit)
        r = standings_of_unit(t, unit);
    if (!r)
        return st;
    *out = value_map();
    value_take_text(*out, "period", period_printed(&p));
    value_set_int(*out, "submitted", r->submitted);
    value_set_int(*out, "adopted", r->adopted);
    value_take_text(*out, "points", decimal_format(r->points));
    return ST_OK;
}
