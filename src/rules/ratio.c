/* ratio.c - see ratio.h. */
#include "rules/ratio.h"

/* Most numbers are small, and dividing 64 bits is several times as fast. */
static gboolean
is_narrow(wide a)
{
    return a <= RATIO_MAX && a >= -RATIO_MAX;
}

static guint64
narrow_gcd(guint64 a, guint64 b)
{
    while (b) {
        guint64 rest = a % b;

        a = b;
        b = rest;
    }
    return a ? a : 1;
}

wide
wide_gcd(wide a, wide b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    if (is_narrow(a) && is_narrow(b))
        return (wide)narrow_gcd((guint64)a, (guint64)b);
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
    wide common = den == 1 ? 1 : wide_gcd(num, den);

    if (den < 0)
        common = -common;
    if (common != 1 && is_narrow(num) && is_narrow(den))
        return (struct ratio){(gint64)num / (gint64)common,
                              (gint64)den / (gint64)common};
    num /= common;
    den /= common;
    if (!is_narrow(num) || !is_narrow(den))
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
    if (r.den == 1)
        return (decimal)CLAMP(v, -limit, limit);
    for (int i = places; i < DECIMAL_PLACES; i++)
        step *= 10;
    divisor = step * r.den;
    half = divisor / 2; /* an odd divisor has no exact half */
    if (is_narrow(v) && is_narrow(divisor)) {
        gint64 n = (gint64)v, d = (gint64)divisor, h = (gint64)half;

        v = n < 0 ? -((h - n) / d) : (n + h) / d;
    } else {
        v = v < 0 ? -((half - v) / divisor) : (v + half) / divisor;
    }
    v *= step;
    return (decimal)CLAMP(v, -limit, limit);
}
