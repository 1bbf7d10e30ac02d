/* undelivered.h - staff are told of letters that do not arrive.  All inside
 * the caller's transaction. */
#ifndef INTAKE_UNDELIVERED_H
#define INTAKE_UNDELIVERED_H

#include "intake/intake.h"
#include "register/outbox.h"

/* Refused by the outgoing server, or tried for two days; `cause` is the last
 * answer. */
enum st undelivered_refused(struct intake *i, const struct reg_mail *m,
                            const char *cause, struct err *e);

/* Came back (RFC 3464); `cause` is what the report says, or NULL.  `rests`:
 * the address is not answered for a day. */
enum st undelivered_bounced(struct intake *i, const struct reg_mail *m,
                            const char *cause, gboolean rests, struct err *e);

/* Why an address gets no automatic letter now. */
enum silence {
    SILENCE_NONE,
    SILENCE_LIMIT,  /* replies-per-day */
    SILENCE_BOUNCES /* its letters came back */
};

/* Once a day for an address. */
enum st undelivered_silenced(struct intake *i, const char *address,
                             enum silence why, struct err *e);

/* replies-per-hour is reached and letters wait; once a day. */
enum st undelivered_paced(struct intake *i, struct err *e);

#endif
