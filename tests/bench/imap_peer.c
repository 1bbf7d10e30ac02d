/* imap_peer MODE PORT USER - the same mailbox by other means:
 *   raw   a bare socket and one FETCH of everything, which is thrown away:
 *         as fast as the server can send
 *   url   libcurl, a URL for each message, on one connection
 *   multi the same on four connections at once
 * Prints "SECONDS s COUNT BYTES". */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 4, CHUNK = 256 << 10 };

static const char *user, *port;
static gint64 bytes;
static guint count;

static void
die(const char *why)
{
    fprintf(stderr, "imap_peer: %s\n", why);
    exit(1);
}

/* ---- a bare socket ---- */

struct bare {
    int fd;
    size_t start, end;
    GString *line;
    char buffer[CHUNK];
};

static void
refill(struct bare *b)
{
    ssize_t n = read(b->fd, b->buffer, sizeof b->buffer);

    if (n <= 0)
        die("the server hung up");
    b->start = 0;
    b->end = (size_t)n;
}

static void
skip(struct bare *b, size_t n)
{
    while (n > 0) {
        size_t part;

        if (b->start == b->end)
            refill(b);
        part = MIN(n, b->end - b->start);
        b->start += part;
        n -= part;
    }
}

/* A line; a literal at its end is thrown away, and the rest follows. */
static void
read_line(struct bare *b)
{
    g_string_truncate(b->line, 0);
    for (;;) {
        const char *from, *nl;
        size_t n;

        if (b->start == b->end)
            refill(b);
        from = b->buffer + b->start;
        nl = memchr(from, '\n', b->end - b->start);
        n = nl ? (size_t)(nl - from) + 1 : b->end - b->start;
        g_string_append_len(b->line, from, (gssize)n);
        b->start += n;
        if (!nl)
            continue;
        if (!g_str_has_suffix(b->line->str, "}\r\n"))
            return;
        n = (size_t)atoll(strrchr(b->line->str, '{') + 1);
        skip(b, n);
        bytes += (gint64)n;
        count++;
    }
}

static void
command(struct bare *b, const char *text)
{
    g_autofree char *line = g_strdup_printf("t %s\r\n", text);

    if (write(b->fd, line, strlen(line)) != (ssize_t)strlen(line))
        die("cannot send");
    do
        read_line(b);
    while (!g_str_has_prefix(b->line->str, "t "));
    if (!g_str_has_prefix(b->line->str, "t OK"))
        die(b->line->str);
}

static void
connect_bare(struct bare *b)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((guint16)atoi(port)),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    g_autofree char *login = g_strdup_printf("LOGIN %s pw", user);
    int one = 1;

    b->line = g_string_new(NULL);
    b->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(b->fd, (struct sockaddr *)&a, sizeof a))
        die("cannot connect");
    setsockopt(b->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    read_line(b);
    command(b, login);
    command(b, "SELECT INBOX");
}

static void
raw(void)
{
    static struct bare b;

    connect_bare(&b);
    command(&b, "FETCH 1:* (BODY.PEEK[])");
    close(b.fd);
    g_string_free(b.line, TRUE);
}

/* ---- libcurl ---- */

static size_t
drop(char *data, size_t size, size_t n, void *unused)
{
    (void)data;
    (void)unused;
    bytes += (gint64)(size * n);
    return size * n;
}

/* The uids of a fresh mailbox count from 1. */
static guint
how_many(void)
{
    static struct bare b;
    guint n = 0;

    connect_bare(&b);
    if (write(b.fd, "s STATUS INBOX (MESSAGES)\r\n", 27) != 27)
        die("cannot send");
    for (;;) {
        const char *at;

        read_line(&b);
        at = strstr(b.line->str, "(MESSAGES ");
        if (at)
            n = (guint)atoi(at + 10);
        if (g_str_has_prefix(b.line->str, "s "))
            break;
    }
    close(b.fd);
    g_string_free(b.line, TRUE);
    return n;
}

static void
aim(CURL *c, guint uid)
{
    g_autofree char *url =
        g_strdup_printf("imap://127.0.0.1:%s/INBOX/;UID=%u", port, uid);

    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_USERNAME, user);
    curl_easy_setopt(c, CURLOPT_PASSWORD, "pw");
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(c, CURLOPT_BUFFERSIZE, (long)CHUNK);
}

static void
one_by_one(void)
{
    guint n = how_many();
    CURL *c = curl_easy_init();

    for (guint uid = 1; uid <= n; uid++, count++) {
        aim(c, uid);
        if (curl_easy_perform(c) != CURLE_OK)
            die("a message did not come");
    }
    curl_easy_cleanup(c);
}

static void
several(void)
{
    guint n = how_many(), next = 1;
    CURLM *m = curl_multi_init();
    int running = 0, left = 0;
    CURLMsg *message;

    for (int i = 0; i < CONNECTIONS && next <= n; i++, left++) {
        CURL *c = curl_easy_init();

        aim(c, next++);
        curl_multi_add_handle(m, c);
    }
    while (left > 0) {
        curl_multi_perform(m, &running);
        while ((message = curl_multi_info_read(m, &running)) != NULL) {
            CURL *c = message->easy_handle;

            if (message->data.result != CURLE_OK)
                die("a message did not come");
            count++;
            curl_multi_remove_handle(m, c);
            if (next <= n) {
                aim(c, next++);
                curl_multi_add_handle(m, c);
                curl_multi_perform(m, &running);
            } else {
                curl_easy_cleanup(c);
                left--;
            }
        }
        if (left > 0)
            curl_multi_poll(m, NULL, 0, 1000, NULL);
    }
    curl_multi_cleanup(m);
}

int
main(int argc, char **argv)
{
    gint64 start = g_get_monotonic_time();

    if (argc != 4)
        return 64;
    port = argv[2];
    user = argv[3];
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (strcmp(argv[1], "raw") == 0)
        raw();
    else if (strcmp(argv[1], "url") == 0)
        one_by_one();
    else
        several();
    printf("%.4f s %u %" G_GINT64_FORMAT "\n",
           (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC, count,
           bytes);
    return 0;
}
