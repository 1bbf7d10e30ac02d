/* db.c - see db.h. */
#include "register/db.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { BLOB_PIECE = 1 << 20 };

static enum st
broken(struct reg *reg, struct err *e, enum exit_status status,
       const char *what)
{
    reg->broken = TRUE;
    return err_set(e, ST_FATAL, status,
                   "%s: %s (%s). Stop here; put a backup in its place if "
                   "`baosong check` confirms it",
                   reg->path, what, sqlite3_errmsg(reg->db));
}

static enum st
no_memory(const struct reg *reg, struct err *e)
{
    return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                   "%s: no memory is left; try again", reg->path);
}

/* Without room for the shared index of the -wal nothing can be read either:
 * a full disk, that ends by itself. */
static enum st
io_error(struct reg *reg, int rc, struct err *e)
{
    if (rc == SQLITE_IOERR_SHMSIZE || rc == SQLITE_IOERR_SHMMAP)
        return err_set(e, ST_RETRY, EXIT_IO, "%s: no room beside it: %s",
                       reg->path, g_strerror(errno));
    if (rc == SQLITE_IOERR_NOMEM)
        return no_memory(reg, e);
    /* A failed fsync is final: the kernel reports it once (docs/delivery). */
    return broken(reg, e, EXIT_IO, "cannot be read or written");
}

enum st
db_error(struct reg *reg, int rc, struct err *e)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                       "%s: another program is writing; try again", reg->path);
    case SQLITE_NOMEM:
        return no_memory(reg, e);
    case SQLITE_FULL:
        return err_set(e, ST_RETRY, EXIT_IO, "%s: the disk is full", reg->path);
    case SQLITE_IOERR:
        return io_error(reg, rc, e);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return broken(reg, e, EXIT_BAD_DATA, "is damaged");
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return err_set(e, ST_FATAL, EXIT_IO, "%s: %s; see who owns it",
                       reg->path, sqlite3_errmsg(reg->db));
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG: /* about one row: the next may be good */
        return err_set(e, ST_REJECT, EXIT_SOFTWARE, "%s: refused: %s",
                       reg->path, sqlite3_errmsg(reg->db));
    default:
        return err_set(e, ST_FATAL, EXIT_SOFTWARE, "%s: %s (%d)", reg->path,
                       sqlite3_errmsg(reg->db), rc);
    }
}

static struct query *
prepare(struct reg *reg, const char *sql, gboolean cached)
{
    struct query *q = g_new0(struct query, 1);

    q->reg = reg;
    q->cached = cached;
    q->rc = sqlite3_prepare_v3(reg->db, sql, -1,
                               cached ? SQLITE_PREPARE_PERSISTENT : 0, &q->stmt,
                               NULL);
    return q;
}

struct query *
db_query(struct reg *reg, const char *sql)
{
    struct query *q = g_hash_table_lookup(reg->statements, sql);

    g_assert(!reg->committing);
    if (!q) {
        q = prepare(reg, sql, TRUE);
        if (q->stmt)
            g_hash_table_insert(reg->statements, (gpointer)sql, q);
        else
            q->cached = FALSE;
    } else if (q->busy) {
        q = prepare(reg, sql, FALSE);
    } else {
        g_assert(strcmp(sqlite3_sql(q->stmt), sql) == 0); /* a literal */
    }
    q->busy = TRUE;
    return q;
}

void
query_done(struct query *q)
{
    if (q->cached) {
        sqlite3_reset(q->stmt);
        sqlite3_clear_bindings(q->stmt);
        q->rc = SQLITE_OK;
        q->busy = FALSE;
        return;
    }
    sqlite3_finalize(q->stmt);
    g_free(q);
}

static void
bound(struct query *q, int rc)
{
    if (q->rc == SQLITE_OK)
        q->rc = rc;
}

void
db_bind(struct query *q, int n, gint64 value)
{
    if (q->stmt)
        bound(q, sqlite3_bind_int64(q->stmt, n, value));
}

void
db_bind_id(struct query *q, int n, gint64 id)
{
    if (q->stmt)
        bound(q, id ? sqlite3_bind_int64(q->stmt, n, id)
                    : sqlite3_bind_null(q->stmt, n));
}

void
db_bind_text(struct query *q, int n, const char *text)
{
    if (q->stmt)
        bound(q, sqlite3_bind_text(q->stmt, n, text, -1, SQLITE_STATIC));
}

void
db_bind_bytes(struct query *q, int n, GBytes *bytes)
{
    gsize len = 0;
    const void *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;

    if (!q->stmt)
        return;
    if (bytes && len == 0)
        bound(q, sqlite3_bind_zeroblob(q->stmt, n, 0));
    else
        bound(q, sqlite3_bind_blob64(q->stmt, n, data, len, SQLITE_STATIC));
}

void
db_bind_zeros(struct query *q, int n, gsize size)
{
    if (q->stmt)
        bound(q, sqlite3_bind_zeroblob64(q->stmt, n, size));
}

static int
write_pieces(sqlite3_blob *blob, const char *data, gsize len)
{
    int rc = SQLITE_OK;

    for (gsize at = 0; at < len && rc == SQLITE_OK; at += BLOB_PIECE)
        rc = sqlite3_blob_write(blob, data + at, (int)MIN(len - at, BLOB_PIECE),
                                (int)at);
    return rc;
}

enum st
db_write_blob(struct reg *reg, const char *table, const char *column, gint64 id,
              GBytes *bytes, struct err *e)
{
    sqlite3_blob *blob = NULL;
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    int rc = sqlite3_blob_open(reg->db, "main", table, column, id, 1, &blob);
    int closed;

    g_assert(reg->in_transaction);
    if (rc == SQLITE_OK)
        rc = write_pieces(blob, data, len);
    closed = sqlite3_blob_close(blob);
    if (rc == SQLITE_OK)
        rc = closed;
    return rc == SQLITE_OK ? ST_OK : db_error(reg, rc, e);
}

/* A transaction that SQLite has rolled back by itself (disk full) must not
 * go on as a row of small ones. */
static enum st
may_run(struct query *q, struct err *e)
{
    struct reg *reg = q->reg;

    if (reg->broken)
        return err_set(e, ST_FATAL, EXIT_IO,
                       "%s: refused after an earlier failure", reg->path);
    if (q->rc != SQLITE_OK)
        return db_error(reg, q->rc, e);
    if (sqlite3_stmt_readonly(q->stmt))
        return ST_OK;
    g_assert(reg->in_transaction && reg->mode != REG_READ);
    if (sqlite3_get_autocommit(reg->db))
        return err_set(e, ST_RETRY, EXIT_IO,
                       "%s: the transaction was rolled back", reg->path);
    return ST_OK;
}

enum st
db_next(struct query *q, gboolean *row_out, struct err *e)
{
    enum st st = may_run(q, e);
    int rc;

    if (st != ST_OK)
        return st;
    rc = sqlite3_step(q->stmt);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return db_error(q->reg, rc, e);
    *row_out = rc == SQLITE_ROW;
    return ST_OK;
}

enum st
db_run(struct query *q, struct err *e)
{
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    g_assert(!row);
    return st;
}

gint64
db_int(struct query *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

const char *
db_peek(struct query *q, int column)
{
    return (const char *)sqlite3_column_text(q->stmt, column);
}

char *
db_text(struct query *q, int column)
{
    return g_strdup(db_peek(q, column));
}

GBytes *
db_bytes(struct query *q, int column)
{
    const void *data = sqlite3_column_blob(q->stmt, column);
    int len = sqlite3_column_bytes(q->stmt, column);

    if (db_is_null(q, column))
        return NULL;
    return g_bytes_new(data, (gsize)len);
}

const void *
db_peek_bytes(struct query *q, int column, gsize *size_out)
{
    const void *data = sqlite3_column_blob(q->stmt, column);

    *size_out = (gsize)sqlite3_column_bytes(q->stmt, column);
    return data;
}

gboolean
db_is_null(struct query *q, int column)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

enum st
db_number(struct query *q, gint64 *out, struct err *e)
{
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    if (st == ST_OK)
        *out = row ? db_int(q, 0) : 0;
    return st;
}

enum st
db_string(struct query *q, char **out, struct err *e)
{
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    if (st == ST_OK)
        *out = row ? db_text(q, 0) : NULL;
    return st;
}

enum st
db_one(struct query *q, db_read_fn read, gpointer *out, struct err *e)
{
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    if (st == ST_OK)
        *out = row ? read(q) : NULL;
    return st;
}

enum st
db_list(struct query *q, db_read_fn read, GDestroyNotify free_row,
        GPtrArray **out, struct err *e)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_row);
    gboolean row = TRUE;

    while (row) {
        enum st st = db_next(q, &row, e);

        if (st != ST_OK)
            return st;
        if (row)
            g_ptr_array_add(list, read(q));
    }
    *out = g_steal_pointer(&list);
    return ST_OK;
}

static gpointer
read_id(struct query *q)
{
    gint64 id = db_int(q, 0);

    return g_memdup2(&id, sizeof id);
}

enum st
db_list_ids(struct query *q, GPtrArray **out, struct err *e)
{
    return db_list(q, read_id, g_free, out, e);
}

gint64
db_last_id(const struct reg *reg)
{
    return sqlite3_last_insert_rowid(reg->db);
}

int
db_changed(const struct reg *reg)
{
    return sqlite3_changes(reg->db);
}

enum st
db_exec(struct reg *reg, const char *sql, struct err *e)
{
    int rc;

    if (reg->broken)
        return err_set(e, ST_FATAL, EXIT_IO,
                       "%s: refused after an earlier failure", reg->path);
    rc = sqlite3_exec(reg->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? ST_OK : db_error(reg, rc, e);
}

enum st
db_new_file(const char *path, struct err *e)
{
    int fd;

    unlink(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(e, ST_RETRY, EXIT_IO, "cannot create %s: %s", path,
                       g_strerror(errno));
    close(fd);
    return ST_OK;
}

/* RETURNING would open a table of its own for the row, and an upsert that
 * could fail keeps a copy of each page: three plain statements are quicker
 * than such a one (7 and 3 microseconds). */
enum st
db_counter(struct reg *reg, const char *name, gint64 *out, struct err *e)
{
    g_autoptr(query) add =
        db_query(reg, "UPDATE counter SET value = value + 1 WHERE name = ?1");
    g_autoptr(query) make =
        db_query(reg, "INSERT INTO counter (name, value) VALUES (?1, 1)");
    g_autoptr(query) get =
        db_query(reg, "SELECT value FROM counter WHERE name = ?1");
    enum st st;

    db_bind_text(add, 1, name);
    db_bind_text(make, 1, name);
    db_bind_text(get, 1, name);
    st = db_run(add, e);
    if (st == ST_OK && db_changed(reg) == 0)
        st = db_run(make, e);
    return st == ST_OK ? db_number(get, out, e) : st;
}
