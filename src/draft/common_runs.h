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

/* The longest common runs of COMMON_LEAST or more, in the order of `a`,
 * where they do not overlap.  Of struct common_run; caller unrefs. */
GArray *common_runs(const struct plain *a, const struct plain *b);

#endif
