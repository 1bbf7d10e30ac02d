/* day.h - civil dates and the office's clock.
 *
 * A date is a number of days since 1970-01-01, so that comparing and
 * stepping are plain arithmetic; an instant is a number of seconds since
 * 1970-01-01T00:00:00Z.  Which date an instant falls on is decided by the
 * office's time zone alone. */
#ifndef BASE_DAY_H
#define BASE_DAY_H

#include <glib.h>

typedef gint32 civil_day;

#define DAY_NONE G_MININT32
#define DAY_FIRST (DAY_NONE + 1) /* before every date: "since ever" */
#define DAY_LAST G_MAXINT32      /* after every date: "for ever" */

civil_day day_from_ymd(int year, int month, int day);
void day_to_ymd(civil_day d, int *year_out, int *month_out, int *day_out);
int day_weekday(civil_day d); /* ISO 8601: Monday is 1, Sunday is 7 */

/* "2019-03-05" and nothing else; FALSE and *out untouched when it is not
 * a date of the calendar. */
gboolean day_parse(const char *text, civil_day *out);

/* Within ten years of today.  A date further away that a person has typed is
 * a slip of the pen. */
gboolean day_is_near(civil_day d, civil_day today);

/* "2019-03-05".  Caller frees. */
char *day_format(civil_day d);

/* 二〇一九年三月五日 is not used by offices in tables; this gives the
 * form of GB/T 9704: "2019年3月5日".  Caller frees. */
char *day_format_chinese(civil_day d);

/* The clock is a parameter of everything that asks what time it is. */
struct clock {
    gboolean fixed;  /* --now was given: the real clock is never read */
    gint64 instant;  /* of a fixed clock */
    GTimeZone *zone; /* the office's; owned by whoever made the clock */
};

gint64 clock_now(const struct clock *clock);
civil_day clock_today(const struct clock *clock);

/* The date in the office's zone on which an instant falls. */
civil_day clock_day(const struct clock *clock, gint64 instant);

/* First second of a date in the office's zone. */
gint64 clock_day_start(const struct clock *clock, civil_day d);

/* "2019-03-05 09:30" in the office's zone.  Caller frees. */
char *clock_format(const struct clock *clock, gint64 instant);

/* RFC 3339 with offset: "2019-03-05T09:30:00+08:00".  Caller frees. */
char *clock_format_iso(const struct clock *clock, gint64 instant);

/* RFC 5322 date-time: "Tue, 05 Mar 2019 09:30:00 +0800".  Caller frees. */
char *clock_format_rfc5322(const struct clock *clock, gint64 instant);

/* ISO 8601, or "2019-03-05 09:30[:00]"; without an offset, office time;
 * a date alone is its first second. */
gboolean clock_parse(const struct clock *clock, const char *text, gint64 *out);

#endif
