/* open.c - opening the register, and all the reasons not to. */
#include "register/register.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/step.h"
#include "register/checkpoint.h"
#include "register/db.h"
#include "register/message.h"
#include "register/outbox.h"
#include "register/schema.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A register up to this size is checked as a whole whenever a writer opens
 * it; a larger one after a crash, and once a day. */
#define SMALL_BYTES (64 * 1024 * 1024)
#define CHECK_EVERY (24 * 3600)
#define PAGE_LEAST 512 /* of what SQLite knows */
#define BUSY_MS 10000
#define CACHE_KB "12288" /* indexes of hashes are hit all over */
/* Of a new register: a draft fills ten pages of this size, which is less work
 * than twenty; still larger ones would write more of each index. */
#define PAGE_BYTES "8192"
#define LOG_PAGES                                                              \
    "2000" /* 16 MB, four batches: then the log is copied back                 \
            */

/* ---- connecting ---- */

/* To count the memory in use costs a lock and two sums at each allocation,
 * and nobody asks. */
static void
configure_library(void)
{
    static gsize done;

    if (g_once_init_enter(&done)) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        g_once_init_leave(&done, 1);
    }
}

/* temp_store: nothing of a message may reach a temporary file.  The -wal
 * stays when the last program leaves, so that its absence tells something;
 * a damaged register must not be changed by closing it. */
static enum st
configure(struct reg *reg, struct err *e)
{
    int persist = 1;

    sqlite3_extended_result_codes(reg->db, 1);
    sqlite3_busy_timeout(reg->db, BUSY_MS);
    sqlite3_db_config(reg->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(reg->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(reg->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_file_control(reg->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &persist);
    return db_exec(reg,
                   "PRAGMA page_size = " PAGE_BYTES ";"
                   "PRAGMA wal_autocheckpoint = " LOG_PAGES ";"
                   "PRAGMA foreign_keys = ON;"
                   "PRAGMA synchronous = FULL;"
                   "PRAGMA secure_delete = ON;"
                   "PRAGMA temp_store = MEMORY;"
                   "PRAGMA cache_size = -" CACHE_KB ";"
                   "PRAGMA cell_size_check = ON;",
                   e);
}

static enum st
connect_to(struct reg *reg, const char *path, int flags, struct err *e)
{
    int rc;

    configure_library();
    rc = sqlite3_open_v2(path, &reg->db,
                         flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
                         NULL);
    if (rc != SQLITE_OK)
        return db_error(reg, rc, e);
    return configure(reg, e);
}

/* ---- a new register ---- */

/* Made under another name and renamed when it is whole. */
static enum st
build(const char *data, const char *temporary, gint64 now, struct err *e)
{
    g_autoptr(reg_handle) reg = db_handle_new(data, REG_WRITE);
    enum st st = connect_to(reg, temporary, SQLITE_OPEN_READWRITE, e);

    if (st != ST_OK)
        return st;
    return schema_migrate(reg, schema_migrations, schema_migrations_count, now,
                          e);
}

static void
unlink_suffixed(const char *path, const char *suffix)
{
    g_autofree char *name = g_strconcat(path, suffix, NULL);

    unlink(name);
}

static enum st
create(struct reg *reg, gint64 now, struct err *e)
{
    g_autofree char *temporary = g_strconcat(reg->path, ".new", NULL);
    enum st st;

    unlink_suffixed(temporary, "-journal");
    st = db_new_file(temporary, e);
    if (st == ST_OK)
        st = build(reg->data, temporary, now, e);
    if (st == ST_OK)
        st = file_publish(temporary, reg->path, e);
    if (st != ST_OK)
        unlink(temporary);
    return st;
}

/* Nothing may be put in the place of a register that is gone. */
static enum st
create_if_first(struct reg *reg, gint64 now, struct err *e)
{
    g_autofree char *wal = g_strconcat(reg->path, "-wal", NULL);
    enum st st;

    if (reg->state.existed || g_file_test(wal, G_FILE_TEST_EXISTS))
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "%s is gone, and there was one; put it back, or a "
                       "backup of it (to begin anew on purpose, move the "
                       "whole directory %s away)",
                       reg->path, reg->data);
    if (!lock_state_alone(reg->state_fd))
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                       "another program is just making %s; try again",
                       reg->path);
    reg->state.making = TRUE;
    st = lock_state_write(reg->state_fd, &reg->state, e);
    if (st == ST_OK)
        st = create(reg, now, e);
    lock_state_share(reg->state_fd);
    return st;
}

/* ---- an old register ---- */

/* Without a log to mend it from, a file that ends within a page has lost
 * something, of which SQLite would read zeros. */
static gboolean
is_torn(const char *path, const char *wal)
{
    struct stat sb, log = {0};

    return stat(path, &sb) == 0 && sb.st_size % PAGE_LEAST != 0 &&
           (stat(wal, &log) != 0 || log.st_size == 0);
}

/* SQLite takes an empty file for a new database, and one without its -wal
 * for an older state of it: both must be seen before it opens them. */
static enum st
look_at_file(struct reg *reg, struct err *e)
{
    g_autofree char *wal = g_strconcat(reg->path, "-wal", NULL);
    char magic[16] = "";
    FILE *f = fopen(reg->path, "rbe");
    size_t n = f ? fread(magic, 1, sizeof magic, f) : 0;

    if (!f)
        return err_set(e, ST_FATAL, EXIT_IO, "cannot read %s", reg->path);
    fclose(f);
    if (n < sizeof magic || memcmp(magic, "SQLite format 3", 16) != 0)
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "%s is damaged: it does not begin as a register does; "
                       "put a backup in its place",
                       reg->path);
    if (is_torn(reg->path, wal))
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "%s is damaged: its end is missing; put a backup in "
                       "its place",
                       reg->path);
    if (reg->state.open && !g_file_test(wal, G_FILE_TEST_EXISTS))
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "%s-wal is gone although the last program did not "
                       "leave in good order: it held the last entries. Put "
                       "it back; or, if %s is a backup that you put there, "
                       "delete %s/register.state",
                       reg->path, reg->path, reg->data);
    return ST_OK;
}

static enum st
integrity(struct reg *reg, const char *pragma, struct err *e)
{
    g_autoptr(query) q = db_query(reg, pragma);
    g_autofree char *found = NULL;
    enum st st = db_string(q, &found, e);

    if (st != ST_OK)
        return st;
    if (g_strcmp0(found, "ok") != 0) {
        reg->broken = TRUE;
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "%s is damaged (%s); put a backup in its place",
                       reg->path, found);
    }
    return ST_OK;
}

static enum st
check_pages(struct reg *reg, gint64 now, struct err *e)
{
    const struct lock_state *state = &reg->state;
    struct stat sb = {0};
    enum st st;

    if (stat(reg->path, &sb) == 0 && sb.st_size > SMALL_BYTES) {
        gint64 age = now - state->checked;

        if (!state->open && age >= 0 && age < CHECK_EVERY)
            return ST_OK;
        st = integrity(reg, "PRAGMA quick_check(1)", e);
    } else {
        st = integrity(reg, "PRAGMA integrity_check(1)", e);
    }
    if (st == ST_OK)
        reg->state.checked = now;
    return st;
}

/* Only the one program that is there may change the schema. */
static enum st
bring_up_to_date(struct reg *reg, gint64 now, struct err *e)
{
    int present = schema_migrations[schema_migrations_count - 1].version;
    int version = 0;
    enum st st = schema_version(reg, &version, e);

    if (st != ST_OK || version == present)
        return st;
    if (version == 0)
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "%s is empty, and there was a register; put a backup "
                       "in its place",
                       reg->path);
    if (version < present && reg->mode == REG_READ)
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                       "%s is of an older version; `baosong poll` brings it "
                       "up to date",
                       reg->path);
    if (version < present && !lock_state_alone(reg->state_fd))
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                       "%s is to be brought up to date, but other programs "
                       "use it; stop them first",
                       reg->path);
    st =
        schema_migrate(reg, schema_migrations, schema_migrations_count, now, e);
    if (reg->state_fd >= 0)
        lock_state_share(reg->state_fd);
    return st;
}

static enum st
write_ahead(struct reg *reg, struct err *e)
{
    g_autoptr(query) q = NULL;
    g_autofree char *mode = NULL;
    enum st st = db_exec(reg, "PRAGMA journal_mode = WAL", e);

    if (st != ST_OK)
        return st;
    q = db_query(reg, "SELECT journal_mode FROM pragma_journal_mode");
    st = db_string(q, &mode, e);
    if (st == ST_OK && g_strcmp0(mode, "wal") != 0)
        return err_set(e, ST_FATAL, EXIT_IO,
                       "%s: this file system cannot hold a write-ahead log; "
                       "use a local one for `data`",
                       reg->path);
    return st;
}

/* SQLite opens a write-protected file for reading, and says nothing. */
static enum st
connect_writable(struct reg *reg, struct err *e)
{
    enum st st = connect_to(reg, reg->path, SQLITE_OPEN_READWRITE, e);

    if (st == ST_OK && sqlite3_db_readonly(reg->db, "main"))
        return err_set(e, ST_FATAL, EXIT_IO,
                       "%s is read-only for this user; see who owns it",
                       reg->path);
    return st;
}

/* A register beside which nothing says how far it had come was put there,
 * unless whoever was making the first one was killed when it stood. */
static enum st
find_state(struct reg *reg, gint64 now, struct err *e)
{
    enum st st = lock_state_open(reg->data, &reg->state_fd, &reg->state, e);

    if (st != ST_OK)
        return st;
    if (!g_file_test(reg->path, G_FILE_TEST_EXISTS))
        st = create_if_first(reg, now, e);
    else if (!reg->state.existed && !reg->state.making)
        reg->state.messages = LOCK_STATE_LOST;
    return st;
}

/* From here on there is a -wal. */
static enum st
say_open(struct reg *reg, struct err *e)
{
    reg->survived = !reg->state.open || reg->state.failed;
    reg->state.making = FALSE;
    reg->state.open = TRUE;
    reg->state.failed = FALSE;
    return lock_state_write(reg->state_fd, &reg->state, e);
}

static enum st
open_for_writing(struct reg *reg, gint64 now, struct err *e)
{
    enum st st = find_state(reg, now, e);

    if (st == ST_OK)
        st = look_at_file(reg, e);
    if (st == ST_OK)
        st = connect_writable(reg, e);
    if (st == ST_OK)
        st = check_pages(reg, now, e);
    if (st == ST_OK)
        st = bring_up_to_date(reg, now, e);
    if (st == ST_OK)
        st = write_ahead(reg, e);
    if (st == ST_OK)
        st = say_open(reg, e);
    if (st == ST_OK)
        st = reg_mail_settle(reg, e);
    reg->healthy = st == ST_OK;
    if (st == ST_OK && reg->mode == REG_SERVE)
        reg->checkpoint = checkpoint_begin(reg);
    return st;
}

static enum st
open_for_reading(struct reg *reg, struct err *e)
{
    enum st st;

    if (!g_file_test(reg->path, G_FILE_TEST_EXISTS))
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "there is no register in %s yet; `baosong poll` makes "
                       "one",
                       reg->data);
    st = look_at_file(reg, e);
    if (st == ST_OK)
        st = connect_to(reg, reg->path, SQLITE_OPEN_READONLY, e);
    return st == ST_OK ? bring_up_to_date(reg, 0, e) : st;
}

enum st
reg_folder_private(const char *data, unsigned rights, struct err *e)
{
    unsigned mode = file_open_to_others(data);

    if (!(mode & rights))
        return ST_OK;
    return err_set(e, ST_FATAL, EXIT_CONFIGURATION,
                   mode & REG_OTHERS_WRITE
                       ? _("%s can be written by other users of this machine, "
                           "who could give orders as staff; run chmod 700 %s")
                       : _("%s can be looked into by other users of this "
                           "machine; run chmod 700 %s"),
                   data, data);
}

enum st
reg_open(const char *data, enum reg_mode mode, gint64 now, struct reg **out,
         struct err *e)
{
    g_autoptr(reg_handle) reg = db_handle_new(data, mode);
    enum st st = ST_OK;

    if (mode != REG_READ)
        st = file_mkdir(data, e);
    if (st == ST_OK && mode != REG_READ)
        st = reg_folder_private(data, REG_OTHERS_WRITE, e);
    if (st == ST_OK && mode == REG_SERVE)
        st = lock_take(data, &reg->lock_fd, e);
    if (st == ST_OK)
        st = mode == REG_READ ? open_for_reading(reg, e)
                              : open_for_writing(reg, now, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&reg);
    return st;
}

/* ---- how it was left, and how far it had come ---- */

gboolean
reg_survived(const struct reg *reg)
{
    return reg->survived;
}

enum st
reg_is_behind(struct reg *reg, gboolean *out, struct err *e)
{
    gint64 last = 0;
    enum st st = reg_message_last(reg, &last, e);

    if (st == ST_OK)
        *out = last < reg->state.messages;
    return st;
}

enum st
reg_stamp(struct reg *reg, struct err *e)
{
    gint64 last = 0;
    enum st st = reg_message_last(reg, &last, e);

    if (st != ST_OK || last == reg->state.messages)
        return st;
    reg->state.messages = last;
    return lock_state_write(reg->state_fd, &reg->state, e);
}
