/* phrases.h - printed words from an .ini file of templates/.
 *
 * A report or a letter asks for a word by section and key; which keys there
 * must be is a table of its own.  The file is looked through when it is
 * loaded: a key that is missing or that nobody asks for is an error. */
#ifndef REPLY_PHRASES_H
#define REPLY_PHRASES_H

#include "base/err.h"

struct phrases;
typedef struct phrases phrases;

/* The file `name` of `dir`; where `own_dir` (may be NULL) has it too, its
 * words replace those of `dir` one by one.  `known` is NULL-terminated:
 * "section.key". */
enum st
phrases_load(const char *dir, const char *own_dir, const char *name,
             const char *const *known, struct phrases **out, struct err *e);
void phrases_free(struct phrases *p);

/* The word of "section.key"; asking for one not in `known` is a mistake of
 * the program and ends it.  Borrowed. */
const char *phrases_get(const struct phrases *p, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(phrases, phrases_free)

#endif
