/* reader.h - a pool of sandboxed child processes that read hostile bytes.
 *
 * A message's bytes go in, one struct reading comes out.  A child has no
 * network, no file it could open, no exec, no credentials and no database:
 * it is forked by a clean process made before any of them existed, under a
 * seccomp filter and limits on memory and CPU that are re-armed for every
 * message.  When a child dies or hangs, that one message gets an outcome
 * that says so; the child is replaced and the next message goes on.
 *
 * Bytes travel through memory shared with the one child, never through a
 * file; a child that met a marking of secrecy is ended and its memory wiped. */
#ifndef MESSAGE_READER_H
#define MESSAGE_READER_H

#include "base/err.h"
#include "message/reading.h"

/* What a child does with a message.  Runs inside the sandbox; the result is
 * floating or a full reference; own work gives one of type "v".  *marked_out is
 * set when the message bore a marking, so that the child must not live on. */
typedef GVariant *(*reader_work)(const guint8 *data, size_t len, unsigned flags,
                                 void *user, gboolean *marked_out);

enum reader_flag {
    READER_RELEASED = 1 << 0, /* 解除隔离: markings are not looked for */
    READER_FILE = 1 << 1,     /* no mail: the bytes of one file */
    READER_PUBLISHED = 1 << 2 /* no mail: a published text */
};

struct reader_config {
    unsigned workers;      /* 0: cores - 1, at least one */
    size_t message_bytes;  /* the largest message that is handed over */
    unsigned cpu_seconds;  /* for one message; 0: 10 */
    unsigned wall_seconds; /* for one message; 0: 30 */
    size_t memory_bytes;   /* what a child may add to its start; 0: 400 MB */
    void (*prepare)(void); /* once, before the filter: mail_init() */
    reader_work work;      /* NULL: mail_read() */
    void *user;            /* for work; of the default: struct mail_context */
};

enum reader_outcome {
    READER_READ,       /* reading is there */
    READER_DIED,       /* by a signal: `cause` says which */
    READER_HUNG,       /* longer than wall_seconds or cpu_seconds */
    READER_LIED,       /* its answer was not well-formed */
    READER_NOT_GIVEN,  /* never asked: the mailbox could not give the bytes */
    READER_TOO_BIG,    /* message or answer larger than the shared memory */
    READER_UNAVAILABLE /* no child could be started: no fault of the message,
                          which is to be read another time */
};

struct reader_result {
    void *ticket; /* as given to reader_submit() */
    enum reader_outcome outcome;
    struct reading *reading; /* owned; only with READER_READ */
    GVariant *answer;        /* owned; instead of reading with own work */
    const char *cause;       /* static, for staff and log; NULL when read */
};

void reader_result_clear(struct reader_result *r);

struct reader_pool;

/* Call before sockets, registers and passwords are opened. */
enum st reader_pool_new(const struct reader_config *config,
                        struct reader_pool **out, struct err *e);
void reader_pool_free(struct reader_pool *pool);

/* Could a child take a message of so many bytes now, behind what it has? */
gboolean reader_has_room(struct reader_pool *pool, size_t len);
/* Messages that were handed over and are not collected. */
unsigned reader_busy(const struct reader_pool *pool);

/* Hand a message to a child (reader_has_room()); the bytes are copied into
 * its memory.  It is read when those before it are; the limits on time are
 * each message's own.  ST_RETRY when no child could be started now, ST_FATAL
 * when none ever will: then the program must begin anew. */
enum st reader_submit(struct reader_pool *pool, const guint8 *data, size_t len,
                      unsigned flags, void *ticket, struct err *e);

/* The same for a message of more than READER_LARGE bytes, as long as nothing
 * waits: its memory is given back to the system while it is copied, so that
 * it does not stand there twice.  Of `data` zeros are left, also on failure.
 */
enum { READER_LARGE = 8 << 20 };
enum st reader_submit_moving(struct reader_pool *pool, guint8 *data, size_t len,
                             unsigned flags, void *ticket, struct err *e);

/* Wait for the next answer of any busy child (reader_busy() > 0); they come
 * in no particular order. */
void reader_collect(struct reader_pool *pool, struct reader_result *out);

/* Both in one, for callers with a single message; READER_UNAVAILABLE is
 * ST_RETRY. */
enum st reader_read(struct reader_pool *pool, const guint8 *data, size_t len,
                    unsigned flags, struct reader_result *out, struct err *e);

#endif
