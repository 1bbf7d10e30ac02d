/* overtake.h - a proven mail is a copy of nothing that was not proven.
 *
 * Who sees or guesses a mail can let a copy of it come first, without proof,
 * or with a field that no signature covers: held, returned or ignored, that
 * copy must not make a duplicate of the mail itself.  Where nobody's mail is
 * ever proven none of this happens. */
#ifndef INTAKE_OVERTAKE_H
#define INTAKE_OVERTAKE_H

#include "intake/incoming.h"

/* The copy that came first and may give way. */
struct overtaken {
    gint64 message; /* 0: none */
    enum verdict verdict;
    struct reason_list reasons;
};

/* `a` repeats the message *same.  Proven, it repeats only what was done (an
 * acceptance, an order, an answer), decided by people, or proven as well:
 * *same becomes that, or 0 where there is none such, and *out is set. */
enum st overtake_look(struct intake *i, const struct incoming *a, gint64 *same,
                      struct overtaken *out, struct err *e);

/* Did nothing else come out of it than of the copy?  Then it is one. */
gboolean overtake_is_vain(const struct overtaken *o, const struct decision *d);

/* The mail that overtook was recorded as `by`: what was held of its copy is
 * closed as its duplicate, so that staff have one thing to decide. */
enum st overtake_close(struct intake *i, const struct overtaken *o, gint64 by,
                       struct err *e);

#endif
