/* progress.h - how a unit stands in the running period: what the receipt
 * says.  It is what the table of `scores` would say at that moment.
 *
 * The numbers are kept in the register (register/progress.h) and brought
 * along by each submission that is recorded, where the pack lets them simply
 * add up; else they are reckoned anew from all facts. */
#ifndef INTAKE_PROGRESS_H
#define INTAKE_PROGRESS_H

#include "intake/intake.h"
#include "reply/value.h"

/* {period, submitted, adopted, points} of the period of the pack's bulletin
 * in which `instant` falls, what was recorded in the running transaction
 * included.  *out stays NULL for a unit that is not credited. */
enum st unit_progress(struct intake *i, const struct unit *unit, gint64 instant,
                      struct value **out, struct err *e);

/* Around the recording of a submission: is what is kept up to date before
 * it, and if so, bring it along. */
enum st progress_before(struct intake *i, gboolean *kept_out, struct err *e);
enum st progress_after(struct intake *i, gint64 submission, struct err *e);
/* Instead of that: what was recorded changes nobody's numbers. */
enum st progress_unchanged(struct intake *i, struct err *e);

#endif
