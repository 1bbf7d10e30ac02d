/* status.h - how the program fares: polls, alerts, what is done once, and
 * the few settings that it finds out by itself. */
#ifndef REGISTER_STATUS_H
#define REGISTER_STATUS_H

#include "register/register.h"

struct reg_status {
    gint64 last_success; /* last poll that could look; 0 never */
    gint64 last_try;
    int failures;         /* in a row, since the last success */
    gint64 failing_since; /* first of them, or 0 */
    char *last_error;     /* of the last failed one, or NULL */
    gint64 alerted;       /* an alert about these failures was sent, or 0 */
};
void reg_status_clear(struct reg_status *s);

enum st reg_status_get(struct reg *reg, struct reg_status *out, struct err *e);
/* A poll ended; those that found the same in a row are one row.  error NULL:
 * it could look.  A success forgets failures and
 * alert; recovered_out says that an alert had been sent. */
enum st reg_poll_ended(struct reg *reg, gint64 now, const char *error,
                       int messages, gboolean *recovered_out, struct err *e);
enum st reg_status_alerted(struct reg *reg, gint64 now, struct err *e);

/* Numbers for `status`. */
struct reg_totals {
    int submissions;
    int held;
    int quarantined;
    int outbox_pending;
    int outbox_failed;
    gint64 oldest_held; /* received, or 0 */
};
enum st reg_totals(struct reg *reg, struct reg_totals *out, struct err *e);

/* Is anything dated in [from, to]: a submission, a mark, a commission? */
enum st reg_any_facts(struct reg *reg, civil_day from, civil_day to,
                      gboolean *any_out, struct err *e);

/* Work that falls due and is done once, whatever was missed: the first call
 * with a key ("bulletin-draft 2019-03", "remind 约2019-05 before") says TRUE
 * and remembers it. */
enum st reg_once(struct reg *reg, const char *key, gint64 now,
                 gboolean *first_out, struct err *e);
enum st
reg_done(struct reg *reg, const char *key, gboolean *done_out, struct err *e);
/* How many keys that begin so were first called with after `since`. */
enum st reg_once_count(struct reg *reg, const char *prefix, gint64 since,
                       int *out, struct err *e);

/* Settings found out by the program ("return-path" = "own").  NULL when
 * never set.  Caller frees. */
enum st reg_setting_get(struct reg *reg, const char *name, char **value_out,
                        struct err *e);
enum st reg_setting_set(struct reg *reg, const char *name, const char *value,
                        struct err *e);
/* As if it had never been set. */
enum st reg_setting_drop(struct reg *reg, const char *name, struct err *e);

#endif
