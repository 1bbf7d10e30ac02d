/* thread.c - see thread.h. */
#include "base/thread.h"

#include <pthread.h>
#include <signal.h>

GThread *
thread_begin(const char *name, GThreadFunc run, gpointer user)
{
    sigset_t all, before;
    GThread *thread;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread = g_thread_try_new(name, run, user, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return thread;
}
