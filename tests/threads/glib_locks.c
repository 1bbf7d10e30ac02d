/* glib_locks.so - GLib's locks as the C library's.
 *
 * GLib's own are made of futexes, which helgrind does not know: it would take
 * everything that they guard for shared without a lock.  Loaded before GLib
 * (LD_PRELOAD) these take their place for the program; what GLib locks
 * within itself stays its own. */
#include <glib.h>
#include <pthread.h>

static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

/* A lock that lies in zeroed memory is made at its first use. */
static pthread_mutex_t *
mutex_of(GMutex *m)
{
    pthread_mutex_lock(&making);
    if (!m->p) {
        m->p = g_new0(pthread_mutex_t, 1);
        pthread_mutex_init(m->p, NULL);
    }
    pthread_mutex_unlock(&making);
    return m->p;
}

static pthread_cond_t *
cond_of(GCond *c)
{
    pthread_mutex_lock(&making);
    if (!c->p) {
        c->p = g_new0(pthread_cond_t, 1);
        pthread_cond_init(c->p, NULL);
    }
    pthread_mutex_unlock(&making);
    return c->p;
}

void
g_mutex_init(GMutex *m)
{
    m->p = NULL;
}

void
g_mutex_clear(GMutex *m)
{
    if (m->p)
        pthread_mutex_destroy(m->p);
    g_free(m->p);
}

void
g_mutex_lock(GMutex *m)
{
    pthread_mutex_lock(mutex_of(m));
}

void
g_mutex_unlock(GMutex *m)
{
    pthread_mutex_unlock(mutex_of(m));
}

void
g_cond_init(GCond *c)
{
    c->p = NULL;
}

void
g_cond_clear(GCond *c)
{
    if (c->p)
        pthread_cond_destroy(c->p);
    g_free(c->p);
}

void
g_cond_wait(GCond *c, GMutex *m)
{
    pthread_cond_wait(cond_of(c), mutex_of(m));
}

void
g_cond_broadcast(GCond *c)
{
    pthread_cond_broadcast(cond_of(c));
}
