/* How long the program waits when it cannot look. */
#include "intake/run.h"

static void
test_pause(void)
{
    static const struct {
        int failures;
        gint64 pause;
    } cases[] = {{1, 60},  {2, 120},  {3, 240},  {4, 480},
                 {5, 960}, {6, 1800}, {7, 1800}, {1000000, 1800}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int n = cases[i].failures;

        g_assert_cmpint(intake_pause(60, n), ==, cases[i].pause);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/run/pause", test_pause);
    return g_test_run();
}
