/* smtp.c - mail out by SMTP, over several connections at once.
 *
 * Mails that were put wait in a queue; each connection takes the next when
 * it has nothing in hand.  One connection is made after the other, and only
 * as many as the mails to come are worth.  A server that does not let us
 * have another one gets all over those that it has let us have. */
#include "mailbox/driver.h"

#include "mailbox/smtp_session.h"

#include <string.h>

/* To connect and log in takes as long as some mails.  How long an answer may
 * wait for others, in microseconds. */
enum { WORTH_A_CONNECTION = 4, LINGER_MOST = 10000 };

struct held {
    const struct parcel *parcel;
    gboolean again; /* a connection that was too old was lost under it */
};

struct smtp {
    struct outgoing base;
    struct server_url url;
    char *password, *tls_ca;
    struct wire_config config;
    struct smtp_session *sessions;
    gboolean *again; /* of each session's mail: held->again */
    guint count;     /* of sessions */
    guint wanted;    /* connections, for what is to come */
    guint allowed;   /* as many as the server has let us have */
    GQueue waiting;  /* of struct held */
    gint64 left_at;  /* when the last answers were given; 0: none were */
};

/* ---- what there is ---- */

static guint
in_hand(const struct smtp *s)
{
    guint n = s->waiting.length;

    for (guint i = 0; i < s->count; i++)
        n += s->sessions[i].parcel ? 1 : 0;
    return n;
}

static struct smtp_session *
find(struct smtp *s, enum smtp_phase phase)
{
    for (guint i = 0; i < s->count; i++)
        if (s->sessions[i].phase == phase)
            return &s->sessions[i];
    return NULL;
}

/* Those that can take mails, at once or after the one in hand. */
static guint
open_ones(const struct smtp *s)
{
    guint n = 0;

    for (guint i = 0; i < s->count; i++)
        n += s->sessions[i].phase > SMTP_CONNECTING ? 1 : 0;
    return n;
}

static struct smtp_session *
ready_one(struct smtp *s)
{
    for (guint i = 0; i < s->count; i++)
        session_drop_if_stale(&s->sessions[i]);
    return find(s, SMTP_READY);
}

/* ---- answers ---- */

static void
answer(GArray *answers, const struct parcel *parcel, enum sent sent,
       const struct err *e)
{
    struct answer a = {.parcel = parcel, .sent = sent, .err = *e};

    g_array_append_val(answers, a);
}

/* The first that waits is answered without having been tried. */
static void
answer_waiting(struct smtp *s, GArray *answers, enum sent sent,
               const struct err *e)
{
    g_autofree struct held *first = g_queue_pop_head(&s->waiting);

    answer(answers, first->parcel, sent, e);
}

/* One refused login is enough: each of them brings the account nearer to
 * being locked. */
static void
answer_all_waiting(struct smtp *s, GArray *answers, const struct err *e)
{
    while (s->waiting.length > 0)
        answer_waiting(s, answers, SENT_NO_LOGIN, e);
}

static void
put_first(struct smtp *s, const struct parcel *parcel, gboolean again)
{
    struct held *held = g_new(struct held, 1);

    *held = (struct held){parcel, again};
    g_queue_push_head(&s->waiting, held);
}

/* A connection is gone, or was not to be had.  Where there is another it
 * must do; a mail that it had in hand goes out over that one.  When it was
 * kept too long: over a new one, once. */
static void
lost_one(struct smtp *s, struct smtp_session *x, GArray *answers)
{
    gboolean *again = &s->again[x - s->sessions];
    guint others = open_ones(s);

    if (others > 0)
        s->allowed = others;
    if (x->parcel && (others > 0 || (x->served && !*again)))
        put_first(s, x->parcel, *again || others == 0);
    else if (x->parcel)
        answer(answers, x->parcel, SENT_LATER, &x->err);
    else if (others == 0 && x->err.status == EXIT_LOGIN_REFUSED)
        answer_all_waiting(s, answers, &x->err);
    else if (others == 0 && s->waiting.length > 0)
        answer_waiting(s, answers, SENT_LATER, &x->err);
    session_put_down(x);
}

/* ---- giving out ---- */

static void
connect_more(struct smtp *s)
{
    struct smtp_session *x = find(s, SMTP_AWAY);

    if (x && !find(s, SMTP_CONNECTING) &&
        open_ones(s) < MIN(s->wanted, s->allowed))
        session_connect(x, &s->config);
}

/* Why the first that waits cannot go; FALSE: it can. */
static gboolean
is_refused(const struct smtp *s, const struct smtp_session *x,
           const struct parcel *p, struct err *e)
{
    if (!smtp_mail_sound(p))
        err_set(e, ST_REJECT, EXIT_BAD_DATA,
                "an address of the envelope is not one");
    else if (x && smtp_mail_needs_utf8(p) && !(x->extensions & EXT_SMTPUTF8))
        err_set(e, ST_REJECT, EXIT_UNAVAILABLE,
                "%s takes no addresses in other than ASCII letters",
                s->url.host);
    else
        return FALSE;
    return TRUE;
}

static void
give_out(struct smtp *s, GArray *answers)
{
    const struct held *first;

    while ((first = g_queue_peek_head(&s->waiting)) != NULL) {
        struct smtp_session *x = ready_one(s);
        struct err e = ERR_INIT;

        if (is_refused(s, x, first->parcel, &e)) {
            answer_waiting(s, answers, SENT_NEVER, &e);
        } else if (wire_told_to_stop(s->config.stop_fd)) {
            err_set(&e, ST_RETRY, EXIT_TRY_AGAIN, "told to stop");
            answer_waiting(s, answers, SENT_LATER, &e);
        } else if (!x) {
            connect_more(s);
            return;
        } else {
            s->again[x - s->sessions] = first->again;
            session_take(x, first->parcel);
            g_free(g_queue_pop_head(&s->waiting));
        }
    }
}

/* ---- waiting ---- */

/* *more_out: what waits in the queue can be given out now. */
static void
go_on(struct smtp *s, struct smtp_session *x, GArray *answers,
      gboolean *more_out)
{
    switch (session_go_on(x)) {
    case SMTP_WAITING:
        return;
    case SMTP_GOT_OPEN:
        *more_out = TRUE;
        return;
    case SMTP_LOST:
        lost_one(s, x, answers);
        *more_out = TRUE;
        return;
    case SMTP_ANSWERED:
        answer(answers, x->parcel, x->sent, &x->err);
        session_put_down(x);
        return;
    }
    g_assert_not_reached();
}

static gboolean
is_active(const struct smtp_session *x)
{
    return x->parcel || x->phase == SMTP_CONNECTING;
}

/* FALSE: there is nothing to wait for. */
static gboolean
wait_for_server(const struct smtp *s, gint64 us)
{
    struct wire *wires[WIRE_MOST];
    guint n = 0;

    for (guint i = 0; i < s->count; i++)
        if (is_active(&s->sessions[i]))
            wires[n++] = s->sessions[i].wire;
    if (n > 0)
        wire_wait_any(wires, n, us);
    return n > 0;
}

static gboolean
go_on_all(struct smtp *s, GArray *answers)
{
    gboolean more = FALSE;

    for (guint i = 0; i < s->count; i++)
        if (is_active(&s->sessions[i]))
            go_on(s, &s->sessions[i], answers, &more);
    return more;
}

/* The first answers wait for those of the other connections, as long as it
 * took to record the last ones: if another comes in that time, recording both
 * together has saved as much.  Nothing new is given out meanwhile. */
static void
linger(struct smtp *s, gint64 recording, GArray *answers)
{
    gint64 until = g_get_monotonic_time() + MIN(recording, LINGER_MOST);
    gint64 left = until - g_get_monotonic_time();

    while (left > 0 && wait_for_server(s, left)) {
        go_on_all(s, answers);
        left = until - g_get_monotonic_time();
    }
}

static void
smtp_wait(struct outgoing *o, GArray *answers)
{
    struct smtp *s = (struct smtp *)o;
    gint64 recording = s->left_at ? g_get_monotonic_time() - s->left_at : 0;
    guint before = answers->len;
    gboolean more = TRUE;

    while (in_hand(s) > 0 && answers->len == before) {
        if (!more)
            wait_for_server(s, G_MAXINT64);
        give_out(s, answers);
        more = go_on_all(s, answers);
    }
    linger(s, recording, answers);
    s->left_at = g_get_monotonic_time();
}

/* ---- the rest of the driver ---- */

static void
smtp_expect(struct outgoing *o, guint mails)
{
    struct smtp *s = (struct smtp *)o;

    s->wanted = CLAMP(mails / WORTH_A_CONNECTION, 1, s->count);
}

static guint
smtp_room(struct outgoing *o)
{
    const struct smtp *s = (const struct smtp *)o;
    guint most = MIN(s->wanted, s->allowed), now = in_hand(s);

    return most > now ? most - now : 0;
}

static void
smtp_put(struct outgoing *o, const struct parcel *parcel)
{
    struct smtp *s = (struct smtp *)o;
    struct held *held = g_new(struct held, 1);

    *held = (struct held){parcel, FALSE};
    g_queue_push_tail(&s->waiting, held);
}

static void
smtp_rest(struct outgoing *o)
{
    struct smtp *s = (struct smtp *)o;

    for (guint i = 0; i < s->count; i++)
        session_leave(&s->sessions[i]);
    g_queue_clear_full(&s->waiting, g_free);
    s->wanted = 1;
    s->allowed = s->count;
    s->left_at = 0;
}

static enum st
smtp_check(struct outgoing *o, struct err *e)
{
    struct smtp *s = (struct smtp *)o;

    return ready_one(s) ? ST_OK : session_open(&s->sessions[0], &s->config, e);
}

static void
smtp_free(struct outgoing *o)
{
    struct smtp *s = (struct smtp *)o;

    smtp_rest(o);
    for (guint i = 0; i < s->count; i++)
        session_clear(&s->sessions[i]);
    server_url_clear(&s->url);
    if (s->password)
        explicit_bzero(s->password, strlen(s->password));
    g_free(s->password);
    g_free(s->tls_ca);
    g_free(s->sessions);
    g_free(s->again);
    g_free(s);
}

static const struct outgoing smtp_driver = {.expect = smtp_expect,
                                            .room = smtp_room,
                                            .put = smtp_put,
                                            .wait = smtp_wait,
                                            .check = smtp_check,
                                            .rest = smtp_rest,
                                            .free = smtp_free};

struct outgoing *
smtp_new(const struct server_url *url, const struct outgoing_config *config)
{
    struct smtp *s = g_new0(struct smtp, 1);

    s->base = smtp_driver;
    s->url = *url;
    s->url.user = g_strdup(url->user);
    s->url.host = g_strdup(url->host);
    s->password = g_strdup(config->password);
    s->tls_ca = g_strdup(config->tls_ca);
    s->config = (struct wire_config){
        .url = &s->url,
        .password = s->password,
        .tls_ca = s->tls_ca,
        .tls_none = config->tls_none,
        .timeout = config->timeout ? config->timeout : TIMEOUT_DEFAULT,
        .stop_fd = config->stop_fd};
    s->count = CLAMP(config->connections, 1, WIRE_MOST);
    s->wanted = 1;
    s->allowed = s->count;
    s->sessions = g_new0(struct smtp_session, s->count);
    s->again = g_new0(gboolean, s->count);
    for (guint i = 0; i < s->count; i++)
        session_init(&s->sessions[i], s->url.host);
    return &s->base;
}
