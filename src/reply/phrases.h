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

/* `known` is NULL-terminated: "section.key". */
enum st phrases_load(const char *path, const char *const *known,
                     struct phrases **out, struct err *e);
void phrases_free(struct phrases *p);

/* The word of "section.key"; asking for one not in `known` is a mistake of
 * the program and ends it.  Borrowed. */
const char *phrases_get(const struct phrases *p, const char *name);

/* The words of the bulletin: bulletin.ini of `dir`, or of `own_dir` (may be
 * NULL) where it is there too. */
enum st phrases_load_bulletin(const char *dir, const char *own_dir,
                              struct phrases **out, struct err *e);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(phrases, phrases_free)

#endif
