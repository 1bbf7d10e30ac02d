/* standings.c - see standings.h. */
#include "rules/standings_state.h"

#include <string.h>

#define ADOPTED "采用"
#define ADOPTED_MEASURE "采用数"

gboolean
pack_is_adoption(const struct pack *p, const struct pack_item *item)
{
    const struct pack_measure *m = pack_find_measure(p, ADOPTED_MEASURE);

    if (m && m->kind == MEASURE_COUNT)
        return index_set_has(&m->items, item->index);
    if (strstr(item->name, ADOPTED))
        return TRUE;
    for (int g = item->group; g >= 0; g = pack_group(p, g)->group)
        if (strstr(pack_group(p, g)->name, ADOPTED))
            return TRUE;
    return FALSE;
}

gboolean
pack_is_points(const struct pack *p, const struct pack_item *item)
{
    return item->root >= 0 && !pack_group(p, item->root)->currency;
}

gboolean
pack_has_points(const struct pack *p)
{
    for (guint n = 0; n < p->items->len; n++)
        if (pack_is_points(p, pack_item(p, (int)n)))
            return TRUE;
    return FALSE;
}

void
standing_adjustment_free(void *data)
{
    struct standing_adjustment *a = data;

    g_free(a->number);
    g_free(a);
}

static void
row_free(void *data)
{
    struct standing_row *r = data;

    g_ptr_array_unref(r->adjustments);
    g_free(r->counts);
    g_array_unref(r->targets);
    g_free(r);
}

void
standings_free(struct standings *t)
{
    if (!t)
        return;
    g_ptr_array_unref(t->rows);
    g_array_unref(t->tables);
    g_hash_table_unref(t->by_who);
    g_free(t);
}

/* ---- counting ---- */

static gboolean
is_credited(const struct score_mark *m, score_who who)
{
    for (int n = 0; n < m->n_who; n++)
        if (m->who[n].who == who)
            return TRUE;
    return FALSE;
}

static void
count_marks(const struct standings *t, struct standing_row *r)
{
    const struct pack *p = score_pack(t->score);
    g_autoptr(GPtrArray) marks = score_marks(t->score, r->who, t->period.from,
                                             t->period.to, t->period.to);
    g_autoptr(GHashTable) adopted = g_hash_table_new(NULL, NULL);

    for (guint n = 0; n < marks->len; n++) {
        const struct score_mark *m = g_ptr_array_index(marks, n);

        if (!is_credited(m, r->who))
            continue;
        r->counts[m->item->index] += ratio_round(m->quantity, DECIMAL_PLACES);
        if (m->submission >= 0 && pack_is_adoption(p, m->item))
            g_hash_table_add(adopted, GINT_TO_POINTER(m->submission + 1));
    }
    r->adopted = (int)g_hash_table_size(adopted);
}

static gboolean
in_period(const struct standings *t, civil_day d)
{
    return d >= t->period.from && d <= t->period.to;
}

static void
credit_submission(struct standings *t, score_who who, int submission)
{
    struct standing_row *r =
        g_hash_table_lookup(t->by_who, GINT_TO_POINTER(who + 1));

    /* once, also when two of its units are credited to the same */
    if (r && r->last_submission != submission + 1) {
        r->last_submission = submission + 1;
        r->submitted++;
    }
}

static void
count_submissions(struct standings *t)
{
    const struct facts *f = score_facts(t->score);
    const struct pack *p = score_pack(t->score);
    int people = (int)p->roster->units->len;

    for (guint k = 0; k < f->submissions->len; k++) {
        const struct fact_submission *s = facts_submission(f, (int)k);

        if (!in_period(t, s->day))
            continue;
        t->received++;
        for (int n = 0; p->credit == CREDIT_AUTHORS && n < s->n_authors; n++)
            credit_submission(t, people + s->authors[n], (int)k);
        for (int n = 0; p->credit == CREDIT_UNITS && n < s->n_units; n++)
            credit_submission(t,
                              roster_credit(p->roster,
                                            roster_unit(p->roster, s->units[n]),
                                            s->day),
                              (int)k);
    }
}

/* Of the office as a whole: also of units that are credited to nobody. */
static void
count_adopted(struct standings *t)
{
    const struct facts *f = score_facts(t->score);
    const struct pack *p = score_pack(t->score);
    g_autoptr(GHashTable) adopted = g_hash_table_new(NULL, NULL);

    for (guint k = 0; k < f->marks->len; k++) {
        const struct fact_mark *m = facts_mark(f, (int)k);
        const struct pack_item *item = pack_find_item(p, m->item);

        if (item && in_period(t, m->day) && m->submission >= 0 &&
            pack_is_adoption(p, item))
            g_hash_table_add(adopted, GINT_TO_POINTER(m->submission + 1));
    }
    t->adopted = (int)g_hash_table_size(adopted);
}

/* ---- targets ---- */

static enum st
add_target(const struct standings *t, struct standing_row *r,
           const struct pack_measure *m, const struct period *p, struct err *e)
{
    struct measured v = {0};
    struct standing_target target = {.measure = m, .period = *p};
    enum st st = score_measure(t->score, m, r->who, p, &v, e);

    if (st != ST_OK || !v.goal)
        return st;
    target.goal = v.goal;
    target.blank = v.blank;
    target.actual = v.value;
    target.judged = v.judged;
    target.met = v.met;
    g_array_append_val(r->targets, target);
    return ST_OK;
}

/* The judged periods that end within this one, and the one that is running
 * when none does. */
static enum st
add_targets(const struct standings *t, struct standing_row *r, struct err *e)
{
    const struct pack *rules = score_pack(t->score);
    const struct calendar *cal = score_calendar(t->score);
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < rules->measures->len; n++) {
        const struct pack_measure *m = pack_measure(rules, (int)n);
        struct period p;

        if (m->per == PERIOD_NONE)
            continue;
        p = period_at(cal, m->per, t->period.from);
        if (p.to > t->period.to)
            st = add_target(t, r, m, &p, e);
        for (; st == ST_OK && p.to <= t->period.to; p = period_next(cal, &p))
            st = add_target(t, r, m, &p, e);
    }
    return st;
}

/* ---- ranks ---- */

/* The pack's own ranking for periods of this kind. */
static const struct pack_ranking *
ranking_for(const struct pack *p, enum period_kind kind)
{
    for (guint n = 0; n < p->rankings->len; n++) {
        const struct pack_ranking *r = g_ptr_array_index(p->rankings, n);

        if (r->per == kind && r->as == RANK_VALUE && r->requires.n == 0)
            return r;
    }
    return NULL;
}

static gboolean
is_ranked(const struct standings *t, const struct standing_row *r)
{
    const struct roster *units = score_pack(t->score)->roster;

    return r->class_index >= 0 &&
           roster_class(units, r->class_index)->standing == STANDING_RANKED;
}

/* Within the class, by points and adjustment; equals share a rank. */
static void
rank_by_points(struct standings *t)
{
    for (guint n = 0; n < t->rows->len; n++) {
        struct standing_row *r = g_ptr_array_index(t->rows, n);

        r->rank = is_ranked(t, r) && !r->gone ? 1 : 0;
        if (!r->rank)
            continue;
        for (guint k = 0; k < t->rows->len; k++) {
            const struct standing_row *o = g_ptr_array_index(t->rows, k);

            if (o->class_index == r->class_index && !o->gone &&
                o->points + o->adjustment > r->points + r->adjustment)
                r->rank++;
        }
    }
}

/* In points: what was corrected then belongs to what it ranks by. */
static gboolean
ranks_points(const struct pack *p, const struct pack_ranking *r)
{
    const struct pack_measure *m = pack_measure(p, r->by);

    return m->kind == MEASURE_POINTS &&
           g_strv_contains((const char *const *)m->names, "all");
}

static decimal *
adjustments_by_who(const struct standings *t)
{
    decimal *out = g_new0(decimal, score_n_who(t->score) + 1);

    for (guint n = 0; n < t->rows->len; n++) {
        const struct standing_row *r = g_ptr_array_index(t->rows, n);

        out[r->who] = r->adjustment;
    }
    return out;
}

static void
table_clear(void *data)
{
    g_array_unref(((struct standing_table *)data)->rows);
}

static enum st
make_tables(struct standings *t, struct err *e)
{
    const struct pack *p = score_pack(t->score);
    g_autofree decimal *adjusted = adjustments_by_who(t);
    enum st st = ST_OK;

    g_array_set_size(t->tables, 0);
    for (guint n = 0; st == ST_OK && n < p->rankings->len; n++) {
        struct standing_table table = {g_ptr_array_index(p->rankings, n), NULL};
        gboolean more = t->ranking && table.ranking == t->ranking &&
                        ranks_points(p, t->ranking);

        if (table.ranking->per != t->period.kind)
            continue;
        st = ranking_new(t->score, table.ranking, &t->period,
                         more ? adjusted : NULL, &table.rows, e);
        if (st == ST_OK)
            g_array_append_val(t->tables, table);
    }
    return st;
}

/* The table's own ranks are those of one of them. */
static void
rank_by_pack(struct standings *t)
{
    const GArray *ranks = NULL;

    for (guint n = 0; n < t->tables->len; n++)
        if (g_array_index(t->tables, struct standing_table, n).ranking ==
            t->ranking)
            ranks = g_array_index(t->tables, struct standing_table, n).rows;
    for (guint n = 0; ranks && n < ranks->len; n++) {
        const struct rank_row *rank = &g_array_index(ranks, struct rank_row, n);
        struct standing_row *r =
            g_hash_table_lookup(t->by_who, GINT_TO_POINTER(rank->who + 1));

        if (r) {
            r->rank = rank->rank;
            r->award = rank->award;
        }
    }
}

static int
by_rank(const void *a, const void *b)
{
    const struct standing_row *x = *(struct standing_row *const *)a;
    const struct standing_row *y = *(struct standing_row *const *)b;
    int rx = x->rank ? x->rank : G_MAXINT, ry = y->rank ? y->rank : G_MAXINT;

    if (x->class_index != y->class_index)
        return x->class_index < y->class_index ? -1 : 1;
    if (rx != ry)
        return rx < ry ? -1 : 1;
    return x->who < y->who ? -1 : x->who > y->who;
}

enum st
standings_rank(struct standings *t, struct err *e)
{
    enum st st = make_tables(t, e);

    if (st != ST_OK)
        return st;
    if (t->ranking)
        rank_by_pack(t);
    else
        rank_by_points(t);
    g_ptr_array_sort(t->rows, by_rank);
    return ST_OK;
}

/* ---- the table ---- */

struct standing_row *
standings_add_row(struct standings *t, score_who who)
{
    struct standing_row *r = g_new0(struct standing_row, 1);
    const struct pack *p = score_pack(t->score);
    int year, month, day;

    day_to_ymd(t->period.to, &year, &month, &day);
    r->who = who;
    r->class_index = score_class_of(t->score, who, t->period.to);
    r->gone = !score_meets(t->score, who, t->period.from, t->period.to);
    r->counts = g_new0(decimal, MAX(p->items->len, 1));
    r->adjustments = g_ptr_array_new_with_free_func(standing_adjustment_free);
    r->targets = g_array_new(FALSE, TRUE, sizeof(struct standing_target));
    r->points = score_points(t->score, NULL, who, t->period.from, t->period.to);
    r->to_date = score_points(t->score, NULL, who, day_from_ymd(year, 1, 1),
                              t->period.to);
    count_marks(t, r);
    g_ptr_array_add(t->rows, r);
    g_hash_table_insert(t->by_who, GINT_TO_POINTER(who + 1), r);
    return r;
}

/* Is something booked for him in the period? */
static gboolean
has_lines(const struct score *s, score_who who, const struct period *p)
{
    g_autoptr(GPtrArray) lines = score_lines(s, who, p->from, p->to);

    for (guint n = 0; n < lines->len; n++)
        if (((const struct score_line *)lines->pdata[n])->points != 0)
            return TRUE;
    return FALSE;
}

gboolean
standings_has(const struct score *s, score_who who, const struct period *p)
{
    int c = score_class_of(s, who, p->to);

    if (score_meets(s, who, p->from, p->to) &&
        (c < 0 || roster_class(score_pack(s)->roster, c)->standing !=
                      STANDING_UNCREDITED))
        return TRUE;
    return has_lines(s, who, p);
}

enum st
standings_new(const struct score *s, const struct period *p,
              struct standings **out, struct err *e)
{
    g_autoptr(standings) t = g_new0(struct standings, 1);
    enum st st = ST_OK;

    t->score = s;
    t->period = *p;
    t->rows = g_ptr_array_new_with_free_func(row_free);
    t->by_who = g_hash_table_new(NULL, NULL);
    t->tables = g_array_new(FALSE, FALSE, sizeof(struct standing_table));
    g_array_set_clear_func(t->tables, table_clear);
    t->ranking = ranking_for(score_pack(s), p->kind);
    for (int n = 0; st == ST_OK && n < score_n_credited(s); n++) {
        struct standing_row *r;

        if (!standings_has(s, score_credited(s, n), p))
            continue;
        r = standings_add_row(t, score_credited(s, n));
        if (!r->gone)
            st = add_targets(t, r, e);
    }
    count_submissions(t);
    count_adopted(t);
    if (st == ST_OK)
        st = standings_rank(t, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&t);
    return st;
}

const struct standing_row *
standings_of(const struct standings *t, score_who who)
{
    return g_hash_table_lookup(t->by_who, GINT_TO_POINTER(who + 1));
}

const char *
standings_key(const struct score *s, score_who who)
{
    const struct roster *units = score_pack(s)->roster;

    return who < (int)units->units->len ? roster_unit(units, who)->short_name
                                        : score_who_name(s, who);
}

const struct standing_row *
standings_of_unit(const struct standings *t, const struct unit *u)
{
    const struct roster *units = score_pack(t->score)->roster;
    const struct unit *here = roster_find(units, u->short_name);

    return here ? standings_of(t, roster_credit(units, here, t->period.to))
                : NULL;
}

decimal
standing_amount(const struct standings *t, const struct standing_row *r,
                const char *currency)
{
    decimal sum = score_currency(t->score, currency, r->who, t->period.from,
                                 t->period.to);

    for (guint n = 0; n < r->adjustments->len; n++) {
        const struct standing_adjustment *a =
            g_ptr_array_index(r->adjustments, n);

        if (g_strcmp0(a->currency, currency) == 0)
            sum += a->points;
    }
    return sum;
}
