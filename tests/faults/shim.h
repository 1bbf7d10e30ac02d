/* shim.h - what the two halves of the failing machine share. */
#ifndef FAULTS_SHIM_H
#define FAULTS_SHIM_H

#include <stddef.h>
#include <sys/types.h>

/* ---- power.c: what the power takes along ---- */

/* Is the power to be cut in this run?  Then every change is noted. */
void power_arm(void);

/* To be called before the change that they name. */
void power_before_write(int fd, off_t offset, size_t len);
void power_before_truncate(int fd);
void power_before_open(const char *path, int flags);
void power_before_rename(const char *from, const char *to);
void power_before_unlink(const char *path);

/* fsync: what was written to this file, or what happened in this directory,
 * can no longer be taken back. */
void power_synced(int fd);

/* Take back everything that was not flushed, newest first. */
void power_cut(void);

#endif
