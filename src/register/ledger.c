/* ledger.c - see ledger.h. */
#include "register/ledger.h"

#include "register/codes.h"
#include "register/db.h"

struct reg_ledger_row *
reg_ledger_row_new(gint64 submission)
{
    struct reg_ledger_row *r = g_new0(struct reg_ledger_row, 1);

    r->submission = submission;
    return r;
}

void
reg_ledger_row_free(struct reg_ledger_row *r)
{
    if (!r)
        return;
    g_free(r->number);
    g_free(r->facts);
    g_free(r->marks);
    g_free(r->remark);
    g_free(r);
}

/* ---- what there will be in it ---- */

/* A number of a query with the days ?1 and ?2. */
static enum st
of_days(struct query *q, civil_day from, civil_day to, int *out, struct err *e)
{
    gint64 n = 0;
    enum st st;

    db_bind(q, 1, from);
    db_bind(q, 2, to);
    st = db_number(q, &n, e);
    if (st == ST_OK)
        *out = (int)n;
    return st;
}

enum st
reg_ledger_size(struct reg *reg, civil_day from, civil_day to,
                struct reg_ledger_size *out, struct err *e)
{
    g_autoptr(query) rows =
        db_query(reg, "SELECT count(*) FROM submission "
                      "WHERE day BETWEEN ?1 AND ?2 AND state <> 'purged'");
    g_autoptr(query) marks = db_query(
        reg, "SELECT max(n) FROM (SELECT count(*) AS n FROM submission s "
             "JOIN mark m ON m.submission = s.id AND m.revoked IS NULL "
             "WHERE s.day BETWEEN ?1 AND ?2 AND s.state <> 'purged' "
             "GROUP BY s.id) AS marked");
    struct reg_ledger_size size = {0, 0};
    enum st st = of_days(rows, from, to, &size.rows, e);

    if (st == ST_OK)
        st = of_days(marks, from, to, &size.marks, e);
    if (st == ST_OK)
        *out = size;
    return st;
}

enum st
reg_ledger_newest(struct reg *reg, const char *by, gint64 *out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT max(r.submission) FROM ledger l "
             "JOIN ledger_row r ON r.ledger = l.id WHERE l.who IN (?1, ?2)");

    db_bind_text(q, 1, by);
    db_bind_text(q, 2, REG_PROGRAM);
    return db_number(q, out, e);
}

enum st
reg_ledger_fresh(struct reg *reg, gint64 newest, gint64 before, civil_day from,
                 civil_day to, int *out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT count(*) FROM submission WHERE day BETWEEN ?1 AND ?2 "
             "AND state <> 'purged' AND id > ?3 AND received < ?4");

    db_bind(q, 3, newest);
    db_bind(q, 4, before);
    return of_days(q, from, to, out, e);
}

/* ---- keeping ---- */

enum st
reg_ledger_serial(struct reg *reg, gint64 *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT coalesce(max(id), 0) + 1 FROM ledger");

    return db_number(q, out, e);
}

enum st
reg_ledger_add(struct reg *reg, const char *token, const char *period,
               const struct reg_act *act, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO ledger (token, period, made, who) "
                      "VALUES (?1, ?2, ?3, ?4)");
    enum st st;

    db_bind_text(q, 1, token);
    db_bind_text(q, 2, period);
    db_bind(q, 3, act->at);
    db_bind_text(q, 4, act->by);
    st = db_run(q, e);
    if (st == ST_OK)
        *id_out = db_last_id(reg);
    return st;
}

enum st
reg_ledger_keep(struct reg *reg, gint64 ledger, const struct reg_ledger_row *r,
                struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO ledger_row (ledger, submission, facts, marks, "
             "remark) VALUES (?1, ?2, ?3, ?4, ?5)");

    db_bind(q, 1, ledger);
    db_bind(q, 2, r->submission);
    db_bind_text(q, 3, r->facts);
    db_bind_text(q, 4, r->marks);
    db_bind_text(q, 5, r->remark);
    return db_run(q, e);
}

enum st
reg_ledger_forget(struct reg *reg, gint64 before, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "DELETE FROM ledger_row WHERE ledger IN "
                      "(SELECT id FROM ledger WHERE made < ?1)");

    db_bind(q, 1, before);
    return db_run(q, e);
}

/* ---- comparing ---- */

static enum st
find_ledger(struct reg *reg, const char *token, gint64 *id_out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT id FROM ledger WHERE token = ?1");

    db_bind_text(q, 1, token);
    return db_number(q, id_out, e);
}

static gpointer
read_row(struct query *q)
{
    struct reg_ledger_row *r = reg_ledger_row_new(db_int(q, 0));

    r->number =
        codes_number((int)db_int(q, 1), (int)db_int(q, 2), NUMBER_WIDTH);
    r->facts = db_text(q, 3);
    r->marks = db_text(q, 4);
    r->remark = db_text(q, 5);
    return r;
}

enum st
reg_ledger_rows(struct reg *reg, const char *token, GPtrArray **out,
                struct err *e)
{
    g_autoptr(query) q = NULL;
    gint64 id = 0;
    enum st st = find_ledger(reg, token, &id, e);

    if (st != ST_OK)
        return st;
    if (id == 0) {
        *out = NULL;
        return ST_OK;
    }
    q = db_query(reg, "SELECT r.submission, s.year, s.serial, r.facts, "
                      "r.marks, r.remark FROM ledger_row r "
                      "JOIN submission s ON s.id = r.submission "
                      "WHERE r.ledger = ?1 ORDER BY s.year, s.serial");
    db_bind(q, 1, id);
    return db_list(q, read_row, (GDestroyNotify)reg_ledger_row_free, out, e);
}
