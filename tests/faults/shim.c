/* shim.c - a machine that fails.
 *
 * Loaded into the program under test by LD_PRELOAD (tests/faults/machine.py).
 * It counts the calls of some functions of the C library and lets the n-th
 * one fail, or ends the process there:
 *
 *   FAULT_CALLS   which functions: "fsync,fdatasync"
 *   FAULT_AT      the first call that fails, from 1; 0: none
 *   FAULT_TIMES   how many fail; 0: every one from there on
 *   FAULT_KIND    EIO, ENOSPC, ...: the call fails with it and does nothing
 *                 SHORT: a write takes half of what it was given
 *                 KILL, KILL-AFTER: SIGKILL before, after the call
 *                 POWER: what was not flushed is taken back, then SIGKILL
 *   FAULT_LIBRARY "libcurl": only what this library asks memory for
 *   FAULT_WHO     "readers": in the children (all counted together); else in
 *                 the process that was started
 *   FAULT_KEEP    1: what is freed is kept, as it was, until the end
 *   FAULT_LOG     the names of the counted calls are appended to this file
 *
 * Where memory is counted and the program ends by SIGSEGV, it says on standard
 * error where it was. */
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { KIND_ERROR, KIND_SHORT, KIND_KILL, KIND_KILL_AFTER, KIND_POWER };

static const struct {
    const char *name;
    int number;
} errors[] = {{"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT},
              {"ENOMEM", ENOMEM}, {"EINTR", EINTR},   {"EMFILE", EMFILE},
              {"EAGAIN", EAGAIN}, {"EROFS", EROFS}};

static struct {
    const char *calls; /* NULL: nothing is counted */
    long at, times;
    enum kind kind;
    int error;
    pid_t owner;
    int readers;
    int keeps;          /* free() does nothing */
    const char *within; /* only calls from this library; NULL: all */
    uintptr_t from, to; /* where its code lies */
    int log;
    long *count; /* shared by all processes */
} plan;

/* ---- the plan ---- */

static void
plan_kind(const char *kind)
{
    for (size_t n = 0; n < sizeof errors / sizeof *errors; n++)
        if (strcmp(kind, errors[n].name) == 0)
            plan.error = errors[n].number;
    if (plan.error)
        plan.kind = KIND_ERROR;
    else if (strcmp(kind, "SHORT") == 0)
        plan.kind = KIND_SHORT;
    else if (strcmp(kind, "KILL-AFTER") == 0)
        plan.kind = KIND_KILL_AFTER;
    else if (strcmp(kind, "POWER") == 0)
        plan.kind = KIND_POWER;
    else
        plan.kind = KIND_KILL;
}

static long
number(const char *name, long otherwise)
{
    const char *text = getenv(name);

    return text ? strtol(text, NULL, 10) : otherwise;
}

static int
find_library(struct dl_phdr_info *info, size_t size, void *user)
{
    (void)size;
    (void)user;
    if (!strstr(info->dlpi_name, plan.within))
        return 0;
    for (int n = 0; n < info->dlpi_phnum; n++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[n];

        if (part->p_type == PT_LOAD && part->p_flags & PF_X) {
            plan.from = info->dlpi_addr + part->p_vaddr;
            plan.to = plan.from + part->p_memsz;
        }
    }
    return 1;
}

/* Behind it the same instruction faults again, and ends the process. */
static void
say_where(int signal)
{
    void *frames[64];

    (void)signal;
    if (getpid() == plan.owner)
        backtrace_symbols_fd(frames,
                             backtrace(frames, sizeof frames / sizeof *frames),
                             STDERR_FILENO);
}

/* The first backtrace() loads a library: now, while nothing fails yet. */
static void
watch_faults(void)
{
    struct sigaction action = {.sa_handler = say_where,
                               .sa_flags = (int)SA_RESETHAND};
    void *frame[1];

    backtrace(frame, 1);
    sigaction(SIGSEGV, &action, NULL);
}

__attribute__((constructor)) static void
make_plan(void)
{
    const char *kind = getenv("FAULT_KIND"), *who = getenv("FAULT_WHO");
    const char *log = getenv("FAULT_LOG");

    plan.at = number("FAULT_AT", 0);
    plan.times = number("FAULT_TIMES", 1);
    plan.readers = who && strcmp(who, "readers") == 0;
    plan.keeps = number("FAULT_KEEP", 0) != 0;
    plan.owner = getpid();
    plan_kind(kind ? kind : "KILL");
    plan.log =
        log ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    plan.count = mmap(NULL, sizeof *plan.count, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (plan.kind == KIND_POWER)
        power_arm();
    plan.within = getenv("FAULT_LIBRARY");
    if (plan.within && !dl_iterate_phdr(find_library, NULL))
        abort();
    if (getenv("FAULT_CALLS") && strstr(getenv("FAULT_CALLS"), "malloc"))
        watch_faults();
    plan.calls = getenv("FAULT_CALLS");
}

static int
is_named(const char *name)
{
    size_t len = strlen(name);
    const char *p = plan.calls;

    while (p && *p) {
        size_t word = strcspn(p, ",");

        if (word == len && strncmp(p, name, len) == 0)
            return 1;
        p += word + (p[word] == ',');
    }
    return 0;
}

/* In a reader getpid() may be refused: that too is another process. */
static int
is_counted(const char *name)
{
    if (!plan.calls || !is_named(name))
        return 0;
    return (getpid() == plan.owner) != plan.readers;
}

static void
note(const char *name)
{
    char line[32];
    size_t len = strlen(name);

    if (plan.log < 0 || plan.readers || len + 1 >= sizeof line)
        return;
    memcpy(line, name, len);
    line[len] = '\n';
    if (syscall(SYS_write, plan.log, line, len + 1) < 0)
        abort();
}

/* A reader has no descriptor to log to: their calls are told at the end. */
__attribute__((destructor)) static void
note_readers(void)
{
    if (plan.log < 0 || !plan.readers || getpid() != plan.owner)
        return;
    for (long n = 0; n < *plan.count; n++)
        if (syscall(SYS_write, plan.log, "call\n", 5) < 0)
            abort();
}

static void
die(void)
{
    syscall(SYS_kill, plan.owner, SIGKILL);
}

/* What is to become of this call: 0 nothing, 1 it fails, -1 die after. */
static int
verdict(const char *name)
{
    long n;

    if (!is_counted(name))
        return 0;
    note(name);
    n = __atomic_add_fetch(plan.count, 1, __ATOMIC_SEQ_CST);
    if (plan.at == 0 || n < plan.at ||
        (plan.times > 0 && n >= plan.at + plan.times))
        return 0;
    if (plan.kind == KIND_POWER)
        power_cut();
    if (plan.kind == KIND_KILL || plan.kind == KIND_POWER)
        die();
    if (plan.kind == KIND_KILL_AFTER)
        return -1;
    errno = plan.error;
    return 1;
}

static long
after(int fate, long result)
{
    if (fate < 0)
        die();
    return result;
}

/* The function of the C library that stands behind ours. */
#define REAL(type, name, ...)                                                  \
    static type (*real)(__VA_ARGS__);                                          \
    if (!real)                                                                 \
    *(void **)&real = dlsym(RTLD_NEXT, name)

/* ---- writing ---- */

static size_t
taken(int fate, size_t len)
{
    return fate > 0 && plan.kind == KIND_SHORT && len > 1 ? len / 2 : len;
}

static int
refused(int fate)
{
    return fate > 0 && plan.kind != KIND_SHORT;
}

ssize_t
write(int fd, const void *data, size_t len)
{
    int fate = verdict("write");
    REAL(ssize_t, "write", int, const void *, size_t);

    if (refused(fate))
        return -1;
    power_before_write(fd, -1, len);
    return after(fate, real(fd, data, taken(fate, len)));
}

ssize_t
writev(int fd, const struct iovec *parts, int n)
{
    int fate = verdict("write");
    size_t len = 0;
    REAL(ssize_t, "writev", int, const struct iovec *, int);

    if (refused(fate))
        return -1;
    for (int i = 0; i < n; i++)
        len += parts[i].iov_len;
    power_before_write(fd, -1, len);
    return after(fate, real(fd, parts, n));
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off64_t offset)
{
    int fate = verdict("pwrite");
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);

    if (refused(fate))
        return -1;
    power_before_write(fd, offset, len);
    return after(fate, real(fd, data, taken(fate, len), offset));
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t offset)
{
    return pwrite64(fd, data, len, offset);
}

int
ftruncate64(int fd, off64_t len)
{
    int fate = verdict("ftruncate");
    REAL(int, "ftruncate64", int, off64_t);

    if (refused(fate))
        return -1;
    power_before_truncate(fd);
    return (int)after(fate, real(fd, len));
}

int
ftruncate(int fd, off_t len)
{
    return ftruncate64(fd, len);
}

/* ---- flushing ---- */

int
fsync(int fd)
{
    int fate = verdict("fsync");
    REAL(int, "fsync", int);

    if (refused(fate))
        return -1;
    power_synced(fd);
    return (int)after(fate, real(fd));
}

int
fdatasync(int fd)
{
    int fate = verdict("fdatasync");
    REAL(int, "fdatasync", int);

    if (refused(fate))
        return -1;
    power_synced(fd);
    return (int)after(fate, real(fd));
}

/* ---- names ---- */

int
rename(const char *from, const char *to)
{
    int fate = verdict("rename");
    REAL(int, "rename", const char *, const char *);

    if (refused(fate))
        return -1;
    power_before_rename(from, to);
    return (int)after(fate, real(from, to));
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to,
          unsigned flags)
{
    int fate = verdict("rename");
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned);

    if (refused(fate))
        return -1;
    power_before_rename(from, to);
    return (int)after(fate, real(from_dir, from, to_dir, to, flags));
}

int
unlink(const char *path)
{
    int fate = verdict("unlink");
    REAL(int, "unlink", const char *);

    if (refused(fate))
        return -1;
    power_before_unlink(path);
    return (int)after(fate, real(path));
}

int
mkdir(const char *path, mode_t mode)
{
    int fate = verdict("mkdir");
    REAL(int, "mkdir", const char *, mode_t);

    if (refused(fate))
        return -1;
    return (int)after(fate, real(path, mode));
}

static mode_t
mode_of(int flags, va_list args)
{
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(args, int) : 0;
}

int
open64(const char *path, int flags, ...)
{
    va_list args;
    mode_t mode;
    int fate = verdict("open");
    REAL(int, "open64", const char *, int, ...);

    va_start(args, flags);
    mode = mode_of(flags, args);
    va_end(args);
    if (refused(fate))
        return -1;
    power_before_open(path, flags);
    return (int)after(fate, real(path, flags, mode));
}

int
open(const char *path, int flags, ...)
{
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = mode_of(flags, args);
    va_end(args);
    return open64(path, flags, mode);
}

/* ---- reading and the network ---- */

ssize_t
pread64(int fd, void *data, size_t len, off64_t offset)
{
    int fate = verdict("pread");
    REAL(ssize_t, "pread64", int, void *, size_t, off64_t);

    if (refused(fate))
        return -1;
    return after(fate, real(fd, data, taken(fate, len), offset));
}

ssize_t
send(int fd, const void *data, size_t len, int flags)
{
    int fate = verdict("send");
    REAL(ssize_t, "send", int, const void *, size_t, int);

    if (refused(fate))
        return -1;
    return after(fate, real(fd, data, taken(fate, len), flags));
}

/* ---- processes and memory ---- */

pid_t
fork(void)
{
    int fate = verdict("fork");
    REAL(pid_t, "fork", void);

    return refused(fate) ? -1 : (pid_t)after(fate, real());
}

extern void *__libc_malloc(size_t len);
extern void *__libc_calloc(size_t n, size_t len);
extern void *__libc_realloc(void *old, size_t len);
extern void __libc_free(void *old);

static int
is_refused(const void *caller)
{
    uintptr_t at = (uintptr_t)caller;

    return (!plan.within || (at >= plan.from && at < plan.to)) &&
           verdict("malloc") > 0;
}

void *
malloc(size_t len)
{
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_malloc(len);
}

void *
calloc(size_t n, size_t len)
{
    return is_refused(__builtin_return_address(0)) ? NULL
                                                   : __libc_calloc(n, len);
}

/* To another place, always: the old one is looked at later. */
static void *
move(void *old, size_t len)
{
    size_t before = old ? malloc_usable_size(old) : 0;
    void *new = __libc_malloc(len);

    if (new &&before > 0)
        memcpy(new, old, before < len ? before : len);
    return new;
}

void *
realloc(void *old, size_t len)
{
    if (is_refused(__builtin_return_address(0)))
        return NULL;
    return plan.keeps ? move(old, len) : __libc_realloc(old, len);
}

void
free(void *old)
{
    if (!plan.keeps)
        __libc_free(old);
}
