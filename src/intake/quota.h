/* quota.h - 催报: units that are short of their tasks hear of it before the
 * period ends. */
#ifndef INTAKE_QUOTA_H
#define INTAKE_QUOTA_H

#include "intake/agenda.h"
#include "intake/intake.h"

/* Once for each period of the pack's measures, in its last days.  In a
 * transaction of its own. */
enum st quota_due(struct intake *i, struct err *e);

/* Offers the next instant at which quota_due() has something to do. */
enum st quota_next(const struct office *o, struct reg *reg, struct due *first,
                   struct err *e);

#endif
