/* ranking.c - see ranking.h. */
#include "rules/ranking.h"

#include "base/i18n.h"

#include <string.h>

GPtrArray *
score_effects(const struct score *s, enum effect effect, score_who who,
              int year, civil_day known)
{
    GPtrArray *out = score_marks(s, who, day_from_ymd(year, 1, 1),
                                 day_from_ymd(year, 12, 31), known);
    guint i = 0;

    while (i < out->len) {
        const struct score_mark *m = out->pdata[i];

        if (score_mark_effect(m) == effect)
            i++;
        else
            g_ptr_array_remove_index(out, i);
    }
    return out;
}

/* ---- who is in the table ---- */

static gboolean
ranked_class(const struct score *s, const struct pack_ranking *r, int index)
{
    const struct roster *all = score_pack(s)->roster;

    if (r->classes.n && !index_set_has(&r->classes, index))
        return FALSE;
    return index < 0 || roster_class(all, index)->standing == STANDING_RANKED;
}

/* The number that is ranked by; FALSE: a blank. */
static gboolean
rank_value(const struct pack_ranking *r, const struct measured *m,
           struct ratio *out)
{
    struct ratio hundred = ratio_make(100, 1), target;

    if (m->blank)
        return FALSE;
    *out = m->value;
    if (r->as == RANK_VALUE)
        return TRUE;
    target = m->goal ? ratio_of(m->goal->number) : RATIO_ZERO;
    if (target.num == 0)
        return FALSE;
    *out = ratio_div(ratio_mul(hundred, m->value), target);
    if (r->as == RANK_EXCESS)
        *out = ratio_sub(*out, hundred);
    return TRUE;
}

static enum st
meets(const struct score *s, const struct pack_ranking *r, score_who who,
      const struct period *p, gboolean *out, struct err *e)
{
    gboolean all = TRUE;

    for (int i = 0; i < r->requires.n; i++) {
        struct measured m;
        enum st st = score_measure(
            s, pack_measure(score_pack(s), r->requires.at[i]), who, p, &m, e);

        if (st != ST_OK)
            return st;
        all &= m.judged && m.met;
    }
    *out = all;
    return ST_OK;
}

static gboolean
is_vetoed(const struct score *s, score_who who, const struct period *p)
{
    int year, month, day;
    g_autoptr(GPtrArray) vetoes = NULL;

    day_to_ymd(p->to, &year, &month, &day);
    vetoes = score_effects(s, EFFECT_VETO, who, year, p->to);
    return vetoes->len > 0;
}

static enum st
row_add(const struct score *s, const struct pack_ranking *r, score_who who,
        const struct period *p, decimal more, GArray *rows, struct err *e)
{
    struct rank_row row = {.who = who,
                           .class_index = score_class_of(s, who, p->to)};
    struct measured m;
    gboolean met = FALSE;
    enum st st;

    if (!ranked_class(s, r, row.class_index) ||
        !score_meets(s, who, p->from, p->to))
        return ST_OK;
    st = score_measure(s, pack_measure(score_pack(s), r->by), who, p, &m, e);
    if (st == ST_OK && rank_value(r, &m, &row.value))
        st = meets(s, r, who, p, &met, e);
    if (!met)
        return st;
    row.value = ratio_add(row.value, ratio_of(more));
    if (ratio_is_beyond(row.value))
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       _("ranking %s: more than can be reckoned"), r->name);
    row.vetoed = is_vetoed(s, who, p);
    g_array_append_val(rows, row);
    return ST_OK;
}

/* ---- places ---- */

static int
compare_rows(gconstpointer a, gconstpointer b, gpointer s)
{
    const struct rank_row *x = a, *y = b;
    int c = ratio_compare(y->value, x->value);

    return c ? c : strcmp(score_who_name(s, x->who), score_who_name(s, y->who));
}

static gboolean
same_table(const struct pack_ranking *r, const struct rank_row *a,
           const struct rank_row *b)
{
    return r->classes.n > 0 || a->class_index == b->class_index;
}

/* Rows are in order: one's place is one more than how many of his table
 * stand before the first that equals him. */
struct table_place {
    int ahead;          /* of those seen so far */
    int equal;          /* how many share the last value */
    struct ratio value; /* the last one */
};

static int
place_next(struct table_place *t, struct ratio value)
{
    if (t->equal == 0 || ratio_compare(value, t->value) != 0) {
        t->ahead += t->equal;
        t->equal = 0;
        t->value = value;
    }
    t->equal++;
    return t->ahead + 1;
}

static const char *
award_of(const struct pack_ranking *r, int place)
{
    for (guint i = 0; i < r->awards->len; i++) {
        const struct pack_award *a =
            &g_array_index(r->awards, struct pack_award, i);

        if (place <= a->places)
            return a->name;
        place -= a->places;
    }
    return NULL;
}

/* Ranks over all of a table; awards go by the places among those not
 * vetoed. */
static void
place_table(const struct pack_ranking *r, GArray *rows, guint from)
{
    const struct rank_row *first = &g_array_index(rows, struct rank_row, from);
    struct table_place all = {0, 0, RATIO_ZERO}, good = {0, 0, RATIO_ZERO};

    for (guint i = from; i < rows->len; i++) {
        struct rank_row *row = &g_array_index(rows, struct rank_row, i);

        if (!same_table(r, first, row))
            continue;
        row->rank = place_next(&all, row->value);
        if (!row->vetoed)
            row->award = award_of(r, place_next(&good, row->value));
    }
}

enum st
ranking_new(const struct score *s, const struct pack_ranking *r,
            const struct period *p, const decimal *more, GArray **out,
            struct err *e)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct rank_row));

    for (int i = 0; i < score_n_credited(s); i++) {
        score_who who = score_credited(s, i);
        enum st st = row_add(s, r, who, p, more ? more[who] : 0, rows, e);

        if (st != ST_OK)
            return st;
    }
    g_array_sort_with_data(rows, compare_rows, (gpointer)s);
    for (guint i = 0; i < rows->len; i++)
        if (g_array_index(rows, struct rank_row, i).rank == 0)
            place_table(r, rows, i);
    *out = g_steal_pointer(&rows);
    return ST_OK;
}
