/* mime_view.c - see mime_view.h.  GMime has streams over one block of memory
 * only, and a large mail must not stand in memory twice. */
#include "message/mime_view.h"

#include <errno.h>
#include <string.h>

typedef struct {
    GMimeStream stream;
    const GByteArray *fields;
    const char *body;
    gint64 body_len;
} MimeView;

typedef GMimeStreamClass MimeViewClass;

static GType mime_view_get_type(void);

G_DEFINE_TYPE(MimeView, mime_view, GMIME_TYPE_STREAM)

static gint64
view_end(const MimeView *v)
{
    gint64 all = (gint64)v->fields->len + v->body_len;

    return v->stream.bound_end < 0 ? all : MIN(v->stream.bound_end, all);
}

/* Copy at most `n` of the block that begins at `start` of the stream. */
static void
copy_some(MimeView *v, const void *block, gint64 start, gint64 len, char **to,
          gint64 *n)
{
    gint64 at = v->stream.position - start;
    gint64 some = CLAMP(len - at, 0, *n);

    if (at < 0 || some == 0)
        return;
    memcpy(*to, (const char *)block + at, (size_t)some);
    *to += some;
    *n -= some;
    v->stream.position += some;
}

static ssize_t
view_read(GMimeStream *stream, char *to, size_t len)
{
    MimeView *v = (MimeView *)stream;
    gint64 left = view_end(v) - stream->position;
    gint64 n = CLAMP((gint64)len, 0, MAX(left, 0)), before = stream->position;

    copy_some(v, v->fields->data, 0, v->fields->len, &to, &n);
    copy_some(v, v->body, v->fields->len, v->body_len, &to, &n);
    return (ssize_t)(stream->position - before);
}

static ssize_t
view_write(GMimeStream *stream, const char *from, size_t len)
{
    (void)stream;
    (void)from;
    (void)len;
    errno = EROFS;
    return -1;
}

static int
view_nothing_to_do(GMimeStream *stream)
{
    (void)stream;
    return 0;
}

static gboolean
view_eos(GMimeStream *stream)
{
    return stream->position >= view_end((MimeView *)stream);
}

static int
view_reset(GMimeStream *stream)
{
    stream->position = stream->bound_start;
    return 0;
}

/* Positions count from the beginning of the whole, also in a part of it. */
static gint64
view_seek(GMimeStream *stream, gint64 offset, GMimeSeekWhence whence)
{
    gint64 from = 0, end = view_end((MimeView *)stream);

    if (whence == GMIME_STREAM_SEEK_CUR)
        from = stream->position;
    else if (whence == GMIME_STREAM_SEEK_END)
        from = end;
    if (from + offset < stream->bound_start || from + offset > end) {
        errno = EINVAL;
        return -1;
    }
    stream->position = from + offset;
    return stream->position;
}

static gint64
view_tell(GMimeStream *stream)
{
    return stream->position;
}

static gint64
view_length(GMimeStream *stream)
{
    return view_end((MimeView *)stream) - stream->bound_start;
}

static MimeView *
view_over(const GByteArray *fields, const char *body, gint64 body_len,
          gint64 start, gint64 end)
{
    MimeView *v = g_object_new(mime_view_get_type(), NULL);

    v->fields = fields;
    v->body = body;
    v->body_len = body_len;
    g_mime_stream_construct(&v->stream, start, end);
    return v;
}

static GMimeStream *
view_substream(GMimeStream *stream, gint64 start, gint64 end)
{
    const MimeView *v = (MimeView *)stream;

    return &view_over(v->fields, v->body, v->body_len, start, end)->stream;
}

static void
mime_view_class_init(MimeViewClass *c)
{
    c->read = view_read;
    c->write = view_write;
    c->flush = view_nothing_to_do;
    c->close = view_nothing_to_do;
    c->eos = view_eos;
    c->reset = view_reset;
    c->seek = view_seek;
    c->tell = view_tell;
    c->length = view_length;
    c->substream = view_substream;
}

static void
mime_view_init(MimeView *v)
{
    (void)v;
}

GMimeStream *
mime_view_new(const GByteArray *fields, const char *body, size_t body_len)
{
    return &view_over(fields, body, (gint64)body_len, 0, -1)->stream;
}
