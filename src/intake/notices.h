/* notices.h - what staff are told by the program on its own account. */
#ifndef INTAKE_NOTICES_H
#define INTAKE_NOTICES_H

#include "intake/incoming.h"

/* A message that is held or quarantined: whoever must look at it is told,
 * inside its transaction.  Held mail of the first look is listed at its end
 * (episode.h). */
enum st notices_post(struct intake *i, const struct incoming *a,
                     const struct recorded *r, struct err *e);

/* Before a look: intake stops while the disk has less than `disk-floor`
 * free (ST_RETRY, 75); staff are told once a day. */
enum st notices_disk(struct intake *i, struct err *e);

/* After a look that failed: an alert when `alert-after` failures have come
 * together.  Inside a transaction. */
enum st notices_of_looking(struct intake *i, gboolean failed,
                           gboolean recovered, struct err *e);

#endif
