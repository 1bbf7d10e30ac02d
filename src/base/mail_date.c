/* mail_date.c - see mail_date.h. */
#include "base/mail_date.h"

#include <string.h>

enum { WORDS_MAX = 16 }; /* more than either form has */

/* The words of a date: what stands between blanks, commas and colons. */
static GPtrArray *
words_of(const char *text)
{
    g_auto(GStrv) all = g_strsplit_set(text, " \t\r\n,:", -1);
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

    for (char **w = all; *w && words->len < WORDS_MAX; w++)
        if (**w)
            g_ptr_array_add(words, g_strdup(*w));
    return words;
}

/* Word n as a number of at most `digits` digits, -1 if it is none. */
static int
number(const GPtrArray *words, guint n, size_t digits)
{
    const char *w = n < words->len ? words->pdata[n] : "";

    if (!*w || strlen(w) > digits || strspn(w, "0123456789") != strlen(w))
        return -1;
    return (int)g_ascii_strtoll(w, NULL, 10);
}

/* 1 to 12 for Jan to Dec, else 0. */
static int
month_of(const GPtrArray *words, guint n)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr",
                                        "May", "Jun", "Jul", "Aug",
                                        "Sep", "Oct", "Nov", "Dec"};

    for (int m = 0; n < words->len && m < (int)G_N_ELEMENTS(names); m++)
        if (g_ascii_strcasecmp(words->pdata[n], names[m]) == 0)
            return m + 1;
    return 0;
}

/* "+0800" in seconds. */
static gboolean
zone_of(const char *w, int *out)
{
    int n;

    if (!g_ascii_strcasecmp(w, "GMT") || !g_ascii_strcasecmp(w, "UT")) {
        *out = 0;
        return TRUE;
    }
    if ((*w != '+' && *w != '-') || strlen(w) != 5 ||
        strspn(w + 1, "0123456789") != 4)
        return FALSE;
    n = (int)g_ascii_strtoll(w + 1, NULL, 10);
    n = n / 100 * 3600 + n % 100 * 60;
    *out = *w == '-' ? -n : n;
    return TRUE;
}

static gboolean
instant(int year, int month, int day, const int *time, int offset, gint64 *out)
{
    g_autoptr(GDateTime) t = NULL;

    if (year < 1970 || time[0] < 0 || time[1] < 0 || time[2] < 0)
        return FALSE;
    /* a leap second is the second before it */
    t = g_date_time_new_utc(year, month, day, time[0], time[1],
                            MIN(time[2], 59));
    if (!t || time[2] > 60)
        return FALSE;
    *out = g_date_time_to_unix(t) - offset;
    return TRUE;
}

gboolean
mail_date_parse(const char *text, gint64 *out)
{
    g_autoptr(GPtrArray) w = words_of(text);
    guint n = number(w, 0, 2) < 0 ? 1 : 0; /* behind the day's name */
    gboolean seconds = number(w, n + 5, 2) >= 0;
    guint zone = n + (seconds ? 6 : 5);
    int time[] = {number(w, n + 3, 2), number(w, n + 4, 2),
                  seconds ? number(w, n + 5, 2) : 0};
    int offset;

    if (zone >= w->len || !zone_of(w->pdata[zone], &offset))
        return FALSE;
    return instant(number(w, n + 2, 4), month_of(w, n + 1), number(w, n, 2),
                   time, offset, out);
}

gboolean
mail_date_parse_asctime(const char *text, gint64 *out)
{
    g_autoptr(GPtrArray) w = words_of(text);
    int time[] = {number(w, 3, 2), number(w, 4, 2), number(w, 5, 2)};

    return instant(number(w, 6, 4), month_of(w, 1), number(w, 2, 2), time, 0,
                   out);
}
