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

static void
check_day(const char *cell, const char *wanted)
{
    g_autofree char *text =
        g_strdup_printf("t\n\n编号\t标注1\t日期1\n1\t普刊\t%s\n", cell);
    g_autoptr(returned) r = ledger_read(text, words);
    const struct returned_mark *m =
        &g_array_index(row(r, 0)->marks, struct returned_mark, 0);
    g_autofree char *day =
        m->day == DAY_NONE ? g_strdup("none") : day_format(m->day);

    g_assert_cmpstr(day, ==, wanted);
}

static void
test_dates(void)
{
    check_day("43536", "2019-03-12");
    check_day("43536.999", "2019-03-12");
    check_day("20190312", "2019-03-12");
    check_day("2019-03-12", "2019-03-12");
    check_day("2019/3/12", "2019-03-12");
    check_day("2019.3.12", "2019-03-12");
    check_day("2019年3月12日", "2019-03-12");
    check_day("2019-03-12T00:00:00", "2019-03-12");
    check_day("", "none");
    check_day("2019-02-29", "none");
    check_day("3月12日", "none");
    check_day("1e300", "none");
    check_day("-1", "none");
    check_day("99999999999999999999", "none");
}

static void
test_columns_moved(void)
{
    g_autoptr(returned) r = ledger_read(
        "t\n\n说明\n\n标题\n日期2\t标注2\t备注\t编号\t收到时间\t标题\n"
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
        ledger_read("t\n\n编号\t标注1\t备注\n2019-0001\n", words);
    const struct returned_row *one = row(r, 0);

    g_assert_cmpstr(one->remark, ==, "");
    g_assert_cmpstr(g_array_index(one->marks, struct returned_mark, 0).item, ==,
                    "");
}

static void
test_none(void)
{
    g_assert_null(ledger_read("", words));
    g_assert_null(ledger_read("t\n", words));
    g_assert_null(ledger_read("t\n\n1\t2\n3\n", words));
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
    g_test_add_func("/ledger-read/columns-moved", test_columns_moved);
    g_test_add_func("/ledger-read/short-row", test_short_row);
    g_test_add_func("/ledger-read/none", test_none);
    status = g_test_run();
    phrases_free(words);
    return status;
}
