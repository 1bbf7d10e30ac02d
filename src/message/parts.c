/* parts.c - which part of a message is what.  See parts.h. */
#include "message/parts.h"
#include "base/text.h"
#include "message/codec.h"
#include "message/html.h"
#include "message/mime.h"
#include "message/params.h"
#include "message/quote.h"
#include "message/report.h"
#include "message/rfc2047.h"

#include <string.h>

enum { HTML_PER_TEXT = 8 }; /* bytes of HTML read for each byte of text */

/* The text of one branch of the tree. */
struct body {
    GString *text, *own;
    gboolean html;
};

/* Where the walk is. */
struct place {
    const struct mime *mime;
    unsigned depth;
    gboolean nested; /* inside a message in the message */
    gboolean report; /* inside a multipart/report */
};

/* A leaf, its fields parsed and its content decoded. */
struct leaf {
    struct params *type, *disposition;
    char *name, *other_name;
    GByteArray *bytes;
    gboolean cut; /* base64 that is not whole */
};

static void walk(struct gather *g, const struct place *at, GMimeObject *part,
                 struct body *body);

void
parts_look(struct gather *g, const char *text, enum secrecy_place place)
{
    enum secrecy level = text ? secrecy_find(text, place) : SECRECY_NONE;

    if (level <= g->level)
        return;
    g->level = level;
    g->place = place;
}

static void
note_charset(struct gather *g, enum charset_result result)
{
    if (result == CHARSET_DAMAGED)
        g->r->flags |= READING_BAD_CHARSET;
    else if (result == CHARSET_GUESSED)
        g->r->flags |= READING_GUESSED_CHARSET;
}

/* ---- bodies ---- */

static void
body_init(struct body *b)
{
    b->text = g_string_new(NULL);
    b->own = g_string_new(NULL);
    b->html = FALSE;
}

static void
body_clear(struct body *b)
{
    g_string_free(b->text, TRUE);
    g_string_free(b->own, TRUE);
}

static gboolean
is_blank(const struct body *b)
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
body_append(struct gather *g, struct body *to, const char *text,
            const char *own, gboolean html)
{
    append_limited(g, to->text, text);
    append_limited(g, to->own, own);
    to->html |= html;
}

/* ---- leaves ---- */

static struct params *
parse_field(GMimeObject *part, const char *name)
{
    const char *raw = mime_header(part, name);

    return params_parse(raw ? raw : "", raw ? strlen(raw) : 0);
}

static gboolean
is_uu(const char *encoding)
{
    return g_ascii_strcasecmp(encoding, "x-uuencode") == 0 ||
           g_ascii_strcasecmp(encoding, "uuencode") == 0 ||
           g_ascii_strcasecmp(encoding, "x-uue") == 0;
}

static void
decode(struct leaf *l, const char *encoding, const char *data, size_t len)
{
    g_autofree char *line = encoding ? text_line(encoding) : g_strdup("");

    l->bytes = g_byte_array_new();
    if (g_ascii_strncasecmp(line, "base64", 6) == 0)
        l->cut = !codec_base64(l->bytes, data, len);
    else if (g_ascii_strncasecmp(line, "quoted-printable", 16) == 0)
        codec_quoted_printable(l->bytes, data, len);
    else if (is_uu(line))
        l->cut = !codec_uu(l->bytes, data, len);
    else
        g_byte_array_append(l->bytes, (const guint8 *)data, (guint)len);
}

static void
leaf_init(struct leaf *l, const struct place *at, GMimeObject *part)
{
    const char *data;
    size_t len;

    memset(l, 0, sizeof *l);
    l->type = parse_field(part, "Content-Type");
    l->disposition = parse_field(part, "Content-Disposition");
    params_file_name(l->disposition, l->type, &l->name, &l->other_name);
    mime_content(at->mime, GMIME_PART(part), &data, &len);
    decode(l, mime_header(part, "Content-Transfer-Encoding"), data, len);
}

static void
leaf_clear(struct leaf *l)
{
    params_free(l->type);
    params_free(l->disposition);
    g_free(l->name);
    g_free(l->other_name);
    g_clear_pointer(&l->bytes, g_byte_array_unref);
}

/* A part without a type, or with one that is none, is plain text. */
static const char *
leaf_type(const struct leaf *l)
{
    return strchr(l->type->value, '/') ? l->type->value : "text/plain";
}

static char *
leaf_text(struct gather *g, const struct leaf *l, gboolean html)
{
    const char *bytes = l->bytes->len ? (const char *)l->bytes->data : "";
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

    look_for_links(g, text);
    look_for_encoded_files(g, text);
    body_append(g, body, text, own, FALSE);
}

static void
take_html(struct gather *g, const struct leaf *l, struct body *body)
{
    g_autofree char *source = leaf_text(g, l, TRUE);
    struct html_text html;

    look_for_links(g, source);
    html_read(source, g->limits->text_bytes, &html);
    if (html.over_limit)
        g->r->flags |= READING_OVER_LIMIT;
    body_append(g, body, html.text, html.own, TRUE);
    html_text_clear(&html);
}

static void
take_file(struct gather *g, const struct place *at, struct leaf *l)
{
    struct attached a = {
        .name = g_steal_pointer(&l->name),
        .other_name = g_steal_pointer(&l->other_name),
        .type = text_line(leaf_type(l)),
        .bytes = g_steal_pointer(&l->bytes),
        .incomplete = l->cut,
        .nested = at->nested,
        .depth = at->depth,
    };

    attach_file(g, &a);
}

/* The parts of a report that are for machines. */
static gboolean
take_report(struct gather *g, const struct leaf *l)
{
    const char *text = l->bytes->len ? (const char *)l->bytes->data : "";

    if (strcmp(leaf_type(l), "message/delivery-status") == 0)
        report_read_status(g->r, text, l->bytes->len);
    else if (strcmp(leaf_type(l), "text/rfc822-headers") == 0)
        report_read_original(g->r, text, l->bytes->len);
    else
        return FALSE;
    return TRUE;
}

static gboolean
is_encrypted(const struct leaf *l)
{
    g_autofree char *smime = params_get(l->type, "smime-type");

    return (g_str_has_suffix(leaf_type(l), "pkcs7-mime") &&
            (!smime || g_ascii_strcasecmp(smime, "enveloped-data") == 0)) ||
           strcmp(leaf_type(l), "application/pgp-encrypted") == 0;
}

/* A fragment of a message is shown as the text that it mostly is. */
static gboolean
is_text(const char *type)
{
    return g_str_has_prefix(type, "text/") ||
           strcmp(type, "message/partial") == 0;
}

static void
walk_leaf(struct gather *g, const struct place *at, GMimeObject *part,
          struct body *body)
{
    struct leaf l;
    const char *type;

    leaf_init(&l, at, part);
    type = leaf_type(&l);
    if (strcmp(type, "message/partial") == 0)
        g->r->flags |= READING_PARTIAL;
    if (strcmp(type, "message/external-body") == 0)
        g->r->flags |= READING_EXTERNAL;
    if (is_encrypted(&l))
        g->r->flags |= READING_ENCRYPTED;
    if (at->report && take_report(g, &l))
        ;
    else if (l.name || !is_text(type))
        take_file(g, at, &l);
    else if (strcmp(type, "text/html") == 0)
        take_html(g, &l, body);
    else
        take_plain(g, &l, body);
    leaf_clear(&l);
}

/* ---- inner nodes ---- */

/* Of alternatives the plain one that says something, else the last that
 * does.  All are walked, for a file may stand in any of them. */
static void
walk_alternatives(struct gather *g, const struct place *at,
                  GMimeMultipart *multipart, struct body *body)
{
    int n = g_mime_multipart_get_count(multipart);
    struct body best;

    body_init(&best);
    for (int i = 0; i < n; i++) {
        struct body one;

        body_init(&one);
        walk(g, at, g_mime_multipart_get_part(multipart, i), &one);
        if (!is_blank(&one) && (is_blank(&best) || best.html)) {
            body_clear(&best);
            best = one;
        } else {
            body_clear(&one);
        }
    }
    body_append(g, body, best.text->str, best.own->str, best.html);
    body_clear(&best);
}

static void
note_report(struct gather *g, const struct place *at, GMimeObject *part)
{
    g_autoptr(params) type = parse_field(part, "Content-Type");

    if (!at->nested && !g->report_type)
        g->report_type = params_get(type, "report-type");
    if (!at->nested && !g->report_type)
        g->report_type = g_strdup("unknown");
}

static void
walk_multipart(struct gather *g, const struct place *at, GMimeObject *part,
               struct body *body)
{
    GMimeMultipart *multipart = GMIME_MULTIPART(part);
    g_autoptr(params) type = parse_field(part, "Content-Type");
    struct place inside = *at;
    int n = g_mime_multipart_get_count(multipart);

    if (!mime_is_closed(at->mime, multipart))
        g->r->flags |= READING_INCOMPLETE;
    if (strcmp(type->value, "multipart/encrypted") == 0)
        g->r->flags |= READING_ENCRYPTED;
    if (strcmp(type->value, "multipart/report") == 0) {
        note_report(g, at, part);
        inside.report = TRUE;
    }
    inside.depth++;
    if (strcmp(type->value, "multipart/alternative") == 0) {
        walk_alternatives(g, &inside, multipart, body);
        return;
    }
    for (int i = 0; i < n; i++)
        walk(g, &inside, g_mime_multipart_get_part(multipart, i), body);
}

/* A message in the message: its files count as nested, its text is looked
 * at for markings and is not our body. */
static void
walk_nested(struct gather *g, const struct place *at, GMimeObject *root)
{
    struct place inside = *at;
    struct body body;

    inside.depth++;
    inside.nested = TRUE;
    inside.report = FALSE;
    body_init(&body);
    walk(g, &inside, root, &body);
    parts_look(g, body.text->str, PLACE_BODY);
    if (!g->inner_text && !is_blank(&body))
        g->inner_text = g_strdup(body.text->str);
    body_clear(&body);
}

static void
look_at_subject(struct gather *g, GMimeObject *message)
{
    const char *raw = mime_header(message, "Subject");
    g_autofree char *subject =
        raw ? rfc2047_decode(raw, strlen(raw), NULL) : NULL;

    parts_look(g, subject, PLACE_SUBJECT);
}

static void
walk_message(struct gather *g, const struct place *at, GMimeObject *part)
{
    GMimeMessage *message =
        g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
    GMimeObject *root = message ? g_mime_message_get_mime_part(message) : NULL;

    if (!root)
        return;
    if (at->report && !g->r->bounced_id) {
        const char *id = mime_header(GMIME_OBJECT(message), "Message-ID");
        g_autofree char *field = g_strdup_printf("Message-ID: %s\n", id);

        report_read_original(g->r, field, id ? strlen(field) : 0);
    }
    look_at_subject(g, GMIME_OBJECT(message));
    walk_nested(g, at, root);
}

static void
walk(struct gather *g, const struct place *at, GMimeObject *part,
     struct body *body)
{
    if (++g->parts > g->limits->parts || at->depth > g->limits->depth)
        g->r->flags |= READING_OVER_LIMIT;
    else if (GMIME_IS_MULTIPART(part))
        walk_multipart(g, at, part, body);
    else if (GMIME_IS_MESSAGE_PART(part))
        walk_message(g, at, part);
    else if (GMIME_IS_PART(part))
        walk_leaf(g, at, part, body);
}

/* ---- the whole ---- */

void
parts_gather_nested(struct gather *g, const char *data, size_t len,
                    unsigned depth)
{
    struct header h;
    struct mime m = {0};
    struct place at = {&m, depth, TRUE, FALSE};
    const struct header_field *f;

    header_scan(&h, data, len, g->limits->header_fields,
                g->limits->header_bytes);
    f = header_find(&h, "Subject", NULL);
    if (f) {
        g_autofree char *subject = header_text(f, NULL);

        parts_look(g, subject, PLACE_SUBJECT);
    }
    if (!mime_split(&m, &h, data, len, g->limits->parts))
        g->r->flags |= READING_OVER_LIMIT;
    else if (m.root)
        walk_nested(g, &at, m.root);
    mime_clear(&m);
    header_clear(&h);
}

/* A mail that only passes on another shows that one's text, of which not a
 * word is the sender's own. */
static void
take_body(struct gather *g, const struct body *body)
{
    g->r->body_is_html = body->html;
    if (is_blank(body)) {
        g->r->body = g_steal_pointer(&g->inner_text);
        return;
    }
    g->r->body = g_strdup(body->text->str);
    g->r->own_text = g_strdup(body->own->str);
}

void
parts_gather(struct gather *g, const struct header *h, const char *data,
             size_t len)
{
    struct mime m = {0};
    struct place at = {&m, 0, FALSE, FALSE};
    struct body body;

    body_init(&body);
    if (!mime_split(&m, h, data, len, g->limits->parts))
        g->r->flags |= READING_OVER_LIMIT;
    else if (m.root)
        walk(g, &at, m.root, &body);
    mime_clear(&m);
    take_body(g, &body);
    body_clear(&body);
}
