/* address.h - which e-mail addresses this program deals with. */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <glib.h>

/* One addr-spec of RFC 5321: dot-atom local part, domain name, at most 254
 * bytes; no quoting, no literals, no controls, no spaces, no localhost.
 * The local part may be RFC 6531 (UTF-8).  Pure. */
gboolean address_valid(const char *address);

#endif
