/* sandbox.h - the walls around a reader process. */
#ifndef MESSAGE_SANDBOX_H
#define MESSAGE_SANDBOX_H

#include <glib.h>

/* Shut this process in for ever: every file descriptor but `fd` and
 * standard error is closed; limits are set (address space: what is used now
 * plus `memory_bytes`; no core, no file writing, no new process); then a
 * seccomp filter leaves memory, time, exit, signals to itself, and read and
 * write on `fd`.  Standard error takes nothing from then on but the reports of
 * a sanitizer.
 * FALSE, with a sentence on standard error, when a wall cannot be built:
 * the caller must exit. */
gboolean sandbox_enter(int fd, size_t memory_bytes);

#endif
