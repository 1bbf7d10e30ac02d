/* explain.h - a score taken apart: every line with its item, clause, fact,
 * date, who recorded it, and how the groups decided. */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H

#include "rules/score.h"

struct explained {
    civil_day day; /* on which it was booked */
    const struct score_line *line;
    const char *item; /* borrowed */
    const char *label;
    const char *clause;
    decimal points;
    char *about;    /* number and title of what it hangs on, or NULL */
    char *reason;   /* a sentence: why so much, which mark won, which cap cut */
    const char *by; /* who recorded the fact; NULL: the program made it */
    const char *note;
};

/* All lines of somebody in [from, to], in order of days.  Their points add
 * up to score_points().  Of struct explained, freed with the array. */
GPtrArray *
explain(const struct score *s, score_who who, civil_day from, civil_day to);

/* The lines of one submission, of everybody credited for it. */
GPtrArray *explain_submission(const struct score *s, int submission);

#endif
