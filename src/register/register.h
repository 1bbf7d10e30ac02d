/* register.h - the office's register: one SQLite file, and all SQL.
 *
 * DATA/register.db is the only place where the program keeps state.  This
 * header opens and closes it and holds its transactions; each concept has a
 * header of its own beside it (message.h, submission.h, mark.h, outbox.h
 * ...).  docs/schema.md describes the tables and the promises.
 *
 * Results.  ST_RETRY: somebody else is writing, or the disk is full (status
 * 75 or 74); nothing was changed, the same call may succeed later.
 * ST_REJECT: the thing asked for cannot be done, or a table's own checks
 * refuse the row (said in the sentence): undo what was begun for this one.
 * ST_FATAL: damage, a failed flush, or a bug; the register refuses every
 * further call and the program must stop.  "Not found" is no error: the
 * functions called find give ST_OK and NULL (or 0).
 *
 * Every function that changes something must stand between reg_begin() and
 * reg_end(); reading needs no transaction, but several reads that must
 * agree with each other do.
 *
 * A unit is named by its short name (roster.h), an item by its unique name.
 *
 * Structs that are filled in for a call are only read; their strings may be
 * borrowed.  What comes out is owned by the caller and freed by the function
 * named beside it; lists are GPtrArrays that free their elements. */
#ifndef REGISTER_REGISTER_H
#define REGISTER_REGISTER_H

#include "base/day.h"
#include "base/decimal.h"
#include "base/err.h"

struct reg; /* an open register (`register` is a word of C) */

/* Who changes something.  Goes into the history with every change. */
struct reg_act {
    gint64 at;      /* now, by the office's clock */
    const char *by; /* name of the staff member; REG_PROGRAM for ourselves */
    gint64 command; /* the command being carried out, or 0 */
    gint64 message; /* the message that caused it, or 0 */
};

#define REG_PROGRAM "baosong"

enum reg_mode {
    REG_READ,  /* list, show, scores: also while `run` is running */
    REG_WRITE, /* desk, bulletin --publish: takes turns with `run` */
    REG_SERVE  /* run, poll, import: one at a time, by a lock that dies with
                  the process; a second one gets ST_RETRY, status 75 */
};

/* Open DATA/register.db.  A missing register is made (whole or not at all)
 * by WRITE and SERVE, only where nothing says that there was one; READ says
 * that there is none (ST_REJECT, status 65).  A damaged register, one
 * without its -wal after a crash, or one of a newer program is refused
 * (ST_FATAL, 65) and never written to.  An older one is migrated in one
 * transaction. */
enum st reg_open(const char *data, enum reg_mode mode, gint64 now,
                 struct reg **out, struct err *e);

/* ST_FATAL (78), with the cure: others than its owner have one of these rights
 * in the folder.  That nobody has is why the command line counts as staff:
 * reg_open() writes into none in which others can write. */
enum { REG_OTHERS_WRITE = 0022, REG_OTHERS_ANY = 0077 };
enum st reg_folder_private(const char *data, unsigned rights, struct err *e);

/* Rolls back what is open.  NULL is fine. */
void reg_close(struct reg *reg);

typedef struct reg reg_handle;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_handle, reg_close)

/* Data directory given to reg_open().  Borrowed. */
const char *reg_data(const struct reg *reg);

/* Did the program before this one end by itself, be it after a failure?  Then
 * no message has killed it.  Not for REG_READ. */
gboolean reg_survived(const struct reg *reg);

/* Had the register come further than it has now?  Then it is a backup that was
 * put in the place of the real one (A26), and what was recorded since is not
 * in it; so it stays until reg_stamp(), which says how far it has come.  Not
 * for REG_READ. */
enum st reg_is_behind(struct reg *reg, gboolean *out, struct err *e);
enum st reg_stamp(struct reg *reg, struct err *e);

/* A transaction.  For REG_READ it is a snapshot.  commit is a crash point
 * ("commit", "committed").  When reg_commit() is not ST_OK everything since
 * reg_begin() is undone.  reg_rollback() without a transaction does nothing. */
enum st reg_begin(struct reg *reg, struct err *e);
/* A snapshot, whatever the mode: nobody waits for it.  reg_rollback(). */
enum st reg_begin_reading(struct reg *reg, struct err *e);
enum st reg_commit(struct reg *reg, struct err *e);
void reg_rollback(struct reg *reg);
/* The end of begin-and-do: commits when `st`, what came of both, is ST_OK;
 * else rolls back, and returns `st` with *e as they were. */
enum st reg_end(struct reg *reg, enum st st, struct err *e);
/* Commit beside the program, which does something else until the disk has
 * it: nothing of the register may be used before reg_commit_await(), which
 * says what reg_commit() would have said. */
void reg_commit_beside(struct reg *reg);
enum st reg_commit_await(struct reg *reg, struct err *e);

/* Within a transaction: what one message of a batch or one order of a mail
 * did, undone alone.  reg_save(), then either reg_keep() or reg_undo(); an
 * order may stand within its message. */
enum st reg_save(struct reg *reg, struct err *e);
enum st reg_keep(struct reg *reg, struct err *e);
enum st reg_undo(struct reg *reg, struct err *e);

/* A consistent copy while running; `path` is there whole or not at all.
 * Where it is, is noted in `backups` beside the register. */
enum st reg_backup(struct reg *reg, const char *path, struct err *e);

/* Paths of copies that were written no earlier than `since` and are still
 * there, so far as this machine knows.  *out holds char*, caller unrefs. */
enum st reg_backups_since(const struct reg *reg, gint64 since, GPtrArray **out,
                          struct err *e);

/* Everything that can be verified: pages, indexes, references, the chain of
 * the history, the hashes of the drafts.  ST_REJECT names what is wrong. */
enum st reg_verify(struct reg *reg, struct err *e);

/* Housekeeping, once a day: shortens the -wal, drops what has served its
 * time (idle polls, used codes, bodies of mails sent long ago). */
enum st reg_maintain(struct reg *reg, gint64 now, struct err *e);

#endif
