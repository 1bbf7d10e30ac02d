/* test_mail_date.c - when a mail of the past was received. */
#include "base/mail_date.h"

static const struct {
    const char *text;
    gint64 instant; /* -1: no date */
} trace[] = {
    {"Tue, 5 Mar 2019 09:12:00 +0800 (CST)", 1551748320},
    {"5 Mar 2019 09:12:00 +0800", 1551748320},
    {" Tue,\r\n\t05 mar 2019 01:12:00 GMT", 1551748320},
    {"Tue, 5 Mar 2019 01:12 UT", 1551748320},
    {"Mon, 4 Mar 2019 20:12:00 -0500", 1551748320},
    {"Sun, 31 Dec 2016 23:59:60 +0000", 1483228799},
    {"29 Feb 2020 00:00:00 +0000", 1582934400},
    {"29 Feb 2019 00:00:00 +0000", -1},
    {"257 Mar 2019 09:12:00 +0800", -1},
    {"5 Mar 2019 25:12:00 +0800", -1},
    {"5 Mar 2019 09:72:00 +0800", -1},
    {"5 Mar 2019 09:12:61 +0800", -1},
    {"5 Mrz 2019 09:12:00 +0800", -1},
    {"5 Mar 20190 09:12:00 +0800", -1},
    {"-5 Mar 2019 09:12:00 +0800", -1},
    {"5 Mar 2019 09:12:00 +08", -1},
    {"5 Mar 2019 09:12:00", -1},
    {"99999999999999999999 Mar 2019 09:12:00 +0800", -1},
    {"", -1},
};

static void
test_trace(void)
{
    for (guint n = 0; n < G_N_ELEMENTS(trace); n++) {
        gint64 t = -1;

        g_test_message("%s", trace[n].text);
        g_assert_cmpint(mail_date_parse(trace[n].text, &t), ==,
                        trace[n].instant >= 0);
        g_assert_cmpint(t, ==, trace[n].instant);
    }
}

static void
test_asctime(void)
{
    gint64 t = -1;

    g_assert_true(mail_date_parse_asctime("Tue Mar  5 01:12:00 2019", &t));
    g_assert_cmpint(t, ==, 1551748320);
    g_assert_true(mail_date_parse_asctime("Tue Mar 5 01:12:00 2019\r\n", &t));
    g_assert_cmpint(t, ==, 1551748320);
    t = -1;
    g_assert_false(mail_date_parse_asctime("Tue Mar 32 01:12:00 2019", &t));
    g_assert_false(mail_date_parse_asctime("Tue Mar  5 01:12 2019", &t));
    g_assert_false(mail_date_parse_asctime("5 Mar 2019 01:12:00 +0000", &t));
    g_assert_false(mail_date_parse_asctime("", &t));
    g_assert_cmpint(t, ==, -1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail_date/trace", test_trace);
    g_test_add_func("/mail_date/asctime", test_asctime);
    return g_test_run();
}
