/* references.h - published texts that drafts are compared with: the folder
 * `reference-texts` of the configuration, kept in the register. */
#ifndef INTAKE_REFERENCES_H
#define INTAKE_REFERENCES_H

#include "intake/intake.h"

/* Bring the register in step with the folder: what is new or was changed
 * (other size or time) is read by a sandboxed reader, what is gone is
 * forgotten.  A file that holds no text, or a marking of secrecy, is logged
 * once and left out.  Outside of transactions. */
enum st references_refresh(struct intake *i, struct err *e);

#endif
