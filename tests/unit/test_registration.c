/* 信息员备案 as units write it: in one line or many, with dashes, labels,
 * full-width signs; and what is none. */
#include "rules/registration.h"

#include "tancheng.h"

#include <locale.h>

static struct roster *units;
static struct matcher *names;

/* "+财政局 张三 a@b 6201001; -  c@d " for all that the mail says. */
static char *
said(const char *subject, const char *text)
{
    g_autoptr(reading) r = reading_new();
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GString) s = g_string_new(NULL);

    r->subject = g_strdup(subject);
    r->own_text = g_strdup(text);
    all = registration_read(r, names);
    for (guint n = 0; n < all->len; n++) {
        const struct registration *k = g_ptr_array_index(all, n);

        g_string_append_printf(
            s, "%s%s%s|%s|%s|%s", n ? "; " : "", k->stop ? "-" : "+",
            k->unit ? k->unit->short_name : "", k->name ? k->name : "",
            k->address ? k->address : "", k->phone ? k->phone : "");
    }
    return g_string_free(g_steal_pointer(&s), FALSE);
}

static void
check(const char *subject, const char *text, const char *wanted)
{
    g_autofree char *got = said(subject, text);

    g_assert_cmpstr(got, ==, wanted);
}

static void
test_lines(void)
{
    static const char whole[] = "+财政局|张三|zs@czj.example|0539-6201001";

    check("信息员备案 县财政局 张三 zs@czj.example 0539-6201001", "", whole);
    check("信息员备案-县财政局-张三-zs@CZJ.example-0539-6201001", "", whole);
    check("信息员登记：县财政局，张三，zs@czj.example，0539-6201001", NULL,
          whole);
    check("回复：备案",
          "信息员备案　县财政局　张三　zs@czj.example　"
          "0539-6201001\n谢谢\n",
          whole);
    check("信息员备案表-县财政局",
          "信息员备案：\n姓　名：\n姓名：张三\n电子邮箱：zs@czj.example\n"
          "联系电话：0539-6201001\n",
          whole);
    check("信息员变更",
          "信息员变更 单位 县财政局\n信息员：张三\n邮箱：zs@czj.example\n"
          "信息员停用 ls@czj.example\n",
          "+财政局|张三|zs@czj.example|; -||ls@czj.example|");
}

/* The subject and the body, or two lines of it. */
static void
test_repeated(void)
{
    check("信息员停用 ls@czj.example", "信息员停用 ls@CZJ.example\n",
          "-||ls@czj.example|");
    check("信息员备案 县财政局 张三 zs@czj.example",
          "信息员备案 张三 ZS@czj.example 0539-6201001\n",
          "+财政局|张三|zs@czj.example|0539-6201001");
    check("信息员变更",
          "信息员停用 kj@czj.example\n信息员备案 李四 kj@czj.example\n"
          "信息员停用 kj@czj.example\n",
          "-||kj@czj.example|; +|李四|kj@czj.example|; -||kj@czj.example|");
    check("信息员变更",
          "信息员备案 张三 kj@czj.example\n信息员备案 李四 kj@czj.example\n",
          "+|张三|kj@czj.example|; +|李四|kj@czj.example|");
}

static void
test_partial(void)
{
    check("信息员备案", "请予备案。", "+|||");
    check("信息员备案", "单位：没有的局\n邮箱：不是邮箱\n", "+|||");
    check("信息员停用", "", "-|||");
}

static void
test_none(void)
{
    check("信息员备案工作全面完成-县财政局-张三-6201001", "", "");
    check("信息员 县财政局 张三 zs@czj.example", "", "");
    check("关于信息员备案的请示", "单位：县财政局\n姓名：张三\n", "");
    check(NULL, NULL, "");
}

/* Nobody speaks for another unit, or stops whom the roster's file names. */
static void
test_own(void)
{
    struct unit *finance = NULL, *tax = NULL;
    struct registration r = {FALSE, NULL, (char *)"张三",
                             (char *)"zs@czj.example", NULL};
    g_autoptr(GPtrArray) all = g_ptr_array_new();

    match_unit(names, "县财政局", &finance);
    match_unit(names, "县税务局", &tax);
    g_assert_false(registration_is_own(all, finance, units, 0));
    g_ptr_array_add(all, &r);
    g_assert_true(registration_is_own(all, finance, units, 0));
    g_assert_false(registration_is_own(all, NULL, units, 0));
    r.unit = tax;
    g_assert_false(registration_is_own(all, finance, units, 0));
    r.unit = finance;
    g_assert_true(registration_is_own(all, finance, units, 0));
    r.name = NULL;
    g_assert_false(registration_is_own(all, finance, units, 0));
    r.stop = TRUE; /* nobody is registered there */
    g_assert_false(registration_is_own(all, finance, units, 0));
}

/* Who is registered there then? */
static void
test_contradiction(void)
{
    struct unit *finance = NULL;
    struct registration a = {FALSE, NULL, (char *)"张三",
                             (char *)"kj@czj.example", NULL};
    struct registration b = {FALSE, NULL, (char *)"李四",
                             (char *)"KJ@czj.example", NULL};
    g_autoptr(GPtrArray) all = g_ptr_array_new();

    match_unit(names, "县财政局", &finance);
    g_ptr_array_add(all, &a);
    g_ptr_array_add(all, &b);
    g_assert_false(registration_is_own(all, finance, units, 0));
    b.address = (char *)"ls@czj.example";
    g_assert_true(registration_is_own(all, finance, units, 0));
}

int
main(int argc, char **argv)
{
    int status;

    setlocale(LC_ALL, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    units = tancheng_roster();
    names = matcher_new(units, TANCHENG_OFFICE);
    g_test_add_func("/registration/lines", test_lines);
    g_test_add_func("/registration/repeated", test_repeated);
    g_test_add_func("/registration/partial", test_partial);
    g_test_add_func("/registration/none", test_none);
    g_test_add_func("/registration/own", test_own);
    g_test_add_func("/registration/contradiction", test_contradiction);
    status = g_test_run();
    matcher_free(names);
    roster_free(units);
    return status;
}
