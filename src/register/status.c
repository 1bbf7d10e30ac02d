/* status.c - see status.h. */
#include "register/status.h"

#include "register/db.h"

void
reg_status_clear(struct reg_status *s)
{
    g_clear_pointer(&s->last_error, g_free);
}

enum st
reg_status_get(struct reg *reg, struct reg_status *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT last_success, last_try, failures, failing_since, "
                      "last_error, alerted FROM status WHERE id = 1");
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    if (st != ST_OK)
        return st;
    *out = (struct reg_status){
        .last_success = db_int(q, 0),
        .last_try = db_int(q, 1),
        .failures = (int)db_int(q, 2),
        .failing_since = db_int(q, 3),
        .last_error = db_text(q, 4),
        .alerted = db_int(q, 5),
    };
    return ST_OK;
}

/* ---- polls ---- */

static enum st
note_success(struct reg *reg, gint64 now, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE status SET last_success = ?1, last_try = ?1, "
             "failures = 0, failing_since = 0, alerted = 0 WHERE id = 1");

    db_bind(q, 1, now);
    return db_run(q, e);
}

static enum st
note_failure(struct reg *reg, gint64 now, const char *error, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE status SET last_try = ?1, failures = failures + 1, "
             "failing_since = CASE failures WHEN 0 THEN ?1 "
             "ELSE failing_since END, last_error = ?2 WHERE id = 1");

    db_bind(q, 1, now);
    db_bind_text(q, 2, error);
    return db_run(q, e);
}

/* An idle office polls every minute: what repeats the row before it is
 * counted there. */
static enum st
extend_last(struct reg *reg, gint64 now, const char *error, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE poll SET last = ?1, times = times + 1 "
                      "WHERE id = (SELECT max(id) FROM poll) AND messages = 0 "
                      "AND coalesce(error, '') = coalesce(?2, '')");

    db_bind(q, 1, now);
    db_bind_text(q, 2, error);
    return db_run(q, e);
}

static enum st
insert_poll(struct reg *reg, gint64 now, int messages, const char *error,
            struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO poll (first, last, times, messages, error) "
                      "VALUES (?1, ?1, 1, ?2, ?3)");

    db_bind(q, 1, now);
    db_bind(q, 2, messages);
    db_bind_text(q, 3, error);
    return db_run(q, e);
}

static enum st
log_poll(struct reg *reg, gint64 now, int messages, const char *error,
         struct err *e)
{
    enum st st;

    if (messages == 0) {
        st = extend_last(reg, now, error, e);
        if (st != ST_OK || db_changed(reg) > 0)
            return st;
    }
    return insert_poll(reg, now, messages, error, e);
}

enum st
reg_poll_ended(struct reg *reg, gint64 now, const char *error, int messages,
               gboolean *recovered_out, struct err *e)
{
    struct reg_status before = {0};
    enum st st = reg_status_get(reg, &before, e);

    if (st == ST_OK)
        st = error ? note_failure(reg, now, error, e)
                   : note_success(reg, now, e);
    if (st == ST_OK)
        st = log_poll(reg, now, messages, error, e);
    if (st == ST_OK && recovered_out)
        *recovered_out = !error && before.alerted != 0;
    reg_status_clear(&before);
    return st;
}

enum st
reg_status_alerted(struct reg *reg, gint64 now, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE status SET alerted = ?1 WHERE id = 1");

    db_bind(q, 1, now);
    return db_run(q, e);
}

/* ---- totals ---- */

enum st
reg_totals(struct reg *reg, struct reg_totals *out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT "
             "(SELECT count(*) FROM submission WHERE state = 'recorded'), "
             "(SELECT count(*) FROM message WHERE is_open = 1 "
             "AND verdict = 'held'), "
             "(SELECT count(*) FROM message WHERE is_open = 1 "
             "AND verdict = 'quarantined'), "
             "(SELECT count(*) FROM mail WHERE state = 'pending'), "
             "(SELECT count(*) FROM mail WHERE state = 'failed'), "
             "(SELECT min(received) FROM message WHERE is_open = 1)");
    gboolean row = FALSE;
    enum st st = db_next(q, &row, e);

    if (st != ST_OK)
        return st;
    *out = (struct reg_totals){
        .submissions = (int)db_int(q, 0),
        .held = (int)db_int(q, 1),
        .quarantined = (int)db_int(q, 2),
        .outbox_pending = (int)db_int(q, 3),
        .outbox_failed = (int)db_int(q, 4),
        .oldest_held = db_int(q, 5),
    };
    return ST_OK;
}

/* ---- is there anything? ---- */

enum st
reg_any_facts(struct reg *reg, civil_day from, civil_day to, gboolean *any_out,
              struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT "
             "EXISTS (SELECT 1 FROM submission WHERE day BETWEEN ?1 AND ?2) OR "
             "EXISTS (SELECT 1 FROM mark WHERE day BETWEEN ?1 AND ?2) OR "
             "EXISTS (SELECT 1 FROM commission WHERE day BETWEEN ?1 AND ?2)");
    gint64 any = 0;
    enum st st;

    db_bind(q, 1, from);
    db_bind(q, 2, to);
    st = db_number(q, &any, e);
    if (st == ST_OK)
        *any_out = any != 0;
    return st;
}

/* ---- done once ---- */

enum st
reg_once(struct reg *reg, const char *key, gint64 now, gboolean *first_out,
         struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO once (name, at) VALUES (?1, ?2) "
                      "ON CONFLICT (name) DO NOTHING");
    enum st st;

    db_bind_text(q, 1, key);
    db_bind(q, 2, now);
    st = db_run(q, e);
    if (st == ST_OK)
        *first_out = db_changed(reg) > 0;
    return st;
}

enum st
reg_once_count(struct reg *reg, const char *prefix, gint64 since, int *out,
               struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT count(*) FROM once WHERE name >= ?1 "
                      "AND name < ?2 AND at > ?3");
    g_autofree char *end = g_strconcat(prefix, "\xf4\x8f\xbf\xbf", NULL);
    gint64 n = 0;
    enum st st;

    db_bind_text(q, 1, prefix);
    db_bind_text(q, 2, end);
    db_bind(q, 3, since);
    st = db_number(q, &n, e);
    if (st == ST_OK)
        *out = (int)n;
    return st;
}

enum st
reg_done(struct reg *reg, const char *key, gboolean *done_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT count(*) FROM once WHERE name = ?1");
    gint64 n = 0;
    enum st st;

    db_bind_text(q, 1, key);
    st = db_number(q, &n, e);
    if (st == ST_OK)
        *done_out = n > 0;
    return st;
}

/* ---- settings ---- */

enum st
reg_setting_get(struct reg *reg, const char *name, char **value_out,
                struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT value FROM setting WHERE name = ?1");

    db_bind_text(q, 1, name);
    return db_string(q, value_out, e);
}

enum st
reg_setting_set(struct reg *reg, const char *name, const char *value,
                struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO setting (name, value) VALUES (?1, ?2) "
                      "ON CONFLICT (name) DO UPDATE SET value = ?2");

    db_bind_text(q, 1, name);
    db_bind_text(q, 2, value);
    return db_run(q, e);
}

enum st
reg_setting_drop(struct reg *reg, const char *name, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "DELETE FROM setting WHERE name = ?1");

    db_bind_text(q, 1, name);
    return db_run(q, e);
}
