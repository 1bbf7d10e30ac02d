/* document_parts.h - the parts of a .docx that are not its text, for
 * document.c alone. */
#ifndef REPORT_DOCUMENT_PARTS_H
#define REPORT_DOCUMENT_PARTS_H

#include "report/document.h"

#define DOCUMENT_W                                                             \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"" \
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"        \
    "relationships\""

/* Twips, twentieths of a point. */
enum {
    PAGE_SHORT = 11906,       /* 210 mm */
    PAGE_LONG = 16838,        /* 297 mm */
    MARGIN_TOP = 2098,        /* 37 mm */
    MARGIN_BOTTOM = 1984,     /* 35 mm: what 225 mm of text leave */
    MARGIN_LEFT = 1587,       /* 28 mm */
    MARGIN_RIGHT = 1474,      /* 26 mm: what 156 mm of text leave */
    FOOTER_DISTANCE = 1400,   /* the dash is 7 mm below the text */
    TEXT_WIDTH = 8845,        /* 156 mm */
    TEXT_WIDTH_ACROSS = 12756 /* 225 mm */
};

/* A character is drawn in by a quarter of a point, so that 28 of 16 points
 * stand in 156 mm; a line is 28.95 points, so that 22 stand in 225 mm. */
enum { TEXT_SIZE = 32 /* half-points */, CHARACTER = 315, LINE = 579 };

struct document_part {
    const char *name;
    char *xml; /* owned by whoever frees the array */
};

/* All but word/document.xml: of struct document_part, freed with it. */
GArray *document_parts(const struct document_options *options);

#endif
