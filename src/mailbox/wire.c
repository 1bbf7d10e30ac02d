/* wire.c - see wire.h. */
#include "mailbox/wire.h"

#include "base/text.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

enum { GREETING_LIMIT = 65536, SENTENCE_CHARS = 300 };

struct wire {
    CURL *curl;
    curl_socket_t fd;
    char *host;
    gint64 timeout;  /* microseconds */
    gint64 deadline; /* of the step that is going on */
    const int *stop_fd;
    gint64 give_up; /* told to stop: not beyond this instant; else 0 */
    GString *greeting;
    char problem[CURL_ERROR_SIZE];
    size_t start, end; /* what is in the buffer and not yet read */
    char buffer[WIRE_CHUNK];
};

/* With CURLOPT_NOSIGNAL, which threads demand, libcurl leaves SIGPIPE to
 * the program; a server that hangs up must not kill us. */
static gpointer
start_curl(gpointer unused)
{
    (void)unused;
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return NULL;
}

char *
wire_sentence(const char *text)
{
    g_autofree char *clean = text_clean(text, strlen(text));
    g_autofree char *line = text_line(clean);

    return text_cut(line, SENTENCE_CHARS);
}

static enum st
lost(struct wire *w, struct err *e, const char *what)
{
    return err_set(e, ST_RETRY, EXIT_UNAVAILABLE, "%s: %s", w->host, what);
}

/* ---- connecting ---- */

static size_t
keep_greeting(char *data, size_t size, size_t n, void *user)
{
    struct wire *w = user;
    size_t len = size * n;

    if (w->greeting->len + len <= GREETING_LIMIT) {
        g_string_append_len(w->greeting, data, (gssize)len);
        if (len == 0 || data[len - 1] != '\n')
            g_string_append_c(w->greeting, '\n');
    }
    return len;
}

static size_t
drop(char *data, size_t size, size_t n, void *user)
{
    (void)data;
    (void)user;
    return size * n;
}

static gboolean
told_to_stop(const struct wire *w)
{
    struct pollfd p = {.fd = w->stop_fd ? *w->stop_fd : 0, .events = POLLIN};

    return p.fd > 0 && poll(&p, 1, 0) > 0;
}

/* libcurl asks now and then while it connects; nothing is in hand yet. */
static int
should_abort(void *user, curl_off_t down_all, curl_off_t down,
             curl_off_t up_all, curl_off_t up)
{
    (void)down_all;
    (void)down;
    (void)up_all;
    (void)up;
    return told_to_stop(user);
}

static const char *
scheme_name(enum scheme scheme)
{
    static const char *const names[] = {[SCHEME_IMAP] = "imap",
                                        [SCHEME_IMAPS] = "imaps",
                                        [SCHEME_SMTP] = "smtp",
                                        [SCHEME_SMTPS] = "smtps"};

    return names[scheme];
}

static void
set_tls(CURL *curl, const struct wire_config *config)
{
    curl_easy_setopt(
        curl, CURLOPT_USE_SSL,
        (long)(config->tls_none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (config->tls_ca)
        curl_easy_setopt(curl, CURLOPT_CAINFO, config->tls_ca);
}

static void
set_up(struct wire *w, const struct wire_config *config)
{
    const struct server_url *url = config->url;
    gboolean is_v6 = strchr(url->host, ':') != NULL;
    g_autofree char *text = g_strdup_printf(
        "%s://%s%s%s:%u/", scheme_name(url->scheme), is_v6 ? "[" : "",
        url->host, is_v6 ? "]" : "", url->port);

    curl_easy_setopt(w->curl, CURLOPT_URL, text);
    curl_easy_setopt(w->curl, CURLOPT_PROTOCOLS_STR, "imap,imaps,smtp,smtps");
    curl_easy_setopt(w->curl, CURLOPT_CONNECT_ONLY, 1L);
    if (url->user && config->password) {
        curl_easy_setopt(w->curl, CURLOPT_USERNAME, url->user);
        curl_easy_setopt(w->curl, CURLOPT_PASSWORD, config->password);
    }
    set_tls(w->curl, config);
    curl_easy_setopt(w->curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(w->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(w->curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(w->curl, CURLOPT_TIMEOUT, (long)config->timeout);
    curl_easy_setopt(w->curl, CURLOPT_ERRORBUFFER, w->problem);
    curl_easy_setopt(w->curl, CURLOPT_HEADERFUNCTION, keep_greeting);
    curl_easy_setopt(w->curl, CURLOPT_HEADERDATA, w);
    curl_easy_setopt(w->curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(w->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(w->curl, CURLOPT_XFERINFOFUNCTION, should_abort);
    curl_easy_setopt(w->curl, CURLOPT_XFERINFODATA, w);
}

/* The last thing that the server said, for people. */
static char *
last_words(const struct wire *w)
{
    g_autofree char *all = g_strchomp(g_strdup(w->greeting->str));
    const char *nl = strrchr(all, '\n');

    return wire_sentence(nl ? nl + 1 : all);
}

/* RFC 5530 names refusals that are no fault of the password; SMTP has 4xx. */
static gboolean
is_passing(const char *words)
{
    return strstr(words, "[UNAVAILABLE]") || strstr(words, "[INUSE]") ||
           strstr(words, "[LIMIT]") || words[0] == '4';
}

static enum st
login_failed(struct wire *w, const struct wire_config *config,
             const char *words, struct err *e)
{
    if (is_passing(words))
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                       "%s cannot log us in now: %s", w->host, words);
    return err_set(e, ST_REJECT, EXIT_LOGIN_REFUSED,
                   "%s refuses the login of %s: %s; please check user name "
                   "and password (163, 126 and QQ want an authorisation code, "
                   "made in their webmail)",
                   w->host, config->url->user ? config->url->user : "nobody",
                   words);
}

static enum st
connect_failed(struct wire *w, const struct wire_config *config, CURLcode code,
               struct err *e)
{
    const char *why = *w->problem ? w->problem : curl_easy_strerror(code);
    g_autofree char *words = last_words(w);

    switch (code) {
    case CURLE_LOGIN_DENIED:
        return login_failed(w, config, words, e);
    case CURLE_SSL_CACERT_BADFILE:
        return err_set(e, ST_FATAL, EXIT_CONFIGURATION,
                       "tls-ca %s cannot be read: %s",
                       config->tls_ca ? config->tls_ca : "of the system", why);
    case CURLE_ABORTED_BY_CALLBACK:
        return lost(w, e, "told to stop while connecting");
    case CURLE_PEER_FAILED_VERIFICATION:
        return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                       "the certificate of %s is not trusted: %s; if the "
                       "server is the office's own, name its authority in "
                       "tls-ca",
                       w->host, why);
    case CURLE_USE_SSL_FAILED:
        return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                       "%s offers no STARTTLS (%s); nothing was sent in plain "
                       "text",
                       w->host, why);
    default:
        return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                       "cannot connect to %s port %u: %s%s%s", w->host,
                       config->url->port, why, *words ? "; it said: " : "",
                       words);
    }
}

enum st
wire_open(const struct wire_config *config, struct wire **out, struct err *e)
{
    static GOnce once = G_ONCE_INIT;
    struct wire *w = g_new0(struct wire, 1);
    CURLcode code;
    enum st st;

    g_once(&once, start_curl, NULL);
    w->curl = curl_easy_init();
    w->host = g_strdup(config->url->host);
    w->greeting = g_string_new(NULL);
    w->stop_fd = config->stop_fd;
    wire_set_timeout(w, config->timeout);
    set_up(w, config);
    code = curl_easy_perform(w->curl);
    if (code == CURLE_OK)
        code = curl_easy_getinfo(w->curl, CURLINFO_ACTIVESOCKET, &w->fd);
    if (code != CURLE_OK) {
        st = connect_failed(w, config, code, e);
        wire_close(w);
        return st;
    }
    *out = w;
    return ST_OK;
}

void
wire_close(struct wire *w)
{
    if (!w)
        return;
    curl_easy_cleanup(w->curl);
    g_string_free(w->greeting, TRUE);
    g_free(w->host);
    g_free(w);
}

const char *
wire_greeting(const struct wire *w)
{
    return w->greeting->str;
}

void
wire_set_timeout(struct wire *w, unsigned seconds)
{
    w->timeout = (gint64)seconds * G_USEC_PER_SEC;
}

/* ---- talking ---- */

static void
start_timer(struct wire *w)
{
    w->deadline = g_get_monotonic_time() + w->timeout;
}

static gint64
time_left(const struct wire *w)
{
    gint64 until = w->give_up ? MIN(w->give_up, w->deadline) : w->deadline;

    return until - g_get_monotonic_time();
}

static void
start_grace(struct wire *w)
{
    w->give_up = g_get_monotonic_time() + WIRE_GRACE * G_USEC_PER_SEC;
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
        gint64 left = time_left(w);
        int n;

        if (left <= 0)
            return lost(w, e,
                        w->give_up ? "told to stop, and it says nothing"
                                   : "no answer in time");
        n = poll(fds, G_N_ELEMENTS(fds), (int)(left / 1000) + 1);
        if (n < 0 && errno != EINTR)
            return lost(w, e, g_strerror(errno));
        if (n > 0 && fds[0].revents)
            return ST_OK;
        if (n > 0)
            start_grace(w);
    }
}

enum st
wire_send(struct wire *w, const char *data, size_t len, struct err *e)
{
    start_timer(w);
    while (len > 0) {
        size_t n = 0;
        CURLcode code = curl_easy_send(w->curl, data, len, &n);
        enum st st = ST_OK;

        if (code == CURLE_AGAIN)
            st = wait_socket(w, POLLOUT, e);
        else if (code != CURLE_OK)
            st = lost(w, e, curl_easy_strerror(code));
        else if (n > 0)
            start_timer(w); /* large mails on slow lines are no silence */
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
            return lost(w, e, "the server closed the connection");
        if (code != CURLE_AGAIN)
            return lost(w, e, curl_easy_strerror(code));
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

enum st
wire_read_line(struct wire *w, GString *line, struct err *e)
{
    start_timer(w);
    for (;;) {
        const char *from, *nl;
        size_t n;
        enum st st = fill(w, e);

        if (st != ST_OK)
            return st;
        from = w->buffer + w->start;
        nl = memchr(from, '\n', w->end - w->start);
        n = nl ? (size_t)(nl - from) + 1 : w->end - w->start;
        if (line->len + n > WIRE_LINE_LIMIT)
            return lost(w, e, "the server sent a line without end");
        g_string_append_len(line, from, (gssize)n);
        w->start += n;
        if (nl)
            break;
    }
    g_string_truncate(line, line->len - 1);
    if (line->len > 0 && line->str[line->len - 1] == '\r')
        g_string_truncate(line, line->len - 1);
    return ST_OK;
}

/* What the buffer has, then straight to where it belongs. */
enum st
wire_read(struct wire *w, guint8 *to, size_t len, struct err *e)
{
    size_t n = MIN(len, w->end - w->start);

    start_timer(w);
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
wire_wait(struct wire *w, gint64 ms, int stop_fd)
{
    gint64 until = g_get_monotonic_time() + ms * 1000;

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
