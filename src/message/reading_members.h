/* reading_members.h - the string members of a reading and of a file, each
 * described once.
 *
 * Freeing, wiping, writing and checking all walk over these tables, so that
 * a member cannot be forgotten in one of them.  New ones come last: the
 * register keeps readings that were written with fewer.  Private to reading.c
 * and reading_wire.c. */
#ifndef MESSAGE_READING_MEMBERS_H
#define MESSAGE_READING_MEMBERS_H

#include "message/reading.h"

/* What a string must be to be taken from the child. */
enum string_kind {
    STRING_LINE,
    STRING_TEXT,
    STRING_ADDRESS,
    STRING_PATH, /* an address, or "" for the null sender */
    STRING_HASH  /* 64 lower-case hexadecimal digits */
};

struct member {
    size_t offset;
    enum string_kind kind;
};

enum { READING_MEMBERS = 13, READING_FILE_MEMBERS = 6 };

G_GNUC_INTERNAL extern const struct member reading_members[READING_MEMBERS];
G_GNUC_INTERNAL extern const struct member
    reading_file_members[READING_FILE_MEMBERS];

static inline char **
member_at(void *base, const struct member *m)
{
    return (char **)((char *)base + m->offset);
}

static inline const char *
member_value(const void *base, const struct member *m)
{
    return *(char *const *)((const char *)base + m->offset);
}

#endif
