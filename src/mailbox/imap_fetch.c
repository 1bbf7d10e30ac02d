/* imap_fetch.c - bring messages, with several batches in flight.
 *
 * A batch is one UID FETCH.  While one is being read the next are already on
 * the server's desk, so that a round trip is paid once and not per message.
 * Bytes come as literals and are handed on only when the whole response has
 * been read and its length is the one announced.  Servers may work on several
 * batches at once; what comes before its turn is held until then, as far as
 * there is room: the rest is passed over and asked for again.
 *
 * Trouble with one message must not stop the next: where a session breaks,
 * or a batch is refused, we connect again and go on one by one until past
 * that batch; a message that fails again and again when it is asked for
 * alone, while the next one comes, is handed on without its bytes, with the
 * reason.  While nothing comes at all it is the server that fails. */
#include "mailbox/imap.h"

#include <string.h>

enum {
    BATCH_MESSAGES = 50,
    BATCH_BYTES = 4 * 1024 * 1024,
    BATCHES_IN_FLIGHT = 16,
    BYTES_IN_FLIGHT = 64 * 1024 * 1024, /* a fast line with a long way */
    BYTES_HELD = 12 * 1024 * 1024,      /* of what comes out of its turn */
    REOPENS = 6, /* in one fetch; more is not the messages' fault */
    TRIES_ALONE = 2
};

struct batch {
    unsigned tag;
    guint from, to;
};

enum slot_state {
    SLOT_OPEN,   /* not here yet */
    SLOT_HELD,   /* here, but not those before it */
    SLOT_PASSED, /* likewise, but there was no room: to be asked for again */
    SLOT_DONE    /* handed on, or known to be gone */
};

/* What is known of one ref. */
struct slot {
    enum slot_state state;
    gboolean header_only;
    gint64 size; /* as the server says */
    GByteArray *bytes;
    gboolean taken; /* nothing is left of them */
    char *trouble;  /* instead of the bytes */
};

struct fetching {
    struct imap *im;
    const GArray *refs;
    gint64 size_limit;
    fetched_fn fn;
    void *user;

    struct slot *slots; /* one per ref */
    guint at;           /* refs below are done */
    guint sent;         /* refs below were asked for */
    guint careful;      /* refs below are asked for one by one */
    guint trouble_at, troubles, reopens;
    GQueue flight;    /* of struct batch */
    gsize held;       /* bytes of all slots */
    gboolean crowded; /* something was passed over: one batch at a time */

    gboolean stopped; /* fn has ended it, with this */
    enum st stop;
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
    struct batch batch = {.from = f->sent, .to = batch_end(f, f->sent)};
    guint32 uids[BATCH_MESSAGES];
    g_autoptr(GString) set = g_string_new(NULL);
    enum st st;

    for (guint i = batch.from; i < batch.to; i++)
        uids[i - batch.from] = ref_at(f, i)->uid;
    batch.to = batch.from + imap_set_append(set, uids, batch.to - batch.from);
    if (is_over(f, batch.from))
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

/* Bytes that were asked for and have not been handed on. */
static gint64
bytes_in_flight(const struct fetching *f)
{
    gint64 bytes = 0;

    for (guint i = f->at; i < f->sent; i++)
        bytes += is_over(f, i) ? MAILBOX_HEADER_LIMIT : ref_at(f, i)->size;
    return bytes;
}

/* Nothing is in flight, and what is next in turn was passed over. */
static void
ask_again(struct fetching *f)
{
    if (f->flight.length > 0 || f->slots[f->at].state != SLOT_PASSED)
        return;
    for (guint i = f->at; i < f->sent; i++)
        if (f->slots[i].state == SLOT_PASSED)
            f->slots[i].state = SLOT_OPEN;
    f->sent = f->at;
}

/* What is asked for with care travels alone; a large mail almost so. */
static enum st
fill_flight(struct fetching *f, struct err *e)
{
    enum st st = ST_OK;

    ask_again(f);
    while (st == ST_OK) {
        guint limit;

        while (f->sent < f->refs->len && f->slots[f->sent].trouble)
            f->sent++;
        limit = f->crowded || f->sent < f->careful ? 1 : BATCHES_IN_FLIGHT;
        if (f->sent == f->refs->len || f->flight.length >= limit ||
            (f->flight.length > 0 && bytes_in_flight(f) >= BYTES_IN_FLIGHT))
            break;
        st = send_batch(f, e);
    }
    return st;
}

/* ---- reading ---- */

/* Among those that were asked for and are not done. */
static gboolean
find_ref(const struct fetching *f, guint32 uid, guint *out)
{
    guint low = f->at, high = f->sent;

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

static enum st
hand_on(struct fetching *f, guint i, struct err *e)
{
    struct slot *slot = &f->slots[i];
    struct fetched message = {.ref = ref_at(f, i),
                              .header_only = slot->header_only,
                              .trouble = slot->trouble};
    enum st st = ST_OK;

    if (slot->bytes) {
        message.data = slot->bytes->data;
        message.len = slot->bytes->len;
    }
    if (slot->header_only)
        message.len = header_length(message.data, message.len);
    else if (slot->bytes && !f->im->sizes_are_estimates &&
             slot->size != (gint64)message.len)
        st = doubt(f->im, message.ref->uid, slot->size, message.len, e);
    if (st != ST_OK)
        return st;
    f->stop = f->fn(&message, f->user, e);
    slot->taken = message.taken;
    f->stopped = f->stop != ST_OK;
    return f->stop;
}

/* The session may still hold the bytes: nothing of them is needed there. */
static void
drop_contents(struct fetching *f, struct slot *slot)
{
    if (slot->bytes && slot->bytes->len > 0) {
        if (!slot->taken)
            explicit_bzero(slot->bytes->data, slot->bytes->len);
        f->held -= slot->bytes->len;
    }
    g_clear_pointer(&slot->bytes, g_byte_array_unref);
    g_clear_pointer(&slot->trouble, g_free);
}

/* Is it this message's own fault?  So it is when the next that has no
 * trouble was answered; after the last one, when any came before. */
static gboolean
is_culprit(const struct fetching *f, guint i)
{
    while (i < f->refs->len && f->slots[i].trouble)
        i++;
    return i < f->refs->len ? f->slots[i].state != SLOT_OPEN : f->at > 0;
}

/* Hand on what is held and next in turn. */
static enum st
advance(struct fetching *f, struct err *e)
{
    while (f->at < f->refs->len && f->slots[f->at].state != SLOT_OPEN &&
           f->slots[f->at].state != SLOT_PASSED) {
        struct slot *slot = &f->slots[f->at];

        if (slot->trouble && !is_culprit(f, f->at))
            break;
        if (slot->state == SLOT_HELD) {
            enum st st = hand_on(f, f->at, e);

            if (st != ST_OK)
                return st;
        }
        drop_contents(f, slot);
        slot->state = SLOT_DONE;
        f->at++;
    }
    return ST_OK;
}

/* Before its turn, and too much waits already. */
static gboolean
is_too_early(struct fetching *f, guint i, const GByteArray *bytes)
{
    if (i == f->at || f->held + bytes->len <= BYTES_HELD)
        return FALSE;
    f->slots[i].state = SLOT_PASSED;
    f->crowded = TRUE;
    return TRUE;
}

static GByteArray *
body_of(const struct imap_response *r, const GPtrArray *literals)
{
    GByteArray *bytes;

    if (r->body == IMAP_BODY_LITERAL)
        return g_byte_array_ref(g_ptr_array_index(literals, r->body_literal));
    bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)r->string->str,
                        (guint)r->string->len);
    return bytes;
}

/* What nobody asked for, or what came twice, may be secret too. */
static enum st
note_message(const struct imap_response *r, const GPtrArray *literals,
             void *user, struct err *e)
{
    struct fetching *f = user;
    struct slot *slot;
    g_autoptr(GByteArray) bytes = NULL;
    guint i;

    if (r->kind != IMAP_FETCH || r->body == IMAP_BODY_NONE)
        return ST_OK;
    bytes = body_of(r, literals);
    if (!find_ref(f, r->uid, &i) || f->slots[i].state != SLOT_OPEN ||
        is_too_early(f, i, bytes)) {
        explicit_bzero(bytes->data, bytes->len);
        return ST_OK;
    }
    slot = &f->slots[i];
    slot->state = SLOT_HELD;
    slot->size = r->has_size ? (gint64)r->size : ref_at(f, i)->size;
    slot->bytes = g_steal_pointer(&bytes);
    f->held += slot->bytes->len;
    slot->header_only = is_over(f, i);
    if (r->body == IMAP_BODY_LITERAL)
        slot->header_only |= imap_was_cut(f->im->session, r->body_literal);
    return advance(f, e);
}

/* Its trouble takes the place of the message. */
static void
give_up_on(struct slot *slot, const char *why)
{
    if (slot->state != SLOT_OPEN)
        return;
    slot->state = SLOT_HELD;
    slot->trouble = g_strdup(why);
}

/* All of a batch has come: what has not is no longer there. */
static void
close_batch(struct fetching *f, const struct batch *batch)
{
    for (guint i = batch->from; i < batch->to; i++)
        if (f->slots[i].state == SLOT_OPEN)
            f->slots[i].state = SLOT_DONE;
}

static enum st
read_batch(struct fetching *f, struct err *e)
{
    g_autofree struct batch *batch = g_queue_pop_head(&f->flight);
    struct imap_answer answer = {0};
    enum st st =
        imap_await(f->im->session, batch->tag, note_message, f, &answer, e);

    if (st == ST_OK && answer.status == IMAP_OK)
        close_batch(f, batch);
    else if (st == ST_OK && batch->to - batch->from == 1)
        give_up_on(&f->slots[batch->from], answer.text);
    else if (st == ST_OK)
        st = imap_refused("UID FETCH", &answer, e);
    imap_answer_clear(&answer);
    return st == ST_OK ? advance(f, e) : st;
}

/* All that is left has trouble, and nothing says that the server has not. */
static enum st
nothing_comes(struct fetching *f, struct err *e)
{
    f->stopped = TRUE;
    f->stop =
        err_set(e, ST_RETRY, EXIT_UNAVAILABLE, "message %u is not given: %s",
                ref_at(f, f->at)->uid, f->slots[f->at].trouble);
    return f->stop;
}

static enum st
run(struct fetching *f, struct err *e)
{
    enum st st = imap_want_inbox(f->im, e);

    if (st == ST_OK)
        st = advance(f, e); /* the last may be in trouble, and known to be */
    f->sent = f->at;
    if (st == ST_OK)
        imap_set_literal_limit(
            f->im->session,
            (size_t)MAX(f->size_limit, (gint64)MAILBOX_HEADER_LIMIT));
    while (st == ST_OK && f->at < f->refs->len) {
        st = fill_flight(f, e);
        if (st == ST_OK && f->flight.length == 0)
            st = nothing_comes(f, e);
        else if (st == ST_OK)
            st = read_batch(f, e);
    }
    g_queue_clear_full(&f->flight, g_free);
    return st;
}

/* What is held would come again on the next connection. */
static void
forget_held(struct fetching *f)
{
    for (guint i = f->at; i < f->sent; i++) {
        if (f->slots[i].trouble)
            continue;
        drop_contents(f, &f->slots[i]);
        f->slots[i].state = SLOT_OPEN;
    }
}

static guint
first_open(const struct fetching *f)
{
    guint i = f->at;

    while (i < f->refs->len && f->slots[i].state != SLOT_OPEN)
        i++;
    return i;
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

/* The first message that has not come is where the trouble may be, or a
 * later one of its batch: so ask for each alone.  One that was asked for
 * alone, in vain, often enough is given up. */
static void
find_culprit(struct fetching *f, const struct err *e)
{
    guint i = first_open(f);

    if (i == f->refs->len)
        return;
    if (i != f->trouble_at)
        f->troubles = 0;
    f->trouble_at = i;
    if (i >= f->careful)
        f->careful = batch_end(f, i);
    else if (++f->troubles >= TRIES_ALONE)
        give_up_on(&f->slots[i], e->text);
}

/* After a failure: connect again, unless that has been enough. */
static enum st
recover(struct fetching *f, struct err *e)
{
    enum st st;

    if (++f->reopens > REOPENS || !f->im->session)
        return ST_RETRY;
    find_culprit(f, e);
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
                         .user = user};
    struct err sentence = ERR_INIT;
    enum st st = refs->len ? check_refs(&f, &sentence) : ST_OK;

    f.slots = g_new0(struct slot, refs->len + 1);
    while (f.at < refs->len && st == ST_OK) {
        st = run(&f, &sentence);
        forget_held(&f);
        if (st != ST_OK && !f.stopped)
            st = recover(&f, &sentence);
    }
    for (guint i = f.at; i < refs->len; i++)
        drop_contents(&f, &f.slots[i]);
    g_free(f.slots);
    if (st != ST_OK && e)
        *e = sentence;
    return st;
}
