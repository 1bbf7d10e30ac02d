/* view_queue.h - readable files that a thread of its own writes, so that the
 * program records the next batch meanwhile.
 *
 * It knows nothing but paths and bytes: the register is never touched there.
 * Like all of the view the files are not flushed, and one that cannot be
 * written is silently left to reg_view_since() or reg_view(), which find it
 * missing and say why. */
#ifndef REGISTER_VIEW_QUEUE_H
#define REGISTER_VIEW_QUEUE_H

#include <glib.h>

struct view_queue;

/* The thread begins with the first file. */
struct view_queue *view_queue_new(void);

/* What waits is written before.  NULL is allowed. */
void view_queue_free(struct view_queue *q);

/* Have this file written.  Waits while more than a few megabytes are to be
 * written; a file as large as that is written before this returns. */
void view_queue_add(struct view_queue *q, const char *path, GBytes *bytes);

/* Until nothing waits and nothing is being written: before anything looks at
 * the view, or removes a file of it.  NULL is allowed. */
void view_queue_settle(struct view_queue *q);

#endif
