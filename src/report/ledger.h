/* ledger.h - the register of a period as a workbook (台账) that staff fill in
 * and send back.
 *
 * The data are plain: whoever reads the register gives one row after the
 * other, and none is kept, so that 50,000 rows take no more memory than ten.
 * Grey columns are facts; the yellow ones are the desk's: pairs of item and
 * date, and a remark.  A sheet explains the colours; a hidden one holds the
 * items for the drop-down lists and a token that says what was sent. */
#ifndef REPORT_LEDGER_H
#define REPORT_LEDGER_H

#include "base/day.h"
#include "base/err.h"

/* The guarded columns, in order.  Those up to the status stand in front of
 * the desk's own, where scripts look for them by position; the others stand
 * behind. */
enum ledger_fact {
    LEDGER_NUMBER,
    LEDGER_RECEIVED,
    LEDGER_TITLE,
    LEDGER_UNIT,
    LEDGER_SUBMITTER,
    LEDGER_PHONES,
    LEDGER_CATEGORY,
    LEDGER_WORDS,
    LEDGER_SIMILAR,
    LEDGER_STATUS,
    LEDGER_FRONT, /* so many stand in front */
    LEDGER_NOTES = LEDGER_FRONT,
    LEDGER_FILE,
    LEDGER_FACTS
};

struct ledger_mark {
    char *item; /* unique name */
    civil_day date;
};

struct ledger_row {
    char *number;
    civil_day day; /* of receipt, and the minute of that day */
    int minute;
    char *title;
    char *unit;      /* joined by the separator of the bulletin */
    char *submitter; /* NULL when none, as every text below */
    char *phones;
    char *category;
    int words;
    char *similar; /* 查重: with which, and how much */
    char *status;
    char *notes; /* what is to be looked at, in words */
    char *file;  /* name of the draft's file */
    char *remark;
    GArray *marks; /* of struct ledger_mark */
};

/* An empty one, which owns its strings and marks. */
struct ledger_row *ledger_row_new(void);
void ledger_row_free(struct ledger_row *row);
typedef struct ledger_row ledger_row;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ledger_row, ledger_row_free)

void ledger_row_mark(struct ledger_row *row, const char *item, civil_day date);

/* A word of the notes and the column that is coloured where a row has it. */
struct ledger_finding {
    const char *word;
    enum ledger_fact where;
};

/* What is said of all rows.  Everything is borrowed. */
struct ledger {
    const char *office;
    const char *period; /* printed */
    const char *token;  /* what was sent: the register's own word for it;
                           NULL: to be looked at only */
    gint64 made;        /* instant, into the file's properties */
    int pairs;          /* of item and date: one more than the fullest row */
    const GPtrArray *items; /* of char*: names for the drop-down lists */
    const struct ledger_finding *findings;
    size_t n_findings;
};

/* What staff had before them, for comparing with what comes back: the facts
 * separated by tabs, "2019-03-05 09:30" for the time; and the marks, an
 * item, a tab and "2019-03-12" a line.  Callers free. */
char *ledger_row_facts(const struct ledger_row *row);
char *ledger_row_marks(const struct ledger_row *row);

/* The printed words: ledger.ini of templates/, some of them replaced by
 * that of `own_dir` (may be NULL).  Free with phrases_free(). */
struct phrases;
enum st ledger_load_words(const char *dir, const char *own_dir,
                          struct phrases **out, struct err *e);

/* A workbook to become `path`, row by row.  `l` and `words` must outlive it.
 * What goes wrong with a row is said at the end. */
struct ledger_writer;
enum st
ledger_begin(const struct ledger *l, const struct phrases *words,
             const char *path, struct ledger_writer **out, struct err *e);
void ledger_put(struct ledger_writer *w, const struct ledger_row *row);

/* Write it, look whether it is well made, and rename it into place; as
 * book_publish() does. */
enum st ledger_end(struct ledger_writer *w, struct err *e);

void ledger_writer_free(struct ledger_writer *w);
typedef struct ledger_writer ledger_writer;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ledger_writer, ledger_writer_free)

#endif
