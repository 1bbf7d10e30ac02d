/* mailbox.h - the small interface that IMAP and Maildir share.
 *
 * A message is named by (validity, uid) within one mailbox.  Nothing here
 * decides anything: the flow asks what is new, takes the bytes, records
 * them, and only then moves the message. */
#ifndef MAILBOX_MAILBOX_H
#define MAILBOX_MAILBOX_H

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
 * part of the file's name and uid a number that the driver gives; on IMAP
 * key is NULL and (validity, uid) says all. */
struct message_ref {
    guint32 validity; /* UIDVALIDITY; never 0 */
    guint32 uid;
    char *key;       /* owned; Maildir only */
    gint64 received; /* INTERNALDATE, or the file's mtime; seconds */
    gint64 size;     /* RFC822.SIZE, or the file's size */
};

void message_ref_clear(struct message_ref *ref);

/* One fetched message.  `data` is borrowed for the time of the call. */
struct fetched {
    const struct message_ref *ref;
    const guint8 *data;
    size_t len;
    gboolean header_only; /* larger than the limit: only the header is here */
};

/* Called once a message, in ascending uid.  Not ST_OK ends the fetch and is
 * what mailbox_fetch() returns. */
typedef enum st (*fetched_fn)(const struct fetched *message, void *user,
                              struct err *e);

struct mailbox; /* a driver and its state */

struct mailbox_driver {
    /* Log in and look at the inbox.  ST_RETRY: could not look (network,
     * server); ST_REJECT: login refused (status 77); ST_FATAL: the mailbox
     * cannot be trusted (UIDVALIDITY 0, UIDNEXT below what we have seen).
     * Creates the folders when missing.  A new validity is not an error. */
    enum st (*open)(struct mailbox *m, struct err *e);

    /* Give every message of the inbox with uid > after (after belongs to
     * the validity that `validity` says; with another validity everything
     * is given).  Refs first, so that the flow can skip what it knows. */
    enum st (*list)(struct mailbox *m, guint32 validity, guint32 after,
                    GArray *refs_out, struct err *e);

    /* Fetch these (ascending), batches pipelined; over `size_limit` only
     * the header.  A message that is gone meanwhile is left out. */
    enum st (*fetch)(struct mailbox *m, const GArray *refs, gint64 size_limit,
                     fetched_fn fn, void *user, struct err *e);

    /* Move to a folder.  Done twice is done once: when the message is no
     * longer in the inbox this is ST_OK. */
    enum st (*move)(struct mailbox *m, const struct message_ref *ref,
                    enum folder to, struct err *e);

    /* Bring a message back from a folder into memory by identity is not
     * offered: what was moved is the staff's.  Wait until something may be
     * new, at most `seconds`; ST_OK also when nothing came.  `stop_fd`
     * readable ends the wait. */
    enum st (*wait)(struct mailbox *m, unsigned seconds, int stop_fd,
                    struct err *e);

    void (*close)(struct mailbox *m); /* log out; open() may follow */
    void (*free)(struct mailbox *m);
};

struct mailbox {
    const struct mailbox_driver *driver;
};

/* Where and how to log in, from the configuration; strings borrowed. */
struct mailbox_config {
    const char *url;      /* imaps://user@host[:port]/INBOX, imap://, maildir:PATH */
    const char *password; /* NULL for a Maildir */
    const char *tls_ca;   /* file of trusted certificates, or NULL */
    gboolean tls_none;    /* plain text, loopback servers only */
};

enum st mailbox_new(const struct mailbox_config *config, struct mailbox **out,
                    struct err *e);
struct mailbox *mailbox_new_imap(const struct mailbox_config *config);
struct mailbox *mailbox_new_maildir(const char *path);

/* ---- outgoing ---- */

enum sent {
    SENT_OK,       /* the server said yes */
    SENT_LATER,    /* 4xx, or could not connect: try again */
    SENT_NEVER,    /* 5xx: do not try again */
    SENT_UNCERTAIN /* the answer to DATA was lost: repeat, same Message-ID */
};

struct outgoing_config {
    const char *url; /* smtps://user@host[:port], smtp://, maildir:PATH */
    const char *password;
    const char *tls_ca;
    gboolean tls_none;
};

struct outgoing;

enum st outgoing_new(const struct outgoing_config *config,
                     struct outgoing **out, struct err *e);
void outgoing_free(struct outgoing *o);

/* Send one message: `from` is the envelope sender ("" for null), every
 * address has passed address_valid().  The connection is kept for the next.
 * The sentence in *e says what the server answered; `unique` names the file
 * in a Maildir, so that a repeat is not a second mail there. */
enum sent outgoing_send(struct outgoing *o, const char *from,
                        const char *const *recipients, const char *data,
                        size_t len, const char *unique, struct err *e);

/* One addr-spec of RFC 5321: dot-atom local part, domain, at most 254
 * bytes; no quoting, no literals, no controls, no localhost.  With utf8
 * allowed the local part may be RFC 6531.  Pure. */
gboolean address_valid(const char *address);

#endif
