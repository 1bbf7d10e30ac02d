/* relay PORT TO_PORT MILLISECONDS - a way to a server of this machine on
 * which a round trip takes so much longer: each direction is held back by
 * half of it.  Bandwidth is not limited. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 256 << 10, WINDOW = 64 << 20, CONNECTIONS = 64 };

struct piece {
    gint64 due; /* monotonic microseconds */
    size_t len, sent;
    char bytes[PIECE];
};

struct way { /* from one socket to the other */
    int in, out;
    GQueue held; /* of struct piece */
    size_t bytes;
    gboolean ended, shut;
};

struct connection {
    struct way ways[2];
    gboolean broken;
};

static gint64 delay; /* of one direction, microseconds */

static void
set_up(int fd)
{
    int one = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static struct sockaddr_in
loopback(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((guint16)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    return a;
}

static struct connection *
connect_both(int listener, int port)
{
    struct sockaddr_in to = loopback(port);
    int a = accept(listener, NULL, NULL), b = socket(AF_INET, SOCK_STREAM, 0);
    struct connection *c;

    if (a < 0 || b < 0 || connect(b, (struct sockaddr *)&to, sizeof to)) {
        close(a);
        close(b);
        return NULL;
    }
    set_up(a);
    set_up(b);
    c = g_new0(struct connection, 1);
    c->ways[0].in = c->ways[1].out = a;
    c->ways[0].out = c->ways[1].in = b;
    return c;
}

/* The last piece is filled up while it is as young as what comes now. */
static struct piece *
piece_for(struct way *w, gint64 due)
{
    struct piece *p = g_queue_peek_tail(&w->held);

    if (p && p->due == due && p->len < PIECE)
        return p;
    p = g_new(struct piece, 1);
    p->len = p->sent = 0;
    p->due = due;
    g_queue_push_tail(&w->held, p);
    return p;
}

/* All that is there now, so that a round of poll() is not paid for each. */
static void
take(struct connection *c, struct way *w, gint64 now)
{
    while (!w->ended && w->bytes < WINDOW) {
        struct piece *p = piece_for(w, now + delay);
        ssize_t n = read(w->in, p->bytes + p->len, PIECE - p->len);

        if (n > 0) {
            p->len += (size_t)n;
            w->bytes += (size_t)n;
            continue;
        }
        if (p->len == 0)
            g_free(g_queue_pop_tail(&w->held));
        w->ended = n == 0 || errno != EAGAIN;
        c->broken |= n < 0 && errno != EAGAIN;
        return;
    }
}

static void
pass(struct connection *c, struct way *w, gint64 now)
{
    struct piece *p;

    while ((p = g_queue_peek_head(&w->held)) != NULL && p->due <= now) {
        ssize_t n = write(w->out, p->bytes + p->sent, p->len - p->sent);

        if (n < 0) {
            c->broken |= errno != EAGAIN;
            return;
        }
        p->sent += (size_t)n;
        w->bytes -= (size_t)n;
        if (p->sent < p->len)
            return;
        g_free(g_queue_pop_head(&w->held));
    }
    if (w->ended && w->held.length == 0 && !w->shut)
        w->shut = shutdown(w->out, SHUT_WR) == 0 || TRUE;
}

static void
hang_up(struct connection *c)
{
    for (int k = 0; k < 2; k++) {
        g_queue_clear_full(&c->ways[k].held, g_free);
        close(c->ways[k].in);
    }
    g_free(c);
}

/* What to wait for on the socket that w reads and o writes. */
static short
events(const struct way *w, const struct way *o, gint64 now, gint64 *wake)
{
    const struct piece *p = g_queue_peek_head((GQueue *)&o->held);
    short e = !w->ended && w->bytes < WINDOW ? POLLIN : 0;

    if (p && p->due <= now)
        e |= POLLOUT;
    else if (p)
        *wake = MIN(*wake, p->due);
    return e;
}

static void
wait_for(struct pollfd *fds, nfds_t n, gint64 wake)
{
    gint64 us = MAX(wake - g_get_monotonic_time(), 0);
    struct timespec t = {us / G_USEC_PER_SEC, us % G_USEC_PER_SEC * 1000};

    ppoll(fds, n, wake == G_MAXINT64 ? NULL : &t, NULL);
}

static void
one_round(GPtrArray *all, int listener, int port)
{
    struct pollfd fds[1 + 2 * CONNECTIONS] = {{listener, POLLIN, 0}};
    gint64 now = g_get_monotonic_time(), wake = G_MAXINT64;
    nfds_t n = 1;

    for (guint i = 0; i < all->len; i++) {
        struct connection *c = all->pdata[i];

        for (int k = 0; k < 2; k++)
            fds[n++] = (struct pollfd){
                c->ways[k].in, events(&c->ways[k], &c->ways[1 - k], now, &wake),
                0};
    }
    wait_for(fds, n, wake);
    now = g_get_monotonic_time();
    for (guint i = all->len; i-- > 0;) {
        struct connection *c = all->pdata[i];

        for (int k = 0; k < 2; k++) {
            if (fds[1 + 2 * i + (guint)k].revents & ~POLLOUT)
                take(c, &c->ways[k], now);
            pass(c, &c->ways[k], now);
        }
        if (c->broken || (c->ways[0].shut && c->ways[1].shut)) {
            hang_up(c);
            g_ptr_array_remove_index_fast(all, i);
        }
    }
    if (fds[0].revents && all->len < CONNECTIONS) {
        struct connection *c = connect_both(listener, port);

        if (c)
            g_ptr_array_add(all, c);
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    struct sockaddr_in a;
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);

    if (argc != 4)
        return 64;
    a = loopback(atoi(argv[1]));
    delay = (gint64)(g_ascii_strtod(argv[3], NULL) * 500);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&a, sizeof a) ||
        listen(listener, CONNECTIONS)) {
        perror("relay");
        return 1;
    }
    for (;;)
        one_round(all, listener, atoi(argv[2]));
}
