/* hash_two.c - see hash_two.h. */
#include "message/hash_two.h"

#include <string.h>

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>

enum { BLOCK = 64 };

/* FIPS 180-4, 4.2.2 and 5.3.3. */
static const guint32 constants[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1,
    0x923F82A4, 0xAB1C5ED5, 0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3,
    0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174, 0xE49B69C1, 0xEFBE4786,
    0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147,
    0x06CA6351, 0x14292967, 0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13,
    0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85, 0xA2BFE8A1, 0xA81A664B,
    0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A,
    0x5B9CCA4F, 0x682E6FF3, 0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208,
    0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2};
static const guint32 beginning[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372,
                                     0xA54FF53A, 0x510E527F, 0x9B05688C,
                                     0x1F83D9AB, 0x5BE0CD19};

/* The eight words as the instructions want them, from the highest lane. */
struct state {
    __m128i abef, cdgh;
};

#define SHA __attribute__((target("sha,sse4.1")))
#define SHA_INLINE __attribute__((target("sha,sse4.1"), always_inline)) inline

/* The words of four rounds: those of the block, then what follows from the
 * sixteen before. */
SHA_INLINE static __m128i
next_words(__m128i w[4], const guint8 *block, int i)
{
    const __m128i big_endian =
        _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    __m128i x;

    if (i < 4) {
        x = _mm_loadu_si128((const __m128i *)(block + 16 * i));
        x = _mm_shuffle_epi8(x, big_endian);
    } else {
        x = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
        x = _mm_add_epi32(x,
                          _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
        x = _mm_sha256msg2_epu32(x, w[(i + 3) & 3]);
    }
    w[i & 3] = x;
    return _mm_add_epi32(x,
                         _mm_loadu_si128((const __m128i *)(constants + 4 * i)));
}

/* One block of each of n pieces; n is known where this is expanded. */
SHA_INLINE static void
one_block(struct state *s, const guint8 *const *block, const int n)
{
    struct state was[2];
    __m128i w[2][4];

    for (int k = 0; k < n; k++)
        was[k] = s[k];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
#pragma GCC unroll 2
        for (int k = 0; k < n; k++) {
            __m128i four = next_words(w[k], block[k], i);
            __m128i last_two = _mm_shuffle_epi32(four, 0x0E);

            s[k].cdgh = _mm_sha256rnds2_epu32(s[k].cdgh, s[k].abef, four);
            s[k].abef = _mm_sha256rnds2_epu32(s[k].abef, s[k].cdgh, last_two);
        }
    }
    for (int k = 0; k < n; k++) {
        s[k].abef = _mm_add_epi32(s[k].abef, was[k].abef);
        s[k].cdgh = _mm_add_epi32(s[k].cdgh, was[k].cdgh);
    }
}

SHA static void
blocks_of_two(struct state out[2], const guint8 *a, const guint8 *b, size_t len)
{
    struct state s[2] = {out[0], out[1]};

    for (size_t at = 0; at < len; at += BLOCK) {
        const guint8 *const both[] = {a + at, b + at};

        one_block(s, both, 2);
    }
    out[0] = s[0];
    out[1] = s[1];
}

SHA static void
blocks_of_one(struct state *out, const guint8 *p, size_t len)
{
    struct state s = *out;

    for (size_t at = 0; at < len; at += BLOCK) {
        const guint8 *const only = p + at;

        one_block(&s, &only, 1);
    }
    *out = s;
}

SHA static struct state
first_state(void)
{
    const guint32 *h = beginning;
    struct state s = {
        _mm_setr_epi32((int)h[5], (int)h[4], (int)h[1], (int)h[0]),
        _mm_setr_epi32((int)h[7], (int)h[6], (int)h[3], (int)h[2])};

    return s;
}

/* What is left from `at` on, the padding, and the length in bits. */
SHA static void
finish(struct hash_piece *p, struct state *s, size_t at)
{
    static const int places[] = {3, 2, 7, 6, 1, 0, 5, 4}; /* of a to h */
    size_t whole = (p->len - at) & ~(size_t)(BLOCK - 1), rest, end;
    guint8 last[2 * BLOCK] = {0x80};
    guint64 bits = GUINT64_TO_BE((guint64)p->len * 8);
    guint32 words[8];

    blocks_of_one(s, p->data + at, whole);
    at += whole;
    rest = p->len - at;
    if (rest > 0)
        memcpy(last, p->data + at, rest);
    last[rest] = 0x80;
    end = rest + 1 + sizeof bits <= BLOCK ? BLOCK : 2 * BLOCK;
    memcpy(last + end - sizeof bits, &bits, sizeof bits);
    blocks_of_one(s, last, end);
    _mm_storeu_si128((__m128i *)words, s->abef);
    _mm_storeu_si128((__m128i *)(words + 4), s->cdgh);
    for (int i = 0; i < 8; i++) {
        guint32 word = GUINT32_TO_BE(words[places[i]]);

        memcpy(p->digest + 4 * i, &word, sizeof word);
    }
}

/* Asked once: in a virtual machine each question goes to the host. */
gboolean
hash_two_can(void)
{
    static gboolean asked, can;
    unsigned a, b, c, d;

    if (!asked)
        can = __builtin_cpu_supports("sse4.1") &&
              __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
    asked = TRUE;
    return can;
}

SHA void
hash_two(struct hash_piece pieces[2])
{
    struct state s[2] = {first_state(), first_state()};
    size_t both = MIN(pieces[0].len, pieces[1].len) & ~(size_t)(BLOCK - 1);

    blocks_of_two(s, pieces[0].data, pieces[1].data, both);
    finish(&pieces[0], &s[0], both);
    finish(&pieces[1], &s[1], both);
}

#else

gboolean
hash_two_can(void)
{
    return FALSE;
}

void
hash_two(struct hash_piece pieces[2])
{
    (void)pieces;
    g_assert_not_reached();
}

#endif
