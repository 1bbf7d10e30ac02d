/* succeed.c - a pack that follows another of the same office: what becomes
 * of the earlier one's items, groups and values.  See pack.h. */
#include "rules/pack.h"

#include "base/text.h"

#include <string.h>

/* ---- items by names ---- */
/* As people write it. */
static const struct pack_group *
group_named(const struct pack *p, const char *name)
{
    g_autofree char *wanted = text_fold(name);

    for (guint i = 0; i < p->groups->len; i++) {
        const struct pack_group *g = pack_group(p, (int)i);
        g_autofree char *folded = text_fold(g->name);

        if (strcmp(folded, wanted) == 0)
            return g;
    }
    return NULL;
}

static gboolean
is_named(const struct pack *p, const struct pack_item *item, const char *name)
{
    const struct pack_group *g;

    if (strcmp(name, "all") == 0)
        return pack_item_has_points(item) && item->root >= 0 &&
               !pack_group(p, item->root)->currency;
    if (pack_find_item(p, name) == item)
        return TRUE;
    g = group_named(p, name);
    return g && pack_item_inside(p, item, g->index);
}

void
pack_select(const struct pack *p, GStrv names, struct index_set *out)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(int));

    for (; *names; names++)
        for (guint i = 0; i < p->items->len; i++) {
            const struct pack_item *item = pack_item(p, (int)i);

            if (is_named(p, item, *names))
                g_array_append_val(found, item->index);
        }
    index_set_take(out, found);
}

static void
select_again(struct pack *p)
{
    for (guint i = 0; i < p->measures->len; i++) {
        struct pack_measure *m = pack_measure(p, (int)i);

        if (m->names)
            pack_select(p, m->names, &m->items);
    }
    for (guint i = 0; i < p->items->len; i++) {
        GArray *cases = pack_item(p, (int)i)->cases;

        for (guint k = 0; k < cases->len; k++) {
            struct pack_case *c = &g_array_index(cases, struct pack_case, k);

            if (c->with_names && c->with.n > 0)
                pack_select(p, c->with_names, &c->with);
        }
    }
}

/* ---- groups ---- */
static void
set_add(struct index_set *set, int index)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(int));

    g_array_append_vals(all, set->at, (guint)set->n);
    g_array_append_val(all, index);
    index_set_take(set, all);
}

static const char *
currency_of(const struct pack *p, int group)
{
    return group < 0 ? NULL
                     : pack_group(p, pack_group(p, group)->root)->currency;
}

static struct pack_group *
retire_group(struct pack *p, const struct pack_group *old, int parent)
{
    struct pack_group *g = pack_add_group(p, old->name);

    g->keep = old->keep;
    g->per = old->per;
    g->has_most = old->has_most;
    g->at_most = old->at_most;
    g->has_least = old->has_least;
    g->at_least = old->at_least;
    g->currency = g_strdup(old->currency);
    g->clause = g_strdup(old->clause);
    g->choice = g_strdup(old->choice);
    g->place = old->place;
    g->retired = TRUE;
    if (parent >= 0) {
        g->group = parent;
        g->root = pack_group(p, parent)->root;
        set_add(&pack_group(p, parent)->groups, g->index);
    }
    return g;
}

/* The group here that stands for one of before: of the same name and
 * currency, else the old one, retired. */
static int
heir_of_group(struct pack *p, int old)
{
    const struct pack_group *o = pack_group(p->before, old);
    const struct pack_group *same;
    int parent;

    if (p->group_heirs[old] >= 0)
        return p->group_heirs[old];
    same = pack_find_group(p, o->name);
    if (same && g_strcmp0(currency_of(p, same->index),
                          currency_of(p->before, old)) == 0) {
        p->group_heirs[old] = same->index;
        return same->index;
    }
    parent = o->group >= 0 ? heir_of_group(p, o->group) : -1;
    p->group_heirs[old] = retire_group(p, o, parent)->index;
    return p->group_heirs[old];
}

/* ---- items ---- */
static int
retire_item(struct pack *p, const struct pack_item *old)
{
    struct pack_item *i = pack_find_item(p, old->name);
    gboolean taken = i != NULL; /* by one of another kind */

    i = pack_add_item(p, old->name);
    if (taken) { /* whoever looks for the name means the new one */
        g_autofree char *folded = text_fold(old->name);

        for (int k = 0; k < i->index; k++)
            if (strcmp(pack_item(p, k)->name, old->name) == 0)
                g_hash_table_insert(p->item_names, g_strdup(folded),
                                    pack_item(p, k));
    }
    g_free(i->label);
    i->label = g_strdup(old->label);
    g_free(i->text);
    i->text = g_strdup(old->text);
    i->clause = g_strdup(old->clause);
    i->choice = g_strdup(old->choice);
    i->effect = old->effect;
    i->retired = TRUE;
    i->place = old->place;
    if (old->group >= 0) {
        i->group = heir_of_group(p, old->group);
        i->root = pack_group(p, i->group)->root;
        set_add(&pack_group(p, i->group)->items, i->index);
    }
    if (pack_item_has_points(old))
        pack_add_case(i);
    return i->index;
}

/* Its names of before are good for it still, where no other has them. */
static void
keep_names(struct pack *p, struct pack_item *item, const struct pack_item *old)
{
    if (!pack_find_item(p, old->name))
        pack_item_was(p, item, old->name);
    for (char **was = old->was; *was; was++)
        if (!pack_find_item(p, *was))
            pack_item_was(p, item, *was);
}

/* The item here that an earlier one lives on in: it must be able to hold
 * its points, in the same currency. */
static int
heir_of_item(struct pack *p, const struct pack_item *old)
{
    const struct pack_item *i = pack_find_item(p, old->name);

    if (i && (!pack_item_has_points(old) ||
              (pack_item_has_points(i) &&
               g_strcmp0(currency_of(p, i->group),
                         currency_of(p->before, old->group)) == 0)))
        return i->index;
    return retire_item(p, old);
}

/* ---- cases of before, in the indices of this pack ---- */

/* What is not here any more: no index is so large, and the condition does
 * not hold. */
#define NOTHING G_MAXINT

enum space { SPACE_FORMS, SPACE_CLASSES, SPACE_UNITS, SPACE_ITEMS };

static int
index_here(const struct pack *p, enum space space, int old)
{
    const struct unit_class *c;
    const struct unit *u;
    int form;

    switch (space) {
    case SPACE_FORMS:
        form = pack_find_form(p, p->before->forms[old]);
        return form >= 0 ? form : NOTHING;
    case SPACE_CLASSES:
        c = roster_find_class(p->roster,
                              roster_class(p->before->roster, old)->name);
        return c ? c->index : NOTHING;
    case SPACE_UNITS:
        u = roster_find(p->roster,
                        roster_unit(p->before->roster, old)->short_name);
        return u ? u->index : NOTHING;
    case SPACE_ITEMS:
        return p->heirs[old];
    }
    g_assert_not_reached();
}

static void
set_here(const struct pack *p, enum space space, const struct index_set *old,
         struct index_set *out)
{
    GArray *here = g_array_new(FALSE, FALSE, sizeof(int));

    for (int i = 0; i < old->n; i++) {
        int index =
            old->at[i] == NOTHING ? NOTHING : index_here(p, space, old->at[i]);

        g_array_append_val(here, index);
    }
    index_set_take(out, here);
}

static void
case_here(const struct pack *p, const struct pack_case *old, GArray *out)
{
    struct pack_case c = {.levels = g_strdupv(old->levels),
                          .min_words = old->min_words,
                          .first = old->first,
                          .points = old->points};

    c.points.formula.text = g_strdup(old->points.formula.text);
    if (old->points.formula.top)
        formula_node_ref(old->points.formula.top);
    c.points.formula.measures = (struct index_set){0}; /* an item's has none */
    set_here(p, SPACE_FORMS, &old->forms, &c.forms);
    set_here(p, SPACE_CLASSES, &old->classes, &c.classes);
    set_here(p, SPACE_UNITS, &old->units, &c.units);
    set_here(p, SPACE_ITEMS, &old->with, &c.with);
    g_array_append_val(out, c);
}

static void
add_past(const struct pack *p, struct pack_item *item, civil_day until,
         const struct pack_item *rule, const GArray *cases)
{
    struct pack_past past = {
        until, rule, g_array_new(FALSE, TRUE, sizeof(struct pack_case))};

    g_array_set_clear_func(past.cases, pack_case_clear);
    for (guint i = 0; i < cases->len; i++)
        case_here(p, &g_array_index(cases, struct pack_case, i), past.cases);
    g_array_append_val(item->past, past);
}

static void
learn_past(const struct pack *p, const struct pack_item *old)
{
    struct pack_item *item = pack_item(p, p->heirs[old->index]);

    for (guint i = 0; i < old->past->len; i++) {
        const struct pack_past *past =
            &g_array_index(old->past, struct pack_past, i);

        add_past(p, item, past->until, past->item, past->cases);
    }
    if (!old->retired)
        add_past(p, item, p->effective - 1, old, old->cases);
}

void
pack_succeed(struct pack *p, const struct pack *before)
{
    p->before = before;
    p->heirs = g_new0(int, before->items->len + 1);
    p->group_heirs = g_new0(int, before->groups->len + 1);
    for (guint i = 0; i < before->groups->len; i++)
        p->group_heirs[i] = -1;
    for (guint i = 0; i < before->items->len; i++)
        p->heirs[i] = heir_of_item(p, pack_item(before, (int)i));
    for (guint i = 0; i < before->groups->len; i++)
        heir_of_group(p, (int)i);
    select_again(p);
    for (guint i = 0; i < before->items->len; i++) {
        keep_names(p, pack_item(p, p->heirs[i]), pack_item(before, (int)i));
        learn_past(p, pack_item(before, (int)i));
    }
}
