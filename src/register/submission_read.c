/* submission_read.c - submissions found and listed, with their units. */
#include "register/submission.h"

#include "register/codes.h"
#include "register/submission_row.h"

static const char *const states[] = {
    [SUBMISSION_RECORDED] = "recorded",
    [SUBMISSION_WITHDRAWN] = "withdrawn",
    [SUBMISSION_PURGED] = "purged",
};

const char *
reg_state_name(enum reg_state s)
{
    return states[s];
}

#define SUBMISSION_COLUMNS                                                     \
    "s.id, s.year, s.serial, s.message, s.received, s.day, s.title, "          \
    "s.submitter, s.signer, s.openness, s.phones, s.extensions, s.category, "  \
    "s.words, s.notes, s.commission, c.year, c.serial, s.incident, s.stage, "  \
    "s.remark, s.state, s.state_reason, s.version, s.file_name, d.kind, "      \
    "d.sha256, d.size FROM submission s "                                      \
    "LEFT JOIN commission c ON c.id = s.commission "                           \
    "LEFT JOIN draft d ON d.id = s.draft "

static void
read_fields(struct query *q, struct reg_submission *s)
{
    s->title = db_text(q, 6);
    s->submitter = db_text(q, 7);
    s->signer = db_text(q, 8);
    s->openness = db_text(q, 9);
    s->phones = db_text(q, 10);
    s->extensions = db_text(q, 11);
    s->category = db_text(q, 12);
    s->words = (int)db_int(q, 13);
    codes_parse(db_peek(q, 14), &s->notes);
    s->commission = db_int(q, 15);
    if (!db_is_null(q, 16))
        s->commission_number =
            codes_number((int)db_int(q, 16), (int)db_int(q, 17), ISSUE_WIDTH);
    s->incident = db_int(q, 18);
    s->stage = db_text(q, 19);
    s->remark = db_text(q, 20);
}

static gpointer
read_submission(struct query *q)
{
    struct reg_submission *s = reg_submission_new();

    s->id = db_int(q, 0);
    s->number =
        codes_number((int)db_int(q, 1), (int)db_int(q, 2), NUMBER_WIDTH);
    s->message = db_int(q, 3);
    s->received = db_int(q, 4);
    s->day = (civil_day)db_int(q, 5);
    read_fields(q, s);
    s->state = (enum reg_state)codes_index(
        states, G_N_ELEMENTS(states), db_peek(q, 21), SUBMISSION_WITHDRAWN);
    s->state_reason = db_text(q, 22);
    s->version = (int)db_int(q, 23);
    s->file_name = db_text(q, 24);
    s->file_kind = db_text(q, 25);
    s->file_sha256 = db_text(q, 26);
    s->file_size = db_int(q, 27);
    return s;
}

/* ---- units and authors ---- */

static enum st
add_credits(struct reg *reg, struct reg_submission *s, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT unit, share FROM credit WHERE submission = ?1 "
                      "ORDER BY position");
    gboolean row = TRUE;

    db_bind(q, 1, s->id);
    for (;;) {
        enum st st = db_next(q, &row, e);

        if (st != ST_OK || !row)
            return st;
        g_ptr_array_add(s->credits,
                        reg_credit_new(db_peek(q, 0), db_int(q, 1)));
    }
}

static enum st
add_authors(struct reg *reg, struct reg_submission *s, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT name FROM author WHERE submission = ?1 "
                      "ORDER BY position");
    gboolean row = TRUE;

    db_bind(q, 1, s->id);
    for (;;) {
        enum st st = db_next(q, &row, e);

        if (st != ST_OK || !row)
            return st;
        g_ptr_array_add(s->authors, db_text(q, 0));
    }
}

static enum st
one(struct reg *reg, struct query *q, struct reg_submission **out,
    struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    gpointer row = NULL;
    enum st st = db_one(q, read_submission, &row, e);

    s = row;
    if (st == ST_OK && s)
        st = add_credits(reg, s, e);
    if (st == ST_OK && s)
        st = add_authors(reg, s, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&s);
    return st;
}

static enum st
list(struct reg *reg, struct query *q, GPtrArray **out, struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    enum st st = db_list(q, read_submission,
                         (GDestroyNotify)reg_submission_free, &all, e);

    for (guint i = 0; st == ST_OK && i < all->len; i++) {
        st = add_credits(reg, all->pdata[i], e);
        if (st == ST_OK)
            st = add_authors(reg, all->pdata[i], e);
    }
    if (st == ST_OK)
        *out = g_steal_pointer(&all);
    return st;
}

/* ---- finding ---- */

enum st
reg_submission_get(struct reg *reg, gint64 id, struct reg_submission **out,
                   struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT " SUBMISSION_COLUMNS "WHERE s.id = ?1");

    db_bind(q, 1, id);
    return one(reg, q, out, e);
}

enum st
reg_submission_find(struct reg *reg, const char *number,
                    struct reg_submission **out, struct err *e)
{
    g_autoptr(query) q = NULL;
    int year = 0, serial = 0;

    if (!codes_number_parse(number, &year, &serial)) {
        *out = NULL;
        return ST_OK;
    }
    q = db_query(reg, "SELECT " SUBMISSION_COLUMNS
                      "WHERE s.year = ?1 AND s.serial = ?2");
    db_bind(q, 1, year);
    db_bind(q, 2, serial);
    return one(reg, q, out, e);
}

enum st
reg_submissions(struct reg *reg, civil_day from, civil_day to, GPtrArray **out,
                struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT " SUBMISSION_COLUMNS
             "WHERE s.day >= ?1 AND s.day <= ?2 ORDER BY s.year, s.serial");

    db_bind(q, 1, from);
    db_bind(q, 2, to);
    return list(reg, q, out, e);
}

enum st
reg_submission_count(struct reg *reg, const char *unit, civil_day from,
                     civil_day to, int *out, struct err *e)
{
    g_autoptr(query) q =
        db_query(reg, "SELECT count(*) FROM submission s "
                      "JOIN credit c ON c.submission = s.id AND c.unit = ?1 "
                      "WHERE s.day BETWEEN ?2 AND ?3 AND s.state = 'recorded'");
    gint64 n = 0;
    enum st st;

    db_bind_text(q, 1, unit);
    db_bind(q, 2, from);
    db_bind(q, 3, to);
    st = db_number(q, &n, e);
    *out = (int)n;
    return st;
}

/* By the numbers' own index: a page costs what it holds.  The year of a
 * number is that of the day of receipt. */
enum st
reg_submissions_page(struct reg *reg, civil_day from, civil_day to,
                     const struct reg_submission *last, int limit,
                     GPtrArray **out, struct err *e)
{
    g_autoptr(query) q = db_query(
        reg, "SELECT " SUBMISSION_COLUMNS
             "WHERE (s.year, s.serial) > (?1, ?2) AND +s.day BETWEEN ?3 AND "
             "?4 AND s.year <= ?5 ORDER BY s.year, s.serial LIMIT ?6");
    int year = 0, serial = 0, last_year = 0, month, day;

    day_to_ymd(from, &year, &month, &day);
    day_to_ymd(to, &last_year, &month, &day);
    if (last)
        codes_number_parse(last->number, &year, &serial);
    db_bind(q, 1, year);
    db_bind(q, 2, serial);
    db_bind(q, 3, from);
    db_bind(q, 4, to);
    db_bind(q, 5, last_year);
    db_bind(q, 6, limit);
    return list(reg, q, out, e);
}

enum st
row_need(struct reg *reg, gint64 id, struct reg_submission **out, struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    enum st st = reg_submission_get(reg, id, &s, e);

    if (st != ST_OK)
        return st;
    if (!s)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       "there is no submission %" G_GINT64_FORMAT, id);
    if (s->state == SUBMISSION_PURGED)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA, "%s was purged", s->number);
    *out = g_steal_pointer(&s);
    return ST_OK;
}
