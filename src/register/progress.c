/* progress.c - see progress.h. */
#include "register/progress.h"

#include "register/change.h"

/* What changes no unit's submissions, adoptions or points. */
#define HARMLESS                                                               \
    "('informant', 'informant-end', 'decide', 'close', 'publish', 'note')"

enum st
reg_progress_valid(struct reg *reg, const char *basis, gboolean *valid_out,
                   struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT upto > 0 AND NOT EXISTS (SELECT 1 FROM history "
                      "WHERE id > upto AND what NOT IN " HARMLESS ") "
                      "FROM progress_state WHERE basis = ?1");
    gint64 valid = 0;
    enum st st;

    db_bind_text(q, 1, basis);
    st = db_number(q, &valid, e);
    if (st == ST_OK)
        *valid_out = valid != 0;
    return st;
}

static enum st
set_state(struct reg *reg, const char *basis, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE progress_state SET basis = coalesce(?1, basis), "
                      "upto = (SELECT coalesce(max(id), 0) FROM history) "
                      "WHERE id = 1");

    db_bind_text(q, 1, basis);
    return db_run(q, e);
}

enum st
reg_progress_reset(struct reg *reg, const char *basis, struct err *e)
{
    g_autoptr(query) q = db_query(reg, "DELETE FROM progress");
    enum st st = db_run(q, e);

    return st == ST_OK ? set_state(reg, basis, e) : st;
}

enum st
reg_progress_follow(struct reg *reg, struct err *e)
{
    return set_state(reg, NULL, e);
}

enum st
reg_progress_put(struct reg *reg, const struct period *p, const char *unit,
                 const struct progress *row, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "INSERT INTO progress (first, last, unit, submitted, adopted, "
             "points) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    db_bind(q, 1, p->from);
    db_bind(q, 2, p->to);
    db_bind_text(q, 3, unit);
    db_bind(q, 4, row->submitted);
    db_bind(q, 5, row->adopted);
    db_bind(q, 6, row->points);
    return db_run(q, e);
}

/* Few periods are kept at a time, and their rows are few. */
static enum st
periods_with(struct reg *reg, civil_day day, const char *unit, GArray *out,
             struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT first, last FROM progress "
                      "WHERE first <= ?1 AND last >= ?1 AND unit = ?2");
    gboolean row = TRUE;

    db_bind(q, 1, day);
    db_bind_text(q, 2, unit);
    for (;;) {
        enum st st = db_next(q, &row, e);
        struct period p = {0};

        if (st != ST_OK || !row)
            return st;
        p.from = (civil_day)db_int(q, 0);
        p.to = (civil_day)db_int(q, 1);
        g_array_append_val(out, p);
    }
}

static enum st
add_to(struct reg *reg, const struct period *p, const char *unit,
       const struct progress *more, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "UPDATE progress SET submitted = submitted + ?4, "
                      "adopted = adopted + ?5, points = points + ?6 "
                      "WHERE first = ?1 AND last = ?2 AND unit = ?3");

    db_bind(q, 1, p->from);
    db_bind(q, 2, p->to);
    db_bind_text(q, 3, unit);
    db_bind(q, 4, more->submitted);
    db_bind(q, 5, more->adopted);
    db_bind(q, 6, more->points);
    return db_run(q, e);
}

/* Row by row: a statement that may write several keeps a copy of each page, in
 * case that it fails in the middle (9 and 3 microseconds). */
enum st
reg_progress_add(struct reg *reg, civil_day day, const char *unit,
                 const struct progress *more, struct err *e)
{
    g_autoptr(GArray) periods =
        g_array_new(FALSE, FALSE, sizeof(struct period));
    enum st st = periods_with(reg, day, unit, periods, e);

    for (guint n = 0; st == ST_OK && n < periods->len; n++)
        st = add_to(reg, &g_array_index(periods, struct period, n), unit, more,
                    e);
    return st;
}

enum st
reg_progress_get(struct reg *reg, const struct period *p, const char *unit,
                 gboolean *there_out, struct progress *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT submitted, adopted, points FROM progress "
                      "WHERE first = ?1 AND last = ?2 AND unit = ?3");
    enum st st;

    db_bind(q, 1, p->from);
    db_bind(q, 2, p->to);
    db_bind_text(q, 3, unit);
    st = db_next(q, there_out, e);
    if (st == ST_OK && *there_out) {
        out->submitted = (int)db_int(q, 0);
        out->adopted = (int)db_int(q, 1);
        out->points = db_int(q, 2);
    }
    return st;
}
