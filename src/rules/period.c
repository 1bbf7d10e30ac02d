/* period.c - see period.h. */
#include "rules/period.h"

#include <string.h>

struct calendar
calendar_of(const struct pack *p)
{
    const GArray *odd = p->periods;

    return (struct calendar){(int)odd->len, (const void *)odd->data};
}

/* ---- the usual lengths ---- */

static int
year_of(civil_day d)
{
    int y, m, dd;

    day_to_ymd(d, &y, &m, &dd);
    return y;
}

/* ISO 8601: a week belongs to the year of its Thursday. */
static civil_day
week_start(int year, int week)
{
    civil_day jan4 = day_from_ymd(year, 1, 4);

    return jan4 - (day_weekday(jan4) - 1) + 7 * (week - 1);
}

static int
months_of(enum period_kind kind)
{
    switch (kind) {
    case PERIOD_MONTH:
        return 1;
    case PERIOD_QUARTER:
        return 3;
    case PERIOD_HALF:
        return 6;
    default:
        return 12;
    }
}

static struct period
usual(enum period_kind kind, int year, int number)
{
    struct period p = {kind, year, number, 0, 0};
    int months = months_of(kind), first = 1, after;

    if (kind == PERIOD_WEEK) {
        p.from = week_start(year, number);
        p.to = p.from + 6;
        return p;
    }
    if (number > 0)
        first = months * (number - 1) + 1;
    after = first + months;
    p.from = day_from_ymd(year, first, 1);
    p.to = day_from_ymd(year + (after > 12), after > 12 ? 1 : after, 1) - 1;
    return p;
}

/* The name of the usual period around a day. */
static struct period
usual_at(enum period_kind kind, civil_day d)
{
    int y, m, dd;

    if (kind == PERIOD_WEEK) {
        civil_day thursday = d - day_weekday(d) + 4;

        y = year_of(thursday);
        return usual(kind, y, (thursday - week_start(y, 1)) / 7 + 1);
    }
    day_to_ymd(d, &y, &m, &dd);
    if (kind == PERIOD_YEAR)
        return usual(kind, y, 0);
    return usual(kind, y, (m - 1) / months_of(kind) + 1);
}

/* ---- names ---- */

/* "07": n digits, then the end of the text; -1 else. */
static int
number_of(const char *p, int n)
{
    int v = 0;

    for (int i = 0; i < n; i++) {
        if (!g_ascii_isdigit(p[i]))
            return -1;
        v = v * 10 + (p[i] - '0');
    }
    return p[n] ? -1 : v;
}

static gboolean
week_parse(int year, const char *p, struct period *out)
{
    int week = number_of(p, 2);

    if (week < 1 || week_start(year, week) >= week_start(year + 1, 1))
        return FALSE;
    *out = usual(PERIOD_WEEK, year, week);
    return TRUE;
}

static gboolean
part_parse(enum period_kind kind, int year, const char *p, int digits,
           struct period *out)
{
    int n = number_of(p, digits);

    if (n < 1 || n > 12 / months_of(kind))
        return FALSE;
    *out = usual(kind, year, n);
    return TRUE;
}

/* One of the five kinds, in its usual length. */
static gboolean
usual_parse(const char *text, struct period *out)
{
    g_autofree char *head = g_strndup(text, 4);
    int year = number_of(head, 4);

    if (year < 1)
        return FALSE;
    if (!text[4]) {
        *out = usual(PERIOD_YEAR, year, 0);
        return TRUE;
    }
    if (text[4] != '-')
        return FALSE;
    switch (text[5]) {
    case 'W':
        return week_parse(year, text + 6, out);
    case 'Q':
        return part_parse(PERIOD_QUARTER, year, text + 6, 1, out);
    case 'H':
        return part_parse(PERIOD_HALF, year, text + 6, 1, out);
    default:
        return part_parse(PERIOD_MONTH, year, text + 5, 2, out);
    }
}

static gboolean
dates_parse(const char *text, struct period *out)
{
    const char *dots = strstr(text, "..");
    g_autofree char *first =
        dots ? g_strndup(text, (gsize)(dots - text)) : g_strdup(text);
    civil_day from, to;

    if (!day_parse(first, &from) || !day_parse(dots ? dots + 2 : text, &to) ||
        from > to)
        return FALSE;
    *out = (struct period){PERIOD_NONE, 0, 0, from, to};
    return TRUE;
}

/* ---- odd periods ---- */

/* Give a usual period the length it has in this office: its own if it is
 * odd itself, else shortened by its odd neighbours.  Weeks never give way. */
static struct period
settle(const struct calendar *cal, struct period p)
{
    g_autofree char *name = cal && cal->n ? period_name(&p) : NULL;

    for (int i = 0; name && i < cal->n; i++) {
        if (strcmp(cal->odd[i].name, name) == 0) {
            p.from = cal->odd[i].from;
            p.to = cal->odd[i].to;
            return p;
        }
    }
    for (int i = 0; name && p.kind != PERIOD_WEEK && i < cal->n; i++) {
        const struct odd_period *o = &cal->odd[i];

        if (o->kind != p.kind)
            continue;
        if (o->from <= p.from && p.from <= o->to)
            p.from = o->to + 1;
        else if (o->from <= p.to && p.to <= o->to)
            p.to = o->from - 1;
    }
    return p;
}

gboolean
period_parse(const struct calendar *cal, const char *text, struct period *out)
{
    struct period p;

    if (strlen(text) < 4)
        return FALSE;
    if (dates_parse(text, out))
        return TRUE;
    if (!usual_parse(text, &p))
        return FALSE;
    *out = settle(cal, p);
    return TRUE;
}

struct period
period_at(const struct calendar *cal, enum period_kind kind, civil_day d)
{
    struct period p;

    for (int i = 0; cal && i < cal->n; i++) {
        const struct odd_period *o = &cal->odd[i];

        if (o->kind == kind && o->from <= d && d <= o->to &&
            usual_parse(o->name, &p))
            return settle(cal, p);
    }
    p = settle(cal, usual_at(kind, d));
    if (p.to < d) /* cut short: what lies behind it goes with the next */
        p = settle(cal, usual_at(kind, usual_at(kind, d).to + 1));
    return p;
}

struct period
period_next(const struct calendar *cal, const struct period *p)
{
    return period_at(cal, p->kind, p->to + 1);
}

/* By name, not by day: the days between an odd period and its usual ends
 * count with the next one, and the day before may so be a day of its own.
 * What an odd neighbour has taken whole is passed over. */
struct period
period_previous(const struct calendar *cal, const struct period *p)
{
    struct period before = *p;

    do {
        before = usual(before.kind, before.year, before.number);
        before = settle(cal, usual_at(before.kind, before.from - 1));
    } while (before.to < before.from);
    return before;
}

struct period
period_first_since(const struct calendar *cal, enum period_kind kind,
                   civil_day since)
{
    struct period p = period_at(cal, kind, since);

    while (p.from < since)
        p = period_next(cal, &p);
    return p;
}

gboolean
period_same(const struct period *a, const struct period *b)
{
    if (a->kind != b->kind)
        return FALSE;
    if (a->kind == PERIOD_NONE)
        return a->from == b->from && a->to == b->to;
    return a->year == b->year && a->number == b->number;
}

/* ---- written ---- */

static char *
dates_name(const struct period *p)
{
    g_autofree char *from = day_format(p->from);
    g_autofree char *to = day_format(p->to);

    if (p->from == p->to)
        return g_steal_pointer(&from);
    return g_strconcat(from, "..", to, NULL);
}

char *
period_name(const struct period *p)
{
    switch (p->kind) {
    case PERIOD_WEEK:
        return g_strdup_printf("%04d-W%02d", p->year, p->number);
    case PERIOD_MONTH:
        return g_strdup_printf("%04d-%02d", p->year, p->number);
    case PERIOD_QUARTER:
        return g_strdup_printf("%04d-Q%d", p->year, p->number);
    case PERIOD_HALF:
        return g_strdup_printf("%04d-H%d", p->year, p->number);
    case PERIOD_YEAR:
        return g_strdup_printf("%04d", p->year);
    default:
        return dates_name(p);
    }
}

/* 2019年1月1日至2月28日: the year once where it is one */
static char *
dates_printed(const struct period *p)
{
    g_autofree char *from = day_format_chinese(p->from);
    g_autofree char *to = day_format_chinese(p->to);
    const char *tail = to;

    if (p->from == p->to)
        return g_steal_pointer(&from);
    if (year_of(p->from) == year_of(p->to))
        tail = strstr(to, "年") + strlen("年");
    return g_strconcat(from, "至", tail, NULL);
}

char *
period_printed(const struct period *p)
{
    static const char *const quarters[] = {"一", "二", "三", "四"};

    switch (p->kind) {
    case PERIOD_WEEK:
        return g_strdup_printf("%d年第%d周", p->year, p->number);
    case PERIOD_MONTH:
        return g_strdup_printf("%d年%d月份", p->year, p->number);
    case PERIOD_QUARTER:
        return g_strdup_printf("%d年第%s季度", p->year,
                               quarters[p->number - 1]);
    case PERIOD_HALF:
        return g_strdup_printf("%d年%s半年", p->year,
                               p->number == 1 ? "上" : "下");
    case PERIOD_YEAR:
        return g_strdup_printf("%d年度", p->year);
    default:
        return dates_printed(p);
    }
}
