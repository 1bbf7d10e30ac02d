/* explain.h - a score taken apart: every line with its item, clause, fact,
 * date, who recorded it, and how the groups decided. */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H

#include "rules/score.h"

struct explained {
    const struct score_line *line; /* day, points, mark, who: borrowed */
    const char *item;              /* its name, ... */
    const char *label;             /* ... what is printed ... */
    const char *clause;            /* ... and where it stands; borrowed */
    const char *currency;          /* NULL: points; else counted apart */
    char *about;      /* what it hangs on: "2019-0012 标题", or NULL */
    char *reason;     /* a sentence: what it counts for, and why */
    const char *by;   /* who recorded the fact; NULL: it follows from others */
    const char *note; /* what he noted, or NULL */
};

/* All lines of somebody in [from, to], in order of days.  Those of one
 * currency add up to score_currency().  Of struct explained, freed with the
 * array. */
GPtrArray *
explain(const struct score *s, score_who who, civil_day from, civil_day to);

/* The lines of one submission (an index in facts), of everybody. */
GPtrArray *explain_submission(const struct score *s, int submission,
                              civil_day from, civil_day to);

#endif
