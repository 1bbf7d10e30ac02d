/* quota.h - 催报: units that are short of their tasks hear of it before the
 * period ends. */
#ifndef INTAKE_QUOTA_H
#define INTAKE_QUOTA_H

#include "intake/intake.h"

/* Once for each period of the pack's measures, in its last days.  In a
 * transaction of its own. */
enum st quota_due(struct intake *i, struct err *e);

#endif
