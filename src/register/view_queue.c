/* view_queue.c - see view_queue.h. */
#include "register/view_queue.h"

#include "base/thread.h"
#include "register/view.h"

enum { WAITING_MOST = 4 << 20 }; /* bytes: each keeps its message's in memory */

struct view_queue {
    GThread *thread; /* NULL: not begun, or the system has none to give */
    GMutex lock;     /* for all below */
    GCond changed;
    GQueue files; /* of struct file */
    gsize bytes;  /* of all files here, and of the one being written */
    guint unwritten;
    gboolean ending;
};

struct file {
    char *path;
    GBytes *bytes;
};

static void
file_free(struct file *f)
{
    g_free(f->path);
    g_bytes_unref(f->bytes);
    g_free(f);
}

/* The view is looked through later, and then the cause is told. */
static void
write_file(const char *path, GBytes *bytes)
{
    struct err ignored = ERR_INIT;

    reg_view_write(path, bytes, &ignored);
}

/* ---- the thread ---- */

/* NULL: nothing more will come. */
static struct file *
next_file(struct view_queue *q)
{
    while (g_queue_is_empty(&q->files) && !q->ending)
        g_cond_wait(&q->changed, &q->lock);
    return g_queue_pop_head(&q->files);
}

static gpointer
write_all(gpointer user)
{
    struct view_queue *q = user;
    struct file *f;

    thread_step_back();
    g_mutex_lock(&q->lock);
    while ((f = next_file(q)) != NULL) {
        gsize size = g_bytes_get_size(f->bytes);

        g_mutex_unlock(&q->lock);
        write_file(f->path, f->bytes);
        file_free(f);
        g_mutex_lock(&q->lock);
        q->bytes -= size;
        q->unwritten--;
        g_cond_broadcast(&q->changed);
    }
    g_mutex_unlock(&q->lock);
    return NULL;
}

/* ---- the program ---- */

struct view_queue *
view_queue_new(void)
{
    struct view_queue *q = g_new0(struct view_queue, 1);

    g_mutex_init(&q->lock);
    g_cond_init(&q->changed);
    g_queue_init(&q->files);
    return q;
}

void
view_queue_free(struct view_queue *q)
{
    if (!q)
        return;
    g_mutex_lock(&q->lock);
    q->ending = TRUE;
    g_cond_broadcast(&q->changed);
    g_mutex_unlock(&q->lock);
    if (q->thread)
        g_thread_join(q->thread);
    g_mutex_clear(&q->lock);
    g_cond_clear(&q->changed);
    g_free(q);
}

static void
put(struct view_queue *q, const char *path, GBytes *bytes, gsize size)
{
    struct file *f = g_new(struct file, 1);

    f->path = g_strdup(path);
    f->bytes = g_bytes_ref(bytes);
    g_mutex_lock(&q->lock);
    while (q->bytes + size > WAITING_MOST)
        g_cond_wait(&q->changed, &q->lock);
    if (g_queue_is_empty(&q->files)) /* else it does not wait: no call */
        g_cond_broadcast(&q->changed);
    g_queue_push_tail(&q->files, f);
    q->bytes += size;
    q->unwritten++;
    g_mutex_unlock(&q->lock);
}

void
view_queue_add(struct view_queue *q, const char *path, GBytes *bytes)
{
    gsize size = g_bytes_get_size(bytes);

    if (!q->thread)
        q->thread = thread_begin("view", write_all, q);
    if (q->thread && size < WAITING_MOST) {
        put(q, path, bytes, size);
        return;
    }
    view_queue_settle(q); /* another version may wait under the same name */
    write_file(path, bytes);
}

void
view_queue_settle(struct view_queue *q)
{
    if (!q)
        return;
    g_mutex_lock(&q->lock);
    while (q->unwritten > 0)
        g_cond_wait(&q->changed, &q->lock);
    g_mutex_unlock(&q->lock);
}
