/* sheet_splice.h - rows of our own put into a workbook of libxlsxwriter's.
 *
 * The library makes everything of the workbook but the rows of one sheet, of
 * which it writes the last one empty: so it knows how far they reach.  Here
 * the archive is written again: each part as it is, bytes deflated by the
 * library, but that sheet with our rows (sheet_rows.h) in that row's place. */
#ifndef REPORT_SHEET_SPLICE_H
#define REPORT_SHEET_SPLICE_H

#include "report/sheet_rows.h"

/* Write the file again with `rows` in the sheet of this number (the first is
 * 1).  The library's empty row is the one before sheet_rows_at().  `name` is
 * the workbook's for the sentence.  ST_RETRY when it cannot be written,
 * ST_FATAL when the library made something else than this expects; the file
 * is then good for nothing. */
enum st sheet_splice(const char *file, int sheet, struct sheet_rows *rows,
                     const char *name, struct err *e);

#endif
