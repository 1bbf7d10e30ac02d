/* day.c - see day.h. */
#include "base/day.h"

#include <string.h>
#include <time.h>

enum { NEAR_DAYS = 3653 };

/* Howard Hinnant's days_from_civil and its inverse: exact for every year. */
civil_day
day_from_ymd(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + doe - 719468;
}

void
day_to_ymd(civil_day d, int *year_out, int *month_out, int *day_out)
{
    int z = d + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int month = mp < 10 ? mp + 3 : mp - 9;

    *year_out = yoe + era * 400 + (month <= 2);
    *month_out = month;
    *day_out = doy - (153 * mp + 2) / 5 + 1;
}

int
day_weekday(civil_day d)
{
    int w = (d + 3) % 7; /* 1970-01-01 was a Thursday */

    return (w < 0 ? w + 7 : w) + 1;
}

static gboolean
digits(const char *p, int n, int *out)
{
    int v = 0;

    for (int i = 0; i < n; i++) {
        if (!g_ascii_isdigit(p[i]))
            return FALSE;
        v = v * 10 + (p[i] - '0');
    }
    *out = v;
    return TRUE;
}

gboolean
day_parse(const char *text, civil_day *out)
{
    int y, m, d;

    if (!text || strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return FALSE;
    if (!digits(text, 4, &y) || !digits(text + 5, 2, &m) ||
        !digits(text + 8, 2, &d))
        return FALSE;
    if (y < 1 || !g_date_valid_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y))
        return FALSE;
    *out = day_from_ymd(y, m, d);
    return TRUE;
}

gboolean
day_is_near(civil_day d, civil_day today)
{
    return ABS(d - today) <= NEAR_DAYS;
}

char *
day_format(civil_day d)
{
    int y, m, dd;

    day_to_ymd(d, &y, &m, &dd);
    return g_strdup_printf("%04d-%02d-%02d", y, m, dd);
}

char *
day_format_chinese(civil_day d)
{
    int y, m, dd;

    day_to_ymd(d, &y, &m, &dd);
    return g_strdup_printf("%d年%d月%d日", y, m, dd);
}

gint64
clock_now(const struct clock *clock)
{
    return clock->fixed ? clock->instant : (gint64)time(NULL);
}

static GDateTime *
local(const struct clock *clock, gint64 instant)
{
    g_autoptr(GDateTime) utc = NULL;

    /* GDateTime ends with the year 9999 */
    instant = CLAMP(instant, -62135596800, 253402210800);
    utc = g_date_time_new_from_unix_utc(instant);
    return g_date_time_to_timezone(utc, clock->zone);
}

civil_day
clock_day(const struct clock *clock, gint64 instant)
{
    g_autoptr(GDateTime) t = local(clock, instant);

    return day_from_ymd(g_date_time_get_year(t), g_date_time_get_month(t),
                        g_date_time_get_day_of_month(t));
}

civil_day
clock_today(const struct clock *clock)
{
    return clock_day(clock, clock_now(clock));
}

gint64
clock_day_start(const struct clock *clock, civil_day d)
{
    g_autoptr(GDateTime) t = NULL;
    int y, m, dd;

    day_to_ymd(d, &y, &m, &dd);
    t = g_date_time_new(clock->zone, y, m, dd, 0, 0, 0);
    return g_date_time_to_unix(t);
}

char *
clock_format(const struct clock *clock, gint64 instant)
{
    g_autoptr(GDateTime) t = local(clock, instant);

    return g_date_time_format(t, "%Y-%m-%d %H:%M");
}

char *
clock_format_iso(const struct clock *clock, gint64 instant)
{
    g_autoptr(GDateTime) t = local(clock, instant);

    return g_date_time_format(t, "%Y-%m-%dT%H:%M:%S%:z");
}

/* strftime's %a and %b follow the locale; RFC 5322 does not. */
char *
clock_format_rfc5322(const struct clock *clock, gint64 instant)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu",
                                       "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
                                         "May", "Jun", "Jul", "Aug",
                                         "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) t = local(clock, instant);
    g_autofree char *rest = g_date_time_format(t, "%Y %H:%M:%S %z");

    return g_strdup_printf("%s, %02d %s %s",
                           days[g_date_time_get_day_of_week(t) - 1],
                           g_date_time_get_day_of_month(t),
                           months[g_date_time_get_month(t) - 1], rest);
}

gboolean
clock_parse(const struct clock *clock, const char *text, gint64 *out)
{
    g_autofree char *iso = NULL;
    g_autoptr(GDateTime) t = NULL;
    size_t n = strlen(text);

    if (n == 10)
        iso = g_strconcat(text, "T00:00:00", NULL);
    else
        iso = g_strdup(text);
    if (n > 10 && iso[10] == ' ')
        iso[10] = 'T';
    if (strlen(iso) == 16) {
        g_autofree char *minutes = g_steal_pointer(&iso);

        iso = g_strconcat(minutes, ":00", NULL);
    }
    t = g_date_time_new_from_iso8601(iso, clock->zone);
    if (!t)
        return FALSE;
    *out = g_date_time_to_unix(t);
    return TRUE;
}
