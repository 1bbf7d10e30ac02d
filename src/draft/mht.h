/* mht.h - a web archive as Word saves it (RFC 2557): its HTML parts. */
#ifndef DRAFT_MHT_H
#define DRAFT_MHT_H

#include <glib.h>

struct mht_part {
    GByteArray *bytes; /* decoded */
    char *charset;     /* as labelled, or NULL */
};

/* Does it begin with header fields? */
gboolean mht_is(const guint8 *data, size_t len);

/* The text/html parts in order, of struct mht_part; at most 100.  The array
 * owns them; caller frees it. */
GPtrArray *mht_parts(const guint8 *data, size_t len);

#endif
