/* Ledgers that come back, and workbooks made to hurt (F15, E: spreadsheet
 * bombs): the cells of our own, nothing of any other. */
#include "draft/draft.h"
#include "draft/xlsx.h"
#include "make_zip.h"

#include <libxml/parser.h>

#define RELATIONS                                                              \
    "http://schemas.openxmlformats.org/officeDocument/2006/"                   \
    "relationships/"
#define LISTS                                                                  \
    "<worksheet><sheetData><row><c r=\"B1\" t=\"inlineStr\"><is>"              \
    "<t>" XLSX_TOKEN "1</t></is></c></row></sheetData></worksheet>"

struct made {
    GByteArray *bytes;
    struct zip *zip;
};

static struct made
make(const char *workbook, const char *strings, const char *sheet,
     const char *lists)
{
    struct make_zip z;
    struct made m = {NULL, NULL};

    make_zip_init(&z);
    make_zip_add(&z, "_rels/.rels",
                 "<Relationships><Relationship Id=\"a\" Type=\"" RELATIONS
                 "officeDocument\" Target=\"xl/workbook.xml\"/>"
                 "</Relationships>");
    make_zip_add(&z, "xl/_rels/workbook.xml.rels",
                 "<Relationships><Relationship Id=\"r1\" Type=\"" RELATIONS
                 "worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                 "<Relationship Id=\"r2\" Type=\"" RELATIONS
                 "worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/>"
                 "<Relationship Id=\"r3\" Type=\"" RELATIONS
                 "sharedStrings\" Target=\"sharedStrings.xml\"/>"
                 "</Relationships>");
    make_zip_add(&z, "xl/workbook.xml", workbook);
    make_zip_add(&z, "xl/sharedStrings.xml", strings);
    make_zip_add(&z, "xl/worksheets/sheet1.xml", sheet);
    make_zip_add(&z, "xl/worksheets/sheet2.xml", lists);
    m.bytes = make_zip_end(&z);
    g_assert_cmpint(
        zip_open(m.bytes->data, m.bytes->len, &draft_default_limits, &m.zip),
        ==, FILE_OK);
    return m;
}

static const char workbook[] =
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"台账\" sheetId=\"1\" "
    "r:id=\"r1\"/>"
    "<sheet sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>";

static enum file_state
read_within(const struct draft_limits *limits, const char *book,
            const char *strings, const char *cells, const char *lists,
            char **text_out)
{
    g_autofree char *sheet = g_strdup_printf(
        "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>%s"
        "</sheetData></worksheet>",
        cells);
    struct made m = make(book, strings, sheet, lists);
    GString *text = g_string_new(NULL);
    enum file_state state = xlsx_read(m.zip, limits, text);

    zip_close(m.zip);
    g_byte_array_free(m.bytes, TRUE);
    *text_out = g_string_free(text, FALSE);
    return state;
}

static enum file_state
read_with(const char *book, const char *strings, const char *cells,
          const char *lists, char **text_out)
{
    return read_within(&draft_default_limits, book, strings, cells, lists,
                       text_out);
}

static void
check(const char *strings, const char *cells, enum file_state state,
      const char *rows)
{
    g_autofree char *text = NULL, *wanted = NULL;

    g_assert_cmpint(read_with(workbook, strings, cells, LISTS, &text), ==,
                    state);
    wanted = rows ? g_strdup_printf(XLSX_TOKEN "1\n\n[台账]\n%s", rows)
                  : g_strdup("");
    g_assert_cmpstr(text, ==, wanted);
}

/* ---- what the four programs write ---- */

static void
test_cells(void)
{
    check("<sst><si><t>编号</t></si><si><r><t>普</t></r><r><t>刊</t></r>"
          "<rPh><t>pu</t></rPh></si></sst>",
          "<row r=\"7\"><c r=\"A7\" t=\"s\"><v>0</v></c>"
          "<c r=\"C7\" t=\"s\"><v>1</v></c></row>"
          "<row/><row><c r=\"D9\" s=\"3\"/></row>"
          "<row><c t=\"inlineStr\"><is><t> a &amp; b&#10;c </t></is></c>"
          "<c><v>386.0</v></c><c t=\"n\"><v>43529.383333333331</v></c>"
          "<c t=\"str\"><f>A1</f><v>x</v></c><c t=\"d\"><v>2019-03-05</v></c>"
          "</row>",
          FILE_OK,
          "编号\t\t普刊\na & b c\t386\t43529.3833333\tx\t2019-03-05\n");
}

static void
test_escapes(void)
{
    check("<sst/>",
          "<row><c t=\"inlineStr\"><is><t>a_x0009_b_x005F_x0041__x00</t></is>"
          "</c></row>",
          FILE_OK, "a b_x0041__x00\n");
}

static void
test_shared_string_that_is_not_there(void)
{
    check("<sst/>",
          "<row><c t=\"s\"><v>4294967296</v></c><c t=\"s\"><v>-1</v></c>"
          "<c><v>2</v></c></row>",
          FILE_OK, "\t\t2\n");
}

/* ---- limits (F15) ---- */

static char *
rows(int n)
{
    GString *s = g_string_new(NULL);

    for (int i = 0; i < n; i++)
        g_string_append_printf(s, "<row><c><v>%d</v></c></row>",
                               i * 7919 % 100003);
    return g_string_free(s, FALSE);
}

static void
test_rows(void)
{
    g_autofree char *most = rows(XLSX_ROWS), *more = rows(XLSX_ROWS + 1);
    g_autofree char *text = NULL;

    g_assert_cmpint(read_with(workbook, "<sst/>", most, LISTS, &text), ==,
                    FILE_OK);
    check("<sst/>", more, FILE_OVER_LIMIT, NULL);
}

static void
test_columns(void)
{
    check("<sst/>", "<row><c r=\"XFD1048576\"/><c r=\"AX1\"><v>1</v></c></row>",
          FILE_OK,
          "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t"
          "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t1\n");
    check("<sst/>", "<row><c r=\"XFD1048576\"><v>1</v></c></row>",
          FILE_OVER_LIMIT, NULL);
    check("<sst/>", "<row><c r=\"ZZZZZZZZZZZZZZZ1\"><v>1</v></c></row>",
          FILE_OVER_LIMIT, NULL);
}

static void
test_long_cell(void)
{
    g_autofree char *many = g_strnfill(XLSX_CELL_CHARS + 1, 'x');
    g_autofree char *strings =
        g_strdup_printf("<sst><si><t>%s</t></si></sst>", many);

    check(strings, "", FILE_OVER_LIMIT, NULL);
    many[XLSX_CELL_CHARS] = '\0';
    g_free(strings);
    strings = g_strdup_printf("<sst><si><t>%s</t></si></sst>", many);
    check(strings, "", FILE_OK, "");
}

/* Many strings, and one string many times: what they come to is counted,
 * used or not. */
static void
test_bytes(void)
{
    struct draft_limits limits = draft_default_limits;
    g_autoptr(GString) strings = g_string_new("<sst>");
    g_autoptr(GString) copies = g_string_new(NULL);

    for (int i = 0; i < 40; i++) {
        g_string_append(strings, "<si><t>twenty characters: x</t></si>");
        g_string_append(copies, "<row><c t=\"s\"><v>0</v></c></row>");
    }
    g_string_append(strings, "</sst>");
    for (int used = 0; used < 2; used++) {
        const char *all = used ? "<sst><si><t>twenty characters: x</t></si>"
                                 "</sst>"
                               : strings->str;
        const char *cells = used ? copies->str : "";
        g_autofree char *text = NULL, *none = NULL;

        limits.text_bytes = 2000;
        g_assert_cmpint(
            read_within(&limits, workbook, all, cells, LISTS, &text), ==,
            FILE_OK);
        limits.text_bytes = 500;
        g_assert_cmpint(
            read_within(&limits, workbook, all, cells, LISTS, &none), ==,
            FILE_OVER_LIMIT);
        g_assert_cmpstr(none, ==, "");
    }
}

/* ---- what is none of ours, or lies ---- */

static void
test_no_token(void)
{
    g_autofree char *text = NULL;

    g_assert_cmpint(read_with(workbook, "<sst/>",
                              "<row><c r=\"XFD1\"><v>1</v></c></row>",
                              "<worksheet/>", &text),
                    ==, FILE_OK);
    g_assert_cmpstr(text, ==, "");
}

#define DOCTYPE "<!DOCTYPE w [<!ENTITY a \"9\">]>"

/* Each part in order but for a DOCTYPE before it: nothing is read.  (Until its
 * token was found a workbook is merely not one of ours.) */
static void
test_doctype(void)
{
    static const char row[] = "<row><c><v>1</v></c></row>";
    g_autofree char *book = g_strconcat(DOCTYPE, workbook, NULL);
    const struct {
        const char *book, *strings, *lists;
    } parts[] = {
        {book, "<sst/>", LISTS},
        {workbook, DOCTYPE "<sst/>", LISTS},
        {workbook, "<sst/>", DOCTYPE LISTS},
        {workbook, DOCTYPE "<sst><si><t>&a;</t></si></sst>", LISTS},
    };

    check("<sst/>", row, FILE_OK, "1\n");
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *text = NULL;

        read_with(parts[i].book, parts[i].strings, row, parts[i].lists, &text);
        g_assert_cmpstr(text, ==, "");
    }
}

static void
test_1904(void)
{
    g_autofree char *text = NULL;

    g_assert_cmpint(
        read_with("<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/>"
                  "<sheets><sheet r:id=\"r1\"/><sheet r:id=\"r2\"/></sheets>"
                  "</workbook>",
                  "<sst/>", "<row><c><v>1</v></c></row>", LISTS, &text),
        ==, FILE_OK);
    g_assert_cmpstr(text, ==, XLSX_TOKEN "1\t1904\n\n[]\n1\n");
}

/* ---- merged cells ---- */

/* The rows of a sheet with merged cells; NULL: over a limit. */
static char *
merged(const char *cells, const char *merges)
{
    g_autofree char *all = g_strdup_printf(
        "%s</sheetData><mergeCells>%s</mergeCells><sheetData>", cells, merges);
    char *text = NULL;
    enum file_state state = read_with(workbook, "<sst/>", all, LISTS, &text);

    if (state == FILE_OK)
        return text;
    g_assert_cmpint(state, ==, FILE_OVER_LIMIT);
    g_free(text);
    return NULL;
}

static void
test_merged(void)
{
    static const char cells[] =
        "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><v>7</v></c></row>"
        "<row r=\"3\"><c r=\"A3\"><v>2</v></c></row>"
        "<row r=\"4\"><c r=\"A4\"><v>3</v></c></row>";
    g_autofree char *text =
        merged(cells, "<mergeCell ref=\"B2:C3\"/><mergeCell ref=\"B9:B4\"/>"
                      "<mergeCell ref=\"XFC1:XFD9\"/><mergeCell/>"
                      "<mergeCell ref=\"B4:C5\"/>");

    g_assert_cmpstr(text, ==, XLSX_TOKEN "1\n\n[台账]\n1\t7\t7\n2\t7\t7\n3\n");
}

static void
test_merged_limits(void)
{
    g_autoptr(GString) many = g_string_new(NULL);
    g_autoptr(GString) tall = g_string_new(NULL);
    g_autofree char *text = g_strnfill(XLSX_CELL_CHARS, 'x');

    for (int n = 0; n <= 1000; n++)
        g_string_append(many, "<mergeCell ref=\"A1:B2\"/>");
    g_assert_null(merged("<row><c><v>1</v></c></row>", many->str));
    g_string_append_printf(tall,
                           "<row><c t=\"inlineStr\"><is><t>%s</t></is></c>"
                           "</row>",
                           text);
    for (int n = 0; n < 4000; n++)
        g_string_append(tall, "<row><c r=\"AX1\"><v>1</v></c></row>");
    g_assert_null(merged(tall->str, "<mergeCell ref=\"A1:AW4001\"/>"));
}

/* ---- the corpora ---- */

static int
read_folder(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    int n = 0;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        g_autofree char *data = NULL;
        struct draft d;
        gsize len;

        if (g_file_test(child, G_FILE_TEST_IS_DIR)) {
            n += read_folder(child);
        } else if (g_file_get_contents(child, &data, &len, NULL)) {
            draft_read((const guint8 *)data, len, name, &draft_default_limits,
                       &d);
            if (d.kind == FILE_SHEET && d.text)
                g_error("%s is taken for a ledger", child);
            draft_clear(&d);
            n++;
        }
    }
    return n;
}

static void
test_corpora(void)
{
    const char *shared = g_getenv("BAOSONG_SHARED");
    g_autofree char *path = g_build_filename(shared ? shared : "../shared",
                                             "corpora", "sheet", NULL);

    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_test_skip("no corpora");
        return;
    }
    g_assert_cmpint(read_folder(path), >, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    xmlInitParser();
    g_test_add_func("/xlsx/cells", test_cells);
    g_test_add_func("/xlsx/escapes", test_escapes);
    g_test_add_func("/xlsx/shared-string-not-there",
                    test_shared_string_that_is_not_there);
    g_test_add_func("/xlsx/F15-rows", test_rows);
    g_test_add_func("/xlsx/F15-columns", test_columns);
    g_test_add_func("/xlsx/F15-long-cell", test_long_cell);
    g_test_add_func("/xlsx/F15-bytes", test_bytes);
    g_test_add_func("/xlsx/no-token", test_no_token);
    g_test_add_func("/xlsx/doctype", test_doctype);
    g_test_add_func("/xlsx/1904", test_1904);
    g_test_add_func("/xlsx/merged", test_merged);
    g_test_add_func("/xlsx/F15-merged", test_merged_limits);
    g_test_add_func("/xlsx/corpora", test_corpora);
    return g_test_run();
}
