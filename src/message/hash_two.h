/* hash_two.h - SHA-256 of two pieces at once, by the processor's own
 * instructions.
 *
 * Each of these waits for the one before it; with another hash in between,
 * two take the time of one.  libcrypto has no call for that. */
#ifndef MESSAGE_HASH_TWO_H
#define MESSAGE_HASH_TWO_H

#include <glib.h>

enum { HASH_TWO_BYTES = 32 };

struct hash_piece {
    const guint8 *data;
    size_t len;
    guint8 digest[HASH_TWO_BYTES]; /* out */
};

/* Has the processor such instructions? */
gboolean hash_two_can(void);

/* Both digests (FIPS 180-4); only where hash_two_can(). */
void hash_two(struct hash_piece pieces[2]);

#endif
