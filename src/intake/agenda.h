/* agenda.h - what the calendar brings next: of all that is offered, the
 * earliest. */
#ifndef INTAKE_AGENDA_H
#define INTAKE_AGENDA_H

#include "base/err.h"

struct reg;

struct due {
    char *what; /* "bulletin-draft 2019-04", owned; NULL: nothing */
    gint64 at;  /* G_MAXINT64: nothing */
};
#define DUE_NOTHING ((struct due){NULL, G_MAXINT64})
void due_clear(struct due *d);

/* Takes the place of *first when it is earlier; `what` is copied. */
void due_offer(struct due *first, gint64 at, const char *what);

/* The same, unless the register knows that it was done: what is due once, by
 * the key that reg_once() gets. */
enum st due_offer_once(struct due *first, struct reg *reg, gint64 at,
                       const char *key, struct err *e);

#endif
