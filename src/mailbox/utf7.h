/* utf7.h - mailbox names on the wire: modified UTF-7 of RFC 3501, 5.1.3.
 * Pure. */
#ifndef MAILBOX_UTF7_H
#define MAILBOX_UTF7_H

#include <glib.h>

/* UTF-8 -> "&XfJT1nQG-".  Caller frees. */
char *utf7_encode(const char *utf8);

/* The other way; NULL when the name is not of this form, be it in bad
 * base64, a lone surrogate, or ASCII that was encoded without need (two
 * names must never look like one).  Caller frees. */
char *utf7_decode(const char *name);

#endif
