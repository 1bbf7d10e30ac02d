/* log.h - one line per outcome on standard error:
 *
 *     info key=5f3c event=accepted unit=财政局 number=2019-0012 ms=3
 *
 * Values are escaped so that nothing from a mail can forge a line.  Secrets
 * and drafts are never logged.  Only the flow calls this. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <glib.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below this level are not written.  LOG_INFO at start. */
void log_set_level(enum log_level level);

/* log_event(LOG_INFO, "accepted", "key", key, "unit", unit, NULL):
 * pairs of strings, ended by NULL; a pair with a NULL value is left out.
 * Values with spaces, controls or quotes are printed in quotes, escaped,
 * and cut after 200 characters. */
void
log_event(enum log_level level, const char *event, ...) G_GNUC_NULL_TERMINATED;

/* The escaping alone, for tests.  Caller frees. */
char *log_escape(const char *value);

#endif
