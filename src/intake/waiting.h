/* waiting.h - the morning's letter to all staff: the mail that waits for
 * them, and the orders that were given since the last one (digest.h). */
#ifndef INTAKE_WAITING_H
#define INTAKE_WAITING_H

#include "intake/intake.h"

/* To all staff, a list of what was held or quarantined before `hour` and is
 * not decided, and the digest; nothing when there is neither.  Inside a
 * transaction. */
enum st waiting_tell(struct intake *i, gint64 hour, struct err *e);

#endif
