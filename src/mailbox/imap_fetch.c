/* imap_fetch.c - bring messages, with several batches in flight.
 *
 * A batch is one UID FETCH.  While one is being read the next are already on
 * the server's desk, so that a round trip is paid once and not per message.
 * Bytes come as literals and are handed on only when the whole response has
 * been read and its length is the one announced.
 *
 * Trouble with one message must not stop the next: where a session breaks,
 * or a batch is refused, we connect again and go on one by one until past
 * that batch; what fails twice is left out and named at the end. */
#include "mailbox/imap.h"

#include <string.h>

enum {
    BATCH_MESSAGES = 50,
    BATCH_BYTES = 8 * 1024 * 1024,
    BATCHES_IN_FLIGHT = 8,
    REOPENS = 5 /* in one fetch; more is not the messages' fault */
};

struct batch {
    unsigned tag;
    guint from, to;
    gboolean header_only;
};

struct fetching {
    struct imap *im;
    const GArray *refs;
    gint64 size_limit;
    fetched_fn fn;
    void *user;

    guint8 *given; /* per ref: it was handed on */
    guint at;      /* refs below are settled */
    guint sent;    /* refs below were asked for */
    guint careful; /* refs below are asked for one by one */
    guint trouble_at, reopens;
    GQueue flight;       /* of struct batch */
    struct batch *batch; /* the one being read */

    gboolean stopped; /* fn has ended it, with this */
    enum st stop;
    char *refusal; /* of the first message that was left out */
};

static const struct message_ref *
ref_at(const struct fetching *f, guint i)
{
    return &g_array_index(f->refs, struct message_ref, i);
}

static gboolean
is_over(const struct fetching *f, guint i)
{
    return ref_at(f, i)->size > f->size_limit;
}

/* ---- asking ---- */

/* How far a batch from `from` goes: of one kind, not too many, not too
 * large. */
static guint
batch_end(const struct fetching *f, guint from)
{
    guint to = from + 1;
    gint64 bytes = ref_at(f, from)->size;

    if (from < f->careful)
        return to;
    while (to < f->refs->len && to - from < BATCH_MESSAGES &&
           is_over(f, to) == is_over(f, from)) {
        bytes += ref_at(f, to)->size;
        if (bytes > BATCH_BYTES && !is_over(f, from))
            break;
        to++;
    }
    return to;
}

/* BODY.PEEK[HEADER] of a hostile mail may be as large as the mail. */
static enum st
send_batch(struct fetching *f, struct err *e)
{
    struct batch batch = {.from = f->sent,
                          .to = batch_end(f, f->sent),
                          .header_only = is_over(f, f->sent)};
    guint32 uids[BATCH_MESSAGES];
    g_autoptr(GString) set = g_string_new(NULL);
    enum st st;

    for (guint i = batch.from; i < batch.to; i++)
        uids[i - batch.from] = ref_at(f, i)->uid;
    batch.to = batch.from + imap_set_append(set, uids, batch.to - batch.from);
    if (batch.header_only)
        st = imap_send(f->im->session, &batch.tag, e,
                       "UID FETCH %s (UID INTERNALDATE RFC822.SIZE "
                       "BODY.PEEK[HEADER]<0.%d>)",
                       set->str, MAILBOX_HEADER_LIMIT);
    else
        st = imap_send(f->im->session, &batch.tag, e,
                       "UID FETCH %s (UID INTERNALDATE RFC822.SIZE "
                       "BODY.PEEK[])",
                       set->str);
    if (st != ST_OK)
        return st;
    f->sent = batch.to;
    g_queue_push_tail(&f->flight, g_memdup2(&batch, sizeof batch));
    return ST_OK;
}

/* What is asked for with care travels alone. */
static enum st
fill_flight(struct fetching *f, struct err *e)
{
    enum st st = ST_OK;

    while (st == ST_OK && f->sent < f->refs->len) {
        guint limit = f->sent < f->careful ? 1 : BATCHES_IN_FLIGHT;

        if (f->flight.length >= limit)
            break;
        st = send_batch(f, e);
    }
    return st;
}

/* ---- reading ---- */

static gboolean
find_ref(const struct fetching *f, guint32 uid, guint *out)
{
    guint low = f->batch->from, high = f->batch->to;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (ref_at(f, middle)->uid == uid) {
            *out = middle;
            return TRUE;
        }
        if (ref_at(f, middle)->uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return FALSE;
}

/* The server's size is not the literal's.  Either the literal's length is
 * wrong, and what follows is not to be trusted, or the server estimates
 * sizes, as Exchange does.  A second connection tells: only an estimate
 * comes with the same bytes again. */
static enum st
doubt(struct imap *im, guint32 uid, gint64 said, size_t len, struct err *e)
{
    if (im->doubtful_uid == uid && im->doubtful_len == len) {
        im->sizes_are_estimates = TRUE;
        return ST_OK;
    }
    im->doubtful_uid = uid;
    im->doubtful_len = len;
    return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                   "message %u has %" G_GINT64_FORMAT
                   " bytes by its size, but %zu came",
                   uid, said, len);
}

static void
find_body(const struct fetching *f, const struct imap_response *r,
          const GPtrArray *literals, struct fetched *message)
{
    message->header_only = f->batch->header_only;
    if (r->body == IMAP_BODY_STRING) {
        message->data = (const guint8 *)r->string->str;
        message->len = r->string->len;
    } else {
        const GByteArray *bytes = g_ptr_array_index(literals, r->body_literal);

        message->data = bytes->data;
        message->len = bytes->len;
        message->header_only |= imap_was_cut(f->im->session, r->body_literal);
    }
    if (message->header_only)
        message->len = header_length(message->data, message->len);
}

static enum st
hand_on(struct fetching *f, guint i, struct fetched *message, gint64 size,
        struct err *e)
{
    struct imap *im = f->im;
    enum st st = ST_OK;

    if (!message->header_only && !im->sizes_are_estimates &&
        size != (gint64)message->len)
        st = doubt(im, message->ref->uid, size, message->len, e);
    if (st != ST_OK)
        return st;
    f->given[i] = TRUE;
    f->stop = f->fn(message, f->user, e);
    f->stopped = f->stop != ST_OK;
    return f->stop;
}

static enum st
note_message(const struct imap_response *r, const GPtrArray *literals,
             void *user, struct err *e)
{
    struct fetching *f = user;
    struct fetched message = {0};
    guint i;

    if (r->kind != IMAP_FETCH || r->body == IMAP_BODY_NONE ||
        !find_ref(f, r->uid, &i) || f->given[i])
        return ST_OK;
    message.ref = ref_at(f, i);
    find_body(f, r, literals, &message);
    return hand_on(f, i, &message,
                   r->has_size ? (gint64)r->size : message.ref->size, e);
}

/* Leave out the message in trouble, and say so once. */
static void
give_up_on(struct fetching *f, const char *why)
{
    if (!f->given[f->at] && !f->refusal)
        f->refusal = g_strdup_printf("message %u is not given: %s",
                                     ref_at(f, f->at)->uid, why);
    f->at++;
}

static enum st
read_batch(struct fetching *f, struct err *e)
{
    struct batch *batch = g_queue_pop_head(&f->flight);
    struct imap_answer answer = {0};
    enum st st;

    f->batch = batch;
    st = imap_await(f->im->session, batch->tag, note_message, f, &answer, e);
    if (st == ST_OK && answer.status == IMAP_OK)
        f->at = batch->to; /* what did not come is no longer there */
    else if (st == ST_OK && batch->to - batch->from == 1)
        give_up_on(f, answer.text);
    else if (st == ST_OK)
        st = imap_refused("UID FETCH", &answer, e);
    imap_answer_clear(&answer);
    g_free(batch);
    return st;
}

static enum st
run(struct fetching *f, struct err *e)
{
    enum st st = imap_want_inbox(f->im, e);

    f->sent = f->at;
    if (st == ST_OK)
        imap_set_literal_limit(
            f->im->session,
            (size_t)MAX(f->size_limit, (gint64)MAILBOX_HEADER_LIMIT));
    while (st == ST_OK && f->at < f->refs->len) {
        st = fill_flight(f, e);
        if (st == ST_OK)
            st = read_batch(f, e);
    }
    g_queue_clear_full(&f->flight, g_free);
    return st;
}

/* The refs mean nothing in a mailbox that has been numbered anew. */
static enum st
check_refs(const struct fetching *f, struct err *e)
{
    if (f->im->seen_validity == ref_at(f, 0)->validity)
        return ST_OK;
    return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                   "the mailbox has been numbered anew");
}

/* After a failure: connect again, unless that has been enough.  The first
 * message that has not come is where the trouble may be, or a later one of
 * its batch; one that fails when it was asked for alone is given up. */
static enum st
recover(struct fetching *f, struct err *e)
{
    enum st st;

    if (++f->reopens > REOPENS || !f->im->session)
        return ST_RETRY;
    while (f->at < f->refs->len && f->given[f->at])
        f->at++;
    if (f->at < f->careful && f->at == f->trouble_at) {
        give_up_on(f, e->text);
        f->trouble_at = G_MAXUINT;
    } else {
        f->trouble_at = f->at;
    }
    if (f->at < f->refs->len)
        f->careful = MAX(f->careful, batch_end(f, f->at));
    st = imap_open(&f->im->base, e);
    return st == ST_OK ? check_refs(f, e) : st;
}

enum st
imap_fetch(struct mailbox *m, const GArray *refs, gint64 size_limit,
           fetched_fn fn, void *user, struct err *e)
{
    struct fetching f = {.im = (struct imap *)m,
                         .refs = refs,
                         .size_limit = size_limit,
                         .fn = fn,
                         .user = user,
                         .trouble_at = G_MAXUINT};
    struct err sentence = ERR_INIT;
    enum st st = refs->len ? check_refs(&f, &sentence) : ST_OK;

    f.given = g_new0(guint8, refs->len + 1);
    while (f.at < refs->len && st == ST_OK) {
        st = run(&f, &sentence);
        if (st != ST_OK && !f.stopped)
            st = recover(&f, &sentence);
    }
    g_free(f.given);
    if (st == ST_OK && f.refusal)
        st = err_set(&sentence, ST_REJECT, EXIT_UNAVAILABLE, "%s", f.refusal);
    g_free(f.refusal);
    if (st != ST_OK && e)
        *e = sentence;
    return st;
}
