/* compose.c - see compose.h.
 *
 * Bodies are base64: no line of them can be taken for protocol text, a
 * boundary or a leading dot (B8).  Boundaries come from the Message-ID and
 * hold characters that base64 has not. */
#include "reply/compose.h"

#include "base/address.h"
#include "base/text.h"
#include "reply/recheck.h"

#include <string.h>

enum {
    LINE = 76,           /* wished length of a line */
    LINE_BYTES = 57,     /* as many characters of base64 */
    WORD_BYTES = 45,     /* of text in one encoded word of 72 characters */
    WORD_FRAME = 12,     /* "=?UTF-8?B?" and "?=" */
    SUBJECT_CHARS = 120, /* longer subjects are cut (B5) */
    NAME_BYTES = 120,    /* of an attachment's name */
    ID_BYTES = 900,      /* a longer one would not fit on a line */
    HEADER = 2048,       /* what it is expected to need */
    REFERENCES = 20      /* of a long thread the last ones */
};

struct writer {
    GString *out;
    GArray *fields; /* of struct recheck_field */
    GArray *parts;  /* of struct recheck_part */
    GPtrArray *own; /* strings that fields and parts borrow */
    char *boundary;
};

static const char *
keep(struct writer *w, char *text)
{
    g_ptr_array_add(w->own, text);
    return text;
}

/* ---- header fields ---- */

static gboolean
is_plain(const char *text)
{
    for (const char *p = text; *p; p++)
        if (*p < ' ' || *p > '~')
            return FALSE;
    return !strstr(text, "=?");
}

/* Bytes of whole characters that fit into `room`, at least one character. */
static size_t
fitting(const char *text, size_t room)
{
    const char *p = text;

    while (*p) {
        const char *next = g_utf8_next_char(p);

        if ((size_t)(next - text) > room && p > text)
            break;
        p = next;
    }
    return (size_t)(p - text);
}

/* RFC 2047: words of at most 75 characters on lines of at most 76, never cut
 * inside a character.  `used` is what stands on the line already. */
static void
put_words(GString *out, const char *text, size_t used)
{
    while (*text) {
        size_t room = (LINE - used - WORD_FRAME) / 4 * 3;
        size_t n = fitting(text, MIN(room, WORD_BYTES));
        g_autofree char *word = g_base64_encode((const guchar *)text, n);

        g_string_append(out, "=?UTF-8?B?");
        g_string_append(out, word);
        g_string_append(out, "?=");
        text += n;
        if (*text)
            g_string_append(out, "\r\n ");
        used = 1;
    }
}

static void
declare(struct writer *w, const char *name, const char *text)
{
    struct recheck_field f = {name, text};

    g_array_append_val(w->fields, f);
}

static void
put_name(struct writer *w, const char *name)
{
    g_string_append(w->out, name);
    g_string_append(w->out, ": ");
}

/* A field of our own making: ASCII, short enough. */
static void
put_field(struct writer *w, const char *name, const char *value)
{
    declare(w, name, value);
    put_name(w, name);
    g_string_append(w->out, value);
    g_string_append(w->out, "\r\n");
}

static void
put_text_field(struct writer *w, const char *name, const char *text)
{
    size_t used = strlen(name) + 2;

    declare(w, name, text);
    put_name(w, name);
    if (is_plain(text) && used + strlen(text) <= LINE)
        g_string_append(w->out, text);
    else
        put_words(w->out, text, used);
    g_string_append(w->out, "\r\n");
}

/* "office <address>"; the name always as encoded words, so that nothing in
 * it has to be quoted. */
static void
put_from(struct writer *w, const struct outgoing_mail *m)
{
    g_autofree char *name = text_line(m->office);

    if (!*name) {
        put_field(w, "From", m->from);
        return;
    }
    declare(w, "From", keep(w, g_strdup_printf("%s <%s>", name, m->from)));
    g_string_append(w->out, "From: ");
    put_words(w->out, name, strlen("From: "));
    g_string_append_printf(w->out, "\r\n <%s>\r\n", m->from);
}

/* An address that is not ASCII (RFC 6531) is named as RFC 6857 has it for
 * readers that know ASCII only, by a group without members: the envelope says
 * where it goes. */
static void
put_to(struct writer *w, const char *address)
{
    if (is_plain(address)) {
        put_field(w, "To", address);
        return;
    }
    declare(w, "To", keep(w, g_strconcat(address, " :;", NULL)));
    g_string_append(w->out, "To: ");
    put_words(w->out, address, strlen("To: "));
    g_string_append(w->out, " :;\r\n");
}

gboolean
compose_id_valid(const char *id)
{
    size_t n = id ? strlen(id) : 0;
    const char *at;

    if (n < 5 || n > ID_BYTES || id[0] != '<' || id[n - 1] != '>')
        return FALSE;
    for (size_t i = 1; i + 1 < n; i++)
        if (id[i] <= ' ' || id[i] > '~' || id[i] == '<' || id[i] == '>')
            return FALSE;
    at = strchr(id, '@');
    return at && at > id + 1 && at < id + n - 2;
}

/* Threading: what is not a msg-id is left out (B2, B3). */
static void
put_thread(struct writer *w, const struct outgoing_mail *m)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_autoptr(GString) value = g_string_new(NULL);

    for (guint i = 0; m->references && m->references[i]; i++)
        if (compose_id_valid(m->references[i]) &&
            g_strcmp0(m->references[i], m->in_reply_to) != 0)
            g_ptr_array_add(ids, (gpointer)m->references[i]);
    if (compose_id_valid(m->in_reply_to)) {
        put_field(w, "In-Reply-To", m->in_reply_to);
        g_ptr_array_add(ids, (gpointer)m->in_reply_to);
    }
    if (ids->len == 0)
        return;
    if (ids->len > REFERENCES)
        g_ptr_array_remove_range(ids, 0, ids->len - REFERENCES);
    for (guint i = 0; i < ids->len; i++)
        g_string_append_printf(value, "%s%s", i ? "\r\n " : "",
                               (const char *)ids->pdata[i]);
    declare(w, "References", NULL);
    g_string_append_printf(w->out, "References: %s\r\n", value->str);
}

char *
compose_message_id(const char *key, const char *from)
{
    const char *at = strrchr(from, '@');
    g_autofree char *seed = g_strdup_printf("%s\n%s", key, from);
    g_autofree char *hash = text_sha256(seed, strlen(seed));

    return g_strdup_printf("<baosong.%.32s@%s>", hash, at ? at + 1 : from);
}

static void
put_header(struct writer *w, const struct outgoing_mail *m, const char *id)
{
    g_autofree char *line = text_line(m->subject);

    put_from(w, m);
    put_to(w, m->to);
    put_text_field(w, "Subject", keep(w, text_cut(line, SUBJECT_CHARS)));
    put_field(w, "Date", keep(w, clock_format_rfc5322(m->clock, m->instant)));
    put_field(w, "Message-ID", id);
    put_thread(w, m);
    put_field(w, "Auto-Submitted",
              m->occasion == OCCASION_REPLY ? "auto-replied"
                                            : "auto-generated");
    put_field(w, "X-Auto-Response-Suppress", "All");
    put_field(w, COMPOSE_LOOP_HEADER, m->from);
    put_field(w, "MIME-Version", "1.0");
}

/* ---- parts ---- */

static void
put_base64(struct writer *w, const void *data, size_t len)
{
    const guchar *p = data, *end = p + len;
    struct recheck_part part = {data, len};

    g_array_append_val(w->parts, part);
    for (size_t n; p < end; p += n) {
        char line[LINE + 8]; /* the end is written apart */
        int state = 0, save = 0;
        gsize done;

        n = MIN((size_t)(end - p), LINE_BYTES);
        done = g_base64_encode_step(p, n, FALSE, line, &state, &save);
        done += g_base64_encode_close(FALSE, line + done, &state, &save);
        g_string_append_len(w->out, line, (gssize)done);
        g_string_append(w->out, "\r\n");
    }
}

/* Text has CR LF at the end of every line, the last too. */
static GString *
canonical(const char *text)
{
    g_autofree char *clean = text_clean(text, strlen(text));
    GString *out = g_string_sized_new(strlen(clean) + strlen(clean) / 16 + 16);
    const char *p = clean;

    do {
        const char *end = strchrnul(p, '\n');

        g_string_append_len(out, p, end - p);
        g_string_append(out, "\r\n");
        p = end + (*end != '\0');
    } while (*p);
    return out;
}

static void
put_text(struct writer *w, const char *subtype, const char *text)
{
    GString *lines = canonical(text);
    size_t len = lines->len;
    const char *body = keep(w, g_string_free(lines, FALSE));

    g_string_append_printf(w->out,
                           "Content-Type: text/%s; charset=utf-8\r\n"
                           "Content-Transfer-Encoding: base64\r\n\r\n",
                           subtype);
    put_base64(w, body, len);
}

/* The name three times over (B6), for no form of it is read by all: a short
 * ASCII name= for old clients; RFC 2047 words in filename=, the habit of QQ,
 * 163 and Foxmail, which stumble over RFC 2231; and filename*= of RFC 2231,
 * in one piece, for clients that follow the standards and prefer it. */
static void
put_attachment(struct writer *w, const struct mail_attachment *a)
{
    g_autofree char *name = text_file_name(a->name, NAME_BYTES);
    g_autofree char *coded = g_uri_escape_string(name, NULL, FALSE);
    g_autofree char *short_name = g_strdup(a->short_name);

    g_strcanon(short_name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-", '_');
    g_string_append_printf(w->out,
                           "Content-Type: %s;\r\n name=\"%s\"\r\n"
                           "Content-Transfer-Encoding: base64\r\n"
                           "Content-Disposition: attachment;\r\n"
                           " filename=\"",
                           a->type, short_name);
    put_words(w->out, name, strlen(" filename=\""));
    g_string_append_printf(w->out, "\";\r\n filename*=UTF-8''%s\r\n\r\n",
                           coded);
    put_base64(w, a->data, a->len);
}

static void
put_boundary(struct writer *w, const char *level, gboolean last)
{
    g_string_append_printf(w->out, "--%s_%s%s\r\n", w->boundary, level,
                           last ? "--" : "");
}

static void
put_multipart(struct writer *w, const char *subtype)
{
    g_string_append_printf(w->out,
                           "Content-Type: multipart/%s;\r\n"
                           " boundary=\"%s_%s\"\r\n\r\n",
                           subtype, w->boundary, subtype);
}

static void
put_texts(struct writer *w, const struct outgoing_mail *m)
{
    if (!m->html) {
        put_text(w, "plain", m->text);
        return;
    }
    put_multipart(w, "alternative");
    put_boundary(w, "alternative", FALSE);
    put_text(w, "plain", m->text);
    put_boundary(w, "alternative", FALSE);
    put_text(w, "html", m->html);
    put_boundary(w, "alternative", TRUE);
}

static void
put_body(struct writer *w, const struct outgoing_mail *m)
{
    gboolean simple = m->n_attachments == 0 && !m->html;

    declare(w, "Content-Type", NULL);
    if (simple)
        declare(w, "Content-Transfer-Encoding", "base64");
    if (m->n_attachments == 0) {
        put_texts(w, m);
        return;
    }
    put_multipart(w, "mixed");
    put_boundary(w, "mixed", FALSE);
    put_texts(w, m);
    for (guint i = 0; i < m->n_attachments; i++) {
        put_boundary(w, "mixed", FALSE);
        put_attachment(w, &m->attachments[i]);
    }
    put_boundary(w, "mixed", TRUE);
}

/* ---- the whole ---- */

static enum st
check_address(const char *address, gboolean is_ours, struct err *e)
{
    if (address && address_valid(address) && (is_plain(address) || !is_ours))
        return ST_OK;
    return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                   "not an address that mail can be sent to: %s",
                   address ? address : "(none)");
}

static char *
boundary_from(const char *id)
{
    return g_strdup_printf("=_%.*s", (int)strcspn(id + 1, "@"), id + 1);
}

enum st
compose_mail(const struct outgoing_mail *m, char **out, size_t *len_out,
             struct err *e)
{
    g_autofree char *id = NULL, *boundary = NULL;
    g_autoptr(GArray) fields = NULL, parts = NULL;
    g_autoptr(GPtrArray) own = NULL;
    g_autoptr(GString) data = NULL;
    enum st st = check_address(m->to, FALSE, e);

    if (st == ST_OK)
        st = check_address(m->from, TRUE, e);
    if (st != ST_OK)
        return st;
    id = compose_message_id(m->key, m->from);
    boundary = boundary_from(id);
    fields = g_array_new(FALSE, FALSE, sizeof(struct recheck_field));
    parts = g_array_new(FALSE, FALSE, sizeof(struct recheck_part));
    own = g_ptr_array_new_with_free_func(g_free);
    data = g_string_sized_new(strlen(m->text) * 2 +
                              strlen(m->html ? m->html : "") * 2 + HEADER);
    struct writer w = {data, fields, parts, own, boundary};
    const struct recheck want = {fields, parts};

    put_header(&w, m, id);
    put_body(&w, m);
    st = recheck_mail(data->str, data->len, &want, e);
    if (st != ST_OK)
        return st;
    *len_out = data->len;
    *out = g_string_free(g_steal_pointer(&data), FALSE);
    return ST_OK;
}
