/* step.h - crash points.
 *
 * Every place after which the world outside this process has changed (a
 * commit, a rename, a command sent to a server) calls step().  With
 * BAOSONG_CRASH_AT=n in the environment the n-th call kills the process
 * with SIGKILL; with BAOSONG_STEP_LOG=FILE the names are appended to FILE.
 * Neither variable is read outside tests: without them step() costs a
 * comparison. */
#ifndef BASE_STEP_H
#define BASE_STEP_H

void step(const char *name);

#endif
