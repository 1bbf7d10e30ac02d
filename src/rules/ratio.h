/* ratio.h - exact fractions, for what decimals cannot hold: the part of a
 * target that was reached, a third of the points, per cents in a ranking.
 *
 * Always in lowest terms with a positive denominator.  Nothing is rounded on
 * the way: a result that would leave 64 bits is *beyond*, and so is whatever
 * is made of it; who uses it asks ratio_is_beyond() and refuses. */
#ifndef RULES_RATIO_H
#define RULES_RATIO_H

#include "base/decimal.h"

__extension__ typedef __int128 wide;

struct ratio {
    gint64 num;
    gint64 den; /* > 0; 0: beyond */
};

#define RATIO_ZERO ((struct ratio){0, 1})
#define RATIO_ONE ((struct ratio){1, 1})
#define RATIO_BEYOND ((struct ratio){1, 0})
#define RATIO_MAX (G_MAXINT64 / 2)

struct ratio ratio_make(gint64 num, gint64 den); /* den != 0 */
struct ratio ratio_of(decimal d);
struct ratio ratio_add(struct ratio a, struct ratio b);
struct ratio ratio_sub(struct ratio a, struct ratio b);
struct ratio ratio_mul(struct ratio a, struct ratio b);
struct ratio ratio_div(struct ratio a, struct ratio b); /* b != 0 */
gboolean ratio_is_beyond(struct ratio r);

/* -1, 0, 1; what is beyond is larger than anything. */
int ratio_compare(struct ratio a, struct ratio b);

/* Rounded half away from zero to `places` (0..6) decimal places; saturates
 * at +-G_MAXINT64 / 2. */
decimal ratio_round(struct ratio r, int places);

/* The greatest common divisor, at least 1. */
wide wide_gcd(wide a, wide b);

#endif
