/* password.c - passwords, read when they are needed and wiped afterwards. */
#include "base/i18n.h"
#include "pack/config.h"

#include <errno.h>
#include <fcntl.h>
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

/* The first line; an empty one is no password.  What stands behind it is
 * wiped at once, the line itself by config_password_free(). */
static enum st
first_line(char *data, const char *source, char **out, struct err *e)
{
    size_t len = strlen(data), end = strcspn(data, "\r\n");

    explicit_bzero(data + end, len - end);
    if (!*data) {
        config_password_free(data);
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       _("%s gives no password"), source);
    }
    *out = data;
    return ST_OK;
}

/* ---- from a file ---- */

/* systemd puts a service's credentials into a folder of its own, which only
 * the service can read. */
static enum st
expand(const char *path, char **out, struct err *e)
{
    const char *folder = g_getenv("CREDENTIALS_DIRECTORY");

    if (!g_str_has_prefix(path, CONFIG_CREDENTIALS)) {
        *out = g_strdup(path);
        return ST_OK;
    }
    if (!folder)
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       _("%s: systemd gives this folder to a service that has "
                         "LoadCredential= in its unit, and to nobody else"),
                       path);
    *out = g_build_filename(folder, path + strlen(CONFIG_CREDENTIALS), NULL);
    return ST_OK;
}

static enum st
cannot_read(const char *path, struct err *e)
{
    return err_set(e, ST_REJECT, EXIT_CONFIGURATION, _("cannot read %s: %s"),
                   path, g_strerror(errno));
}

/* Into one buffer that is wiped: no library that keeps copies. */
static enum st
read_file(int fd, const char *path, char **out, struct err *e)
{
    char *data;
    size_t n = 0;
    ssize_t got;
    struct stat sb;

    if (fstat(fd, &sb))
        return cannot_read(path, e);
    if (sb.st_mode & (S_IROTH | S_IWOTH))
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       _("%s can be read by every user of this machine; run "
                         "chmod o-rwx %s"),
                       path, path);
    if (sb.st_mode & S_IWGRP)
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       _("%s can be written by other users of this machine; "
                         "run chmod g-w %s"),
                       path, path);
    data = g_malloc0(PASSWORD_MAX);
    while (n + 1 < PASSWORD_MAX &&
           (got = read(fd, data + n, PASSWORD_MAX - n - 1)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            explicit_bzero(data, PASSWORD_MAX);
            g_free(data);
            return cannot_read(path, e);
        }
        n += (size_t)got;
    }
    return first_line(data, path, out, e);
}

static enum st
from_file(const char *name, char **out, struct err *e)
{
    g_autofree char *path = NULL;
    enum st st = expand(name, &path, e);
    int fd;

    if (st != ST_OK)
        return st;
    g_assert(path);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cannot_read(path, e);
    st = read_file(fd, path, out, e);
    close(fd);
    return st;
}

/* ---- from a command ---- */

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
