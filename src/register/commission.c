/* commission.c - commissions, their units, waivers and answers. */
#include "register/commission.h"

#include "register/change.h"
#include "register/codes.h"

static void
commissioned_free(struct reg_commissioned *u)
{
    g_free(u->unit);
    g_free(u->waived_by);
    g_free(u->waived_note);
    g_free(u->answer);
    g_free(u);
}

struct reg_commission *
reg_commission_new(void)
{
    struct reg_commission *c = g_new0(struct reg_commission, 1);

    c->units =
        g_ptr_array_new_with_free_func((GDestroyNotify)commissioned_free);
    return c;
}

void
reg_commission_free(struct reg_commission *c)
{
    if (!c)
        return;
    g_free(c->number);
    g_free(c->title);
    g_free(c->level);
    g_free(c->requirement);
    g_free(c->by);
    g_ptr_array_unref(c->units);
    g_free(c);
}

void
reg_commission_ask(struct reg_commission *c, const char *unit)
{
    struct reg_commissioned *u = g_new0(struct reg_commissioned, 1);

    u->unit = g_strdup(unit);
    g_ptr_array_add(c->units, u);
}

/* ---- writing ---- */

static enum st
insert(struct reg *reg, const struct reg_commission *c, int year, gint64 serial,
       const struct reg_act *act, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "INSERT INTO commission (year, serial, title, level, "
                      "requirement, issued, day, due, who) "
                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

    db_bind(q, 1, year);
    db_bind(q, 2, serial);
    db_bind_text(q, 3, c->title);
    db_bind_text(q, 4, c->level);
    db_bind_text(q, 5, c->requirement);
    db_bind(q, 6, c->issued);
    db_bind(q, 7, c->day);
    db_bind(q, 8, c->due);
    db_bind_text(q, 9, act->by);
    return db_run(q, e);
}

/* A unit named twice is asked once. */
static enum st
insert_unit(struct reg *reg, gint64 id, guint position, const char *unit,
            struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO commission_unit (commission, position, unit) "
             "VALUES (?1, ?2, ?3) ON CONFLICT (commission, unit) DO NOTHING");

    db_bind(q, 1, id);
    db_bind(q, 2, position);
    db_bind_text(q, 3, unit);
    return db_run(q, e);
}

static enum st
insert_units(struct reg *reg, gint64 id, const GPtrArray *units, struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; st == ST_OK && i < units->len; i++) {
        const struct reg_commissioned *u = units->pdata[i];

        st = insert_unit(reg, id, i, u->unit, e);
    }
    return st;
}

enum st
reg_commission_add(struct reg *reg, const struct reg_commission *c,
                   const struct reg_act *act, gint64 *id_out, char **number_out,
                   struct err *e)
{
    struct change_words words = {NULL, c->title, NULL};
    g_autofree char *counter = NULL, *number = NULL;
    gint64 serial = 0, id = 0;
    int year, month, date;
    enum st st;

    day_to_ymd(c->day, &year, &month, &date);
    counter = g_strdup_printf("commission %d", year);
    st = db_counter(reg, counter, &serial, e);
    if (st == ST_OK)
        st = insert(reg, c, year, serial, act, e);
    if (st != ST_OK)
        return st;
    id = db_last_id(reg);
    number = codes_number(year, (int)serial, ISSUE_WIDTH);
    st = insert_units(reg, id, c->units, e);
    if (st == ST_OK)
        st = change_add_numbered(reg, act, CHANGE_COMMISSION,
                                 SUBJECT_COMMISSION, number, id, &words, e);
    if (st == ST_OK) {
        *id_out = id;
        *number_out = g_steal_pointer(&number);
    }
    return st;
}

/* ---- reading ---- */

#define COMMISSION_COLUMNS                                                     \
    "c.id, c.year, c.serial, c.title, c.level, c.requirement, c.issued, "      \
    "c.day, c.due, c.who, c.cancelled FROM commission c "

static gpointer
read_commission(struct query *q)
{
    struct reg_commission *c = reg_commission_new();

    c->id = db_int(q, 0);
    c->number = codes_number((int)db_int(q, 1), (int)db_int(q, 2), ISSUE_WIDTH);
    c->title = db_text(q, 3);
    c->level = db_text(q, 4);
    c->requirement = db_text(q, 5);
    c->issued = db_int(q, 6);
    c->day = (civil_day)db_int(q, 7);
    c->due = db_int(q, 8);
    c->by = db_text(q, 9);
    c->cancelled = db_int(q, 10);
    return c;
}

static void
read_unit(struct query *q, struct reg_commission *c)
{
    struct reg_commissioned *u = g_new0(struct reg_commissioned, 1);

    u->unit = db_text(q, 0);
    u->waived = db_int(q, 1);
    u->waived_by = db_text(q, 2);
    u->waived_note = db_text(q, 3);
    u->answered = db_int(q, 4);
    if (u->answered)
        u->answer =
            codes_number((int)db_int(q, 5), (int)db_int(q, 6), NUMBER_WIDTH);
    g_ptr_array_add(c->units, u);
}

/* The answer of a unit is its first submission to the commission; of two at
 * one instant, the smaller number. */
static enum st
add_units(struct reg *reg, struct reg_commission *c, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT u.unit, u.waived, u.waived_by, u.waived_note, "
                      "s.received, s.year, s.serial FROM commission_unit u "
                      "LEFT JOIN submission s ON s.id = (SELECT a.id "
                      "FROM submission a JOIN credit r ON r.submission = a.id "
                      "WHERE a.commission = u.commission AND r.unit = u.unit "
                      "AND a.state = 'recorded' "
                      "ORDER BY a.received, a.year, a.serial LIMIT 1) "
                      "WHERE u.commission = ?1 ORDER BY u.position");
    gboolean row = TRUE;

    db_bind(q, 1, c->id);
    for (;;) {
        enum st st = db_next(q, &row, e);

        if (st != ST_OK || !row)
            return st;
        read_unit(q, c);
    }
}

static enum st
one(struct reg *reg, struct query *q, struct reg_commission **out,
    struct err *e)
{
    g_autoptr(reg_commission) c = NULL;
    gpointer row = NULL;
    enum st st = db_one(q, read_commission, &row, e);

    c = row;
    if (st == ST_OK && c)
        st = add_units(reg, c, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&c);
    return st;
}

static enum st
list(struct reg *reg, struct query *q, GPtrArray **out, struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    enum st st = db_list(q, read_commission,
                         (GDestroyNotify)reg_commission_free, &all, e);

    for (guint i = 0; st == ST_OK && i < all->len; i++)
        st = add_units(reg, all->pdata[i], e);
    if (st == ST_OK)
        *out = g_steal_pointer(&all);
    return st;
}

enum st
reg_commission_get(struct reg *reg, gint64 id, struct reg_commission **out,
                   struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " COMMISSION_COLUMNS "WHERE c.id = ?1");

    db_bind(q, 1, id);
    return one(reg, q, out, e);
}

enum st
reg_commission_find(struct reg *reg, const char *number,
                    struct reg_commission **out, struct err *e)
{
    g_autoptr(query) q = NULL;
    int year = 0, serial = 0;

    if (!codes_number_parse(number, &year, &serial)) {
        *out = NULL;
        return ST_OK;
    }
    q = db_query(reg, "SELECT " COMMISSION_COLUMNS
                      "WHERE c.year = ?1 AND c.serial = ?2");
    db_bind(q, 1, year);
    db_bind(q, 2, serial);
    return one(reg, q, out, e);
}

enum st
reg_commissions(struct reg *reg, const struct clock *clock, civil_day from,
                civil_day to, GPtrArray **out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT " COMMISSION_COLUMNS "WHERE c.cancelled IS NULL "
             "AND (c.day BETWEEN ?1 AND ?2 OR (c.due >= ?3 AND c.due < ?4)) "
             "ORDER BY c.year, c.serial");

    db_bind(q, 1, from);
    db_bind(q, 2, to);
    db_bind(q, 3,
            from == DAY_FIRST ? G_MININT64 : clock_day_start(clock, from));
    db_bind(q, 4, to == DAY_LAST ? G_MAXINT64 : clock_day_start(clock, to + 1));
    return list(reg, q, out, e);
}

enum st
reg_commissions_due(struct reg *reg, gint64 since, GPtrArray **out,
                    struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " COMMISSION_COLUMNS "WHERE c.cancelled IS NULL "
                      "AND c.due >= ?1 ORDER BY c.due, c.id");

    db_bind(q, 1, since);
    return list(reg, q, out, e);
}

/* ---- waivers ---- */

static enum st
need(struct reg *reg, gint64 id, struct reg_commission **out, struct err *e)
{
    enum st st = reg_commission_get(reg, id, out, e);

    if (st == ST_OK && !*out)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "there is no commission %" G_GINT64_FORMAT, id);
    return st;
}

static const struct reg_commissioned *
find_unit(const struct reg_commission *c, const char *unit)
{
    for (guint i = 0; i < c->units->len; i++) {
        const struct reg_commissioned *u = c->units->pdata[i];

        if (g_strcmp0(u->unit, unit) == 0)
            return u;
    }
    return NULL;
}

static enum st
set_waived(struct reg *reg, gint64 id, const char *unit,
           const struct reg_act *act, const char *note, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE commission_unit SET waived = ?3, waived_by = ?4, "
                      "waived_note = ?5 WHERE commission = ?1 AND unit = ?2");

    db_bind(q, 1, id);
    db_bind_text(q, 2, unit);
    if (act) {
        db_bind(q, 3, act->at);
        db_bind_text(q, 4, act->by);
        db_bind_text(q, 5, note);
    }
    return db_run(q, e);
}

/* The unit is part of what is said, so that the undo finds it. */
static enum st
change_waiver(struct reg *reg, gint64 id, const char *unit, gboolean waive,
              const char *note, const struct reg_act *act, struct err *e)
{
    g_autoptr(reg_commission) c = NULL;
    const struct reg_commissioned *u;
    struct change_words words = {waive ? NULL : unit, waive ? unit : NULL,
                                 note};
    enum st st = need(reg, id, &c, e);

    if (st != ST_OK)
        return st;
    u = find_unit(c, unit);
    if (!u)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "%s was not asked in commission %s", unit, c->number);
    if ((u->waived != 0) == waive)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "commission %s is %s for %s", c->number,
                       waive ? "waived already" : "not waived", unit);
    st = set_waived(reg, id, unit, waive ? act : NULL, note, e);
    return st == ST_OK ? change_add_numbered(
                             reg, act, waive ? CHANGE_WAIVE : CHANGE_UNWAIVE,
                             SUBJECT_COMMISSION, c->number, id, &words, e)
                       : st;
}

enum st
reg_commission_waive(struct reg *reg, gint64 id, const char *unit,
                     const char *note, const struct reg_act *act, struct err *e)
{
    return change_waiver(reg, id, unit, TRUE, note, act, e);
}

enum st
reg_commission_unwaive(struct reg *reg, gint64 id, const char *unit,
                       const struct reg_act *act, struct err *e)
{
    return change_waiver(reg, id, unit, FALSE, NULL, act, e);
}

enum st
reg_commission_cancel(struct reg *reg, gint64 id, const struct reg_act *act,
                      struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE commission SET cancelled = ?2 WHERE id = ?1");
    g_autoptr(reg_commission) c = NULL;
    struct change_words words = {NULL, NULL, NULL};
    enum st st = need(reg, id, &c, e);

    if (st == ST_OK && c->cancelled)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "commission %s is cancelled already", c->number);
    if (st != ST_OK)
        return st;
    words.old = c->title;
    db_bind(q, 1, id);
    db_bind(q, 2, act->at);
    st = db_run(q, e);
    return st == ST_OK ? change_add_numbered(reg, act, CHANGE_COMMISSION_CANCEL,
                                             SUBJECT_COMMISSION, c->number, id,
                                             &words, e)
                       : st;
}
