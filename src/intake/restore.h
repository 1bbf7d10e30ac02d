/* restore.h - the register is a backup that was put in the place of the real
 * one (A26).
 *
 * What it does not know any more lies in our folders, moved there by the
 * program as it was before.  So it is brought back into the inbox and
 * recorded again; what is known all the same goes back where it belongs.
 * What came longer ago than restore_answer_age() is not answered a second
 * time, and letters that were waiting for as long when the backup was made
 * are not sent again. */
#ifndef INTAKE_RESTORE_H
#define INTAKE_RESTORE_H

#include "intake/intake.h"

/* Seconds: answer-since, but three days at most.  Whoever lets mail of a month
 * be answered at the first look does not want a month of it answered twice. */
gint64 restore_answer_age(const struct config *c);

/* At the beginning of a round, before anything is sent: see whether the
 * register is behind, and write down that it is. */
enum st restore_notice(struct intake *i, struct err *e);

/* At the beginning of a look, the mailbox being open: bring back what was
 * received since the register last looked.  *going_on_out: this look is over
 * mail that was recorded before. */
enum st restore_recall(struct intake *i, gboolean *going_on_out, struct err *e);

#endif
