/* rtf.c - see rtf.h.
 *
 * Groups nest; each inherits what the one around it has set.  A group may
 * be a destination: text that goes elsewhere or nowhere. */
#include "draft/rtf.h"

#include "draft/symbols.h"
#include "message/charset.h"

#include <stdlib.h>
#include <string.h>

enum {
    WORD_BYTES_MAX = 32,
    FONTS_MAX = 10000,
    CHARSET_DEFAULT = 1, /* of a font: what \ansicpg says */
    CHARSET_SYMBOL = 2
};

enum destination {
    TO_TEXT,
    TO_MARGINS,
    TO_BOX,     /* a text box: behind its paragraph */
    TO_FONTS,   /* the font table */
    TO_NOTHING, /* but a destination inside may lead elsewhere */
    TO_SKIP     /* with everything inside */
};

struct group {
    enum destination to;
    enum destination around; /* of \upr: where its Unicode half goes */
    gboolean hidden, deleted;
    int font;
    int fallback; /* \uc: characters that stand in for a \u */
};

struct rtf {
    const guint8 *at, *end;
    const struct draft_limits *limits;
    GString *text, *margins; /* borrowed */
    GString *boxes;
    GArray *outer; /* of struct group: those around `now` */
    struct group now;
    GString *bytes; /* read, of the font's charset, not yet decoded */
    GHashTable *charset_of_font;
    int code_page, default_font, defined_font;
    int skip;         /* characters still to be left out behind a \u */
    gunichar high;    /* first half of a surrogate pair */
    gboolean starred; /* \* was read: leave out what we do not know */
};

/* ---- output ---- */

static GString *
target(const struct rtf *r)
{
    if (r->now.hidden || r->now.deleted)
        return NULL;
    switch (r->now.to) {
    case TO_TEXT:
        return r->text;
    case TO_MARGINS:
        return r->margins;
    case TO_BOX:
        return r->boxes;
    default:
        return NULL;
    }
}

static const char *
code_page_label(int page, char *buffer, size_t size)
{
    switch (page) {
    case 936:
    case 54936:
        return "gb18030";
    case 950:
        return "big5";
    case 932:
        return "shift_jis";
    case 949:
        return "euc-kr";
    case 65001:
        return "utf-8";
    default:
        if (page < 1250 || page > 1258)
            return NULL; /* guess */
        g_snprintf(buffer, size, "windows-%d", page);
        return buffer;
    }
}

static int
font_charset(const struct rtf *r)
{
    gpointer value;

    return g_hash_table_lookup_extended(
               r->charset_of_font, GINT_TO_POINTER(r->now.font), NULL, &value)
               ? GPOINTER_TO_INT(value)
               : CHARSET_DEFAULT;
}

/* \fcharset to a code page; the document's own for the rest. */
static int
font_code_page(const struct rtf *r)
{
    static const int pages[][2] = {{128, 932},  {129, 949},  {134, 936},
                                   {136, 950},  {161, 1253}, {162, 1254},
                                   {163, 1258}, {177, 1255}, {178, 1256},
                                   {186, 1257}, {204, 1251}, {238, 1250}};
    int charset = font_charset(r);

    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++)
        if (pages[i][0] == charset)
            return pages[i][1];
    return r->code_page;
}

static void
append_symbols(GString *out, const GString *bytes)
{
    for (size_t i = 0; i < bytes->len; i++)
        g_string_append_unichar(
            out, symbol_char("Wingdings", 0xF000u | (guint8)bytes->str[i]));
}

/* Decode what has been collected. */
static void
flush(struct rtf *r)
{
    GString *out = target(r);
    char label[32];

    if (out && r->bytes->len > 0) {
        r->high = 0;
        if (font_charset(r) == CHARSET_SYMBOL)
            append_symbols(out, r->bytes);
        else
            charset_append(
                out, code_page_label(font_code_page(r), label, sizeof label),
                r->bytes->str, r->bytes->len);
    }
    g_string_truncate(r->bytes, 0);
}

static void
put(struct rtf *r, const char *utf8)
{
    GString *out = target(r);

    if (out)
        g_string_append(out, utf8);
}

static void
put_byte(struct rtf *r, guint8 byte)
{
    if (r->skip > 0)
        r->skip--;
    else if (target(r))
        g_string_append_c(r->bytes, (char)byte);
}

static void
put_unicode(struct rtf *r, int value)
{
    gunichar c = (gunichar)(value < 0 ? value + 0x10000 : value);
    GString *out = target(r);

    r->skip = r->now.fallback;
    if (!out)
        return;
    if (c >= 0xF000 && c <= 0xF0FF)
        c = symbol_char("Wingdings", c);
    if (r->high && c >= 0xDC00 && c < 0xE000)
        c = 0x10000 + ((r->high - 0xD800) << 10) + (c - 0xDC00);
    r->high = c >= 0xD800 && c < 0xDC00 ? c : 0;
    if (!r->high)
        g_string_append_unichar(out, g_unichar_validate(c) ? c : 0xFFFD);
}

static void
put_boxes(struct rtf *r)
{
    g_string_append_len(r->text, r->boxes->str, (gssize)r->boxes->len);
    g_string_append_len(r->margins, r->boxes->str, (gssize)r->boxes->len);
    g_string_truncate(r->boxes, 0);
}

static void
end_paragraph(struct rtf *r)
{
    put(r, "\n");
    if (r->now.to == TO_TEXT)
        put_boxes(r);
}

static void
end_row(struct rtf *r)
{
    GString *out = target(r);

    if (out && out->len > 0 && out->str[out->len - 1] == '\t')
        out->str[out->len - 1] = '\n';
    else
        put(r, "\n");
}

/* ---- control words ---- */

enum action {
    DO_BIN,
    DO_BOX,
    DO_CHARSET,
    DO_CODE_PAGE,
    DO_DEFAULT_FONT,
    DO_DELETED,
    DO_ENTER, /* a starred destination whose text is ours */
    DO_FALLBACK,
    DO_FONT,
    DO_FONTS,
    DO_HALVES,
    DO_HIDDEN,
    DO_MARGIN,
    DO_NOTHING,
    DO_PARAGRAPH,
    DO_PLAIN,
    DO_ROW,
    DO_SKIP,
    DO_TEXT,
    DO_UNICODE,
    DO_UNICODE_HALF
};

struct control {
    const char *word;
    enum action action;
    const char *text; /* of DO_TEXT */
};

/* Sorted by word. */
static const struct control controls[] = {
    {"ansicpg", DO_CODE_PAGE, NULL},
    {"author", DO_MARGIN, NULL},
    {"bin", DO_BIN, NULL},
    {"bullet", DO_TEXT, "•"},
    {"category", DO_MARGIN, NULL},
    {"cell", DO_TEXT, "\t"},
    {"colortbl", DO_SKIP, NULL},
    {"column", DO_TEXT, "\n"},
    {"company", DO_MARGIN, NULL},
    {"deff", DO_DEFAULT_FONT, NULL},
    {"deleted", DO_DELETED, NULL},
    {"doccomm", DO_MARGIN, NULL},
    {"emdash", DO_TEXT, "—"},
    {"emspace", DO_TEXT, " "},
    {"endash", DO_TEXT, "–"},
    {"enspace", DO_TEXT, " "},
    {"f", DO_FONT, NULL},
    {"fcharset", DO_CHARSET, NULL},
    {"fonttbl", DO_FONTS, NULL},
    {"footer", DO_MARGIN, NULL},
    {"footerf", DO_MARGIN, NULL},
    {"footerl", DO_MARGIN, NULL},
    {"footerr", DO_MARGIN, NULL},
    {"footnote", DO_MARGIN, NULL},
    {"header", DO_MARGIN, NULL},
    {"headerf", DO_MARGIN, NULL},
    {"headerl", DO_MARGIN, NULL},
    {"headerr", DO_MARGIN, NULL},
    {"info", DO_NOTHING, NULL},
    {"keywords", DO_MARGIN, NULL},
    {"ldblquote", DO_TEXT, "“"},
    {"line", DO_TEXT, "\n"},
    {"listtext", DO_SKIP, NULL},
    {"lquote", DO_TEXT, "‘"},
    {"manager", DO_MARGIN, NULL},
    {"mvf", DO_DELETED, NULL},
    {"nestcell", DO_PARAGRAPH, NULL},
    {"nonesttables", DO_SKIP, NULL},
    {"nonshppict", DO_SKIP, NULL},
    {"objdata", DO_SKIP, NULL},
    {"operator", DO_MARGIN, NULL},
    {"page", DO_TEXT, "\n"},
    {"par", DO_PARAGRAPH, NULL},
    {"pict", DO_SKIP, NULL},
    {"plain", DO_PLAIN, NULL},
    {"pntext", DO_SKIP, NULL},
    {"rdblquote", DO_TEXT, "”"},
    {"row", DO_ROW, NULL},
    {"rquote", DO_TEXT, "’"},
    {"rxe", DO_SKIP, NULL},
    {"sect", DO_PARAGRAPH, NULL},
    {"shpinst", DO_ENTER, NULL},
    {"shprslt", DO_SKIP, NULL},
    {"shptxt", DO_BOX, NULL},
    {"sn", DO_SKIP, NULL},
    {"stylesheet", DO_SKIP, NULL},
    {"subject", DO_MARGIN, NULL},
    {"sv", DO_SKIP, NULL},
    {"tab", DO_TEXT, "\t"},
    {"tc", DO_SKIP, NULL},
    {"template", DO_SKIP, NULL},
    {"title", DO_MARGIN, NULL},
    {"txe", DO_SKIP, NULL},
    {"u", DO_UNICODE, NULL},
    {"uc", DO_FALLBACK, NULL},
    {"ud", DO_UNICODE_HALF, NULL},
    {"upr", DO_HALVES, NULL},
    {"v", DO_HIDDEN, NULL},
    {"xe", DO_SKIP, NULL},
};

static int
compare_control(const void *word, const void *control)
{
    return strcmp(word, ((const struct control *)control)->word);
}

static void
set_destination(struct rtf *r, enum action action)
{
    switch (action) {
    case DO_BOX:
        r->now.to = TO_BOX;
        break;
    case DO_FONTS:
        r->now.to = TO_FONTS;
        break;
    case DO_MARGIN:
        r->now.to = TO_MARGINS;
        break;
    case DO_NOTHING:
        r->now.to = TO_NOTHING;
        break;
    case DO_HALVES:
        r->now.around = r->now.to;
        r->now.to = TO_NOTHING;
        break;
    case DO_UNICODE_HALF:
        r->now.to = r->now.around;
        break;
    default:
        r->now.to = TO_SKIP;
    }
}

static void
on_font(struct rtf *r, int value)
{
    if (r->now.to == TO_FONTS)
        r->defined_font = value;
    else
        r->now.font = value;
}

static void
on_charset(struct rtf *r, int value)
{
    if (r->now.to == TO_FONTS &&
        g_hash_table_size(r->charset_of_font) < FONTS_MAX)
        g_hash_table_insert(r->charset_of_font,
                            GINT_TO_POINTER(r->defined_font),
                            GINT_TO_POINTER(value));
}

/* A word that changes how the text behind it is read. */
static void
set_state(struct rtf *r, enum action action, int value)
{
    switch (action) {
    case DO_CHARSET:
        on_charset(r, value);
        break;
    case DO_CODE_PAGE:
        r->code_page = value;
        break;
    case DO_DEFAULT_FONT:
        r->now.font = r->default_font = value;
        break;
    case DO_DELETED:
        r->now.deleted = value != 0;
        break;
    case DO_FALLBACK:
        r->now.fallback = CLAMP(value, 0, 16);
        break;
    case DO_FONT:
        on_font(r, value);
        break;
    case DO_HIDDEN:
        r->now.hidden = value != 0;
        break;
    default: /* DO_PLAIN */
        r->now.hidden = r->now.deleted = FALSE;
        r->now.font = r->default_font;
    }
}

/* `value` is the number behind the word, 1 when there is none. */
static void
on_control(struct rtf *r, const char *word, int value)
{
    const struct control *c = bsearch(word, controls, G_N_ELEMENTS(controls),
                                      sizeof *controls, compare_control);
    gboolean starred = r->starred;

    r->starred = FALSE;
    if (!c) {
        if (starred)
            r->now.to = TO_SKIP;
        return;
    }
    switch (c->action) {
    case DO_BIN:
        r->at += MIN(r->end - r->at, MAX(value, 0));
        break;
    case DO_UNICODE:
        put_unicode(r, value);
        break;
    case DO_TEXT:
        put(r, c->text);
        break;
    case DO_PARAGRAPH:
        end_paragraph(r);
        break;
    case DO_ROW:
        end_row(r);
        break;
    case DO_ENTER:
        break;
    case DO_BOX:
    case DO_FONTS:
    case DO_HALVES:
    case DO_MARGIN:
    case DO_NOTHING:
    case DO_SKIP:
    case DO_UNICODE_HALF:
        if (r->now.to != TO_SKIP)
            set_destination(r, c->action);
        break;
    default:
        set_state(r, c->action, value);
    }
}

/* ---- the stream ---- */

static void
read_word(struct rtf *r)
{
    char word[WORD_BYTES_MAX + 1];
    size_t n = 0;
    int value = 1;

    while (r->at < r->end && g_ascii_isalpha(*r->at)) {
        if (n < WORD_BYTES_MAX)
            word[n++] = (char)*r->at;
        r->at++;
    }
    word[n] = '\0';
    if (r->at < r->end && (g_ascii_isdigit(*r->at) || *r->at == '-')) {
        gboolean minus = *r->at == '-';

        r->at += minus;
        for (value = 0; r->at < r->end && g_ascii_isdigit(*r->at); r->at++)
            value = MIN(value, 99999999) * 10 + (*r->at - '0');
        value = minus ? -value : value;
    }
    if (r->at < r->end && *r->at == ' ')
        r->at++;
    flush(r);
    on_control(r, word, value);
}

static void
read_hex(struct rtf *r)
{
    int high = r->end - r->at >= 2 ? g_ascii_xdigit_value((char)r->at[0]) : -1;
    int low = high >= 0 ? g_ascii_xdigit_value((char)r->at[1]) : -1;

    if (low < 0)
        return;
    r->at += 2;
    put_byte(r, (guint8)(high * 16 + low));
}

/* Behind a backslash. */
static void
read_control(struct rtf *r)
{
    guint8 c;

    if (r->at >= r->end)
        return;
    c = *r->at;
    if (g_ascii_isalpha(c)) {
        read_word(r);
        return;
    }
    r->at++;
    if (c == '\'') {
        read_hex(r);
    } else if (c == '\\' || c == '{' || c == '}') {
        put_byte(r, c);
    } else {
        flush(r);
        if (c == '*')
            r->starred = TRUE;
        else if (c == '~')
            put(r, "\xC2\xA0");
        else if (c == '_')
            put(r, "-");
        else if (c == '\n' || c == '\r')
            end_paragraph(r);
    }
}

static gboolean
open_group(struct rtf *r)
{
    flush(r);
    r->skip = 0;
    r->starred = FALSE;
    if (r->outer->len >= r->limits->xml_depth)
        return FALSE;
    g_array_append_val(r->outer, r->now);
    return TRUE;
}

static void
end_line(GString *s)
{
    if (s->len > 0 && s->str[s->len - 1] != '\n')
        g_string_append_c(s, '\n');
}

static void
close_group(struct rtf *r)
{
    enum destination was = r->now.to;

    flush(r);
    r->skip = 0;
    r->starred = FALSE;
    if (r->outer->len == 0)
        return;
    r->now = g_array_index(r->outer, struct group, r->outer->len - 1);
    g_array_set_size(r->outer, r->outer->len - 1);
    if (was == TO_MARGINS && r->now.to != was)
        end_line(r->margins);
    if (was == TO_BOX && r->now.to != was)
        end_line(r->boxes);
}

static enum file_state
read_all(struct rtf *r)
{
    while (r->at < r->end) {
        guint8 c = *r->at++;

        if (c == '{') {
            if (!open_group(r))
                return FILE_OVER_LIMIT;
        } else if (c == '}') {
            close_group(r);
        } else if (c == '\\') {
            read_control(r);
        } else if (c != '\r' && c != '\n' && c != '\0') {
            put_byte(r, c);
        }
        if (r->text->len > r->limits->text_bytes ||
            r->margins->len > r->limits->text_bytes ||
            r->boxes->len > r->limits->text_bytes)
            return FILE_OVER_LIMIT;
    }
    flush(r);
    end_line(r->text);
    put_boxes(r); /* those that no paragraph followed */
    return FILE_OK;
}

enum file_state
rtf_read(const guint8 *data, size_t len, const struct draft_limits *limits,
         GString *text, GString *margins)
{
    struct rtf r = {.at = data,
                    .end = data + len,
                    .limits = limits,
                    .text = text,
                    .margins = margins,
                    .now = {.fallback = 1}};
    enum file_state state;

    r.boxes = g_string_new(NULL);
    r.bytes = g_string_new(NULL);
    r.outer = g_array_new(FALSE, FALSE, sizeof(struct group));
    r.charset_of_font = g_hash_table_new(NULL, NULL);
    state = read_all(&r);
    g_string_free(r.boxes, TRUE);
    g_string_free(r.bytes, TRUE);
    g_array_free(r.outer, TRUE);
    g_hash_table_destroy(r.charset_of_font);
    return state;
}
