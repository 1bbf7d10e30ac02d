/* when.h - an instant as people write it in an order.  Pure. */
#ifndef DESK_WHEN_H
#define DESK_WHEN_H

#include "base/day.h"

/* "2019-03-10 17:00", "2019年3月10日17时30分", "3月10日下午5点前", half- or
 * full-width.  Without a year it is the date nearest to today; with one it
 * must be near (day_is_near()).  A date alone is its last second (a deadline)
 * with day_ends, and else not understood: FALSE, *out untouched. */
gboolean when_parse(const char *text, const struct clock *clock,
                    gboolean day_ends, gint64 *out);

/* The nearest to today of a month's day: a deadline written in December is in
 * January, an event told in January was in December.  FALSE: no year has
 * it. */
gboolean when_nearest_day(int month, int day, civil_day today, civil_day *out);

#endif
