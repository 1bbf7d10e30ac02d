/* Rows that we write ourselves (report/sheet_rows.h) beside the same rows
 * written by libxlsxwriter: one sheet, to the byte. */
#include "draft/draft.h"
#include "draft/zip.h"
#include "report/sheet.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

enum { COLUMNS = 30, FIRST = 1, ROWS = 400, MANY = 4000 };

static const struct draft_limits limits = {.entries = 100,
                                           .entry_bytes = 64 << 20,
                                           .total_bytes = 64 << 20,
                                           .ratio = 1032};

static const char *const texts[] = {"编号",
                                    "",
                                    " before",
                                    "behind ",
                                    "\ttab",
                                    "two\nlines\n",
                                    "　ideographic space　",
                                    "a & b < c > d \" e ' f",
                                    "&amp;<c r=\"A1\"/></is>]]></sheetData>",
                                    "=HYPERLINK(\"http://example.com\")",
                                    "@SUM(A1)",
                                    "_x0041_ _x00",
                                    "王\xB7",
                                    "\x01\x1F\x7F control",
                                    "\xC2\x85 next line",
                                    "\xEF\xBF\xBE no character",
                                    "emoji \xF0\x9F\x98\x80",
                                    "CR\r\nLF\rCR",
                                    "00123"};

static const gint64 counts[] = {0,          1,          -1,
                                386,        2147483646, 2147483647,
                                2147483648, -386,       999999999999999999};

static const decimal points[] = {0,       1,       75000,   -75000,
                                 3333333, 1000000, 1100000, 123456789012345678};

static char *folder, *path;

/* ---- a book of such rows ---- */

/* Formats get their numbers in one order, whoever asks for them first. */
static void
open_sheet(struct book **b, struct sheet *s)
{
    const struct book_options options = {.title_font = "t",
                                         .head_font = "h",
                                         .text_font = "x",
                                         .title = "title",
                                         .author = "author",
                                         .made = 1554080400};
    double widths[COLUMNS];
    struct err e = ERR_INIT;

    for (int i = 0; i < COLUMNS; i++)
        widths[i] = 8 + i;
    g_assert_cmpint(book_new(path, &options, b, &e), ==, ST_OK);
    for (int i = 0; i < STYLE_WHEN_NOTED; i++)
        lxw_format_get_xf_index((*b)->formats[i]);
    sheet_open(s, *b, "一", widths, COLUMNS, "&P");
    for (int i = 0; i < COLUMNS; i++)
        sheet_text(s, 0, i, "head", STYLE_HEAD);
    sheet_end_row(s, 0);
}

static void
put_cell(struct sheet *s, int row, int column)
{
    guint n = (guint)(row * 7 + column);

    switch (n % 4) {
    case 0:
        sheet_text(s, row, column, texts[n / 4 % G_N_ELEMENTS(texts)],
                   STYLE_TEXT);
        break;
    case 1:
        sheet_count(s, row, column, counts[n / 4 % G_N_ELEMENTS(counts)],
                    STYLE_COUNT);
        break;
    case 2:
        sheet_number(s, row, column, points[n / 4 % G_N_ELEMENTS(points)],
                     STYLE_UNMET);
        break;
    default:
        sheet_time(s, row, column, 17958 + row, row * 7 % 1440,
                   STYLE_FACT_TIME);
    }
}

/* Some begin late, one has no cell at all, one a text that is cut. */
static void
put_rows(struct sheet *s, int rows)
{
    g_autofree char *endless = g_strnfill(40000, '<');

    for (int row = FIRST; row < FIRST + rows; row++) {
        for (int column = row % 4; column < COLUMNS && row != 9; column++)
            if (row == 5 && column == 3)
                sheet_text(s, row, column, endless, STYLE_NOTED);
            else
                put_cell(s, row, column);
        sheet_end_row(s, row);
    }
}

static enum st
write_book(int rows, gboolean ours, struct err *e)
{
    g_autoptr(book) b = NULL;
    struct sheet s, other;
    static const double widths[] = {20};

    open_sheet(&b, &s);
    if (ours)
        sheet_stream(&s, FIRST);
    put_rows(&s, rows);
    sheet_days_only(&s, FIRST, FIRST + rows, 2, "hint", "refusal");
    sheet_filter(&s, 0, FIRST + rows);
    sheet_close(&s);
    sheet_open(&other, b, "二", widths, 1, "");
    sheet_text(&other, 0, 0, "behind it", STYLE_TEXT);
    sheet_close(&other);
    return book_publish(b, e);
}

/* ---- its parts ---- */

struct read {
    GBytes *file;
    struct zip *z;
};

static void
read_clear(struct read *r)
{
    zip_close(r->z);
    g_bytes_unref(r->file);
}

typedef struct read read_book;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(read_book, read_clear)

static struct read
make(int rows, gboolean ours)
{
    struct err e = ERR_INIT;
    struct read r = {NULL, NULL};
    char *data = NULL;
    gsize len = 0;

    if (write_book(rows, ours, &e) != ST_OK)
        g_error("%s", e.text);
    g_assert_true(g_file_get_contents(path, &data, &len, NULL));
    g_assert_cmpint(g_unlink(path), ==, 0);
    r.file = g_bytes_new_take(data, len);
    g_assert_cmpint(zip_open((const guint8 *)data, len, &limits, &r.z), ==,
                    FILE_OK);
    return r;
}

static char *
part(const struct read *r, const char *name)
{
    g_autoptr(GBytes) bytes = NULL;
    gsize len = 0;
    const char *text;

    g_assert_nonnull(zip_find(r->z, name));
    g_assert_cmpint(zip_read(r->z, zip_find(r->z, name), &bytes), ==, FILE_OK);
    text = g_bytes_get_data(bytes, &len);
    return g_strndup(text, len);
}

static gboolean
put_inline(const GMatchInfo *match, GString *out, gpointer shared)
{
    g_autofree char *number = g_match_info_fetch(match, 1);
    char **strings = shared;

    g_string_append_printf(out, "t=\"inlineStr\"><is>%s</c>",
                           strings[atoi(number) + 1]);
    return FALSE;
}

/* A sheet with every text inside its cell, as ours are, where the library
 * writes the number of a shared one; and without `spans`, a hint that ours
 * do not have (18.3.1.73). */
static char *
sheet_inlined(const struct read *r, const char *name)
{
    g_autofree char *shared = part(r, "xl/sharedStrings.xml");
    g_autofree char *sheet = part(r, name);
    g_auto(GStrv) strings = g_strsplit(shared, "<si>", -1);
    g_autoptr(GRegex) spans = g_regex_new(" spans=\"[0-9:]+\"", 0, 0, NULL);
    g_autoptr(GRegex) string =
        g_regex_new("t=\"s\"><v>([0-9]+)</v></c>", 0, 0, NULL);
    g_autofree char *plain =
        g_regex_replace_literal(spans, sheet, -1, 0, "", 0, NULL);

    for (char **p = strings; *p; p++)
        if (g_strrstr(*p, "</si>"))
            memcpy(g_strrstr(*p, "</si>"), "</is>", 6);
    return g_regex_replace_eval(string, plain, -1, 0, 0, put_inline, strings,
                                NULL);
}

/* ---- the tests ---- */

static void
same_sheet(const struct read *a, const struct read *b, const char *name)
{
    g_autofree char *x = sheet_inlined(a, name), *y = sheet_inlined(b, name);
    size_t n = 0;

    while (x[n] && x[n] == y[n])
        n++;
    if (x[n] || y[n])
        g_error("%s, byte %zu:\n%.200s\n%.200s", name, n, x + MAX(n, 60) - 60,
                y + MAX(n, 60) - 60);
}

static void
compare(int rows)
{
    static const char *const as_it_is[] = {"xl/styles.xml", "xl/workbook.xml",
                                           "xl/_rels/workbook.xml.rels",
                                           "[Content_Types].xml"};
    g_auto(read_book) library = make(rows, FALSE);
    g_auto(read_book) ours = make(rows, TRUE);

    g_assert_cmpuint(zip_count(library.z), ==, zip_count(ours.z));
    same_sheet(&library, &ours, "xl/worksheets/sheet1.xml");
    same_sheet(&library, &ours, "xl/worksheets/sheet2.xml");
    for (guint n = 0; n < G_N_ELEMENTS(as_it_is); n++) {
        g_autofree char *x = part(&library, as_it_is[n]);
        g_autofree char *y = part(&ours, as_it_is[n]);

        g_assert_cmpstr(x, ==, y);
    }
}

/* Cells, styles, heights, guards and how far the rows reach. */
static void
test_as_the_library(void)
{
    compare(ROWS);
}

static void
test_one_row(void)
{
    compare(1);
}

static void
test_no_row(void)
{
    compare(0);
}

static guint
files(void)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint n = 0;

    while (g_dir_read_name(dir))
        n++;
    return n;
}

/* The disk is full at so many bytes of a file: the old one stays, nothing is
 * left beside it, and the sentence says what is the matter. */
static void
full_at(rlim_t bytes)
{
    struct rlimit before, full;
    struct err e = ERR_INIT;
    g_autofree char *old = NULL;
    enum st st;

    g_assert_true(g_file_set_contents(path, "old", -1, NULL));
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    full = before;
    full.rlim_cur = bytes;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &full), ==, 0);
    st = write_book(MANY, TRUE, &e);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    g_assert_cmpint(st, ==, ST_RETRY);
    g_assert_cmpint(e.status, ==, EXIT_IO);
    g_assert_true(g_str_has_prefix(e.text, "cannot write the workbook"));
    g_assert_cmpuint(files(), ==, 1);
    g_assert_true(g_file_get_contents(path, &old, NULL, NULL));
    g_assert_cmpstr(old, ==, "old");
    g_unlink(path);
}

/* Rows fill it, in between and with their last bytes; the workbook does, where
 * the rows alone would have gone in. */
static void
test_disk_full(void)
{
    g_auto(read_book) whole = make(MANY, TRUE);
    gsize len = g_bytes_get_size(whole.file);
    gsize rows = zip_find(whole.z, "xl/worksheets/sheet1.xml")->packed;

    signal(SIGXFSZ, SIG_IGN);
    full_at(64 << 10);
    for (gsize less = 1; less <= 4096; less += 1024)
        full_at(rows - less);
    full_at(len - 1);
}

static void
test_no_folder(void)
{
    g_autofree char *kept = g_steal_pointer(&path);
    struct err e = ERR_INIT;
    g_autoptr(book) b = NULL;
    struct sheet s;

    path = g_build_filename(folder, "gone", "x.xlsx", NULL);
    open_sheet(&b, &s);
    sheet_stream(&s, FIRST);
    put_rows(&s, 1);
    sheet_close(&s);
    g_assert_cmpint(book_publish(b, &e), ==, ST_RETRY);
    g_assert_true(g_str_has_prefix(e.text, "cannot write the workbook"));
    g_free(path);
    path = g_steal_pointer(&kept);
}

int
main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("sheet-XXXXXX", NULL);
    path = g_build_filename(folder, "book.xlsx", NULL);
    g_test_add_func("/sheet/rows-as-the-library", test_as_the_library);
    g_test_add_func("/sheet/one-row", test_one_row);
    g_test_add_func("/sheet/no-row", test_no_row);
    g_test_add_func("/sheet/disk-full", test_disk_full);
    g_test_add_func("/sheet/no-folder", test_no_folder);
    status = g_test_run();
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
    return status;
}
