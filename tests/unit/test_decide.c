/* What becomes of a message: the table of docs/verdicts.md, row by row, with
 * the pack and roster of 郯城.  Names bear the ids of reliability.md. */
#include "rules/decide.h"

#include "pack/load.h"

#include <locale.h>
#include <string.h>

static struct pack *rules;
static struct matcher *names;

/* ---- messages ---- */

struct scene {
    struct reading *r;
    struct decide_input in;
    struct decision d;
};

static const char good_subject[] =
    "全县春耕备播进展顺利-县农业农村局-李强-0539-6201234";

static struct reading_file *
add_file(struct scene *s, const char *name, enum file_kind kind,
         const char *text)
{
    struct reading_file *f = reading_file_new();

    f->name = g_strdup(name);
    f->kind = kind;
    f->state = FILE_OK;
    f->text = g_strdup(text);
    f->words = text ? 386 : 0;
    f->sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256,
                                              text ? text : name, -1);
    g_ptr_array_add(s->r->files, f);
    return f;
}

static struct reading_address *
add_from(struct scene *s, const char *name, const char *address)
{
    struct reading_address *a = g_new0(struct reading_address, 1);

    a->name = g_strdup(name);
    a->address = g_strdup(address);
    g_ptr_array_add(s->r->from, a);
    return a;
}

/* A submission in order; a test spoils what it is about. */
static void
scene_start(struct scene *s)
{
    memset(s, 0, sizeof *s);
    s->r = reading_new();
    s->r->subject = g_strdup(good_subject);
    s->r->own_text = g_strdup("请查收。\n");
    add_from(s, NULL, "liqiang@example.gov.cn");
    add_file(s, "稿件.docx", FILE_DOCX, "全县已播种小麦42万亩。");
    s->in.reading = s->r;
    s->in.pack = rules;
    s->in.matcher = names;
    s->in.own_address = "xxk@mail.example.gov.cn";
    s->in.received = s->in.now = 1551750000; /* 2019-03-05 */
    s->in.day = day_from_ymd(2019, 3, 5);
}

static void
scene_subject(struct scene *s, const char *subject)
{
    g_free(s->r->subject);
    s->r->subject = g_strdup(subject);
}

static void
scene_text(struct scene *s, const char *text)
{
    g_free(s->r->own_text);
    s->r->own_text = g_strdup(text);
}

static void
scene_no_files(struct scene *s)
{
    g_ptr_array_set_size(s->r->files, 0);
}

static void
scene_end(struct scene *s)
{
    decision_clear(&s->d);
    reading_free(s->r);
}

/* "returned no-phone too-big" */
static char *
outcome(const struct decision *d)
{
    GString *s = g_string_new(verdict_name(d->verdict));

    for (int i = 0; i < d->reasons.n; i++)
        g_string_append_printf(s, " %s", reason_name(d->reasons.code[i]));
    return g_string_free(s, FALSE);
}

/* Decide, compare verdict and reasons, and whether a reply may go. */
static void
scene_check(struct scene *s, const char *expected, gboolean reply)
{
    g_autofree char *got = NULL;

    decide(&s->in, &s->d);
    got = outcome(&s->d);
    g_assert_cmpstr(got, ==, expected);
    g_assert_cmpint(s->d.reply_to != NULL, ==, reply);
    if (reply)
        g_assert_cmpstr(s->d.reply_to, ==, reading_author(s->r));
}

/* ---- accepted ---- */

static void
test_accepted(void)
{
    struct scene s;

    scene_start(&s);
    scene_check(&s, "accepted", TRUE);
    g_assert_cmpstr(s.d.fields->title, ==, "全县春耕备播进展顺利");
    g_assert_cmpstr(fields_unit(s.d.fields)->short_name, ==, "农业农村局");
    g_assert_cmpstr(s.d.fields->submitter, ==, "李强");
    g_assert_cmpint(s.d.draft, ==, 0);
    g_assert_cmpint(s.d.words, ==, 386);
    g_assert_true(reason_has(&s.d.notes, REASON_UNREGISTERED_SENDER));
    g_assert_cmpint(s.d.notes.n, ==, 1);
    g_assert_null(s.d.suggestion);
    scene_end(&s);
}

/* E19: Word beside PDF and pictures is normal. */
static void
test_pictures(void)
{
    struct scene s;

    scene_start(&s);
    add_file(&s, "签发单.jpg", FILE_IMAGE, NULL);
    add_file(&s, "稿件.pdf", FILE_PDF, NULL);
    add_file(&s, "照片.zip", FILE_ZIP, NULL);
    scene_check(&s, "accepted", TRUE);
    g_assert_cmpint(s.d.draft, ==, 0);
    scene_end(&s);
}

static void
test_notes(void)
{
    struct scene s;

    scene_start(&s);
    s.in.received += 3600;
    s.in.same_id_other_text = TRUE; /* C13 */
    s.in.same_draft = "2019-0007";  /* C15 */
    s.r->flags |= READING_FORWARDED | READING_INCOMPLETE |
                  READING_HIDDEN_CHARACTERS | READING_BAD_CHARSET;
    ((struct reading_file *)s.r->files->pdata[0])->nested = TRUE; /* E14 */
    ((struct reading_file *)s.r->files->pdata[0])->other_name =
        g_strdup("稿件.exe"); /* E8 */
    scene_check(&s, "accepted", TRUE);
    g_assert_true(reason_has(&s.d.notes, REASON_FUTURE_RECEIPT));
    g_assert_true(reason_has(&s.d.notes, REASON_SAME_ID_OTHER_TEXT));
    g_assert_true(reason_has(&s.d.notes, REASON_NEW_VERSION));
    g_assert_true(reason_has(&s.d.notes, REASON_FORWARDED));
    g_assert_true(reason_has(&s.d.notes, REASON_INCOMPLETE));        /* E11 */
    g_assert_true(reason_has(&s.d.notes, REASON_HIDDEN_CHARACTERS)); /* B9 */
    g_assert_true(reason_has(&s.d.notes, REASON_BAD_CHARSET));       /* E6 */
    g_assert_true(reason_has(&s.d.notes, REASON_TWO_NAMES));
    g_assert_cmpstr(s.d.new_version_of, ==, "2019-0007");
    scene_end(&s);
}

static void
test_figures(void)
{
    struct scene s;

    scene_start(&s);
    scene_no_files(&s);
    add_file(&s, "稿件.docx", FILE_DOCX, "全县春耕进展顺利。");
    scene_check(&s, "accepted", TRUE);
    g_assert_true(reason_has(&s.d.notes, REASON_NO_FIGURES));
    scene_end(&s);
}

/* The limit depends on a category that senders do not state: only what is
 * too long for every category is called too long. */
static void
check_length(const char *subject, int words, gboolean too_long,
             gboolean unknown)
{
    struct scene s;

    scene_start(&s);
    scene_subject(&s, subject);
    ((struct reading_file *)s.r->files->pdata[0])->words = words;
    scene_check(&s, "accepted", TRUE);
    g_assert_cmpint(reason_has(&s.d.notes, REASON_TOO_LONG), ==, too_long);
    g_assert_cmpint(reason_has(&s.d.notes, REASON_UNKNOWN_CATEGORY), ==,
                    unknown);
    g_assert_cmpint(s.d.words, ==, words);
    scene_end(&s);
}

static void
test_length(void)
{
    const char *special = "【专报】春耕备播进展顺利-县农业农村局-李强-6201234";
    const char *common =
        "春耕备播进展顺利（一般性信息）-县农业农村局-李强-6201234";

    check_length(good_subject, 400, FALSE, FALSE);
    check_length(good_subject, 401, FALSE, TRUE);
    check_length(good_subject, 2000, FALSE, TRUE);
    check_length(good_subject, 2001, TRUE, FALSE);
    check_length(special, 401, FALSE, FALSE);
    check_length(special, 2001, TRUE, FALSE);
    check_length(common, 400, FALSE, FALSE);
    check_length(common, 401, TRUE, FALSE);
}

/* ---- returned: everything that is missing, at once ---- */

static void
check_subject(const char *subject, const char *expected)
{
    struct scene s;

    scene_start(&s);
    scene_subject(&s, subject);
    scene_check(&s, expected, !g_str_has_prefix(expected, "held"));
    scene_end(&s);
}

static void
test_elements(void)
{
    check_subject("春节市场供应充足-县商务局-何平", "returned no-phone");
    check_subject("春节市场供应充足-何平-15253901234", "returned no-unit");
    check_subject("春节市场供应充足-县商务局-15253901234",
                  "returned no-submitter");
    check_subject("县商务局-何平-15253901234", "returned no-title");
    check_subject("信息报送",
                  "returned no-title no-unit no-submitter no-phone");
    check_subject(NULL, "returned no-title no-unit no-submitter no-phone");
    check_subject("春节市场供应充足-县电商办-何平", "returned no-phone "
                                                    "unknown-unit");
    check_subject("春节市场供应充足-县电商办-何平-15253901234",
                  "held unknown-unit");
    check_subject("税务局：减税降费落地见效-县财政局-高翔-6204567",
                  "held ambiguous-subject ambiguous-unit");
}

/* E19, E21: every kind of file that is no draft, named for what it is. */
static void
check_file(const char *name, enum file_kind kind, enum file_state state,
           const char *expected)
{
    struct scene s;
    struct reading_file *f;

    scene_start(&s);
    scene_no_files(&s);
    f = add_file(&s, name, kind, NULL);
    f->state = state;
    scene_check(&s, expected, g_str_has_prefix(expected, "returned"));
    g_assert_cmpint(s.d.draft, ==, -1);
    scene_end(&s);
}

static void
test_files(void)
{
    check_file("稿件.pdf", FILE_PDF, FILE_OK, "returned not-word");
    check_file("稿件.jpg", FILE_IMAGE, FILE_OK, "returned not-word");
    check_file("稿件.xlsx", FILE_SHEET, FILE_OK, "returned not-word");
    check_file("稿件.ofd", FILE_OFD, FILE_OK, "returned not-word");
    check_file("稿件.zip", FILE_ZIP, FILE_OK, "returned archive");
    check_file("稿件.rar", FILE_RAR, FILE_OK, "returned archive");
    check_file("稿件.7z", FILE_7Z, FILE_ENCRYPTED, "returned encrypted");
    check_file("稿件.docx", FILE_DOCX, FILE_ENCRYPTED, "returned encrypted");
    check_file("稿件.docm", FILE_DOCX, FILE_MACRO, "returned macro");
    check_file("稿件.docx", FILE_DOCX, FILE_NO_TEXT, "returned empty-draft");
    check_file("稿件.doc", FILE_EMPTY, FILE_OK, "returned empty-draft");
    check_file("~$稿件.docx", FILE_LOCK, FILE_OK, "returned not-word");
    check_file("稿件.doc", FILE_DOC, FILE_UNREADABLE, "held unreadable");
    check_file("稿件.docx", FILE_DOCX, FILE_OVER_LIMIT, "held unreadable");
    check_file("winmail.dat", FILE_TNEF, FILE_OK, "returned not-word");
}

static void
check_flag(unsigned flag, const char *expected)
{
    struct scene s;

    scene_start(&s);
    scene_no_files(&s);
    s.r->flags = flag;
    scene_check(&s, expected, g_str_has_prefix(expected, "returned"));
    scene_end(&s);
}

static void
test_flags(void)
{
    check_flag(0, "returned no-draft");
    check_flag(READING_PARTIAL, "returned partial");    /* E17 */
    check_flag(READING_EXTERNAL, "returned link-only"); /* E18 */
    check_flag(READING_LINK_ONLY, "returned link-only");
    check_flag(READING_ENCRYPTED, "returned encrypted");
    check_flag(READING_HEADER_ONLY, "returned too-big");
    check_flag(READING_UUENCODED, "returned not-word"); /* E15 */
    check_flag(READING_INCOMPLETE, "returned incomplete");
    check_flag(READING_OVER_LIMIT, "held unreadable");
}

/* E12: cut on the way, by the file's own measure. */
static void
test_cut_file(void)
{
    struct scene s;

    scene_start(&s);
    ((struct reading_file *)s.r->files->pdata[0])->incomplete = TRUE;
    scene_check(&s, "returned incomplete", TRUE);
    scene_end(&s);
}

/* E19: two different Word files; the same one twice is one. */
static void
test_several_drafts(void)
{
    struct scene s;

    scene_start(&s);
    add_file(&s, "稿件二.docx", FILE_DOCX, "另一篇稿件，12条。");
    scene_check(&s, "returned several-drafts", TRUE);
    scene_end(&s);
    scene_start(&s);
    add_file(&s, "副本.doc", FILE_DOC, "全县已播种小麦42万亩。");
    scene_check(&s, "accepted", TRUE);
    g_assert_cmpint(s.d.draft, ==, 0);
    scene_end(&s);
    scene_start(&s);
    add_file(&s, "~$稿件.docx", FILE_LOCK, NULL);
    scene_check(&s, "accepted", TRUE);
    scene_end(&s);
    scene_start(&s);
    add_file(&s, "密.docx", FILE_DOCX, NULL)->state = FILE_ENCRYPTED;
    scene_check(&s, "returned encrypted several-drafts", TRUE);
    scene_end(&s);
}

static void
test_several_items(void)
{
    struct scene s;

    scene_start(&s);
    scene_subject(&s, "县商务局3月份两篇上报信息-县商务局-何平-6201234");
    add_file(&s, "二.docx", FILE_DOCX, "另一篇稿件，12条。");
    decide(&s.in, &s.d);
    g_assert_cmpint(s.d.verdict, ==, VERDICT_RETURNED);
    g_assert_true(reason_has(&s.d.reasons, REASON_SEVERAL_DRAFTS));
    g_assert_true(reason_has(&s.d.reasons, REASON_SEVERAL_ITEMS));
    scene_end(&s);
}

static void
test_all_at_once(void)
{
    struct scene s;

    scene_start(&s);
    scene_subject(&s, "春节市场供应充足");
    scene_no_files(&s);
    add_file(&s, "稿件.pdf", FILE_PDF, NULL);
    add_file(&s, "稿件.rar", FILE_RAR, NULL);
    scene_check(&s, "returned not-word archive no-unit no-submitter no-phone",
                TRUE);
    g_assert_cmpstr(s.d.suggestion, ==,
                    "春节市场供应充足-〔报送单位〕-〔报送人〕-〔联系电话〕");
    scene_end(&s);
}

/* Everything in the file's name and an empty subject: the regulation wants
 * it in the subject, so it goes back with the subject to copy. */
static void
test_suggestion_from_file_name(void)
{
    struct scene s;

    scene_start(&s);
    scene_subject(&s, NULL);
    scene_no_files(&s);
    add_file(&s, "春节市场供应充足-县商务局-何平-15253901234(1).docx",
             FILE_DOCX, "商品12种。");
    scene_check(&s, "returned no-title no-unit no-submitter no-phone", TRUE);
    g_assert_cmpstr(s.d.suggestion, ==,
                    "春节市场供应充足-县商务局-何平-15253901234");
    scene_end(&s);
}

/* ---- machines, ourselves, the same again ---- */

/* A1, A2, A6, A8-A11, A15, A16, A18, A19, A22: decided before anything else,
 * never answered. */
static void
test_machines(void)
{
    static const char *const expected[] = {
        [MACHINE_AUTO_SUBMITTED] = "ignored auto-submitted",
        [MACHINE_NULL_SENDER] = "ignored null-sender",
        [MACHINE_LIST] = "ignored list",
        [MACHINE_BULK] = "ignored bulk",
        [MACHINE_BOUNCE] = "ignored bounce",
        [MACHINE_RECEIPT] = "ignored receipt",
        [MACHINE_RECALL] = "ignored recall",
        [MACHINE_SELF] = "ignored self",
        [MACHINE_ROBOT] = "ignored robot",
    };

    for (int m = MACHINE_AUTO_SUBMITTED; m < MACHINE_SUPPRESS; m++) {
        struct scene s;

        scene_start(&s);
        s.r->machine = (enum machine)m;
        s.in.same_message = TRUE;
        scene_check(&s, expected[m], FALSE);
        scene_end(&s);
    }
}

/* A14: the wish not to be answered is no mark of a machine. */
static void
test_suppress(void)
{
    struct scene s;

    scene_start(&s);
    s.r->machine = MACHINE_SUPPRESS;
    scene_check(&s, "accepted", FALSE);
    g_assert_true(reason_has(&s.d.notes, REASON_SUPPRESS));
    scene_end(&s);
}

/* A17: the mailer's mark in front, and a submission in order behind it. */
static void
test_auto_reply_with_draft(void)
{
    struct scene s;

    scene_start(&s);
    scene_subject(&s, "自动回复: 春耕备播进展顺利-县农业农村局-李强-6201234");
    scene_check(&s, "accepted", TRUE);
    g_assert_cmpstr(s.d.fields->title, ==, "春耕备播进展顺利");
    scene_end(&s);
    scene_start(&s);
    scene_subject(&s, "自动回复: 春耕备播进展顺利-县农业农村局-李强");
    scene_check(&s, "held no-phone", FALSE);
    scene_end(&s);
    scene_start(&s);
    scene_subject(&s, "自动回复: 关于报送信息的通知");
    scene_check(&s, "ignored auto-submitted", FALSE);
    g_assert_cmpint((int)s.d.fields->title_found, ==, (int)FOUND_NOT);
    g_assert_cmpint(s.d.draft, ==, -1);
    scene_end(&s);
    rules->held_reply = HELD_REPLY_NOTICE; /* not even the notice */
    scene_start(&s);
    scene_subject(&s, "自动回复: 春耕备播进展顺利-县农业农村局-李强");
    scene_check(&s, "held no-phone", FALSE);
    scene_end(&s);
    rules->held_reply = HELD_REPLY_NONE;
}

/* A21: our own address, however written. */
static void
test_own_address(void)
{
    static const char *const own[] = {"xxk@mail.example.gov.cn",
                                      "XXK@mail.example.gov.cn",
                                      "xxk+auto=x@mail.example.gov.cn"};

    for (size_t i = 0; i < G_N_ELEMENTS(own); i++) {
        struct scene s;

        scene_start(&s);
        g_ptr_array_set_size(s.r->from, 0);
        add_from(&s, "信息科", own[i]);
        scene_check(&s, "ignored self", FALSE);
        scene_end(&s);
    }
}

/* C1, C2, C12, C14: known by its content. */
static void
test_same_message(void)
{
    struct scene s;

    scene_start(&s);
    s.in.same_message = TRUE;
    scene_check(&s, "duplicate same-message", FALSE);
    scene_end(&s);
}

/* ---- secrecy ---- */

static void
test_secrecy(void)
{
    struct scene s;

    scene_start(&s);
    s.r->secrecy = SECRECY_SECRET;
    reading_wipe(s.r);
    scene_check(&s, "quarantined secrecy", TRUE);
    g_assert_null(s.d.fields->title);
    g_assert_null(s.d.suggestion);
    g_assert_cmpint(s.d.notes.n, ==, 0);
    scene_end(&s);
    scene_start(&s);
    s.r->secrecy = SECRECY_TOP;
    s.r->machine = MACHINE_AUTO_SUBMITTED;
    scene_check(&s, "quarantined secrecy", FALSE);
    scene_end(&s);
    scene_start(&s); /* no answer to an address that was forged */
    s.r->secrecy = SECRECY_SECRET;
    s.in.proof = PROOF_FAILED;
    scene_check(&s, "quarantined secrecy", FALSE);
    scene_end(&s);
}

/* What an ordinary mail is not answered for, a marked one is not either. */
static void
test_marked_unanswered(void)
{
    static const unsigned flags[] = {READING_SPAM, READING_REPEATED_HEADER,
                                     READING_OVER_LIMIT, READING_MALFORMED};
    struct scene s;

    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
        scene_start(&s);
        s.r->secrecy = SECRECY_SECRET;
        s.r->flags |= flags[i];
        reading_wipe(s.r);
        scene_check(&s, "quarantined secrecy", FALSE);
        scene_end(&s);
    }
    scene_start(&s);
    s.r->secrecy = SECRECY_SECRET;
    s.r->sender = g_strdup("other@example.gov.cn");
    reading_wipe(s.r);
    scene_check(&s, "quarantined secrecy", FALSE);
    scene_end(&s);
}

/* ---- who sends ---- */

/* A27: two authors, or one and another who sends. */
static void
test_several_senders(void)
{
    struct scene s;

    scene_start(&s);
    add_from(&s, NULL, "other@example.gov.cn");
    scene_check(&s, "held several-senders", FALSE);
    scene_end(&s);
    scene_start(&s);
    s.r->sender = g_strdup("other@example.gov.cn");
    scene_subject(&s, "春节市场供应充足");
    scene_check(&s, "held several-senders no-unit no-submitter no-phone",
                FALSE);
    scene_end(&s);
    scene_start(&s);
    s.r->sender = g_strdup("LIQIANG@example.gov.cn");
    scene_check(&s, "accepted", TRUE);
    scene_end(&s);
}

/* A28: nobody to answer. */
static void
test_no_author(void)
{
    struct scene s;

    scene_start(&s);
    g_ptr_array_set_size(s.r->from, 0);
    scene_check(&s, "held no-author", FALSE);
    scene_end(&s);
    scene_start(&s);
    g_ptr_array_set_size(s.r->from, 0);
    add_from(&s, "李强", NULL);
    scene_check(&s, "held no-author", FALSE);
    scene_end(&s);
}

/* A30: the office's own server says that it is forged. */
static void
test_failed_authentication(void)
{
    struct scene s;

    scene_start(&s);
    s.in.proof = PROOF_FAILED;
    scene_subject(&s, "春节市场供应充足-县商务局-何平");
    scene_check(&s, "held failed-authentication no-phone", FALSE);
    scene_end(&s);
}

/* A31: spam is answered only when it is a submission in order. */
static void
test_spam(void)
{
    struct scene s;

    scene_start(&s);
    s.r->flags |= READING_SPAM;
    scene_check(&s, "accepted", TRUE);
    scene_end(&s);
    scene_start(&s);
    s.r->flags |= READING_SPAM;
    scene_subject(&s, "代开发票");
    scene_no_files(&s);
    scene_check(&s, "ignored bulk", FALSE);
    scene_end(&s);
    scene_start(&s);
    s.r->flags |= READING_SPAM;
    scene_subject(&s, "春节市场供应充足-县商务局-何平");
    scene_check(&s, "held no-phone", FALSE);
    scene_end(&s);
}

/* A32: no header block at all. */
static void
test_malformed(void)
{
    struct scene s;

    scene_start(&s);
    s.r->flags = READING_MALFORMED;
    decide(&s.in, &s.d);
    g_assert_cmpint(s.d.verdict, ==, VERDICT_HELD);
    g_assert_null(s.d.reply_to);
    scene_end(&s);
}

/* E9: two Subject fields. */
static void
test_repeated_header(void)
{
    struct scene s;

    scene_start(&s);
    s.r->flags = READING_REPEATED_HEADER;
    scene_check(&s, "held ambiguous-subject", FALSE);
    scene_end(&s);
}

/* A25, A26: mail from before answer-since. */
static void
test_old(void)
{
    struct scene s;

    scene_start(&s);
    s.in.old = TRUE;
    scene_check(&s, "accepted", FALSE);
    g_assert_true(reason_has(&s.d.notes, REASON_OLD));
    scene_end(&s);
}

/* Section 4, 积分造假: one unit's address, another unit's name. */
static void
test_unit_in_anothers_name(void)
{
    struct unit *tax = roster_find(rules->roster, "税务局");
    struct scene s;

    g_ptr_array_add(tax->domains, g_strdup("tax.example.gov.cn"));
    scene_start(&s);
    g_ptr_array_set_size(s.r->from, 0);
    add_from(&s, NULL, "gao@tax.example.gov.cn");
    scene_check(&s, "held ambiguous-unit", FALSE);
    scene_end(&s);
    scene_start(&s);
    g_ptr_array_set_size(s.r->from, 0);
    add_from(&s, NULL, "gao@tax.example.gov.cn");
    scene_subject(&s, "减税降费成效明显-县税务局-高翔-6204567");
    scene_check(&s, "accepted", TRUE);
    scene_end(&s);
    scene_start(&s);
    g_ptr_array_set_size(s.r->from, 0);
    add_from(&s, NULL, "gao@tax.example.gov.cn");
    scene_subject(&s, "减税降费成效明显-财政局、税务局-高翔-6204567");
    scene_check(&s, "accepted", TRUE);
    g_assert_cmpint((int)s.d.fields->units->len, ==, 2);
    scene_end(&s);
    g_ptr_array_set_size(tax->domains, 0);
}

static struct informant *
register_informant(const char *unit, const char *name, const char *address)
{
    struct informant *i = g_new0(struct informant, 1);

    i->name = g_strdup(name);
    i->address = g_strdup(address);
    i->from = DAY_FIRST;
    i->to = DAY_LAST;
    g_ptr_array_add(roster_find(rules->roster, unit)->informants, i);
    return i;
}

static void
forget_informants(const char *unit)
{
    g_ptr_array_set_size(roster_find(rules->roster, unit)->informants, 0);
}

static void
test_registered(void)
{
    struct scene s;

    register_informant("农业农村局", "李强", "liqiang@example.gov.cn");
    scene_start(&s);
    scene_check(&s, "accepted", TRUE);
    g_assert_cmpint(s.d.notes.n, ==, 0);
    g_assert_nonnull(s.d.informant);
    scene_end(&s);
    scene_start(&s);
    scene_subject(&s, "春耕备播进展顺利");
    decide(&s.in, &s.d);
    g_assert_cmpstr(s.d.suggestion, ==,
                    "春耕备播进展顺利-县农业农村局-李强-〔联系电话〕");
    scene_end(&s);
    forget_informants("农业农村局");
}

static void
check_sender(const char *address, enum secrecy secrecy, const char *expected,
             gboolean answered)
{
    struct scene s;

    scene_start(&s);
    g_ptr_array_set_size(s.r->from, 0);
    add_from(&s, NULL, address);
    s.r->secrecy = secrecy;
    scene_check(&s, expected, answered);
    scene_end(&s);
}

/* Who may submit is the pack's choice, and no other is answered, whatever
 * his mail is marked with. */
static void
test_senders_policy(void)
{
    static const char held[] = "held unregistered-sender";
    static const char marked[] = "quarantined secrecy";
    static const char known[] = "liqiang@example.gov.cn";
    static const char stranger[] = "stranger@example.com";

    rules->senders = SENDERS_REGISTERED;
    check_sender(known, SECRECY_NONE, held, FALSE);
    check_sender(known, SECRECY_SECRET, marked, FALSE);
    register_informant("农业农村局", "李强", known);
    check_sender(known, SECRECY_NONE, "accepted", TRUE);
    check_sender(known, SECRECY_SECRET, marked, TRUE);
    rules->senders = SENDERS_KNOWN_DOMAIN;
    check_sender(stranger, SECRECY_NONE, held, FALSE);
    check_sender(stranger, SECRECY_SECRET, marked, FALSE);
    check_sender("other@example.gov.cn", SECRECY_SECRET, marked, TRUE);
    rules->senders = SENDERS_ANYONE;
    check_sender(stranger, SECRECY_SECRET, marked, TRUE);
    forget_informants("农业农村局");
}

/* ---- the desk and questions ---- */

static void
check_order(const char *subject, const char *text, enum proof proof,
            gboolean staff, const char *expected)
{
    struct scene s;

    scene_start(&s);
    scene_no_files(&s);
    scene_subject(&s, subject);
    scene_text(&s, text);
    s.in.is_staff = staff;
    s.in.proof = proof;
    scene_check(&s, expected,
                g_str_has_prefix(expected, "command") ||
                    g_str_has_prefix(expected, "query") ||
                    g_str_has_prefix(expected, "returned"));
    scene_end(&s);
}

/* D7: a signature says who wrote, not to whom or how often. */
static void
test_orders_worked_on(void)
{
    static const struct {
        const char *to;
        gboolean same_id, refused;
        unsigned flags;
        const char *want;
    } mails[] = {
        {NULL, FALSE, FALSE, 0, "command"},
        {"xxk@office.example.gov.cn", FALSE, FALSE, 0, "command"},
        {"lisi@office.example.gov.cn", FALSE, FALSE, 0,
         "held unproven-command"},
        {NULL, TRUE, FALSE, 0, "held unproven-command"},
        {NULL, TRUE, TRUE, 0, "command"},
        {NULL, FALSE, FALSE, READING_REPEATED_HEADER, "held unproven-command"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
        struct scene s;

        scene_start(&s);
        scene_no_files(&s);
        scene_subject(&s, "标注 2019-0012 普刊");
        s.in.is_staff = TRUE;
        s.in.proof = PROOF_PROVEN;
        s.in.own_address = "xxk@office.example.gov.cn";
        s.in.same_id_other_text = mails[i].same_id;
        s.in.same_id_refused = mails[i].refused;
        s.r->flags |= mails[i].flags;
        if (mails[i].to) {
            struct reading_address *a = g_new0(struct reading_address, 1);

            a->address = g_strdup(mails[i].to);
            g_ptr_array_add(s.r->to, a);
        }
        scene_check(&s, mails[i].want, strcmp(mails[i].want, "command") == 0);
        scene_end(&s);
    }
}

static void
test_commands(void)
{
    const char *empty =
        "returned no-draft no-title no-unit no-submitter no-phone";

    check_order("标注 2019-0012 普刊", "", PROOF_PROVEN, TRUE, "command");
    check_order("", "标注 2019-0012 普刊\n撤销 2019-0013 简讯\n", PROOF_PROVEN,
                TRUE, "command");
    check_order("标注　２０１９－００１２　普刊", "", PROOF_PROVEN, TRUE,
                "command");
    check_order("标注：2019-0012 普刊", "", PROOF_PROVEN, TRUE, "command");
    check_order("Re: 受理 待-7", "", PROOF_PROVEN, TRUE, "command");
    check_order("通报2019-03", "", PROOF_PROVEN, TRUE, "command");
    /* D2: unproven, and D15: not of the staff */
    check_order("标注 2019-0012 普刊", "", PROOF_NONE, TRUE,
                "held unproven-command");
    check_order("标注 2019-0012 普刊", "", PROOF_FAILED, TRUE,
                "held unproven-command");
    check_order("信息", "标注 2019-0012 普刊", PROOF_PROVEN, FALSE, empty);
    check_order("信息", "紧急通知大家开会", PROOF_PROVEN, TRUE, empty);
    /* a slip of the pen gets the desk's answer, to a colleague only */
    check_order("撤消 2019-0012 普刊", "", PROOF_PROVEN, TRUE, "command");
    check_order("信息", "记份 财政局 以干代训 跟班", PROOF_PROVEN, TRUE,
                "command");
    check_order("信息", "撤消 2019-0012 普刊", PROOF_NONE, TRUE, empty);
    check_order("信息", "撤消 2019-0012 普刊", PROOF_PROVEN, FALSE, empty);
    check_order("信息", "会议 改期", PROOF_PROVEN, TRUE, empty);
}

static void
test_ledger(void)
{
    struct scene s;

    scene_start(&s);
    scene_no_files(&s);
    add_file(&s, "台账.xlsx", FILE_SHEET, NULL);
    s.in.is_staff = TRUE;
    s.in.proof = PROOF_PROVEN;
    scene_check(&s, "command", TRUE);
    scene_end(&s);
    scene_start(&s); /* staff may hand in a draft like everybody else */
    s.in.is_staff = TRUE;
    s.in.proof = PROOF_PROVEN;
    scene_check(&s, "accepted", TRUE);
    scene_end(&s);
    scene_start(&s); /* D16 */
    scene_no_files(&s);
    add_file(&s, "台账.xlsx", FILE_SHEET, NULL);
    scene_check(&s, "returned not-word", TRUE);
    scene_end(&s);
}

/* An informant's question that somebody else has sent. */
static void
check_sent_by_another(void)
{
    struct scene s;

    scene_start(&s);
    scene_no_files(&s);
    scene_subject(&s, "得分 财政局 2019-03");
    s.r->sender = g_strdup("evil@evil.example");
    decide(&s.in, &s.d);
    g_assert_cmpint(s.d.verdict, !=, VERDICT_QUERY);
    g_assert_null(s.d.reply_to);
    scene_end(&s);
}

static void
test_questions(void)
{
    check_order("得分 财政局 2019-03", "", PROOF_NONE, FALSE,
                "held unregistered-sender");
    register_informant("财政局", "李强", "liqiang@example.gov.cn");
    check_order("得分 财政局 2019-03", "", PROOF_NONE, FALSE, "query");
    check_order("您好", "查询 2019-0012\n", PROOF_NONE, FALSE, "query");
    check_order("得分 财政局 2019-03", "", PROOF_FAILED, FALSE,
                "held failed-authentication no-draft no-phone "
                "ambiguous-subject");
    check_sent_by_another();
    forget_informants("财政局");
}

/* ---- commissions ---- */

static gboolean
known_commission(const char *number, const char *message_id, void *user,
                 char **number_out)
{
    g_assert_null(user);
    if ((number && strcmp(number, "2019-05") == 0) ||
        (message_id && strcmp(message_id, "<notice@x>") == 0)) {
        *number_out = g_strdup("2019-05");
        return TRUE;
    }
    return FALSE;
}

static void
test_commissions(void)
{
    struct scene s;

    scene_start(&s);
    scene_subject(&s, "[约稿2019-05] 减税降费落实情况-县税务局-高翔-6204567");
    s.in.commission = known_commission;
    scene_check(&s, "accepted", TRUE);
    g_assert_cmpstr(s.d.fields->commission, ==, "2019-05");
    scene_end(&s);
    scene_start(&s);
    scene_subject(&s, "[约稿2019-99] 减税降费落实情况-县税务局-高翔-6204567");
    s.in.commission = known_commission;
    scene_check(&s, "held unknown-commission", FALSE);
    scene_end(&s);
    scene_start(&s); /* an answer to the notice */
    g_ptr_array_add(s.r->references, g_strdup("<other@x>"));
    g_ptr_array_add(s.r->references, g_strdup("<notice@x>"));
    s.in.commission = known_commission;
    scene_check(&s, "accepted", TRUE);
    g_assert_cmpstr(s.d.fields->commission, ==, "2019-05");
    scene_end(&s);
}

/* ---- the reader ---- */

static void
test_reader_died(void)
{
    struct scene s;

    scene_start(&s);
    s.in.reading = NULL;
    decide(&s.in, &s.d);
    g_assert_cmpint(s.d.verdict, ==, VERDICT_HELD);
    g_assert_true(reason_has(&s.d.reasons, REASON_READER_DIED));
    g_assert_null(s.d.reply_to);
    scene_end(&s);
}

/* The mailbox could not give its bytes. */
static void
test_not_given(void)
{
    struct scene s;

    scene_start(&s);
    s.in.reading = NULL;
    s.in.not_given = TRUE;
    decide(&s.in, &s.d);
    g_assert_cmpint(s.d.verdict, ==, VERDICT_HELD);
    g_assert_true(reason_has(&s.d.reasons, REASON_UNREADABLE));
    g_assert_null(s.d.reply_to);
    scene_end(&s);
}

/* The pack says whether a held sender hears of it. */
static void
test_held_notice(void)
{
    struct scene s;

    rules->held_reply = HELD_REPLY_NOTICE;
    scene_start(&s);
    scene_subject(&s, "春节市场供应充足-县电商办-何平-15253901234");
    scene_check(&s, "held unknown-unit", TRUE);
    scene_end(&s);
    scene_start(&s);
    s.in.proof = PROOF_FAILED;
    scene_check(&s, "held failed-authentication", FALSE);
    scene_end(&s);
    rules->held_reply = HELD_REPLY_NONE;
}

/* ---- another regulation: elements in the body, the body is the item ---- */

static struct pack *
panyu(void)
{
    static const enum reason demanded[] = {
        REASON_NO_TITLE,  REASON_NO_BODY,      REASON_NO_UNIT,
        REASON_NO_SIGNER, REASON_NO_SUBMITTER, REASON_NO_OPENNESS,
        REASON_NO_PHONE,  REASON_NO_DATE};
    struct pack *p = pack_new();
    struct pack_check *tag = pack_add_check(p), *all;

    roster_add_class(p->roster, "镇街", STANDING_RANKED);
    roster_add(p->roster, "沙湾镇", "沙湾镇");
    reason_add(&tag->reasons, REASON_NO_TAG);
    tag->text = g_strdup("政务信息");
    tag->then = THEN_NOTE;
    all = pack_add_check(p);
    all->then = THEN_RETURN;
    for (size_t i = 0; i < G_N_ELEMENTS(demanded); i++)
        reason_add(&all->reasons, demanded[i]);
    return p;
}

static void
check_panyu(const char *subject, const char *text, const char *expected,
            gboolean tagged)
{
    struct pack *p = panyu();
    struct matcher *m = matcher_new(p->roster, "广州市番禺区人民政府办公室");
    struct scene s;

    scene_start(&s);
    scene_subject(&s, subject);
    scene_text(&s, text);
    scene_no_files(&s);
    s.in.pack = p;
    s.in.matcher = m;
    scene_check(&s, expected, TRUE);
    g_assert_cmpint(!reason_has(&s.d.notes, REASON_NO_TAG), ==, tagged);
    scene_end(&s);
    matcher_free(m);
    pack_free(p);
}

static void
test_elements_in_body(void)
{
    const char *body = "单位：沙湾镇\n签发人：陈大文\n报送人：李强\n"
                       "公开属性：主动公开\n联系电话：84720000\n"
                       "日期：2010年4月10日\n正文：我镇12个村完成改造。\n";

    check_panyu("我镇完成旧村改造（政务信息）", body, "accepted", TRUE);
    check_panyu("我镇完成旧村改造", body, "accepted", FALSE);
    check_panyu("我镇完成旧村改造（政务信息）",
                "单位：沙湾镇\n报送人：李强\n公开属性：主动公开\n"
                "联系电话：84720000\n我镇12个村完成改造。\n",
                "returned no-signer no-date", TRUE);
    check_panyu("我镇完成旧村改造（政务信息）",
                "单位：沙湾镇\n签发人：陈大文\n报送人：李强\n"
                "公开属性：主动公开\n联系电话：84720000\n日期：4月10日\n",
                "returned no-draft no-body", TRUE);
}

/* ---- names ---- */

static void
test_names(void)
{
    for (int v = VERDICT_ACCEPTED; v <= VERDICT_QUERY; v++) {
        enum verdict back = VERDICT_ACCEPTED;

        g_assert_true(verdict_parse(verdict_name((enum verdict)v), &back));
        g_assert_cmpint((int)back, ==, v);
    }
    for (int r = 0; r < REASON_COUNT; r++) {
        enum reason back = REASON_COUNT;

        g_assert_true(reason_parse(reason_name((enum reason)r), &back));
        g_assert_cmpint((int)back, ==, r);
    }
}

static void
load_pack(void)
{
    struct err e = ERR_INIT;

    if (pack_load("mailrules/tancheng-2019", &rules, &e) != ST_OK)
        g_error("%s", e.text);
    names = matcher_new(rules->roster, "郯城县人民政府办公室信息科");
}

int
main(int argc, char **argv)
{
    int status;

    setlocale(LC_ALL, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    load_pack();
    g_test_add_func("/decide/accepted", test_accepted);
    g_test_add_func("/decide/E19-word-beside-pictures", test_pictures);
    g_test_add_func("/decide/C13-C15-E11-E14-notes", test_notes);
    g_test_add_func("/decide/no-figures", test_figures);
    g_test_add_func("/decide/length-by-category", test_length);
    g_test_add_func("/decide/elements", test_elements);
    g_test_add_func("/decide/E16-E19-E21-files", test_files);
    g_test_add_func("/decide/E15-E17-E18-flags", test_flags);
    g_test_add_func("/decide/E12-cut-file", test_cut_file);
    g_test_add_func("/decide/E19-several-drafts", test_several_drafts);
    g_test_add_func("/decide/several-items", test_several_items);
    g_test_add_func("/decide/all-reasons-at-once", test_all_at_once);
    g_test_add_func("/decide/subject-to-copy", test_suggestion_from_file_name);
    g_test_add_func("/decide/A1-A22-machines", test_machines);
    g_test_add_func("/decide/A14-suppress", test_suppress);
    g_test_add_func("/decide/A17-auto-reply-with-draft",
                    test_auto_reply_with_draft);
    g_test_add_func("/decide/A21-own-address", test_own_address);
    g_test_add_func("/decide/C12-same-message", test_same_message);
    g_test_add_func("/decide/secrecy", test_secrecy);
    g_test_add_func("/decide/marked-unanswered-A27-A31",
                    test_marked_unanswered);
    g_test_add_func("/decide/A27-several-senders", test_several_senders);
    g_test_add_func("/decide/A28-no-author", test_no_author);
    g_test_add_func("/decide/A30-failed-authentication",
                    test_failed_authentication);
    g_test_add_func("/decide/A31-spam", test_spam);
    g_test_add_func("/decide/A32-malformed", test_malformed);
    g_test_add_func("/decide/E9-repeated-header", test_repeated_header);
    g_test_add_func("/decide/A25-old", test_old);
    g_test_add_func("/decide/unit-in-anothers-name",
                    test_unit_in_anothers_name);
    g_test_add_func("/decide/registered", test_registered);
    g_test_add_func("/decide/senders-policy", test_senders_policy);
    g_test_add_func("/decide/D2-D12-D15-commands", test_commands);
    g_test_add_func("/decide/D7-orders-worked-on", test_orders_worked_on);
    g_test_add_func("/decide/D16-ledger", test_ledger);
    g_test_add_func("/decide/questions", test_questions);
    g_test_add_func("/decide/commissions", test_commissions);
    g_test_add_func("/decide/reader-died", test_reader_died);
    g_test_add_func("/decide/not-given", test_not_given);
    g_test_add_func("/decide/held-notice", test_held_notice);
    g_test_add_func("/decide/elements-in-the-body", test_elements_in_body);
    g_test_add_func("/verdict/names", test_names);
    status = g_test_run();
    matcher_free(names);
    pack_free(rules);
    return status;
}
