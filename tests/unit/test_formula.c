/* Formulas: what they give, to the last digit, and that nothing else can be
 * done with them. */
#include "pack/formula.h"
#include "unit/cpu_time.h"

#include <string.h>

static struct formula_cell
column(gpointer self, int i)
{
    static const struct formula_cell cells[] = {
        {FORMULA_NUMBER, {29, 2}, NULL}, {FORMULA_NUMBER, {18, 1}, NULL},
        {FORMULA_BLANK, {0, 1}, NULL},   {FORMULA_NUMBER, {1, 3}, NULL},
        {FORMULA_NUMBER, {1, 0}, NULL},  {FORMULA_TEXT, {0, 1}, "综合调研"},
        {FORMULA_BLANK, {0, 1}, NULL}};

    (*(int *)self)++;
    return cells[i];
}

/* The formula without its "=", or NULL with what is wrong. */
static struct formula_node *
tree_of(const char *formula, char **wrong_out)
{
    static const char *const names[] = {"得分",   "得分_target", "空白", "part",
                                        "beyond", "form",        "class"};
    g_autoptr(GPtrArray) columns = g_ptr_array_new();
    gboolean used[G_N_ELEMENTS(names)];
    g_autofree char *text = g_strconcat("=", formula, NULL);
    struct node n = {.kind = NODE_TEXT,
                     .file = "pack.yaml",
                     .line = 1,
                     .column = 1,
                     .end_line = 1,
                     .text = text};
    struct formula_columns c = {columns, 5, 7, used};
    struct problems ps;
    struct formula_node *top;
    struct err e = ERR_INIT;

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_ptr_array_add(columns, (gpointer)names[i]);
    n.end_column = 1 + (int)g_utf8_strlen(text, -1);
    problems_init(&ps);
    top = formula_read(&n, &c, &ps);
    if (problems_end(&ps, NULL, &e) == ST_OK)
        g_assert_nonnull(top);
    else
        g_assert_null(top);
    if (wrong_out)
        *wrong_out = g_strdup(e.text);
    return top;
}

static char *
value_of(const char *text)
{
    struct formula_node *top = tree_of(text, NULL);
    gboolean blank = FALSE;
    decimal v = 0;
    int asked = 0;
    enum formula_end end;

    if (!top)
        return g_strdup("refused");
    end = formula_evaluate(top, column, &asked, &blank, &v);
    formula_node_unref(top);
    if (end != FORMULA_DONE)
        return g_strdup(end == FORMULA_BEYOND ? "beyond" : "too long");
    return blank ? g_strdup("blank") : decimal_format(v);
}

struct expected {
    const char *text, *value;
};

static void
assert_values(const struct expected *cases, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *got = value_of(cases[i].text);

        g_test_message("%s", cases[i].text);
        g_assert_cmpstr(got, ==, cases[i].value);
    }
}

static void
test_values(void)
{
    static const struct expected cases[] = {
        {"得分", "14.5"},
        {"得分 * 2 + 1", "30"},
        {"得分 / 得分_target * 100", "80.555556"},
        {"round(得分 / 得分_target, 2)", "0.81"},
        {"part", "0.333333"},
        {"得分 / 0", "blank"},
        {"得分 % 0", "blank"},
        {"空白 + 1", "blank"},
        {"ifnull(空白, 0) + 1", "1"},
        {"coalesce(空白, 空白, 7)", "7"},
        {"nullif(得分, 14.5)", "blank"},
        {"nullif(得分, 空白)", "14.5"},
        {"iif(得分 >= 得分_target, 5, -5)", "-5"},
        {"iif(空白, 5, -5)", "-5"},
        {"max(得分, 得分_target) - min(得分, 得分_target)", "3.5"},
        {"max(得分, 空白, 2)", "blank"},
        {"abs(得分 - 20)", "5.5"},
        {"case when form = '综合调研' then 8 else 2 end", "8"},
        {"case when 空白 then 8 end", "blank"},
        {"case 得分 when 1 then 8 when 14.5 then 9 end", "9"},
        {"case 空白 when null then 8 else 9 end", "9"},
        {"max(form, 'a') = form", "1"},
        {"form || 'x' || '' = '综合调研x'", "1"},
        {"class || 'x' is null", "1"},
        {"得分 between 14 and 15", "1"},
        {"得分 not between 14 and 15", "0"},
        {"得分 in (1, 29 / 2.0)", "1"},
        {"得分 in (1, null)", "blank"},
        {"空白 = 空白", "blank"},
        {"空白 is 空白", "1"},
        {"得分 is not null", "1"},
        {"得分 notnull + 0", "refused"},
        {"(得分 notnull) + 0", "1"},
        {"空白 isnull", "1"},
        {"not 空白", "blank"},
        {"not not 5", "1"},
        {"空白 and 0", "0"},
        {"空白 or 2", "1"},
        {"空白 or 0", "blank"},
        {"1 or 空白", "1"},
        {"-得分", "-14.5"},
        {"- - 得分", "14.5"},
        {"+-+得分", "-14.5"},
        {"\"得分\"", "14.5"},
        {"null", "blank"},
    };

    assert_values(cases, G_N_ELEMENTS(cases));
}

/* Nothing is off by a last digit, however it is written. */
static void
test_exact(void)
{
    static const struct expected cases[] = {
        {"part * 3", "1"},
        {"part * 3 = 1", "1"},
        {"得分 / 3 * 3 = 得分", "1"},
        {"得分 / 7 / 11 / 13 * 1001 = 14.5", "1"},
        {"0.1 + 0.2 = 0.3", "1"},
        {"0.1 * 3 <= 0.3", "1"},
        {"0.1 + 0.2 between 0.3 and 0.3", "1"},
        {"0.1 + 0.2 in (0.3)", "1"},
        {"case 0.1 + 0.2 when 0.3 then 1 end", "1"},
        {"nullif(0.1 + 0.2, 0.3)", "blank"},
        {"max(0.1 + 0.2, 0.3) - 0.3 = 0", "1"},
        {"1.0 / 3 + 1.0 / 3 + 1.0 / 3 = 1", "1"},
        {"1.0 / 1000003 > 1.0 / 1000033", "1"},
        {"round(2.675, 2)", "2.68"},
        {"round(-2.675, 2)", "-2.68"},
        {"round(1.005 * 100) / 100", "1.01"},
        {"round(得分 / 3, 1)", "4.8"},
        {"round(5.5, -2)", "6"},
        {"round(2.5, 空白)", "blank"},
        {"0.0000005", "0.000001"},
        {"-0.0000005", "-0.000001"},
        {"0.00000049999", "0"},
    };

    assert_values(cases, G_N_ELEMENTS(cases));
}

/* As SQL has it: whole numbers that are written divide to a whole one. */
static void
test_whole(void)
{
    static const struct expected cases[] = {
        {"1 / 3", "0"},
        {"-7 / 2", "-3"},
        {"1 / 3.0", "0.333333"},
        {"(1 + 6) / 2 * 1.0", "3"},
        {"得分_target / 4", "4.5"},
        {"min(得分_target, 7) / 2", "3"},
        {"round(7) / 2", "3.5"},
        {"abs(-7) / 2", "3"},
        {"9223372036854775807 / 2 = 4611686018427387903", "1"},
        {"(9223372036854775807 + 1) / 2 = 4611686018427387904", "1"},
        {"9223372036854775809 / 2 > 4611686018427387904", "1"},
        {"-9223372036854775807 / -1 > 0", "1"},
        {"17 % 5", "2"},
        {"-17 % 5", "-2"},
        {"17.9 % 5.9", "2"},
        {"17 % 5.9 / 4", "0.5"},
        {"1 = 2 < 3", "1"},
        {"2 > 1 = 1", "1"},
        {"not 1 = 2", "1"},
        {"1 + 2 * 3 - 4 / 2", "5"},
        {"1 or 0 and 0", "1"},
        {"'a' || 'b' = 'ab' and 1", "1"},
    };

    assert_values(cases, G_N_ELEMENTS(cases));
}

static void
test_like(void)
{
    static const struct expected cases[] = {
        {"form like '%调研'", "1"},
        {"form like '综_调研'", "1"},
        {"form like '调研%'", "0"},
        {"form not like '调研%'", "1"},
        {"'ABC' like 'a%C'", "1"},
        {"'' like '%'", "1"},
        {"'' like '_'", "0"},
        {"'abcabd' like '%abd'", "1"},
        {"'a' like 'a%%'", "1"},
        {"'Ä' like 'ä'", "0"},
        {"like('综%', form)", "1"},
        {"like('a!%b', 'a%b', '!')", "1"},
        {"like('a!%b', 'axb', '!')", "0"},
        {"like('!_%', '_b', '!')", "1"},
        {"class like '%'", "blank"},
        {"'it''s' = 'it' || '''' || 's'", "1"},
    };

    assert_values(cases, G_N_ELEMENTS(cases));
}

/* What does not fit is never a wrong number. */
static void
test_beyond(void)
{
    static const struct expected cases[] = {
        {"1000000000", "1000000000"},
        {"1000000000.000001", "beyond"},
        {"-1000000000.000001", "beyond"},
        {"99999999999", "beyond"},
        {"99999999999 / 1000.0", "99999999.999"},
        {"beyond + 1", "beyond"},
        {"iif(0, beyond, 1)", "1"},
        {"9999999999999999999999999999999999999 * 10 > 0", "beyond"},
        {"9999999999999999999999999999999999999 + "
         "9999999999999999999999999999999999999 > 0",
         "beyond"},
        {"9999999999999999999999999999999999999 * 2 / 2 > 0", "beyond"},
        {"round(9999999999999999999999999999999999999, 3) > 0", "beyond"},
        {"9999999999999999999999999999999999999 % 7", "beyond"},
        {"1.0 / 1000000000000000003 / 10000000000000000019 / 7 > 0", "beyond"},
        {"1.0 / 1000000000000000003 < 1.0 / 1000000000000000001", "1"},
        {"99999999999999999999999999999999999999", "refused"},
        {"0.00000000000000000000000000000000000001", "refused"},
    };

    assert_values(cases, G_N_ELEMENTS(cases));
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
        "1e300 * 1e300",
        "x'00'",
        "CAST(form AS BLOB)",
        "glob('a', 'b')",
        "RAISE(ABORT, 'x')",
        "ATTACH 'x' AS y",
        "'text",
        "case when 1 then 2",
        "case end",
        "1 in ()",
        "1 between 2",
        "max(1)",
        "iif(1, 2)",
        "\"\"",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = value_of(cases[i]);

        g_test_message("%s", cases[i]);
        g_assert_cmpstr(got, ==, "refused");
    }
}

/* A text in the place of a number, and the other way round: with its
 * column. */
static void
test_kinds(void)
{
    static const struct expected cases[] = {
        {"form", "pack.yaml:1:2"},
        {"'text'", "pack.yaml:1:2"},
        {"得分 + form", "pack.yaml:1:7"},
        {"form * 2", "pack.yaml:1:2"},
        {"-form", "pack.yaml:1:3"},
        {"not form", "pack.yaml:1:6"},
        {"form = 1", "pack.yaml:1:9"},
        {"得分 > 'a'", "pack.yaml:1:7"},
        {"得分 in (1, 'a')", "pack.yaml:1:12"},
        {"form between 'a' and 2", "pack.yaml:1:23"},
        {"iif(form, 1, 2)", "pack.yaml:1:6"},
        {"iif(1, 1, 'a')", "pack.yaml:1:12"},
        {"coalesce(得分, form)", "pack.yaml:1:15"},
        {"case when form then 1 end", "pack.yaml:1:12"},
        {"case form when 1 then 1 end", "pack.yaml:1:17"},
        {"case when 1 then 2 else 'a' end", "pack.yaml:1:26"},
        {"abs(form)", "pack.yaml:1:6"},
        {"得分 || 'a' = 'a'", "pack.yaml:1:2"},
        {"得分 like '1%'", "pack.yaml:1:2"},
        {"1 + 99999999999999999999999999999999999999", "pack.yaml:1:6"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *wrong = NULL, *place = NULL;
        struct formula_node *top = tree_of(cases[i].text, &wrong);

        g_test_message("%s: %s", cases[i].text, wrong);
        g_assert_null(top);
        place = g_strconcat(cases[i].value, ": ", NULL);
        g_assert_true(g_str_has_prefix(wrong, place));
    }
}

/* `start`, then `unit` n times, then `end`. */
static char *
repeated(const char *start, const char *unit, int n, const char *end)
{
    GString *text = g_string_new(start);

    for (int i = 0; i < n; i++)
        g_string_append(text, unit);
    g_string_append(text, end);
    return g_string_free(text, FALSE);
}

/* Depth, length, and a pattern that the usual LIKE tries in more ways than
 * there are atoms. */
static void
test_long(void)
{
    static const struct {
        const char *start, *unit, *end, *value;
        int n;
    } cases[] = {
        {"1", "+1", "", "200", 199},       {"1", "+1", "", "refused", 300},
        {"1", "+1", "", "refused", 20000}, {"", "(", "1", "refused", 41},
        {"", "(", "1", "refused", 3999},   {"", "- ", "1", "1", 1900},
        {"", "not ", "1", "1", 900},       {"", "abs(", "1", "refused", 500},
        {"", "case ", "1", "refused", 700}};
    gint64 start = cpu_time();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            repeated(cases[i].start, cases[i].unit, cases[i].n, cases[i].end);
        g_autofree char *got = value_of(text);

        g_test_message("%s%d times %s", cases[i].start, cases[i].n,
                       cases[i].unit);
        g_assert_cmpstr(got, ==, cases[i].value);
    }
    g_assert_cmpint(cpu_time() - start, <, 5 * G_USEC_PER_SEC);
}

/* What is well-formed is refused only for its depth and its length, and up
 * to them it is taken. */
static void
test_limits(void)
{
    static const struct {
        const char *unit, *middle, *end, *wrong;
        int n;
    } cases[] = {{"(", "1", ")", NULL, 39},
                 {"(", "1", ")", "too deeply nested", 40},
                 {"", "'", " ", NULL, 3990},
                 {"", "'", " ", "too long", 3999}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *opened =
            repeated("", cases[i].unit, cases[i].n, cases[i].middle);
        g_autofree char *text = repeated(opened, cases[i].end, cases[i].n,
                                         *cases[i].unit ? "" : "' = 'a'");
        g_autofree char *wrong = NULL;
        struct formula_node *top = tree_of(text, &wrong);

        g_assert_cmpint(top != NULL, ==, cases[i].wrong == NULL);
        if (cases[i].wrong)
            g_assert_nonnull(strstr(wrong, cases[i].wrong));
        else
            formula_node_unref(top);
    }
}

static void
test_patterns(void)
{
    g_autofree char *many = repeated("'", "a", 1500, "' like '%");
    g_autofree char *few = repeated("'", "a", 60, "' like '");
    g_autofree char *long_pattern = repeated(many, "%a", 700, "%b'");
    g_autofree char *bad_pattern = repeated(many, "a", 700, "b'");
    g_autofree char *short_pattern = repeated(few, "%a", 20, "%b'");
    gint64 start = cpu_time();
    struct expected cases[] = {{NULL, "too long"},
                               {long_pattern, "0"},
                               {bad_pattern, "too long"},
                               {short_pattern, "0"}};
    GString *grown = g_string_new("'a' = ");

    for (int i = 0; i < 200; i++)
        g_string_append_printf(grown, "%sform", i ? "||" : "");
    cases[0].text = grown->str;
    assert_values(cases, G_N_ELEMENTS(cases));
    g_string_free(grown, TRUE);
    g_assert_cmpint(cpu_time() - start, <, 2 * G_USEC_PER_SEC);
}

/* Only what the result depends on is asked for: a measure may be dear. */
static void
test_lazy(void)
{
    static const struct {
        const char *text;
        int asked;
    } cases[] = {{"iif(1, 2, 得分)", 0},
                 {"coalesce(part, 得分)", 1},
                 {"0 and 得分", 0},
                 {"1 or 得分", 0},
                 {"得分 and 得分", 2},
                 {"max(空白, 得分)", 1},
                 {"case 1 when 1 then 2 else 得分 end", 0}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct formula_node *top = tree_of(cases[i].text, NULL);
        int asked = 0;
        gboolean blank;
        decimal v;

        g_assert_cmpint(formula_evaluate(top, column, &asked, &blank, &v), ==,
                        FORMULA_DONE);
        g_assert_cmpint(asked, ==, cases[i].asked);
        formula_node_unref(top);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/formula/values", test_values);
    g_test_add_func("/formula/exact", test_exact);
    g_test_add_func("/formula/whole", test_whole);
    g_test_add_func("/formula/like", test_like);
    g_test_add_func("/formula/beyond", test_beyond);
    g_test_add_func("/formula/hostile", test_hostile);
    g_test_add_func("/formula/kinds", test_kinds);
    g_test_add_func("/formula/long", test_long);
    g_test_add_func("/formula/limits", test_limits);
    g_test_add_func("/formula/patterns", test_patterns);
    g_test_add_func("/formula/lazy", test_lazy);
    return g_test_run();
}
