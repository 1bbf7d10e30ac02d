/* bulletin.h - the bulletin of a period as data, and as a workbook.
 *
 * The data are plain and complete: whoever computes them (facts, score,
 * ranking) fills a struct bulletin and the writers only set it in type.
 * Strings given to the add functions are copied into the bulletin and live
 * as long as it does; read them as borrowed.  Points are exact decimals. */
#ifndef REPORT_BULLETIN_H
#define REPORT_BULLETIN_H

#include "base/day.h"
#include "base/decimal.h"
#include "base/err.h"

/* What the pack says of a class (standing). */
enum bulletin_standing {
    BULLETIN_RANKED,
    BULLETIN_LISTED,     /* shown without a rank */
    BULLETIN_UNCREDITED, /* counts in totals, credited to nobody */
    BULLETIN_HIDDEN      /* counts in totals, not shown */
};

/* An item of the pack, in the pack's order: a column when it occurred. */
struct bulletin_item {
    const char *name;
    const char *label; /* the name when the pack gives none */
    const char *group; /* upper header: the pack's outermost but one */
};

/* A ranking of the pack beside that of the table: a yearly one over several
 * classes, by the excess over the target. */
struct bulletin_ranking {
    const char *name;
    gboolean per_cent; /* its values are per cent of the target, not points */
};

struct bulletin_place {
    int rank; /* 0: not in it */
    decimal value;
    const char *award; /* NULL: none */
};

struct bulletin_row {
    const char *unit;
    const char *of; /* where a person is credited: his unit; else NULL */
    int rank;       /* 0: not ranked */
    gboolean gone;  /* left before the period: only corrected */
    gint64 submitted;
    gint64 adopted;
    decimal *counts; /* one an item, zeros at first */
    decimal points;
    decimal adjustment;
    decimal to_date;
    decimal *amounts;              /* one a currency */
    struct bulletin_place *places; /* one a ranking */
};

struct bulletin_class {
    const char *name;
    enum bulletin_standing standing;
    GPtrArray *rows; /* of struct bulletin_row, in printing order */
};

/* One adoption of one submission by one item. */
struct bulletin_adoption {
    const char *number; /* 2019-0012, NULL when on no submission */
    const char *title;
    const char *units; /* joined by 、 */
    const char *item;  /* printed label */
    const char *group;
    civil_day date;
    decimal points; /* what it counted for: 0 when it lost */
};

enum commission_outcome {
    COMMISSION_OPEN, /* not yet due */
    COMMISSION_ANSWERED,
    COMMISSION_LATE,
    COMMISSION_MISSED,
    COMMISSION_WAIVED
};

struct bulletin_commission {
    const char *number;
    const char *title;
    const char *level; /* 层级, NULL when none */
    const char *due;   /* "2019-03-10 17:00" or a date */
    const char *unit;
    enum commission_outcome outcome;
    const char *answered; /* when, NULL */
    const char *answer;   /* number of the submission, NULL */
    const char *remark;   /* NULL */
};

struct bulletin_deduction {
    const char *unit;
    const char *item;
    decimal points;
    civil_day date;
    const char *about; /* number of the submission or commission, NULL */
    const char *clause;
    const char *remark; /* NULL */
};

enum target_outcome { TARGET_MET, TARGET_UNMET, TARGET_NOT_YET };

struct bulletin_target {
    const char *unit;
    const char *metric;
    const char *period;    /* printed: 2019年3月份 */
    const char *in_column; /* ... within the year: 3月份; NULL when it is the
                              period of the bulletin */
    decimal target;
    decimal actual;
    gboolean blank; /* no value: actual says nothing */
    gboolean at_most;
    gboolean streak; /* actual counts periods in a row */
    gboolean named;  /* who missed it is criticised by name */
    enum target_outcome outcome;
};

/* Who is named, for what, and why. */
enum bulletin_honour_kind {
    HONOUR_AWARD,
    HONOUR_PRAISE,
    HONOUR_CRITICISM,
    HONOUR_VETO, /* no award this year */
    HONOUR_ZERO  /* all points of this year are 0 */
};

struct bulletin_honour {
    enum bulletin_honour_kind kind;
    const char *unit;
    const char *text;   /* 先进单位, 取消年度评先资格 */
    const char *reason; /* the fact; NULL when the text says all, or for */
    const char *metric; /* the result of a task: its name, else NULL, */
    const char *period; /* printed within the year: 第一季度, */
    const char *actual; /* printed; "" when there was no value, */
    decimal target;
    const char *clause;
    gboolean of_period; /* judged at its end: the day tells nothing more */
    civil_day date;
};

/* Points booked for earlier periods since they were published. */
struct bulletin_adjustment {
    const char *unit;
    const char *item;
    decimal points;
    civil_day date;       /* the day it is booked on */
    const char *about;    /* number, NULL */
    const char *reason;   /* why it changed, NULL */
    const char *currency; /* NULL: points */
};

/* Rules that were in force in the period before those of its end. */
struct bulletin_rules {
    const char *title;
    const char *document; /* 文号, or NULL */
    civil_day until;      /* their last day */
};

/* A line of 说明: a rule with the choice made, or a note of its own. */
struct bulletin_note {
    const char *clause; /* NULL */
    const char *name;   /* of the rule, NULL */
    const char *text;
};

struct bulletin {
    const char *office;
    const char *scope;       /* 全县, 全区, 全市; NULL: from the office */
    const char *period;      /* printed: 2019年3月份 */
    const char *rules_title; /* 郯城县政务信息工作考评办法 */
    const char *rules_document; /* 文号, NULL */
    const char *choices_by;     /* NULL */
    civil_day from, to;         /* of the period */
    civil_day dated;            /* of the bulletin */
    gint64 made;                /* instant, into the file's properties */
    const char *cut_off;        /* 2019年4月1日9时: facts known until */
    gboolean zero_blank;        /* print zeros as blanks */
    gboolean no_points;         /* tasks alone: no points, no ranks */
    gboolean persons;           /* rows are persons, not units */
    gint64 received, adopted;   /* totals, hidden and uncredited included */

    GPtrArray *items;
    GPtrArray *currencies; /* of const char*: 元 */
    GPtrArray *rankings;
    GPtrArray *classes;
    GPtrArray *adoptions;
    GPtrArray *commissions;
    GPtrArray *deductions;
    GPtrArray *targets;
    GPtrArray *honours;
    GPtrArray *adjustments;
    GPtrArray *earlier; /* of struct bulletin_rules, the latest first */
    GPtrArray *notes;
    GStringChunk *strings;
};
typedef struct bulletin bulletin;

struct bulletin *bulletin_new(void);
void bulletin_free(struct bulletin *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bulletin, bulletin_free)

/* A copy that lives as long as the bulletin; NULL stays NULL. */
const char *bulletin_copy(struct bulletin *b, const char *text);

/* All items, currencies and rankings before the first row, which has a
 * figure for each.  Return the index into counts, amounts, places. */
guint bulletin_add_item(struct bulletin *b, const char *name, const char *label,
                        const char *group);
guint bulletin_add_currency(struct bulletin *b, const char *name);
guint
bulletin_add_ranking(struct bulletin *b, const struct bulletin_ranking *r);
struct bulletin_class *bulletin_add_class(struct bulletin *b, const char *name,
                                          enum bulletin_standing standing);
struct bulletin_row *
bulletin_add_row(struct bulletin *b, struct bulletin_class *c,
                 const char *unit);
void
bulletin_add_adoption(struct bulletin *b, const struct bulletin_adoption *a);
void bulletin_add_commission(struct bulletin *b,
                             const struct bulletin_commission *c);
void
bulletin_add_deduction(struct bulletin *b, const struct bulletin_deduction *d);
void bulletin_add_target(struct bulletin *b, const struct bulletin_target *t);
void bulletin_add_honour(struct bulletin *b, const struct bulletin_honour *h);
void bulletin_add_adjustment(struct bulletin *b,
                             const struct bulletin_adjustment *a);
void bulletin_add_earlier(struct bulletin *b, const struct bulletin_rules *r);
void bulletin_add_note(struct bulletin *b, const struct bulletin_note *n);

/* Digits behind the point: all points are printed with as many as the
 * longest of them needs. */
int bulletin_places(const struct bulletin *b);

/* The printed words of the workbook: bulletin.ini of templates/, some of them
 * replaced by that of `own_dir` (may be NULL).  Free with phrases_free(). */
struct phrases;
enum st bulletin_load_words(const char *dir, const char *own_dir,
                            struct phrases **out, struct err *e);

/* 「关于2019年3月份全县政务信息采用情况的通报」.  Caller frees. */
char *bulletin_title(const struct bulletin *b, const struct phrases *words);

/* Write the workbook to `path`: made beside it, opened again and looked
 * through, then renamed (F12r, F14).  Sheets 通报 采用目录 约稿完成情况
 * 扣分情况 任务完成情况, 表扬批评 where somebody is named, 图表 说明. */
enum st
bulletin_write_xlsx(const struct bulletin *b, const struct phrases *words,
                    const char *path, struct err *e);

#endif
