/* wire.c - see wire.h.  How a connection is made: wire_connect.c. */
#include "mailbox/wire_parts.h"

#include "base/text.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

enum { SENTENCE_CHARS = 300 };

char *
wire_sentence(const char *text)
{
    g_autofree char *clean = text_clean(text, strlen(text));
    g_autofree char *line = text_line(clean);

    return text_cut(line, SENTENCE_CHARS);
}

enum st
wire_lost(struct wire *w, struct err *e, const char *what)
{
    return err_set(e, ST_RETRY, EXIT_UNAVAILABLE, "%s: %s", w->url->host, what);
}

gboolean
wire_told_to_stop(const int *stop_fd)
{
    struct pollfd p = {.fd = stop_fd ? *stop_fd : 0, .events = POLLIN};

    return p.fd > 0 && poll(&p, 1, 0) > 0;
}

void
wire_set_timeout(struct wire *w, unsigned seconds)
{
    w->timeout = (gint64)seconds * G_USEC_PER_SEC;
}

/* ---- talking ---- */

void
wire_start_timer(struct wire *w)
{
    w->deadline = g_get_monotonic_time() + w->timeout;
}

gint64
wire_time_left(const struct wire *w)
{
    gint64 until = w->give_up ? MIN(w->give_up, w->deadline) : w->deadline;

    return until - g_get_monotonic_time();
}

static void
start_grace(struct wire *w)
{
    w->give_up = g_get_monotonic_time() + WIRE_GRACE * G_USEC_PER_SEC;
}

/* Nothing can be done now: is it for too long already? */
static enum st
overdue(struct wire *w, struct err *e)
{
    if (wire_time_left(w) > 0)
        return ST_OK;
    return wire_lost(w, e,
                     w->give_up ? "told to stop, and it says nothing"
                                : "no answer in time");
}

/* Wait for the socket until the deadline of the step; told to stop, a server
 * that answers may end its sentence, and one that is silent is left. */
static enum st
wait_socket(struct wire *w, short events, struct err *e)
{
    for (;;) {
        gboolean told = w->give_up || !w->stop_fd || *w->stop_fd <= 0;
        struct pollfd fds[] = {
            {.fd = w->fd, .events = events},
            {.fd = told ? -1 : *w->stop_fd, .events = POLLIN}};
        enum st st = overdue(w, e);
        int n;

        if (st != ST_OK)
            return st;
        n = poll(fds, G_N_ELEMENTS(fds), (int)(wire_time_left(w) / 1000) + 1);
        if (n < 0 && errno != EINTR)
            return wire_lost(w, e, g_strerror(errno));
        if (n > 0 && fds[0].revents)
            return ST_OK;
        if (n > 0)
            start_grace(w);
    }
}

enum st
wire_send(struct wire *w, const char *data, size_t len, struct err *e)
{
    wire_start_timer(w);
    while (len > 0) {
        size_t n = 0;
        CURLcode code = curl_easy_send(w->curl, data, len, &n);
        enum st st = ST_OK;

        if (code == CURLE_AGAIN)
            st = wait_socket(w, POLLOUT, e);
        else if (code != CURLE_OK)
            st = wire_lost(w, e, curl_easy_strerror(code));
        else if (n > 0)
            wire_start_timer(w); /* large mails on slow lines are no silence */
        if (st != ST_OK)
            return st;
        data += n;
        len -= n;
    }
    return ST_OK;
}

/* Something, at least one byte.  Read until the library has nothing more
 * before the socket is asked: with TLS, bytes that are already decrypted
 * wait where poll() cannot see them. */
static enum st
receive(struct wire *w, void *to, size_t len, size_t *n_out, struct err *e)
{
    for (;;) {
        CURLcode code = curl_easy_recv(w->curl, to, len, n_out);
        enum st st;

        if (code == CURLE_OK && *n_out > 0)
            return ST_OK;
        if (code == CURLE_OK)
            return wire_lost(w, e, "the server closed the connection");
        if (code != CURLE_AGAIN)
            return wire_lost(w, e, curl_easy_strerror(code));
        st = wait_socket(w, POLLIN, e);
        if (st != ST_OK)
            return st;
    }
}

static enum st
fill(struct wire *w, struct err *e)
{
    size_t n = 0;
    enum st st;

    if (w->start < w->end)
        return ST_OK;
    st = receive(w, w->buffer, sizeof w->buffer, &n, e);
    if (st == ST_OK) {
        w->start = 0;
        w->end = n;
    }
    return st;
}

/* Append what the buffer has of a line; *whole_out: its end is there. */
static enum st
take_line(struct wire *w, GString *line, gboolean *whole_out, struct err *e)
{
    const char *from = w->buffer + w->start;
    const char *nl = memchr(from, '\n', w->end - w->start);
    size_t n = nl ? (size_t)(nl - from) + 1 : w->end - w->start;

    if (line->len + n > WIRE_LINE_LIMIT)
        return wire_lost(w, e, "the server sent a line without end");
    g_string_append_len(line, from, (gssize)n);
    w->start += n;
    *whole_out = nl != NULL;
    if (nl)
        g_string_truncate(line, line->len - 1);
    if (nl && line->len > 0 && line->str[line->len - 1] == '\r')
        g_string_truncate(line, line->len - 1);
    return ST_OK;
}

enum st
wire_read_line(struct wire *w, GString *line, struct err *e)
{
    gboolean whole = FALSE;
    enum st st = ST_OK;

    wire_start_timer(w);
    while (st == ST_OK && !whole) {
        st = fill(w, e);
        if (st == ST_OK)
            st = take_line(w, line, &whole, e);
    }
    return st;
}

/* What the buffer has, then straight to where it belongs. */
enum st
wire_read(struct wire *w, guint8 *to, size_t len, struct err *e)
{
    size_t n = MIN(len, w->end - w->start);

    wire_start_timer(w);
    memcpy(to, w->buffer + w->start, n);
    explicit_bzero(w->buffer + w->start, n); /* it may have been secret */
    w->start += n;
    while (n < len) {
        size_t got = 0;
        enum st st = receive(w, to + n, len - n, &got, e);

        if (st != ST_OK)
            return st;
        n += got;
    }
    return ST_OK;
}

/* Is there something already, without waiting?  Errors and the end of the
 * connection count: the next read says what they are. */
static gboolean
has_input(struct wire *w)
{
    size_t n = 0;
    CURLcode code;

    if (w->start < w->end)
        return TRUE;
    code = curl_easy_recv(w->curl, w->buffer, sizeof w->buffer, &n);
    if (code == CURLE_AGAIN)
        return FALSE;
    w->start = 0;
    w->end = code == CURLE_OK ? n : 0;
    return TRUE;
}

enum wire_event
wire_wait(struct wire *w, gint64 us, int stop_fd)
{
    gint64 until = g_get_monotonic_time() + us;

    for (;;) {
        struct pollfd fds[] = {{.fd = w->fd, .events = POLLIN},
                               {.fd = stop_fd, .events = POLLIN}};
        gint64 left;

        if (has_input(w))
            return WIRE_READY;
        left = until - g_get_monotonic_time();
        if (left <= 0)
            return WIRE_QUIET;
        if (poll(fds, G_N_ELEMENTS(fds), (int)MIN(left / 1000 + 1, G_MAXINT)) <
                0 &&
            errno != EINTR)
            return WIRE_READY;
        if (fds[1].revents)
            return WIRE_STOPPED;
    }
}

/* ---- talking without waiting ---- */

void
wire_put(struct wire *w, const char *data, size_t len)
{
    wire_start_timer(w);
    g_string_append_len(w->out, data, (gssize)len);
}

enum st
wire_flush(struct wire *w, struct err *e)
{
    while (w->sent < w->out->len) {
        size_t n = 0;
        CURLcode code = curl_easy_send(w->curl, w->out->str + w->sent,
                                       w->out->len - w->sent, &n);

        if (code == CURLE_AGAIN)
            return overdue(w, e);
        if (code != CURLE_OK)
            return wire_lost(w, e, curl_easy_strerror(code));
        w->sent += n;
        wire_start_timer(w); /* large mails on slow lines are no silence */
    }
    g_string_truncate(w->out, 0);
    w->sent = 0;
    return ST_OK;
}

gboolean
wire_flushed(const struct wire *w)
{
    return w->out->len == 0;
}

enum st
wire_try_line(struct wire *w, GString *line, gboolean *whole_out, struct err *e)
{
    *whole_out = FALSE;
    while (!*whole_out) {
        size_t n = 0;
        CURLcode code = CURLE_OK;
        enum st st;

        if (w->start == w->end) {
            code = curl_easy_recv(w->curl, w->buffer, sizeof w->buffer, &n);
            w->start = 0;
            w->end = n;
        }
        if (code == CURLE_AGAIN)
            return overdue(w, e);
        if (code != CURLE_OK)
            return wire_lost(w, e, curl_easy_strerror(code));
        if (w->start == w->end)
            return wire_lost(w, e, "the server closed the connection");
        st = take_line(w, line, whole_out, e);
        if (st != ST_OK)
            return st;
        wire_start_timer(w);
    }
    return ST_OK;
}

/* Where *stop_fd is readable they all have WIRE_GRACE seconds from now. */
static void
tell_to_stop(struct wire *const *wires, guint n)
{
    for (guint i = 0; i < n; i++)
        if (!wires[i]->give_up)
            start_grace(wires[i]);
}

/* Of those that are open, and of stop_fd while it has not told. */
static guint
list_sockets(struct wire *const *wires, guint n, struct pollfd *fds)
{
    const struct wire *first = wires[0];
    guint count = 0;

    for (guint i = 0; i < n; i++) {
        short events = wire_flushed(wires[i]) ? POLLIN : POLLIN | POLLOUT;

        if (wires[i]->open)
            fds[count++] =
                (struct pollfd){.fd = wires[i]->fd, .events = events};
    }
    if (first->stop_fd && *first->stop_fd > 0 && !first->give_up)
        fds[count++] = (struct pollfd){.fd = *first->stop_fd, .events = POLLIN};
    return count;
}

/* What is being connected has sockets that only libcurl knows. */
static void
poll_connecting(struct wire *w, const struct pollfd *fds, guint count,
                gint64 us)
{
    struct curl_waitfd more[WIRE_MOST + 1];

    for (guint i = 0; i < count; i++)
        more[i] = (struct curl_waitfd){fds[i].fd, fds[i].events, 0};
    curl_multi_poll(w->multi, more, count, (int)(us / 1000) + 1, NULL);
}

void
wire_wait_any(struct wire *const *wires, guint n, gint64 us)
{
    struct pollfd fds[WIRE_MOST + 1];
    struct wire *connecting = NULL;
    guint count;

    g_assert(n > 0 && n <= WIRE_MOST);
    count = list_sockets(wires, n, fds);
    for (guint i = 0; i < n; i++) {
        us = CLAMP(wire_time_left(wires[i]), 0, us);
        if (!wires[i]->open)
            connecting = wires[i];
    }
    if (connecting) {
        poll_connecting(connecting, fds, count, us);
    } else {
        struct timespec t = {us / G_USEC_PER_SEC, us % G_USEC_PER_SEC * 1000};

        ppoll(fds, count, &t, NULL);
    }
    if (wire_told_to_stop(wires[0]->stop_fd))
        tell_to_stop(wires, n);
}
