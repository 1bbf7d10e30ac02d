/* Every pack that is at hand passes its own examples. */
#include "pack/load.h"
#include "rules/example.h"

struct tally {
    guint passed, failed;
};

static void
run_pack(const char *path, struct tally *t)
{
    g_autoptr(GPtrArray) outcomes = NULL;
    struct pack *p = NULL;
    struct err e = ERR_INIT;
    enum st st = pack_load(path, &p, &e);

    g_test_message("%s %s", path, e.text);
    g_assert_cmpint(st, ==, ST_OK);
    outcomes = examples_run(p);
    for (guint i = 0; i < outcomes->len; i++) {
        const struct example_outcome *o = outcomes->pdata[i];

        if (!o->passed)
            g_test_message("%s:%d: %s: %s", o->place->file, o->place->line,
                           o->example->name, o->text);
    }
    t->failed += example_failures(outcomes);
    t->passed += outcomes->len - example_failures(outcomes);
    pack_free(p);
}

static void
run_folder(const char *folder, struct tally *t)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        run_pack(path, t);
    }
    g_test_message("%s: %u passed, %u failed", folder, t->passed, t->failed);
    g_assert_cmpuint(t->failed, ==, 0);
}

static void
test_own(void)
{
    struct tally t = {0, 0};

    run_folder("mailrules", &t);
    g_assert_cmpuint(t.passed, >, 0);
}

/* Packs of the tests: counter-examples found by the differential test, and
 * what no regulation at hand needs. */
static void
test_kept(void)
{
    struct tally t = {0, 0};

    run_folder("tests/data/rules", &t);
    g_assert_cmpuint(t.passed, >=, 8);
}

static void
test_reference(void)
{
    const char *shared = g_getenv("BAOSONG_SHARED");
    g_autofree char *folder =
        g_build_filename(shared ? shared : "../shared", "pack", "packs", NULL);
    struct tally t = {0, 0};

    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        g_test_skip("the reference packs are not here");
        return;
    }
    run_folder(folder, &t);
    g_assert_cmpuint(t.passed, ==, 129);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/examples/mailrules", test_own);
    g_test_add_func("/examples/kept", test_kept);
    g_test_add_func("/examples/reference", test_reference);
    return g_test_run();
}
