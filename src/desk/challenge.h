/* challenge.h - one-time codes: a command that nothing proves is carried out
 * when the code that was sent to the registered address has come back from
 * it.  Only where the office's server proves no one (no trusted-authserv). */
#ifndef DESK_CHALLENGE_H
#define DESK_CHALLENGE_H

#include "desk/desk.h"

/* Send a code for a held command to the registered address.  *sent_out FALSE:
 * too many today for that address, the command stays held as it is. */
enum st challenge_send(struct intake *i, const struct reading *r,
                       gint64 message, gboolean *sent_out, struct err *e);

/* A mail from a staff address brought this code: carry out the command that
 * it proves, or answer why not. */
enum st challenge_answer(struct intake *i, const struct reading *r,
                         gint64 message, const char *code, struct err *e);

#endif
