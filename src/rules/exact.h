/* exact.h - the fractions that formulas reckon with.
 *
 * Numerator and denominator are integers of 128 bits, always in lowest terms
 * with a positive denominator, neither beyond EXACT_MAX.  Nothing is ever
 * rounded but by exact_round: a result that does not fit is FALSE, and *out
 * is left as it was. */
#ifndef RULES_EXACT_H
#define RULES_EXACT_H

#include "rules/ratio.h"

struct exact {
    wide num;
    wide den; /* > 0 */
};

/* 10^37: ten times as much still fits, so that digits can be drawn off. */
#define EXACT_MAX ((wide)1000000000000000000 * (wide)10000000000000000000u)

#define EXACT_ZERO ((struct exact){0, 1})

struct exact exact_of(struct ratio r);

/* "12", "0.125": digits, at most one point, no sign.  FALSE when it has more
 * digits than fit. */
gboolean exact_parse(const char *text, gsize length, struct exact *out);

gboolean exact_add(struct exact a, struct exact b, struct exact *out);
gboolean exact_sub(struct exact a, struct exact b, struct exact *out);
gboolean exact_mul(struct exact a, struct exact b, struct exact *out);
/* b != 0 */
gboolean exact_div(struct exact a, struct exact b, struct exact *out);
int exact_compare(struct exact a, struct exact b); /* -1, 0, 1 */

/* Rounded half away from zero to `places` (0..30) decimal places. */
gboolean exact_round(struct exact a, int places, struct exact *out);

/* Towards zero. */
wide exact_whole(struct exact a);

/* Rounded half away from zero to six places; FALSE beyond DECIMAL_MAX. */
gboolean exact_decimal(struct exact a, decimal *out);

#endif
