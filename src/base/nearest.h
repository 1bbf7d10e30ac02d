/* nearest.h - "did you mean": the known word closest to a misspelt one. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <glib.h>

/* The one of `words` (NULL-terminated) with the fewest insertions, deletions,
 * replacements and swaps of neighbouring characters away from `word`, the
 * first of equals; NULL when none is within a third of the longer word's
 * length (at least one) nor, for Chinese names, contains the word or is
 * contained in it, nor is either the other with "-..." behind it.  Borrowed
 * from `words`.  Pure. */
const char *nearest_word(const char *word, const char *const *words);

#endif
