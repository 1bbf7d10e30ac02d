/* progress.c - see progress.h. */
#include "rules/progress.h"

#include "rules/score_state.h"
#include "rules/standings.h"

const char *
progress_key(const struct pack *p, const struct unit *u,
             const struct period *period)
{
    const struct unit *here = roster_find(p->roster, u->short_name);

    if (!here)
        return NULL;
    return roster_unit(p->roster, roster_credit(p->roster, here, period->to))
        ->short_name;
}

/* ---- one row ---- */

static gboolean
within(const struct period *p, civil_day d)
{
    return d >= p->from && d <= p->to;
}

static gboolean
is_from(const struct score *s, const struct fact_submission *f, score_who who)
{
    const struct roster *units = s->p->roster;

    for (int n = 0; s->p->credit == CREDIT_AUTHORS && n < f->n_authors; n++)
        if (s->n_units + f->authors[n] == who)
            return TRUE;
    for (int n = 0; s->p->credit == CREDIT_UNITS && n < f->n_units; n++)
        if (roster_credit(units, roster_unit(units, f->units[n]), f->day) ==
            who)
            return TRUE;
    return FALSE;
}

static int
count_submitted(const struct score *s, score_who who,
                const struct period *period)
{
    int submitted = 0;

    for (int k = 0; k < (int)s->f->submissions->len; k++) {
        const struct fact_submission *f = facts_submission(s->f, k);

        submitted += within(period, f->day) && is_from(s, f, who) ? 1 : 0;
    }
    return submitted;
}

static int
count_adopted(const struct score *s, score_who who, const struct period *period)
{
    g_autoptr(GPtrArray) marks =
        score_marks(s, who, period->from, period->to, period->to);
    g_autoptr(GHashTable) adopted = g_hash_table_new(NULL, NULL);

    for (guint n = 0; n < marks->len; n++) {
        const struct score_mark *m = g_ptr_array_index(marks, n);

        if (m->submission >= 0 && mark_concerns(m, who) &&
            pack_is_adoption(s->p, m->item))
            g_hash_table_add(adopted, GINT_TO_POINTER(m->submission + 1));
    }
    return (int)g_hash_table_size(adopted);
}

gboolean
progress_of(const struct score *s, score_who who, const struct period *period,
            struct progress *out)
{
    if (!standings_has(s, who, period))
        return FALSE;
    out->submitted = count_submitted(s, who, period);
    out->adopted = count_adopted(s, who, period);
    out->points = score_points(s, NULL, who, period->from, period->to);
    return TRUE;
}

/* ---- one submission more ---- */

static gboolean
is_arrival(const struct pack_item *item)
{
    return !item->stage && item->when >= WHEN_SUBMITTED &&
           item->when <= WHEN_LATE;
}

/* Its marks meet only those of the same submission, if any. */
static gboolean
keeps_to_itself(const struct score *s, const struct pack_item *item)
{
    const struct item_plan *ip = &s->plan.items[item->index];
    const struct cluster *c =
        ip->cluster >= 0 ? &s->plan.clusters[ip->cluster] : NULL;

    return !c || c->alone || (c->per & PER_SUBMISSION && !c->office);
}

static gboolean
counts_arrivals(const struct score *s, const struct pack_measure *m, int depth)
{
    if (depth > (int)s->p->measures->len) /* depends on itself */
        return TRUE;
    for (int i = 0; i < m->items.n; i++) {
        const struct pack_item *item = pack_item(s->p, m->items.at[i]);

        if (is_arrival(item) && (m->kind != MEASURE_POINTS ||
                                 s->plan.items[item->index].cluster >= 0))
            return TRUE;
    }
    for (int i = 0; i < m->value.formula.measures.n; i++)
        if (m->value.formula.measures.at[i] != m->index &&
            counts_arrivals(s,
                            pack_measure(s->p, m->value.formula.measures.at[i]),
                            depth + 1))
            return TRUE;
    return FALSE;
}

/* A mark for a target that is met by sending enough. */
static gboolean
rewards_arrivals(const struct score *s, const struct pack_item *item)
{
    if (s->plan.items[item->index].cluster < 0 && !pack_is_adoption(s->p, item))
        return FALSE;
    for (int i = 0; i < item->measures.n; i++)
        if (counts_arrivals(s, pack_measure(s->p, item->measures.at[i]), 0))
            return TRUE;
    return FALSE;
}

gboolean
progress_adds_up(const struct score *s)
{
    if (s->plan.zeroing)
        return FALSE;
    for (int i = 0; i < (int)s->p->items->len; i++) {
        const struct pack_item *item = pack_item(s->p, i);

        if (rewards_arrivals(s, item) ||
            (is_arrival(item) && !keeps_to_itself(s, item)))
            return FALSE;
    }
    return TRUE;
}

void
progress_brought(const struct score *s, score_who who,
                 const struct period *period, struct progress *out)
{
    g_autoptr(GPtrArray) lines = NULL;

    out->submitted = count_submitted(s, who, period);
    out->adopted = 0;
    out->points = 0;
    if (!s->who_marks[who] && !s->who_lines[who]) /* all but one or two */
        return;
    lines = score_lines(s, who, period->from, period->to);
    out->adopted = count_adopted(s, who, period);
    for (guint n = 0; n < lines->len; n++) {
        const struct score_line *line = g_ptr_array_index(lines, n);

        if (line->mark->submission >= 0 &&
            pack_is_points(s->p, line->mark->item))
            out->points += line->points;
    }
}
