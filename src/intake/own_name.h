/* own_name.h - a mail that says that we wrote it, and that we did not write
 * (A21): a forged sender, or somebody who has our password. */
#ifndef INTAKE_OWN_NAME_H
#define INTAKE_OWN_NAME_H

#include "intake/incoming.h"

/* Logged each time, told to staff once a day; never answered.  A letter of
 * ours that has come back is none.  Inside the message's transaction. */
enum st own_name_alarm(struct intake *i, const struct incoming *a,
                       const struct decision *d, gint64 message, struct err *e);

#endif
