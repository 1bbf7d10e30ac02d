/* thread.c - see thread.h. */
#include "base/thread.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

enum { STEP_BACK = 10 }; /* of nice values, 1.25 each */

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

/* In Linux a nice value is a thread's own (setpriority(2)). */
void
thread_step_back(void)
{
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + STEP_BACK);
}
