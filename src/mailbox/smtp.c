/* smtp.c - mail out by SMTP.
 *
 * libcurl connects, says EHLO, does STARTTLS and AUTH; the transactions are
 * ours, for two reasons: what became of a mail must be known exactly (sent,
 * refused, or its answer lost), and with PIPELINING a mail costs two round
 * trips instead of four.  The connection is kept for the next mail. */
#include "mailbox/driver.h"

#include "base/step.h"
#include "mailbox/wire.h"

#include <string.h>

enum extension {
    EXT_PIPELINING = 1 << 0,
    EXT_SIZE = 1 << 1,
    EXT_8BITMIME = 1 << 2,
    EXT_SMTPUTF8 = 1 << 3
};

/* The answer to a whole mail may take longer than one to a command
 * (RFC 5321, 4.5.3.2.6): by this factor. */
enum { PATIENCE = 5, SENTENCE_BYTES = 2000 };

struct smtp {
    struct outgoing base;
    struct server_url url;
    char *password, *tls_ca;
    gboolean tls_none;
    unsigned timeout;
    const int *stop_fd;
    struct wire *wire; /* or NULL */
    unsigned extensions;
};

struct envelope {
    const char *from;
    const char *const *recipients;
    gboolean needs_utf8, is_8bit;
    size_t size;
};

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

static void
hang_up(struct smtp *s)
{
    g_clear_pointer(&s->wire, wire_close);
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

/* Lines "250-..." and the last "250 ...", as one sentence. */
static enum st
read_reply(struct smtp *s, struct reply *out, struct err *e)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_autoptr(GString) all = g_string_new(NULL);
    int code = 0;

    do {
        enum st st;

        g_string_truncate(line, 0);
        st = wire_read_line(s->wire, line, e);
        if (st != ST_OK)
            return st;
        code = code_of(line->str);
        if (all->len < SENTENCE_BYTES)
            g_string_append_printf(all, "%s%s", all->len ? " " : "",
                                   code && all->len ? line->str + 4
                                                    : line->str);
    } while (code && line->str[3] == '-');
    out->code = code;
    out->text = wire_sentence(all->str);
    return ST_OK;
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

static enum sent
judge(struct smtp *s, const struct reply *r, enum stage stage, const char *from,
      struct err *e)
{
    gboolean is_login =
        r->code == 530 || r->code == 534 || r->code == 535 || r->code == 538;

    err_set(e, ST_RETRY, is_login ? EXIT_LOGIN_REFUSED : EXIT_UNAVAILABLE,
            "%s says: %s", s->url.host, r->text);
    if (r->code == 421 || r->code / 100 < 4 || r->code / 100 > 5)
        hang_up(s);
    if (r->code / 100 != 5)
        return stage == STAGE_END && r->code / 100 != 4 ? SENT_UNCERTAIN
                                                        : SENT_LATER;
    if (is_login) {
        hang_up(s);
        return SENT_LATER;
    }
    return !*from && blames_sender(r, stage) ? SENT_NULL_SENDER_REFUSED
                                             : SENT_NEVER;
}

/* ---- connecting ---- */

/* What EHLO has told libcurl; after STARTTLS (220) it was told anew. */
static unsigned
read_extensions(const char *greeting)
{
    static const struct {
        const char *name;
        enum extension bit;
    } known[] = {{"PIPELINING", EXT_PIPELINING},
                 {"SIZE", EXT_SIZE},
                 {"8BITMIME", EXT_8BITMIME},
                 {"SMTPUTF8", EXT_SMTPUTF8}};
    g_auto(GStrv) lines = g_strsplit(greeting, "\n", -1);
    unsigned found = 0;

    for (char **p = lines; *p; p++) {
        if (strncmp(*p, "220", 3) == 0)
            found = 0;
        if (strncmp(*p, "250", 3) != 0 || strlen(*p) < 5)
            continue;
        (*p)[4 + strcspn(*p + 4, " \r")] = '\0';
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
            if (g_ascii_strcasecmp(*p + 4, known[i].name) == 0)
                found |= known[i].bit;
    }
    return found;
}

static enum st
connect_to(struct smtp *s, struct err *e)
{
    struct wire_config config = {.url = &s->url,
                                 .password = s->password,
                                 .tls_ca = s->tls_ca,
                                 .tls_none = s->tls_none,
                                 .timeout = s->timeout,
                                 .stop_fd = s->stop_fd};
    enum st st = wire_open(&config, &s->wire, e);

    if (st == ST_OK)
        s->extensions = read_extensions(wire_greeting(s->wire));
    return st;
}

/* A server that has something to say unasked says goodbye. */
static void
drop_if_stale(struct smtp *s)
{
    if (s->wire && wire_wait(s->wire, 0, -1) != WIRE_QUIET)
        hang_up(s);
}

/* ---- one mail ---- */

static gboolean
has_8bit(const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((guchar)data[i] >= 0x80)
            return TRUE;
    return FALSE;
}

/* Lines end in CR LF whatever they ended in (a lone LF may be the end of a
 * mail to one server and not to the next), dots are doubled, and the line
 * that ends it all is there. */
static GString *
on_the_wire(const char *data, size_t len)
{
    GString *out = g_string_sized_new(len + len / 50 + 8);
    const char *p = data, *end = data + len;

    while (p < end) {
        const char *stop = p;

        while (stop < end && *stop != '\r' && *stop != '\n')
            stop++;
        if (*p == '.')
            g_string_append_c(out, '.');
        g_string_append_len(out, p, stop - p);
        g_string_append(out, "\r\n");
        if (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n')
            stop++;
        p = stop < end ? stop + 1 : end;
    }
    g_string_append(out, ".\r\n");
    return out;
}

static char *
mail_command(const struct smtp *s, const struct envelope *env)
{
    GString *out = g_string_new(NULL);

    g_string_printf(out, "MAIL FROM:<%s>", env->from);
    if (s->extensions & EXT_SIZE)
        g_string_append_printf(out, " SIZE=%zu", env->size);
    if (env->is_8bit && (s->extensions & EXT_8BITMIME))
        g_string_append(out, " BODY=8BITMIME");
    if (env->needs_utf8)
        g_string_append(out, " SMTPUTF8");
    g_string_append(out, "\r\n");
    return g_string_free(out, FALSE);
}

/* With one recipient DATA goes with the rest: it is refused when he is.
 * With several it must wait, or those who were not refused would get it. */
static GPtrArray *
envelope_commands(const struct smtp *s, const struct envelope *env)
{
    GPtrArray *commands = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(commands, mail_command(s, env));
    for (const char *const *p = env->recipients; *p; p++)
        g_ptr_array_add(commands, g_strdup_printf("RCPT TO:<%s>\r\n", *p));
    if (!env->recipients[0] || !env->recipients[1])
        g_ptr_array_add(commands, g_strdup("DATA\r\n"));
    return commands;
}

static enum st
send_all(struct smtp *s, const GPtrArray *commands, struct err *e)
{
    g_autoptr(GString) all = g_string_new(NULL);

    for (guint i = 0; i < commands->len; i++)
        g_string_append(all, g_ptr_array_index(commands, i));
    return wire_send(s->wire, all->str, all->len, e);
}

static enum stage
stage_of(const char *command)
{
    return *command == 'M'   ? STAGE_MAIL
           : *command == 'R' ? STAGE_RCPT
                             : STAGE_DATA;
}

/* Say the commands and hear the answers.  *sent_out becomes what the first
 * refusal means.  A server that wants data although it has refused cannot
 * be talked to any more. */
static enum st
negotiate(struct smtp *s, const struct envelope *env, const GPtrArray *commands,
          enum sent *sent_out, struct err *e)
{
    gboolean at_once = (s->extensions & EXT_PIPELINING) != 0;
    enum st st = at_once ? send_all(s, commands, e) : ST_OK;
    enum sent sent = SENT_OK;

    for (guint i = 0; i < commands->len && st == ST_OK && s->wire; i++) {
        const char *command = g_ptr_array_index(commands, i);
        enum stage stage = stage_of(command);
        struct reply reply = {0};

        if (!at_once)
            st = wire_send(s->wire, command, strlen(command), e);
        if (st == ST_OK)
            st = read_reply(s, &reply, e);
        if (st == ST_OK && sent == SENT_OK && !is_agreed(&reply, stage))
            sent = judge(s, &reply, stage, env->from, e);
        else if (st == ST_OK && sent != SENT_OK && stage == STAGE_DATA &&
                 is_agreed(&reply, stage))
            hang_up(s);
        reply_clear(&reply);
        if (sent != SENT_OK && !at_once)
            break;
    }
    *sent_out = sent;
    return st;
}

static enum st
ask_data(struct smtp *s, const struct envelope *env, enum sent *sent_out,
         struct err *e)
{
    g_autoptr(GPtrArray) data = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(data, g_strdup("DATA\r\n"));
    return negotiate(s, env, data, sent_out, e);
}

/* From the moment the last byte may have left until the answer is here,
 * nobody knows whether the server has the mail. */
static enum sent
send_text(struct smtp *s, const struct envelope *env, const GString *text,
          struct err *e)
{
    struct reply reply = {0};
    enum sent sent = SENT_OK;
    enum st st;

    if (wire_send(s->wire, text->str, text->len, e) != ST_OK) {
        hang_up(s);
        return SENT_LATER; /* the end was not among what was sent */
    }
    step("smtp-data");
    wire_set_timeout(s->wire, s->timeout * PATIENCE);
    st = read_reply(s, &reply, e);
    if (st != ST_OK) {
        hang_up(s);
        return SENT_UNCERTAIN;
    }
    wire_set_timeout(s->wire, s->timeout);
    if (!is_agreed(&reply, STAGE_END))
        sent = judge(s, &reply, STAGE_END, env->from, e);
    step("smtp-answered");
    reply_clear(&reply);
    return sent;
}

/* After a refusal the server still has half an envelope in mind. */
static void
start_over(struct smtp *s)
{
    struct err ignored = ERR_INIT;
    struct reply reply = {0};

    if (!s->wire)
        return;
    if (wire_send(s->wire, "RSET\r\n", 6, &ignored) != ST_OK ||
        read_reply(s, &reply, &ignored) != ST_OK || reply.code != 250)
        hang_up(s);
    reply_clear(&reply);
}

/* *lost_out: the connection failed before the text was sent. */
static enum sent
transact(struct smtp *s, const struct envelope *env, const GString *text,
         gboolean *lost_out, struct err *e)
{
    g_autoptr(GPtrArray) commands = envelope_commands(s, env);
    gboolean asked =
        stage_of(g_ptr_array_index(commands, commands->len - 1)) == STAGE_DATA;
    enum sent sent;
    enum st st = negotiate(s, env, commands, &sent, e);

    if (st == ST_OK && sent == SENT_OK && !asked)
        st = ask_data(s, env, &sent, e);
    *lost_out = st != ST_OK;
    if (st != ST_OK) {
        hang_up(s);
        return SENT_LATER;
    }
    if (sent == SENT_OK)
        return send_text(s, env, text, e);
    start_over(s);
    return sent;
}

/* The grammar was checked where the addresses came in; a line feed that got
 * past would be a command of its own here, so it is checked again. */
static gboolean
envelope_is_sound(const struct envelope *env)
{
    if (*env->from && !address_valid(env->from))
        return FALSE;
    for (const char *const *p = env->recipients; *p; p++)
        if (!address_valid(*p))
            return FALSE;
    return env->recipients[0] != NULL;
}

static gboolean
envelope_needs_utf8(const struct envelope *env)
{
    gboolean needs = has_8bit(env->from, strlen(env->from));

    for (const char *const *p = env->recipients; *p; p++)
        needs |= has_8bit(*p, strlen(*p));
    return needs;
}

static enum sent
deliver(struct smtp *s, const struct envelope *env, const GString *text,
        struct err *e)
{
    gboolean reused, lost = FALSE;
    enum sent sent;

    drop_if_stale(s);
    reused = s->wire != NULL;
    if (!reused && connect_to(s, e) != ST_OK)
        return SENT_LATER;
    if (env->needs_utf8 && !(s->extensions & EXT_SMTPUTF8)) {
        err_set(e, ST_REJECT, EXIT_UNAVAILABLE,
                "%s takes no addresses in other than ASCII letters",
                s->url.host);
        return SENT_NEVER;
    }
    sent = transact(s, env, text, &lost, e);
    if (!lost || !reused)
        return sent;
    /* kept too long: the same on a new connection */
    return connect_to(s, e) == ST_OK ? transact(s, env, text, &lost, e)
                                     : SENT_LATER;
}

static enum sent
smtp_send(struct outgoing *o, const char *from, const char *const *recipients,
          const char *data, size_t len, const char *unique, struct err *e)
{
    struct envelope env = {.from = from, .recipients = recipients};
    g_autoptr(GString) text = NULL;

    (void)unique;
    if (!envelope_is_sound(&env)) {
        err_set(e, ST_REJECT, EXIT_BAD_DATA,
                "an address of the envelope is not one");
        return SENT_NEVER;
    }
    env.needs_utf8 = envelope_needs_utf8(&env);
    env.is_8bit = has_8bit(data, len);
    text = on_the_wire(data, len);
    env.size = text->len;
    return deliver((struct smtp *)o, &env, text, e);
}

/* ---- the rest ---- */

static void
smtp_rest(struct outgoing *o)
{
    struct smtp *s = (struct smtp *)o;
    struct err ignored = ERR_INIT;

    if (s->wire)
        wire_send(s->wire, "QUIT\r\n", 6, &ignored);
    hang_up(s);
}

static enum st
smtp_check(struct outgoing *o, struct err *e)
{
    struct smtp *s = (struct smtp *)o;

    drop_if_stale(s);
    return s->wire ? ST_OK : connect_to(s, e);
}

static void
smtp_free(struct outgoing *o)
{
    struct smtp *s = (struct smtp *)o;

    smtp_rest(o);
    server_url_clear(&s->url);
    if (s->password)
        explicit_bzero(s->password, strlen(s->password));
    g_free(s->password);
    g_free(s->tls_ca);
    g_free(s);
}

struct outgoing *
smtp_new(const struct server_url *url, const struct outgoing_config *config)
{
    struct smtp *s = g_new0(struct smtp, 1);

    s->base.send = smtp_send;
    s->base.check = smtp_check;
    s->base.rest = smtp_rest;
    s->base.free = smtp_free;
    s->url = *url;
    s->url.user = g_strdup(url->user);
    s->url.host = g_strdup(url->host);
    s->password = g_strdup(config->password);
    s->tls_ca = g_strdup(config->tls_ca);
    s->tls_none = config->tls_none;
    s->stop_fd = config->stop_fd;
    s->timeout = config->timeout ? config->timeout : TIMEOUT_DEFAULT;
    return &s->base;
}
