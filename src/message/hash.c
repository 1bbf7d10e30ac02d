/* hash.c - see hash.h. */
#include "message/hash.h"

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

char *
hash_end(struct hash *h)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    char *hex;

    EVP_DigestFinal_ex(h->context, digest, &n);
    EVP_MD_CTX_free(h->context);
    g_free(h);
    hex = g_malloc(2 * n + 1);
    for (unsigned i = 0; i < n; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * n] = '\0';
    return hex;
}

char *
hash_sha256(const void *data, size_t len)
{
    struct hash *h = hash_start();

    hash_add(h, data, len);
    return hash_end(h);
}
