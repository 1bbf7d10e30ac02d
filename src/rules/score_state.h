/* score_state.h - the inside of the evaluator, shared by score*.c only.
 *
 * A mark concerns one or more; what it is worth to one of them is a *gain*.
 * Gains whose pots may ever meet form a *contest*: a contest is judged again
 * only on a day that touched it, and nothing outside it has any influence.
 * docs/scoring.md explains why that is the whole truth. */
#ifndef RULES_SCORE_STATE_H
#define RULES_SCORE_STATE_H

#include "rules/score.h"

struct contest;

/* What one mark is worth to one of those it concerns. */
struct gain {
    struct live_mark *mark;
    score_who who;
    struct ratio share;
    struct contest *contest;
    struct gain *next; /* in its contest */
    int nth;           /* among its kind in its pot, from 1 */
    gboolean valued;   /* `value` is up to date */
    gboolean booked;   /* has its first line */
    gboolean refused;  /* the amount is missing or outside its range */
    int rule;          /* the case that gives the value, or -1 */
    guint64 lasting;   /* of an inherited mark: see lasting_cases() */
    decimal value;     /* before its groups */
    decimal left;      /* while its groups decide */
    decimal worth;     /* as booked */
    enum line_why why;
    const struct pack_group *group;
    const struct score_mark *other;
};

struct live_mark {
    struct score_mark m; /* first: a score_mark is a live_mark */
    gint64 order;        /* among the marks of its item on one day */
    guint seq;           /* order of becoming known */
    gboolean alive;
    gboolean known;     /* has become known */
    gboolean inherited; /* from a score under the pack before */
    struct live_mark *next_of_submission;
    int n_gains; /* 0 when the item has no points */
    struct gain *gains;
};

/* The marks of one cluster of groups that share a key. */
struct contest {
    int cluster;
    gboolean touched;
    gboolean whole; /* more than new gains to judge */
    struct gain *first;
    /* in a cluster that keeps: those that count, and the first gain that was
     * judged; the ones before it are new */
    GPtrArray *best;
    struct gain *judged;
};

/* ---- what is worked out about a pack once ---- */

struct item_plan {
    int cluster;      /* -1: no points */
    int level;        /* of its marks: 0, or after what they result from */
    gboolean counts;  /* a value depends on nth */
    gboolean looks;   /* on other marks of the submission */
    gboolean changes; /* on something that changes from day to day */
    gboolean watched; /* some other item looks at such marks */
    gboolean ceiling; /* a result that may come before its period ends */
    int *counted_by;  /* measures that count such marks */
    int n_counted_by;
};

struct refused { /* one fact, and why */
    enum refusal why;
    int mark;       /* index in facts, or -1 */
    int submission; /* whose shares do not fit, likewise */
};

/* Items whose marks may meet in a pot. */
struct cluster {
    const struct pack_group *top; /* highest group that decides, or NULL */
    unsigned per;                 /* what all groups below tell apart */
    gboolean office;              /* some pot is shared by all */
    gboolean alone;               /* nothing meets anything */
    gboolean keeps;               /* one pot, of which the best count; the
                                     values do not change */
    int level;                    /* after the marks that it needs */
};

struct plan {
    struct item_plan *items;
    int n_items;
    struct cluster *clusters;
    int n_clusters;
    int *measure_level;
    int levels;            /* highest level of all */
    gboolean zeroing;      /* some item has effect: zero */
    struct index_set *all; /* items in points, by currency: see plan_all() */
    GPtrArray *currencies; /* of const char*, [0] is NULL: points proper */
};

/* Places of names among all names, to decide between equals.  Made when they
 * are asked for: the score of one submission hardly ever does. */
struct ranks {
    int *item, *who; /* NULL: not made yet */
};

/* What a measure counted last for somebody.  It is asked for day after day,
 * by every item that goes by the measure; it changes with his marks only. */
struct count {
    gboolean made;
    gboolean current; /* asked for on the day `known` itself */
    civil_day from, known;
    struct ratio value;
};

/* Everything that an evaluation makes lives and dies with it. */
struct arena {
    GPtrArray *blocks;
    gsize block; /* size of the last one */
    gsize left;  /* in it */
};

struct score {
    const struct pack *p;
    const struct facts *f;
    struct calendar cal;
    civil_day upto;
    civil_day since; /* marks of earlier days come from the score before */
    struct plan plan;

    int n_units, n_who;
    GArray *credited;    /* of int */
    struct ranks *ranks; /* owned */
    GHashTable *people;  /* name -> index in facts.people */

    struct arena arena;    /* marks, gains, contests, lines */
    GPtrArray *marks;      /* of struct live_mark, all ever made */
    GPtrArray **who_marks; /* by who: known marks in order of days */
    struct live_mark **submission_marks; /* by submission: known marks */
    GPtrArray *lines;      /* of struct score_line, in order of days */
    decimal moved;         /* how far all lines together, up and down */
    GPtrArray **who_lines; /* by who; NULL: none */
    GPtrArray *unknown;
    GHashTable *item_of; /* a fact's item, by the pointer to its name */
    GArray *shares;      /* of struct credit_share, while one is made */
    GHashTable *zeroed;  /* who and year -> how many reasons */

    GHashTable *contests;  /* struct contest_key -> struct contest */
    GPtrArray *bests;      /* of GPtrArray: contest.best, to be freed */
    GArray *spare_bags;    /* score_pots.c: not in use just now */
    GPtrArray **touched;   /* by level: contests to judge today */
    gboolean *is_credited; /* by who: gets points in his own right */
    gboolean *who_touched;
    struct count **counts; /* by measure, then who: the last one asked for;
                              NULL: none was */
    GArray *whos_today;    /* of int: who was touched today */
    GHashTable *best;      /* memo of X_best columns */

    civil_day today;
    guint seq;
    GArray *refused; /* of struct refused: of the packs before, then ours */
    gboolean refusal_known;
    int depth;       /* of bases looked at */
    int measuring;   /* depth of measures looked at */
    gboolean failed; /* `error` says why */
    struct err error;
};

/* ---- score_plan.c ---- */
enum st plan_make(struct score *s, struct err *e);
void plan_clear(struct plan *plan);
int rank_of_item(const struct score *s, int item);
int rank_of_who(const struct score *s, score_who who);
/* Items with points in a currency (NULL: points proper). */
const struct index_set *plan_all(const struct score *s, const char *currency);

/* ---- score_marks.c: the marks that follow from facts alone ---- */
void marks_make(struct score *s);
struct live_mark *mark_new(struct score *s, const struct pack_item *item,
                           enum mark_source source, civil_day day);
void mark_credit_one(struct score *s, struct live_mark *m, score_who who);
score_who credited_unit(const struct score *s, int unit, civil_day d);

/* ---- score_value.c: what a mark is worth by itself ---- */
void gain_value(struct score *s, struct gain *c);
gboolean mark_concerns(const struct score_mark *m, score_who who);
/* Those of the first 64 cases of the item, a bit each, whose conditions about
 * what does not change any more hold: form, class, unit, level, words.  A
 * later pack may not have the forms and classes to ask for them again. */
guint64 lasting_cases(const struct score *s, const struct gain *c);

/* ---- score_pots.c: what groups leave of it ---- */
struct pot_key {
    int n;
    gint64 part[3 + PERIOD_KINDS];
};

/* Which pot of this kind a credit falls into. */
void pot_key_of(const struct score *s, unsigned per, gboolean office,
                const struct gain *c, struct pot_key *out);
int pot_key_compare(const struct pot_key *a, const struct pot_key *b);
/* Order in which later marks give way: by day, then names, then order. */
int
gain_compare(const struct score *s, const struct gain *a, const struct gain *b);
/* Let the groups from `top` down decide about these gains: from `value`
 * to `left`. */
void
pots_decide(struct score *s, const struct pack_group *top, GPtrArray *gains);

/* What pots_decide() works with, kept from contest to contest. */
GArray *bags_new(void);
void bags_free(GArray *bags);

/* Gains of one pot of `g`, which keeps so many: the best first, `left` of
 * the others becomes 0. */
void pot_keep(struct score *s, const struct pack_group *g, GPtrArray *gains);

/* ---- score_contest.c: judging what a day touched, and booking it ---- */
void contest_join(struct score *s, struct gain *c);
/* The same without judging: nothing is new about it. */
void contest_rejoin(struct score *s, struct gain *c);
void contest_touch(struct score *s, struct contest *contest);
void contests_judge(struct score *s, int level);
GHashTable *contests_new(void);

/* ---- score_run.c: from day to day ---- */
void score_run(struct score *s);
gboolean zeroed_on(const struct score *s, score_who who, civil_day day);
void who_touch(struct score *s, score_who who);
void mark_list(struct score *s, struct live_mark *m);
/* One reason more, or less, why somebody's year counts for nothing. */
void zero_year(struct score *s, score_who who, civil_day day, int change);

/* ---- score_after.c: what a score under the pack before hands on ---- */
void marks_inherit(struct score *s, const struct score *before);

/* ---- score.c ---- */
/* n things of a size, all zero, until the score is freed. */
gpointer score_alloc(struct score *s, gsize n, gsize size);
/* The last day on which the desk did something. */
civil_day refusal_day(const struct score *s);
void refusal_add(struct score *s, enum refusal why, int mark, int submission);
/* What of all that the desk should not have recorded; once. */
void refusal_find(struct score *s);

/* ---- score_measure.c ---- */
decimal lines_sum(const struct score *s, const struct index_set *items,
                  score_who who, civil_day from, civil_day to);
GHashTable *best_new(void);
/* Marks of this item have changed for somebody. */
void
counts_forget(struct score *s, const struct pack_item *item, score_who who);
/* A measure over [from, to] as known on a day. */
gboolean
measure_value(struct score *s, const struct pack_measure *m, score_who who,
              const struct period *p, civil_day known, struct ratio *out);
void
measure_judge(struct score *s, const struct pack_measure *m, score_who who,
              const struct period *p, civil_day known, struct measured *out);
/* What a formula gives; FALSE: a blank, or the score has failed. */
gboolean formula_value(struct score *s, const struct points *p,
                       formula_column column, gpointer self, decimal *out);
struct formula_cell number_cell(gboolean blank, struct ratio r);
struct formula_cell text_cell(const char *text); /* NULL: a blank */

/* The first failure is kept and ends the evaluation. */
void score_fail(struct score *s, const char *format, ...) G_GNUC_PRINTF(2, 3);

int year_of_day(civil_day d);

#endif
