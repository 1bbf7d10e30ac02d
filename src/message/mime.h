/* mime.h - the MIME structure of a message, as spans of its bytes.
 *
 * The only file that knows GMime.  GMime splits the body into parts and
 * nothing else: it is given the header fields that govern the structure
 * and the body, never the header block, whose border and limits are ours, and
 * of long base64 the first and the last lines only; it decodes nothing and
 * writes nothing again (GMime 3.2.13 loses bytes in the one and loops for ever
 * in the other). */
#ifndef MESSAGE_MIME_H
#define MESSAGE_MIME_H

#include "message/header.h"

#include <gmime/gmime.h>

struct mime {
    GByteArray *fields; /* what GMime was given before the body */
    GArray *pieces;     /* of struct mime_piece: that, and what it was given
                           of the body; contents point into it */
    GArray *lines;      /* of const char *: lines that begin with "--" */
    gboolean is_own;    /* the caller's: this is the mail itself, and nothing
                           that was wrapped into it */
    GMimeObject *root;  /* owned */
};

/* Before any sandbox. */
void mime_init(void);

/* Split a message whose header was scanned; `data` are the bytes that
 * header_scan() saw.  FALSE when there are so many lines that look like
 * boundaries that splitting would cost too much: then nothing was made.
 * The message must outlive m. */
gboolean mime_split(struct mime *m, const struct header *h, const char *data,
                    size_t len, unsigned max_parts);
void mime_clear(struct mime *m);

/* The raw value of a part's header field, folded; NULL when not there. */
const char *mime_header(GMimeObject *part, const char *name);

/* The encoded content of a leaf, borrowed from the message. */
void mime_content(const struct mime *m, GMimePart *part, const char **data_out,
                  size_t *len_out);

/* Does the multipart's closing line stand anywhere in the message? */
gboolean mime_is_closed(const struct mime *m, GMimeMultipart *multipart);

#endif
