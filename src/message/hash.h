/* hash.h - SHA-256 of messages and files.
 *
 * libcrypto's, which uses the processor's own instructions: with GLib's the
 * three hashes of a message took three quarters of the time of reading it. */
#ifndef MESSAGE_HASH_H
#define MESSAGE_HASH_H

#include <glib.h>

/* Before any sandbox: libcrypto reads its configuration here and never
 * opens a file again. */
void hash_init(void);

struct hash; /* one that is being computed */

struct hash *hash_start(void);
void hash_add(struct hash *h, const void *data, size_t len);

/* 64 lower-case hexadecimal digits; h is freed.  Caller frees. */
char *hash_end(struct hash *h);

/* Of one piece.  Caller frees. */
char *hash_sha256(const void *data, size_t len);

#endif
