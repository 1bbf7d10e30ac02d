/* poll.c - one look at the mailbox.
 *
 * Refs first: what is known is not fetched.  What is new streams from the
 * server into the readers while earlier messages are being recorded; a batch
 * ends after BATCH messages or when the readings it holds grow large. */
#include "intake/incoming.h"

#include "base/i18n.h"
#include "base/log.h"
#include "base/step.h"
#include "intake/notices.h"
#include "intake/release.h"
#include "register/status.h"

#include <string.h>

enum {
    BATCH = 50,
    BATCH_BYTES = 24 << 20, /* of raw messages held at one time */
    FATAL_ATTEMPTS = 3      /* a message that killed the program so often */
};

struct look {
    struct intake *i;
    struct reg_position position;
    guint32 validity;     /* of the mailbox now; 0 until a ref was seen */
    GArray *todo;         /* of struct message_ref */
    guint claimed;        /* so many of todo have been claimed */
    GHashTable *attempts; /* uid -> how often it was claimed */
    GHashTable *back;     /* uid -> message id: known, and put back */
    GHashTable *released; /* message ids of 解除隔离, to be read once more */
    GPtrArray *batch;     /* of struct incoming, in the order of uids */
    size_t batch_bytes;
    struct notices *notices;
    progress_fn progress;
    void *user;
    struct tally *tally;
    int done;
};

static const char *
url_of(const struct look *l)
{
    return l->i->office->config->mailbox;
}

static struct reg_place
place_of(const struct look *l, const struct message_ref *ref)
{
    struct reg_place p = {url_of(l), ref->validity, ref->uid, ref->key};

    return p;
}

/* ---- moves ---- */

/* One target folder at a time, then say so in the register. */
static enum st
move_group(struct look *l, GPtrArray *moves, enum folder to, struct err *e)
{
    g_autoptr(GArray) refs = message_refs_new();
    struct mailbox *m = l->i->mailbox;
    enum st st;

    for (guint n = 0; n < moves->len; n++) {
        const struct reg_move *move = g_ptr_array_index(moves, n);
        struct message_ref ref = move->ref;

        if (move->to != to)
            continue;
        ref.key = g_strdup(ref.key);
        g_array_append_val(refs, ref);
    }
    if (refs->len == 0)
        return ST_OK;
    step("move");
    st = m->driver->move_all(m, refs, to, e);
    step("moved");
    if (st == ST_OK)
        st = reg_begin(l->i->reg, e);
    for (guint n = 0; st == ST_OK && n < refs->len; n++) {
        struct reg_place p =
            place_of(l, &g_array_index(refs, struct message_ref, n));

        st = reg_moved(l->i->reg, &p, e);
    }
    if (st == ST_OK)
        st = reg_commit(l->i->reg, e);
    else
        reg_rollback(l->i->reg);
    return st;
}

/* Everything that the register says belongs elsewhere. */
static enum st
do_moves(struct look *l, struct err *e)
{
    g_autoptr(GPtrArray) moves = NULL;
    enum st st;

    if (!l->validity)
        return ST_OK;
    st = reg_moves(l->i->reg, url_of(l), l->validity, &moves, e);
    for (int to = FOLDER_ACCEPTED; st == ST_OK && to < FOLDER_COUNT; to++)
        st = move_group(l, moves, (enum folder)to, e);
    return st;
}

/* ---- what is new ---- */

static gboolean
is_released(const struct look *l, gint64 message)
{
    return g_hash_table_contains(l->released, &message);
}

/* Known at this place: it stays for ever (quarantined) or waits for its
 * move, and is left alone; or we moved it away, and somebody put it back; or
 * staff have released it. */
static enum st
is_wanted(struct look *l, const struct message_ref *ref, gboolean *out,
          struct err *e)
{
    struct reg_place place = place_of(l, ref);
    gboolean moved = FALSE;
    gint64 message = 0;
    enum st st = reg_place_find(l->i->reg, &place, &message, &moved, e);

    moved = moved || is_released(l, message);
    *out = !message || moved;
    if (st == ST_OK && message && moved)
        g_hash_table_insert(l->back, GUINT_TO_POINTER(ref->uid),
                            g_memdup2(&message, sizeof message));
    return st;
}

static enum st
choose(struct look *l, GArray *refs, struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < refs->len; n++) {
        struct message_ref *ref = &g_array_index(refs, struct message_ref, n);
        gboolean wanted = FALSE;

        st = is_wanted(l, ref, &wanted, e);
        if (st == ST_OK && wanted) {
            g_array_append_val(l->todo, *ref);
            memset(ref, 0, sizeof *ref); /* its key went along */
        }
    }
    return st;
}

/* ---- the first look ---- */

static gboolean
is_old(const struct look *l, gint64 received)
{
    const struct config *c = l->i->office->config;
    const struct clock *clock = &l->i->office->clock;
    gint64 first =
        l->position.known ? l->position.first_seen : clock_now(clock);

    if (c->answer_since != DAY_NONE)
        return clock_day(clock, received) < c->answer_since;
    return received < first - c->answer_age;
}

static struct incoming *
incoming_of(struct look *l, const struct fetched *f)
{
    struct incoming *a = incoming_new();
    const gint64 *back;

    a->ref = *f->ref;
    a->ref.key = g_strdup(f->ref->key);
    if (a->ref.received == 0) /* the server does not say */
        a->ref.received = clock_now(&l->i->office->clock);
    a->place = place_of(l, &a->ref);
    a->receipt = a->ref.key ? RECEIPT_MTIME : RECEIPT_INTERNALDATE;
    a->header_only = f->header_only;
    a->old = is_old(l, a->ref.received);
    a->renumbered =
        l->position.known && l->position.validity != a->ref.validity;
    back = g_hash_table_lookup(l->back, GUINT_TO_POINTER(a->ref.uid));
    a->known = back ? *back : 0;
    a->released = a->known && is_released(l, a->known);
    return a;
}

/* ---- reading ---- */

static void
take_result(struct reader_result *r)
{
    struct incoming *a = r->ticket;

    a->outcome = r->outcome;
    a->cause = r->cause;
    a->reading = g_steal_pointer(&r->reading);
    if (a->reading && a->header_only)
        a->reading->flags |= READING_HEADER_ONLY;
    reader_result_clear(r);
}

static void
collect_one(struct reader_pool *pool)
{
    struct reader_result r;

    reader_collect(pool, &r);
    take_result(&r);
}

/* Claims are committed before the bytes are read, for a batch at a time. */
static enum st
claim_ahead(struct look *l, struct err *e)
{
    gint64 now = clock_now(&l->i->office->clock);
    enum st st = reg_begin(l->i->reg, e);

    for (int n = 0; st == ST_OK && n < BATCH && l->claimed < l->todo->len;
         n++, l->claimed++) {
        struct message_ref *ref =
            &g_array_index(l->todo, struct message_ref, l->claimed);
        struct reg_place place = place_of(l, ref);
        int attempts = 0;

        st = reg_claim(l->i->reg, &place, now, &attempts, e);
        g_hash_table_insert(l->attempts, GUINT_TO_POINTER(ref->uid),
                            GINT_TO_POINTER(attempts));
    }
    if (st == ST_OK)
        return reg_commit(l->i->reg, e);
    reg_rollback(l->i->reg);
    return st;
}

static enum st
claim(struct look *l, struct incoming *a, struct err *e)
{
    void *key = GUINT_TO_POINTER(a->ref.uid);
    enum st st = ST_OK;

    while (st == ST_OK && !g_hash_table_contains(l->attempts, key) &&
           l->claimed < l->todo->len)
        st = claim_ahead(l, e);
    a->attempts = GPOINTER_TO_INT(g_hash_table_lookup(l->attempts, key));
    return st;
}

static enum st
submit(struct look *l, struct incoming *a, const struct fetched *f,
       struct err *e)
{
    struct reader_pool *pool = l->i->readers;

    if (f->len > (size_t)l->i->office->config->size_limit) {
        a->outcome = READER_TOO_BIG;
        a->cause = "larger than its announced size";
        return ST_OK;
    }
    while (reader_idle(pool) == 0)
        collect_one(pool);
    return reader_submit(pool, f->data, f->len,
                         a->released ? READER_RELEASED : 0, a, e);
}

/* ---- recording ---- */

static void
log_recorded(const struct incoming *a, const struct recorded *r)
{
    g_autoptr(GString) reasons = g_string_new(NULL);
    g_autofree char *uid = g_strdup_printf("%u", a->ref.uid);

    for (int n = 0; n < r->reasons.n; n++)
        g_string_append_printf(reasons, "%s%s", n ? "," : "",
                               reason_name(r->reasons.code[n]));
    log_event(LOG_INFO, verdict_name(r->verdict), "uid", uid, "number",
              r->number, "handle", r->handle, "unit", r->unit, "reasons",
              reasons->len ? reasons->str : NULL, "cause", a->cause, "known",
              r->again ? "yes" : NULL, NULL);
}

/* One bad message never stops the next: what the register refuses about one
 * is undone alone, and that message is held with its cause. */
static enum st
record_one(struct look *l, struct incoming *a, struct err *e)
{
    struct recorded r;
    enum st st = reg_save(l->i->reg, e);

    if (st != ST_OK)
        return st;
    st = record_incoming(l->i, a, &r, e);
    if (st == ST_REJECT) {
        recorded_clear(&r);
        log_event(LOG_WARN, "not-recorded", "cause", e->text, NULL);
        st = reg_undo(l->i->reg, e);
        if (st == ST_OK)
            st = reg_save(l->i->reg, e);
        a->outcome = READER_LIED;
        a->cause = "the register refused it";
        g_clear_pointer(&a->reading, reading_free);
        if (st == ST_OK)
            st = record_incoming(l->i, a, &r, e);
    }
    if (st == ST_OK)
        st = reg_keep(l->i->reg, e);
    if (st == ST_OK) {
        log_recorded(a, &r);
        notices_add(l->notices, l->i->office, a, &r);
        l->tally->verdicts[r.verdict] += r.again ? 0 : 1;
    }
    recorded_clear(&r);
    return st;
}

/* Never backwards: a released message lies below it. */
static enum st
set_position(struct look *l, const struct incoming *last, struct err *e)
{
    guint32 uid = last->ref.uid;

    if (l->position.known && l->position.validity == last->ref.validity)
        uid = MAX(uid, l->position.highest_uid);
    return reg_position_set(l->i->reg, url_of(l), last->ref.validity, uid,
                            clock_now(&l->i->office->clock), e);
}

static enum st
record_batch(struct look *l, struct err *e)
{
    const struct incoming *last;
    enum st st;

    while (reader_busy(l->i->readers) > 0)
        collect_one(l->i->readers);
    if (l->batch->len == 0)
        return ST_OK;
    st = reg_begin(l->i->reg, e);
    for (guint n = 0; st == ST_OK && n < l->batch->len; n++)
        st = record_one(l, g_ptr_array_index(l->batch, n), e);
    last = g_ptr_array_index(l->batch, l->batch->len - 1);
    if (st == ST_OK)
        st = set_position(l, last, e);
    if (st == ST_OK)
        st = notices_post(l->notices, l->i, FALSE, e);
    if (st == ST_OK)
        st = reg_commit(l->i->reg, e);
    else
        reg_rollback(l->i->reg);
    if (st == ST_OK && l->i->scrub)
        st = reg_scrub(l->i->reg, e);
    l->i->scrub = FALSE;
    l->done += (int)l->batch->len;
    g_ptr_array_set_size(l->batch, 0);
    l->batch_bytes = 0;
    if (l->progress)
        l->progress(l->done, (int)l->todo->len, l->user);
    return st;
}

/* What has killed the program before is taken alone, and not for ever. */
static enum st
take_alone(struct look *l, struct incoming *a, const struct fetched *f,
           struct err *e)
{
    enum st st = record_batch(l, e);

    if (st != ST_OK) {
        incoming_free(a);
        return st;
    }
    g_ptr_array_add(l->batch, a);
    if (a->attempts >= FATAL_ATTEMPTS) {
        a->outcome = READER_DIED;
        a->cause = "the program died over it three times";
    } else {
        st = submit(l, a, f, e);
    }
    return st == ST_OK ? record_batch(l, e) : st;
}

static enum st
take(const struct fetched *f, void *user, struct err *e)
{
    struct look *l = user;
    struct incoming *a = incoming_of(l, f);
    enum st st = claim(l, a, e);

    l->tally->seen++;
    if (st == ST_OK && a->attempts > 1)
        return take_alone(l, a, f, e);
    g_ptr_array_add(l->batch, a);
    l->batch_bytes += f->len;
    if (st == ST_OK)
        st = submit(l, a, f, e);
    if (st == ST_OK &&
        (l->batch->len >= BATCH || l->batch_bytes >= BATCH_BYTES))
        st = record_batch(l, e);
    return st;
}

/* ---- the look as a whole ---- */

static enum st
fetch_new(struct look *l, struct err *e)
{
    struct mailbox *m = l->i->mailbox;
    enum st st = ST_OK;

    if (l->todo->len > 0)
        st = m->driver->fetch(m, l->todo, l->i->office->config->size_limit,
                              take, l, e);
    while (reader_busy(l->i->readers) > 0) /* nothing may be left in flight */
        collect_one(l->i->readers);
    return st == ST_OK ? record_batch(l, e) : st;
}

static enum st
post_notices(struct look *l, struct err *e)
{
    enum st st = reg_begin(l->i->reg, e);

    if (st == ST_OK && !l->position.known)
        st = reg_position_set(l->i->reg, url_of(l),
                              l->validity ? l->validity : 1, 0,
                              clock_now(&l->i->office->clock), e);
    if (st == ST_OK)
        st = notices_post(l->notices, l->i, TRUE, e);
    if (st == ST_OK)
        st = reg_commit(l->i->reg, e);
    else
        reg_rollback(l->i->reg);
    return st;
}

/* What was released lies below the position: the whole inbox is listed. */
static enum st
list_inbox(struct look *l, GArray *refs, struct err *e)
{
    struct mailbox *m = l->i->mailbox;
    enum st st = releases_get(l->i->reg, l->released, e);
    guint32 after = l->position.highest_uid;

    if (g_hash_table_size(l->released) > 0)
        after = 0;
    return st == ST_OK
               ? m->driver->list(m, l->position.validity, after, refs, e)
               : st;
}

static enum st
look(struct look *l, struct err *e)
{
    struct mailbox *m = l->i->mailbox;
    g_autoptr(GArray) refs = message_refs_new();
    enum st st = m->driver->open(m, e);

    if (st == ST_OK)
        st = reg_position_get(l->i->reg, url_of(l), &l->position, e);
    if (st == ST_OK)
        st = list_inbox(l, refs, e);
    l->validity = l->position.validity;
    if (st == ST_OK && refs->len > 0)
        l->validity = g_array_index(refs, struct message_ref, 0).validity;
    if (st == ST_OK)
        st = do_moves(l, e);
    if (st == ST_OK)
        st = choose(l, refs, e);
    if (st == ST_OK)
        st = fetch_new(l, e);
    if (st == ST_OK)
        st = do_moves(l, e);
    if (st == ST_OK && (notices_pending(l->notices) || !l->position.known))
        st = post_notices(l, e);
    return st;
}

static enum st
look_once(struct intake *i, progress_fn progress, void *user,
          struct tally *tally, struct err *e)
{
    struct look l = {
        .i = i,
        .todo = message_refs_new(),
        .attempts = g_hash_table_new(NULL, NULL),
        .back = g_hash_table_new_full(NULL, NULL, NULL, g_free),
        .batch = g_ptr_array_new_with_free_func((GDestroyNotify)incoming_free),
        .released =
            g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
        .notices = notices_new(),
        .progress = progress,
        .user = user,
        .tally = tally};
    enum st st = look(&l, e);

    reg_rollback(i->reg);
    g_array_unref(l.todo);
    g_hash_table_unref(l.attempts);
    g_hash_table_unref(l.back);
    g_hash_table_unref(l.released);
    g_ptr_array_unref(l.batch);
    notices_free(l.notices);
    return st;
}

/* "Nothing new" and "could not look" never look alike: both are recorded. */
static enum st
note_end(struct intake *i, enum st st, const struct tally *tally, struct err *e)
{
    struct err own = ERR_INIT;
    gboolean recovered = FALSE;
    enum st noted = reg_begin(i->reg, &own);

    if (noted == ST_OK)
        noted = reg_poll_ended(i->reg, clock_now(&i->office->clock),
                               st == ST_OK ? NULL : e->text, tally->seen,
                               &recovered, &own);
    if (noted == ST_OK)
        noted = notices_of_looking(i, st != ST_OK, recovered, &own);
    if (noted == ST_OK)
        noted = reg_commit(i->reg, &own);
    else
        reg_rollback(i->reg);
    if (st == ST_OK && noted != ST_OK && e)
        *e = own;
    return st != ST_OK ? st : noted;
}

enum st
intake_poll(struct intake *i, progress_fn progress, void *user,
            struct tally *tally, struct err *e)
{
    enum st st;

    memset(tally, 0, sizeof *tally);
    st = notices_disk(i, e);
    if (st == ST_OK)
        st = look_once(i, progress, user, tally, e);
    if (st != ST_OK)
        log_event(LOG_ERROR, "could-not-look", "cause", e->text, NULL);
    return note_end(i, st, tally, e);
}
