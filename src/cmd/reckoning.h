/* reckoning.h - a period reckoned, for the commands that show it. */
#ifndef CMD_RECKONING_H
#define CMD_RECKONING_H

#include "cmd/cmd.h"

#include "intake/scoring.h"

struct reckoning {
    struct cmd_desk d;
    struct period period;
    struct scoring *s;
    struct standings *t;
};

/* Open the office, turn it to the pack in force at the period's end (today,
 * while it runs), reckon; say on standard error what is recorded and could not
 * be counted. EXIT_DONE, or the complaint is printed.  To be cleared in any
 * case. */
int reckoning_make(const struct cmd_context *c, const char *period,
                   struct reckoning *out);
void reckoning_clear(struct reckoning *r);

/* Printed name of a unit, or a person's.  Borrowed. */
const char *reckoning_name(const struct reckoning *r, score_who who);

#endif
