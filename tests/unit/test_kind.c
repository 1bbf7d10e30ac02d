/* E20: what a file is, by its content and never by its name alone. */
#include "draft/kind.h"
#include "message/mail.h"

#include "make_docx.h"

struct sample {
    const char *name, *bytes;
    size_t len; /* 0: a string */
    enum file_kind kind;
};

static const struct sample samples[] = {
    {"稿件.docx", "", 0, FILE_EMPTY},
    {"~$稿件.docx", "\x06user", 0, FILE_LOCK},
    {"材料/~$稿件.docx", "\x06user", 0, FILE_LOCK},
    {"稿件.doc", "%PDF-1.4\n", 0, FILE_PDF},
    {"稿件.doc", "\n\n%PDF-1.4\n", 0, FILE_PDF},
    {"稿件.doc", "Rar!\x1A\x07\x01", 0, FILE_RAR},
    {"稿件.doc", "7z\xBC\xAF\x27\x1C", 0, FILE_7Z},
    {"稿件.doc", "\x89PNG\r\n\x1A\n", 0, FILE_IMAGE},
    {"稿件.doc", "\xFF\xD8\xFF\xE0", 0, FILE_IMAGE},
    {"稿件.doc", "GIF89a", 0, FILE_IMAGE},
    {"稿件.doc", "II*\0", 4, FILE_IMAGE},
    {"稿件.doc", "BM\x0E\0\0\0\0\0\0\0\x0E\0\0\0", 14, FILE_IMAGE},
    {"稿件.doc", "RIFF\4\0\0\0WEBP", 12, FILE_IMAGE},
    {"winmail.dat", "\x78\x9F\x3E\x22", 4, FILE_TNEF},
    {"稿件.doc", "\xDB\xA5\x2D\0", 4, FILE_DOC},
    {"稿件.doc", "{\\rtf1 x}", 0, FILE_RTF},
    {"稿件.pdf", "\xEF\xBB\xBF {\\rtf1 x}", 0, FILE_RTF},
    {"稿件.docx",
     "<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?>"
     "<w:wordDocument/>",
     0, FILE_WORDXML},
    {"稿件.doc",
     "<w:wordDocument xmlns:w=\"http://schemas.microsoft.com/office/word/"
     "2003/wordml\"/>",
     0, FILE_WORDXML},
    {"稿件.doc",
     "<?xml version=\"1.0\"?><pkg:package xmlns:pkg=\"http://schemas."
     "microsoft.com/office/2006/xmlPackage\"/>",
     0, FILE_DOCX},
    {"稿件.doc",
     "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:"
     "office:spreadsheet\"/>",
     0, FILE_SHEET},
    {"稿件.doc", "<html><body>x</body></html>", 0, FILE_HTML},
    {"稿件.wps", "<!DOCTYPE HTML><p>x", 0, FILE_HTML},
    {"稿件.DOC", "MIME-Version: 1.0\nContent-Type: multipart/related\n\nx", 0,
     FILE_HTML},
    {"page.htm", "<html><body>x</body></html>", 0, FILE_OTHER},
    {"转发.eml", "Received: x\nFrom: a@b.cn\nSubject: x\n\nx", 0, FILE_MESSAGE},
    {"稿件.doc", "沙湾镇", 0, FILE_TEXT},
    {"稿件.doc", "\xC9\xB3\xCD\xE5\xD5\xF2", 0, FILE_TEXT},
    {"说明.txt", "沙湾镇", 0, FILE_OTHER},
    {NULL, "沙湾镇", 0, FILE_OTHER},
    {"稿件.doc", "\1\2\3\4\5\6\7\x08", 0, FILE_OTHER},
    {"稿件.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 0, FILE_OTHER},
    {"稿件.docx", "PK\3\4....word/document.xml", 0, FILE_DOCX},
    {"名单.xlsx", "PK\3\4....xl/workbook.xml", 0, FILE_SHEET},
    {"材料.zip", "PK\3\4....", 0, FILE_ZIP},
};

static enum file_kind
kind_of(const guint8 *data, size_t len, const char *name)
{
    struct opened o;

    kind_open(data, len, name, &draft_default_limits, &o);
    kind_close(&o);
    return o.kind;
}

static void
test_bytes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        const struct sample *s = &samples[i];
        enum file_kind kind =
            kind_of((const guint8 *)s->bytes,
                    s->len ? s->len : strlen(s->bytes), s->name);

        g_test_message("%zu %s", i, s->name);
        g_assert_cmpstr(file_kind_name(kind), ==, file_kind_name(s->kind));
    }
}

static void
check_zip(struct make_zip *z, enum file_kind kind)
{
    g_autoptr(GByteArray) bytes = make_zip_end(z);

    g_assert_cmpstr(
        file_kind_name(kind_of(bytes->data, bytes->len, "稿件.doc")), ==,
        file_kind_name(kind));
}

static void
test_archives(void)
{
    static const struct {
        const char *name, *content;
        enum file_kind kind;
    } entries[] = {
        {"mimetype", "application/vnd.oasis.opendocument.text", FILE_ODT},
        {"mimetype", "application/vnd.oasis.opendocument.spreadsheet",
         FILE_SHEET},
        {"mimetype", "application/vnd.oasis.opendocument.presentation",
         FILE_SLIDES},
        {"mimetype", "application/epub+zip", FILE_ZIP},
        {"OFD.xml", "<ofd:OFD/>", FILE_OFD},
        {"稿件.docx", "x", FILE_ZIP},
        {"word/document.xml", "<x/>", FILE_ZIP},
    };
    struct make_zip z;

    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        make_zip_init(&z);
        make_zip_add(&z, entries[i].name, entries[i].content);
        check_zip(&z, entries[i].kind);
    }
}

static void
test_packages(void)
{
    static const struct {
        const char *type;
        enum file_kind kind;
    } types[] = {
        {MAIN_TYPE, FILE_DOCX},
        {WORD_TYPE "template.main+xml", FILE_DOCX},
        {"application/vnd.ms-word.document.macroEnabled.main+xml", FILE_DOCX},
        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet."
         "main+xml",
         FILE_SHEET},
        {"application/vnd.openxmlformats-officedocument.presentationml."
         "presentation.main+xml",
         FILE_SLIDES},
        {"application/octet-stream", FILE_ZIP},
    };
    struct make_zip z;

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        make_zip_init(&z);
        make_docx_types(&z, types[i].type, "");
        make_zip_add(&z, "word/document.xml", "<x/>");
        check_zip(&z, types[i].kind);
    }
}

/* Names of a ZIP's entries are given, for markings; not a .docx's. */
static void
test_entry_names(void)
{
    g_autoptr(GByteArray) docx = make_docx("");
    g_autoptr(GByteArray) bytes = NULL;
    struct draft d;
    struct make_zip z;

    make_zip_init(&z);
    make_zip_add(&z, "机密★5年 某材料.docx", "x");
    bytes = make_zip_end(&z);
    draft_read(bytes->data, bytes->len, "a.zip", &draft_default_limits, &d);
    g_assert_cmpint(d.state, ==, FILE_OK);
    g_assert_cmpstr(d.entry_names, ==, "机密★5年 某材料.docx\n");
    draft_clear(&d);
    draft_read(docx->data, docx->len, "a.docx", &draft_default_limits, &d);
    g_assert_null(d.entry_names);
    draft_clear(&d);
}

/* E21: each is told apart from a file without text. */
static void
test_states(void)
{
    struct draft d;

    draft_read((const guint8 *)"", 0, "a.docx", &draft_default_limits, &d);
    g_assert_cmpint(d.kind, ==, FILE_EMPTY);
    g_assert_cmpint(d.state, ==, FILE_NO_TEXT);
    draft_clear(&d);
    draft_read((const guint8 *)"\6user", 5, "~$a.docx", &draft_default_limits,
               &d);
    g_assert_cmpint(d.kind, ==, FILE_LOCK);
    g_assert_cmpint(d.state, ==, FILE_NO_TEXT);
    draft_clear(&d);
    draft_read((const guint8 *)"%PDF-1.4", 8, "a.pdf", &draft_default_limits,
               &d);
    g_assert_cmpint(d.kind, ==, FILE_PDF);
    g_assert_cmpint(d.state, ==, FILE_OK);
    g_assert_null(d.text);
    draft_clear(&d);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_init();
    g_test_add_func("/kind/E20-bytes", test_bytes);
    g_test_add_func("/kind/E20-archives", test_archives);
    g_test_add_func("/kind/E20-packages", test_packages);
    g_test_add_func("/kind/entry-names", test_entry_names);
    g_test_add_func("/kind/E21-states", test_states);
    return g_test_run();
}
