/* publication_honours.c - who is named in a bulletin, for what, and why:
 * awards of rankings, and the marks whose items have an effect. */
#include "intake/publication_fill.h"

#include "report/bulletin_words.h"

static char *
reason(const struct filling *f, const char *name, struct value *names)
{
    char *text = phrase(f->b, f->words, name, names);

    value_free(names);
    return text;
}

/* ---- awards ---- */

static enum st
award_reason(struct filling *f, const struct pack_ranking *r,
             const struct rank_row *row, char **out, struct err *e)
{
    const struct pack_measure *m = pack_measure(f->pack, r->by);
    struct measured measured;
    struct value *v;
    enum st st =
        score_measure(f->score, m, row->who, &f->t->period, &measured, e);

    if (st != ST_OK)
        return st;
    v = value_map();
    value_set_text(v, "metric", m->name);
    value_set_text(v, "name", r->name);
    value_set_int(v, "rank", row->rank);
    value_take_text(
        v, "actual",
        decimal_format(ratio_round(measured.value, f->pack->decimals)));
    value_take_text(v, "value",
                    decimal_format(ratio_round(row->value, f->pack->decimals)));
    *out =
        reason(f, r->as == RANK_EXCESS ? "reason.excess" : "reason.award", v);
    return ST_OK;
}

static enum st
fill_awards_of(struct filling *f, const struct filled_ranking *filled,
               struct err *e)
{
    const struct pack_ranking *r = filled->ranking;
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < filled->rows->len; n++) {
        const struct rank_row *row =
            &g_array_index(filled->rows, struct rank_row, n);
        g_autofree char *why = NULL;
        struct bulletin_honour h = {.kind = HONOUR_AWARD,
                                    .unit = fill_who_name(f, row->who),
                                    .text = row->award,
                                    .clause = r->clause,
                                    .of_period = TRUE,
                                    .date = f->t->period.to};

        if (!row->award)
            continue;
        st = award_reason(f, r, row, &why, e);
        h.reason = why;
        if (st == ST_OK)
            bulletin_add_honour(f->b, &h);
    }
    return st;
}

/* ---- effects ---- */

static gboolean
concerns(const struct score_mark *m, score_who who)
{
    for (int n = 0; n < m->n_who; n++)
        if (m->who[n].who == who)
            return TRUE;
    return FALSE;
}

static enum bulletin_honour_kind
honour_of(enum effect effect)
{
    switch (effect) {
    case EFFECT_PRAISE:
        return HONOUR_PRAISE;
    case EFFECT_CRITICISM:
        return HONOUR_CRITICISM;
    case EFFECT_VETO:
        return HONOUR_VETO;
    case EFFECT_ZERO:
        return HONOUR_ZERO;
    case EFFECT_NONE:
        break;
    }
    g_assert_not_reached();
}

static char *
streak_reason(const struct filling *f, const char *metric, const char *actual)
{
    struct value *v = value_map();

    value_set_text(v, "metric", metric);
    value_set_text(v, "actual", actual);
    return reason(f, "reason.streak", v);
}

/* The result of a task that the mark was made of: what it is put together
 * from, or, of how many in a row, the reason.  The strings are borrowed from
 * the bulletin. */
static void
add_result(const struct filling *f, const struct score_mark *m,
           struct bulletin_honour *h)
{
    const struct pack_measure *measure =
        pack_measure(f->pack, m->item->measures.at[0]);
    g_autofree char *period = fill_period(f, &m->period);
    g_autofree char *actual =
        m->has_actual
            ? decimal_format(ratio_round(m->actual, f->pack->decimals))
            : g_strdup("");

    if (measure->kind == MEASURE_STREAK) {
        g_autofree char *why = streak_reason(f, measure->name, actual);

        h->reason = bulletin_copy(f->b, why);
        return;
    }
    h->metric = measure->name;
    h->period = bulletin_copy(f->b, period);
    h->actual = bulletin_copy(f->b, actual);
    h->target = ratio_round(m->target, f->pack->decimals);
}

/* What the mark hangs on; NULL: on nothing, or on the result of a task. */
static char *
mark_reason(const struct filling *f, const struct score_mark *m)
{
    const char *name = NULL, *title = NULL;
    struct value *v;

    if (m->submission >= 0) {
        name = "reason.submission";
        title = fill_title(facts_submission(f->facts, m->submission));
    } else if (m->commission >= 0) {
        name = "reason.commission";
        title = facts_commission(f->facts, m->commission)->title;
    } else if (m->incident >= 0) {
        name = "reason.incident";
        title = facts_incident(f->facts, m->incident)->name;
    } else {
        return NULL;
    }
    v = value_map();
    value_set_text(v, "title", title);
    value_set_text(v, "number", mark_number(f->facts, m));
    value_set_text(v, "item", pack_item_on(m->item, m->day)->label);
    return reason(f, name, v);
}

static char *
with_note(const struct filling *f, char *why, const struct score_mark *m)
{
    const char *note = m->fact ? m->fact->note : NULL;
    struct value *v;

    if (!note || !*note)
        return why;
    if (!why)
        return g_strdup(note);
    v = value_map();
    value_take_text(v, "text", why);
    value_set_text(v, "note", note);
    return reason(f, "reason.noted", v);
}

static void
fill_effects_of(struct filling *f, score_who who)
{
    civil_day from = f->t->period.from, to = f->t->period.to;
    g_autoptr(GPtrArray) marks = score_marks(f->score, who, from, to, to);

    for (guint n = 0; n < marks->len; n++) {
        const struct score_mark *m = g_ptr_array_index(marks, n);
        const struct pack_item *then = pack_item_on(m->item, m->day);
        g_autofree char *why = NULL;
        struct bulletin_honour h = {.unit = fill_who_name(f, who),
                                    .clause = then->clause,
                                    .of_period = m->source == MARK_RESULT,
                                    .date = m->day};

        if (then->effect == EFFECT_NONE || !concerns(m, who))
            continue;
        h.kind = honour_of(then->effect);
        h.text = then->text ? then->text : then->name;
        if (m->source == MARK_RESULT && m->item->measures.n > 0)
            add_result(f, m, &h);
        else
            why = with_note(f, mark_reason(f, m), m);
        if (why)
            h.reason = why;
        bulletin_add_honour(f->b, &h);
    }
}

/* Awards first, then by kind, in the order of the tables. */
static int
compare_honours(gconstpointer a, gconstpointer b)
{
    const struct bulletin_honour *x = *(struct bulletin_honour *const *)a;
    const struct bulletin_honour *y = *(struct bulletin_honour *const *)b;

    return (x->kind > y->kind) - (x->kind < y->kind);
}

enum st
fill_honours(struct filling *f, struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < f->rankings->len; n++)
        st = fill_awards_of(
            f, &g_array_index(f->rankings, struct filled_ranking, n), e);
    for (guint n = 0; st == ST_OK && n < f->t->rows->len; n++) {
        const struct standing_row *r = g_ptr_array_index(f->t->rows, n);

        if (fill_is_shown(f, r))
            fill_effects_of(f, r->who);
    }
    g_ptr_array_sort(f->b->honours, compare_honours);
    return st;
}
