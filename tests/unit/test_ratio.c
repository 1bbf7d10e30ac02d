/* Fractions: exact, reduced, rounded half away from zero. */
#include "rules/ratio.h"

static void
assert_ratio(struct ratio r, gint64 num, gint64 den)
{
    g_assert_cmpint(r.num, ==, num);
    g_assert_cmpint(r.den, ==, den);
}

static void
test_arithmetic(void)
{
    struct ratio third = ratio_make(1, 3), half = ratio_make(-2, -4);

    assert_ratio(half, 1, 2);
    assert_ratio(ratio_make(3, -6), -1, 2);
    assert_ratio(ratio_add(third, half), 5, 6);
    assert_ratio(ratio_sub(third, half), -1, 6);
    assert_ratio(ratio_mul(third, half), 1, 6);
    assert_ratio(ratio_div(third, half), 2, 3);
    assert_ratio(ratio_of(2850000), 57, 20);
    assert_ratio(ratio_sub(third, third), 0, 1);
    g_assert_cmpint(ratio_compare(third, half), ==, -1);
    g_assert_cmpint(ratio_compare(third, ratio_make(2, 6)), ==, 0);
    g_assert_cmpint(ratio_compare(RATIO_ZERO, ratio_make(-1, 9)), ==, 1);
}

static void
test_round(void)
{
    static const struct {
        gint64 num, den;
        int places;
        decimal want;
    } cases[] = {
        {1, 3, 2, 330000},     {2, 3, 2, 670000},    {1, 2, 0, 1000000},
        {-1, 2, 0, -1000000},  {19, 20, 1, 1000000}, {-19, 20, 1, -1000000},
        {1, 200, 2, 10000},    {-1, 200, 2, -10000}, {1, 201, 2, 0},
        {1, 3, 6, 333333},     {5, 1, 0, 5000000},   {0, 1, 3, 0},
        {149, 100, 0, 1000000}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(ratio_round(ratio_make(cases[i].num, cases[i].den),
                                    cases[i].places),
                        ==, cases[i].want);
}

/* What does not fit is beyond, and so is whatever is made of it: never a
 * wrong number. */
static void
test_bounds(void)
{
    struct ratio big = ratio_make(G_MAXINT64 / 2, 1);
    struct ratio fine = ratio_make(1, G_MAXINT64 / 2 - 1);
    struct ratio beyond = ratio_mul(big, big);

    g_assert_true(ratio_is_beyond(beyond));
    g_assert_true(ratio_is_beyond(ratio_add(big, big)));
    g_assert_true(ratio_is_beyond(ratio_mul(fine, fine)));
    g_assert_true(ratio_is_beyond(ratio_add(fine, ratio_make(1, 3))));
    g_assert_true(ratio_is_beyond(ratio_sub(ratio_make(-RATIO_MAX, 1), big)));
    g_assert_true(ratio_is_beyond(ratio_sub(beyond, beyond)));
    g_assert_true(ratio_is_beyond(ratio_mul(RATIO_ZERO, beyond)));
    g_assert_true(ratio_is_beyond(ratio_div(RATIO_ONE, beyond)));
    g_assert_false(ratio_is_beyond(big));
    g_assert_cmpint(ratio_compare(beyond, big), ==, 1);
    g_assert_cmpint(ratio_compare(big, beyond), ==, -1);
    g_assert_cmpint(ratio_compare(fine, RATIO_ONE), ==, -1);
    g_assert_cmpint(ratio_round(big, 0), ==, G_MAXINT64 / 2);
    g_assert_cmpint(ratio_round(beyond, 0), ==, G_MAXINT64 / 2);
}

/* Numbers of every size are divided in 64 bits or in 128: the same comes out.
 */
static void
test_widths(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2019);

    for (int n = 0; n < 20000; n++) {
        gint64 num = ((gint64)g_rand_int(rand) << 29 | g_rand_int(rand)) >>
                     g_rand_int_range(rand, 0, 60);
        gint64 den = 1 + (((gint64)g_rand_int(rand) << 20) >>
                          g_rand_int_range(rand, 0, 52));
        gint64 sign = g_rand_boolean(rand) ? 1 : -1;
        wide twice = (wide)num * DECIMAL_ONE * 2 + den, exact;
        struct ratio r = ratio_make(sign * num, den);

        g_assert_true((wide)r.num * den == (wide)sign * num * r.den);
        g_assert_cmpint((gint64)wide_gcd(r.num, r.den), ==, 1);
        exact = twice / ((wide)den * 2);
        if (exact < G_MAXINT64 / 2)
            g_assert_cmpint(ratio_round(r, DECIMAL_PLACES), ==,
                            sign * (gint64)exact);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ratio/arithmetic", test_arithmetic);
    g_test_add_func("/ratio/round", test_round);
    g_test_add_func("/ratio/bounds", test_bounds);
    g_test_add_func("/ratio/widths", test_widths);
    return g_test_run();
}
