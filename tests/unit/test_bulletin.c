/* The bulletin workbook: the gate for strings, the printed words, and that a
 * bad workbook never takes the place of a good one. */
#include "reply/phrases.h"
#include "report/bulletin_sheets.h"
#include "report/package.h"

#include <glib/gstdio.h>
#include <string.h>

static struct phrases *
load_words(void)
{
    struct err e = ERR_INIT;
    struct phrases *words = NULL;

    g_assert_cmpint(bulletin_load_words("templates", NULL, &words, &e), ==,
                    ST_OK);
    return words;
}

static struct bulletin *
sample(void)
{
    struct bulletin *b = bulletin_new();
    struct bulletin_class *c;
    struct bulletin_row *row;

    b->office = bulletin_copy(b, "郯城县人民政府办公室信息科");
    b->period = bulletin_copy(b, "2019年3月份");
    b->rules_title = bulletin_copy(b, "办法");
    b->cut_off = bulletin_copy(b, "2019-04-01 09:00");
    b->from = day_from_ymd(2019, 3, 1);
    b->to = day_from_ymd(2019, 3, 31);
    b->made = 1554080400;
    bulletin_add_item(b, "普刊", NULL, "县采用");
    c = bulletin_add_class(b, "乡镇", BULLETIN_RANKED);
    row = bulletin_add_row(b, c, "马头镇");
    row->rank = 1;
    row->counts[0] = 2 * DECIMAL_ONE;
    row->points = 6400000;
    return b;
}

/* ---- strings (F14) ---- */

static void
test_strings(void)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"标题", "标题"},
        {"=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"},
        {"\xB1\xA8", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"a\x01\x1b\x7f", "a"},
        {"a\r\nb", "a\nb"},
        {"\xEF\xBF\xBE", "\xEF\xBF\xBD"},
        {"_x0041_", "_x005F_x0041_"},
        {"_x00zz_ _x41_", "_x00zz_ _x41_"},
    };
    g_autofree char *endless = g_strnfill(40000, 'x');
    g_autofree char *cut = sheet_string(endless);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = sheet_string(cases[i].in);

        g_assert_cmpstr(got, ==, cases[i].out);
    }
    g_assert_cmpint(g_utf8_strlen(cut, -1), ==, 32767);
}

static void
test_lines(void)
{
    g_assert_cmpint(sheet_lines("", 10), ==, 1);
    g_assert_cmpint(sheet_lines("abc", 10), ==, 1);
    g_assert_cmpint(sheet_lines("县地方金融发展服务中心", 12), ==, 3);
    g_assert_cmpint(sheet_lines("a\nb\nc", 10), ==, 3);
}

/* ---- words ---- */

static void
check_title(const char *office, const char *title)
{
    g_autoptr(bulletin) b = sample();
    g_autoptr(phrases) words = load_words();
    g_autofree char *got = NULL;

    b->office = bulletin_copy(b, office);
    got = bulletin_title(b, words);
    g_assert_cmpstr(got, ==, title);
}

static void
test_titles(void)
{
    check_title("郯城县人民政府办公室信息科",
                "关于2019年3月份全县政务信息采用情况的通报");
    check_title("北海市海城区人民政府办公室",
                "关于2019年3月份全区政务信息采用情况的通报");
    check_title("某集团办公室", "关于2019年3月份政务信息采用情况的通报");
    check_title("人民政府", "关于2019年3月份政务信息采用情况的通报");
}

static void
test_numbers(void)
{
    static const struct {
        guint n;
        const char *text;
    } cases[] = {{1, "一"},    {9, "九"},      {10, "十"},    {11, "十一"},
                 {20, "二十"}, {35, "三十五"}, {99, "九十九"}};
    g_autoptr(phrases) words = load_words();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = chinese_number(words, cases[i].n);

        g_assert_cmpstr(got, ==, cases[i].text);
    }
}

static void
test_document_number(void)
{
    g_autoptr(bulletin) b = sample();
    g_autoptr(phrases) words = load_words();
    g_autofree char *with = NULL, *without = NULL;

    without = phrase(b, words, "notes.rules_text", NULL);
    g_assert_cmpstr(without, ==, "《办法》");
    b->rules_document = bulletin_copy(b, "郯政办字[2019]10号");
    with = phrase(b, words, "notes.rules_text", NULL);
    g_assert_cmpstr(with, ==, "《办法》（郯政办字〔2019〕10号）");
}

static void
test_own_words(void)
{
    g_autofree char *dir = g_dir_make_tmp("baosong-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "bulletin.ini", NULL);
    struct phrases *words = NULL;
    struct err e = ERR_INIT;

    g_assert_true(
        g_file_set_contents(path, "[title]\nmain={{peroid}}\n", -1, NULL));
    g_assert_cmpint(bulletin_load_words("templates", dir, &words, &e), ==,
                    ST_REJECT);
    g_assert_nonnull(strstr(e.text, "did you mean \"period\"?"));
    g_assert_true(
        g_file_set_contents(path, "[title]\nmain={{period}}通报\n", -1, NULL));
    g_assert_cmpint(bulletin_load_words("templates", dir, &words, &e), ==,
                    ST_OK);
    g_assert_cmpstr(phrases_get(words, "title.main"), ==, "{{period}}通报");
    g_assert_cmpstr(phrases_get(words, "sheet.main"), ==, "通报");
    phrases_free(words);
    g_unlink(path);
    g_rmdir(dir);
}

/* ---- files ---- */

static char *
contents(const char *path)
{
    char *data = NULL;

    g_assert_true(g_file_get_contents(path, &data, NULL, NULL));
    return data;
}

static guint
files_in(const char *dir)
{
    g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
    guint n = 0;

    while (g_dir_read_name(d))
        n++;
    return n;
}

static enum st
write_sample(const char *path, struct err *e)
{
    g_autoptr(bulletin) b = sample();
    g_autoptr(phrases) words = load_words();

    return bulletin_write_xlsx(b, words, path, e);
}

/* F12r: built twice, the same bytes; nothing else is left in the folder. */
static void
test_f12_same_bytes(void)
{
    g_autofree char *dir = g_dir_make_tmp("baosong-XXXXXX", NULL);
    g_autofree char *a = g_build_filename(dir, "a.xlsx", NULL);
    g_autofree char *b = g_build_filename(dir, "b.xlsx", NULL);
    g_autofree char *da = NULL, *db = NULL;
    gsize na = 0, nb = 0;
    struct err e = ERR_INIT;

    g_assert_cmpint(write_sample(a, &e), ==, ST_OK);
    g_assert_cmpint(write_sample(b, &e), ==, ST_OK);
    g_assert_true(g_file_get_contents(a, &da, &na, NULL));
    g_assert_true(g_file_get_contents(b, &db, &nb, NULL));
    g_assert_cmpuint(na, ==, nb);
    g_assert_true(memcmp(da, db, na) == 0);
    g_assert_cmpuint(files_in(dir), ==, 2);
    g_unlink(a);
    g_unlink(b);
    g_rmdir(dir);
}

/* F4r: when it cannot be made, the old one stays and nothing is left. */
static void
expect_old_stays(const char *sheet, const char *font, const char *complaint)
{
    static const double widths[] = {10};
    g_autofree char *dir = g_dir_make_tmp("baosong-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "a.xlsx", NULL);
    g_autofree char *after = NULL;
    struct book_options options = {.title_font = font,
                                   .head_font = font,
                                   .text_font = font,
                                   .title = "t",
                                   .author = "a"};
    struct book *b = NULL;
    struct sheet s;
    struct err e = ERR_INIT;

    g_assert_true(g_file_set_contents(path, "old", -1, NULL));
    g_assert_cmpint(book_new(path, &options, &b, &e), ==, ST_OK);
    sheet_open(&s, b, sheet, widths, 1, "");
    sheet_text(&s, 0, 0, "x", STYLE_TEXT);
    sheet_close(&s);
    g_assert_cmpint(book_publish(b, &e), ==, ST_FATAL);
    g_assert_nonnull(strstr(e.text, complaint));
    book_free(b);
    after = contents(path);
    g_assert_cmpstr(after, ==, "old");
    g_assert_cmpuint(files_in(dir), ==, 1);
    g_unlink(path);
    g_rmdir(dir);
}

static void
test_f4_old_stays(void)
{
    expect_old_stays("a sheet with a name of more than 31 characters", "宋体",
                     "a sheet with a name");
    /* libxlsxwriter notices nothing, the second reading does */
    expect_old_stays("通报", "\xCB\xCE\xCC\xE5", "not well-formed");
}

static void
test_no_folder(void)
{
    struct err e = ERR_INIT;

    g_assert_cmpint(write_sample("/nonexistent/folder/a.xlsx", &e), ==,
                    ST_RETRY);
    g_assert_cmpint(e.status, ==, EXIT_IO);
}

/* The second reading finds a workbook that is none. */
static void
test_package(void)
{
    g_autofree char *dir = g_dir_make_tmp("baosong-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "a.xlsx", NULL);
    g_autofree char *data = NULL;
    gsize n = 0;
    const struct package_want seven = {"xl/worksheets/sheet", 7};
    const struct package_want eight = {"xl/worksheets/sheet", 8};
    struct err e = ERR_INIT;

    g_assert_cmpint(write_sample(path, &e), ==, ST_OK);
    g_assert_cmpint(package_check_file(path, &seven, &e), ==, ST_OK);
    g_assert_cmpint(package_check_file(path, &eight, &e), ==, ST_FATAL);
    g_assert_true(g_file_get_contents(path, &data, &n, NULL));
    g_assert_true(g_file_set_contents(path, data, (gssize)n / 2, NULL));
    g_assert_cmpint(package_check_file(path, &seven, &e), ==, ST_FATAL);
    data[200] ^= 0x55; /* inside the first part's data */
    g_assert_true(g_file_set_contents(path, data, (gssize)n, NULL));
    g_assert_cmpint(package_check_file(path, &seven, &e), ==, ST_FATAL);
    g_unlink(path);
    g_rmdir(dir);
}

/* A formula is found even if it came in by another way than sheet_text(). */
static void
test_package_formula(void)
{
    g_autofree char *dir = g_dir_make_tmp("baosong-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "a.xlsx", NULL);
    lxw_workbook *workbook = workbook_new(path);
    lxw_worksheet *ws = workbook_add_worksheet(workbook, NULL);
    const struct package_want one = {"xl/worksheets/sheet", 1};
    struct err e = ERR_INIT;

    worksheet_write_formula(ws, 0, 0, "=1+1", NULL);
    g_assert_cmpint(workbook_close(workbook), ==, LXW_NO_ERROR);
    g_assert_cmpint(package_check_file(path, &one, &e), ==, ST_FATAL);
    g_assert_nonnull(strstr(e.text, "sheet1.xml"));
    g_unlink(path);
    g_rmdir(dir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bulletin/F14-strings", test_strings);
    g_test_add_func("/bulletin/lines", test_lines);
    g_test_add_func("/bulletin/titles", test_titles);
    g_test_add_func("/bulletin/numbers", test_numbers);
    g_test_add_func("/bulletin/document-number", test_document_number);
    g_test_add_func("/bulletin/own-words", test_own_words);
    g_test_add_func("/bulletin/F12r-same-bytes", test_f12_same_bytes);
    g_test_add_func("/bulletin/F4r-old-stays", test_f4_old_stays);
    g_test_add_func("/bulletin/no-folder", test_no_folder);
    g_test_add_func("/bulletin/package", test_package);
    g_test_add_func("/bulletin/package-formula", test_package_formula);
    return g_test_run();
}
