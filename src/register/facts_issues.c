/* facts_issues.c - commissions and incidents as facts. */
#include "register/facts_fill.h"

#include "register/codes.h"

/* Few enough to walk through all of them, in the order of their numbers. */
static enum st
add_wanted(struct filling *f, struct query *q, GHashTable *wanted,
           enum st (*add)(struct filling *f, struct query *q, struct err *e),
           struct err *e)
{
    gboolean row = TRUE;

    for (;;) {
        enum st st = db_next(q, &row, e);
        gint64 id;

        if (st != ST_OK || !row)
            return st;
        id = db_int(q, 0);
        if (g_hash_table_contains(wanted, &id))
            st = add(f, q, e);
        if (st != ST_OK)
            return st;
    }
}

/* ---- commissions ---- */

static gboolean
asked_already(const GArray *duties, int unit)
{
    for (guint i = 0; i < duties->len; i++)
        if (g_array_index(duties, struct fact_duty, i).unit == unit)
            return TRUE;
    return FALSE;
}

/* Texts live until the query moves on; facts_add_commission() copies. */
static enum st
read_duties(struct filling *f, gint64 id, const char *number,
            GStringChunk *texts, GArray *duties, struct err *e)
{
    g_autoptr(query) q =
        db_query(f->reg, "SELECT unit, waived, waived_by, waived_note "
                         "FROM commission_unit WHERE commission = ?1 "
                         "ORDER BY position");
    gboolean row = TRUE;

    db_bind(q, 1, id);
    for (;;) {
        enum st st = db_next(q, &row, e);
        struct fact_duty d = {.waived = DAY_LAST};

        if (st != ST_OK || !row)
            return st;
        d.unit = filling_unit(f, db_peek(q, 0), number);
        if (d.unit < 0 || asked_already(duties, d.unit))
            continue;
        if (!db_is_null(q, 1)) {
            const char *note = db_peek(q, 3);

            d.waived = clock_day(f->clock, db_int(q, 1));
            d.waived_by = g_string_chunk_insert(texts, db_peek(q, 2));
            d.waived_note = note ? g_string_chunk_insert(texts, note) : NULL;
        }
        g_array_append_val(duties, d);
    }
}

static enum st
add_commission(struct filling *f, struct query *q, struct err *e)
{
    g_autoptr(GArray) duties =
        g_array_new(FALSE, FALSE, sizeof(struct fact_duty));
    g_autofree char *number =
        codes_number((int)db_int(q, 1), (int)db_int(q, 2), ISSUE_WIDTH);
    GStringChunk *texts = g_string_chunk_new(256);
    struct fact_commission c = {
        .id = db_int(q, 0),
        .number = number,
        .title = db_peek(q, 3),
        .level = db_peek(q, 4),
        .day = (civil_day)db_int(q, 5),
        .due = civil_time_at(f->clock, db_int(q, 6)),
    };
    enum st st = read_duties(f, c.id, number, texts, duties, e);

    c.duties = (const struct fact_duty *)(void *)duties->data;
    c.n_duties = (int)duties->len;
    if (st == ST_OK)
        filling_remember(f->commissions, c.id,
                         facts_add_commission(f->facts, &c));
    g_string_chunk_free(texts);
    return st;
}

enum st
filling_commissions(struct filling *f, const struct facts_scope *s,
                    struct err *e)
{
    g_autoptr(query) q =
        db_query(f->reg, "SELECT id, year, serial, title, level, day, due "
                         "FROM commission WHERE cancelled IS NULL "
                         "ORDER BY year, serial");

    return add_wanted(f, q, s->commissions, add_commission, e);
}

/* ---- incidents ---- */

static enum st
read_reports(struct filling *f, gint64 incident, GStringChunk *texts,
             GArray *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(f->reg, "SELECT id, stage, received FROM submission "
                         "WHERE incident = ?1 AND state = 'recorded' "
                         "ORDER BY received, year, serial");
    gboolean row = TRUE;

    db_bind(q, 1, incident);
    for (;;) {
        enum st st = db_next(q, &row, e);
        struct fact_report r;

        if (st != ST_OK || !row)
            return st;
        r.submission = filling_index(f->submissions, db_int(q, 0));
        r.stage = db_is_null(q, 1)
                      ? ""
                      : g_string_chunk_insert_const(texts, db_peek(q, 1));
        r.received = civil_time_at(f->clock, db_int(q, 2));
        g_array_append_val(out, r);
    }
}

static enum st
add_incident(struct filling *f, struct query *q, struct err *e)
{
    g_autoptr(GArray) list =
        g_array_new(FALSE, FALSE, sizeof(struct fact_report));
    g_autofree char *number =
        codes_number((int)db_int(q, 1), (int)db_int(q, 2), ISSUE_WIDTH);
    struct fact_incident i = {
        .id = db_int(q, 0),
        .number = number,
        .name = db_peek(q, 3),
        .unit = filling_unit(f, db_peek(q, 4), number),
        .at = civil_time_at(f->clock, db_int(q, 5)),
    };
    GStringChunk *texts;
    enum st st;

    if (i.unit < 0)
        return ST_OK;
    texts = g_string_chunk_new(64);
    st = read_reports(f, i.id, texts, list, e);
    i.reports = (const struct fact_report *)(void *)list->data;
    i.n_reports = (int)list->len;
    if (st == ST_OK)
        facts_add_incident(f->facts, &i);
    g_string_chunk_free(texts);
    return st;
}

enum st
filling_incidents(struct filling *f, const struct facts_scope *s, struct err *e)
{
    g_autoptr(query) q =
        db_query(f->reg, "SELECT id, year, serial, name, unit, happened "
                         "FROM incident WHERE cancelled IS NULL "
                         "ORDER BY year, serial");

    return add_wanted(f, q, s->incidents, add_incident, e);
}
