/* fingerprint_index.h - which drafts have these hashes?
 *
 * A base, sorted once and never changed, that may be the mapped bytes of a
 * file; and a tail of what came after it, which grows and can be taken back.
 * Both together answer as one: what is found never depends on where the base
 * ends.  A draft is a number that its owner gives, ascending.  Pure.
 *
 * How rare a hash is says how much it means.  What stands in more than
 * FINGERPRINT_STOCK drafts (in a small register: a hundredth of them) is a
 * stock phrase and means nothing; the rarer, the more, up to 1000. */
#ifndef DRAFT_FINGERPRINT_INDEX_H
#define DRAFT_FINGERPRINT_INDEX_H

#include "draft/fingerprint.h"

enum { FINGERPRINT_STOCK = 800 };

struct fingerprint_index;
typedef struct fingerprint_index fingerprint_index;

struct fingerprint_index *fingerprint_index_new(void);
void fingerprint_index_free(struct fingerprint_index *ix);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(fingerprint_index, fingerprint_index_free)

/* ---- the base ---- */

/* Bytes made by fingerprint_base.h, borrowed for as long as the index lives;
 * FALSE when they are no base, or have another stamp.  The tail is then still
 * empty. */
gboolean fingerprint_index_base(struct fingerprint_index *ix, const void *data,
                                gsize size, guint64 stamp);

/* ---- the tail ---- */

/* `id` is higher than all before.  A fingerprint without hashes counts as a
 * draft all the same. */
void fingerprint_index_add(struct fingerprint_index *ix, guint32 id,
                           const struct fingerprint *f);

/* Take the last draft of the tail back, as if it had never been added; FALSE
 * when the tail is empty. */
gboolean fingerprint_index_drop_last(struct fingerprint_index *ix);

/* The last draft of all, and the hash of its whole text; FALSE when there is
 * none. */
gboolean fingerprint_index_last(const struct fingerprint_index *ix,
                                guint32 *id_out, guint64 *whole_out);

/* Drafts in base and tail; in the tail alone. */
guint fingerprint_index_drafts(const struct fingerprint_index *ix);
guint fingerprint_index_tail(const struct fingerprint_index *ix);

/* ---- asking ---- */

/* What each of the hashes of `f` means, 0 to 1000.  `weights` has f->n
 * places. */
void fingerprint_index_weigh(struct fingerprint_index *ix,
                             const struct fingerprint *f, guint16 *weights);

/* How rare the place is where a hash of this weight stands, 0 to 1000: nearly
 * everything that is no stock phrase counts in full. */
guint fingerprint_rarity(guint weight);
/* Of a run of `n` hashes whose rarities are `sum`; where there are few, the
 * mean of the whole text speaks as well. */
guint fingerprint_run_rarity(guint sum, guint n, guint mean);

struct alike {
    guint32 id;
    guint32 score; /* sum of the weights of the hashes that are shared */
    /* What likeness.h is likely to say about the two: stretches in which
     * every kept hash is shared, and the share of the hashes. */
    guint32 likely;
};

enum { ALIKE_MOST = 16 };

/* Weigh, and find the drafts with the highest score, highest first, of equal
 * ones the earlier; at most ALIKE_MOST.  `f` has its places.  The rarest
 * hashes are asked for first, and no more than a few thousand entries are
 * looked at: of what is in hundreds of drafts, as many candidates are found
 * as anyone can look at. */
guint fingerprint_index_find(struct fingerprint_index *ix,
                             const struct fingerprint *f, guint16 *weights,
                             struct alike *out);

/* How much of what `a` means stands in `b`: 0 to 1000. */
guint fingerprint_share(const struct fingerprint *a, const guint16 *weights,
                        const struct fingerprint *b);

#endif
