/* 约稿 with its lines, and instants as people write them. */
#include "desk/asking.h"
#include "desk/when.h"

static void
test_labels(void)
{
    static const struct {
        const char *line;
        gboolean labelled;
    } t[] = {{"截止：3月10日", TRUE},     {"截止时间: 3月10日", TRUE},
             {" 单　位：财政局", TRUE},   {"要 求：附数据", TRUE},
             {"层级：市", TRUE},          {"单位财政局", FALSE},
             {"各单位：请注意", FALSE},   {"", FALSE},
             {"报送要求：附数据", FALSE}, {"标注 2019-0012 普刊", FALSE}};

    for (gsize n = 0; n < G_N_ELEMENTS(t); n++) {
        g_test_message("%s", t[n].line);
        g_assert_cmpint(asking_is_labelled(t[n].line), ==, t[n].labelled);
    }
}

static void
test_lines(void)
{
    g_autoptr(asking) a =
        asking_new("约稿：春耕　备播 有关情况\n单位：财政局、\n"
                   "税务局\n截止：3月10日17时\n要求：一、写清；\n"
                   "二、附数据。\n层级：市");

    g_assert_cmpstr(a->title, ==, "春耕 备播 有关情况");
    g_assert_cmpstr(a->units, ==, "财政局、 税务局");
    g_assert_cmpstr(a->due, ==, "3月10日17时");
    g_assert_cmpstr(a->requirement, ==, "一、写清； 二、附数据。");
    g_assert_cmpstr(a->level, ==, "市");
}

static void
test_one_line(void)
{
    g_autoptr(asking) a =
        asking_new("约稿 春耕备播 截止：3月10日 单位：财政局");
    g_autoptr(asking) bare = asking_new("约稿");

    g_assert_cmpstr(a->title, ==, "春耕备播");
    g_assert_cmpstr(a->units, ==, "财政局");
    g_assert_cmpstr(a->due, ==, "3月10日");
    g_assert_null(a->level);
    g_assert_cmpstr(bare->title, ==, "");
    g_assert_null(bare->units);
}

static void
test_when(void)
{
    static const struct {
        const char *text;
        gboolean day_ends;
        const char *wanted; /* NULL: not understood */
    } t[] = {{"2019-03-10 17:00", FALSE, "2019-03-10 17:00"},
             {"2019-03-10T17:05:09", FALSE, "2019-03-10 17:05"},
             {"２０１９年３月１０日１７时３０分", FALSE, "2019-03-10 17:30"},
             {"3月10日下午5点前", FALSE, "2019-03-10 17:00"},
             {"3月10日上午9时半", FALSE, "2019-03-10 09:30"},
             {"3月10日中午12时", FALSE, "2019-03-10 12:00"},
             {"3月10日24时", FALSE, "2019-03-11 00:00"},
             {"3.10 8：00", FALSE, "2019-03-10 08:00"},
             {"3月10日", TRUE, "2019-03-10 23:59"},
             {"3月10日前", TRUE, "2019-03-10 23:59"},
             {"12月31日9时", FALSE, "2018-12-31 09:00"},
             {"2020年1月5日", TRUE, "2020-01-05 23:59"},
             {"1019-03-10 17:00", FALSE, NULL}, /* slips of the pen */
             {"2109年3月10日", TRUE, NULL},
             {"3月10日", FALSE, NULL},
             {"2月30日", TRUE, NULL},
             {"3月10日25时", FALSE, NULL},
             {"3月10日9时75分", FALSE, NULL},
             {"17:00", TRUE, NULL},
             {"下周一", TRUE, NULL},
             {"", TRUE, NULL}};
    struct clock clock = {.fixed = TRUE,
                          .zone = g_time_zone_new_identifier("Asia/Shanghai")};

    g_assert_true(clock_parse(&clock, "2019-03-01 09:00", &clock.instant));
    for (gsize n = 0; n < G_N_ELEMENTS(t); n++) {
        g_autofree char *got = NULL;
        gint64 at = -1;

        g_test_message("%s", t[n].text);
        if (when_parse(t[n].text, &clock, t[n].day_ends, &at))
            got = clock_format(&clock, at);
        else
            g_assert_cmpint(at, ==, -1);
        g_assert_cmpstr(got, ==, t[n].wanted);
    }
    g_time_zone_unref(clock.zone);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/asking/labels", test_labels);
    g_test_add_func("/asking/lines", test_lines);
    g_test_add_func("/asking/one-line", test_one_line);
    g_test_add_func("/when", test_when);
    return g_test_run();
}
