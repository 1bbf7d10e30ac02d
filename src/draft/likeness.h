/* likeness.h - how alike two texts are, and in what.
 *
 * Two things are added up: the stretches that both have word for word, each
 * counted by what it is longer than any two texts share and by how rare it
 * is; the share of what the one means that stands in the other; and the
 * lesser of the two once more, for each alone can deceive.  Either is
 * measured by the shorter text, so that a short item copied into a long one
 * is as alike as the reverse.  A text whose clauses were rewritten here and
 * there has long stretches left; one in which every tenth character was
 * changed has none, but its hashes; stock phrases have neither.  A stock
 * sentence that a small register does not know leaves a stretch, but its
 * hashes, which others have too, mean little.
 * docs/similar.md has the measurements behind LIKENESS_SIMILAR.  Pure. */
#ifndef DRAFT_LIKENESS_H
#define DRAFT_LIKENESS_H

#include "draft/common_runs.h"
#include "draft/fingerprint_index.h"

enum {
    /* A degree from here on is told to staff; in a small register, that does
     * not know yet what everybody writes, from the other on. */
    LIKENESS_SIMILAR = 320,
    LIKENESS_SIMILAR_SMALL = 335,
    LIKENESS_SMALL = 3000, /* drafts */
    /* A candidate is compared word for word when it is this likely: lower,
     * for what is likely is only estimated. */
    LIKENESS_LIKELY = 25
};

struct passage { /* what both have, in characters of the texts as given */
    guint32 at, len;
    guint32 there, there_len;
};

struct likeness {
    guint degree;      /* 0 to 3000 */
    guint here, there; /* of either text, in thousandths: what stands in
                          passages that both have */
    GArray *passages;  /* of struct passage, in the order of the first text */
};

/* A text, and what its hashes mean. */
struct compared {
    const struct plain *plain;
    const struct fingerprint *print; /* of `a`: with its places */
    const guint16 *weights;
    const struct common_seeds *seeds; /* of `a` */
};

/* The least degree that is told, among so many drafts. */
guint likeness_least(guint drafts);

/* *out is cleared by likeness_clear(). */
void likeness_of(const struct compared *a, const struct compared *b,
                 struct likeness *out);
void likeness_clear(struct likeness *l);

#endif
