/* smtp_mail.h - one mail as SMTP wants it: its commands, its text on the
 * wire.  Bytes in, bytes out. */
#ifndef MAILBOX_SMTP_MAIL_H
#define MAILBOX_SMTP_MAIL_H

#include "mailbox/mailbox.h"

/* What a server told with EHLO that it can do. */
enum smtp_extension {
    EXT_PIPELINING = 1 << 0,
    EXT_SIZE = 1 << 1,
    EXT_8BITMIME = 1 << 2,
    EXT_SMTPUTF8 = 1 << 3
};

/* From all lines that it said before the first mail; after STARTTLS (220)
 * it was told anew. */
unsigned smtp_extensions(const char *greeting);

/* The addresses passed address_valid(), and there is a recipient. */
gboolean smtp_mail_sound(const struct parcel *p);

/* Has an address that only SMTPUTF8 (RFC 6531) can carry. */
gboolean smtp_mail_needs_utf8(const struct parcel *p);

/* Lines end in CR LF whatever they ended in (a lone LF may be the end of a
 * mail to one server and not to the next), dots are doubled, and the line
 * that ends it all is there. */
GString *smtp_mail_text(const struct parcel *p);

/* MAIL, one RCPT for each recipient, DATA: strings with their CR LF.  `size`
 * is that of the text on the wire. */
GPtrArray *
smtp_mail_commands(const struct parcel *p, unsigned extensions, size_t size);

#endif
