/* checkpoint.h - copies the log back into the register, in a thread and over
 * a connection of its own, while the program records the next batch.
 *
 * SQLite would do that within the commit that finds the log long, which then
 * waits for sixteen megabytes to reach the disk.  Nothing is promised by
 * this: what is in the log is committed and flushed. */
#ifndef REGISTER_CHECKPOINT_H
#define REGISTER_CHECKPOINT_H

#include "register/db.h"

/* From now on, whenever a commit leaves a long log behind. */
struct checkpoint *checkpoint_begin(struct reg *reg);

/* Until the log is not being copied: before the program does that itself.  A
 * flush that failed there is as final as one that fails in a commit, and
 * marks the register as broken.  `c` may be NULL. */
enum st checkpoint_settle(struct reg *reg, struct checkpoint *c, struct err *e);

/* The thread ends.  NULL is allowed. */
void checkpoint_end(struct checkpoint *c);

#endif
