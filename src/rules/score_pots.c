/* score_pots.c - what groups leave of the values of their marks: keep,
 * at-most, at-least, from the innermost group outwards. */
#include "rules/score_state.h"

/* ---- which pot ---- */

/* What a mark hangs on, as one number: its submission, or what else made
 * it.  Marks of two items made by the same thing hang together. */
static gint64
hangs_on(const struct score *s, const struct live_mark *m)
{
    const struct score_mark *k = &m->m;
    gint64 tag = (gint64)k->source << 56;

    if (k->submission >= 0)
        return (gint64)MARK_SUBMISSION << 56 | k->submission;
    switch (k->source) {
    case MARK_COMMISSION:
        return tag | (gint64)k->commission << 24 | k->unit;
    case MARK_INCIDENT:
        return tag | k->incident;
    case MARK_PERIOD:
    case MARK_RESULT:
        return tag | (gint64)k->period.kind << 50 |
               (gint64)(k->period.year * 64 + k->period.number) << 24 |
               k->who[0].who;
    default:
        return tag | m->order;
    }
    (void)s;
}

static gint64
commission_of(const struct score *s, const struct live_mark *m)
{
    if (m->m.commission >= 0)
        return (gint64)15 << 56 | m->m.commission;
    return hangs_on(s, m);
}

void
pot_key_of(const struct score *s, unsigned per, gboolean office,
           const struct gain *c, struct pot_key *out)
{
    out->n = 0;
    if (!office)
        out->part[out->n++] = c->who;
    if (per & PER_SUBMISSION)
        out->part[out->n++] = hangs_on(s, c->mark);
    if (per & PER_COMMISSION)
        out->part[out->n++] = commission_of(s, c->mark);
    for (int k = 0; k < PERIOD_KINDS; k++) {
        struct period p;

        if (!(per & PER_KIND(k)))
            continue;
        p = period_at(&s->cal, (enum period_kind)k, c->mark->m.day);
        out->part[out->n++] = p.year * 64 + p.number;
    }
}

int
pot_key_compare(const struct pot_key *a, const struct pot_key *b)
{
    for (int i = 0; i < a->n; i++)
        if (a->part[i] != b->part[i])
            return a->part[i] < b->part[i] ? -1 : 1;
    return 0;
}

int
gain_compare(const struct score *s, const struct gain *a, const struct gain *b)
{
    const struct live_mark *x = a->mark, *y = b->mark;

    if (x->m.day != y->m.day)
        return x->m.day < y->m.day ? -1 : 1;
    if (x->m.item != y->m.item)
        return rank_of_item(s, x->m.item->index) -
               rank_of_item(s, y->m.item->index);
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return rank_of_who(s, a->who) - rank_of_who(s, b->who);
}

/* ---- entries of a pot ---- */

/* What comes into a pot as one: a mark, or a whole pot of an inner group.
 * Its gains stand together in bag.gains, the earliest first. */
struct entry {
    guint start, n;
    struct pot_key key;
    decimal size;    /* |what is left of it| */
    civil_day since; /* its earliest mark */
};

struct bag {
    GPtrArray *gains; /* of struct gain */
    GArray *entries;  /* of struct entry */
};

/* Contests are many and small: their bags are used again. */
static void
bag_open(struct score *s, struct bag *b)
{
    if (s->spare_bags->len > 0) {
        *b = g_array_index(s->spare_bags, struct bag, s->spare_bags->len - 1);
        g_array_set_size(s->spare_bags, s->spare_bags->len - 1);
        return;
    }
    b->gains = g_ptr_array_new();
    b->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
}

static void
bag_close(struct score *s, struct bag *b)
{
    g_ptr_array_set_size(b->gains, 0);
    g_array_set_size(b->entries, 0);
    g_array_append_val(s->spare_bags, *b);
}

GArray *
bags_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(struct bag));
}

void
bags_free(GArray *bags)
{
    for (guint i = 0; i < bags->len; i++) {
        g_ptr_array_unref(g_array_index(bags, struct bag, i).gains);
        g_array_unref(g_array_index(bags, struct bag, i).entries);
    }
    g_array_unref(bags);
}

static struct entry *
entry_at(const struct bag *b, guint i)
{
    return &g_array_index(b->entries, struct entry, i);
}

static struct gain *
first_of(const struct bag *b, const struct entry *e)
{
    return b->gains->pdata[e->start];
}

static void
bag_add(struct bag *b, struct gain *c)
{
    struct entry e = {.start = b->gains->len, .n = 1};

    g_ptr_array_add(b->gains, c);
    g_array_append_val(b->entries, e);
}

struct ordering { /* what a comparison needs to know */
    const struct score *s;
    const struct bag *bag;
};

static int
compare_gains(gconstpointer a, gconstpointer b, gpointer data)
{
    return gain_compare(data, *(struct gain *const *)a,
                        *(struct gain *const *)b);
}

/* By pot; within a pot the largest first, the earlier of equals. */
static int
compare_entries(gconstpointer a, gconstpointer b, gpointer data)
{
    const struct entry *x = a, *y = b;
    const struct ordering *o = data;
    int c = pot_key_compare(&x->key, &y->key);

    if (c)
        return c;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    if (x->since != y->since)
        return x->since < y->since ? -1 : 1;
    return gain_compare(o->s, first_of(o->bag, x), first_of(o->bag, y));
}

static void
weigh_entries(const struct score *s, const struct pack_group *g, struct bag *in)
{
    for (guint i = 0; i < in->entries->len; i++) {
        struct entry *e = entry_at(in, i);
        decimal sum = 0;

        for (guint k = 0; k < e->n; k++)
            sum += ((struct gain *)in->gains->pdata[e->start + k])->left;
        e->size = ABS(sum);
        e->since = first_of(in, e)->mark->m.day;
        pot_key_of(s, g->per, (g->per & PER_OFFICE) != 0, first_of(in, e),
                   &e->key);
    }
}

/* ---- one pot ---- */

/* Before any group has decided. */
static void
gains_reset(GPtrArray *gains)
{
    for (guint i = 0; i < gains->len; i++) {
        struct gain *c = gains->pdata[i];

        c->left = c->value;
        c->why = WHY_FULL;
        c->group = NULL;
        c->other = NULL;
    }
}

static void
lose(struct gain *c, const struct pack_group *g, const struct gain *best)
{
    if (c->left == 0)
        return;
    c->left = 0;
    c->why = WHY_LOST;
    c->group = g;
    c->other = &best->mark->m;
}

/* Entries [from, to) are one pot, the largest first: only so many count. */
static void
keep_best(const struct pack_group *g, const struct bag *in, guint from,
          guint to)
{
    if (g->keep == KEEP_ALL)
        return;
    for (guint i = from + (guint)g->keep; i < to; i++) {
        const struct entry *e = entry_at(in, i);

        for (guint k = 0; k < e->n; k++)
            lose(in->gains->pdata[e->start + k], g,
                 first_of(in, entry_at(in, from)));
    }
}

static int
compare_best(gconstpointer a, gconstpointer b, gpointer data)
{
    const struct gain *x = *(struct gain *const *)a;
    const struct gain *y = *(struct gain *const *)b;

    if (ABS(x->left) != ABS(y->left))
        return ABS(x->left) > ABS(y->left) ? -1 : 1;
    return gain_compare(data, x, y);
}

void
pot_keep(struct score *s, const struct pack_group *g, GPtrArray *gains)
{
    gains_reset(gains);
    g_qsort_with_data(gains->pdata, (int)gains->len, sizeof(gpointer),
                      compare_best, s);
    for (guint i = (guint)g->keep; i < gains->len; i++)
        lose(gains->pdata[i], g, gains->pdata[0]);
}

/* The total is held between the group's bounds: the latest give way. */
static void
hold_between(const struct pack_group *g, struct gain **c, guint n)
{
    decimal total = 0, goal;

    for (guint i = 0; i < n; i++)
        total += c[i]->left;
    goal = total;
    if (g->has_most)
        goal = MIN(goal, g->at_most);
    if (g->has_least)
        goal = MAX(goal, g->at_least);
    for (guint i = n; i-- > 0 && total != goal;) {
        decimal over = total - goal, cut = 0;

        if (over > 0 && c[i]->left > 0)
            cut = MIN(over, c[i]->left);
        else if (over < 0 && c[i]->left < 0)
            cut = MAX(over, c[i]->left);
        if (cut == 0)
            continue;
        c[i]->left -= cut;
        c[i]->why = WHY_CUT;
        c[i]->group = g;
        total -= cut;
    }
}

/* Settle one pot and hand it on as one entry. */
static void
settle_pot(const struct score *s, const struct pack_group *g,
           const struct bag *in, guint from, guint to, struct bag *out)
{
    struct entry e = {.start = out->gains->len};
    struct gain **list;

    keep_best(g, in, from, to);
    for (guint i = from; i < to; i++) {
        const struct entry *x = entry_at(in, i);

        for (guint k = 0; k < x->n; k++)
            g_ptr_array_add(out->gains, in->gains->pdata[x->start + k]);
    }
    e.n = out->gains->len - e.start;
    list = (struct gain **)(void *)&out->gains->pdata[e.start];
    if (to - from > 1)
        g_qsort_with_data(list, (int)e.n, sizeof *list, compare_gains,
                          (gpointer)s);
    if (g->has_most || g->has_least)
        hold_between(g, list, e.n);
    g_array_append_val(out->entries, e);
}

/* ---- the tree of groups ---- */

static gboolean
inside(const struct pack *p, const struct pack_group *g, int group)
{
    while (group >= 0 && group != g->index)
        group = pack_group(p, group)->group;
    return group >= 0;
}

static gboolean
any_inside(const struct pack *p, const struct pack_group *g,
           const GPtrArray *gains)
{
    for (guint i = 0; i < gains->len; i++) {
        const struct gain *c = gains->pdata[i];

        if (inside(p, g, c->mark->m.item->group))
            return TRUE;
    }
    return FALSE;
}

static void
decide(struct score *s, const struct pack_group *g, const GPtrArray *gains,
       struct bag *out)
{
    struct bag in;
    struct ordering ordering = {s, &in};

    if (!any_inside(s->p, g, gains))
        return;
    bag_open(s, &in);
    for (int i = 0; i < g->groups.n; i++)
        decide(s, pack_group(s->p, g->groups.at[i]), gains, &in);
    for (guint i = 0; i < gains->len; i++) {
        struct gain *c = gains->pdata[i];

        if (c->mark->m.item->group == g->index)
            bag_add(&in, c);
    }
    weigh_entries(s, g, &in);
    g_qsort_with_data(in.entries->data, (int)in.entries->len,
                      sizeof(struct entry), compare_entries, &ordering);
    for (guint from = 0, to; from < in.entries->len; from = to) {
        for (to = from + 1; to < in.entries->len; to++)
            if (pot_key_compare(&entry_at(&in, from)->key,
                                &entry_at(&in, to)->key) != 0)
                break;
        settle_pot(s, g, &in, from, to, out);
    }
    bag_close(s, &in);
}

/* One mark alone is kept wherever anything is; only bounds can cut it. */
static void
decide_alone(struct score *s, const struct pack_group *top, struct gain *c)
{
    int g = c->mark->m.item->group;

    for (;;) {
        const struct pack_group *group = pack_group(s->p, g);

        if (group->has_most || group->has_least)
            hold_between(group, &c, 1);
        if (group == top)
            return;
        g = group->group;
    }
}

void
pots_decide(struct score *s, const struct pack_group *top, GPtrArray *gains)
{
    struct bag out;

    gains_reset(gains);
    if (!top || gains->len == 0)
        return;
    if (gains->len == 1) {
        decide_alone(s, top, gains->pdata[0]);
        return;
    }
    bag_open(s, &out);
    decide(s, top, gains, &out);
    bag_close(s, &out);
}
