/* smtp_session.h - one connection to the server that takes our mail, and the
 * mail that it has in hand.
 *
 *     away -> connecting -> ready -> envelope -> text -> ready
 *                                        \-> reset -> ready
 *
 * Nothing here waits: session_go_on() does what can be done now, and what is
 * waited for is said by the wire (wire_wait_any()).  When something went
 * wrong with the connection it is away again. */
#ifndef MAILBOX_SMTP_SESSION_H
#define MAILBOX_SMTP_SESSION_H

#include "mailbox/smtp_mail.h"
#include "mailbox/wire.h"

enum smtp_phase {
    SMTP_AWAY,
    SMTP_CONNECTING,
    SMTP_READY,
    SMTP_ENVELOPE, /* MAIL, RCPT, DATA */
    SMTP_TEXT,     /* the text, until its answer */
    SMTP_RESET     /* refused: RSET, until its answer */
};

struct smtp_session {
    enum smtp_phase phase;
    struct wire *wire; /* NULL when away */
    unsigned extensions, timeout;
    const char *host;
    gboolean served;   /* a mail went over it, or over the one just lost */
    gint64 heard_last; /* monotonic microseconds */

    const struct parcel *parcel; /* in hand, borrowed; NULL: none */
    GString *text;               /* as it goes on the wire */
    GPtrArray *commands;
    guint said, heard; /* of the commands */
    gboolean is_out;   /* the end of the text may have reached the server */
    GString *line, *reply;
    enum sent sent; /* what the first refusal means */
    struct err err; /* what the server said; what failed */
};

enum smtp_progress {
    SMTP_WAITING,  /* for the server */
    SMTP_GOT_OPEN, /* connected: ready for a mail */
    SMTP_ANSWERED, /* `sent` and `err` are what became of `parcel` */
    SMTP_LOST      /* away, `err` says why; of `parcel`, where there is one, the
                      end was not sent: the server has nothing */
};

void session_init(struct smtp_session *s, const char *host);
void session_clear(struct smtp_session *s);

/* Away: begin to connect.  The config is borrowed while it is connected. */
void session_connect(struct smtp_session *s, const struct wire_config *config);

/* The same, waiting until it is ready. */
enum st session_open(struct smtp_session *s, const struct wire_config *config,
                     struct err *e);

/* Ready: take this in hand; session_go_on() must follow.  When it has said
 * what became of it: put it down. */
void session_take(struct smtp_session *s, const struct parcel *parcel);
void session_put_down(struct smtp_session *s);

/* As far as it goes without waiting.  Connecting, or with a mail in hand. */
enum smtp_progress session_go_on(struct smtp_session *s);

/* Ready: has the server gone, or said goodbye, meanwhile?  Then it is away. */
void session_drop_if_stale(struct smtp_session *s);

/* Hang up, politely where the server is not waiting for something else. */
void session_leave(struct smtp_session *s);

#endif
