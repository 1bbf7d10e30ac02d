/* episode.h - what lasts longer than one transaction: the first look over a
 * mailbox with its old mail, the look after a server numbered everything
 * anew, and the look after a register was restored from a backup.  That one is
 * going on stands in the register, so that staff are told once, of all of it,
 * whatever ends the program in between. */
#ifndef INTAKE_EPISODE_H
#define INTAKE_EPISODE_H

#include "intake/intake.h"

enum episode {
    EPISODE_FIRST_LOOK,
    EPISODE_RENUMBERED,
    EPISODE_RESTORED,
    EPISODE_COUNT
};

/* Inside a transaction. */
enum st episode_begin(struct intake *i, enum episode which, struct err *e);

enum st episode_going_on(struct intake *i, enum episode which,
                         gboolean *going_on_out, struct err *e);

/* The mailbox has been looked through: tell staff of what was going on, once.
 * What was received before `answered_from` was not answered. */
enum st episodes_end(struct intake *i, gint64 answered_from, struct err *e);

#endif
