/* mark_line.h - a line of a text, as those who look for marks on it (secrecy,
 * openness) want it: without the ways of writing the same thing. */
#ifndef DRAFT_MARK_LINE_H
#define DRAFT_MARK_LINE_H

#include <glib.h>

enum { LINE_CHARS_MAX = 1000 /* of a line, what is looked at */ };

struct line {
    gunichar c[LINE_CHARS_MAX + 1]; /* ended by 0 */
    int n;
    gboolean cut; /* the line goes on */
};

/* After NFKC: no invisible characters, blanks are ' ' or a tab and none at the
 * end, 機 絕 祕 級 長 are 机 绝 秘 级 长.  Of a line with more than `most`
 * bytes only these. */
void line_fold(const char *text, size_t len, size_t most, struct line *out);

gboolean char_is_blank(gunichar c);
gboolean char_is_star(gunichar c); /* ★ ☆ * and their kin */
gboolean char_is_one_of(gunichar c, const char *set);
/* What people put between the elements of a subject or a file name.  Commas
 * also stand in lists of things that a title speaks of. */
gboolean char_is_separator(gunichar c);

/* The first place from i on that is no blank. */
int line_skip_blanks(const struct line *l, int i);

/* Does `word` stand at i, blanks between its characters allowed?  The place
 * behind it, or -1. */
int line_match(const struct line *l, int i, const char *word);
/* The longest of a list that ends with NULL; likewise. */
int line_match_any(const struct line *l, int i, const char *const *words);

#endif
