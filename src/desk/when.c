/* when.c - see when.h. */
#include "desk/when.h"

#include "base/text.h"

#include <string.h>

static const char pattern[] =
    "^(?:(?<y>[0-9]{4})[-/.年])?(?<m>[0-9]{1,2})[-/.月](?<d>[0-9]{1,2})[日号]?"
    "[ t]*(?:(?<half>上午|下午|晚上?|中午|凌晨)? *(?<h>[0-9]{1,2})[:时点]"
    "(?:(?<min>[0-9]{1,2})分?|(?<thirty>半))?(?::[0-9]{2})?)? *(?:之?前)?$";

static int
number(const GMatchInfo *m, const char *name)
{
    g_autofree char *text = g_match_info_fetch_named(m, name);

    return text && *text ? (int)g_ascii_strtoll(text, NULL, 10) : -1;
}

static gboolean
valid_day(int y, int m, int d, civil_day *out)
{
    if (!g_date_valid_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y))
        return FALSE;
    *out = day_from_ymd(y, m, d);
    return TRUE;
}

/* A deadline written in December is in January, an event told in January
 * was in December. */
static gboolean
nearest_day(int m, int d, civil_day today, civil_day *out)
{
    gboolean found = FALSE;
    int year, month, day;
    civil_day best = 0;

    day_to_ymd(today, &year, &month, &day);
    for (int y = year - 1; y <= year + 1; y++) {
        civil_day c;

        if (!valid_day(y, m, d, &c))
            continue;
        if (!found || ABS(c - today) < ABS(best - today))
            best = c;
        found = TRUE;
    }
    if (found)
        *out = best;
    return found;
}

static gboolean
take_day(const GMatchInfo *m, civil_day today, civil_day *out)
{
    int y = number(m, "y"), month = number(m, "m"), d = number(m, "d");

    if (y < 0)
        return nearest_day(month, d, today, out);
    return valid_day(y, month, d, out) && day_is_near(*out, today);
}

/* Minutes of the day; -1: there is no such time. */
static int
minutes(const GMatchInfo *m)
{
    g_autofree char *half = g_match_info_fetch_named(m, "half");
    g_autofree char *thirty = g_match_info_fetch_named(m, "thirty");
    int h = number(m, "h"), min = MAX(number(m, "min"), 0);

    if (thirty && *thirty)
        min = 30;
    if (half && h < 12 &&
        (g_str_equal(half, "下午") || g_str_has_prefix(half, "晚") ||
         (g_str_equal(half, "中午") && h < 11)))
        h += 12;
    if (min > 59 || h > 24 || (h == 24 && min > 0))
        return -1;
    return h * 60 + min;
}

/* By the office's zone, whatever its clocks do on that day. */
static gboolean
instant_of(const struct clock *clock, civil_day d, int min, gint64 *out)
{
    g_autofree char *day = day_format(d + min / (24 * 60));
    g_autofree char *text =
        g_strdup_printf("%s %02d:%02d", day, min / 60 % 24, min % 60);

    return clock_parse(clock, text, out);
}

gboolean
when_parse(const char *text, const struct clock *clock, gboolean day_ends,
           gint64 *out)
{
    g_autofree char *folded = text_fold(text);
    g_autoptr(GRegex) re = g_regex_new(pattern, 0, 0, NULL);
    g_autoptr(GMatchInfo) m = NULL;
    civil_day d;
    int min;

    if (!g_regex_match(re, folded, 0, &m) ||
        !take_day(m, clock_today(clock), &d))
        return FALSE;
    if (number(m, "h") < 0) {
        if (day_ends)
            *out = clock_day_start(clock, d + 1) - 1;
        return day_ends;
    }
    min = minutes(m);
    return min >= 0 && instant_of(clock, d, min, out);
}
