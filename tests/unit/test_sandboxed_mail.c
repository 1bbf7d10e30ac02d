/* Mail read inside the sandbox gives what it gives outside: no conversion,
 * no parser and no hash needs a file that can no longer be opened. */
#include "message/mail.h"
#include "message/reader.h"

#include <string.h>

static struct reader_pool *pool;

static void
check_same(const char *what, const char *mail, size_t len)
{
    g_autoptr(reading) outside = mail_read((const guint8 *)mail, len, NULL);
    struct reader_result result;
    g_autoptr(GVariant) a = NULL, b = NULL;
    struct err e = ERR_INIT;

    g_assert_cmpint(
        reader_read(pool, (const guint8 *)mail, len, 0, &result, &e), ==,
        ST_OK);
    if (result.outcome != READER_READ)
        g_error("%s: %s", what, result.cause);
    a = g_variant_ref_sink(reading_to_variant(outside));
    b = g_variant_ref_sink(reading_to_variant(result.reading));
    if (!g_variant_equal(a, b))
        g_error("%s reads otherwise inside: %s", what, result.reading->body);
    reader_result_clear(&result);
}

/* Bytes that every charset says something else about. */
static void
test_charsets(void)
{
    static const char *const labels[] = {
        "utf-8",        "gb2312",       "gbk",           "gb18030",
        "hz-gb-2312",   "iso-8859-1",   "utf-16",        "utf-16le",
        "utf-16be",     "utf-32",       "utf-32le",      "utf-32be",
        "utf-7",        "big5",         "shift_jis",     "euc-jp",
        "euc-kr",       "iso-2022-jp",  "iso-2022-jp-2", "iso-2022-kr",
        "iso-2022-cn",  "iso-8859-2",   "iso-8859-3",    "iso-8859-4",
        "iso-8859-5",   "iso-8859-6",   "iso-8859-7",    "iso-8859-8",
        "iso-8859-9",   "iso-8859-10",  "iso-8859-13",   "iso-8859-14",
        "iso-8859-15",  "iso-8859-16",  "windows-1250",  "windows-1251",
        "windows-1253", "windows-1254", "windows-1255",  "windows-1256",
        "windows-1257", "windows-1258", "windows-874",   "koi8-r",
        "koi8-u",       "macintosh",    "ibm437",        "ibm850",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
        g_autofree char *mail = g_strdup_printf(
            "From: a@b.cn\nSubject: =?%s?Q?=B1=EA=CC=E2?=\n"
            "Content-Type: text/plain; charset=%s\n\n"
            "\xB1\xEA\xCC\xE2 \033$BI8\033(B ~{1jLb~} +aAeYmA-\n",
            labels[i], labels[i]);

        check_same(labels[i], mail, strlen(mail));
    }
}

/* What the sandbox would turn to mojibake without a word. */
static void
test_chinese(void)
{
    static const char mail[] = "From: =?GBK?B?wO7D9w==?= <a@b.cn>\n"
                               "Subject: =?gb2312?B?serM4g==?=\n"
                               "Content-Type: text/html; charset=gb2312\n\n"
                               "<p>\xB1\xEA\xCC\xE2</p>\n";
    struct reader_result result;
    struct err e = ERR_INIT;

    g_assert_cmpint(
        reader_read(pool, (const guint8 *)mail, strlen(mail), 0, &result, &e),
        ==, ST_OK);
    g_assert_cmpint(result.outcome, ==, READER_READ);
    g_assert_cmpstr(result.reading->subject, ==, "标题");
    g_assert_cmpstr(result.reading->body, ==, "标题\n");
    g_assert_cmpuint(result.reading->flags, ==, 0);
    reader_result_clear(&result);
}

/* One mail with a file of each kind of reader behind it. */
static void
test_files(void)
{
    static const char *const files[] = {
        "{\\rtf1\\ansi\\ansicpg936 \\'b1\\'ea}",
        "<html><meta charset=gbk><body>\xB1\xEA</body></html>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<w:wordDocument "
        "xmlns:w=\"http://schemas.microsoft.com/office/word/2003/wordml\">"
        "<w:body><w:p><w:r><w:t>x</w:t></w:r></w:p></w:body>"
        "</w:wordDocument>",
        "PK\003\004 damaged",
        "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 damaged",
        "\x78\x9F\x3E\x22\x01\x00",
        "From: x@y.cn\nSubject: inner\n\ntext\n",
        "plain \xB1\xEA",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *mail =
            g_strconcat("From: a@b.cn\nContent-Type: application/msword; "
                        "name=a.doc\n\n",
                        files[i], "\n", NULL);

        check_same(files[i], mail, strlen(mail));
    }
}

/* F3r: memory is refused to the reader, a little later each time, until there
 * is enough.  It aborts and is named as dead, or reads what it should; the
 * program lives, and so does the next reader. */
static void
test_memory_refused(void)
{
#ifdef BAOSONG_SANITIZED
    g_test_skip("a sanitized reader has no limit of its own");
#else
    static const char mail[] =
        "From: a@b.cn\nSubject: =?gb2312?B?serM4g==?=\n"
        "Content-Type: text/html; charset=gb2312\n\n<p>\xB1\xEA\xCC\xE2</p>\n";
    g_autofree char *text = g_strnfill(300000, 'x');
    g_autofree char *big = g_strconcat(mail, text, NULL);
    struct reader_config config = {
        .workers = 1, .message_bytes = 1 << 20, .prepare = mail_init};
    guint died = 0, given = 0;

    for (config.memory_bytes = 4096; given < 5;
         config.memory_bytes += 64 << 10) {
        struct reader_pool *small = NULL;
        struct reader_result r;
        struct err e = ERR_INIT;

        g_assert_cmpint(reader_pool_new(&config, &small, &e), ==, ST_OK);
        g_assert_cmpint(
            reader_read(small, (const guint8 *)big, strlen(big), 0, &r, &e), ==,
            ST_OK);
        if (r.outcome == READER_READ)
            g_assert_cmpstr(r.reading->subject, ==, "标题");
        else
            g_assert_cmpint(r.outcome, ==, READER_DIED);
        given += r.outcome == READER_READ ? 1 : 0;
        died += r.outcome == READER_READ ? 0 : 1;
        reader_result_clear(&r);
        reader_pool_free(small);
    }
    g_test_message("died %u times", died);
    g_assert_cmpuint(died, >=, 3);
#endif
}

int
main(int argc, char **argv)
{
    struct reader_config config = {
        .workers = 1, .message_bytes = 1 << 20, .prepare = mail_init};
    struct err e = ERR_INIT;
    int rc;

    g_test_init(&argc, &argv, NULL);
    mail_init();
    if (reader_pool_new(&config, &pool, &e) != ST_OK)
        g_error("%s", e.text);
    g_test_add_func("/sandboxed-mail/charsets", test_charsets);
    g_test_add_func("/sandboxed-mail/chinese", test_chinese);
    g_test_add_func("/sandboxed-mail/files", test_files);
    g_test_add_func("/sandboxed-mail/F3r-memory-refused", test_memory_refused);
    rc = g_test_run();
    reader_pool_free(pool);
    return rc;
}
