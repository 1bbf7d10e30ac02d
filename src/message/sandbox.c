/* sandbox.c - see sandbox.h.
 *
 * The filter is a list of what is allowed; everything else fails with
 * EACCES, so that a library that tries to open a file goes on without it
 * (iconv's modules, catalogues).  ASan reserves terabytes of address space
 * and cannot start under RLIMIT_AS: in the sanitized build the pool watches
 * resident memory instead. */
#include "message/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Memory, time, signals of our own, and the end. */
static const int allowed[] = {
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(munlock), /* to give pages back, and to keep what comes next */
    SCMP_SYS(mlock2),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(getrusage),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(getrandom),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(membarrier),
};

/* Standard error is the program's log: what a library says about a message
 * may hold a piece of it, and a reader that was taken over could write lines
 * of the log.  Only the sanitizers may, for their reports. */
static int
allow_io(scmp_filter_ctx ctx, int fd)
{
    int r = 0;

    r |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(read), 1,
                          SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd));
    r |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                          SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd));
#ifdef BAOSONG_SANITIZED
    r |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                          SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO));
#endif
    return r;
}

/* abort() sends the process itself a signal; nobody else may get one. */
static int
allow_own_signals(scmp_filter_ctx ctx)
{
    return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
}

/* Fresh anonymous memory, and never memory that can be executed. */
static int
allow_memory(scmp_filter_ctx ctx)
{
    int r = 0;

    r |= seccomp_rule_add(
        ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
        SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
        SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
    r |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                          SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    return r;
}

static gboolean
filter_system_calls(int fd)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EACCES));
    int r = 0;

    if (!ctx)
        return FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++)
        r |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
    r |= allow_io(ctx, fd);
    r |= allow_own_signals(ctx);
    r |= allow_memory(ctx);
    if (r == 0)
        r = seccomp_load(ctx);
    seccomp_release(ctx);
    return r == 0;
}

static gboolean
limit(__rlimit_resource_t what, rlim_t value)
{
    struct rlimit rl = {value, value};

    return setrlimit(what, &rl) == 0;
}

#ifndef BAOSONG_SANITIZED
/* Pages of address space in use now: the first number of statm. */
static size_t
address_space(void)
{
    g_autofree char *statm = NULL;
    guint64 pages;

    if (!g_file_get_contents("/proc/self/statm", &statm, NULL, NULL))
        return 0;
    pages = g_ascii_strtoull(statm, NULL, 10);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

static gboolean
limit_memory(size_t bytes)
{
    size_t now = address_space();

    return now > 0 && limit(RLIMIT_AS, now + bytes);
}
#else
static gboolean
limit_memory(size_t bytes)
{
    return bytes > 0; /* the pool watches resident memory instead */
}
#endif

/* Keep what is read out of swap and core files where that is allowed. */
static void
keep_in_memory(void)
{
    struct rlimit rl;

    prctl(PR_SET_DUMPABLE, 0);
    if (geteuid() == 0 ||
        (getrlimit(RLIMIT_MEMLOCK, &rl) == 0 && rl.rlim_cur == RLIM_INFINITY))
        mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
}

static gboolean
close_others(int fd)
{
    unsigned keep = (unsigned)fd;

    if (keep > 3 && syscall(SYS_close_range, 3U, keep - 1, 0))
        return FALSE;
    if (syscall(SYS_close_range, keep + 1, ~0U, 0))
        return FALSE;
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    return TRUE;
}

gboolean
sandbox_enter(int fd, size_t memory_bytes)
{
    gboolean ok = close_others(fd) && limit_memory(memory_bytes) &&
                  limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
                  limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, 0);

    keep_in_memory();
    ok = ok && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         filter_system_calls(fd);
    if (!ok)
        fprintf(stderr, "reader: cannot build the sandbox: %s\n",
                strerror(errno));
    return ok;
}
