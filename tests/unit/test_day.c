/* Dates, clock and decimals: the ground that scores stand on. */
#include "base/day.h"
#include "base/decimal.h"

static void
test_dates(void)
{
    civil_day d = 0;
    int y, m, dd;

    g_assert_true(day_parse("1970-01-01", &d));
    g_assert_cmpint(d, ==, 0);
    g_assert_true(day_parse("2024-02-29", &d));
    day_to_ymd(d, &y, &m, &dd);
    g_assert_cmpint(y * 10000 + m * 100 + dd, ==, 20240229);
    g_assert_cmpint(day_weekday(d), ==, 4);
    g_assert_false(day_parse("2023-02-29", &d));
    g_assert_false(day_parse("2023-2-9", &d));
    g_assert_false(day_parse("2023-02-09 ", &d));
    for (civil_day i = -800000; i < 800000; i += 13) {
        day_to_ymd(i, &y, &m, &dd);
        g_assert_cmpint(day_from_ymd(y, m, dd), ==, i);
    }
}

static void
test_clock(void)
{
    struct clock c = {TRUE, 0, g_time_zone_new_identifier("Asia/Shanghai")};
    g_autofree char *s = NULL, *rfc = NULL;

    g_assert_true(clock_parse(&c, "2019-04-01T00:30:00+08:00", &c.instant));
    g_assert_cmpint(clock_today(&c), ==, day_from_ymd(2019, 4, 1));
    g_assert_true(clock_parse(&c, "2019-03-31 23:59", &c.instant));
    g_assert_cmpint(clock_today(&c), ==, day_from_ymd(2019, 3, 31));
    s = clock_format_iso(&c, clock_now(&c));
    g_assert_cmpstr(s, ==, "2019-03-31T23:59:00+08:00");
    rfc = clock_format_rfc5322(&c, clock_now(&c));
    g_assert_cmpstr(rfc, ==, "Sun, 31 Mar 2019 23:59:00 +0800");
    g_assert_false(clock_parse(&c, "yesterday", &c.instant));
    g_time_zone_unref(c.zone);
}

static void
check_decimal(const char *in, const char *out)
{
    decimal d = 0;
    g_autofree char *s = NULL;

    g_assert_true(decimal_parse(in, &d));
    s = decimal_format(d);
    g_assert_cmpstr(s, ==, out);
}

static void
test_decimals(void)
{
    decimal d;

    check_decimal("0.2", "0.2");
    check_decimal("-10", "-10");
    check_decimal("14.90", "14.9");
    check_decimal("-0.5", "-0.5");
    check_decimal("+3", "3");
    g_assert_false(decimal_parse("1.", &d));
    g_assert_false(decimal_parse("", &d));
    g_assert_false(decimal_parse("1e3", &d));
    g_assert_false(decimal_parse("0.1234567", &d));
    g_assert_false(decimal_parse("99999999999", &d));
    /* 0.25 -> 0.3, -0.25 -> -0.3: half goes away from zero */
    g_assert_cmpint(decimal_scale(250000, 1, 1, 1), ==, 300000);
    g_assert_cmpint(decimal_scale(-250000, 1, 1, 1), ==, -300000);
    g_assert_cmpint(decimal_scale(10 * DECIMAL_ONE, 1, 3, 2), ==, 3330000);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/day/dates", test_dates);
    g_test_add_func("/day/clock", test_clock);
    g_test_add_func("/day/decimals", test_decimals);
    return g_test_run();
}
