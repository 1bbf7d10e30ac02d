/* period.h - periods by name: 2019-03, 2019-Q1, 2019-H1, 2019, 2019-W07, a
 * day, or a..b; a pack may give one an unusual length.
 *
 * A period of unusual length keeps its usual name, and its neighbours of
 * the same kind give way: with 2019-Q1 until 10 April, 2019-Q2 begins on
 * the 11th.  Weeks are those of ISO 8601. */
#ifndef RULES_PERIOD_H
#define RULES_PERIOD_H

#include "rules/pack.h"

struct period {
    enum period_kind kind; /* PERIOD_NONE: a day or two dates */
    int year;              /* of the name; of a week its ISO year */
    int number;            /* of the name within the year; 0 of a year */
    civil_day from, to;    /* both included; from > to: wholly given way */
};

/* The odd ones, from a pack; NULL where there is none. */
struct calendar {
    int n;
    const struct odd_period *odd; /* borrowed */
};

struct calendar calendar_of(const struct pack *p);

/* Read a period's name.  FALSE, *out untouched, when it is none. */
gboolean
period_parse(const struct calendar *cal, const char *text, struct period *out);

/* The period of a kind in which a day lies. */
struct period
period_at(const struct calendar *cal, enum period_kind kind, civil_day d);

/* The next one of the same kind, and the one before. */
struct period period_next(const struct calendar *cal, const struct period *p);
struct period
period_previous(const struct calendar *cal, const struct period *p);

/* The first period of a kind that begins on `since` or later. */
struct period period_first_since(const struct calendar *cal,
                                 enum period_kind kind, civil_day since);

/* Same name? */
gboolean period_same(const struct period *a, const struct period *b);

/* "2019-03", "2019-Q1", "2019-01-01..2019-02-28".  Caller frees. */
char *period_name(const struct period *p);

/* As printed: 2019年3月份, 2019年第一季度, 2019年上半年, 2019年度,
 * 2019年第7周, 2019年1月1日至2月28日.  Caller frees. */
char *period_printed(const struct period *p);

#endif
