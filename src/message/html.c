/* html.c - see html.h. */
#include "message/html.h"

#include "base/text.h"
#include "message/quote.h"

#include <libxml/HTMLparser.h>
#include <string.h>

enum { DEPTH_MAX = 256, META_BYTES = 2048 };

/* One open element. */
struct frame {
    gboolean hidden; /* shows nothing, nor does what is inside */
    gboolean quoted; /* shown, but not the writer's own */
};

struct builder {
    GString *text, *own;
    GArray *frames; /* of struct frame */
    size_t max_bytes;
    gboolean over_limit;
    htmlParserCtxtPtr parser; /* borrowed, to be stopped */
};

/* ---- what an element is ---- */

static const char *const never_shown[] = {
    "script", "style", "head", "title", "template", "object", NULL,
};
static const char *const line_breaks[] = {
    "br",         "p",       "div",     "tr",     "li",     "ul",     "ol",
    "table",      "h1",      "h2",      "h3",     "h4",     "h5",     "h6",
    "hr",         "dt",      "dd",      "pre",    "body",   "center", "form",
    "blockquote", "section", "article", "header", "footer", NULL,
};

/* The attribute's value, "" when it has none (<p hidden>), or NULL. */
static const char *
attribute(const xmlChar **attributes, const char *name)
{
    for (; attributes && attributes[0]; attributes += 2)
        if (g_ascii_strcasecmp((const char *)attributes[0], name) == 0)
            return attributes[1] ? (const char *)attributes[1] : "";
    return NULL;
}

/* Lower case, without spaces, ";" in front: ";color:#fff;font-size:0". */
static char *
normal_style(const char *style)
{
    GString *s = g_string_new(";");

    for (const char *p = style; *p; p++)
        if (!g_ascii_isspace(*p))
            g_string_append_c(s, g_ascii_tolower(*p));
    return g_string_free(s, FALSE);
}

/* Is the property there with a value that is nothing: 0, 0px, 0.0? */
static gboolean
is_zero(const char *style, const char *property)
{
    const char *p = strstr(style, property);

    if (!p)
        return FALSE;
    p += strlen(property);
    return *p == '0' && !g_ascii_isdigit(p[strspn(p, "0.")]);
}

static gboolean
style_hides(const char *style)
{
    return strstr(style, ";display:none") ||
           strstr(style, ";visibility:hidden") ||
           strstr(style, ";visibility:collapse") ||
           strstr(style, ";mso-hide:all") || is_zero(style, ";font-size:") ||
           is_zero(style, ";opacity:") ||
           (strstr(style, "overflow:hidden") &&
            (is_zero(style, ";height:") || is_zero(style, ";max-height:")));
}

static gboolean
is_white(const char *colour)
{
    static const char *const whites[] = {
        "white", "#ffffff", "#fff", "rgb(255,255,255)", "transparent",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(whites); i++)
        if (g_ascii_strncasecmp(colour, whites[i], strlen(whites[i])) == 0)
            return TRUE;
    return FALSE;
}

/* White letters and no other ground given in the same place. */
static gboolean
is_invisible_ink(const xmlChar **attributes, const char *style)
{
    const char *colour = style ? strstr(style, ";color:") : NULL;
    const char *old = attribute(attributes, "color");

    if (style && strstr(style, ";background"))
        return FALSE;
    return (colour && is_white(colour + strlen(";color:"))) ||
           (old && is_white(old));
}

/* The marks that Gmail, Outlook, Foxmail, NetEase and QQ put on quotes. */
static gboolean
is_quote(const char *name, const xmlChar **attributes)
{
    const char *class = attribute(attributes, "class");
    const char *id = attribute(attributes, "id");

    return strcmp(name, "blockquote") == 0 ||
           (class && (strstr(class, "gmail_quote") || strstr(class, "qmbox") ||
                      strstr(class, "moz-cite-prefix") ||
                      strstr(class, "yahoo_quoted"))) ||
           (id && (strcmp(id, "isReplyContent") == 0 ||
                   strcmp(id, "divRplyFwdMsg") == 0 ||
                   strcmp(id, "appendonsend") == 0));
}

/* The short line that Foxmail draws above a signature. */
static gboolean
is_signature_line(const char *name, const xmlChar **attributes)
{
    const char *raw = attribute(attributes, "style");
    g_autofree char *style = raw ? normal_style(raw) : NULL;

    return strcmp(name, "hr") == 0 && style && strstr(style, ";width:210px");
}

static struct frame
classify(const char *name, const xmlChar **attributes)
{
    const char *raw = attribute(attributes, "style");
    g_autofree char *style = raw ? normal_style(raw) : NULL;
    struct frame f;

    f.hidden = g_strv_contains(never_shown, name) ||
               attribute(attributes, "hidden") || (style && style_hides(style));
    f.quoted =
        is_quote(name, attributes) || is_invisible_ink(attributes, style);
    return f;
}

/* ---- text ---- */

static void
break_line(GString *s)
{
    while (s->len && s->str[s->len - 1] == ' ')
        g_string_truncate(s, s->len - 1);
    if (s->len && s->str[s->len - 1] != '\n')
        g_string_append_c(s, '\n');
}

static void
space(GString *s)
{
    if (s->len && s->str[s->len - 1] != ' ' && s->str[s->len - 1] != '\n')
        g_string_append_c(s, ' ');
}

/* Of U+0080 to U+00BF the second byte, 0 of all other characters. */
static guchar
low_latin(const char *p, const char *end)
{
    return (guchar)*p == 0xC2 && end - p > 1 ? (guchar)p[1] : 0;
}

/* Runs of white space, no-break spaces among it, are one space.  A C1
 * control can only come from a numeric reference: the source has none. */
static void
append(GString *s, const char *p, const char *end)
{
    while (p < end) {
        guchar low = low_latin(p, end);

        if (low == 0xA0 || g_ascii_isspace(*p)) {
            space(s);
            p += low ? 2 : 1;
        } else if (low && low < 0xA0) {
            g_string_append_unichar(s, text_of_reference(low));
            p += 2;
        } else {
            g_string_append_c(s, *p++);
        }
    }
}

static struct frame
top(const struct builder *b)
{
    static const struct frame none = {FALSE, FALSE};

    return b->frames->len
               ? g_array_index(b->frames, struct frame, b->frames->len - 1)
               : none;
}

static void
stop(struct builder *b)
{
    b->over_limit = TRUE;
    xmlStopParser(b->parser);
}

static void
start_element(void *user, const xmlChar *name, const xmlChar **attributes)
{
    struct builder *b = user;
    const char *tag = (const char *)name;
    struct frame outer = top(b), f = classify(tag, attributes);

    if (b->frames->len >= DEPTH_MAX) {
        stop(b);
        return;
    }
    f.hidden |= outer.hidden;
    f.quoted |= outer.quoted;
    g_array_append_val(b->frames, f);
    if (g_strv_contains(line_breaks, tag)) {
        break_line(b->text);
        break_line(b->own);
    } else if (strcmp(tag, "td") == 0 || strcmp(tag, "th") == 0) {
        space(b->text);
        space(b->own);
    }
    if (is_signature_line(tag, attributes))
        g_string_append(b->own, "--"); /* as plain text has it: quote.c */
}

static void
end_element(void *user, const xmlChar *name)
{
    struct builder *b = user;

    if (b->frames->len)
        g_array_set_size(b->frames, b->frames->len - 1);
    if (g_strv_contains(line_breaks, (const char *)name)) {
        break_line(b->text);
        break_line(b->own);
    }
}

static void
characters(void *user, const xmlChar *chars, int len)
{
    struct builder *b = user;
    struct frame f = top(b);
    const char *p = (const char *)chars;

    if (f.hidden)
        return;
    if (b->text->len + (size_t)len > b->max_bytes) {
        stop(b);
        return;
    }
    append(b->text, p, p + len);
    if (!f.quoted)
        append(b->own, p, p + len);
}

static void
parse(struct builder *b, const char *html)
{
    htmlSAXHandler handler = {0};
    size_t len = strlen(html);

    handler.startElement = start_element;
    handler.endElement = end_element;
    handler.characters = characters;
    handler.ignorableWhitespace = characters;
    b->parser = htmlCreatePushParserCtxt(&handler, b, NULL, 0, NULL,
                                         XML_CHAR_ENCODING_UTF8);
    htmlCtxtUseOptions(b->parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                      HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                      HTML_PARSE_IGNORE_ENC);
    htmlParseChunk(b->parser, html, (int)MIN(len, G_MAXINT32 / 2), 1);
    htmlFreeParserCtxt(b->parser);
}

void
html_read(const char *html, size_t max_bytes, struct html_text *out)
{
    struct builder b = {0};
    g_autofree char *own = NULL;

    b.text = g_string_new(NULL);
    b.own = g_string_new(NULL);
    b.frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
    b.max_bytes = max_bytes;
    parse(&b, html);
    g_array_unref(b.frames);
    /* references may name what no text has */
    own = text_clean(b.own->str, b.own->len);
    out->text = text_clean(b.text->str, b.text->len);
    g_string_free(b.own, TRUE);
    g_string_free(b.text, TRUE);
    out->own = quote_strip(own);
    out->over_limit = b.over_limit;
}

void
html_text_clear(struct html_text *t)
{
    g_clear_pointer(&t->text, g_free);
    g_clear_pointer(&t->own, g_free);
}

char *
html_meta_charset(const char *bytes, size_t len)
{
    g_autofree char *start =
        g_ascii_strdown(bytes, (gssize)MIN(len, META_BYTES));
    const char *p = strstr(start, "<meta");
    size_t n;

    p = p ? strstr(p, "charset") : NULL;
    if (!p)
        return NULL;
    p += strlen("charset");
    p += strspn(p, " ='\"");
    n = strcspn(p, " '\">;/");
    return n ? g_strndup(p, n) : NULL;
}
