/* mime.c - see mime.h. */
#include "message/mime.h"

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

static gboolean
too_many_lines(const char *p, size_t len, size_t max)
{
    const char *end = p + len;
    size_t n = 0;

    while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        p++;
        if (end - p > 2 && p[0] == '-' && p[1] == '-' && ++n > max)
            return TRUE;
    }
    return FALSE;
}

static GMimeObject *
parse(GByteArray *buffer)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    GMimeParser *parser;
    GMimeObject *root;

    g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), buffer);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    parser = g_mime_parser_new_with_stream(stream);
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
    const char *body = data + h->body;
    size_t body_len = len - h->body;
    const char *eol = line_end(body, body_len);

    if (too_many_lines(body, body_len, (size_t)max_parts * LINES_PER_PART))
        return FALSE;
    m->buffer = g_byte_array_sized_new((guint)body_len + 1024);
    give_field(m->buffer, h, "Content-Type", eol);
    give_field(m->buffer, h, "Content-Transfer-Encoding", eol);
    give_field(m->buffer, h, "Content-Disposition", eol);
    if (m->buffer->len == 0) { /* GMime takes no part without a header */
        give(m->buffer, "X:");
        give(m->buffer, eol);
    }
    give(m->buffer, eol);
    g_byte_array_append(m->buffer, (const guint8 *)body, (guint)body_len);
    m->root = parse(m->buffer);
    return TRUE;
}

void
mime_clear(struct mime *m)
{
    g_clear_object(&m->root);
    g_clear_pointer(&m->buffer, g_byte_array_unref);
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
    gint64 size = m->buffer->len, start, end;

    *data_out = "";
    *len_out = 0;
    if (!s)
        return;
    start = CLAMP(s->bound_start, 0, size);
    end = s->bound_end < 0 ? size : CLAMP(s->bound_end, start, size);
    /* GMime may leave the CR of the line end that is the boundary's. */
    if (end > start && end < size && m->buffer->data[end - 1] == '\r' &&
        m->buffer->data[end] == '\n')
        end--;
    *data_out = (const char *)m->buffer->data + start;
    *len_out = (size_t)(end - start);
}

gboolean
mime_is_closed(const struct mime *m, GMimeMultipart *multipart)
{
    const char *boundary = g_mime_multipart_get_boundary(multipart);
    g_autofree char *line = NULL;

    if (!boundary)
        return FALSE;
    line = g_strdup_printf("\n--%s--", boundary);
    return memmem(m->buffer->data, m->buffer->len, line, strlen(line)) != NULL;
}
