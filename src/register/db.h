/* db.h - statements on SQLite, inside register/ only.
 *
 * A statement is prepared once and kept.  Binding never fails: what went
 * wrong is said by the call that runs the statement. */
#ifndef REGISTER_DB_H
#define REGISTER_DB_H

#include "register/lock.h"
#include "register/register.h"

#include <sqlite3.h>

struct reg {
    sqlite3 *db;
    enum reg_mode mode;
    char *data;             /* directory */
    char *path;             /* of the file */
    GHashTable *statements; /* literal of SQL, by address -> struct query */
    gboolean in_transaction;
    gboolean committing;      /* nobody else may use `db` now */
    GThread *commit_thread;   /* that does so; NULL: it is the program */
    enum st committed;        /* what came of it */
    struct err not_committed; /* and why */
    gboolean broken;  /* damage or a failed flush was seen: never go on */
    gboolean healthy; /* was opened whole: closing may write */
    int lock_fd;      /* REG_SERVE: the program's lock, else -1 */
    int state_fd;     /* writers: register.state, else -1 */
    struct lock_state state; /* as register.state says it */
    gboolean survived;       /* the writer before us was not killed */
    char *mailbox_url;       /* the mailbox that was asked for last, or NULL */
    gint64 mailbox;          /* its number */
    struct checkpoint *checkpoint; /* owned; REG_SERVE, else NULL */
};

/* A handle that is not connected yet; freed by reg_close(). */
struct reg *db_handle_new(const char *data, enum reg_mode mode);

struct query {
    struct reg *reg;
    sqlite3_stmt *stmt; /* NULL when it could not be prepared: see rc */
    int rc;
    gboolean cached; /* else a second use of a busy statement: freed */
    gboolean busy;
};

/* `sql` is a literal: its address is the key of the cache, for to hash the
 * words of 50 statements takes a hundredth of what a mail takes.  Never NULL.
 * Given back by query_done(). */
struct query *db_query(struct reg *reg, const char *sql);
void query_done(struct query *q);
typedef struct query query;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(query, query_done)

/* Bind parameter ?n.  Texts and bytes are borrowed until the statement has
 * run to its end. */
void db_bind(struct query *q, int n, gint64 value);
void db_bind_id(struct query *q, int n, gint64 id);          /* 0 is NULL */
void db_bind_text(struct query *q, int n, const char *text); /* or NULL */
void db_bind_bytes(struct query *q, int n, GBytes *bytes);   /* or NULL */
/* So many zeros, for db_write_blob() to fill. */
void db_bind_zeros(struct query *q, int n, gsize size);
/* Write over the zeros in `column` of row `id`, piece by piece: SQLite makes
 * no copy of a large blob then.  The column must be the table's last. */
enum st db_write_blob(struct reg *reg, const char *table, const char *column,
                      gint64 id, GBytes *bytes, struct err *e);

/* Run a statement that gives no rows. */
enum st db_run(struct query *q, struct err *e);
/* The next row; *row_out FALSE when there is none. */
enum st db_next(struct query *q, gboolean *row_out, struct err *e);

/* Columns of the present row, from 0. */
gint64 db_int(struct query *q, int column);       /* NULL is 0 */
char *db_text(struct query *q, int column);       /* caller frees */
const char *db_peek(struct query *q, int column); /* until the next row */
GBytes *db_bytes(struct query *q, int column);    /* caller unrefs */
/* Borrowed until the next row. */
const void *db_peek_bytes(struct query *q, int column, gsize *size_out);
gboolean db_is_null(struct query *q, int column);

/* Make something of the present row. */
typedef gpointer (*db_read_fn)(struct query *q);

/* First column of the only row; 0 when there is none. */
enum st db_number(struct query *q, gint64 *out, struct err *e);
/* First column of the only row as text; NULL when there is none. */
enum st db_string(struct query *q, char **out, struct err *e);
/* The only row; NULL when there is none. */
enum st db_one(struct query *q, db_read_fn read, gpointer *out, struct err *e);
/* Every row. */
enum st db_list(struct query *q, db_read_fn read, GDestroyNotify free_row,
                GPtrArray **out, struct err *e);
/* Of every row its first column, of gint64 *. */
enum st db_list_ids(struct query *q, GPtrArray **out, struct err *e);

/* id of the row that the last INSERT made. */
gint64 db_last_id(const struct reg *reg);
/* Rows that the last statement changed. */
int db_changed(const struct reg *reg);

/* A statement outside the cache and outside transactions: PRAGMA, BEGIN. */
enum st db_exec(struct reg *reg, const char *sql, struct err *e);

/* SQLite's word -> what to do about it. */
enum st db_error(struct reg *reg, int rc, struct err *e);

/* An empty file of mode 0600, whatever the umask, for SQLite to fill: what
 * stands beside it (-wal, -shm) gets its mode. */
enum st db_new_file(const char *path, struct err *e);

/* The next value of a named counter, from 1. */
enum st
db_counter(struct reg *reg, const char *name, gint64 *out, struct err *e);

#endif
