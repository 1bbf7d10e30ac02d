/* bulletin_columns.h - the columns of a bulletin's table and what stands in
 * them: one model for the sheets 通报 and 任务完成情况 and for the annex of
 * the 通报. */
#ifndef REPORT_BULLETIN_COLUMNS_H
#define REPORT_BULLETIN_COLUMNS_H

#include "reply/phrases.h"
#include "report/bulletin.h"

enum column_kind {
    COLUMN_RANK,
    COLUMN_ORDINAL, /* where nobody is ranked */
    COLUMN_UNIT,
    COLUMN_OF, /* a person's unit */
    COLUMN_SUBMITTED,
    COLUMN_ADOPTED,
    COLUMN_ITEM,
    COLUMN_EMPTY_GROUP, /* a group of which nothing occurred */
    COLUMN_AMOUNT,      /* in another currency than points */
    COLUMN_ADJUSTMENT,
    COLUMN_POINTS,
    COLUMN_TO_DATE,
    COLUMN_TARGET, /* of a task */
    COLUMN_ACTUAL, /* of a task in one period */
    COLUMN_MET,   /* in how many periods a task was met, where there are many */
    COLUMN_PLACE, /* in another ranking */
    COLUMN_PLACE_VALUE,
    COLUMN_AWARD,
    COLUMN_REMARK, /* why somebody is named */
    COLUMN_OUTCOME /* of all tasks together, in words */
};

struct column {
    enum column_kind kind;
    guint index;        /* of the item, currency or ranking */
    const char *metric; /* of a task */
    const char *period; /* COLUMN_ACTUAL */
    const char *group;  /* upper header, NULL: one header over both rows */
    char *heading;      /* owned by the columns; of several lines maybe */
    double width;       /* in digits */
};

/* The tasks of a unit in all periods, those in a row left out: how many are
 * judged by now, how many of them were met. */
struct task_tally {
    int judged, met;
};

/* Which columns there are. */
enum columns_for {
    COLUMNS_SHEET, /* 通报: all */
    COLUMNS_ANNEX, /* without what the text has: single items, remarks */
    COLUMNS_TASKS  /* the tasks alone, every period of them */
};

struct columns {
    const struct bulletin *b;
    const struct phrases *words;
    enum columns_for what;
    GArray *list;        /* of struct column */
    GHashTable *targets; /* unit, metric, period -> struct bulletin_target */
    GHashTable *met;     /* unit, metric -> how many periods, plus 1 */
    GHashTable *tallies; /* unit -> struct task_tally */
    GHashTable *remarks; /* unit -> char* */
    GStringChunk *texts; /* of cells */
};
typedef struct columns columns;

/* Where a task has more periods than these, 通报 says in how many it was met;
 * each of them stands on the sheet 任务完成情况. */
enum { PERIODS_SHOWN = 4 };

/* The periods of a task in the bulletin: a year has twelve months.  Of const
 * char*, borrowed, in order; caller unrefs. */
GPtrArray *task_periods(const struct bulletin *b, const char *metric);

/* The key of columns.targets, and of columns.met with no period.  Caller
 * frees. */
char *task_key(const char *unit, const char *metric, const char *period);

/* `b` and `words` are borrowed. */
struct columns *columns_new(const struct bulletin *b,
                            const struct phrases *words, enum columns_for what);
void columns_free(struct columns *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(columns, columns_free)

const struct column *column_at(const struct columns *c, int i);
int columns_count(const struct columns *c);

/* The last column of the group that begins at `first` (itself when none). */
int column_group_end(const struct columns *c, int first);

/* ---- what stands in a cell ---- */
enum figure_kind { FIGURE_BLANK, FIGURE_NUMBER, FIGURE_POINTS, FIGURE_TEXT };

struct figure {
    enum figure_kind kind;
    decimal number;
    const char *text; /* borrowed */
    gboolean left;    /* of a text: not centred */
    gboolean unmet;   /* a task that was not met */
};

/* `ordinal` is the row's, from 1. */
struct figure
column_figure(const struct columns *c, int i, const struct bulletin_class *k,
              const struct bulletin_row *row, guint ordinal);

/* The line of totals: what the column adds up to. */
struct figure column_total(const struct columns *c, int i);

/* Do the rows add up to more than the totals (joint submissions)? */
gboolean columns_exceed_totals(const struct columns *c);
/* Has any task this outcome? */
gboolean
columns_any_outcome(const struct columns *c, enum target_outcome outcome);
/* Has the unit a task at all? */
gboolean columns_has_task(const struct columns *c, const char *unit);

/* 一、乡镇（街道）（不参加排名）: over a class's table.  Caller frees. */
char *class_caption(const struct bulletin *b, const struct phrases *words,
                    const struct bulletin_class *k, guint ordinal);

/* The assessed units that sent nothing, or of which nothing was adopted, in
 * the order of the tables.  Of const char*, borrowed; caller unrefs. */
GPtrArray *units_silent(const struct bulletin *b);
GPtrArray *units_unadopted(const struct bulletin *b, gboolean also_silent);

/* Joined by line.separator.  Caller frees. */
char *joined(const struct phrases *words, const GPtrArray *strings);

#endif
