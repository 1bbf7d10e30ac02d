/* decimal.c - see decimal.h. */
#include "base/decimal.h"

__extension__ typedef __int128 wide;

gboolean
decimal_parse(const char *text, decimal *out)
{
    const char *p = text;
    gboolean minus = *p == '-';
    decimal whole = 0, part = 0, unit = DECIMAL_ONE;

    if (*p == '-' || *p == '+')
        p++;
    if (!g_ascii_isdigit(*p))
        return FALSE;
    for (; g_ascii_isdigit(*p); p++) {
        whole = whole * 10 + (*p - '0');
        if (whole > DECIMAL_MAX / DECIMAL_ONE)
            return FALSE;
    }
    if (*p == '.') {
        if (!g_ascii_isdigit(*++p))
            return FALSE;
        for (; g_ascii_isdigit(*p); p++) {
            unit /= 10;
            if (unit == 0 && *p != '0')
                return FALSE;
            part += unit * (*p - '0');
        }
    }
    if (*p)
        return FALSE;
    whole = whole * DECIMAL_ONE + part;
    *out = minus ? -whole : whole;
    return TRUE;
}

char *
decimal_format(decimal d)
{
    guint64 abs = d < 0 ? (guint64)0 - (guint64)d : (guint64)d;
    char digits[8];
    size_t n = DECIMAL_PLACES;

    g_snprintf(digits, sizeof digits, "%06u", (unsigned)(abs % 1000000));
    while (n > 0 && digits[n - 1] == '0')
        digits[--n] = '\0';
    return g_strdup_printf("%s%" G_GUINT64_FORMAT "%s%s", d < 0 ? "-" : "",
                           abs / 1000000, n ? "." : "", digits);
}

decimal
decimal_scale(decimal d, gint64 num, gint64 den, int places)
{
    const wide limit = G_MAXINT64 / 2;
    wide step = 1, v = d, divisor, half;

    v *= num;
    for (int i = places; i < DECIMAL_PLACES; i++)
        step *= 10;
    divisor = step * MAX(den, 1);
    half = divisor / 2; /* an odd divisor has no exact half */
    v = v < 0 ? -((half - v) / divisor) : (v + half) / divisor;
    v *= step;
    return (decimal)CLAMP(v, -limit, limit);
}
