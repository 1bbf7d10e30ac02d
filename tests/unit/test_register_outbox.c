/* The outbox, one-time codes, what falls due, how the program fares. */
#include "register/command.h"
#include "register/informant.h"
#include "register/message.h"
#include "register/outbox.h"
#include "register/status.h"
#include "unit/register_fixture.h"

#define MINUTE 60
#define OWN "xxk@mail.example.gov.cn"

static gint64
add_message(struct fixture *f)
{
    struct reg_message m = {.received = NOW, .verdict = VERDICT_IGNORED};
    gint64 id = 0;

    MUST(reg_message_add(f->reg, &m, NULL, FOLDER_IGNORED, NOW, &id, NULL, E));
    return id;
}

static enum st
try_add(struct fixture *f, enum reg_mail_kind kind, gint64 message,
        const char *to, enum reg_mail_state state, gint64 *id_out,
        struct err *e)
{
    g_autoptr(GBytes) data = g_bytes_new_static("Subject: x\r\n", 12);
    struct reg_mail m = {.kind = kind,
                         .message = message,
                         .to = (char *)to,
                         .envelope_from = (char *)"",
                         .subject = (char *)"x",
                         .data = state == MAIL_PENDING ? data : NULL,
                         .state = state,
                         .created = NOW,
                         .next = NOW};
    g_autofree char *key = NULL, *mail_id = NULL;

    MUST(reg_mail_next_id(f->reg, &m.id, E));
    key = reg_mail_key(m.id);
    m.mail_id = mail_id = g_strdup_printf("<baosong.%s@x.cn>", key);
    *id_out = m.id;
    return reg_mail_add(f->reg, &m, e);
}

/* A pending mail to staff. */
static gint64
add(struct fixture *f)
{
    gint64 id = 0;

    MUST(try_add(f, MAIL_STAFF, 0, "a@example.gov.cn", MAIL_PENDING, &id, E));
    return id;
}

static struct reg_mail *
get(struct fixture *f, gint64 id)
{
    struct reg_mail *m = NULL;

    MUST(reg_mail_get(f->reg, id, &m, E));
    g_assert_nonnull(m);
    return m;
}

static guint
due_at(struct fixture *f, gint64 now)
{
    g_autoptr(GPtrArray) due = NULL;

    MUST(reg_mail_due(f->reg, now, &due, 100, E));
    return due->len;
}

/* ---- Message-ID ---- */

/* What is known of one letter tells nothing of the next, nor of the same one
 * written again. */
static void
test_mail_key(void)
{
    g_autofree char *a = reg_mail_key(12);
    g_autofree char *again = reg_mail_key(12);

    g_assert_true(g_str_has_prefix(a, "12."));
    g_assert_cmpuint(strlen(a), ==, 3 + 32);
    g_assert_cmpstr(a, !=, again);
}

/* ---- sending ---- */

static void
test_one_reply(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gboolean replied = TRUE;
    gint64 message, id = 0;

    MUST(reg_begin(f->reg, E));
    message = add_message(f);
    MUST(reg_mail_replied(f->reg, message, &replied, E));
    g_assert_false(replied);
    MUST(try_add(f, MAIL_REPLY, message, "a@x.cn", MAIL_PENDING, &id, E));
    REFUSED(ST_REJECT, "has its reply",
            try_add(f, MAIL_REPLY, message, "a@x.cn", MAIL_PENDING, &id, E));
    MUST(try_add(f, MAIL_DECISION, message, "a@x.cn", MAIL_PENDING, &id, E));
    MUST(try_add(f, MAIL_DECISION, message, "a@x.cn", MAIL_PENDING, &id, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_mail_replied(f->reg, message, &replied, E));
    g_assert_true(replied);
    MUST(reg_begin(f->reg, E)); /* and the database itself refuses */
    REFUSED(ST_REJECT, "UNIQUE",
            db_exec(f->reg,
                    "INSERT INTO mail SELECT 99, kind, message, commission, "
                    "recipient, recipient_key, envelope_from, 'other', "
                    "subject, data, state, attempts, created, due, first_try, "
                    "done, last_answer FROM mail WHERE kind = 'reply'",
                    E));
    reg_rollback(f->reg);
}

static void
test_sent(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_mail) m = NULL;
    enum reg_mail_state state = MAIL_PENDING;
    gint64 id, next = 0;

    MUST(reg_begin(f->reg, E));
    id = add(f);
    MUST(reg_commit(f->reg, E));
    g_assert_cmpuint(due_at(f, NOW - 1), ==, 0);
    g_assert_cmpuint(due_at(f, NOW), ==, 1);
    MUST(reg_mail_next_due(f->reg, &next, E));
    g_assert_cmpint(next, ==, NOW);
    MUST(reg_begin(f->reg, E));
    MUST(reg_mail_result(f->reg, id, RESULT_LATER, "451", NOW, &state, E));
    MUST(reg_mail_sent(f->reg, id, NOW + 60, E));
    REFUSED(ST_REJECT, "refused", reg_mail_sent(f->reg, id, NOW + 60, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_mail_settle(f->reg, E));
    m = get(f, id);
    g_assert_cmpint(m->state, ==, MAIL_SENT);
    g_assert_cmpint(m->attempts, ==, 2);
    g_assert_cmpint(m->done, ==, NOW + 60);
    g_assert_null(m->last_answer);
    g_assert_null(m->data);
    MUST(reg_begin(f->reg, E));
    REFUSED(ST_REJECT, "not pending", reg_mail_sent(f->reg, id, NOW, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpuint(due_at(f, NOW + DAY_S), ==, 0);
    MUST(reg_mail_next_due(f->reg, &next, E));
    g_assert_cmpint(next, ==, G_MAXINT64);
}

/* Recorded, and killed: who opens the register next finds it sent. */
static void
test_settled_by_opening(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_mail) m = NULL;
    gint64 id;

    MUST(reg_begin(f->reg, E));
    id = add(f);
    MUST(reg_mail_sent(f->reg, id, NOW, E));
    MUST(reg_commit(f->reg, E));
    reopen(f, REG_WRITE);
    m = get(f, id);
    g_assert_cmpint(m->state, ==, MAIL_SENT);
    g_assert_cmpuint(due_at(f, NOW + DAY_S), ==, 0);
}

/* It came back before the row of the mail said that it had left. */
static void
test_settled_after_bounce(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_mail) m = NULL, found = NULL, after = NULL;
    gint64 id;

    MUST(reg_begin(f->reg, E));
    id = add(f);
    MUST(reg_mail_sent(f->reg, id, NOW, E));
    m = get(f, id);
    MUST(reg_mail_bounced(f->reg, m->mail_id, "550", NOW, &found, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_mail_settle(f->reg, E));
    after = get(f, id);
    g_assert_cmpint(after->state, ==, MAIL_BOUNCED);
}

/* 1, 2, 4 ... 60 minutes, and after two days no more. */
static void
test_backoff(void)
{
    static const int minutes[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    enum reg_mail_state state = MAIL_PENDING;
    gint64 now = NOW, id;
    int tries = 0;

    MUST(reg_begin(f->reg, E));
    id = add(f);
    for (; state == MAIL_PENDING; tries++) {
        g_autoptr(reg_mail) m = NULL;

        MUST(reg_mail_result(f->reg, id, RESULT_LATER, "451", now, &state, E));
        m = get(f, id);
        if (tries < (int)G_N_ELEMENTS(minutes))
            g_assert_cmpint(m->next - now, ==, minutes[tries] * MINUTE);
        g_assert_cmpint(m->attempts, ==, tries + 1);
        g_assert_nonnull(m->data);
        if (state == MAIL_PENDING)
            now = m->next;
    }
    MUST(reg_commit(f->reg, E));
    g_assert_cmpint(state, ==, MAIL_FAILED);
    g_assert_cmpint(now - NOW, >=, 2 * DAY_S);
    g_assert_cmpint(now - NOW, <=, 2 * DAY_S + 60 * MINUTE);
    g_assert_cmpint(tries, >, 48);
}

static void
test_refused(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    enum reg_mail_state state = MAIL_PENDING;
    gint64 id;

    MUST(reg_begin(f->reg, E));
    id = add(f);
    MUST(reg_mail_result(f->reg, id, RESULT_NEVER, "550", NOW, &state, E));
    g_assert_cmpint(state, ==, MAIL_FAILED);
    g_assert_cmpuint(due_at(f, NOW + DAY_S), ==, 0);
    MUST(reg_commit(f->reg, E));
}

static void
test_bounced(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_mail) m = NULL, found = NULL, again = NULL, after = NULL;
    gint64 id;

    MUST(reg_begin(f->reg, E));
    id = add(f);
    MUST(reg_mail_sent(f->reg, id, NOW, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_mail_settle(f->reg, E));
    m = get(f, id);
    MUST(reg_begin(f->reg, E));
    MUST(reg_mail_bounced(f->reg, "<somebody@else>", NULL, NOW, &found, E));
    g_assert_null(found);
    MUST(reg_mail_bounced(f->reg, m->mail_id, "550 full", NOW, &found, E));
    MUST(reg_mail_bounced(f->reg, m->mail_id, NULL, NOW, &again, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpint(found->id, ==, id);
    g_assert_null(again);
    after = get(f, id);
    g_assert_cmpint(after->state, ==, MAIL_BOUNCED);
    g_assert_cmpstr(after->last_answer, ==, "550 full");
}

static void
test_counts(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 id = 0;
    int n = 0;

    MUST(reg_begin(f->reg, E));
    for (int i = 0; i < 3; i++)
        MUST(try_add(f, MAIL_REPLY, add_message(f), "A@x.cn", MAIL_PENDING, &id,
                     E));
    MUST(reg_mail_sent(f->reg, id, NOW, E));
    MUST(try_add(f, MAIL_REPLY, add_message(f), "a@x.cn", MAIL_SUPPRESSED, &id,
                 E));
    MUST(try_add(f, MAIL_NOTICE, 0, "a@x.cn", MAIL_PENDING, &id, E));
    MUST(try_add(f, MAIL_ANSWER, 0, "a@x.cn", MAIL_PENDING, &id, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_mail_settle(f->reg, E));
    MUST(reg_mail_count_made(f->reg, MAIL_REPLY, "a@X.CN", NOW - DAY_S, &n, E));
    g_assert_cmpint(n, ==, 3);
    MUST(reg_mail_count_made(f->reg, MAIL_REPLY, "a@x.cn", NOW + 1, &n, E));
    g_assert_cmpint(n, ==, 0);
    MUST(reg_mail_count_made(f->reg, MAIL_ANSWER, "a@x.cn", NOW, &n, E));
    g_assert_cmpint(n, ==, 1);
    MUST(reg_mail_count_sent(f->reg, NOW - 3600, &n, E));
    g_assert_cmpint(n, ==, 1);
}

static void
test_postponed(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(reg_mail) m = NULL;
    gint64 id;

    MUST(reg_begin(f->reg, E));
    id = add(f);
    MUST(reg_mail_postpone(f->reg, id, NOW + 600, E));
    MUST(reg_mail_resend_as(f->reg, OWN, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpuint(due_at(f, NOW + 599), ==, 0);
    g_assert_cmpuint(due_at(f, NOW + 600), ==, 1);
    m = get(f, id);
    g_assert_cmpint(m->attempts, ==, 0);
    g_assert_cmpstr(m->envelope_from, ==, OWN);
}

/* ---- one-time codes ---- */

static enum reg_code
answer(struct fixture *f, const char *address, const char *code, gint64 now,
       gint64 *message_out)
{
    enum reg_code result = CODE_WRONG;

    MUST(reg_code_check(f->reg, address, code, now, &result, message_out, E));
    return result;
}

static gint64
add_code(struct fixture *f, const char *code)
{
    gint64 message = add_message(f);

    MUST(reg_code_add(f->reg, "wang@x.cn", message, code, NOW, NOW + DAY_S, E));
    return message;
}

static void
test_code(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 message, proven = 0;

    MUST(reg_begin(f->reg, E));
    message = add_code(f, "482913");
    g_assert_cmpint(answer(f, "li@x.cn", "482913", NOW, &proven), ==,
                    CODE_NONE); /* D8: from another address */
    g_assert_cmpint(answer(f, "Wang@x.cn", "４８２９１３", NOW, &proven), ==,
                    CODE_RIGHT);
    g_assert_cmpint(proven, ==, message);
    g_assert_cmpint(answer(f, "wang@x.cn", "482913", NOW, &proven), ==,
                    CODE_WRONG); /* D7: once */
    g_assert_cmpint(answer(f, "wang@x.cn", "000000", NOW, &proven), ==,
                    CODE_NONE); /* a guess, where there is nothing to guess */
    MUST(reg_commit(f->reg, E));
}

static void
test_code_guessed(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 proven = 0;

    MUST(reg_begin(f->reg, E));
    add_code(f, "482913");
    for (int i = 0; i < 4; i++)
        g_assert_cmpint(answer(f, "wang@x.cn", "000000", NOW, &proven), ==,
                        CODE_WRONG);
    g_assert_cmpint(answer(f, "wang@x.cn", "000000", NOW, &proven), ==,
                    CODE_VOID);
    g_assert_cmpint(answer(f, "wang@x.cn", "482913", NOW, &proven), ==,
                    CODE_WRONG);
    MUST(reg_commit(f->reg, E));
    g_assert_cmpint(proven, ==, 0);
}

static void
test_code_expired(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gint64 proven = 0, message;

    MUST(reg_begin(f->reg, E));
    message = add_code(f, "482913");
    g_assert_cmpint(answer(f, "wang@x.cn", "000000", NOW + DAY_S + 1, &proven),
                    ==, CODE_NONE); /* nor here, any more */
    g_assert_cmpint(answer(f, "wang@x.cn", "482913", NOW + DAY_S + 1, &proven),
                    ==, CODE_EXPIRED);
    MUST(reg_code_add(f->reg, "wang@x.cn", message, "111111", NOW, NOW + DAY_S,
                      E));
    MUST(reg_code_add(f->reg, "wang@x.cn", message, "222222", NOW, NOW + DAY_S,
                      E));
    g_assert_cmpint(answer(f, "wang@x.cn", "111111", NOW, &proven), ==,
                    CODE_WRONG); /* the later one counts */
    g_assert_cmpint(answer(f, "wang@x.cn", "222222", NOW, &proven), ==,
                    CODE_RIGHT);
    MUST(reg_commit(f->reg, E));
}

/* ---- status ---- */

static gboolean
poll_ended(struct fixture *f, gint64 now, const char *error, int messages)
{
    gboolean recovered = FALSE;

    MUST(reg_begin(f->reg, E));
    MUST(reg_poll_ended(f->reg, now, error, messages, &recovered, E));
    MUST(reg_commit(f->reg, E));
    return recovered;
}

static void
test_status(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_status s = {0};

    poll_ended(f, NOW, NULL, 3);
    for (int i = 1; i <= 10; i++)
        poll_ended(f, NOW + i * MINUTE, NULL, 0);
    for (int i = 11; i <= 13; i++)
        poll_ended(f, NOW + i * MINUTE, "connection refused", 0);
    MUST(reg_status_get(f->reg, &s, E));
    g_assert_cmpint(s.last_success, ==, NOW + 10 * MINUTE);
    g_assert_cmpint(s.failures, ==, 3);
    g_assert_cmpint(s.failing_since, ==, NOW + 11 * MINUTE);
    g_assert_cmpstr(s.last_error, ==, "connection refused");
    reg_status_clear(&s);
    MUST(reg_begin(f->reg, E));
    MUST(reg_status_alerted(f->reg, NOW, E));
    MUST(reg_commit(f->reg, E));
    g_assert_true(poll_ended(f, NOW + 14 * MINUTE, NULL, 0));
    g_assert_false(poll_ended(f, NOW + 15 * MINUTE, NULL, 0));
    /* what repeats is one row */
    g_assert_cmpint(sql_number(f->reg, "SELECT count(*) FROM poll"), ==, 4);
    g_assert_cmpint(sql_number(f->reg, "SELECT times FROM poll WHERE id = 2"),
                    ==, 10);
}

static void
test_totals(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = {.received = NOW, .verdict = VERDICT_HELD};
    struct reg_totals t;
    gint64 id = 0;

    MUST(reg_begin(f->reg, E));
    MUST(reg_message_add(f->reg, &m, NULL, FOLDER_HELD, NOW, &id, NULL, E));
    add(f);
    MUST(reg_commit(f->reg, E));
    MUST(reg_totals(f->reg, &t, E));
    g_assert_cmpint(t.held, ==, 1);
    g_assert_cmpint(t.outbox_pending, ==, 1);
    g_assert_cmpint(t.oldest_held, ==, NOW);
    g_assert_cmpint(t.submissions + t.quarantined + t.outbox_failed, ==, 0);
}

static void
test_once(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    gboolean first = FALSE, done = FALSE;

    MUST(reg_begin(f->reg, E));
    MUST(reg_once(f->reg, "bulletin-draft 2019-03", NOW, &first, E));
    reg_rollback(f->reg); /* what it announced was undone with it */
    MUST(reg_done(f->reg, "bulletin-draft 2019-03", &done, E));
    g_assert_false(done);
    MUST(reg_begin(f->reg, E));
    MUST(reg_once(f->reg, "bulletin-draft 2019-03", NOW, &first, E));
    g_assert_true(first);
    MUST(reg_once(f->reg, "bulletin-draft 2019-03", NOW, &first, E));
    g_assert_false(first);
    MUST(reg_once(f->reg, "bulletin-draft 2019-04", NOW, &first, E));
    g_assert_true(first);
    MUST(reg_commit(f->reg, E));
    MUST(reg_done(f->reg, "bulletin-draft 2019-03", &done, E));
    g_assert_true(done);
}

/* ---- informants ---- */

static guint
informants_at(struct fixture *f, const char *unit, gint64 at)
{
    g_autoptr(GPtrArray) all = NULL;

    MUST(reg_informants(f->reg, unit, at, &all, E));
    return all->len;
}

static void
test_informants(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_informant i = {.unit = (char *)"财政局",
                              .name = (char *)"张三",
                              .address = (char *)"Zhang@x.cn",
                              .phone = (char *)"6106766"};
    struct reg_act later = {NOW + DAY_S, "王芳", 0, 0};

    MUST(reg_begin(f->reg, E));
    MUST(reg_informant_add(f->reg, &i, &f->act, NULL, E));
    i.unit = (char *)"税务局";
    MUST(reg_informant_add(f->reg, &i, &later, NULL, E));
    g_assert_cmpuint(informants_at(f, "财政局", NOW), ==, 1);
    g_assert_cmpuint(informants_at(f, "财政局", NOW + DAY_S), ==, 0);
    g_assert_cmpuint(informants_at(f, NULL, NOW + DAY_S), ==, 1);
    g_assert_cmpuint(informants_at(f, NULL, NOW - 1), ==, 0);
    later.at += DAY_S;
    MUST(reg_informant_end(f->reg, "zhang@X.cn", &later, E));
    REFUSED(ST_REJECT, "nobody is registered",
            reg_informant_end(f->reg, "zhang@x.cn", &later, E));
    g_assert_cmpuint(informants_at(f, NULL, NOW + 3 * DAY_S), ==, 0);
    MUST(reg_commit(f->reg, E));
}

static void
test_informant_undone(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_informant i = {.unit = (char *)"财政局",
                              .name = (char *)"张三",
                              .address = (char *)"zhang@x.cn"};
    struct reg_command c = {
        .by = (char *)"王芳", .text = (char *)"信息员", .at = NOW};
    struct reg_act act = {NOW + 1, "王芳", 0, 0};
    g_autoptr(GPtrArray) undone = NULL;
    int number = 0;

    MUST(reg_begin(f->reg, E));
    MUST(reg_informant_add(f->reg, &i, &f->act, NULL, E));
    MUST(reg_command_add(f->reg, &c, &act.command, &number, E));
    i.unit = (char *)"税务局";
    MUST(reg_informant_add(f->reg, &i, &act, NULL, E));
    act = (struct reg_act){NOW + 2, "王芳", 0, 0};
    MUST(reg_command_undo(f->reg, number, &act, &undone, E));
    MUST(reg_commit(f->reg, E));
    g_assert_cmpuint(informants_at(f, "财政局", NOW + 3), ==, 1);
    g_assert_cmpuint(informants_at(f, "税务局", NOW + 3), ==, 0);
}

static void
test_bad_addresses(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    int times = -1;

    MUST(reg_begin(f->reg, E));
    MUST(reg_address_bounced(f->reg, "a@x.cn", NOW, &times, E));
    MUST(reg_address_bounced(f->reg, "A@x.cn", NOW, &times, E));
    g_assert_cmpint(times, ==, 2);
    MUST(reg_address_bounces(f->reg, "a@x.cn", NOW, &times, E));
    g_assert_cmpint(times, ==, 2);
    MUST(reg_address_bounces(f->reg, "a@x.cn", NOW + 1, &times, E));
    g_assert_cmpint(times, ==, 0);
    MUST(reg_address_bounced(f->reg, "a@x.cn", NOW + 30 * DAY_S, &times, E));
    g_assert_cmpint(times, ==, 3);
    MUST(reg_address_bounced(f->reg, "a@x.cn", NOW + 61 * DAY_S, &times, E));
    g_assert_cmpint(times, ==, 1);
    MUST(reg_address_good(f->reg, "a@x.cn", E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_address_bounces(f->reg, "a@x.cn", 0, &times, E));
    g_assert_cmpint(times, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/register/outbox/message-key", test_mail_key);
    g_test_add_func("/register/outbox/one-reply", test_one_reply);
    g_test_add_func("/register/outbox/sent", test_sent);
    g_test_add_func("/register/outbox/settled-by-opening",
                    test_settled_by_opening);
    g_test_add_func("/register/outbox/settled-after-bounce",
                    test_settled_after_bounce);
    g_test_add_func("/register/outbox/B11-backoff", test_backoff);
    g_test_add_func("/register/outbox/B12-refused", test_refused);
    g_test_add_func("/register/outbox/A18-bounced", test_bounced);
    g_test_add_func("/register/outbox/A23-A24-counts", test_counts);
    g_test_add_func("/register/outbox/A24-postponed", test_postponed);
    g_test_add_func("/register/code/D7-D8", test_code);
    g_test_add_func("/register/code/D9-guessed", test_code_guessed);
    g_test_add_func("/register/code/expired", test_code_expired);
    g_test_add_func("/register/status/polls", test_status);
    g_test_add_func("/register/status/totals", test_totals);
    g_test_add_func("/register/status/once", test_once);
    g_test_add_func("/register/informant/registered", test_informants);
    g_test_add_func("/register/informant/undone", test_informant_undone);
    g_test_add_func("/register/informant/bounces", test_bad_addresses);
    return g_test_run();
}
