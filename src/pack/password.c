/* password.c - passwords, read when they are needed and wiped afterwards. */
#include "base/file.h"
#include "base/i18n.h"
#include "pack/config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PASSWORD_MAX 4096
#define COMMAND_SECONDS 30

void
config_password_free(char *password)
{
    if (!password)
        return;
    explicit_bzero(password, strlen(password));
    g_free(password);
}

/* The first line; an empty one is no password. */
static enum st
first_line(char *data, const char *source, char **out, struct err *e)
{
    data[strcspn(data, "\r\n")] = '\0';
    if (!*data) {
        config_password_free(data);
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       _("%s gives no password"), source);
    }
    *out = data;
    return ST_OK;
}

static enum st
from_file(const char *path, char **out, struct err *e)
{
    struct stat sb;
    char *data = NULL;
    size_t len = 0;
    enum st st;

    if (stat(path, &sb) == 0 && (sb.st_mode & (S_IROTH | S_IWOTH)))
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       _("%s can be read by every user of this machine; run "
                         "chmod o-rwx %s"),
                       path, path);
    st = file_read(path, PASSWORD_MAX, &data, &len, e);
    if (st != ST_OK) {
        if (e)
            e->status = EXIT_CONFIGURATION;
        return st;
    }
    return first_line(data, path, out, e);
}

/* Read until the end or the deadline; FALSE when it was not reached, or too
 * much came. */
static gboolean
read_until(int fd, gint64 deadline, char *buffer, size_t size)
{
    size_t n = 0;

    for (;;) {
        gint64 left = (deadline - g_get_monotonic_time()) / 1000;
        struct pollfd p = {fd, POLLIN, 0};
        ssize_t got;

        if (left <= 0 || n + 1 >= size)
            return FALSE;
        if (poll(&p, 1, (int)left) <= 0)
            continue;
        got = read(fd, buffer + n, size - n - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    buffer[n] = '\0';
    return TRUE;
}

/* Wait for the child; a late one is killed first. */
static gboolean
finish(GPid pid, gboolean in_time)
{
    int status = 0;

    if (!in_time)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    g_spawn_close_pid(pid);
    return in_time && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static enum st
from_command(const char *command, char **out, struct err *e)
{
    g_auto(GStrv) argv = NULL;
    g_autoptr(GError) error = NULL;
    gint64 deadline = g_get_monotonic_time() + COMMAND_SECONDS * G_USEC_PER_SEC;
    char *buffer;
    GPid pid;
    int fd = -1;
    gboolean good;

    if (!g_shell_parse_argv(command, NULL, &argv, &error) ||
        !g_spawn_async_with_pipes(
            NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
            NULL, NULL, &pid, NULL, &fd, NULL, &error))
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       _("password-command \"%s\": %s"), command,
                       error->message);
    buffer = g_malloc0(PASSWORD_MAX);
    good = read_until(fd, deadline, buffer, PASSWORD_MAX);
    close(fd);
    if (!finish(pid, good)) {
        explicit_bzero(buffer, PASSWORD_MAX);
        g_free(buffer);
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       _("password-command \"%s\" failed, or took longer than "
                         "30 seconds"),
                       command);
    }
    return first_line(buffer, command, out, e);
}

static enum st
read_password(const char *file, const char *command, char **out, struct err *e)
{
    if (file)
        return from_file(file, out, e);
    if (command)
        return from_command(command, out, e);
    *out = NULL;
    return ST_OK;
}

enum st
config_mailbox_password(const struct config *c, char **out, struct err *e)
{
    return read_password(c->password_file, c->password_command, out, e);
}

enum st
config_outgoing_password(const struct config *c, char **out, struct err *e)
{
    if (c->outgoing_password_file || c->outgoing_password_command)
        return read_password(c->outgoing_password_file,
                             c->outgoing_password_command, out, e);
    return config_mailbox_password(c, out, e);
}
