/* parts.h - from the parts of a message to body, files and flags of the
 * reading.  parts.c says which part is what, attach.c takes one file,
 * body.c one text. */
#ifndef MESSAGE_PARTS_H
#define MESSAGE_PARTS_H

#include "draft/secrecy.h"
#include "message/header.h"
#include "message/identity.h"
#include "message/mail.h"

/* What is gathered while the parts are walked. */
struct gather {
    struct reading *r;
    const struct mail_limits *limits;
    GArray *spans;            /* of struct identity_span, or NULL: not wanted */
    unsigned parts;           /* seen so far */
    char *inner_text;         /* of the first message in the message, or NULL */
    char *report_type;        /* "delivery-status" ..., or NULL */
    enum secrecy level;       /* the highest marking met */
    enum secrecy_place place; /* where, when level is not SECRECY_NONE */
};

/* Walk over the whole body. */
void parts_gather(struct gather *g, const struct header *h, const char *data,
                  size_t len);

/* Look for a marking of secrecy; text may be NULL. */
void parts_look(struct gather *g, const char *text, enum secrecy_place place);

/* A file as it came: names and type are taken over, `bytes` is the decoded
 * content.  `depth` is that of the part it stands in. */
struct attached {
    char *name, *other_name, *type;
    GByteArray *bytes;
    const char *base64; /* of the message itself, which stands for `bytes`
                           and nothing else; or NULL */
    size_t base64_len;
    gboolean incomplete, nested;
    gboolean forwarded; /* nested in a message, not in TNEF or a signature */
    unsigned depth;
};

/* Add the file to the reading, and those that are inside it when it is
 * TNEF or a message.  Everything in `a` is consumed. */
void attach_file(struct gather *g, struct attached *a);

/* The parts of a message that stands inside a file or part. */
void parts_gather_nested(struct gather *g, const char *data, size_t len,
                         unsigned depth);

#endif
