/* due.h - work that the calendar brings. */
#ifndef INTAKE_DUE_H
#define INTAKE_DUE_H

#include "intake/agenda.h"
#include "intake/intake.h"
#include "rules/period.h"

/* Enqueue the draft of a period's bulletin for all staff.  Inside a
 * transaction. */
enum st
due_bulletin_draft(struct intake *i, const struct period *p, struct err *e);

/* What falls due next. */
enum st
due_next(struct office *o, struct reg *reg, struct due *out, struct err *e);

#endif
