/* bytes.h - little-endian numbers out of bytes that the caller has already
 * found to be there. */
#ifndef DRAFT_BYTES_H
#define DRAFT_BYTES_H

#include <glib.h>

static inline guint16
get16(const guint8 *p)
{
    return (guint16)(p[0] | p[1] << 8);
}

static inline guint32
get32(const guint8 *p)
{
    return (guint32)get16(p) | (guint32)get16(p + 2) << 16;
}

/* Do `want` bytes at `at` lie within `len`?  Cannot overflow. */
static inline gboolean
within(size_t at, size_t want, size_t len)
{
    return at <= len && want <= len - at;
}

#endif
