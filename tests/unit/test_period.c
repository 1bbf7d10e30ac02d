/* Periods: names, lengths, odd ones, printed forms. */
#include "rules/period.h"

static const struct calendar no_odd = {0, NULL};

static char *
span(const struct calendar *cal, const char *name)
{
    struct period p;
    g_autofree char *from = NULL, *to = NULL;

    if (!period_parse(cal, name, &p))
        return g_strdup("none");
    from = day_format(p.from);
    to = day_format(p.to);
    return g_strconcat(from, " ", to, NULL);
}

static void
test_names(void)
{
    static const struct {
        const char *name, *span, *printed;
    } cases[] = {
        {"2019-03", "2019-03-01 2019-03-31", "2019年3月份"},
        {"2019-12", "2019-12-01 2019-12-31", "2019年12月份"},
        {"2020-02", "2020-02-01 2020-02-29", "2020年2月份"},
        {"2019-Q1", "2019-01-01 2019-03-31", "2019年第一季度"},
        {"2019-Q4", "2019-10-01 2019-12-31", "2019年第四季度"},
        {"2019-H1", "2019-01-01 2019-06-30", "2019年上半年"},
        {"2019-H2", "2019-07-01 2019-12-31", "2019年下半年"},
        {"2019", "2019-01-01 2019-12-31", "2019年度"},
        {"2019-W07", "2019-02-11 2019-02-17", "2019年第7周"},
        {"2019-W01", "2018-12-31 2019-01-06", "2019年第1周"},
        {"2020-W53", "2020-12-28 2021-01-03", "2020年第53周"},
        {"2019-03-05", "2019-03-05 2019-03-05", "2019年3月5日"},
        {"2019-01-01..2019-02-28", "2019-01-01 2019-02-28",
         "2019年1月1日至2月28日"},
        {"2018-12-01..2019-02-28", "2018-12-01 2019-02-28",
         "2018年12月1日至2019年2月28日"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = span(&no_odd, cases[i].name);
        g_autofree char *name = NULL, *printed = NULL;
        struct period p;

        g_assert_cmpstr(got, ==, cases[i].span);
        g_assert_true(period_parse(&no_odd, cases[i].name, &p));
        name = period_name(&p);
        printed = period_printed(&p);
        g_assert_cmpstr(name, ==, cases[i].name);
        g_assert_cmpstr(printed, ==, cases[i].printed);
    }
}

static void
test_no_names(void)
{
    static const char *const bad[] = {
        "",          "2019-",    "201",        "2019-13",
        "2019-00",   "2019-3",   "2019-Q0",    "2019-Q5",
        "2019-H3",   "2019-W54", "2019-W00",   "2019-W53",
        "2019-W7",   "0000",     "2019-02-30", "2019-03-01..2019-02-01",
        "2019-03..", "..",       "2019年3月",  "2019-Q1 "};
    struct period p = {PERIOD_NONE, 1, 2, 3, 4};

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(period_parse(&no_odd, bad[i], &p));
    }
    g_assert_cmpint(p.from, ==, 3);
}

/* A first quarter until 10 April, and a January of two months. */
static void
test_odd(void)
{
    struct odd_period odd[] = {
        {(char *)"2019-Q1", PERIOD_QUARTER, day_from_ymd(2019, 1, 1),
         day_from_ymd(2019, 4, 10)},
        {(char *)"2019-01", PERIOD_MONTH, day_from_ymd(2019, 1, 1),
         day_from_ymd(2019, 2, 28)}};
    struct calendar cal = {2, odd};
    g_autofree char *q1 = span(&cal, "2019-Q1"), *q2 = span(&cal, "2019-Q2");
    g_autofree char *q3 = span(&cal, "2019-Q3"), *jan = span(&cal, "2019-01");
    g_autofree char *h1 = span(&cal, "2019-H1");
    struct period p = period_at(&cal, PERIOD_QUARTER, day_from_ymd(2019, 4, 5));

    g_assert_cmpstr(q1, ==, "2019-01-01 2019-04-10");
    g_assert_cmpstr(q2, ==, "2019-04-11 2019-06-30");
    g_assert_cmpstr(q3, ==, "2019-07-01 2019-09-30");
    g_assert_cmpstr(jan, ==, "2019-01-01 2019-02-28");
    g_assert_cmpstr(h1, ==, "2019-01-01 2019-06-30");
    g_assert_cmpint(p.number, ==, 1);
    p = period_next(&cal, &p);
    g_assert_cmpint(p.number, ==, 2);
    g_assert_cmpint(p.from, ==, day_from_ymd(2019, 4, 11));
    p = period_at(&cal, PERIOD_MONTH, day_from_ymd(2019, 2, 3));
    p = period_next(&cal, &p);
    g_assert_cmpint(p.number, ==, 3);
}

static void
check_previous(const struct calendar *cal, const char *name,
               const char *expected)
{
    g_autofree char *got = NULL;
    struct period p, before;

    g_assert_true(period_parse(cal, name, &p));
    before = period_previous(cal, &p);
    got = period_name(&before);
    g_assert_cmpstr(got, ==, expected);
}

/* A first quarter judged from March on, a third one that is cut short, and
 * a June that has taken May: days that no period has make none its own
 * predecessor, whose bulletin would be drafted before it is over. */
static void
test_gaps(void)
{
    struct odd_period odd[] = {
        {(char *)"2019-Q1", PERIOD_QUARTER, day_from_ymd(2019, 3, 1),
         day_from_ymd(2019, 3, 31)},
        {(char *)"2019-Q3", PERIOD_QUARTER, day_from_ymd(2019, 7, 1),
         day_from_ymd(2019, 9, 15)},
        {(char *)"2019-06", PERIOD_MONTH, day_from_ymd(2019, 5, 1),
         day_from_ymd(2019, 6, 30)}};
    struct calendar cal = {G_N_ELEMENTS(odd), odd};

    check_previous(&cal, "2019-Q1", "2018-Q4");
    check_previous(&cal, "2019-Q2", "2019-Q1");
    check_previous(&cal, "2019-Q4", "2019-Q3");
    check_previous(&cal, "2020-Q1", "2019-Q4");
    check_previous(&cal, "2019-06", "2019-04");
    check_previous(&cal, "2019-W01", "2018-W52");
}

static void
test_walk(void)
{
    struct period p =
        period_first_since(&no_odd, PERIOD_WEEK, day_from_ymd(2019, 3, 5));
    int weeks = 0;

    g_assert_cmpint(p.from, ==, day_from_ymd(2019, 3, 11));
    for (; p.from <= day_from_ymd(2029, 3, 11); weeks++) {
        struct period next = period_next(&no_odd, &p);
        struct period back = period_previous(&no_odd, &next);

        g_assert_cmpint(next.from, ==, p.to + 1);
        g_assert_true(period_same(&back, &p));
        p = next;
    }
    g_assert_cmpint(weeks, ==, 522);
    p = period_at(&no_odd, PERIOD_YEAR, day_from_ymd(2019, 3, 5));
    p = period_previous(&no_odd, &p);
    g_assert_cmpint(p.to, ==, day_from_ymd(2018, 12, 31));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/period/names", test_names);
    g_test_add_func("/period/no-names", test_no_names);
    g_test_add_func("/period/odd", test_odd);
    g_test_add_func("/period/gaps", test_gaps);
    g_test_add_func("/period/walk", test_walk);
    return g_test_run();
}
