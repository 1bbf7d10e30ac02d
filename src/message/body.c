/* body.c - see body.h. */
#include "message/body.h"
#include "base/text.h"
#include "message/html.h"
#include "message/quote.h"

#include <string.h>

enum { HTML_PER_TEXT = 8 }; /* bytes of HTML read for each byte of text */

void
body_init(struct body *b)
{
    b->text = g_string_new(NULL);
    b->own = g_string_new(NULL);
    b->rest = g_string_new(NULL);
    b->html = FALSE;
}

void
body_clear(struct body *b)
{
    g_string_free(b->text, TRUE);
    g_string_free(b->own, TRUE);
    g_string_free(b->rest, TRUE);
}

gboolean
body_is_blank(const struct body *b)
{
    for (const char *p = b->text->str; *p; p = g_utf8_next_char(p))
        if (!g_unichar_isspace(g_utf8_get_char(p)))
            return FALSE;
    return TRUE;
}

/* Cut between characters. */
static void
append_limited(struct gather *g, GString *to, const char *text)
{
    size_t room = g->limits->text_bytes - MIN(to->len, g->limits->text_bytes);
    size_t len = strlen(text);

    if (to->len && to->str[to->len - 1] != '\n' && *text)
        g_string_append_c(to, '\n');
    if (len > room) {
        g->r->flags |= READING_OVER_LIMIT;
        for (len = room; len > 0 && ((guchar)text[len] & 0xC0) == 0x80;)
            len--;
    }
    g_string_append_len(to, text, (gssize)len);
}

static void
append_both(struct gather *g, struct body *to, const char *text,
            const char *own, gboolean html)
{
    append_limited(g, to->text, text);
    append_limited(g, to->own, own);
    to->html |= html;
}

void
body_join(struct gather *g, struct body *to, const struct body *from)
{
    append_both(g, to, from->text->str, from->own->str, from->html);
    append_limited(g, to->rest, from->rest->str);
}

void
body_finish(struct gather *g, struct body *b)
{
    g_autofree char *own = NULL;

    if (!body_is_blank(b) || b->rest->len == 0)
        return;
    own = quote_strip(b->rest->str);
    append_both(g, b, b->rest->str, own, FALSE);
}

static void
note_charset(struct gather *g, enum charset_result result)
{
    if (result == CHARSET_DAMAGED)
        g->r->flags |= READING_BAD_CHARSET;
}

static char *
leaf_text(struct gather *g, const struct leaf *l, gboolean html)
{
    const char *bytes = leaf_chars(l);
    g_autofree char *label = params_get(l->type, "charset");
    g_autoptr(GString) s = g_string_new(NULL);
    size_t max = g->limits->text_bytes * (html ? HTML_PER_TEXT : 1) + 4;

    if (html && (!label || !charset_known(label))) {
        g_free(label);
        label = html_meta_charset(bytes, l->bytes->len);
    }
    if (l->bytes->len > max)
        g->r->flags |= READING_OVER_LIMIT;
    note_charset(g, charset_append(s, label, bytes, MIN(l->bytes->len, max)));
    return text_clean(s->str, s->len);
}

static void
look_for_links(struct gather *g, const char *text)
{
    if (quote_has_big_file_link(text))
        g->r->flags |= READING_LINK_ONLY;
}

/* Files written into the text, as before MIME (E15). */
static void
look_for_encoded_files(struct gather *g, const char *text)
{
    static const char *const marks[] = {
        "begin 644 ", "begin 666 ", "begin 600 ",
        "begin 755 ", "=ybegin ",   "(This file must be converted with BinHex",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        const char *p = strstr(text, marks[i]);

        if (p && (p == text || p[-1] == '\n'))
            g->r->flags |= READING_UUENCODED;
    }
}

static void
take_plain(struct gather *g, const struct leaf *l, struct body *body)
{
    g_autofree char *text = leaf_text(g, l, FALSE);
    g_autofree char *own = quote_strip(text);

    parts_look(g, text, PLACE_BODY);
    look_for_links(g, text);
    look_for_encoded_files(g, text);
    append_both(g, body, text, own, FALSE);
}

static void
take_html(struct gather *g, const struct leaf *l, struct body *body)
{
    g_autofree char *source = leaf_text(g, l, TRUE);
    struct html_text html;

    look_for_links(g, source);
    html_read(source, g->limits->text_bytes, &html);
    parts_look(g, html.text, PLACE_BODY);
    if (html.over_limit)
        g->r->flags |= READING_OVER_LIMIT;
    append_both(g, body, html.text, html.own, TRUE);
    html_text_clear(&html);
}

static void
take_other(struct gather *g, const struct leaf *l, struct body *body)
{
    g_autofree char *text = leaf_text(g, l, FALSE);

    parts_look(g, text, PLACE_BODY);
    append_limited(g, body->rest, text);
}

void
body_look_at_file(struct gather *g, const struct leaf *l)
{
    unsigned flags = g->r->flags; /* those of the body, not of a file */
    g_autofree char *text = NULL;

    if (!g_str_has_prefix(leaf_type(l), "text/"))
        return;
    text = leaf_text(g, l, strcmp(leaf_type(l), "text/html") == 0);
    g->r->flags = flags;
    parts_look(g, text, PLACE_BODY);
}

void
body_take(struct gather *g, const struct leaf *l, struct body *body)
{
    const char *type = leaf_type(l);

    if (strcmp(type, "text/html") == 0)
        take_html(g, l, body);
    else if (strcmp(type, "text/plain") == 0 ||
             strcmp(type, "message/partial") == 0)
        take_plain(g, l, body);
    else
        take_other(g, l, body);
}
