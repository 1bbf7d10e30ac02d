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

/* ---- keeping ---- */

static enum st
insert_ledger(struct reg *reg, const char *token, const char *period,
              const struct reg_act *act, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO ledger (token, period, made, who) "
                      "VALUES (?1, ?2, ?3, ?4)");

    db_bind_text(q, 1, token);
    db_bind_text(q, 2, period);
    db_bind(q, 3, act->at);
    db_bind_text(q, 4, act->by);
    return db_run(q, e);
}

static enum st
insert_row(struct reg *reg, gint64 ledger, const struct reg_ledger_row *r,
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
reg_ledger_add(struct reg *reg, const char *token, const char *period,
               const GPtrArray *rows, const struct reg_act *act, struct err *e)
{
    enum st st = insert_ledger(reg, token, period, act, e);
    gint64 id = db_last_id(reg);

    for (guint i = 0; st == ST_OK && i < rows->len; i++)
        st = insert_row(reg, id, g_ptr_array_index(rows, i), e);
    return st;
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
