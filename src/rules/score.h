/* score.h - what facts are worth under a pack.
 *
 * One rule of time: the standing on a day is what everything known by the
 * end of that day is worth; a line is booked on the day the standing
 * changes.  A score is computed once, up to a day, by walking from day to
 * day and looking again only at what the day touched (docs/scoring.md);
 * then everything about any day or period until then can be asked.
 *
 * Pure: no clock, file, socket or database.  Pack and facts are borrowed
 * and must outlive the score.  Pointers given back are the score's. */
#ifndef RULES_SCORE_H
#define RULES_SCORE_H

#include "base/err.h"
#include "rules/facts.h"
#include "rules/period.h"
#include "rules/ratio.h"

/* ---- what there is ---- */

/* Who gets points: a unit of the roster (its index), or with credit:
 * authors a person (roster size + index in facts.people). */
typedef int score_who;

enum mark_source {
    MARK_DESK,       /* recorded by the desk */
    MARK_SUBMISSION, /* made by a submission's arrival */
    MARK_COMMISSION, /* by a commission's deadline */
    MARK_INCIDENT,   /* by a report or its absence */
    MARK_PERIOD,     /* by a period's beginning */
    MARK_RESULT      /* by a target met or missed */
};

struct credit_share {
    score_who who;
    struct ratio share;
};

/* One reason for points: an item, a day, who is credited. */
struct score_mark {
    const struct pack_item *item;
    enum mark_source source;
    civil_day day;                /* known from its day on ... */
    civil_day until;              /* ... and before this one; DAY_LAST */
    int submission;               /* in facts, or -1 */
    int commission;               /* likewise */
    int incident;                 /* likewise */
    int unit;                     /* MARK_COMMISSION: who was asked, else -1 */
    const struct fact_mark *fact; /* MARK_DESK, else NULL */
    struct period period;         /* MARK_PERIOD, MARK_RESULT */
    struct ratio quantity;
    struct ratio actual, target; /* MARK_RESULT */
    gboolean has_actual;
    int n_who;
    struct credit_share *who; /* owned by the score */
};

/* What else follows from it, as the pack of its day says. */
enum effect score_mark_effect(const struct score_mark *m);

/* Why a line is what it is. */
enum line_why {
    WHY_FULL,   /* the mark counts in full */
    WHY_LOST,   /* another mark of its pot counts instead */
    WHY_CUT,    /* a pot's at-most or at-least took part of it */
    WHY_ZEROED, /* all points of the year are 0 */
    WHY_GONE    /* the mark is no more: waived, answered, mended */
};

/* A change of what a mark is worth to somebody, booked on a day.  A mark of
 * an item with points has at least one, on the day it became known, be it
 * of 0 points. */
struct score_line {
    score_who who;
    civil_day day;
    const struct score_mark *mark;
    decimal points;   /* the change: may undo what was booked before */
    decimal worth;    /* what the mark counts for from this day on */
    decimal value;    /* what it would count for if nothing were above it */
    int rule;         /* which case of the item, as the pack of the mark's day
                         has it, gives the value; -1: none holds */
    gboolean refused; /* the amount is missing or outside its range */
    enum line_why why;
    const struct pack_group *group; /* WHY_LOST, WHY_CUT: whose rule; of the
                                       pack in force on `day` */
    const struct score_mark *other; /* WHY_LOST: the best that counts */
};

struct score;
typedef struct score score;

/* Evaluate until `upto`.  ST_REJECT with a sentence when a number is larger
 * or finer than can be reckoned exactly, or something depends on itself. */
enum st score_new(const struct pack *pack, const struct facts *facts,
                  civil_day upto, struct score **out, struct err *e);
/* The same, where `before` is the score under the pack that this one follows
 * (pack_succeed()), until the day before this one begins, of the same facts.
 * What was booked before stays as it is; marks of that time keep what they
 * are worth, and meet the new ones in the groups of this pack.  `before` may
 * be freed, its pack may not. */
enum st score_new_after(const struct score *before, const struct pack *pack,
                        const struct facts *facts, civil_day upto,
                        struct score **out, struct err *e);
void score_free(struct score *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(score, score_free)

const struct pack *score_pack(const struct score *s);
const struct facts *score_facts(const struct score *s);
const struct calendar *score_calendar(const struct score *s);
civil_day score_upto(const struct score *s);

/* Facts that the desk may not record under this pack: more marks than an
 * office-wide pot keeps, shares that are missing or do not add up to 1, an
 * amount missing or outside its range.  *mark_out or *submission_out say
 * which (an index in facts, else -1); each may be NULL. */
enum refusal
score_refusal(const struct score *s, int *mark_out, int *submission_out);
/* Of one mark (its index in facts), or of the submission that it is on,
 * whatever else is refused. */
enum refusal score_refusal_of(const struct score *s, int mark);

/* Marks of the desk whose item the pack in force on their day does not have,
 * or makes by itself: they are worth nothing.  Of struct fact_mark, borrowed,
 * in the order of recording. */
const GPtrArray *score_unknown(const struct score *s);

/* ---- who ---- */

/* Everybody who is credited and shown or hidden: roster order (units with
 * credit-to and those of an uncredited class left out), or people. */
int score_n_credited(const struct score *s);
score_who score_credited(const struct score *s, int i);
/* Everybody there is: 0 .. n-1 are valid for score_who. */
int score_n_who(const struct score *s);
/* Printed name of a unit, or the person's. */
const char *score_who_name(const struct score *s, score_who who);
/* By any name of a unit, or a person's; -1: none. */
score_who score_find_who(const struct score *s, const char *name);
/* Index in roster.classes on a day, -1 when unknown. */
int score_class_of(const struct score *s, score_who who, civil_day d);
/* Does it exist on some day of [from, to]? */
gboolean
score_meets(const struct score *s, score_who who, civil_day from, civil_day to);
/* Does it exist during the whole of [from, to]? */
gboolean score_exists(const struct score *s, score_who who, civil_day from,
                      civil_day to);

/* ---- points ---- */

/* What the items (NULL: all in points, not in another currency) are worth to
 * somebody between two days, both included. */
decimal score_points(const struct score *s, const struct index_set *items,
                     score_who who, civil_day from, civil_day to);
/* Points in a currency (NULL: points proper). */
decimal score_currency(const struct score *s, const char *currency,
                       score_who who, civil_day from, civil_day to);

/* The lines booked for somebody in [from, to], in order of days.  Of struct
 * score_line, borrowed; caller unrefs the array.  Their `points` add up to
 * score_points() (in every currency). */
GPtrArray *
score_lines(const struct score *s, score_who who, civil_day from, civil_day to);

/* Marks dated in [from, to] that concern somebody and live on `known` (on
 * score_upto() when that is earlier), also those of items without points and
 * those whose points are 0. */
GPtrArray *score_marks(const struct score *s, score_who who, civil_day from,
                       civil_day to, civil_day known);

/* ---- measures and targets ---- */
struct measured {
    gboolean blank; /* no value */
    struct ratio value;
    const struct pack_target *goal; /* NULL: no task */
    gboolean judged;                /* met says something */
    gboolean met;
    gboolean has_missing; /* a floor, and the period is over */
    struct ratio missing; /* how far below it, at least 0 */
};

/* A measure of somebody over a period as known at its end; over an open one
 * as known on score_upto(). */
enum st score_measure(const struct score *s, const struct pack_measure *m,
                      score_who who, const struct period *p,
                      struct measured *out, struct err *e);

#endif
