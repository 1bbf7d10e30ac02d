/* waiting.h - staff are reminded of the mail that waits for them. */
#ifndef INTAKE_WAITING_H
#define INTAKE_WAITING_H

#include "intake/intake.h"

/* To all staff, a list of what was held or quarantined before `hour` and is
 * not decided; nothing when there is none.  Inside a transaction. */
enum st waiting_tell(struct intake *i, gint64 hour, struct err *e);

#endif
