/* leaf.h - one leaf of the MIME tree: its fields parsed, its content
 * decoded, nothing judged. */
#ifndef MESSAGE_LEAF_H
#define MESSAGE_LEAF_H

#include "message/mime.h"
#include "message/params.h"

struct leaf {
    struct params *type, *disposition;
    char *name, *other_name; /* see params_file_name() */
    gboolean name_hides;
    const char *encoded; /* borrowed of the message */
    size_t encoded_len;
    GByteArray *bytes; /* decoded */
    gboolean is_base64;
    gboolean cut; /* the encoding ended too early */
};

void leaf_init(struct leaf *l, const struct mime *m, GMimeObject *part);
void leaf_clear(struct leaf *l);

/* "text/plain": lower case; a part without a type, or with one that is
 * none, is plain text. */
const char *leaf_type(const struct leaf *l);

/* The content as characters: never NULL, not ended by NUL. */
const char *leaf_chars(const struct leaf *l);

/* A structured field of any part, parsed; without the field it is empty. */
struct params *leaf_field(GMimeObject *part, const char *name);

#endif
