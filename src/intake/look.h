/* look.h - one look at the mailbox, shared by the files that make it up:
 * poll.c (the look as a whole, fetching, recording), claims.c (attempts),
 * moves.c (where messages go). */
#ifndef INTAKE_LOOK_H
#define INTAKE_LOOK_H

#include "intake/incoming.h"

enum { LOOK_BATCH = 50 }; /* messages of one transaction */

/* What is known of a message that is to be taken in. */
struct candidate {
    gint64 known;      /* recorded from this very place, and put back; or 0 */
    int attempts;      /* earlier ones, which came to nothing */
    gboolean claimed;  /* this attempt is counted */
    gboolean given;    /* the mailbox handed it over, or said why not */
    gboolean recorded; /* or no longer there */
};

struct look {
    struct intake *i;
    struct reg_position position;
    guint32 validity;     /* of the mailbox now; 0 until a ref was seen */
    gint64 answered_from; /* what was received earlier is not answered */
    gboolean renumbered;  /* the server gave new uids, and is not done */
    gboolean restored;    /* this mail was recorded before, elsewhere */
    GArray *todo;         /* of struct message_ref, ascending */
    GArray *candidates;   /* of struct candidate, of the same index */
    GHashTable *index;    /* uid -> index + 1 */
    GHashTable *released; /* message ids of 解除隔离, to be read once more */
    GPtrArray *batch;     /* of struct incoming, in the order of uids: taken
                             and not recorded */
    size_t batch_bytes;   /* as fetched, of all in it */
    GPtrArray *written;   /* likewise: those of the present transaction */
    struct recorded *done; /* what was recorded of each of these */
    gboolean committing;   /* it is: nothing of the register is to be used */
    guint taken;           /* of todo, by the mailbox's hand */
    guint claims_waiting;  /* of todo, claimed by the present transaction: from
                              here on */
    gboolean failed;       /* on our side: the batch is not to be recorded */
    gboolean stopping;     /* SIGTERM: the rest is for next time */
    progress_fn progress;
    void *user;
    struct tally *tally;
    int n_done;
};

const char *look_url(const struct look *l);
struct reg_place
look_place(const struct look *l, const struct message_ref *ref);
struct message_ref *look_ref(const struct look *l, guint n);
struct candidate *look_candidate(const struct look *l, guint n);
/* Of a message that is being taken in. */
struct candidate *look_candidate_of(const struct look *l, guint32 uid);

/* What a driver says.  A mailbox that cannot be trusted ends the look, not the
 * program: letters still go out, and staff are told. */
enum st look_outcome(enum st st);

/* ---- claims.c: what kills the program three times is set aside ---- */

/* Earlier attempts, of all that is to be taken in. */
enum st claims_load(struct look *l, struct err *e);

/* Is an attempt at the n-th committed? */
gboolean claims_stand(const struct look *l, guint n);

/* Count an attempt at the n-th, committed before its bytes are read; those
 * behind it are claimed along with it, three batches of them, unless an attempt
 * at one has failed before: that one is claimed alone, when its turn comes,
 * so that nobody pays for what another did. */
enum st claims_take(struct look *l, guint n, struct err *e);

/* Within a transaction: claim what may be taken before the next one stands. */
enum st claims_ahead(struct look *l, struct err *e);

/* The attempts of this look that ended in good order without a record do
 * not count: the connection broke, or we were told to stop. */
enum st claims_release(struct look *l, struct err *e);

/* The claims of a look that ended in good order and could not take them back,
 * on a full disk for example, are taken back before the next one. */
enum st claims_forget(struct intake *i, struct err *e);

/* Has it come to nothing so often that it is set aside unread? */
gboolean claims_exhausted(const struct candidate *c);

/* ---- moves.c ---- */

/* Everything that the register says belongs elsewhere: out of the inbox, and
 * what staff decided about out of the folder where it waited. */
enum st look_move(struct look *l, struct err *e);

#endif
