/* mime.c - see mime.h. */
#include "message/mime.h"

#include "message/mime_view.h"

#include <string.h>

enum {
    FIELD_BYTES = 8192,  /* of Content-Type that GMime is given */
    LINES_PER_PART = 20, /* lines with "--" in front, for each part allowed */
    BLOCK = 4096,        /* what GMime reads at once */
    KEPT = BLOCK,        /* before what is passed over, and behind it */
    SHORTEST = 32,       /* a line of base64 */
};

static GMimeParserOptions *options; /* made once, never freed */

/* In what charset GMime takes bytes of a field that names none: we use none
 * of that, and for more than this it would look for a module of the C library
 * at every such field, which the sandbox refuses. */
static const char *guesses[] = {"utf-8", NULL};

void
mime_init(void)
{
    if (options)
        return;
    g_mime_init();
    options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(options, guesses);
}

static void
give(GByteArray *out, const char *text)
{
    g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
}

/* The line end of the message: GMime takes it from the first line, and cuts
 * as much off before each boundary. */
static const char *
line_end(const char *body, size_t len)
{
    const char *lf = memchr(body, '\n', len);

    return lf && lf > body && lf[-1] == '\r' ? "\r\n" : "\n";
}

/* One field on one line, without anything that could end it. */
static void
give_field(GByteArray *out, const struct header *h, const char *name,
           const char *eol)
{
    const struct header_field *f = header_find(h, name, NULL);
    size_t len;
    guint start;

    if (!f)
        return;
    len = MIN(f->value_len, FIELD_BYTES);
    give(out, name);
    give(out, ": ");
    start = out->len;
    g_byte_array_append(out, (const guint8 *)f->value, (guint)len);
    for (guint i = start; i < out->len; i++)
        if (out->data[i] < ' ')
            out->data[i] = ' ';
    give(out, eol);
}

/* ---- what GMime need not see ---- */

/* From p on and back, as long as a line end stands after every `len` bytes. */
static const char *
stride_after(const char *p, const char *end, size_t len)
{
    while ((size_t)(end - p) >= len && p[len - 1] == '\n')
        p += len;
    return p;
}

static gboolean
follows_empty_line(const char *p, const char *start)
{
    return p - start >= 3 && p[-1] == '\n' &&
           (p[-2] == '\n' || (p[-2] == '\r' && p[-3] == '\n'));
}

static const char *
stride_before(const char *p, const char *start, size_t len)
{
    while (!follows_empty_line(p, start) && (size_t)(p - start) > len &&
           p[-(ptrdiff_t)len - 1] == '\n')
        p -= len;
    return p;
}

/* In blocks, of which the compiler makes vectors. */
static size_t
count_lines(const char *p, const char *end)
{
    enum { AT_ONCE = 128 };
    size_t n = 0;

    for (; end - p >= AT_ONCE; p += AT_ONCE) {
        guint8 some = 0;

        for (int i = 0; i < AT_ONCE; i++)
            some = (guint8)(some + (p[i] == '\n'));
        n += some;
    }
    for (; p < end; p++)
        n += *p == '\n';
    return n;
}

static gboolean
has_any(const char *p, const char *end, const char *of)
{
    for (; *of; of++)
        if (memchr(p, *of, (size_t)(end - p)))
            return TRUE;
    return FALSE;
}

/* Is what stands before p, up to the last line that may be a boundary, the
 * header of a part that is no message, and in base64? */
static gboolean
begins_base64(const struct mime *m, const char *p)
{
    const char *line =
        m->lines->len ? g_array_index(m->lines, const char *, m->lines->len - 1)
                      : p;
    size_t len = (size_t)(p - line);
    g_autofree char *header = NULL;

    if (len > BLOCK || !follows_empty_line(p, line) || memchr(line, '\0', len))
        return FALSE;
    header = g_ascii_strdown(line, (gssize)len);
    return strstr(header, "content-type:") && strstr(header, "base64") &&
           !strstr(header, "message/");
}

/* Between `gap` and `end` there is no dash.  When most of it is lines of one
 * length without a colon or white space, under the header of a part in
 * base64, none of them is a boundary, and none begins another header.  They
 * are left out, and `from`, where the next piece begins, moves on: from the
 * middle of a line, so that none is empty now; by whole blocks, and with one
 * left before them and behind, for in a damaged header GMime makes mistakes
 * where its buffer ends, and it shall make the same ones. */
static const char *
pass_over(struct mime *m, const char *from, const char *gap, const char *end)
{
    const char *line, *lf, *start, *stop;
    size_t len, left;

    if (end - gap < BLOCK)
        return from;
    lf = memchr(gap + (end - gap) / 2, '\n', (size_t)(end - gap) / 2);
    line = lf ? lf + 1 : end;
    lf = memchr(line, '\n', (size_t)(end - line));
    len = lf ? (size_t)(lf + 1 - line) : 0;
    if (len < SHORTEST)
        return from;
    start = stride_before(line, gap, len);
    stop = stride_after(line, end, len);
    left = (size_t)(stop - start);
    if (left < 2 * KEPT + BLOCK + len || !begins_base64(m, start) ||
        has_any(start, stop, ": \t") || count_lines(start, stop) * len != left)
        return from;
    start += KEPT / len * len + len / 2;
    left = (size_t)(stop - start) - KEPT;
    mime_view_add(m->pieces, from, (size_t)(start - from));
    return start + left / BLOCK * BLOCK;
}

/* One look at every dash: the lines that may be boundaries, and the pieces.
 * Base64 has none: most of a mail is gone over at the speed of memory.  FALSE:
 * more than `max` lines. */
static gboolean
look_over(struct mime *m, const char *body, size_t len, size_t max)
{
    const char *end = body + len, *from = body, *p = body, *dash;

    while ((dash = memchr(p, '-', (size_t)(end - p))) != NULL) {
        from = pass_over(m, from, p, dash);
        p = dash;
        if ((p == body || p[-1] == '\n') && end - p > 2 && p[1] == '-') {
            if (m->lines->len == max)
                return FALSE;
            g_array_append_val(m->lines, p);
        }
        while (p < end && *p == '-')
            p++;
    }
    from = pass_over(m, from, p, end);
    mime_view_add(m->pieces, from, (size_t)(end - from));
    return TRUE;
}

/* ---- splitting ---- */

static GMimeObject *
parse(GMimeStream *stream)
{
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeObject *root;

    g_mime_parser_set_persist_stream(parser, TRUE);
    root = g_mime_parser_construct_part(parser, options);
    g_object_unref(parser);
    g_object_unref(stream);
    return root;
}

/* The fields that GMime is to see. */
static void
give_fields(GByteArray *out, const struct header *h, const char *eol)
{
    give_field(out, h, "Content-Type", eol);
    give_field(out, h, "Content-Transfer-Encoding", eol);
    give_field(out, h, "Content-Disposition", eol);
    if (out->len == 0) { /* GMime takes no part without a header */
        give(out, "X:");
        give(out, eol);
    }
    give(out, eol);
}

gboolean
mime_split(struct mime *m, const struct header *h, const char *data, size_t len,
           unsigned max_parts)
{
    const char *body = data + h->body;

    len -= h->body;
    m->fields = g_byte_array_new();
    m->pieces = g_array_new(FALSE, FALSE, sizeof(struct mime_piece));
    m->lines = g_array_new(FALSE, FALSE, sizeof(const char *));
    give_fields(m->fields, h, line_end(body, len));
    mime_view_add(m->pieces, (const char *)m->fields->data, m->fields->len);
    if (!look_over(m, body, len, (size_t)max_parts * LINES_PER_PART))
        return FALSE;
    m->root = parse(mime_view_new(m->pieces));
    return TRUE;
}

void
mime_clear(struct mime *m)
{
    g_clear_object(&m->root);
    g_clear_pointer(&m->fields, g_byte_array_unref);
    g_clear_pointer(&m->pieces, g_array_unref);
    g_clear_pointer(&m->lines, g_array_unref);
}

const char *
mime_header(GMimeObject *part, const char *name)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(part);
    GMimeHeader *h = g_mime_header_list_get_header(list, name);

    return h ? g_mime_header_get_raw_value(h) : NULL;
}

void
mime_content(const struct mime *m, GMimePart *part, const char **data_out,
             size_t *len_out)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GMimeStream *s = content ? g_mime_data_wrapper_get_stream(content) : NULL;
    gint64 body = m->fields->len, size = mime_view_length(m->pieces), at;
    const char *start, *end, *behind = mime_view_at(m->pieces, size);

    *data_out = "";
    *len_out = 0;
    if (!s)
        return;
    at = CLAMP(s->bound_start, body, size);
    start = mime_view_at(m->pieces, at);
    at = s->bound_end < 0 ? size : CLAMP(s->bound_end, at, size);
    end = mime_view_at(m->pieces, at);
    /* GMime may leave the CR of the line end that is the boundary's. */
    if (end > start && end < behind && end[-1] == '\r' && *end == '\n')
        end--;
    *data_out = start;
    *len_out = (size_t)(end - start);
}

gboolean
mime_is_closed(const struct mime *m, GMimeMultipart *multipart)
{
    const char *boundary = g_mime_multipart_get_boundary(multipart);
    const char *behind = mime_view_at(m->pieces, mime_view_length(m->pieces));
    g_autofree char *line = NULL;
    size_t n;

    if (!boundary)
        return FALSE;
    line = g_strconcat("--", boundary, "--", NULL);
    n = strlen(line);
    for (guint i = 0; i < m->lines->len; i++) {
        const char *p = g_array_index(m->lines, const char *, i);

        if ((size_t)(behind - p) >= n && memcmp(p, line, n) == 0)
            return TRUE;
    }
    return FALSE;
}
