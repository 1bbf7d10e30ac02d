/* mime_view.h - some fields of ours and a body that is somebody else's, as
 * one stream that GMime can read, without a copy of the body. */
#ifndef MESSAGE_MIME_VIEW_H
#define MESSAGE_MIME_VIEW_H

#include <gmime/gmime.h>

/* Both are borrowed, for as long as the stream or a part of it lives. */
GMimeStream *
mime_view_new(const GByteArray *fields, const char *body, size_t body_len);

#endif
