/* checks.h - the pack's checks of a submission on its arrival. */
#ifndef RULES_CHECKS_H
#define RULES_CHECKS_H

#include "rules/period.h"

struct facts;

/* What is known of a submission when it arrives. */
struct arrival {
    int form;                  /* in pack.forms, -1: not known */
    int words;                 /* 字数, 0: no draft was read */
    int drafts;                /* how many drafts came with it */
    struct reason_list lacks;  /* what was not found: REASON_NO_TITLE ...,
                                  REASON_NO_DATA, REASON_NO_TAG */
    struct reason_list others; /* what else was found out:
                                  REASON_UNREGISTERED_SENDER,
                                  REASON_SIMILAR, REASON_UNKNOWN_UNIT */
    civil_day day;             /* of receipt */
    const GPtrArray *units;    /* of struct unit: who sent it */
    sent_fn sent; /* NULL: no register is at hand, nothing is bunched */
    void *sent_user;
    gboolean settled; /* staff accept it: what it is like and when it comes
                         is only remarked */
};

struct check_result {
    gboolean hit;               /* some check spoke */
    enum check_then worst;      /* of those that did */
    struct reason_list reasons; /* of all of them, in the pack's order */
    struct reason_list returns; /* those that send it back ... */
    struct reason_list holds;   /* ... put it before the staff ... */
    struct reason_list notes;   /* ... and only remark */
};

/* Does some check of the pack ask for this? */
gboolean checks_ask(const struct pack *p, enum reason r);
/* What must stand behind the title, without brackets (no-tag); borrowed, NULL
 * for nothing. */
const char *checks_tag(const struct pack *p);

/* Every check that a pack makes on arrival, all at once.  Bunched is what
 * comes in the last days of a period of which so many have come in them, this
 * one counted.  A period that began before the pack was in force, or before
 * the unit was there, is not judged. */
void checks_arrival(const struct pack *p, const struct arrival *a,
                    struct check_result *out);

/* Did a unit's submissions of a whole period come bunched in its last days?
 * The check that says so, or NULL. */
const struct pack_check *
checks_bunching(const struct pack *p, const struct facts *f, int unit,
                const struct period *period);

#endif
