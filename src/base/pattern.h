/* pattern.h - regular expressions of our own, over text of anybody's.
 *
 * PCRE2 is called here and nowhere else, and not through GLib, which says "no
 * match" also where PCRE2 had no memory (and does not look whether it got
 * any).  Here that ends the program, as every other allocation does: a line
 * that could not be looked at must not pass for one that holds nothing.
 *
 *     static struct pattern number = PATTERN("^([0-9]{4})-([0-9]{1,6})$");
 *
 * \s, \w and \p{Han} mean all of Unicode; $ is the very end.  Nobody can keep
 * the program busy with a line made for it: text longer than PATTERN_BYTES,
 * and what would take more than PATTERN_STEPS from one place, does not match.
 * Steps are counted anew from each place, so that a pattern without ^ must
 * not run over much text from each of many.  There is no compiling to machine
 * code: a service without memory that can be written and executed
 * (docs/baosong@.service) has none. */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <glib.h>

enum {
    PATTERN_BYTES = 64 << 10,
    PATTERN_STEPS = 200000,
    PATTERN_GROUPS = 16 /* of one pattern, the whole match among them */
};

/* Static, and compiled where it is first used; for all threads. */
struct pattern {
    const char *text;
    void *code;
};

#define PATTERN(text)                                                          \
    {                                                                          \
        (text), NULL                                                           \
    }

/* Where it was found, in bytes of the text, which is borrowed; -1: a group
 * that took no part.  Group 0 is the whole. */
struct pattern_hit {
    const struct pattern *pattern;
    const char *text;
    int start[PATTERN_GROUPS], end[PATTERN_GROUPS];
};

/* Is it found in this valid UTF-8? */
gboolean pattern_matches(struct pattern *p, const char *text);

/* The first that begins `from` bytes into the text or later. */
gboolean pattern_find(struct pattern *p, const char *text, size_t from,
                      struct pattern_hit *out);

/* What a group holds; "" where it took no part.  Of several groups with one
 * name, (?J), the one that did.  Caller frees. */
char *pattern_group(const struct pattern_hit *f, int group);
char *pattern_named(const struct pattern_hit *f, const char *name);

/* The text with `with` in the place of each; and what stands between them, as
 * many "" as there are at the ends and between neighbours.  A pattern that
 * matches nothing at all is a fault of ours.  Caller frees. */
char *pattern_replace(struct pattern *p, const char *text, const char *with);
char **pattern_split(struct pattern *p, const char *text);

#endif
