/* exact.c - see exact.h. */
#include "rules/exact.h"

/* Lowest terms; FALSE when it is beyond what is held.  den > 0. */
static gboolean
settle(wide num, wide den, struct exact *out)
{
    wide common = wide_gcd(num, den);

    num /= common;
    den /= common;
    if (num > EXACT_MAX || num < -EXACT_MAX || den > EXACT_MAX)
        return FALSE;
    *out = (struct exact){num, den};
    return TRUE;
}

struct exact
exact_of(struct ratio r)
{
    return (struct exact){r.num, r.den};
}

gboolean
exact_parse(const char *text, gsize length, struct exact *out)
{
    wide num = 0, den = 1;
    gboolean behind_point = FALSE;

    for (gsize i = 0; i < length; i++) {
        if (text[i] == '.') {
            behind_point = TRUE;
            continue;
        }
        num = num * 10 + (text[i] - '0');
        den *= behind_point ? 10 : 1;
        if (num > EXACT_MAX || den > EXACT_MAX)
            return FALSE;
    }
    return settle(num, den, out);
}

/* Over the least common denominator. */
gboolean
exact_add(struct exact a, struct exact b, struct exact *out)
{
    wide common = wide_gcd(a.den, b.den);
    wide left, right, sum, den;

    if (__builtin_mul_overflow(a.num, b.den / common, &left) ||
        __builtin_mul_overflow(b.num, a.den / common, &right) ||
        __builtin_add_overflow(left, right, &sum) ||
        __builtin_mul_overflow(a.den / common, b.den, &den))
        return FALSE;
    return settle(sum, den, out);
}

gboolean
exact_sub(struct exact a, struct exact b, struct exact *out)
{
    b.num = -b.num;
    return exact_add(a, b, out);
}

/* Crosswise in lowest terms first, so that nothing is refused on the way to
 * a result that fits. */
gboolean
exact_mul(struct exact a, struct exact b, struct exact *out)
{
    wide first = wide_gcd(a.num, b.den), second = wide_gcd(b.num, a.den);
    wide num, den;

    if (__builtin_mul_overflow(a.num / first, b.num / second, &num) ||
        __builtin_mul_overflow(a.den / second, b.den / first, &den))
        return FALSE;
    return settle(num, den, out);
}

gboolean
exact_div(struct exact a, struct exact b, struct exact *out)
{
    struct exact turned = {b.den, b.num};

    g_assert(b.num != 0);
    if (b.num < 0)
        turned = (struct exact){-b.den, -b.num};
    return exact_mul(a, turned, out);
}

/* The largest integer that is not larger; the rest is 0 <= rest < den. */
static wide
floor_of(struct exact a, wide *rest_out)
{
    wide whole = a.num / a.den, rest = a.num % a.den;

    if (rest < 0) {
        whole--;
        rest += a.den;
    }
    *rest_out = rest;
    return whole;
}

/* By whole parts, then by the rests turned over: as Euclid would, without a
 * product that may not fit. */
int
exact_compare(struct exact a, struct exact b)
{
    int sign = 1;

    for (;; sign = -sign) {
        wide rest_a, rest_b;
        wide x = floor_of(a, &rest_a), y = floor_of(b, &rest_b);

        if (x != y)
            return x < y ? -sign : sign;
        if (rest_a == 0 || rest_b == 0)
            return rest_a == rest_b ? 0 : (rest_a == 0 ? -sign : sign);
        a = (struct exact){a.den, rest_a};
        b = (struct exact){b.den, rest_b};
    }
}

/* Digit by digit: a rest is smaller than EXACT_MAX, so ten of it fit. */
gboolean
exact_round(struct exact a, int places, struct exact *out)
{
    wide size = a.num < 0 ? -a.num : a.num;
    wide digits = size / a.den, rest = size % a.den, scale = 1;

    for (int i = 0; i < places; i++) {
        rest *= 10;
        if (__builtin_mul_overflow(digits, 10, &digits) ||
            __builtin_add_overflow(digits, rest / a.den, &digits))
            return FALSE;
        rest %= a.den;
        scale *= 10;
    }
    digits += rest >= a.den - rest;
    return settle(a.num < 0 ? -digits : digits, scale, out);
}

wide
exact_whole(struct exact a)
{
    return a.num / a.den;
}

gboolean
exact_decimal(struct exact a, decimal *out)
{
    struct exact r;
    wide v;

    if (!exact_round(a, DECIMAL_PLACES, &r))
        return FALSE;
    v = r.num / r.den;
    if (v > DECIMAL_MAX / DECIMAL_ONE || v < -DECIMAL_MAX / DECIMAL_ONE)
        return FALSE;
    v = r.num * (DECIMAL_ONE / r.den);
    if (v > DECIMAL_MAX || v < -DECIMAL_MAX)
        return FALSE;
    *out = (decimal)v;
    return TRUE;
}
