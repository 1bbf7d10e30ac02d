/* doc_boxes.h - where the text boxes of a .doc stand in its main text
 * ([MS-DOC] 2.8.29, 2.8.32; [MS-ODRAW] 2.2.14, 2.2.16).
 *
 * Their text lies in a story of its own; a box belongs to a shape, a shape
 * is drawn at a character of the main text, by itself or in a group. */
#ifndef DRAFT_DOC_BOXES_H
#define DRAFT_DOC_BOXES_H

#include <glib.h>

struct doc_box {
    guint32 from, to; /* its text: characters of the story of boxes */
    guint next;       /* 1 + the next box that the same character holds */
    gboolean placed;  /* for the reader: it has been given out */
};

struct doc_boxes {
    GArray *list;        /* of struct doc_box, as the story has them */
    GHashTable *held_by; /* 1 + character of the main text => 1 + its first
                          * box */
};

/* The three tables, each NULL when the file has none: PlcftxbxTxt,
 * PlcfspaMom, OfficeArtContent. */
struct doc_box_tables {
    const guint8 *texts, *anchors, *drawing;
    size_t texts_len, anchors_len, drawing_len;
};

/* Boxes whose shape is not found are held by no character; without a sound
 * table of texts there are none.  Their texts ascend and do not overlap.
 * Never fails; free with doc_boxes_clear(). */
void doc_boxes_read(const struct doc_box_tables *t, struct doc_boxes *out);
void doc_boxes_clear(struct doc_boxes *b); /* also of one never read */

/* 1 + the first box that the character holds; 0: none. */
guint doc_boxes_held_by(const struct doc_boxes *b, guint32 character);

#endif
