/* power.c - what the power takes along when it goes.
 *
 * Before each change of a file the bytes that it will overwrite are noted,
 * and before each change of a directory how to take it back; a flush of the
 * file, or of the directory, forgets what it made lasting.  A cut takes back
 * what is left, newest first: the disk as it may be after a power failure,
 * with nothing written that was not flushed.  The shared memory beside the
 * register is written by mmap and not noted; SQLite does not trust it either
 * when nobody else has it open. */
#include "shim.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum what { WHAT_BYTES, WHAT_CREATED, WHAT_RENAMED, WHAT_UNLINKED };

struct change {
    enum what what;
    ino_t node; /* of the file; of its directory for what is about names */
    ino_t other;
    char *path, *to;
    off_t offset, size; /* BYTES: the file's size before */
    size_t len;
    char *bytes;
    struct change *before;
};

static struct change *last;
static int armed;
static _Thread_local int busy; /* our own calls are not noted */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void
power_arm(void)
{
    armed = 1;
}

static int
enter(void)
{
    if (!armed || busy)
        return 0;
    pthread_mutex_lock(&lock);
    busy = 1;
    return 1;
}

static void
leave(void)
{
    busy = 0;
    pthread_mutex_unlock(&lock);
}

static struct change *
add(enum what what, ino_t node, const char *path)
{
    struct change *c = calloc(1, sizeof *c);

    c->what = what;
    c->node = node;
    c->path = realpath(path, NULL);
    if (!c->path)
        c->path = strdup(path);
    c->before = last;
    last = c;
    return c;
}

static ino_t
directory_of(const char *path)
{
    char copy[PATH_MAX];
    struct stat sb;

    snprintf(copy, sizeof copy, "%s", path);
    return stat(dirname(copy), &sb) == 0 ? sb.st_ino : 0;
}

static void
keep_bytes(struct change *c, int fd, off_t offset, size_t len)
{
    ssize_t n;

    c->offset = offset;
    c->bytes = malloc(len + 1);
    n = syscall(SYS_pread64, fd, c->bytes, len, offset);
    c->len = n > 0 ? (size_t)n : 0;
}

/* ---- contents ---- */

/* The same file, open for reading: the descriptor may be for writing only. */
static int
again(int fd, struct stat *sb, char *path, size_t room)
{
    char link[64];
    ssize_t n;

    if (fstat(fd, sb) || !S_ISREG(sb->st_mode))
        return -1;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, path, room - 1);
    if (n < 0)
        return -1;
    path[n] = '\0';
    return (int)syscall(SYS_open, link, O_RDONLY | O_CLOEXEC);
}

static void
note_bytes(int fd, off_t offset, size_t len)
{
    char path[PATH_MAX];
    struct stat sb;
    int copy = again(fd, &sb, path, sizeof path);
    struct change *c;

    if (copy < 0)
        return;
    if (offset < 0)
        offset = lseek(fd, 0, SEEK_CUR);
    c = add(WHAT_BYTES, sb.st_ino, path);
    c->size = sb.st_size;
    keep_bytes(c, copy, offset, len);
    close(copy);
}

void
power_before_write(int fd, off_t offset, size_t len)
{
    if (!enter())
        return;
    note_bytes(fd, offset, len);
    leave();
}

void
power_before_truncate(int fd)
{
    struct stat sb;

    if (!enter())
        return;
    if (fstat(fd, &sb) == 0)
        note_bytes(fd, 0, (size_t)sb.st_size);
    leave();
}

/* ---- names ---- */

static void
note_content(enum what what, const char *path)
{
    int fd = (int)syscall(SYS_open, path, O_RDONLY | O_CLOEXEC);
    struct stat sb;

    if (fd < 0)
        return;
    if (fstat(fd, &sb) == 0 && S_ISREG(sb.st_mode)) {
        ino_t node = what == WHAT_BYTES ? sb.st_ino : directory_of(path);
        struct change *c = add(what, node, path);

        c->size = sb.st_size;
        keep_bytes(c, fd, 0, (size_t)sb.st_size);
    }
    close(fd);
}

void
power_before_open(const char *path, int flags)
{
    if (!(flags & (O_CREAT | O_TRUNC)) || !enter())
        return;
    if (access(path, F_OK) != 0 && flags & O_CREAT)
        add(WHAT_CREATED, directory_of(path), path);
    else if (flags & O_TRUNC)
        note_content(WHAT_BYTES, path);
    leave();
}

void
power_before_unlink(const char *path)
{
    if (!enter())
        return;
    note_content(WHAT_UNLINKED, path);
    leave();
}

void
power_before_rename(const char *from, const char *to)
{
    struct change *c;

    if (!enter())
        return;
    note_content(WHAT_UNLINKED, to); /* what is replaced */
    c = add(WHAT_RENAMED, directory_of(to), from);
    c->other = directory_of(from);
    c->to = strdup(to);
    leave();
}

/* ---- flushed, or lost ---- */

/* A name that is in the new directory for good and not yet out of the old
 * one is what journals never show: either directory's flush keeps it. */
void
power_synced(int fd)
{
    struct stat sb;
    struct change **at = &last;

    if (!enter())
        return;
    if (fstat(fd, &sb) == 0)
        while (*at) {
            struct change *c = *at;

            if (c->node == sb.st_ino || c->other == sb.st_ino)
                *at = c->before; /* left in memory: the process is short */
            else
                at = &c->before;
        }
    leave();
}

static void
put_back(const struct change *c, int flags)
{
    int fd =
        (int)syscall(SYS_open, c->path, flags | O_WRONLY | O_CLOEXEC, 0600);

    if (fd < 0)
        return;
    if (syscall(SYS_pwrite64, fd, c->bytes, c->len, c->offset) < 0 ||
        syscall(SYS_ftruncate, fd, c->size) < 0)
        abort();
    close(fd);
}

void
power_cut(void)
{
    if (!enter()) /* and never leaves: what others do comes too late */
        return;
    for (struct change *c = last; c; c = c->before)
        switch (c->what) {
        case WHAT_BYTES:
            put_back(c, 0);
            break;
        case WHAT_CREATED:
            syscall(SYS_unlink, c->path);
            break;
        case WHAT_RENAMED:
            syscall(SYS_rename, c->to, c->path);
            break;
        case WHAT_UNLINKED:
            put_back(c, O_CREAT);
            break;
        }
}
