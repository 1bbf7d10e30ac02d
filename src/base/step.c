/* step.c - see step.h. */
#include "base/step.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static gboolean known;
static gboolean active;
static long crash_at;
static long calls;
static const char *log_path;

static void
look_at_environment(void)
{
    const char *at = getenv("BAOSONG_CRASH_AT");

    known = TRUE;
    crash_at = at ? strtol(at, NULL, 10) : 0;
    log_path = getenv("BAOSONG_STEP_LOG");
    active = crash_at > 0 || log_path;
}

static void
append_name(const char *name)
{
    g_autofree char *line = g_strdup_printf("%s\n", name);
    int fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    if (fd < 0)
        return;
    if (write(fd, line, strlen(line)) < 0)
        g_printerr("step log: %s\n", g_strerror(errno));
    close(fd);
}

void
step(const char *name)
{
    if (!known)
        look_at_environment();
    if (!active)
        return;
    calls++;
    if (log_path)
        append_name(name);
    if (calls == crash_at)
        kill(getpid(), SIGKILL);
}
