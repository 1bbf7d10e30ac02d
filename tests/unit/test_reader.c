/* The sandbox proved from inside, and the pool's promise: whatever one
 * message does to its reader, the next message is read. */
#include "message/reader.h"
#include "message/reader_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int
try_exec(void)
{
    char *const argv[] = {(char *)"/bin/true", NULL};

    return execv("/bin/true", argv);
}

static int
try_memory(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return p == MAP_FAILED ? -1 : 0;
}

static int
try_protect(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    g_assert_true(p != MAP_FAILED);
    return mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static int
try_limit(void)
{
    struct rlimit rl = {RLIM_INFINITY, RLIM_INFINITY};

    return setrlimit(RLIMIT_CPU, &rl);
}

static int
try_pair(void)
{
    int pair[2];

    return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

#define TRY_FILE "/tmp/baosong-sandbox-test"

static pid_t program; /* the parent of the readers */

static int
call_file(const char *what)
{
    if (g_str_equal(what, "open-read"))
        return open("/etc/passwd", O_RDONLY);
    if (g_str_equal(what, "open-write"))
        return open(TRY_FILE, O_WRONLY | O_CREAT, 0600);
    if (g_str_equal(what, "memfd"))
        return memfd_create("x", 0);
    if (g_str_equal(what, "unlink"))
        return unlink(TRY_FILE);
    if (g_str_equal(what, "rename"))
        return rename("/etc/passwd", TRY_FILE);
    if (g_str_equal(what, "mkdir"))
        return mkdir(TRY_FILE, 0700);
    if (g_str_equal(what, "chdir"))
        return chdir("/");
    g_assert_not_reached();
}

/* What a reader that was taken over might want; < 0 and EACCES is the wall. */
static int
call(const char *what)
{
    if (g_str_equal(what, "socket"))
        return socket(AF_INET, SOCK_STREAM, 0);
    if (g_str_equal(what, "unix-socket"))
        return socket(AF_UNIX, SOCK_STREAM, 0);
    if (g_str_equal(what, "socketpair"))
        return try_pair();
    if (g_str_equal(what, "exec"))
        return try_exec();
    if (g_str_equal(what, "fork"))
        return fork();
    if (g_str_equal(what, "clone"))
        return (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (g_str_equal(what, "kill"))
        return kill(program, 0);
    if (g_str_equal(what, "tgkill"))
        return (int)syscall(SYS_tgkill, program, program, 0);
    if (g_str_equal(what, "ptrace"))
        return (int)ptrace(PTRACE_ATTACH, program, NULL, NULL);
    if (g_str_equal(what, "prctl"))
        return prctl(PR_SET_DUMPABLE, 1);
    if (g_str_equal(what, "setrlimit"))
        return try_limit();
    if (g_str_equal(what, "memory-exec"))
        return try_memory();
    if (g_str_equal(what, "protect-exec"))
        return try_protect();
    return call_file(what);
}

/* Let through, or refused by something else than the wall. */
static gboolean
call_succeeds(const char *what)
{
    errno = 0;
    return call(what) >= 0 || errno != EACCES;
}

static void
burn(void)
{
    for (volatile unsigned i = 0;; i++)
        continue;
}

static void
use_cpu(double seconds)
{
    clock_t start = clock();

    while ((double)(clock() - start) < seconds * CLOCKS_PER_SEC)
        continue;
}

/* Asleep, without using the processor. */
static void
wait_for_ever(void)
{
    int word = 0;

    for (;;)
        syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void
eat_memory(void)
{
    for (;;) {
        char *p = malloc(1 << 20);

        if (!p)
            abort(); /* as GLib does */
        memset(p, 1, 1 << 20);
    }
}

/* Large enough that not all of it is used again while memory is looked at. */
enum { SECRET_BYTES = 60000, NEEDLE_AT = 50000, NEEDLE = 64 };

/* Made by the reader and in no order: what is found came with its answer. */
static void
fill_secret(guint8 *out, size_t from, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        guint32 x = (guint32)(from + i) * 0x9E3779B1;

        out[i] = (guint8)((x ^ x >> 15) * 0x85EBCA6B >> 24);
    }
}

static GVariant *
secret_answer(void)
{
    guint8 *bytes = g_malloc(SECRET_BYTES);

    fill_secret(bytes, 0, SECRET_BYTES);
    return g_variant_new_variant(g_variant_new_from_data(
        G_VARIANT_TYPE_BYTESTRING, bytes, SECRET_BYTES, TRUE, g_free, bytes));
}

/* The answer before the true one: struct answer of reader.c.  Of all
 * descriptors only the socket can be written to. */
static void
lie(const char *how)
{
    guint64 answer[3] = {G_MAXUINT64, 0, 0};
    size_t len = sizeof answer;

    if (g_str_equal(how, "room"))
        answer[0] = (guint64)64 << 20;
    else if (g_str_equal(how, "short"))
        len--;
    for (int fd = 3; fd < 1024; fd++)
        if (write(fd, answer, len) == (ssize_t)len)
            return;
    g_assert_not_reached();
}

static GVariant *
work(const guint8 *data, size_t len, unsigned flags, void *user,
     gboolean *marked_out)
{
    g_autofree char *order = g_strndup((const char *)data, len);

    (void)user;
    (void)flags;
    if (g_str_equal(order, "crash"))
        /* cppcheck-suppress nullPointer */
        *(volatile int *)NULL = 1;
    if (g_str_equal(order, "burn"))
        burn();
    if (g_str_equal(order, "sleep"))
        for (;;)
            pause(); /* refused by the filter: burns CPU instead */
    if (g_str_equal(order, "wait"))
        wait_for_ever();
    if (g_str_equal(order, "eat"))
        eat_memory();
    if (g_str_equal(order, "work"))
        use_cpu(0.6);
    if (g_str_equal(order, "talk"))
        fputs("a piece of the message\n", stderr);
    if (g_str_equal(order, "exit"))
        _exit(3);
    if (g_str_equal(order, "marked"))
        *marked_out = TRUE;
    if (g_str_has_prefix(order, "lie "))
        lie(order + 4);
    if (g_str_equal(order, "secret"))
        return secret_answer();
    if (g_str_has_prefix(order, "try "))
        return g_variant_new_variant(
            g_variant_new_boolean(call_succeeds(order + 4)));
    if (g_str_equal(order, "large"))
        return g_variant_new_variant(g_variant_new_fixed_array(
            G_VARIANT_TYPE_BYTE, g_malloc0((size_t)9 << 20), (size_t)9 << 20,
            1));
    if (g_str_equal(order, "huge"))
        return g_variant_new_variant(g_variant_new_fixed_array(
            G_VARIANT_TYPE_BYTE, g_malloc0((size_t)60 << 20), (size_t)60 << 20,
            1));
    return g_variant_new_variant(g_variant_new_take_string(
        g_strdup_printf("%d %s", (int)getpid(), order)));
}

static struct reader_pool *
new_pool_of(unsigned workers, size_t message_bytes, unsigned wall_seconds)
{
    struct reader_config c = {.workers = workers,
                              .message_bytes = message_bytes,
                              .cpu_seconds = 1,
                              .wall_seconds = wall_seconds,
                              .memory_bytes = (size_t)200 << 20,
                              .work = work};
    struct reader_pool *pool = NULL;
    struct err e = ERR_INIT;

    g_assert_cmpint(reader_pool_new(&c, &pool, &e), ==, ST_OK);
    return pool;
}

/* What a message may take is judged by the processor's time: on a loaded
 * machine a second of it can last a minute. */
static struct reader_pool *
new_pool_for(unsigned workers, size_t message_bytes)
{
    return new_pool_of(workers, message_bytes, 300);
}

static struct reader_pool *
new_pool(unsigned workers)
{
    return new_pool_for(workers, 1 << 20);
}

static enum reader_outcome
ask(struct reader_pool *pool, const char *order, GVariant **answer_out)
{
    struct reader_result r;
    struct err e = ERR_INIT;
    enum reader_outcome outcome;

    g_assert_cmpint(
        reader_read(pool, (const guint8 *)order, strlen(order), 0, &r, &e), ==,
        ST_OK);
    outcome = r.outcome;
    if (outcome != READER_READ)
        g_assert_nonnull(r.cause);
    if (answer_out)
        *answer_out = g_steal_pointer(&r.answer);
    reader_result_clear(&r);
    return outcome;
}

static int
pid_of(struct reader_pool *pool)
{
    g_autoptr(GVariant) v = NULL;
    g_autoptr(GVariant) inner = NULL;

    g_assert_cmpint(ask(pool, "hello", &v), ==, READER_READ);
    inner = g_variant_get_variant(v);
    g_assert_true(g_variant_is_of_type(inner, G_VARIANT_TYPE_STRING));
    return atoi(g_variant_get_string(inner, NULL));
}

static void
test_walls(void)
{
    static const char *const calls[] = {
        "try socket",      "try unix-socket",  "try socketpair",
        "try open-read",   "try open-write",   "try memfd",
        "try exec",        "try fork",         "try clone",
        "try kill",        "try tgkill",       "try ptrace",
        "try unlink",      "try rename",       "try mkdir",
        "try chdir",       "try prctl",        "try setrlimit",
        "try memory-exec", "try protect-exec",
    };
    struct reader_pool *pool = new_pool(1);

    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
        g_autoptr(GVariant) v = NULL;
        g_autoptr(GVariant) inner = NULL;

        g_test_message("%s", calls[i]);
        g_assert_cmpint(ask(pool, calls[i], &v), ==, READER_READ);
        inner = g_variant_get_variant(v);
        g_assert_true(g_variant_is_of_type(inner, G_VARIANT_TYPE_BOOLEAN));
        g_assert_false(g_variant_get_boolean(inner));
    }
    g_assert_false(g_file_test(TRY_FILE, G_FILE_TEST_EXISTS));
    reader_pool_free(pool);
}

static void
test_one_bad_message_never_stops_the_next(void)
{
    struct reader_pool *pool = new_pool(1);
    int before = pid_of(pool);

    g_assert_cmpint(before, ==, pid_of(pool)); /* one reader serves many */
    g_assert_cmpint(ask(pool, "crash", NULL), ==, READER_DIED);
    g_assert_cmpint(pid_of(pool), !=, before);
    g_assert_cmpint(ask(pool, "eat", NULL), ==, READER_DIED);
    g_assert_cmpint(ask(pool, "burn", NULL), ==, READER_HUNG);
    g_assert_cmpint(ask(pool, "sleep", NULL), ==, READER_HUNG);
    g_assert_cmpint(ask(pool, "exit", NULL), ==, READER_DIED);
    g_assert_cmpint(ask(pool, "huge", NULL), ==, READER_TOO_BIG);
    pid_of(pool);
    reader_pool_free(pool);
}

/* What a reader has open beside standard error: sockets and all else. */
static gboolean
count_open(pid_t pid, guint *sockets_out, guint *others_out)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/fd", (int)pid);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *link = g_build_filename(path, name, NULL);
        g_autofree char *to = g_file_read_link(link, NULL);
        gboolean socket = to && g_str_has_prefix(to, "socket:");

        if (strcmp(name, "2") == 0)
            continue;
        *sockets_out += socket ? 1 : 0;
        *others_out += socket ? 0 : 1;
    }
    return dir != NULL;
}

/* Of all that was open in the program a reader has its one socket. */
static void
test_descriptors(void)
{
    int mine = open("/dev/null", O_RDWR), pair[2];
    guint sockets = 0, others = 0;
    struct reader_pool *pool;

    g_assert_true(mine >= 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    pool = new_pool(1);
    if (count_open(pid_of(pool), &sockets, &others)) {
        g_assert_cmpuint(sockets, ==, 1);
        g_assert_cmpuint(others, ==, 0);
    } else {
        g_test_skip("only root may look into a reader");
    }
    reader_pool_free(pool);
    close(mine);
    close(pair[0]);
    close(pair[1]);
}

/* Behind the filter stands a second wall: nothing may be opened, written or
 * forked, and no core file is made, even where a call gets through. */
static void
test_limits_of_a_reader(void)
{
    static const int none[] = {RLIMIT_CORE, RLIMIT_FSIZE, RLIMIT_NPROC,
                               RLIMIT_NOFILE};
    struct reader_pool *pool = new_pool(1);
    pid_t pid = pid_of(pool);

    for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
        struct rlimit rl;

        g_assert_cmpint(prlimit(pid, none[i], NULL, &rl), ==, 0);
        g_assert_cmpuint(rl.rlim_max, ==, 0);
    }
    reader_pool_free(pool);
}

enum { ANYBODY = 4711 }; /* a user of no name */

/* Whose are the files that show a reader's memory? */
static int
look_at_private_reader(void)
{
    g_autofree char *path = NULL;
    struct stat sb;
    struct reader_pool *pool;

    if (geteuid() == 0 && setresuid(ANYBODY, ANYBODY, ANYBODY))
        return 77;
    prctl(PR_SET_DUMPABLE, 1);
    pool = new_pool(1);
    path = g_strdup_printf("/proc/%d/mem", (int)pid_of(pool));
    if (stat(path, &sb))
        return 77;
    reader_pool_free(pool);
    return sb.st_uid == geteuid();
}

/* Not even the user who runs it may look into a reader.  As another than
 * root, to whom everything belongs anyway. */
static void
test_private(void)
{
    pid_t pid = fork();
    int status = 0;

    if (pid == 0)
        _exit(look_at_private_reader());
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        g_test_skip("this container lets nobody become another");
    else
        g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

/* Of the second that a message may use, six tenths are used by each of four:
 * the limit is a message's, not a reader's. */
static void
test_limits_are_armed_again(void)
{
    struct reader_pool *pool = new_pool(1);
    int before = pid_of(pool);

    for (int i = 0; i < 4; i++)
        g_assert_cmpint(ask(pool, "work", NULL), ==, READER_READ);
    g_assert_cmpint(pid_of(pool), ==, before);
    reader_pool_free(pool);
}

/* A reader that sleeps uses no processor: the wall clock finds it. */
static void
test_wall_clock(void)
{
    struct reader_pool *pool = new_pool_of(1, 1 << 20, 1);

    g_assert_cmpint(ask(pool, "wait", NULL), ==, READER_HUNG);
    reader_pool_free(pool);
}

/* What a library says about a message does not come into the log. */
static void
test_nothing_is_said(void)
{
#ifdef BAOSONG_SANITIZED
    g_test_skip("sanitizers report on standard error");
#else
    int keep = dup(STDERR_FILENO), ends[2];
    struct reader_pool *pool;
    char byte;

    g_assert_cmpint(pipe(ends), ==, 0);
    dup2(ends[1], STDERR_FILENO);
    pool = new_pool(1);
    g_assert_cmpint(ask(pool, "talk", NULL), ==, READER_READ);
    reader_pool_free(pool);
    dup2(keep, STDERR_FILENO);
    close(keep);
    close(ends[1]);
    g_assert_cmpint(read(ends[0], &byte, 1), ==, 0);
    close(ends[0]);
#endif
}

/* Promise 7: a reader that met a marking exits and is replaced. */
static void
test_marked_reader_is_replaced(void)
{
    struct reader_pool *pool = new_pool(1);
    int before = pid_of(pool);

    g_assert_cmpint(ask(pool, "marked", NULL), ==, READER_READ);
    g_assert_cmpint(pid_of(pool), !=, before);
    reader_pool_free(pool);
}

static void
test_side_by_side(void)
{
    struct reader_pool *pool = new_pool(3);
    struct err e = ERR_INIT;
    guint seen = 0;

    for (unsigned i = 0; i < 200; i++) {
        struct reader_result r;

        if (!reader_has_room(pool, 1) || i % 7 == 0) {
            if (reader_busy(pool) > 0) {
                reader_collect(pool, &r);
                g_assert_cmpint(r.outcome, ==, READER_READ);
                seen += GPOINTER_TO_UINT(r.ticket);
                reader_result_clear(&r);
            }
        }
        g_assert_cmpint(reader_submit(pool, (const guint8 *)"x", 1, 0,
                                      GUINT_TO_POINTER(i), &e),
                        ==, ST_OK);
    }
    while (reader_busy(pool) > 0) {
        struct reader_result r;

        reader_collect(pool, &r);
        seen += GPOINTER_TO_UINT(r.ticket);
        reader_result_clear(&r);
    }
    g_assert_cmpuint(seen, ==, 199 * 200 / 2);
    reader_pool_free(pool);
}

/* ---- several before one reader ---- */

static void
put(struct reader_pool *pool, const char *order, guint ticket)
{
    struct err e = ERR_INIT;

    g_assert_true(reader_has_room(pool, strlen(order)));
    g_assert_cmpint(reader_submit(pool, (const guint8 *)order, strlen(order), 0,
                                  GUINT_TO_POINTER(ticket), &e),
                    ==, ST_OK);
}

static void
take_one(struct reader_pool *pool, enum reader_outcome *out)
{
    struct reader_result r;

    reader_collect(pool, &r);
    out[GPOINTER_TO_UINT(r.ticket)] = r.outcome;
    reader_result_clear(&r);
}

/* The outcome of each, by ticket. */
static void
take(struct reader_pool *pool, enum reader_outcome *out)
{
    while (reader_busy(pool) > 0)
        take_one(pool, out);
}

/* Whoever dies takes nobody along: neither those whose answers wait to be
 * collected nor those behind. */
static void
test_queue_outlives_its_reader(void)
{
    static const char *const orders[] = {
        "hello", "hello", "marked", "hello", "crash", "hello", "marked",
        "exit",  "hello", "hello",  "burn",  "hello", "huge",  "hello"};
    enum reader_outcome out[G_N_ELEMENTS(orders)];
    struct reader_pool *pool = new_pool(1);

    for (guint n = 0; n < G_N_ELEMENTS(orders); n++) {
        out[n] = READER_NOT_GIVEN;
        while (!reader_has_room(pool, strlen(orders[n])))
            take_one(pool, out); /* on a loaded machine: one has died by now */
        put(pool, orders[n], n);
    }
    g_usleep(G_USEC_PER_SEC / 5); /* the first have ended by now */
    take(pool, out);
    for (guint n = 0; n < G_N_ELEMENTS(orders); n++) {
        enum reader_outcome wanted =
            g_str_equal(orders[n], "crash") || g_str_equal(orders[n], "exit")
                ? READER_DIED
            : g_str_equal(orders[n], "burn") ? READER_HUNG
            : g_str_equal(orders[n], "huge") ? READER_TOO_BIG
                                             : READER_READ;

        g_test_message("%u %s", n, orders[n]);
        g_assert_cmpint(out[n], ==, wanted);
    }
    reader_pool_free(pool);
}

/* An answer that is larger than the room beside others has all of it when
 * the message is read once more. */
static void
test_large_answer_is_read_alone(void)
{
    enum reader_outcome out[3] = {READER_NOT_GIVEN, READER_NOT_GIVEN,
                                  READER_NOT_GIVEN};
    struct reader_pool *pool = new_pool(1);

    put(pool, "hello", 0);
    put(pool, "large", 1);
    put(pool, "hello", 2);
    take(pool, out);
    for (int n = 0; n < 3; n++)
        g_assert_cmpint(out[n], ==, READER_READ);
    reader_pool_free(pool);
}

#ifdef BAOSONG_SANITIZED
enum { SANITIZED = TRUE }; /* mlockall() does nothing there */
#else
enum { SANITIZED = FALSE };
#endif

/* How many mappings of the message's memory a process has, of them locked. */
static gboolean
count_mappings(pid_t pid, guint *all_out, guint *locked_out)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/smaps", (int)pid);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    gboolean ours = FALSE;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return FALSE;
    lines = g_strsplit(text, "\n", -1);
    for (char **l = lines; *l; l++) {
        if (strstr(*l, " r") && strchr(*l, '-')) /* a mapping's first line */
            ours = strstr(*l, "memfd:baosong-message") != NULL;
        if (!ours || !g_str_has_prefix(*l, "VmFlags:"))
            continue;
        ++*all_out;
        *locked_out += strstr(*l, " lo") ? 1 : 0;
    }
    return TRUE;
}

/* More than the rings hold, so that it is let go of while it is copied; and
 * no whole number of pages. */
enum { MOVED = (7 << 20) + 77, PAGES = 1 << 20 };

/* Hand a large order over; it must not be here any more. */
static enum reader_outcome
move_over(struct reader_pool *pool, const char *order, size_t len,
          struct reader_result *out)
{
    /* begins and ends within a page */
    g_autofree guint8 *block = g_malloc0(len + 13);
    guint8 *data = block + 13;
    struct err e = ERR_INIT;

    memset(data, 'x', len);
    memcpy(data, order, strlen(order) + 1);
    g_assert_cmpint(reader_submit_moving(pool, data, len, 0, NULL, &e), ==,
                    ST_OK);
    for (size_t i = 0; i < len; i++)
        g_assert_cmpint(data[i], ==, 0);
    reader_collect(pool, out);
    return out->outcome;
}

/* Promise 7: pages that were given back behind a message that was read alone
 * are locked when the next one comes to stand there. */
static void
test_stays_locked(void)
{
    struct reader_pool *pool = new_pool_for(1, MOVED + PAGES);
    g_autofree char *order = g_strnfill(MOVED - 1, 'o');
    struct reader_result r;
    guint all = 0, locked = 0;

    g_assert_cmpint(move_over(pool, order, MOVED, &r), ==, READER_READ);
    reader_result_clear(&r);
    if (SANITIZED || geteuid() != 0 ||
        !count_mappings(pid_of(pool), &all, &locked)) {
        g_test_skip("only root may lock a reader's memory, and look at it");
    } else {
        g_assert_cmpuint(all, >, 0);
        g_assert_cmpuint(locked, ==, all);
    }
    reader_pool_free(pool);
}

/* The whole of it arrives, at the reader and back; a reader that dies over it
 * leaves nothing behind for the next. */
static void
test_moved(void)
{
    struct reader_pool *pool = new_pool_for(1, MOVED + PAGES);
    g_autofree char *order = g_strnfill(MOVED - 1, 'o');
    struct reader_result r;

    for (int i = 0; i < 2; i++) {
        g_autoptr(GVariant) inner = NULL;
        const char *back;

        g_assert_cmpint(move_over(pool, order, MOVED, &r), ==, READER_READ);
        inner = g_variant_get_variant(r.answer);
        back = strchr(g_variant_get_string(inner, NULL), ' ') + 1;
        g_assert_cmpstr(back, ==, order);
        reader_result_clear(&r);
    }
    g_assert_cmpint(move_over(pool, "crash", MOVED, &r), ==, READER_DIED);
    reader_result_clear(&r);
    g_assert_cmpint(ask(pool, "hello", NULL), ==, READER_READ);
    reader_pool_free(pool);
}

/* A reader that was taken over and says how long its answer is: more than
 * the room it has, or than there is memory; or says only half of it. */
static void
test_liar(void)
{
    static const struct {
        const char *order;
        enum reader_outcome outcome;
    } lies[] = {{"lie room", READER_LIED},
                {"lie all", READER_LIED},
                {"lie short", READER_DIED}};
    struct reader_pool *pool = new_pool(1);

    for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
        int before = pid_of(pool);

        g_test_message("%s", lies[i].order);
        g_assert_cmpint(ask(pool, lies[i].order, NULL), ==, lies[i].outcome);
        g_assert_cmpint(pid_of(pool), !=, before);
    }
    reader_pool_free(pool);
}

/* ---- what is left in our memory ---- */

/* How often it stands in the writable memory that is ours alone; the needle
 * itself does not count. */
static guint
count_in_memory(const guint8 *needle)
{
    g_autofree char *maps = NULL;
    g_auto(GStrv) lines = NULL;
    guint n = 0;

    g_assert_true(g_file_get_contents("/proc/self/maps", &maps, NULL, NULL));
    lines = g_strsplit(maps, "\n", -1);
    for (char **l = lines; *l; l++) {
        unsigned long low, high;
        const guint8 *p;

        if (sscanf(*l, "%lx-%lx rw-p", &low, &high) != 2 ||
            !strstr(*l, " rw-p "))
            continue;
        p = (const guint8 *)low;
        while ((p = memmem(p, high - (guintptr)p, needle, NEEDLE)) != NULL)
            n += p++ != needle;
    }
    return n;
}

/* Promise 7: what a reader answered is overwritten when it has been used. */
static void
test_answer_is_wiped(void)
{
    struct reader_pool *pool = new_pool(1);
    g_autoptr(GVariant) v = NULL;
    guint8 needle[NEEDLE];

    fill_secret(needle, NEEDLE_AT, NEEDLE);
    if (SANITIZED) {
        g_test_skip("memory that was freed may not be looked at");
    } else {
        g_assert_cmpint(ask(pool, "secret", &v), ==, READER_READ);
        g_assert_cmpuint(count_in_memory(needle), ==, 1);
        g_clear_pointer(&v, g_variant_unref);
        g_assert_cmpuint(count_in_memory(needle), ==, 0);
    }
    reader_pool_free(pool);
}

/* Slots never overlap, whatever comes and goes. */
static gboolean
overlap(size_t a, size_t a_len, size_t b, size_t b_len)
{
    return a < b + b_len && b < a + a_len;
}

static void
check_slots(const struct reader_queue *q)
{
    for (unsigned i = 0; i < q->n; i++) {
        const struct reader_slot *a =
            &q->slots[(q->first + i) % READER_QUEUE_SLOTS];

        g_assert_cmpuint(a->at + a->len, <=, q->message_bytes);
        g_assert_cmpuint(a->room_at + a->room, <=, q->answer_bytes);
        for (unsigned k = 0; k < i; k++) {
            const struct reader_slot *b =
                &q->slots[(q->first + k) % READER_QUEUE_SLOTS];

            g_assert_false(overlap(a->at, a->len, b->at, b->len));
            g_assert_false(overlap(a->room_at, a->room, b->room_at, b->room));
        }
    }
}

static void
test_places(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    struct reader_queue q;
    unsigned most = 0;

    reader_queue_init(&q, 26 << 20, 48 << 20);
    for (int step = 0; step < 20000; step++) {
        size_t len = (size_t)g_rand_int_range(
            random, 0, g_rand_int_range(random, 0, 9) ? 200000 : 20 << 20);
        gboolean alone = g_rand_int_range(random, 0, 50) == 0;

        if (g_rand_int_range(random, 0, 100) < 55 &&
            reader_queue_fits(&q, len, alone))
            reader_queue_push(&q, len, alone, 0, NULL);
        else if (q.n > 0)
            reader_queue_pop(&q);
        check_slots(&q);
        most = MAX(most, q.n);
    }
    g_assert_cmpuint(most, >, 20);
}

/* Nothing of ours is left when the pool goes. */
/* Of an exact number of descriptors none is left for a reader's memory. */
static void
allow_descriptors(rlim_t n, struct rlimit *before)
{
    struct rlimit rl;

    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, before), ==, 0);
    rl = *before;
    rl.rlim_cur = n;
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &rl), ==, 0);
}

/* The machine has nothing for a second reader: the message behind the one
 * that killed the first is not blamed for it. */
static void
test_unavailable(void)
{
    enum reader_outcome out[2] = {READER_NOT_GIVEN, READER_NOT_GIVEN};
    struct reader_pool *pool = new_pool_of(1, 1 << 20, 2);
    struct rlimit before;

    put(pool, "exit", 0);
    put(pool, "hello", 1);
    allow_descriptors(3, &before);
    take(pool, out);
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &before), ==, 0);
    g_assert_cmpint(out[0], ==, READER_DIED);
    g_assert_cmpint(out[1], ==, READER_UNAVAILABLE);
    g_assert_cmpint(ask(pool, "hello", NULL), ==, READER_READ);
    reader_pool_free(pool);
}

/* Without the nursery nothing can ever be read: the program is to begin
 * anew, and what waited is not blamed either, at once. */
static void
test_nursery_is_gone(void)
{
    g_autofree char *path =
        g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
    g_autofree char *children = NULL;
    struct reader_pool *pool = new_pool(1);
    enum reader_outcome out[2] = {READER_NOT_GIVEN, READER_NOT_GIVEN};
    struct err e = ERR_INIT;

    g_assert_true(g_file_get_contents(path, &children, NULL, NULL));
    put(pool, "crash", 0);
    put(pool, "hello", 1);
    g_assert_cmpint(kill(atoi(children), SIGKILL), ==, 0);
    take(pool, out);
    g_assert_cmpint(out[0], ==, READER_DIED);
    g_assert_cmpint(out[1], ==, READER_UNAVAILABLE);
    g_assert_cmpint(
        reader_submit(pool, (const guint8 *)"hello", 5, 0, NULL, &e), ==,
        ST_FATAL);
    g_assert_cmpint(e.status, ==, EXIT_TRY_AGAIN);
    reader_pool_free(pool);
}

static void
test_no_child_is_left(void)
{
    struct reader_pool *pool = new_pool(2);

    pid_of(pool);
    reader_pool_free(pool);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
    g_assert_cmpint(errno, ==, ECHILD);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    program = getpid();
    g_test_add_func("/reader/walls", test_walls);
    g_test_add_func("/reader/descriptors", test_descriptors);
    g_test_add_func("/reader/limits", test_limits_of_a_reader);
    g_test_add_func("/reader/private", test_private);
    g_test_add_func("/reader/limits-armed-again", test_limits_are_armed_again);
    g_test_add_func("/reader/wall-clock", test_wall_clock);
    g_test_add_func("/reader/nothing-is-said", test_nothing_is_said);
    g_test_add_func("/reader/one-bad-message",
                    test_one_bad_message_never_stops_the_next);
    g_test_add_func("/reader/marked", test_marked_reader_is_replaced);
    g_test_add_func("/reader/side-by-side", test_side_by_side);
    g_test_add_func("/reader/queue", test_queue_outlives_its_reader);
    g_test_add_func("/reader/large-answer", test_large_answer_is_read_alone);
    g_test_add_func("/reader/moved", test_moved);
    g_test_add_func("/reader/stays-locked", test_stays_locked);
    g_test_add_func("/reader/liar", test_liar);
    g_test_add_func("/reader/P9-answer-wiped", test_answer_is_wiped);
    g_test_add_func("/reader/places", test_places);
    g_test_add_func("/reader/unavailable", test_unavailable);
    g_test_add_func("/reader/nursery-gone", test_nursery_is_gone);
    g_test_add_func("/reader/no-child-left", test_no_child_is_left);
    return g_test_run();
}
