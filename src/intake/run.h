/* run.h - round after round, until told to stop. */
#ifndef INTAKE_RUN_H
#define INTAKE_RUN_H

#include "intake/intake.h"

/* Poll, send, do what fell due, send again what that made, and bring the
 * readable view of the drafts up to date.  ST_RETRY: the mailbox could not
 * be looked into (what was due and could be sent was sent all the same). */
enum st intake_round(struct intake *i, progress_fn progress, void *user,
                     struct tally *tally, struct err *e);

/* Rounds, and between them waiting (IDLE or `poll-interval`), until SIGTERM
 * or SIGINT.  Trouble with the mailbox is waited out with growing pauses;
 * only a register that cannot be trusted, or a refused configuration, ends
 * it (not ST_OK). */
enum st intake_run(struct intake *i, struct err *e);

#endif
