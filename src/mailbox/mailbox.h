/* mailbox.h - the small interface that IMAP and Maildir share.
 *
 * A message is named by (validity, uid) within one mailbox, in a Maildir by
 * its key.  Nothing here decides anything: the flow asks what is new, takes
 * the bytes, records them, and only then moves the message. */
#ifndef MAILBOX_MAILBOX_H
#define MAILBOX_MAILBOX_H

#include "base/address.h"
#include "base/day.h"
#include "base/err.h"

/* Folders of the office's table; names are UTF-8, the driver encodes them. */
enum folder {
    FOLDER_INBOX,
    FOLDER_ACCEPTED, /* 已受理 */
    FOLDER_RETURNED, /* 已退回 */
    FOLDER_IGNORED,  /* 已忽略 */
    FOLDER_HELD,     /* 待处理 */
    FOLDER_COUNT
};

const char *folder_name(enum folder f); /* "INBOX", "已受理" ... */

/* One message as the server names it.  In a Maildir `key` is the unique
 * part of the file's name, the same wherever the file is moved, and uid a
 * number that the driver gives: stable while the driver lives, not beyond,
 * so the flow recognises messages by key there.  On IMAP key is NULL and
 * (validity, uid) says all. */
struct message_ref {
    guint32 validity; /* UIDVALIDITY; never 0, in a Maildir always 1 */
    guint32 uid;
    char *key;       /* owned; Maildir only */
    gint64 received; /* INTERNALDATE, or the file's mtime; seconds; 0 when
                        the server does not say */
    gint64 size;     /* RFC822.SIZE, or the file's size */
};

void message_ref_clear(struct message_ref *ref);

/* An array of struct message_ref that clears what it drops. */
GArray *message_refs_new(void);

/* One fetched message.  `data` is lent for the time of the call.  Whoever
 * takes the bytes away (reader_submit_moving()), so that they do not stand in
 * memory twice, leaves zeros and says `taken`. */
struct fetched {
    const struct message_ref *ref;
    guint8 *data;
    size_t len;
    gboolean taken;
    gboolean header_only; /* larger than the limit: only the header is here,
                             and of that at most MAILBOX_HEADER_LIMIT */
    const char *trouble;  /* why the server, asked again and again, cannot
                             give this one message: then len is 0; NULL else */
};

#define MAILBOX_HEADER_LIMIT (1024 * 1024)

/* What a message is known by that lies in a folder. */
struct message_sought {
    gint64 size;
    gint64 received;    /* seconds; decides where there is no hash */
    const char *sha256; /* of what fetch() gave of it: the bytes, or over
                           `size_limit` the header; NULL: it gave nothing */
    gint64 size_limit;
};

/* Called once a message, in ascending uid.  Not ST_OK ends the fetch and is
 * what fetch() returns; over IMAP the connection is then given up, since
 * answers are still on the wire, and open() must follow. */
typedef enum st (*fetched_fn)(struct fetched *message, void *user,
                              struct err *e);

struct mailbox; /* a driver and its state */

struct mailbox_driver {
    /* Optional, see mailbox_expect(). */
    void (*expect)(struct mailbox *m, guint32 after);

    /* Log in and look at the inbox.  ST_RETRY: could not look (network,
     * server); ST_REJECT: login refused (status 77); ST_FATAL: the mailbox
     * cannot be trusted (UIDVALIDITY 0, UIDNEXT below what we have seen).
     * Creates the folders when missing.  A new validity is not an error.
     * An open mailbox is closed first. */
    enum st (*open)(struct mailbox *m, struct err *e);

    /* Give every message of the inbox with uid > after (after belongs to
     * the validity that `validity` says; with another validity everything
     * is given).  Refs first, so that the flow can skip what it knows.
     * ST_FATAL when the server's next uid is not above `after`.  A Maildir
     * has no lasting uids: it ignores `after` and gives the whole inbox.
     * refs_out comes from message_refs_new(); untouched on failure. */
    enum st (*list)(struct mailbox *m, guint32 validity, guint32 after,
                    GArray *refs_out, struct err *e);

    /* The numbering of the inbox as list() saw it, also where it gave no
     * message.  A Maildir has one for ever. */
    guint32 (*validity)(const struct mailbox *m);

    /* Fetch these (ascending), batches pipelined; over `size_limit` only
     * the header.  A message that is gone meanwhile is left out.  Never
     * sets \Seen.  Connects again by itself where that may help. */
    enum st (*fetch)(struct mailbox *m, const GArray *refs, gint64 size_limit,
                     fetched_fn fn, void *user, struct err *e);

    /* Move to a folder.  Done twice is done once: when the message is no
     * longer in the inbox this is ST_OK.  ST_REJECT: the ref is of another
     * validity than the mailbox's; list() again to learn its new uid. */
    enum st (*move)(struct mailbox *m, const struct message_ref *ref,
                    enum folder to, struct err *e);

    /* The same for many at once, in few round trips.  When it fails some
     * may have been moved; to repeat it is safe. */
    enum st (*move_all)(struct mailbox *m, const GArray *refs, enum folder to,
                        struct err *e);

    /* Move a message that lies in one of our folders to another, when staff
     * have decided about it.  It is found by what it is, since a server
     * gives it a new uid with every move.  Staff may have put it elsewhere
     * themselves: then found_out is FALSE, and nothing is done.  Done twice,
     * or cut short and repeated, is done once. */
    enum st (*refile)(struct mailbox *m, const struct message_sought *sought,
                      enum folder from, enum folder to, gboolean *found_out,
                      struct err *e);

    /* Bring back into the inbox all that lies in our folders and was received
     * at `since` or later; *n_out says how many.  When it fails some may have
     * been brought back; to repeat it is safe. */
    enum st (*recall)(struct mailbox *m, gint64 since, guint *n_out,
                      struct err *e);

    /* Wait until something may be new since the last list(), at most
     * `seconds`; ST_OK also when nothing came.  `stop_fd` (or -1) readable
     * ends the wait. */
    enum st (*wait)(struct mailbox *m, unsigned seconds, int stop_fd,
                    struct err *e);

    void (*close)(struct mailbox *m); /* log out; open() may follow */
    void (*free)(struct mailbox *m);
};

struct mailbox {
    const struct mailbox_driver *driver;
};

/* Where and how to log in, from the configuration; strings are copied. */
struct mailbox_config {
    const char *url; /* imaps://user@host[:port]/INBOX, imap://, maildir:PATH */
    const char *password; /* NULL for a Maildir */
    const char *tls_ca;   /* file of trusted certificates, or NULL */
    gboolean tls_none;    /* plain text, loopback servers only */
    unsigned timeout;     /* seconds of silence that end a connection; 0: 60 */
    const int *stop_fd;   /* borrowed, may be NULL: when what it points to is
                             readable nothing waits longer than some seconds
                             for a server; 0 there: nobody can tell */
};

/* ST_FATAL, status 78: the URL cannot be used.  Nothing is connected yet. */
enum st mailbox_new(const struct mailbox_config *config, struct mailbox **out,
                    struct err *e);
struct mailbox *mailbox_new_maildir(const char *path);
void mailbox_free(struct mailbox *m);

/* Say before open() what list() will be told is known: the listing then
 * travels with what open() asks.  Where list() is told otherwise, or the
 * server refuses, list() asks by itself.  Good for one open(). */
void mailbox_expect(struct mailbox *m, guint32 after);

/* ---- outgoing ---- */

enum sent {
    SENT_OK,        /* the server said yes */
    SENT_LATER,     /* 4xx, or could not connect: try again */
    SENT_NEVER,     /* 5xx: do not try again */
    SENT_UNCERTAIN, /* the answer to DATA was lost: repeat, same Message-ID */
    SENT_NULL_SENDER_REFUSED, /* 5xx to MAIL FROM:<>: repeat with own
                                 address */
    SENT_NO_LOGIN /* our login was refused, before any word of this mail; all
                     that were put are answered so, for one login */
};

struct outgoing_config {
    const char *url; /* smtps://user@host[:port], smtp://, maildir:PATH */
    const char *password;
    const char *tls_ca;
    gboolean tls_none;
    guint connections;  /* at once, at most; 0: 1 */
    unsigned timeout;   /* as above */
    const int *stop_fd; /* as above */
};

struct outgoing;

enum st outgoing_new(const struct outgoing_config *config,
                     struct outgoing **out, struct err *e);
void outgoing_free(struct outgoing *o);

/* One mail on its way out; all of it borrowed until its answer is there. */
struct parcel {
    const char *from;              /* envelope sender, "" for null */
    const char *const *recipients; /* one refused is the whole mail refused */
    const char *data;
    size_t len;
    const char *unique; /* names the file in a Maildir, so that a repeat is
                           not a second mail there */
};

/* What became of a mail.  The sentence in err says what the server answered
 * (status 77: it refused the login); it is empty for SENT_OK. */
struct answer {
    const struct parcel *parcel;
    enum sent sent;
    struct err err;
};

/* About so many mails are to come: decides how many connections are worth
 * their making.  Without it: one. */
void outgoing_expect(struct outgoing *o, guint mails);

/* How many mails may be put now; never 0 when all that were put have been
 * answered. */
guint outgoing_room(struct outgoing *o);

/* Hand one over.  Every address has passed address_valid().  To a server
 * nothing is said before outgoing_wait(). */
void outgoing_put(struct outgoing *o, const struct parcel *parcel);

/* Wait until something became of at least one mail that was put, and append
 * to `answers` all (struct answer) that is known then; nothing when nothing
 * was put.  Whoever calls this again says by that: the answers that it got
 * are recorded, and the next mail may go over the connections that they came
 * from. */
void outgoing_wait(struct outgoing *o, GArray *answers);

/* Connect and log in, nothing more: what `check` asks. */
enum st outgoing_check(struct outgoing *o, struct err *e);

/* Nothing more to send for now: hang up.  What was put and not answered is
 * forgotten; whether the server has it nobody knows. */
void outgoing_rest(struct outgoing *o);

#endif
