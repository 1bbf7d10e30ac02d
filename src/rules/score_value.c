/* score_value.c - what a mark is worth by itself, before its groups: the
 * first case whose conditions hold, a number, a range, a formula. */
#include "base/i18n.h"
#include "rules/score_state.h"

#include <string.h>

gboolean
mark_concerns(const struct score_mark *m, score_who who)
{
    for (int i = 0; i < m->n_who; i++)
        if (m->who[i].who == who)
            return TRUE;
    return FALSE;
}

static const struct fact_submission *
submission_of(const struct score *s, const struct score_mark *m)
{
    return m->submission >= 0 ? facts_submission(s->f, m->submission) : NULL;
}

/* ---- conditions ---- */

static gboolean
level_fits(const struct score *s, const struct pack_case *c,
           const struct score_mark *m)
{
    const char *level;

    if (!c->levels)
        return TRUE;
    if (m->commission < 0)
        return FALSE;
    level = facts_commission(s->f, m->commission)->level;
    return level && g_strv_contains((const char *const *)c->levels, level);
}

/* Another living mark of these items on the same submission? */
static gboolean
has_with(const struct score *s, const struct pack_case *c,
         const struct live_mark *but)
{
    const struct live_mark *m;

    if (c->with.n == 0)
        return TRUE;
    if (but->m.submission < 0)
        return FALSE;
    for (m = s->submission_marks[but->m.submission]; m;
         m = m->next_of_submission)
        if (m != but && m->alive && index_set_has(&c->with, m->m.item->index))
            return TRUE;
    return FALSE;
}

static gboolean
lasts(const struct score *s, const struct pack_case *c,
      const struct live_mark *m, score_who who)
{
    const struct fact_submission *f = submission_of(s, &m->m);

    if (c->forms.n && !(f && index_set_has(&c->forms, f->form)))
        return FALSE;
    if (c->classes.n &&
        !index_set_has(&c->classes, score_class_of(s, who, m->m.day)))
        return FALSE;
    if (c->units.n && !index_set_has(&c->units, who))
        return FALSE;
    if (!level_fits(s, c, &m->m))
        return FALSE;
    return c->min_words < 0 || (f && f->words >= c->min_words);
}

static const struct gain *
gain_of(const struct live_mark *m, score_who who)
{
    for (int i = 0; i < m->n_gains; i++)
        if (m->gains[i].who == who)
            return &m->gains[i];
    return NULL;
}

/* What was so under the pack of the mark's day is still so. */
static gboolean
lasting_holds(const struct score *s, const GArray *cases, guint index,
              const struct live_mark *m, score_who who)
{
    const struct gain *c = m->inherited ? gain_of(m, who) : NULL;

    if (c && index < 64)
        return (c->lasting >> index & 1) != 0;
    return lasts(s, &g_array_index(cases, struct pack_case, index), m, who);
}

guint64
lasting_cases(const struct score *s, const struct gain *c)
{
    const struct live_mark *m = c->mark;
    const GArray *cases = pack_item_cases(m->m.item, m->m.day);
    guint64 out = 0;

    for (guint i = 0; i < cases->len && i < 64; i++)
        if (lasting_holds(s, cases, i, m, c->who))
            out |= (guint64)1 << i;
    return out;
}

static gboolean
case_holds(const struct score *s, const GArray *cases, guint index,
           const struct live_mark *m, score_who who, int nth)
{
    const struct pack_case *c = &g_array_index(cases, struct pack_case, index);

    return lasting_holds(s, cases, index, m, who) &&
           (c->first <= 0 || nth <= c->first) && has_with(s, c, m);
}

/* ---- points ---- */

struct worth {          /* of a mark to somebody */
    struct ratio value; /* times its quantity, not yet shared */
    int rule;           /* the case that gives it, -1: none holds */
    gboolean refused;   /* the amount is missing or outside its range */
};

static struct worth
mark_worth(struct score *s, const struct live_mark *m, score_who who, int nth);

/* The highest value among the marks named by `with`. */
static struct ratio
base_of(struct score *s, const struct pack_case *c, const struct live_mark *but,
        score_who who)
{
    struct ratio best = RATIO_ZERO;
    const struct live_mark *m = NULL;

    if (but->m.submission >= 0)
        m = s->submission_marks[but->m.submission];
    for (; m; m = m->next_of_submission) {
        struct worth w;

        if (!m->alive || m == but || !mark_concerns(&m->m, who) ||
            !index_set_has(&c->with, m->m.item->index))
            continue;
        w = mark_worth(s, m, who, 1);
        if (ratio_compare(w.value, best) > 0)
            best = w.value;
    }
    return best;
}

struct formula_cell
number_cell(gboolean blank, struct ratio r)
{
    return (struct formula_cell){blank ? FORMULA_BLANK : FORMULA_NUMBER, r,
                                 NULL};
}

struct formula_cell
text_cell(const char *text)
{
    return (struct formula_cell){text ? FORMULA_TEXT : FORMULA_BLANK,
                                 RATIO_ZERO, text};
}

static const char *
class_name(const struct score *s, score_who who, civil_day d)
{
    int c = score_class_of(s, who, d);

    return c >= 0 ? roster_class(s->p->roster, c)->name : NULL;
}

struct asked { /* whose columns a formula looks at */
    struct score *s;
    const struct pack_case *c;
    const struct live_mark *m;
    score_who who;
    int nth;
};

static struct formula_cell
fact_cell(const struct asked *a, enum item_column column)
{
    const struct score_mark *m = &a->m->m;
    const struct fact_submission *f = submission_of(a->s, m);

    switch (column) {
    case COLUMN_AMOUNT:
        return number_cell(
            FALSE,
            ratio_of(m->fact && m->fact->has_amount ? m->fact->amount : 0));
    case COLUMN_NTH:
        return number_cell(FALSE, ratio_make(a->nth, 1));
    case COLUMN_WORDS:
        return number_cell(FALSE, ratio_make(f ? f->words : 0, 1));
    case COLUMN_FORM:
        return text_cell(f && f->form >= 0 ? a->s->p->forms[f->form] : NULL);
    default:
        return number_cell(FALSE, m->quantity);
    }
}

static struct formula_cell
item_cell(gpointer self, int column)
{
    const struct asked *a = self;
    const struct score_mark *m = &a->m->m;

    switch ((enum item_column)column) {
    case COLUMN_BASE:
        return number_cell(FALSE, base_of(a->s, a->c, a->m, a->who));
    case COLUMN_CLASS:
        return text_cell(class_name(a->s, a->who, m->day));
    case COLUMN_UNIT:
        return text_cell(score_who_name(a->s, a->who));
    case COLUMN_ACTUAL:
        return number_cell(!m->has_actual, m->actual);
    case COLUMN_TARGET:
        return number_cell(m->source != MARK_RESULT, m->target);
    default:
        return fact_cell(a, (enum item_column)column);
    }
}

static struct ratio
by_formula(struct score *s, const struct pack_case *c,
           const struct live_mark *m, score_who who, int nth)
{
    struct asked a = {s, c, m, who, nth};
    decimal v = 0;

    if (!formula_value(s, &c->points, item_cell, &a, &v))
        v = 0;
    return ratio_of(v);
}

static struct worth
by_case(struct score *s, const struct pack_case *c, const struct live_mark *m,
        score_who who, int nth)
{
    const struct points *p = &c->points;
    const struct fact_mark *f = m->m.fact;
    struct worth w = {.value = RATIO_ZERO};

    switch (p->kind) {
    case POINTS_NUMBER:
        w.value = ratio_mul(ratio_of(p->number), m->m.quantity);
        break;
    case POINTS_RANGE:
        w.refused =
            !f || !f->has_amount || f->amount < p->low || f->amount > p->high;
        if (!w.refused)
            w.value = ratio_mul(ratio_of(f->amount), m->m.quantity);
        break;
    case POINTS_FORMULA:
        w.value = by_formula(s, c, m, who, nth);
        break;
    case POINTS_UNSTATED:
        break;
    }
    return w;
}

static struct worth
mark_worth(struct score *s, const struct live_mark *m, score_who who, int nth)
{
    const GArray *cases = pack_item_cases(m->m.item, m->m.day);
    struct worth w = {.value = RATIO_ZERO, .rule = -1};

    if (s->depth > (int)s->p->items->len) { /* a base of a base of ... */
        score_fail(s, "item %s depends on itself", m->m.item->name);
        return w;
    }
    s->depth++;
    for (guint i = 0; i < cases->len; i++) {
        const struct pack_case *c = &g_array_index(cases, struct pack_case, i);

        if (case_holds(s, cases, i, m, who, nth)) {
            w = by_case(s, c, m, who, nth);
            w.rule = (int)i;
            break;
        }
    }
    s->depth--;
    return w;
}

void
gain_value(struct score *s, struct gain *c)
{
    struct worth w = mark_worth(s, c->mark, c->who, c->nth);

    struct ratio value = ratio_mul(w.value, c->share);

    c->refused = w.refused;
    c->rule = w.rule;
    c->valued = TRUE;
    c->value =
        ratio_round(value, pack_in_force(s->p, c->mark->m.day)->decimals);
    if (!ratio_is_beyond(value) && ABS(c->value) <= DECIMAL_MAX)
        return;
    c->value = 0;
    score_fail(s, _("item %s: a mark is worth more than can be reckoned"),
               c->mark->m.item->name);
}

void
score_fail(struct score *s, const char *format, ...)
{
    va_list args;
    char text[sizeof s->error.text];

    if (s->failed)
        return;
    va_start(args, format);
    g_vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err_set(&s->error, ST_REJECT, EXIT_CONFIGURATION, "%s", text);
    s->failed = TRUE;
}

gboolean
formula_value(struct score *s, const struct points *p, formula_column column,
              gpointer self, decimal *out)
{
    gboolean blank = TRUE;

    if (s->failed)
        return FALSE;
    switch (formula_evaluate(p->formula.top, column, self, &blank, out)) {
    case FORMULA_DONE:
        break;
    case FORMULA_BEYOND:
        score_fail(s,
                   _("%s:%d:%d: formula \"=%s\": a number on the way is "
                     "larger or finer than can be reckoned exactly"),
                   p->place.file, p->place.line, p->place.column,
                   p->formula.text);
        break;
    case FORMULA_TOO_LONG:
        score_fail(s, _("%s:%d:%d: formula \"=%s\": too much work"),
                   p->place.file, p->place.line, p->place.column,
                   p->formula.text);
        break;
    }
    return !s->failed && !blank;
}
