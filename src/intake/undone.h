/* undone.h - duties that could not be done: none of them stops the others,
 * unless the register cannot be trusted. */
#ifndef INTAKE_UNDONE_H
#define INTAKE_UNDONE_H

#include "intake/intake.h"

/* What the round gives back: its first failure, or the one that ends the
 * program.  `st` and `why` are those of one duty. */
enum st
undone_keep(enum st so_far, enum st st, const struct err *why, struct err *e);

/* The same of a duty that is due by the calendar.  A failure is logged, and
 * staff are told once a day.  Outside a transaction. */
enum st undone_tell(struct intake *i, enum st so_far, const char *duty,
                    enum st st, const struct err *why, struct err *e);

#endif
