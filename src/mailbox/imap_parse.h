/* imap_parse.h - one response of an IMAP server as a struct.  Pure.
 *
 * The caller has read a logical line: the text of the line, in which each
 * literal stands as its announcement {n} alone, and the literals' bytes
 * apart, in order.  So no byte of a mail is ever looked at as protocol.
 * Only what a session of ours asks for is understood; everything else is
 * IMAP_IGNORED, since servers may say anything at any time (RFC 3501, 7).
 * What is against the grammar is refused: whoever reads on after that may
 * take a piece of a mail for the server's word. */
#ifndef MAILBOX_IMAP_PARSE_H
#define MAILBOX_IMAP_PARSE_H

#include <glib.h>

enum imap_kind {
    IMAP_TAGGED,     /* tag, status, code, text */
    IMAP_CONTINUE,   /* + */
    IMAP_CONDITION,  /* untagged OK NO BAD BYE PREAUTH: status, code, text */
    IMAP_CAPABILITY, /* capabilities */
    IMAP_LIST,       /* delimiter, string (the name, as on the wire) */
    IMAP_EXISTS,     /* number */
    IMAP_EXPUNGE,    /* number */
    IMAP_FETCH,      /* the fetch part */
    IMAP_IGNORED
};

enum imap_status { IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_BYE, IMAP_PREAUTH };

/* Response codes that change what we do. */
enum imap_code {
    IMAP_CODE_NONE, /* no code, or one we have no use for */
    IMAP_CODE_CAPABILITY,
    IMAP_CODE_UIDVALIDITY,
    IMAP_CODE_UIDNEXT,
    IMAP_CODE_TRYCREATE,
    IMAP_CODE_ALREADYEXISTS
};

enum imap_capability {
    IMAP_CAN_ID = 1 << 0,
    IMAP_CAN_MOVE = 1 << 1,
    IMAP_CAN_UIDPLUS = 1 << 2,
    IMAP_CAN_IDLE = 1 << 3
};

enum imap_body {
    IMAP_BODY_NONE,    /* not there, or NIL: the message is gone */
    IMAP_BODY_LITERAL, /* body_literal is its index */
    IMAP_BODY_STRING   /* a quoted string, in `string` */
};

struct imap_response {
    enum imap_kind kind;
    char tag[16];
    enum imap_status status;
    enum imap_code code;
    guint32 number;        /* of EXISTS, EXPUNGE, FETCH; or of the code */
    unsigned capabilities; /* of enum imap_capability */
    const char *text;      /* for people; borrowed from the line */
    char delimiter;        /* of LIST; 0 when the server has none */
    gboolean selectable;   /* of LIST */
    GString *string;       /* owned */

    /* of FETCH; what the server did not say is 0 or IMAP_BODY_NONE */
    guint32 uid;
    gint64 received; /* INTERNALDATE, seconds since 1970 */
    gboolean has_size;
    guint32 size;
    gboolean deleted; /* it is marked so */
    enum imap_body body;
    guint body_literal;
};

/* `literals` holds GByteArray, one for each {n} of the line. */
struct imap_line {
    const char *text;
    size_t len;
    const GPtrArray *literals;
};

void imap_response_init(struct imap_response *r);
void imap_response_clear(struct imap_response *r);

/* FALSE: not a response of RFC 3501; *r is then of no use. */
gboolean imap_parse(const struct imap_line *line, struct imap_response *r);

/* Does the text, so far, end in the announcement of a literal?  In a
 * sentence for people {5} is no announcement. */
gboolean
imap_announces_literal(const char *text, size_t len, guint32 *size_out);

/* "17-Jul-1996 02:44:25 -0700"; FALSE and untouched when it is not. */
gboolean imap_date_parse(const char *text, size_t len, gint64 *out);

#endif
