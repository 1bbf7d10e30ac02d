/* SHA-256, one piece and two at once, beside GLib's. */
#include "message/hash.h"
#include "message/hash_two.h"

#include <string.h>

enum { LONGEST = 70000 };

static guint8 bytes[2 * LONGEST];

static void
check(gsize a_len, gsize b_len)
{
    const guint8 *a = bytes, *b = bytes + LONGEST;
    g_autofree char *a_want =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, a, a_len);
    g_autofree char *b_want =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, b, b_len);
    g_autofree char *one = hash_sha256(a, a_len), *a_got = NULL, *b_got = NULL;

    hash_sha256_two(a, a_len, b, b_len, &a_got, &b_got);
    g_assert_cmpstr(one, ==, a_want);
    g_assert_cmpstr(a_got, ==, a_want);
    g_assert_cmpstr(b_got, ==, b_want);
}

/* Every length about the ends of blocks and of the padding, with others. */
static void
test_two(void)
{
    static const gsize others[] = {0,  1,  55,  56,   63,
                                   64, 65, 128, 1000, LONGEST};

    for (gsize i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8)(i * i >> 5);
    for (gsize len = 0; len <= 200; len++)
        for (gsize k = 0; k < G_N_ELEMENTS(others); k++) {
            check(len, others[k]);
            check(others[k], len);
        }
    if (!hash_two_can())
        g_test_message("by libcrypto one after the other");
}

static void
test_pieces(void)
{
    g_autofree char *whole = hash_sha256("abcdef", 6), *pieces = NULL;
    struct hash *h = hash_start();

    hash_add(h, "abc", 3);
    hash_add(h, "", 0);
    hash_add(h, "def", 3);
    pieces = hash_end(h);
    g_assert_cmpstr(pieces, ==, whole);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hash/two", test_two);
    g_test_add_func("/hash/pieces", test_pieces);
    return g_test_run();
}
