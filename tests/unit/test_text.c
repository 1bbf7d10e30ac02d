/* Text that needs no second look is taken in runs: for every character that
 * must say what is said one by one. */
#include "base/text.h"

#include <string.h>

typedef void (*each_fn)(const char *text);

/* Every character of the first planes, alone and between others. */
static void
for_each(each_fn check)
{
    for (gunichar c = 1; c < 0x20000; c++) {
        char one[8] = "", between[24];

        if (!g_unichar_validate(c))
            continue;
        one[g_unichar_to_utf8(c, one)] = '\0';
        check(one);
        g_snprintf(between, sizeof between, "a%s标%sz", one, one);
        check(between);
    }
}

/* A tab in front is left out, and makes text_line() look at each. */
static void
same_line(const char *text)
{
    g_autofree char *slow = g_strconcat("\t", text, NULL);
    g_autofree char *expected = text_line(slow), *line = text_line(text);

    g_assert_cmpstr(line, ==, expected);
}

static void
test_line(void)
{
    static const struct {
        const char *text, *line;
    } cases[] = {{"", ""},
                 {" ", ""},
                 {" 甲", "甲"},
                 {"甲 ", "甲"},
                 {"甲  乙", "甲 乙"},
                 {"甲 乙", "甲 乙"},
                 {"甲　乙", "甲 乙"},
                 {"甲，乙。", "甲，乙。"}};

    for_each(same_line);
    for (size_t n = 0; n < G_N_ELEMENTS(cases); n++) {
        g_autofree char *line = text_line(cases[n].text);

        g_assert_cmpstr(line, ==, cases[n].line);
    }
}

/* What ends within a character is no line yet, wherever it is cut. */
static void
test_line_cut(void)
{
    static const char whole[] = "关于，ア（甲）";

    for (size_t n = 0; n < strlen(whole); n++) {
        g_autofree char *cut = g_strndup(whole, n);
        g_autofree char *line = text_line(cut);

        g_assert_true(g_utf8_validate(line, -1, NULL));
        same_line(cut);
    }
}

static void
same_clean(const char *text)
{
    g_autofree char *clean = text_clean(text, strlen(text));

    g_assert_cmpint(text_is_clean(text), ==, strcmp(clean, text) == 0);
}

static void
test_clean(void)
{
    for_each(same_clean);
    g_assert_true(text_is_clean(""));
}

/* B9: what deceives is shown; what joins, and selectors, do no harm. */
static void
test_visible(void)
{
    static const struct {
        const char *text, *seen;
    } texts[] = {
        {"春耕 a\tb\n", "春耕 a\tb\n"},
        {"甲\u202etxt.exe", "甲<U+202E>txt.exe"},
        {"\u3164\u200b\U000e0041", "<U+3164><U+200B><U+E0041>"},
        {"\x1b[2J\xc2\x9b"
         "31m",
         "[2J31m"},
        {"👩\u200d🌾❤\ufe0f", "👩\u200d🌾❤\ufe0f"},
        {"", ""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *seen = text_visible(texts[i].text);

        g_assert_cmpstr(seen, ==, texts[i].seen);
    }
    g_assert_true(text_hides_something("甲\u202e"));
    g_assert_false(text_hides_something("❤\ufe0f 甲\n"));
}

/* What Windows takes for a device, a folder or nothing at all, and what a
 * name must not hide. */
static void
test_file_names(void)
{
    static const struct {
        const char *name, *safe;
    } names[] = {
        {"稿件.docx", "稿件.docx"},
        {"CON", "_CON"},
        {"con.docx", "_con.docx"},
        {"NUL .txt", "_NUL .txt"},
        {"COM1", "_COM1"},
        {"lpt9.x", "_lpt9.x"},
        {"COMX", "COMX"},
        {"CONTENT", "CONTENT"},
        {".hidden", "_.hidden"},
        {"..", "_"},
        {"x.", "x"},
        {"x .. ", "x"},
        {"", "_"},
        {"../a\\b:c*d?e\"f<g>h|i", "_.._a_b_c_d_e_f_g_h_i"},
        {"稿\u202excod.exe", "稿xcod.exe"},
        {"甲\r\n乙\x01", "甲 乙"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *safe = text_file_name(names[i].name, 120);

        g_assert_cmpstr(safe, ==, names[i].safe);
    }
}

/* A name that is cut keeps its extension, and ends with a whole character. */
static void
test_long_file_names(void)
{
    g_autoptr(GString) name = g_string_new(NULL);

    for (int i = 0; i < 100; i++)
        g_string_append(name, "甲");
    g_string_append(name, ".docx");
    for (size_t bytes = 20; bytes < 40; bytes++) {
        g_autofree char *safe = text_file_name(name->str, bytes);

        g_assert_cmpuint(strlen(safe), <=, bytes);
        g_assert_cmpuint(strlen(safe), >, bytes - 3);
        g_assert_true(g_str_has_suffix(safe, "甲.docx"));
        g_assert_true(g_utf8_validate(safe, -1, NULL));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/line", test_line);
    g_test_add_func("/text/line-cut", test_line_cut);
    g_test_add_func("/text/clean", test_clean);
    g_test_add_func("/text/visible-B9", test_visible);
    g_test_add_func("/text/file-names-B6", test_file_names);
    g_test_add_func("/text/long-file-names-B6", test_long_file_names);
    return g_test_run();
}
