/* wire_parts.h - what wire.c and wire_connect.c share. */
#ifndef MAILBOX_WIRE_PARTS_H
#define MAILBOX_WIRE_PARTS_H

#include "mailbox/wire.h"

#include <curl/curl.h>

struct wire {
    CURL *curl;
    CURLM *multi; /* of this connection alone: libcurl finds it there */
    curl_socket_t fd;
    gboolean open; /* connected and logged in: the talking is ours */
    const struct server_url *url;
    const char *tls_ca;
    gint64 timeout;  /* microseconds */
    gint64 deadline; /* of the step that is going on */
    const int *stop_fd;
    gint64 give_up; /* told to stop: not beyond this instant; else 0 */
    GString *greeting;
    GString *out; /* to be sent, of it sent already: */
    size_t sent;
    char problem[CURL_ERROR_SIZE];
    size_t start, end; /* what is in the buffer and not yet read */
    char buffer[WIRE_CHUNK];
};

/* The server, what it did not do; ST_RETRY. */
enum st wire_lost(struct wire *w, struct err *e, const char *what);

/* A step begins, or goes on: so long may the server be silent. */
void wire_start_timer(struct wire *w);

/* Microseconds until the step is overdue; 0 or less: it is. */
gint64 wire_time_left(const struct wire *w);

#endif
