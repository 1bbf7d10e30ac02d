/* What is text in a .docx, and what a hostile one does: E20-E24. */
#include "draft/draft.h"
#include "message/mail.h"

#include "make_docx.h"
#include "unit/cpu_time.h"

static void
check(const GByteArray *bytes, enum file_state state, const char *text,
      const char *margins)
{
    struct draft d;

    draft_read(bytes->data, bytes->len, "稿件.docx", &draft_default_limits, &d);
    g_assert_cmpint(d.kind, ==, FILE_DOCX);
    g_assert_cmpstr(file_state_name(d.state), ==, file_state_name(state));
    g_assert_cmpstr(d.text, ==, text);
    if (margins)
        g_assert_cmpstr(d.margins, ==, margins);
    draft_clear(&d);
}

#define P(inside) "<w:p>" inside "</w:p>"
#define R(text) "<w:r><w:t>" text "</w:t></w:r>"
#define FIELD(code, result)                                                    \
    "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>" code                     \
    "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" result                \
    "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
#define CODE(text) "<w:r><w:instrText>" text "</w:instrText></w:r>"
#define CELL(inside) "<w:tc>" inside "</w:tc>"
#define ROW(inside) "<w:tr>" inside "</w:tr>"
#define BOX(inside)                                                            \
    "<w:r><w:pict><v:textbox><w:txbxContent>" inside                           \
    "</w:txbxContent></v:textbox></w:pict></w:r>"

/* The inside of a body, and its text. */
static const struct {
    const char *what, *body, *text;
} rules[] = {
    {"paragraphs", P(R("甲")) P("") P(R("乙")), "甲\n\n乙\n"},
    {"runs join", P(R("沙湾") R("镇")), "沙湾镇\n"},
    {"entities", P(R("&lt;甲&amp;乙&gt;&#x4E19;")), "<甲&乙>丙\n"},
    {"CDATA", P(R("<![CDATA[甲<乙]]>")), "甲<乙\n"},
    {"marks",
     P("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t>"
       "<w:cr/><w:t>d</w:t><w:noBreakHyphen/><w:softHyphen/>"
       "<w:t>e</w:t></w:r>"),
     "a\tb\nc\nd-e\n"},
    {"tab stops are not tabs",
     P("<w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr>" R("甲")),
     "甲\n"},
    {"white space outside w:t", P("\n  <w:r>\n <w:t>甲</w:t>\n </w:r>\n"),
     "甲\n"},
    {"inserted", P(R("甲") "<w:ins w:id=\"1\">" R("乙") "</w:ins>"), "甲乙\n"},
    {"deleted",
     P(R("甲") "<w:del w:id=\"1\"><w:r><w:delText>乙</w:delText></w:r></w:del>" R(
         "丙")),
     "甲丙\n"},
    {"deleted, with w:t all the same",
     P("<w:del w:id=\"1\">" R("乙") "</w:del>" R("丙")), "丙\n"},
    {"deleted paragraph mark",
     P("<w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr>" R("甲")) P(R("乙")),
     "甲乙\n"},
    {"moved",
     P("<w:moveFrom w:id=\"1\">" R("甲") "</w:moveFrom>" R(
         "乙") "<w:moveTo w:id=\"2\">" R("甲") "</w:moveTo>"),
     "乙甲\n"},
    {"hidden by Word's own style",
     P("<w:pPr><w:pStyle w:val=\"z-TopofForm\"/></w:pPr>" R("甲"))
         P("<w:pPr><w:pStyle w:val=\"z-1\"/></w:pPr>" R("乙")) P(R("丙")),
     "\n乙\n丙\n"},
    {"hidden", P("<w:r><w:rPr><w:vanish/></w:rPr><w:t>甲</w:t></w:r>" R("乙")),
     "乙\n"},
    {"not hidden",
     P("<w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>甲</w:t></w:r>"),
     "甲\n"},
    {"hidden mark, shown text",
     P("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" R("甲")), "甲\n"},
    {"field", P(R("第") FIELD(CODE(" PAGE "), R("3")) R("页")), "第3页\n"},
    {"field in a field's code",
     P(FIELD(CODE("IF ") FIELD(CODE("MERGEFIELD x"), R("假")) CODE("= 1"),
             R("真"))),
     "真\n"},
    {"field without a result",
     P("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>" CODE(
         "XE") "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>" R("甲")),
     "甲\n"},
    {"simple field",
     P("<w:fldSimple w:instr=\"PAGE\">" R("3") "</w:fldSimple>"), "3\n"},
    {"dynamic data exchange",
     P(FIELD(CODE("DDEAUTO c:\\\\cmd.exe \"/k calc\""), R("甲"))), "甲\n"},
    {"link", P("<w:hyperlink>" R("甲") "</w:hyperlink>"), "甲\n"},
    {"table",
     "<w:tbl>" ROW(CELL(P(R("单位"))) CELL(P(R("得分"))))
         ROW(CELL(P(R("财政局"))) CELL(P(""))) "</w:tbl>" P(R("尾")),
     "单位\t得分\n财政局\t\n尾\n"},
    {"paragraphs in a cell",
     "<w:tbl>" ROW(CELL(P(R("甲")) P(R("乙"))) CELL(P(R("丙")))) "</w:tbl>",
     "甲\n乙\t丙\n"},
    {"table in a table",
     "<w:tbl>" ROW(CELL("<w:tbl>" ROW(CELL(P(R("内"))) CELL(
         P(R("里")))) "</w:tbl>" P("")) CELL(P(R("外")))) "</w:tbl>",
     "内\t里\n\t外\n"},
    {"content control",
     "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>" P(
         R("甲")) "</w:sdtContent></w:sdt>",
     "甲\n"},
    {"reading above characters",
     P("<w:r><w:ruby><w:rt>" R("pin") "</w:rt><w:rubyBase>" R(
         "拼") "</w:rubyBase></w:ruby></w:r>"),
     "拼\n"},
    {"formula", P("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"), "x=1\n"},
    {"symbol star",
     P(R("秘密") "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0AB\"/></w:r>" R(
         "1年")),
     "秘密★1年\n"},
    {"unknown symbol",
     P("<w:r><w:sym w:font=\"Webdings\" w:char=\"F021\"/></w:r>"),
     "\xEF\xBF\xBD\n"},
    {"text box behind its paragraph",
     P(R("甲") BOX(P(R("框")) P(R("内"))) R("乙")) P(R("丙")),
     "甲乙\n框\n内\n丙\n"},
    {"text box once",
     P(R("甲") "<mc:AlternateContent><mc:Choice Requires=\"wps\">" BOX(P(R("框"))) "</mc:Choice><mc:Choice Requires=\"wpg\">" BOX(
         P(R("框"))) "</mc:Choice><mc:Fallback>" BOX(P(R("框"))) "</mc:Fallback></mc:AlternateContent>"),
     "甲\n框\n"},
    {"text box in a text box", P(R("甲") BOX(P(R("外") BOX(P(R("内")))))),
     "甲\n外\n内\n"},
    {"two alternatives",
     P("<mc:AlternateContent><mc:Choice>" R(
         "甲") "</mc:Choice>"
               "</mc:AlternateContent><mc:AlternateContent><mc:Choice>" R(
                   "乙") "</mc:Choice></mc:AlternateContent>"),
     "甲乙\n"},
    {"other namespaces",
     P("<x:r xmlns:x=\"urn:x\"><x:t>无</x:t></x:r>" R("有")), "有\n"},
    {"beyond the BMP", P(R("𠮷䶮")), "𠮷䶮\n"},
};

static void
test_rules(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        g_autoptr(GByteArray) bytes = make_docx(rules[i].body);

        g_test_message("%s", rules[i].what);
        check(bytes, FILE_OK, rules[i].text, NULL);
    }
}

static void
test_text_box_margins(void)
{
    g_autoptr(GByteArray) bytes = make_docx(P(R("甲") BOX(P(R("机密★5年")))));

    check(bytes, FILE_OK, "甲\n机密★5年\n", "机密★5年\n");
}

static void
test_strict(void)
{
    g_autoptr(GByteArray) bytes =
        make_docx_of("<w:document xmlns:w=\"" W_STRICT_NS
                     "\"><w:body>" P(R("甲")) "</w:body></w:document>");

    check(bytes, FILE_OK, "甲\n", NULL);
}

/* Another prefix, and a byte order mark. */
static void
test_prefix(void)
{
    g_autoptr(GByteArray) bytes =
        make_docx_of("\xEF\xBB\xBF<document xmlns=\"" W_NS
                     "\"><body><p><r><t>甲</t></r></p></body></document>");

    check(bytes, FILE_OK, "甲\n", NULL);
}

static void
test_margins(void)
{
    static const char part[] = "<w:%s xmlns:w=\"" W_NS "\">%s</w:%s>";
    g_autofree char *hdr = g_strdup_printf(part, "hdr", P(R("页眉")), "hdr");
    g_autofree char *ftr = g_strdup_printf(part, "ftr", P(R("页脚")), "ftr");
    g_autofree char *notes = g_strdup_printf(
        part, "footnotes", "<w:footnote>" P(R("脚注")) "</w:footnote>",
        "footnotes");
    g_autofree char *document = make_document(P(R("正文")));
    g_autoptr(GByteArray) bytes = NULL;
    struct make_zip z;

    make_zip_init(&z);
    make_docx_types(
        &z, MAIN_TYPE,
        "<Override PartName=\"/word/a.xml\" ContentType=\"" WORD_TYPE
        "header+xml\"/><Override PartName=\"/word/b.xml\" "
        "ContentType=\"" WORD_TYPE
        "footer+xml\"/><Override PartName=\"/word/c.xml\" "
        "ContentType=\"" WORD_TYPE
        "footnotes+xml\"/><Override PartName=\"/docProps/core.xml\" "
        "ContentType=\"application/vnd.openxmlformats-package.core-"
        "properties+xml\"/>");
    make_zip_add(&z, "word/document.xml", document);
    make_zip_add(&z, "word/a.xml", hdr);
    make_zip_add(&z, "word/b.xml", ftr);
    make_zip_add(&z, "word/c.xml", notes);
    make_zip_add(&z, "docProps/core.xml",
                 "<cp:coreProperties xmlns:cp=\"http://schemas."
                 "openxmlformats.org/package/2006/metadata/core-properties\" "
                 "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>"
                 "标题</dc:title><cp:keywords>机密</cp:keywords>"
                 "</cp:coreProperties>");
    bytes = make_zip_end(&z);
    check(bytes, FILE_OK, "正文\n", "页眉\n页脚\n脚注\n标题\n机密\n");
}

static void
check_macro(const char *type, const char *extra)
{
    g_autofree char *document = make_document(P(R("甲")));
    g_autoptr(GByteArray) bytes = NULL;
    struct make_zip z;

    make_zip_init(&z);
    make_docx_types(&z, type, "");
    make_zip_add(&z, "word/document.xml", document);
    if (extra)
        make_zip_add(&z, extra, "x");
    bytes = make_zip_end(&z);
    check(bytes, FILE_MACRO, "甲\n", NULL);
}

static void
test_macro(void)
{
    check_macro("application/vnd.ms-word.document.macroEnabled.main+xml", NULL);
    check_macro(MAIN_TYPE, "word/vbaProject.bin");
}

/* E21: pictures only; nothing at all; blanks. */
static void
test_no_text(void)
{
    g_autoptr(GByteArray) picture = make_docx(
        P("<w:r><w:drawing><wp:docPr xmlns:wp=\"urn:wp\" descr=\"图\"/>"
          "</w:drawing></w:r>"));
    g_autoptr(GByteArray) nothing = make_docx("");
    g_autoptr(GByteArray) blanks = make_docx(P(R(" \xE3\x80\x80\xE2\x80\x8B")));

    check(picture, FILE_NO_TEXT, NULL, NULL);
    check(nothing, FILE_NO_TEXT, NULL, NULL);
    check(blanks, FILE_NO_TEXT, NULL, NULL);
}

static void
check_document(const char *document, enum file_state state)
{
    g_autoptr(GByteArray) bytes = make_docx_of(document);

    check(bytes, state, NULL, NULL);
}

/* No DOCTYPE: neither entities that grow nor files of this machine. */
static void
test_doctype(void)
{
    check_document("<!DOCTYPE w:document [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
                   "\"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
                   "\"&b;&b;&b;&b;&b;&b;&b;&b;\">]><w:document xmlns:w=\"" W_NS
                   "\"><w:body>" P(R("&c;")) "</w:body></w:document>",
                   FILE_UNREADABLE);
    check_document("<!DOCTYPE w:document [<!ENTITY x SYSTEM "
                   "\"file:///etc/hostname\">]><w:document xmlns:w=\"" W_NS
                   "\"><w:body>" P(R("&x;")) "</w:body></w:document>",
                   FILE_UNREADABLE);
    check_document("<!DOCTYPE w:document SYSTEM \"http://127.0.0.1:9/x.dtd\">"
                   "<w:document xmlns:w=\"" W_NS "\"/>",
                   FILE_UNREADABLE);
}

static void
test_malformed(void)
{
    check_document("", FILE_UNREADABLE);
    check_document("not XML", FILE_UNREADABLE);
    check_document("<w:document xmlns:w=\"" W_NS "\"><w:body>" P(R("甲")),
                   FILE_UNREADABLE);
    check_document("<w:document xmlns:w=\"" W_NS
                   "\">" P(R("&nbsp;")) "</w:document>",
                   FILE_UNREADABLE);
    check_document("<w:document xmlns:w=\"" W_NS
                   "\">" P(R("\x01")) "</w:document>",
                   FILE_UNREADABLE);
}

/* A marking before the damage is still there to be found. */
static void
test_damaged_marking(void)
{
    g_autoptr(GByteArray) bytes =
        make_docx_of("<w:document xmlns:w=\"" W_NS
                     "\"><w:body>" P(R("机密★5年")) "<w:p><w:r>");

    check(bytes, FILE_UNREADABLE, NULL, "\n机密★5年\n");
}

/* The deepest tree that is read, and one step deeper. */
static void
test_depth(void)
{
    for (unsigned more = 0; more < 2; more++) {
        unsigned n = draft_default_limits.xml_depth - 4 + more;
        GString *s = g_string_new(NULL);
        g_autoptr(GByteArray) bytes = NULL;

        for (unsigned i = 0; i < n; i++)
            g_string_append(s, i + 1 < n ? "<w:sdt>" : "<w:p>");
        g_string_append(s, R("甲"));
        for (unsigned i = n; i-- > 0;)
            g_string_append(s, i + 1 < n ? "</w:sdt>" : "</w:p>");
        bytes = make_docx(s->str);
        check(bytes, more ? FILE_OVER_LIMIT : FILE_OK, more ? NULL : "甲\n",
              NULL);
        g_string_free(s, TRUE);
    }
}

static void
test_deep(void)
{
    GString *s = g_string_new("<w:document xmlns:w=\"" W_NS "\">");
    g_autoptr(GByteArray) bytes = NULL;
    gint64 start = cpu_time();

    for (int i = 0; i < 1000000; i++)
        g_string_append(s, i % 2 ? "<w:p>" : "<w:r>");
    bytes = make_docx_of(s->str);
    check(bytes, FILE_OVER_LIMIT, NULL, NULL);
    g_assert_cmpint(cpu_time() - start, <, 2 * G_USEC_PER_SEC);
    g_string_free(s, TRUE);
}

/* Noise, so that the archive's ratio is not what stops it. */
static void
append_noise(GString *s, size_t n)
{
    guint32 x = 1;

    for (size_t i = 0; i < n; i++) {
        x = x * 1664525 + 1013904223;
        g_string_append_c(s, (char)('a' + (x >> 24) % 26));
    }
}

static void
test_long_attribute(void)
{
    GString *s =
        g_string_new("<w:document xmlns:w=\"" W_NS "\"><w:body w:x=\"");
    g_autoptr(GByteArray) bytes = NULL;
    gint64 start = cpu_time();

    append_noise(s, 10 * 1024 * 1024);
    g_string_append(s, "\"/></w:document>");
    bytes = make_docx_of(s->str);
    start = cpu_time();
    check(bytes, FILE_OVER_LIMIT, NULL, NULL);
    g_assert_cmpint(cpu_time() - start, <, 2 * G_USEC_PER_SEC);
    g_string_free(s, TRUE);
}

/* E24: one line of a megabyte is a line like any other. */
static void
test_long_line(void)
{
    GString *s = g_string_new("<w:p><w:r><w:t>");
    g_autoptr(GByteArray) bytes = NULL;
    struct draft d;

    append_noise(s, 1024 * 1024);
    g_string_append(s, "</w:t></w:r></w:p>");
    bytes = make_docx(s->str);
    draft_read(bytes->data, bytes->len, NULL, &draft_default_limits, &d);
    g_assert_cmpint(d.state, ==, FILE_OK);
    g_assert_cmpuint(strlen(d.text), ==, 1024 * 1024 + 1);
    g_assert_cmpint(d.words, ==, 1);
    draft_clear(&d);
    g_string_free(s, TRUE);
}

static void
test_text_limit(void)
{
    struct draft_limits limits = draft_default_limits;
    g_autoptr(GByteArray) bytes = make_docx(P(R("一二三四")));
    struct draft d;

    limits.text_bytes = 12;
    draft_read(bytes->data, bytes->len, NULL, &limits, &d);
    g_assert_cmpint(d.state, ==, FILE_OVER_LIMIT);
    g_assert_null(d.text);
    draft_clear(&d);
    limits.text_bytes = 13;
    draft_read(bytes->data, bytes->len, NULL, &limits, &d);
    g_assert_cmpint(d.state, ==, FILE_OK);
    g_assert_cmpstr(d.text, ==, "一二三四\n");
    g_assert_cmpint(d.words, ==, 4);
    draft_clear(&d);
}

static void
test_missing_part(void)
{
    g_autoptr(GByteArray) bytes = NULL;
    struct make_zip z;

    make_zip_init(&z);
    make_docx_types(&z, MAIN_TYPE, "");
    bytes = make_zip_end(&z);
    check(bytes, FILE_UNREADABLE, NULL, NULL);
}

/* A lying directory: design.md's reason for our own reader. */
static void
test_lying(void)
{
    g_autoptr(GByteArray) bytes = make_docx(P(R("甲")));
    guint8 *p = memmem(bytes->data, bytes->len, "PK\1\2", 4);

    p[24]--;
    check(bytes, FILE_UNREADABLE, NULL, NULL);
}

static void
test_flips(void)
{
    g_autoptr(GByteArray) bytes = make_docx(P(R("沙湾镇")));

    for (guint i = 0; i < bytes->len; i++) {
        struct draft d;

        bytes->data[i] ^= 0x55;
        draft_read(bytes->data, bytes->len, "a.docx", &draft_default_limits,
                   &d);
        if (d.state == FILE_OK && d.text && d.kind == FILE_DOCX)
            g_assert_cmpstr(d.text, ==, "沙湾镇\n");
        draft_clear(&d);
        bytes->data[i] ^= 0x55;
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_init();
    g_test_add_func("/docx/E22-rules", test_rules);
    g_test_add_func("/docx/E22-text-box-margins", test_text_box_margins);
    g_test_add_func("/docx/strict", test_strict);
    g_test_add_func("/docx/prefix", test_prefix);
    g_test_add_func("/docx/margins", test_margins);
    g_test_add_func("/docx/macro", test_macro);
    g_test_add_func("/docx/E21-no-text", test_no_text);
    g_test_add_func("/docx/doctype", test_doctype);
    g_test_add_func("/docx/malformed", test_malformed);
    g_test_add_func("/docx/damaged-marking", test_damaged_marking);
    g_test_add_func("/docx/depth", test_depth);
    g_test_add_func("/docx/deep", test_deep);
    g_test_add_func("/docx/long-attribute", test_long_attribute);
    g_test_add_func("/docx/E24-long-line", test_long_line);
    g_test_add_func("/docx/text-limit", test_text_limit);
    g_test_add_func("/docx/missing-part", test_missing_part);
    g_test_add_func("/docx/lying", test_lying);
    g_test_add_func("/docx/flips", test_flips);
    return g_test_run();
}
