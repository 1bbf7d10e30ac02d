/* score_plan.c - what can be worked out about a pack before any fact is
 * looked at: which marks can meet in a pot, what must be known before
 * what. */
#include "rules/score_state.h"

#include <string.h>

/* ---- groups ---- */

/* A group that passes on whatever it gets. */
static gboolean
lets_all(const struct pack_group *g)
{
    return g->keep == KEEP_ALL && !g->has_most && !g->has_least;
}

/* The highest group around an item that decides anything, or NULL. */
static const struct pack_group *
top_of(const struct pack *p, const struct pack_item *item)
{
    const struct pack_group *top = NULL;

    for (int g = item->group; g >= 0; g = pack_group(p, g)->group)
        if (!lets_all(pack_group(p, g)))
            top = pack_group(p, g);
    return top;
}

/* What every pot in the tree below g tells apart, and whether one of them
 * is shared by all. */
static void
common_per(const struct pack *p, const struct pack_group *g, unsigned *per,
           gboolean *office)
{
    *per &= g->per;
    if (g->per & PER_OFFICE)
        *office = TRUE;
    for (int i = 0; i < g->groups.n; i++)
        common_per(p, pack_group(p, g->groups.at[i]), per, office);
}

/* A pot of a period or of everything, where the best so many count and
 * nothing else is decided. */
static gboolean
only_keeps(const struct pack_group *g)
{
    return g->groups.n == 0 && g->keep != KEEP_ALL && !g->has_most &&
           !g->has_least && !(g->per & (PER_SUBMISSION | PER_COMMISSION));
}

static int
cluster_of_top(struct plan *plan, const struct pack *p,
               const struct pack_group *top)
{
    struct cluster *c;

    for (int i = 0; i < plan->n_clusters; i++)
        if (plan->clusters[i].top == top)
            return i;
    c = &plan->clusters[plan->n_clusters];
    c->top = top;
    c->keeps = only_keeps(top);
    c->per = ~0u;
    common_per(p, top, &c->per, &c->office);
    return plan->n_clusters++;
}

/* An item under groups that pass everything on: its marks meet only where
 * they are counted (first, nth). */
static int
cluster_of_item(struct plan *plan, const struct pack *p,
                const struct pack_item *item)
{
    struct cluster *c = &plan->clusters[plan->n_clusters];
    const struct pack_group *g = pack_group(p, item->group);

    c->alone = !plan->items[item->index].counts;
    c->per = g->per;
    c->office = (g->per & PER_OFFICE) != 0;
    return plan->n_clusters++;
}

/* ---- items ---- */

static void
plan_case(struct plan *plan, struct item_plan *i, const struct pack_case *c)
{
    const struct formula *f =
        c->points.kind == POINTS_FORMULA ? &c->points.formula : NULL;

    if (c->first > 0 || (f && f->nth))
        i->counts = TRUE;
    if (c->with.n > 0)
        i->looks = TRUE;
    if (f && f->actual)
        i->changes = TRUE;
    for (int w = 0; w < c->with.n; w++)
        plan->items[c->with.at[w]].watched = TRUE;
}

static void
plan_cases(struct plan *plan, struct item_plan *i, const GArray *cases)
{
    for (guint c = 0; c < cases->len; c++)
        plan_case(plan, i, &g_array_index(cases, struct pack_case, c));
}

static gboolean
has_ceiling(const struct pack *p, const struct pack_item *item)
{
    for (int i = 0; item->when == WHEN_UNMET && i < item->measures.n; i++) {
        const GArray *targets = pack_measure(p, item->measures.at[i])->targets;

        for (guint t = 0; t < targets->len; t++)
            if (g_array_index(targets, struct pack_target, t).at_most)
                return TRUE;
    }
    return FALSE;
}

static void
plan_items(struct score *s)
{
    struct plan *plan = &s->plan;
    const struct pack *p = s->p;

    for (guint i = 0; i < p->items->len; i++) {
        const struct pack_item *item = pack_item(p, (int)i);
        struct item_plan *ip = &plan->items[i];

        ip->cluster = -1;
        ip->ceiling = has_ceiling(p, item);
        plan->zeroing |= pack_item_may(item, EFFECT_ZERO);
        plan_cases(plan, ip, item->cases);
        for (guint k = 0; k < item->past->len; k++)
            plan_cases(plan, ip,
                       g_array_index(item->past, struct pack_past, k).cases);
    }
    for (guint i = 0; i < p->items->len; i++) {
        const struct pack_item *item = pack_item(p, (int)i);
        const struct pack_group *top = top_of(p, item);
        struct item_plan *ip = &plan->items[i];

        if (!pack_item_has_points(item))
            continue;
        ip->cluster =
            top ? cluster_of_top(plan, p, top) : cluster_of_item(plan, p, item);
        if (ip->counts || ip->looks || ip->changes)
            plan->clusters[ip->cluster].keeps = FALSE;
    }
}

static void
plan_counting(struct score *s)
{
    const struct pack *p = s->p;

    for (guint k = 0; k < p->measures->len; k++) {
        const struct pack_measure *m = pack_measure(p, (int)k);

        for (int i = 0; i < m->items.n; i++) {
            struct item_plan *ip = &s->plan.items[m->items.at[i]];

            if (m->kind != MEASURE_COUNT && m->kind != MEASURE_STREAK)
                continue;
            if (!ip->counted_by)
                ip->counted_by = g_new(int, p->measures->len);
            ip->counted_by[ip->n_counted_by++] = m->index;
        }
    }
}

struct named {
    const char *name;
    int index;
};

static int
compare_names(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int c = strcmp(x->name, y->name);

    return c ? c : x->index - y->index;
}

/* By index, the place of its name; UTF-8 sorts as its characters do. */
static int *
rank_names(struct named *names, int n)
{
    int *rank = g_new0(int, n + 1);

    qsort(names, (gsize)n, sizeof *names, compare_names);
    for (int i = 0; i < n; i++)
        rank[names[i].index] = i;
    return rank;
}

int
rank_of_item(const struct score *s, int item)
{
    int n = (int)s->p->items->len;

    if (!s->ranks->item) {
        g_autofree struct named *names = g_new0(struct named, n + 1);

        for (int i = 0; i < n; i++)
            names[i] = (struct named){pack_item(s->p, i)->name, i};
        s->ranks->item = rank_names(names, n);
    }
    return s->ranks->item[item];
}

int
rank_of_who(const struct score *s, score_who who)
{
    if (!s->ranks->who) {
        g_autofree struct named *names = g_new0(struct named, s->n_who + 1);

        for (int i = 0; i < s->n_who; i++)
            names[i] = (struct named){score_who_name(s, i), i};
        s->ranks->who = rank_names(names, s->n_who);
    }
    return s->ranks->who[who];
}

/* ---- what must be known before what ---- */

static gboolean
raise_to(int *level, int least)
{
    if (*level >= least)
        return FALSE;
    *level = least;
    return TRUE;
}

static gboolean
raise_item(struct score *s, const struct pack_item *item)
{
    int least = 0;

    for (int i = 0; i < item->measures.n; i++)
        least = MAX(least, s->plan.measure_level[item->measures.at[i]] + 1);
    return raise_to(&s->plan.items[item->index].level, least);
}

/* A cluster comes after the marks in it, and, unless it is counted in a
 * currency, after those that turn a year to nothing. */
static gboolean
raise_clusters(struct score *s, const struct pack_item *item)
{
    struct plan *plan = &s->plan;
    int level = plan->items[item->index].level;
    gboolean zeroes = pack_item_may(item, EFFECT_ZERO), raised = FALSE;

    if (plan->items[item->index].cluster >= 0)
        raised |= raise_to(
            &plan->clusters[plan->items[item->index].cluster].level, level);
    for (guint i = 0; zeroes && i < s->p->items->len; i++) {
        const struct pack_item *other = pack_item(s->p, (int)i);
        int cluster = plan->items[i].cluster;

        if (cluster >= 0 && !pack_group(s->p, other->root)->currency)
            raised |= raise_to(&plan->clusters[cluster].level, level);
    }
    return raised;
}

static gboolean
raise_measure(struct score *s, const struct pack_measure *m)
{
    int least = 0;

    for (int i = 0; i < m->items.n; i++) {
        const struct item_plan *ip = &s->plan.items[m->items.at[i]];

        least = MAX(least, ip->level);
        if (m->kind == MEASURE_POINTS && ip->cluster >= 0)
            least = MAX(least, s->plan.clusters[ip->cluster].level);
    }
    for (int i = 0; i < m->value.formula.measures.n; i++) {
        int other = m->value.formula.measures.at[i];

        if (other != m->index)
            least = MAX(least, s->plan.measure_level[other]);
    }
    return raise_to(&s->plan.measure_level[m->index], least);
}

static gboolean
raise_all(struct score *s)
{
    gboolean raised = FALSE;

    for (guint i = 0; i < s->p->items->len; i++) {
        raised |= raise_item(s, pack_item(s->p, (int)i));
        raised |= raise_clusters(s, pack_item(s->p, (int)i));
    }
    for (guint i = 0; i < s->p->measures->len; i++)
        raised |= raise_measure(s, pack_measure(s->p, (int)i));
    return raised;
}

/* Every round lifts something by one step; what rises for ever waits for
 * itself. */
static enum st
plan_levels(struct score *s, struct err *e)
{
    guint most = s->p->items->len + 1;

    for (guint round = 0; raise_all(s); round++) {
        for (guint i = 0; i < s->p->items->len; i++) {
            if (s->plan.items[i].level > (int)most)
                return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                               "item %s depends on itself",
                               pack_item(s->p, (int)i)->name);
        }
    }
    for (guint i = 0; i < s->p->items->len; i++)
        s->plan.levels = MAX(s->plan.levels, s->plan.items[i].level);
    return ST_OK;
}

/* ---- which items are points, and which euros ---- */

static void
plan_currencies(struct score *s)
{
    struct plan *plan = &s->plan;
    const struct pack *p = s->p;

    plan->currencies = g_ptr_array_new();
    g_ptr_array_add(plan->currencies, NULL);
    for (guint g = 0; g < p->groups->len; g++)
        if (pack_group(p, (int)g)->currency)
            g_ptr_array_add(plan->currencies, pack_group(p, (int)g)->currency);
    plan->all = g_new0(struct index_set, plan->currencies->len);
    for (guint c = 0; c < plan->currencies->len; c++) {
        GArray *in = g_array_new(FALSE, FALSE, sizeof(int));

        for (int i = 0; i < (int)p->items->len; i++) {
            const struct pack_item *item = pack_item(p, i);

            if (pack_item_has_points(item) &&
                g_strcmp0(pack_group(p, item->root)->currency,
                          plan->currencies->pdata[c]) == 0)
                g_array_append_val(in, i);
        }
        index_set_take(&plan->all[c], in);
    }
}

const struct index_set *
plan_all(const struct score *s, const char *currency)
{
    static const struct index_set none = {0, NULL};

    for (guint i = 0; i < s->plan.currencies->len; i++)
        if (g_strcmp0(s->plan.currencies->pdata[i], currency) == 0)
            return &s->plan.all[i];
    return &none;
}

enum st
plan_make(struct score *s, struct err *e)
{
    struct plan *plan = &s->plan;

    plan->n_items = (int)s->p->items->len;
    plan->items = g_new0(struct item_plan, plan->n_items + 1);
    plan->clusters = g_new0(struct cluster, s->p->items->len + 1);
    plan->measure_level = g_new0(int, s->p->measures->len + 1);
    plan_items(s);
    plan_counting(s);
    plan_currencies(s);
    return plan_levels(s, e);
}

void
plan_clear(struct plan *plan)
{
    for (guint i = 0; plan->currencies && i < plan->currencies->len; i++)
        g_free(plan->all[i].at);
    g_free(plan->all);
    g_clear_pointer(&plan->currencies, g_ptr_array_unref);
    for (int i = 0; plan->items && i < plan->n_items; i++)
        g_free(plan->items[i].counted_by);
    g_free(plan->items);
    g_free(plan->clusters);
    g_free(plan->measure_level);
}
