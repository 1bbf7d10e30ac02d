/* sender.c - what is due in the outbox goes out, over several connections at
 * once, and what the server says to a mail is recorded before the next one
 * goes over the same connection: whenever the program is killed, at most as
 * many mails as there are connections, those whose answers were not yet
 * written down, may go out once more, with the Message-ID that they had.
 * Two mails to one address never go at once, so that they keep their order. */
#include "intake/intake.h"

#include "base/log.h"
#include "base/step.h"
#include "intake/login.h"
#include "intake/undelivered.h"
#include "register/outbox.h"
#include "register/status.h"

#include <string.h>

enum {
    AT_ONCE = 100, /* mails taken from the outbox */
    HOUR = 3600,
    OVER_CAP_WAIT = 300,
    TROUBLE = 3
};

#define PACED_UNTIL "paced-until"

/* ---- what follows from an answer ---- */

static enum st
use_own_sender(struct intake *i, struct err *e)
{
    enum st st = reg_setting_set(i->reg, "return-path", "own", e);

    log_event(LOG_WARN, "null-sender-refused", "use", "own", NULL);
    if (st == ST_OK)
        st = reg_mail_resend_as(i->reg, i->office->config->address, e);
    return st;
}

/* The Message-ID without its brackets, as the name of a file. */
static char *
unique_of(const struct reg_mail *m)
{
    const char *id = m->mail_id + (*m->mail_id == '<');
    char *unique = g_strndup(id, strcspn(id, ">"));

    return g_strcanon(unique,
                      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                      "0123456789.-",
                      '-');
}

static enum st
note_failure(struct intake *i, const struct reg_mail *m,
             enum reg_mail_result result, const char *text, struct err *e)
{
    enum reg_mail_state state = MAIL_PENDING;
    enum st st = reg_mail_result(i->reg, m->id, result, text,
                                 clock_now(&i->office->clock), &state, e);

    if (st == ST_OK && state == MAIL_FAILED)
        st = undelivered_refused(i, m, text, e);
    return st;
}

static enum st
note_answer(struct intake *i, const struct reg_mail *m, enum sent sent,
            const char *text, struct err *e)
{
    switch (sent) {
    case SENT_OK:
        return reg_mail_sent(i->reg, m->id, clock_now(&i->office->clock), e);
    case SENT_NEVER:
        return note_failure(i, m, RESULT_NEVER, text, e);
    case SENT_LATER:
    case SENT_UNCERTAIN:
        return note_failure(i, m, RESULT_LATER, text, e);
    case SENT_NULL_SENDER_REFUSED:
        return use_own_sender(i, e);
    case SENT_NO_LOGIN: /* no attempt: nobody has heard of this mail */
        return ST_OK;
    }
    g_assert_not_reached();
}

/* ---- mails in hand ---- */

struct handed {
    struct parcel parcel; /* first: an answer names it */
    const struct reg_mail *mail;
    const char *recipients[2];
    char *unique;
};

static void
handed_free(gpointer p)
{
    struct handed *h = p;

    g_free(h->unique);
    g_free(h);
}

static struct handed *
handed_new(const struct reg_mail *m)
{
    struct handed *h = g_new0(struct handed, 1);
    gsize len = 0;
    const char *data = g_bytes_get_data(m->data, &len);

    h->mail = m;
    h->unique = unique_of(m);
    h->recipients[0] = m->to;
    h->parcel = (struct parcel){.from = m->envelope_from,
                                .recipients = h->recipients,
                                .data = data,
                                .len = len,
                                .unique = h->unique};
    return h;
}

struct sending {
    struct intake *i;
    struct tally *tally;
    GPtrArray *due;     /* of struct reg_mail, borrowed: to be handed over */
    GPtrArray *in_hand; /* of struct handed: not answered yet */
    GArray *answers;    /* of struct answer: not recorded yet */
    GPtrArray *over;    /* of struct reg_mail, borrowed: over the cap */
    int room;           /* within the cap */
    gint64 paced_until; /* those over the cap wait until then */
    int trouble;        /* in a row */
    gboolean stale;     /* what is due must be read anew */
    gboolean worked;    /* the login did */
    struct err refusal; /* of the login; status EXIT_DONE: none */
};

/* The cap of the hour: what is over it waits, nothing is lost (A24).  While
 * some wait none of them is sent, nor one that was written later: they go in
 * the order in which they were written. */
static enum st
room_this_hour(struct sending *x, struct err *e)
{
    struct intake *i = x->i;
    gint64 now = clock_now(&i->office->clock);
    g_autofree char *until = NULL;
    int sent = 0;
    enum st st = reg_setting_get(i->reg, PACED_UNTIL, &until, e);

    if (st == ST_OK)
        st = reg_mail_count_sent(i->reg, now - HOUR, &sent, e);
    x->paced_until = until ? g_ascii_strtoll(until, NULL, 10) : 0;
    if (x->paced_until > now + OVER_CAP_WAIT)
        x->paced_until = 0; /* the clock was set back */
    x->room =
        x->paced_until > now ? 0 : i->office->config->replies_per_hour - sent;
    return st;
}

/* When those over the cap are looked at again: all at one instant. */
static enum st
pace_until(struct sending *x, struct err *e)
{
    gint64 now = clock_now(&x->i->office->clock);
    g_autofree char *text = NULL;

    if (x->paced_until > now)
        return ST_OK;
    x->paced_until = now + OVER_CAP_WAIT;
    text = g_strdup_printf("%" G_GINT64_FORMAT, x->paced_until);
    return reg_setting_set(x->i->reg, PACED_UNTIL, text, e);
}

/* All at once: they are many, and the next are over the cap too. */
static enum st
postpone(struct sending *x, struct err *e)
{
    enum st st;

    if (x->over->len == 0)
        return ST_OK;
    st = reg_begin(x->i->reg, e);
    if (st == ST_OK)
        st = pace_until(x, e);
    for (guint n = 0; st == ST_OK && n < x->over->len; n++) {
        const struct reg_mail *m = g_ptr_array_index(x->over, n);

        st = reg_mail_postpone(x->i->reg, m->id, x->paced_until, e);
    }
    if (st == ST_OK)
        st = undelivered_paced(x->i, e);
    return reg_end(x->i->reg, st, e);
}

/* What answers a mail by itself, but for the answers to orders. */
static gboolean
is_paced(const struct sending *x, const struct reg_mail *m)
{
    return reg_mail_is_automatic(m->kind) &&
           !(m->kind == MAIL_ANSWER &&
             config_staff_at(x->i->office->config, m->to));
}

static gboolean
is_in_hand(const struct sending *x, const char *to)
{
    for (guint n = 0; n < x->in_hand->len; n++) {
        const struct handed *h = g_ptr_array_index(x->in_hand, n);

        if (g_ascii_strcasecmp(h->mail->to, to) == 0)
            return TRUE;
    }
    return FALSE;
}

/* The next mail for whose address none is in hand; one that is over the cap
 * is put aside.  NULL: none now. */
static const struct reg_mail *
take_next(struct sending *x)
{
    for (guint n = 0; n < x->due->len;) {
        const struct reg_mail *m = g_ptr_array_index(x->due, n);

        if (is_in_hand(x, m->to)) {
            n++;
            continue;
        }
        g_ptr_array_remove_index(x->due, n);
        if (!is_paced(x, m) || x->room-- > 0)
            return m;
        g_ptr_array_add(x->over, (gpointer)m);
    }
    return NULL;
}

/* A server that could not take several in a row is left alone until they
 * are due again; one that refuses the login, until the next round at least. */
static gboolean
is_able(const struct sending *x)
{
    return x->trouble < TROUBLE && x->refusal.status == EXIT_DONE &&
           !intake_stopping(x->i);
}

static gboolean
may_go_on(const struct sending *x)
{
    return !x->stale && is_able(x);
}

static void
hand_over(struct sending *x)
{
    const struct reg_mail *m;

    while (may_go_on(x) && outgoing_room(x->i->outgoing) > 0 &&
           (m = take_next(x)) != NULL) {
        struct handed *h = handed_new(m);

        g_ptr_array_add(x->in_hand, h);
        step("send");
        outgoing_put(x->i->outgoing, &h->parcel);
    }
}

/* ---- answers ---- */

static void
log_answer(const struct reg_mail *m, const struct answer *a)
{
    gboolean ok = a->sent == SENT_OK;

    log_event(ok ? LOG_INFO : LOG_WARN, ok ? "sent" : "not-sent", "mail",
              m->mail_id, "kind", reg_mail_kind_name(m->kind), "answer",
              *a->err.text ? a->err.text : NULL, NULL);
}

static void
count_answer(struct sending *x, const struct answer *a)
{
    x->tally->sent += a->sent == SENT_OK ? 1 : 0;
    x->tally->unsent += a->sent == SENT_OK ? 0 : 1;
    x->trouble = a->sent == SENT_LATER ? x->trouble + 1 : 0;
    x->stale |= a->sent == SENT_NULL_SENDER_REFUSED;
    x->worked |= a->sent != SENT_LATER && a->sent != SENT_NO_LOGIN;
    if (a->sent == SENT_NO_LOGIN)
        x->refusal = a->err;
}

/* Cut short by ourselves: not recorded, and so due again at once. */
static gboolean
cut_short(const struct sending *x, const struct answer *a)
{
    return (a->sent == SENT_LATER || a->sent == SENT_UNCERTAIN) &&
           intake_stopping(x->i);
}

static enum st
note_answers(struct sending *x, struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < x->answers->len; n++) {
        const struct answer *a = &g_array_index(x->answers, struct answer, n);
        const struct handed *h = (const struct handed *)a->parcel;

        step("sent");
        log_answer(h->mail, a);
        count_answer(x, a);
        if (!cut_short(x, a))
            st = note_answer(x->i, h->mail, a->sent, a->err.text, e);
    }
    return st;
}

/* What has come together is one commit: each of the answers is from another
 * connection. */
static enum st
record_answers(struct sending *x, struct err *e)
{
    enum st st = reg_begin(x->i->reg, e);

    if (st == ST_OK)
        st = note_answers(x, e);
    st = reg_end(x->i->reg, st, e);
    for (guint n = 0; n < x->answers->len; n++)
        g_ptr_array_remove_fast(
            x->in_hand,
            (gpointer)g_array_index(x->answers, struct answer, n).parcel);
    g_array_set_size(x->answers, 0);
    return st;
}

/* ---- all that is due ---- */

static enum st
send_these(struct sending *x, struct err *e)
{
    enum st st = ST_OK;

    outgoing_expect(x->i->outgoing, x->due->len);
    x->trouble = 0;
    x->stale = FALSE;
    hand_over(x);
    while (st == ST_OK && x->in_hand->len > 0) {
        outgoing_wait(x->i->outgoing, x->answers);
        st = record_answers(x, e);
        if (st == ST_OK)
            hand_over(x);
    }
    if (st == ST_OK)
        st = reg_mail_settle(x->i->reg, e);
    if (st == ST_OK)
        st = postpone(x, e);
    g_ptr_array_set_size(x->over, 0);
    return st;
}

static enum st
send_due(struct sending *x, struct err *e)
{
    gboolean more = TRUE;
    enum st st = reg_mail_settle(x->i->reg, e); /* what a failure left */

    if (st == ST_OK)
        st = room_this_hour(x, e);

    while (st == ST_OK && more) {
        g_autoptr(GPtrArray) due = NULL;

        st = reg_mail_due(x->i->reg, clock_now(&x->i->office->clock), &due,
                          AT_ONCE, e);
        if (st != ST_OK || due->len == 0)
            break;
        for (guint n = 0; n < due->len; n++)
            g_ptr_array_add(x->due, g_ptr_array_index(due, n));
        st = send_these(x, e);
        more = is_able(x);
        g_ptr_array_set_size(x->due, 0);
    }
    return st;
}

/* ---- the login ---- */

/* Staff cannot be told by mail: the round says it. */
static enum st
note_login(struct sending *x, struct err *e)
{
    const struct office *o = x->i->office;
    struct reg *reg = x->i->reg;
    enum st st = ST_OK;

    if (x->worked)
        st = login_worked(reg, LOGIN_OUTGOING, e);
    if (st != ST_OK || x->refusal.status == EXIT_DONE)
        return st;
    st = login_refused(o, reg, LOGIN_OUTGOING, x->refusal.text, e);
    if (st != ST_OK)
        return st;
    *e = x->refusal;
    return ST_RETRY;
}

static enum st
send_all(struct sending *x, struct err *e)
{
    enum st st = login_may_try(x->i->office, x->i->reg, LOGIN_OUTGOING, e);

    if (st != ST_OK)
        return st;
    st = send_due(x, e);
    outgoing_rest(x->i->outgoing); /* knows of nothing in hand any more */
    return st == ST_OK ? note_login(x, e) : st;
}

enum st
intake_send(struct intake *i, struct tally *tally, struct err *e)
{
    struct sending x = {.i = i,
                        .tally = tally,
                        .due = g_ptr_array_new(),
                        .in_hand = g_ptr_array_new_with_free_func(handed_free),
                        .answers =
                            g_array_new(FALSE, FALSE, sizeof(struct answer)),
                        .over = g_ptr_array_new()};
    enum st st = i->outgoing ? send_all(&x, e) : ST_OK;

    tally->shut_out = st == ST_RETRY && e->status == EXIT_LOGIN_REFUSED;
    g_ptr_array_unref(x.due);
    g_ptr_array_unref(x.in_hand);
    g_array_unref(x.answers);
    g_ptr_array_unref(x.over);
    return st;
}
