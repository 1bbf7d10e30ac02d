/* pack.h - a rule pack as resolved structs: what one office's regulation
 * says, ready to be computed with.
 *
 * Pure data: names have become indices, texts decimals and dates; whatever
 * could be wrong in the file has been refused by pack/load.h.  The language
 * is described in docs/rules.md; the fields here bear its words.
 *
 * Strings are owned by the pack unless said otherwise; every optional one
 * is NULL when not given. */
#ifndef RULES_PACK_H
#define RULES_PACK_H

#include "base/decimal.h"
#include "rules/formula.h"
#include "rules/roster.h"
#include "rules/verdict.h"

enum period_kind {
    PERIOD_WEEK,
    PERIOD_MONTH,
    PERIOD_QUARTER,
    PERIOD_HALF,
    PERIOD_YEAR,
    PERIOD_KINDS,
    PERIOD_NONE = -1
};

/* "week", "month", "quarter", "half", "year". */
const char *period_kind_name(enum period_kind kind);

/* Where something stands in its file, for messages; from 1, columns count
 * characters. */
struct place {
    const char *file; /* borrowed: the pack's file or roster_file */
    int line, column;
};

/* Indices in ascending order.  n = 0: the key was not given. */
struct index_set {
    int n;
    int *at;
};

gboolean index_set_has(const struct index_set *set, int index);

/* ---- points ---- */
enum points_kind {
    POINTS_NUMBER,
    POINTS_RANGE,    /* the desk gives the amount, low <= amount <= high */
    POINTS_UNSTATED, /* the regulation gives no number: 0, or a blank */
    POINTS_FORMULA
};

/* The columns of an item's formula. */
enum item_column {
    COLUMN_QUANTITY,
    COLUMN_AMOUNT,
    COLUMN_NTH,
    COLUMN_WORDS,
    COLUMN_BASE,
    COLUMN_FORM, /* the first text */
    COLUMN_CLASS,
    COLUMN_UNIT,
    COLUMN_ACTUAL, /* the first that only items with measures have */
    COLUMN_TARGET,
    ITEM_COLUMNS
};

/* The columns of a measure's formula: all measures by their index, their
 * targets, their bests, then two texts. */
enum measure_column { OF_VALUE, OF_TARGET, OF_BEST, OF_TEXT };

/* An SQL expression behind "=", and what it looks at. */
struct formula {
    char *text;                 /* without the = */
    struct formula_node *top;   /* owned */
    struct index_set measures;  /* named as X, X_target or X_best */
    gboolean base, nth, actual; /* looks at the column of this name */
};

struct points {
    enum points_kind kind;
    decimal number;         /* POINTS_NUMBER */
    decimal low, high;      /* POINTS_RANGE, closed; "0.." is 0 .. DECIMAL_MAX,
                               "-2.." (two or more off) -DECIMAL_MAX .. -2 */
    struct formula formula; /* POINTS_FORMULA */
    struct place place;
};

/* A case: all conditions given must hold. */
struct pack_case {
    struct index_set forms, classes, units;
    GStrv levels;          /* the commission's 层级 is one of these */
    GStrv with_names;      /* items and groups as written, or NULL */
    struct index_set with; /* items: the submission also has such a mark */
    int min_words;         /* -1: not asked */
    int first;             /* one of the first n in its pot; 0: not asked */
    struct points points;
};

/* ---- items ---- */
enum when {
    WHEN_MARKED, /* the desk marks it */
    WHEN_SUBMITTED,
    WHEN_VOLUNTEERED,
    WHEN_ANSWERED,
    WHEN_LATE,
    WHEN_MISSED,
    WHEN_OVERDUE,
    WHEN_MET,
    WHEN_UNMET,
    WHEN_MISSING,
    WHEN_SURPLUS,
    WHEN_PROGRESS,
    WHEN_PERIOD /* every unit, each period of item.period */
};

enum effect {
    EFFECT_NONE,
    EFFECT_PRAISE,
    EFFECT_CRITICISM,
    EFFECT_VETO, /* no award this year */
    EFFECT_ZERO  /* all points of this year are 0 */
};

/* What an item was until a day, under an earlier pack of the office. */
struct pack_past {
    civil_day until;
    const struct pack_item *item; /* of that pack: clause, label; borrowed */
    GArray *cases; /* its cases in the indices of the pack that holds them */
};

struct pack_item {
    int index;
    char *name;
    char *label; /* what is printed; the name unless given */
    char *clause;
    char *choice;
    int group;     /* index, -1: none */
    int root;      /* the outermost group around it, -1: none */
    GArray *cases; /* of struct pack_case; plain `points` is one case without
                      conditions; empty: an item without points */
    enum when when;
    enum period_kind period;   /* of WHEN_PERIOD, else PERIOD_NONE */
    struct index_set measures; /* of WHEN_MET .. WHEN_PROGRESS */
    GArray *named_measures;    /* of int: the same, in the order written; the
                                  first that sets the unit a target gives a
                                  formula its `actual` and `target` */
    char *stage;               /* 初报 续报 终报, or NULL */
    gint64 within_seconds;     /* with stage */
    enum effect effect;
    char *text; /* what the bulletin says; the name unless given */
    GStrv was;  /* earlier names, never NULL */
    struct place place;
    gboolean retired; /* an earlier pack's alone: no mark since this one
                         began */
    GArray *past;     /* of struct pack_past, ascending; see pack_succeed() */
};

struct pack;

gboolean pack_item_has_points(const struct pack_item *item);

/* May a mark of it have this effect: one of today, or one of the time of an
 * earlier pack that said so? */
gboolean pack_item_may(const struct pack_item *item, enum effect effect);

/* Is a group around the item, however far out? */
gboolean
pack_item_inside(const struct pack *p, const struct pack_item *item, int group);

/* What a mark of a day is worth, and what it is called: as the pack in force
 * on that day has it. */
const GArray *pack_item_cases(const struct pack_item *item, civil_day d);
const struct pack_item *pack_item_on(const struct pack_item *item, civil_day d);

/* ---- groups ---- */
#define KEEP_ALL 0

/* What a pot is, bits of pack_group.per; a period kind k is PER_KIND(k). */
enum per {
    PER_SUBMISSION = 1 << 0,
    PER_COMMISSION = 1 << 1,
    PER_OFFICE = 1 << 2
};
#define PER_KIND(kind) (1u << (3 + (unsigned)(kind)))

struct pack_group {
    int index;
    char *name;
    int keep; /* KEEP_ALL or how many marks of one pot count */
    unsigned per;
    gboolean has_most, has_least;
    decimal at_most, at_least;
    int group;      /* the group this one is inside, -1: outermost */
    int root;       /* outermost group, itself if outermost */
    char *currency; /* NULL: points (分) */
    char *clause;
    char *choice;
    struct index_set groups; /* directly inside this one */
    struct index_set items;  /* directly inside this one */
    struct place place;
    gboolean retired; /* an earlier pack's alone, see pack_succeed() */
};

/* ---- measures ---- */
enum measure_kind {
    MEASURE_POINTS,
    MEASURE_COUNT,
    MEASURE_STREAK,
    MEASURE_VALUE
};

struct pack_target {
    struct index_set classes, units;
    gboolean at_most; /* a ceiling, else a floor */
    decimal number;
};

struct pack_measure {
    int index;
    char *name;
    char *clause;
    char *choice;
    enum measure_kind kind;
    GStrv names;            /* items and groups as written, or NULL */
    struct index_set items; /* points, count, streak: what the names select */
    struct points value;    /* MEASURE_VALUE: a number, unstated, a formula */
    struct index_set forms;
    enum period_kind per; /* PERIOD_NONE: not judged */
    GArray *targets;      /* of struct pack_target; empty: no targets */
    struct place place;
};

/* ---- rankings ---- */
enum rank_as { RANK_VALUE, RANK_PERCENT, RANK_EXCESS };

struct pack_award {
    char *name;
    int places;
};

struct pack_ranking {
    int index;
    char *name;
    char *clause;
    char *choice;
    enum period_kind per;
    int by; /* a measure */
    enum rank_as as;
    struct index_set classes;  /* ranked together; none: each class alone */
    struct index_set requires; /* measures that must be met */
    GArray *awards;            /* of struct pack_award */
    struct place place;
};

/* ---- checks on arrival ---- */
enum check_then { THEN_NOTE, THEN_HOLD, THEN_RETURN };

struct pack_check {
    struct reason_list reasons;
    enum check_then then;
    char *clause;
    char *choice;
    struct index_set forms;
    decimal value;        /* words, or per cent for bunching; 0: not given */
    char *text;           /* what no-tag looks for */
    int days;             /* bunching */
    enum period_kind per; /* bunching, else PERIOD_NONE */
    struct place place;
};

/* What bunching is judged by: how many submissions of a unit are recorded that
 * were received on a day of [from, to], without the one that arrives. */
typedef int (*sent_fn)(const struct unit *u, civil_day from, civil_day to,
                       void *user);

/* ---- examples: facts and what must follow, names resolved ---- */

/* A civil minute in the office's zone. */
struct moment {
    civil_day day;
    int minute; /* of the day; -1: a date alone, which means its end */
};

enum fact_kind {
    FACT_SUBMISSION,
    FACT_MARK,
    FACT_COMMISSION,
    FACT_WAIVER,
    FACT_INCIDENT,
    FACT_REPORT
};

struct example_fact {
    enum fact_kind kind;
    struct moment at;
    int times;      /* 0: `times` was not given; else ids are a1 ... an */
    char *id;       /* submit, commission, waive, incident, report */
    char *of;       /* FACT_MARK: a submission (a, or d1 of a repeated one);
                       FACT_SUBMISSION: the commission it answers */
    GArray *units;  /* of int, in the order written; empty: none */
    GArray *shares; /* of decimal */
    GStrv authors;  /* never NULL */
    int form;       /* index in pack.forms, -1: none */
    int words;
    GStrv lacks; /* as written: 联系电话, 签发人 ...; never NULL */
    int drafts;
    int item; /* FACT_MARK */
    decimal quantity;
    gboolean has_amount;
    decimal amount;
    char *level;       /* FACT_COMMISSION */
    struct moment due; /* FACT_COMMISSION */
    char *stage;       /* FACT_REPORT */
    struct place place;
};

enum given {
    GIVEN_NOT,   /* the key is not there: not asked */
    GIVEN_NONE,  /* `none`: it must be blank */
    GIVEN_FALSE, /* of met and has */
    GIVEN_TRUE,
    GIVEN_NUMBER,
    GIVEN_TEXT
};

struct expected {
    enum given given;
    decimal number;
    char *text;
};

struct example_expect {
    char *who;    /* the unit's short name; an author with credit: authors */
    int unit;     /* -1 for an author or a submission */
    char *period; /* as written */
    struct expected points, value, met, missing, rank, award, has, label;
    char *currency;         /* of points */
    int measure;            /* -1: none */
    int ranking;            /* -1: none */
    struct index_set items; /* `item`: that item, or those of the group */
    char *submission;
    gboolean has_verdict;
    enum verdict verdict;
    gboolean has_reasons, has_notes; /* the lists may be empty */
    struct reason_list reasons, notes;
    struct place place;
};

enum refusal { REFUSED_NOT, REFUSED_KEEP, REFUSED_SHARES, REFUSED_AMOUNT };

struct pack_example {
    char *name;
    enum refusal refused; /* instead of expectations */
    GPtrArray *facts;     /* of struct example_fact */
    GPtrArray *expect;    /* of struct example_expect */
    struct place place;
};

/* ---- the pack ---- */
enum joint { JOINT_FULL, JOINT_EQUAL, JOINT_STATED, JOINT_RATIO };
enum credit { CREDIT_UNITS, CREDIT_AUTHORS };
enum senders { SENDERS_REGISTERED, SENDERS_KNOWN_DOMAIN, SENDERS_ANYONE };
enum held_reply { HELD_REPLY_NONE, HELD_REPLY_NOTICE };

/* A period of unusual length under its usual name. */
struct odd_period {
    char *name; /* "2019-Q1" */
    enum period_kind kind;
    civil_day from, to;
};

struct pack {
    char *file;        /* pack.yaml, as given */
    char *roster_file; /* roster.yaml beside it, or NULL */

    char *id; /* `pack` */
    char *title;
    char *document;
    char *note;
    char *roster_note; /* `note` of roster.yaml */
    int version;
    civil_day effective;
    char *choices_by;
    enum joint joint;
    GArray *ratio; /* of gint64, JOINT_RATIO: 2:1 is {2, 1} */
    enum credit credit;
    enum period_kind bulletin;
    int decimals;
    GStrv forms;     /* the categories, never NULL */
    GArray *periods; /* of struct odd_period */
    enum senders senders;
    enum held_reply held_reply;

    struct roster *roster;
    GPtrArray *checks;      /* of struct pack_check */
    GPtrArray *groups;      /* of struct pack_group */
    GPtrArray *items;       /* of struct pack_item */
    GPtrArray *measures;    /* of struct pack_measure */
    GPtrArray *rankings;    /* of struct pack_ranking */
    GPtrArray *examples;    /* of struct pack_example */
    GHashTable *item_names; /* folded name, present or former -> struct
                               pack_item, borrowed */

    /* The same rules with the sample units of the classes instead of the
     * roster: to it the examples belong, and `examples` here is empty.
     * NULL: there are no samples, the examples speak of the roster. */
    struct pack *rehearsal;

    /* The pack of the same office before this one, borrowed; NULL: none.
     * heirs[i] is the item here of its item i, group_heirs likewise. */
    const struct pack *before;
    int *heirs, *group_heirs;
};

struct pack *pack_new(void);
void pack_free(struct pack *p);
typedef struct pack pack;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pack, pack_free)

/* Let a pack follow another of the same office, which must outlive it.
 * Items of the earlier one that this one has no more are added as retired,
 * with groups where they are missing, and selections by group or `all`
 * include them: what was earned before counts on.  Every item learns what
 * it was worth before this pack began. */
void pack_succeed(struct pack *p, const struct pack *before);

/* Of this pack and those that it follows the one in force on a day; before
 * all of them, the first. */
const struct pack *pack_in_force(const struct pack *p, civil_day d);

/* Items by their names, those of groups, or `all`; names that nothing has
 * are passed over. */
void pack_select(const struct pack *p, GStrv names, struct index_set *out);

/* By index; the index must exist. */
struct pack_group *pack_group(const struct pack *p, int index);
struct pack_item *pack_item(const struct pack *p, int index);
struct pack_measure *pack_measure(const struct pack *p, int index);

/* By name, NULL if none; an item by a former name too, and as people write
 * it (width, spaces and case of ASCII letters do not matter). */
struct pack_item *pack_find_item(const struct pack *p, const char *name);
struct pack_group *pack_find_group(const struct pack *p, const char *name);
struct pack_measure *pack_find_measure(const struct pack *p, const char *name);
int pack_find_form(const struct pack *p, const char *name); /* -1: none */

/* Is there a bulletin of this kind of period?  The one that the pack names
 * (`bulletin`), and every longer one in which something is ranked or held to
 * a target: the half-year's table, the year's awards. */
gboolean pack_has_bulletin(const struct pack *p, enum period_kind kind);

/* The items that print this label, of struct pack_item, borrowed; never
 * NULL, maybe empty.  Caller unrefs. */
GPtrArray *pack_items_labelled(const struct pack *p, const char *label);

/* ---- parts of a pack, for the loader and for tests ---- */
struct pack_group *pack_add_group(struct pack *p, const char *name);
struct pack_item *pack_add_item(struct pack *p, const char *name);
struct pack_measure *pack_add_measure(struct pack *p, const char *name);
struct pack_ranking *pack_add_ranking(struct pack *p, const char *name);
struct pack_check *pack_add_check(struct pack *p);
struct pack_example *pack_add_example(struct pack *p, const char *name);
struct example_fact *pack_add_fact(struct pack_example *x);
struct example_expect *pack_add_expect(struct pack_example *x);
void pack_add_case(struct pack_item *item); /* always holds, gives 0 */
void pack_case_clear(gpointer data); /* of a struct pack_case, for arrays */

/* Let an item be found by a former name too. */
void pack_item_was(struct pack *p, struct pack_item *item, const char *name);

/* Set built from indices in any order, each once; `indices` is of int. */
void index_set_take(struct index_set *set, GArray *indices);

#endif
