/* common_runs.h - what two texts have in common, character for character.
 * Pure. */
#ifndef DRAFT_COMMON_RUNS_H
#define DRAFT_COMMON_RUNS_H

#include "draft/plain.h"

enum { COMMON_LEAST = 13 }; /* plain characters */

struct common_run { /* in plain characters */
    guint32 at;     /* in the one */
    guint32 there;  /* in the other */
    guint32 len;
};

/* A text made ready to be compared with many: where runs may begin. */
struct common_seeds {
    const struct plain *text; /* borrowed */
    guint32 *keys;            /* of every place where a run may begin */
    guint n;
    guint8 *sieve; /* bits: which keys there are, about */
    guint32 mask;  /* of a key: which bit */
};

void common_seeds_of(const struct plain *text, struct common_seeds *out);
void common_seeds_clear(struct common_seeds *s);

/* The longest common runs of COMMON_LEAST or more, in the order of `a`,
 * where they do not overlap.  Of struct common_run; caller unrefs. */
GArray *common_runs(const struct common_seeds *a, const struct plain *b);

#endif
