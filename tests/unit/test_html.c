/* HTML as text, and what of a mail is the writer's own. */
#include "message/html.h"
#include "message/quote.h"
#include "unit/cpu_time.h"

#include <string.h>

static const struct {
    const char *html, *text, *own; /* own NULL: the same */
} pages[] = {
    {"<p>一</p><p>二</p>", "一\n二", NULL},
    {"a<br>b<br/>c", "a\nb\nc", NULL},
    {"<div>a <b>b</b>\n\n c&nbsp;&nbsp;d</div>", "a b c d", NULL},
    {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b\nc", NULL},
    {"&lt;a&gt; &amp;&#26631;&#x9898;", "<a> &标题", NULL},
    {"&#147;春耕&#148;&#150;&#x85;", "“春耕”–…", NULL}, /* E24: C1 is 1252 */
    {"a&#x8D;&#xFDD0;&#xFFFE;&#1;b",
     "a\xEF\xBF\xBD"
     "b",
     NULL}, /* E24: none of these is text */
    {"<html><head><title>t</title><style>x{}</style></head><body>b"
     "<script>s()</script></body></html>",
     "b", NULL},
    {"<meta charset=gb2312>标题", "标题", NULL},
    {"plain", "plain", NULL},
    {"", "", NULL},
    {"a<b", "a", NULL},
    {"x<!-- 不见 -->y", "xy", NULL},
    {"<li>a<li>b", "a\nb", NULL},
    /* D11: hidden is not there */
    {"a<span style=\"display: none\">隐</span>b", "ab", NULL},
    {"a<div style='DISPLAY:NONE'><p>隐<b>隐</b></p></div>b", "a\nb", NULL},
    {"a<i style='visibility:hidden'>隐</i>b", "ab", NULL},
    {"a<i style='font-size:0px'>隐</i>b", "ab", NULL},
    {"a<i style='color:red;font-size:0'>隐</i>b", "ab", NULL},
    {"a<i style='font-size:0.9em'>见</i>b", "a见b", NULL},
    {"a<i style='line-height:0px'>见</i>b", "a见b", NULL},
    {"a<i hidden>隐</i>b", "ab", NULL},
    {"a<i style='opacity:0'>隐</i>b", "ab", NULL},
    {"a<i style='mso-hide:all'>隐</i>b", "ab", NULL},
    {"a<i style='max-height:0;overflow:hidden'>隐</i>b", "ab", NULL},
    /* white on white is shown to nobody, but only orders need care */
    {"a<font color='#FFFFFF'>白</font>b", "a白b", "ab"},
    {"a<i style='color: white'>白</i>b", "a白b", "ab"},
    {"a<i style='color:#fff;background:#00f'>白</i>b", "a白b", NULL},
    {"a<i style='background-color:#fff'>见</i>b", "a见b", NULL},
    /* D10: quoted */
    {"新<blockquote>旧</blockquote>", "新\n旧", "新"},
    {"新<div class=\"gmail_quote\">旧</div>", "新\n旧", "新"},
    {"新<div id=\"isReplyContent\">旧</div>", "新\n旧", "新"},
    {"新<div id='divRplyFwdMsg'>发件人</div>", "新\n发件人", "新"},
    {"<div>标注</div><div>------------------&nbsp;原始邮件&nbsp;"
     "------------------</div><div>旧</div>",
     "标注\n------------------ 原始邮件 ------------------\n旧", "标注"},
    {"<div>标注</div><div><b>发件人：</b>a@b.cn</div><div><b>发送时间："
     "</b>2019-03-01</div><div>旧</div>",
     "标注\n发件人：a@b.cn\n发送时间：2019-03-01\n旧", "标注"},
};

static void
test_pages(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        struct html_text t;

        html_read(pages[i].html, 10000, &t);
        g_assert_cmpstr(g_strchomp(t.text), ==, pages[i].text);
        g_assert_cmpstr(g_strchomp(t.own), ==,
                        pages[i].own ? pages[i].own : pages[i].text);
        g_assert_false(t.over_limit);
        html_text_clear(&t);
    }
}

/* E13: depth and length end the reading; nothing takes long. */
static void
test_limits(void)
{
    static const char *const parts[] = {
        "<div>", "<b>", "</b>", "<p>x", "<table><tr><td>", "&", "<"};

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(GString) s = g_string_new("start ");
        gint64 start = cpu_time();
        struct html_text t;

        for (int n = 0; n < 100000; n++)
            g_string_append(s, parts[i]);
        html_read(s->str, 1000, &t);
        g_assert_true(g_str_has_prefix(t.text, "start"));
        g_assert_cmpuint(strlen(t.text), <=, 1100);
        g_assert_cmpint(cpu_time() - start, <, 3 * G_USEC_PER_SEC);
        html_text_clear(&t);
    }
}

static void
test_over_limit(void)
{
    g_autoptr(GString) s = g_string_new(NULL);
    struct html_text t;

    for (int n = 0; n < 300; n++)
        g_string_append(s, "<span>");
    html_read(s->str, 1000, &t);
    g_assert_true(t.over_limit);
    html_text_clear(&t);
}

static void
check_meta(const char *html, const char *want)
{
    g_autofree char *got = html_meta_charset(html, strlen(html));

    g_assert_cmpstr(got, ==, want);
}

static void
test_meta(void)
{
    check_meta("<META content=\"text/html; charset=GB2312\">", "gb2312");
    check_meta("<meta charset='gbk'>", "gbk");
    check_meta("<p>charset=x</p>", NULL);
    check_meta("", NULL);
}

/* ---- plain text ---- */

static const struct {
    const char *text, *own;
} plain[] = {
    {"标注 12\n", "标注 12\n"},
    {"采用\n> 采用 12\n>> 旧\n", "采用\n"},
    {"好\n\n-----原始邮件-----\n旧\n", "好\n\n"},
    {"好\n------------------ 原始邮件 ------------------\n旧", "好\n"},
    {"好\n-----Original Message-----\n旧", "好\n"},
    {"好\n发件人： 李明\n发送时间： 2019年3月1日\n旧", "好\n"},
    {"好\n*发件人:* 李明\n*日期:* 2019\n旧", "好\n"},
    {"From: a@b.cn\nSent: Monday\nTo: x\n旧", ""},
    {"好\nOn Fri, Mar 1, 2019 at 8:00 Li <a@b.cn> wrote:\n> 旧", "好\n"},
    {"好\nOn Fri, Mar 1, 2019\nLi <a@b.cn> wrote:\n> 旧\n", "好\n"},
    {"好\n在 2019-03-01 08:00:00，\"李明\" <a@b.cn> 写道：\n旧", "好\n"},
    {"“好”\n2019-03-01 08:00 Li <a@b.cn> wrote:\n旧", "“好”\n"},
    {"3. a\nfrom：李明\nsent：周一\n旧", "3. a\n"},
    {"好\n-- \n李明\n6106766\n", "好\n"},
    {"好\n发自我的iPhone\n", "好\n"},
    /* a draft in the body is not taken for a quotation */
    {"报送人：李明\n发件人：县财政局\n正文在此\n",
     "报送人：李明\n发件人：县财政局\n正文在此\n"},
    {"会上他写道：\n正文\n", "会上他写道：\n正文\n"},
    {"- 第一\n-- 第二\n", "- 第一\n-- 第二\n"},
    {"----------\n表\n----------\n", "----------\n表\n----------\n"},
    {"", ""},
};

static void
test_plain(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
        g_autofree char *own = quote_strip(plain[i].text);

        g_assert_cmpstr(own, ==, plain[i].own);
    }
}

static void
test_links(void)
{
    static const char *const links[] = {
        "<a href=\"https://mail.qq.com/cgi-bin/ftnExs_download?k=1\">x</a>",
        "<a href=\"https://wx.mail.qq.com/ftn/download?func=3\">x</a>",
        "https://mail.163.com/large-attachment-download/index.html?p=x",
        "从QQ邮箱发来的超大附件 稿件.doc https://x.cn/1",
        "文件中转站 http://mail.example.gov.cn/d/1",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(links); i++)
        g_assert_true(quote_has_big_file_link(links[i]));
    g_assert_false(quote_has_big_file_link("附件见超大附件"));
    g_assert_false(quote_has_big_file_link("见 https://www.example.cn/"));
    g_assert_false(quote_has_big_file_link(""));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/html/pages-D10-D11", test_pages);
    g_test_add_func("/html/limits-E13", test_limits);
    g_test_add_func("/html/over-limit-E13", test_over_limit);
    g_test_add_func("/html/meta", test_meta);
    g_test_add_func("/quote/plain-D10", test_plain);
    g_test_add_func("/quote/links", test_links);
    return g_test_run();
}
