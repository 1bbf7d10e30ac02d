/* fingerprint_tail.h - the growing part of the index: hash -> drafts.
 * Private to the index. */
#ifndef DRAFT_FINGERPRINT_TAIL_H
#define DRAFT_FINGERPRINT_TAIL_H

#include "draft/fingerprint.h"

struct tail_slot { /* of an open table; used_count 0: nothing stands here */
    guint32 hash;
    guint32 used_count; /* postings, and one */
    guint32 head;       /* the newest posting, and one; 0: none */
};

struct tail_posting {
    guint32 draft; /* place in drafts */
    guint32 next;  /* the one before it of the same hash, and one; 0: none */
    guint32 hash;
};

struct tail_draft {
    guint32 id;
    guint32 hashes;
    guint64 whole;
};

struct tail {
    struct tail_slot *slots;
    guint32 mask;     /* slots - 1 */
    guint32 used;     /* slots that are */
    GArray *postings; /* of struct tail_posting */
    GArray *drafts;   /* of struct tail_draft */
};

void tail_init(struct tail *t);
void tail_clear(struct tail *t);
void tail_add(struct tail *t, guint32 id, const struct fingerprint *f);
void tail_drop_last(struct tail *t);

/* The slot of a hash, NULL when no draft has it. */
const struct tail_slot *tail_find(const struct tail *t, guint32 hash);

#endif
