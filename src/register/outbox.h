/* outbox.h - mails to be sent, recorded in the same transaction as what
 * they are about. */
#ifndef REGISTER_OUTBOX_H
#define REGISTER_OUTBOX_H

#include "register/register.h"

enum reg_mail_kind {
    MAIL_REPLY,    /* receipt, return, "being looked at": one a message */
    MAIL_DECISION, /* the desk decided about a held message */
    MAIL_ANSWER,   /* to a command or query: one a message */
    MAIL_CODE,     /* one-time code */
    MAIL_NOTICE,   /* commission, immediate notice to a unit */
    MAIL_REMINDER,
    MAIL_BULLETIN,
    MAIL_LEDGER,
    MAIL_STAFF, /* list of held, digest, secrecy officers */
    MAIL_ALERT,
    MAIL_KIND_COUNT
};
const char *reg_mail_kind_name(enum reg_mail_kind k);

enum reg_mail_state {
    MAIL_PENDING,
    MAIL_SENT,
    MAIL_FAILED,    /* refused for good, or two days of trying */
    MAIL_BOUNCED,   /* sent, and came back */
    MAIL_SUPPRESSED /* over the address's limit for the day: never sent */
};
const char *reg_mail_state_name(enum reg_mail_state s);

struct reg_mail {
    gint64 id;
    enum reg_mail_kind kind;
    gint64 message;      /* that it is about or answers, or 0 */
    gint64 commission;   /* notice, reminder: of which, or 0 */
    char *to;            /* one address */
    char *envelope_from; /* "" for the null sender */
    char *mail_id;       /* "<...@...>"; unique */
    char *subject;
    GBytes *data; /* the composed mail; NULL once it has served */
    enum reg_mail_state state;
    int attempts;
    gint64 created;
    gint64 next; /* pending: not before this instant */
    gint64 done; /* sent or failed at, or 0 */
    char *last_answer;
};

struct reg_mail *reg_mail_new(void);
void reg_mail_free(struct reg_mail *m);
typedef struct reg_mail reg_mail;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_mail, reg_mail_free)

/* Take the id of the next mail: its Message-ID is made of it before the mail
 * is composed, inside the same transaction. */
enum st reg_mail_next_id(struct reg *reg, gint64 *id_out, struct err *e);
/* What the mail's Message-ID is to be made of, once: chance, so that nobody
 * who has a letter of ours can tell the Message-ID of another and forge its
 * bounce.  Caller frees. */
char *reg_mail_key(gint64 id);

/* m->id from reg_mail_next_id(); state MAIL_PENDING (not before m->next) or
 * MAIL_SUPPRESSED (data NULL).  ST_REJECT when the message has its one reply
 * (or answer) already. */
enum st reg_mail_add(struct reg *reg, const struct reg_mail *m, struct err *e);
/* Has this message got its reply (or been denied one)? */
enum st reg_mail_replied(struct reg *reg, gint64 message, gboolean *replied_out,
                         struct err *e);
/* Was its sender told of a later decision? */
enum st reg_mail_decided(struct reg *reg, gint64 message, gboolean *decided_out,
                         struct err *e);

/* Pending mails that are due, longest first, at most `limit`, with their
 * data.  Changes nothing: who sends knows what it has in flight. */
enum st reg_mail_due(struct reg *reg, gint64 now, GPtrArray **out, int limit,
                     struct err *e);
/* What was written before this instant and is still to be sent will not be:
 * the register was restored, and most of it went out long ago. */
enum st
reg_mail_drop_before(struct reg *reg, gint64 before, gint64 now, struct err *e);

/* When something falls due next; G_MAXINT64 when nothing is pending. */
enum st reg_mail_next_due(struct reg *reg, gint64 *out, struct err *e);

/* The server has it.  This is all that must be on the disk before the next
 * mail goes out, and so it is a short row of its own: to bring the row of the
 * mail up to date, which gives its data back and changes four indexes, costs
 * five times the pages, and is done for many at once by reg_mail_settle().
 * Until then the mail looks pending, and reg_mail_due() must not be asked.
 * ST_REJECT: it is not pending, or was sent already. */
enum st reg_mail_sent(struct reg *reg, gint64 id, gint64 now, struct err *e);
/* In the caller's transaction, else in one of its own; none where nothing was
 * sent.  Opening a register for writing does it too: after a kill nobody finds
 * a mail unsettled. */
enum st reg_mail_settle(struct reg *reg, struct err *e);

enum reg_mail_result {
    RESULT_LATER, /* 4xx, could not connect, answer lost: again after
                     1, 2, 4 ... 60 minutes, for two days (then failed) */
    RESULT_NEVER  /* 5xx */
};
/* state_out: what became of it (the notice to staff is the caller's). */
enum st reg_mail_result(struct reg *reg, gint64 id, enum reg_mail_result r,
                        const char *answer, gint64 now,
                        enum reg_mail_state *state_out, struct err *e);
/* Held back by the hourly limit: not an attempt. */
enum st
reg_mail_postpone(struct reg *reg, gint64 id, gint64 next, struct err *e);
/* A DSN names this Message-ID, and says why (or NULL).  *out is the mail, to
 * be freed, or NULL when it is none of ours, was never handed over, or
 * bounced before. */
enum st
reg_mail_bounced(struct reg *reg, const char *mail_id, const char *cause,
                 gint64 now, struct reg_mail **out, struct err *e);

/* The null sender was refused: everything pending goes out with this
 * envelope sender from now on. */
enum st
reg_mail_resend_as(struct reg *reg, const char *envelope_from, struct err *e);

/* Which was made last; 0: none. */
enum st reg_mail_last(struct reg *reg, gint64 *id_out, struct err *e);
/* Of the mails after `before`, up to `last`: was any handed over; is any still
 * to be? */
enum st reg_mails_fate(struct reg *reg, gint64 before, gint64 last,
                       gboolean *sent_out, gboolean *open_out, struct err *e);

enum st
reg_mail_get(struct reg *reg, gint64 id, struct reg_mail **out, struct err *e);
/* Is one of our own Message-IDs? */
enum st reg_mail_ours(struct reg *reg, const char *mail_id, gint64 *id_out,
                      struct err *e);
/* Mails about a message, oldest first, without their data. */
enum st reg_mails_about(struct reg *reg, gint64 message, GPtrArray **out,
                        struct err *e);

/* Is it written because a mail came, with nobody's order?  What the limits of
 * the day and the hour are for. */
gboolean reg_mail_is_automatic(enum reg_mail_kind k);
/* Letters of one automatic kind made to an address since (suppressed ones not
 * counted). */
enum st
reg_mail_count_made(struct reg *reg, enum reg_mail_kind kind, const char *to,
                    gint64 since, int *out, struct err *e);
/* Automatic letters of any address actually sent since. */
enum st
reg_mail_count_sent(struct reg *reg, gint64 since, int *out, struct err *e);

#endif
