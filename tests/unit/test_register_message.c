/* Messages in the register: where they lie, what is known of them, what
 * staff decide. */
#include "register/command.h"
#include "register/history.h"
#include "register/message.h"
#include "register/outbox.h"
#include "register/submission.h"
#include "unit/register_fixture.h"

#define BOX "imaps://xxk@mail.example.gov.cn/INBOX"

static struct reg_place
place(guint32 validity, guint32 uid)
{
    return (struct reg_place){BOX, validity, uid, NULL};
}

/* A message with an identity of its own. */
static struct reg_message
message(enum verdict verdict, const char *identity)
{
    struct reg_message m = {.received = NOW,
                            .receipt = RECEIPT_INTERNALDATE,
                            .size = 1000,
                            .sender = (char *)"czj@example.gov.cn",
                            .verdict = verdict,
                            .identity = (char *)identity,
                            .subject = (char *)"标题"};

    return m;
}

static gint64
add(struct fixture *f, const struct reg_message *m, const struct reg_place *p,
    enum folder to, char **handle_out)
{
    gint64 id = 0;

    MUST(reg_begin(f->reg, E));
    MUST(reg_message_add(f->reg, m, p, to, NOW, &id, handle_out, E));
    MUST(reg_commit(f->reg, E));
    return id;
}

static gint64
known(struct fixture *f, const char *identity)
{
    gint64 id = -1;

    MUST(reg_known_identity(f->reg, identity, NOW, NULL, &id, E));
    return id;
}

/* ---- positions and places ---- */

static void
test_position(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_position p;

    MUST(reg_position_get(f->reg, BOX, &p, E));
    g_assert_false(p.known);
    MUST(reg_begin(f->reg, E));
    MUST(reg_position_set(f->reg, BOX, 7, 120, NOW, E));
    MUST(reg_position_set(f->reg, BOX, 7, 130, NOW + 60, E));
    MUST(reg_commit(f->reg, E));
    reopen(f, REG_SERVE);
    MUST(reg_position_get(f->reg, BOX, &p, E));
    g_assert_true(p.known);
    g_assert_cmpuint(p.validity, ==, 7);
    g_assert_cmpuint(p.highest_uid, ==, 130);
    g_assert_cmpint(p.first_seen, ==, NOW);
}

/* A claim makes the mailbox known to the table, not as looked through. */
static void
test_claim_is_no_position(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_place at = place(7, 1);
    struct reg_position p;

    MUST(reg_begin(f->reg, E));
    MUST(reg_claim(f->reg, &at, NOW, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_position_get(f->reg, BOX, &p, E));
    g_assert_false(p.known);
}

static void
attempts_are(struct fixture *f, const struct reg_place *at, int n)
{
    int attempts = -1;

    MUST(reg_claimed(f->reg, at, &attempts, E));
    g_assert_cmpint(attempts, ==, n);
}

static void
test_attempts(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_place at = place(7, 1), other = place(7, 2);
    struct reg_message m = message(VERDICT_HELD, "a");

    for (int i = 1; i <= 3; i++) {
        MUST(reg_begin(f->reg, E));
        MUST(reg_claim(f->reg, &at, NOW, E));
        MUST(reg_commit(f->reg, E));
        attempts_are(f, &at, i);
        reopen(f, REG_SERVE);
    }
    MUST(reg_begin(f->reg, E));
    MUST(reg_claim(f->reg, &other, NOW, E));
    attempts_are(f, &other, 1);
    MUST(reg_commit(f->reg, E));
    add(f, &m, &at, FOLDER_HELD, NULL);
    MUST(reg_begin(f->reg, E)); /* recorded: the count begins again */
    MUST(reg_claim(f->reg, &at, NOW, E));
    MUST(reg_commit(f->reg, E));
    attempts_are(f, &at, 1);
}

static void
find_place(struct fixture *f, const struct reg_place *p, gint64 id,
           gboolean moved)
{
    gint64 found = -1;
    gboolean found_moved = FALSE;

    MUST(reg_place_find(f->reg, p, &found, &found_moved, E));
    g_assert_cmpint(found, ==, id);
    g_assert_cmpint(found_moved, ==, moved);
}

/* The mailbox that an undone transaction made is made again. */
static void
test_undone_mailbox(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_place at = place(7, 1);
    struct reg_message m = message(VERDICT_HELD, "a");
    gint64 id = 0;

    MUST(reg_begin(f->reg, E));
    MUST(reg_claim(f->reg, &at, NOW, E));
    reg_rollback(f->reg);
    MUST(reg_begin(f->reg, E));
    MUST(reg_save(f->reg, E));
    MUST(reg_claim(f->reg, &at, NOW, E));
    MUST(reg_undo(f->reg, E));
    MUST(reg_claim(f->reg, &at, NOW, E));
    attempts_are(f, &at, 1);
    MUST(reg_message_add(f->reg, &m, &at, FOLDER_HELD, NOW, &id, NULL, E));
    MUST(reg_commit(f->reg, E));
    find_place(f, &at, id, FALSE);
}

static void
test_moves(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_place at = place(7, 5), stays = place(7, 6);
    struct reg_message m = message(VERDICT_RETURNED, "a");
    struct reg_message secret = {.received = NOW,
                                 .size = 9,
                                 .verdict = VERDICT_QUARANTINED,
                                 .rule = (char *)"draft"};
    g_autoptr(GPtrArray) moves = NULL, none = NULL, stale = NULL;
    const struct reg_move *move;
    gint64 id = add(f, &m, &at, FOLDER_RETURNED, NULL);

    add(f, &secret, &stays, FOLDER_INBOX, NULL);
    find_place(f, &at, id, FALSE);
    MUST(reg_moves(f->reg, BOX, 7, &moves, E));
    g_assert_cmpuint(moves->len, ==, 1);
    move = moves->pdata[0];
    g_assert_cmpint(move->message, ==, id);
    g_assert_cmpuint(move->ref.uid, ==, 5);
    g_assert_null(move->ref.key);
    g_assert_cmpint(move->to, ==, FOLDER_RETURNED);
    MUST(reg_moves(f->reg, BOX, 8, &stale, E));
    g_assert_cmpuint(stale->len, ==, 0);
    MUST(reg_begin(f->reg, E));
    MUST(reg_moved(f->reg, &at, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_moves(f->reg, BOX, 7, &none, E));
    g_assert_cmpuint(none->len, ==, 0);
    find_place(f, &at, id, TRUE); /* seen there again: dragged back */
}

/* In a Maildir the key alone says which message it is. */
static void
test_maildir_keys(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_place at = {"maildir:/x", 1, 3, "155.M1P2.host"};
    struct reg_place later = {"maildir:/x", 1, 9, "155.M1P2.host"};
    struct reg_place other = {"maildir:/x", 1, 3, "156.M1P2.host"};
    struct reg_message m = message(VERDICT_HELD, "a");
    g_autoptr(GPtrArray) moves = NULL;
    gint64 id = add(f, &m, &at, FOLDER_HELD, NULL);

    find_place(f, &later, id, FALSE);
    find_place(f, &other, 0, FALSE);
    MUST(reg_moves(f->reg, "maildir:/x", 1, &moves, E));
    g_assert_cmpstr(((struct reg_move *)moves->pdata[0])->ref.key, ==,
                    "155.M1P2.host");
}

/* ---- known again ---- */

static void
test_renumbered(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_place before = place(7, 5), after = place(8, 1);
    struct reg_message m = message(VERDICT_RETURNED, "a");
    gint64 id = add(f, &m, &before, FOLDER_RETURNED, NULL);
    gboolean waiting = FALSE;

    find_place(f, &after, 0, FALSE);
    g_assert_cmpint(known(f, "a"), ==, id);
    MUST(reg_begin(f->reg, E));
    MUST(reg_place_add(f->reg, &after, id, FOLDER_RETURNED, E));
    MUST(reg_position_set(f->reg, BOX, 8, 1, NOW, E));
    MUST(reg_commit(f->reg, E));
    find_place(f, &after, id, FALSE);
    MUST(reg_place_waiting(f->reg, id, &waiting, E));
    g_assert_true(waiting);
    g_assert_cmpint(sql_number(f->reg, "SELECT count(*) FROM message"), ==, 1);
}

static void
test_same_message_again(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_place first = place(7, 5), second = place(7, 9);
    struct reg_place third = place(7, 10);
    struct reg_message m = message(VERDICT_ACCEPTED, "a");
    struct reg_message copy = message(VERDICT_DUPLICATE, "a");
    gint64 later, found = 0, id = add(f, &m, &first, FOLDER_ACCEPTED, NULL);
    g_autoptr(reg_message) got = NULL;

    copy.original = known(f, "a");
    g_assert_cmpint(copy.original, ==, id);
    copy.id = add(f, &copy, &second, FOLDER_IGNORED, NULL);
    g_assert_cmpint(known(f, "a"), ==, id); /* the first stays the original */
    copy.received = NOW + 60;
    later = add(f, &copy, &third, FOLDER_IGNORED, NULL);
    g_assert_cmpint(known(f, "a"), ==, id);
    MUST(reg_known_identity(f->reg, "a", NOW + 60, NULL, &found, E));
    g_assert_cmpint(found, ==, later); /* the same delivery before all */
    MUST(reg_known_identity(f->reg, "a", NOW + 90, NULL, &found, E));
    g_assert_cmpint(found, ==, id);
    MUST(reg_message_get(f->reg, copy.id, &got, E));
    g_assert_cmpint(got->original, ==, id);
    g_assert_cmpstr(got->handle, ==, "重-1");
}

static void
test_same_id_other_text(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = message(VERDICT_ACCEPTED, "a");
    gint64 id, found = 0;

    m.message_id = (char *)"<1@x>";
    id = add(f, &m, NULL, FOLDER_ACCEPTED, NULL);
    g_assert_cmpint(known(f, "b"), ==, 0);
    MUST(reg_known_message_id(f->reg, "<1@x>", "b", &found, E));
    g_assert_cmpint(found, ==, id);
    MUST(reg_known_message_id(f->reg, "<2@x>", "b", &found, E));
    g_assert_cmpint(found, ==, 0);
}

/* Who has the copy that came first must not make a duplicate of the mail. */
static void
test_copies(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    struct reg_message m = message(VERDICT_HELD, "a");
    struct reg_message copy = message(VERDICT_DUPLICATE, "a");
    gint64 first, proven, found = 0;

    m.raw_hash = (char *)"r1";
    first = add(f, &m, NULL, FOLDER_HELD, NULL);
    copy.original = first;
    add(f, &copy, NULL, FOLDER_IGNORED, NULL);
    m = message(VERDICT_ACCEPTED, "a");
    m.raw_hash = (char *)"r2";
    proven = add(f, &m, NULL, FOLDER_ACCEPTED, NULL);
    MUST(reg_known_identity(f->reg, "a", NOW, "r2", &found, E));
    g_assert_cmpint(found, ==, proven); /* two of one second: by the bytes */
    MUST(reg_known_identity(f->reg, "a", NOW, "r3", &found, E));
    g_assert_cmpint(found, ==, first);
    MUST(reg_known_originals(f->reg, "a", ids, E));
    g_assert_cmpuint(ids->len, ==, 2);
    g_assert_cmpint(g_array_index(ids, gint64, 0), ==, first);
    g_assert_cmpint(g_array_index(ids, gint64, 1), ==, proven);
}

static gint64
heeded(struct fixture *f, const char *identity, const char *sender)
{
    gint64 id = -1;

    MUST(reg_known_heeded(f->reg, "<1@x>", identity, sender, &id, E));
    return id;
}

static void
test_heeded(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = message(VERDICT_HELD, "a");
    struct reg_message copy = message(VERDICT_DUPLICATE, "a");
    gint64 id;

    m.message_id = copy.message_id = (char *)"<1@x>";
    m.sender = copy.sender = (char *)"Wang@x";
    reason_add(&m.reasons, REASON_UNPROVEN_COMMAND);
    copy.original = add(f, &m, NULL, FOLDER_HELD, NULL);
    add(f, &copy, NULL, FOLDER_IGNORED, NULL);
    g_assert_cmpint(heeded(f, "b", "wang@x"), ==, 0);
    m = message(VERDICT_COMMAND, "c");
    m.message_id = (char *)"<1@x>";
    m.sender = (char *)"Wang@x";
    id = add(f, &m, NULL, FOLDER_ACCEPTED, NULL);
    g_assert_cmpint(heeded(f, "b", "wang@x"), ==, id);
    g_assert_cmpint(heeded(f, "b", "li@x"), ==, 0);
    g_assert_cmpint(heeded(f, "c", "wang@x"), ==, 0); /* it itself */
}

static void
test_same_bytes(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = message(VERDICT_ACCEPTED, "a");
    gint64 id, found = 0;

    m.raw_hash = (char *)"hash";
    id = add(f, &m, NULL, FOLDER_ACCEPTED, NULL);
    MUST(reg_known_bytes(f->reg, "hash", NOW - 7 * DAY_S, &found, E));
    g_assert_cmpint(found, ==, id);
    MUST(reg_known_bytes(f->reg, "hash", NOW + 1, &found, E));
    g_assert_cmpint(found, ==, 0);
}

/* ---- 涉密 ---- */

static gint64
quarantine(struct fixture *f, const char *sender, char **handle_out)
{
    struct reg_message m = {.received = NOW,
                            .receipt = RECEIPT_INTERNALDATE,
                            .size = 4321,
                            .sender = (char *)sender,
                            .verdict = VERDICT_QUARANTINED,
                            .rule = (char *)"margins"};
    struct reg_place at = place(7, 11);

    reason_add(&m.reasons, REASON_SECRECY);
    return add(f, &m, &at, FOLDER_INBOX, handle_out);
}

static void
test_quarantined(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autofree char *handle = NULL;
    g_autoptr(GPtrArray) waiting = NULL;
    gint64 id = quarantine(f, "czj@example.gov.cn", &handle), found = 0;

    g_assert_cmpstr(handle, ==, "待-1");
    MUST(reg_known_quarantined(f->reg, NOW, 4321, "czj@example.gov.cn", &found,
                               E));
    g_assert_cmpint(found, ==, id);
    MUST(reg_known_quarantined(f->reg, NOW, 4322, "czj@example.gov.cn", &found,
                               E));
    g_assert_cmpint(found, ==, 0);
    MUST(reg_known_quarantined(f->reg, NOW, 4321, NULL, &found, E));
    g_assert_cmpint(found, ==, 0);
    MUST(reg_known_purged(f->reg, NOW, 4321, "czj@example.gov.cn", &found, E));
    g_assert_cmpint(found, ==, 0);
    MUST(reg_messages_open(f->reg, &waiting, E));
    g_assert_cmpuint(waiting->len, ==, 1);
}

/* Neither a mistake of ours nor SQL lets content in. */
static void
test_quarantined_says_nothing(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = message(VERDICT_QUARANTINED, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
    gint64 id = 0;

    MUST(reg_begin(f->reg, E));
    REFUSED(ST_FATAL, "quarantined",
            reg_message_add(f->reg, &m, NULL, FOLDER_INBOX, NOW, &id, NULL, E));
    reg_rollback(f->reg);
    id = quarantine(f, NULL, NULL);
    MUST(reg_begin(f->reg, E));
    REFUSED(ST_FATAL, "quarantined", reg_reading_keep(f->reg, id, bytes, E));
    REFUSED(ST_REJECT, "CHECK",
            db_exec(f->reg, "UPDATE message SET identity = 'x'", E));
    REFUSED(ST_REJECT, "CHECK",
            db_exec(f->reg, "UPDATE message SET category = 'x'", E));
    reg_rollback(f->reg);
}

static void
test_released(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = message(VERDICT_HELD, "a");
    g_autoptr(reg_message) got = NULL;
    g_autofree char *handle = NULL;
    gint64 id = quarantine(f, NULL, NULL);

    MUST(reg_begin(f->reg, E));
    MUST(reg_message_judge(f->reg, id, &m, &f->act, &handle, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_message_find(f->reg, "待-1", &got, E));
    g_assert_cmpstr(handle, ==, "待-1");
    g_assert_cmpint(got->verdict, ==, VERDICT_HELD);
    g_assert_cmpstr(got->identity, ==, "a");
    g_assert_cmpint(got->size, ==, 4321);
}

static void
test_confirmed(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    g_autoptr(GPtrArray) waiting = NULL;
    gint64 id = quarantine(f, NULL, NULL), found = 0;

    MUST(reg_begin(f->reg, E));
    MUST(reg_message_close(f->reg, id, NULL, &f->act, E));
    REFUSED(ST_REJECT, "closed already",
            reg_message_close(f->reg, id, NULL, &f->act, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_messages_open(f->reg, &waiting, E));
    g_assert_cmpuint(waiting->len, ==, 0);
    MUST(reg_known_quarantined(f->reg, NOW, 4321, NULL, &found, E));
    g_assert_cmpint(found, ==, id);
}

/* ---- handles and decisions ---- */

static void
test_handles(void)
{
    static const struct {
        enum verdict verdict;
        const char *handle;
    } cases[] = {{VERDICT_HELD, "待-1"},      {VERDICT_HELD, "待-2"},
                 {VERDICT_RETURNED, "退-1"},  {VERDICT_IGNORED, "略-1"},
                 {VERDICT_DUPLICATE, "重-1"}, {VERDICT_QUERY, "问-1"},
                 {VERDICT_COMMAND, "令-1"},   {VERDICT_ACCEPTED, NULL}};
    g_autoptr(fixture) f = fixture_new(REG_SERVE);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct reg_message m = message(cases[i].verdict, NULL);
        g_autofree char *handle = NULL;

        add(f, &m, NULL, FOLDER_HELD, &handle);
        g_assert_cmpstr(handle, ==, cases[i].handle);
    }
}

static void
test_handle_as_written(void)
{
    static const struct {
        const char *written;
        gboolean found;
    } cases[] = {{"待-1", TRUE},   {"待１", TRUE},
                 {"待—1", TRUE},   {" 待－１ ", TRUE},
                 {"待-01", TRUE},  {"待-2", FALSE},
                 {"退-1", FALSE},  {"待--1", FALSE},
                 {"待-1x", FALSE}, {"待", FALSE},
                 {"", FALSE},      {"待-99999999999999999999", FALSE}};
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = message(VERDICT_HELD, NULL);

    add(f, &m, NULL, FOLDER_HELD, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(reg_message) got = NULL;

        MUST(reg_message_find(f->reg, cases[i].written, &got, E));
        g_assert_cmpint(got != NULL, ==, cases[i].found);
    }
}

static void
test_decided(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = message(VERDICT_HELD, "a");
    struct reason_list reasons = {0}, none = {0};
    struct reg_place at = place(7, 1);
    g_autoptr(reg_message) got = NULL;
    g_autoptr(GPtrArray) log = NULL, moves = NULL;
    gint64 id = add(f, &m, &at, FOLDER_HELD, NULL);

    reason_add(&reasons, REASON_NO_TITLE);
    MUST(reg_begin(f->reg, E));
    MUST(reg_message_decide(f->reg, id, VERDICT_RETURNED, &reasons, &none,
                            &f->act, E));
    MUST(reg_place_send(f->reg, id, FOLDER_RETURNED, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_message_get(f->reg, id, &got, E));
    g_assert_cmpint(got->verdict, ==, VERDICT_RETURNED);
    g_assert_true(reason_has(&got->reasons, REASON_NO_TITLE));
    g_assert_cmpstr(got->handle, ==, "待-1"); /* it keeps its name */
    g_assert_cmpstr(got->subject, ==, "标题");
    g_assert_false(got->open);
    MUST(reg_history_of(f->reg, "待-1", &log, E));
    g_assert_cmpuint(log->len, ==, 1);
    MUST(reg_moves(f->reg, BOX, 7, &moves, E));
    g_assert_cmpint(((struct reg_move *)moves->pdata[0])->to, ==,
                    FOLDER_RETURNED);
}

static GBytes *
filled(char c, gsize len)
{
    return g_bytes_new_take(g_strnfill(len, c), len);
}

/* A large one is written piece by piece, also over another. */
static void
test_large_reading_kept(void)
{
    static const gsize sizes[] = {3 << 20, (5 << 20) + 1, 7};
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = message(VERDICT_HELD, "a");
    gint64 id = add(f, &m, NULL, FOLDER_HELD, NULL);

    for (size_t n = 0; n < G_N_ELEMENTS(sizes); n++) {
        g_autoptr(GBytes) bytes = filled((char)('a' + n), sizes[n]);
        g_autoptr(GBytes) got = NULL;

        MUST(reg_begin(f->reg, E));
        MUST(reg_reading_keep(f->reg, id, bytes, E));
        MUST(reg_commit(f->reg, E));
        MUST(reg_reading_get(f->reg, id, &got, E));
        g_assert_true(g_bytes_equal(got, bytes));
    }
}

static void
test_reading_kept(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = message(VERDICT_HELD, "a");
    g_autoptr(GBytes) bytes = g_bytes_new_static("reading", 7);
    g_autoptr(GBytes) got = NULL, gone = NULL;
    struct reason_list none = {0};
    gint64 id = add(f, &m, NULL, FOLDER_HELD, NULL);

    MUST(reg_begin(f->reg, E));
    MUST(reg_reading_keep(f->reg, id, bytes, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_maintain(f->reg, NOW + 90 * DAY_S, E));
    MUST(reg_reading_get(f->reg, id, &got, E));
    g_assert_true(g_bytes_equal(got, bytes)); /* as long as it waits */
    MUST(reg_begin(f->reg, E));
    MUST(reg_message_decide(f->reg, id, VERDICT_IGNORED, &none, &none, &f->act,
                            E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_maintain(f->reg, NOW + 90 * DAY_S, E));
    MUST(reg_reading_get(f->reg, id, &gone, E));
    g_assert_null(gone);
}

/* The morning's list of what waits, not sent yet. */
static void
list_waits(struct reg *reg)
{
    g_autoptr(GBytes) data = g_bytes_new_static("CANARY4f3a9c", 12);
    struct reg_mail mail = {.kind = MAIL_STAFF,
                            .to = (char *)"wf@mail.example.gov.cn",
                            .envelope_from = (char *)"",
                            .mail_id = (char *)"<1@example.gov.cn>",
                            .data = data,
                            .created = NOW + 1};

    MUST(reg_mail_add(reg, &mail, E));
}

static void
test_purged(void)
{
    g_autoptr(fixture) f = fixture_new(REG_SERVE);
    struct reg_message m = message(VERDICT_HELD, "CANARYidentity");
    g_autoptr(reg_message) got = NULL;
    g_autoptr(reg_purged) left = NULL;
    struct reason_list none = {0};
    g_autofree char *file = NULL, *path = NULL;
    gsize len = 0;
    gint64 id, found = 0;

    m.subject = (char *)"CANARY4f3a9c";
    m.title = m.unit = m.answers = m.subject;
    id = add(f, &m, NULL, FOLDER_HELD, NULL);
    MUST(reg_begin(f->reg, E));
    MUST(
        reg_message_decide(f->reg, id, VERDICT_HELD, &none, &none, &f->act, E));
    list_waits(f->reg);
    MUST(reg_message_purge(f->reg, id, &f->act, &left, E));
    MUST(reg_commit(f->reg, E));
    MUST(reg_scrub(f->reg, E));
    MUST(reg_verify(f->reg, E));
    MUST(reg_message_get(f->reg, id, &got, E));
    g_assert_null(got->subject);
    g_assert_false(got->open);
    MUST(reg_known_quarantined(f->reg, NOW, 1000, "czj@example.gov.cn", &found,
                               E));
    g_assert_cmpint(found, ==, id);
    MUST(reg_known_purged(f->reg, NOW, 1000, "czj@example.gov.cn", &found, E));
    g_assert_cmpint(found, ==, id);
    MUST(reg_known_purged(f->reg, NOW, 1000, "swj@example.gov.cn", &found, E));
    g_assert_cmpint(found, ==, 0);
    path = g_build_filename(f->dir, "register.db", NULL);
    g_assert_true(g_file_get_contents(path, &file, &len, NULL));
    g_assert_null(memmem(file, len, "CANARY", 6));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/register/message/position", test_position);
    g_test_add_func("/register/message/claim-is-no-position",
                    test_claim_is_no_position);
    g_test_add_func("/register/message/P4-attempts", test_attempts);
    g_test_add_func("/register/message/undone-mailbox", test_undone_mailbox);
    g_test_add_func("/register/message/moves", test_moves);
    g_test_add_func("/register/message/maildir-keys", test_maildir_keys);
    g_test_add_func("/register/message/C2-renumbered", test_renumbered);
    g_test_add_func("/register/message/C12-same-message-again",
                    test_same_message_again);
    g_test_add_func("/register/message/D7-copies", test_copies);
    g_test_add_func("/register/message/D7-heeded", test_heeded);
    g_test_add_func("/register/message/C13-same-id-other-text",
                    test_same_id_other_text);
    g_test_add_func("/register/message/C14-same-bytes", test_same_bytes);
    g_test_add_func("/register/message/P9-quarantined", test_quarantined);
    g_test_add_func("/register/message/P9-says-nothing",
                    test_quarantined_says_nothing);
    g_test_add_func("/register/message/P9-released", test_released);
    g_test_add_func("/register/message/P9-confirmed", test_confirmed);
    g_test_add_func("/register/message/handles", test_handles);
    g_test_add_func("/register/message/handle-as-written",
                    test_handle_as_written);
    g_test_add_func("/register/message/decided", test_decided);
    g_test_add_func("/register/message/reading-kept", test_reading_kept);
    g_test_add_func("/register/message/large-reading-kept",
                    test_large_reading_kept);
    g_test_add_func("/register/message/P9-purged", test_purged);
    return g_test_run();
}
