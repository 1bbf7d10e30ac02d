/* criticism.h - 即时通报: a unit is told at once of what staff have marked. */
#ifndef INTAKE_CRITICISM_H
#define INTAKE_CRITICISM_H

#include "intake/intake.h"
#include "register/submission.h"

/* Does the pack say that a mark of this item is told at once? */
gboolean criticism_is_immediate(const struct pack_item *item);

/* Inside a transaction: the notice to every unit of the submission.  *sent
 * counts them, the names of those without an address go to `without` (of
 * char*, owned). */
enum st criticism_notify(struct intake *i, const struct reg_submission *s,
                         const struct pack_item *item, int *sent,
                         GPtrArray *without, struct err *e);

#endif
