/* backup.c - a copy while running, whole checks, housekeeping. */
#include "register/checkpoint.h"

#include "base/file.h"
#include "base/i18n.h"
#include "register/history.h"
#include "register/message.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGES_AT_ONCE 1024
#define DAY_SECONDS (24 * 3600)
#define POLLS_KEPT 2000
#define CODES_KEPT (30 * DAY_SECONDS)
#define MAIL_DATA_KEPT (7 * DAY_SECONDS)
#define CLAIMS_KEPT (30 * DAY_SECONDS)
#define READINGS_KEPT (30 * DAY_SECONDS)

/* Writers go on between the steps; SQLite starts the copy again when another
 * program has written, so that it ends up consistent. */
static int
copy_pages(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    int rc = SQLITE_OK;

    while (b && (rc == SQLITE_OK || rc == SQLITE_BUSY)) {
        rc = sqlite3_backup_step(b, PAGES_AT_ONCE);
        if (rc == SQLITE_BUSY)
            sqlite3_sleep(50);
    }
    return b ? sqlite3_backup_finish(b) : sqlite3_errcode(to);
}

/* A backup is one file: without write-ahead log, readable anywhere. */
static enum st
copy_to(struct reg *reg, const char *path, struct err *e)
{
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL);
    enum st st = ST_OK;

    if (rc == SQLITE_OK)
        rc = copy_pages(reg->db, to);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        st = err_set(e, ST_RETRY, EXIT_IO, "cannot copy the register to %s: %s",
                     path, sqlite3_errmsg(to));
    sqlite3_close(to);
    return st;
}

/* ---- where copies are: a line each, in a file beside the register, for the
 * copy is made by whoever may only read that ---- */

enum { LIST_BYTES = 1 << 20 };

static char *
list_path(const struct reg *reg)
{
    return g_build_filename(reg_data(reg), "backups", NULL);
}

/* Those that are there and were written no earlier than `since`. */
static enum st
read_list(const struct reg *reg, gint64 since, GPtrArray *out, struct err *e)
{
    g_autofree char *path = list_path(reg), *text = NULL;
    g_auto(GStrv) lines = NULL;
    struct stat sb;
    size_t len = 0;
    enum st st;

    if (access(path, F_OK) != 0)
        return ST_OK;
    st = file_read(path, LIST_BYTES, &text, &len, e);
    if (st != ST_OK)
        return st;
    lines = g_strsplit(text, "\n", -1);
    for (char **l = lines; *l; l++)
        if (**l && stat(*l, &sb) == 0 && sb.st_mtime >= since)
            g_ptr_array_add(out, g_strdup(*l));
    return ST_OK;
}

static enum st
note_copy(const struct reg *reg, const char *copy, struct err *e)
{
    g_autofree char *path = list_path(reg), *text = NULL;
    g_autofree char *whole = g_canonicalize_filename(copy, NULL);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    enum st st = read_list(reg, 0, list, e);

    if (st != ST_OK ||
        g_ptr_array_find_with_equal_func(list, whole, g_str_equal, NULL))
        return st;
    g_ptr_array_add(list, g_steal_pointer(&whole));
    g_ptr_array_add(list, g_strdup(""));
    g_ptr_array_add(list, NULL);
    text = g_strjoinv("\n", (char **)list->pdata);
    return file_write(path, text, strlen(text), e);
}

enum st
reg_backups_since(const struct reg *reg, gint64 since, GPtrArray **out,
                  struct err *e)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    enum st st = read_list(reg, since, list, e);

    if (st == ST_OK)
        *out = g_steal_pointer(&list);
    return st;
}

static gboolean
is_same(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

/* The register, or a file that SQLite or we keep beside it, by whatever name
 * it is reached; also one that is not there now, such as its -wal. */
static gboolean
is_of_register(const struct reg *reg, const char *path)
{
    static const char *const kept[] = {"register.db",     "register.db-wal",
                                       "register.db-shm", "register.db-journal",
                                       "register.state",  "register.lock",
                                       "backups"};
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    gboolean beside = is_same(folder, reg->data);

    for (size_t n = 0; n < G_N_ELEMENTS(kept); n++) {
        g_autofree char *own = g_build_filename(reg->data, kept[n], NULL);

        if (is_same(path, own) || (beside && strcmp(name, kept[n]) == 0))
            return TRUE;
    }
    return FALSE;
}

enum st
reg_backup(struct reg *reg, const char *path, struct err *e)
{
    g_autofree char *temporary =
        g_strdup_printf("%s.%ld.tmp", path, (long)getpid());
    enum st st;

    if (is_of_register(reg, path))
        return err_set(e, ST_REJECT, EXIT_USAGE_ERROR,
                       _("%s is a file of the register itself, which a copy "
                         "would destroy; name another file, best on another "
                         "disk"),
                       path);
    st = db_new_file(temporary, e);
    if (st == ST_OK)
        st = copy_to(reg, temporary, e);
    if (st == ST_OK)
        st = file_publish(temporary, path, e);
    if (st != ST_OK)
        unlink(temporary);
    return st == ST_OK ? note_copy(reg, path, e) : st;
}

/* ---- verifying ---- */

static enum st
expect(struct reg *reg, const char *sql, const char *what, struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);
    g_autofree char *found = NULL;
    enum st st = db_string(q, &found, e);

    if (st == ST_OK && found && g_strcmp0(found, "ok") != 0)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA, "%s: %s: %s", reg->path,
                       what, found);
    return st;
}

static enum st
verify_drafts(struct reg *reg, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT sha256, bytes FROM draft ORDER BY id");
    gboolean row = TRUE;

    for (;;) {
        enum st st = db_next(q, &row, e);
        g_autoptr(GBytes) bytes = NULL;
        g_autofree char *hash = NULL;

        if (st != ST_OK || !row)
            return st;
        bytes = db_bytes(q, 1);
        hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
        if (g_strcmp0(hash, db_peek(q, 0)) != 0)
            return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                           "%s: the draft %s is not what was recorded",
                           reg->path, db_peek(q, 0));
    }
}

enum st
reg_verify(struct reg *reg, struct err *e)
{
    enum st st = expect(reg, "PRAGMA integrity_check(1)", "damaged", e);

    if (st == ST_OK)
        st = expect(reg, "PRAGMA foreign_key_check", "dangling row of", e);
    if (st == ST_OK)
        st = reg_history_verify(reg, e);
    return st == ST_OK ? verify_drafts(reg, e) : st;
}

/* ---- housekeeping ---- */

static enum st
drop(struct reg *reg, const char *sql, gint64 limit, struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    db_bind(q, 1, limit);
    return db_run(q, e);
}

/* A month after the last decision, whenever the message came: an order can
 * be taken back, and the message then be accepted. */
static enum st
drop_readings(struct reg *reg, gint64 before, struct err *e)
{
    return drop(reg,
                "DELETE FROM kept WHERE message IN (SELECT id FROM message "
                "WHERE is_open = 0 AND recorded < ?1) "
                "AND NOT EXISTS (SELECT 1 FROM history WHERE what = 'decide' "
                "AND object = kept.message AND at >= ?1)",
                before, e);
}

static enum st
drop_all(struct reg *reg, gint64 now, struct err *e)
{
    enum st st = drop(reg,
                      "DELETE FROM poll WHERE id <= "
                      "(SELECT max(id) FROM poll) - ?1",
                      POLLS_KEPT, e);

    if (st == ST_OK)
        st = drop(reg, "DELETE FROM code WHERE expires < ?1", now - CODES_KEPT,
                  e);
    if (st == ST_OK)
        st = drop(reg, "DELETE FROM claim WHERE last < ?1", now - CLAIMS_KEPT,
                  e);
    if (st == ST_OK)
        st = drop_readings(reg, now - READINGS_KEPT, e);
    if (st == ST_OK)
        st = drop(reg,
                  "UPDATE mail SET data = NULL WHERE data IS NOT NULL "
                  "AND state <> 'pending' AND done < ?1",
                  now - MAIL_DATA_KEPT, e);
    return st;
}

enum st
reg_maintain(struct reg *reg, gint64 now, struct err *e)
{
    enum st st = reg_begin(reg, e);

    if (st == ST_OK)
        st = drop_all(reg, now, e);
    st = reg_end(reg, st, e);
    if (st == ST_OK)
        st = db_exec(reg, "PRAGMA optimize", e);
    if (st == ST_OK)
        st = checkpoint_settle(reg, reg->checkpoint, e);
    if (st == ST_OK)
        st = db_exec(reg, "PRAGMA wal_checkpoint(TRUNCATE)", e);
    return st;
}

/* ---- after a purge ---- */

static enum st
empty_wal(struct reg *reg, struct err *e)
{
    enum st st = checkpoint_settle(reg, reg->checkpoint, e);
    int rc;

    if (st != ST_OK)
        return st;
    rc = sqlite3_wal_checkpoint_v2(reg->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                   NULL, NULL);
    return rc == SQLITE_OK ? ST_OK : db_error(reg, rc, e);
}

/* The copy that VACUUM makes on the way is of what was kept; it may be large
 * and stands, without a name, beside the register. */
static enum st
vacuum(struct reg *reg, struct err *e)
{
    enum st st;

    g_assert(!sqlite3_temp_directory);
    sqlite3_temp_directory = sqlite3_mprintf("%s", reg->data);
    st = db_exec(reg, "PRAGMA temp_store = FILE; VACUUM", e);
    sqlite3_exec(reg->db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
    sqlite3_free(sqlite3_temp_directory);
    sqlite3_temp_directory = NULL;
    return st;
}

/* VACUUM rewrites the file without the gaps in which moved rows leave their
 * bytes, and does that through the -wal, which is emptied last. */
enum st
reg_scrub(struct reg *reg, struct err *e)
{
    enum st st;

    g_assert(!reg->in_transaction);
    st = empty_wal(reg, e);
    if (st == ST_OK)
        st = vacuum(reg, e);
    return st == ST_OK ? empty_wal(reg, e) : st;
}
