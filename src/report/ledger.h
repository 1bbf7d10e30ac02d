/* ledger.h - the register of a period as a workbook (台账) that staff fill in
 * and send back.
 *
 * The data are plain: whoever reads the register fills a struct ledger.
 * Grey columns are facts; the yellow ones are the desk's: pairs of item and
 * date, one pair more than the fullest row, and a remark.  A hidden sheet
 * holds the items for the drop-down lists and a token that says what was
 * sent. */
#ifndef REPORT_LEDGER_H
#define REPORT_LEDGER_H

#include "base/day.h"
#include "base/err.h"

/* The guarded columns, in order. */
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
    LEDGER_FACTS
};

struct ledger_mark {
    const char *item; /* unique name */
    civil_day date;
};

struct ledger_row {
    const char *number;
    civil_day day; /* of receipt, and the minute of that day */
    int minute;
    const char *title;
    const char *unit; /* joined by the separator of the bulletin */
    const char *submitter;
    const char *phones;
    const char *category; /* NULL when none */
    int words;
    gboolean words_noted; /* too long or too short: shown in colour */
    const char *similar;  /* 雷同: with which and how much, NULL if none */
    const char *status;
    const char *remark; /* NULL when none */
    GArray *marks;      /* of struct ledger_mark */
};

struct ledger {
    const char *office;
    const char *period; /* printed */
    const char *token;  /* what was sent: the register's own word for it */
    gint64 made;        /* instant, into the file's properties */
    GPtrArray *items;   /* of char*: names for the drop-down lists */
    GPtrArray *rows;    /* of struct ledger_row */
    GStringChunk *strings;
};
typedef struct ledger ledger;

struct ledger *ledger_new(void);
void ledger_free(struct ledger *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ledger, ledger_free)

/* A copy that lives as long as the ledger; NULL stays NULL. */
const char *ledger_copy(struct ledger *l, const char *text);
void ledger_add_item(struct ledger *l, const char *name);

/* Copies the row and its strings; `marks` is ignored, see below. */
struct ledger_row *
ledger_add_row(struct ledger *l, const struct ledger_row *row);
void ledger_add_mark(struct ledger *l, struct ledger_row *row, const char *item,
                     civil_day date);

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

/* Write the workbook to `path`, as bulletin_write_xlsx() does. */
enum st ledger_write_xlsx(const struct ledger *l, const struct phrases *words,
                          const char *path, struct err *e);

#endif
