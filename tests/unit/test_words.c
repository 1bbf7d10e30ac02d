/* 字数: what counts as one. */
#include "draft/words.h"

#include <glib.h>

static const struct {
    const char *text;
    int words;
} cases[] = {
    {"", 0},
    {" \t\n\r\xE3\x80\x80\xC2\xA0", 0},
    {"沙湾镇", 3},
    {"沙湾镇。", 4},
    {"沙 湾\n镇", 3},
    {"hello world", 2},
    {"hello,world", 1},
    {"沙湾镇2019年", 5},
    {"2019年3月5日", 6},
    {"增长14.9%，其中", 6},
    {"GDP增长", 3},
    {"１２３", 3}, /* full-width digits are marks of their own */
    {"ＡＢ", 2},
    {"（一）", 3},
    {"(一)", 3},
    {"“十四五”", 5},
    {"“互联网+”", 6},
    {"——", 2},
    {"……", 2},
    {"《“两高”意见》", 8},
    {"买买提·艾力", 6},
    {"don’t stop", 2},
    {"don't stop", 2},
    {"‘甲’", 3},
    {"甲、乙；丙", 5},
    {"㈠㎡℃", 3}, /* enclosed: wide; ℃ begins a run */
    {"𠮷野家", 3},
    {"䶮", 1},
    {"かな한글ㄅ", 5},
    {"a\xE2\x80\x8B"
     "b",
     1}, /* zero-width space shows nothing */
    {"\xEF\xBB\xBF甲", 1},
    {"0539-6106766", 1},
    {"a@b.cn，c", 3},
    {"\xF0\x9F\x98\x80", 1},
    {"A\t1\nB", 3},
    {"第1条 abc第2条", 7},
    {"x一y鿿z", 5}, /* the ends of the common ideographs */
    {"x䷿y", 1},      /* and what stands before them */
};

static void
test_table(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int n = words_count(cases[i].text);

        if (n != cases[i].words)
            g_test_message("\"%s\": %d, not %d", cases[i].text, n,
                           cases[i].words);
        g_assert_cmpint(n, ==, cases[i].words);
    }
}

/* Counting is additive over paragraphs: nothing leaks across a line. */
static void
test_paragraphs(void)
{
    GString *all = g_string_new("");
    int sum = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        sum += cases[i].words;
        g_string_append(all, cases[i].text);
        g_string_append_c(all, '\n');
    }
    g_assert_cmpint(words_count(all->str), ==, sum);
    g_string_free(all, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/table", test_table);
    g_test_add_func("/words/paragraphs", test_paragraphs);
    return g_test_run();
}
