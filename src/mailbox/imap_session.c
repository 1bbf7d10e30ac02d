/* imap_session.c - see imap_session.h. */
#include "mailbox/imap_session.h"

#include "base/text.h"

#include <stdarg.h>
#include <string.h>

enum {
    SMALL_LITERAL = 65536,
    LITERALS_PER_LINE = 16,
    COMMAND_CHARS = 40, /* of a command, in a sentence about it */
    FAREWELL_SECONDS = 2
};

struct imap_session {
    struct wire *wire;
    enum imap_state state;
    unsigned last_tag;
    GHashTable *unanswered; /* tag -> struct imap_answer, or NULL until heard */
    struct imap_facts facts;
    char *farewell; /* what BYE said */

    /* the logical line that was read last, and what it means */
    GString *line;
    GPtrArray *literals; /* of GByteArray, only those of this line */
    unsigned cut;        /* bit n: literal n was longer than the limit */
    size_t literal_limit;
    struct imap_response response;
};

static const char *const state_names[] = {
    [IMAP_AUTHENTICATED] = "authenticated",
    [IMAP_SELECTED] = "selected",
    [IMAP_ELSEWHERE] = "elsewhere",
    [IMAP_IDLING] = "idling",
    [IMAP_BROKEN] = "broken",
};

const char *
imap_state_name(enum imap_state state)
{
    return state_names[state];
}

enum imap_state
imap_state(const struct imap_session *s)
{
    return s->state;
}

void
imap_set_state(struct imap_session *s, enum imap_state to)
{
    if (s->state != IMAP_BROKEN)
        s->state = to;
}

struct imap_facts *
imap_facts(struct imap_session *s)
{
    return &s->facts;
}

void
imap_answer_clear(struct imap_answer *answer)
{
    g_clear_pointer(&answer->text, g_free);
}

/* After a failure nobody knows what is still on the wire. */
static enum st
broke(struct imap_session *s, enum st st, struct err *e)
{
    err_prefix(e, "IMAP session (%s)", imap_state_name(s->state));
    if (s->farewell)
        err_prefix(e, "the server said goodbye: %s", s->farewell);
    imap_set_state(s, IMAP_BROKEN);
    return st;
}

static enum st
nonsense(struct imap_session *s, struct err *e, const char *what)
{
    return broke(s,
                 err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                         "the server's answer is not understood: %s", what),
                 e);
}

/* ---- reading ---- */

static void
drop_bytes(gpointer p)
{
    g_byte_array_unref(p);
}

/* One literal, as far as the limit, the rest passed over.  All its room is
 * taken at once, so that it never moves: a mail may be secret, and would leave
 * copies behind.  Memory is used for what came, not for what was announced:
 * pages that nobody has written to cost nothing. */
static enum st
read_literal(struct imap_session *s, guint32 size, struct err *e)
{
    GByteArray *bytes =
        g_byte_array_sized_new((guint)MIN(size, s->literal_limit));
    size_t left = size;
    guint8 skipped[4096];
    enum st st = ST_OK;

    if (left > s->literal_limit)
        s->cut |= 1u << s->literals->len;
    g_ptr_array_add(s->literals, bytes);
    while (st == ST_OK && left > 0) {
        size_t room = s->literal_limit - bytes->len;
        size_t n = MIN(left, room ? MIN(room, WIRE_CHUNK) : sizeof skipped);
        guint8 *to = skipped;

        if (room > 0) {
            g_byte_array_set_size(bytes, bytes->len + (guint)n);
            to = bytes->data + bytes->len - n;
        }
        st = wire_read(s->wire, to, n, e);
        left -= n;
    }
    if (size > s->literal_limit)
        explicit_bzero(skipped, sizeof skipped);
    return st;
}

/* A line, and as long as it ends in a literal, that and the line after. */
static enum st
read_line(struct imap_session *s, struct err *e)
{
    guint32 size;

    g_string_truncate(s->line, 0);
    g_ptr_array_set_size(s->literals, 0);
    s->cut = 0;
    for (;;) {
        enum st st = wire_read_line(s->wire, s->line, e);

        if (st != ST_OK)
            return broke(s, st, e);
        if (!imap_announces_literal(s->line->str, s->line->len, &size))
            return ST_OK;
        if (s->literals->len == LITERALS_PER_LINE)
            return nonsense(s, e, "too many literals in a line");
        st = read_literal(s, size, e);
        if (st != ST_OK)
            return broke(s, st, e);
    }
}

/* What a response says about the mailbox that is selected. */
static void
learn(struct imap_session *s)
{
    const struct imap_response *r = &s->response;
    struct imap_facts *facts = &s->facts;

    if (r->kind == IMAP_CAPABILITY || r->code == IMAP_CODE_CAPABILITY) {
        facts->capabilities = r->capabilities;
        facts->capabilities_known = TRUE;
    }
    if (s->state == IMAP_ELSEWHERE)
        return; /* numbers of another folder */
    if (r->code == IMAP_CODE_UIDVALIDITY)
        facts->validity = r->number;
    else if (r->code == IMAP_CODE_UIDNEXT)
        facts->uidnext = r->number;
    else if (r->kind == IMAP_EXPUNGE && facts->exists > 0)
        facts->exists--;
    if (r->kind == IMAP_EXISTS) {
        facts->news |= r->number > facts->exists;
        facts->exists = r->number;
    }
}

/* Read one response of any kind into s->response. */
static enum st
read_response(struct imap_session *s, struct err *e)
{
    enum st st = read_line(s, e);
    struct imap_line line;

    if (st != ST_OK)
        return st;
    line.text = s->line->str;
    line.len = s->line->len;
    line.literals = s->literals;
    if (!imap_parse(&line, &s->response)) {
        g_autofree char *sentence = wire_sentence(s->line->str);

        return nonsense(s, e, sentence);
    }
    learn(s);
    if (s->response.kind == IMAP_CONDITION && s->response.status == IMAP_BYE &&
        !s->farewell)
        s->farewell = wire_sentence(s->response.text);
    return ST_OK;
}

gboolean
imap_was_cut(const struct imap_session *s, guint literal)
{
    return (s->cut >> literal & 1u) != 0;
}

void
imap_set_literal_limit(struct imap_session *s, size_t bytes)
{
    s->literal_limit = bytes;
}

/* ---- commands ---- */

static enum st
still_there(const struct imap_session *s, struct err *e)
{
    if (s && s->state != IMAP_BROKEN)
        return ST_OK;
    return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                   "the connection to the mailbox is lost");
}

static enum st
send_command(struct imap_session *s, const char *command, unsigned *tag_out,
             struct err *e)
{
    g_autofree char *line = NULL;
    enum st st = still_there(s, e);

    if (st != ST_OK)
        return st;
    /* libcurl's own tags are A001 and so on */
    line = g_strdup_printf("b%u %s\r\n", ++s->last_tag, command);
    st = wire_send(s->wire, line, strlen(line), e);
    if (st != ST_OK)
        return broke(s, st, e);
    g_hash_table_insert(s->unanswered, GUINT_TO_POINTER(s->last_tag), NULL);
    *tag_out = s->last_tag;
    return ST_OK;
}

enum st
imap_send(struct imap_session *s, unsigned *tag_out, struct err *e,
          const char *format, ...)
{
    g_autofree char *command = NULL;
    va_list args;

    va_start(args, format);
    command = g_strdup_vprintf(format, args);
    va_end(args);
    return send_command(s, command, tag_out, e);
}

static void
answer_free(gpointer p)
{
    if (p)
        imap_answer_clear(p);
    g_free(p);
}

/* The number of a tag that waits for its answer; 0 when it is none. */
static unsigned
tag_number(const struct imap_session *s, const char *tag)
{
    guint64 n;

    if (tag[0] != 'b' ||
        !g_ascii_string_to_unsigned(tag + 1, 10, 1, s->last_tag, &n, NULL))
        return 0;
    if (!g_hash_table_contains(s->unanswered, GUINT_TO_POINTER((guint)n)) ||
        g_hash_table_lookup(s->unanswered, GUINT_TO_POINTER((guint)n)))
        return 0;
    return (unsigned)n;
}

/* Servers may work on several commands at once (Dovecot does while it waits
 * for the network) and end them in any order: an answer is kept until it is
 * asked for. */
static enum st
keep_answer(struct imap_session *s, struct err *e)
{
    unsigned tag = tag_number(s, s->response.tag);
    struct imap_answer *answer;

    if (tag == 0)
        return nonsense(s, e, "an answer to nothing that was asked");
    answer = g_new0(struct imap_answer, 1);
    answer->status = s->response.status;
    answer->code = s->response.code;
    answer->text = wire_sentence(s->response.text);
    g_hash_table_insert(s->unanswered, GUINT_TO_POINTER(tag), answer);
    return ST_OK;
}

/* The answer, if it has been heard. */
static gboolean
take_answer(struct imap_session *s, unsigned tag,
            struct imap_answer *answer_out)
{
    struct imap_answer *answer =
        g_hash_table_lookup(s->unanswered, GUINT_TO_POINTER(tag));

    if (!answer)
        return FALSE;
    *answer_out = *answer;
    answer->text = NULL;
    g_hash_table_remove(s->unanswered, GUINT_TO_POINTER(tag));
    return TRUE;
}

static enum st
read_for(struct imap_session *s, imap_untagged_fn fn, void *user, struct err *e)
{
    enum st st = read_response(s, e);

    if (st != ST_OK)
        return st;
    if (s->response.kind == IMAP_TAGGED)
        return keep_answer(s, e);
    if (fn)
        st = fn(&s->response, s->literals, user, e);
    if (st != ST_OK)
        imap_set_state(s, IMAP_BROKEN);
    return st;
}

enum st
imap_await(struct imap_session *s, unsigned tag, imap_untagged_fn fn,
           void *user, struct imap_answer *answer_out, struct err *e)
{
    enum st st = still_there(s, e);

    while (st == ST_OK && !take_answer(s, tag, answer_out))
        st = read_for(s, fn, user, e);
    return st;
}

enum st
imap_refused(const char *command, const struct imap_answer *answer,
             struct err *e)
{
    g_autofree char *what = text_cut(command, COMMAND_CHARS);

    return err_set(e, ST_RETRY, EXIT_UNAVAILABLE, "%s: the server says: %s",
                   what, answer->text);
}

enum st
imap_run(struct imap_session *s, imap_untagged_fn fn, void *user, struct err *e,
         const char *format, ...)
{
    struct imap_answer answer = {0};
    g_autofree char *command = NULL;
    va_list args;
    unsigned tag;
    enum st st;

    va_start(args, format);
    command = g_strdup_vprintf(format, args);
    va_end(args);
    st = send_command(s, command, &tag, e);
    if (st == ST_OK)
        st = imap_await(s, tag, fn, user, &answer, e);
    if (st == ST_OK && answer.status != IMAP_OK)
        st = imap_refused(command, &answer, e);
    imap_answer_clear(&answer);
    return st;
}

char *
imap_quote(const char *name)
{
    GString *out = g_string_new("\"");

    for (const char *p = name; *p; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

/* ---- idling ---- */

enum st
imap_idle_start(struct imap_session *s, unsigned *tag_out, gboolean *agreed_out,
                struct err *e)
{
    struct imap_answer answer = {0};
    enum st st = imap_send(s, tag_out, e, "IDLE");

    while (st == ST_OK) {
        if (take_answer(s, *tag_out, &answer)) {
            imap_answer_clear(&answer);
            *agreed_out = FALSE;
            return ST_OK;
        }
        st = read_for(s, NULL, NULL, e);
        if (st == ST_OK && s->response.kind == IMAP_CONTINUE) {
            imap_set_state(s, IMAP_IDLING);
            *agreed_out = TRUE;
            return ST_OK;
        }
    }
    return st;
}

enum st
imap_idle_end(struct imap_session *s, unsigned tag, struct err *e)
{
    struct imap_answer answer = {0};
    enum st st = still_there(s, e);

    if (st == ST_OK)
        st = wire_send(s->wire, "DONE\r\n", 6, e);
    if (st != ST_OK)
        return broke(s, st, e);
    imap_set_state(s, IMAP_SELECTED);
    st = imap_await(s, tag, NULL, NULL, &answer, e);
    imap_answer_clear(&answer);
    return st;
}

enum st
imap_listen(struct imap_session *s, gint64 us, int stop_fd,
            enum wire_event *event_out, struct err *e)
{
    gint64 until = g_get_monotonic_time() + us;
    enum st st = still_there(s, e);

    while (st == ST_OK) {
        gint64 left = MAX(until - g_get_monotonic_time(), 0);
        enum wire_event event =
            s->facts.news ? WIRE_READY : wire_wait(s->wire, left, stop_fd);

        if (event != WIRE_READY || s->facts.news) {
            *event_out = event;
            return ST_OK;
        }
        st = read_response(s, e);
    }
    return st;
}

/* ---- opening and closing ---- */

/* The capabilities among the lines that libcurl heard.  The list before
 * login is enough to know whether ID is offered; one given with the answer
 * to the login is what holds afterwards. */
static void
read_greeting(struct imap_session *s)
{
    g_auto(GStrv) lines = g_strsplit(wire_greeting(s->wire), "\n", -1);
    gboolean logged_in = FALSE;

    for (char **p = lines; *p; p++) {
        struct imap_line line = {.text = g_strchomp(*p)};

        line.len = strlen(line.text);
        if (!imap_parse(&line, &s->response))
            continue;
        learn(s);
        if (s->response.kind == IMAP_TAGGED)
            logged_in = s->response.code == IMAP_CODE_CAPABILITY;
    }
    s->facts.capabilities_known = logged_in;
    s->facts.news = FALSE;
    s->facts.exists = 0;
    s->facts.validity = s->facts.uidnext = 0;
}

enum st
imap_session_open(const struct wire_config *config, struct imap_session **out,
                  struct err *e)
{
    struct wire *wire = NULL;
    struct imap_session *s;
    enum st st = wire_open(config, &wire, e);

    if (st != ST_OK)
        return st;
    s = g_new0(struct imap_session, 1);
    s->wire = wire;
    s->state = IMAP_AUTHENTICATED;
    s->line = g_string_new(NULL);
    s->literals = g_ptr_array_new_with_free_func(drop_bytes);
    s->unanswered = g_hash_table_new_full(NULL, NULL, NULL, answer_free);
    s->literal_limit = SMALL_LITERAL;
    imap_response_init(&s->response);
    read_greeting(s);
    *out = s;
    return ST_OK;
}

void
imap_session_close(struct imap_session *s)
{
    struct err ignored = ERR_INIT;
    unsigned tag;

    if (!s)
        return;
    /* courtesy; nobody waits for the answer */
    wire_set_timeout(s->wire, FAREWELL_SECONDS);
    if (s->state == IMAP_IDLING)
        wire_send(s->wire, "DONE\r\n", 6, &ignored);
    if (s->state != IMAP_BROKEN)
        imap_send(s, &tag, &ignored, "LOGOUT");
    wire_close(s->wire);
    g_string_free(s->line, TRUE);
    g_ptr_array_unref(s->literals);
    g_hash_table_unref(s->unanswered);
    imap_response_clear(&s->response);
    g_free(s->farewell);
    g_free(s);
}
