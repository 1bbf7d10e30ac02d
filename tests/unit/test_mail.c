/* Whole messages: from bytes to the reading. */
#include "message/mail.h"
#include "unit/cpu_time.h"

#include <string.h>

#define HEAD                                                                   \
    "From: \"liming@example.cn\" <liming@example.cn>\r\n"                      \
    "To: xxk <xxk@office.example.gov.cn>\r\n"                                  \
    "Subject: =?GB2312?B?tLq4+8fpv/Y=?=-6106766\r\n"                           \
    "Date: Fri, 1 Mar 2019 08:00:00 +0800\r\n"                                 \
    "Message-ID: <202003010800@example.cn>\r\n"                                \
    "X-Mailer: Foxmail 7.2.9.115[cn]\r\n"                                      \
    "Mime-Version: 1.0\r\n"
#define MIXED                                                                  \
    HEAD "Content-Type: multipart/mixed;\r\n"                                  \
         "\tboundary=\"----=_001_Next_=----\"\r\n\r\n"                         \
         "This is a multi-part message in MIME format.\r\n\r\n"
#define NEXT "------=_001_Next_=----\r\n"
#define END "------=_001_Next_=------\r\n"
#define PLAIN                                                                  \
    NEXT "Content-Type: text/plain;\r\n\tcharset=\"gb2312\"\r\n"               \
         "Content-Transfer-Encoding: base64\r\n\r\n"                           \
         "x+ux6cemt6KhowrQu9C7oaM=\r\n\r\n"
/* {\rtf1\ansi draft text} */
#define RTF "e1xydGYxXGFuc2kgZHJhZnQgdGV4dH0="
#define DRAFT DRAFT_OF(RTF)
#define DRAFT_OF(base64)                                                       \
    NEXT "Content-Type: application/msword;\r\n"                               \
         "\tname=\"=?GB2312?B?uOW8/i5kb2M=?=\"\r\n"                            \
         "Content-Transfer-Encoding: base64\r\n"                               \
         "Content-Disposition: attachment;\r\n"                                \
         "\tfilename=\"=?GB2312?B?uOW8/i5kb2M=?=\"\r\n\r\n" base64 "\r\n\r\n"

static struct reading *
read_bytes(const char *data, size_t len)
{
    static const struct mail_context context = {"xxk@office.example.gov.cn",
                                                NULL, FALSE};

    return mail_read((const guint8 *)data, len, &context);
}

static struct reading *
read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static const struct reading_file *
file_at(const struct reading *r, guint i)
{
    g_assert_cmpuint(i, <, r->files->len);
    return g_ptr_array_index(r->files, i);
}

static void
test_foxmail(void)
{
    g_autoptr(reading) r = read_text(MIXED PLAIN DRAFT END);
    const struct reading_file *f = file_at(r, 0);

    g_assert_cmpuint(r->flags, ==, 0);
    g_assert_cmpint(r->machine, ==, MACHINE_NO);
    g_assert_cmpstr(r->subject, ==, "春耕情况-6106766");
    g_assert_cmpstr(reading_author(r), ==, "liming@example.cn");
    g_assert_cmpstr(r->message_id, ==, "<202003010800@example.cn>");
    g_assert_null(r->was_date);
    g_assert_null(r->return_path);
    g_assert_nonnull(strstr(r->body, "谢谢。"));
    g_assert_false(r->body_is_html);
    g_assert_cmpuint(r->files->len, ==, 1);
    g_assert_cmpstr(f->name, ==, "稿件.doc");
    g_assert_null(f->other_name);
    g_assert_cmpstr(f->type, ==, "application/msword");
    g_assert_cmpint(f->kind, ==, FILE_RTF);
    g_assert_cmpint(f->size, ==, 23);
    g_assert_nonnull(strstr(f->text, "draft text"));
    g_assert_cmpint(f->words, ==, 2);
    g_assert_nonnull(f->bytes);
    g_assert_cmpuint(strlen(f->sha256), ==, 64);
    g_assert_cmpuint(strlen(r->identity), ==, 64);
    g_assert_cmpuint(strlen(r->raw_hash), ==, 64);
}

/* QQ: alternative, html in base64, names as RFC 2047 in gb18030. */
static void
test_alternative(void)
{
    g_autoptr(reading) both = read_text(
        HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
             "--b\r\nContent-Type: text/plain; charset=gb18030\r\n\r\n"
             "\xB8\xE5\xBC\xFE\r\n"
             "--b\r\nContent-Type: text/html; charset=gb18030\r\n\r\n"
             "<p>html</p>\r\n--b--\r\n");
    g_autoptr(reading) blank =
        read_text(HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
                       "--b\r\nContent-Type: text/plain\r\n\r\n  \r\n"
                       "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
                       "<p>稿件</p><blockquote>旧</blockquote>\r\n--b--\r\n");

    g_assert_cmpstr(both->body, ==, "稿件");
    g_assert_false(both->body_is_html);
    g_assert_nonnull(strstr(blank->body, "稿件\n旧"));
    g_assert_cmpstr(blank->own_text, ==, "稿件\n");
    g_assert_true(blank->body_is_html);
}

static void
check_subject(const char *field, const char *want, unsigned flags)
{
    g_autofree char *mail =
        g_strdup_printf("From: a@b.cn\r\n%s\r\n\r\nx\r\n", field);
    g_autoptr(reading) r = read_text(mail);

    g_assert_cmpstr(r->subject, ==, want);
    g_assert_cmpuint(r->flags, ==, flags);
}

/* E1-E7 as they come in a whole mail. */
static void
test_subjects(void)
{
    check_subject("Subject: =?utf-8?B?5qCH6aKYYQ==?= =?utf-8?B?5rKZ5rm+?=",
                  "标题a沙湾", 0);
    check_subject("Subject: \xB1\xEA\xCC\xE2\xB9\xE9\xB2\xFD", "标题归昌", 0);
    check_subject("Subject: 标题", "标题", 0);
    check_subject("Subject: K\xF6pfe", "K\uFFFDpfe", READING_BAD_CHARSET);
    check_subject("SUBJECT:x", "x", 0);
    /* B9: left out, and said so */
    check_subject("Subject: =?utf-8?Q?=E2=80=AEab=E2=80=8B?=", "ab",
                  READING_HIDDEN_CHARACTERS);
    check_subject("Subject: =?utf-8?Q?a=EF=B8=8F?=", "a", 0);
    check_subject("Subject:", NULL, 0);
    check_subject("X: y", NULL, 0);
    /* E9 */
    check_subject("Subject: a\r\nSubject: b", "a | b", READING_REPEATED_HEADER);
    check_subject("Subject: a\r\nFrom: c@d.cn", "a", READING_REPEATED_HEADER);
    check_subject("Subject: a\r\nX-Spam-Flag: YES", "a", READING_SPAM);
    check_subject("To: \xFF\xFE <a@b.cn>\r\nSubject: a", "a", 0);
    check_subject("Subject: [SPAM] a", "[SPAM] a", READING_SPAM);
}

/* E9, A27: of two From fields nobody is the author. */
static void
test_two_authors(void)
{
    g_autoptr(reading) fields =
        read_text("From: a@b.cn\nFrom: c@d.cn\nSubject: x\n\ny\n");
    g_autoptr(reading) list =
        read_text("From: a@b.cn, c@d.cn\nSender: c@d.cn\n\ny\n");

    g_assert_null(reading_author(fields));
    g_assert_cmpuint(fields->from->len, ==, 2);
    g_assert_null(reading_author(list));
    g_assert_cmpstr(list->sender, ==, "c@d.cn");
}

/* A27: of several who send, one who is not the author is enough. */
static void
test_senders(void)
{
    static const struct {
        const char *fields, *want;
    } mails[] = {
        {"Sender: A@b.cn\n", "A@b.cn"},
        {"Sender: a@b.cn\nSender: c@d.cn\n", "c@d.cn"},
        {"Sender: c@d.cn\nSender: a@b.cn\n", "c@d.cn"},
        {"Sender: a@b.cn, c@d.cn\n", "c@d.cn"},
        {"Sender: x, c@d.cn\n", "c@d.cn"},
        {"Sender: a@b.cn\nSender: a@B.CN\n", "a@b.cn"},
        {"Sender: 张敏, 李明 <a@b.cn>\n", "a@b.cn"},
        {"Sender: x\n", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
        g_autofree char *mail =
            g_strdup_printf("%sFrom: a@b.cn\n\ny\n", mails[i].fields);
        g_autoptr(reading) r = read_text(mail);

        g_assert_cmpstr(r->sender, ==, mails[i].want);
    }
}

static char *
with_line_ends(const char *text, const char *eol)
{
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);

    return g_strjoinv(eol, lines);
}

/* E10: LF, CR LF and CR alone give the same reading. */
static void
test_line_ends(void)
{
    static const char *const ends[] = {"\n", "\r", "\r\n"};

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *mail = with_line_ends(MIXED PLAIN DRAFT END, ends[i]);
        g_autoptr(reading) r = read_text(mail);

        g_assert_cmpstr(r->subject, ==, "春耕情况-6106766");
        g_assert_cmpint(file_at(r, 0)->size, ==, 23);
        g_assert_cmpuint(r->flags, ==, 0);
    }
}

/* E11: what is there is found, and the flag says that it may not be all. */
static void
test_boundaries(void)
{
    g_autofree char *name = g_strnfill(90, 'x');
    g_autofree char *mail = g_strdup_printf(
        HEAD "Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n"
             "Content-Type: text/plain\r\n\r\nlong\r\n--%s--\r\n",
        name, name, name);
    g_autoptr(reading) open = read_text(MIXED PLAIN DRAFT);
    g_autoptr(reading) longer = read_text(mail);
    g_autoptr(reading) prefix = read_text(
        HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
             "--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n"
             "--bb\r\nContent-Type: text/plain\r\n\r\none\r\n"
             "--bb\r\nContent-Type: text/plain\r\n\r\ntwo\r\n--bb--\r\n"
             "--b\r\nContent-Type: text/plain\r\n\r\nthree\r\n--b--\r\n");
    g_autoptr(reading) none =
        read_text(HEAD "Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n"
                       "--\r\nContent-Type: text/plain\r\n\r\nx\r\n----\r\n");

    g_assert_true(open->flags & READING_INCOMPLETE);
    g_assert_cmpint(file_at(open, 0)->size, ==, 23);
    g_assert_cmpuint(longer->flags, ==, 0);
    g_assert_cmpstr(longer->body, ==, "long");
    g_assert_cmpuint(prefix->flags, ==, 0);
    g_assert_cmpstr(prefix->body, ==, "one\ntwo\nthree");
    g_assert_nonnull(none->body);
}

/* The line end before a boundary is the boundary's, also where the closing
 * line is the last of the mail and has no end. */
static void
test_last_line(void)
{
    g_autoptr(reading) r = read_text(
        HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
             "Content-Type: text/plain; name=a.txt\r\n\r\nabc\r\n\r\n"
             "--b--");

    g_assert_cmpuint(r->flags, ==, 0);
    g_assert_cmpint(file_at(r, 0)->size, ==, 5);
}

/* E12, F2: cut base64 is flagged, chunked base64 is whole. */
static void
test_base64(void)
{
    g_autoptr(reading) cut =
        read_text(MIXED NEXT "Content-Type: application/msword; name=a.doc\r\n"
                             "Content-Transfer-Encoding: base64\r\n\r\n"
                             "e1xydGYxXGFuc2kgZHJhZnQgdGV4dH\r\n" END);
    g_autoptr(reading) chunks = read_text(
        MIXED NEXT "Content-Type: application/msword; name=a.doc\r\n"
                   "Content-Transfer-Encoding: base64\r\n\r\n"
                   "e1xydGYxXA==\r\nYW5zaSBkcmFmdCB0ZXh0fQ==\r\n" END);

    g_assert_true(cut->flags & READING_INCOMPLETE);
    g_assert_true(file_at(cut, 0)->incomplete);
    g_assert_cmpuint(chunks->flags, ==, 0);
    g_assert_cmpint(file_at(chunks, 0)->size, ==, 23);
    g_assert_nonnull(strstr(file_at(chunks, 0)->text, "draft text"));
}

/* Two files of many lines each, as the parts of one mail. */
static char *
mail_of_files(const guint8 *bytes, gsize n, gsize line, const char *eol)
{
    g_autofree char *all = g_base64_encode(bytes, n);
    GString *out = g_string_new("Content-Type: multipart/mixed; boundary=b");

    g_string_append_printf(out, "%s%s", eol, eol);
    for (int i = 0; i < 2; i++) {
        g_string_append_printf(out,
                               "--b%sContent-Transfer-Encoding: base64%s"
                               "Content-Type: image/png; name=a%s%s",
                               eol, eol, eol, eol);
        for (const char *p = all; *p; p += MIN(line, strlen(p)))
            g_string_append_printf(out, "%.*s%s", (int)line, p, eol);
    }
    g_string_append_printf(out, "--b--%s", eol);
    return g_string_free(out, FALSE);
}

/* What GMime is not shown of long base64 is there all the same. */
static void
test_long_base64(void)
{
    static const gsize lines[] = {20, 60, 64, 76, 990, 100000};
    static guint8 bytes[60001];

    for (gsize i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8)(i * i >> 3);
    for (gsize i = 0; i < 4 * G_N_ELEMENTS(lines); i++) {
        gsize n = i % 2 ? sizeof bytes : 4000 + 100 * i;
        g_autofree char *sum =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, n);
        g_autofree char *mail =
            mail_of_files(bytes, n, lines[i / 4], i % 4 < 2 ? "\r\n" : "\n");
        g_autoptr(reading) r = read_text(mail);

        g_assert_cmpuint(r->flags, ==, 0);
        g_assert_cmpuint(r->files->len, ==, 2);
        g_assert_cmpstr(file_at(r, 0)->sha256, ==, sum);
        g_assert_cmpstr(file_at(r, 1)->sha256, ==, sum);
    }
}

/* F3: a parameter's name of 72 characters with a value that is not ASCII
 * made GMime loop for ever when it wrote the part again. */
static void
test_long_parameter(void)
{
    g_autofree char *name = g_strnfill(80, 'n');
    g_autofree char *mail = g_strdup_printf(
        MIXED NEXT "Content-Type: application/msword; %s=\"\xB8\xE5\";\r\n"
                   " name=a.doc\r\n\r\nx\r\n" END,
        name);
    g_autoptr(reading) r = read_text(mail);

    g_assert_cmpstr(file_at(r, 0)->name, ==, "a.doc");
}

/* E8: both names are kept when they differ. */
static void
test_file_names(void)
{
    g_autoptr(reading) r = read_text(
        MIXED NEXT
        "Content-Type: application/msword; name=\"old.doc\"\r\n"
        "Content-Disposition: attachment;\r\n"
        " filename*0*=GBK''%B8; filename*1*=%E5%BC%FE.doc\r\n\r\nx\r\n" END);

    g_assert_cmpstr(file_at(r, 0)->name, ==, "稿件.doc");
    g_assert_cmpstr(file_at(r, 0)->other_name, ==, "old.doc");
    g_assert_false(reading_file_is_disguised(file_at(r, 0)));
}

static void
test_disguises(void)
{
    static const struct {
        const char *name, *other;
        gboolean is;
    } files[] = {
        {"稿件.docx", "稿件.exe", TRUE},
        {"稿件.docx", "稿件.docx.js", TRUE},
        {"稿件.DOC", "gaojian.docx", FALSE},
        {"稿件.docx", "GAOJIA~1.DOC", FALSE},
        {"稿件.docx", "稿件", FALSE},
        {"稿件.docx", NULL, FALSE},
        {NULL, "稿件.exe", FALSE},
        {"稿件.docx", "稿件.", FALSE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        struct reading_file f = {.name = (char *)files[i].name,
                                 .other_name = (char *)files[i].other};

        g_assert_cmpint(reading_file_is_disguised(&f), ==, files[i].is);
    }
}

static char *
nested(int depth, const char *inner)
{
    GString *s = g_string_new(HEAD);
    GString *end = g_string_new(NULL);

    for (int i = 0; i < depth; i++) {
        g_string_append_printf(
            s, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n",
            i, i);
        g_autofree char *close = g_strdup_printf("\r\n--b%d--\r\n", i);

        g_string_prepend(end, close);
    }
    g_string_append(s, inner);
    g_string_append_len(s, end->str, (gssize)end->len);
    g_string_free(end, TRUE);
    return g_string_free(s, FALSE);
}

static void
check_time(gint64 start)
{
    g_assert_cmpint(cpu_time() - start, <, 10 * G_USEC_PER_SEC);
}

/* E13 */
static void
test_depth(void)
{
    static const char inner[] = "Content-Type: text/plain\r\n\r\ndeep\r\n";
    g_autofree char *fits = nested(31, inner), *more = nested(40, inner);
    g_autofree char *over = nested(2000, inner);
    g_autoptr(reading) good = read_text(fits), deep = NULL, bad = NULL;
    gint64 start = cpu_time();

    g_assert_cmpstr(good->body, ==, "deep\n");
    g_assert_cmpuint(good->flags, ==, 0);
    deep = read_text(more);
    g_assert_true(deep->flags & READING_OVER_LIMIT);
    g_assert_null(deep->body);
    bad = read_text(over);
    g_assert_true(bad->flags & READING_OVER_LIMIT);
    g_assert_null(bad->body);
    check_time(start);
}

static struct reading *
read_parts(int n)
{
    g_autoptr(GString) s =
        g_string_new(HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n");

    for (int i = 0; i < n; i++)
        g_string_append(s, "--b\r\n\r\nx\r\n");
    g_string_append(s, "--b--\r\n");
    return read_bytes(s->str, s->len);
}

static void
test_parts(void)
{
    gint64 start = cpu_time();
    g_autoptr(reading) fits = read_parts(999);
    g_autoptr(reading) over = read_parts(1000);
    g_autoptr(reading) flood = read_parts(200000);

    g_assert_cmpuint(fits->flags, ==, 0);
    g_assert_cmpuint(over->flags, ==, READING_OVER_LIMIT);
    g_assert_true(flood->flags & READING_OVER_LIMIT);
    g_assert_cmpstr(flood->subject, ==, "春耕情况-6106766");
    check_time(start);
}

static void
test_headers(void)
{
    g_autoptr(GString) many = g_string_new("From: a@b.cn\r\n");
    g_autoptr(GString) big = g_string_new("From: a@b.cn\r\nSubject: ");
    g_autoptr(reading) fields = NULL, bytes = NULL;
    gint64 start = cpu_time();

    for (int i = 0; i < 100000; i++)
        g_string_append(many, "X: y\r\n");
    g_string_append(many, "Subject: late\r\n\r\nbody\r\n");
    for (int i = 0; i < 20 * 1024 * 10; i++)
        g_string_append_printf(big, "%099d\r\n ", i);
    g_string_append(big, "\r\n\r\nbody\r\n");
    fields = read_bytes(many->str, many->len);
    bytes = read_bytes(big->str, big->len);
    g_assert_true(fields->flags & READING_OVER_LIMIT);
    g_assert_cmpstr(fields->body, ==, "body\n");
    g_assert_true(bytes->flags & READING_OVER_LIMIT);
    g_assert_null(bytes->subject);
    check_time(start);
}

static void
test_long_text(void)
{
    g_autoptr(GString) s =
        g_string_new(HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\n");
    g_autoptr(reading) r = NULL;

    for (int i = 0; i < 1200000; i++)
        g_string_append(s, "稿");
    r = read_bytes(s->str, s->len);
    g_assert_true(r->flags & READING_OVER_LIMIT);
    g_assert_cmpuint(strlen(r->body), <=, 1024 * 1024);
    g_assert_true(g_utf8_validate(r->body, -1, NULL));
}

/* E14: the draft is one level down, the sender stays the outer one. */
static void
test_forwarded(void)
{
    g_autoptr(reading) r = read_text(
        MIXED PLAIN NEXT "Content-Type: message/rfc822\r\n\r\n"
                         "From: other@example.cn\r\n"
                         "Subject: inner\r\n"
                         "Content-Type: multipart/mixed; boundary=i\r\n\r\n"
                         "--i\r\nContent-Type: text/plain\r\n\r\ninner\r\n"
                         "--i\r\nContent-Type: application/msword; "
                         "name=a.doc\r\n"
                         "Content-Transfer-Encoding: base64\r\n\r\n" RTF
                         "\r\n--i--\r\n\r\n" END);

    g_assert_cmpstr(reading_author(r), ==, "liming@example.cn");
    g_assert_cmpstr(r->subject, ==, "春耕情况-6106766");
    g_assert_true(r->flags & READING_FORWARDED);
    g_assert_true(file_at(r, 0)->nested);
    g_assert_cmpint(file_at(r, 0)->kind, ==, FILE_RTF);
    g_assert_null(strstr(r->body, "inner"));
}

/* D11: the text of a mail that only passes on another is nobody's order. */
static void
test_inner_text(void)
{
    g_autoptr(reading) r = read_text(HEAD "Content-Type: message/rfc822\r\n\r\n"
                                          "Subject: x\r\n\r\n采用 12\r\n");

    g_assert_cmpstr(r->body, ==, "采用 12\n");
    g_assert_null(r->own_text);
}

/* E15 */
static void
test_uuencode(void)
{
    g_autoptr(reading) uu =
        read_text(HEAD "\r\nsee below\r\n\r\nbegin 644 a.doc\r\n"
                       "#86)C\r\n`\r\nend\r\n");
    g_autoptr(reading) yenc =
        read_text(HEAD "\r\n=ybegin line=128 size=3 name=a.doc\r\n");
    g_autoptr(reading) prose = read_text(HEAD "\r\nwe begin 644 things\r\n");

    g_assert_true(uu->flags & READING_UUENCODED);
    g_assert_cmpuint(uu->files->len, ==, 0);
    g_assert_true(yenc->flags & READING_UUENCODED);
    g_assert_false(prose->flags & READING_UUENCODED);
}

/* ---- other kinds of mail ---- */

static void
check_flag(const char *rest, unsigned flag)
{
    g_autofree char *mail = g_strconcat(HEAD, rest, NULL);
    g_autoptr(reading) r = read_text(mail);

    g_assert_cmpuint(r->flags, ==, flag);
}

static void
test_flags(void)
{
    check_flag("Content-Type: message/partial; id=x; number=1; total=3\r\n"
               "\r\nSubject: inner\r\n\r\nx\r\n",
               READING_PARTIAL); /* E17 */
    check_flag("Content-Type: message/external-body; access-type=URL;\r\n"
               " URL=\"http://example.cn/x\"\r\n\r\n"
               "Content-Type: text/plain\r\n\r\n",
               READING_EXTERNAL); /* E18 */
    check_flag("Content-Type: application/pkcs7-mime;\r\n"
               " smime-type=enveloped-data; name=smime.p7m\r\n\r\nx\r\n",
               READING_ENCRYPTED);
    check_flag("Content-Type: multipart/encrypted; boundary=b;\r\n"
               " protocol=\"application/pgp-encrypted\"\r\n\r\n--b\r\n"
               "Content-Type: application/pgp-encrypted\r\n\r\n"
               "Version: 1\r\n--b--\r\n",
               READING_ENCRYPTED);
    check_flag("Content-Type: multipart/encrypted; boundary=b;\r\n"
               " protocol=\"application/x\"\r\n\r\n--b\r\n\r\nx\r\n"
               "--b--\r\n",
               READING_ENCRYPTED); /* of a kind that nobody knows */
    check_flag("Content-Type: text/html\r\n\r\n<a href=\"https://wx.mail.qq."
               "com/ftn/download?k=1\">x</a>\r\n",
               READING_LINK_ONLY);
    check_flag("Content-Type: text/plain; charset=nonsense\r\n\r\nplain\r\n",
               0);
}

/* A link beside a draft is nobody's concern. */
static void
test_link_and_draft(void)
{
    g_autoptr(reading) r = read_text(
        MIXED NEXT "Content-Type: text/plain\r\n\r\n"
                   "https://wx.mail.qq.com/ftn/download?k=1\r\n" DRAFT END);

    g_assert_false(r->flags & READING_LINK_ONLY);
}

/* The text of a signed mail is read; the signature is a file. */
static void
test_signed(void)
{
    g_autoptr(reading) r = read_text(
        HEAD "Content-Type: multipart/signed; boundary=s;\r\n"
             " protocol=\"application/pkcs7-signature\"\r\n\r\n--s\r\n"
             "Content-Type: text/plain\r\n\r\nsigned text\r\n--s\r\n"
             "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n"
             "Content-Transfer-Encoding: base64\r\n\r\nMIAG\r\n--s--\r\n");

    g_assert_cmpuint(r->flags, ==, 0);
    g_assert_cmpstr(r->body, ==, "signed text");
    g_assert_cmpint(file_at(r, 0)->kind, ==, FILE_OTHER);
}

/* A18: what a delivery report says about our mail. */
static void
test_bounce(void)
{
    g_autoptr(reading) r = read_text(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.cn\r\n"
        "Content-Type: multipart/report; report-type=delivery-status;\r\n"
        " boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
        "undeliverable\r\n--b\r\nContent-Type: message/delivery-status\r\n"
        "\r\nReporting-MTA: dns; mx.example.cn\r\n\r\n"
        "Final-Recipient: rfc822; list@Example.CN\r\nAction: relayed\r\n"
        "Status: 2.0.0\r\n\r\n"
        "Final-Recipient: rfc822; Gone@Example.CN\r\nAction: Failed\r\n"
        "Status: 5.1.1\r\nDiagnostic-Code: smtp;  550 5.1.1\r\n"
        "  no such user\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "Message-ID: <baosong.12@office.example.gov.cn>\r\n"
        "Subject: receipt\r\n\r\nx\r\n--b--\r\n");

    g_assert_cmpint(r->machine, ==, MACHINE_BOUNCE);
    g_assert_cmpstr(r->return_path, ==, "");
    g_assert_cmpstr(r->bounced_id, ==, "<baosong.12@office.example.gov.cn>");
    g_assert_cmpstr(r->bounce_action, ==, "failed");
    g_assert_cmpstr(r->bounce_cause, ==, "550 5.1.1 no such user");
    g_assert_true(r->bounce_permanent);
}

static void
test_delayed(void)
{
    g_autoptr(reading) r = read_text(
        "From: MAILER-DAEMON@mx.example.cn\r\n"
        "Content-Type: multipart/report; report-type=delivery-status;\r\n"
        " boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n"
        "\r\nFinal-Recipient: rfc822; a@b.cn\r\nAction: delayed\r\n"
        "Status: 4.4.1\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        "Message-ID: <x@y.cn>\r\n--b--\r\n");

    g_assert_cmpstr(r->bounced_id, ==, "<x@y.cn>");
    g_assert_cmpstr(r->bounce_action, ==, "delayed");
    g_assert_cmpstr(r->bounce_cause, ==, "4.4.1");
    g_assert_false(r->bounce_permanent);
}

/* A17 against A16: with a Word file the subject alone proves nothing. */
static void
test_auto_subject(void)
{
    g_autoptr(reading) without =
        read_text("From: a@b.cn\nSubject: 自动回复: 您好\n\n收到\n");
    g_autoptr(reading) with = read_text(
        "From: a@b.cn\nSubject: 自动回复系统上线-县财政局-张敏-6201001\n"
        "Content-Type: application/msword; name=a.doc\n"
        "Content-Transfer-Encoding: base64\n\n" RTF "\n");

    g_assert_cmpint(without->machine, ==, MACHINE_AUTO_SUBMITTED);
    g_assert_cmpint(with->machine, ==, MACHINE_NO);
}

/* D5: fields inside a forwarded message are not ours. */
static void
test_trace(void)
{
    g_autoptr(reading) r = read_text(
        "Authentication-Results: mx.example.cn; spf=none\r\n"
        "Received: from a\r\n\tby b; Fri, 1 Mar 2019 08:00:00 +0800\r\n"
        "From: a@b.cn\r\nReferences: <1@x.cn>\r\n <2@x.cn>\r\n"
        "In-Reply-To: <2@x.cn>\r\n"
        "Content-Type: message/rfc822\r\n\r\n"
        "Authentication-Results: mx.example.cn; dmarc=pass\r\n\r\nx\r\n");
    const struct reading_trace *auth, *received;

    g_assert_cmpuint(r->trace->len, ==, 2);
    auth = g_ptr_array_index(r->trace, 0);
    received = g_ptr_array_index(r->trace, 1);
    g_assert_true(auth->is_auth);
    g_assert_cmpstr(auth->value, ==, "mx.example.cn; spf=none");
    g_assert_cmpstr(received->value, ==,
                    "from a by b; Fri, 1 Mar 2019 08:00:00 +0800");
    g_assert_cmpuint(r->references->len, ==, 3);
}

/* ---- identity ---- */

static char *
identity_of(const char *text)
{
    g_autoptr(reading) r = read_text(text);

    return g_strdup(r->identity);
}

/* C12: the copy of another server, with another trace, other line ends and
 * a line more at the end.  C13: another body, one Message-ID.  C14: no
 * Message-ID. */
static void
test_identity(void)
{
    g_autofree char *one = identity_of(MIXED PLAIN DRAFT END);
    g_autofree char *lf = with_line_ends(
        "Received: from x by y\r\nX-UID: 3\r\n" MIXED PLAIN DRAFT END "\r\n",
        "\n");
    g_autofree char *copy = identity_of(lf);
    g_autofree char *other = identity_of(MIXED PLAIN END);
    g_autofree char *none = identity_of("From: a@b.cn\n\nx\n");
    g_autofree char *same = identity_of("X: y\nFrom: a@b.cn\n\nx\n");
    g_autofree char *differs = identity_of("From: c@d.cn\n\nx\n");

    g_assert_cmpstr(one, ==, copy);
    g_assert_cmpstr(one, !=, other);
    g_assert_cmpstr(none, ==, same);
    g_assert_cmpstr(none, !=, differs);
}

/* C13: a file counts by what is in it, not by how its base64 is broken into
 * lines; one that was cut, by its text. */
static void
test_identity_of_files(void)
{
    g_autofree char *one = identity_of(MIXED PLAIN DRAFT DRAFT END);
    g_autofree char *wrapped =
        identity_of(MIXED PLAIN DRAFT_OF("e1xydGYxXGFu\r\nc2kg\r\n"
                                         "ZHJhZnQgdGV4dH0=") DRAFT END);
    g_autofree char *other = identity_of(
        MIXED PLAIN DRAFT_OF("e1xydGYxXGFuc2kgZHJhZnQgdGV4dX0=") DRAFT END);
    g_autofree char *swapped = identity_of(
        MIXED PLAIN DRAFT DRAFT_OF("e1xydGYxXGFuc2kgZHJhZnQgdGV4dX0=") END);
    g_autofree char *cut = identity_of(MIXED DRAFT_OF("e1xydGYxXGFuc2kgZHJh"
                                                      "Z"));
    g_autofree char *cut_other =
        identity_of(MIXED DRAFT_OF("e1xydGYxXGFuc2kgZHJhA"));

    g_assert_cmpstr(one, ==, wrapped);
    g_assert_cmpstr(one, !=, other);
    g_assert_cmpstr(other, !=, swapped);
    g_assert_cmpstr(cut, !=, cut_other);
}

/* ---- secrecy ---- */

static void
check_marked(const char *mail, const char *rule)
{
    g_autoptr(reading) r = read_text(mail);
    g_autoptr(GVariant) v = NULL;
    const char *bytes;

    g_assert_cmpint(r->secrecy, ==, SECRECY_CONFIDENTIAL);
    g_assert_cmpstr(r->secrecy_rule, ==, rule);
    g_assert_null(r->subject);
    g_assert_null(r->identity);
    v = g_variant_ref_sink(reading_to_variant(r));
    bytes = g_variant_get_data(v);
    g_assert_null(memmem(bytes, g_variant_get_size(v), "CANARY", 6));
}

/* A17: of a marked mail a file is no proof that a person wrote it. */
static void
test_marked_automatic(void)
{
    static const char draft[] =
        "From: a@b.cn\nSubject: 自动回复:您好\n"
        "Content-Type: application/msword; name=x.doc\n\n<html>%s</html>\n";
    g_autofree char *plain = g_strdup_printf(draft, "内容");
    g_autofree char *marked = g_strdup_printf(draft, "机密★5年");
    g_autoptr(reading) person = read_text(plain), machine = read_text(marked);

    g_assert_cmpint(person->machine, ==, MACHINE_NO);
    g_assert_cmpint(machine->secrecy, ==, SECRECY_CONFIDENTIAL);
    g_assert_cmpint(machine->machine, ==, MACHINE_AUTO_SUBMITTED);
}

/* The marking stands in each place in turn; nothing of the mail is left. */
static void
test_marked(void)
{
    check_marked("From: CANARY <a@b.cn>\nTo: CANARY <c@d.cn>\n"
                 "Subject: 机密★5年 CANARY\n\nCANARY\n",
                 "subject");
    check_marked("From: a@b.cn\nSubject: CANARY\n\n机密★5年\nCANARY\n", "body");
    check_marked("From: a@b.cn\nContent-Type: application/octet-stream;\n"
                 " name=\"机密★5年CANARY.bin\"\n\nCANARY\n",
                 "file-name");
    check_marked("From: a@b.cn\nSubject: CANARY\n"
                 "Content-Type: application/msword; name=CANARY.doc\n\n"
                 "{\\rtf1\\ansi\\ansicpg936 \\'bb\\'fa\\'c3\\'dc"
                 "\\'a1\\'ef 5\\'c4\\'ea\\par CANARY}\n",
                 "draft");
    check_marked("From: a@b.cn\nContent-Type: message/rfc822\n\n"
                 "Subject: 机密★5年\n\nCANARY\n",
                 "subject");
    check_marked("From: a@b.cn\nContent-Type: message/rfc822\n\n"
                 "Subject: x\n\n机密★5年\nCANARY\n",
                 "body");
    check_marked("From: a@b.cn\nContent-Type: multipart/mixed; boundary=b\n\n"
                 "--b\n\nouter\n--b\nContent-Type: message/rfc822\n\n"
                 "Subject: x\n\n机密★5年\nCANARY\n--b--\n",
                 "body");
    check_marked("From: a@b.cn\n"
                 "Content-Type: multipart/alternative; boundary=b\n\n"
                 "--b\n\nsee the other\n--b\nContent-Type: text/html\n\n"
                 "<p>机密★5年</p><p>CANARY</p>\n--b--\n",
                 "body");
    check_marked("From: a@b.cn\nContent-Type: text/plain; name=CANARY.txt\n"
                 "\n机密★5年\nCANARY\n",
                 "body");
    check_marked("From: a@b.cn\nContent-Type: text/html\n\n"
                 "<p>机密★5年</p><p>CANARY</p>\n",
                 "body");
    check_marked("From: a@b.cn\nContent-Type: text/calendar\n\n"
                 "机密★5年\nCANARY\n",
                 "body");
    check_marked("From: a@b.cn\n"
                 "Content-Type: application/octet-stream; name=a.eml\n\n"
                 "From: a@b.cn\nSubject: 机密★5年\n\nCANARY\n",
                 "subject");
    check_marked("From: a@b.cn\nContent-Type: application/octet-stream;\n"
                 " name=\"机密★5年CANARY.bin\"\n"
                 "Content-Disposition: attachment; filename=a.bin\n\nx\n",
                 "file-name");
}

/* Lines of one length and without a dash that are no base64: the folded
 * subject of a message in the message. */
static void
test_marked_long_subject(void)
{
    g_autoptr(GString) mail = g_string_new(
        "From: a@b.cn\nContent-Type: message/rfc822\n\nSubject: x\n");

    for (int i = 0; i < 400; i++)
        g_string_append(mail,
                        i == 130 ? " =?gbk?B?  u/rD3KHvNcTqICAgICAgICAg  ?=\n"
                                 : " =?gbk?B?            sOY=            ?=\n");
    g_string_append(mail, "\nCANARY\n");
    check_marked(mail->str, "subject");
}

/* The sender and what tells whether he may be answered remain. */
static void
test_marked_sender(void)
{
    g_autoptr(reading) r =
        read_text("Return-Path: <a@b.cn>\nReceived: from x by y; z\n"
                  "From: CANARY <a@b.cn>\nSubject: 机密★\n\nx\n");

    g_assert_cmpstr(reading_author(r), ==, "a@b.cn");
    g_assert_cmpstr(r->return_path, ==, "a@b.cn");
    g_assert_cmpuint(r->trace->len, ==, 1);
}

/* ---- hostile bytes ---- */

/* A32, E24: every prefix, and every byte replaced: always a reading whose
 * strings pass the checks of the other side. */
static void
check_hostile(const char *data, size_t len)
{
    g_autoptr(reading) r = read_bytes(data, len), back = NULL;
    g_autoptr(GVariant) v = g_variant_ref_sink(reading_to_variant(r));

    back = reading_from_variant(v);
    g_assert_nonnull(back);
}

static void
test_hostile(void)
{
    static const char mail[] = MIXED PLAIN DRAFT END;
    static const char values[] = {'\0', '\n', '\r', '"', '=', '-', '\xFF'};
    size_t len = strlen(mail);

    for (size_t i = 0; i <= len; i++)
        check_hostile(mail, i);
    for (size_t i = 0; i < len; i++) {
        g_autofree char *copy = g_memdup2(mail, len);

        copy[i] = values[i % sizeof values];
        check_hostile(copy, len);
    }
}

static void
test_malformed(void)
{
    static const char zeros[1000];
    g_autoptr(reading) nothing = read_bytes("", 0);
    g_autoptr(reading) nuls = read_bytes(zeros, sizeof zeros);
    g_autoptr(reading) nul_name = NULL;
    static const char mail[] =
        "From: a@b.cn\nSubject: \xE5\x90\x88\xE6\xB3\x95\0attack\n\nx\n";

    g_assert_true(nothing->flags & READING_MALFORMED);
    g_assert_null(nothing->body);
    g_assert_true(nuls->flags & READING_MALFORMED);
    nul_name = read_bytes(mail, sizeof mail - 1);
    g_assert_cmpstr(nul_name->subject, ==, "合法\uFFFDattack");
}

/* 解除隔离: staff have judged that the marking is none. */
static void
test_released(void)
{
    static const char mail[] = "From: a@unit.example.gov.cn\r\n"
                               "Subject: =?utf-8?B?5py65a+G4piFMeW5tA==?=\r\n"
                               "Message-ID: <r@unit.example.gov.cn>\r\n\r\n"
                               "text\r\n";
    struct mail_context context = {NULL, NULL, FALSE};
    g_autoptr(reading) marked =
        mail_read((const guint8 *)mail, sizeof mail - 1, &context);
    g_autoptr(reading) released = NULL;

    g_assert_cmpint(marked->secrecy, ==, SECRECY_CONFIDENTIAL);
    g_assert_null(marked->subject);
    context.released = TRUE;
    released = mail_read((const guint8 *)mail, sizeof mail - 1, &context);
    g_assert_cmpint(released->secrecy, ==, SECRECY_NONE);
    g_assert_cmpstr(released->subject, ==, "机密★1年");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_init();
    g_test_add_func("/mail/foxmail", test_foxmail);
    g_test_add_func("/mail/alternative", test_alternative);
    g_test_add_func("/mail/subjects-E1-E7-E9", test_subjects);
    g_test_add_func("/mail/two-authors-E9-A27", test_two_authors);
    g_test_add_func("/mail/line-ends-E10", test_line_ends);
    g_test_add_func("/mail/boundaries-E11", test_boundaries);
    g_test_add_func("/mail/last-line-E11", test_last_line);
    g_test_add_func("/mail/base64-E12-F2", test_base64);
    g_test_add_func("/mail/long-base64", test_long_base64);
    g_test_add_func("/mail/long-parameter-F3", test_long_parameter);
    g_test_add_func("/mail/file-names-E8", test_file_names);
    g_test_add_func("/mail/disguised-names-E8", test_disguises);
    g_test_add_func("/mail/depth-E13", test_depth);
    g_test_add_func("/mail/parts-E13", test_parts);
    g_test_add_func("/mail/headers-E13", test_headers);
    g_test_add_func("/mail/long-text-E13", test_long_text);
    g_test_add_func("/mail/forwarded-E14", test_forwarded);
    g_test_add_func("/mail/inner-text", test_inner_text);
    g_test_add_func("/mail/uuencode-E15", test_uuencode);
    g_test_add_func("/mail/flags-E17-E18", test_flags);
    g_test_add_func("/mail/link-and-draft", test_link_and_draft);
    g_test_add_func("/mail/signed", test_signed);
    g_test_add_func("/mail/bounce-A18", test_bounce);
    g_test_add_func("/mail/delayed-A18", test_delayed);
    g_test_add_func("/mail/auto-subject-A16-A17", test_auto_subject);
    g_test_add_func("/mail/trace-D5", test_trace);
    g_test_add_func("/mail/identity-C12-C14", test_identity);
    g_test_add_func("/mail/identity-of-files-C13", test_identity_of_files);
    g_test_add_func("/mail/senders-A27", test_senders);
    g_test_add_func("/mail/marked", test_marked);
    g_test_add_func("/mail/marked-automatic", test_marked_automatic);
    g_test_add_func("/mail/marked-long-subject", test_marked_long_subject);
    g_test_add_func("/mail/marked-sender", test_marked_sender);
    g_test_add_func("/mail/hostile-A32-E24", test_hostile);
    g_test_add_func("/mail/malformed-A32", test_malformed);
    g_test_add_func("/mail/released", test_released);
    return g_test_run();
}
