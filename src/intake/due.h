/* due.h - work that the calendar brings. */
#ifndef INTAKE_DUE_H
#define INTAKE_DUE_H

#include "intake/intake.h"
#include "rules/period.h"

struct due {
    char *what; /* "bulletin-draft 2019-04", owned; NULL: nothing */
    gint64 at;
};
void due_clear(struct due *d);

/* Enqueue the draft of a period's bulletin for all staff.  Inside a
 * transaction. */
enum st
due_bulletin_draft(struct intake *i, const struct period *p, struct err *e);

/* What falls due next. */
enum st
due_next(struct office *o, struct reg *reg, struct due *out, struct err *e);

#endif
