/* compose.h - one outgoing mail -> its bytes (RFC 5322, 2045-2049, 2231,
 * 3834).
 *
 * Everything is written by our own code, and the bytes depend on nothing
 * but the struct: no clock, no counter, no random boundary.  The same mail
 * composed again after a crash is the same bytes with the same Message-ID.
 * Before they are given away they are parsed again and compared with what
 * was meant (recheck.h). */
#ifndef REPLY_COMPOSE_H
#define REPLY_COMPOSE_H

#include "base/day.h"
#include "base/err.h"

enum mail_occasion {
    OCCASION_REPLY, /* Auto-Submitted: auto-replied */
    OCCASION_NOTICE /* Auto-Submitted: auto-generated */
};

struct mail_attachment {
    const char *name;       /* as people read it: "2019年3月通报.xlsx" */
    const char *short_name; /* ASCII: "bulletin-2019-03.xlsx" */
    const char *type;       /* "application/..." */
    const void *data;
    size_t len;
};

/* All strings are borrowed. */
struct outgoing_mail {
    enum mail_occasion occasion;
    const char *office;  /* display name of From */
    const char *from;    /* our own address */
    const char *to;      /* one address */
    const char *subject; /* any text: made a line, cut when too long */
    const char *text;
    const char *html; /* or NULL */
    const char *key;  /* stable identity of this mail: Message-ID from it */
    gint64 instant;   /* Date */
    const struct clock *clock;     /* only its zone is used */
    const char *in_reply_to;       /* "<a@b>" of the mail answered, or NULL */
    const char *const *references; /* NULL-terminated "<a@b>", or NULL */
    const struct mail_attachment *attachments;
    guint n_attachments;
};

/* The bytes, lines ended by CR LF.  ST_REJECT when an address is not one
 * (address_valid), or ours is not ASCII.  ST_FATAL when our own re-reading
 * found something that was not meant.  Caller frees *out. */
enum st compose_mail(const struct outgoing_mail *m, char **out, size_t *len_out,
                     struct err *e);

/* "<baosong.5f3c...@mail.example.gov.cn>" from the key and the domain of
 * `from`: by its beginning other offices know it for a program's letter
 * (MACHINE_OWN_ID).  Caller frees. */
char *compose_message_id(const char *key, const char *from);

/* RFC 5322 msg-id within limits, nothing else: fit to be repeated in
 * In-Reply-To (B2). */
gboolean compose_id_valid(const char *id);

/* Our own marker, looked for by message/ to find loops (A22). */
#define COMPOSE_LOOP_HEADER "X-Baosong-Loop"

#endif
