/* header.h - the header block of a message, from its raw bytes.
 *
 * Nothing is copied: fields point into the message, which must outlive the
 * header.  Folded values stay folded.  The border between header and body
 * is the first empty line, as a server that checks DKIM sees it; a line in
 * between that is no field is passed over (RFC 7103 7).  GLib only. */
#ifndef MESSAGE_HEADER_H
#define MESSAGE_HEADER_H

#include <glib.h>

#include "message/charset.h"

struct header_field {
    const char *name;
    size_t name_len;
    const char *value; /* behind the colon, to the end of the last line */
    size_t value_len;
};

struct header {
    GArray *fields;      /* of struct header_field, from the top */
    size_t body;         /* offset of the body's first byte */
    gboolean over_limit; /* more fields or bytes than were kept */
};

void header_scan(struct header *h, const char *data, size_t len,
                 unsigned max_fields, size_t max_bytes);
void header_clear(struct header *h);

/* The first field of that name at or after index *at (NULL: from the top);
 * *at is then one behind it.  NULL when there is none. */
const struct header_field *
header_find(const struct header *h, const char *name, guint *at);

gboolean header_field_is(const struct header_field *f, const char *name);

/* The value with its encoded words decoded: a line.  Caller frees. */
char *header_text(const struct header_field *f, enum charset_result *worst);

/* The value unfolded, nothing decoded: a line.  Caller frees. */
char *header_line(const struct header_field *f);

/* The same of the first field of that name, or NULL. */
char *header_line_of(const struct header *h, const char *name);

/* The first "<a@b>" in a line: printable, without spaces, at most 998
 * bytes.  NULL when there is none; *end_out is where it ends.  Caller
 * frees. */
char *header_message_id(const char *line, const char **end_out);

#endif
