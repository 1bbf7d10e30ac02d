/* mime_view.c - see mime_view.h.  GMime has streams over one block of memory
 * only, and a large mail must not stand in memory twice. */
#include "message/mime_view.h"

#include <errno.h>
#include <string.h>

typedef struct {
    GMimeStream stream;
    const GArray *pieces; /* of struct mime_piece */
} MimeView;

typedef GMimeStreamClass MimeViewClass;

static GType mime_view_get_type(void);

G_DEFINE_TYPE(MimeView, mime_view, GMIME_TYPE_STREAM)

/* ---- pieces ---- */

void
mime_view_add(GArray *pieces, const char *data, size_t len)
{
    struct mime_piece next = {
        .data = data,
        .len = (gint64)len,
        .at = pieces->len ? mime_view_length(pieces) : 0,
    };

    g_array_append_val(pieces, next);
}

static const struct mime_piece *
piece(const GArray *pieces, guint i)
{
    return &g_array_index(pieces, struct mime_piece, i);
}

gint64
mime_view_length(const GArray *pieces)
{
    const struct mime_piece *last = piece(pieces, pieces->len - 1);

    return last->at + last->len;
}

/* The last one that does not begin behind the place. */
static const struct mime_piece *
piece_of(const GArray *pieces, gint64 place)
{
    guint low = 0, high = pieces->len;

    while (high - low > 1) {
        guint middle = low + (high - low) / 2;

        if (piece(pieces, middle)->at <= place)
            low = middle;
        else
            high = middle;
    }
    return piece(pieces, low);
}

const char *
mime_view_at(const GArray *pieces, gint64 place)
{
    const struct mime_piece *p = piece_of(pieces, place);

    return p->data + (place - p->at);
}

/* ---- the stream ---- */

static gint64
view_end(const MimeView *v)
{
    gint64 all = mime_view_length(v->pieces);

    return v->stream.bound_end < 0 ? all : MIN(v->stream.bound_end, all);
}

static ssize_t
view_read(GMimeStream *stream, char *to, size_t len)
{
    MimeView *v = (MimeView *)stream;
    gint64 left = view_end(v) - stream->position, before = stream->position;

    left = CLAMP((gint64)len, 0, MAX(left, 0));
    while (left > 0) {
        const struct mime_piece *p = piece_of(v->pieces, stream->position);
        gint64 at = stream->position - p->at, n = MIN(p->len - at, left);

        memcpy(to, p->data + at, (size_t)n);
        to += n;
        left -= n;
        stream->position += n;
    }
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
view_over(const GArray *pieces, gint64 start, gint64 end)
{
    MimeView *v = g_object_new(mime_view_get_type(), NULL);

    v->pieces = pieces;
    g_mime_stream_construct(&v->stream, start, end);
    return v;
}

static GMimeStream *
view_substream(GMimeStream *stream, gint64 start, gint64 end)
{
    return &view_over(((MimeView *)stream)->pieces, start, end)->stream;
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
mime_view_new(const GArray *pieces)
{
    return &view_over(pieces, 0, -1)->stream;
}
