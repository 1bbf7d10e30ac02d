/* sheet_rows.h - the rows of one large sheet, written by ourselves.
 *
 * libxlsxwriter takes an allocation, a tree node and an fprintf an attribute
 * for every cell, and compresses at a level that nobody can choose.  Here a
 * row becomes XML at once (ECMA-376-1, 18.3.1.73 row, 18.3.1.4 c, texts
 * inside their cells, 18.3.1.53 is) and is deflated into a file without a
 * name: no row stays in memory.  sheet_splice.h puts them into a workbook
 * that the library has made.  What a cell says is the library's to the byte.
 *
 * Nobody but sheet.c calls this: texts come from sheet_string(). */
#ifndef REPORT_SHEET_ROWS_H
#define REPORT_SHEET_ROWS_H

#include "base/err.h"

#include <stdio.h>

struct sheet_rows;
typedef struct sheet_rows sheet_rows;

/* Rows from `first` (the sheet's first is 0) of so many columns.  The file is
 * made beside `path`, where the workbook will be. */
enum st sheet_rows_new(const char *path, int first, int columns,
                       struct sheet_rows **out, struct err *e);
void sheet_rows_free(struct sheet_rows *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sheet_rows, sheet_rows_free)

/* The next row's cells, from left to right; `format` is the number that the
 * library gave to it (18.8.45 xf).  An empty text is a cell without value. */
void
sheet_rows_text(struct sheet_rows *r, int column, const char *text, int format);
void sheet_rows_number(struct sheet_rows *r, int column, double n, int format);
void sheet_rows_end(struct sheet_rows *r, double height);

/* The row that is being written, and how many are. */
int sheet_rows_at(const struct sheet_rows *r);
int sheet_rows_count(const struct sheet_rows *r);

/* All rows and what follows them in the sheet, deflated (RFC 1951). */
struct sheet_rows_packed {
    FILE *file; /* borrowed, at its beginning */
    guint32 crc;
    guint64 packed, size; /* bytes deflated and inflated */
};

/* No more rows: behind them comes `rest`.  What went wrong with any of them
 * is said here: ST_RETRY, EXIT_IO. */
enum st sheet_rows_finish(struct sheet_rows *r, const char *rest,
                          struct sheet_rows_packed *out, struct err *e);

#endif
