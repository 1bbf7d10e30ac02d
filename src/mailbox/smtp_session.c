/* smtp_session.c - see smtp_session.h.
 *
 * libcurl connects, says EHLO, does STARTTLS and AUTH; the transactions are
 * ours, for two reasons: what became of a mail must be known exactly (sent,
 * refused, or its answer lost), and with PIPELINING (RFC 2920) a mail costs
 * two round trips instead of four. */
#include "mailbox/smtp_session.h"

#include "base/step.h"

#include <string.h>

/* The answer to a whole mail may take longer than one to a command
 * (RFC 5321, 4.5.3.2.6): by this factor. */
enum { PATIENCE = 5, SENTENCE_BYTES = 2000, FRESH = G_USEC_PER_SEC };

enum stage { STAGE_MAIL, STAGE_RCPT, STAGE_DATA, STAGE_END };

struct reply {
    int code; /* 0: not a reply of SMTP */
    char *text;
};

static void
reply_clear(struct reply *r)
{
    g_clear_pointer(&r->text, g_free);
}

typedef struct reply reply;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(reply, reply_clear)

static void
hang_up(struct smtp_session *s)
{
    g_clear_pointer(&s->wire, wire_close);
    s->phase = SMTP_AWAY;
}

/* ---- replies ---- */

/* The three digits of a reply; 0 when the line is none. */
static int
code_of(const char *line)
{
    for (int i = 0; i < 3; i++)
        if (!g_ascii_isdigit(line[i]))
            return 0;
    if (line[3] && !strchr(" -", line[3]))
        return 0;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

/* Lines "250-..." and the last "250 ...", as one sentence.  out->text stays
 * NULL while the last line has not come. */
static enum st
hear(struct smtp_session *s, struct reply *out, struct err *e)
{
    gboolean whole = FALSE;
    enum st st;

    while ((st = wire_try_line(s->wire, s->line, &whole, e)) == ST_OK &&
           whole) {
        int code = code_of(s->line->str);
        gboolean is_last = !code || s->line->str[3] != '-';

        if (s->reply->len < SENTENCE_BYTES)
            g_string_append_printf(s->reply, "%s%s", s->reply->len ? " " : "",
                                   s->line->str +
                                       (code && s->reply->len ? 4 : 0));
        g_string_truncate(s->line, 0);
        if (!is_last)
            continue;
        out->code = code;
        out->text = wire_sentence(s->reply->str);
        g_string_truncate(s->reply, 0);
        s->heard_last = g_get_monotonic_time();
        return ST_OK;
    }
    return st;
}

static gboolean
is_agreed(const struct reply *r, enum stage stage)
{
    return r->code / 100 == (stage == STAGE_DATA ? 3 : 2);
}

/* Servers of QQ, 163 and Exchange want the own address as sender, and say
 * so at whatever point they look at it. */
static gboolean
blames_sender(const struct reply *r, enum stage stage)
{
    g_autofree char *low = g_ascii_strdown(r->text, -1);

    return (stage == STAGE_MAIL && r->code != 552) ||
           strstr(low, "mail from") || strstr(low, "sender") ||
           strstr(low, "send as");
}

/* What a refusal means for the mail; also for the connection. */
static enum sent
judge(struct smtp_session *s, const struct reply *r, enum stage stage)
{
    gboolean is_login =
        r->code == 530 || r->code == 534 || r->code == 535 || r->code == 538;

    err_set(&s->err, ST_RETRY, is_login ? EXIT_LOGIN_REFUSED : EXIT_UNAVAILABLE,
            "%s says: %s", s->host, r->text);
    if (r->code == 421 || r->code / 100 < 4 || r->code / 100 > 5)
        hang_up(s);
    if (r->code / 100 != 5)
        return stage == STAGE_END && r->code / 100 != 4 ? SENT_UNCERTAIN
                                                        : SENT_LATER;
    if (is_login) {
        hang_up(s);
        return SENT_LATER;
    }
    return !*s->parcel->from && blames_sender(r, stage)
               ? SENT_NULL_SENDER_REFUSED
               : SENT_NEVER;
}

/* ---- one mail ---- */

static enum stage
stage_of(const char *command)
{
    return *command == 'M'   ? STAGE_MAIL
           : *command == 'R' ? STAGE_RCPT
                             : STAGE_DATA;
}

/* With one recipient DATA goes with the rest: it is refused when he is.
 * With several it must wait, or those who were not refused would get it. */
static guint
may_have_said(const struct smtp_session *s)
{
    guint all = s->commands->len, one_recipient = 3;

    if (!(s->extensions & EXT_PIPELINING))
        return s->heard + 1;
    return all > one_recipient && s->heard < all - 1 ? all - 1 : all;
}

static void
say_commands(struct smtp_session *s)
{
    for (; s->said < may_have_said(s); s->said++) {
        const char *command = g_ptr_array_index(s->commands, s->said);

        wire_put(s->wire, command, strlen(command));
    }
}

static void
say_text(struct smtp_session *s)
{
    wire_put(s->wire, s->text->str, s->text->len);
    g_string_free(g_steal_pointer(&s->text), TRUE);
    s->phase = SMTP_TEXT;
    s->is_out = FALSE;
}

/* After a refusal the server still has half an envelope in mind. */
static void
start_over(struct smtp_session *s)
{
    wire_put(s->wire, "RSET\r\n", 6);
    s->phase = SMTP_RESET;
}

/* A server that wants data although it has refused cannot be talked to any
 * more.  One that says 421 has seen nothing of the text. */
static enum smtp_progress
envelope_answered(struct smtp_session *s, const struct reply *r)
{
    enum stage stage = stage_of(g_ptr_array_index(s->commands, s->heard++));

    if (s->sent == SENT_OK && !is_agreed(r, stage))
        s->sent = judge(s, r, stage);
    else if (s->sent != SENT_OK && stage == STAGE_DATA && is_agreed(r, stage))
        hang_up(s);
    if (!s->wire)
        return r->code == 421 ? SMTP_LOST : SMTP_ANSWERED;
    if (s->sent != SENT_OK && s->heard == s->said)
        start_over(s);
    else if (s->heard == s->commands->len)
        say_text(s);
    else if (s->sent == SENT_OK)
        say_commands(s);
    return SMTP_WAITING;
}

static void
be_ready(struct smtp_session *s)
{
    wire_set_timeout(s->wire, s->timeout);
    s->phase = SMTP_READY;
    s->served = TRUE;
}

/* A server that answers before it has heard the end is out of step. */
static enum smtp_progress
text_answered(struct smtp_session *s, const struct reply *r)
{
    enum stage stage = s->is_out ? STAGE_END : STAGE_DATA;

    if (!is_agreed(r, stage) || !s->is_out)
        s->sent = judge(s, r, stage);
    if (s->wire && !s->is_out)
        hang_up(s);
    step("smtp-answered");
    if (s->wire)
        be_ready(s);
    return SMTP_ANSWERED;
}

static enum smtp_progress
reset_answered(struct smtp_session *s, const struct reply *r)
{
    if (r->code != 250)
        hang_up(s);
    else
        be_ready(s);
    return SMTP_ANSWERED;
}

static enum smtp_progress
answered(struct smtp_session *s, const struct reply *r)
{
    switch (s->phase) {
    case SMTP_ENVELOPE:
        return envelope_answered(s, r);
    case SMTP_TEXT:
        return text_answered(s, r);
    case SMTP_RESET:
        return reset_answered(s, r);
    case SMTP_AWAY:
    case SMTP_CONNECTING:
    case SMTP_READY:
        break;
    }
    g_assert_not_reached();
}

/* The last byte may have left: until the answer is here nobody knows whether
 * the server has the mail. */
static void
note_if_out(struct smtp_session *s)
{
    if (s->phase != SMTP_TEXT || s->is_out || !wire_flushed(s->wire))
        return;
    s->is_out = TRUE;
    step("smtp-data");
    wire_set_timeout(s->wire, s->timeout * PATIENCE);
}

static enum smtp_progress
line_broken(struct smtp_session *s, const struct err *why)
{
    enum smtp_phase phase = s->phase;

    hang_up(s);
    if (phase == SMTP_RESET)
        return SMTP_ANSWERED; /* what it said of the mail holds */
    s->err = *why;
    if (phase != SMTP_TEXT || !s->is_out)
        return SMTP_LOST;
    s->sent = SENT_UNCERTAIN;
    return SMTP_ANSWERED;
}

static enum smtp_progress
talk(struct smtp_session *s)
{
    for (;;) {
        enum smtp_progress progress;
        g_auto(reply) r = {0};
        struct err why;
        enum st st = wire_flush(s->wire, &why);

        note_if_out(s);
        if (st == ST_OK)
            st = hear(s, &r, &why);
        if (st != ST_OK)
            return line_broken(s, &why);
        if (!r.text)
            return SMTP_WAITING;
        progress = answered(s, &r);
        if (progress != SMTP_WAITING)
            return progress;
    }
}

/* ---- the connection ---- */

static void
now_open(struct smtp_session *s)
{
    s->extensions = smtp_extensions(wire_greeting(s->wire));
    s->heard_last = g_get_monotonic_time();
    s->phase = SMTP_READY;
}

static enum smtp_progress
connecting(struct smtp_session *s)
{
    gboolean open = FALSE;

    if (wire_connect(s->wire, &open, &s->err) != ST_OK) {
        hang_up(s);
        return SMTP_LOST;
    }
    if (!open)
        return SMTP_WAITING;
    now_open(s);
    return SMTP_GOT_OPEN;
}

void
session_init(struct smtp_session *s, const char *host)
{
    s->host = host;
    s->line = g_string_new(NULL);
    s->reply = g_string_new(NULL);
}

void
session_clear(struct smtp_session *s)
{
    session_leave(s);
    g_string_free(s->line, TRUE);
    g_string_free(s->reply, TRUE);
}

static void
begin_anew(struct smtp_session *s, const struct wire_config *config)
{
    s->timeout = config->timeout;
    s->served = FALSE;
    g_string_truncate(s->line, 0);
    g_string_truncate(s->reply, 0);
}

void
session_connect(struct smtp_session *s, const struct wire_config *config)
{
    begin_anew(s, config);
    s->wire = wire_start(config);
    s->phase = SMTP_CONNECTING;
}

enum st
session_open(struct smtp_session *s, const struct wire_config *config,
             struct err *e)
{
    enum st st = wire_open(config, &s->wire, e);

    begin_anew(s, config);
    if (st == ST_OK)
        now_open(s);
    return st;
}

void
session_take(struct smtp_session *s, const struct parcel *parcel)
{
    s->parcel = parcel;
    s->sent = SENT_OK;
    s->err.status = EXIT_DONE;
    *s->err.text = '\0';
    s->text = smtp_mail_text(parcel);
    s->commands = smtp_mail_commands(parcel, s->extensions, s->text->len);
    s->said = s->heard = 0;
    s->phase = SMTP_ENVELOPE;
    say_commands(s);
}

void
session_put_down(struct smtp_session *s)
{
    s->parcel = NULL;
    if (s->text)
        g_string_free(g_steal_pointer(&s->text), TRUE);
    g_clear_pointer(&s->commands, g_ptr_array_unref);
}

enum smtp_progress
session_go_on(struct smtp_session *s)
{
    return s->phase == SMTP_CONNECTING ? connecting(s) : talk(s);
}

void
session_drop_if_stale(struct smtp_session *s)
{
    gint64 age = g_get_monotonic_time() - s->heard_last;

    if (s->phase == SMTP_READY && age > FRESH &&
        wire_wait(s->wire, 0, -1) != WIRE_QUIET)
        hang_up(s);
}

void
session_leave(struct smtp_session *s)
{
    struct err ignored;

    session_put_down(s);
    if (s->phase == SMTP_READY) {
        wire_put(s->wire, "QUIT\r\n", 6);
        wire_flush(s->wire, &ignored);
    }
    hang_up(s);
}
