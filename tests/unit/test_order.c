/* An order's words: what is taken for a date, a quantity, a value - and what
 * only looks like one, and must not pass for the remark. */
#include "desk/options.h"

static civil_day today;

static void
read_options(const char *line, gboolean day_only, struct options *out)
{
    g_autoptr(order) o = order_new(line);

    g_test_message("%s", line);
    options_take(o, today, day_only, out);
}

static void
test_days(void)
{
    static const struct {
        const char *line, *day;
    } t[] = {{"2019-03-12", "2019-03-12"}, {"2019年3月12号", "2019-03-12"},
             {"3月12日", "2019-03-12"},    {"２０１９／３／１２", "2019-03-12"},
             {"12月28日", "2018-12-28"}, /* not of the coming December */
             {"3.18", "2019-03-18"}};

    for (gsize n = 0; n < G_N_ELEMENTS(t); n++) {
        g_auto(options) x = {0};
        g_autofree char *day = NULL;

        read_options(t[n].line, FALSE, &x);
        day = day_format(x.day);
        g_assert_cmpint(x.fault, ==, OPTIONS_FINE);
        g_assert_cmpstr(day, ==, t[n].day);
        g_assert_null(x.note);
    }
}

static void
test_values(void)
{
    static const struct {
        const char *line, *quantity, *amount, *note;
    } t[] = {{"×2 跟班两人", "2", NULL, "跟班两人"},
             {"=5分 ×0.5", "0.5", "5", NULL},
             {"＝－５", "1", "-5", NULL},
             {"5分", "1", "5", NULL},
             {"x3 2人跟班", "3", NULL, "2人跟班"},
             {"×10000", "10000", NULL, NULL}};

    for (gsize n = 0; n < G_N_ELEMENTS(t); n++) {
        g_auto(options) x = {0};
        g_autofree char *quantity = NULL, *amount = NULL;

        read_options(t[n].line, FALSE, &x);
        quantity = decimal_format(x.quantity);
        amount = x.has_amount ? decimal_format(x.amount) : NULL;
        g_assert_cmpint(x.fault, ==, OPTIONS_FINE);
        g_assert_cmpstr(quantity, ==, t[n].quantity);
        g_assert_cmpstr(amount, ==, t[n].amount);
        g_assert_cmpstr(x.note, ==, t[n].note);
    }
}

static void
test_faults(void)
{
    static const struct {
        const char *line;
        enum options_fault fault;
        const char *word;
    } t[] = {{"2019-02-30", OPTIONS_DAY, "2019-02-30"},
             {"2019-03-32 误登", OPTIONS_DAY, "2019-03-32"},
             {"2019-3", OPTIONS_DAY, "2019-3"},
             {"2019年3月", OPTIONS_DAY, "2019年3月"},
             {"2019", OPTIONS_DAY, "2019"},
             {"3月", OPTIONS_DAY, "3月"},
             {"13-45", OPTIONS_DAY, "13-45"},
             {"20190312", OPTIONS_DAY, "20190312"},
             {"12日", OPTIONS_DAY, "12日"},
             {"昨天 县报", OPTIONS_DAY, "昨天"},
             {"上周五", OPTIONS_DAY, "上周五"},
             {"三月十二日", OPTIONS_DAY, "三月十二日"},
             {"2019-03-12。", OPTIONS_DAY, "2019-03-12。"},
             {"2019-03-12至15日", OPTIONS_DAY, "2019-03-12至15日"},
             {"×2人", OPTIONS_QUANTITY, "×2人"},
             {"2019-03-12 2人 跟班", OPTIONS_QUANTITY, "2人"},
             {"2019-03-12 2 跟班", OPTIONS_QUANTITY, "2"},
             {"×99999999999", OPTIONS_QUANTITY, "×99999999999"},
             {"×10001", OPTIONS_QUANTITY, "×10001"},
             {"×-2", OPTIONS_QUANTITY, "×-2"},
             {"×0", OPTIONS_QUANTITY, "×0"},
             {"×两人", OPTIONS_QUANTITY, "×两人"},
             {"2x", OPTIONS_QUANTITY, "2x"},
             {"=五分", OPTIONS_AMOUNT, "=五分"},
             {"=5.5.5", OPTIONS_AMOUNT, "=5.5.5"},
             {"2019-03-12 3月13日", OPTIONS_TWICE, "3月13日"},
             {"×2 ×3", OPTIONS_TWICE, "×3"},
             {"=2 =3", OPTIONS_TWICE, "=3"},
             {"跟班 2019-03-31", OPTIONS_LATE, "2019-03-31"},
             {"2019-03-31 跟班 ×2", OPTIONS_LATE, "×2"},
             {"2019-03-31 跟班 =5分", OPTIONS_LATE, "=5分"}};

    for (gsize n = 0; n < G_N_ELEMENTS(t); n++) {
        g_auto(options) x = {0};

        read_options(t[n].line, FALSE, &x);
        g_assert_cmpint(x.fault, ==, t[n].fault);
        g_assert_cmpstr(x.word, ==, t[n].word);
    }
}

static void
test_remarks(void)
{
    static const struct {
        const char *line, *note;
        gboolean has_day;
    } t[] = {{"2019-03-12 2019年工作要点", "2019年工作要点", TRUE},
             {"2019-03-12 3月11日县报二版", "3月11日县报二版", TRUE},
             {"2019-03-12 3-5 版", "3-5 版", TRUE},
             {"2019-03-12 昨天，补登", "昨天，补登", TRUE},
             {"2019-03-12 12日", "12日", TRUE},
             {"2019年工作要点", "2019年工作要点", FALSE},
             {"2019年3月工作要点", "2019年3月工作要点", FALSE},
             {"市政府第3期", "市政府第3期", FALSE},
             {"第12期 3-5版", "第12期 3-5版", FALSE},
             {"3-5版", "3-5版", FALSE},
             {"2019-0004", "2019-0004", FALSE}, /* alike to that one */
             {"6106766", "6106766", FALSE},
             {"2人跟班、一周", "2人跟班、一周", FALSE},
             {"两人", "两人", FALSE},
             {"5×8小时值班", "5×8小时值班", FALSE},
             {"××村", "××村", FALSE},
             {"今日要闻", "今日要闻", FALSE},
             {"周报 加5分", "周报 加5分", FALSE},
             {"跟班；2人", "跟班；2人", FALSE}};

    for (gsize n = 0; n < G_N_ELEMENTS(t); n++) {
        g_auto(options) x = {0};

        read_options(t[n].line, FALSE, &x);
        g_assert_cmpint(x.fault, ==, OPTIONS_FINE);
        g_assert_cmpint(x.has_day, ==, t[n].has_day);
        g_assert_cmpstr(x.note, ==, t[n].note);
    }
}

/* 撤销 has no quantity and no value. */
static void
test_day_only(void)
{
    g_auto(options) x = {0}, y = {0};

    read_options("2人 误登", TRUE, &x);
    g_assert_cmpstr(x.note, ==, "2人 误登");
    read_options("2019-03-32", TRUE, &y);
    g_assert_cmpint(y.fault, ==, OPTIONS_DAY);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    today = day_from_ymd(2019, 3, 20);
    g_test_add_func("/order/days", test_days);
    g_test_add_func("/order/values", test_values);
    g_test_add_func("/order/faults", test_faults);
    g_test_add_func("/order/remarks", test_remarks);
    g_test_add_func("/order/day-only", test_day_only);
    return g_test_run();
}
