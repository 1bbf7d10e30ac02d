/* ranking.h - who stands where in a period, and who is honoured. */
#ifndef RULES_RANKING_H
#define RULES_RANKING_H

#include "rules/score.h"

struct rank_row {
    score_who who;
    int class_index;
    struct ratio value; /* the measure, or per cent of its target */
    int rank;           /* equals share one; the next is one more for each */
    const char *award;  /* NULL: none */
    gboolean vetoed;    /* ranked, but no award this year */
};

/* Best first, equals by name; who is blank, not of the classes ranked, or
 * short of `requires` is not there.  `more` (by score_who; may be NULL) is
 * added to the value of a ranking by points: what an adjustment gives.  Of
 * struct rank_row, owned by the array. */
enum st ranking_new(const struct score *s, const struct pack_ranking *r,
                    const struct period *p, const decimal *more, GArray **out,
                    struct err *e);

/* The marks with an effect that somebody has in a year, as known on a day:
 * praise, criticism, veto, zero.  Of struct score_mark, borrowed; caller
 * unrefs. */
GPtrArray *score_effects(const struct score *s, enum effect effect,
                         score_who who, int year, civil_day known);

#endif
