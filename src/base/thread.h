/* thread.h - a thread beside the program. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <glib.h>

/* Begin a thread that takes no signals: they are for the program, whose
 * waiting they end.  NULL: the system has none to give now; joined by
 * g_thread_join(). */
GThread *thread_begin(const char *name, GThreadFunc run, gpointer user);

/* The calling thread does what nobody waits for: where the program wants the
 * same core it gets a tenth.  Where that may not be said nothing changes. */
void thread_step_back(void);

#endif
