/* run.h - round after round, until told to stop. */
#ifndef INTAKE_RUN_H
#define INTAKE_RUN_H

#include "intake/intake.h"

/* Poll, do what fell due, send, bring the readable view of the drafts up to
 * date.  One that cannot be done does not stop the others.  Not ST_OK: the
 * first that could not; tally->looked says whether it was the looking. */
enum st intake_round(struct intake *i, progress_fn progress, void *user,
                     struct tally *tally, struct err *e);

/* Seconds to wait after so many rounds in a row that could not look: 1, 2,
 * 4 ... intervals, half an hour at most. */
gint64 intake_pause(gint64 interval, int failures);

/* Rounds, and between them waiting (IDLE or `poll-interval`), until SIGTERM
 * or SIGINT.  Trouble with the mailbox is waited out with growing pauses;
 * only a register that cannot be trusted, or a refused configuration, ends
 * it (not ST_OK). */
enum st intake_run(struct intake *i, struct err *e);

#endif
