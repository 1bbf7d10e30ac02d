/* mime_view.h - pieces of memory as one stream that GMime can read, without a
 * copy of them. */
#ifndef MESSAGE_MIME_VIEW_H
#define MESSAGE_MIME_VIEW_H

#include <gmime/gmime.h>

/* Borrowed bytes, and where they begin in the stream. */
struct mime_piece {
    const char *data;
    gint64 len, at;
};

/* Put another piece behind those that are there. */
void mime_view_add(GArray *pieces, const char *data, size_t len);

/* A stream over the pieces (struct mime_piece, at least one), which must
 * outlive it and every part of it. */
GMimeStream *mime_view_new(const GArray *pieces);

/* How long the stream is, and what stands at a place of it.  Between two
 * pieces that is the second's beginning; at the end, what is behind it. */
gint64 mime_view_length(const GArray *pieces);
const char *mime_view_at(const GArray *pieces, gint64 place);

#endif
