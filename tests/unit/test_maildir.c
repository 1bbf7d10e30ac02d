/* A Maildir as mailbox and as way out: what is listed, read and moved. */
#include "mailbox/mailbox.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct box {
    char *path;
    struct mailbox *m;
};

static void
setup(struct box *b, gconstpointer unused)
{
    struct err e = ERR_INIT;

    (void)unused;
    b->path = g_dir_make_tmp("maildir-XXXXXX", NULL);
    b->m = mailbox_new_maildir(b->path);
    g_assert_cmpint(b->m->driver->open(b->m, &e), ==, ST_OK);
}

static void
remove_tree(const char *path)
{
    const char *argv[] = {"rm", "-rf", path, NULL};

    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH,
                               NULL, NULL, NULL, NULL, NULL, NULL));
}

static void
teardown(struct box *b, gconstpointer unused)
{
    (void)unused;
    mailbox_free(b->m);
    remove_tree(b->path);
    g_free(b->path);
}

static void
put(const struct box *b, const char *file, const char *text, gint64 mtime)
{
    g_autofree char *path = g_build_filename(b->path, file, NULL);
    struct timespec times[2] = {{.tv_sec = mtime}, {.tv_sec = mtime}};

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
}

static gboolean
exists(const struct box *b, const char *file)
{
    g_autofree char *path = g_build_filename(b->path, file, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static GArray *
list(const struct box *b)
{
    GArray *refs = message_refs_new();
    struct err e = ERR_INIT;

    g_assert_cmpint(b->m->driver->list(b->m, 1, 0, refs, &e), ==, ST_OK);
    return refs;
}

static struct message_ref *
ref_at(GArray *refs, guint i)
{
    g_assert_cmpuint(i, <, refs->len);
    return &g_array_index(refs, struct message_ref, i);
}

static enum st
collect(struct fetched *message, void *user, struct err *e)
{
    (void)e;
    if (message->trouble) {
        g_string_append_printf(user, "[%s: trouble]", message->ref->key);
        return ST_OK;
    }
    g_string_append_printf(user, "[%s%s:%.*s]", message->ref->key,
                           message->header_only ? "!" : "", (int)message->len,
                           (const char *)message->data);
    return ST_OK;
}

static char *
fetch(const struct box *b, GArray *refs, gint64 limit)
{
    GString *got = g_string_new(NULL);
    struct err e = ERR_INIT;

    g_assert_cmpint(b->m->driver->fetch(b->m, refs, limit, collect, got, &e),
                    ==, ST_OK);
    return g_string_free(got, FALSE);
}

static void
test_list(struct box *b, gconstpointer unused)
{
    g_autoptr(GArray) first = NULL, second = NULL;
    g_autofree char *from = g_build_filename(b->path, "new/b", NULL);
    g_autofree char *to = g_build_filename(b->path, "cur/b:2,RS", NULL);

    (void)unused;
    put(b, "new/b", "late", 2000);
    put(b, "cur/c:2,S", "early", 1000);
    put(b, "new/a", "late too", 2000);
    put(b, "new/.hidden", "x", 1);
    put(b, "tmp/unfinished", "x", 1);
    first = list(b);
    g_assert_cmpuint(first->len, ==, 3);
    g_assert_cmpstr(ref_at(first, 0)->key, ==, "c");
    g_assert_cmpstr(ref_at(first, 1)->key, ==, "a");
    g_assert_cmpstr(ref_at(first, 2)->key, ==, "b");
    g_assert_cmpint(ref_at(first, 0)->received, ==, 1000);
    g_assert_cmpint(ref_at(first, 0)->size, ==, 5);
    g_assert_cmpuint(ref_at(first, 0)->validity, ==, 1);
    /* opened by a colleague, and an older one arrived: numbers stay */
    g_assert_cmpint(g_rename(from, to), ==, 0);
    put(b, "new/old", "x", 10);
    second = list(b);
    g_assert_cmpuint(second->len, ==, 4);
    for (guint i = 0; i < 3; i++) {
        g_assert_cmpstr(ref_at(second, i)->key, ==, ref_at(first, i)->key);
        g_assert_cmpuint(ref_at(second, i)->uid, ==, ref_at(first, i)->uid);
    }
    g_assert_cmpstr(ref_at(second, 3)->key, ==, "old");
}

static void
test_fetch(struct box *b, gconstpointer unused)
{
    g_autoptr(GArray) refs = NULL;
    g_autofree char *whole = NULL, *limited = NULL, *renamed = NULL;
    g_autofree char *from = g_build_filename(b->path, "new/a", NULL);
    g_autofree char *to = g_build_filename(b->path, "cur/a:2,S", NULL);
    g_autofree char *gone = g_build_filename(b->path, "new/b", NULL);

    (void)unused;
    put(b, "new/a", "H: 1\n\nbody", 1);
    put(b, "new/b", "H: 2\r\n\r\nlonger body", 2);
    refs = list(b);
    whole = fetch(b, refs, 1000);
    g_assert_cmpstr(whole, ==, "[a:H: 1\n\nbody][b:H: 2\r\n\r\nlonger body]");
    limited = fetch(b, refs, 12);
    g_assert_cmpstr(limited, ==, "[a:H: 1\n\nbody][b!:H: 2\r\n\r\n]");
    /* C10, C11: read by a colleague, taken away by a colleague */
    g_assert_cmpint(g_rename(from, to), ==, 0);
    g_assert_cmpint(g_unlink(gone), ==, 0);
    renamed = fetch(b, refs, 1000);
    g_assert_cmpstr(renamed, ==, "[a:H: 1\n\nbody]");
}

/* Promise 3: a file that cannot be read does not stop the next. */
static void
test_trouble(struct box *b, gconstpointer unused)
{
    g_autoptr(GArray) refs = NULL;
    g_autofree char *text = NULL;
    g_autofree char *path = g_build_filename(b->path, "new/a", NULL);

    (void)unused;
    put(b, "new/a", "x", 1);
    put(b, "new/b", "y", 2);
    refs = list(b);
    /* a link where the message was: refused, as root too */
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(symlink("/etc/hostname", path), ==, 0);
    text = fetch(b, refs, 1000);
    g_assert_cmpstr(text, ==, "[a: trouble][b:y]");
}

static enum st
refuse(struct fetched *message, void *user, struct err *e)
{
    (void)message;
    ++*(int *)user;
    return err_set(e, ST_FATAL, EXIT_IO, "disk full");
}

static void
test_fetch_stops(struct box *b, gconstpointer unused)
{
    g_autoptr(GArray) refs = NULL;
    struct err e = ERR_INIT;
    int calls = 0;

    (void)unused;
    put(b, "new/a", "x", 1);
    put(b, "new/b", "x", 2);
    refs = list(b);
    g_assert_cmpint(b->m->driver->fetch(b->m, refs, 10, refuse, &calls, &e), ==,
                    ST_FATAL);
    g_assert_cmpint(calls, ==, 1);
    g_assert_cmpstr(e.text, ==, "disk full");
}

static void
test_move(struct box *b, gconstpointer unused)
{
    g_autoptr(GArray) refs = NULL, left = NULL;
    g_autofree char *moved =
        g_build_filename(b->path, ".已受理/cur/a:2,", NULL);
    struct err e = ERR_INIT;
    struct stat sb;

    (void)unused;
    put(b, "new/a", "one", 1234);
    put(b, "cur/b:2,FS", "two", 2000);
    put(b, ".待处理/cur/b:2,FS", "another message of that name", 5);
    refs = list(b);
    g_assert_cmpint(
        b->m->driver->move(b->m, ref_at(refs, 0), FOLDER_ACCEPTED, &e), ==,
        ST_OK);
    g_assert_cmpint(g_stat(moved, &sb), ==, 0);
    g_assert_cmpint(sb.st_mtime, ==, 1234);
    g_assert_false(exists(b, "new/a"));
    /* done twice is done once */
    g_assert_cmpint(b->m->driver->move_all(b->m, refs, FOLDER_HELD, &e), ==,
                    ST_OK);
    g_assert_false(exists(b, ".待处理/cur/a:2,"));
    g_assert_true(exists(b, ".待处理/cur/b:2,FS"));
    g_assert_true(exists(b, ".待处理/cur/b.1:2,FS"));
    left = list(b);
    g_assert_cmpuint(left->len, ==, 0);
}

static void
test_wait(struct box *b, gconstpointer unused)
{
    g_autoptr(GArray) refs = NULL;
    struct err e = ERR_INIT;
    gint64 start;
    int stop[2];

    (void)unused;
    refs = list(b);
    put(b, "new/a", "arrived between list and wait", 1);
    start = g_get_monotonic_time();
    g_assert_cmpint(b->m->driver->wait(b->m, 30, -1, &e), ==, ST_OK);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 15 * G_USEC_PER_SEC);
    g_array_unref(g_steal_pointer(&refs));
    refs = list(b);
    start = g_get_monotonic_time();
    g_assert_cmpint(b->m->driver->move(b->m, ref_at(refs, 0), FOLDER_HELD, &e),
                    ==, ST_OK);
    g_assert_cmpint(b->m->driver->wait(b->m, 1, -1, &e), ==, ST_OK);
    /* what we move ourselves is no news */
    g_assert_cmpint(g_get_monotonic_time() - start, >, G_USEC_PER_SEC / 2);
    g_assert_cmpint(pipe(stop), ==, 0);
    g_assert_cmpint(write(stop[1], "x", 1), ==, 1);
    start = g_get_monotonic_time();
    g_assert_cmpint(b->m->driver->wait(b->m, 30, stop[0], &e), ==, ST_OK);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 15 * G_USEC_PER_SEC);
    close(stop[0]);
    close(stop[1]);
}

static enum sent
send_text(struct outgoing *o, const char *text)
{
    const char *const to[] = {"a@b.example", NULL};
    const struct parcel p = {"", to, text, strlen(text), "r1.5/a"};
    g_autoptr(GArray) answers =
        g_array_new(FALSE, FALSE, sizeof(struct answer));

    g_assert_cmpuint(outgoing_room(o), ==, 1);
    outgoing_put(o, &p);
    g_assert_cmpuint(outgoing_room(o), ==, 0);
    outgoing_wait(o, answers);
    g_assert_cmpuint(answers->len, ==, 1);
    g_assert_true(g_array_index(answers, struct answer, 0).parcel == &p);
    return g_array_index(answers, struct answer, 0).sent;
}

static void
test_outgoing(struct box *b, gconstpointer unused)
{
    g_autofree char *url = g_strdup_printf("maildir:%s/out", b->path);
    g_autofree char *file = g_build_filename(b->path, "out/new/r1.5_a", NULL);
    g_autofree char *read =
        g_build_filename(b->path, "out/cur/r1.5_a:2,S", NULL);
    g_autofree char *text = NULL;
    struct outgoing_config config = {.url = url};
    struct outgoing *o = NULL;
    struct err e = ERR_INIT;
    struct stat sb;

    (void)unused;
    g_assert_cmpint(outgoing_new(&config, &o, &e), ==, ST_OK);
    g_assert_cmpint(send_text(o, "A: b\r\n\r\nc\rd\r\n"), ==, SENT_OK);
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "A: b\n\nc\rd\n");
    g_assert_cmpint(g_stat(file, &sb), ==, 0);
    g_assert_cmpint(sb.st_mode & 0777, ==, 0600);
    /* a repeat, also after somebody has read it, is not a second mail */
    g_assert_cmpint(g_rename(file, read), ==, 0);
    g_assert_cmpint(send_text(o, "x"), ==, SENT_OK);
    g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
    outgoing_free(o);
}

static void
add(const char *name, void (*test)(struct box *, gconstpointer))
{
    g_test_add(name, struct box, NULL, setup, test, teardown);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/maildir/list", test_list);
    add("/maildir/fetch-C10-C11", test_fetch);
    add("/maildir/trouble-P4", test_trouble);
    add("/maildir/fetch-stops", test_fetch_stops);
    add("/maildir/move", test_move);
    add("/maildir/wait", test_wait);
    add("/maildir/outgoing", test_outgoing);
    return g_test_run();
}
