/* identity.h - by what a mail is known again: the same on another server,
 * another when a byte of its content is another. */
#ifndef MESSAGE_IDENTITY_H
#define MESSAGE_IDENTITY_H

#include "message/header.h"

/* A stretch of the message's base64 that was decoded whole, and the hash of
 * what came of it. */
struct identity_span {
    const char *at;
    size_t len;
    const char *sha256; /* borrowed */
};

/* SHA-256 over Message-ID, From, Date and Subject, the hashes of the spans,
 * and all of the body that lies in none of them, without carriage returns
 * and the line ends behind it, which servers change.  So no file is hashed
 * twice.  `spans`, of struct identity_span, ascend and lie in the body;
 * `data` is what header_scan() saw.  64 hexadecimal digits; caller frees. */
char *identity_of(const struct header *h, const char *data, size_t len,
                  const GArray *spans);

#endif
