/* import.h - mail of the past: .eml files, an mbox, or a Maildir.
 *
 * Recorded like any other mail, but answered to no one: what was sent then
 * was answered then.  Where the time of receipt was taken from is recorded:
 * the mbox's From_ line, the topmost Received of an own host, else the
 * file's time. */
#ifndef INTAKE_IMPORT_H
#define INTAKE_IMPORT_H

#include "intake/intake.h"

/* i->mailbox and i->outgoing may be NULL.  ST_REJECT when a path cannot be
 * read; what came before it stays imported. */
enum st import_path(struct intake *i, const char *path, struct tally *tally,
                    struct err *e);

#endif
