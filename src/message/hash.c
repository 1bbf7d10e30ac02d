/* hash.c - see hash.h. */
#include "message/hash.h"

#include "message/hash_two.h"

#include <openssl/evp.h>

struct hash {
    EVP_MD_CTX *context;
};

static EVP_MD *sha256; /* fetched once, never freed */

void
hash_init(void)
{
    if (sha256)
        return;
    sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    if (!sha256)
        g_error("libcrypto has no SHA-256");
    g_free(hash_sha256("", 0)); /* whatever is set up late is set up now */
}

struct hash *
hash_start(void)
{
    struct hash *h = g_new(struct hash, 1);

    hash_init();
    h->context = EVP_MD_CTX_new();
    if (!h->context || !EVP_DigestInit_ex2(h->context, sha256, NULL))
        g_error("libcrypto has no memory");
    return h;
}

void
hash_add(struct hash *h, const void *data, size_t len)
{
    EVP_DigestUpdate(h->context, data, len);
}

static char *
hexadecimal(const guint8 *digest, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = g_malloc(2 * n + 1);

    for (size_t i = 0; i < n; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * n] = '\0';
    return hex;
}

char *
hash_end(struct hash *h)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    EVP_DigestFinal_ex(h->context, digest, &n);
    EVP_MD_CTX_free(h->context);
    g_free(h);
    return hexadecimal(digest, n);
}

char *
hash_sha256(const void *data, size_t len)
{
    struct hash *h = hash_start();

    hash_add(h, data, len);
    return hash_end(h);
}

void
hash_sha256_two(const void *a, size_t a_len, const void *b, size_t b_len,
                char **a_out, char **b_out)
{
    struct hash_piece both[2] = {{.data = a, .len = a_len},
                                 {.data = b, .len = b_len}};

    if (!hash_two_can()) {
        *a_out = hash_sha256(a, a_len);
        *b_out = hash_sha256(b, b_len);
        return;
    }
    hash_two(both);
    *a_out = hexadecimal(both[0].digest, HASH_TWO_BYTES);
    *b_out = hexadecimal(both[1].digest, HASH_TWO_BYTES);
}
