/* doc_runs.h - the runs of a .doc that are not plain text: what its
 * character and paragraph properties say ([MS-DOC] 2.8.5, 2.8.6, 2.9.33). */
#ifndef DRAFT_DOC_RUNS_H
#define DRAFT_DOC_RUNS_H

#include <glib.h>

/* Properties that one list of modifiers (grpprl) sets. */
struct doc_look {
    gboolean deleted; /* a tracked deletion */
    gboolean hidden;
    gboolean row_end; /* the mark that ends a row, not a cell */
    guint16 symbol;   /* the character shown instead; 0: none */
    guint16 font;     /* of the symbol: its number */
};

/* A range of file positions [from, to) that has some of them. */
struct doc_run {
    guint32 from, to;
    struct doc_look look;
};

/* Apply a grpprl of `len` bytes; what is cut off is left out of account. */
void doc_look_apply(struct doc_look *look, const guint8 *grpprl, size_t len);

enum doc_plcf { DOC_CHARACTERS, DOC_PARAGRAPHS };

/* The runs worth knowing, ascending and apart, from a PlcfBteChpx or
 * PlcfBtePapx of `plcf_len` bytes and the pages in the WordDocument stream.
 * FALSE when it is damaged.  *runs gets struct doc_run. */
gboolean doc_runs_read(enum doc_plcf which, const guint8 *plcf, size_t plcf_len,
                       const guint8 *main, size_t main_len, GArray *runs);

/* The run that holds `fc`, or else the first behind it; NULL: none. */
const struct doc_run *doc_runs_find(const GArray *runs, guint32 fc);

#endif
