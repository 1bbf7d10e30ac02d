/* score_measure.c - a number per unit and period, and what it should
 * reach. */
#include "base/i18n.h"
#include "rules/score_state.h"

#include <string.h>

/* ---- points ---- */

/* The first in a list ordered by days that is of `d` or later. */
static guint
first_line_since(const GPtrArray *lines, civil_day d)
{
    guint low = 0, high = lines->len;

    while (low < high) {
        guint mid = low + (high - low) / 2;

        if (((const struct score_line *)lines->pdata[mid])->day < d)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

decimal
lines_sum(const struct score *s, const struct index_set *items, score_who who,
          civil_day from, civil_day to)
{
    const GPtrArray *lines = s->who_lines[who];
    decimal sum = 0;

    for (guint i = lines ? first_line_since(lines, from) : 0;
         lines && i < lines->len; i++) {
        const struct score_line *line = lines->pdata[i];

        if (line->day > to)
            break;
        if (index_set_has(items, line->mark->item->index))
            sum += line->points;
    }
    return sum;
}

/* By day; of one day the older mark first, then as the pack lists items. */
static int
compare_lines(gconstpointer a, gconstpointer b)
{
    const struct score_line *x = *(struct score_line *const *)a;
    const struct score_line *y = *(struct score_line *const *)b;
    const struct live_mark *m = (const void *)x->mark;
    const struct live_mark *n = (const void *)y->mark;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (m->m.day != n->m.day)
        return m->m.day < n->m.day ? -1 : 1;
    if (m->m.item != n->m.item)
        return m->m.item->index - n->m.item->index;
    return (m->order > n->order) - (m->order < n->order);
}

GPtrArray *
score_lines(const struct score *s, score_who who, civil_day from, civil_day to)
{
    const GPtrArray *lines = s->who_lines[who];
    GPtrArray *out = g_ptr_array_new();

    for (guint i = lines ? first_line_since(lines, from) : 0;
         lines && i < lines->len; i++) {
        struct score_line *line = lines->pdata[i];

        if (line->day > to)
            break;
        g_ptr_array_add(out, line);
    }
    g_ptr_array_sort(out, compare_lines);
    return out;
}

/* ---- counts ---- */

static guint
first_mark_since(const GPtrArray *marks, civil_day d)
{
    guint low = 0, high = marks->len;

    while (low < high) {
        guint mid = low + (high - low) / 2;

        if (((const struct live_mark *)marks->pdata[mid])->m.day < d)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static gboolean
lives_on(const struct live_mark *m, civil_day d)
{
    return m->m.day <= d && d < m->m.until;
}

GPtrArray *
score_marks(const struct score *s, score_who who, civil_day from, civil_day to,
            civil_day known)
{
    const GPtrArray *marks = s->who_marks[who];
    GPtrArray *out = g_ptr_array_new();
    civil_day day = MIN(known, s->upto);

    for (guint i = marks ? first_mark_since(marks, from) : 0;
         marks && i < marks->len; i++) {
        struct live_mark *m = marks->pdata[i];

        if (m->m.day > to)
            break;
        if (lives_on(m, day))
            g_ptr_array_add(out, &m->m);
    }
    return out;
}

/* A submission counts once, when it got the first such mark. */
static gboolean
is_first(const struct score *s, const struct pack_measure *m,
         const struct live_mark *mark, score_who who, civil_day known)
{
    const struct live_mark *x = s->submission_marks[mark->m.submission];

    for (; x; x = x->next_of_submission) {
        if (x == mark || !lives_on(x, known) ||
            !index_set_has(&m->items, x->m.item->index) ||
            !mark_concerns(&x->m, who))
            continue;
        if (x->m.day < mark->m.day ||
            (x->m.day == mark->m.day && x->seq < mark->seq))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_counted(const struct score *s, const struct pack_measure *m,
           const struct live_mark *mark, score_who who, civil_day known)
{
    const struct fact_submission *f;

    if (!lives_on(mark, known) ||
        !index_set_has(&m->items, mark->m.item->index))
        return FALSE;
    if (mark->m.submission < 0)
        return m->forms.n == 0;
    f = facts_submission(s->f, mark->m.submission);
    if (m->forms.n && !index_set_has(&m->forms, f->form))
        return FALSE;
    return is_first(s, m, mark, who, known);
}

static struct ratio
count_marks(const struct score *s, const struct pack_measure *m, score_who who,
            civil_day from, civil_day known)
{
    const GPtrArray *marks = s->who_marks[who];
    struct ratio sum = RATIO_ZERO;

    for (guint i = marks ? first_mark_since(marks, from) : 0;
         marks && i < marks->len; i++) {
        const struct live_mark *mark = marks->pdata[i];

        if (mark->m.day > known)
            break;
        if (is_counted(s, m, mark, who, known))
            sum = ratio_add(sum, mark->m.submission >= 0 ? RATIO_ONE
                                                         : mark->m.quantity);
    }
    return sum;
}

static struct ratio
count_between(const struct score *s, const struct pack_measure *m,
              score_who who, civil_day from, civil_day known)
{
    struct count *c;

    if (!s->counts[m->index])
        s->counts[m->index] = g_new0(struct count, s->n_who + 1);
    c = &s->counts[m->index][who];
    /* what was so on an earlier day still is: a change makes us forget;
     * not so what was known by a day that was over when it was asked for */
    if (!c->made || c->from != from ||
        (c->known != known && !(c->current && known == s->today)))
        *c = (struct count){TRUE, known == s->today, from, known,
                            count_marks(s, m, who, from, known)};
    return c->value;
}

void
counts_forget(struct score *s, const struct pack_item *item, score_who who)
{
    const struct item_plan *ip = &s->plan.items[item->index];

    for (int i = 0; i < ip->n_counted_by; i++) {
        struct count *counts = s->counts[ip->counted_by[i]];

        if (counts)
            counts[who].made = FALSE;
    }
}

/* How many periods in a row, p the last, have such a mark. */
static struct ratio
streak(const struct score *s, const struct pack_measure *m, score_who who,
       const struct period *p, civil_day known)
{
    civil_day from = p->from, to = p->to;
    gint64 run = 0;

    for (; from >= s->p->effective; run++) {
        if (count_between(s, m, who, from, MIN(to, known)).num == 0)
            break;
        to = from - 1; /* p may be of another kind: whole ones before it */
        from = period_at(&s->cal, m->per, to).from;
    }
    return ratio_make(run, 1);
}

/* ---- formulas ---- */

struct best_key {
    int measure, class_index;
    civil_day from, to, known;
};

static guint
best_hash(gconstpointer data)
{
    const struct best_key *k = data;

    return (guint)k->measure * 31 + (guint)k->class_index * 131 +
           (guint)k->from * 1031 + (guint)k->to * 8209 +
           (guint)k->known * 65539;
}

static gboolean
best_equal(gconstpointer a, gconstpointer b)
{
    const struct best_key *x = a, *y = b;

    return x->measure == y->measure && x->class_index == y->class_index &&
           x->from == y->from && x->to == y->to && x->known == y->known;
}

struct best {
    struct best_key key; /* first: it is the key */
    gboolean blank;
    struct ratio value;
};

GHashTable *
best_new(void)
{
    return g_hash_table_new_full(best_hash, best_equal, NULL, g_free);
}

/* The highest of a class; remembered, since every member asks. */
static const struct best *
best_of(struct score *s, const struct pack_measure *m, int class_index,
        const struct period *p, civil_day known)
{
    struct best_key key = {m->index, class_index, p->from, p->to, known};
    struct best *b = g_hash_table_lookup(s->best, &key);

    if (b)
        return b;
    b = g_new0(struct best, 1);
    b->key = key;
    b->blank = TRUE;
    for (guint i = 0; i < s->credited->len && !s->failed; i++) {
        score_who who = g_array_index(s->credited, score_who, i);
        struct ratio v;

        if (score_class_of(s, who, p->to) != class_index ||
            !measure_value(s, m, who, p, known, &v))
            continue;
        if (b->blank || ratio_compare(v, b->value) > 0)
            b->value = v;
        b->blank = FALSE;
    }
    g_hash_table_insert(s->best, b, b);
    return b;
}

static const struct pack_target *
target_of(const struct score *s, const struct pack_measure *m, score_who who,
          civil_day d)
{
    for (guint i = 0; i < m->targets->len; i++) {
        const struct pack_target *t =
            &g_array_index(m->targets, struct pack_target, i);

        if (t->units.n && !index_set_has(&t->units, who))
            continue;
        if (t->classes.n &&
            !index_set_has(&t->classes, score_class_of(s, who, d)))
            continue;
        return t;
    }
    return NULL;
}

struct measuring { /* whose columns a formula looks at */
    struct score *s;
    score_who who;
    const struct period *p;
    civil_day known;
};

static struct formula_cell
text_column(const struct measuring *a, gboolean class)
{
    int index = score_class_of(a->s, a->who, a->p->to);

    if (!class)
        return text_cell(score_who_name(a->s, a->who));
    return text_cell(index >= 0 ? roster_class(a->s->p->roster, index)->name
                                : NULL);
}

static struct formula_cell
other_measure(const struct measuring *a, const struct pack_measure *m,
              enum measure_column what)
{
    const struct pack_target *t;
    const struct best *b;
    struct ratio v = RATIO_ZERO;
    gboolean there;

    switch (what) {
    case OF_TARGET:
        t = target_of(a->s, m, a->who, a->p->to);
        return number_cell(!t, t ? ratio_of(t->number) : RATIO_ZERO);
    case OF_BEST:
        b = best_of(a->s, m, score_class_of(a->s, a->who, a->p->to), a->p,
                    a->known);
        return number_cell(b->blank, b->value);
    default:
        there = measure_value(a->s, m, a->who, a->p, a->known, &v);
        return number_cell(!there, v);
    }
}

static struct formula_cell
measure_cell(gpointer self, int column)
{
    const struct measuring *a = self;
    int n = (int)a->s->p->measures->len;

    if (column >= OF_TEXT * n)
        return text_column(a, column > OF_TEXT * n);
    return other_measure(a, pack_measure(a->s->p, column % n),
                         (enum measure_column)(column / n));
}

static gboolean
computed(struct score *s, const struct pack_measure *m, score_who who,
         const struct period *p, civil_day known, struct ratio *out)
{
    struct measuring a = {s, who, p, known};
    decimal v = 0;

    if (!formula_value(s, &m->value, measure_cell, &a, &v))
        return FALSE;
    *out = ratio_of(v);
    return TRUE;
}

/* ---- measures ---- */

static gboolean
value_of(struct score *s, const struct pack_measure *m, score_who who,
         const struct period *p, civil_day known, struct ratio *out)
{
    switch (m->value.kind) {
    case POINTS_NUMBER:
        *out = ratio_of(m->value.number);
        return TRUE;
    case POINTS_FORMULA:
        return computed(s, m, who, p, known, out);
    default:
        return FALSE;
    }
}

gboolean
measure_value(struct score *s, const struct pack_measure *m, score_who who,
              const struct period *p, civil_day known, struct ratio *out)
{
    civil_day until = MIN(p->to, known);
    gboolean there = TRUE;

    if (s->measuring > (int)s->p->measures->len) {
        score_fail(s, "measure %s depends on itself", m->name);
        return FALSE;
    }
    s->measuring++;
    switch (m->kind) {
    case MEASURE_POINTS:
        *out = ratio_of(lines_sum(s, &m->items, who, p->from, until));
        break;
    case MEASURE_COUNT:
        *out = count_between(s, m, who, p->from, until);
        break;
    case MEASURE_STREAK:
        *out = streak(s, m, who, p, until);
        break;
    case MEASURE_VALUE:
        there = value_of(s, m, who, p, known, out);
        break;
    }
    s->measuring--;
    if (there && ratio_is_beyond(*out)) {
        score_fail(s, _("measure %s: more than can be reckoned"), m->name);
        return FALSE;
    }
    return there;
}

void
measure_judge(struct score *s, const struct pack_measure *m, score_who who,
              const struct period *p, civil_day known, struct measured *out)
{
    gboolean over = p->to <= known;
    struct ratio target;

    *out = (struct measured){.blank = TRUE, .value = RATIO_ZERO};
    out->goal = target_of(s, m, who, p->to);
    out->blank = !measure_value(s, m, who, p, known, &out->value);
    if (out->blank || !out->goal)
        return;
    target = ratio_of(out->goal->number);
    if (out->goal->at_most) {
        out->met = ratio_compare(out->value, target) <= 0;
        out->judged = over || !out->met;
        return;
    }
    out->met = ratio_compare(out->value, target) >= 0;
    out->judged = out->has_missing = over;
    out->missing = out->met ? RATIO_ZERO : ratio_sub(target, out->value);
}

enum st
score_measure(const struct score *s, const struct pack_measure *m,
              score_who who, const struct period *p, struct measured *out,
              struct err *e)
{
    struct score *memo = (struct score *)s; /* formulas may fail, and bests
                                               are remembered */
    struct measured r;

    measure_judge(memo, m, who, p, MIN(p->to, s->upto), &r);
    if (s->failed) {
        memo->failed = FALSE;
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION, "%s", s->error.text);
    }
    *out = r;
    return ST_OK;
}
