/* bulletin_sheets.h - the parts of the bulletin workbook, for
 * bulletin_*.c alone. */
#ifndef REPORT_BULLETIN_SHEETS_H
#define REPORT_BULLETIN_SHEETS_H

#include "report/bulletin_words.h"
#include "report/sheet.h"

/* Where a class stands on the sheet 通报, for its chart. */
struct class_place {
    const struct bulletin_class *class_;
    int first, last; /* rows of units */
};

struct bulletin_writer {
    const struct bulletin *b;
    const struct phrases *words;
    struct book *book;
    GArray *places;    /* of struct class_place: shown classes with units */
    int points_column; /* on 通报 */
    int places_shown;  /* digits behind the point, the same everywhere */
};

/* ---- words ---- */

const char *word(const struct bulletin_writer *w, const char *name);

/* ---- sheets, in this order ---- */

void bulletin_main_sheet(struct bulletin_writer *w);
void bulletin_adoptions_sheet(struct bulletin_writer *w);
void bulletin_commissions_sheet(struct bulletin_writer *w);
void bulletin_deductions_sheet(struct bulletin_writer *w);
void bulletin_targets_sheet(struct bulletin_writer *w);
void bulletin_honours_sheet(struct bulletin_writer *w);
void bulletin_charts_sheet(struct bulletin_writer *w);
void bulletin_notes_sheet(struct bulletin_writer *w);

#endif
