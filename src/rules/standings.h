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

/* What one line that was published earlier is worth now beside what was
 * published: shown in this period, booked on its own day. */
struct standing_adjustment {
    const char *item; /* the pack's, or the name that was published */
    const char *label, *clause;
    const char *currency; /* NULL: points */
    char *number;         /* of the submission or commission, or NULL */
    civil_day day;
    gboolean of_year; /* of the whole year that ends on `day`, all together */
    decimal published, now;
    decimal points;   /* now - published */
    const char *by;   /* who recorded what counts now; NULL: nobody, or */
    const char *note; /* it is not there any more */
};
void standing_adjustment_free(void *a);

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
    gboolean gone;          /* saw no day of the period: here for what was
                               corrected, with no rank and no tasks */
    GArray *targets;        /* of struct standing_target */
    GPtrArray *adjustments; /* of struct standing_adjustment; those in points
                               add up to adjustment */
};

/* A ranking of the pack for this kind of period. */
struct standing_table {
    const struct pack_ranking *ranking;
    GArray *rows; /* of struct rank_row */
};

struct standings {
    const struct score *score;
    struct period period;
    const struct pack_ranking *ranking; /* whose ranks these are, or NULL */
    GArray *tables;     /* of struct standing_table: all of them, also the
                           one whose ranks these are */
    GPtrArray *rows;    /* of struct standing_row: by class, rank, roster */
    GHashTable *by_who; /* who + 1 -> row, borrowed */
    int received;       /* submissions in all, whoever sent them */
    int adopted;
};
typedef struct standings standings;

/* Is there a row?  One who is credited stands in the table of a period of
 * which he saw a day, in the class of the last one, unless that is credited
 * to nobody; and whoever has something booked in it, be it after his end. */
gboolean
standings_has(const struct score *s, score_who who, const struct period *p);

/* ST_REJECT when a formula of the pack fails. */
enum st standings_new(const struct score *s, const struct period *p,
                      struct standings **out, struct err *e);
void standings_free(struct standings *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(standings, standings_free)

/* Lines that were published, as they were: all that a bulletin knew of days
 * since `from`; those of days before `detail` are totals of a year, dated on
 * its last day and without a number.  Several of one thing add up. */
struct published_line {
    char *who; /* short name of the unit, or the person's */
    char *of;  /* of a person, the short name of his unit; else NULL */
    char *item;
    char *number;   /* or NULL */
    char *currency; /* NULL: points */
    civil_day day;
    decimal points;
};
struct published {
    civil_day from, detail;
    civil_day to;     /* the last day of the bulletin's period */
    GPtrArray *lines; /* of struct published_line */
};
typedef struct published published;
struct published *published_new(civil_day to);
/* Adds a copy. */
void published_add(struct published *p, const struct published_line *line);
void published_free(struct published *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(published, published_free)

/* What is known of all days until the period's end, as a bulletin keeps it:
 * line by line since the first of January of the year before, and for each
 * earlier year what every item gave each unit, so that a bulletin does not
 * grow with the age of the office.  Caller frees. */
struct published *standings_known(const struct standings *t);

/* Set every row's adjustment: what is known now about the days before this
 * period, less what was published of them (NULL: nothing was, and there is
 * nothing to adjust).  Who left gets a row when he has one.  Ranks follow. */
enum st standings_adjust(struct standings *t, const struct published *before,
                         struct err *e);

/* What somebody gets in a currency: in the period and by adjustments. */
decimal standing_amount(const struct standings *t, const struct standing_row *r,
                        const char *currency);

/* The number that a mark hangs on (of a submission or commission), NULL when
 * on none.  Borrowed. */
const char *mark_number(const struct facts *f, const struct score_mark *m);

/* What stays when names change: the short name of a unit, or the person's
 * name.  JSON calls it "unit".  Borrowed. */
const char *standings_key(const struct score *s, score_who who);

/* NULL when not credited. */
const struct standing_row *
standings_of(const struct standings *t, score_who who);

/* The row of whoever gets what the unit earns on the period's last day; the
 * unit may be of another pack's roster. */
const struct standing_row *
standings_of_unit(const struct standings *t, const struct unit *u);

/* Is this item an adoption (采用)?  One that the pack's measure 采用数
 * counts; in a pack without that measure, one that has 采用 in its own name
 * or in that of a group around it. */
gboolean pack_is_adoption(const struct pack *p, const struct pack_item *item);

/* Is this item counted in points, and not in another currency? */
gboolean pack_is_points(const struct pack *p, const struct pack_item *item);

/* Is any item?  Else there are tasks alone, and nobody is told of points. */
gboolean pack_has_points(const struct pack *p);

/* The currency of what an item gives, NULL: points.  Borrowed. */
const char *item_currency(const struct pack *p, const struct pack_item *item);

#endif
