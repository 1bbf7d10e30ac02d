/* due.h - work that the calendar brings. */
#ifndef INTAKE_DUE_H
#define INTAKE_DUE_H

#include "intake/intake.h"

struct due {
    char *what; /* "bulletin-draft 2019-04", owned; NULL: nothing */
    gint64 at;
};
void due_clear(struct due *d);

/* What falls due next. */
enum st
due_next(struct office *o, struct reg *reg, struct due *out, struct err *e);

#endif
