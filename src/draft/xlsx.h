/* xlsx.h - the cells of a ledger that came back (ISO/IEC 29500-1, 18).
 *
 * Only a workbook with our token in some cell is taken for a ledger; of any
 * other one nothing is given.  Formulas are never computed, dates stay the
 * numbers they are, sizes that the file claims are not believed. */
#ifndef DRAFT_XLSX_H
#define DRAFT_XLSX_H

#include "draft/zip.h"

/* What the token of every ledger begins with. */
#define XLSX_TOKEN "baosong-ledger:"

/* What is appended to the token of a workbook that counts days from 1904. */
#define XLSX_1904 "\t1904"

/* Limits of a ledger; an empty cell or row beyond them is no offence. */
enum { XLSX_ROWS = 5000, XLSX_COLUMNS = 50, XLSX_CELL_CHARS = 4000 };

/* Appends to `text` the token on a line of its own, and for every sheet
 * without a token an empty line, its name as [name], and then its rows, one a
 * line, cells parted by tabs; each cell is a line (text_line), rows without
 * cells are left out, and what stands in merged cells stands in each of
 * them.
 * FILE_OK and nothing appended: no ledger.  FILE_OVER_LIMIT,
 * FILE_UNREADABLE: a ledger that is not taken. */
enum file_state
xlsx_read(struct zip *z, const struct draft_limits *limits, GString *text);

#endif
