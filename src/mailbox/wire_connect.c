/* wire_connect.c - a connection is made: libcurl's part of a wire. */
#include "mailbox/wire_parts.h"

#include <signal.h>
#include <string.h>

enum { GREETING_LIMIT = 65536 };

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

/* libcurl asks now and then while it connects; nothing is in hand yet. */
static int
should_abort(void *user, curl_off_t down_all, curl_off_t down,
             curl_off_t up_all, curl_off_t up)
{
    const struct wire *w = user;

    (void)down_all;
    (void)down;
    (void)up_all;
    (void)up;
    return wire_told_to_stop(w->stop_fd);
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
    /* What curl_easy_recv() gives at once at the most; 16 KB by itself. */
    curl_easy_setopt(w->curl, CURLOPT_BUFFERSIZE, (long)WIRE_CHUNK);
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
login_failed(struct wire *w, const char *words, struct err *e)
{
    if (is_passing(words))
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                       "%s cannot log us in now: %s", w->url->host, words);
    return err_set(e, ST_REJECT, EXIT_LOGIN_REFUSED,
                   "%s refuses the login of %s: %s; please check user name "
                   "and password (163, 126 and QQ want an authorisation code, "
                   "made in their webmail)",
                   w->url->host, w->url->user ? w->url->user : "nobody", words);
}

static enum st
connect_failed(struct wire *w, CURLcode code, struct err *e)
{
    const char *why = *w->problem ? w->problem : curl_easy_strerror(code);
    g_autofree char *words = last_words(w);

    switch (code) {
    case CURLE_LOGIN_DENIED:
        return login_failed(w, words, e);
    case CURLE_SSL_CACERT_BADFILE:
        return err_set(e, ST_FATAL, EXIT_CONFIGURATION,
                       "tls-ca %s cannot be read: %s",
                       w->tls_ca ? w->tls_ca : "of the system", why);
    case CURLE_ABORTED_BY_CALLBACK:
        return wire_lost(w, e, "told to stop while connecting");
    case CURLE_PEER_FAILED_VERIFICATION:
        return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                       "the certificate of %s is not trusted: %s; if the "
                       "server is the office's own, name its authority in "
                       "tls-ca",
                       w->url->host, why);
    case CURLE_USE_SSL_FAILED:
        return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                       "%s offers no STARTTLS (%s); nothing was sent in plain "
                       "text",
                       w->url->host, why);
    default:
        return err_set(e, ST_RETRY, EXIT_UNAVAILABLE,
                       "cannot connect to %s port %u: %s%s%s", w->url->host,
                       w->url->port, why, *words ? "; it said: " : "", words);
    }
}

struct wire *
wire_start(const struct wire_config *config)
{
    static GOnce once = G_ONCE_INIT;
    struct wire *w = g_new0(struct wire, 1);

    g_once(&once, start_curl, NULL);
    w->curl = curl_easy_init();
    w->multi = curl_multi_init();
    w->fd = CURL_SOCKET_BAD;
    w->url = config->url;
    w->tls_ca = config->tls_ca;
    w->greeting = g_string_new(NULL);
    w->out = g_string_new(NULL);
    w->stop_fd = config->stop_fd;
    wire_set_timeout(w, config->timeout);
    wire_start_timer(w);
    set_up(w, config);
    curl_multi_add_handle(w->multi, w->curl); /* or wire_connect() fails */
    return w;
}

/* Over it is when libcurl has said how it ended, or does nothing, since there
 * was no memory to begin with. */
static gboolean
is_over(struct wire *w, int running, CURLcode *code_out)
{
    int more = 0;
    CURLMsg *message = curl_multi_info_read(w->multi, &more);

    if (message)
        *code_out = message->data.result;
    else if (running == 0)
        *code_out = CURLE_OUT_OF_MEMORY;
    return message || running == 0;
}

enum st
wire_connect(struct wire *w, gboolean *open_out, struct err *e)
{
    CURLcode code = CURLE_OK;
    int running = 0;

    if (wire_told_to_stop(w->stop_fd))
        return connect_failed(w, CURLE_ABORTED_BY_CALLBACK, e);
    if (curl_multi_perform(w->multi, &running) != CURLM_OK)
        return connect_failed(w, CURLE_OUT_OF_MEMORY, e);
    if (!is_over(w, running, &code)) {
        *open_out = FALSE;
        return ST_OK;
    }
    if (code == CURLE_OK)
        code = curl_easy_getinfo(w->curl, CURLINFO_ACTIVESOCKET, &w->fd);
    if (code != CURLE_OK)
        return connect_failed(w, code, e);
    w->open = *open_out = TRUE;
    return ST_OK;
}

enum st
wire_open(const struct wire_config *config, struct wire **out, struct err *e)
{
    struct wire *w = wire_start(config);
    gboolean open = FALSE;
    enum st st;

    for (;;) {
        st = wire_connect(w, &open, e);
        if (st != ST_OK || open)
            break;
        wire_wait_any(&w, 1, w->timeout);
    }
    if (st == ST_OK)
        *out = w;
    else
        wire_close(w);
    return st;
}

void
wire_close(struct wire *w)
{
    if (!w)
        return;
    curl_multi_remove_handle(w->multi, w->curl);
    curl_easy_cleanup(w->curl);
    curl_multi_cleanup(w->multi);
    g_string_free(w->greeting, TRUE);
    g_string_free(w->out, TRUE);
    g_free(w);
}

const char *
wire_greeting(const struct wire *w)
{
    return w->greeting->str;
}
