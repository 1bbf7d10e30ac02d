/* notices.h - what staff are told by the program on its own account. */
#ifndef INTAKE_NOTICES_H
#define INTAKE_NOTICES_H

#include "intake/incoming.h"

/* Gathered while messages are recorded, written inside the transaction. */
struct notices;

struct notices *notices_new(void);
void notices_free(struct notices *n);

void notices_add(struct notices *n, const struct office *o,
                 const struct incoming *a, const struct recorded *r);

/* Is there something to post at the end of the look? */
gboolean notices_pending(const struct notices *n);

/* Enqueue what was gathered: a notice for each message held or quarantined;
 * and, at the end of a look, one list of the old mail that was not answered
 * and one note that the server renumbered its mailbox. */
enum st notices_post(struct notices *n, struct intake *i, gboolean at_end,
                     struct err *e);

/* Before a look: intake stops while the disk has less than `disk-floor`
 * free (ST_RETRY, 75); staff are told once a day. */
enum st notices_disk(struct intake *i, struct err *e);

/* After a look that failed: an alert when `alert-after` failures have come
 * together.  Inside a transaction. */
enum st notices_of_looking(struct intake *i, gboolean failed,
                           gboolean recovered, struct err *e);

#endif
