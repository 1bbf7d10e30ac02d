/* reader.c - see reader.h.
 *
 * Three kinds of process: the program; the nursery, a clean process that
 * does nothing but fork; and the readers, forked by the nursery with
 * CLONE_PARENT so that the program itself is told how each one ended.
 *
 *   program --(one byte + two descriptors)--> nursery --fork--> reader
 *   program --(struct request) ...------------------------------> reader
 *   program <--(struct answer)--------------------------------- reader
 *
 * A reader has several messages before it, so that it goes on while the
 * program writes to the disk: they lie one behind the other in its memory
 * (reader_queue.h), are read in their order, and each is answered in the
 * room that its request names. */
#include "message/reader.h"

#include "message/mail.h"
#include "message/reader_queue.h"
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
    KEEP_RESIDENT = 12 << 20, /* shared pages kept between messages */
    KEEP_ALONE = 6 << 20,     /* of one that had them to itself */
    MOVE_STEP = 1 << 20,      /* of what is copied and given back */
    PAGE = 4096,
    RETIRE_RSS_KB = 160 << 10, /* a reader that has grown so much is replaced */
    START_MS = 100             /* between attempts to start one */
};

struct request {
    guint64 at, len;       /* of the message in the shared memory */
    guint64 room_at, room; /* for the answer, behind all messages */
    guint64 flags;         /* enum reader_flag */
    guint64 alone;         /* nobody will want the message again */
};

struct answer {
    guint64 len;    /* of the serialised variant; 0: it did not fit */
    guint64 rss_kb; /* peak of the reader */
    guint64 marked;
};

struct worker {
    pid_t pid; /* 0: none */
    int fd;
    guint8 *memory; /* shared with the reader: messages, then answers */
    struct reader_queue queue; /* what it has before it */
    gint64 deadline;           /* of the first, in monotonic microseconds */
    gboolean gone; /* takes no more: its end has yet to be collected */
};

/* A message that waits: its reader died over another, or it needs the whole
 * memory for its answer. */
struct job {
    guint8 *data;
    size_t len;
    unsigned flags;
    gboolean alone;
    gboolean moves; /* data is ours to empty */
    void *ticket;
    gint64 deadline; /* for a reader to be started */
};

struct reader_pool {
    struct reader_config config;
    size_t memory_size;
    pid_t nursery;
    int nursery_fd;
    gboolean orphaned; /* the nursery has ended: no reader can be started */
    unsigned count;
    struct worker *workers;
    GQueue waiting; /* of struct job, owned */
};

static void
job_free(struct job *j)
{
    explicit_bzero(j->data, j->len);
    g_free(j->data);
    g_free(j);
}

void
reader_result_clear(struct reader_result *r)
{
    g_clear_pointer(&r->reading, reading_free);
    g_clear_pointer(&r->answer, g_variant_unref);
}

/* ---- memory ---- */

/* Pages of the shared memory: zeros from now on, and of no weight.  A reader
 * keeps its memory locked, and what is locked cannot be given back. */
static void
remove_pages(guint8 *memory, size_t len)
{
    size_t whole = (len + PAGE - 1) & ~(size_t)(PAGE - 1);

    munlock(memory, whole);
    if (len > 0 && madvise(memory, whole, MADV_REMOVE))
        explicit_bzero(memory, len);
}

/* What comes to stand there next must not be swapped out either.  Without the
 * right to lock that much nothing was locked before (sandbox.c). */
static void
lock_again(guint8 *memory, size_t len)
{
    mlock2(memory, len, MLOCK_ONFAULT);
}

/* Pages of our own memory, those that lie in it whole; the rest is wiped. */
static void
give_back(guint8 *p, size_t len)
{
    size_t before = (size_t)(-(guintptr)p & (PAGE - 1));
    size_t whole = len > before ? (len - before) & ~(size_t)(PAGE - 1) : 0;

    if (whole == 0 || madvise(p + before, whole, MADV_DONTNEED)) {
        explicit_bzero(p, len);
        return;
    }
    explicit_bzero(p, before);
    explicit_bzero(p + before + whole, len - before - whole);
}

/* One that had all the memory to itself is let go of while it is copied, if it
 * is larger than what the rings hold of small ones (reader_queue.h).  To touch
 * those pages anew was half of the program's page faults. */
static gboolean
weighs(gboolean alone, size_t len)
{
    return alone && len > KEEP_ALONE;
}

/* Copy, and let go of what has been copied. */
static void
move_bytes(guint8 *to, guint8 *from, size_t len,
           void (*let_go)(guint8 *p, size_t len))
{
    for (size_t at = 0, n; at < len; at += n) {
        n = MIN(len - at, MOVE_STEP);
        memcpy(to + at, from + at, n);
        let_go(from + at, n);
    }
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
    if (flags & READER_PUBLISHED)
        r = mail_read_published(data, len);
    else if (flags & READER_FILE)
        r = mail_read_file(data, len);
    else
        r = mail_read(data, len, &context);
    *marked_out = r->secrecy != SECRECY_NONE;
    return reading_to_variant(r);
}

static struct answer
answer_one(const struct reader_config *config, guint8 *memory,
           const struct request *q)
{
    struct answer a = {0, 0, 0};
    struct rusage usage;
    gboolean marked = FALSE;
    g_autoptr(GVariant) v =
        config->work(memory + q->at, (size_t)q->len, (unsigned)q->flags,
                     config->user, &marked);
    size_t size = g_variant_get_size(v);

    g_variant_ref_sink(v);
    /* before its answer comes to stand beside it */
    if (weighs(q->alone != 0, (size_t)q->len)) {
        remove_pages(memory + q->at, (size_t)q->len);
        lock_again(memory + q->at, (size_t)q->len);
    }
    if (size <= q->room) {
        g_variant_store(v, memory + config->message_bytes + q->room_at);
        a.len = size;
    }
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        a.rss_kb = (guint64)usage.ru_maxrss;
    a.marked = (guint64)marked;
    return a;
}

G_NORETURN static void
serve(const struct reader_config *config, int fd, guint8 *memory)
{
    struct request q;
    struct answer a;

    if (!sandbox_enter(fd, config->memory_bytes))
        _exit(EXIT_SOFTWARE);
    while (read(fd, &q, sizeof q) == (ssize_t)sizeof q) {
        a = answer_one(config, memory, &q);
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
        serve(&pool->config, fds[0], memory);
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

/* Its number; -1, with errno: none now.  The nursery's end is the end of its
 * socket. */
static pid_t
new_reader(struct reader_pool *pool, int fd, int memory_fd)
{
    pid_t pid = -1;
    ssize_t n = -1;

    if (send_descriptors(pool->nursery_fd, fd, memory_fd))
        do
            n = read(pool->nursery_fd, &pid, sizeof pid);
        while (n < 0 && errno == EINTR);
    pool->orphaned |=
        n == 0 || (n < 0 && (errno == EPIPE || errno == ECONNRESET));
    return n == (ssize_t)sizeof pid ? pid : -1;
}

static gboolean
ask_nursery(struct reader_pool *pool, struct worker *w, int memory_fd)
{
    int pair[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
        return FALSE;
    pid = new_reader(pool, pair[1], memory_fd);
    close(pair[1]);
    if (pid <= 0) {
        close(pair[0]);
        return FALSE;
    }
    w->fd = pair[0];
    w->pid = pid;
    return TRUE;
}

/* A nursery cannot be made again: it must not know what the program has come
 * to know. */
static enum st
cannot_start(const struct reader_pool *pool, int error, struct err *e)
{
    if (pool->orphaned)
        return err_set(e, ST_FATAL, EXIT_TRY_AGAIN,
                       "the process that starts readers has ended");
    return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                   "cannot start a reader process: %s", g_strerror(error));
}

static enum st
start_worker(struct reader_pool *pool, struct worker *w, struct err *e)
{
    int memory_fd = shared_memory(pool->memory_size);
    void *memory = MAP_FAILED;
    enum st st;

    if (memory_fd >= 0)
        memory = mmap(NULL, pool->memory_size, PROT_READ | PROT_WRITE,
                      MAP_SHARED, memory_fd, 0);
    if (memory != MAP_FAILED && ask_nursery(pool, w, memory_fd)) {
        madvise(memory, pool->memory_size, MADV_DONTDUMP);
        w->memory = memory;
        close(memory_fd);
        return ST_OK;
    }
    st = cannot_start(pool, errno, e);
    if (memory != MAP_FAILED)
        munmap(memory, pool->memory_size);
    if (memory_fd >= 0)
        close(memory_fd);
    return st;
}

/* For later, when it cannot be given to anybody now. */
static void
keep_waiting(struct reader_pool *pool, const guint8 *data,
             const struct reader_slot *slot, gboolean alone)
{
    struct job *j = g_new0(struct job, 1);

    j->data = g_memdup2(data, slot->len);
    j->len = slot->len;
    j->flags = slot->flags;
    j->alone = alone;
    j->ticket = slot->ticket;
    j->deadline = g_get_monotonic_time() +
                  (gint64)pool->config.wall_seconds * G_USEC_PER_SEC;
    g_queue_push_tail(&pool->waiting, j);
}

/* The messages behind the first are not to blame: another reader gets them.
 * Each is copied before what they lay in is overwritten. */
static void
save_waiting(struct reader_pool *pool, struct worker *w)
{
    for (; w->queue.n > 0; reader_queue_pop(&w->queue)) {
        const struct reader_slot *slot = reader_queue_first(&w->queue);

        keep_waiting(pool, w->memory + slot->at, slot, slot->alone);
    }
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
    save_waiting(pool, w);
    remove_pages(w->memory, w->queue.touched);
    remove_pages(w->memory + pool->config.message_bytes, w->queue.touched_room);
    munmap(w->memory, pool->memory_size);
    memset(w, 0, sizeof *w);
    reader_queue_init(&w->queue, pool->config.message_bytes, ANSWER_ROOM);
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
    for (unsigned i = 0; i < pool->count; i++)
        reader_queue_init(&pool->workers[i].queue, pool->config.message_bytes,
                          ANSWER_ROOM);
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
            end_worker(pool, &pool->workers[i], pool->workers[i].queue.n > 0);
    g_queue_clear_full(&pool->waiting, (GDestroyNotify)job_free);
    close(pool->nursery_fd);
    if (pool->nursery > 0)
        waitpid(pool->nursery, NULL, 0);
    g_free(pool->workers);
    g_free(pool);
}

unsigned
reader_busy(const struct reader_pool *pool)
{
    unsigned n = pool->waiting.length;

    for (unsigned i = 0; i < pool->count; i++)
        n += pool->workers[i].queue.n;
    return n;
}

/* The reader with the least before it that can take so much more; one that
 * runs already before one that must be started.  NULL: none. */
static struct worker *
find_room(struct reader_pool *pool, size_t len, gboolean alone)
{
    struct worker *best = NULL;

    for (unsigned i = 0; i < pool->count; i++) {
        struct worker *w = &pool->workers[i];

        if (w->gone || !reader_queue_fits(&w->queue, len, alone))
            continue;
        if (!best || w->queue.n < best->queue.n ||
            (w->queue.n == best->queue.n && w->pid && !best->pid))
            best = w;
    }
    return best;
}

gboolean
reader_has_room(struct reader_pool *pool, size_t len)
{
    return pool->waiting.length == 0 && find_room(pool, len, FALSE);
}

/* What a process has used as RLIMIT_CPU counts it, which is by ticks
 * (CPUCLOCK_PROF, 0 in the two lowest bits of Linux's numbers for the clocks
 * of a process).  The scheduler's sum, which clock_getcpuclockid() names (2),
 * can be half of that or twice as much on a loaded machine. */
static struct timespec
cpu_used(pid_t pid)
{
    enum { WHICH = 3 };
    struct timespec used = {0, 0};
    clockid_t exact;

    if (clock_getcpuclockid(pid, &exact) == 0)
        clock_gettime(exact & ~WHICH, &used);
    return used;
}

/* CPU limits count from a process's birth: move the limit on from outside,
 * so that the reader needs no system call to set it. */
static void
arm_cpu(const struct reader_pool *pool, pid_t pid)
{
    struct rlimit rl;
    struct timespec used = cpu_used(pid);

    if (prlimit(pid, RLIMIT_CPU, NULL, &rl))
        return; /* the wall clock still guards */
    rl.rlim_cur = (rlim_t)used.tv_sec + pool->config.cpu_seconds + 1;
    prlimit(pid, RLIMIT_CPU, &rl, NULL);
}

/* The time that the first message may take begins. */
static void
start_timer(const struct reader_pool *pool, struct worker *w)
{
    arm_cpu(pool, w->pid);
    w->deadline = g_get_monotonic_time() +
                  (gint64)pool->config.wall_seconds * G_USEC_PER_SEC;
}

static gboolean
hand_over(struct reader_pool *pool, struct worker *w, const struct job *j)
{
    const struct reader_slot *slot =
        reader_queue_push(&w->queue, j->len, j->alone, j->flags, j->ticket);
    struct request q = {slot->at,   slot->len,   slot->room_at,
                        slot->room, slot->flags, (guint64)slot->alone};

    if (j->moves)
        move_bytes(w->memory + slot->at, j->data, j->len, give_back);
    else
        memcpy(w->memory + slot->at, j->data, j->len);
    if (w->queue.n == 1)
        start_timer(pool, w);
    if (send(w->fd, &q, sizeof q, MSG_NOSIGNAL) == (ssize_t)sizeof q)
        return TRUE;
    reader_queue_unpush(&w->queue);
    return FALSE;
}

/* A reader that died while it had nothing to do is replaced.  One that is
 * dying over another message is left until that one is collected. */
static enum st
give(struct reader_pool *pool, struct worker *w, const struct job *j,
     struct err *e)
{
    enum st st;

    if (w->pid && hand_over(pool, w, j))
        return ST_OK;
    if (w->pid && w->queue.n > 0) {
        struct reader_slot slot = {
            .len = j->len, .flags = j->flags, .ticket = j->ticket};

        w->gone = TRUE;
        keep_waiting(pool, j->data, &slot, j->alone);
        return ST_OK;
    }
    if (w->pid)
        end_worker(pool, w, TRUE);
    st = start_worker(pool, w, e);
    if (st != ST_OK || hand_over(pool, w, j))
        return st;
    end_worker(pool, w, TRUE);
    return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                   "a new reader process does not answer");
}

enum st
reader_submit(struct reader_pool *pool, const guint8 *data, size_t len,
              unsigned flags, void *ticket, struct err *e)
{
    struct worker *w = find_room(pool, len, FALSE);
    struct job j = {
        .data = (guint8 *)data, .len = len, .flags = flags, .ticket = ticket};

    g_assert(w && len <= pool->config.message_bytes);
    return give(pool, w, &j, e);
}

/* A reader that has just been started takes it: what is moved cannot be
 * handed over a second time. */
enum st
reader_submit_moving(struct reader_pool *pool, guint8 *data, size_t len,
                     unsigned flags, void *ticket, struct err *e)
{
    struct worker *w = find_room(pool, len, TRUE);
    struct job j = {.data = data,
                    .len = len,
                    .flags = flags,
                    .alone = TRUE,
                    .moves = TRUE,
                    .ticket = ticket};
    enum st st;

    g_assert(w && len <= pool->config.message_bytes);
    if (w->pid)
        end_worker(pool, w, FALSE);
    st = give(pool, w, &j, e);
    if (st != ST_OK)
        explicit_bzero(data, len);
    return st;
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
            const struct reader_slot *slot, const struct answer *a)
{
    const GVariantType *type = pool->config.work == read_mail
                                   ? G_VARIANT_TYPE(READING_VARIANT_TYPE)
                                   : G_VARIANT_TYPE_VARIANT;
    struct copy *copy = g_malloc(sizeof *copy + (gsize)a->len);
    guint8 *answer = w->memory + pool->config.message_bytes + slot->room_at;
    GVariant *v;

    copy->len = (gsize)a->len;
    if (weighs(slot->alone, copy->len))
        move_bytes(copy->bytes, answer, copy->len, remove_pages);
    else
        memcpy(copy->bytes, answer, copy->len);
    v = g_variant_new_from_data(type, copy->bytes, copy->len, FALSE, wipe_copy,
                                copy);
    return g_variant_ref_sink(v);
}

static void
lied(struct reader_result *out)
{
    out->outcome = READER_LIED;
    out->cause = "the reader's answer was not well-formed";
}

static void
understand(struct reader_pool *pool, struct worker *w,
           const struct reader_slot *slot, const struct answer *a,
           struct reader_result *out)
{
    g_autoptr(GVariant) v = NULL;

    if (a->len == 0) {
        out->outcome = READER_TOO_BIG;
        out->cause = "the message unfolds to more than the reader may hold";
        return;
    }
    if (a->len > slot->room) {
        lied(out);
        return;
    }
    w->queue.touched_room =
        MAX(w->queue.touched_room, slot->room_at + (size_t)a->len);
    v = take_answer(pool, w, slot, a);
    out->outcome = READER_READ;
    if (pool->config.work != read_mail) {
        out->answer = g_steal_pointer(&v);
        return;
    }
    out->reading = reading_from_variant(v);
    if (!out->reading)
        lied(out);
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

/* Give the pages of large messages back, keep those of small ones. */
static void
release_pages(struct reader_pool *pool, struct worker *w)
{
    size_t used = MAX(w->queue.touched, w->queue.touched_room);

    if (w->queue.n > 0 || used <= KEEP_RESIDENT)
        return;
    madvise(w->memory, pool->memory_size, MADV_REMOVE);
    w->queue.touched = w->queue.touched_room = 0;
}

/* The first message of a worker is answered: FALSE when the answer was too
 * large for its room, and the message is to be read once more, alone. */
static gboolean
take_first(struct reader_pool *pool, struct worker *w, const struct answer *a,
           struct reader_result *out)
{
    struct reader_slot slot = *reader_queue_first(&w->queue);
    gboolean again = a->len == 0 && !slot.alone && !a->marked;

    if (again)
        keep_waiting(pool, w->memory + slot.at, &slot, TRUE);
    else
        understand(pool, w, &slot, a, out);
    reader_queue_pop(&w->queue);
    return !again;
}

/* A reader that ends with messages before it resets the connection, and the
 * kernel says so before it gives what the reader had answered. */
static gboolean
receive_answer(const struct worker *w, struct answer *out, ssize_t *n_out)
{
    *n_out = recv(w->fd, out, sizeof *out, MSG_DONTWAIT);
    if (*n_out < 0 && errno == ECONNRESET)
        *n_out = recv(w->fd, out, sizeof *out, MSG_DONTWAIT);
    return *n_out == (ssize_t)sizeof *out;
}

/* Something came from a worker, or its end.  FALSE: nothing to give back. */
static gboolean
finish(struct reader_pool *pool, struct worker *w, struct reader_result *out)
{
    struct answer a;
    ssize_t n;
    gboolean done;

    out->ticket = reader_queue_first(&w->queue)->ticket;
    if (!receive_answer(w, &a, &n)) {
        reader_queue_pop(&w->queue);
        describe_death(end_worker(pool, w, n > 0), out);
        return TRUE;
    }
    done = take_first(pool, w, &a, out);
    if (a.marked || a.rss_kb > RETIRE_RSS_KB || out->outcome == READER_LIED)
        end_worker(pool, w, FALSE);
    else
        release_pages(pool, w);
    if (w->queue.n > 0)
        start_timer(pool, w);
    return done;
}

static void
hung(struct reader_pool *pool, struct worker *w, struct reader_result *out)
{
    out->ticket = reader_queue_first(&w->queue)->ticket;
    out->outcome = READER_HUNG;
    out->cause = "reading took longer than allowed";
    reader_queue_pop(&w->queue);
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
        if (pool->workers[i].queue.n > 0 && is_swollen(&pool->workers[i]))
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

/* What waits goes to whoever has room.  FALSE, and the result says so: no
 * reader could be started for it in all the time that it may take. */
static gboolean
give_waiting(struct reader_pool *pool, struct reader_result *out)
{
    struct job *j;
    struct worker *w;
    struct err e = ERR_INIT;

    while ((j = g_queue_peek_head(&pool->waiting)) != NULL &&
           (w = find_room(pool, j->len, j->alone)) != NULL) {
        gboolean given = give(pool, w, j, &e) == ST_OK;

        if (!given && !pool->orphaned && g_get_monotonic_time() < j->deadline)
            return TRUE;
        out->ticket = j->ticket;
        job_free(g_queue_pop_head(&pool->waiting));
        if (given)
            continue;
        out->outcome = READER_UNAVAILABLE;
        out->cause = "no reader process could be started";
        return FALSE;
    }
    return TRUE;
}

static struct worker *
nearest_deadline(struct reader_pool *pool)
{
    struct worker *first = NULL;

    for (unsigned i = 0; i < pool->count; i++) {
        struct worker *w = &pool->workers[i];

        if (w->queue.n > 0 && (!first || w->deadline < first->deadline))
            first = w;
    }
    return first;
}

/* Wait for a worker to say something, or for the first to be overdue. */
static struct worker *
wait_workers(struct reader_pool *pool, const struct worker *first)
{
    g_autofree struct pollfd *fds = g_new0(struct pollfd, pool->count);
    gint64 left = first ? first->deadline - g_get_monotonic_time() : 0;
    int ms = first ? (int)CLAMP(left / 1000 + 1, 0, WATCH_MS) : START_MS;

    for (unsigned i = 0; i < pool->count; i++)
        fds[i] = (struct pollfd){
            pool->workers[i].queue.n > 0 ? pool->workers[i].fd : -1, POLLIN, 0};
    if (poll(fds, pool->count, ms) > 0)
        for (unsigned i = 0; i < pool->count; i++)
            if (fds[i].revents)
                return &pool->workers[i];
    return NULL;
}

void
reader_collect(struct reader_pool *pool, struct reader_result *out)
{
    memset(out, 0, sizeof *out);
    while (give_waiting(pool, out)) {
        struct worker *first = nearest_deadline(pool);
        struct worker *ready = wait_workers(pool, first);

        g_assert(first || pool->waiting.length > 0);
        if (ready && finish(pool, ready, out))
            return;
        if (!ready && first && first->deadline <= g_get_monotonic_time()) {
            hung(pool, first, out);
            return;
        }
        if (!ready)
            kill_swollen(pool);
    }
}

enum st
reader_read(struct reader_pool *pool, const guint8 *data, size_t len,
            unsigned flags, struct reader_result *out, struct err *e)
{
    enum st st = reader_submit(pool, data, len, flags, NULL, e);

    if (st == ST_OK)
        reader_collect(pool, out);
    if (st == ST_OK && out->outcome == READER_UNAVAILABLE)
        st = err_set(e, ST_RETRY, EXIT_TRY_AGAIN, "%s", out->cause);
    return st;
}
