/* fingerprint_base.h - the sorted part of the index: a block of bytes that is
 * made once and then only read, wherever it lies.
 *
 * The highest bits of a hash say in which bucket it stands; `first` where each
 * bucket begins; `rest` the other bits, in order; `which` the drafts.  A hash
 * of more than FINGERPRINT_STOCK drafts has one entry, which says only that. In
 * the order of bytes of the machine that made it. */
#ifndef DRAFT_FINGERPRINT_BASE_H
#define DRAFT_FINGERPRINT_BASE_H

#include "draft/fingerprint.h"

struct base_head {
    char magic[8];
    guint64 stamp; /* of its owner: what it was made from */
    guint64 last;  /* hash of the whole text of the last draft */
    guint32 bits;  /* buckets: 1 << bits */
    guint32 drafts;
    guint32 entries;
    guint32 unused;
};

struct base {
    struct base_head head; /* a copy; drafts 0: there is none */
    const guint32 *ids;    /* of drafts, ascending */
    const guint32 *first;  /* (1 << bits) + 1 */
    const guint32 *which;  /* entries: places in ids */
    const guint16 *rest;   /* entries */
    const guint16 *sizes;  /* of drafts: their hashes */
};

/* Instead of a draft: in too many to say which. */
#define BASE_STOCK G_MAXUINT32

/* FALSE, and *out untouched, when the bytes are no whole base with this
 * stamp.  Afterwards they may change, but not go away: what is read from them
 * is never believed. */
gboolean
base_view(const void *data, gsize size, guint64 stamp, struct base *out);

/* Entries of one hash: from *at, as many as are returned. */
guint base_find(const struct base *b, guint32 hash, guint32 *at);

/* ---- making one: everything is added twice, in the same order ---- */

struct base_maker;
struct base_maker *base_maker_new(guint32 drafts, guint64 hashes);
void base_maker_free(struct base_maker *m);
typedef struct base_maker base_maker;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(base_maker, base_maker_free)

void base_maker_count(struct base_maker *m, const struct fingerprint *f);
/* Bytes that the base takes while it is made; from then on `data`, so many
 * bytes of zero, is filled. */
gsize base_maker_size(const struct base_maker *m);
void base_maker_begin(struct base_maker *m, void *data, guint64 stamp);
void
base_maker_add(struct base_maker *m, guint32 id, const struct fingerprint *f);
/* Bytes that it takes in the end: no more than before. */
gsize base_maker_end(struct base_maker *m);

#endif
