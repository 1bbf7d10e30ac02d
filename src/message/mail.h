/* mail.h - bytes of a message -> struct reading (RFC 5322, 2045-2049, 2231,
 * with the repairs of docs/quirks.md).
 *
 * Runs inside the sandboxed reader.  The parts are parsed by GMime; headers,
 * encoded words, parameters and base64 are decoded by our own code, because
 * GMime 3.2.13 loses text there without a warning.  Attachments are handed
 * to draft/ for their kind and text; markings of secrecy are looked for
 * everywhere before the function returns. */
#ifndef MESSAGE_MAIL_H
#define MESSAGE_MAIL_H

#include "message/reading.h"

/* Limits on hostile input; over them READING_OVER_LIMIT is set and what was
 * read so far is given. */
struct mail_limits {
    unsigned parts;         /* 1000 */
    unsigned depth;         /* 32 */
    size_t header_bytes;    /* of all header fields: 1 MB */
    unsigned header_fields; /* 2000 */
    size_t text_bytes;      /* of the body's text kept: 1 MB */
};

extern const struct mail_limits mail_default_limits;

/* What the reader must know of the office to tell machine mail. */
struct mail_context {
    const char *own_address; /* replies come from it, or NULL */
    const struct mail_limits *limits;
    gboolean released; /* staff have judged that a marking is none (解除隔离):
                          it is not looked for */
};

/* Open everything that cannot be opened inside the sandbox: GMime, the
 * iconv descriptors of every charset in the alias table, libxml2.
 * Called once, before the filter. */
void mail_init(void);

/* Never NULL, never fails: the worst message gives a reading with flags. */
struct reading *
mail_read(const guint8 *data, size_t len, const struct mail_context *context);

/* How many of its first bytes hold the header, as far as one is read. */
size_t mail_header_length(const guint8 *data, size_t len);

/* Only who wrote it, to whom, and what the servers on its way say of that:
 * from, sender, to, trace and READING_REPEATED_HEADER.  For the program
 * itself, which believes no reader in this: nothing of a mail is looked at
 * but these fields, by our own code. */
struct reading *mail_read_origin(const guint8 *header, size_t len);

/* One file that came without a mail, from the command line: a reading with
 * this file and nothing else.  Never fails. */
struct reading *mail_read_file(const guint8 *data, size_t len);

/* A text that is to be published or was: the same, but plain text and HTML
 * are texts whatever the file is called, and a marking is looked for. */
struct reading *mail_read_published(const guint8 *data, size_t len);

#endif
