/* checks.h - the pack's checks of a submission on its arrival. */
#ifndef RULES_CHECKS_H
#define RULES_CHECKS_H

#include "rules/score.h"

/* What is known of a submission when it arrives. */
struct arrival {
    int form;                 /* in pack.forms, -1: not known */
    int words;                /* 字数, 0: no draft was read */
    int drafts;               /* how many Word files */
    struct reason_list lacks; /* what was not found: REASON_NO_TITLE ...,
                                 and what was: REASON_UNREGISTERED_SENDER,
                                 REASON_SIMILAR */
};

struct check_result {
    gboolean hit;               /* some check spoke */
    enum check_then worst;      /* of those that did */
    struct reason_list reasons; /* of all of them, in the pack's order */
    struct reason_list notes;   /* those that only note */
};

/* Every check that a pack makes on arrival, all at once.  Bunching is about
 * a period, not an arrival: checks_bunching(). */
void checks_arrival(const struct pack *pack, const struct arrival *a,
                    struct check_result *out);

/* Did a unit's submissions of a period come bunched in its last days, by
 * the check's measure?  The check, or NULL. */
const struct pack_check *
checks_bunching(const struct score *s, int unit, const struct period *p);

#endif
