/* The log is copied back beside the program: it stays short, nothing waits
 * for it, and a flush that failed there is as final as in a commit; which may
 * be beside it, too. */
#include "register/checkpoint.h"

#include "base/thread.h"
#include "register/message.h"
#include "register/status.h"
#include "unit/register_fixture.h"

#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { VALUE = 4 << 20, VALUES = 12, LONG_LOG = 16 << 20 };

static pthread_t program;
static gint refuse; /* flushes of other threads fail */

int fdatasync(int fd);

/* In place of the C library's: SQLite flushes through it. */
int
fdatasync(int fd)
{
    if (g_atomic_int_get(&refuse) && !pthread_equal(pthread_self(), program)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

static gint64
size_of(const struct fixture *f, const char *name)
{
    g_autofree char *path = g_build_filename(f->dir, name, NULL);
    struct stat sb;

    g_assert_cmpint(stat(path, &sb), ==, 0);
    return sb.st_size;
}

static enum st
write_value(struct fixture *f, int n, struct err *e)
{
    g_autofree char *name = g_strdup_printf("value %d", n);
    g_autofree char *value = g_strnfill(VALUE, (char)('a' + n));
    enum st st = reg_begin(f->reg, e);

    if (st == ST_OK)
        st = reg_setting_set(f->reg, name, value, e);
    return reg_end(f->reg, st, e);
}

static void
all_are_there(struct fixture *f)
{
    for (int n = 0; n < VALUES; n++) {
        g_autofree char *name = g_strdup_printf("value %d", n);
        g_autofree char *value = NULL;

        MUST(reg_setting_get(f->reg, name, &value, E));
        g_assert_nonnull(value);
        g_assert_cmpint(value[VALUE - 1], ==, 'a' + n);
    }
}

static void
test_short_log(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    for (int n = 0; n < VALUES; n++) {
        MUST(write_value(f, n, E));
        MUST(checkpoint_settle(f->reg, f->reg->checkpoint, E));
    }
    g_assert_cmpint(size_of(f, "register.db"), >, (VALUES - 5) * VALUE);
    g_assert_cmpint(size_of(f, "register.db-wal"), <, LONG_LOG + 2 * VALUE);
    all_are_there(f);
    reopen(f, REG_SERVE);
    all_are_there(f);
}

/* Commits that do not wait: the log never has more than it may. */
static void
test_busy(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    for (int n = 0; n < 3 * VALUES; n++)
        MUST(write_value(f, n % VALUES, E));
    g_assert_cmpint(size_of(f, "register.db-wal"), <, 5 * LONG_LOG);
    MUST(reg_scrub(f->reg, E));
    g_assert_cmpint(size_of(f, "register.db-wal"), ==, 0);
    all_are_there(f);
    MUST(reg_verify(f->reg, E));
}

static void
test_failed_flush(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct err e = ERR_INIT;
    enum st st = ST_OK;
    int n = 0;

    g_atomic_int_set(&refuse, 1);
    while (st == ST_OK && n < VALUES) {
        st = write_value(f, n++, &e);
        if (st == ST_OK)
            st = checkpoint_settle(f->reg, f->reg->checkpoint, &e);
    }
    g_atomic_int_set(&refuse, 0);
    g_assert_cmpint(st, ==, ST_FATAL);
    g_assert_cmpint(e.status, ==, EXIT_IO);
    REFUSED(ST_FATAL, "earlier failure", reg_begin(f->reg, E));
    reopen(f, REG_SERVE); /* all that was committed is in the log */
    for (int k = 0; k < n; k++) {
        g_autofree char *name = g_strdup_printf("value %d", k);
        g_autofree char *value = NULL;

        MUST(reg_setting_get(f->reg, name, &value, E));
        g_assert_nonnull(value);
    }
}

static void
begin_beside(struct fixture *f, const char *value)
{
    MUST(reg_begin(f->reg, E));
    MUST(reg_setting_set(f->reg, "beside", value, E));
    reg_commit_beside(f->reg);
}

static void
beside_is(struct fixture *f, const char *value)
{
    g_autofree char *now = NULL;

    MUST(reg_setting_get(f->reg, "beside", &now, E));
    g_assert_cmpstr(now, ==, value);
}

static void
test_commit_beside(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    begin_beside(f, "first");
    MUST(reg_commit_await(f->reg, E));
    beside_is(f, "first");
    begin_beside(f, "second");
    MUST(reg_commit_await(f->reg, E));
    reopen(f, REG_SERVE);
    beside_is(f, "second");
}

/* It is another thread's flush that fails here, and the program is told. */
static void
test_failed_beside(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct err e = ERR_INIT;

    g_atomic_int_set(&refuse, 1);
    begin_beside(f, "never");
    g_assert_cmpint(reg_commit_await(f->reg, &e), ==, ST_FATAL);
    g_atomic_int_set(&refuse, 0);
    g_assert_cmpint(e.status, ==, EXIT_IO);
    REFUSED(ST_FATAL, "earlier failure", reg_begin(f->reg, E));
}

static gpointer
nice_of_one_behind(gpointer user)
{
    (void)user;
    thread_step_back();
    return GINT_TO_POINTER(getpriority(PRIO_PROCESS, 0));
}

static void
test_step_back(void)
{
    int before = getpriority(PRIO_PROCESS, 0);
    GThread *t = thread_begin("behind", nice_of_one_behind, NULL);

    g_assert_cmpint(GPOINTER_TO_INT(g_thread_join(t)), ==,
                    MIN(before + 10, 19));
    g_assert_cmpint(getpriority(PRIO_PROCESS, 0), ==, before);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    program = pthread_self();
    g_test_add_func("/checkpoint/short-log", test_short_log);
    g_test_add_func("/checkpoint/busy", test_busy);
    g_test_add_func("/checkpoint/F2r-failed-flush", test_failed_flush);
    g_test_add_func("/commit/beside", test_commit_beside);
    g_test_add_func("/commit/F2r-failed-beside", test_failed_beside);
    g_test_add_func("/thread/step-back", test_step_back);
    return g_test_run();
}
