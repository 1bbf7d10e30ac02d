/* maildir.c - a Maildir++ as mailbox: the driver that needs no server.
 *
 * The inbox is new/ and cur/ of the path, the office's folders are
 * sub-folders with UTF-8 names (".已受理").  A message is known by the unique
 * part of its file's name, which renames do not change.  Messages are moved
 * by rename, so they are at every moment in exactly one folder; both
 * directories are flushed before a move counts as done. */
#include "mailbox/driver.h"

#include "base/file.h"
#include "base/step.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { VALIDITY = 1 }; /* names last: they are never given anew */

struct maildir {
    struct mailbox base;
    char *path;
    int notify;          /* inotify of new/ and cur/, or -1 */
    GHashTable *entries; /* key -> struct entry: the inbox as last seen */
    guint32 last_uid;
};

struct entry {
    char *file; /* "new/x" or "cur/x:2,S" */
    guint32 uid;
    gint64 received;
    gint64 received_ns; /* for the order within one second */
    gint64 size;
    gboolean present; /* seen by the scan that is going on */
};

static const char *const inbox_dirs[] = {"new", "cur"};

static void
entry_free(gpointer p)
{
    struct entry *entry = p;

    g_free(entry->file);
    g_free(entry);
}

static enum st
io_error(struct err *e, const char *what, const char *path)
{
    return err_set(e, ST_RETRY, EXIT_IO, "%s %s: %s", what, path,
                   g_strerror(errno));
}

enum st
maildir_make(const char *path, struct err *e)
{
    static const char *const parts[] = {"tmp", "new", "cur"};

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *dir = g_build_filename(path, parts[i], NULL);
        enum st st = file_mkdir(dir, e);

        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static char *
folder_path(const struct maildir *md, enum folder f)
{
    g_autofree char *name = g_strdup_printf(".%s", folder_name(f));

    return g_build_filename(md->path, name, NULL);
}

/* Maildir++ marks a sub-folder by an empty file of this name. */
static enum st
mark_folder(const char *path, struct err *e)
{
    g_autofree char *mark = g_build_filename(path, "maildirfolder", NULL);
    int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return io_error(e, "cannot create", mark);
    close(fd);
    return ST_OK;
}

static enum st
make_folders(const struct maildir *md, struct err *e)
{
    enum st st = maildir_make(md->path, e);

    for (int f = FOLDER_INBOX + 1; f < FOLDER_COUNT && st == ST_OK; f++) {
        g_autofree char *path = folder_path(md, (enum folder)f);

        st = maildir_make(path, e);
        if (st == ST_OK)
            st = mark_folder(path, e);
    }
    return st;
}

/* ---- looking ---- */

/* The part of a file's name that stays when its flags change. */
static char *
key_of(const char *name)
{
    return g_strndup(name, strcspn(name, ":"));
}

static void
note_file(struct maildir *md, const char *dir, const char *name,
          const struct stat *sb)
{
    char *key = key_of(name);
    struct entry *entry = g_hash_table_lookup(md->entries, key);

    if (!entry) {
        entry = g_new0(struct entry, 1);
        g_hash_table_insert(md->entries, key, entry);
    } else {
        g_free(key);
        g_free(entry->file);
    }
    entry->file = g_build_filename(dir, name, NULL);
    entry->received = sb->st_mtim.tv_sec;
    entry->received_ns = sb->st_mtim.tv_nsec;
    entry->size = sb->st_size;
    entry->present = TRUE;
}

static enum st
scan_dir(struct maildir *md, const char *dir, struct err *e)
{
    g_autofree char *path = g_build_filename(md->path, dir, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) d = g_dir_open(path, 0, &error);
    const char *name;

    if (!d)
        return err_set(e, ST_RETRY, EXIT_IO, "%s", error->message);
    while ((name = g_dir_read_name(d)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        struct stat sb;

        if (name[0] != '.' && lstat(file, &sb) == 0 && S_ISREG(sb.st_mode))
            note_file(md, dir, name, &sb);
    }
    return ST_OK;
}

static gboolean
is_absent(gpointer key, gpointer value, gpointer user)
{
    struct entry *entry = value;

    (void)key;
    (void)user;
    return !entry->present;
}

/* new/ before cur/: a reader moves files in that direction, so none is
 * missed, and one met twice has the same key. */
static enum st
scan(struct maildir *md, struct err *e)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, md->entries);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        ((struct entry *)value)->present = FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(inbox_dirs); i++) {
        enum st st = scan_dir(md, inbox_dirs[i], e);

        if (st != ST_OK)
            return st;
    }
    g_hash_table_foreach_remove(md->entries, is_absent, NULL);
    return ST_OK;
}

/* By time of arrival, then by name, so that the order is always the same. */
static int
by_arrival(gconstpointer a, gconstpointer b, gpointer entries)
{
    const char *key_a = *(char *const *)a, *key_b = *(char *const *)b;
    const struct entry *ea = g_hash_table_lookup(entries, key_a);
    const struct entry *eb = g_hash_table_lookup(entries, key_b);

    if (ea->received != eb->received)
        return ea->received < eb->received ? -1 : 1;
    if (ea->received_ns != eb->received_ns)
        return ea->received_ns < eb->received_ns ? -1 : 1;
    return strcmp(key_a, key_b);
}

static int
by_uid(gconstpointer a, gconstpointer b)
{
    guint32 ua = ((const struct message_ref *)a)->uid;
    guint32 ub = ((const struct message_ref *)b)->uid;

    return (ua > ub) - (ua < ub);
}

static void
give_refs(struct maildir *md, GArray *refs_out)
{
    g_autofree char **keys =
        (char **)g_hash_table_get_keys_as_array(md->entries, NULL);
    guint n = g_hash_table_size(md->entries);

    g_qsort_with_data(keys, (int)n, sizeof *keys, by_arrival, md->entries);
    for (guint i = 0; i < n; i++) {
        struct entry *entry = g_hash_table_lookup(md->entries, keys[i]);
        struct message_ref ref = {.validity = VALIDITY,
                                  .key = g_strdup(keys[i]),
                                  .received = entry->received,
                                  .size = entry->size};

        if (entry->uid == 0)
            entry->uid = ++md->last_uid;
        ref.uid = entry->uid;
        g_array_append_val(refs_out, ref);
    }
    g_array_sort(refs_out, by_uid);
}

static void
drain_notify(const struct maildir *md)
{
    char buffer[4096];

    while (md->notify >= 0 && read(md->notify, buffer, sizeof buffer) > 0)
        continue;
}

static enum st
maildir_list(struct mailbox *m, guint32 validity, guint32 after,
             GArray *refs_out, struct err *e)
{
    struct maildir *md = (struct maildir *)m;
    enum st st;

    (void)validity;
    (void)after;
    drain_notify(md); /* first, so that what comes meanwhile is news */
    st = scan(md, e);
    if (st == ST_OK)
        give_refs(md, refs_out);
    return st;
}

/* ---- reading ---- */

/* Where the message is now; NULL when it is gone from the inbox.  Somebody
 * may have renamed the file since the scan: then look again. */
static enum st
locate(struct maildir *md, const char *key, const struct entry **out,
       struct err *e)
{
    const struct entry *entry = g_hash_table_lookup(md->entries, key);
    g_autofree char *path = NULL;

    if (entry)
        path = g_build_filename(md->path, entry->file, NULL);
    if (!path || access(path, F_OK) != 0) {
        enum st st = scan(md, e);

        if (st != ST_OK)
            return st;
        entry = g_hash_table_lookup(md->entries, key);
    }
    *out = entry;
    return ST_OK;
}

/* At most `want` bytes from the start; FALSE with errno. */
static gboolean
read_start(int fd, guint8 *to, size_t want, size_t *len_out)
{
    size_t len = 0;

    while (len < want) {
        ssize_t n = read(fd, to + len, want - len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FALSE;
        if (n == 0)
            break;
        len += (size_t)n;
    }
    *len_out = len;
    return TRUE;
}

/* Is an error of this kind one file's, and not the whole system's? */
static gboolean
is_of_one_file(int error)
{
    return error == EACCES || error == EPERM || error == EIO ||
           error == ELOOP || error == EISDIR || error == ESTALE;
}

static enum st
give_trouble(const char *path, const struct message_ref *ref, fetched_fn fn,
             void *user, struct err *e)
{
    struct err trouble = ERR_INIT;
    struct fetched message = {.ref = ref, .trouble = trouble.text};
    gboolean is_its_own = is_of_one_file(errno);
    enum st st = io_error(&trouble, "cannot read", path);

    if (is_its_own)
        return fn(&message, user, e);
    if (e)
        *e = trouble;
    return st;
}

static enum st
give_file(int fd, const char *path, const struct message_ref *ref,
          gint64 size_limit, fetched_fn fn, void *user, struct err *e)
{
    g_autofree guint8 *data = NULL;
    struct fetched message = {.ref = ref};
    struct stat sb;
    size_t want;
    enum st st;

    if (fstat(fd, &sb))
        return give_trouble(path, ref, fn, user, e);
    message.header_only = sb.st_size > size_limit;
    want = (size_t)sb.st_size;
    if (message.header_only)
        want = MIN(want, MAILBOX_HEADER_LIMIT);
    data = g_malloc(want + 1);
    if (!read_start(fd, data, want, &message.len))
        return give_trouble(path, ref, fn, user, e);
    if (message.header_only)
        message.len = header_length(data, message.len);
    message.data = data;
    st = fn(&message, user, e);
    if (!message.taken)
        explicit_bzero(data, want); /* it may have been secret */
    return st;
}

static enum st
fetch_one(struct maildir *md, const struct message_ref *ref, gint64 size_limit,
          fetched_fn fn, void *user, struct err *e)
{
    const struct entry *entry;
    g_autofree char *path = NULL;
    enum st st = locate(md, ref->key, &entry, e);
    int fd;

    if (st != ST_OK || !entry)
        return st;
    path = g_build_filename(md->path, entry->file, NULL);
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ST_OK : give_trouble(path, ref, fn, user, e);
    st = give_file(fd, path, ref, size_limit, fn, user, e);
    close(fd);
    return st;
}

static enum st
maildir_fetch(struct mailbox *m, const GArray *refs, gint64 size_limit,
              fetched_fn fn, void *user, struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; i < refs->len && st == ST_OK; i++)
        st = fetch_one((struct maildir *)m,
                       &g_array_index(refs, struct message_ref, i), size_limit,
                       fn, user, e);
    return st;
}

/* ---- moving ---- */

/* The file's name in the cur/ of a folder: flags are kept, and a message
 * that nobody has opened gets the empty set of flags that cur/ demands.
 * With n > 0 a name that differs, for when the folder has this one. */
static char *
name_in_cur(const char *file, int n)
{
    const char *name = strchr(file, '/') + 1;
    g_autofree char *key = key_of(name);
    const char *flags = name + strlen(key);

    if (!*flags)
        flags = ":2,";
    if (n == 0)
        return g_strconcat(key, flags, NULL);
    return g_strdup_printf("%s.%d%s", key, n, flags);
}

/* Rename without ever replacing: two files of one name are two messages.
 * A file that has gone meanwhile is as good as moved. */
static enum st
rename_into(const char *from, const char *cur, const char *file, struct err *e)
{
    enum { TRIES = 1000 };

    for (int n = 0; n < TRIES; n++) {
        g_autofree char *name = name_in_cur(file, n);
        g_autofree char *to = g_build_filename(cur, name, NULL);

        if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ||
            errno == ENOENT)
            return ST_OK;
        if (errno != EEXIST)
            return io_error(e, "cannot move to", to);
    }
    return err_set(e, ST_RETRY, EXIT_IO, "no free name for %s in %s", from,
                   cur);
}

static enum st
rename_one(struct maildir *md, const struct message_ref *ref, const char *cur,
           struct err *e)
{
    const struct entry *entry;
    g_autofree char *from = NULL;
    enum st st = locate(md, ref->key, &entry, e);

    if (st != ST_OK || !entry)
        return st;
    from = g_build_filename(md->path, entry->file, NULL);
    step("maildir-move");
    st = rename_into(from, cur, entry->file, e);
    step("maildir-moved");
    if (st == ST_OK)
        g_hash_table_remove(md->entries, ref->key);
    return st;
}

/* The target first: a power cut may then leave two links, never none. */
static enum st
flush_move(const struct maildir *md, const char *cur, struct err *e)
{
    enum st st = file_sync_dir(cur, e);

    for (size_t i = 0; i < G_N_ELEMENTS(inbox_dirs) && st == ST_OK; i++) {
        g_autofree char *dir = g_build_filename(md->path, inbox_dirs[i], NULL);

        st = file_sync_dir(dir, e);
    }
    return st;
}

static enum st
maildir_move_all(struct mailbox *m, const GArray *refs, enum folder to,
                 struct err *e)
{
    struct maildir *md = (struct maildir *)m;
    g_autofree char *folder = folder_path(md, to);
    g_autofree char *cur = g_build_filename(folder, "cur", NULL);
    enum st st = ST_OK;

    for (guint i = 0; i < refs->len && st == ST_OK; i++)
        st =
            rename_one(md, &g_array_index(refs, struct message_ref, i), cur, e);
    return st == ST_OK ? flush_move(md, cur, e) : st;
}

/* ---- from folder to folder ---- */

/* What fetch() gives of the file: its bytes, or the header. */
static gboolean
hash_file(const char *path, gint64 size, gint64 size_limit, char **out)
{
    gboolean whole = size <= size_limit;
    size_t want =
        whole ? (size_t)size : MIN((size_t)size, MAILBOX_HEADER_LIMIT);
    g_autofree guint8 *data = g_malloc(want + 1);
    size_t len = 0;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    gboolean ok = fd >= 0 && read_start(fd, data, want, &len);

    if (fd >= 0)
        close(fd);
    if (ok && !whole)
        len = header_length(data, len);
    if (ok)
        *out = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, len);
    return ok;
}

/* One whose content is not known is told by when it came. */
static gboolean
is_sought(const char *path, const struct message_sought *sought)
{
    g_autofree char *hash = NULL;
    struct stat sb;

    if (lstat(path, &sb) != 0 || !S_ISREG(sb.st_mode) ||
        sb.st_size != sought->size)
        return FALSE;
    if (!sought->sha256)
        return sb.st_mtim.tv_sec == sought->received;
    return hash_file(path, sb.st_size, sought->size_limit, &hash) &&
           g_str_equal(hash, sought->sha256);
}

/* "cur/x:2,S" below the folder, or NULL. */
static enum st
find_file(const char *folder, const struct message_sought *sought,
          char **file_out, struct err *e)
{
    for (size_t i = 0; i < G_N_ELEMENTS(inbox_dirs); i++) {
        g_autofree char *dir = g_build_filename(folder, inbox_dirs[i], NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GDir) d = g_dir_open(dir, 0, &error);
        const char *name;

        if (!d)
            return err_set(e, ST_RETRY, EXIT_IO, "%s", error->message);
        while (!*file_out && (name = g_dir_read_name(d)) != NULL) {
            g_autofree char *path = g_build_filename(dir, name, NULL);

            if (name[0] != '.' && is_sought(path, sought))
                *file_out = g_build_filename(inbox_dirs[i], name, NULL);
        }
    }
    return ST_OK;
}

static enum st
maildir_refile(struct mailbox *m, const struct message_sought *sought,
               enum folder from, enum folder to, gboolean *found_out,
               struct err *e)
{
    const struct maildir *md = (const struct maildir *)m;
    g_autofree char *origin = folder_path(md, from);
    g_autofree char *target = folder_path(md, to);
    g_autofree char *cur = g_build_filename(target, "cur", NULL);
    g_autofree char *file = NULL, *path = NULL, *left = NULL;
    enum st st = find_file(origin, sought, &file, e);

    if (st == ST_OK && file) {
        path = g_build_filename(origin, file, NULL);
        left = g_path_get_dirname(path);
        step("maildir-refile");
        st = rename_into(path, cur, file, e);
        step("maildir-refiled");
        if (st == ST_OK)
            st = file_sync_dir(cur, e);
        if (st == ST_OK)
            st = file_sync_dir(left, e);
    }
    if (st == ST_OK)
        *found_out = file != NULL;
    return st;
}

/* ---- back into the inbox ---- */

static enum st
recall_from(const char *dir, const char *cur, gint64 since, guint *n,
            struct err *e)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) d = g_dir_open(dir, 0, &error);
    const char *name;
    enum st st = ST_OK;

    if (!d)
        return err_set(e, ST_RETRY, EXIT_IO, "%s", error->message);
    while (st == ST_OK && (name = g_dir_read_name(d)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);
        g_autofree char *file = g_build_filename("cur", name, NULL);
        struct stat sb;

        if (name[0] == '.' || lstat(path, &sb) != 0 || !S_ISREG(sb.st_mode) ||
            sb.st_mtim.tv_sec < since)
            continue;
        step("maildir-recall");
        st = rename_into(path, cur, file, e);
        *n += st == ST_OK;
    }
    return st == ST_OK ? file_sync_dir(dir, e) : st;
}

static enum st
maildir_recall(struct mailbox *m, gint64 since, guint *n_out, struct err *e)
{
    const struct maildir *md = (const struct maildir *)m;
    g_autofree char *cur = g_build_filename(md->path, "cur", NULL);
    enum st st = ST_OK;
    guint n = 0;

    for (int f = FOLDER_ACCEPTED; st == ST_OK && f < FOLDER_COUNT; f++) {
        g_autofree char *folder = folder_path(md, (enum folder)f);

        for (size_t i = 0; st == ST_OK && i < G_N_ELEMENTS(inbox_dirs); i++) {
            g_autofree char *dir =
                g_build_filename(folder, inbox_dirs[i], NULL);

            st = recall_from(dir, cur, since, &n, e);
        }
    }
    if (st == ST_OK)
        st = file_sync_dir(cur, e);
    if (st == ST_OK)
        *n_out = n;
    return st;
}

/* ---- waiting, opening, closing ---- */

static enum st
maildir_wait(struct mailbox *m, unsigned seconds, int stop_fd, struct err *e)
{
    const struct maildir *md = (const struct maildir *)m;
    struct pollfd fds[] = {{.fd = md->notify, .events = POLLIN},
                           {.fd = stop_fd, .events = POLLIN}};
    int ms = (int)MIN(seconds, G_MAXINT / 1000) * 1000;

    if (poll(fds, G_N_ELEMENTS(fds), ms) < 0 && errno != EINTR)
        return io_error(e, "cannot wait for", md->path);
    return ST_OK;
}

/* Without inotify (its instances are limited) mail is found by polling. */
static void
start_notify(struct maildir *md)
{
    md->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    for (size_t i = 0; i < G_N_ELEMENTS(inbox_dirs) && md->notify >= 0; i++) {
        g_autofree char *dir = g_build_filename(md->path, inbox_dirs[i], NULL);

        inotify_add_watch(md->notify, dir,
                          IN_MOVED_TO | IN_CREATE | IN_CLOSE_WRITE);
    }
}

static void
maildir_close(struct mailbox *m)
{
    struct maildir *md = (struct maildir *)m;

    if (md->notify >= 0)
        close(md->notify);
    md->notify = -1;
}

static enum st
maildir_open(struct mailbox *m, struct err *e)
{
    struct maildir *md = (struct maildir *)m;
    enum st st;

    maildir_close(m);
    st = make_folders(md, e);
    if (st == ST_OK)
        start_notify(md);
    return st;
}

static guint32
maildir_validity(const struct mailbox *m)
{
    (void)m;
    return VALIDITY;
}

static void
maildir_free(struct mailbox *m)
{
    struct maildir *md = (struct maildir *)m;

    maildir_close(m);
    g_hash_table_unref(md->entries);
    g_free(md->path);
    g_free(md);
}

static const struct mailbox_driver maildir_driver = {
    .open = maildir_open,
    .list = maildir_list,
    .validity = maildir_validity,
    .fetch = maildir_fetch,
    .move = move_one,
    .move_all = maildir_move_all,
    .refile = maildir_refile,
    .recall = maildir_recall,
    .wait = maildir_wait,
    .close = maildir_close,
    .free = maildir_free,
};

struct mailbox *
mailbox_new_maildir(const char *path)
{
    struct maildir *md = g_new0(struct maildir, 1);

    md->base.driver = &maildir_driver;
    md->path = g_strdup(path);
    md->notify = -1;
    md->entries =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
    return &md->base;
}
