/* mail.c - see mail.h: the header fields, and the order of things. */
#include "message/mail.h"
#include "base/text.h"
#include "draft/draft.h"
#include "message/address.h"
#include "message/hash.h"
#include "message/header.h"
#include "message/identity.h"
#include "message/machine.h"
#include "message/mime.h"
#include "message/parts.h"
#include "message/rfc2047.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <string.h>

enum { REFERENCES_MAX = 100, TRACE_MAX = 200 };

const struct mail_limits mail_default_limits = {
    .parts = 1000,
    .depth = 32,
    .header_bytes = 1024 * 1024,
    .header_fields = 2000,
    .text_bytes = 1024 * 1024,
};

/* libxml2 takes a refusal for the end of the document: half a text would be
 * believed.  It ends the program, as GLib's own do. */
static void *
get_bytes(size_t len)
{
    return g_malloc(MAX(len, 1));
}

static void *
get_more_bytes(void *old, size_t len)
{
    return g_realloc(old, MAX(len, 1));
}

void
mail_init(void)
{
    charset_init();
    hash_init();
    mime_init();
    xmlMemSetup(g_free, get_bytes, get_more_bytes, g_strdup);
    xmlInitParser();
}

/* ---- fields ---- */

static void
note_charset(struct reading *r, enum charset_result result)
{
    if (result == CHARSET_DAMAGED)
        r->flags |= READING_BAD_CHARSET;
}

static void
read_addresses(const struct header *h, const char *name, GPtrArray *list)
{
    const struct header_field *f;
    guint at = 0;

    while ((f = header_find(h, name, &at)) != NULL)
        address_parse(list, f->value, f->value_len);
}

static gboolean
is_repeated(const struct header *h, const char *name)
{
    guint at = 0;

    return header_find(h, name, &at) && header_find(h, name, &at);
}

/* RFC 7103 7.5: of two subjects neither is the subject.  Both are kept in
 * one line for staff to see. */
static void
read_subject(struct reading *r, const struct header *h)
{
    enum charset_result worst = CHARSET_EXACT;
    const struct header_field *f;
    GString *whole = g_string_new(NULL);
    guint at = 0;

    while ((f = header_find(h, "Subject", &at)) != NULL) {
        g_autofree char *one = header_text(f, &worst);

        if (!*one || (whole->len && strcmp(whole->str, one) == 0))
            continue;
        g_string_append(whole, whole->len ? " | " : "");
        g_string_append(whole, one);
    }
    note_charset(r, worst);
    r->subject = g_string_free(whole, !whole->len);
}

/* What is left out of names and titles is said. */
static void
note_hidden(struct reading *r, const struct header *h, const char *name)
{
    const struct header_field *f;
    guint at = 0;

    while ((f = header_find(h, name, &at)) != NULL)
        if (rfc2047_hides_something(f->value, f->value_len))
            r->flags |= READING_HIDDEN_CHARACTERS;
}

static void
read_return_path(struct reading *r, const struct header *h)
{
    g_autofree char *line = header_line_of(h, "Return-Path");

    if (!line)
        return;
    if (strspn(line, "<> ") == strlen(line))
        r->return_path = g_strdup("");
    else
        r->return_path = address_normal(line);
}

/* Of all addresses in all such fields one that is not the author's goes
 * before the author's own: one of them is enough to doubt who wrote (A27). */
static void
read_sender(struct reading *r, const struct header *h)
{
    g_autoptr(GPtrArray) list =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_address_free);
    const char *author = reading_author(r), *found = NULL;
    const struct header_field *f;
    guint at = 0;

    while ((f = header_find(h, "Sender", &at)) != NULL)
        address_parse(list, f->value, f->value_len);
    for (guint i = 0; i < list->len; i++) {
        const struct reading_address *a = list->pdata[i];
        gboolean other =
            a->address &&
            g_ascii_strcasecmp(a->address, author ? author : "") != 0;

        if (a->address && (!found || other))
            found = a->address;
    }
    r->sender = g_strdup(found);
}

static void
read_references(struct reading *r, const struct header *h, const char *name)
{
    g_autofree char *line = header_line_of(h, name);
    const char *p = line;
    char *id;

    while (p && r->references->len < REFERENCES_MAX &&
           (id = header_message_id(p, &p)) != NULL)
        g_ptr_array_add(r->references, id);
}

static void
read_message_id(struct reading *r, const struct header *h)
{
    g_autofree char *line = header_line_of(h, "Message-ID");
    const char *end;

    if (line)
        r->message_id = header_message_id(line, &end);
}

static void
read_trace(struct reading *r, const struct header *h)
{
    for (guint i = 0; i < h->fields->len && r->trace->len < TRACE_MAX; i++) {
        const struct header_field *f =
            &g_array_index(h->fields, struct header_field, i);
        gboolean is_auth = header_field_is(f, "Authentication-Results");
        struct reading_trace *t;

        if (!is_auth && !header_field_is(f, "Received"))
            continue;
        t = g_new0(struct reading_trace, 1);
        t->is_auth = is_auth;
        t->value = header_line(f);
        g_ptr_array_add(r->trace, t);
    }
}

static gboolean
is_marked_spam(const struct header *h, const char *subject)
{
    static const char *const marks[] = {
        "[spam]", "***spam***", "[垃圾邮件]",
        "[广告]", "[广告邮件]", "(垃圾邮件)",
    };
    g_autofree char *flag = header_line_of(h, "X-Spam-Flag");
    g_autofree char *status = header_line_of(h, "X-Spam-Status");
    g_autofree char *head = subject ? text_cut(subject, 20) : NULL;
    g_autofree char *folded = head ? text_fold(head) : NULL;

    for (size_t i = 0; folded && i < G_N_ELEMENTS(marks); i++)
        if (g_str_has_prefix(folded, marks[i]))
            return TRUE;
    return (flag && g_ascii_strncasecmp(flag, "yes", 3) == 0) ||
           (status && g_ascii_strncasecmp(status, "yes", 3) == 0);
}

static void
read_origin(struct reading *r, const struct header *h)
{
    read_addresses(h, "From", r->from);
    read_addresses(h, "To", r->to);
    read_addresses(h, "Cc", r->to);
    read_sender(r, h);
    read_trace(r, h);
    if (is_repeated(h, "Subject") || is_repeated(h, "From"))
        r->flags |= READING_REPEATED_HEADER;
}

static void
read_fields(struct reading *r, const struct header *h)
{
    read_subject(r, h);
    note_hidden(r, h, "Subject");
    note_hidden(r, h, "From");
    read_origin(r, h);
    read_addresses(h, "Reply-To", r->reply_to);
    read_return_path(r, h);
    read_message_id(r, h);
    read_references(r, h, "In-Reply-To");
    read_references(r, h, "References");
    if (is_marked_spam(h, r->subject))
        r->flags |= READING_SPAM;
    if (h->over_limit)
        r->flags |= READING_OVER_LIMIT;
    if (h->fields->len == 0)
        r->flags |= READING_MALFORMED;
}

/* ---- the whole ---- */

static gboolean
has_word(const struct reading *r)
{
    for (guint i = 0; i < r->files->len; i++) {
        const struct reading_file *f = g_ptr_array_index(r->files, i);

        if (file_kind_is_word(f->kind))
            return TRUE;
    }
    return FALSE;
}

/* A marked mail is never taken for a draft, so there no attached file says
 * that the subject is a person's. */
static void
find_machine(const struct gather *g, const struct header *h,
             const char *own_address)
{
    struct reading *r = g->r;
    struct machine_facts facts = {
        .header = h,
        .report_type = g->report_type,
        .subject = r->subject,
        .from = r->from,
        .own_address = own_address,
        .has_word = g->level == SECRECY_NONE && has_word(r),
    };

    r->machine = machine_find(&facts, &r->machine_reason);
}

static void
judge_secrecy(struct gather *g)
{
    struct reading *r = g->r;

    if (g->level == SECRECY_NONE)
        return;
    r->secrecy = g->level;
    r->secrecy_rule = secrecy_place_name(g->place);
    reading_wipe(r);
}

static void
read_message(struct reading *r, const char *data, size_t len,
             const struct mail_context *context)
{
    const struct mail_limits *limits =
        context && context->limits ? context->limits : &mail_default_limits;
    struct gather g = {
        .r = r,
        .limits = limits,
        .spans = g_array_new(FALSE, FALSE, sizeof(struct identity_span))};
    struct header h;

    header_scan(&h, data, len, limits->header_fields, limits->header_bytes);
    read_fields(r, &h);
    r->raw_hash = hash_sha256(data, len);
    parts_gather(&g, &h, data, len);
    r->identity = identity_of(&h, data, len, g.spans);
    if (r->flags & READING_LINK_ONLY && has_word(r))
        r->flags &= ~(unsigned)READING_LINK_ONLY;
    parts_look(&g, r->subject, PLACE_SUBJECT);
    if (context && context->released)
        g.level = SECRECY_NONE;
    find_machine(&g, &h, context ? context->own_address : NULL);
    judge_secrecy(&g);
    g_free(g.report_type);
    g_free(g.inner_text);
    g_array_unref(g.spans);
    header_clear(&h);
}

/* A mail whose lines end in CR alone (RFC 7103 6): line feeds instead. */
static char *
without_lone_cr(const char *data, size_t len)
{
    char *copy;

    if (memchr(data, '\n', len) || !memchr(data, '\r', len))
        return NULL;
    copy = g_memdup2(data, len);
    for (size_t i = 0; i < len; i++)
        if (copy[i] == '\r')
            copy[i] = '\n';
    return copy;
}

struct reading *
mail_read(const guint8 *data, size_t len, const struct mail_context *context)
{
    g_autofree char *copy = without_lone_cr((const char *)data, len);
    struct reading *r = reading_new();

    read_message(r, copy ? copy : (const char *)data, len, context);
    return r;
}

size_t
mail_header_length(const guint8 *data, size_t len)
{
    const size_t most = MIN(len, mail_default_limits.header_bytes);
    const guint8 *end = data + most, *p = data;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        p++;
        if ((p < end && p[0] == '\n') ||
            (p + 1 < end && p[0] == '\r' && p[1] == '\n'))
            return (size_t)(p - data);
    }
    return most;
}

struct reading *
mail_read_origin(const guint8 *header, size_t len)
{
    const struct mail_limits *limits = &mail_default_limits;
    g_autofree char *copy = without_lone_cr((const char *)header, len);
    struct reading *r = reading_new();
    struct header h;

    header_scan(&h, copy ? copy : (const char *)header, len,
                limits->header_fields, limits->header_bytes);
    read_origin(r, &h);
    header_clear(&h);
    return r;
}

/* `name` says whether plain text and HTML count as Word. */
static struct reading *
read_file(struct gather *g, const guint8 *data, size_t len, const char *name)
{
    struct reading *r = reading_new();
    struct reading_file *f = reading_file_new();
    struct draft d;

    draft_read(data, len, name, &draft_default_limits, &d);
    f->kind = d.kind;
    f->state = d.state;
    f->size = (gint64)len;
    f->words = d.words;
    if (g) {
        parts_look(g, d.text, PLACE_DRAFT);
        parts_look(g, d.margins, PLACE_MARGINS);
    }
    f->text = g_steal_pointer(&d.text);
    draft_clear(&d);
    g_ptr_array_add(r->files, f);
    return r;
}

struct reading *
mail_read_file(const guint8 *data, size_t len)
{
    return read_file(NULL, data, len, NULL);
}

struct reading *
mail_read_published(const guint8 *data, size_t len)
{
    struct gather g = {.limits = &mail_default_limits};

    g.r = read_file(&g, data, len, "text.doc");
    judge_secrecy(&g);
    return g.r;
}
