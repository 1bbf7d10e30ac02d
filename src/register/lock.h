/* lock.h - who may use the register's files, and how it was left.
 *
 * register.lock is held by the one program that serves the mailbox.
 * register.state is share-locked by every writer and says whether the last
 * one left in good order, that there has been a register, when it was last
 * checked as a whole, and how far it had come: a register that has not come
 * so far is a backup that was put in its place.
 *
 * Both are POSIX record locks: they die with the process (kill -9), and,
 * unlike flock, are not inherited by the reader processes, one of which may
 * outlive its parent for a moment. */
#ifndef REGISTER_LOCK_H
#define REGISTER_LOCK_H

#include "base/err.h"

/* Lock DATA/register.lock.  ST_RETRY, status 75, when another process has
 * it.  *fd_out is closed to let it go. */
enum st lock_take(const char *data, int *fd_out, struct err *e);

struct lock_state {
    gboolean making;  /* the first one is being made: what is there is new */
    gboolean existed; /* a register was made here once */
    gboolean open;    /* the last writer did not leave in good order */
    gboolean failed;  /* and open: it met a failure, and left knowing it; else
                         it was killed */
    gint64 checked;   /* last whole check, 0 never */
    gint64 messages;  /* id of the last message that was recorded; LOST when
                         a register is there and nobody knows */
};

/* More than any register has. */
#define LOCK_STATE_LOST G_MAXINT64

/* Open DATA/register.state, take the shared lock, read what it says. */
enum st lock_state_open(const char *data, int *fd_out, struct lock_state *out,
                        struct err *e);

/* Is this process the only one that has it?  Then it holds the lock alone
 * until lock_state_share(). */
gboolean lock_state_alone(int fd);
void lock_state_share(int fd);

/* Write and flush what it says; `existed` needs no saying. */
enum st lock_state_write(int fd, const struct lock_state *state, struct err *e);

#endif
