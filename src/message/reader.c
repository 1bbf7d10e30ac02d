/* reader.c - see reader.h.
 *
 * Three kinds of process: the program; the nursery, a clean process that
 * does nothing but fork; and the readers, forked by the nursery with
 * CLONE_PARENT so that the program itself is told how each one ended.
 *
 *   program --(one byte + two descriptors)--> nursery --fork--> reader
 *   program <--(struct answer)--------------------------------- reader
 */
#include "message/reader.h"

#include "message/mail.h"
#include "message/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ANSWER_ROOM = 48 << 20,   /* beside the message: text and draft bytes */
    KEEP_RESIDENT = 1 << 20,  /* shared pages kept between messages */
    RETIRE_RSS_KB = 160 << 10 /* a reader that has grown so much is replaced */
};

struct request {
    guint64 len;
    guint64 flags; /* enum reader_flag */
};

struct answer {
    guint64 len;    /* of the serialised variant; 0: it did not fit */
    guint64 rss_kb; /* peak of the reader */
    guint64 marked;
};

struct worker {
    pid_t pid; /* 0: none */
    int fd;
    guint8 *memory; /* shared with the reader: message, then answer */
    gboolean busy;
    void *ticket;
    gint64 deadline; /* monotonic microseconds */
    size_t used;     /* bytes of memory touched by this message */
};

struct reader_pool {
    struct reader_config config;
    size_t memory_size;
    pid_t nursery;
    int nursery_fd;
    unsigned count;
    struct worker *workers;
};

void
reader_result_clear(struct reader_result *r)
{
    g_clear_pointer(&r->reading, reading_free);
    g_clear_pointer(&r->answer, g_variant_unref);
}

/* ---- inside the reader ---- */

static GVariant *
read_mail(const guint8 *data, size_t len, unsigned flags, void *user,
          gboolean *marked_out)
{
    struct mail_context context = {NULL, NULL, FALSE};
    g_autoptr(reading) r = NULL;

    if (user)
        context = *(const struct mail_context *)user;
    context.released = (flags & READER_RELEASED) != 0;
    r = flags & READER_FILE ? mail_read_file(data, len)
                            : mail_read(data, len, &context);

    *marked_out = r->secrecy != SECRECY_NONE;
    return reading_to_variant(r);
}

static struct answer
answer_one(const struct reader_config *config, guint8 *memory,
           size_t memory_size, const struct request *q)
{
    struct answer a = {0, 0, 0};
    struct rusage usage;
    gboolean marked = FALSE;
    g_autoptr(GVariant) v = config->work(
        memory, (size_t)q->len, (unsigned)q->flags, config->user, &marked);
    size_t size = g_variant_get_size(v);

    g_variant_ref_sink(v);
    if (size <= memory_size - config->message_bytes) {
        g_variant_store(v, memory + config->message_bytes);
        a.len = size;
    }
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        a.rss_kb = (guint64)usage.ru_maxrss;
    a.marked = (guint64)marked;
    return a;
}

G_NORETURN static void
serve(const struct reader_config *config, int fd, guint8 *memory,
      size_t memory_size)
{
    struct request q;
    struct answer a;

    if (!sandbox_enter(fd, config->memory_bytes))
        _exit(EXIT_SOFTWARE);
    while (read(fd, &q, sizeof q) == (ssize_t)sizeof q &&
           q.len <= config->message_bytes) {
        a = answer_one(config, memory, memory_size, &q);
        if (write(fd, &a, sizeof a) != (ssize_t)sizeof a || a.marked)
            break;
    }
    _exit(0);
}

/* ---- the nursery ---- */

static gboolean
receive_descriptors(int from, int fds[2])
{
    char byte;
    struct iovec iov = {&byte, 1};
    union {
        char buffer[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct msghdr m = {.msg_iov = &iov,
                       .msg_iovlen = 1,
                       .msg_control = control.buffer,
                       .msg_controllen = sizeof control.buffer};
    struct cmsghdr *c;

    if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) != 1)
        return FALSE;
    c = CMSG_FIRSTHDR(&m);
    if (!c || c->cmsg_type != SCM_RIGHTS)
        return FALSE;
    memcpy(fds, CMSG_DATA(c), 2 * sizeof(int));
    return TRUE;
}

/* A reader, as the program's child and not the nursery's. */
static pid_t
fork_for_parent(void)
{
    return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
}

static void
start_reader(const struct reader_pool *pool, int fds[2], int nursery_fd)
{
    pid_t pid = fork_for_parent();
    guint8 *memory;

    if (pid == 0) {
        close(nursery_fd);
        memory = mmap(NULL, pool->memory_size, PROT_READ | PROT_WRITE,
                      MAP_SHARED, fds[1], 0);
        if (memory == MAP_FAILED)
            _exit(EXIT_SOFTWARE);
        serve(&pool->config, fds[0], memory, pool->memory_size);
    }
    if (write(nursery_fd, &pid, sizeof pid) != (ssize_t)sizeof pid)
        _exit(EXIT_SOFTWARE);
    close(fds[0]);
    close(fds[1]);
}

G_NORETURN static void
run_nursery(const struct reader_pool *pool, int fd)
{
    int fds[2];

    /* Ctrl-C goes to the whole group; the program tells us when to end */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    prctl(PR_SET_NAME, "baosong-nursery");
    if (pool->config.prepare)
        pool->config.prepare();
    while (receive_descriptors(fd, fds))
        start_reader(pool, fds, fd);
    _exit(0);
}

static enum st
start_nursery(struct reader_pool *pool, struct err *e)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN, "socketpair: %s",
                       g_strerror(errno));
    pool->nursery = fork();
    if (pool->nursery == 0) {
        close(pair[0]);
        run_nursery(pool, pair[1]);
    }
    close(pair[1]);
    pool->nursery_fd = pair[0];
    if (pool->nursery < 0)
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                       "cannot start a reader process: %s", g_strerror(errno));
    return ST_OK;
}

/* ---- the program's side ---- */

static gboolean
send_descriptors(int to, int a, int b)
{
    char byte = 'r';
    struct iovec iov = {&byte, 1};
    union {
        char buffer[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control = {{0}};
    struct msghdr m = {.msg_iov = &iov,
                       .msg_iovlen = 1,
                       .msg_control = control.buffer,
                       .msg_controllen = sizeof control.buffer};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    int fds[2] = {a, b};

    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fds);
    memcpy(CMSG_DATA(c), fds, sizeof fds);
    return sendmsg(to, &m, MSG_NOSIGNAL) == 1;
}

/* Memory that exists nowhere but in memory, of a size nobody can change. */
static int
shared_memory(size_t size)
{
    int fd = memfd_create("baosong-message", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0)
        return -1;
    if (ftruncate(fd, (off_t)size) ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) {
        close(fd);
        return -1;
    }
    return fd;
}

static gboolean
ask_nursery(struct reader_pool *pool, struct worker *w, int memory_fd)
{
    int pair[2];
    pid_t pid = -1;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
        return FALSE;
    if (!send_descriptors(pool->nursery_fd, pair[1], memory_fd) ||
        read(pool->nursery_fd, &pid, sizeof pid) != (ssize_t)sizeof pid)
        pid = -1;
    close(pair[1]);
    if (pid <= 0) {
        close(pair[0]);
        return FALSE;
    }
    w->fd = pair[0];
    w->pid = pid;
    return TRUE;
}

static enum st
start_worker(struct reader_pool *pool, struct worker *w, struct err *e)
{
    int memory_fd = shared_memory(pool->memory_size);
    void *memory = MAP_FAILED;

    if (memory_fd >= 0)
        memory = mmap(NULL, pool->memory_size, PROT_READ | PROT_WRITE,
                      MAP_SHARED, memory_fd, 0);
    if (memory != MAP_FAILED && ask_nursery(pool, w, memory_fd)) {
        madvise(memory, pool->memory_size, MADV_DONTDUMP);
        w->memory = memory;
        close(memory_fd);
        return ST_OK;
    }
    err_set(e, ST_RETRY, EXIT_TRY_AGAIN, "cannot start a reader process: %s",
            g_strerror(errno));
    if (memory != MAP_FAILED)
        munmap(memory, pool->memory_size);
    if (memory_fd >= 0)
        close(memory_fd);
    return ST_RETRY;
}

/* End a reader; the result of waitpid.  What it shared is overwritten. */
static int
end_worker(struct reader_pool *pool, struct worker *w, gboolean by_force)
{
    int status = 0;

    if (by_force)
        kill(w->pid, SIGKILL);
    close(w->fd);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    explicit_bzero(w->memory, w->used);
    explicit_bzero(w->memory + pool->config.message_bytes, w->used);
    munmap(w->memory, pool->memory_size);
    memset(w, 0, sizeof *w);
    return status;
}

enum st
reader_pool_new(const struct reader_config *config, struct reader_pool **out,
                struct err *e)
{
    struct reader_pool *pool = g_new0(struct reader_pool, 1);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    enum st st;

    pool->config = *config;
    /* the answer begins behind the message, aligned for GVariant */
    pool->config.message_bytes = (config->message_bytes + 4095) & ~(size_t)4095;
    if (!pool->config.work)
        pool->config.work = read_mail;
    if (!pool->config.cpu_seconds)
        pool->config.cpu_seconds = 10;
    if (!pool->config.wall_seconds)
        pool->config.wall_seconds = 30;
    if (!pool->config.memory_bytes)
        pool->config.memory_bytes = (size_t)400 << 20;
    pool->memory_size = pool->config.message_bytes + ANSWER_ROOM;
    pool->count =
        config->workers ? config->workers : (unsigned)CLAMP(cores - 1, 1, 16);
    pool->workers = g_new0(struct worker, pool->count);
    st = start_nursery(pool, e);
    if (st != ST_OK) {
        reader_pool_free(pool);
        return st;
    }
    *out = pool;
    return ST_OK;
}

void
reader_pool_free(struct reader_pool *pool)
{
    if (!pool)
        return;
    for (unsigned i = 0; i < pool->count; i++)
        if (pool->workers[i].pid)
            end_worker(pool, &pool->workers[i], pool->workers[i].busy);
    close(pool->nursery_fd);
    if (pool->nursery > 0)
        waitpid(pool->nursery, NULL, 0);
    g_free(pool->workers);
    g_free(pool);
}

unsigned
reader_busy(const struct reader_pool *pool)
{
    unsigned n = 0;

    for (unsigned i = 0; i < pool->count; i++)
        n += pool->workers[i].busy ? 1 : 0;
    return n;
}

unsigned
reader_idle(const struct reader_pool *pool)
{
    return pool->count - reader_busy(pool);
}

/* An idle reader, one that runs already before one that must be started. */
static struct worker *
find_idle(struct reader_pool *pool)
{
    struct worker *fresh = NULL;

    for (unsigned i = 0; i < pool->count; i++) {
        struct worker *w = &pool->workers[i];

        if (w->pid && !w->busy)
            return w;
        if (!w->pid && !fresh)
            fresh = w;
    }
    return fresh;
}

/* CPU limits count from a process's birth: move the limit on from outside,
 * so that the reader needs no system call to set it. */
static void
arm_cpu(const struct reader_pool *pool, pid_t pid)
{
    struct rlimit rl;
    struct timespec used = {0, 0};
    clockid_t clock;

    if (clock_getcpuclockid(pid, &clock) == 0)
        clock_gettime(clock, &used);
    if (prlimit(pid, RLIMIT_CPU, NULL, &rl))
        return; /* the wall clock still guards */
    rl.rlim_cur = (rlim_t)used.tv_sec + pool->config.cpu_seconds + 1;
    prlimit(pid, RLIMIT_CPU, &rl, NULL);
}

static gboolean
hand_over(struct reader_pool *pool, struct worker *w, const guint8 *data,
          size_t len, unsigned flags)
{
    struct request q = {len, flags};

    memcpy(w->memory, data, len);
    w->used = len;
    arm_cpu(pool, w->pid);
    return send(w->fd, &q, sizeof q, MSG_NOSIGNAL) == (ssize_t)sizeof q;
}

enum st
reader_submit(struct reader_pool *pool, const guint8 *data, size_t len,
              unsigned flags, void *ticket, struct err *e)
{
    struct worker *w = find_idle(pool);

    g_assert(w && len <= pool->config.message_bytes);
    if (w->pid && !hand_over(pool, w, data, len, flags))
        end_worker(pool, w, TRUE); /* died while idle: take a new one */
    if (!w->pid) {
        enum st st = start_worker(pool, w, e);

        if (st != ST_OK)
            return st;
        if (!hand_over(pool, w, data, len, flags)) {
            end_worker(pool, w, TRUE);
            return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                           "a new reader process does not answer");
        }
    }
    w->busy = TRUE;
    w->ticket = ticket;
    w->deadline = g_get_monotonic_time() +
                  (gint64)pool->config.wall_seconds * G_USEC_PER_SEC;
    return ST_OK;
}

/* What a reader said, ours now. */
struct copy {
    gsize len;
    _Alignas(16) guint8 bytes[];
};

static void
wipe_copy(gpointer data)
{
    struct copy *copy = data;

    explicit_bzero(copy->bytes, copy->len);
    g_free(copy);
}

/* The answer as it came, copied out of the reader's reach before it is
 * looked at. */
static GVariant *
take_answer(const struct reader_pool *pool, const struct worker *w,
            const struct answer *a)
{
    const GVariantType *type = pool->config.work == read_mail
                                   ? G_VARIANT_TYPE(READING_VARIANT_TYPE)
                                   : G_VARIANT_TYPE_VARIANT;
    struct copy *copy = g_malloc(sizeof *copy + (gsize)a->len);
    GVariant *v;

    copy->len = (gsize)a->len;
    memcpy(copy->bytes, w->memory + pool->config.message_bytes, copy->len);
    v = g_variant_new_from_data(type, copy->bytes, copy->len, FALSE, wipe_copy,
                                copy);
    return g_variant_ref_sink(v);
}

static void
understand(struct reader_pool *pool, struct worker *w, const struct answer *a,
           struct reader_result *out)
{
    g_autoptr(GVariant) v = NULL;

    if (a->len == 0 || a->len > ANSWER_ROOM) {
        out->outcome = READER_TOO_BIG;
        out->cause = "the message unfolds to more than the reader may hold";
        return;
    }
    w->used = MAX(w->used, (size_t)a->len);
    v = take_answer(pool, w, a);
    out->outcome = READER_READ;
    if (pool->config.work != read_mail) {
        out->answer = g_steal_pointer(&v);
        return;
    }
    out->reading = reading_from_variant(v);
    if (!out->reading) {
        out->outcome = READER_LIED;
        out->cause = "the reader's answer was not well-formed";
    }
}

static void
describe_death(int status, struct reader_result *out)
{
    out->outcome = READER_DIED;
    out->cause = "the reader ended";
    if (!WIFSIGNALED(status))
        return;
    if (WTERMSIG(status) == SIGXCPU) {
        out->outcome = READER_HUNG;
        out->cause = "reading took more CPU time than allowed";
    } else if (WTERMSIG(status) == SIGABRT || WTERMSIG(status) == SIGTRAP) {
        out->cause = "the reader aborted (memory limit or a library's check)";
    } else if (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS) {
        out->cause = "the reader crashed";
    }
}

/* Give the pages of a large message back, keep those of small ones. */
static void
release_pages(struct reader_pool *pool, struct worker *w)
{
    if (w->used <= KEEP_RESIDENT)
        return;
    madvise(w->memory, pool->memory_size, MADV_REMOVE);
    w->used = 0;
}

static void
finish(struct reader_pool *pool, struct worker *w, struct reader_result *out)
{
    struct answer a;
    ssize_t n = recv(w->fd, &a, sizeof a, MSG_DONTWAIT);

    out->ticket = w->ticket;
    w->busy = FALSE;
    if (n != (ssize_t)sizeof a) {
        describe_death(end_worker(pool, w, n > 0), out);
        return;
    }
    understand(pool, w, &a, out);
    if (a.marked || a.rss_kb > RETIRE_RSS_KB || out->outcome == READER_LIED)
        end_worker(pool, w, FALSE);
    else
        release_pages(pool, w);
}

static void
hung(struct reader_pool *pool, struct worker *w, struct reader_result *out)
{
    out->ticket = w->ticket;
    out->outcome = READER_HUNG;
    out->cause = "reading took longer than allowed";
    end_worker(pool, w, TRUE);
}

#ifdef BAOSONG_SANITIZED
/* ASan cannot live under RLIMIT_AS: its resident memory is watched from
 * outside instead. */
enum { WATCH_MS = 50, SANITIZED_RSS_PAGES = 100000 };

static gboolean
is_swollen(const struct worker *w)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/statm", (int)w->pid);
    g_autofree char *text = NULL;
    unsigned long total = 0, resident = 0;

    return g_file_get_contents(path, &text, NULL, NULL) &&
           sscanf(text, "%lu %lu", &total, &resident) == 2 &&
           resident > SANITIZED_RSS_PAGES;
}

static void
kill_swollen(struct reader_pool *pool)
{
    for (unsigned i = 0; i < pool->count; i++)
        if (pool->workers[i].busy && is_swollen(&pool->workers[i]))
            kill(pool->workers[i].pid, SIGKILL);
}
#else
enum { WATCH_MS = 1000 };

static void
kill_swollen(struct reader_pool *pool)
{
    (void)pool; /* RLIMIT_AS does it */
}
#endif

static struct worker *
nearest_deadline(struct reader_pool *pool)
{
    struct worker *first = NULL;

    for (unsigned i = 0; i < pool->count; i++) {
        struct worker *w = &pool->workers[i];

        if (w->busy && (!first || w->deadline < first->deadline))
            first = w;
    }
    return first;
}

void
reader_collect(struct reader_pool *pool, struct reader_result *out)
{
    g_autofree struct pollfd *fds = g_new0(struct pollfd, pool->count);

    memset(out, 0, sizeof *out);
    for (;;) {
        struct worker *first = nearest_deadline(pool);
        gint64 left;

        g_assert(first);
        left = first->deadline - g_get_monotonic_time();
        if (left <= 0) {
            hung(pool, first, out);
            return;
        }
        for (unsigned i = 0; i < pool->count; i++)
            fds[i] = (struct pollfd){
                pool->workers[i].busy ? pool->workers[i].fd : -1, POLLIN, 0};
        if (poll(fds, pool->count, (int)MIN(left / 1000 + 1, WATCH_MS)) <= 0) {
            kill_swollen(pool);
            continue;
        }
        for (unsigned i = 0; i < pool->count; i++) {
            if (fds[i].revents) {
                finish(pool, &pool->workers[i], out);
                return;
            }
        }
    }
}

enum st
reader_read(struct reader_pool *pool, const guint8 *data, size_t len,
            unsigned flags, struct reader_result *out, struct err *e)
{
    enum st st = reader_submit(pool, data, len, flags, NULL, e);

    if (st == ST_OK)
        reader_collect(pool, out);
    return st;
}
