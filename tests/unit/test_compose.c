/* Outgoing mail: form of the reply (reliability.md section 3 B). */
#include "reply/compose.h"
#include "reply/recheck.h"

#include <string.h>

static struct clock shanghai;

static struct outgoing_mail
sample(void)
{
    struct outgoing_mail m = {
        .occasion = OCCASION_REPLY,
        .office = "郯城县人民政府办公室信息科",
        .from = "xxk@mail.example.gov.cn",
        .to = "li@example.gov.cn",
        .subject = "已受理：2019-0012《全县春耕备播进展顺利》",
        .text = "你单位报送的信息已受理登记。\n.\n--\n",
        .html = "<p>已受理</p>",
        .key = "mail-12",
        .instant = 1551749400,
        .clock = &shanghai,
        .in_reply_to = "<abc@foxmail.com>",
    };

    return m;
}

static char *
compose(const struct outgoing_mail *m)
{
    struct err e = ERR_INIT;
    char *data = NULL;
    size_t len = 0;
    enum st st = compose_mail(m, &data, &len, &e);

    g_assert_cmpstr(e.text, ==, "");
    g_assert_cmpint(st, ==, ST_OK);
    g_assert_cmpuint(strlen(data), ==, len);
    return data;
}

/* The header as one block, CR LF gone. */
static char *
header(const char *data)
{
    const char *end = strstr(data, "\r\n\r\n");
    g_autofree char *block = g_strndup(data, (gsize)(end - data));
    g_auto(GStrv) lines = g_strsplit(block, "\r\n", -1);

    return g_strjoinv("\n", lines);
}

static guint
count(const char *text, const char *what)
{
    guint n = 0;

    for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
        n++;
    return n;
}

static void
assert_line(const char *block, const char *line)
{
    g_autofree char *framed = g_strdup_printf("\n%s\n", line);
    g_autofree char *all = g_strdup_printf("\n%s\n", block);

    if (!strstr(all, framed))
        g_error("no line \"%s\" in:\n%s", line, block);
}

static void
test_b1_headers(void)
{
    struct outgoing_mail m = sample();
    g_autofree char *data = compose(&m);
    g_autofree char *h = header(data);
    g_autofree char *id = compose_message_id("mail-12", m.from);
    g_autofree char *id_line = g_strconcat("Message-ID: ", id, NULL);

    assert_line(h, "Auto-Submitted: auto-replied");
    assert_line(h, "X-Auto-Response-Suppress: All");
    assert_line(h, COMPOSE_LOOP_HEADER ": xxk@mail.example.gov.cn");
    assert_line(h, "To: li@example.gov.cn");
    assert_line(h, "Date: Tue, 05 Mar 2019 09:30:00 +0800");
    assert_line(h, "MIME-Version: 1.0");
    assert_line(h, id_line);
    g_assert_true(compose_id_valid(id));
    g_assert_true(g_str_has_suffix(id, "@mail.example.gov.cn>"));
    g_assert_cmpuint(count(h, "\nTo: "), ==, 1);
    g_assert_null(strstr(h, "Cc:"));
}

/* B13, B14: a repeat is the same bytes; another mail has another identity. */
static void
test_b13_same_bytes(void)
{
    struct outgoing_mail m = sample();
    g_autofree char *a = compose(&m), *b = compose(&m), *c = NULL, *d = NULL;
    g_autofree char *id = NULL, *other = NULL;

    g_assert_cmpstr(a, ==, b);
    id = compose_message_id("mail-12", m.from);
    other = compose_message_id("mail-13", m.from);
    g_assert_cmpstr(id, !=, other);
    m.occasion = OCCASION_NOTICE;
    c = compose(&m);
    d = header(c);
    assert_line(d, "Auto-Submitted: auto-generated");
}

static void
test_b2_thread(void)
{
    static const char *const references[] = {
        "<first@x>", "bad", "<abc@foxmail.com>", "<second@x>", NULL};
    struct outgoing_mail m = sample();
    g_autofree char *data = NULL, *h = NULL;

    m.references = references;
    data = compose(&m);
    h = header(data);
    assert_line(h, "In-Reply-To: <abc@foxmail.com>");
    g_assert_nonnull(
        strstr(h, "References: <first@x>\n <second@x>\n <abc@foxmail.com>\n"));
}

static void
test_b2_malformed_ids(void)
{
    static const char *const good[] = {
        "<a@b>", "<!&!AAAAAAAAAAAYAAAAAAAAA@mail.example.com>",
        "<tencent_5F3C@qq.com>", "<1552@[10.0.0.1]>"};
    static const char *const bad[] = {
        "",          "a@b",       "<>",      "<a>",
        "<@b>",      "<a@>",      "<a b@c>", "<a@b> <c@d>",
        "<a@b\r\n>", "<a@b\x01>", "<a<@b>",  "<\xE4\xB8\xAD@b>"};
    g_autofree char *x = g_strnfill(900, 'x');
    g_autofree char *longest = g_strdup_printf("<%s@b>", x);

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(compose_id_valid(good[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(compose_id_valid(bad[i]));
    g_assert_false(compose_id_valid(longest));
    g_assert_false(compose_id_valid(NULL));
}

static void
test_b3_no_thread(void)
{
    struct outgoing_mail m = sample();
    g_autofree char *data = NULL;

    m.in_reply_to = "<a\r\nBcc: x@y>";
    data = compose(&m);
    g_assert_null(strstr(data, "In-Reply-To"));
    g_assert_null(strstr(data, "References"));
    g_assert_null(strstr(data, "Bcc"));
}

static void
test_b4_injection(void)
{
    static const char *const subjects[] = {
        "x\r\nBcc: y@z",        "x\nBcc: y@z",
        "x\r\n\r\nbody",        "=?utf-8?B?eA0KQmNjOiB5QHo=?=",
        "a\tb\x7f\x01\xC2\x85", "\xB1\xA8"};

    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
        struct outgoing_mail m = sample();
        g_autofree char *data = NULL, *h = NULL;

        m.subject = subjects[i];
        m.office = subjects[i];
        data = compose(&m);
        h = header(data);
        g_assert_cmpuint(count(h, "\nSubject: "), ==, 1);
        g_assert_cmpuint(count(h, "\nBcc"), ==, 0);
        if (i == 0) /* what an encoded word would hide is gone too */
            assert_line(h, "Subject: x Bcc: y@z");
        g_assert_nonnull(strstr(h, "\nContent-Type: multipart/alternative"));
    }
}

static void
test_b5_long_subject(void)
{
    g_autoptr(GString) subject = g_string_new("a");
    struct outgoing_mail m = sample();
    g_autofree char *data = NULL, *h = NULL;
    g_auto(GStrv) lines = NULL;

    for (int i = 0; i < 900; i++)
        g_string_append(subject, "𠮷");
    m.subject = subject->str;
    data = compose(&m); /* the recheck compares the decoded text */
    h = header(data);
    lines = g_strsplit(h, "\n", -1);
    for (char **l = lines; *l; l++)
        g_assert_cmpuint(strlen(*l), <=, 76);
    for (const char *p = h; (p = strstr(p, "=?UTF-8?B?")) != NULL; p++) {
        const char *end = strstr(p, "?=");
        g_autofree char *inside = g_strndup(p + 10, (gsize)(end - p - 10));
        gsize n = 0;
        g_autofree guchar *bytes = g_base64_decode(inside, &n);

        g_assert_cmpint(end + 2 - p, <=, 75);
        g_assert_true(g_utf8_validate((char *)bytes, (gssize)n, NULL));
    }
}

static struct mail_attachment
workbook(const char *name)
{
    struct mail_attachment a = {
        name, "bulletin-2019-03.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "PK\x03\x04 not really", 15};

    return a;
}

static void
test_b6_names(void)
{
    struct mail_attachment a =
        workbook("关于2019年3月份全县政务信息采用情况的通报.xlsx");
    struct outgoing_mail m = sample();
    g_autofree char *data = NULL;

    m.attachments = &a;
    m.n_attachments = 1;
    data = compose(&m);
    g_assert_nonnull(strstr(data, "\r\n name=\"bulletin-2019-03.xlsx\"\r\n"));
    g_assert_nonnull(
        strstr(data, "\r\n filename*=UTF-8''%E5%85%B3%E4%BA%8E2019%E5%B9%B4"));
    g_assert_nonnull(strstr(data, "\r\n filename=\"=?UTF-8?B?"));
    g_assert_nonnull(strstr(data, "\r\nContent-Type: multipart/mixed;"));
}

static void
test_b6_hostile_names(void)
{
    static const char *const names[] = {"a\"\r\nX: y.xlsx", "../../etc/x.xlsx",
                                        "稿\u202excod.exe", "", "CON"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        struct mail_attachment a = workbook(names[i]);
        struct outgoing_mail m = sample();
        g_autofree char *data = NULL;

        a.short_name = names[i];
        m.attachments = &a;
        m.n_attachments = 1;
        data = compose(&m);
        g_assert_null(strstr(data, "\r\nX: y"));
        g_assert_null(strstr(data, "../"));
    }
}

/* B8: no line of a body begins with a dot or could be a boundary. */
static void
test_b8_dots(void)
{
    struct outgoing_mail m = sample();
    g_autofree char *data = NULL;

    m.text = "......\n.\nQUIT\n--=_x\n";
    data = compose(&m);
    g_assert_null(strstr(data, "\n."));
    g_assert_null(strstr(data, "QUIT"));
}

static void
test_b9_display_name(void)
{
    struct outgoing_mail m = sample();
    g_autofree char *data = NULL, *h = NULL;

    m.office = "\"办公室\" <evil@x>\u202e, \"";
    data = compose(&m);
    h = header(data);
    g_assert_nonnull(strstr(h, "\n <xxk@mail.example.gov.cn>\nTo: "));
    g_assert_null(strstr(h, "evil"));
}

/* B10, A28: nobody is written to whose address is not one. */
static void
test_b10_addresses(void)
{
    static const char *const bad[] = {
        "\xEF\xBF\xBD@example.cn",  "a@b>\r\nRCPT TO:<evil@x",
        "a b@example.cn",           "a@localhost",
        "<a@example.cn>",           "",
        "a@example.cn,b@example.cn"};

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct outgoing_mail m = sample();
        struct err e = ERR_INIT;
        char *data = NULL;
        size_t len = 7;

        m.to = bad[i];
        g_assert_cmpint(compose_mail(&m, &data, &len, &e), ==, ST_REJECT);
        g_assert_null(data);
        g_assert_cmpuint(len, ==, 7);
    }
}

/* B10: whether the server takes it is the server's to say; the mail itself is
 * ASCII. */
static void
test_b10_utf8(void)
{
    struct outgoing_mail m = sample();
    g_autofree char *data = NULL, *h = NULL;
    struct err e = ERR_INIT;
    size_t len = 0;

    m.to = "信息@example.cn";
    data = compose(&m);
    h = header(data);
    g_assert_nonnull(
        strstr(h, "\nTo: =?UTF-8?B?5L+h5oGvQGV4YW1wbGUuY24=?= :;\n"));
    g_assert_true(g_str_is_ascii(data));
    m.from = m.to;
    m.to = "a@example.cn";
    g_clear_pointer(&data, g_free);
    g_assert_cmpint(compose_mail(&m, &data, &len, &e), ==, ST_REJECT);
}

/* ---- the second reading finds what was not meant ---- */

static enum st
recheck_changed(const char *from, const char *to)
{
    struct recheck_field fields[] = {{"Subject", "标题"},
                                     {"Content-Type", NULL},
                                     {"Content-Transfer-Encoding", "base64"}};
    struct recheck_part parts[] = {{"text", 4}};
    struct recheck want = {g_array_new(FALSE, FALSE, sizeof fields[0]),
                           g_array_new(FALSE, FALSE, sizeof parts[0])};
    struct err e = ERR_INIT;
    g_autoptr(GString) mail =
        g_string_new("Subject: =?UTF-8?B?5qCH?=\r\n =?UTF-8?B?6aKY?=\r\n"
                     "Content-Type: text/plain\r\n"
                     "Content-Transfer-Encoding: base64\r\n\r\ndGV4dA==\r\n");
    enum st st;

    g_array_append_vals(want.fields, fields, 3);
    g_array_append_vals(want.parts, parts, 1);
    if (from)
        g_assert_cmpuint(g_string_replace(mail, from, to, 1), ==, 1);
    st = recheck_mail(mail->str, mail->len, &want, &e);
    g_array_unref(want.fields);
    g_array_unref(want.parts);
    return st;
}

static void
test_recheck(void)
{
    static const struct {
        const char *from, *to;
    } changes[] = {
        {"Content-Type", "Bcc: x@y\r\nContent-Type"},  /* a field too many */
        {"Content-Transfer-Encoding: base64\r\n", ""}, /* one missing */
        {"Subject", "subject"},
        {"5qCH", "5qCI"}, /* another text */
        {"dGV4dA==", "dGV4dQ=="},
        {"plain\r\n", "plain\n"},
        {"plain", "pl\xC3\xA4in"},
        {"text/plain", "multipart/mixed; boundary=\"x\""},
        {"==\r\n", "=="},
        {"base64\r\n\r\n", "base64\r\nBcc: x@y\r\n\r\n"},
    };

    g_assert_cmpint(recheck_changed(NULL, NULL), ==, ST_OK);
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_test_message("%s", changes[i].to);
        g_assert_cmpint(recheck_changed(changes[i].from, changes[i].to), ==,
                        ST_FATAL);
    }
}

/* A mistake of our own in a letter: it is not given out. */
static void
test_recheck_refuses(void)
{
    struct mail_attachment a = workbook("x.xlsx");
    struct outgoing_mail m = sample();
    struct err e = ERR_INIT;
    char *data = NULL;
    size_t len = 7;

    a.type = "application/x\r\nX: y";
    m.attachments = &a;
    m.n_attachments = 1;
    g_assert_cmpint(compose_mail(&m, &data, &len, &e), ==, ST_FATAL);
    g_assert_null(data);
    g_assert_cmpuint(len, ==, 7);
}

/* Wherever it stands among those that are looked at together. */
static void
test_recheck_bytes(void)
{
    static const struct {
        char byte;
        enum st st;
    } cases[] = {
        {'\x01', ST_OK},  {'\x0C', ST_OK},        {'\x0E', ST_OK},
        {'~', ST_OK},     {'\x7F', ST_FATAL},     {'\r', ST_FATAL},
        {'\n', ST_FATAL}, {(char)0x80, ST_FATAL}, {(char)0xFF, ST_FATAL}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        for (gsize at = 0; at < 20; at++) {
            g_autofree char *before = g_strnfill(at, 'x');
            g_autofree char *to =
                g_strdup_printf("plain%s%cxxxxxxxx", before, cases[i].byte);

            g_assert_cmpint(recheck_changed("plain", to), ==, cases[i].st);
        }
}

int
main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    shanghai.zone = g_time_zone_new_identifier("Asia/Shanghai");
    g_test_add_func("/compose/B1-headers", test_b1_headers);
    g_test_add_func("/compose/B13-same-bytes", test_b13_same_bytes);
    g_test_add_func("/compose/B2-thread", test_b2_thread);
    g_test_add_func("/compose/B2-malformed-ids", test_b2_malformed_ids);
    g_test_add_func("/compose/B3-no-thread", test_b3_no_thread);
    g_test_add_func("/compose/B4-injection", test_b4_injection);
    g_test_add_func("/compose/B5-long-subject", test_b5_long_subject);
    g_test_add_func("/compose/B6-names", test_b6_names);
    g_test_add_func("/compose/B6-hostile-names", test_b6_hostile_names);
    g_test_add_func("/compose/B8-dots", test_b8_dots);
    g_test_add_func("/compose/B9-display-name", test_b9_display_name);
    g_test_add_func("/compose/B10-addresses", test_b10_addresses);
    g_test_add_func("/compose/B10-utf8", test_b10_utf8);
    g_test_add_func("/compose/recheck", test_recheck);
    g_test_add_func("/compose/recheck-refuses", test_recheck_refuses);
    g_test_add_func("/compose/recheck-bytes", test_recheck_bytes);
    result = g_test_run();
    g_time_zone_unref(shanghai.zone);
    return result;
}
