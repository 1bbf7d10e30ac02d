/* doc_boxes.c - see doc_boxes.h. */
#include "draft/doc_boxes.h"

#include "draft/bytes.h"

enum {
    TEXT_BYTES = 22,   /* FTXBXS */
    TEXT_SHAPE = 14,   /* where it names its shape */
    ANCHOR_BYTES = 26, /* Spa: begins with its shape */
    RECORD_HEAD = 8,
    RECORD_CONTAINER = 0xF, /* recVer of one that holds others */
    RECORD_DRAWING = 0xF002,
    RECORD_GROUP = 0xF003,
    RECORD_SHAPE = 0xF00A,
    DRAWING_OF_MAIN = 0
};

/* ---- records of a drawing ---- */

struct record {
    guint type;
    gboolean holds; /* others */
    const guint8 *body;
    size_t len;
};

/* The record at the beginning of [p, p + left). */
static gboolean
record_at(const guint8 *p, size_t left, struct record *out)
{
    if (left < RECORD_HEAD || get32(p + 4) > left - RECORD_HEAD)
        return FALSE;
    out->holds = (get16(p) & 0xF) == RECORD_CONTAINER;
    out->type = get16(p + 2);
    out->body = p + RECORD_HEAD;
    out->len = get32(p + 4);
    return TRUE;
}

/* All shapes of one that stands by itself, or of a group, are drawn where
 * the first of them is: shape => first shape. */
static void
map_shapes(GHashTable *outer, const guint8 *p, size_t left)
{
    struct record r;
    gpointer first = NULL;

    while (record_at(p, left, &r)) {
        size_t n = r.holds ? RECORD_HEAD : RECORD_HEAD + r.len;

        if (r.type == RECORD_SHAPE && r.len >= 4) {
            gpointer shape = GUINT_TO_POINTER(get32(r.body));

            first = first ? first : shape;
            g_hash_table_insert(outer, shape, first);
        }
        p += n;
        left -= n;
    }
}

/* Each that stands directly in the outermost group of the drawing. */
static void
map_drawing(GHashTable *outer, const struct record *drawing)
{
    const guint8 *p = drawing->body, *end = p + drawing->len;
    struct record r;

    while (record_at(p, (size_t)(end - p), &r) && r.type != RECORD_GROUP)
        p = r.body + r.len;
    if (p == end || !record_at(p, (size_t)(end - p), &r))
        return;
    end = r.body + r.len;
    for (p = r.body; record_at(p, (size_t)(end - p), &r); p = r.body + r.len)
        map_shapes(outer, p, RECORD_HEAD + r.len);
}

/* What all drawings share comes first, then the drawings, each behind a byte
 * that says whose it is. */
static void
map_content(GHashTable *outer, const guint8 *p, size_t left)
{
    struct record r;
    gboolean shared = TRUE;

    while (left > 0) {
        size_t label = shared ? 0 : 1;

        if (!record_at(p + label, left - label, &r))
            return;
        if (!shared && p[0] == DRAWING_OF_MAIN && r.type == RECORD_DRAWING)
            map_drawing(outer, &r);
        left -= label + RECORD_HEAD + r.len;
        p = r.body + r.len;
        shared = FALSE;
    }
}

/* ---- anchors ---- */

/* shape => its character + 1. */
static GHashTable *
read_anchors(const guint8 *p, size_t len)
{
    GHashTable *anchors = g_hash_table_new(NULL, NULL);
    size_t n = !p || len < 4 ? 0 : (len - 4) / (4 + ANCHOR_BYTES);

    for (size_t i = 0; i < n; i++)
        g_hash_table_insert(
            anchors,
            GUINT_TO_POINTER(get32(p + 4 * (n + 1) + ANCHOR_BYTES * i)),
            GUINT_TO_POINTER(get32(p + 4 * i) + 1));
    return anchors;
}

static GArray *
read_texts(const guint8 *p, size_t n)
{
    GArray *list = g_array_new(FALSE, TRUE, sizeof(struct doc_box));

    for (size_t i = 0; i < n; i++) {
        struct doc_box box = {.from = get32(p + 4 * i),
                              .to = get32(p + 4 * i + 4)};

        if (box.from > box.to) { /* damaged: the story stands for itself */
            g_array_set_size(list, 0);
            break;
        }
        g_array_append_val(list, box);
    }
    return list;
}

/* From the last to the first, so that each list begins with its first. */
static void
hold(struct doc_boxes *b, const guint8 *shapes, GHashTable *anchors,
     GHashTable *outer)
{
    for (guint i = b->list->len; i-- > 0;) {
        struct doc_box *box = &g_array_index(b->list, struct doc_box, i);
        gpointer shape = GUINT_TO_POINTER(
            get32(shapes + TEXT_BYTES * (size_t)i + TEXT_SHAPE));
        gpointer at = g_hash_table_lookup(anchors, shape);

        if (!at)
            at =
                g_hash_table_lookup(anchors, g_hash_table_lookup(outer, shape));
        if (!at)
            continue;
        box->next = GPOINTER_TO_UINT(g_hash_table_lookup(b->held_by, at));
        g_hash_table_insert(b->held_by, at, GUINT_TO_POINTER(i + 1));
    }
}

void
doc_boxes_read(const struct doc_box_tables *t, struct doc_boxes *out)
{
    g_autoptr(GHashTable) anchors = read_anchors(t->anchors, t->anchors_len);
    g_autoptr(GHashTable) outer = g_hash_table_new(NULL, NULL);
    size_t n = !t->texts || t->texts_len < 4
                   ? 0
                   : (t->texts_len - 4) / (4 + TEXT_BYTES);

    out->list = read_texts(t->texts, n);
    out->held_by = g_hash_table_new(NULL, NULL);
    if (!t->texts || out->list->len == 0)
        return;
    if (t->drawing)
        map_content(outer, t->drawing, t->drawing_len);
    hold(out, t->texts + 4 * (n + 1), anchors, outer);
}

void
doc_boxes_clear(struct doc_boxes *b)
{
    g_clear_pointer(&b->list, g_array_unref);
    g_clear_pointer(&b->held_by, g_hash_table_unref);
}

guint
doc_boxes_held_by(const struct doc_boxes *b, guint32 character)
{
    return GPOINTER_TO_UINT(
        g_hash_table_lookup(b->held_by, GUINT_TO_POINTER(character + 1)));
}
