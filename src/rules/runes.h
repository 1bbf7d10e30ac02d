/* runes.h - a line as characters, beside it the same characters folded for
 * comparing, position by position.
 *
 * Folding changes no lengths, so that what is found in the folded line is
 * cut out of the written one: full-width to half-width, compatibility forms
 * of one character, lower case, traditional to simplified characters. */
#ifndef RULES_RUNES_H
#define RULES_RUNES_H

#include <glib.h>

struct runes {
    int n;
    gunichar *written; /* ended by 0 */
    gunichar *folded;  /* ended by 0 */
};

/* `text` is valid UTF-8. */
struct runes *runes_new(const char *text);
void runes_free(struct runes *r);
typedef struct runes runes;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(runes, runes_free)

/* One character folded. */
gunichar runes_fold(gunichar c);

/* [start, end) as written.  Caller frees. */
char *runes_text(const struct runes *r, int start, int end);

/* Does the folded line hold `word` (already folded) at `at`?  The number of
 * its characters, 0 when not. */
int runes_at(const struct runes *r, int at, const char *word);

/* The same, `word` ending at `end`. */
int runes_before(const struct runes *r, int end, const char *word);

/* Is [start, end) exactly this folded word? */
gboolean runes_is(const struct runes *r, int start, int end, const char *word);

/* Is [start, end) one of the words?  NULL-terminated. */
gboolean runes_is_any(const struct runes *r, int start, int end,
                      const char *const *words);

#endif
