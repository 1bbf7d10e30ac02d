/* mail_date.h - the two ways in which the time of a mail is written. */
#ifndef BASE_MAIL_DATE_H
#define BASE_MAIL_DATE_H

#include <glib.h>

/* "Tue, 5 Mar 2019 09:12:00 +0800 (CST)": date-time of RFC 5322, 3.3, with
 * or without the day's name and the seconds; of the obsolete zones of 4.3
 * UT and GMT. FALSE if it is none; *out, seconds since 1970, is then
 * untouched. */
gboolean mail_date_parse(const char *text, gint64 *out);

/* "Tue Mar  5 09:12:00 2019", in UTC: asctime, as RFC 4155 has it in the
 * From_ line of an mbox. */
gboolean mail_date_parse_asctime(const char *text, gint64 *out);

#endif
