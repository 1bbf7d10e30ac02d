/* poll.c - one look at the mailbox.
 *
 * Refs first: what is known is not fetched.  What is new streams from the
 * server into the readers; two batches are before them, so that they have
 * enough to do while the first is recorded.  A batch ends after LOOK_BATCH
 * messages or when the readings it holds grow large. */
#include "intake/look.h"

#include "base/i18n.h"
#include "base/log.h"
#include "intake/episode.h"
#include "intake/informants.h"
#include "intake/login.h"
#include "intake/notices.h"
#include "intake/release.h"
#include "intake/restore.h"
#include "intake/similar_index.h"
#include "intake/upkeep.h"
#include "register/status.h"
#include "register/view_queue.h"

#include <string.h>

enum { BATCH_BYTES = 5 << 20 }; /* of raw messages */

/* ---- the look's own notes ---- */

const char *
look_url(const struct look *l)
{
    return l->i->office->config->mailbox;
}

enum st
look_outcome(enum st st)
{
    return st == ST_FATAL ? ST_RETRY : st;
}

struct reg_place
look_place(const struct look *l, const struct message_ref *ref)
{
    struct reg_place p = {look_url(l), ref->validity, ref->uid, ref->key};

    return p;
}

struct message_ref *
look_ref(const struct look *l, guint n)
{
    return &g_array_index(l->todo, struct message_ref, n);
}

struct candidate *
look_candidate(const struct look *l, guint n)
{
    return &g_array_index(l->candidates, struct candidate, n);
}

static guint
index_of(const struct look *l, guint32 uid)
{
    void *found = g_hash_table_lookup(l->index, GUINT_TO_POINTER(uid));

    g_assert(found);
    return GPOINTER_TO_UINT(found) - 1;
}

struct candidate *
look_candidate_of(const struct look *l, guint32 uid)
{
    return look_candidate(l, index_of(l, uid));
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
is_wanted(struct look *l, const struct message_ref *ref, gint64 *known_out,
          gboolean *out, struct err *e)
{
    struct reg_place place = look_place(l, ref);
    gboolean moved = FALSE;
    enum st st = reg_place_find(l->i->reg, &place, known_out, &moved, e);

    *out = !*known_out || moved || is_released(l, *known_out);
    return st;
}

static void
add_candidate(struct look *l, struct message_ref *ref, gint64 known)
{
    struct candidate c = {.known = known};

    g_array_append_val(l->todo, *ref);
    memset(ref, 0, sizeof *ref); /* its key went along */
    g_array_append_val(l->candidates, c);
    g_hash_table_insert(l->index,
                        GUINT_TO_POINTER(look_ref(l, l->todo->len - 1)->uid),
                        GUINT_TO_POINTER(l->todo->len));
}

static enum st
choose_of(struct look *l, GArray *refs, struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < refs->len; n++) {
        struct message_ref *ref = &g_array_index(refs, struct message_ref, n);
        gboolean wanted = FALSE;
        gint64 known = 0;

        st = is_wanted(l, ref, &known, &wanted, e);
        if (st == ST_OK && wanted)
            add_candidate(l, ref, known);
    }
    return st == ST_OK ? claims_load(l, e) : st;
}

/* In one transaction, so that SQLite does not lock and unlock the register
 * for each of thousands of messages. */
static enum st
choose(struct look *l, GArray *refs, struct err *e)
{
    enum st st = reg_begin_reading(l->i->reg, e);

    if (st == ST_OK)
        st = choose_of(l, refs, e);
    reg_rollback(l->i->reg); /* nothing was written */
    return st;
}

static struct incoming *
incoming_of(struct look *l, const struct message_ref *ref)
{
    struct incoming *a = incoming_new();

    a->ref = *ref;
    a->ref.key = g_strdup(ref->key);
    if (a->ref.received == 0) /* the server does not say */
        a->ref.received = clock_now(&l->i->office->clock);
    a->place = look_place(l, &a->ref);
    a->receipt = a->ref.key ? RECEIPT_MTIME : RECEIPT_INTERNALDATE;
    a->old = a->ref.received < l->answered_from;
    a->renumbered = l->renumbered || l->restored;
    a->known = look_candidate_of(l, ref->uid)->known;
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
    a->settled = TRUE;
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

static enum st
submit(struct look *l, struct incoming *a, struct fetched *f, struct err *e)
{
    struct reader_pool *pool = l->i->readers;
    unsigned flags = a->released ? READER_RELEASED : 0;

    if (f->trouble) {
        a->outcome = READER_NOT_GIVEN;
        a->cause = a->trouble = g_strdup(f->trouble);
        a->settled = TRUE;
        return ST_OK;
    }
    if (f->len > (size_t)l->i->office->config->size_limit) {
        a->outcome = READER_TOO_BIG;
        a->cause = "larger than its announced size";
        a->settled = TRUE;
        return ST_OK;
    }
    while (!reader_has_room(pool, f->len))
        collect_one(pool);
    if (f->len <= READER_LARGE)
        return reader_submit(pool, f->data, f->len, flags, a, e);
    f->taken = TRUE;
    return reader_submit_moving(pool, f->data, f->len, flags, a, e);
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

static enum st
record_one(struct look *l, struct incoming *a, struct recorded *out,
           struct err *e)
{
    enum st st = record_incoming(l->i, a, out, e);

    if (st == ST_OK)
        st = notices_post(l->i, a, out, e);
    if (st == ST_OK)
        look_candidate_of(l, a->ref.uid)->recorded = TRUE;
    else
        recorded_clear(out);
    return st;
}

static enum st
record_apart(struct look *l, struct incoming *a, struct recorded *out,
             struct err *e)
{
    enum st st = reg_save(l->i->reg, e);

    if (st == ST_OK)
        st = record_one(l, a, out, e);
    return st == ST_OK ? reg_keep(l->i->reg, e) : st;
}

/* One bad message never stops the next: what the register refuses about one
 * is undone alone, and that message is held with its cause. */
static enum st
record_carefully(struct look *l, struct incoming *a, struct recorded *out,
                 struct err *e)
{
    enum st st = record_apart(l, a, out, e);

    if (st != ST_REJECT)
        return st;
    log_event(LOG_WARN, "not-recorded", "cause", e->text, NULL);
    a->outcome = READER_LIED;
    a->cause = "the register refused it";
    g_clear_pointer(&a->reading, reading_free);
    st = reg_undo(l->i->reg, e);
    if (st == ST_OK)
        st = informants_refresh(l->i->office, l->i->reg, e);
    return st == ST_OK ? record_apart(l, a, out, e) : st;
}

/* Every message up to this uid is recorded; there the next look begins.
 * What was released lies below. */
static guint32
settled_upto(const struct look *l)
{
    guint n = 0;

    while (n < l->todo->len && look_candidate(l, n)->recorded)
        n++;
    return MAX(n ? look_ref(l, n - 1)->uid : 0, l->position.highest_uid);
}

typedef enum st (*record_fn)(struct look *l, struct incoming *a,
                             struct recorded *out, struct err *e);

static void
forget_records(struct look *l)
{
    for (guint n = 0; n < l->written->len; n++) {
        const struct incoming *a = l->written->pdata[n];

        look_candidate_of(l, a->ref.uid)->recorded = FALSE;
        recorded_clear(&l->done[n]);
    }
}

/* One transaction, and one flush: the batch, how far the mailbox was looked
 * through, and the attempts at what is read next.  It is left open. */
static enum st
record_with(struct look *l, record_fn record, struct err *e)
{
    enum st st = reg_begin(l->i->reg, e);

    for (guint n = 0; st == ST_OK && n < l->written->len; n++)
        st = record(l, l->written->pdata[n], &l->done[n], e);
    if (st == ST_OK)
        st = reg_position_set(l->i->reg, look_url(l), l->validity,
                              settled_upto(l), clock_now(&l->i->office->clock),
                              e);
    if (st == ST_OK)
        st = claims_ahead(l, e);
    if (st == ST_OK)
        return ST_OK;
    reg_rollback(l->i->reg);
    forget_records(l);
    return st;
}

/* Something about a message is hardly ever refused: a batch is written as if
 * nothing were, and once more with each message apart when something is.
 * Savepoints would copy every page that a message touches. */
static enum st
record_all(struct look *l, struct err *e)
{
    enum st st = record_with(l, record_one, e);

    if (st != ST_REJECT)
        return st;
    st = informants_refresh(l->i->office, l->i->reg, e);
    return st == ST_OK ? record_with(l, record_carefully, e) : st;
}

/* How many of those taken make up the next batch. */
static guint
next_batch(const struct look *l)
{
    size_t bytes = 0;
    guint n = 0;

    while (n < l->batch->len && n < LOOK_BATCH && bytes < BATCH_BYTES)
        bytes += ((struct incoming *)l->batch->pdata[n++])->bytes;
    return n;
}

/* What no reader could be had for is no fault of the message: the batch is
 * left for the next look. */
static enum st
wait_for_readers(struct look *l, guint n_batch, struct err *e)
{
    for (guint n = 0; n < n_batch; n++) {
        const struct incoming *a = l->batch->pdata[n];

        while (!a->settled)
            collect_one(l->i->readers);
        if (a->outcome == READER_UNAVAILABLE)
            return err_set(e, ST_RETRY, EXIT_TRY_AGAIN, "%s", a->cause);
    }
    return ST_OK;
}

/* What is committed is told, and gets its readable file.  One that cannot be
 * written now is written with the view (upkeep.h), which also says why not. */
static void
tell_records(struct look *l)
{
    for (guint n = 0; n < l->written->len; n++) {
        const struct recorded *r = &l->done[n];

        log_recorded(l->written->pdata[n], r);
        l->tally->verdicts[r->verdict] += r->again ? 0 : 1;
        if (r->view)
            view_queue_add(l->i->views, r->view, r->view_bytes);
    }
    l->n_done += (int)l->written->len;
    if (l->progress)
        l->progress(l->n_done, (int)l->todo->len, l->user);
}

static void
take_up(struct look *l, guint n_batch)
{
    for (guint n = 0; n < n_batch; n++) {
        struct incoming *a = g_ptr_array_steal_index(l->batch, 0);

        l->batch_bytes -= a->bytes;
        g_ptr_array_add(l->written, a);
    }
    l->done = g_new0(struct recorded, n_batch);
}

static void
lay_down(struct look *l)
{
    for (guint n = 0; n < l->written->len; n++)
        recorded_clear(&l->done[n]);
    g_clear_pointer(&l->done, g_free);
    g_ptr_array_set_size(l->written, 0);
}

/* The rows have what was read. */
static void
commit_beside(struct look *l)
{
    for (guint n = 0; n < l->written->len; n++) {
        struct incoming *a = l->written->pdata[n];

        g_clear_pointer(&a->reading, reading_free);
    }
    reg_commit_beside(l->i->reg);
    l->committing = TRUE;
}

/* Wait for the batch that is being committed, if any. */
static enum st
settle_batch(struct look *l, struct err *e)
{
    enum st st;

    if (!l->committing)
        return ST_OK;
    l->committing = FALSE;
    st = reg_commit_await(l->i->reg, e);
    if (st == ST_OK)
        tell_records(l);
    else
        forget_records(l);
    lay_down(l);
    if (st == ST_OK)
        st = upkeep_scrub(l->i, e);
    return st == ST_OK ? similar_index_settle(l->i, FALSE, e) : st;
}

/* The commit is left to the disk: what comes next is fetched and handed to
 * the readers meanwhile. */
static enum st
record_batch(struct look *l, struct err *e)
{
    guint n = next_batch(l);
    enum st st = wait_for_readers(l, n, e);

    if (st == ST_OK)
        st = settle_batch(l, e);
    if (st != ST_OK)
        return st;
    take_up(l, n);
    st = record_all(l, e);
    if (st == ST_OK)
        commit_beside(l);
    else
        lay_down(l);
    return st;
}

/* All that was taken. */
static enum st
record_taken(struct look *l, struct err *e)
{
    enum st st = ST_OK;

    while (st == ST_OK && l->batch->len > 0)
        st = record_batch(l, e);
    return st == ST_OK ? settle_batch(l, e) : st;
}

/* ---- taking what the mailbox gives ---- */

static enum st
take_along(struct look *l, struct incoming *a, struct fetched *f, struct err *e)
{
    guint n = index_of(l, a->ref.uid);
    enum st st = claims_stand(l, n) ? ST_OK : settle_batch(l, e);

    if (st == ST_OK)
        st = claims_take(l, n, e);
    g_ptr_array_add(l->batch, a);
    a->bytes = f->len;
    l->batch_bytes += f->len;
    if (st == ST_OK)
        st = submit(l, a, f, e);
    if (st == ST_OK &&
        (l->batch->len >= 2 * LOOK_BATCH || l->batch_bytes >= 2 * BATCH_BYTES))
        st = record_batch(l, e);
    return st;
}

/* What was not recorded at an earlier attempt, for the program died, is
 * taken alone, and not for ever.  So is a large message: while it is in
 * memory nothing else need be. */
static enum st
take_alone(struct look *l, struct incoming *a, struct fetched *f, struct err *e)
{
    enum st st = record_taken(l, e);

    if (st == ST_OK)
        st = claims_take(l, index_of(l, a->ref.uid), e);
    g_ptr_array_add(l->batch, a);
    if (st == ST_OK && claims_exhausted(look_candidate_of(l, a->ref.uid))) {
        a->outcome = READER_DIED;
        a->cause = "the program died over it three times";
        a->settled = TRUE;
    } else if (st == ST_OK) {
        st = submit(l, a, f, e);
    }
    return st == ST_OK ? record_taken(l, e) : st;
}

static enum st
take(struct fetched *f, void *user, struct err *e)
{
    struct look *l = user;
    struct candidate *c = look_candidate_of(l, f->ref->uid);
    struct incoming *a;
    enum st st;

    if (intake_stopping(l->i)) {
        l->stopping = TRUE;
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN, _("told to stop"));
    }
    a = incoming_of(l, f->ref);
    a->header_only = f->header_only;
    incoming_keep_header(a, f->data, f->len);
    c->given = TRUE;
    l->tally->seen++;
    st = c->attempts > 0 || f->len > READER_LARGE ? take_alone(l, a, f, e)
                                                  : take_along(l, a, f, e);
    l->failed = st != ST_OK;
    return st;
}

/* What did not come although the fetch was whole has left the mailbox. */
static void
note_all_settled(struct look *l)
{
    for (guint n = 0; n < l->todo->len; n++)
        if (!look_candidate(l, n)->given)
            look_candidate(l, n)->recorded = TRUE;
}

/* ---- the look as a whole ---- */

/* What came whole is recorded, whatever became of the rest. */
static enum st
fetch_new(struct look *l, struct err *e)
{
    struct mailbox *m = l->i->mailbox;
    struct err why = ERR_INIT;
    enum st fetched = ST_OK, st = ST_OK;

    if (l->todo->len > 0)
        fetched = m->driver->fetch(m, l->todo, l->i->office->config->size_limit,
                                   take, l, &why);
    while (reader_busy(l->i->readers) > 0) /* nothing may be left in flight */
        collect_one(l->i->readers);
    st = settle_batch(l, e);
    if (fetched == ST_OK)
        note_all_settled(l);
    if (st == ST_OK && !l->failed)
        st = record_taken(l, e);
    if (st != ST_OK || fetched == ST_OK || l->stopping)
        return st;
    *e = why;
    return l->failed ? fetched : look_outcome(fetched);
}

/* The first look, and new numbers, stand in the register before anything is
 * recorded under them. */
static enum st
begin_episodes(struct look *l, gboolean renumbered, struct err *e)
{
    struct intake *i = l->i;
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK && !l->position.known)
        st = episode_begin(i, EPISODE_FIRST_LOOK, e);
    if (st == ST_OK && renumbered)
        st = episode_begin(i, EPISODE_RENUMBERED, e);
    if (st == ST_OK)
        st = reg_position_set(i->reg, look_url(l), l->validity, 0,
                              clock_now(&i->office->clock), e);
    return reg_end(i->reg, st, e);
}

/* validity 0: there was a look, but at an empty mailbox. */
static enum st
begin(struct look *l, struct err *e)
{
    gboolean renumbered = l->position.validity && l->validity &&
                          l->position.validity != l->validity;
    const struct config *c = l->i->office->config;
    enum st st = ST_OK;

    if (!l->position.known || l->position.validity != l->validity)
        st = begin_episodes(l, renumbered, e);
    if (st == ST_OK)
        st = reg_position_get(l->i->reg, look_url(l), &l->position, e);
    if (st == ST_OK)
        st = episode_going_on(l->i, EPISODE_RENUMBERED, &l->renumbered, e);
    l->answered_from =
        c->answer_since != DAY_NONE
            ? clock_day_start(&l->i->office->clock, c->answer_since)
            : l->position.first_seen - c->answer_age;
    if (l->restored)
        l->answered_from =
            MAX(l->answered_from,
                clock_now(&l->i->office->clock) - restore_answer_age(c));
    return st;
}

/* What was released lies below the position: then the whole inbox is asked
 * for. */
static enum st
known_upto(struct look *l, guint32 *after_out, struct err *e)
{
    enum st st = reg_position_get(l->i->reg, look_url(l), &l->position, e);

    if (st == ST_OK)
        st = releases_get(l->i->reg, l->released, e);
    if (st == ST_OK)
        *after_out =
            g_hash_table_size(l->released) == 0 ? l->position.highest_uid : 0;
    return st;
}

/* Log in, where the server has not refused it too often. */
static enum st
open_mailbox(struct look *l, struct err *e)
{
    const struct office *o = l->i->office;
    struct mailbox *m = l->i->mailbox;
    struct reg *reg = l->i->reg;
    struct err own = ERR_INIT;
    enum st st = login_may_try(o, reg, LOGIN_MAILBOX, e), noted = ST_OK;

    if (st != ST_OK)
        return st;
    st = m->driver->open(m, e);
    if (st == ST_OK)
        noted = login_worked(reg, LOGIN_MAILBOX, &own);
    else if (e->status == EXIT_LOGIN_REFUSED)
        noted = login_refused(o, reg, LOGIN_MAILBOX, e->text, &own);
    if (noted == ST_OK)
        return look_outcome(st);
    *e = own;
    return noted;
}

static enum st
list(struct look *l, GArray *refs, struct err *e)
{
    struct mailbox *m = l->i->mailbox;
    guint32 after = 0;
    enum st st = known_upto(l, &after, e);

    if (st == ST_OK)
        mailbox_expect(m, after);
    if (st == ST_OK)
        st = open_mailbox(l, e);
    if (st == ST_OK)
        st = look_outcome(restore_recall(l->i, &l->restored, e));
    if (st == ST_OK)
        st = look_outcome(
            m->driver->list(m, l->position.validity, after, refs, e));
    l->validity = l->position.validity;
    if (st == ST_OK && refs->len > 0)
        l->validity = g_array_index(refs, struct message_ref, 0).validity;
    return st;
}

static enum st
look(struct look *l, struct err *e)
{
    g_autoptr(GArray) refs = message_refs_new();
    enum st st = claims_forget(l->i, e);

    if (st == ST_OK)
        st = list(l, refs, e);
    if (st == ST_OK)
        st = begin(l, e);
    if (st == ST_OK)
        st = look_move(l, e);
    if (st == ST_OK)
        st = choose(l, refs, e);
    if (st == ST_OK)
        st = fetch_new(l, e);
    if (st == ST_OK)
        st = look_move(l, e);
    if (st == ST_OK && !l->stopping)
        st = episodes_end(l->i, l->answered_from, e);
    return st;
}

static enum st
look_once(struct intake *i, progress_fn progress, void *user,
          struct tally *tally, struct err *e)
{
    struct look l = {
        .i = i,
        .todo = message_refs_new(),
        .candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate)),
        .index = g_hash_table_new(NULL, NULL),
        .released =
            g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
        .batch = g_ptr_array_new_with_free_func((GDestroyNotify)incoming_free),
        .written =
            g_ptr_array_new_with_free_func((GDestroyNotify)incoming_free),
        .progress = progress,
        .user = user,
        .tally = tally};
    struct err own = ERR_INIT;
    enum st st = look(&l, e);

    reg_rollback(i->reg);
    if (st != ST_FATAL && claims_release(&l, &own) != ST_OK) {
        log_event(LOG_ERROR, "not-released", "cause", own.text, NULL);
        i->unreleased = TRUE;
    }
    g_array_unref(l.todo);
    g_array_unref(l.candidates);
    g_hash_table_unref(l.index);
    g_hash_table_unref(l.released);
    g_ptr_array_unref(l.batch);
    g_ptr_array_unref(l.written);
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
        noted = notices_of_looking(i, st == ST_OK ? NULL : e, recovered, &own);
    noted = reg_end(i->reg, noted, &own);
    if (noted == ST_OK)
        noted = reg_stamp(i->reg, &own);
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
    st = restore_notice(i, e);
    if (st == ST_OK)
        st = notices_disk(i, e);
    if (st == ST_OK)
        st = informants_refresh(i->office, i->reg, e);
    if (st == ST_OK)
        st = look_once(i, progress, user, tally, e);
    if (st != ST_OK)
        log_event(LOG_ERROR, "could-not-look", "cause", e->text, NULL);
    tally->looked = st == ST_OK;
    return note_end(i, st, tally, e);
}
