/* html_doc.c - see html_doc.h. */
#include "draft/html_doc.h"

#include "base/text.h"
#include "draft/mht.h"
#include "message/charset.h"

#include <libxml/HTMLparser.h>
#include <string.h>

enum {
    META_BYTES = 4096, /* where a charset may be named */
    CHUNK = 64 * 1024,
    DEPTH_FACTOR = 8 /* unclosed tags pile up: more than XML's depth */
};

/* ---- charset ---- */

/* The label in <meta ... charset=...>, or NULL.  Caller frees. */
static char *
meta_charset(const guint8 *data, size_t len)
{
    g_autofree char *head = g_strndup((const char *)data, MIN(len, META_BYTES));
    g_autofree char *low = g_ascii_strdown(head, -1);
    const char *p = strstr(low, "charset=");

    if (!p)
        return NULL;
    p += strlen("charset=");
    p += *p == '"' || *p == '\'';
    return g_strndup(p, strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789-_:"));
}

/* Byte order mark before label before guess. */
static GString *
decode(const guint8 *data, size_t len, const char *label)
{
    GString *out = g_string_sized_new(len + len / 2);

    if (len >= 2 && data[0] == 0xFF && data[1] == 0xFE)
        charset_append(out, "utf-16le", data + 2, len - 2);
    else if (len >= 2 && data[0] == 0xFE && data[1] == 0xFF)
        charset_append(out, "utf-16be", data + 2, len - 2);
    else if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
        charset_append(out, "utf-8", data + 3, len - 3);
    else
        charset_append(out, label, data, len);
    return out;
}

/* ---- HTML ---- */

struct page {
    htmlParserCtxtPtr parser;
    GString *text; /* borrowed */
    GString *margins;
    size_t limit;
    unsigned depth, depth_max;
    unsigned skipped_at; /* depth of the element left out; 0: none is */
    unsigned title_at;   /* depth of the open title */
    gboolean gap;        /* white space read, not yet written */
    gboolean broken;     /* ... and it was a line end */
    gunichar last;       /* character written last in this line; 0: none */
    enum file_state state;
};

enum layout { LAYOUT_INLINE, LAYOUT_BLOCK, LAYOUT_CELL, LAYOUT_ROW };

static enum layout
layout_of(const char *name)
{
    static const char *const blocks[] = {
        "p",  "div", "h1",         "h2",  "h3",     "h4", "h5", "h6",
        "li", "dt",  "blockquote", "pre", "center", "dd", NULL};

    if (g_strv_contains(blocks, name))
        return LAYOUT_BLOCK;
    if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
        return LAYOUT_CELL;
    return strcmp(name, "tr") == 0 ? LAYOUT_ROW : LAYOUT_INLINE;
}

static gboolean
is_left_out(const char *name)
{
    static const char *const names[] = {"script", "style",  "del",
                                        "xml",    "select", NULL};

    return g_strv_contains(names, name);
}

static gboolean
is_hidden(const xmlChar **attributes)
{
    for (; attributes && attributes[0]; attributes += 2) {
        g_autofree char *style = NULL;
        GString *tight;
        gboolean hidden;

        if (strcmp((const char *)attributes[0], "style") != 0 || !attributes[1])
            continue;
        style = g_ascii_strdown((const char *)attributes[1], -1);
        tight = g_string_new(NULL);
        for (const char *p = style; *p; p++)
            if (!g_ascii_isspace(*p))
                g_string_append_c(tight, *p);
        hidden = strstr(tight->str, "display:none") ||
                 strstr(tight->str, "mso-hide:all");
        g_string_free(tight, TRUE);
        return hidden;
    }
    return FALSE;
}

static void
page_stop(struct page *p, enum file_state state)
{
    p->state = state;
    xmlStopParser(p->parser);
}

static void
end_line(struct page *p, char c)
{
    g_string_append_c(p->text, c);
    p->gap = FALSE;
    p->last = 0;
}

static void
end_row(struct page *p)
{
    if (p->text->len > 0 && p->text->str[p->text->len - 1] == '\t')
        p->text->str[p->text->len - 1] = '\n';
    else
        end_line(p, '\n');
}

/* A cell's last paragraph ends with the cell. */
static void
end_cell(struct page *p)
{
    if (p->last == 0 && p->text->len > 0 &&
        p->text->str[p->text->len - 1] == '\n')
        g_string_truncate(p->text, p->text->len - 1);
    end_line(p, '\t');
}

static void
on_start(void *user, const xmlChar *name, const xmlChar **attributes)
{
    struct page *p = user;
    const char *local = (const char *)name;

    if (++p->depth > p->depth_max) {
        page_stop(p, FILE_OVER_LIMIT);
        return;
    }
    if (p->skipped_at)
        return;
    if (is_left_out(local) || is_hidden(attributes))
        p->skipped_at = p->depth;
    else if (strcmp(local, "title") == 0)
        p->title_at = p->depth;
    else if (strcmp(local, "br") == 0)
        end_line(p, '\n');
    else if (layout_of(local) == LAYOUT_BLOCK && p->last != 0)
        end_line(p, '\n');
}

static void
on_end(void *user, const xmlChar *name)
{
    struct page *p = user;

    if (p->skipped_at == 0) {
        switch (layout_of((const char *)name)) {
        case LAYOUT_BLOCK:
            if (p->last != 0 || strcmp((const char *)name, "p") == 0)
                end_line(p, '\n');
            break;
        case LAYOUT_CELL:
            end_cell(p);
            break;
        case LAYOUT_ROW:
            end_row(p);
            break;
        default:
            break;
        }
    }
    if (p->skipped_at == p->depth)
        p->skipped_at = 0;
    if (p->title_at == p->depth) {
        p->title_at = 0;
        g_string_append_c(p->margins, '\n');
    }
    p->depth -= p->depth > 0;
}

/* White space is one space; a line end between two Chinese characters is
 * none (CSS Text 3, 4.1.3): editors fold long lines there. */
static void
put_char(struct page *p, gunichar c)
{
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        p->broken = p->gap ? p->broken && c != ' ' : c == '\n' || c == '\r';
        p->gap = TRUE;
        return;
    }
    if (p->gap && p->last != 0 &&
        !(p->broken && g_unichar_iswide(c) && g_unichar_iswide(p->last)))
        g_string_append_c(p->text, ' ');
    p->gap = FALSE;
    p->last = c;
    g_string_append_unichar(p->text, c);
}

static void
on_text(void *user, const xmlChar *bytes, int len)
{
    struct page *p = user;
    const char *s = (const char *)bytes, *end = s + len;

    if (p->skipped_at)
        return;
    if (p->title_at) {
        g_string_append_len(p->margins, s, len);
        return;
    }
    while (s < end) {
        gunichar c = g_utf8_get_char_validated(s, end - s);

        if (c == (gunichar)-1 || c == (gunichar)-2) {
            s++;
            continue;
        }
        put_char(p, text_of_reference(c));
        s = g_utf8_next_char(s);
    }
    if (p->text->len > p->limit)
        page_stop(p, FILE_OVER_LIMIT);
}

static void
on_error(void *user, xmlErrorPtr error)
{
    (void)user, (void)error;
}

static enum file_state
read_html(const GString *utf8, const struct draft_limits *limits, GString *text,
          GString *margins)
{
    static htmlSAXHandler callbacks = {
        .initialized = XML_SAX2_MAGIC,
        .startElement = on_start,
        .endElement = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .serror = on_error,
    };
    struct page p = {.text = text,
                     .margins = margins,
                     .limit = limits->text_bytes,
                     .depth_max = limits->xml_depth * DEPTH_FACTOR,
                     .state = FILE_OK};

    p.parser = htmlCreatePushParserCtxt(&callbacks, &p, NULL, 0, NULL,
                                        XML_CHAR_ENCODING_UTF8);
    if (!p.parser)
        return FILE_UNREADABLE;
    htmlCtxtUseOptions(p.parser, HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC |
                                     HTML_PARSE_RECOVER);
    for (size_t at = 0; at < utf8->len && p.state == FILE_OK; at += CHUNK)
        htmlParseChunk(p.parser, utf8->str + at,
                       (int)MIN(CHUNK, utf8->len - at), 0);
    if (p.state == FILE_OK)
        htmlParseChunk(p.parser, NULL, 0, 1);
    htmlFreeParserCtxt(p.parser);
    return p.state;
}

static enum file_state
read_page(const guint8 *data, size_t len, const char *label,
          const struct draft_limits *limits, GString *text, GString *margins)
{
    g_autofree char *meta = NULL;
    g_autoptr(GString) utf8 = NULL;

    if (len == 0)
        return FILE_OK; /* a part of an archive with nothing in it */
    meta = meta_charset(data, len);
    utf8 = decode(data, len, label ? label : meta);
    return read_html(utf8, limits, text, margins);
}

/* The first page is the document, the others its headers and footers. */
static enum file_state
read_archive(const GPtrArray *parts, const struct draft_limits *limits,
             GString *text, GString *margins)
{
    enum file_state state = parts->len > 0 ? FILE_OK : FILE_UNREADABLE;

    for (guint i = 0; i < parts->len && state == FILE_OK; i++) {
        const struct mht_part *part = g_ptr_array_index(parts, i);

        state = read_page(part->bytes->data, part->bytes->len, part->charset,
                          limits, i == 0 ? text : margins, margins);
    }
    return state;
}

enum file_state
html_doc_read(const guint8 *data, size_t len, const struct draft_limits *limits,
              GString *text, GString *margins)
{
    g_autoptr(GPtrArray) parts = NULL;

    if (!mht_is(data, len))
        return read_page(data, len, NULL, limits, text, margins);
    parts = mht_parts(data, len);
    return read_archive(parts, limits, text, margins);
}

/* ---- plain text ---- */

enum file_state
text_doc_read(const guint8 *data, size_t len, const struct draft_limits *limits,
              GString *text)
{
    g_autoptr(GString) utf8 = decode(data, len, NULL);

    if (utf8->len > limits->text_bytes)
        return FILE_OVER_LIMIT;
    g_string_append_len(text, utf8->str, (gssize)utf8->len);
    return FILE_OK;
}
