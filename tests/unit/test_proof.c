/* What a reader says of who wrote a mail, against the header itself; and of
 * files, against their bytes. */
#include "intake/incoming.h"
#include "message/mail.h"

#include <string.h>

static const char *trusted[] = {"mx.tancheng.example", NULL};
static const char *none[] = {NULL};
static struct config config_of_office = {.trusted_authserv = (char **)trusted,
                                         .own_hosts = (char **)none};
static const struct office here = {.config = &config_of_office};

#define AUTH                                                                   \
    "Authentication-Results: mx.tancheng.example;\r\n"                         \
    "\tdmarc=pass header.from=mail.tancheng.example\r\n"
#define RECEIVED "Received: from a (a [192.0.2.1]) by mx.tancheng.example\r\n"
#define FROM "From: =?utf-8?q?x?= <wangfang@mail.tancheng.example>\r\n"
#define TO "To: xxk@mail.tancheng.example\r\n"
#define BODY "Subject: a\r\n\r\nFrom: a@b.cn\r\n"

/* The claim is what a reader makes of `told`, the header that of `sent`. */
static enum reader_outcome
outcome(const char *told, const char *sent)
{
    struct incoming *a = incoming_new();
    enum reader_outcome out;

    a->outcome = READER_READ;
    a->reading = mail_read((const guint8 *)told, strlen(told), NULL);
    if (sent)
        incoming_keep_header(a, (const guint8 *)sent, strlen(sent));
    incoming_check(&here, a);
    out = a->outcome;
    g_assert_true((a->reading != NULL) == (out == READER_READ));
    incoming_free(a);
    return out;
}

static void
test_honest(void)
{
    static const char *const mails[] = {
        AUTH RECEIVED FROM TO BODY,
        AUTH FROM FROM BODY,
        AUTH FROM "Sender: a@b.cn\r\nCc: c@d.cn, e <f@g.cn>\r\n" BODY,
        AUTH FROM TO "Subject: \xBD\xA8\xD2\xE9\nno end of the header",
        AUTH "From: =?gb2312?B?1cXD9A==?=\r\n <wang@tancheng.example>\r\n" BODY,
        RECEIVED FROM TO BODY,
        AUTH FROM TO "Sender: a@b.cn\r\nSubject: a\r\n\r\n机密★1年\r\n",
        "\r\nno header",
        "",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(mails); i++)
        g_assert_cmpint(outcome(mails[i], mails[i]), ==, READER_READ);
}

/* What is not proven may differ: nobody is obeyed for it. */
static void
test_unproven(void)
{
    g_assert_cmpint(outcome(FROM TO BODY, RECEIVED TO BODY), ==, READER_READ);
    g_assert_cmpint(outcome(FROM TO BODY, NULL), ==, READER_READ);
}

static void
test_lies(void)
{
    static const char *const headers[] = {
        RECEIVED FROM TO BODY,                  /* no proof */
        RECEIVED AUTH FROM TO BODY,             /* below */
        AUTH "From: a@b.cn\r\n" TO BODY,        /* another */
        AUTH FROM FROM TO BODY,                 /* two */
        AUTH FROM "Sender: a@b.cn\r\n" TO BODY, /* passed on */
        AUTH FROM "To: a@b.cn\r\n" BODY,        /* to another */
        AUTH FROM TO "Subject: b\r\n" BODY,     /* two subjects */
        "Subject: a\r\n\r\n" AUTH FROM TO BODY, /* of the body */
        "Authentication-Results: x; dmarc=pass\r\n" FROM TO BODY,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        g_assert_cmpint(outcome(AUTH FROM TO BODY, headers[i]), ==,
                        READER_LIED);
    g_assert_cmpint(outcome(AUTH FROM TO BODY, NULL), ==, READER_LIED);
}

/* A draft that would be recorded and is not there; bytes of what is none. */
static enum reader_outcome
outcome_of_file(enum file_kind kind, const char *bytes)
{
    struct incoming *a = incoming_new();
    struct reading_file *f = reading_file_new();
    enum reader_outcome out;

    f->kind = kind;
    f->bytes = bytes ? g_bytes_new(bytes, strlen(bytes)) : NULL;
    a->outcome = READER_READ;
    a->reading = reading_new();
    g_ptr_array_add(a->reading->files, f);
    incoming_check(&here, a);
    out = a->outcome;
    incoming_free(a);
    return out;
}

static void
test_files(void)
{
    g_assert_cmpint(outcome_of_file(FILE_DOCX, "a"), ==, READER_READ);
    g_assert_cmpint(outcome_of_file(FILE_SHEET, "a"), ==, READER_READ);
    g_assert_cmpint(outcome_of_file(FILE_PDF, NULL), ==, READER_READ);
    g_assert_cmpint(outcome_of_file(FILE_DOCX, NULL), ==, READER_LIED);
    g_assert_cmpint(outcome_of_file(FILE_SHEET, NULL), ==, READER_LIED);
    g_assert_cmpint(outcome_of_file(FILE_PDF, "a"), ==, READER_LIED);
}

/* The end of the header is found as the reading of it finds it, and no more
 * is kept than is read. */
static void
test_length(void)
{
    static const struct {
        const char *mail;
        size_t len;
    } mails[] = {{"a: b\r\n\r\nc", 6}, {"a: b\n\nc", 5}, {"a: b", 4},
                 {"a: b\r\rc", 7},     {"", 0},          {"a: b\r\n\r", 7}};
    gsize most = mail_default_limits.header_bytes;
    g_autofree char *large = g_strnfill(most + 10, 'x');

    for (size_t i = 0; i < G_N_ELEMENTS(mails); i++)
        g_assert_cmpuint(mail_header_length((const guint8 *)mails[i].mail,
                                            strlen(mails[i].mail)),
                         ==, mails[i].len);
    g_assert_cmpuint(mail_header_length((const guint8 *)large, most + 10), ==,
                     most);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_init();
    g_test_add_func("/proof/honest", test_honest);
    g_test_add_func("/proof/unproven", test_unproven);
    g_test_add_func("/proof/lies-D3", test_lies);
    g_test_add_func("/proof/files", test_files);
    g_test_add_func("/proof/header-length", test_length);
    return g_test_run();
}
