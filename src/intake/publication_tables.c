/* publication_tables.c - the tables of a bulletin: classes with their rows,
 * rankings, tasks. */
#include "intake/publication_fill.h"

#include <string.h>

const char *
fill_who_name(const struct filling *f, score_who who)
{
    if (who < (int)f->pack->roster->units->len)
        return roster_unit(f->pack->roster, who)->name;
    return score_who_name(f->score, who);
}

const char *
fill_group(const struct pack *p, const struct pack_item *item)
{
    int g = item->group;

    if (g < 0)
        return NULL;
    while (pack_group(p, g)->group >= 0 &&
           pack_group(p, pack_group(p, g)->group)->group >= 0)
        g = pack_group(p, g)->group;
    return pack_group(p, g)->name;
}

const char *
fill_title(const struct fact_submission *s)
{
    return s->withheld ? NULL : s->title;
}

gboolean
fill_is_shown(const struct filling *f, const struct standing_row *r)
{
    return r->class_index < 0 ||
           roster_class(f->pack->roster, r->class_index)->standing !=
               STANDING_HIDDEN;
}

/* ---- columns ---- */

/* What a target made (季度达标) stands in the column of the task. */
static gboolean
is_result(const struct pack_item *item)
{
    return item->group < 0 && item->when >= WHEN_MET &&
           item->when <= WHEN_PROGRESS;
}

static void
fill_currencies(struct filling *f)
{
    for (guint n = 0; n < f->pack->groups->len; n++) {
        const struct pack_group *g = pack_group(f->pack, (int)n);
        gboolean again = FALSE;

        if (!g->currency || g->root != g->index)
            continue;
        for (guint k = 0; k < f->b->currencies->len; k++)
            again |= g_str_equal(f->b->currencies->pdata[k], g->currency);
        if (!again)
            bulletin_add_currency(f->b, g->currency);
    }
}

/* Those of this kind of period; the one by which the table itself is ranked
 * has no columns of its own. */
void
fill_rankings(struct filling *f)
{
    const GArray *tables = f->t->tables;

    f->rankings = g_array_new(FALSE, FALSE, sizeof(struct filled_ranking));
    for (guint n = 0; n < tables->len; n++) {
        const struct standing_table *t =
            &g_array_index(tables, struct standing_table, n);
        struct filled_ranking filled = {t->ranking, t->rows, -1};

        if (t->ranking != f->t->ranking) {
            struct bulletin_ranking column = {t->ranking->name,
                                              t->ranking->as != RANK_VALUE};

            filled.column = (int)bulletin_add_ranking(f->b, &column);
        }
        g_array_append_val(f->rankings, filled);
    }
}

/* ---- rows ---- */

static void
fill_places(struct filling *f, struct bulletin_row *row, score_who who)
{
    for (guint n = 0; n < f->rankings->len; n++) {
        const struct filled_ranking *r =
            &g_array_index(f->rankings, struct filled_ranking, n);

        for (guint k = 0; r->column >= 0 && k < r->rows->len; k++) {
            const struct rank_row *place =
                &g_array_index(r->rows, struct rank_row, k);

            if (place->who == who)
                row->places[r->column] = (struct bulletin_place){
                    place->rank, ratio_round(place->value, f->pack->decimals),
                    bulletin_copy(f->b, place->award)};
        }
    }
}

/* The unit of a person. */
static const char *
unit_of_person(const struct filling *f, score_who who)
{
    int units = (int)f->pack->roster->units->len, unit;

    if (who < units)
        return NULL;
    unit = facts_person(f->facts, who - units)->unit;
    return unit < 0 ? NULL : roster_unit(f->pack->roster, unit)->name;
}

static void
fill_row(struct filling *f, struct bulletin_class *c,
         const struct standing_row *r)
{
    struct bulletin_row *row =
        bulletin_add_row(f->b, c, fill_who_name(f, r->who));

    row->of = bulletin_copy(f->b, unit_of_person(f, r->who));
    row->rank = r->rank;
    row->gone = r->gone;
    row->submitted = r->submitted;
    row->adopted = r->adopted;
    for (guint n = 0; n < f->pack->items->len; n++)
        row->counts[n] =
            is_result(pack_item(f->pack, (int)n)) ? 0 : r->counts[n];
    row->points = r->points;
    row->adjustment = r->adjustment;
    row->to_date = r->to_date;
    for (guint n = 0; n < f->b->currencies->len; n++)
        row->amounts[n] = standing_amount(f->t, r, f->b->currencies->pdata[n]);
    fill_places(f, row, r->who);
}

/* ---- who is credited nothing ---- */

static gboolean
is_of(const struct filling *f, const struct fact_submission *s, int unit)
{
    for (int n = 0; n < s->n_units; n++)
        if (roster_unit(f->pack->roster, s->units[n])->credit_to == unit)
            return TRUE;
    return FALSE;
}

static gboolean
in_period(const struct filling *f, civil_day d)
{
    return d >= f->t->period.from && d <= f->t->period.to;
}

static void
count_uncredited_marks(const struct filling *f, struct bulletin_row *row,
                       int unit)
{
    g_autoptr(GHashTable) adopted = g_hash_table_new(NULL, NULL);

    for (guint n = 0; n < f->facts->marks->len; n++) {
        const struct fact_mark *m = facts_mark(f->facts, (int)n);
        const struct pack_item *item = pack_find_item(f->pack, m->item);
        gboolean ours =
            m->unit >= 0
                ? roster_unit(f->pack->roster, m->unit)->credit_to == unit
                : is_of(f, facts_submission(f->facts, m->submission), unit);

        if (!item || !ours || !in_period(f, m->day))
            continue;
        row->counts[item->index] += m->quantity;
        if (m->submission >= 0 && pack_is_adoption(f->pack, item))
            g_hash_table_add(adopted, GINT_TO_POINTER(m->submission + 1));
    }
    row->adopted = g_hash_table_size(adopted);
}

/* The office's own: counted in the totals, credited to nobody, and so in no
 * standings. */
static void
fill_uncredited(struct filling *f, struct bulletin_class *c, int class_index)
{
    const struct roster *all = f->pack->roster;
    civil_day to = f->t->period.to;

    for (guint n = 0; n < all->units->len; n++) {
        const struct unit *u = roster_unit(all, (int)n);
        struct bulletin_row *row;

        if (u->credit_to != u->index || unit_class_on(u, to) != class_index ||
            !unit_spans(u, to, to))
            continue;
        row = bulletin_add_row(f->b, c, u->name);
        for (guint k = 0; k < f->facts->submissions->len; k++) {
            const struct fact_submission *s =
                facts_submission(f->facts, (int)k);

            if (in_period(f, s->day) && is_of(f, s, u->index))
                row->submitted++;
        }
        count_uncredited_marks(f, row, u->index);
    }
}

/* ---- classes ---- */

static enum bulletin_standing
printed_standing(enum standing s)
{
    switch (s) {
    case STANDING_RANKED:
        return BULLETIN_RANKED;
    case STANDING_LISTED:
        return BULLETIN_LISTED;
    case STANDING_UNCREDITED:
        return BULLETIN_UNCREDITED;
    case STANDING_HIDDEN:
        return BULLETIN_HIDDEN;
    }
    g_assert_not_reached();
}

static void
fill_class(struct filling *f, const struct unit_class *k)
{
    struct bulletin_class *c =
        bulletin_add_class(f->b, k->name, printed_standing(k->standing));

    for (guint n = 0; n < f->t->rows->len; n++) {
        const struct standing_row *row = g_ptr_array_index(f->t->rows, n);

        if (row->class_index == k->index)
            fill_row(f, c, row);
    }
    if (k->standing == STANDING_UNCREDITED && c->rows->len == 0)
        fill_uncredited(f, c, k->index);
}

/* A group that only an earlier pack had stands above nothing: its items have
 * a column where they occur, and none where they do not. */
static const char *
header(const struct pack *p, const struct pack_item *item)
{
    gboolean retired = item->group >= 0 && pack_group(p, item->group)->retired;

    return retired ? NULL : fill_group(p, item);
}

void
fill_tables(struct filling *f)
{
    f->b->no_points = !pack_has_points(f->pack);
    f->b->persons = f->pack->credit == CREDIT_AUTHORS;
    fill_currencies(f);
    for (guint n = 0; n < f->pack->items->len; n++) {
        const struct pack_item *item = pack_item(f->pack, (int)n);

        bulletin_add_item(f->b, item->name, item->label, header(f->pack, item));
    }
    for (guint n = 0; n < f->pack->roster->classes->len; n++)
        fill_class(f, roster_class(f->pack->roster, (int)n));
}

/* ---- tasks ---- */

static enum target_outcome
target_outcome(const struct standing_target *t)
{
    if (!t->judged)
        return TARGET_NOT_YET;
    return t->met ? TARGET_MET : TARGET_UNMET;
}

char *
fill_period(const struct filling *f, const struct period *p)
{
    g_autofree char *whole = period_printed(p);
    const char *year = strstr(whole, "年");
    int y, m, d;

    day_to_ymd(f->t->period.to, &y, &m, &d);
    if (p->kind == PERIOD_YEAR || p->year != y || !year)
        return g_steal_pointer(&whole);
    return g_strdup(year + strlen("年"));
}

/* Does the pack criticise by name who misses it? */
static gboolean
is_named(const struct pack *p, const struct pack_measure *m)
{
    for (guint n = 0; n < p->items->len; n++) {
        const struct pack_item *item = pack_item(p, (int)n);

        if (item->when == WHEN_UNMET && item->effect != EFFECT_NONE &&
            index_set_has(&item->measures, m->index))
            return TRUE;
    }
    return FALSE;
}

static void
fill_target(struct filling *f, score_who who, const struct standing_target *t)
{
    g_autofree char *period = period_printed(&t->period);
    g_autofree char *column = period_same(&t->period, &f->t->period)
                                  ? NULL
                                  : fill_period(f, &t->period);
    struct bulletin_target row = {
        .unit = fill_who_name(f, who),
        .metric = t->measure->name,
        .period = period,
        .in_column = column,
        .target = t->goal->number,
        .actual = t->blank ? 0 : ratio_round(t->actual, f->pack->decimals),
        .blank = t->blank,
        .at_most = t->goal->at_most,
        .streak = t->measure->kind == MEASURE_STREAK,
        .named = is_named(f->pack, t->measure),
        .outcome = target_outcome(t)};

    bulletin_add_target(f->b, &row);
}

void
fill_targets(struct filling *f)
{
    for (guint n = 0; n < f->t->rows->len; n++) {
        const struct standing_row *r = g_ptr_array_index(f->t->rows, n);

        for (guint k = 0; fill_is_shown(f, r) && k < r->targets->len; k++)
            fill_target(f, r->who,
                        &g_array_index(r->targets, struct standing_target, k));
    }
}
