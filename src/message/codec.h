/* codec.h - base64 and quoted-printable, tolerant and measured.
 *
 * Our own, because GMime 3.2.13 stops at the first '=' of a base64 body:
 * two pieces of base64 one behind the other give only the first. */
#ifndef MESSAGE_CODEC_H
#define MESSAGE_CODEC_H

#include <glib.h>

/* Append the bytes of a base64 text.  White space and characters outside
 * the alphabet are skipped, padding in the middle ends one piece and starts
 * the next.  FALSE when the text was cut: what stands before the end or a
 * padding is not a whole number of bytes, or no padding where one is due. */
gboolean codec_base64(GByteArray *out, const char *text, size_t len);

/* Is every character white space, padding or of the alphabet? */
gboolean codec_is_base64(const char *text, size_t len);

/* Append the bytes of a quoted-printable body (RFC 2045 6.7): soft line
 * ends vanish, white space at the end of a line too, a '=' that starts
 * nothing stays. */
void codec_quoted_printable(GByteArray *out, const char *text, size_t len);

/* Append the bytes of a uuencoded body (POSIX), the content-transfer-
 * encoding of some old gateways.  FALSE when the "end" is missing. */
gboolean codec_uu(GByteArray *out, const char *text, size_t len);

/* Append the bytes of a Q word (RFC 2047 4.2): '_' is a space. */
void codec_q(GByteArray *out, const char *text, size_t len);

/* Append the bytes of %XX text (RFC 2231 4). */
void codec_percent(GByteArray *out, const char *text, size_t len);

#endif
