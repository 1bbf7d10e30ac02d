/* holidays.c - the file of days off and of worked weekends.
 *
 *     # 2019
 *     2019-05-01..2019-05-04 劳动节
 *     +2019-04-28            调休上班
 *
 * One date or range a line; "+" means that it is worked; what follows is for
 * people; # begins a comment. */
#include "base/file.h"
#include "base/i18n.h"
#include "pack/load_config.h"

#include <string.h>

#define HOLIDAYS_MAX_BYTES ((size_t)1024 * 1024)
#define RANGE_MAX 60 /* days: a longer holiday is a mistyped year */

struct line {
    const char *file;
    int number;
    const char *text;
    struct problems *ps;
};

static void
complain(const struct line *l, const char *at, const char *text)
{
    problem_add(l->ps, l->file, l->number,
                (int)g_utf8_strlen(l->text, at - l->text) + 1, "%s", text);
}

static gboolean
take_day(const struct line *l, const char **p, civil_day *out)
{
    g_autofree char *date = g_strndup(*p, strnlen(*p, 10));

    if (!day_parse(date, out)) {
        complain(l, *p, _("a date such as 2019-05-01 is expected"));
        return FALSE;
    }
    *p += 10;
    return TRUE;
}

static void
add_day(const struct line *l, const char *at, civil_day d, gboolean worked,
        GArray *out)
{
    struct special_day day = {d, worked};

    for (guint i = 0; i < out->len; i++)
        if (g_array_index(out, struct special_day, i).day == d) {
            complain(l, at, _("this day is there twice"));
            return;
        }
    g_array_append_val(out, day);
}

static void
read_line(const struct line *l, GArray *out)
{
    const char *p = l->text + strspn(l->text, " \t");
    const char *start = p;
    gboolean worked = *p == '+';
    civil_day from, to;

    if (*p == '\0' || *p == '#')
        return;
    if (worked)
        p++;
    if (!take_day(l, &p, &from))
        return;
    to = from;
    if (g_str_has_prefix(p, "..")) {
        p += 2;
        if (!take_day(l, &p, &to))
            return;
    }
    if (*p && !strchr(" \t#", *p))
        complain(l, p, _("a space is expected behind the date"));
    else if (to < from || to - from >= RANGE_MAX)
        complain(l, start,
                 _("the range ends before it begins, or is longer "
                   "than 60 days"));
    else
        for (civil_day d = from; d <= to; d++)
            add_day(l, start, d, worked, out);
}

static gint
compare_days(gconstpointer a, gconstpointer b)
{
    const struct special_day *x = a, *y = b;

    return (x->day > y->day) - (x->day < y->day);
}

void
holidays_read(const char *file, GArray *out, struct problems *ps)
{
    g_autofree char *data = NULL;
    g_auto(GStrv) lines = NULL;
    size_t len = 0;
    struct err e = ERR_INIT;

    if (file_read(file, HOLIDAYS_MAX_BYTES, &data, &len, &e) != ST_OK) {
        problem_add(ps, file, 0, 0, "%s", e.text);
        return;
    }
    if (!g_utf8_validate_len(data, len, NULL)) {
        problem_add(ps, file, 1, 1, _("this is not UTF-8"));
        return;
    }
    lines = g_strsplit(data, "\n", -1);
    for (int i = 0; lines[i]; i++) {
        struct line l = {file, i + 1, g_strchomp(lines[i]), ps};

        read_line(&l, out);
    }
    g_array_sort(out, compare_days);
}
