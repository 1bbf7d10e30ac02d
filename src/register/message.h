/* message.h - one row for each message seen, and where it lies.
 *
 * A message (what was sent) and its places (where a copy of it lies in a
 * mailbox) are two things: a server that renumbers its mailbox gives new
 * places to known messages. */
#ifndef REGISTER_MESSAGE_H
#define REGISTER_MESSAGE_H

#include "mailbox/mailbox.h"
#include "register/register.h"
#include "rules/verdict.h"

/* ---- position: how far a mailbox has been looked through ---- */

struct reg_position {
    gboolean known;      /* FALSE: this mailbox was never looked at */
    guint32 validity;    /* UIDVALIDITY of the last look */
    guint32 highest_uid; /* every message up to it was recorded */
    gint64 first_seen;   /* instant of the first look: answer-since */
};

enum st reg_position_get(struct reg *reg, const char *mailbox,
                         struct reg_position *out, struct err *e);
/* `mailbox` is the url of the configuration.  A validity other than the
 * recorded one starts the count again. */
enum st reg_position_set(struct reg *reg, const char *mailbox, guint32 validity,
                         guint32 highest_uid, gint64 now, struct err *e);

/* ---- places ---- */

struct reg_place {       /* strings borrowed */
    const char *mailbox; /* url */
    guint32 validity;
    guint32 uid;
    const char *key; /* Maildir: unique part of the file's name, which then
                        says all, since its uids do not last; or NULL */
};

/* The message at this place (by uid, or by key in a Maildir), 0 if none.
 * moved_out: we moved it away from there, so that finding it there again
 * means that somebody dragged it back. */
enum st reg_place_find(struct reg *reg, const struct reg_place *place,
                       gint64 *message_out, gboolean *moved_out, struct err *e);

/* A known message was met at a new place (renumbered server, a copy, dragged
 * back): remember it, and whither it is to go. */
enum st reg_place_add(struct reg *reg, const struct reg_place *place,
                      gint64 message, enum folder to, struct err *e);

/* Does this message still lie in the inbox of `mailbox` as far as we know:
 * a place of the present validity that was not moved? */
enum st reg_place_waiting(struct reg *reg, gint64 message,
                          gboolean *waiting_out, struct err *e);

/* Moves that are recorded and not yet done, oldest first.  A place with
 * FOLDER_INBOX as target stays where it is and is never listed. */
struct reg_move {
    gint64 message;
    char *mailbox;
    struct message_ref ref;
    enum folder to;
};
void reg_move_free(struct reg_move *m);
enum st reg_moves(struct reg *reg, const char *mailbox, guint32 validity,
                  GPtrArray **out, struct err *e);
enum st
reg_moved(struct reg *reg, const struct reg_place *place, struct err *e);
/* Places of the mailbox's present validity whose message was recorded up to
 * the message `upto`, and after it: what a renumbered mailbox holds. */
enum st reg_place_count(struct reg *reg, const char *mailbox, gint64 upto,
                        gint64 *known_out, gint64 *fresh_out, struct err *e);
/* Order a move for later (the desk accepted what was held): from the inbox
 * where it was not moved yet, else from the folder where it was put. */
enum st
reg_place_send(struct reg *reg, gint64 message, enum folder to, struct err *e);

/* Messages that we put into one folder and that now belong in another: what
 * they are known by there, since nobody knows their uid. */
struct reg_refile {
    gint64 message;
    enum folder from, to;
    gint64 size;
    gint64 received;
    char *raw_hash; /* or NULL */
};
void reg_refile_free(struct reg_refile *r);
enum st reg_refiles(struct reg *reg, const char *mailbox, GPtrArray **out,
                    struct err *e);
/* Done, or staff had moved it themselves. */
enum st reg_refiled(struct reg *reg, const char *mailbox,
                    const struct reg_refile *r, struct err *e);

/* ---- attempts: what kills the program three times is set aside ---- */

/* Count one more attempt at this place.  Committed before the message is read;
 * reg_message_add() forgets it. A message with an attempt behind it should be
 * taken in a transaction of its own, so that only the culprit comes to three.
 */
enum st reg_claim(struct reg *reg, const struct reg_place *place, gint64 now,
                  struct err *e);
/* Attempts so far that came to nothing. */
enum st reg_claimed(struct reg *reg, const struct reg_place *place,
                    int *attempts_out, struct err *e);
/* The attempt ended in good order, only without a record (the connection
 * broke): it does not count. */
enum st
reg_unclaim(struct reg *reg, const struct reg_place *place, struct err *e);
/* All of them: it is known that none has ended the program. */
enum st reg_claims_any(struct reg *reg, gboolean *out, struct err *e);
enum st reg_claims_drop(struct reg *reg, struct err *e);

/* ---- messages ---- */

enum reg_receipt { /* where the time of receipt comes from */
                   RECEIPT_INTERNALDATE,
                   RECEIPT_MTIME,     /* of the Maildir's file */
                   RECEIPT_FROM_LINE, /* mbox */
                   RECEIPT_RECEIVED,  /* topmost Received of an own host */
                   RECEIPT_FILE       /* time of an imported file */
};

struct reg_message {
    gint64 id; /* given by reg_message_add() */
    gint64 received;
    enum reg_receipt receipt;
    gint64 size;
    char *sender; /* addr-spec of the author, or NULL */
    enum verdict verdict;
    struct reason_list reasons;
    struct reason_list notes;
    char *rule; /* quarantined: reading.secrecy_rule; machine mail: the field
                   that decided; reader died: the cause */
    /* Of a quarantined message everything from here to `answers` must be
     * NULL or empty: reg_message_add() refuses it otherwise (ST_FATAL). */
    char *identity;
    char *raw_hash;
    char *message_id; /* "<a@b>" */
    char *subject;    /* a line */
    char *title;      /* what was understood, to fill in the rest later */
    char *unit;
    char *submitter;
    char *phones;     /* digits, separated by a space */
    char *extensions; /* likewise */
    char *category;
    char *answers; /* number of the commission, "2019-05" */
    /* Filled in by the register. */
    char *handle;    /* "待-7"; NULL when accepted at once */
    gint64 original; /* duplicate: the message it repeats (input), or 0 */
    char *number;    /* of its submission, or NULL */
    gboolean open;   /* held or quarantined, and staff have not decided */
    gint64 recorded;
};

struct reg_message *reg_message_new(void);
void reg_message_free(struct reg_message *m);
typedef struct reg_message reg_message;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_message, reg_message_free)

/* Record a message.  With a place (NULL for imports) the place is recorded,
 * bound for folder `to` (FOLDER_INBOX: leave it), and the claim on it is
 * forgotten.  A handle is given to everything that is not accepted. */
enum st
reg_message_add(struct reg *reg, const struct reg_message *m,
                const struct reg_place *place, enum folder to, gint64 now,
                gint64 *id_out, char **handle_out, struct err *e);

/* A later decision about a recorded message: the desk's, or a new judgement.
 * Logged.  Closes it unless the new verdict is held or quarantined; what is
 * not accepted and had no handle gets one. */
enum st reg_message_decide(struct reg *reg, gint64 id, enum verdict verdict,
                           const struct reason_list *reasons,
                           const struct reason_list *notes,
                           const struct reg_act *act, struct err *e);

/* Judged anew (重办, dragged back, 解除隔离): verdict, reasons, notes and
 * everything understood become those of `m`; receipt, size and handle stay.
 * Logged. */
enum st
reg_message_judge(struct reg *reg, gint64 id, const struct reg_message *m,
                  const struct reg_act *act, char **handle_out, struct err *e);

/* 确认涉密: quarantined and nothing more to be done. */
enum st reg_message_close(struct reg *reg, gint64 id, const char *note,
                          const struct reg_act *act, struct err *e);

enum st reg_message_get(struct reg *reg, gint64 id, struct reg_message **out,
                        struct err *e);
/* "待-7", also with full-width digits or dash.  NULL when there is none. */
enum st reg_message_find(struct reg *reg, const char *handle,
                         struct reg_message **out, struct err *e);
/* What waits for staff: held and quarantined, oldest first. */
enum st reg_messages_open(struct reg *reg, GPtrArray **out, struct err *e);

/* The last message recorded, 0 before the first. */
enum st reg_message_last(struct reg *reg, gint64 *id_out, struct err *e);
/* Of this mailbox, received before an instant and recorded after the message
 * `after`: in the order of recording. */
enum st reg_messages_before(struct reg *reg, const char *mailbox, gint64 before,
                            gint64 after, GPtrArray **out, struct err *e);

/* ---- is it known? (docs/delivery.md; 0 when not) ---- */

/* The same content: what was received at the same instant, which is the same
 * delivery met at another place, of several such the one with these bytes;
 * else the first message with this identity. */
enum st
reg_known_identity(struct reg *reg, const char *identity, gint64 received,
                   const char *raw_hash, gint64 *id_out, struct err *e);
/* All with this identity that are no duplicates, oldest first: appended to
 * `ids` (of gint64). */
enum st reg_known_originals(struct reg *reg, const char *identity, GArray *ids,
                            struct err *e);
/* The same Message-ID with other content than `identity`. */
enum st
reg_known_message_id(struct reg *reg, const char *message_id,
                     const char *identity, gint64 *id_out, struct err *e);
/* Likewise, of this author, and not held because nobody knows whether it was
 * he who wrote it, or to us. */
enum st
reg_known_heeded(struct reg *reg, const char *message_id, const char *identity,
                 const char *sender, gint64 *id_out, struct err *e);
/* The same bytes, received at `since` or later, among messages without a
 * Message-ID. */
enum st reg_known_bytes(struct reg *reg, const char *raw_hash, gint64 since,
                        gint64 *id_out, struct err *e);
/* A quarantined message met again. */
enum st
reg_known_quarantined(struct reg *reg, gint64 received, gint64 size,
                      const char *sender, gint64 *id_out, struct err *e);
/* One that was quarantined, and let in by 解除隔离: another reading of it says
 * no more than the first did. */
enum st reg_known_released(struct reg *reg, gint64 received, gint64 size,
                           const char *sender, gint64 *id_out, struct err *e);
/* Was it ever decided about once more, by staff or when it was put back? */
enum st
reg_message_decided(struct reg *reg, gint64 id, gboolean *out, struct err *e);
enum st reg_message_released(struct reg *reg, gint64 id, gboolean *released_out,
                             struct err *e);
/* One that 清除 took away: nothing else is left to know it by. */
enum st reg_known_purged(struct reg *reg, gint64 received, gint64 size,
                         const char *sender, gint64 *id_out, struct err *e);

/* ---- what was read, kept until staff have decided ---- */

/* Any bytes (the serialised reading): so that a held message can be accepted
 * or judged again without fetching it.  Never for a quarantined message
 * (ST_FATAL).  Dropped by reg_maintain() a month after staff have decided. */
enum st
reg_reading_keep(struct reg *reg, gint64 message, GBytes *bytes, struct err *e);
enum st
reg_reading_get(struct reg *reg, gint64 message, GBytes **out, struct err *e);

/* 清除 of a message that is no submission: what it said is gone (subject,
 * fields, hashes, kept reading, mails and orders about it, what quotes its
 * title); the row stays as a tombstone.  *out (register/submission.h) is what
 * could not be reached.  Call reg_scrub() after the commit. */
struct reg_purged;
enum st reg_message_purge(struct reg *reg, gint64 id, const struct reg_act *act,
                          struct reg_purged **out, struct err *e);

/* After a purge was committed: no free page and no -wal holds it any more
 * (checkpoint TRUNCATE, VACUUM).  Outside a transaction. */
enum st reg_scrub(struct reg *reg, struct err *e);

#endif
