/* file.c - see file.h. */
#include "base/file.h"

#include "base/step.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static enum st
io_error(struct err *e, enum st st, const char *what, const char *path)
{
    return err_set(e, st, EXIT_IO, "%s %s: %s", what, path, g_strerror(errno));
}

static gboolean
write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        data += n;
        len -= (size_t)n;
    }
    return TRUE;
}

enum st
file_sync_dir(const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed;

    if (fd < 0)
        return io_error(e, ST_RETRY, "cannot open directory", path);
    failed = fsync(fd);
    close(fd);
    return failed ? io_error(e, ST_FATAL, "cannot flush directory", path)
                  : ST_OK;
}

enum st
file_publish(const char *temporary, const char *path, struct err *e)
{
    g_autofree char *dir = g_path_get_dirname(path);
    int fd = open(temporary, O_RDONLY | O_CLOEXEC);
    int failed;

    if (fd < 0)
        return io_error(e, ST_RETRY, "cannot open", temporary);
    failed = fsync(fd);
    close(fd);
    if (failed)
        return io_error(e, ST_FATAL, "cannot flush", temporary);
    step("file-rename");
    if (rename(temporary, path))
        return io_error(e, ST_RETRY, "cannot rename to", path);
    step("file-renamed");
    return file_sync_dir(dir, e);
}

static enum st
write_temporary(const char *path, const void *data, size_t len, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    enum st st = ST_OK;

    if (fd < 0)
        return io_error(e, ST_RETRY, "cannot create", path);
    if (!write_all(fd, data, len))
        st = io_error(e, ST_RETRY, "cannot write", path);
    if (close(fd) && st == ST_OK)
        st = io_error(e, ST_RETRY, "cannot close", path);
    return st;
}

enum st
file_write(const char *path, const void *data, size_t len, struct err *e)
{
    g_autofree char *temporary =
        g_strdup_printf("%s.%ld.tmp", path, (long)getpid());
    enum st st = write_temporary(temporary, data, len, e);

    if (st == ST_OK)
        st = file_publish(temporary, path, e);
    if (st != ST_OK)
        unlink(temporary);
    return st;
}

static enum st
read_all(int fd, const char *path, size_t limit, GString *out, struct err *e)
{
    char buffer[65536];

    for (;;) {
        ssize_t n = read(fd, buffer, sizeof buffer);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_error(e, ST_REJECT, "cannot read", path);
        if (n == 0)
            return ST_OK;
        if (out->len + (size_t)n > limit)
            return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                           "%s is larger than %zu bytes", path, limit);
        g_string_append_len(out, buffer, n);
    }
}

enum st
file_read(const char *path, size_t limit, char **out_data, size_t *out_len,
          struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    GString *all;
    enum st st;

    if (fd < 0)
        return io_error(e, ST_REJECT, "cannot open", path);
    all = g_string_new(NULL);
    st = read_all(fd, path, limit, all, e);
    close(fd);
    if (st != ST_OK) {
        g_string_free(all, TRUE);
        return st;
    }
    *out_len = all->len;
    *out_data = g_string_free(all, FALSE);
    return ST_OK;
}

enum st
file_read_keys(const char *path, size_t limit, GKeyFile **out, struct err *e)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *data = NULL;
    size_t len = 0;
    enum st st = file_read(path, limit, &data, &len, e);

    if (st != ST_OK)
        return st;
    if (!g_utf8_validate(data, (gssize)len, NULL))
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       "%s: not a text in UTF-8", path);
    if (!g_key_file_load_from_data(file, data, len, G_KEY_FILE_NONE, &error))
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION, "%s: %s", path,
                       error->message);
    *out = g_steal_pointer(&file);
    return ST_OK;
}

unsigned
file_open_to_others(const char *path)
{
    struct stat sb;

    return stat(path, &sb) ? 0 : sb.st_mode & (S_IRWXG | S_IRWXO);
}

enum st
file_mkdir(const char *path, struct err *e)
{
    if (g_mkdir_with_parents(path, 0700))
        return io_error(e, ST_RETRY, "cannot make directory", path);
    return ST_OK;
}
