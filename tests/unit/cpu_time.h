/* cpu_time.h - how long a test has worked.  What bounds the time that hostile
 * bytes may cost is judged by the processor's time: on a loaded machine the
 * wall clock says how busy others are. */
#ifndef UNIT_CPU_TIME_H
#define UNIT_CPU_TIME_H

#include <glib.h>
#include <time.h>

/* Microseconds that this process, without its children, has used. */
static inline gint64
cpu_time(void)
{
    struct timespec t = {0, 0};

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

#endif
