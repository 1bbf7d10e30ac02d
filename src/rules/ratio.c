/* ratio.c - see ratio.h. */
#include "rules/ratio.h"

__extension__ typedef __int128 wide;

static wide
wide_abs(wide v)
{
    return v < 0 ? -v : v;
}

/* Lowest terms, positive denominator, inside 64 bits. */
static struct ratio
reduce(wide num, wide den)
{
    wide a = wide_abs(num), b = wide_abs(den);

    while (b) {
        wide t = a % b;

        a = b;
        b = t;
    }
    if (den < 0)
        a = -a;
    num /= a;
    den /= a;
    /* far too fine a fraction: coarser, so that its size stays right */
    while (den > RATIO_MAX) {
        num /= 2;
        den /= 2;
    }
    num = CLAMP(num, -(wide)RATIO_MAX, (wide)RATIO_MAX);
    return (struct ratio){(gint64)num, (gint64)den};
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
    return reduce((wide)a.num * b.num, (wide)a.den * b.den);
}

struct ratio
ratio_div(struct ratio a, struct ratio b)
{
    g_assert(b.num != 0);
    return reduce((wide)a.num * b.den, (wide)a.den * b.num);
}

int
ratio_compare(struct ratio a, struct ratio b)
{
    wide x = (wide)a.num * b.den, y = (wide)b.num * a.den;

    return (x > y) - (x < y);
}

decimal
ratio_round(struct ratio r, int places)
{
    const wide limit = G_MAXINT64 / 2;
    wide step = 1, v = (wide)r.num * DECIMAL_ONE, divisor, half;

    for (int i = places; i < DECIMAL_PLACES; i++)
        step *= 10;
    divisor = step * r.den;
    half = divisor / 2; /* an odd divisor has no exact half */
    v = v < 0 ? -((half - v) / divisor) : (v + half) / divisor;
    v *= step;
    return (decimal)CLAMP(v, -limit, limit);
}
