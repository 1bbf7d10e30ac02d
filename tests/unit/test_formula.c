/* Formulas: what they give, and that nothing else can be done with them. */
#include "register/formula.h"

#include <string.h>

static struct formulas *engine;

static char *
value_of(const char *text)
{
    struct cell cells[] = {
        {"得分", CELL_NUMBER, ratio_make(29, 2), NULL},
        {"得分_target", CELL_NUMBER, ratio_make(18, 1), NULL},
        {"空白", CELL_BLANK, RATIO_ZERO, NULL},
        {"form", CELL_TEXT, RATIO_ZERO, "综合调研"},
        {"part", CELL_NUMBER, ratio_make(1, 3), NULL},
    };
    const struct formula_engine *e = formulas_engine(engine);
    gboolean blank = FALSE;
    decimal v = 0;
    struct err err = ERR_INIT;

    if (e->evaluate(e->self, text, cells, G_N_ELEMENTS(cells), &blank, &v,
                    &err) != ST_OK) {
        g_test_message("%s", err.text);
        return g_strdup("refused");
    }
    return blank ? g_strdup("blank") : decimal_format(v);
}

static void
test_values(void)
{
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"得分", "14.5"},
        {"得分 * 2 + 1", "30"},
        {"得分 / 得分_target * 100", "80.555556"},
        {"round(得分 / 得分_target, 2)", "0.81"},
        {"part", "0.333333"},
        {"part * 3", "1"},
        {"得分 / 0", "blank"},
        {"空白 + 1", "blank"},
        {"ifnull(空白, 0) + 1", "1"},
        {"coalesce(空白, 空白, 7)", "7"},
        {"nullif(得分, 14.5)", "blank"},
        {"iif(得分 >= 得分_target, 5, -5)", "-5"},
        {"max(得分, 得分_target) - min(得分, 得分_target)", "3.5"},
        {"abs(得分 - 20)", "5.5"},
        {"case when form = '综合调研' then 8 else 2 end", "8"},
        {"form like '%调研'", "1"},
        {"form like '综_调研'", "1"},
        {"form like '调研%'", "0"},
        {"'ABC' like 'a%C'", "1"},
        {"'' like '%'", "1"},
        {"'abcabd' like '%abd'", "1"},
        {"得分 between 14 and 15", "1"},
        {"0.1 + 0.2", "0.3"},
        {"exact(0.1 + 0.2) = 0.3", "1"},
        {"exact(0.1 * 3) <= 0.3", "1"},
        {"exact(form) = '综合调研'", "1"},
        {"exact(空白) is null", "1"},
        {"-得分", "-14.5"},
        {"\"得分\"", "14.5"},
        {"null", "blank"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = value_of(cases[i].text);

        g_test_message("%s", cases[i].text);
        g_assert_cmpstr(got, ==, cases[i].value);
    }
}

static void
test_hostile(void)
{
    static const char *const cases[] = {
        "",
        "得",
        "得分 +",
        "(得分",
        "得分)",
        "1) FROM (SELECT 1",
        "1; DROP TABLE x",
        "1 -- ",
        "1 /* */",
        "(SELECT 1)",
        "(SELECT count(*) FROM sqlite_master)",
        "(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) "
        "SELECT count(*) FROM c)",
        "random()",
        "randomblob(9)",
        "date('now')",
        "CURRENT_TIMESTAMP",
        "strftime('%s')",
        "load_extension('x')",
        "readfile('/etc/passwd')",
        "sqlite_version()",
        "printf('%1000000d', 1)",
        "zeroblob(1000000000)",
        "hex(form)",
        "length(form)",
        "sum(得分)",
        "count(*)",
        "得分 OVER ()",
        "?1",
        ":x",
        "@x",
        "$x",
        "[得分]",
        "`得分`",
        "form",
        "'text'",
        "1e300 * 1e300",
        "99999999999",
        "x'00'",
        "CAST(form AS BLOB)",

        "glob('a', 'b')",
        "RAISE(ABORT, 'x')",
        "ATTACH 'x' AS y"};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = value_of(cases[i]);

        g_test_message("%s", cases[i]);
        g_assert_cmpstr(got, ==, "refused");
    }
    /* and it is as good as new */
    test_values();
}

/* A pattern that the usual LIKE tries in more ways than there are atoms,
 * and an expression that is only long. */
static void
test_long(void)
{
    GString *text = g_string_new("'");
    gint64 start = g_get_monotonic_time();
    g_autofree char *like = NULL, *sum = NULL;

    for (int i = 0; i < 4000; i++)
        g_string_append_c(text, 'a');
    g_string_append(text, "' like '");
    for (int i = 0; i < 40; i++)
        g_string_append(text, "%a");
    g_string_append(text, "%b'");
    like = value_of(text->str);
    g_assert_cmpstr(like, ==, "0");
    g_string_assign(text, "1");
    for (int i = 0; i < 20000; i++)
        g_string_append(text, "+1");
    sum = value_of(text->str);
    g_assert_cmpstr(sum, ==, "refused");
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
    g_string_free(text, TRUE);
}

static void
test_check(void)
{
    static const char *const columns[] = {"得分", "quantity"};
    struct err e = ERR_INIT;

    g_assert_cmpint(formulas_check(engine, "得分 * quantity", columns, 2, &e),
                    ==, ST_OK);
    g_assert_cmpint(formulas_check(engine, "得分 * amount", columns, 2, &e), ==,
                    ST_REJECT);
    g_assert_nonnull(strstr(e.text, "no such column: amount"));
    g_assert_cmpint(formulas_check(engine, "random()", columns, 2, &e), ==,
                    ST_REJECT);
    g_assert_nonnull(strstr(e.text, "not authorized"));
}

int
main(int argc, char **argv)
{
    struct err e = ERR_INIT;
    int result;

    g_test_init(&argc, &argv, NULL);
    if (formulas_open(&engine, &e) != ST_OK)
        g_error("%s", e.text);
    g_test_add_func("/formula/values", test_values);
    g_test_add_func("/formula/hostile", test_hostile);
    g_test_add_func("/formula/long", test_long);
    g_test_add_func("/formula/check", test_check);
    result = g_test_run();
    formulas_close(engine);
    return result;
}
