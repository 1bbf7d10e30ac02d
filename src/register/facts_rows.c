/* facts_rows.c - submissions and marks as facts. */
#include "register/facts_fill.h"

#include "draft/openness.h"
#include "register/codes.h"

/* ---- submissions ---- */

struct parties {     /* who a submission is from */
    GArray *units;   /* of int */
    GArray *shares;  /* of decimal */
    GArray *authors; /* of int */
    gboolean stated; /* a share was */
};

static void
parties_clear(struct parties *p)
{
    g_array_unref(p->units);
    g_array_unref(p->shares);
    g_array_unref(p->authors);
}
typedef struct parties parties;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(parties, parties_clear)

static enum st
read_units(struct filling *f, gint64 submission, const char *number,
           struct parties *p, struct err *e)
{
    g_autoptr(query) q =
        db_query(f->reg, "SELECT unit, share FROM credit "
                         "WHERE submission = ?1 ORDER BY position");
    gboolean row = TRUE;

    db_bind(q, 1, submission);
    for (;;) {
        enum st st = db_next(q, &row, e);
        decimal share;
        int unit;

        if (st != ST_OK || !row)
            return st;
        unit = filling_unit(f, db_peek(q, 0), number);
        if (unit < 0)
            continue;
        share = db_int(q, 1);
        p->stated = p->stated || share != 0;
        g_array_append_val(p->units, unit);
        g_array_append_val(p->shares, share);
    }
}

static enum st
read_authors(struct filling *f, gint64 submission, struct parties *p,
             struct err *e)
{
    g_autoptr(query) q = db_query(f->reg, "SELECT name FROM author "
                                          "WHERE submission = ?1 "
                                          "ORDER BY position");
    int unit = p->units->len ? g_array_index(p->units, int, 0) : -1;
    gboolean row = TRUE;

    db_bind(q, 1, submission);
    for (;;) {
        enum st st = db_next(q, &row, e);
        int person;

        if (st != ST_OK || !row)
            return st;
        person = facts_add_person(f->facts, db_peek(q, 0), unit);
        g_array_append_val(p->authors, person);
    }
}

static enum st
read_parties(struct filling *f, gint64 submission, const char *number,
             struct parties *p, struct err *e)
{
    enum st st = read_units(f, submission, number, p, e);

    if (st == ST_OK && f->pack->credit == CREDIT_AUTHORS)
        st = read_authors(f, submission, p, e);
    return st;
}

static enum st
add_submission(struct filling *f, const struct scope_submission *s,
               struct err *e)
{
    g_autofree char *number = codes_number(s->year, s->serial, NUMBER_WIDTH);
    g_auto(parties) p = {g_array_new(FALSE, FALSE, sizeof(int)),
                         g_array_new(FALSE, FALSE, sizeof(decimal)),
                         g_array_new(FALSE, FALSE, sizeof(int)), FALSE};
    enum st st = read_parties(f, s->id, number, &p, e);
    struct fact_submission out = {
        .id = s->id,
        .number = number,
        .title = s->title,
        .day = s->day,
        .received = civil_time_at(f->clock, s->received),
        .units = (const int *)(void *)p.units->data,
        .n_units = (int)p.units->len,
        .shares = p.stated ? (const decimal *)(void *)p.shares->data : NULL,
        .authors = (const int *)(void *)p.authors->data,
        .n_authors = (int)p.authors->len,
        .form = s->category ? pack_find_form(f->pack, s->category) : -1,
        .words = s->words,
        .commission = filling_index(f->commissions, s->commission),
        .withheld = openness_is_restricted(s->openness),
    };

    if (st == ST_OK)
        filling_remember(f->submissions, s->id,
                         facts_add_submission(f->facts, &out));
    return st;
}

enum st
filling_submissions(struct filling *f, const struct facts_scope *s,
                    struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; st == ST_OK && i < s->submissions->len; i++)
        st = add_submission(f, s->submissions->pdata[i], e);
    return st;
}

/* ---- marks ---- */

/* A unit that left the roster takes its own marks along, not those of the
 * submission that it had a part in. */
static gboolean
read_mark(struct filling *f, struct query *q, struct fact_mark *out)
{
    gint64 submission = db_int(q, 3);
    struct fact_mark m = {
        .id = db_int(q, 0),
        .item = db_peek(q, 1),
        .day = (civil_day)db_int(q, 2),
        .submission = filling_index(f->submissions, submission),
        .unit = -1,
        .quantity = db_int(q, 5),
        .has_amount = !db_is_null(q, 6),
        .amount = db_int(q, 6),
        .by = db_peek(q, 7),
        .note = db_peek(q, 8),
    };

    if (submission && m.submission < 0)
        return FALSE;
    if (!db_is_null(q, 4)) {
        m.unit = filling_unit(f, db_peek(q, 4), m.item);
        if (m.unit < 0)
            return FALSE;
    }
    *out = m;
    return TRUE;
}

#define MARKS                                                                  \
    "SELECT id, item, day, submission, unit, quantity, amount, who, note "     \
    "FROM mark WHERE revoked IS NULL "

struct marks {    /* read in any order */
    GArray *list; /* of struct fact_mark */
    GStringChunk *texts;
};

static const char *
keep_text(struct marks *m, const char *text)
{
    return text ? g_string_chunk_insert_const(m->texts, text) : NULL;
}

static enum st
read_marks(struct filling *f, struct query *q, struct marks *out, struct err *e)
{
    gboolean row = TRUE;

    for (;;) {
        enum st st = db_next(q, &row, e);
        struct fact_mark m;

        if (st != ST_OK || !row)
            return st;
        if (!read_mark(f, q, &m))
            continue;
        m.item = keep_text(out, m.item);
        m.by = keep_text(out, m.by);
        m.note = keep_text(out, m.note);
        g_array_append_val(out->list, m);
    }
}

static enum st
marks_dated(struct filling *f, civil_day from, civil_day to, struct marks *out,
            struct err *e)
{
    g_autoptr(query) q = db_query(f->reg, MARKS "AND day BETWEEN ?1 AND ?2");

    db_bind(q, 1, from);
    db_bind(q, 2, to);
    return read_marks(f, q, out, e);
}

/* Of a submission in scope every mark counts, whatever its day. */
static enum st
marks_beside(struct filling *f, const struct facts_scope *s, civil_day from,
             civil_day to, struct marks *out, struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; st == ST_OK && i < s->submissions->len; i++) {
        const struct scope_submission *sub = s->submissions->pdata[i];
        g_autoptr(query) q = db_query(
            f->reg, MARKS "AND submission = ?3 AND (day < ?1 OR day > ?2)");

        db_bind(q, 1, from);
        db_bind(q, 2, to);
        db_bind(q, 3, sub->id);
        st = read_marks(f, q, out, e);
    }
    return st;
}

static gint
compare_marks(gconstpointer a, gconstpointer b)
{
    const struct fact_mark *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

enum st
filling_marks(struct filling *f, const struct facts_scope *s, civil_day from,
              civil_day to, struct err *e)
{
    struct marks m = {g_array_new(FALSE, FALSE, sizeof(struct fact_mark)),
                      g_string_chunk_new(4096)};
    enum st st = marks_dated(f, from, to, &m, e);

    if (st == ST_OK)
        st = marks_beside(f, s, from, to, &m, e);
    g_array_sort(m.list, compare_marks);
    for (guint i = 0; st == ST_OK && i < m.list->len; i++)
        facts_add_mark(f->facts, &g_array_index(m.list, struct fact_mark, i));
    g_array_unref(m.list);
    g_string_chunk_free(m.texts);
    return st;
}
