/* when.c - see when.h. */
#include "desk/when.h"

#include "base/pattern.h"
#include "base/text.h"

#include <string.h>

static struct pattern deadline = PATTERN(
    "^(?:(?<y>[0-9]{4})[-/.年])?(?<m>[0-9]{1,2})[-/.月](?<d>[0-9]{1,2})[日号]?"
    "[ t]*(?:(?<half>上午|下午|晚上?|中午|凌晨)? *(?<h>[0-9]{1,2})[:时点]"
    "(?:(?<min>[0-9]{1,2})分?|(?<thirty>半))?(?::[0-9]{2})?)? *(?:之?前)?$");

static int
number(const struct pattern_hit *hit, const char *name)
{
    g_autofree char *text = pattern_named(hit, name);

    return *text ? (int)g_ascii_strtoll(text, NULL, 10) : -1;
}

static gboolean
valid_day(int y, int m, int d, civil_day *out)
{
    if (!g_date_valid_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y))
        return FALSE;
    *out = day_from_ymd(y, m, d);
    return TRUE;
}

gboolean
when_nearest_day(int m, int d, civil_day today, civil_day *out)
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
take_day(const struct pattern_hit *hit, civil_day today, civil_day *out)
{
    int y = number(hit, "y"), month = number(hit, "m"), d = number(hit, "d");

    if (y < 0)
        return when_nearest_day(month, d, today, out);
    return valid_day(y, month, d, out) && day_is_near(*out, today);
}

/* Minutes of the day; -1: there is no such time. */
static int
minutes(const struct pattern_hit *hit)
{
    g_autofree char *half = pattern_named(hit, "half");
    g_autofree char *thirty = pattern_named(hit, "thirty");
    int h = number(hit, "h"), min = MAX(number(hit, "min"), 0);

    if (*thirty)
        min = 30;
    if (h < 12 && (g_str_equal(half, "下午") || g_str_has_prefix(half, "晚") ||
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
    struct pattern_hit hit;
    civil_day d;
    int min;

    if (!pattern_find(&deadline, folded, 0, &hit) ||
        !take_day(&hit, clock_today(clock), &d))
        return FALSE;
    if (number(&hit, "h") < 0) {
        if (day_ends)
            *out = clock_day_start(clock, d + 1) - 1;
        return day_ends;
    }
    min = minutes(&hit);
    return min >= 0 && instant_of(clock, d, min, out);
}
