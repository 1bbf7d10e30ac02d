/* nearest.h - "did you mean": the known word nearest to a mistyped one. */
#ifndef PACK_NEAREST_H
#define PACK_NEAREST_H

#include <glib.h>

/* How many characters must be put in, left out, exchanged, or swapped with
 * their neighbour, to make a of b. */
guint nearest_distance(const char *a, const char *b);

/* The nearest of `words` (n of them), or NULL when none is near: more than a
 * third of the characters differ and neither contains the other.
 * Borrowed. */
const char *nearest_word(const char *word, const char *const *words, guint n);

#endif
