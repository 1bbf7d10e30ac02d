/* fingerprint.h - what a draft says, as a few hundred bytes that can be
 * compared with those of a million others.
 *
 * Every run of FINGERPRINT_SHINGLE characters of the plain text is hashed,
 * and an eighth of the hashes, always the same eighth, is kept: whatever
 * share of one text stands in another, about that share of its hashes does.
 * Pure: no file, clock or database. */
#ifndef DRAFT_FINGERPRINT_H
#define DRAFT_FINGERPRINT_H

#include "draft/plain.h"

enum {
    FINGERPRINT_SHINGLE = 8, /* characters */
    /* A shorter text has no fingerprint: "本月无信息" is nobody's own. */
    FINGERPRINT_LEAST = 40, /* plain characters */
    /* Of a text longer than about 65,000 characters only the lowest hashes
     * are kept: the share gets smaller, not the comparison dearer. */
    FINGERPRINT_MOST = 8192
};

struct fingerprint {
    guint64 whole;   /* hash of the whole plain text */
    guint32 *hashes; /* ascending, each once */
    guint n;         /* 0: nothing to compare */
    guint32 *at;     /* where each stands first, in plain characters; NULL
                        when the fingerprint comes from the register */
};

/* *out is cleared by fingerprint_clear(). */
void fingerprint_of(const struct plain *p, struct fingerprint *out);
void fingerprint_clear(struct fingerprint *f);

/* Is the hash of a shingle one of those that are kept, and as what? */
gboolean fingerprint_keeps(guint64 shingle, guint32 *out);

/* The highest value up to which all of its text's hashes are there. */
guint32 fingerprint_reach(const struct fingerprint *f);

/* For keeping: the hashes, four little-endian bytes each.  What is read back
 * borrows nothing; FALSE, and *out untouched, when it is damaged. */
GBytes *fingerprint_pack(const struct fingerprint *f);
gboolean fingerprint_unpack(const void *data, gsize size, guint64 whole,
                            struct fingerprint *out);

#endif
