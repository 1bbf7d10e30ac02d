/* Marks that keep a title out of what is published, and what 公开属性 may
 * say. */
#include "draft/openness.h"
#include "unit/marks_file.h"

#include <locale.h>
#include <string.h>

/* None of them is a marking of secrecy, too. */
static const char *
mark_of(const char *text, enum secrecy_place place)
{
    g_assert_cmpint(secrecy_find(text, place), ==, SECRECY_NONE);
    return openness_mark(text, place);
}

static void
test_marks(void)
{
    int seen;

    g_assert_cmpint(
        count_wrong("tests/data/openness/marks.tsv", mark_of, &seen), ==, 0);
    g_assert_cmpint(seen, >=, 100);
}

/* A word alone counts on the first page only; 此件不予公开 at the foot of the
 * last one, too. */
static void
test_extent(void)
{
    GString *s = g_string_new(NULL);
    g_autofree char *alone = NULL, *foot = NULL, *text = NULL;

    for (int i = 0; i < 40; i++)
        g_string_append(s, "县财政局建立直达资金台账。\n");
    text = g_string_free(s, FALSE);
    alone = g_strconcat(text, "内部资料\n", NULL);
    foot = g_strconcat(text, "（此件不予公开）\n", NULL);
    g_assert_null(openness_mark(alone, PLACE_DRAFT));
    g_assert_cmpstr(openness_mark(alone, PLACE_MARGINS), ==, "内部资料");
    g_assert_cmpstr(openness_mark(foot, PLACE_DRAFT), ==, "不予公开");
}

/* Real prose of offices bears none. */
static void
test_prose(void)
{
    g_autofree char *all = NULL;
    g_auto(GStrv) lines = NULL;

    g_assert_true(
        g_file_get_contents("tests/data/prose.txt", &all, NULL, NULL));
    g_assert_null(openness_mark(all, PLACE_MARGINS));
    lines = g_strsplit(all, "\n", -1);
    for (char **line = lines; *line; line++)
        g_assert_null(openness_mark(*line, PLACE_SUBJECT));
}

static void
test_disguise(void)
{
    g_autofree char *blanks = g_strnfill(1000000, ' ');
    g_autofree char *many = g_strconcat("内部资料", blanks, "x", NULL);

    g_assert_cmpstr(openness_mark("内\xE2\x80\x8B部资料", PLACE_DRAFT), ==,
                    "内部资料");
    g_assert_null(openness_mark(blanks, PLACE_BODY));
    g_assert_null(openness_mark(many, PLACE_BODY));
    g_assert_null(openness_mark(NULL, PLACE_BODY));
    g_assert_null(openness_mark("", PLACE_SUBJECT));
    g_assert_null(openness_mark("内", PLACE_SUBJECT));
    g_assert_null(openness_mark("【", PLACE_SUBJECT));
    g_assert_null(openness_mark("公开属性：", PLACE_NAME));
}

static void
test_restricted(void)
{
    static const char *const open[] = {
        "主动公开", "公开",          "是", "主动公开。", " 主 动 公 开 ",
        "同意公开", "对外公开",      "",   "无",         "/",
        "—",        "公开（删减后）"};
    static const char *const closed[] = {"不予公开",
                                         "不公开",
                                         "依申请公开",
                                         "内部资料",
                                         "工作秘密",
                                         "注意保存",
                                         "否",
                                         "内部",
                                         "依申请",
                                         "部分公开",
                                         "暂不公开",
                                         "详见附件",
                                         "内部公开",
                                         "待定",
                                         "免予公开",
                                         "不 予 公 开",
                                         "主动公开/依申请公开/不予公开"};

    for (size_t i = 0; i < G_N_ELEMENTS(open); i++)
        g_assert_false(openness_is_restricted(open[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(closed); i++)
        g_assert_true(openness_is_restricted(closed[i]));
    g_assert_false(openness_is_restricted(NULL));
}

static void
test_stricter(void)
{
    g_assert_null(openness_stricter(NULL, NULL));
    g_assert_cmpstr(openness_stricter("主动公开", NULL), ==, "主动公开");
    g_assert_cmpstr(openness_stricter(NULL, "主动公开"), ==, "主动公开");
    g_assert_cmpstr(openness_stricter("主动公开", "内部资料"), ==, "内部资料");
    g_assert_cmpstr(openness_stricter("不予公开", "主动公开"), ==, "不予公开");
    g_assert_cmpstr(openness_stricter("不予公开", "工作秘密"), ==, "工作秘密");
    g_assert_cmpstr(openness_stricter("工作秘密", "内部资料"), ==, "工作秘密");
    g_assert_cmpstr(openness_stricter("依申请公开", "不公开"), ==, "不公开");
    g_assert_cmpstr(openness_stricter("不予公开。", "不予公开"), ==,
                    "不予公开。");
}

int
main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/openness/marks", test_marks);
    g_test_add_func("/openness/extent", test_extent);
    g_test_add_func("/openness/prose", test_prose);
    g_test_add_func("/openness/disguise", test_disguise);
    g_test_add_func("/openness/restricted", test_restricted);
    g_test_add_func("/openness/stricter", test_stricter);
    return g_test_run();
}
