/* asked.h - what the register is asked about a submission for the checks of
 * the pack: how many its unit has sent, and what its draft is like. */
#ifndef INTAKE_ASKED_H
#define INTAKE_ASKED_H

#include "intake/incoming.h"
#include "register/submission.h"

/* The draft as it will be stored, and what it was found to be like: looked
 * for once, whoever asks first. */
struct alike {
    struct reg_draft *draft; /* owned; NULL: not looked yet */
    GPtrArray *findings;     /* owned; of struct reg_similar */
};
void alike_clear(struct alike *l);

enum st alike_look(struct intake *i, const struct incoming *a,
                   const struct decision *d, struct alike *l, struct err *e);

/* One question of decide(); `st` is how it went. */
struct asked {
    struct intake *i;
    const struct incoming *a;
    struct alike *alike;
    enum st st;
    struct err *e;
};

/* Have decide() ask what the pack's checks want to know.  FALSE: nothing. */
gboolean asked_by_checks(struct asked *q, struct decide_input *in);

#endif
