/* Where a server is, from a word of the configuration. */
#include "mailbox/mailbox.h"
#include "mailbox/url.h"

static const struct {
    const char *text;
    enum scheme scheme;
    const char *user, *host;
    int port;
    const char *mailbox;
} good[] = {
    {"imaps://xxk@mail.example.gov.cn/INBOX", SCHEME_IMAPS, "xxk",
     "mail.example.gov.cn", 993, "INBOX"},
    {"imap://xxk@h", SCHEME_IMAP, "xxk", "h", 143, "INBOX"},
    {"imaps://a@163.com@imap.163.com:994/", SCHEME_IMAPS, "a@163.com",
     "imap.163.com", 994, "INBOX"},
    {"imaps://a%40b%3Ac@h/%E6%8A%A5%E9%80%81", SCHEME_IMAPS, "a@b:c", "h", 993,
     "报送"},
    {"imaps://u@[::1]:1993/报送/信息", SCHEME_IMAPS, "u", "::1", 1993,
     "报送/信息"},
    {"smtps://xxk@h", SCHEME_SMTPS, "xxk", "h", 465, NULL},
    {"smtp://127.0.0.1:2525", SCHEME_SMTP, NULL, "127.0.0.1", 2525, NULL},
    {"smtp://h/", SCHEME_SMTP, NULL, "h", 587, NULL},
};

static const char *const bad[] = {
    "pop3://u@h",         "imaps:/u@h",         "imaps://u@",
    "imaps://u:secret@h", "imaps://u@h:0",      "imaps://u@h:65536",
    "imaps://u@h:12a",    "imaps://u@h o/",     "imaps://u@h\r\n/",
    "imaps://u%0D%0A@h",  "imaps://@h",         "imaps://u@[::1",
    "imaps://u@[::g]",    "imaps://u@[::1]x",   "imaps://u@h/%00",
    "imaps://u@h/%FF",    "smtps://u@h/folder", "",
};

static void
test_good(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        struct server_url url;
        struct err e = ERR_INIT;

        g_assert_cmpint(server_url_parse(good[i].text, &url, &e), ==, ST_OK);
        g_assert_cmpint(url.scheme, ==, good[i].scheme);
        g_assert_cmpstr(url.user, ==, good[i].user);
        g_assert_cmpstr(url.host, ==, good[i].host);
        g_assert_cmpint(url.port, ==, good[i].port);
        g_assert_cmpstr(url.mailbox, ==, good[i].mailbox);
        server_url_clear(&url);
    }
}

static void
test_bad(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct server_url url = {.port = 7};
        struct err e = ERR_INIT;

        g_test_message("%s", bad[i]);
        g_assert_cmpint(server_url_parse(bad[i], &url, &e), ==, ST_REJECT);
        g_assert_cmpint(e.status, ==, EXIT_CONFIGURATION);
        g_assert_cmpint(url.port, ==, 7);
        g_assert_null(g_strrstr(e.text, "secret"));
    }
}

static void
test_loopback(void)
{
    static const struct {
        const char *text;
        gboolean is_loopback;
    } cases[] = {{"smtp://localhost", TRUE},    {"smtp://127.0.0.1", TRUE},
                 {"smtp://127.9.9.9", TRUE},    {"smtp://[::1]", TRUE},
                 {"smtp://10.0.0.1", FALSE},    {"smtp://localhost.cn", FALSE},
                 {"smtp://127.0.0.1.cn", FALSE}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct server_url url;

        g_assert_cmpint(server_url_parse(cases[i].text, &url, NULL), ==, ST_OK);
        g_assert_cmpint(server_url_is_loopback(&url), ==, cases[i].is_loopback);
        server_url_clear(&url);
    }
}

static void
check_refused(const char *url, gboolean tls_none)
{
    struct mailbox_config config = {.url = url, .tls_none = tls_none};
    struct mailbox *m = NULL;
    struct err e = ERR_INIT;

    g_test_message("%s", url);
    g_assert_cmpint(mailbox_new(&config, &m, &e), ==, ST_FATAL);
    g_assert_cmpint(e.status, ==, EXIT_CONFIGURATION);
    g_assert_null(m);
}

static void
test_mailboxes(void)
{
    struct mailbox_config config = {.url = "imap://u@localhost",
                                    .tls_none = TRUE};
    struct mailbox *m = NULL;

    check_refused("imap://u@mail.example.gov.cn", TRUE);
    check_refused("imaps://mail.example.gov.cn", FALSE); /* who? */
    check_refused("smtps://u@mail.example.gov.cn", FALSE);
    check_refused("maildir:", FALSE);
    g_assert_cmpint(mailbox_new(&config, &m, NULL), ==, ST_OK);
    mailbox_free(m);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/url/good", test_good);
    g_test_add_func("/url/bad", test_bad);
    g_test_add_func("/url/loopback", test_loopback);
    g_test_add_func("/url/mailboxes", test_mailboxes);
    return g_test_run();
}
