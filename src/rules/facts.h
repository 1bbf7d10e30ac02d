/* facts.h - what happened, as the evaluator wants it: submissions, marks,
 * commissions, incidents.
 *
 * Filled by whoever keeps facts (the register, an example of a pack), read
 * by score.h.  Only what counts is put in: no withdrawn submission, no
 * revoked mark, no cancelled commission.
 *
 * Units are indices in the pack's roster, submissions and commissions
 * indices in these lists; -1 is none.  Everything added is copied. */
#ifndef RULES_FACTS_H
#define RULES_FACTS_H

#include "base/day.h"
#include "base/decimal.h"

/* Seconds since 1970-01-01 00:00 *on the office's wall clock*, so that the
 * day on which a deadline falls is plain arithmetic. */
typedef gint64 civil_time;

civil_time civil_time_of(civil_day d, int second_of_day);
civil_time civil_time_end(civil_day d); /* 23:59:59: a date alone */
civil_day civil_time_day(civil_time t);
/* The wall clock of an instant. */
civil_time civil_time_at(const struct clock *clock, gint64 instant);

struct fact_submission {
    gint64 id;          /* whatever the filler knows it by */
    const char *number; /* "2019-0012" */
    const char *title;  /* or NULL */
    civil_day day;      /* of receipt */
    civil_time received;
    const int *units; /* first-named first */
    int n_units;
    const decimal *shares; /* one a unit, or NULL: none stated */
    const int *authors;    /* in facts.people, for credit: authors */
    int n_authors;
    int form;  /* in pack.forms, or -1 */
    int words; /* 字数 */
    int commission;
    gboolean withheld; /* its title is not to be published */
};

struct fact_mark {
    gint64 id;        /* order of recording; also decides between equals */
    const char *item; /* a name of the pack, present or former */
    civil_day day;
    int submission; /* -1: then unit is there */
    int unit;       /* on a submission: this one alone gets it */
    decimal quantity;
    gboolean has_amount;
    decimal amount;
    const char *by; /* who recorded it */
    const char *note;
};

struct fact_duty { /* one unit of a commission; each unit once */
    int unit;
    civil_day waived; /* DAY_LAST: never */
    const char *waived_by, *waived_note;
};

struct fact_commission {
    gint64 id;
    const char *number; /* 约稿号 "2019-05" */
    const char *title;
    const char *level; /* 层级, or NULL */
    civil_day day;     /* of issue */
    civil_time due;    /* the last second that is in time */
    const struct fact_duty *duties;
    int n_duties;
};

struct fact_report {
    const char *stage;
    civil_time received;
    int submission; /* or -1 */
};

struct fact_incident {
    gint64 id;
    const char *number;
    const char *name;
    int unit;
    civil_time at; /* hours count from here */
    const struct fact_report *reports;
    int n_reports;
};

struct fact_person {
    const char *name;
    int unit; /* whose class is the person's; -1: none */
};

struct facts {
    GArray *submissions; /* of struct fact_submission, as numbered */
    GArray *marks;       /* of struct fact_mark, ascending ids */
    GArray *commissions; /* of struct fact_commission, as numbered */
    GArray *incidents;   /* of struct fact_incident, as numbered */
    GArray *people;      /* of struct fact_person, each name once */
    GHashTable *names;   /* a person's name -> index + 1 */
    civil_time told;     /* the moment they are of: later deadlines are still
                          * open.  Until it is set none is. */
    GStringChunk *text;
};

/* Nothing is told, and every deadline over. */
struct facts *facts_new(void);
void facts_free(struct facts *f);
typedef struct facts facts;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(facts, facts_free)

/* Append a copy.  Returns its index.  To be called in the order that the
 * list is said to have. */
int facts_add_submission(struct facts *f, const struct fact_submission *s);
int facts_add_mark(struct facts *f, const struct fact_mark *m);
int facts_add_commission(struct facts *f, const struct fact_commission *c);
int facts_add_incident(struct facts *f, const struct fact_incident *i);
/* Gives the index that is there when the name is; its unit stays. */
int facts_add_person(struct facts *f, const char *name, int unit);

/* By index; the index must exist. */
const struct fact_submission *facts_submission(const struct facts *f, int i);
const struct fact_mark *facts_mark(const struct facts *f, int i);
const struct fact_commission *facts_commission(const struct facts *f, int i);
const struct fact_incident *facts_incident(const struct facts *f, int i);
const struct fact_person *facts_person(const struct facts *f, int i);

/* Index by number, -1 if none. */
int facts_find_submission(const struct facts *f, const char *number);
int facts_find_commission(const struct facts *f, const char *number);

#endif
