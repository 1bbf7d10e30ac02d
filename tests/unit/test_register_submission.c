/* Submissions: numbers, versions, drafts, corrections, marks, purge, view. */
#include "register/command.h"
#include "register/draft_store.h"
#include "register/history.h"
#include "register/mark.h"
#include "register/message.h"
#include "register/outbox.h"
#include "register/publish.h"
#include "register/submission.h"
#include "register/view.h"
#include "register/view_queue.h"
#include "unit/register_fixture.h"

#include <unistd.h>

#define MARCH_8 day_from_ymd(2019, 3, 8)

static struct reg_submission *
submission(const char *title, const char *unit)
{
    struct reg_submission *s = reg_submission_new();

    s->received = NOW;
    s->day = MARCH_8;
    s->title = g_strdup(title);
    s->submitter = g_strdup("张三");
    s->phones = g_strdup("6106766");
    s->words = 386;
    g_ptr_array_add(s->credits, reg_credit_new(unit, 0));
    return s;
}

static struct reg_draft *
draft(const char *text)
{
    struct reg_draft *d = reg_draft_new();

    d->name = g_strdup("稿件.docx");
    d->kind = g_strdup("docx");
    d->bytes = g_bytes_new(text, strlen(text));
    d->text = g_strdup(text);
    d->words = 386;
    return d;
}

/* The message that a submission came with. */
static gint64
add_message(struct reg *reg, const char *identity)
{
    struct reg_message m = {.received = NOW,
                            .verdict = VERDICT_ACCEPTED,
                            .identity = (char *)identity,
                            .subject = (char *)identity};
    gint64 id = 0;

    MUST(reg_message_add(reg, &m, NULL, FOLDER_ACCEPTED, NOW, &id, NULL, E));
    return id;
}

static char *
add(struct fixture *f, const struct reg_submission *s,
    const struct reg_draft *d, gint64 *id_out)
{
    char *number = NULL;
    gint64 id = 0;

    MUST(reg_begin(f->reg, E));
    MUST(reg_submission_add(f->reg, s, d, &f->act, &id, &number, E));
    MUST(reg_commit(f->reg, E));
    if (id_out)
        *id_out = id;
    return number;
}

static gint64
add_titled(struct fixture *f, const char *title, const char *unit,
           const char *text)
{
    g_autoptr(reg_submission) s = submission(title, unit);
    g_autoptr(reg_draft) d = draft(text);
    g_autofree char *number = NULL;
    gint64 id = 0;

    number = add(f, s, d, &id);
    return id;
}

static struct reg_submission *
get(struct fixture *f, gint64 id)
{
    struct reg_submission *s = NULL;

    MUST(reg_submission_get(f->reg, id, &s, E));
    g_assert_nonnull(s);
    return s;
}

/* ---- numbers ---- */

static void
test_numbers(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_draft) d = draft("正文");

    for (int i = 1; i <= 3; i++) {
        g_autoptr(reg_submission) s = submission("标题", "财政局");
        g_autofree char *number = add(f, s, d, NULL);
        g_autofree char *expected = g_strdup_printf("2019-%04d", i);

        g_assert_cmpstr(number, ==, expected);
        reopen(f, REG_SERVE);
    }
}

/* The year is that of receipt; each counts for itself. */
static void
test_numbers_by_year(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_draft) d = draft("正文");
    static const struct {
        int year;
        const char *number;
    } cases[] = {{2019, "2019-0001"},
                 {2018, "2018-0001"},
                 {2019, "2019-0002"},
                 {2020, "2020-0001"},
                 {2018, "2018-0002"}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(reg_submission) s = submission("标题", "财政局");
        g_autofree char *number = NULL;

        s->day = day_from_ymd(cases[i].year, 12, 31);
        number = add(f, s, d, NULL);
        g_assert_cmpstr(number, ==, cases[i].number);
    }
}

static void
test_no_holes(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_draft) d = draft("正文");
    g_autoptr(reg_submission) s = submission("标题", "财政局");
    g_autofree char *first = add(f, s, d, NULL), *second = NULL;
    char *lost = NULL;
    gint64 id = 0;

    MUST(reg_begin(f->reg, E));
    MUST(reg_submission_add(f->reg, s, d, &f->act, &id, &lost, E));
    g_assert_cmpstr(lost, ==, "2019-0002");
    g_clear_pointer(&lost, g_free);
    reg_rollback(f->reg);
    MUST(reg_begin(f->reg, E));
    MUST(reg_save(f->reg, E));
    MUST(reg_submission_add(f->reg, s, d, &f->act, &id, &lost, E));
    MUST(reg_undo(f->reg, E));
    MUST(reg_commit(f->reg, E));
    g_clear_pointer(&lost, g_free);
    second = add(f, s, d, NULL);
    g_assert_cmpstr(first, ==, "2019-0001");
    g_assert_cmpstr(second, ==, "2019-0002");
}

static void
test_found_as_written(void)
{
    static const struct {
        const char *written;
        gboolean found;
    } cases[] = {{"2019-0001", TRUE},
                 {"2019-1", TRUE},
                 {"２０１９－０００１", TRUE},
                 {"2019—0001", TRUE},
                 {"编号2019-0001", TRUE},
                 {"2019-0002", FALSE},
                 {"2019", FALSE},
                 {"2019-0001x", FALSE},
                 {"19-0001", FALSE},
                 {"2019-99999999999", FALSE},
                 {"", FALSE}};
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    add_titled(f, "标题", "财政局", "正文");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(reg_submission) s = NULL;

        MUST(reg_submission_find(f->reg, cases[i].written, &s, E));
        g_assert_cmpint(s != NULL, ==, cases[i].found);
    }
}

/* ---- drafts and versions ---- */

static void
test_read_back(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_submission) s = submission("标题", "财政局");
    g_autoptr(reg_submission) got = NULL;
    g_autoptr(reg_draft) d = draft("正文"), back = NULL;
    g_autofree char *number = NULL;
    const struct reg_credit *second;
    gint64 id = 0;

    g_ptr_array_add(s->credits, reg_credit_new("税务局", DECIMAL_ONE / 4));
    g_ptr_array_add(s->authors, g_strdup("李四"));
    reason_add(&s->notes, REASON_TOO_LONG);
    reason_add(&s->notes, REASON_SIMILAR);
    number = add(f, s, d, &id);
    got = get(f, id);
    g_assert_cmpstr(got->title, ==, "标题");
    g_assert_cmpint(got->day, ==, MARCH_8);
    g_assert_cmpstr(got->file_kind, ==, "docx");
    g_assert_cmpint(got->notes.n, ==, 2);
    g_assert_cmpint(got->notes.code[1], ==, REASON_SIMILAR);
    g_assert_cmpuint(got->credits->len, ==, 2);
    second = got->credits->pdata[1];
    g_assert_cmpstr(second->unit, ==, "税务局");
    g_assert_cmpint(second->share, ==, DECIMAL_ONE / 4);
    g_assert_cmpstr(got->authors->pdata[0], ==, "李四");
    MUST(reg_submission_draft(f->reg, id, &back, E));
    g_assert_true(g_bytes_equal(back->bytes, d->bytes));
    g_assert_cmpstr(back->text, ==, "正文");
    g_assert_cmpstr(back->name, ==, "稿件.docx");
}

/* Not even by a mistake is a submission that came by mail without its
 * draft. */
static void
test_always_its_draft(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_submission) s = submission("标题", "财政局");
    char *number = NULL;
    gint64 id = 0;

    MUST(reg_begin(f->reg, E));
    s->message = add_message(f->reg, "a");
    REFUSED(ST_REJECT, "CHECK",
            reg_submission_add(f->reg, s, NULL, &f->act, &id, &number, E));
    reg_rollback(f->reg);
    s->message = 0; /* 补录 */
    number = add(f, s, NULL, &id);
    g_assert_cmpstr(number, ==, "2019-0001");
    g_free(number);
}

static void
test_damaged_draft(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 id = add_titled(f, "标题", "财政局", "正文");
    struct reg_draft *d = NULL;

    MUST(db_exec(f->reg, "UPDATE draft SET bytes = x'00'", E));
    REFUSED(ST_FATAL, "not what was recorded",
            reg_submission_draft(f->reg, id, &d, E));
    REFUSED(ST_REJECT, "not what was recorded", reg_verify(f->reg, E));
}

static gint64
same(struct fixture *f, const char *text, const char *title, const char *unit)
{
    g_autofree char *sha256 =
        g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    gint64 id = -1;

    MUST(reg_submission_same(f->reg, sha256, title, unit, &id, E));
    return id;
}

static void
test_new_version(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_submission) again = submission("标 题", "财政局");
    g_autoptr(reg_submission) got = NULL;
    g_autoptr(reg_draft) d = draft("正文");
    g_autoptr(GPtrArray) versions = NULL;
    gint64 id = add_titled(f, "标题", "财政局", "正文");
    int version = 0;

    g_assert_cmpint(same(f, "正文", "标题", "财政局"), ==, id);
    g_assert_cmpint(same(f, "别的", "标题", "财政局"), ==, 0);
    g_assert_cmpint(same(f, "正文", "别的", "财政局"), ==, 0);
    g_assert_cmpint(same(f, "正文", "标题", "税务局"), ==, 0);
    g_free(again->phones);
    again->phones = g_strdup("6106767");
    again->received = NOW + DAY_S;
    MUST(reg_begin(f->reg, E));
    again->message = add_message(f->reg, "b");
    MUST(reg_submission_revise(f->reg, id, again, d, &f->act, &version, E));
    MUST(reg_commit(f->reg, E));
    got = get(f, id);
    g_assert_cmpint(version, ==, 2);
    g_assert_cmpint(got->version, ==, 2);
    g_assert_cmpstr(got->number, ==, "2019-0001");
    g_assert_cmpstr(got->phones, ==, "6106767");
    g_assert_cmpint(got->received, ==, NOW);
    g_assert_cmpint(got->message, ==, again->message);
    MUST(reg_versions(f->reg, id, &versions, E));
    g_assert_cmpuint(versions->len, ==, 2);
    g_assert_cmpstr(((struct reg_version *)versions->pdata[0])->phones, ==,
                    "6106766");
    g_assert_cmpint(sql_number(f->reg, "SELECT count(*) FROM submission"), ==,
                    1);
    g_assert_cmpint(sql_number(f->reg, "SELECT count(*) FROM draft"), ==, 1);
}

/* The title that was sent is what a new sending is compared with. */
static void
test_new_version_after_correction(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 id = add_titled(f, "标题", "财政局", "正文");

    MUST(reg_begin(f->reg, E));
    MUST(reg_submission_correct(f->reg, id, FIELD_TITLE, "改过的", &f->act, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpint(same(f, "正文", "标题", "财政局"), ==, id);
}

static void
test_two_units_one_text(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_submission) s = NULL;
    g_autoptr(GPtrArray) others = NULL;
    gint64 id;

    add_titled(f, "标题", "财政局", "正文");
    g_assert_cmpint(same(f, "正文", "标题", "税务局"), ==, 0);
    id = add_titled(f, "标题", "税务局", "正文");
    s = get(f, id);
    MUST(reg_submissions_with_draft(f->reg, s->file_sha256, id, &others, E));
    g_assert_cmpuint(others->len, ==, 1);
    g_assert_cmpstr(others->pdata[0], ==, "2019-0001");
}

/* ---- lists ---- */

static void
test_listed(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(GPtrArray) march = NULL, april = NULL;

    add_titled(f, "增长100%", "财政局", "一");
    add_titled(f, "增长100个", "税务局", "二");
    MUST(reg_submissions(f->reg, MARCH_8, MARCH_8, &march, E));
    g_assert_cmpuint(march->len, ==, 2);
    MUST(reg_submissions(f->reg, MARCH_8 + 1, DAY_LAST, &april, E));
    g_assert_cmpuint(april->len, ==, 0);
}

static int
count(struct fixture *f, const char *unit, civil_day from, civil_day to)
{
    int n = -1;

    MUST(reg_submission_count(f->reg, unit, from, to, &n, E));
    return n;
}

/* Alone or with others; what was sent back since does not count. */
static void
test_counted(void)
{
    g_autoptr(fixture) f = fixture_new(REG_WRITE);
    g_autoptr(GPtrArray) credits =
        g_ptr_array_new_with_free_func((GDestroyNotify)reg_credit_free);
    gint64 joint = add_titled(f, "甲", "财政局", "一");
    gint64 back = add_titled(f, "乙", "财政局", "二");

    add_titled(f, "丙", "税务局", "三");
    g_ptr_array_add(credits, reg_credit_new("税务局", 0));
    g_ptr_array_add(credits, reg_credit_new("财政局", 0));
    MUST(reg_begin(f->reg, E));
    MUST(reg_submission_credit(f->reg, joint, credits, &f->act, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpint(count(f, "财政局", MARCH_8, MARCH_8), ==, 2);
    g_assert_cmpint(count(f, "税务局", MARCH_8 - 9, MARCH_8 + 9), ==, 2);
    g_assert_cmpint(count(f, "财政局", MARCH_8 + 1, DAY_LAST), ==, 0);
    g_assert_cmpint(count(f, "民政局", DAY_FIRST, DAY_LAST), ==, 0);
    MUST(reg_begin(f->reg, E));
    MUST(reg_submission_withdraw(f->reg, back, "重复", &f->act, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpint(count(f, "财政局", MARCH_8, MARCH_8), ==, 1);
}

/* ---- corrections, and their undoing ---- */

static int
command(struct fixture *f, const char *identity)
{
    struct reg_command c = {.by = (char *)"王芳",
                            .identity = (char *)identity,
                            .text = (char *)"改 2019-0001 标题=CANARY",
                            .at = NOW};
    int number = 0;

    MUST(reg_command_add(f->reg, &c, &f->act.command, &number, E));
    return number;
}

static void
correct_everything(struct fixture *f, gint64 id)
{
    g_autoptr(GPtrArray) credits =
        g_ptr_array_new_with_free_func((GDestroyNotify)reg_credit_free);
    g_autoptr(GPtrArray) authors = g_ptr_array_new();
    const struct reg_act *act = &f->act;
    struct reg_mark m = {.item = (char *)"普刊",
                         .submission = id,
                         .day = MARCH_8,
                         .quantity = DECIMAL_ONE};

    g_ptr_array_add(credits, reg_credit_new("税务局", 400000));
    g_ptr_array_add(credits, reg_credit_new("财政局", 600000));
    g_ptr_array_add(authors, (gpointer) "李四");
    for (int i = 0; i < FIELD_COUNT; i++)
        MUST(reg_submission_correct(f->reg, id, (enum reg_field)i, "CANARY",
                                    act, E));
    MUST(reg_submission_credit(f->reg, id, credits, act, E));
    MUST(reg_submission_authors(f->reg, id, authors, act, E));
    MUST(reg_mark_add(f->reg, &m, act, NULL, E));
    MUST(reg_submission_withdraw(f->reg, id, "CANARY", act, E));
}

static void
test_corrected_and_undone(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 id = add_titled(f, "标题", "财政局", "正文");
    g_autoptr(reg_submission) changed = NULL, back = NULL;
    g_autoptr(GPtrArray) undone = NULL, again = NULL, marks = NULL;
    int number;

    MUST(reg_begin(f->reg, E));
    number = command(f, "i1");
    correct_everything(f, id);
    MUST(reg_commit(f->reg, E));
    changed = get(f, id);
    g_assert_cmpstr(changed->remark, ==, "CANARY");
    g_assert_cmpint(changed->state, ==, SUBMISSION_WITHDRAWN);
    g_assert_cmpuint(changed->credits->len, ==, 2);
    f->act.command = 0;
    MUST(reg_begin(f->reg, E));
    MUST(reg_command_undo(f->reg, number, &f->act, &undone, E));
    REFUSED(ST_REJECT, "undone before",
            reg_command_undo(f->reg, number, &f->act, &again, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpuint(undone->len, ==, FIELD_COUNT + 4);
    for (guint i = 0; i < undone->len; i++)
        g_assert_null(((struct reg_undone *)undone->pdata[i])->refused);
    back = get(f, id);
    g_assert_cmpstr(back->title, ==, "标题");
    g_assert_cmpstr(back->phones, ==, "6106766");
    g_assert_null(back->remark);
    g_assert_cmpint(back->state, ==, SUBMISSION_RECORDED);
    g_assert_cmpuint(back->credits->len, ==, 1);
    g_assert_cmpuint(back->authors->len, ==, 0);
    MUST(reg_marks_of(f->reg, id, &marks, E));
    g_assert_cmpint(((struct reg_mark *)marks->pdata[0])->revoked, ==, NOW);
    MUST(reg_verify(f->reg, E));
}

/* What somebody has changed again since is left alone, and said. */
static void
test_undo_of_what_changed_since(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 id = add_titled(f, "标题", "财政局", "正文");
    g_autoptr(reg_submission) s = NULL;
    g_autoptr(GPtrArray) undone = NULL;
    const struct reg_undone *title;
    int number;

    MUST(reg_begin(f->reg, E));
    number = command(f, "i1");
    MUST(reg_submission_correct(f->reg, id, FIELD_TITLE, "一", &f->act, E));
    MUST(reg_submission_correct(f->reg, id, FIELD_SIGNER, "甲", &f->act, E));
    f->act.command = 0;
    MUST(reg_submission_correct(f->reg, id, FIELD_TITLE, "二", &f->act, E));
    MUST(reg_command_undo(f->reg, number, &f->act, &undone, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpuint(undone->len, ==, 2);
    title = undone->pdata[1];
    g_assert_nonnull(title->refused);
    s = get(f, id);
    g_assert_cmpstr(s->title, ==, "二");
    g_assert_null(s->signer);
}

static void
test_obeyed_once(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_command c = {.by = (char *)"王芳",
                            .identity = (char *)"i1",
                            .text = (char *)"帮助",
                            .at = NOW};
    gboolean obeyed = TRUE;
    gint64 id = 0;
    int number = 0;

    MUST(reg_command_obeyed(f->reg, "i1", &obeyed, E));
    g_assert_false(obeyed);
    MUST(reg_begin(f->reg, E));
    MUST(reg_command_add(f->reg, &c, &id, &number, E));
    REFUSED(ST_REJECT, "obeyed before",
            reg_command_add(f->reg, &c, &id, &number, E));
    c.identity = NULL; /* from the command line: never the same */
    MUST(reg_command_add(f->reg, &c, &id, &number, E));
    MUST(reg_command_add(f->reg, &c, &id, &number, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpint(number, ==, 3);
    MUST(reg_command_obeyed(f->reg, "i1", &obeyed, E));
    g_assert_true(obeyed);
}

/* ---- marks ---- */

static guint
live_marks(struct fixture *f, gint64 submission_id, const char *unit)
{
    g_autoptr(GPtrArray) found = NULL;

    MUST(reg_marks_find(f->reg, submission_id, unit, "普刊", &found, E));
    return found->len;
}

static void
test_marks(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 id = add_titled(f, "标题", "财政局", "正文"), first = 0, second = 0;
    struct reg_mark m = {.item = (char *)"普刊",
                         .submission = id,
                         .day = MARCH_8,
                         .quantity = 2 * DECIMAL_ONE,
                         .has_amount = TRUE,
                         .amount = -5 * DECIMAL_ONE / 2,
                         .note = (char *)"备注"};
    g_autoptr(reg_mark) got = NULL;

    MUST(reg_begin(f->reg, E));
    MUST(reg_mark_add(f->reg, &m, &f->act, &first, E));
    m.submission = 0;
    m.unit = (char *)"财政局";
    MUST(reg_mark_add(f->reg, &m, &f->act, &second, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_mark_get(f->reg, first, &got, E));
    g_assert_cmpstr(got->number, ==, "2019-0001");
    g_assert_cmpint(got->amount, ==, -2500000);
    g_assert_cmpint(got->quantity, ==, 2000000);
    g_assert_cmpstr(got->by, ==, "王芳");
    g_assert_cmpuint(live_marks(f, id, NULL), ==, 1);
    g_assert_cmpuint(live_marks(f, 0, "财政局"), ==, 1);
    g_assert_cmpuint(live_marks(f, 0, "税务局"), ==, 0);
    MUST(reg_begin(f->reg, E));
    MUST(reg_mark_revoke(f->reg, first, "误标", &f->act, E));
    REFUSED(ST_REJECT, "revoked before",
            reg_mark_revoke(f->reg, first, NULL, &f->act, E));
    g_assert_cmpuint(live_marks(f, id, NULL), ==, 0);
    MUST(reg_mark_restore(f->reg, first, &f->act, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpuint(live_marks(f, id, NULL), ==, 1);
}

/* ---- 清除 ---- */

static void
publish(struct fixture *f)
{
    g_autoptr(reg_bulletin) b = reg_bulletin_new();
    g_autoptr(GBytes) bytes = g_bytes_new_static("CANARY file", 11);
    gint64 id = 0;

    b->series = g_strdup("month");
    b->period = g_strdup("2019-03");
    b->from = day_from_ymd(2019, 3, 1);
    b->to = day_from_ymd(2019, 3, 31);
    b->pack = g_strdup("tancheng-2019");
    b->scores = g_strdup("[{\"title\":\"CANARY\\\"一\\\"\",\"points\":\"3\"},"
                         "{\"title\":\"别的\"}]");
    g_ptr_array_add(b->files, reg_file_new("通报.xlsx", bytes));
    MUST(reg_publish(f->reg, b, &f->act, &id, E));
}

static void
add_mail(struct fixture *f, gint64 message, enum reg_mail_kind kind)
{
    g_autoptr(GBytes) data = g_bytes_new_static("CANARY mail", 11);
    struct reg_mail m = {.kind = kind,
                         .message = message,
                         .to = (char *)"czj@example.gov.cn",
                         .envelope_from = (char *)"",
                         .subject = (char *)"CANARY",
                         .data = data,
                         .created = NOW,
                         .next = NOW};
    g_autofree char *key = NULL;

    MUST(reg_mail_next_id(f->reg, &m.id, E));
    m.mail_id = key = reg_mail_key(m.id);
    MUST(reg_mail_add(f->reg, &m, E));
}

/* A submission with traces in every table. */
static gint64
add_secret(struct fixture *f)
{
    g_autoptr(reg_submission) s = submission("CANARY\"一\"", "财政局");
    g_autofree char *filler = g_strnfill(50000, 'x');
    g_autofree char *text = g_strconcat("CANARY", filler, "CANARY", NULL);
    g_autoptr(reg_draft) d = draft(text);
    char *number = NULL;
    gint64 id = 0;

    MUST(reg_begin(f->reg, E));
    s->message = f->act.message = add_message(f->reg, "CANARY");
    MUST(reg_submission_add(f->reg, s, d, &f->act, &id, &number, E));
    g_free(number);
    add_mail(f, s->message, MAIL_REPLY);
    add_mail(f, s->message, MAIL_DECISION);
    MUST(reg_mail_sent(f->reg, 1, NOW, E));
    add_mail(f, 0, MAIL_LEDGER);
    f->act.message = 0;
    publish(f);
    command(f, "i1");
    correct_everything(f, id);
    f->act.command = 0;
    MUST(reg_commit(f->reg, E));
    return id;
}

static gboolean
canary_in(const struct fixture *f, const char *name)
{
    g_autofree char *path = g_build_filename(f->dir, name, NULL);
    g_autofree char *file = NULL;
    gsize len = 0;

    if (!g_file_get_contents(path, &file, &len, NULL))
        return FALSE;
    return memmem(file, len, "CANARY", 6) != NULL;
}

static void
test_purged(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_purged) out = NULL;
    g_autoptr(reg_submission) left = NULL, next = NULL;
    g_autoptr(reg_bulletin) b = NULL;
    gint64 id = add_secret(f), other;

    g_assert_true(canary_in(f, "register.db-wal"));
    MUST(reg_begin(f->reg, E));
    MUST(reg_submission_purge(f->reg, id, &f->act, &out, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_scrub(f->reg, E));
    g_assert_cmpint(sql_number(f->reg, "PRAGMA freelist_count"), ==, 0);
    g_assert_false(canary_in(f, "register.db"));
    g_assert_false(canary_in(f, "register.db-wal"));
    g_assert_cmpuint(out->mails->len, ==, 1);
    g_assert_cmpuint(out->bulletins->len, ==, 1);
    g_assert_cmpuint(out->same->len, ==, 0);
    left = get(f, id);
    g_assert_cmpint(left->state, ==, SUBMISSION_PURGED);
    g_assert_cmpstr(left->number, ==, "2019-0001");
    MUST(reg_published(f->reg, "month", "2019-03", &b, E));
    g_assert_cmpstr(b->scores, ==,
                    "[{\"title\":null,\"points\":\"3\"},"
                    "{\"title\":\"别的\"}]");
    MUST(reg_verify(f->reg, E)); /* the chain of the history holds */
    other = add_titled(f, "标题", "财政局", "正文");
    next = get(f, other);
    g_assert_cmpstr(next->number, ==, "2019-0002");
    g_assert_cmpint(sql_number(f->reg, "SELECT count(*) FROM mark "
                                       "WHERE revoked IS NULL"),
                    ==, 0);
}

/* What a purge deletes is zeros at once, before VACUUM gives the pages back
 * to the disk, where nobody could reach them any more. */
static void
test_freed_pages(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(GString) text = g_string_new(NULL);
    struct reg_purged *out = NULL;
    gint64 id;

    for (int i = 0; i < 20000; i++)
        g_string_append_printf(text, "CANARY%d", i);
    id = add_titled(f, "一", "财政局", text->str);
    MUST(reg_maintain(f->reg, NOW, E));
    g_assert_true(canary_in(f, "register.db"));
    MUST(reg_begin(f->reg, E));
    MUST(reg_submission_purge(f->reg, id, &f->act, &out, E));
    MUST(reg_commit(f->reg, E));
    reg_purged_free(out);
    MUST(reg_maintain(f->reg, NOW, E));
    g_assert_cmpint(sql_number(f->reg, "PRAGMA freelist_count"), >, 10);
    g_assert_false(canary_in(f, "register.db"));
}

static void
test_purged_is_gone(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_purged *out = NULL;
    gint64 id = add_secret(f);

    MUST(reg_begin(f->reg, E));
    MUST(reg_submission_purge(f->reg, id, &f->act, &out, E));
    reg_purged_free(g_steal_pointer(&out));
    REFUSED(ST_REJECT, "was purged",
            reg_submission_purge(f->reg, id, &f->act, &out, E));
    REFUSED(ST_REJECT, "was purged",
            reg_submission_correct(f->reg, id, FIELD_TITLE, "x", &f->act, E));
    MUST(reg_commit(f->reg, E));
}

/* ---- the view ---- */

static const char *
printed_name(const char *unit, void *user)
{
    (void)user;
    return g_str_equal(unit, "财政局") ? "县财政局" : NULL;
}

static gboolean
in_view(const struct fixture *f, const char *name)
{
    g_autofree char *path =
        g_build_filename(f->dir, "稿件", "2019-03", name, NULL);

    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

static void
build_view(struct fixture *f)
{
    MUST(reg_view(f->reg, DAY_FIRST, DAY_LAST, printed_name, NULL, E));
}

static void
test_view(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 id = add_titled(f, "../关于\"一\"", "财政局", "正文");
    g_autofree char *foreign = NULL, *half = NULL, *text = NULL;

    build_view(f);
    g_assert_true(in_view(f, "2019-0001 县财政局 .._关于_一_.docx"));
    half = g_build_filename(f->dir, "稿件", "2019-03",
                            "2019-0001 县财政局 .._关于_一_.docx", NULL);
    foreign = g_build_filename(f->dir, "稿件", "2019-03", "笔记.txt", NULL);
    g_assert_true(g_file_set_contents(half, "正", -1, NULL));
    g_assert_true(g_file_set_contents(foreign, "x", -1, NULL));
    build_view(f);
    g_assert_true(g_file_get_contents(half, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "正文");
    MUST(reg_begin(f->reg, E));
    MUST(reg_submission_correct(f->reg, id, FIELD_TITLE, "二", &f->act, E));
    MUST(reg_commit(f->reg, E));
    build_view(f);
    g_assert_true(in_view(f, "2019-0001 县财政局 二.docx"));
    g_assert_false(in_view(f, "2019-0001 县财政局 .._关于_一_.docx"));
    g_assert_true(in_view(f, "笔记.txt"));
}

static void
test_view_of_one(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 id = add_titled(f, "标题", "税务局", "正文");
    struct reg_purged *out = NULL;

    gboolean whole = FALSE;
    gint64 upto = 0;

    build_view(f); /* there is one */
    add_titled(f, "第二条", "税务局", "正文二");
    MUST(reg_view_since(f->reg, 1, printed_name, NULL, &whole, E));
    g_assert_false(whole);
    g_assert_true(in_view(f, "2019-0001 税务局 标题.docx"));
    g_assert_true(in_view(f, "2019-0002 税务局 第二条.docx"));
    MUST(reg_view_last(f->reg, &upto, E));
    MUST(reg_begin(f->reg, E));
    MUST(reg_submission_purge(f->reg, id, &f->act, &out, E));
    MUST(reg_commit(f->reg, E));
    reg_purged_free(out);
    MUST(reg_view_since(f->reg, upto, printed_name, NULL, &whole, E));
    g_assert_true(whole);
    build_view(f);
    g_assert_false(in_view(f, "2019-0001 税务局 标题.docx"));
    g_assert_true(in_view(f, "2019-0002 税务局 第二条.docx"));
}

static void
test_view_of_nothing(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *path = g_build_filename(f->dir, "稿件", NULL);

    build_view(f);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* What stands in the place of a file and leads elsewhere is not followed. */
static void
test_view_of_link(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *other = g_build_filename(f->dir, "other", NULL);
    g_autofree char *path = g_build_filename(f->dir, "link.docx", NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_static("new", 3);
    g_autofree char *left = NULL;
    struct err e = ERR_INIT;

    g_assert_true(g_file_set_contents(other, "old", 3, NULL));
    g_assert_cmpint(symlink(other, path), ==, 0);
    g_assert_cmpint(reg_view_write(path, bytes, &e), ==, ST_RETRY);
    g_assert_true(g_file_get_contents(other, &left, NULL, NULL));
    g_assert_cmpstr(left, ==, "old");
}

/* One that is written piece by piece is whole, or not there. */
static void
test_large_draft(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gsize len = ((gsize)5 << 20) + 77;
    guint8 *data = g_malloc(len);
    g_autoptr(reg_draft) d = reg_draft_new(), back = NULL;
    gint64 id = 0;

    for (gsize i = 0; i < len; i++)
        data[i] = (guint8)(i * 7 + (i >> 12));
    d->kind = g_strdup("docx");
    d->bytes = g_bytes_new_take(data, len);
    MUST(reg_begin(f->reg, E));
    MUST(draft_put(f->reg, d, &id, E));
    reg_rollback(f->reg);
    MUST(draft_get(f->reg, id, "a.docx", &back, E));
    g_assert_null(back);
    MUST(reg_begin(f->reg, E));
    MUST(draft_put(f->reg, d, &id, E));
    MUST(reg_commit(f->reg, E));
    MUST(draft_get(f->reg, id, "a.docx", &back, E));
    g_assert_true(g_bytes_equal(back->bytes, d->bytes));
}

/* ---- the view, written by another thread ---- */

enum { QUEUED = 300, QUEUED_BYTES = 100 * 1024, HUGE_BYTES = 9 << 20 };

static GBytes *
filled(gsize size, guint n)
{
    guint8 *data = g_malloc(size);

    memset(data, (int)(n % 251), size);
    return g_bytes_new_take(data, size);
}

static void
queue_one(struct view_queue *q, const char *path, gsize size, guint n)
{
    g_autoptr(GBytes) bytes = filled(size, n);

    view_queue_add(q, path, bytes);
}

static void
holds(const char *path, gsize size, guint n)
{
    g_autoptr(GBytes) expected = filled(size, n);
    char *data = NULL;
    gsize len = 0;
    g_autoptr(GBytes) found = NULL;

    g_assert_true(g_file_get_contents(path, &data, &len, NULL));
    found = g_bytes_new_take(data, len);
    g_assert_true(g_bytes_equal(found, expected));
}

/* More than may wait at once, some where nothing can be written, and at last
 * one that is too large to wait, under a name that waits already. */
static void
test_view_queue(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct view_queue *q = view_queue_new();
    g_autofree char *blocked = g_build_filename(f->dir, "register.db", NULL);
    g_autofree char *last = NULL;

    for (guint n = 0; n < QUEUED; n++) {
        g_autofree char *name = g_strdup_printf("%u.docx", n);
        g_autofree char *path = g_build_filename(
            n % 100 == 50 ? blocked : f->dir, "2019-03", name, NULL);

        queue_one(q, path, QUEUED_BYTES, n);
        g_free(last);
        last = g_steal_pointer(&path);
    }
    queue_one(q, last, HUGE_BYTES, 7);
    holds(last, HUGE_BYTES, 7);
    for (guint n = 0; n < QUEUED - 1; n++) {
        g_autofree char *name = g_strdup_printf("%u.docx", n);
        g_autofree char *path = g_build_filename(f->dir, "2019-03", name, NULL);

        if (n % 100 != 50)
            holds(path, QUEUED_BYTES, n);
    }
    queue_one(q, last, QUEUED_BYTES, 8);
    view_queue_settle(q);
    holds(last, QUEUED_BYTES, 8);
    queue_one(q, last, QUEUED_BYTES, 9);
    view_queue_free(q);
    holds(last, QUEUED_BYTES, 9);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/register/submission/numbers", test_numbers);
    g_test_add_func("/register/submission/numbers-by-year",
                    test_numbers_by_year);
    g_test_add_func("/register/submission/no-holes", test_no_holes);
    g_test_add_func("/register/submission/large-draft", test_large_draft);
    g_test_add_func("/register/submission/found-as-written",
                    test_found_as_written);
    g_test_add_func("/register/submission/read-back", test_read_back);
    g_test_add_func("/register/submission/P1-always-its-draft",
                    test_always_its_draft);
    g_test_add_func("/register/submission/F6r-damaged-draft",
                    test_damaged_draft);
    g_test_add_func("/register/submission/C15-new-version", test_new_version);
    g_test_add_func("/register/submission/C15-after-correction",
                    test_new_version_after_correction);
    g_test_add_func("/register/submission/C16-two-units-one-text",
                    test_two_units_one_text);
    g_test_add_func("/register/submission/listed", test_listed);
    g_test_add_func("/register/submission/counted", test_counted);
    g_test_add_func("/register/submission/corrected-and-undone",
                    test_corrected_and_undone);
    g_test_add_func("/register/submission/undo-of-what-changed-since",
                    test_undo_of_what_changed_since);
    g_test_add_func("/register/command/D7-obeyed-once", test_obeyed_once);
    g_test_add_func("/register/mark/marks", test_marks);
    g_test_add_func("/register/submission/P9-purged", test_purged);
    g_test_add_func("/register/submission/P9-freed-pages", test_freed_pages);
    g_test_add_func("/register/submission/purged-is-gone", test_purged_is_gone);
    g_test_add_func("/register/view/months", test_view);
    g_test_add_func("/register/view/one", test_view_of_one);
    g_test_add_func("/register/view/nothing", test_view_of_nothing);
    g_test_add_func("/register/view/link", test_view_of_link);
    g_test_add_func("/register/view/queue", test_view_queue);
    return g_test_run();
}
