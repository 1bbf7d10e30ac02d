/* RTF, and HTML, web archives, plain text under a Word name: E20, E22. */
#include "draft/draft.h"
#include "message/mail.h"

#include <locale.h>
#include <string.h>

struct sample {
    const char *what, *bytes, *text;
};

static void
check(const char *name, enum file_kind kind, const struct sample *s)
{
    struct draft d;

    g_test_message("%s", s->what);
    draft_read((const guint8 *)s->bytes, strlen(s->bytes), name,
               &draft_default_limits, &d);
    g_assert_cmpstr(file_kind_name(d.kind), ==, file_kind_name(kind));
    g_assert_cmpstr(file_state_name(d.state), ==, file_state_name(FILE_OK));
    g_assert_cmpstr(d.text, ==, s->text);
    draft_clear(&d);
}

#define HEAD                                                                   \
    "{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fnil\\fcharset134 "      \
    "\\'cb\\'ce\\'cc\\'e5;}{\\f1\\fnil\\fcharset0 Arial;}{\\f2\\fcharset2 "    \
    "Wingdings;}{\\f3\\fcharset204 Times;}}{\\colortbl;\\red0;}"

static const struct sample rtf[] = {
    {"GBK", HEAD "\\f0\\'c9\\'b3\\'cd\\'e5\\'d5\\'f2\\par}", "沙湾镇\n"},
    {"GBK, second byte an ASCII letter", HEAD "\\f0\\'95\\'5c\\'81@\\par}",
     "昞丂\n"},
    {"raw GBK", HEAD "\\f0 \xC9\xB3\xCD\xE5\\par}", "沙湾\n"},
    {"Latin font, Chinese document", HEAD "\\f1\\'c9\\'b3\\par}", "沙\n"},
    {"Cyrillic font", HEAD "\\f3\\'c4\\'e0\\par}", "Да\n"},
    {"Unicode with a fallback", HEAD "\\uc1\\u27801?\\u28286?\\u-27321?\\par}",
     "沙湾镇\n"},
    {"fallback of two bytes", HEAD "\\uc2\\u27801\\'c9\\'b3\\u28286 ab\\par}",
     "沙湾\n"},
    {"no fallback", HEAD "\\uc0\\u27801 x\\par}", "沙x\n"},
    {"surrogates", HEAD "\\uc1\\u-10179?\\u-8704?\\par}", "\xF0\x9F\x98\x80\n"},
    {"half of a pair", HEAD "\\uc1\\u-10179?x\\u-8704?\\par}",
     "x\xEF\xBF\xBD\n"},
    {"marks", HEAD "a\\tab b\\line c\\~d\\_e\\-f\\{\\}\\\\\\emdash\\par}",
     "a\tb\nc\xC2\xA0"
     "d-ef{}\\—\n"},
    {"hidden, deleted, moved",
     HEAD "a{\\v b}c{\\deleted d}e\\v f\\v0 g\\plain{\\mvf h}\\par}", "aceg\n"},
    {"fields",
     HEAD "{\\field{\\*\\fldinst DDEAUTO x}{\\fldrslt 3}}{\\xe no}\\par}",
     "3\n"},
    {"unknown destination", HEAD "a{\\*\\unknown b{c}}d\\par}", "ad\n"},
    {"pictures and objects",
     HEAD "{\\*\\shppict{\\pict 00ff}}{\\nonshppict{\\pict 00}}{\\object{\\*"
          "\\objclass x}{\\*\\objdata 00}{\\result r}}\\par}",
     "r\n"},
    {"table", HEAD "\\trowd\\intbl a\\cell b\\cell\\row c\\par d\\cell\\row}",
     "a\tb\nc\nd\n"},
    {"text box once",
     HEAD "a{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv y}}{\\shptxt "
          "b\\par}}{\\shprslt c}}d\\par}",
     "ad\nb\n"},
    {"both alphabets", HEAD "{\\upr{no}{\\*\\ud{\\u27801?}}}\\par}", "沙\n"},
    {"list numbers", HEAD "{\\listtext 1.\\tab}a\\par}", "a\n"},
    {"symbols", HEAD "{\\f2\\'ab}{\\f2\\u-3925?}\\par}", "★★\n"},
    {"binary", HEAD "a{\\pict\\bin3 }}}}b\\par}", "ab\n"},
    {"not closed", HEAD "a\\par b", "a\nb\n"},
    {"closed too often", HEAD "a}}}}b", "ab\n"},
    {"no code page", "{\\rtf1 \xC9\xB3\xCD\xE5\xD5\xF2\\par}", "沙湾镇\n"},
};

static void
test_rtf(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rtf); i++)
        check("稿件.doc", FILE_RTF, &rtf[i]);
}

static void
test_rtf_margins(void)
{
    static const char bytes[] =
        HEAD "{\\info{\\title t}{\\author a}{\\creatim\\yr2019}}{\\header "
             "\\uc1\\u26426?\\u23494?\\par}a{\\footnote n}{\\shp{\\*\\shpinst"
             "{\\shptxt b\\par}}}\\par}";
    struct draft d;

    draft_read((const guint8 *)bytes, sizeof bytes - 1, NULL,
               &draft_default_limits, &d);
    g_assert_cmpstr(d.text, ==, "a\nb\n");
    g_assert_cmpstr(d.margins, ==, "t\na\n机密\nn\nb\n");
    draft_clear(&d);
}

/* Depth, and a number that means more bytes than there are. */
static void
test_rtf_hostile(void)
{
    GString *s = g_string_new("{\\rtf1 ");
    struct draft d;

    for (int i = 0; i < 1000000; i++)
        g_string_append_c(s, '{');
    draft_read((guint8 *)s->str, s->len, NULL, &draft_default_limits, &d);
    g_assert_cmpint(d.state, ==, FILE_OVER_LIMIT);
    draft_clear(&d);
    g_string_assign(s, "{\\rtf1 a\\bin999999999999999999999 b}");
    draft_read((guint8 *)s->str, s->len, NULL, &draft_default_limits, &d);
    g_assert_cmpstr(d.text, ==, "a\n");
    draft_clear(&d);
    g_string_free(s, TRUE);
}

/* Every prefix and every byte replaced by a brace or a backslash. */
static void
test_rtf_damage(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rtf); i++) {
        size_t len = strlen(rtf[i].bytes);
        g_autofree guint8 *copy = g_memdup2(rtf[i].bytes, len);

        for (size_t at = 5; at < len; at++) {
            struct draft d;
            guint8 was = copy[at];

            draft_read(copy, at, NULL, &draft_default_limits, &d);
            draft_clear(&d);
            copy[at] = (guint8) "{}\\0"[at % 4];
            draft_read(copy, len, NULL, &draft_default_limits, &d);
            g_assert_true(!d.text || g_utf8_validate(d.text, -1, NULL));
            draft_clear(&d);
            copy[at] = was;
        }
    }
}

static const struct sample html[] = {
    {"blocks",
     "<html><body><p>甲</p><p>乙</p><div>丙<br>丁</div></body></html>",
     "甲\n乙\n丙\n丁\n"},
    {"GBK by meta",
     "<html><head><meta http-equiv=Content-Type content=\"text/html; "
     "charset=gb2312\"></head><body><p>\xC9\xB3\xCD\xE5\xE9\x46</body></html>",
     "沙湾镕\n"},
    {"wrong meta",
     "<html><head><meta charset=gb2312></head><body><p>沙湾镇人民政府</p>",
     "沙湾镇人民政府\n"},
    {"no meta", "<html><body><p>\xC9\xB3\xCD\xE5\xD5\xF2</p></body></html>",
     "沙湾镇\n"},
    {"white space", "<html><body><p> a\n  b </p><p>沙湾\n镇</p></body></html>",
     "a b\n沙湾镇\n"},
    {"table",
     "<html><body><table><tr><td><p>a</p></td><td>b</td></tr><tr><td>c</td>"
     "</tr></table></body></html>",
     "a\tb\nc\n"},
    {"left out",
     "<html><head><style>p{}</style><script>x()</script></head><body><p>a<del>"
     "b</del><span style='display: none'>c</span><span "
     "style=\"mso-hide:all\">d</span><!-- e --></p></body></html>",
     "a\n"},
    {"entities", "<html><body><p>a&nbsp;&lt;b&#27801;</p></body></html>",
     "a\xC2\xA0<b沙\n"},
    {"entities of Windows", "<html><p>&#147;a&#148;&#150;&#x8D;b</p></html>",
     "“a”–b\n"},
    {"never closed", "<html><body><div><p>a<p>b<b>c", "a\nbc\n"},
    {"external entity",
     "<!DOCTYPE html [<!ENTITY x SYSTEM "
     "\"file:///etc/hostname\">]><html><body><p>a&x;</p></body></html>",
     "]>\na&x;\n"}, /* HTML has no internal subset: its end is text */
};

static void
test_html(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(html); i++)
        check("稿件.doc", FILE_HTML, &html[i]);
}

static void
test_html_utf16(void)
{
    static const char page[] = "<html><body><p>沙湾镇</p></body></html>";
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    glong n;
    g_autofree gunichar2 *wide = g_utf8_to_utf16(page, -1, NULL, &n, NULL);
    struct draft d;

    g_byte_array_append(bytes, (const guint8 *)"\xFF\xFE", 2);
    g_byte_array_append(bytes, (const guint8 *)wide, (guint)n * 2);
    draft_read(bytes->data, bytes->len, "a.doc", &draft_default_limits, &d);
    g_assert_cmpint(d.kind, ==, FILE_HTML);
    g_assert_cmpstr(d.text, ==, "沙湾镇\n");
    draft_clear(&d);
}

static const struct sample archives[] = {
    {"quoted-printable",
     "MIME-Version: 1.0\r\nContent-Type: multipart/related; "
     "boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html; "
     "charset=\"gb2312\"\r\nContent-Transfer-Encoding: "
     "quoted-printable\r\n\r\n<html><body><p>=C9=B3=\r\n=CD=E5</p></body>"
     "</html>\r\n--b\r\nContent-Type: image/gif\r\n\r\nGIF\r\n--b--\r\n",
     "沙湾\n"},
    {"base64, folded header",
     "From: x\nMIME-Version: 1.0\nContent-Type: multipart/related;\n "
     "boundary=b\n\n--b\nContent-Type: text/html;\n charset=utf-8\n"
     "Content-Transfer-Encoding: base64\n\nPHA+5rKZ5rm+PC9wPg==\n--b--\n",
     "沙湾\n"},
    {"two boundaries, nothing between them",
     "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
     "--b\nContent-Type: text/html\n\n<p>a</p>\n--b\n--b--\n",
     "a\n"},
    {"a page with nothing in it",
     "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
     "Content-Type: text/html\n\n<p>a</p>\n--b\nContent-Type: text/html\n"
     "\n--b--\n",
     "a\n"},
};

static void
test_archives(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(archives); i++)
        check("稿件.doc", FILE_HTML, &archives[i]);
}

static const struct sample texts[] = {
    {"UTF-8", "沙湾镇\r\n人民政府", "沙湾镇\n人民政府\n"},
    {"byte order mark", "\xEF\xBB\xBF沙湾镇", "沙湾镇\n"},
    {"GBK", "\xC9\xB3\xCD\xE5\xD5\xF2\xC8\xCB\xC3\xF1", "沙湾镇人民\n"},
};

static void
test_texts(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        check("稿件.doc", FILE_TEXT, &texts[i]);
}

/* E24: controls and NUL are cleaned, nothing behind them is lost. */
static void
test_controls(void)
{
    static const guint8 bytes[] = "{\\rtf1 a\\'00b\\'01c\\u-2?d\\par}";
    struct draft d;

    draft_read(bytes, sizeof bytes - 1, NULL, &draft_default_limits, &d);
    g_assert_cmpstr(d.text, ==,
                    "a\xEF\xBF\xBD"
                    "bc\xEF\xBF\xBD"
                    "d\n");
    draft_clear(&d);
}

int
main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    mail_init();
    g_test_add_func("/rtf/E22-rules", test_rtf);
    g_test_add_func("/rtf/margins", test_rtf_margins);
    g_test_add_func("/rtf/hostile", test_rtf_hostile);
    g_test_add_func("/rtf/damage", test_rtf_damage);
    g_test_add_func("/rtf/E24-controls", test_controls);
    g_test_add_func("/html/E20-rules", test_html);
    g_test_add_func("/html/utf16", test_html_utf16);
    g_test_add_func("/html/E20-archives", test_archives);
    g_test_add_func("/text/E20", test_texts);
    return g_test_run();
}
