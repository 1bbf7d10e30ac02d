/* F10r: what a message costs must not grow with what is recorded.  Every
 * statement that taking in a message needs is asked for its plan: none may
 * walk through a table. */
#include "register/command.h"
#include "register/informant.h"
#include "register/mark.h"
#include "register/message.h"
#include "register/outbox.h"
#include "register/status.h"
#include "register/submission.h"
#include "unit/register_fixture.h"

#define BOX "imaps://xxk@mail.example.gov.cn/INBOX"

static void
look_up(struct reg *reg, const struct reg_place *place)
{
    g_autoptr(GPtrArray) moves = NULL, same = NULL, refiles = NULL;
    g_autoptr(GArray) copies = g_array_new(FALSE, FALSE, sizeof(gint64));
    struct reg_position position;
    gboolean yes;
    gint64 id;
    int n;

    MUST(reg_position_get(reg, BOX, &position, E));
    MUST(reg_place_find(reg, place, &id, &yes, E));
    MUST(reg_known_identity(reg, "i", NOW, "h", &id, E));
    MUST(reg_known_message_id(reg, "<1@x>", "i", &id, E));
    MUST(reg_known_heeded(reg, "<1@x>", "i", "a@x", &id, E));
    MUST(reg_known_originals(reg, "i", copies, E));
    MUST(reg_message_decided(reg, 1, &yes, E));
    MUST(reg_known_bytes(reg, "h", NOW, &id, E));
    MUST(reg_known_quarantined(reg, NOW, 1, "a@x", &id, E));
    MUST(reg_known_purged(reg, NOW, 1, "a@x", &id, E));
    MUST(reg_known_released(reg, NOW, 1, "a@x", &id, E));
    MUST(reg_submission_same(reg, "sha", "t", "u", &id, E));
    MUST(reg_submissions_with_draft(reg, "sha", 0, &same, E));
    MUST(reg_moves(reg, BOX, 1, &moves, E));
    MUST(reg_refiles(reg, BOX, &refiles, E));
    MUST(reg_command_obeyed(reg, "i", &yes, E));
    MUST(reg_address_bounces(reg, "a@x", 0, &n, E));
    MUST(reg_mail_ours(reg, "<1@x>", &id, E));
}

static gint64
record(struct reg *reg, const struct reg_place *place,
       const struct reg_act *act)
{
    struct reg_message m = {
        .received = NOW, .verdict = VERDICT_HELD, .identity = (char *)"i"};
    g_autoptr(reg_submission) s = reg_submission_new();
    g_autoptr(reg_draft) d = reg_draft_new();
    g_autofree char *number = NULL;
    struct reason_list none = {0};
    gint64 id = 0;

    d->kind = g_strdup("docx");
    d->bytes = g_bytes_new_static("x", 1);
    s->title = g_strdup("t");
    s->day = day_from_ymd(2019, 3, 8);
    g_ptr_array_add(s->credits, reg_credit_new("u", 0));
    MUST(reg_claim(reg, place, NOW, E));
    MUST(reg_message_add(reg, &m, place, FOLDER_HELD, NOW, &s->message, NULL,
                         E));
    MUST(reg_message_decide(reg, s->message, VERDICT_ACCEPTED, &none, &none,
                            act, E));
    MUST(reg_submission_add(reg, s, d, act, &id, &number, E));
    MUST(reg_position_set(reg, BOX, 1, 1, NOW, E));
    MUST(reg_moved(reg, place, E));
    return s->message;
}

static void
reply(struct reg *reg, gint64 message)
{
    g_autoptr(GBytes) data = g_bytes_new_static("x", 1);
    g_autoptr(GPtrArray) due = NULL;
    struct reg_mail mail = {.kind = MAIL_REPLY,
                            .message = message,
                            .to = (char *)"a@x",
                            .envelope_from = (char *)"",
                            .mail_id = (char *)"<1@x>",
                            .data = data,
                            .created = NOW};
    enum reg_mail_state state;
    gboolean yes;
    gint64 next;
    int n;

    MUST(reg_mail_count_made(reg, MAIL_REPLY, "a@x", NOW, &n, E));
    MUST(reg_mail_count_made(reg, MAIL_ANSWER, "a@x", NOW, &n, E));
    MUST(reg_mail_count_sent(reg, NOW, &n, E));
    MUST(reg_mail_replied(reg, message, &yes, E));
    MUST(reg_mail_decided(reg, message, &yes, E));
    MUST(reg_message_released(reg, message, &yes, E));
    MUST(reg_mail_next_id(reg, &mail.id, E));
    MUST(reg_mail_add(reg, &mail, E));
    MUST(reg_mail_due(reg, NOW, &due, 10, E));
    MUST(reg_mail_next_due(reg, &next, E));
    MUST(reg_mail_result(reg, mail.id, RESULT_LATER, NULL, NOW, &state, E));
    MUST(reg_mail_sent(reg, mail.id, NOW, E));
    MUST(reg_once(reg, "x", NOW, &yes, E));
    MUST(reg_once_count(reg, "x", NOW, &n, E));
    MUST(reg_poll_ended(reg, NOW, NULL, 1, &yes, E));
}

static void
mark(struct reg *reg, const struct reg_act *act)
{
    struct reg_mark m = {
        .item = (char *)"普刊", .submission = 1, .quantity = DECIMAL_ONE};
    g_autoptr(GPtrArray) of = NULL, on_submission = NULL, on_unit = NULL;
    g_autoptr(reg_submission) s = NULL;
    gint64 id = 0;

    MUST(reg_submission_find(reg, "2019-0001", &s, E));
    MUST(reg_mark_add(reg, &m, act, &id, E));
    MUST(reg_marks_of(reg, 1, &of, E));
    MUST(reg_marks_find(reg, 1, NULL, "普刊", &on_submission, E));
    MUST(reg_marks_find(reg, 0, "u", "普刊", &on_unit, E));
    MUST(reg_mark_revoke(reg, id, NULL, act, E));
}

/* These hold one row, or a handful. */
static gboolean
small(const char *step)
{
    return strstr(step, "CONSTANT ROW") || strstr(step, "pragma_") ||
           strstr(step, "sqlite_schema") || g_str_has_prefix(step, "SCAN b ") ||
           strcmp(step, "SCAN s") == 0 || strcmp(step, "SCAN mail_sent") == 0;
}

static guint
check_plan(struct reg *reg, const char *sql)
{
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
    sqlite3_stmt *plan = NULL;
    guint steps = 0;

    g_assert_cmpint(sqlite3_prepare_v2(reg->db, explain, -1, &plan, NULL), ==,
                    SQLITE_OK);
    for (; sqlite3_step(plan) == SQLITE_ROW; steps++) {
        const char *text = (const char *)sqlite3_column_text(plan, 3);

        if (g_str_has_prefix(text, "SCAN") && !strstr(text, "USING INDEX") &&
            !small(text))
            g_error("%s: %s", sql, text);
    }
    sqlite3_finalize(plan);
    return steps;
}

/* Nothing that is written for each mail opens a table of its own for it, as
 * RETURNING does, and a check with a list of words. */
static void
check_insert(struct reg *reg, const char *sql)
{
    g_autofree char *explain = g_strconcat("EXPLAIN ", sql, NULL);
    sqlite3_stmt *steps = NULL;

    g_assert_cmpint(sqlite3_prepare_v2(reg->db, explain, -1, &steps, NULL), ==,
                    SQLITE_OK);
    while (sqlite3_step(steps) == SQLITE_ROW)
        if (g_str_equal(sqlite3_column_text(steps, 1), "OpenEphemeral"))
            g_error("%s opens a table of its own", sql);
    sqlite3_finalize(steps);
}

static void
test_plans(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_place place = {BOX, 1, 1, NULL};
    GHashTableIter it;
    gpointer sql;
    guint steps = 0, inserts = 0;

    MUST(reg_begin(f->reg, E));
    look_up(f->reg, &place);
    reply(f->reg, record(f->reg, &place, &f->act));
    mark(f->reg, &f->act);
    MUST(reg_commit(f->reg, E));
    MUST(reg_mail_settle(f->reg, E));
    g_assert_cmpuint(g_hash_table_size(f->reg->statements), >, 50);
    g_hash_table_iter_init(&it, f->reg->statements);
    while (g_hash_table_iter_next(&it, &sql, NULL)) {
        steps += check_plan(f->reg, sql);
        if (!g_str_has_prefix(sql, "INSERT"))
            continue;
        check_insert(f->reg, sql);
        inserts++;
    }
    g_assert_cmpuint(steps, >, 50);
    g_assert_cmpuint(inserts, >, 10);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/register/plan/F10r-no-table-is-walked-through",
                    test_plans);
    return g_test_run();
}
