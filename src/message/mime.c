/* mime.c - see mime.h. */
#include "message/mime.h"

#include "message/mime_view.h"

#include <string.h>

enum {
    FIELD_BYTES = 8192,  /* of Content-Type that GMime is given */
    LINES_PER_PART = 20, /* lines with "--" in front, for each part allowed */
};

static GMimeParserOptions *options; /* made once, never freed */

void
mime_init(void)
{
    if (options)
        return;
    g_mime_init();
    options = g_mime_parser_options_new();
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

/* Base64 has no dash: most of a mail is passed over at the speed of memory. */
static gboolean
too_many_lines(const char *p, size_t len, size_t max)
{
    const char *start = p, *end = p + len;
    size_t n = 0;

    while ((p = memchr(p, '-', (size_t)(end - p))) != NULL) {
        gboolean begins = p == start || p[-1] == '\n';

        if (begins && end - p > 2 && p[1] == '-' && ++n > max)
            return TRUE;
        while (p < end && *p == '-')
            p++;
    }
    return FALSE;
}

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

gboolean
mime_split(struct mime *m, const struct header *h, const char *data, size_t len,
           unsigned max_parts)
{
    const char *eol;

    m->body = data + h->body;
    m->body_len = len - h->body;
    eol = line_end(m->body, m->body_len);
    if (too_many_lines(m->body, m->body_len,
                       (size_t)max_parts * LINES_PER_PART))
        return FALSE;
    m->fields = g_byte_array_new();
    give_field(m->fields, h, "Content-Type", eol);
    give_field(m->fields, h, "Content-Transfer-Encoding", eol);
    give_field(m->fields, h, "Content-Disposition", eol);
    if (m->fields->len == 0) { /* GMime takes no part without a header */
        give(m->fields, "X:");
        give(m->fields, eol);
    }
    give(m->fields, eol);
    m->root = parse(mime_view_new(m->fields, m->body, m->body_len));
    return TRUE;
}

void
mime_clear(struct mime *m)
{
    g_clear_object(&m->root);
    g_clear_pointer(&m->fields, g_byte_array_unref);
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
    gint64 before = m->fields->len, size = (gint64)m->body_len, start, end;

    *data_out = "";
    *len_out = 0;
    if (!s)
        return;
    start = CLAMP(s->bound_start - before, 0, size);
    end = s->bound_end < 0 ? size : CLAMP(s->bound_end - before, start, size);
    /* GMime may leave the CR of the line end that is the boundary's. */
    if (end > start && end < size && m->body[end - 1] == '\r' &&
        m->body[end] == '\n')
        end--;
    *data_out = m->body + start;
    *len_out = (size_t)(end - start);
}

/* Does a line begin so?  The last lines are looked at first: there a closing
 * line stands. */
static gboolean
has_line(const char *text, size_t len, const char *beginning)
{
    size_t n = strlen(beginning), left = len;

    for (;;) {
        const char *lf = memrchr(text, '\n', left);
        const char *line = lf ? lf + 1 : text;

        if ((size_t)(text + len - line) >= n && memcmp(line, beginning, n) == 0)
            return TRUE;
        if (!lf)
            return FALSE;
        left = (size_t)(lf - text);
    }
}

gboolean
mime_is_closed(const struct mime *m, GMimeMultipart *multipart)
{
    const char *boundary = g_mime_multipart_get_boundary(multipart);
    g_autofree char *line = NULL;

    if (!boundary)
        return FALSE;
    line = g_strdup_printf("--%s--", boundary);
    return has_line(m->body, m->body_len, line);
}
