/* mark.c - see mark.h. */
#include "register/mark.h"

#include "register/change.h"
#include "register/codes.h"

struct reg_mark *
reg_mark_new(void)
{
    struct reg_mark *m = g_new0(struct reg_mark, 1);

    m->quantity = DECIMAL_ONE;
    return m;
}

void
reg_mark_free(struct reg_mark *m)
{
    if (!m)
        return;
    g_free(m->item);
    g_free(m->number);
    g_free(m->unit);
    g_free(m->note);
    g_free(m->by);
    g_free(m->revoked_by);
    g_free(m->revoked_note);
    g_free(m);
}

#define MARK_COLUMNS                                                           \
    "k.id, k.item, k.submission, s.year, s.serial, k.unit, k.day, "            \
    "k.quantity, k.amount, k.note, k.who, k.command, k.recorded, k.revoked, "  \
    "k.revoked_by, k.revoked_note FROM mark k "                                \
    "LEFT JOIN submission s ON s.id = k.submission "

static gpointer
read_mark(struct query *q)
{
    struct reg_mark *m = reg_mark_new();

    m->id = db_int(q, 0);
    m->item = db_text(q, 1);
    m->submission = db_int(q, 2);
    if (m->submission)
        m->number =
            codes_number((int)db_int(q, 3), (int)db_int(q, 4), NUMBER_WIDTH);
    m->unit = db_text(q, 5);
    m->day = (civil_day)db_int(q, 6);
    m->quantity = db_int(q, 7);
    m->has_amount = !db_is_null(q, 8);
    m->amount = db_int(q, 8);
    m->note = db_text(q, 9);
    m->by = db_text(q, 10);
    m->command = db_int(q, 11);
    m->recorded = db_int(q, 12);
    m->revoked = db_int(q, 13);
    m->revoked_by = db_text(q, 14);
    m->revoked_note = db_text(q, 15);
    return m;
}

/* ---- writing ---- */

static enum st
insert(struct reg *reg, const struct reg_mark *m, const struct reg_act *act,
       struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO mark (item, submission, unit, day, quantity, "
             "amount, note, who, command, recorded) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");

    db_bind_text(q, 1, m->item);
    db_bind_id(q, 2, m->submission);
    db_bind_text(q, 3, m->unit);
    db_bind(q, 4, m->day);
    db_bind(q, 5, m->quantity);
    if (m->has_amount)
        db_bind(q, 6, m->amount);
    db_bind_text(q, 7, m->note);
    db_bind_text(q, 8, act->by);
    db_bind_id(q, 9, act->command);
    db_bind(q, 10, act->at);
    return db_run(q, e);
}

/* "普刊 2019-03-12 ×2 =5" */
static char *
describe(const struct reg_mark *m)
{
    g_autofree char *day = day_format(m->day);
    GString *out = g_string_new(m->item);

    g_string_append_printf(out, " %s", day);
    if (m->quantity != DECIMAL_ONE) {
        g_autofree char *quantity = decimal_format(m->quantity);

        g_string_append_printf(out, " ×%s", quantity);
    }
    if (m->has_amount) {
        g_autofree char *amount = decimal_format(m->amount);

        g_string_append_printf(out, " =%s", amount);
    }
    return g_string_free(out, FALSE);
}

static enum st
log_mark(struct reg *reg, gint64 id, enum change what, const char *note,
         const struct reg_act *act, struct err *e)
{
    g_autoptr(reg_mark) m = NULL;
    g_autofree char *said = NULL;
    struct change_words words = {NULL, NULL, note};
    enum st st = reg_mark_get(reg, id, &m, e);

    if (st != ST_OK)
        return st;
    said = describe(m);
    if (what == CHANGE_REVOKE)
        words.old = said;
    else
        words.new = said;
    return change_add(reg, act, what, m->number ? m->number : m->unit, id,
                      &words, NULL, e);
}

enum st
reg_mark_add(struct reg *reg, const struct reg_mark *m,
             const struct reg_act *act, gint64 *id_out, struct err *e)
{
    enum st st = insert(reg, m, act, e);
    gint64 id;

    if (st != ST_OK)
        return st;
    id = db_last_id(reg);
    st = log_mark(reg, id, CHANGE_MARK, m->note, act, e);
    if (st == ST_OK && id_out)
        *id_out = id;
    return st;
}

static enum st
set_revoked(struct reg *reg, gint64 id, const struct reg_act *act,
            const char *note, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE mark SET revoked = ?2, revoked_by = ?3, "
                      "revoked_note = ?4 WHERE id = ?1 AND revoked IS NULL");

    db_bind(q, 1, id);
    db_bind(q, 2, act->at);
    db_bind_text(q, 3, act->by);
    db_bind_text(q, 4, note);
    return db_run(q, e);
}

enum st
reg_mark_revoke(struct reg *reg, gint64 id, const char *note,
                const struct reg_act *act, struct err *e)
{
    enum st st = set_revoked(reg, id, act, note, e);

    if (st != ST_OK)
        return st;
    if (db_changed(reg) == 0)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "this mark was revoked before");
    return log_mark(reg, id, CHANGE_REVOKE, note, act, e);
}

enum st
reg_mark_restore(struct reg *reg, gint64 id, const struct reg_act *act,
                 struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "UPDATE mark SET revoked = NULL, revoked_by = NULL, "
             "revoked_note = NULL WHERE id = ?1 AND revoked IS NOT NULL");
    enum st st;

    db_bind(q, 1, id);
    st = db_run(q, e);
    if (st != ST_OK)
        return st;
    if (db_changed(reg) == 0)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA, "this mark is not revoked");
    return log_mark(reg, id, CHANGE_RESTORE, NULL, act, e);
}

/* ---- reading ---- */

enum st
reg_mark_get(struct reg *reg, gint64 id, struct reg_mark **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " MARK_COLUMNS "WHERE k.id = ?1");
    gpointer row = NULL;
    enum st st;

    db_bind(q, 1, id);
    st = db_one(q, read_mark, &row, e);
    if (st == ST_OK)
        *out = row;
    return st;
}

static enum st
list(struct query *q, GPtrArray **out, struct err *e)
{
    return db_list(q, read_mark, (GDestroyNotify)reg_mark_free, out, e);
}

static enum st
find_on_submission(struct reg *reg, gint64 submission, const char *unit,
                   const char *item, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " MARK_COLUMNS "WHERE k.submission = ?1 "
                      "AND (?2 IS NULL OR k.unit = ?2) AND k.item = ?3 "
                      "AND k.revoked IS NULL ORDER BY k.id DESC");

    db_bind(q, 1, submission);
    db_bind_text(q, 2, unit);
    db_bind_text(q, 3, item);
    return list(q, out, e);
}

static enum st
find_on_unit(struct reg *reg, const char *unit, const char *item,
             GPtrArray **out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT " MARK_COLUMNS "WHERE k.unit = ?1 AND k.item = ?2 "
             "AND k.submission IS NULL AND k.revoked IS NULL "
             "ORDER BY k.id DESC");

    db_bind_text(q, 1, unit);
    db_bind_text(q, 2, item);
    return list(q, out, e);
}

enum st
reg_marks_find(struct reg *reg, gint64 submission, const char *unit,
               const char *item, GPtrArray **out, struct err *e)
{
    return submission ? find_on_submission(reg, submission, unit, item, out, e)
                      : find_on_unit(reg, unit, item, out, e);
}

enum st
reg_marks_of(struct reg *reg, gint64 submission, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " MARK_COLUMNS
                      "WHERE k.submission = ?1 ORDER BY k.day, k.id");

    db_bind(q, 1, submission);
    return list(q, out, e);
}

/* ---- by item ---- */

void
reg_item_count_free(gpointer data)
{
    struct reg_item_count *c = data;

    g_free(c->item);
    g_free(c);
}

enum st
reg_marks_by_item(struct reg *reg, civil_day from, civil_day to,
                  GPtrArray **out, struct err *e)
{
    g_autoptr(GPtrArray) found =
        g_ptr_array_new_with_free_func(reg_item_count_free);
    g_autoptr(query) q =
        db_query(reg, "SELECT item, count(*), min(day) FROM mark "
                      "WHERE revoked IS NULL AND day BETWEEN ?1 AND ?2 "
                      "GROUP BY item ORDER BY item");
    gboolean row = TRUE;

    db_bind(q, 1, from);
    db_bind(q, 2, to);
    for (;;) {
        enum st st = db_next(q, &row, e);
        struct reg_item_count *c;

        if (st != ST_OK)
            return st;
        if (!row)
            break;
        c = g_new0(struct reg_item_count, 1);
        c->item = g_strdup(db_peek(q, 0));
        c->n = db_int(q, 1);
        c->first = (civil_day)db_int(q, 2);
        g_ptr_array_add(found, c);
    }
    *out = g_steal_pointer(&found);
    return ST_OK;
}
