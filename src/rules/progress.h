/* progress.h - how a unit stands in a running period, for the receipts: and
 * how that changes by one submission more, without reckoning everything anew.
 *
 * Pure. */
#ifndef RULES_PROGRESS_H
#define RULES_PROGRESS_H

#include "rules/score.h"

struct progress {
    int submitted; /* submissions received in the period, each once */
    int adopted;   /* those adopted in the period */
    decimal points;
};

/* Who a period's row of a unit belongs to: the short name of the unit that
 * is credited on the period's last day.  NULL: a unit that this pack does not
 * have.  Borrowed. */
const char *progress_key(const struct pack *p, const struct unit *u,
                         const struct period *period);

/* The row of one who is credited; FALSE when the table of the period has
 * none.  It says what standings.h would. */
gboolean progress_of(const struct score *s, score_who who,
                     const struct period *period, struct progress *out);

/* Does a submission that arrives, and answers no commission, only add to
 * what is there?  So it is where what it earns meets nothing but marks of
 * its own, and where no points hang on how many have come. */
gboolean progress_adds_up(const struct score *s);

/* What the submissions among the facts bring to somebody by themselves: what
 * is to be added where progress_adds_up(). */
void progress_brought(const struct score *s, score_who who,
                      const struct period *period, struct progress *out);

#endif
