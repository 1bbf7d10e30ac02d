/* Our own Office files: the ZIP archive, the official document, and the text
 * of the 通报 from its template. */
#include "draft/draft.h"
#include "draft/zip.h"
#include "reply/phrases.h"
#include "report/archive.h"
#include "report/document.h"
#include "report/notice.h"
#include "report/package.h"

#include <glib/gstdio.h>
#include <string.h>

/* Of files that are ours. */
static const struct draft_limits limits = {.entries = 100,
                                           .entry_bytes = 64 << 20,
                                           .total_bytes = 64 << 20,
                                           .ratio = 1032};

/* A part of a finished file as text.  Caller frees. */
static char *
part(GBytes *file, const char *name)
{
    gsize len = 0, part_len = 0;
    const guint8 *data = g_bytes_get_data(file, &len);
    g_autoptr(zip) z = NULL;
    g_autoptr(GBytes) bytes = NULL;
    const char *text;

    g_assert_cmpint(zip_open(data, len, &limits, &z), ==, FILE_OK);
    g_assert_nonnull(zip_find(z, name));
    g_assert_cmpint(zip_read(z, zip_find(z, name), &bytes), ==, FILE_OK);
    text = g_bytes_get_data(bytes, &part_len);
    return g_strndup(text ? text : "", part_len);
}

/* ---- the archive ---- */

static void
test_archive(void)
{
    static const char *const texts[] = {"", "a", "春耕备播进展顺利",
                                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    g_autofree char *big = g_strnfill(3 << 20, 'x');
    g_autoptr(archive) a = archive_in_memory();
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(zip) z = NULL;
    gsize len = 0;
    const guint8 *data;

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *name = g_strdup_printf("part%u.xml", i);

        archive_add(a, name, texts[i], strlen(texts[i]));
    }
    archive_add(a, "folder/big.xml", big, 3 << 20);
    bytes = archive_take(a);
    data = g_bytes_get_data(bytes, &len);
    g_assert_cmpuint(len, <, 8192);
    g_assert_cmpint(zip_open(data, len, &limits, &z), ==, FILE_OK);
    g_assert_cmpuint(zip_count(z), ==, G_N_ELEMENTS(texts) + 1);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *name = g_strdup_printf("part%u.xml", i);
        g_autofree char *back = part(bytes, name);

        g_assert_cmpstr(back, ==, texts[i]);
    }
    g_assert_cmpuint(zip_entry_at(z, 4)->size, ==, 3 << 20);
}

/* ---- the second reading ---- */

static GBytes *
package_of(const char *name, const char *xml)
{
    static const char types[] =
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/"
        "content-types\"/>";
    g_autoptr(archive) a = archive_in_memory();

    archive_add(a, "[Content_Types].xml", types, strlen(types));
    archive_add(a, "word/document.xml", "<d/>", 4);
    archive_add(a, name, xml, strlen(xml));
    return archive_take(a);
}

static void
test_package(void)
{
    static const struct {
        const char *name, *xml;
        enum st st;
        const char *says;
    } cases[] = {
        {"word/styles.xml", "<s/>", ST_OK, ""},
        {"word/styles.xml", "<s>", ST_FATAL, "not well-formed"},
        {"word/styles.xml", "", ST_FATAL, "no content"},
        {"word/vba.bin", "<s/>", ST_FATAL, "not XML"},
        {"word/styles.xml", "<w:hyperlink xmlns:w=\"u\"/>", ST_FATAL,
         "hyperlink"},
        {"word/styles.xml", "<s><w:object xmlns:w=\"u\"/></s>", ST_FATAL,
         "object"},
        {"word/a.rels",
         "<Relationships><Relationship TargetMode=\"External\"/>"
         "</Relationships>",
         ST_FATAL, "TargetMode"},
        {"word/document.xml2.xml", "<s/>", ST_OK, ""},
        {"word/document.xml.xml", "<s/>", ST_FATAL, "missing part"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) bytes = package_of(cases[i].name, cases[i].xml);
        gsize len = 0;
        const void *data = g_bytes_get_data(bytes, &len);
        struct err e = ERR_INIT;
        /* two parts begin so in the last but one, and in the last */
        const struct package_want want = {"word/document.xml", i == 7 ? 2 : 1};

        g_assert_cmpint(package_check("a.docx", data, len, &want, &e), ==,
                        cases[i].st);
        g_assert_nonnull(strstr(e.text, cases[i].says));
        g_assert_cmpint(package_check("a.docx", data, len / 2, &want, &e), ==,
                        ST_FATAL);
    }
}

/* ---- the document ---- */

static struct document *
new_document(void)
{
    static const char *const breaks[] = {"政务信息", "采用", NULL};
    const struct document_options o = {.title = {"方正小标宋简体", "宋体"},
                                       .heading = {"黑体", "SimHei"},
                                       .subheading = {"楷体_GB2312", "楷体"},
                                       .text = {"仿宋_GB2312", "仿宋"},
                                       .page = {"宋体", "SimSun"},
                                       .name = "通报",
                                       .author = "办公室 <x> & \"y\"",
                                       .made = 1554080400};

    return document_new(&o, breaks);
}

static GBytes *
finished(struct document *d)
{
    GBytes *bytes = NULL;
    struct err e = ERR_INIT;

    g_assert_cmpint(document_finish(d, &bytes, &e), ==, ST_OK);
    g_assert_cmpstr(e.text, ==, "");
    return bytes;
}

/* GB/T 9704-2012: paper, margins, lines, fonts and sizes. */
static void
test_layout(void)
{
    g_autoptr(document) d = new_document();
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *text = NULL, *styles = NULL, *fonts = NULL, *odd = NULL,
                    *even = NULL, *settings = NULL, *core = NULL;

    document_paragraph(d, PARAGRAPH_TEXT, "正文");
    bytes = finished(d);
    text = part(bytes, "word/document.xml");
    g_assert_nonnull(strstr(text, "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"));
    g_assert_nonnull(strstr(text, "w:top=\"2098\" w:right=\"1474\" "
                                  "w:bottom=\"1984\" w:left=\"1587\""));
    styles = part(bytes, "word/styles.xml");
    g_assert_nonnull(strstr(styles, "w:line=\"579\" w:lineRule=\"exact\""));
    g_assert_nonnull(strstr(styles, "w:firstLineChars=\"200\""));
    g_assert_nonnull(strstr(styles, "w:eastAsia=\"方正小标宋简体\""));
    g_assert_nonnull(strstr(styles, "<w:sz w:val=\"44\"/>")); /* 2号 */
    g_assert_nonnull(strstr(styles, "<w:sz w:val=\"32\"/>")); /* 3号 */
    fonts = part(bytes, "word/fontTable.xml");
    g_assert_nonnull(strstr(fonts, "<w:font w:name=\"仿宋_GB2312\">"
                                   "<w:altName w:val=\"仿宋\"/>"
                                   "<w:charset w:val=\"86\"/>"));
    odd = part(bytes, "word/footer1.xml");
    even = part(bytes, "word/footer2.xml");
    g_assert_nonnull(strstr(odd, "<w:jc w:val=\"right\"/>"));
    g_assert_nonnull(strstr(even, "<w:jc w:val=\"left\"/>"));
    g_assert_nonnull(strstr(odd, "— </w:t>"));
    settings = part(bytes, "word/settings.xml");
    g_assert_nonnull(strstr(settings, "<w:evenAndOddHeaders/>"));
    core = part(bytes, "docProps/core.xml");
    g_assert_nonnull(strstr(core, "2019-04-01T01:00:00Z"));
    g_assert_nonnull(strstr(core, "办公室 &lt;x&gt; &amp; &quot;y&quot;"));
}

/* Every string that has broken a file: it stays one run of valid text. */
static void
test_strings(void)
{
    static const char *const hostile[] = {"a]]>b&<c>\"d\"",
                                          "\xB4\xBA\xB8\xFB gbk",
                                          "cut \xE6\x98",
                                          "bell\x07 esc\x1b[31m",
                                          "\xEF\xBF\xBE noncharacter",
                                          "</w:t></w:r></w:p>",
                                          "tab\tline\nend"};
    g_autoptr(document) d = new_document();
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *endless = g_strnfill(1 << 20, 'x'), *text = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(hostile); i++)
        document_paragraph(d, PARAGRAPH_TEXT, hostile[i]);
    document_paragraph(d, PARAGRAPH_TEXT, endless);
    bytes = finished(d);
    text = part(bytes, "word/document.xml");
    g_assert_nonnull(strstr(text, "a]]&gt;b&amp;&lt;c&gt;"));
    g_assert_nonnull(strstr(text, "&lt;/w:t&gt;"));
    g_assert_nonnull(strstr(text, "tab</w:t><w:tab/><w:t"));
    g_assert_nonnull(strstr(text, "line</w:t><w:br/><w:t"));
}

static void
test_same_bytes(void)
{
    g_autoptr(GBytes) first = NULL, second = NULL;

    for (int i = 0; i < 2; i++) {
        g_autoptr(document) d = new_document();

        document_paragraph(d, PARAGRAPH_TITLE, "关于采用情况的通报");
        document_sign(d, "办公室", "2019年4月1日");
        *(i ? &second : &first) = finished(d);
    }
    g_assert_true(g_bytes_equal(first, second));
}

/* The office is centred over the date, which stands four characters from
 * the edge; a long office pushes both. */
static void
test_sign(void)
{
    static const struct {
        const char *office;
        int office_right, date_right;
    } cases[] = {
        {"某县政府办公室", 1299, 1260},
        {"郯城县人民政府办公室", 827, 1260},
        {"北海市海城区人民政府政务公开和政务信息工作领导小组办公室", 0, 3268},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(document) d = new_document();
        g_autoptr(GBytes) bytes = NULL;
        g_autofree char *text = NULL, *office = NULL, *date = NULL;

        document_paragraph(d, PARAGRAPH_TEXT, "要求。");
        document_sign(d, cases[i].office, "2019年4月1日");
        bytes = finished(d);
        text = part(bytes, "word/document.xml");
        office = g_strdup_printf("<w:ind w:right=\"%d\"/></w:pPr><w:r><w:t "
                                 "xml:space=\"preserve\">%s",
                                 cases[i].office_right, cases[i].office);
        date = g_strdup_printf("<w:ind w:right=\"%d\"/></w:pPr><w:r><w:t "
                               "xml:space=\"preserve\">2019年",
                               cases[i].date_right);
        g_assert_nonnull(strstr(text, office));
        g_assert_nonnull(strstr(text, date));
        /* the last line of the text goes with the signature */
        g_assert_nonnull(
            strstr(text, "<w:pStyle w:val=\"BodyText\"/><w:keepNext/>"));
    }
}

/* A title of two lines is broken at a word, by the width of the line; one
 * of one line is left alone. */
static void
test_title(void)
{
    static const struct {
        const char *title;
        gboolean narrowed;
    } cases[] = {
        {"关于政务信息采用情况的通报", FALSE},
        {"关于2019年3月份全县政务信息采用情况的通报", TRUE},
        {"关于二〇一九年度全县上下各级各单位信息报送奖惩有关情况通报", FALSE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(document) d = new_document();
        g_autoptr(GBytes) bytes = NULL;
        g_autofree char *text = NULL;

        document_paragraph(d, PARAGRAPH_TITLE, cases[i].title);
        bytes = finished(d);
        text = part(bytes, "word/document.xml");
        g_assert_cmpint(strstr(text, "<w:ind w:left=") != NULL, ==,
                        cases[i].narrowed);
        g_assert_nonnull(strstr(text, cases[i].title));
    }
}

static void
test_annexes(void)
{
    static const char *const names[] = {"一览表", "目录"};
    g_autoptr(document) one = new_document(), two = new_document();
    g_autoptr(GBytes) first = NULL, second = NULL;
    g_autofree char *single = NULL, *list = NULL;

    document_paragraph(one, PARAGRAPH_TEXT, "正文");
    document_annex_list(one, "附件：", names, 1);
    first = finished(one);
    single = part(first, "word/document.xml");
    g_assert_nonnull(strstr(single, ">附件：一览表<"));
    document_paragraph(two, PARAGRAPH_TEXT, "正文");
    document_annex_list(two, "附件：", names, 2);
    second = finished(two);
    list = part(second, "word/document.xml");
    g_assert_nonnull(strstr(list, ">附件：1.</w:t><w:tab/><w:t "
                                  "xml:space=\"preserve\">一览表<"));
    g_assert_nonnull(strstr(list, ">2.</w:t><w:tab/><w:t "
                                  "xml:space=\"preserve\">目录<"));
    /* names begin one below the other */
    g_assert_nonnull(strstr(list, "w:left=\"2047\" w:hanging=\"1417\""));
    g_assert_nonnull(strstr(list, "w:left=\"2047\" w:hanging=\"472\""));
}

static void
write_table(struct document *d, int columns)
{
    g_autofree double *widths = g_new(double, columns);
    g_autofree struct document_cell *cells =
        g_new0(struct document_cell, columns);

    for (int i = 0; i < columns; i++) {
        widths[i] = 8;
        cells[i].text = "列";
    }
    document_turn_for(d, widths, columns);
    document_paragraph(d, PARAGRAPH_ANNEX, "附件");
    document_table(d, widths, columns);
    document_row(d, cells, columns, TRUE);
    cells[0].span = columns;
    document_row(d, cells, 1, FALSE);
    document_table_end(d);
}

/* A wide table turns the page, and only that page. */
static void
test_turned(void)
{
    g_autoptr(document) d = new_document();
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *text = NULL;
    const char *first, *second, *third;

    document_paragraph(d, PARAGRAPH_TEXT, "正文");
    write_table(d, 20);
    document_turn_back(d);
    write_table(d, 6);
    bytes = finished(d);
    text = part(bytes, "word/document.xml");
    first = strstr(text, "<w:sectPr>");
    second = strstr(first + 1, "<w:sectPr>");
    third = strstr(second + 1, "<w:sectPr>");
    g_assert_nonnull(third);
    g_assert_null(strstr(third + 1, "<w:sectPr>"));
    g_assert_null(g_strstr_len(first, 300, "landscape"));
    g_assert_nonnull(g_strstr_len(second, 300, "landscape"));
    g_assert_null(g_strstr_len(third, 300, "landscape"));
    g_assert_nonnull(strstr(text, "<w:gridSpan w:val=\"20\"/>"));
    g_assert_nonnull(strstr(text, "<w:tblHeader/>"));
}

/* ---- the 通报 ---- */

static struct bulletin *
sample(void)
{
    struct bulletin *b = bulletin_new();
    struct bulletin_class *c;
    struct bulletin_row *row;
    const struct bulletin_honour praised = {.kind = HONOUR_PRAISE,
                                            .unit = "马头镇",
                                            .text = "予以表彰",
                                            .reason = "国办采用《春耕》"};
    const struct bulletin_adoption adopted = {
        .title = "【署名】冒名\n【标题】另一个",
        .units = "马头镇",
        .item = "普刊",
        .group = "县采用",
        .date = day_from_ymd(2019, 3, 2)};

    b->office = bulletin_copy(b, "郯城县人民政府办公室");
    b->period = bulletin_copy(b, "2019年3月份");
    b->rules_title = bulletin_copy(b, "办法");
    b->cut_off = bulletin_copy(b, "2019年4月1日9时");
    b->from = day_from_ymd(2019, 3, 1);
    b->to = day_from_ymd(2019, 3, 31);
    b->dated = day_from_ymd(2019, 4, 1);
    b->made = 1554080400;
    c = bulletin_add_class(b, "乡镇(街道)", BULLETIN_RANKED);
    row = bulletin_add_row(b, c, "马头镇");
    row->rank = 1;
    row->submitted = row->adopted = 1;
    row->points = 3200000;
    bulletin_add_row(b, c, "李庄镇")->rank = 2;
    c = bulletin_add_class(b, "A类", BULLETIN_LISTED);
    bulletin_add_row(b, c, "人民银行");
    c = bulletin_add_class(b, "隐藏", BULLETIN_HIDDEN);
    bulletin_add_row(b, c, "隐藏单位");
    bulletin_add_honour(b, &praised);
    bulletin_add_adoption(b, &adopted);
    return b;
}

static GBytes *
notice_of(const struct bulletin *b, const char *own_dir)
{
    g_autoptr(phrases) words = NULL;
    g_autoptr(notice_words) n = NULL;
    GBytes *bytes = NULL;
    struct err e = ERR_INIT;

    g_assert_cmpint(bulletin_load_words("templates", NULL, &words, &e), ==,
                    ST_OK);
    g_assert_cmpint(notice_load_words("templates", own_dir, &n, &e), ==, ST_OK);
    g_assert_cmpint(notice_docx(b, words, n, &bytes, &e), ==, ST_OK);
    return bytes;
}

/* The text of a part without its elements. */
static char *
text_of(GBytes *file)
{
    g_autofree char *xml = part(file, "word/document.xml");
    g_autoptr(GRegex) paragraphs = g_regex_new("</w:p>", 0, 0, NULL);
    g_autoptr(GRegex) elements = g_regex_new("<[^>]*>", 0, 0, NULL);
    g_autofree char *lines =
        g_regex_replace_literal(paragraphs, xml, -1, 0, "\n", 0, NULL);

    return g_regex_replace_literal(elements, lines, -1, 0, "", 0, NULL);
}

static void
test_notice(void)
{
    static const char *const wanted[] = {
        "关于2019年3月份全县政务信息采用情况的通报\n",
        "\n各乡镇（街道），各有关单位：\n",
        "\n一、总体情况\n",
        "\n二、通报表扬\n马头镇：国办采用《春耕》，予以表彰。\n",
        "\n三、零报送、零采用情况\n零报送单位：李庄镇、人民银行。\n",
        "\n四、工作要求\n",
        "\n附件：1.",
        "\n郯城县人民政府办公室\n2019年4月1日\n附件1\n",
        "\n附件2\n"};
    g_autoptr(bulletin) b = sample();
    g_autoptr(GBytes) bytes = notice_of(b, NULL);
    g_autofree char *text = text_of(bytes);
    const char *at = text;

    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_assert_nonnull(strstr(at, wanted[i])); /* and in this order */
        at = strstr(at, wanted[i]);
    }
    g_assert_null(strstr(text, "隐藏单位"));
    g_assert_null(strstr(text, "〔"));
    /* a title from a mail stays in its cell */
    g_assert_nonnull(strstr(at, "【署名】冒名"));
}

static void
put(const char *dir, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* The office's own text and words; its facts never become marks. */
static void
test_own_text(void)
{
    g_autofree char *dir = g_dir_make_tmp("baosong-XXXXXX", NULL);
    g_autofree char *ini = g_build_filename(dir, "notice.ini", NULL);
    g_autofree char *own = g_build_filename(dir, "notice.docx.mustache", NULL);
    g_autoptr(bulletin) b = sample();
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *text = NULL;

    put(dir, "notice.ini",
        "[head]\nnumber=郯政办字〔2019〕12号\nsalutation=各镇街\n"
        "office=郯城县人民政府办公室（章）\n");
    put(dir, "notice.docx.mustache",
        "【文号】{{number}}\n【标题】{{title}}\n【主送】{{salutation}}：\n"
        "{{period}}\n【一级】甲\n【二级】子\n【二级】丑\n【一级】乙\n【二级】寅\n"
        "【附件】名单\n【署名】{{office}}\n【日期】{{date}}\n");
    b->period = bulletin_copy(b, "【署名】冒名");
    bytes = notice_of(b, dir);
    text = text_of(bytes);
    g_assert_true(g_str_has_prefix(text, "\n郯政办字〔2019〕12号\n关于"));
    g_assert_nonnull(strstr(
        text, "\n各镇街：\n【署名】冒名\n一、甲\n（一）子\n（二）丑\n二、乙\n"
              "（一）寅\n\n附件：名单\n\n\n郯城县人民政府办公室（章）\n"
              "2019年4月1日\n"));
    g_unlink(ini);
    g_unlink(own);
    g_rmdir(dir);
}

static void
test_own_mistakes(void)
{
    static const struct {
        const char *name, *text, *says;
    } cases[] = {
        {"notice.docx.mustache", "正文\n【标提】x\n",
         "notice.docx.mustache:2:1: unknown kind of paragraph 【标提】, did you "
         "mean 【标题】?"},
        {"notice.docx.mustache", "{{titel}}\n", "unknown name \"titel\""},
        {"notice.docx.mustache", "{{#tasks}}\n", ":1:"},
        {"notice.docx.mustache", "\xB1\xEA\n", "UTF-8"},
        {"notice.ini", "[part]\nleader={{unt}}\n", "unknown name \"unt\""},
        {"notice.ini", "[part]\nleadr=x\n", "did you mean"},
    };
    g_autofree char *dir = g_dir_make_tmp("baosong-XXXXXX", NULL);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_build_filename(dir, cases[i].name, NULL);
        struct notice_words *n = NULL;
        struct err e = ERR_INIT;

        put(dir, cases[i].name, cases[i].text);
        g_assert_cmpint(notice_load_words("templates", dir, &n, &e), ==,
                        ST_REJECT);
        g_assert_null(n);
        if (!strstr(e.text, cases[i].says))
            g_error("%s lacks: %s", e.text, cases[i].says);
        g_unlink(path);
    }
    g_rmdir(dir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/document/archive", test_archive);
    g_test_add_func("/document/package", test_package);
    g_test_add_func("/document/GB9704-layout", test_layout);
    g_test_add_func("/document/strings", test_strings);
    g_test_add_func("/document/F12r-same-bytes", test_same_bytes);
    g_test_add_func("/document/signature", test_sign);
    g_test_add_func("/document/title", test_title);
    g_test_add_func("/document/annexes", test_annexes);
    g_test_add_func("/document/turned-page", test_turned);
    g_test_add_func("/notice/text", test_notice);
    g_test_add_func("/notice/own-text", test_own_text);
    g_test_add_func("/notice/own-mistakes", test_own_mistakes);
    return g_test_run();
}
