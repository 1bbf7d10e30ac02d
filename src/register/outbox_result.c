/* outbox_result.c - what became of a mail that was tried: sent, to be tried
 * again, given up, come back. */
#include "register/outbox.h"

#include "register/db.h"

#define FIRST_WAIT 60 /* seconds, doubled with each attempt */
#define LONGEST_WAIT 3600
#define GIVE_UP_AFTER (2 * 24 * 3600)

/* 1, 2, 4 ... 60 minutes. */
static gint64
wait_after(int attempts)
{
    gint64 wait = FIRST_WAIT;

    for (int i = 1; i < attempts && wait < LONGEST_WAIT; i++)
        wait *= 2;
    return MIN(wait, LONGEST_WAIT);
}

static enum reg_mail_state
next_state(enum reg_mail_result r, gint64 first_try, gint64 now)
{
    if (r == RESULT_NEVER)
        return MAIL_FAILED;
    return now - first_try >= GIVE_UP_AFTER ? MAIL_FAILED : MAIL_PENDING;
}

struct tried {
    int attempts;
    gint64 first_try;
};

static enum st
tries_so_far(struct reg *reg, gint64 id, struct tried *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT attempts, first_try FROM mail WHERE id = ?1 "
                      "AND state = 'pending'");
    gboolean row = FALSE;
    enum st st;

    db_bind(q, 1, id);
    st = db_next(q, &row, e);
    if (st == ST_OK && !row)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "mail %" G_GINT64_FORMAT " is not pending", id);
    if (st == ST_OK)
        *out = (struct tried){(int)db_int(q, 0), db_int(q, 1)};
    return st;
}

enum st
reg_mail_result(struct reg *reg, gint64 id, enum reg_mail_result r,
                const char *answer, gint64 now, enum reg_mail_state *state_out,
                struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE mail SET state = ?2, attempts = ?3, first_try = ?4, "
             "due = ?5, done = ?6, last_answer = ?7 WHERE id = ?1");
    struct tried t = {0, 0};
    enum reg_mail_state state;
    enum st st = tries_so_far(reg, id, &t, e);

    if (st != ST_OK)
        return st;
    t.attempts++;
    if (!t.first_try)
        t.first_try = now;
    state = next_state(r, t.first_try, now);
    db_bind(q, 1, id);
    db_bind_text(q, 2, reg_mail_state_name(state));
    db_bind(q, 3, t.attempts);
    db_bind(q, 4, t.first_try);
    db_bind(q, 5, now + wait_after(t.attempts));
    db_bind_id(q, 6, state == MAIL_PENDING ? 0 : now);
    db_bind_text(q, 7, answer);
    st = db_run(q, e);
    if (st == ST_OK)
        *state_out = state;
    return st;
}

enum st
reg_mail_sent(struct reg *reg, gint64 id, gint64 now, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO mail_sent (mail, at) SELECT id, ?2 "
                      "FROM mail WHERE id = ?1 AND state = 'pending'");
    enum st st;

    db_bind(q, 1, id);
    db_bind(q, 2, now);
    st = db_run(q, e);
    if (st == ST_OK && db_changed(reg) == 0)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "mail %" G_GINT64_FORMAT " is not pending", id);
    return st;
}

static enum st
has_unsettled(struct reg *reg, gboolean *out, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "SELECT mail FROM mail_sent LIMIT 1");

    return db_next(q, out, e);
}

/* One that has come back meanwhile, or was suppressed, stays so. */
static enum st
settle(struct reg *reg, struct err *e)
{
    g_autoptr(query) sent = db_query(
        reg, "UPDATE mail SET state = 'sent', attempts = attempts + 1, "
             "first_try = coalesce(first_try, s.at), done = s.at, "
             "last_answer = NULL, data = NULL FROM mail_sent AS s "
             "WHERE mail.id = s.mail AND mail.state = 'pending'");
    g_autoptr(query) gone = db_query(reg, "DELETE FROM mail_sent");
    enum st st = db_run(sent, e);

    return st == ST_OK ? db_run(gone, e) : st;
}

enum st
reg_mail_settle(struct reg *reg, struct err *e)
{
    gboolean any = FALSE, joins = reg->in_transaction;
    enum st st = has_unsettled(reg, &any, e);

    if (st != ST_OK || !any)
        return st;
    if (joins)
        return settle(reg, e);
    st = reg_begin(reg, e);
    if (st == ST_OK)
        st = settle(reg, e);
    return reg_end(reg, st, e);
}

static enum st
set_due(struct reg *reg, const char *sql, gint64 id, gint64 due, struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    db_bind(q, 1, id);
    db_bind(q, 2, due);
    return db_run(q, e);
}

enum st
reg_mail_postpone(struct reg *reg, gint64 id, gint64 next, struct err *e)
{
    return set_due(reg,
                   "UPDATE mail SET due = ?2 WHERE id = ?1 "
                   "AND state = 'pending'",
                   id, next, e);
}

enum st
reg_mail_bounced(struct reg *reg, const char *mail_id, const char *cause,
                 gint64 now, struct reg_mail **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE mail SET state = 'bounced', done = ?2, "
                      "data = NULL, last_answer = coalesce(?3, last_answer) "
                      "WHERE id = ?1 AND (state = 'sent' OR state = 'pending' "
                      "AND id IN (SELECT mail FROM mail_sent))");
    gint64 id = 0;
    enum st st = reg_mail_ours(reg, mail_id, &id, e);

    *out = NULL;
    if (st != ST_OK || !id)
        return st;
    db_bind(q, 1, id);
    db_bind(q, 2, now);
    db_bind_text(q, 3, cause);
    st = db_run(q, e);
    if (st == ST_OK && db_changed(reg) > 0)
        st = reg_mail_get(reg, id, out, e);
    return st;
}

enum st
reg_mail_resend_as(struct reg *reg, const char *envelope_from, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE mail SET envelope_from = ?1 WHERE state = 'pending'");

    db_bind_text(q, 1, envelope_from);
    return db_run(q, e);
}

enum st
reg_mail_drop_before(struct reg *reg, gint64 before, gint64 now, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE mail SET state = 'suppressed', done = ?2, "
                      "last_answer = 'the register was restored' "
                      "WHERE state = 'pending' AND created < ?1");

    db_bind(q, 1, before);
    db_bind(q, 2, now);
    return db_run(q, e);
}
