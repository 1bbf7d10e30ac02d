/* Bytes with labels that may be wrong, and the words of headers. */
#include "message/charset.h"
#include "message/codec.h"
#include "message/rfc2047.h"
#include "base/text.h"
#include "unit/cpu_time.h"

#include <string.h>

struct sample {
    const char *label; /* NULL: none */
    const char *bytes;
    const char *want;
    enum charset_result result;
};

static void
check_sample(const struct sample *s)
{
    g_autoptr(GString) out = g_string_new(NULL);
    enum charset_result result =
        charset_append(out, s->label, s->bytes, strlen(s->bytes));

    g_assert_cmpstr(out->str, ==, s->want);
    g_assert_cmpint(result, ==, s->result);
}

/* 标题 in every charset that has it, under every label that means it. */
static void
test_labels(void)
{
    static const char *const gb[] = {
        "gb2312",    "GBK",         "x-gbk",        "cp936",    "gb_2312-80",
        "EUC-CN",    "euc-cn",      "eucgb2312_cn", "GB18030",  "134",
        "ms936",     "chinese",     "csgb2312",     "x-euc-cn", "\"gb2312\"",
        "gb2312*zh", "windows-936",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(gb); i++) {
        struct sample s = {gb[i], "\xB1\xEA\xCC\xE2", "标题", CHARSET_EXACT};

        check_sample(&s);
        g_assert_true(charset_known(gb[i]));
        g_assert_true(charset_equal(gb[i], "gb18030"));
    }
    g_assert_false(charset_known("x-unknown"));
    g_assert_false(charset_known(""));
    g_assert_true(charset_equal("X-Foo", "x-foo"));
    g_assert_false(charset_equal("utf-8", "gbk"));
}

static void
test_every_charset(void)
{
    static const struct sample samples[] = {
        {"utf-8", "标题", "标题", CHARSET_EXACT},
        {"utf8", "标题", "标题", CHARSET_EXACT},
        {"UTF-7", "+aAeYmA-", "标题", CHARSET_EXACT},
        {"unicode-1-1-utf-7", "+aAeYmA-", "标题", CHARSET_EXACT},
        {"hz-gb-2312", "a~{1jLb~}b~~", "a标题b~", CHARSET_EXACT},
        {"HZ", "~{1jLb\nplain", "标题\nplain", CHARSET_EXACT},
        {"big5", "\xBC\xD0\xC3\x44", "標題", CHARSET_EXACT},
        {"shift_jis", "\x95\x57\x91\xE8", "標題", CHARSET_EXACT},
        {"euc-jp", "\xC9\xB8\xC2\xEA", "標題", CHARSET_EXACT},
        {"iso-2022-jp", "\033$BI8Bj\033(B", "標題", CHARSET_EXACT},
        {"euc-kr", "\xC7\xD1\xB1\xDB", "한글", CHARSET_EXACT},
        {"ks_c_5601-1987", "\xC7\xD1\xB1\xDB", "한글", CHARSET_EXACT},
        {"iso-8859-1", "caf\xE9", "café", CHARSET_EXACT},
        {"windows-1252", "\x93x\x94", "“x”", CHARSET_EXACT},
        {"iso-8859-2", "\xB9", "š", CHARSET_EXACT},
        {"iso-8859-15", "\xA4", "€", CHARSET_EXACT},
        {"windows-1251", "\xC4\xE0", "Да", CHARSET_EXACT},
        {"koi8-r", "\xE4\xC1", "Да", CHARSET_EXACT},
        {"gb18030", "\x81\x30\x81\x30\xFD\x9C", "\xC2\x80\xEF\xA4\xAC",
         CHARSET_EXACT},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++)
        check_sample(&samples[i]);
}

static void
check_wide(const char *label, const char *bytes, size_t len)
{
    g_autoptr(GString) out = g_string_new(NULL);

    g_assert_cmpint(charset_append(out, label, bytes, len), ==,
                    label ? CHARSET_EXACT : CHARSET_GUESSED);
    g_assert_cmpstr(out->str, ==, "标a");
}

static void
test_wide(void)
{
    check_wide("utf-16le", "\x07\x68\x61\x00", 4);
    check_wide("utf-16be", "\x68\x07\x00\x61", 4);
    check_wide("utf-16", "\x68\x07\x00\x61", 4);
    check_wide("utf-16", "\xFF\xFE\x07\x68\x61\x00", 6);
    check_wide("unicode", "\xFE\xFF\x68\x07\x00\x61", 6);
    check_wide(NULL, "\xFF\xFE\x07\x68\x61\x00", 6);
    check_wide("utf-32be", "\x00\x00\x68\x07\x00\x00\x00\x61", 8);
}

/* E3: no label.  E6: a label that is not true.  F16: GBK called gb2312. */
static void
test_wrong_labels(void)
{
    static const struct sample samples[] = {
        {NULL, "标题", "标题", CHARSET_GUESSED},
        {NULL, "\xB1\xEA\xCC\xE2", "标题", CHARSET_GUESSED},
        {"unknown-8bit", "\xB1\xEA\xCC\xE2", "标题", CHARSET_GUESSED},
        {"x-unknown", "标题", "标题", CHARSET_GUESSED},
        {"", "\xB1\xEA\xCC\xE2", "标题", CHARSET_GUESSED},
        {"us-ascii", "\xB1\xEA\xCC\xE2", "标题", CHARSET_GUESSED},
        {"gb2312", "报送信息", "报送信息", CHARSET_GUESSED},
        {"iso-8859-1", "报送信息", "报送信息", CHARSET_GUESSED},
        {"iso-8859-1", "\xB1\xEA\xCC\xE2", "标题", CHARSET_GUESSED},
        {"utf-8", "\xB1\xEA\xCC\xE2", "标题", CHARSET_GUESSED},
        {"gb2312", "\xD6\xEC\xE9\x46\xBB\xF9", "朱镕基", CHARSET_EXACT},
        {NULL, "plain", "plain", CHARSET_EXACT},
        {"nonsense", "plain", "plain", CHARSET_EXACT},
        /* not Chinese by any reading: the byte stays visible */
        {NULL, "K\xF6pfe", "K\uFFFDpfe", CHARSET_DAMAGED},
        /* UTF-8 cut by a gateway is not taken for GB18030 */
        {NULL, "报送政务信\xE6\x81", "报送政务信\uFFFD\uFFFD", CHARSET_DAMAGED},
        {"gbk", "\xB1\xEA\xFF\xCC\xE2", "标\uFFFD题", CHARSET_DAMAGED},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++)
        check_sample(&samples[i]);
}

/* One stateful text after another through one descriptor. */
static void
test_reset(void)
{
    static const struct sample cut = {"iso-2022-jp", "\033$BI8", "標",
                                      CHARSET_EXACT};
    static const struct sample next = {"iso-2022-jp", "abc", "abc",
                                       CHARSET_EXACT};

    check_sample(&cut);
    check_sample(&next);
}

/* ---- encoded words ---- */

static const struct {
    const char *raw, *want;
} words[] = {
    /* F1: text behind a padded word, and a word without padding */
    {"=?utf-8?B?5qCH6aKYYQ==?= =?utf-8?B?5rKZ5rm+6ZWH?=", "标题a沙湾镇"},
    {"=?utf-8?B?5qCH6aKYLTYxMDY3NjYx?=", "标题-61067661"},
    {"=?utf-8?B?5qCH6aKYLTYxMDY3NjY?=", "标题-6106766"},
    {"=?utf-8?B?5qCH6aKYLTYxMDY3Ng?=", "标题-610676"},
    /* two pieces of base64 in one word */
    {"=?utf-8?B?5qCH6aKYYQ==5rKZ5rm+6ZWH?=", "标题a沙湾镇"},
    /* E2: cut inside a character, three ways */
    {"=?utf-8?B?5qCH6Q==?= =?utf-8?B?opg=?=", "标题"},
    {"=?utf-8?Q?=E6=A0=87=E9?=\r\n =?UTF-8?Q?=A2=98?=", "标题"},
    {"=?gb2312?B?serM?= =?GBK?B?4g==?=", "标题"},
    /* E4: GBK under the label gb2312; 镕 is 0xE9 0x46 */
    {"=?gb2312?B?1uzpRrv5?=", "朱镕基"},
    {"=?GB2312?Q?=D6=EC=E9F=BB=F9?=", "朱镕基"},
    {"=?gbk?b?serM4g==?=", "标题"},
    {"=?gbk?q?=b1=ea=cc=e2_a?=", "标题 a"},
    {"=?eucgb2312_cn?q?=b1=ea=cc=e2?=", "标题"},
    {"=?gb2312*zh-cn?B?serM4g==?=", "标题"},
    /* E5: spaces where there should be none */
    {"=?utf-8?B?5qCH 6aKY? =", "标题"},
    {"=? utf-8 ?B? 5qCH6aKY ?=", "标题"},
    {"=?utf-8?Q?hello world?=", "hello world"},
    {"=?utf-8?B?5qCH\r\n 6aKY?=", "标题"},
    /* white space: none between words, kept beside text */
    {"=?utf-8?Q?a?=  \r\n\t=?utf-8?Q?b?=", "ab"},
    {"=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"},
    {"=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"},
    {"2019=?utf-8?Q?=E5=B9=B4?=3", "2019年3"},
    {"=?utf-8?Q?a_?= =?gbk?Q?=B1=EA?=", "a 标"},
    {"  plain\r\n  folded ", "plain folded"},
    /* E3: raw bytes, alone and around words */
    {"\xB1\xEA\xCC\xE2 x", "标题 x"},
    {"标题 =?gbk?Q?=B1=EA?= \xB1\xEA\xCC\xE2", "标题 标 标题"},
    /* what is no word is shown as it stands */
    {"=?utf-8?B?5qCH!!?=", "=?utf-8?B?5qCH!!?="},
    {"=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
    {"=?utf-8?Q?abc", "=?utf-8?Q?abc"},
    {"=?=?=?", "=?=?=?"},
    {"a =? b ?= c", "a =? b ?= c"},
    {"1 = 2 ?", "1 = 2 ?"},
    {"=?utf-8?Q?\?=x", "x"},
    {"", ""},
    /* B4: a line end inside a word makes no line */
    {"=?utf-8?B?eA0KQmNjOiB5QHo=?=", "x Bcc: y@z"},
    {"=?utf-8?Q?a=00b?=", "a\uFFFDb"},
    {"=?iso-2022-jp?B?GyRCSTg=?= =?iso-2022-jp?B?GyRCQmobKEI=?=", "標題"},
};

static void
test_words(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autofree char *got =
            rfc2047_decode(words[i].raw, strlen(words[i].raw), NULL);

        g_assert_cmpstr(got, ==, words[i].want);
    }
}

static void
test_word_flags(void)
{
    enum charset_result worst = CHARSET_EXACT;

    g_free(rfc2047_decode("=?utf-8?Q?=E6=A0=87?=", 21, &worst));
    g_assert_cmpint(worst, ==, CHARSET_EXACT);
    g_free(rfc2047_decode("\xB1\xEA\xCC\xE2", 4, &worst));
    g_assert_cmpint(worst, ==, CHARSET_GUESSED);
    g_free(rfc2047_decode("K\xF6pfe", 5, &worst));
    g_assert_cmpint(worst, ==, CHARSET_DAMAGED);
    g_free(rfc2047_decode("plain", 5, &worst));
    g_assert_cmpint(worst, ==, CHARSET_DAMAGED);
}

/* Openings without an end, and 50,000 words, in time that is no more than
 * proportional. */
static void
test_word_floods(void)
{
    static const char *const parts[] = {
        "=?a?Q?x", "=?utf-8?Q?a?= ", "=?", "=?a?B?", "=?utf-8?B?5qCH?=",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(GString) s = g_string_new(NULL);
        gint64 start = cpu_time();

        for (int n = 0; n < 50000; n++)
            g_string_append(s, parts[i]);
        g_free(rfc2047_decode(s->str, s->len, NULL));
        g_assert_cmpint(cpu_time() - start, <, 2 * G_USEC_PER_SEC);
    }
}

/* ---- base64 and quoted-printable ---- */

static const struct {
    const char *in, *want;
    gboolean whole;
} base64[] = {
    {"YWJj", "abc", TRUE},
    {"YWI=", "ab", TRUE},
    {"YQ==", "a", TRUE},
    {"YW\r\nJj", "abc", TRUE},
    {"YQ==YmM=", "abc", TRUE}, /* F2: chunks */
    {"YQ==\r\n\r\nYmM=\r\n", "abc", TRUE},
    {"YWI", "ab", FALSE}, /* E12: cut */
    {"YW", "a", FALSE},
    {"Y", "", FALSE},
    {"YWJj\r\nYWI=\r\n", "abcab", TRUE},
    {"YQ==\r\n-- \r\nlist: footer.\r\n", "a", TRUE},
    {"Y*W J?j", "abc", TRUE},
    {"-_-_", "\xFB\xFF\xBF", TRUE},
    {"", "", TRUE},
    {"====", "", TRUE},
};

static void
test_base64(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(base64); i++) {
        g_autoptr(GByteArray) out = g_byte_array_new();
        gboolean whole = codec_base64(out, base64[i].in, strlen(base64[i].in));

        g_byte_array_append(out, (const guint8 *)"", 1);
        g_assert_cmpstr((const char *)out->data, ==, base64[i].want);
        g_assert_cmpint(whole, ==, base64[i].whole);
    }
}

static void
check_base64(const char *text, const guint8 *want, gsize n)
{
    g_autoptr(GByteArray) out = g_byte_array_new();

    g_assert_true(codec_base64(out, text, strlen(text)));
    g_assert_cmpuint(out->len, ==, n);
    g_assert_true(memcmp(out->data, want, n) == 0);
}

/* Sixteen at a time, four at a time, one by one: every value at every place,
 * and every character that is none. */
static void
test_base64_everywhere(void)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (unsigned i = 0; i < 64 * 64; i++) {
        unsigned at = i / 64, value = i % 64;
        g_autofree char *text = g_strnfill(64, 'A');
        guint8 want[48] = {0};

        text[at] = alphabet[value];
        for (unsigned bit = 6 * at; bit < 6 * at + 6; bit++)
            if (value >> (6 * at + 5 - bit) & 1)
                want[bit / 8] |= (guint8)(0x80 >> bit % 8);
        check_base64(text, want, sizeof want);
        g_strdelimit(text, "+", '-');
        check_base64(g_strdelimit(text, "/", '_'), want, sizeof want);
    }
    for (int c = 1; c < 256; c++)
        for (size_t at = 0; at < 48; at++) {
            g_autoptr(GString) text = g_string_new(alphabet);
            gsize n;
            g_autofree guchar *want = g_base64_decode(alphabet, &n);

            g_string_insert_c(text, (gssize)at, (char)c);
            if (!g_ascii_isalnum(c) && !strchr("+/-_=", c))
                check_base64(text->str, want, n);
        }
}

static void
check_qp(const char *in, const char *want)
{
    g_autoptr(GByteArray) out = g_byte_array_new();

    codec_quoted_printable(out, in, strlen(in));
    g_byte_array_append(out, (const guint8 *)"", 1);
    g_assert_cmpstr((const char *)out->data, ==, want);
}

static void
test_quoted_printable(void)
{
    check_qp("a=3Db", "a=b");
    check_qp("soft=\r\n end", "soft end");
    check_qp("soft= \t\nend", "softend");
    check_qp("trail  \r\nx", "trail\r\nx");
    check_qp("=e6=A0=87", "标");
    check_qp("a=zz=4", "a=zz=4");
    check_qp("last=", "last");
    check_qp("", "");
}

static void
test_uu(void)
{
    static const char text[] = "begin 644 x.txt\n#86)C\n`\nend\n";
    g_autoptr(GByteArray) out = g_byte_array_new();

    g_assert_true(codec_uu(out, text, strlen(text)));
    g_assert_cmpuint(out->len, ==, 3);
    g_assert_true(memcmp(out->data, "abc", 3) == 0);
    g_assert_false(codec_uu(out, text, strlen(text) - 5));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/charset/labels-E7", test_labels);
    g_test_add_func("/charset/every-one", test_every_charset);
    g_test_add_func("/charset/wide", test_wide);
    g_test_add_func("/charset/wrong-labels-E3-E6-F16", test_wrong_labels);
    g_test_add_func("/charset/reset", test_reset);
    g_test_add_func("/rfc2047/words-E1-E2-E4-E5", test_words);
    g_test_add_func("/rfc2047/flags", test_word_flags);
    g_test_add_func("/rfc2047/floods-E13", test_word_floods);
    g_test_add_func("/codec/base64-F2-E12", test_base64);
    g_test_add_func("/codec/base64-everywhere", test_base64_everywhere);
    g_test_add_func("/codec/quoted-printable", test_quoted_printable);
    g_test_add_func("/codec/uu", test_uu);
    return g_test_run();
}
