/* address.h - lists of addresses as they stand in a raw header field.
 *
 * Tolerant of what is written (display names encoded, quoted or raw, with a
 * comma in them, groups, comments, missing angle brackets), strict in what
 * comes out: `address` passed address_valid() or is NULL.  GLib only. */
#ifndef MESSAGE_ADDRESS_H
#define MESSAGE_ADDRESS_H

#include "message/reading.h"

/* More than anybody writes to; the rest of a list is left out. */
enum { ADDRESS_LIST_MAX = 1000 };

/* Append every address of the field's value to `list`. */
void address_parse(GPtrArray *list, const char *raw, size_t len);

/* One addr-spec with or without angle brackets, domain in lower case; NULL
 * when it is not valid.  Caller frees. */
char *address_normal(const char *text);

#endif
