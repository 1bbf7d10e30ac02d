/* Opening the register: made once, locked, migrated, refused when damaged;
 * transactions, backup. */
#include "register/history.h"
#include "register/lock.h"
#include "register/message.h"
#include "register/schema.h"
#include "register/status.h"
#include "unit/register_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
in(const struct fixture *f, const char *name)
{
    return g_build_filename(f->dir, name, NULL);
}

static void
add_setting(struct reg *reg, const char *name, const char *value)
{
    MUST(reg_begin(reg, E));
    MUST(reg_setting_set(reg, name, value, E));
    MUST(reg_commit(reg, E));
}

static char *
setting(struct reg *reg, const char *name)
{
    char *value = NULL;

    MUST(reg_setting_get(reg, name, &value, E));
    return value;
}

static enum st
try_open(const char *dir, enum reg_mode mode, struct err *e)
{
    g_autoptr(reg_handle) reg = NULL;
    enum st st = reg_open(dir, mode, NOW, &reg, e);

    g_assert_true((st == ST_OK) == (reg != NULL));
    return st;
}

/* ---- being made ---- */

static void
test_made_once(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = in(f, "register.db");
    g_autofree char *value = NULL;
    struct stat sb;

    g_assert_cmpint(stat(path, &sb), ==, 0);
    g_assert_cmpint(sb.st_mode & 0777, ==, 0600);
    add_setting(f->reg, "a", "1");
    reopen(f, REG_SERVE);
    value = setting(f->reg, "a");
    g_assert_cmpstr(value, ==, "1");
}

static void
test_none_to_read(void)
{
    g_autofree char *dir = g_dir_make_tmp("baosong-test-XXXXXX", NULL);

    REFUSED(ST_REJECT, "no register", try_open(dir, REG_READ, E));
    remove_tree(dir);
}

static void
test_settings_of_connection(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    g_assert_cmpint(sql_number(f->reg, "PRAGMA synchronous"), ==, 2);
    g_assert_cmpint(sql_number(f->reg, "PRAGMA foreign_keys"), ==, 1);
    g_assert_cmpint(sql_number(f->reg, "PRAGMA secure_delete"), ==, 1);
    g_assert_cmpint(sql_number(f->reg, "PRAGMA temp_store"), ==, 2);
    g_assert_cmpint(sql_number(f->reg,
                               "SELECT count(*) FROM pragma_journal_mode "
                               "WHERE journal_mode = 'wal'"),
                    ==, 1);
}

/* ---- never an empty one over an old one (F6r) ---- */

static void
test_gone(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = in(f, "register.db");
    g_autofree char *wal = in(f, "register.db-wal");

    reg_close(g_steal_pointer(&f->reg));
    g_assert_cmpint(g_remove(path), ==, 0);
    REFUSED(ST_FATAL, "is gone", try_open(f->dir, REG_SERVE, E));
    g_remove(wal);
    REFUSED(ST_FATAL, "is gone", try_open(f->dir, REG_SERVE, E));
    REFUSED(ST_FATAL, "is gone", try_open(f->dir, REG_WRITE, E));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void
test_empty_file(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = in(f, "register.db");
    struct stat sb;

    reg_close(g_steal_pointer(&f->reg));
    g_assert_cmpint(truncate(path, 0), ==, 0);
    REFUSED(ST_FATAL, "damaged", try_open(f->dir, REG_SERVE, E));
    g_assert_cmpint(stat(path, &sb), ==, 0);
    g_assert_cmpint(sb.st_size, ==, 0);
}

static void
fill(struct reg *reg)
{
    MUST(reg_begin(reg, E));
    for (int i = 0; i < 400; i++) {
        g_autofree char *name = g_strdup_printf("setting %d", i);
        g_autofree char *value = g_strnfill(300, 'x');

        MUST(reg_setting_set(reg, name, value, E));
    }
    MUST(reg_commit(reg, E));
}

static void
test_half_a_file(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = in(f, "register.db");
    struct stat sb;

    fill(f->reg);
    reg_close(g_steal_pointer(&f->reg));
    g_assert_cmpint(stat(path, &sb), ==, 0);
    g_assert_cmpint(truncate(path, sb.st_size / 2), ==, 0);
    REFUSED(ST_FATAL, "damaged", try_open(f->dir, REG_SERVE, E));
}

/* Who only reads looks at no page but those that are needed. */
static void
test_end_is_missing(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = in(f, "register.db");
    struct stat sb;

    fill(f->reg);
    MUST(reg_maintain(f->reg, NOW, E));
    reg_close(g_steal_pointer(&f->reg));
    g_assert_cmpint(stat(path, &sb), ==, 0);
    g_assert_cmpint(truncate(path, sb.st_size - 100), ==, 0);
    REFUSED(ST_FATAL, "its end is missing", try_open(f->dir, REG_READ, E));
}

enum { PAGE = 8192 }; /* of a new register */

static void
overwrite_page(const char *path, off_t page)
{
    guint8 junk[PAGE];
    int fd = open(path, O_WRONLY);

    for (size_t i = 0; i < sizeof junk; i++)
        junk[i] = (guint8)(i * 37 + 11);
    g_assert_cmpint(pwrite(fd, junk, sizeof junk, page * PAGE), ==,
                    sizeof junk);
    close(fd);
}

/* Whichever page it is, and nothing is written to the file afterwards. */
static void
test_page_overwritten(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = in(f, "register.db");
    g_autofree char *whole = NULL;
    gsize len = 0;

    fill(f->reg);
    reg_close(g_steal_pointer(&f->reg));
    g_assert_true(g_file_get_contents(path, &whole, &len, NULL));
    for (off_t page = 0; page < (off_t)(len / PAGE); page += 3) {
        g_autofree char *before = NULL, *after = NULL;
        gsize before_len, after_len;

        g_assert_true(g_file_set_contents(path, whole, (gssize)len, NULL));
        overwrite_page(path, page);
        g_assert_true(g_file_get_contents(path, &before, &before_len, NULL));
        REFUSED(ST_FATAL, "", try_open(f->dir, REG_SERVE, E));
        g_assert_true(g_file_get_contents(path, &after, &after_len, NULL));
        g_assert_cmpuint(after_len, ==, before_len);
        g_assert_true(memcmp(before, after, after_len) == 0);
    }
}

/* A program that is killed leaves its last commits in the -wal. */
static void
write_and_die(const char *dir)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        struct reg *reg = NULL;

        MUST(reg_open(dir, REG_SERVE, NOW, &reg, E));
        add_setting(reg, "last", "kept");
        kill(getpid(), SIGKILL);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status));
}

/* What is still in the -wal is not poured into a damaged file. */
static void
test_damaged_and_killed(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = in(f, "register.db");
    g_autofree char *before = NULL, *after = NULL;
    gsize before_len = 0, after_len = 0;

    fill(f->reg);
    reg_close(g_steal_pointer(&f->reg));
    write_and_die(f->dir);
    g_assert_true(g_file_get_contents(path, &before, &before_len, NULL));
    overwrite_page(path, (off_t)(before_len / PAGE) - 3);
    g_clear_pointer(&before, g_free);
    g_assert_true(g_file_get_contents(path, &before, &before_len, NULL));
    REFUSED(ST_FATAL, "damaged", try_open(f->dir, REG_SERVE, E));
    g_assert_true(g_file_get_contents(path, &after, &after_len, NULL));
    g_assert_cmpuint(after_len, ==, before_len);
    g_assert_true(memcmp(before, after, after_len) == 0);
}

static void
test_killed(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *value = NULL;

    reg_close(g_steal_pointer(&f->reg));
    write_and_die(f->dir);
    MUST(reg_open(f->dir, REG_SERVE, NOW, &f->reg, E));
    value = setting(f->reg, "last");
    g_assert_cmpstr(value, ==, "kept");
}

static void
test_wal_deleted(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *wal = in(f, "register.db-wal");
    g_autofree char *state = in(f, "register.state");

    reg_close(g_steal_pointer(&f->reg));
    write_and_die(f->dir);
    g_assert_cmpint(g_remove(wal), ==, 0);
    REFUSED(ST_FATAL, "-wal is gone", try_open(f->dir, REG_SERVE, E));
    g_assert_cmpint(g_remove(state), ==, 0); /* the cure it names */
    MUST(reg_open(f->dir, REG_SERVE, NOW, &f->reg, E));
}

/* After an orderly end the -wal holds nothing and may go. */
static void
test_wal_deleted_in_order(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *wal = in(f, "register.db-wal");
    g_autofree char *value = NULL;

    add_setting(f->reg, "a", "1");
    reg_close(g_steal_pointer(&f->reg));
    g_remove(wal);
    MUST(reg_open(f->dir, REG_SERVE, NOW, &f->reg, E));
    value = setting(f->reg, "a");
    g_assert_cmpstr(value, ==, "1");
}

/* Root may write everywhere: the user is another one, in a child. */
static void
test_read_only(void)
{
    static const char *const others[] = {"", "register.state", "register.lock"};
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = in(f, "register.db");
    pid_t child;
    int status = 0;

    if (geteuid() != 0) {
        g_test_skip("needs root");
        return;
    }
    reg_close(g_steal_pointer(&f->reg));
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *other = in(f, others[i]);

        g_assert_cmpint(chown(other, 65534, 65534), ==, 0);
    }
    g_assert_cmpint(chmod(path, 0444), ==, 0);
    child = fork();
    if (child == 0) {
        if (seteuid(65534) == 0)
            REFUSED(ST_FATAL, "who owns it", try_open(f->dir, REG_SERVE, E));
        _exit(0);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
test_other_database(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = in(f, "register.db");
    sqlite3 *db = NULL;

    reg_close(g_steal_pointer(&f->reg));
    g_remove(path);
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    sqlite3_exec(db, "CREATE TABLE moz_places (id)", NULL, NULL, NULL);
    sqlite3_close(db);
    REFUSED(ST_FATAL, "another program", try_open(f->dir, REG_SERVE, E));
}

/* ---- versions (F7r) ---- */

static void
test_newer_schema(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    MUST(db_exec(f->reg, "INSERT INTO migration VALUES (9999, 0)", E));
    reg_close(g_steal_pointer(&f->reg));
    REFUSED(ST_FATAL, "newer", try_open(f->dir, REG_SERVE, E));
    REFUSED(ST_FATAL, "newer", try_open(f->dir, REG_READ, E));
}

static const char *const second[] = {"CREATE TABLE later (a INTEGER)", NULL};
static const char *const third[] = {
    "INSERT INTO later SELECT count(*) FROM setting", NULL};
static const char *const failing[] = {"CREATE TABLE half (a INTEGER)",
                                      "INSERT INTO nowhere VALUES (1)", NULL};

static struct migration *
extended(int more, const char *const *last)
{
    int n = schema_migrations_count;
    struct migration *list = g_new0(struct migration, n + 2);

    memcpy(list, schema_migrations, sizeof *list * (size_t)n);
    list[n] = (struct migration){n + 1, more > 1 ? second : last};
    list[n + 1] = (struct migration){n + 2, last};
    return list;
}

static void
test_migrates_from_later_versions(void)
{
    int n = schema_migrations_count;

    for (int from = n; from <= n + 1; from++) {
        g_autofree struct migration *list = extended(2, third);
        g_autofree char *dir = g_dir_make_tmp("baosong-test-XXXXXX", NULL);
        g_autoptr(fixture) f = fixture_new(REG_SERVE);
        int version = 0;

        add_setting(f->reg, "a", "1");
        MUST(schema_migrate(f->reg, list, from, NOW, E));
        MUST(schema_migrate(f->reg, list, n + 2, NOW, E));
        MUST(schema_version(f->reg, &version, E));
        g_assert_cmpint(version, ==, n + 2);
        g_assert_cmpint(sql_number(f->reg, "SELECT a FROM later"), ==, 1);
        remove_tree(dir);
    }
}

/* A register as the first release left it, opened by this one. */
static void
test_migrates_from_version_1(void)
{
    static const char *const back[] = {"DROP TABLE similar",
                                       "DROP TABLE fingerprint",
                                       "DROP TABLE reference",
                                       "DELETE FROM counter WHERE name = "
                                       "'fingerprints dropped'",
                                       "DROP TABLE mail_sent",
                                       "DROP TABLE ledger_row",
                                       "DROP TABLE ledger",
                                       "DROP INDEX place_refile",
                                       "ALTER TABLE place DROP COLUMN refile",
                                       "DROP TABLE progress",
                                       "DROP TABLE progress_state",
                                       "DROP INDEX mail_answers_to",
                                       "DROP INDEX mail_answers_sent",
                                       "DELETE FROM migration "
                                       "WHERE version > 1"};
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    add_setting(f->reg, "a", "1");
    for (size_t i = 0; i < G_N_ELEMENTS(back); i++)
        MUST(db_exec(f->reg, back[i], E));
    reopen(f, REG_SERVE);
    g_assert_cmpint(sql_number(f->reg, "SELECT max(version) FROM migration"),
                    ==, schema_migrations_count);
    g_assert_cmpint(sql_number(f->reg, "SELECT count(*) FROM ledger_row"), ==,
                    0);
    g_assert_cmpint(sql_number(f->reg, "SELECT count(*) FROM setting"), ==, 1);
}

static void
execute(sqlite3 *db, const char *sql)
{
    char *error = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &error))
        g_error("%s: %s", sql, error);
}

/* A row for every word of each closed set, beside which version 6 put a list
 * of them. */
static const char *const every_word[] = {
    "INSERT INTO mailbox VALUES (1, 'u', 1, 1, 1)",
    "WITH w(r, v) AS (VALUES ('internaldate', 'accepted'), "
    "('mtime', 'returned'), ('from-line', 'ignored'), "
    "('received', 'duplicate'), ('file', 'quarantined'), ('file', 'held'), "
    "('file', 'command'), ('file', 'query')) INSERT INTO message (received, "
    "receipt, size, verdict, reasons, notes, is_open, recorded) "
    "SELECT 1, r, 1, v, '', '', 0, 1 FROM w",
    "WITH w(f, r) AS (VALUES ('inbox', NULL), ('accepted', 'accepted'), "
    "('returned', 'returned'), ('ignored', 'ignored'), ('held', 'held')) "
    "INSERT INTO place SELECT 1, 1, f, 1, 1, f, 0, r FROM w",
    "WITH w(s) AS (VALUES ('recorded'), ('withdrawn'), ('purged')) "
    "INSERT INTO submission (year, serial, received, day, title, words, notes, "
    "state, version) SELECT 1, row_number() OVER (), 1, 1, 't', 1, '', s, 1 "
    "FROM w",
    "WITH w(k, s) AS (VALUES ('reply', 'pending'), ('decision', 'sent'), "
    "('answer', 'failed'), ('code', 'bounced'), ('notice', 'suppressed'), "
    "('reminder', 'sent'), ('bulletin', 'sent'), ('ledger', 'sent'), "
    "('staff', 'sent'), ('alert', 'sent')) INSERT INTO mail (kind, recipient, "
    "recipient_key, envelope_from, mail_id, data, state, attempts, created, "
    "due) SELECT k, 'a', 'a', '', k, x'31', s, 0, 1, 1 FROM w"};

/* As version 6 left it, every word in use. */
static void
make_version_6(const char *path)
{
    sqlite3 *db = NULL;

    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    for (int m = 0; schema_migrations[m].version <= 6; m++) {
        g_autofree char *noted =
            g_strdup_printf("INSERT INTO migration VALUES (%d, 1)", m + 1);

        for (int i = 0; schema_migrations[m].statements[i]; i++)
            execute(db, schema_migrations[m].statements[i]);
        execute(db, noted);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(every_word); i++)
        execute(db, every_word[i]);
    sqlite3_close(db);
}

/* The sets are closed as before, and no table holds a list any more that
 * SQLite would look through in a table of its own. */
static void
test_migrates_from_version_6(void)
{
    static const char *const refused[] = {
        "UPDATE message SET receipt = 'x'", "UPDATE message SET verdict = 'x'",
        "UPDATE place SET folder = 'x'",    "UPDATE place SET refile = 'inbox'",
        "UPDATE submission SET state = ''", "UPDATE mail SET kind = 'Reply'",
        "UPDATE mail SET state = 'x'"};
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = in(f, "register.db");
    g_autofree char *dir = g_strdup(f->dir);
    g_autofree char *found = NULL;
    g_autoptr(query) check = NULL;

    reg_close(g_steal_pointer(&f->reg));
    remove_tree(dir);
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    make_version_6(path);
    MUST(reg_open(dir, REG_SERVE, NOW, &f->reg, E));
    g_assert_cmpint(sql_number(f->reg, "SELECT max(version) FROM migration"),
                    ==, schema_migrations_count);
    check = db_query(f->reg, "PRAGMA integrity_check");
    MUST(db_string(check, &found, E));
    g_assert_cmpstr(found, ==, "ok");
    g_assert_cmpint(sql_number(f->reg, "SELECT count(*) FROM sqlite_schema "
                                       "WHERE sql LIKE '% IN  %(%,%,%'"),
                    ==, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++)
        REFUSED(ST_REJECT, "CHECK constraint", db_exec(f->reg, refused[i], E));
    REFUSED(ST_FATAL, "may not be modified",
            db_exec(f->reg, "UPDATE sqlite_schema SET sql = ''", E));
}

static void
test_failed_migration_leaves_nothing(void)
{
    g_autofree struct migration *list = extended(2, failing);
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    int n = schema_migrations_count, version = 0;

    REFUSED(ST_FATAL, "migration to version",
            schema_migrate(f->reg, list, n + 2, NOW, E));
    MUST(schema_version(f->reg, &version, E));
    g_assert_cmpint(version, ==, n);
    g_assert_cmpint(sql_number(f->reg, "SELECT count(*) FROM sqlite_schema "
                                       "WHERE name IN ('later', 'half')"),
                    ==, 0);
}

/* ---- locks (C21) ---- */

/* POSIX locks are of processes: the other program is a child. */
static int
status_in_child(const char *dir, enum reg_mode mode)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        struct err e = ERR_INIT;

        try_open(dir, mode, &e);
        _exit((int)e.status);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void
test_one_server(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    g_assert_cmpint(status_in_child(f->dir, REG_SERVE), ==, EXIT_TRY_AGAIN);
    g_assert_cmpint(status_in_child(f->dir, REG_WRITE), ==, EXIT_DONE);
    g_assert_cmpint(status_in_child(f->dir, REG_READ), ==, EXIT_DONE);
    reg_close(g_steal_pointer(&f->reg));
    g_assert_cmpint(status_in_child(f->dir, REG_SERVE), ==, EXIT_DONE);
}

static void
test_writers_take_turns(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_handle) desk = NULL;

    MUST(reg_open(f->dir, REG_WRITE, NOW, &desk, E));
    sqlite3_busy_timeout(desk->db, 10);
    MUST(reg_begin(f->reg, E));
    REFUSED(ST_RETRY, "another program is writing", reg_begin(desk, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_begin(desk, E));
    MUST(reg_commit(desk, E));
}

static void
test_reading_while_writing(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_handle) reader = NULL;
    g_autofree char *before = NULL, *after = NULL;

    MUST(reg_open(f->dir, REG_READ, NOW, &reader, E));
    MUST(reg_begin(reader, E));
    before = setting(reader, "a");
    add_setting(f->reg, "a", "1");
    g_assert_null(before);
    g_assert_cmpint(sql_number(reader, "SELECT count(*) FROM setting"), ==, 0);
    MUST(reg_commit(reader, E)); /* the snapshot ends */
    after = setting(reader, "a");
    g_assert_cmpstr(after, ==, "1");
}

/* ---- transactions ---- */

static void
test_rollback(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *a = NULL, *b = NULL, *c = NULL;

    MUST(reg_begin(f->reg, E));
    MUST(reg_setting_set(f->reg, "a", "1", E));
    MUST(reg_save(f->reg, E));
    MUST(reg_setting_set(f->reg, "b", "1", E));
    MUST(reg_undo(f->reg, E));
    MUST(reg_save(f->reg, E));
    MUST(reg_setting_set(f->reg, "c", "1", E));
    MUST(reg_keep(f->reg, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_begin(f->reg, E));
    MUST(reg_setting_set(f->reg, "a", "2", E));
    reg_rollback(f->reg);
    a = setting(f->reg, "a");
    b = setting(f->reg, "b");
    c = setting(f->reg, "c");
    g_assert_cmpstr(a, ==, "1");
    g_assert_null(b);
    g_assert_cmpstr(c, ==, "1");
}

/* SQLite rolls back by itself when the disk is full: what follows must not
 * be committed as if it were the whole. */
static void
test_disk_full(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *big = g_strnfill(2000000, 'x');
    g_autofree char *value = NULL;

    MUST(db_exec(f->reg, "PRAGMA max_page_count = 200", E));
    MUST(reg_begin(f->reg, E));
    MUST(reg_setting_set(f->reg, "a", "1", E));
    REFUSED(ST_RETRY, "full", reg_setting_set(f->reg, "b", big, E));
    if (sqlite3_get_autocommit(f->reg->db)) {
        REFUSED(ST_RETRY, "rolled back", reg_setting_set(f->reg, "c", "1", E));
        REFUSED(ST_RETRY, "rolled back", reg_commit(f->reg, E));
    } else {
        reg_rollback(f->reg);
    }
    value = setting(f->reg, "a");
    g_assert_null(value);
    add_setting(f->reg, "a", "2"); /* and it goes on */
}

/* ---- backup and verification ---- */

static void
test_backup(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *dir = g_dir_make_tmp("baosong-test-XXXXXX", NULL);
    g_autofree char *copy = g_build_filename(dir, "register.db", NULL);
    g_autoptr(reg_handle) restored = NULL;
    g_autofree char *value = NULL;
    struct stat sb;

    fill(f->reg);
    add_setting(f->reg, "a", "1");
    MUST(reg_backup(f->reg, copy, E));
    g_assert_cmpint(stat(copy, &sb), ==, 0);
    g_assert_cmpint(sb.st_mode & 0777, ==, 0600);
    add_setting(f->reg, "a", "2");
    MUST(reg_open(dir, REG_SERVE, NOW, &restored, E));
    value = setting(restored, "a");
    g_assert_cmpstr(value, ==, "1");
    MUST(reg_verify(restored, E));
    reg_close(g_steal_pointer(&restored));
    remove_tree(dir);
}

/* By its name, through a link of either kind, and a name that SQLite would
 * take for its log. */
static void
test_backup_onto_itself(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *db = in(f, "register.db");
    g_autofree char *wal = in(f, "register.db-wal");
    g_autofree char *journal = in(f, "register.db-journal");
    g_autofree char *list = in(f, "backups");
    g_autofree char *hard = in(f, "hard");
    g_autofree char *soft = in(f, "soft");
    const char *const bad[] = {db, wal, journal, list, hard, soft};
    struct stat before, after;

    fill(f->reg);
    g_assert_cmpint(stat(db, &before), ==, 0);
    g_assert_cmpint(link(db, hard), ==, 0);
    g_assert_cmpint(symlink(wal, soft), ==, 0);
    for (size_t n = 0; n < G_N_ELEMENTS(bad); n++)
        REFUSED(ST_REJECT, "a file of the register itself",
                reg_backup(f->reg, bad[n], E));
    g_assert_cmpint(stat(db, &after), ==, 0);
    g_assert_cmpuint(before.st_ino, ==, after.st_ino);
    g_assert_cmpint(access(journal, F_OK), ==, -1);
    MUST(reg_verify(f->reg, E));
}

static void
test_backup_to_nowhere(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    REFUSED(ST_RETRY, "cannot create",
            reg_backup(f->reg, "/nonexistent/x.db", E));
    MUST(reg_verify(f->reg, E));
}

static void
test_maintain(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *wal = in(f, "register.db-wal");
    struct stat sb;

    fill(f->reg);
    MUST(reg_maintain(f->reg, NOW, E));
    g_assert_cmpint(stat(wal, &sb), ==, 0);
    g_assert_cmpint(sb.st_size, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/register/open/made-once", test_made_once);
    g_test_add_func("/register/open/none-to-read", test_none_to_read);
    g_test_add_func("/register/open/F8r-settings", test_settings_of_connection);
    g_test_add_func("/register/open/F6r-gone", test_gone);
    g_test_add_func("/register/open/F6r-empty-file", test_empty_file);
    g_test_add_func("/register/open/F6r-half-a-file", test_half_a_file);
    g_test_add_func("/register/open/F6r-end-is-missing", test_end_is_missing);
    g_test_add_func("/register/open/F6r-page-overwritten",
                    test_page_overwritten);
    g_test_add_func("/register/open/F1r-killed", test_killed);
    g_test_add_func("/register/open/F6r-damaged-and-killed",
                    test_damaged_and_killed);
    g_test_add_func("/register/open/F6r-wal-deleted", test_wal_deleted);
    g_test_add_func("/register/open/wal-deleted-in-order",
                    test_wal_deleted_in_order);
    g_test_add_func("/register/open/F6r-read-only", test_read_only);
    g_test_add_func("/register/open/other-database", test_other_database);
    g_test_add_func("/register/open/F7r-newer", test_newer_schema);
    g_test_add_func("/register/open/F7r-migrates",
                    test_migrates_from_later_versions);
    g_test_add_func("/register/open/F7r-migrates-version-1",
                    test_migrates_from_version_1);
    g_test_add_func("/register/open/F7r-from-version-6",
                    test_migrates_from_version_6);
    g_test_add_func("/register/open/F7r-failed-migration",
                    test_failed_migration_leaves_nothing);
    g_test_add_func("/register/open/C21-one-server", test_one_server);
    g_test_add_func("/register/open/writers-take-turns",
                    test_writers_take_turns);
    g_test_add_func("/register/open/reading-while-writing",
                    test_reading_while_writing);
    g_test_add_func("/register/open/rollback", test_rollback);
    g_test_add_func("/register/open/F2r-disk-full", test_disk_full);
    g_test_add_func("/register/open/backup", test_backup);
    g_test_add_func("/register/open/backup-onto-itself",
                    test_backup_onto_itself);
    g_test_add_func("/register/open/backup-to-nowhere", test_backup_to_nowhere);
    g_test_add_func("/register/open/maintain", test_maintain);
    return g_test_run();
}
