/* samples.h - the facts that each letter may use, with examples.
 *
 * samples.ini, a section a letter: "notes.1.what=..." is the name "what" of
 * the first item of the list "notes". */
#ifndef REPLY_SAMPLES_H
#define REPLY_SAMPLES_H

#include "base/err.h"
#include "reply/value.h"

/* A map of sections, each a map of names. */
enum st samples_load(const char *path, struct value **out, struct err *e);

#endif
