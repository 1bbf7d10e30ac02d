/* wire.h - a connection that libcurl has made and logged in on.
 *
 * libcurl connects, does TLS, STARTTLS and SASL (CURLOPT_CONNECT_ONLY);
 * what is said afterwards is ours.  From then on none of libcurl's time
 * limits holds, so every call here has its own, by the monotonic clock.
 * Any failure is for good: close, and connect anew. */
#ifndef MAILBOX_WIRE_H
#define MAILBOX_WIRE_H

#include "mailbox/url.h"

struct wire;

struct wire_config {
    const struct server_url *url; /* borrowed while the wire is there, */
    const char *password;         /* NULL: do not log in */
    const char *tls_ca;           /* as this; NULL: the system's certificates */
    gboolean tls_none;
    unsigned timeout;   /* seconds */
    const int *stop_fd; /* borrowed, may be NULL; 0: nobody can tell */
};

/* Once *stop_fd is readable nothing is connected any more, and what is being
 * said has WIRE_GRACE seconds in all to come to its end. */
enum { WIRE_GRACE = 3 };
gboolean wire_told_to_stop(const int *stop_fd);

/* ST_RETRY: not reached, or TLS failed; ST_REJECT, status 77: the login was
 * refused, with the server's sentence; ST_FATAL, status 78: tls-ca cannot
 * be read. */
enum st
wire_open(const struct wire_config *config, struct wire **out, struct err *e);
void wire_close(struct wire *w);

/* The same without waiting: wire_connect() again after each wire_wait_any(),
 * until *open_out is TRUE.  Before that nothing can be said. */
struct wire *wire_start(const struct wire_config *config);
enum st wire_connect(struct wire *w, gboolean *open_out, struct err *e);

/* All that the server said before we took over, line by line, each ended by
 * a line feed; borrowed. */
const char *wire_greeting(const struct wire *w);

/* How long one line, or 64 KiB of anything, may take to come. */
void wire_set_timeout(struct wire *w, unsigned seconds);

enum st wire_send(struct wire *w, const char *data, size_t len, struct err *e);

/* Append one line without its CR LF.  `line` as a whole is never longer
 * than WIRE_LINE_LIMIT: a server that sends more is given up. */
enum st wire_read_line(struct wire *w, GString *line, struct err *e);

#define WIRE_LINE_LIMIT 65536
#define WIRE_CHUNK 65536

/* Exactly len bytes, at most WIRE_CHUNK. */
enum st wire_read(struct wire *w, guint8 *to, size_t len, struct err *e);

enum wire_event {
    WIRE_READY,   /* something can be read, be it the end */
    WIRE_STOPPED, /* stop_fd is readable */
    WIRE_QUIET    /* nothing came in time */
};

/* Wait at most `us` microseconds; 0 only looks. */
enum wire_event wire_wait(struct wire *w, gint64 us, int stop_fd);

/* ---- without waiting, where several connections are served ---- */

/* To be said; wire_flush() says what goes at once of what was put.  ST_RETRY
 * also when the server has taken nothing for too long. */
void wire_put(struct wire *w, const char *data, size_t len);
enum st wire_flush(struct wire *w, struct err *e);
gboolean wire_flushed(const struct wire *w); /* nothing is left to be said */

/* As wire_read_line(), but what has not come yet is not waited for: *whole_out
 * is FALSE, and the next call appends to the same `line`.  ST_RETRY also when
 * the server has said nothing for too long. */
enum st wire_try_line(struct wire *w, GString *line, gboolean *whole_out,
                      struct err *e);

/* Wait until there is something to do on one of these (1 to WIRE_MOST, of one
 * server, of which at most one is being connected), or it is overdue, or
 * *stop_fd is readable; at most so many microseconds. */
void wire_wait_any(struct wire *const *wires, guint n, gint64 us);

enum { WIRE_MOST = 20 };

/* What a server says to people, made fit for one line of ours.  Caller
 * frees. */
char *wire_sentence(const char *text);

#endif
