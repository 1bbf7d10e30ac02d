/* smime.h - the message inside an S/MIME signature (RFC 8551 3.5.2), and
 * whether there is an encrypted one instead.
 *
 * Reads just enough BER (X.690) to find the signed content of a CMS
 * SignedData (RFC 5652 5.2).  The signature is not checked, and nothing is
 * believed because of it.  GLib only. */
#ifndef MESSAGE_SMIME_H
#define MESSAGE_SMIME_H

#include <glib.h>

enum smime {
    SMIME_NONE,     /* not CMS, or signed without content */
    SMIME_SIGNED,   /* *content_out is the MIME entity that was signed */
    SMIME_ENVELOPED /* encrypted */
};

/* *content_out is owned by the caller, untouched unless SMIME_SIGNED. */
enum smime smime_open(const guint8 *data, size_t len, GByteArray **content_out);

#endif
