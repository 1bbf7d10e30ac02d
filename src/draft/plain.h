/* plain.h - a text as texts are compared: what a copier changes without
 * thinking is gone.
 *
 * Half-width, lower case, no punctuation and no spaces; every run of digits
 * is one 0, for figures are the first thing to be changed.  Traditional
 * characters stay: offices write simplified ones, and a table of three
 * thousand pairs would find copies that nobody makes.  Pure. */
#ifndef DRAFT_PLAIN_H
#define DRAFT_PLAIN_H

#include <glib.h>

struct plain {
    gunichar *text; /* normalised characters */
    guint32 *from;  /* of each: its place in the text, in characters */
    guint len;
};

/* `text` is valid UTF-8.  *out is cleared by plain_clear(). */
void plain_of(const char *text, struct plain *out);
void plain_clear(struct plain *p);

/* Hash of the whole. */
guint64 plain_hash(const struct plain *p);

/* Hashes of the shingles of `width` characters at 0, 1 ...: as many as are
 * returned, 0 when the text is shorter.  `out` has len places. */
guint plain_shingles(const struct plain *p, guint width, guint64 *out);

/* The same for looking shingles up: cheaper, and not spread evenly enough to
 * choose by.  Equal shingles have equal keys. */
guint plain_keys(const struct plain *p, guint width, guint32 *out);

#endif
