/* explain_why.h - the sentence beside a line or a mark, for explain.c: what
 * it counts for, and how that came about. */
#ifndef RULES_EXPLAIN_WHY_H
#define RULES_EXPLAIN_WHY_H

#include "rules/score.h"

/* What a mark hangs on: "2019-0012 标题", the number and name of a commission
 * or incident, a printed period; NULL: on nothing.  Caller frees. */
char *explain_about(const struct score *s, const struct score_mark *m);

/* Of a line: by which rule the mark is there, what it is worth under which
 * case, and which rule of a group leaves less of it.  Caller frees. */
char *explain_why(const struct score *s, const struct score_line *line);

/* Of a mark without points: by which rule it is there, and what follows.
 * NULL: the desk marked it, and nothing follows.  Caller frees. */
char *explain_effect(const struct score *s, const struct score_mark *m);

/* The line undoes a mark because its commission was waived: by whom; else
 * NULL.  Borrowed. */
const struct fact_duty *
explain_waiver(const struct score *s, const struct score_line *line);

#endif
