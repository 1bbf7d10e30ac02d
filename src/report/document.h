/* document.h - an official document as a Word file (.docx), laid out as
 * GB/T 9704-2012 says.
 *
 * The caller gives paragraphs by what they are, never by how they look:
 *
 *   paper     A4, top 37 mm, left 28 mm, text 156 x 225 mm         (5.2.1)
 *   text      3号仿宋 (5.2.2), 22 lines of 28 characters            (5.2.3)
 *   title     2号小标宋, centred                                    (7.3.1)
 *   headings  一、 黑体, （一） 楷体                                (7.3.3)
 *   signature the date four characters from the right, the office centred
 *             over it, for the seal                               (7.3.5.1)
 *   pages     — 1 —, 4号宋体, right on odd pages, left on even ones  (7.5)
 *   annexes   on pages of their own behind the signature          (7.3.7)
 *
 * Tables wider than the page are printed across (8).  Strings are made
 * valid (base/text.h); nothing in the file is a link or a macro, and the
 * same calls give the same bytes. */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include "base/err.h"

enum paragraph {
    PARAGRAPH_NUMBER, /* 发文字号 */
    PARAGRAPH_TITLE,
    PARAGRAPH_TO, /* 主送机关 */
    PARAGRAPH_TEXT,
    PARAGRAPH_HEADING,    /* 一、 */
    PARAGRAPH_SUBHEADING, /* （一） */
    PARAGRAPH_ANNEX,      /* 附件1, on a new page */
    PARAGRAPH_ANNEX_TITLE,
    PARAGRAPH_CAPTION, /* over a table */
    PARAGRAPH_NOTE,    /* small, below a title or a table */
    PARAGRAPH_NUMBER_OF
};

/* Where a font is not installed, the other one is asked for. */
struct document_font {
    const char *name, *other;
};

struct document_options {
    struct document_font title, heading, subheading, text, page;
    const char *name, *author; /* of the file's properties */
    gint64 made;               /* likewise: seconds; never the clock */
};

struct document;
typedef struct document document;

/* A title of more than one line is broken before one of these words (NULL:
 * anywhere), the first line the longer one: 回行时词意完整 (7.3.1). */
struct document *
document_new(const struct document_options *options, const char *const *breaks);
void document_free(struct document *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(document, document_free)

void
document_paragraph(struct document *d, enum paragraph kind, const char *text);

/* 附件：1. … 2. …, a line behind the text (7.3.4).  `head` is 附件：; a
 * single one has no number. */
void document_annex_list(struct document *d, const char *head,
                         const char *const *names, guint n);

/* Office and date as for a seal; they never stand on a page alone. */
void document_sign(struct document *d, const char *office, const char *date);

/* ---- tables ---- */
enum document_merge { MERGE_NONE, MERGE_FIRST, MERGE_BELOW };

struct document_cell {
    const char *text;          /* NULL: empty; lines are separated by \n */
    int span;                  /* how many columns it takes; 0 is 1 */
    enum document_merge merge; /* with the cell below, as in a header */
    gboolean left;             /* not centred */
    gboolean shaded;
};

/* Columns by how many digits they hold.  Turns the page when they need it:
 * to be asked before what stands over the table is written. */
void document_turn_for(struct document *d, const double *widths, int columns);
/* Back upright. */
void document_turn_back(struct document *d);

void document_table(struct document *d, const double *widths, int columns);
/* `cells` of them cover all columns; heads are repeated on every page. */
void document_row(struct document *d, const struct document_cell *cells, int n,
                  gboolean head);
void document_table_end(struct document *d);

/* The file, read again before it is given away.  Caller unrefs. */
enum st document_finish(struct document *d, GBytes **out, struct err *e);

#endif
