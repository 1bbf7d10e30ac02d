/* xlsx_cells.h - strings and sheets of a workbook, for xlsx.c. */
#ifndef DRAFT_XLSX_CELLS_H
#define DRAFT_XLSX_CELLS_H

#include "draft/xlsx.h"

struct xlsx {
    struct zip *zip;
    const struct draft_limits *limits;
    GPtrArray *strings;  /* of char*: shared, each a line */
    size_t string_bytes; /* of them all */
    int rows;            /* taken from all sheets so far */
    gboolean over;       /* a limit of a ledger was met */
    gboolean from_1904;  /* days are counted from 1904, else from 1900 */
    char *token;         /* once it was seen */
};

/* Push one part through a parser; e NULL: FILE_OK, nothing to read. */
struct sax_handler;
enum file_state xlsx_parse(struct xlsx *x, const struct zip_entry *e,
                           const struct sax_handler *handler, void *user);

enum file_state xlsx_read_strings(struct xlsx *x, const struct zip_entry *e);

/* Appends the rows to `out`, and a token found instead to x->token: then
 * *lists_out is set. */
enum file_state xlsx_read_sheet(struct xlsx *x, const struct zip_entry *e,
                                GString *out, gboolean *lists_out);

#endif
