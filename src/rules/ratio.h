/* ratio.h - exact fractions, for what decimals cannot hold: the part of a
 * target that was reached, a third of the points, per cents in a ranking.
 *
 * Always in lowest terms with a positive denominator.  A result that would
 * leave 64 bits saturates at +-RATIO_MAX; points and targets are far from
 * it (DECIMAL_MAX). */
#ifndef RULES_RATIO_H
#define RULES_RATIO_H

#include "base/decimal.h"

struct ratio {
    gint64 num;
    gint64 den; /* > 0 */
};

#define RATIO_ZERO ((struct ratio){0, 1})
#define RATIO_ONE ((struct ratio){1, 1})
#define RATIO_MAX (G_MAXINT64 / 2)

struct ratio ratio_make(gint64 num, gint64 den); /* den != 0 */
struct ratio ratio_of(decimal d);
struct ratio ratio_add(struct ratio a, struct ratio b);
struct ratio ratio_sub(struct ratio a, struct ratio b);
struct ratio ratio_mul(struct ratio a, struct ratio b);
struct ratio ratio_div(struct ratio a, struct ratio b); /* b != 0 */
int ratio_compare(struct ratio a, struct ratio b);      /* -1, 0, 1 */

/* Rounded half away from zero to `places` (0..6) decimal places. */
decimal ratio_round(struct ratio r, int places);

#endif
