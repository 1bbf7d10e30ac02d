/* ledger_read.h - a ledger that came back, from the cells that the reader
 * found in it (draft/xlsx.h).  Columns are known by their heading, wherever
 * they stand now.  Pure. */
#ifndef REPORT_LEDGER_READ_H
#define REPORT_LEDGER_READ_H

#include "report/ledger.h"

struct returned_mark {
    gboolean has_column;  /* the column of the item is still there */
    char *item;           /* as written, "" when the cell is empty */
    char *written;        /* the date as written, "" when there is none */
    civil_day day;        /* DAY_NONE: none was written, or it is no date */
    int month, month_day; /* "3月12日": a date that lacks its year; else 0 */
};

struct returned_row {
    /* As ledger_row_facts() puts them; NULL: the column is gone. */
    char *facts[LEDGER_FACTS];
    GArray *marks; /* of struct returned_mark: 标注1, 标注2 ... */
    char *remark;  /* NULL: the column is gone */
};

struct returned {
    char *token;
    char *sheet;       /* the name of the one that was taken */
    GPtrArray *others; /* of char*: sheets with numbers that were not */
    GPtrArray *rows;   /* of struct returned_row that have a number */
    GPtrArray *added;  /* of char*: what rows without a number say, somebody
                          wrote them below; a lone word (合计) is none */
};
typedef struct returned returned;

/* NULL: there is no sheet with a column of numbers. */
struct returned *ledger_read(const char *text, const struct phrases *words);
void returned_free(struct returned *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(returned, returned_free)

/* The heading of a guarded column.  Borrowed. */
const char *ledger_heading(const struct phrases *words, enum ledger_fact f);

#endif
