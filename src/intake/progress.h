/* progress.h - how a unit stands in the running period. */
#ifndef INTAKE_PROGRESS_H
#define INTAKE_PROGRESS_H

#include "intake/intake.h"
#include "reply/value.h"

/* {period, submitted, adopted, points} of the period of the pack's bulletin
 * in which `instant` falls, what was recorded in the running transaction
 * included.  Only the unit's own facts are scored, unless the pack has pots
 * that units share.  *out stays NULL for a unit that is not credited. */
enum st unit_progress(struct intake *i, const struct unit *unit, gint64 instant,
                      struct value **out, struct err *e);

#endif
