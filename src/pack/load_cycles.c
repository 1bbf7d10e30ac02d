/* load_cycles.c - no number may depend on itself.
 *
 * What looks at what (in the words of docs/rules.md):
 *     the marks of an item    at the measures it is about
 *     the value of an item    at its marks; at the marks, or with `base` the
 *                             values, of the items named by `with`
 *     an outermost group      at the values of all its items; at the marks
 *                             of the items that make a year zero
 *     a measure               at the groups of its items (points), at their
 *                             marks (count, streak), at other measures
 * A walk that comes back to where it is has found a circle. */
#include "base/i18n.h"
#include "pack/loading.h"

#include <string.h>

/* No regulation needs a longer way; it bounds the recursion. */
#define LONGEST_WAY 1000

enum thing { THING_MARKS, THING_VALUE, THING_GROUP, THING_MEASURE, THINGS };
enum visit { VISIT_NOT, VISIT_BUSY, VISIT_DONE };

struct walk {
    const struct loading *l;
    guint8 *state[THINGS]; /* enum visit, by index */
    GPtrArray *way;        /* of struct node_on_way */
    gboolean found;
};

struct node_on_way {
    enum thing thing;
    int index;
};

static void visit(struct walk *w, enum thing thing, int index);

static const char *
name_of(const struct pack *p, enum thing thing, int index)
{
    switch (thing) {
    case THING_GROUP:
        return pack_group(p, index)->name;
    case THING_MEASURE:
        return pack_measure(p, index)->name;
    default:
        return pack_item(p, index)->name;
    }
}

static const struct place *
place_of(const struct pack *p, enum thing thing, int index)
{
    switch (thing) {
    case THING_GROUP:
        return &pack_group(p, index)->place;
    case THING_MEASURE:
        return &pack_measure(p, index)->place;
    default:
        return &pack_item(p, index)->place;
    }
}

/* "A -> B -> A", from where on the way the circle begins.  An item may stand
 * on it twice in a row, with its value and with its marks: named once. */
static char *
circle_of(const struct walk *w, guint begin, enum thing thing, int index)
{
    const struct pack *p = w->l->pack;
    GString *circle = g_string_new(NULL);
    const struct node_on_way *n = NULL;

    for (guint i = begin; i < w->way->len; i++) {
        const struct node_on_way *before = n;

        n = w->way->pdata[i];
        if (!(before && before->thing == THING_VALUE &&
              n->thing == THING_MARKS && before->index == n->index))
            g_string_append_printf(circle, "%s -> ",
                                   name_of(p, n->thing, n->index));
    }
    if (n && n->thing == THING_VALUE && thing == THING_MARKS &&
        n->index == index)
        g_string_truncate(circle, circle->len - strlen(" -> "));
    else
        g_string_append(circle, name_of(p, thing, index));
    return g_string_free(circle, FALSE);
}

static void
report(struct walk *w, enum thing thing, int index)
{
    const struct place *at = place_of(w->l->pack, thing, index);
    const char *name = name_of(w->l->pack, thing, index);
    g_autofree char *circle = NULL;
    gboolean group = FALSE;
    guint begin = w->way->len;

    while (begin > 0) {
        const struct node_on_way *n = w->way->pdata[--begin];

        group = group || n->thing == THING_GROUP;
        if (n->thing == thing && n->index == index)
            break;
    }
    circle = circle_of(w, begin, thing, index);
    problem_add(w->l->ps, at->file, at->line, at->column,
                _("%s depends on itself: %s%s"), name, circle,
                group ? _("; put what follows from a target into another "
                          "outermost group, and leave that out of the "
                          "measure")
                      : "");
    w->found = TRUE;
}

static void
visit_set(struct walk *w, enum thing thing, const struct index_set *set)
{
    for (int i = 0; i < set->n; i++)
        visit(w, thing, set->at[i]);
}

static void
visit_value(struct walk *w, const struct pack_item *item)
{
    visit(w, THING_MARKS, item->index);
    for (guint i = 0; i < item->cases->len; i++) {
        const struct pack_case *c =
            &g_array_index(item->cases, struct pack_case, i);

        visit_set(w, THING_MARKS, &c->with);
        if (c->points.formula.base)
            visit_set(w, THING_VALUE, &c->with);
    }
}

static void
visit_group(struct walk *w, const struct pack_group *g)
{
    const struct pack *p = w->l->pack;

    for (guint i = 0; i < p->items->len; i++) {
        const struct pack_item *item = p->items->pdata[i];

        if (item->root == g->index && pack_item_has_points(item))
            visit(w, THING_VALUE, item->index);
        else if (item->effect == EFFECT_ZERO && !g->currency)
            visit(w, THING_MARKS, item->index);
    }
}

static void
visit_measure(struct walk *w, const struct pack_measure *m)
{
    const struct pack *p = w->l->pack;

    visit_set(w, THING_MEASURE, &m->value.formula.measures);
    for (int i = 0; i < m->items.n; i++) {
        const struct pack_item *item = pack_item(p, m->items.at[i]);

        if (m->kind != MEASURE_POINTS)
            visit(w, THING_MARKS, item->index);
        else if (item->root >= 0)
            visit(w, THING_GROUP, item->root);
    }
}

static void
follow(struct walk *w, enum thing thing, int index)
{
    const struct pack *p = w->l->pack;

    switch (thing) {
    case THING_MARKS:
        visit_set(w, THING_MEASURE, &pack_item(p, index)->measures);
        break;
    case THING_VALUE:
        visit_value(w, pack_item(p, index));
        break;
    case THING_GROUP:
        visit_group(w, pack_group(p, index));
        break;
    case THING_MEASURE:
        visit_measure(w, pack_measure(p, index));
        break;
    case THINGS:
        break;
    }
}

static void
visit(struct walk *w, enum thing thing, int index)
{
    struct node_on_way here = {thing, index};
    guint8 *state = &w->state[thing][index];

    if (w->found || *state == VISIT_DONE)
        return;
    if (*state == VISIT_BUSY || w->way->len == LONGEST_WAY) {
        report(w, thing, index);
        return;
    }
    *state = VISIT_BUSY;
    g_ptr_array_add(w->way, &here);
    follow(w, thing, index);
    g_ptr_array_set_size(w->way, (int)w->way->len - 1);
    *state = VISIT_DONE;
}

void
load_cycles(struct loading *l)
{
    const struct pack *p = l->pack;
    const guint size[THINGS] = {p->items->len, p->items->len, p->groups->len,
                                p->measures->len};
    struct walk w = {.l = l, .way = g_ptr_array_new()};

    for (int t = 0; t < THINGS; t++)
        w.state[t] = g_new0(guint8, size[t] + 1);
    for (int t = 0; t < THINGS; t++)
        for (guint i = 0; i < size[t]; i++)
            visit(&w, (enum thing)t, (int)i);
    for (int t = 0; t < THINGS; t++)
        g_free(w.state[t]);
    g_ptr_array_unref(w.way);
}
