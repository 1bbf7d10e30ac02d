/* intake.h - the flow: what lies in the mailbox becomes records, and only
 * then is moved.
 *
 * The order is the promise (docs/delivery.md):
 *   1. moves that were recorded and not yet done are done;
 *   2. what is new is fetched and read by the sandboxed readers;
 *   3. of every batch, all that follows from it - verdicts, submissions,
 *      drafts, replies to send, where each message goes - is one
 *      transaction;
 *   4. the messages are moved;
 *   5. replies are sent from the outbox.
 * Killed anywhere, the next poll goes on where the register stands. */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "intake/office.h"
#include "mailbox/mailbox.h"
#include "message/reader.h"
#include "register/message.h"
#include "register/register.h"

struct intake;
struct decision;

/* What the desk does with mail; made by desk/, called by the flow inside
 * the transaction of the message. */
struct desk_hooks {
    /* Obey the proven command mail and enqueue its answer. */
    enum st (*command)(struct intake *i, const struct reading *r,
                       gint64 message, struct err *e);
    /* A command is held that nothing proves: send a one-time code.
     * *sent_out stays FALSE where none was sent. */
    enum st (*unproven)(struct intake *i, const struct reading *r,
                        gint64 message, gboolean *sent_out, struct err *e);
    /* Answer a registered informant's question. */
    enum st (*query)(struct intake *i, const struct reading *r,
                     const struct decision *d, gint64 message, struct err *e);
};

/* How far the readable view of the drafts goes; day 0: not looked yet. */
struct view_state {
    gint64 upto; /* a row of the history */
    civil_day day;
};

struct intake {
    struct office *office;
    struct reg *reg;
    struct reader_pool *readers;
    struct mailbox *mailbox;   /* NULL: import, nothing to move */
    struct outgoing *outgoing; /* NULL: nothing is sent */
    const struct desk_hooks *desk;
    gboolean unreleased;     /* claims are left over that accuse nobody */
    int stop_fd;             /* readable: told to stop; 0: nobody can tell */
    struct similar *similar; /* owned; made when a draft is compared */
    struct view_state view;
    struct view_queue *views; /* owned; readable files on their way */
    struct mail_context *reader_context; /* owned; the readers' own copy
                                            was made when they started */
};
typedef struct intake intake;

/* Start readers, take passwords, open the register (REG_SERVE), make
 * mailbox and outgoing; nothing is connected yet.  The office is borrowed. */
enum st intake_open(struct office *o, const struct desk_hooks *desk,
                    struct intake **out, struct err *e);
void intake_close(struct intake *i);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(intake, intake_close)

/* Make mailbox and outgoing of an intake that has its office. */
enum st intake_servers(struct intake *i, struct err *e);

/* Only the readers: replay and import. */
enum st intake_readers(struct office *o, struct mail_context **context_out,
                       struct reader_pool **out, struct err *e);

/* What a poll did, for the log and the terminal. */
struct tally {
    gboolean looked; /* the mailbox could be looked into */
    int seen;
    int verdicts[VERDICT_QUERY + 1];
    int sent;
    int unsent;        /* mails that could not be sent now */
    gboolean shut_out; /* the outgoing server refuses the login */
};

/* Called after every recorded message when a person watches. */
typedef void (*progress_fn)(int done, int total, void *user);

/* Told to stop: what goes message by message ends after the present one. */
gboolean intake_stopping(const struct intake *i);

/* One look at the mailbox: 1 to 4 above, and the state of looking is
 * recorded whatever happened.  ST_RETRY: could not look. */
enum st intake_poll(struct intake *i, progress_fn progress, void *user,
                    struct tally *tally, struct err *e);

/* Send what is due in the outbox (5).  ST_OK also when a server said no to a
 * mail: that is recorded with it.  ST_RETRY, status 77: the login is refused,
 * now or a short while ago (login.h). */
enum st intake_send(struct intake *i, struct tally *tally, struct err *e);

/* Do what has fallen due by the clock, once each: bulletin drafts to staff
 * when a period has ended. */
enum st intake_due(struct intake *i, struct err *e);

#endif
