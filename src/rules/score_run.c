/* score_run.c - from day to day: what becomes known, what ceases, what a
 * period's end results in; then only what was touched is judged again. */
#include "rules/score_state.h"

#include <string.h>

/* ---- who was touched ---- */

void
who_touch(struct score *s, score_who who)
{
    if (s->who_touched[who])
        return;
    s->who_touched[who] = TRUE;
    g_array_append_val(s->whos_today, who);
}

/* ---- years that count for nothing ---- */

static gint64
year_key(score_who who, civil_day d)
{
    return (gint64)who << 32 | year_of_day(d);
}

gboolean
zeroed_on(const struct score *s, score_who who, civil_day day)
{
    gint64 key = year_key(who, day);

    return GPOINTER_TO_INT(g_hash_table_lookup(s->zeroed, &key)) > 0;
}

static void
touch_year(struct score *s, score_who who, int year)
{
    const GPtrArray *marks = s->who_marks[who];

    for (guint i = 0; marks && i < marks->len; i++) {
        struct live_mark *m = marks->pdata[i];

        if (year_of_day(m->m.day) != year)
            continue;
        for (int c = 0; c < m->n_gains; c++)
            if (m->gains[c].who == who)
                contest_touch(s, m->gains[c].contest);
    }
}

void
zero_year(struct score *s, score_who who, civil_day day, int change)
{
    gint64 key = year_key(who, day);
    int n = GPOINTER_TO_INT(g_hash_table_lookup(s->zeroed, &key)) + change;

    g_hash_table_insert(s->zeroed, g_memdup2(&key, sizeof key),
                        GINT_TO_POINTER(n));
    if ((n == 1 && change > 0) || n == 0)
        touch_year(s, who, year_of_day(day));
}

/* ---- marks become known, and cease ---- */

/* Others of the submission may look at this one. */
static void
touch_lookers(struct score *s, const struct live_mark *m)
{
    struct live_mark *other;

    if (m->m.submission < 0 || !s->plan.items[m->m.item->index].watched)
        return;
    for (other = s->submission_marks[m->m.submission]; other;
         other = other->next_of_submission)
        for (int c = 0; c < other->n_gains; c++)
            if (s->plan.items[other->m.item->index].looks &&
                other->gains[c].contest)
                contest_touch(s, other->gains[c].contest);
}

static void
mark_changed(struct score *s, struct live_mark *m, int change)
{
    for (int i = 0; i < m->m.n_who; i++) {
        who_touch(s, m->m.who[i].who);
        counts_forget(s, m->m.item, m->m.who[i].who);
        if (score_mark_effect(&m->m) == EFFECT_ZERO)
            zero_year(s, m->m.who[i].who, m->m.day, change);
    }
    touch_lookers(s, m);
}

void
mark_list(struct score *s, struct live_mark *m)
{
    for (int i = 0; i < m->m.n_who; i++) {
        GPtrArray **list = &s->who_marks[m->m.who[i].who];

        if (!*list)
            *list = g_ptr_array_new();
        g_ptr_array_add(*list, m);
    }
    if (m->m.submission >= 0) {
        m->next_of_submission = s->submission_marks[m->m.submission];
        s->submission_marks[m->m.submission] = m;
    }
}

static void
mark_known(struct score *s, struct live_mark *m)
{
    m->alive = m->known = TRUE;
    m->seq = s->seq++;
    mark_list(s, m);
    if (pack_item_has_points(m->m.item) && m->m.n_who > 0) {
        m->n_gains = m->m.n_who;
        m->gains = score_alloc(s, (gsize)m->n_gains, sizeof *m->gains);
        for (int i = 0; i < m->n_gains; i++) {
            struct gain *c = &m->gains[i];

            c->mark = m;
            c->who = m->m.who[i].who;
            c->share = m->m.who[i].share;
            c->nth = 1;
            contest_join(s, c);
        }
    }
    mark_changed(s, m, 1);
}

static void
mark_ceases(struct score *s, struct live_mark *m)
{
    m->alive = FALSE;
    m->m.until = s->today;
    for (int i = 0; i < m->n_gains; i++)
        contest_touch(s, m->gains[i].contest);
    mark_changed(s, m, -1);
}

/* ---- results ---- */

/* What a result item knows of its periods. */
struct result_plan {
    const struct pack_item *item;
    struct period period;      /* the one that is open, or begins next */
    struct live_mark **broken; /* by who: of the open period, or NULL */
};

struct outcome {
    gboolean asked; /* some measure has a target for him */
    struct ratio quantity;
    struct measured first; /* the first measure that has */
};

/* max(a - b, 0) */
static struct ratio
excess(struct ratio a, struct ratio b)
{
    struct ratio d = ratio_sub(a, b);

    return d.num > 0 ? d : RATIO_ZERO;
}

static struct ratio
reached(struct ratio value, struct ratio target)
{
    struct ratio part;

    if (target.num == 0)
        return RATIO_ZERO;
    part = ratio_div(excess(value, RATIO_ZERO), target);
    return ratio_compare(part, RATIO_ONE) > 0 ? RATIO_ONE : part;
}

/* missing, surplus, progress: about one measure, when its period is over */
static struct ratio
difference(enum when when, const struct measured *r)
{
    struct ratio target = ratio_of(r->goal->number);

    if (r->blank)
        return RATIO_ZERO;
    if (when == WHEN_MISSING)
        return excess(target, r->value);
    if (when == WHEN_SURPLUS)
        return excess(r->value, target);
    return reached(r->value, target);
}

static void
outcome_of(struct score *s, const struct result_plan *r, score_who who,
           struct outcome *out)
{
    enum when when = r->item->when;
    gboolean over = r->period.to <= s->today, all = TRUE, unmet = FALSE;

    out->asked = FALSE;
    out->quantity = RATIO_ZERO;
    for (guint i = 0; i < r->item->named_measures->len; i++) {
        int index = g_array_index(r->item->named_measures, int, i);
        struct measured one;

        measure_judge(s, pack_measure(s->p, index), who, &r->period, s->today,
                      &one);
        if (!one.goal)
            continue;
        if (!out->asked)
            out->first = one;
        out->asked = TRUE;
        all &= one.judged && one.met;
        unmet |= one.judged && !one.met;
    }
    if (!out->asked)
        return;
    if (when == WHEN_MET)
        out->quantity = all ? RATIO_ONE : RATIO_ZERO;
    else if (when == WHEN_UNMET)
        out->quantity = unmet ? RATIO_ONE : RATIO_ZERO;
    else if (over)
        out->quantity = difference(when, &out->first);
}

static void
set_actual(struct score *s, struct live_mark *m, const struct outcome *o)
{
    gboolean same =
        m->m.has_actual == !o->first.blank &&
        (o->first.blank || ratio_compare(m->m.actual, o->first.value) == 0);

    m->m.has_actual = !o->first.blank;
    m->m.actual = o->first.value;
    m->m.target = ratio_of(o->first.goal->number);
    for (int i = 0; !same && i < m->n_gains; i++)
        contest_touch(s, m->gains[i].contest);
}

static struct live_mark *
result_mark(struct score *s, const struct result_plan *r, score_who who,
            const struct outcome *o)
{
    struct live_mark *m = mark_new(s, r->item, MARK_RESULT, s->today);

    m->m.period = r->period;
    m->m.quantity = o->quantity;
    m->order = (gint64)r->period.from * (1 << 24) + rank_of_who(s, who);
    mark_credit_one(s, m, who);
    set_actual(s, m, o);
    mark_known(s, m);
    return m;
}

static void
result_of(struct score *s, struct result_plan *r, score_who who)
{
    struct live_mark *there = r->broken[who];
    struct outcome o;

    if (!score_exists(s, who, r->period.from, r->period.to))
        return;
    outcome_of(s, r, who, &o);
    if (o.quantity.num == 0) {
        if (there)
            mark_ceases(s, there);
        r->broken[who] = NULL;
    } else if (there) {
        set_actual(s, there, &o);
    } else {
        r->broken[who] = result_mark(s, r, who, &o);
    }
}

/* A measure that sees others of the class may change for all at once. */
static gboolean
sees_others(const struct score *s, const struct pack_item *item)
{
    for (int i = 0; i < item->measures.n; i++) {
        const struct points *v =
            &pack_measure(s->p, item->measures.at[i])->value;

        if (v->kind == POINTS_FORMULA)
            return TRUE;
    }
    return FALSE;
}

/* Results of one item on this day: everybody's when its period ends or
 * begins, those touched in between when a ceiling may break. */
static void
results_today(struct score *s, struct result_plan *r)
{
    const struct period *p = &r->period;
    gboolean ends = p->to == s->today, begins = p->from == s->today;

    if (s->today < p->from || s->failed)
        return;
    if (ends || (s->plan.items[r->item->index].ceiling &&
                 (begins || sees_others(s, r->item)))) {
        for (guint i = 0; i < s->credited->len; i++)
            result_of(s, r, g_array_index(s->credited, score_who, i));
    } else if (s->plan.items[r->item->index].ceiling) {
        for (guint i = 0; i < s->whos_today->len; i++) {
            score_who who = g_array_index(s->whos_today, score_who, i);

            if (s->is_credited[who])
                result_of(s, r, who);
        }
    }
    if (ends) {
        r->period = period_next(&s->cal, p);
        memset(r->broken, 0, (gsize)s->n_who * sizeof *r->broken);
    }
}

/* ---- the walk ---- */

struct walk {
    GPtrArray *births, *deaths; /* of struct live_mark, by day */
    guint born, dead;           /* how many of them are behind us */
    GArray *results;            /* of struct result_plan */
};

/* Will it become known within the score? */
static gboolean
is_due(const struct score *s, const struct live_mark *m)
{
    return !m->known && m->m.day <= s->upto;
}

/* The first day of those that are, and how many days they spread over. */
static gsize
days_of_births(const struct score *s, civil_day *first_out)
{
    civil_day first = s->upto + 1;
    int days;

    for (guint i = 0; i < s->marks->len; i++) {
        const struct live_mark *m = s->marks->pdata[i];

        if (is_due(s, m))
            first = MIN(first, m->m.day);
    }
    *first_out = first;
    days = s->upto - first + 1;
    return (gsize)days;
}

/* Marks that are not known yet, by day; those of one day as they were made.
 * Counted out day by day: days are few beside marks. */
static GPtrArray *
births_of(const struct score *s)
{
    GPtrArray *out = g_ptr_array_new();
    civil_day first;
    gsize days = days_of_births(s, &first);
    g_autofree guint *place = g_new0(guint, days + 1);

    for (guint i = 0; i < s->marks->len; i++) {
        const struct live_mark *m = s->marks->pdata[i];

        if (is_due(s, m))
            place[m->m.day - first + 1]++;
    }
    for (gsize d = 1; d <= days; d++)
        place[d] += place[d - 1];
    g_ptr_array_set_size(out, (int)place[days]);
    for (guint i = 0; i < s->marks->len; i++) {
        struct live_mark *m = s->marks->pdata[i];

        if (is_due(s, m))
            out->pdata[place[m->m.day - first]++] = m;
    }
    return out;
}

static int
by_death(gconstpointer a, gconstpointer b)
{
    const struct live_mark *x = *(struct live_mark *const *)a;
    const struct live_mark *y = *(struct live_mark *const *)b;

    if (x->m.until != y->m.until)
        return x->m.until < y->m.until ? -1 : 1;
    return 0;
}

static void
result_plan_clear(gpointer data)
{
    g_free(((struct result_plan *)data)->broken);
}

static void
results_open(struct score *s, struct walk *w)
{
    w->results = g_array_new(FALSE, TRUE, sizeof(struct result_plan));
    g_array_set_clear_func(w->results, result_plan_clear);
    for (guint i = 0; i < s->p->items->len; i++) {
        const struct pack_item *item = pack_item(s->p, (int)i);
        struct result_plan *r;

        if (item->measures.n == 0)
            continue;
        g_array_set_size(w->results, w->results->len + 1);
        r = &g_array_index(w->results, struct result_plan, w->results->len - 1);
        r->item = item;
        r->period = period_first_since(
            &s->cal, pack_measure(s->p, item->measures.at[0])->per,
            s->p->effective);
        r->broken = g_new0(struct live_mark *, s->n_who + 1);
    }
}

static void
walk_open(struct score *s, struct walk *w)
{
    w->births = births_of(s);
    w->deaths = g_ptr_array_new();
    w->born = w->dead = 0;
    for (guint i = 0; i < s->marks->len; i++) {
        struct live_mark *m = s->marks->pdata[i];

        if (m->m.until < DAY_LAST && (!m->known || m->alive))
            g_ptr_array_add(w->deaths, m);
    }
    g_ptr_array_sort(w->deaths, by_death);
    results_open(s, w);
}

static void
walk_close(struct walk *w)
{
    g_ptr_array_unref(w->births);
    g_ptr_array_unref(w->deaths);
    g_array_unref(w->results);
}

/* The next day on which something may happen. */
static civil_day
next_day(const struct score *s, const struct walk *w)
{
    civil_day d = DAY_LAST;

    if (w->born < w->births->len)
        d = MIN(d, ((struct live_mark *)w->births->pdata[w->born])->m.day);
    if (w->dead < w->deaths->len)
        d = MIN(d, ((struct live_mark *)w->deaths->pdata[w->dead])->m.until);
    for (guint i = 0; i < w->results->len; i++) {
        const struct period *p =
            &g_array_index(w->results, struct result_plan, i).period;

        d = MIN(d, p->from > s->today ? p->from : p->to);
    }
    return d;
}

static void
facts_today(struct score *s, struct walk *w)
{
    for (; w->born < w->births->len; w->born++) {
        struct live_mark *m = w->births->pdata[w->born];

        if (m->m.day > s->today)
            break;
        mark_known(s, m);
    }
    for (; w->dead < w->deaths->len; w->dead++) {
        struct live_mark *m = w->deaths->pdata[w->dead];

        if (m->m.until > s->today)
            break;
        mark_ceases(s, m);
    }
}

static void
day_ends(struct score *s)
{
    for (guint i = 0; i < s->whos_today->len; i++)
        s->who_touched[g_array_index(s->whos_today, score_who, i)] = FALSE;
    g_array_set_size(s->whos_today, 0);
    g_hash_table_remove_all(s->best);
}

static void
one_day(struct score *s, struct walk *w)
{
    facts_today(s, w);
    for (int level = 0; level <= s->plan.levels && !s->failed; level++) {
        contests_judge(s, level);
        g_hash_table_remove_all(s->best);
        for (guint i = 0; i < w->results->len; i++) {
            struct result_plan *r =
                &g_array_index(w->results, struct result_plan, i);

            if (s->plan.items[r->item->index].level == level + 1)
                results_today(s, r);
        }
    }
    day_ends(s);
}

void
score_run(struct score *s)
{
    struct walk w;
    civil_day last = refusal_day(s), d;

    walk_open(s, &w);
    while ((d = next_day(s, &w)) <= s->upto && !s->failed) {
        if (d > last)
            refusal_find(s);
        s->today = d;
        one_day(s, &w);
    }
    refusal_find(s);
    s->today = s->upto;
    walk_close(&w);
}
