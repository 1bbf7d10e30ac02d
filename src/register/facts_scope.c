/* facts_scope.c - see facts_scope.h. */
#include "register/facts_scope.h"

static void
submission_free(struct scope_submission *s)
{
    g_free(s->title);
    g_free(s->category);
    g_free(s->stage);
    g_free(s->openness);
    g_free(s);
}

static GHashTable *
id_set(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

struct facts_scope *
scope_new(void)
{
    struct facts_scope *s = g_new0(struct facts_scope, 1);

    s->submissions =
        g_ptr_array_new_with_free_func((GDestroyNotify)submission_free);
    s->commissions = id_set();
    s->incidents = id_set();
    s->known = id_set();
    return s;
}

void
scope_free(struct facts_scope *s)
{
    if (!s)
        return;
    g_ptr_array_unref(s->submissions);
    g_hash_table_unref(s->commissions);
    g_hash_table_unref(s->incidents);
    g_hash_table_unref(s->known);
    g_free(s);
}

/* TRUE when it was not there. */
static gboolean
add_id(GHashTable *set, gint64 id)
{
    if (id == 0 || g_hash_table_contains(set, &id))
        return FALSE;
    return g_hash_table_add(set, g_memdup2(&id, sizeof id));
}

#define SCOPE_COLUMNS                                                           \
    "s.id, s.year, s.serial, s.received, s.day, s.title, s.category, "          \
    "s.words, s.commission, s.incident, s.stage, s.openness FROM submission s " \
    "WHERE s.state = 'recorded' "

static void
take(struct query *q, struct facts_scope *sc)
{
    struct scope_submission *s;

    if (!add_id(sc->known, db_int(q, 0)))
        return;
    s = g_new0(struct scope_submission, 1);
    s->id = db_int(q, 0);
    s->year = (int)db_int(q, 1);
    s->serial = (int)db_int(q, 2);
    s->received = db_int(q, 3);
    s->day = (civil_day)db_int(q, 4);
    s->title = db_text(q, 5);
    s->category = db_text(q, 6);
    s->words = (int)db_int(q, 7);
    s->commission = db_int(q, 8);
    s->incident = db_int(q, 9);
    s->stage = db_text(q, 10);
    s->openness = db_text(q, 11);
    g_ptr_array_add(sc->submissions, s);
}

static enum st
take_all(struct query *q, struct facts_scope *sc, struct err *e)
{
    gboolean row = TRUE;

    for (;;) {
        enum st st = db_next(q, &row, e);

        if (st != ST_OK || !row)
            return st;
        take(q, sc);
    }
}

static enum st
submissions_of(struct reg *reg, struct facts_scope *sc, const char *sql,
               gint64 id, struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);

    db_bind(q, 1, id);
    return take_all(q, sc, e);
}

static enum st
ids_of(struct reg *reg, GHashTable *set, const char *sql, gint64 a, gint64 b,
       struct err *e)
{
    g_autoptr(query) q = db_query(reg, sql);
    gboolean row = TRUE;

    db_bind(q, 1, a);
    db_bind(q, 2, b);
    for (;;) {
        enum st st = db_next(q, &row, e);

        if (st != ST_OK || !row)
            return st;
        add_id(set, db_int(q, 0));
    }
}

static enum st
roots(struct reg *reg, struct facts_scope *s, civil_day from, civil_day to,
      gint64 due_from, gint64 due_to, struct err *e)
{
    g_autoptr(query) marked = db_query(
        reg, "SELECT " SCOPE_COLUMNS "AND s.id IN (SELECT k.submission "
             "FROM mark k WHERE k.day BETWEEN ?1 AND ?2)");
    g_autoptr(query) dated =
        db_query(reg, "SELECT " SCOPE_COLUMNS "AND s.day BETWEEN ?1 AND ?2");
    enum st st;

    db_bind(marked, 1, from);
    db_bind(marked, 2, to);
    db_bind(dated, 1, from);
    db_bind(dated, 2, to);
    st = take_all(dated, s, e);
    if (st == ST_OK)
        st = take_all(marked, s, e);
    if (st == ST_OK)
        st = ids_of(reg, s->commissions,
                    "SELECT id FROM commission WHERE cancelled IS NULL "
                    "AND day BETWEEN ?1 AND ?2",
                    from, to, e);
    if (st == ST_OK)
        st = ids_of(reg, s->commissions,
                    "SELECT id FROM commission WHERE cancelled IS NULL "
                    "AND due >= ?1 AND due < ?2",
                    due_from, due_to, e);
    if (st == ST_OK)
        st = ids_of(reg, s->incidents,
                    "SELECT id FROM incident WHERE cancelled IS NULL "
                    "AND day BETWEEN ?1 AND ?2",
                    from, to, e);
    return st;
}

/* ---- closing it ---- */

static gint
compare_ids(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

    return (x > y) - (x < y);
}

GArray *
scope_ids(GHashTable *set)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(gint64));
    GHashTableIter it;
    gpointer id;

    g_hash_table_iter_init(&it, set);
    while (g_hash_table_iter_next(&it, &id, NULL))
        g_array_append_vals(out, id, 1);
    g_array_sort(out, compare_ids);
    return out;
}

static enum st
answers(struct reg *reg, struct facts_scope *s, gint64 commission,
        struct err *e)
{
    return submissions_of(
        reg, s, "SELECT " SCOPE_COLUMNS "AND s.commission = ?1", commission, e);
}

static enum st
reports(struct reg *reg, struct facts_scope *s, gint64 incident, struct err *e)
{
    return submissions_of(reg, s, "SELECT " SCOPE_COLUMNS "AND s.incident = ?1",
                          incident, e);
}

/* Each submission is looked at once; what it brings is appended behind it. */
static enum st
follow_submissions(struct reg *reg, struct facts_scope *s, struct err *e)
{
    enum st st = ST_OK;

    for (guint i = 0; st == ST_OK && i < s->submissions->len; i++) {
        const struct scope_submission *sub = s->submissions->pdata[i];

        if (add_id(s->commissions, sub->commission))
            st = answers(reg, s, sub->commission, e);
        if (st == ST_OK && add_id(s->incidents, sub->incident))
            st = reports(reg, s, sub->incident, e);
    }
    return st;
}

static enum st
follow_roots(struct reg *reg, struct facts_scope *s, struct err *e)
{
    g_autoptr(GArray) commissions = scope_ids(s->commissions);
    g_autoptr(GArray) incidents = scope_ids(s->incidents);
    enum st st = ST_OK;

    for (guint i = 0; st == ST_OK && i < commissions->len; i++)
        st = answers(reg, s, g_array_index(commissions, gint64, i), e);
    for (guint i = 0; st == ST_OK && i < incidents->len; i++)
        st = reports(reg, s, g_array_index(incidents, gint64, i), e);
    return st;
}

static gint
compare_numbers(gconstpointer a, gconstpointer b)
{
    const struct scope_submission *x = *(gpointer const *)a;
    const struct scope_submission *y = *(gpointer const *)b;

    return x->year != y->year
               ? (x->year > y->year) - (x->year < y->year)
               : (x->serial > y->serial) - (x->serial < y->serial);
}

enum st
scope_fill(struct reg *reg, struct facts_scope *s, civil_day from, civil_day to,
           gint64 due_from, gint64 due_to, struct err *e)
{
    enum st st = roots(reg, s, from, to, due_from, due_to, e);

    if (st == ST_OK)
        st = follow_roots(reg, s, e);
    if (st == ST_OK)
        st = follow_submissions(reg, s, e);
    g_ptr_array_sort(s->submissions, compare_numbers);
    return st;
}

enum st
scope_fill_one(struct reg *reg, struct facts_scope *s, gint64 submission,
               struct err *e)
{
    return submissions_of(reg, s, "SELECT " SCOPE_COLUMNS "AND s.id = ?1",
                          submission, e);
}
