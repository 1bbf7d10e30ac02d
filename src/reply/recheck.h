/* recheck.h - read a composed mail again before it is given away.
 *
 * The writer could be talked into something by hostile text (a header of
 * the sender's choice, a part that was not meant).  So the finished bytes are
 * parsed by other code, which knows only what was meant: exactly these
 * header fields in this order, exactly these parts. */
#ifndef REPLY_RECHECK_H
#define REPLY_RECHECK_H

#include "base/err.h"

struct recheck_field {
    const char *name;
    const char *text; /* decoded; NULL: only its presence is checked */
};

struct recheck_part {
    const void *data; /* decoded */
    size_t len;
};

struct recheck {
    GArray *fields; /* of struct recheck_field, the mail's own header */
    GArray *parts;  /* of struct recheck_part, the leaves in order */
};

/* ST_FATAL, saying where, when the bytes are anything else. */
enum st recheck_mail(const char *data, size_t len, const struct recheck *want,
                     struct err *e);

#endif
