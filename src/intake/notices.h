/* notices.h - what staff are told by the program on its own account. */
#ifndef INTAKE_NOTICES_H
#define INTAKE_NOTICES_H

#include "intake/incoming.h"

/* A message that is held or quarantined: whoever must look at it is told,
 * inside its transaction; of held ones no more than `replies-per-day` about
 * one sender, and `replies-per-hour` in all.  Held mail of the first look is
 * listed at its end (episode.h). */
enum st notices_post(struct intake *i, const struct incoming *a,
                     const struct recorded *r, struct err *e);

/* A draft is like others (incoming.h: recorded.similar, as the register gives
 * it back): staff are told, inside the transaction; the sender is not.
 * `text` is the draft's. */
enum st
notices_similar(struct intake *i, const struct decision *d,
                const struct recorded *r, const char *text, struct err *e);

/* Before a look: intake stops while the disk has less than `disk-floor`
 * free (ST_RETRY, 75); staff are told once a day. */
enum st notices_disk(struct intake *i, struct err *e);

/* A duty of the calendar (due.c) could not be done: staff are told which, and
 * why, once a day.  Outside a transaction. */
enum st notices_not_done(struct intake *i, const char *duty,
                         const struct err *why, struct err *e);

/* After a look, and how it failed (NULL: it did not): an alert when
 * `alert-after` failures have come together.  Inside a transaction. */
enum st notices_of_looking(struct intake *i, const struct err *failure,
                           gboolean recovered, struct err *e);

#endif
