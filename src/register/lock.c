/* lock.c - see lock.h. */
#include "register/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static gboolean
set_lock(int fd, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};

    return fcntl(fd, F_SETLK, &lock) == 0;
}

static int
open_beside(const char *data, const char *name, struct err *e)
{
    g_autofree char *path = g_build_filename(data, name, NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        err_set(e, ST_FATAL, EXIT_IO, "cannot open %s: %s", path,
                g_strerror(errno));
    return fd;
}

enum st
lock_take(const char *data, int *fd_out, struct err *e)
{
    int fd = open_beside(data, "register.lock", e);

    if (fd < 0)
        return ST_FATAL;
    if (!set_lock(fd, F_WRLCK)) {
        close(fd);
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                       "another baosong is serving %s; stop it, or let it do "
                       "the work",
                       data);
    }
    *fd_out = fd;
    return ST_OK;
}

/* "open 1554080400 812": how it was left, the instant of the last check, the
 * last message. */
static void
parse_state(const char *text, struct lock_state *out)
{
    size_t word = strcspn(text, " \n");
    char *rest = NULL;

    out->making = strncmp(text, "making", MAX(word, 6)) == 0;
    out->existed = word > 0 && !out->making;
    out->failed = strncmp(text, "failed", MAX(word, 6)) == 0;
    out->open = out->failed || strncmp(text, "open", MAX(word, 4)) == 0;
    out->checked = g_ascii_strtoll(text + word, &rest, 10);
    out->messages = g_ascii_strtoll(rest, NULL, 10);
}

enum st
lock_state_open(const char *data, int *fd_out, struct lock_state *out,
                struct err *e)
{
    char text[64] = "";
    int fd = open_beside(data, "register.state", e);

    if (fd < 0)
        return ST_FATAL;
    if (!set_lock(fd, F_RDLCK)) {
        close(fd);
        return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                       "another program is just making or changing the "
                       "register in %s; try again",
                       data);
    }
    if (pread(fd, text, sizeof text - 1, 0) < 0) {
        close(fd);
        return err_set(e, ST_FATAL, EXIT_IO, "cannot read %s/register.state",
                       data);
    }
    parse_state(text, out);
    *fd_out = fd;
    return ST_OK;
}

gboolean
lock_state_alone(int fd)
{
    return set_lock(fd, F_WRLCK);
}

void
lock_state_share(int fd)
{
    set_lock(fd, F_RDLCK);
}

enum st
lock_state_write(int fd, const struct lock_state *state, struct err *e)
{
    char text[64];
    const char *left = state->making   ? "making"
                       : state->failed ? "failed"
                       : state->open   ? "open"
                                       : "closed";
    int n = g_snprintf(text, sizeof text,
                       "%-6s %20" G_GINT64_FORMAT " %20" G_GINT64_FORMAT "\n",
                       left, state->checked, state->messages);

    if (pwrite(fd, text, (size_t)n, 0) != n)
        return err_set(e, ST_RETRY, EXIT_IO, "cannot write register.state: %s",
                       g_strerror(errno));
    if (fdatasync(fd))
        return err_set(e, ST_FATAL, EXIT_IO, "cannot flush register.state: %s",
                       g_strerror(errno));
    return ST_OK;
}
