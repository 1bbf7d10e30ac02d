/* How long the program waits when it cannot look. */
#include "intake/run.h"

static void
test_pause(void)
{
    static const struct {
        int failures;
        gint64 down, refused;
    } cases[] = {{1, 60, 60},     {2, 120, 120},        {3, 240, 1800},
                 {4, 480, 1800},  {5, 960, 1800},       {6, 1800, 1800},
                 {7, 1800, 1800}, {1000000, 1800, 1800}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int n = cases[i].failures;

        g_assert_cmpint(intake_pause(60, n, FALSE), ==, cases[i].down);
        g_assert_cmpint(intake_pause(60, n, TRUE), ==, cases[i].refused);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/run/C20-pause", test_pause);
    return g_test_run();
}
