/* rfc2047.h - encoded words of header fields, from the raw bytes.
 *
 * GMime 3.2.13 loses, without a warning, what follows a padded base64 word
 * and the last bytes of a word without padding, so this is ours: every word
 * to bytes, adjacent words of one charset joined, then converted.  What is
 * no well-formed word is shown as it stands.  GLib only. */
#ifndef MESSAGE_RFC2047_H
#define MESSAGE_RFC2047_H

#include "message/charset.h"

/* The text of an unstructured field's raw value (folded or not): a line,
 * never NULL.  `*worst` (may be NULL) is raised to the worst result met. */
char *rfc2047_decode(const char *raw, size_t len, enum charset_result *worst);

/* The same before it is made a line: what is not seen is still there. */
char *
rfc2047_decode_whole(const char *raw, size_t len, enum charset_result *worst);

/* Does what rfc2047_decode() gives leave out characters that show nothing or
 * turn the direction of writing? */
gboolean rfc2047_hides_something(const char *raw, size_t len);

#endif
