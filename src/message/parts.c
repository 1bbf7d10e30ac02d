/* parts.c - which part of a message is what.  See parts.h. */
#include "message/parts.h"
#include "base/text.h"
#include "message/body.h"
#include "message/report.h"
#include "message/rfc2047.h"
#include "message/smime.h"

#include <string.h>

/* Where the walk is. */
struct place {
    const struct mime *mime;
    unsigned depth;
    gboolean nested;    /* inside another file or message */
    gboolean forwarded; /* inside a message in the message */
    gboolean report;    /* inside a multipart/report */
};

static void walk(struct gather *g, const struct place *at, GMimeObject *part,
                 struct body *body);
static void walk_entity(struct gather *g, const struct place *at,
                        const GByteArray *entity, struct body *body);

void
parts_look(struct gather *g, const char *text, enum secrecy_place place)
{
    enum secrecy level = text ? secrecy_find(text, place) : SECRECY_NONE;

    if (level <= g->level)
        return;
    g->level = level;
    g->place = place;
}

/* ---- leaves ---- */

static void
take_file(struct gather *g, const struct place *at, struct leaf *l)
{
    gboolean is_own = at->mime->is_own && l->is_base64 && !l->cut;
    struct attached a = {
        .name = g_steal_pointer(&l->name),
        .other_name = g_steal_pointer(&l->other_name),
        .type = text_line(leaf_type(l)),
        .bytes = g_steal_pointer(&l->bytes),
        .base64 = is_own ? l->encoded : NULL,
        .base64_len = l->encoded_len,
        .incomplete = l->cut,
        .nested = at->nested,
        .forwarded = at->forwarded,
        .depth = at->depth,
    };

    if (l->name_hides)
        g->r->flags |= READING_HIDDEN_CHARACTERS;
    attach_file(g, &a);
}

/* The parts of a report that are for machines. */
static gboolean
take_report(struct gather *g, const struct leaf *l)
{
    const char *text = leaf_chars(l);

    if (strcmp(leaf_type(l), "message/delivery-status") == 0)
        report_read_status(g->r, text, l->bytes->len);
    else if (strcmp(leaf_type(l), "text/rfc822-headers") == 0)
        report_read_original(g->r, text, l->bytes->len);
    else
        return FALSE;
    return TRUE;
}

static gboolean
is_smime(const char *type)
{
    return strcmp(type, "application/pkcs7-mime") == 0 ||
           strcmp(type, "application/x-pkcs7-mime") == 0;
}

static gboolean
is_encrypted(const struct leaf *l)
{
    g_autofree char *smime = params_get(l->type, "smime-type");

    return (smime && g_ascii_strcasecmp(smime, "enveloped-data") == 0) ||
           strcmp(leaf_type(l), "application/pgp-encrypted") == 0;
}

/* What was signed is read as if it stood here; the signature proves nothing
 * to us.  Whatever the label says, the content tells what it is. */
static void
take_smime(struct gather *g, const struct place *at, const struct leaf *l,
           struct body *body)
{
    GByteArray *content;

    switch (
        smime_open((const guint8 *)leaf_chars(l), l->bytes->len, &content)) {
    case SMIME_ENVELOPED:
        g->r->flags |= READING_ENCRYPTED;
        break;
    case SMIME_SIGNED:
        if (at->depth < g->limits->depth)
            walk_entity(g, at, content, body);
        g_byte_array_unref(content);
        break;
    case SMIME_NONE:
        break;
    }
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

    leaf_init(&l, at->mime, part);
    type = leaf_type(&l);
    if (strcmp(type, "message/partial") == 0)
        g->r->flags |= READING_PARTIAL;
    if (strcmp(type, "message/external-body") == 0)
        g->r->flags |= READING_EXTERNAL;
    if (is_encrypted(&l))
        g->r->flags |= READING_ENCRYPTED;
    if (is_smime(type))
        take_smime(g, at, &l, body);
    if (at->report && take_report(g, &l)) {
        /* for machines, not for people */
    } else if (l.name || !is_text(type)) {
        body_look_at_file(g, &l);
        take_file(g, at, &l);
    } else {
        body_take(g, &l, body);
    }
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
        if (body_is_blank(&best) || (best.html && !body_is_blank(&one))) {
            body_clear(&best);
            best = one;
        } else {
            body_clear(&one);
        }
    }
    body_join(g, body, &best);
    body_clear(&best);
}

static void
note_report(struct gather *g, const struct place *at, GMimeObject *part)
{
    g_autoptr(params) type = leaf_field(part, "Content-Type");

    if (!at->forwarded && !g->report_type)
        g->report_type = params_get(type, "report-type");
    if (!at->forwarded && !g->report_type)
        g->report_type = g_strdup("unknown");
}

static void
walk_multipart(struct gather *g, const struct place *at, GMimeObject *part,
               struct body *body)
{
    GMimeMultipart *multipart = GMIME_MULTIPART(part);
    g_autoptr(params) type = leaf_field(part, "Content-Type");
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
    gboolean first = g->inner_text == NULL;
    struct body body;

    inside.depth++;
    inside.nested = inside.forwarded = TRUE;
    inside.report = FALSE;
    body_init(&body);
    walk(g, &inside, root, &body);
    body_finish(g, &body);
    if (first && !body_is_blank(&body)) { /* over those inside it */
        g_free(g->inner_text);
        g->inner_text = g_strdup(body.text->str);
    }
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

/* The mail that a report gives back. */
static void
note_original(struct gather *g, GMimeObject *message)
{
    const char *id = mime_header(message, "Message-ID");
    g_autofree char *field =
        id ? g_strconcat("Message-ID:", id, "\n", NULL) : NULL;

    if (field)
        report_read_original(g->r, field, strlen(field));
}

static void
walk_message(struct gather *g, const struct place *at, GMimeObject *part)
{
    GMimeMessage *message =
        g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
    GMimeObject *root = message ? g_mime_message_get_mime_part(message) : NULL;

    if (!root)
        return;
    if (at->report)
        note_original(g, GMIME_OBJECT(message));
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

/* A part with its own header that was wrapped into another. */
static void
walk_entity(struct gather *g, const struct place *at, const GByteArray *entity,
            struct body *body)
{
    const char *data = entity->len ? (const char *)entity->data : "";
    struct header h;
    struct mime m = {0};
    struct place inside = *at;

    inside.mime = &m;
    inside.depth++;
    inside.nested = TRUE;
    header_scan(&h, data, entity->len, g->limits->header_fields,
                g->limits->header_bytes);
    if (!mime_split(&m, &h, data, entity->len, g->limits->parts))
        g->r->flags |= READING_OVER_LIMIT;
    else if (m.root)
        walk(g, &inside, m.root, body);
    mime_clear(&m);
    header_clear(&h);
}

/* ---- the whole ---- */

void
parts_gather_nested(struct gather *g, const char *data, size_t len,
                    unsigned depth)
{
    struct header h;
    struct mime m = {0};
    struct place at = {.mime = &m, .depth = depth};
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
    if (body_is_blank(body)) {
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
    struct mime m = {.is_own = TRUE};
    struct place at = {.mime = &m};
    struct body body;

    body_init(&body);
    if (!mime_split(&m, h, data, len, g->limits->parts))
        g->r->flags |= READING_OVER_LIMIT;
    else if (m.root)
        walk(g, &at, m.root, &body);
    mime_clear(&m);
    body_finish(g, &body);
    take_body(g, &body);
    body_clear(&body);
}
