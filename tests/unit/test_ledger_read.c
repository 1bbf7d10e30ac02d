/* The rows of a ledger that came back, whatever was done to its columns. */
#include "reply/phrases.h"
#include "report/ledger_read.h"

static struct phrases *words;

static const struct returned_row *
row(const struct returned *r, guint n)
{
    g_assert_cmpuint(r->rows->len, >, n);
    return g_ptr_array_index(r->rows, n);
}

/* A date as the ledger takes it: "2019-03-12", "--03-12" when the year was
 * left out, "none". */
static char *
day_of(const char *token, const char *cell)
{
    g_autofree char *text = g_strdup_printf(
        "%s\n\n[台账]\n编号\t标注1\t日期1\n1\t普刊\t%s\n", token, cell);
    g_autoptr(returned) r = ledger_read(text, words);
    const struct returned_mark *m =
        &g_array_index(row(r, 0)->marks, struct returned_mark, 0);

    g_assert_cmpstr(r->token, ==, "t");
    if (m->month)
        return g_strdup_printf("--%02d-%02d", m->month, m->month_day);
    return m->day == DAY_NONE ? g_strdup("none") : day_format(m->day);
}

static void
check_day(const char *cell, const char *wanted)
{
    g_autofree char *day = day_of("t", cell);

    g_assert_cmpstr(day, ==, wanted);
}

static void
test_dates(void)
{
    static const char *const same[] = {"43536",
                                       "43536.999",
                                       "20190312",
                                       "2019-03-12",
                                       "2019-3-12",
                                       "2019/3/12",
                                       "2019.3.12",
                                       "2019年3月12日",
                                       "2019年03月12号",
                                       "2019-03-12T00:00:00",
                                       "2019-03-12 00:00:00.000",
                                       "２０１９－０３－１２",
                                       "2019年3月12日 星期二",
                                       "2019年3月12日（周二）",
                                       "2019-3-12 9:05",
                                       "2019年3月12日9时5分",
                                       "二〇一九年三月十二日",
                                       "二零一九年三月十二日",
                                       "19年3月12日",
                                       "2019/3/12 周2"};

    for (gsize n = 0; n < G_N_ELEMENTS(same); n++)
        check_day(same[n], "2019-03-12");
    check_day("二〇二〇年十月二十日", "2020-10-20");
    check_day("二〇二〇年十一月三十一日", "none");
    check_day("3月12日", "--03-12");
    check_day("３月１２日", "--03-12");
    check_day("三月二十一日", "--03-21");
    check_day("3-12", "--03-12");
    check_day("3/12", "--03-12");
}

static void
test_no_dates(void)
{
    static const char *const none[] = {"",
                                       "2019-02-29",
                                       "1e300",
                                       "-1",
                                       "99999999999999999999",
                                       "2019",
                                       "3.12",
                                       "312",
                                       "2019-3",
                                       "2019年3月",
                                       "12/3/2019",
                                       "12-3-19",
                                       "2019-13-01",
                                       "4月31日",
                                       "待定",
                                       "3月12日至15日",
                                       "2019-03-12、2019-03-15",
                                       "nan",
                                       "inf",
                                       "43536x"};

    for (gsize n = 0; n < G_N_ELEMENTS(none); n++)
        check_day(none[n], "none");
}

/* The calendar of old Macintoshes: numbers are behind, text is not. */
static void
test_1904(void)
{
    g_autofree char *serial = day_of("t\t1904", "42074");
    g_autofree char *text = day_of("t\t1904", "2019-03-12");

    g_assert_cmpstr(serial, ==, "2019-03-12");
    g_assert_cmpstr(text, ==, "2019-03-12");
}

/* Spaces and full-width digits in headings, a column copied, the headings
 * once more, a number in full-width digits. */
static void
test_headings(void)
{
    g_autoptr(returned) r = ledger_read(
        "t\n\n编 号\t标注１\t日期１\t标注1\t收到时间\n"
        "２０１９－０００１\t普刊\t43536\t简讯\t2019年3月5日9时12分\n"
        "编号\t标注1\t日期1\n",
        words);
    const struct returned_row *one = row(r, 0);
    const struct returned_mark *m =
        &g_array_index(one->marks, struct returned_mark, 0);

    g_assert_cmpuint(r->rows->len, ==, 1);
    g_assert_cmpstr(one->facts[LEDGER_NUMBER], ==, "2019-0001");
    g_assert_cmpstr(one->facts[LEDGER_RECEIVED], ==, "2019-03-05 09:12");
    g_assert_cmpstr(m->item, ==, "普刊");
}

/* Rows that somebody wrote below are named; a sum is no row. */
static void
test_added(void)
{
    g_autoptr(returned) r =
        ledger_read("t\n\n[台账]\n编号\t标题\t单位\n2019-0001\t春耕\t县财政局\n"
                    "\t电话报来的一条\t县税务局\n合计\t2\n\t\t合计\n",
                    words);

    g_assert_cmpuint(r->added->len, ==, 1);
    g_assert_cmpstr(r->added->pdata[0], ==, "电话报来的一条 县税务局");
    g_assert_cmpuint(r->rows->len, ==, 2);
}

/* What a reader that lies hands over: no half character gets into a letter. */
static void
test_no_name(void)
{
    g_autoptr(returned) r =
        ledger_read("t\n\n编号\n2019-0001\n\n�\n编号\n2019-0002\n\n[]\n编号\n"
                    "2019-0003\n",
                    words);

    g_assert_cmpstr(r->sheet, ==, "");
    g_assert_cmpuint(r->others->len, ==, 2);
    g_assert_cmpstr(r->others->pdata[0], ==, "");
    g_assert_cmpstr(r->others->pdata[1], ==, "");
}

static void
test_columns_moved(void)
{
    g_autoptr(returned) r = ledger_read(
        "t\n\n[填写说明]\n说明\n\n[台账]\n标题\n日期2\t标注2\t备注\t编号\t收到时间\t标题\n"
        "43536\t普刊\t好\t2019-0001\t43529.3833333\t春耕\n\t\t\t\t\t合计\n",
        words);
    const struct returned_row *one = row(r, 0);
    const struct returned_mark *marks =
        (const struct returned_mark *)(void *)one->marks->data;

    g_assert_cmpstr(r->token, ==, "t");
    g_assert_cmpuint(r->rows->len, ==, 1);
    g_assert_cmpstr(one->facts[LEDGER_NUMBER], ==, "2019-0001");
    g_assert_cmpstr(one->facts[LEDGER_RECEIVED], ==, "2019-03-05 09:12");
    g_assert_cmpstr(one->facts[LEDGER_TITLE], ==, "春耕");
    g_assert_null(one->facts[LEDGER_WORDS]);
    g_assert_cmpstr(one->remark, ==, "好");
    g_assert_cmpuint(one->marks->len, ==, 2);
    g_assert_false(marks[0].has_column);
    g_assert_true(marks[1].has_column);
    g_assert_cmpstr(marks[1].item, ==, "普刊");
}

static void
test_short_row(void)
{
    g_autoptr(returned) r =
        ledger_read("t\n\n[台账]\n编号\t标注1\t备注\n2019-0001\n", words);
    const struct returned_row *one = row(r, 0);

    g_assert_cmpstr(one->remark, ==, "");
    g_assert_cmpstr(g_array_index(one->marks, struct returned_mark, 0).item, ==,
                    "");
}

/* A copy of the sheet beside it: the first is taken, the other one named. */
static void
test_second_sheet(void)
{
    g_autoptr(returned) r = ledger_read(
        "t\n\n[台账]\n编号\t备注\n2019-0001\t好\n\n[清点]\n共1条\n\n"
        "[台账 (2)]\n标题\n编号\t备注\n2019-0001\t坏\n",
        words);

    g_assert_cmpstr(r->sheet, ==, "台账");
    g_assert_cmpuint(r->rows->len, ==, 1);
    g_assert_cmpstr(row(r, 0)->remark, ==, "好");
    g_assert_cmpuint(r->others->len, ==, 1);
    g_assert_cmpstr(r->others->pdata[0], ==, "台账 (2)");
}

static void
test_none(void)
{
    g_assert_null(ledger_read("", words));
    g_assert_null(ledger_read("t\n", words));
    g_assert_null(ledger_read("t\n\n[台账]\n1\t2\n3\n", words));
}

int
main(int argc, char **argv)
{
    struct err e = ERR_INIT;
    int status;

    g_test_init(&argc, &argv, NULL);
    if (ledger_load_words("templates", NULL, &words, &e) != ST_OK)
        g_error("%s", e.text);
    g_test_add_func("/ledger-read/dates", test_dates);
    g_test_add_func("/ledger-read/no-dates", test_no_dates);
    g_test_add_func("/ledger-read/1904", test_1904);
    g_test_add_func("/ledger-read/headings", test_headings);
    g_test_add_func("/ledger-read/added", test_added);
    g_test_add_func("/ledger-read/no-name", test_no_name);
    g_test_add_func("/ledger-read/columns-moved", test_columns_moved);
    g_test_add_func("/ledger-read/short-row", test_short_row);
    g_test_add_func("/ledger-read/second-sheet", test_second_sheet);
    g_test_add_func("/ledger-read/none", test_none);
    status = g_test_run();
    phrases_free(words);
    return status;
}
