/* The office's configuration: defaults, what is refused and where, special
 * days, passwords. */
#include "pack/load.h"
#include "unit/pack_fixture.h"

static const char base[] =
    "office: 郯城县人民政府办公室信息科\n"                       /* 1 */
    "rules: tancheng-2019\n"                                     /* 2 */
    "mailbox: imaps://xxk@mail.example.gov.cn/INBOX\n"           /* 3 */
    "outgoing: smtps://xxk@mail.example.gov.cn\n"                /* 4 */
    "password-file: password\n"                                  /* 5 */
    "address: xxk@Mail.Example.gov.cn\n"                         /* 6 */
    "data: data\n"                                               /* 7 */
    "staff:\n"                                                   /* 8 */
    "  - {name: 王芳, address: wangfang@mail.example.gov.cn}\n"; /* 9 */

static const char local[] = /* both ways local: no password */
    "office: 信息科\n"
    "rules: tancheng-2019\n"
    "mailbox: maildir:in\n"
    "outgoing: maildir:out\n"
    "address: xxk@mail.example.gov.cn\n"
    "data: data\n"
    "staff:\n"
    "  - {name: 王芳, address: wangfang@mail.example.gov.cn}\n";

struct office {
    char *dir;
    GPtrArray *problems;
    struct err e;
};

static void
setup(struct office *o, gconstpointer unused)
{
    g_autofree char *packs = NULL, *pack_dir = NULL;

    (void)unused;
    o->dir = scratch_make();
    o->problems = g_ptr_array_new_with_free_func(g_free);
    packs = g_build_filename(o->dir, "mailrules", NULL);
    pack_dir = g_build_filename(packs, "tancheng-2019", NULL);
    g_assert_cmpint(g_mkdir_with_parents(pack_dir, 0700), ==, 0);
    scratch_put(pack_dir, "pack.yaml", "pack: x\n");
    scratch_put(o->dir, "password", "secret\nsecond line\n");
}

static void
teardown(struct office *o, gconstpointer unused)
{
    (void)unused;
    g_ptr_array_unref(o->problems);
    scratch_remove(o->dir);
}

static struct config *
load(struct office *o, const char *text)
{
    g_autofree char *path = g_build_filename(o->dir, "baosong.yaml", NULL);
    struct config *c = NULL;
    enum st st;

    g_ptr_array_set_size(o->problems, 0);
    scratch_put(o->dir, "baosong.yaml", text);
    st = config_load_all(path, NULL, &c, o->problems, &o->e);
    g_assert_cmpint(st, ==, c ? ST_OK : ST_REJECT);
    return c;
}

/* A problem without the folder of its file. */
static const char *
short_problem(const struct office *o, guint i)
{
    const char *line;

    g_assert_cmpuint(i, <, o->problems->len);
    line = o->problems->pdata[i];
    g_assert_true(g_str_has_prefix(line, o->dir));
    return line + strlen(o->dir) + 1;
}

static void
test_defaults(struct office *o, gconstpointer unused)
{
    g_autoptr(config) c = load(o, base);
    g_autofree char *data = g_build_filename(o->dir, "data", NULL);
    g_autofree char *rules =
        g_build_filename(o->dir, "mailrules", "tancheng-2019", NULL);

    (void)unused;
    g_assert_nonnull(c);
    g_assert_cmpstr(c->rules, ==, rules);
    g_assert_cmpstr(c->data, ==, data);
    g_assert_cmpstr(c->address, ==, "xxk@mail.example.gov.cn");
    g_assert_cmpstr(c->timezone, ==, "Asia/Shanghai");
    g_assert_nonnull(c->zone);
    g_assert_false(c->tls_none);
    g_assert_cmpint(c->answer_since, ==, DAY_NONE);
    g_assert_cmpint(c->answer_age, ==, 3 * 86400);
    g_assert_cmpint(c->size_limit, ==, 25 * 1024 * 1024);
    g_assert_cmpint(c->poll_interval, ==, 60);
    g_assert_cmpint(c->alert_after, ==, 3);
    g_assert_cmpint(c->replies_per_day, ==, 20);
    g_assert_cmpint(c->replies_per_hour, ==, 200);
    g_assert_cmpint(c->disk_floor, ==, 200 * 1024 * 1024);
    g_assert_cmpint(c->outgoing_connections, ==, 2);
    g_assert_false(c->return_path_given);
    g_assert_cmpstr(c->alert_addresses[0], ==, "wangfang@mail.example.gov.cn");
    g_assert_cmpstr(c->secrecy_officers[0], ==, "wangfang@mail.example.gov.cn");
    g_assert_null(c->trusted_authserv[0]);
    g_assert_nonnull(config_staff_named(c, "王芳"));
    g_assert_nonnull(config_staff_at(c, "WANGFANG@mail.example.gov.cn"));
    g_assert_null(config_staff_at(c, "x@mail.example.gov.cn"));
    g_assert_null(config_staff_at(c, NULL));
}

static void
test_every_key(struct office *o, gconstpointer unused)
{
    g_autofree char *text = g_strconcat(
        base,
        "timezone: Asia/Urumqi\nphone: 6106766，6109100\n"
        "outgoing-password-command: echo other\n"
        "trusted-authserv: mx.example.gov.cn\nown-hosts: [a.cn, b.cn]\n"
        "answer-since: 2019-03-01\nsize-limit: 10 MB\npoll-interval: 5 min\n"
        "alert-after: 5\nalert-address: [a@b.cn, c@d.cn]\n"
        "secrecy-officers: e@f.cn\nreplies-per-day: 7\nreplies-per-hour: 70\n"
        "disk-floor: 1 GB\noutgoing-connections: 1\nreturn-path: own\n",
        NULL);
    g_autoptr(config) c = load(o, text);

    (void)unused;
    g_assert_nonnull(c);
    g_assert_cmpstr(c->phone, ==, "6106766，6109100");
    g_assert_cmpstr(c->trusted_authserv[0], ==, "mx.example.gov.cn");
    g_assert_cmpstr(c->own_hosts[1], ==, "b.cn");
    g_assert_cmpint(c->answer_since, ==, day_from_ymd(2019, 3, 1));
    g_assert_cmpint(c->size_limit, ==, 10 * 1024 * 1024);
    g_assert_cmpint(c->poll_interval, ==, 300);
    g_assert_cmpint(c->alert_after, ==, 5);
    g_assert_cmpstr(c->alert_addresses[1], ==, "c@d.cn");
    g_assert_cmpstr(c->secrecy_officers[0], ==, "e@f.cn");
    g_assert_null(c->secrecy_officers[1]);
    g_assert_cmpint(c->replies_per_day, ==, 7);
    g_assert_cmpint(c->replies_per_hour, ==, 70);
    g_assert_cmpint(c->disk_floor, ==, (gint64)1024 * 1024 * 1024);
    g_assert_cmpint(c->outgoing_connections, ==, 1);
    g_assert_true(c->return_path_given && c->return_path_own);
}

static void
test_maildir(struct office *o, gconstpointer unused)
{
    g_autoptr(config) c = load(o, local);
    g_autofree char *in = g_strconcat("maildir:", o->dir, "/in", NULL);
    char *password = NULL;

    (void)unused;
    g_assert_cmpstr(c->mailbox, ==, in);
    g_assert_cmpint(config_mailbox_password(c, &password, NULL), ==, ST_OK);
    g_assert_null(password);
}

struct refusal_case {
    const char *find, *with;
    const char *problem;
};

static const struct refusal_case refusals[] = {
    {"office: 郯城县人民政府办公室信息科\n", "",
     "baosong.yaml:1:1: \"office\" is missing"},
    {"office: ", "ofice: ",
     "baosong.yaml:1:1: unknown key \"ofice\"; did you mean \"office\"?"},
    {"data: data\n", "data: data\ndata: other\n",
     "baosong.yaml:8:1: \"data\" is there twice; the first is in line 7"},
    {"rules: tancheng-2019", "rules: tancheng-2018",
     "baosong.yaml:2:8: no pack.yaml is found for \"tancheng-2018\"; did you "
     "mean \"tancheng-2019\"?"},
    {"rules: tancheng-2019", "rules: /nowhere",
     "baosong.yaml:2:8: no pack.yaml is found for \"/nowhere\": a folder with "
     "one is expected, or the name of one in mailrules/"},
    {"mailbox: imaps://xxk@", "mailbox: pop3://xxk@",
     "baosong.yaml:3:10: \"pop3://xxk@mail.example.gov.cn/INBOX\": expected "
     "imaps://, imap://, smtps://, smtp:// or maildir:"},
    {"mailbox: imaps://xxk@", "mailbox: smtps://xxk@", "baosong.yaml:3:10: "},
    {"mailbox: imaps://xxk@", "mailbox: imaps://",
     "baosong.yaml:3:10: \"imaps://mail.example.gov.cn/INBOX\" says no user: "
     "imaps://user@host/INBOX is expected"},
    {"mailbox: imaps://xxk@", "mailbox: imaps://xxk:geheim@",
     "baosong.yaml:3:10: \"mail.example.gov.cn\": a password does not belong "
     "in the configuration; use password-file"},
    {"outgoing: smtps://", "outgoing: imaps://",
     "baosong.yaml:4:11: \"imaps://xxk@mail.example.gov.cn\": smtps://, "
     "smtp:// or maildir: is expected"},
    {"password-file: password\n", "",
     "baosong.yaml:3:10: password-file or password-command is missing: "
     "mail.example.gov.cn asks for a password"},
    {"password-file: password\n",
     "password-file: password\npassword-command: pass\n",
     "baosong.yaml:6:1: password-file or password-command, not both"},
    {"data: data\n", "data: data\ntls: none\n",
     "baosong.yaml:8:6: tls: none is for a server on this machine only, and "
     "mail.example.gov.cn is not"},
    {"data: data\n", "data: data\ntls: off\n",
     "baosong.yaml:8:6: \"off\" is not one of none"},
    {"data: data\n", "data: password\n", "baosong.yaml:7:7: "},
    {"data: data\n", "data: data\ntls-ca: nothing.pem\n", "baosong.yaml:8:9: "},
    {"data: data\n", "data: data\nreference-texts: password\n",
     "baosong.yaml:8:18: "},
    {"address: xxk@Mail", "address: xxk Mail",
     "baosong.yaml:6:10: \"xxk Mail.Example.gov.cn\" is not an e-mail address "
     "such as name@example.gov.cn"},
    {"address: xxk@Mail", "address: 信息科@Mail",
     "baosong.yaml:6:10: \"信息科@mail.example.gov.cn\" is not all ASCII: most "
     "servers would take no letter from it; give the office an address that "
     "is"},
    {"address: wangfang@", "address: xxk@",
     "baosong.yaml:9:25: \"xxk@mail.example.gov.cn\" is the office's own "
     "address, whose mail is never read as a command; staff have their own"},
    {"gov.cn}\n", "gov.cn}\n  - {name: 王芳, address: w@a.cn}\n",
     "baosong.yaml:10:12: \"王芳\" is there twice"},
    {"gov.cn}\n",
     "gov.cn}\n  - {name: 李四, address: Wangfang@mail.example.gov.cn}\n",
     "baosong.yaml:10:25: \"Wangfang@mail.example.gov.cn\" is there twice"},
    {"  - {name: 王芳, address: wangfang@mail.example.gov.cn}\n", "  []\n",
     "baosong.yaml:9:3: the list \"staff\" is empty"},
    {"data: data\n", "data: data\ntimezone: Asia/Shangai\n",
     "baosong.yaml:8:11: no time zone is called \"Asia/Shangai\"; "
     "Asia/Shanghai is one"},
    {"data: data\n", "data: data\nanswer-since: yesterday\n",
     "baosong.yaml:8:15: \"yesterday\" is neither a date such as 2019-03-05 "
     "nor an age such as 3 days"},
    {"data: data\n", "data: data\nsize-limit: 25\n",
     "baosong.yaml:8:13: \"25\" is not a quantity such as 25 MB"},
    {"data: data\n", "data: data\npoll-interval: 1 s\n",
     "baosong.yaml:8:16: \"1 s\" is out of range: at least 5 s, at most 86400 s"},
    {"data: data\n", "data: data\noutgoing-connections: 100\n",
     "baosong.yaml:8:23: \"100\" is out of range: at least 1, at most 20"},
    {"data: data\n", "data: data\nsize-limit: 1 KB\n",
     "baosong.yaml:8:13: \"1 KB\" is out of range: at least 0.1 MB, at most "
     "1024 MB"},
    {"data: data\n", "data: data\nreplies-per-day: -1\n",
     "baosong.yaml:8:18: \"-1\" is not a whole number from 1 on"},
    {"data: data\n", "data: data\nreturn-path: nul\n",
     "baosong.yaml:8:14: \"nul\" is not one of null, own; did you mean "
     "\"null\"?"},
    {"data: data\n", "data: data\nsecrecy-officers: [a@b.cn, 王芳]\n",
     "baosong.yaml:8:28: \"王芳\" is not an e-mail address such as "
     "name@example.gov.cn"},
};

static void
test_refusals(struct office *o, gconstpointer unused)
{
    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        const struct refusal_case *r = &refusals[i];
        g_autofree char *text = replaced(base, r->find, r->with);
        const char *said;

        g_assert_null(load(o, text));
        g_assert_cmpint(o->e.status, ==, EXIT_CONFIGURATION);
        said = short_problem(o, 0);
        if (g_str_has_suffix(r->problem, ": "))
            g_assert_true(g_str_has_prefix(said, r->problem));
        else
            g_assert_cmpstr(said, ==, r->problem);
    }
}

/* A mailbox must not be where replies are put. */
static void
test_same_maildir(struct office *o, gconstpointer unused)
{
    g_autofree char *text = replaced(local, "maildir:out", "maildir:x/../in");

    (void)unused;
    g_assert_null(load(o, text));
    g_assert_true(
        g_str_has_prefix(short_problem(o, 0), "baosong.yaml:4:11: outgoing"));
}

static void
test_tls_none_loopback(struct office *o, gconstpointer unused)
{
    g_autofree char *one =
        replaced(base, "mail.example.gov.cn/INBOX", "127.0.0.1:1143/INBOX");
    g_autofree char *two = replaced(one, "smtps://xxk@mail.example.gov.cn",
                                    "smtp://xxk@[::1]:1025");
    g_autofree char *text = g_strconcat(two, "tls: none\n", NULL);
    g_autoptr(config) c = load(o, text);

    (void)unused;
    g_assert_nonnull(c);
    g_assert_true(c->tls_none);
}

static void
test_empty(struct office *o, gconstpointer unused)
{
    (void)unused;
    g_assert_null(load(o, ""));
    g_assert_cmpstr(short_problem(o, 0), ==,
                    "baosong.yaml:1:1: the file is empty");
    g_assert_null(load(o, "\n# nothing\n"));
    g_assert_cmpstr(short_problem(o, 0), ==,
                    "baosong.yaml:1:1: the file is empty");
}

/* ---- special days ---- */
static void
test_holidays(struct office *o, gconstpointer unused)
{
    g_autofree char *text =
        g_strconcat(local, "holidays: holidays.txt\n", NULL);
    g_autoptr(config) c = NULL;

    (void)unused;
    scratch_put(o->dir, "holidays.txt",
                "# 2019\r\n2019-05-01..2019-05-04 劳动节\n\n"
                "+2019-04-28 调休\n2019-04-05\n");
    c = load(o, text);
    g_assert_nonnull(c);
    g_assert_cmpuint(c->holidays->len, ==, 6);
    g_assert_false(config_is_working_day(c, day_from_ymd(2019, 5, 1)));
    g_assert_false(config_is_working_day(c, day_from_ymd(2019, 5, 3)));
    g_assert_false(config_is_working_day(c, day_from_ymd(2019, 5, 5)));
    g_assert_true(config_is_working_day(c, day_from_ymd(2019, 5, 6)));
    g_assert_true(config_is_working_day(c, day_from_ymd(2019, 4, 28)));
    g_assert_false(config_is_working_day(c, day_from_ymd(2019, 4, 27)));
}

static void
test_holiday_refusals(struct office *o, gconstpointer unused)
{
    static const struct refusal_case cases[] = {
        {"", "2019-05-01\n2019-5-02\n",
         "days:2:1: a date such as 2019-05-01 is expected"},
        {"", "2019-05-01 劳动节\n  2019-05-01\n",
         "days:2:3: this day is there twice"},
        {"", "2019-05-01,2019-05-02\n",
         "days:1:11: a space is expected behind the date"},
        {"", "2019-05-04..2019-05-01\n",
         "days:1:1: the range ends before it begins, or is longer than 60 "
         "days"},
        {"", "\xC4\xE3\n", "days:1:1: this is not UTF-8"},
    };
    g_autofree char *text = g_strconcat(local, "holidays: days\n", NULL);

    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        scratch_put(o->dir, "days", cases[i].with);
        g_assert_null(load(o, text));
        g_assert_cmpstr(short_problem(o, 0), ==, cases[i].problem);
    }
}

/* ---- passwords ---- */
static void
test_password_file(struct office *o, gconstpointer unused)
{
    g_autofree char *path = g_build_filename(o->dir, "password", NULL);
    g_autoptr(config) c = load(o, base);
    char *password = NULL;
    struct err e = ERR_INIT;

    (void)unused;
    g_chmod(path, 0640);
    g_assert_cmpint(config_mailbox_password(c, &password, &e), ==, ST_OK);
    g_assert_cmpstr(password, ==, "secret");
    config_password_free(password);
    g_assert_cmpint(config_outgoing_password(c, &password, &e), ==, ST_OK);
    g_assert_cmpstr(password, ==, "secret");
    config_password_free(password);

    g_chmod(path, 0644);
    g_assert_cmpint(config_mailbox_password(c, &password, &e), ==, ST_REJECT);
    g_assert_cmpint(e.status, ==, EXIT_CONFIGURATION);
    g_assert_nonnull(strstr(e.text, "chmod o-rwx"));
    scratch_put(o->dir, "password", "\n");
    g_chmod(path, 0600);
    g_assert_cmpint(config_mailbox_password(c, &password, &e), ==, ST_REJECT);
    g_remove(path);
    g_assert_cmpint(config_mailbox_password(c, &password, &e), ==, ST_REJECT);
    g_assert_cmpint(e.status, ==, EXIT_CONFIGURATION);
}

/* LoadCredential= of a systemd unit. */
static void
test_password_credential(struct office *o, gconstpointer unused)
{
    g_autofree char *path = g_build_filename(o->dir, "password", NULL);
    g_autoptr(config) c = NULL;
    g_autoptr(GString) text = g_string_new(base);
    char *password = NULL;
    struct err e = ERR_INIT;

    (void)unused;
    g_string_replace(text, "password-file: password\n",
                     "password-file: ${CREDENTIALS_DIRECTORY}/password\n", 1);
    c = load(o, text->str);
    g_chmod(path, 0400);
    g_unsetenv("CREDENTIALS_DIRECTORY");
    g_assert_cmpint(config_mailbox_password(c, &password, &e), ==, ST_REJECT);
    g_assert_cmpint(e.status, ==, EXIT_CONFIGURATION);
    g_assert_nonnull(strstr(e.text, "LoadCredential"));
    g_setenv("CREDENTIALS_DIRECTORY", o->dir, TRUE);
    g_assert_cmpint(config_mailbox_password(c, &password, &e), ==, ST_OK);
    g_assert_cmpstr(password, ==, "secret");
    config_password_free(password);
    g_unsetenv("CREDENTIALS_DIRECTORY");
}

static void
test_password_command(struct office *o, gconstpointer unused)
{
    static const struct {
        const char *command;
        const char *password; /* NULL: refused */
    } cases[] = {
        {"printf 'two words\\nmore\\n'", "two words"},
        {"false", NULL},
        {"true", NULL},
        {"no-such-command-here", NULL},
        {"sh -c 'echo early; exit 3'", NULL},
        {"unbalanced 'quote", NULL},
    };

    (void)unused;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(config) c = load(o, base);
        char *password = NULL;
        struct err e = ERR_INIT;
        enum st st;

        g_clear_pointer(&c->password_file, g_free);
        c->password_command = g_strdup(cases[i].command);
        st = config_mailbox_password(c, &password, &e);
        g_assert_cmpint(st, ==, cases[i].password ? ST_OK : ST_REJECT);
        g_assert_cmpstr(password, ==, cases[i].password);
        config_password_free(password);
    }
}

static void
add(const char *name, void (*fn)(struct office *, gconstpointer))
{
    g_test_add(name, struct office, NULL, setup, fn, teardown);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/config/defaults", test_defaults);
    add("/config/every-key", test_every_key);
    add("/config/maildir", test_maildir);
    add("/config/refusals", test_refusals);
    add("/config/same-maildir", test_same_maildir);
    add("/config/tls-none-on-loopback", test_tls_none_loopback);
    add("/config/empty", test_empty);
    add("/config/holidays", test_holidays);
    add("/config/holiday-refusals", test_holiday_refusals);
    add("/config/password-file", test_password_file);
    add("/config/password-credential", test_password_credential);
    add("/config/password-command", test_password_command);
    return g_test_run();
}
