/* doc.c - see doc.h.
 *
 * The text of a .doc lies in pieces of the WordDocument stream, one behind
 * the other in character positions; the stories (main text, notes, headers,
 * text boxes) share these positions, in a fixed order. */
#include "draft/doc.h"

#include "base/text.h"
#include "draft/bytes.h"
#include "draft/doc_boxes.h"
#include "draft/doc_runs.h"
#include "draft/fields.h"
#include "draft/ole_properties.h"
#include "draft/symbols.h"

#include <string.h>

enum {
    FIB_BYTES = 0x1AA, /* as far as the piece table's place */
    FIB_MAGIC = 0xA5EC,
    FIB_WORD97 = 0xC1, /* older ones have another layout */
    FLAG_ENCRYPTED = 0x0100,
    FLAG_TABLE_1 = 0x0200,
    AT_VERSION = 0x02,
    AT_FLAGS = 0x0A,
    AT_STORIES = 0x4C, /* seven or eight counts of characters */
    AT_CHARACTER_PAGES = 0xFA,
    AT_PARAGRAPH_PAGES = 0x102,
    AT_PIECES = 0x1A2,
    AT_BOX_ANCHORS = 0x1DA, /* these three: FIB_BYTES may be all there is */
    AT_DRAWING = 0x22A,
    AT_BOX_TEXTS = 0x25A,
    CLX_MODIFIERS = 1,
    CLX_PIECES = 2,
    PIECE_BYTES = 8,
    FC_COMPRESSED = 1 << 30
};

/* In the order of their character positions. */
enum story {
    STORY_MAIN,
    STORY_FOOTNOTES,
    STORY_HEADERS,
    STORY_MACROS, /* always empty since Word 97 */
    STORY_COMMENTS,
    STORY_ENDNOTES,
    STORY_BOXES,
    STORY_HEADER_BOXES,
    STORY_COUNT
};

/* Characters with a meaning (2.4.1 and sprmCFSpec). */
enum {
    CHAR_CELL = 0x07,
    CHAR_DRAWN = 0x08, /* a shape is drawn here */
    CHAR_TAB = 0x09,
    CHAR_LINE = 0x0B,
    CHAR_PAGE = 0x0C,
    CHAR_PARAGRAPH = 0x0D,
    CHAR_COLUMN = 0x0E,
    CHAR_FIELD_BEGIN = 0x13,
    CHAR_FIELD_SEPARATE = 0x14,
    CHAR_FIELD_END = 0x15,
    CHAR_HYPHEN = 0x1E
};

struct doc {
    GBytes *main_stream, *table_stream; /* owned */
    const guint8 *main, *table;
    size_t main_len, table_len;
    const guint8 *positions; /* of the pieces: n + 1 character positions */
    const guint8 *pieces;    /* n descriptors */
    guint32 n_pieces;
    GArray *modifiers; /* of struct doc_look, named by pieces */
    GArray *runs;      /* of struct doc_run: deleted, hidden, symbols */
    GArray *row_ends;  /* of struct doc_run */
    struct doc_boxes boxes;
    guint32 boxes_at; /* where their story begins, and its length */
    guint32 boxes_len;
    size_t limit; /* of bytes of text */
};

static void
doc_clear(struct doc *d)
{
    g_clear_pointer(&d->main_stream, g_bytes_unref);
    g_clear_pointer(&d->table_stream, g_bytes_unref);
    g_array_free(d->modifiers, TRUE);
    g_array_free(d->runs, TRUE);
    g_array_free(d->row_ends, TRUE);
    doc_boxes_clear(&d->boxes);
}

/* ---- the tables ---- */

/* A table named by the FIB at `at`: place and length in the table stream. */
static const guint8 *
fib_table(const struct doc *d, size_t at, size_t *len_out)
{
    guint32 place, len;

    if (!within(at, 8, d->main_len))
        return NULL;
    place = get32(d->main + at);
    len = get32(d->main + at + 4);
    if (!within(place, len, d->table_len))
        return NULL;
    *len_out = len;
    return d->table + place;
}

static gboolean
load_pieces(struct doc *d, const guint8 *p, size_t len)
{
    if (len < 4 + 4 + PIECE_BYTES)
        return FALSE;
    d->n_pieces = (guint32)((len - 4) / (4 + PIECE_BYTES));
    d->positions = p;
    d->pieces = p + 4 * ((size_t)d->n_pieces + 1);
    for (guint32 i = 0; i < d->n_pieces; i++)
        if (get32(p + 4 * (size_t)i) > get32(p + 4 * (size_t)i + 4))
            return FALSE;
    return TRUE;
}

/* The Clx: lists of modifiers that pieces may name, then the pieces. */
static gboolean
load_clx(struct doc *d)
{
    size_t len, at = 0;
    const guint8 *p = fib_table(d, AT_PIECES, &len);

    while (p && within(at, 5, len)) {
        if (p[at] == CLX_PIECES) {
            size_t n = get32(p + at + 1);

            return within(at + 5, n, len) && load_pieces(d, p + at + 5, n);
        }
        if (p[at] != CLX_MODIFIERS || !within(at + 3, get16(p + at + 1), len))
            return FALSE;
        struct doc_look look = {0};
        doc_look_apply(&look, p + at + 3, get16(p + at + 1));
        g_array_append_val(d->modifiers, look);
        at += 3 + (size_t)get16(p + at + 1);
    }
    return FALSE;
}

static gboolean
load_runs(struct doc *d, size_t at, enum doc_plcf which, GArray *runs)
{
    size_t len;
    const guint8 *p = fib_table(d, at, &len);

    return p && doc_runs_read(which, p, len, d->main, d->main_len, runs);
}

/* Where they are damaged, the boxes are read behind the main text. */
static void
load_boxes(struct doc *d)
{
    struct doc_box_tables t = {0};

    t.texts = fib_table(d, AT_BOX_TEXTS, &t.texts_len);
    t.anchors = fib_table(d, AT_BOX_ANCHORS, &t.anchors_len);
    t.drawing = fib_table(d, AT_DRAWING, &t.drawing_len);
    doc_boxes_read(&t, &d->boxes);
}

static enum file_state
load_streams(struct doc *d, const struct ole *o)
{
    unsigned flags;

    d->main_stream = ole_read(o, "WordDocument", G_MAXINT32);
    if (!d->main_stream)
        return FILE_UNREADABLE;
    d->main = g_bytes_get_data(d->main_stream, &d->main_len);
    if (d->main_len < FIB_BYTES || get16(d->main) != FIB_MAGIC ||
        get16(d->main + AT_VERSION) < FIB_WORD97)
        return FILE_UNREADABLE;
    flags = get16(d->main + AT_FLAGS);
    if (flags & FLAG_ENCRYPTED)
        return FILE_ENCRYPTED;
    d->table_stream =
        ole_read(o, flags & FLAG_TABLE_1 ? "1Table" : "0Table", G_MAXINT32);
    if (!d->table_stream)
        return FILE_UNREADABLE;
    d->table = g_bytes_get_data(d->table_stream, &d->table_len);
    return FILE_OK;
}

static enum file_state
doc_load(struct doc *d, const struct ole *o)
{
    enum file_state state = load_streams(d, o);

    if (state != FILE_OK)
        return state;
    if (!load_clx(d) ||
        !load_runs(d, AT_CHARACTER_PAGES, DOC_CHARACTERS, d->runs) ||
        !load_runs(d, AT_PARAGRAPH_PAGES, DOC_PARAGRAPHS, d->row_ends))
        return FILE_UNREADABLE;
    load_boxes(d);
    return FILE_OK;
}

/* ---- text ---- */

struct writer {
    const struct doc *doc;
    GString *out;
    struct fields fields;
    guint16 high; /* first half of a surrogate pair */
    guint32 cp;   /* position of the next character */
    GArray *held; /* main text: boxes that wait for their paragraph to end, of
                   * guint as doc_boxes_held_by(); NULL elsewhere */
    enum file_state state; /* of the boxes put so far */
};

static enum file_state
put_story(const struct doc *d, guint32 from, guint32 to, GString *out);

/* ---- boxes ---- */

/* Its last paragraph mark belongs to the story, not to the box. */
static enum file_state
put_box(const struct doc *d, struct doc_box *box, GString *out)
{
    enum file_state state =
        put_story(d, d->boxes_at + MIN(box->from, d->boxes_len),
                  d->boxes_at + MIN(box->to, d->boxes_len), out);

    box->placed = TRUE;
    if (out->len >= 2 && out->str[out->len - 2] == '\n' &&
        out->str[out->len - 1] == '\n')
        g_string_truncate(out, out->len - 1);
    return state;
}

static void
end_line(GString *s)
{
    if (s->len > 0 && s->str[s->len - 1] != '\n')
        g_string_append_c(s, '\n');
}

static int
by_number(gconstpointer a, gconstpointer b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;

    return x < y ? -1 : x > y;
}

/* Behind the paragraph that holds them, in the order of their own story. */
static void
put_held(struct writer *w)
{
    if (w->held)
        g_array_sort(w->held, by_number);
    for (guint i = 0; w->held && i < w->held->len; i++) {
        guint next = g_array_index(w->held, guint, i);

        while (next && w->state == FILE_OK) {
            struct doc_box *box =
                &g_array_index(w->doc->boxes.list, struct doc_box, next - 1);

            end_line(w->out);
            w->state = put_box(w->doc, box, w->out);
            next = box->next;
        }
    }
    if (w->held && w->held->len > 0) {
        end_line(w->out);
        g_array_set_size(w->held, 0);
    }
}

static void
hold_boxes(struct writer *w)
{
    guint first = w->held ? doc_boxes_held_by(&w->doc->boxes, w->cp) : 0;

    if (first)
        g_array_append_val(w->held, first);
}

/* What stands in a deletion goes with it. */
static void
drop_boxes(const struct writer *w, guint32 n)
{
    for (guint32 i = 0; w->held && i < n; i++) {
        guint next = doc_boxes_held_by(&w->doc->boxes, w->cp + i);

        while (next) {
            struct doc_box *box =
                &g_array_index(w->doc->boxes.list, struct doc_box, next - 1);

            box->placed = TRUE;
            next = box->next;
        }
    }
}

/* ---- characters ---- */

/* Windows-1252; its five holes are no characters. */
static gunichar
from_cp1252(guint8 c)
{
    gunichar u = text_of_reference(c);

    return u >= 0x80 && u < 0xA0 ? 0xFFFD : u;
}

static void
put_plain(struct writer *w, gunichar c)
{
    if (w->high && c >= 0xDC00 && c < 0xE000) {
        c = 0x10000 + ((gunichar)(w->high - 0xD800) << 10) + (c - 0xDC00);
        w->high = 0;
    } else if (w->high) {
        w->high = 0;
        g_string_append(w->out, "\xEF\xBF\xBD");
    }
    if (c >= 0xD800 && c < 0xDC00)
        w->high = (guint16)c;
    else
        g_string_append_unichar(w->out, g_unichar_validate(c) ? c : 0xFFFD);
}

/* A cell's mark is a tab, the mark behind the last cell makes it a line. */
static void
put_cell_mark(struct writer *w, guint32 fc)
{
    const struct doc_run *r = doc_runs_find(w->doc->row_ends, fc);
    GString *s = w->out;

    if (w->held && w->held->len > 0) {
        put_held(w);
        if (s->len > 0) /* the mark stands for its end */
            g_string_truncate(s, s->len - 1);
    }
    if (!r || r->from > fc)
        g_string_append_c(s, '\t');
    else if (s->len > 0 && s->str[s->len - 1] == '\t')
        s->str[s->len - 1] = '\n';
    else
        g_string_append_c(s, '\n');
}

static void
put_char(struct writer *w, gunichar c, guint32 fc)
{
    switch (c) {
    case CHAR_FIELD_BEGIN:
        fields_begin(&w->fields);
        return;
    case CHAR_FIELD_SEPARATE:
        fields_separate(&w->fields);
        return;
    case CHAR_FIELD_END:
        fields_end(&w->fields);
        return;
    default:
        break;
    }
    if (w->fields.codes > 0)
        return;
    if (c == CHAR_PARAGRAPH || c == CHAR_LINE || c == CHAR_PAGE ||
        c == CHAR_COLUMN)
        g_string_append_c(w->out, '\n');
    if (c == CHAR_PARAGRAPH)
        put_held(w);
    else if (c == CHAR_DRAWN)
        hold_boxes(w);
    else if (c == CHAR_CELL)
        put_cell_mark(w, fc);
    else if (c == CHAR_HYPHEN)
        g_string_append_c(w->out, '-');
    else if (c >= 0x20 || c == CHAR_TAB)
        put_plain(w, c);
}

static void
put_symbol(struct writer *w, const struct doc_look *look)
{
    /* the font's number means nothing without the list of fonts; the codes
     * that offices use are Wingdings' */
    if (w->fields.codes == 0)
        g_string_append_unichar(w->out, symbol_char("Wingdings", look->symbol));
}

/* `n` characters from file position `fc`. */
static void
put_run(struct writer *w, guint32 fc, guint32 n, gboolean compressed)
{
    const guint8 *p = w->doc->main + fc;

    for (guint32 i = 0; i < n; i++, w->cp++) {
        if (compressed)
            put_char(w, from_cp1252(p[i]), fc + i);
        else
            put_char(w, get16(p + 2 * (size_t)i), fc + 2 * i);
    }
}

/* Characters [from, to) of a piece whose text begins at `fc`, without what
 * is deleted or hidden. */
static void
put_span(struct writer *w, guint32 fc, guint32 n, gboolean compressed)
{
    guint32 width = compressed ? 1 : 2, end = fc + n * width;

    while (fc < end) {
        const struct doc_run *r = doc_runs_find(w->doc->runs, fc);

        if (!r || r->from > fc) {
            n = ((r ? MIN(r->from, end) : end) - fc + width - 1) / width;
            put_run(w, fc, n, compressed);
        } else {
            n = (MIN(r->to, end) - fc + width - 1) / width;
            if (r->look.deleted || r->look.hidden)
                drop_boxes(w, n);
            else
                put_symbol(w, &r->look);
            w->cp += n;
        }
        fc += n * width;
    }
}

static gboolean
piece_is_dropped(const struct doc *d, guint16 prm)
{
    const struct doc_look *look;

    if (!(prm & 1)) /* one modifier, named by a short number */
        return (((prm >> 1) & 0x7F) == 0x41 || ((prm >> 1) & 0x7F) == 0x5C) &&
               (prm >> 8) == 1;
    if ((guint)(prm >> 1) >= d->modifiers->len)
        return FALSE;
    look = &g_array_index(d->modifiers, struct doc_look, prm >> 1);
    return look->deleted || look->hidden;
}

/* The part of piece i that lies within character positions [from, to). */
static enum file_state
put_piece(struct writer *w, guint32 i, guint32 from, guint32 to)
{
    const struct doc *d = w->doc;
    const guint8 *piece = d->pieces + PIECE_BYTES * (size_t)i;
    guint32 first = get32(d->positions + 4 * (size_t)i);
    guint32 last = get32(d->positions + 4 * (size_t)i + 4);
    guint32 fc = get32(piece + 2);
    gboolean compressed = (fc & FC_COMPRESSED) != 0;
    size_t width = compressed ? 1 : 2, skip, n;

    if (last <= from || first >= to || piece_is_dropped(d, get16(piece + 6)))
        return FILE_OK;
    skip = first < from ? from - first : 0;
    n = MIN(last, to) - first - skip;
    fc &= FC_COMPRESSED - 1;
    if (compressed)
        fc /= 2;
    if (!within(fc + skip * width, n * width, d->main_len))
        return FILE_UNREADABLE;
    w->cp = (guint32)(first + skip);
    put_span(w, (guint32)(fc + skip * width), (guint32)n, compressed);
    if (w->state != FILE_OK)
        return w->state;
    return w->out->len > d->limit ? FILE_OVER_LIMIT : FILE_OK;
}

/* The first piece that ends behind character position cp. */
static guint32
find_piece(const struct doc *d, guint32 cp)
{
    guint32 low = 0, high = d->n_pieces;

    while (low < high) {
        guint32 middle = low + (high - low) / 2;

        if (get32(d->positions + 4 * ((size_t)middle + 1)) <= cp)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum file_state
put_pieces(struct writer *w, guint32 from, guint32 to)
{
    const struct doc *d = w->doc;
    enum file_state state = FILE_OK;

    for (guint32 i = find_piece(d, from);
         i < d->n_pieces && get32(d->positions + 4 * (size_t)i) < to &&
         state == FILE_OK;
         i++)
        state = put_piece(w, i, from, to);
    return state;
}

static enum file_state
put_story(const struct doc *d, guint32 from, guint32 to, GString *out)
{
    struct writer w = {.doc = d, .out = out};

    return put_pieces(&w, from, to);
}

/* With its boxes in their places. */
static enum file_state
put_main(const struct doc *d, guint32 n, GString *out)
{
    g_autoptr(GArray) held = g_array_new(FALSE, FALSE, sizeof(guint));
    struct writer w = {.doc = d, .out = out, .held = held};
    enum file_state state = put_pieces(&w, 0, n);

    put_held(&w); /* those that no paragraph followed */
    return state == FILE_OK ? w.state : state;
}

/* Boxes that no character of the main text holds, behind it; and what the
 * table of boxes does not know. */
static enum file_state
put_left_boxes(const struct doc *d, GString *out)
{
    const GArray *list = d->boxes.list;
    enum file_state state = FILE_OK;
    guint32 known = 0;

    for (guint i = 0; i < list->len && state == FILE_OK; i++) {
        struct doc_box *box = &g_array_index(list, struct doc_box, i);

        if (!box->placed)
            state = put_box(d, box, out);
        known = box->to;
    }
    if (state == FILE_OK && known < d->boxes_len)
        state =
            put_story(d, d->boxes_at + known, d->boxes_at + d->boxes_len, out);
    return state;
}

/* What goes to the margins, to be looked through for markings. */
static gboolean
story_is_margin(enum story s)
{
    return s != STORY_MAIN && s != STORY_COMMENTS;
}

static enum file_state
put_stories(struct doc *d, GString *text, GString *margins)
{
    guint32 at[STORY_COUNT + 1] = {0};
    enum file_state state;

    for (int s = STORY_MAIN; s < STORY_COUNT; s++) {
        guint32 n = get32(d->main + AT_STORIES + 4 * (size_t)s);

        if (n > G_MAXINT32 - at[s])
            return FILE_UNREADABLE;
        at[s + 1] = at[s] + n;
    }
    d->boxes_at = at[STORY_BOXES];
    d->boxes_len = at[STORY_BOXES + 1] - at[STORY_BOXES];
    state = put_main(d, at[STORY_MAIN + 1], text);
    if (state == FILE_OK)
        state = put_left_boxes(d, text);
    for (int s = STORY_MAIN; s < STORY_COUNT && state == FILE_OK; s++)
        if (story_is_margin((enum story)s))
            state = put_story(d, at[s], at[s + 1], margins);
    return state;
}

enum file_state
doc_read(const struct ole *o, const struct draft_limits *limits, GString *text,
         GString *margins)
{
    struct doc d = {.limit = limits->text_bytes};
    enum file_state state;

    d.modifiers = g_array_new(FALSE, FALSE, sizeof(struct doc_look));
    d.runs = g_array_new(FALSE, FALSE, sizeof(struct doc_run));
    d.row_ends = g_array_new(FALSE, FALSE, sizeof(struct doc_run));
    state = doc_load(&d, o);
    if (state == FILE_OK)
        state = put_stories(&d, text, margins);
    if (state == FILE_OK && ole_has_anywhere(o, "_VBA_PROJECT"))
        state = FILE_MACRO;
    ole_properties_read(o, margins);
    doc_clear(&d);
    return state;
}
