/* incident.c - urgent matters and the submissions that report on them. */
#include "register/commission.h"

#include "register/change.h"
#include "register/codes.h"

static void
report_free(struct reg_report *r)
{
    g_free(r->number);
    g_free(r->stage);
    g_free(r);
}

struct reg_incident *
reg_incident_new(void)
{
    struct reg_incident *i = g_new0(struct reg_incident, 1);

    i->reports = g_ptr_array_new_with_free_func((GDestroyNotify)report_free);
    return i;
}

void
reg_incident_free(struct reg_incident *i)
{
    if (!i)
        return;
    g_free(i->number);
    g_free(i->name);
    g_free(i->unit);
    g_free(i->by);
    g_ptr_array_unref(i->reports);
    g_free(i);
}

/* ---- writing ---- */

static enum st
insert(struct reg *reg, const struct reg_incident *i, int year, gint64 serial,
       const struct reg_act *act, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO incident (year, serial, name, unit, happened, day, "
             "who) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

    db_bind(q, 1, year);
    db_bind(q, 2, serial);
    db_bind_text(q, 3, i->name);
    db_bind_text(q, 4, i->unit);
    db_bind(q, 5, i->happened);
    db_bind(q, 6, i->day);
    db_bind_text(q, 7, act->by);
    return db_run(q, e);
}

enum st
reg_incident_add(struct reg *reg, const struct reg_incident *i,
                 const struct reg_act *act, gint64 *id_out, char **number_out,
                 struct err *e)
{
    struct change_words words = {NULL, i->name ? i->name : i->unit, NULL};
    g_autofree char *counter = NULL, *number = NULL;
    gint64 serial = 0, id = 0;
    int year, month, date;
    enum st st;

    day_to_ymd(i->day, &year, &month, &date);
    counter = g_strdup_printf("incident %d", year);
    st = db_counter(reg, counter, &serial, e);
    if (st == ST_OK)
        st = insert(reg, i, year, serial, act, e);
    if (st != ST_OK)
        return st;
    id = db_last_id(reg);
    number = codes_number(year, (int)serial, ISSUE_WIDTH);
    st = change_add_numbered(reg, act, CHANGE_INCIDENT, SUBJECT_INCIDENT,
                             number, id, &words, e);
    if (st == ST_OK) {
        *id_out = id;
        *number_out = g_steal_pointer(&number);
    }
    return st;
}

/* ---- reading ---- */

#define INCIDENT_COLUMNS                                                       \
    "i.id, i.year, i.serial, i.name, i.unit, i.happened, i.day, i.who, "       \
    "i.closed, i.cancelled FROM incident i "

static gpointer
read_incident(struct query *q)
{
    struct reg_incident *i = reg_incident_new();

    i->id = db_int(q, 0);
    i->number = codes_number((int)db_int(q, 1), (int)db_int(q, 2), ISSUE_WIDTH);
    i->name = db_text(q, 3);
    i->unit = db_text(q, 4);
    i->happened = db_int(q, 5);
    i->day = (civil_day)db_int(q, 6);
    i->by = db_text(q, 7);
    i->closed = db_int(q, 8);
    i->cancelled = db_int(q, 9);
    return i;
}

static void
read_report(struct query *q, struct reg_incident *i)
{
    struct reg_report *r = g_new0(struct reg_report, 1);

    r->number =
        codes_number((int)db_int(q, 0), (int)db_int(q, 1), NUMBER_WIDTH);
    r->stage = db_text(q, 2);
    r->received = db_int(q, 3);
    g_ptr_array_add(i->reports, r);
}

static enum st
add_reports(struct reg *reg, struct reg_incident *i, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT year, serial, stage, received FROM submission "
                      "WHERE incident = ?1 AND state = 'recorded' "
                      "ORDER BY received, year, serial");
    gboolean row = TRUE;

    db_bind(q, 1, i->id);
    for (;;) {
        enum st st = db_next(q, &row, e);

        if (st != ST_OK || !row)
            return st;
        read_report(q, i);
    }
}

static enum st
one(struct reg *reg, struct query *q, struct reg_incident **out, struct err *e)
{
    g_autoptr(reg_incident) i = NULL;
    gpointer row = NULL;
    enum st st = db_one(q, read_incident, &row, e);

    i = row;
    if (st == ST_OK && i)
        st = add_reports(reg, i, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&i);
    return st;
}

enum st
reg_incident_find(struct reg *reg, const char *number,
                  struct reg_incident **out, struct err *e)
{
    g_autoptr(query) q = NULL;
    int year = 0, serial = 0;

    if (!codes_number_parse(number, &year, &serial)) {
        *out = NULL;
        return ST_OK;
    }
    q = db_query(reg, "SELECT " INCIDENT_COLUMNS
                      "WHERE i.year = ?1 AND i.serial = ?2");
    db_bind(q, 1, year);
    db_bind(q, 2, serial);
    return one(reg, q, out, e);
}

enum st
reg_incidents(struct reg *reg, civil_day from, civil_day to, GPtrArray **out,
              struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " INCIDENT_COLUMNS "WHERE i.cancelled IS NULL "
                      "AND (i.closed IS NULL OR i.day BETWEEN ?1 AND ?2) "
                      "ORDER BY i.year, i.serial");
    g_autoptr(GPtrArray) all = NULL;
    enum st st;

    db_bind(q, 1, from);
    db_bind(q, 2, to);
    st = db_list(q, read_incident, (GDestroyNotify)reg_incident_free, &all, e);
    for (guint k = 0; st == ST_OK && k < all->len; k++)
        st = add_reports(reg, all->pdata[k], e);
    if (st == ST_OK)
        *out = g_steal_pointer(&all);
    return st;
}

/* ---- closing and opening again ---- */

enum st
reg_incident_get(struct reg *reg, gint64 id, struct reg_incident **out,
                 struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " INCIDENT_COLUMNS "WHERE i.id = ?1");
    enum st st;

    db_bind(q, 1, id);
    st = one(reg, q, out, e);
    if (st == ST_OK && !*out)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "there is no incident %" G_GINT64_FORMAT, id);
    return st;
}

static enum st
set(struct reg *reg, const char *sql, gint64 id, gint64 at, struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    db_bind(q, 1, id);
    db_bind_id(q, 2, at);
    return db_run(q, e);
}

static enum st
set_closed(struct reg *reg, gint64 id, gboolean close,
           const struct reg_act *act, struct err *e)
{
    g_autoptr(reg_incident) i = NULL;
    enum st st = reg_incident_get(reg, id, &i, e);

    if (st == ST_OK && (i->closed != 0) == close)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA, "incident %s is %s",
                       i->number, close ? "closed already" : "not closed");
    if (st == ST_OK)
        st = set(reg, "UPDATE incident SET closed = ?2 WHERE id = ?1", id,
                 close ? act->at : 0, e);
    if (st == ST_OK)
        st = change_add_numbered(
            reg, act, close ? CHANGE_INCIDENT_CLOSE : CHANGE_INCIDENT_REOPEN,
            SUBJECT_INCIDENT, i->number, id, NULL, e);
    return st;
}

enum st
reg_incident_close(struct reg *reg, gint64 id, const struct reg_act *act,
                   struct err *e)
{
    return set_closed(reg, id, TRUE, act, e);
}

enum st
reg_incident_reopen(struct reg *reg, gint64 id, const struct reg_act *act,
                    struct err *e)
{
    return set_closed(reg, id, FALSE, act, e);
}

static enum st
set_cancelled(struct reg *reg, gint64 id, gboolean cancel,
              const struct reg_act *act, struct err *e)
{
    g_autoptr(reg_incident) i = NULL;
    enum st st = reg_incident_get(reg, id, &i, e);

    if (st == ST_OK && (i->cancelled != 0) == cancel)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA, "incident %s is %s",
                       i->number,
                       cancel ? "cancelled already" : "not cancelled");
    if (st == ST_OK)
        st = set(reg, "UPDATE incident SET cancelled = ?2 WHERE id = ?1", id,
                 cancel ? act->at : 0, e);
    if (st == ST_OK)
        st = change_add_numbered(
            reg, act, cancel ? CHANGE_INCIDENT_CANCEL : CHANGE_INCIDENT_RESTORE,
            SUBJECT_INCIDENT, i->number, id, NULL, e);
    return st;
}

enum st
reg_incident_cancel(struct reg *reg, gint64 id, const struct reg_act *act,
                    struct err *e)
{
    return set_cancelled(reg, id, TRUE, act, e);
}

enum st
reg_incident_restore(struct reg *reg, gint64 id, const struct reg_act *act,
                     struct err *e)
{
    return set_cancelled(reg, id, FALSE, act, e);
}
