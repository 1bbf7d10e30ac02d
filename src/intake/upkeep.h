/* upkeep.h - what keeps the data directory in order between messages. */
#ifndef INTAKE_UPKEEP_H
#define INTAKE_UPKEEP_H

#include "intake/intake.h"

/* The path of a file that is not to stay, DATA/NAME.PID.tmp. */
char *upkeep_scratch(const char *data, const char *name);

/* Remove those of programs that were killed.  One that cannot be removed harms
 * nothing. */
void upkeep_sweep(const struct intake *i);

/* Something is to leave no trace: inside the transaction that removes it.
 * upkeep_scrub() does the rest, after this commit or after a crash. */
enum st upkeep_ask_scrub(struct intake *i, struct err *e);

/* Take what was removed out of free pages, the -wal and the readable view of
 * the drafts.  Nothing was asked: nothing is done.  Outside a transaction. */
enum st upkeep_scrub(struct intake *i, struct err *e);

/* Bring the readable view of the drafts up to date, when anything has
 * changed since this program did so last. */
enum st upkeep_view(struct intake *i, struct err *e);

#endif
