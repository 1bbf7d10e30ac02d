/* standings.h - the table of a period: every unit with its counts, points,
 * rank and tasks.  What `scores`, the bulletin and the letters print. */
#ifndef RULES_STANDINGS_H
#define RULES_STANDINGS_H

#include "rules/ranking.h"
#include "rules/score.h"

struct standing_target {
    const struct pack_measure *measure;
    struct period period;
    const struct pack_target *goal;
    struct ratio actual;
    gboolean blank;  /* no value */
    gboolean judged; /* met says something */
    gboolean met;
};

struct standing_row {
    score_who who;
    int class_index;     /* at the period's end */
    int last_submission; /* while counting */
    int submitted;       /* submissions received in the period, each once */
    int adopted;     /* those of any time adopted in the period, each once */
    decimal *counts; /* one an item: live marks dated in the period, by
                        quantity, also those that lost */
    decimal points;  /* lines dated in the period */
    decimal adjustment;
    decimal to_date; /* from 1 January to the period's end, as now known */
    int rank;        /* 0: not ranked */
    const char *award;
    GArray *targets; /* of struct standing_target */
};

struct standings {
    const struct score *score;
    struct period period;
    const struct pack_ranking *ranking; /* whose ranks these are, or NULL */
    GPtrArray *rows;    /* of struct standing_row: by class, rank, roster */
    GHashTable *by_who; /* who + 1 -> row, borrowed */
    int received;       /* submissions in all, whoever sent them */
    int adopted;
};
typedef struct standings standings;

/* ST_REJECT when a formula of the pack fails. */
enum st standings_new(const struct score *s, const struct period *p,
                      struct standings **out, struct err *e);
void standings_free(struct standings *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(standings, standings_free)

/* NULL when not credited. */
const struct standing_row *
standings_of(const struct standings *t, score_who who);

/* Is this item an adoption (采用)?  One that the pack's measure 采用数
 * counts; in a pack without that measure, one that has 采用 in its own name
 * or in that of a group around it. */
gboolean pack_is_adoption(const struct pack *p, const struct pack_item *item);

#endif
