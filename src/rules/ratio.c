/* ratio.c - see ratio.h. */
#include "rules/ratio.h"

wide
wide_gcd(wide a, wide b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b) {
        wide rest = a % b;

        a = b;
        b = rest;
    }
    return a ? a : 1;
}

/* Lowest terms, positive denominator, inside 64 bits; den != 0. */
static struct ratio
reduce(wide num, wide den)
{
    wide common = wide_gcd(num, den);

    if (den < 0)
        common = -common;
    num /= common;
    den /= common;
    if (num > RATIO_MAX || num < -RATIO_MAX || den > RATIO_MAX)
        return RATIO_BEYOND;
    return (struct ratio){(gint64)num, (gint64)den};
}

gboolean
ratio_is_beyond(struct ratio r)
{
    return r.den == 0;
}

static gboolean
either_is_beyond(struct ratio a, struct ratio b)
{
    return a.den == 0 || b.den == 0;
}

struct ratio
ratio_make(gint64 num, gint64 den)
{
    g_assert(den != 0);
    return reduce(num, den);
}

struct ratio
ratio_of(decimal d)
{
    return reduce(d, DECIMAL_ONE);
}

struct ratio
ratio_add(struct ratio a, struct ratio b)
{
    if (either_is_beyond(a, b))
        return RATIO_BEYOND;
    if (a.den == b.den)
        return reduce((wide)a.num + b.num, a.den);
    /* |num| and den stay below 2^62, so that the sum fits in 128 bits */
    return reduce((wide)a.num * b.den + (wide)b.num * a.den,
                  (wide)a.den * b.den);
}

struct ratio
ratio_sub(struct ratio a, struct ratio b)
{
    return ratio_add(a, (struct ratio){-b.num, b.den});
}

struct ratio
ratio_mul(struct ratio a, struct ratio b)
{
    if (either_is_beyond(a, b))
        return RATIO_BEYOND;
    return reduce((wide)a.num * b.num, (wide)a.den * b.den);
}

struct ratio
ratio_div(struct ratio a, struct ratio b)
{
    g_assert(b.num != 0);
    if (either_is_beyond(a, b))
        return RATIO_BEYOND;
    return reduce((wide)a.num * b.den, (wide)a.den * b.num);
}

int
ratio_compare(struct ratio a, struct ratio b)
{
    wide x = (wide)a.num * b.den, y = (wide)b.num * a.den;

    if (either_is_beyond(a, b))
        return (a.den == 0) - (b.den == 0);
    return (x > y) - (x < y);
}

decimal
ratio_round(struct ratio r, int places)
{
    const wide limit = G_MAXINT64 / 2;
    wide step = 1, v = (wide)r.num * DECIMAL_ONE, divisor, half;

    if (ratio_is_beyond(r))
        return (decimal)limit;
    for (int i = places; i < DECIMAL_PLACES; i++)
        step *= 10;
    divisor = step * r.den;
    half = divisor / 2; /* an odd divisor has no exact half */
    v = v < 0 ? -((half - v) / divisor) : (v + half) / divisor;
    v *= step;
    return (decimal)CLAMP(v, -limit, limit);
}
