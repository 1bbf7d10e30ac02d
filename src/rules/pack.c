/* pack.c - see pack.h: making, finding and freeing the parts of a pack. */
#include "rules/pack.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

const char *
period_kind_name(enum period_kind kind)
{
    static const char *const names[PERIOD_KINDS] = {"week", "month", "quarter",
                                                    "half", "year"};

    g_assert(kind >= 0 && kind < PERIOD_KINDS);
    return names[kind];
}

/* ---- sets of indices ---- */
static int
compare_ints(const void *a, const void *b)
{
    const int x = *(const int *)a, y = *(const int *)b;

    return (x > y) - (x < y);
}

gboolean
index_set_has(const struct index_set *set, int index)
{
    return set->n > 0 && bsearch(&index, set->at, (size_t)set->n,
                                 sizeof *set->at, compare_ints) != NULL;
}

void
index_set_take(struct index_set *set, GArray *indices)
{
    int *at = (int *)(void *)indices->data;
    guint n = 0;

    if (indices->len)
        qsort(at, indices->len, sizeof *at, compare_ints);
    for (guint i = 0; i < indices->len; i++)
        if (n == 0 || at[n - 1] != at[i])
            at[n++] = at[i];
    g_free(set->at);
    set->n = (int)n;
    set->at = (int *)(void *)g_array_free(indices, n == 0);
}

static void
set_clear(struct index_set *set)
{
    g_free(set->at);
    set->at = NULL;
    set->n = 0;
}

/* ---- freeing ---- */
static void
points_clear(struct points *p)
{
    g_free(p->formula.text);
    formula_node_unref(p->formula.top);
    set_clear(&p->formula.measures);
}

void
pack_case_clear(gpointer data)
{
    struct pack_case *c = data;

    g_strfreev(c->with_names);
    set_clear(&c->forms);
    set_clear(&c->classes);
    set_clear(&c->units);
    set_clear(&c->with);
    g_strfreev(c->levels);
    points_clear(&c->points);
}

static void
item_free(gpointer data)
{
    struct pack_item *i = data;

    g_free(i->name);
    g_free(i->label);
    g_free(i->clause);
    g_free(i->choice);
    g_array_unref(i->cases);
    set_clear(&i->measures);
    g_array_unref(i->named_measures);
    g_free(i->stage);
    g_free(i->text);
    g_array_unref(i->past);
    g_strfreev(i->was);
    g_free(i);
}

static void
past_clear(gpointer data)
{
    g_array_unref(((struct pack_past *)data)->cases);
}

static void
group_free(gpointer data)
{
    struct pack_group *g = data;

    g_free(g->name);
    g_free(g->currency);
    g_free(g->clause);
    g_free(g->choice);
    set_clear(&g->groups);
    set_clear(&g->items);
    g_free(g);
}

static void
target_clear(gpointer data)
{
    struct pack_target *t = data;

    set_clear(&t->classes);
    set_clear(&t->units);
}

static void
measure_free(gpointer data)
{
    struct pack_measure *m = data;

    g_free(m->name);
    g_free(m->clause);
    g_free(m->choice);
    g_strfreev(m->names);
    set_clear(&m->items);
    points_clear(&m->value);
    set_clear(&m->forms);
    g_array_unref(m->targets);
    g_free(m);
}

static void
award_clear(gpointer data)
{
    g_free(((struct pack_award *)data)->name);
}

static void
ranking_free(gpointer data)
{
    struct pack_ranking *r = data;

    g_free(r->name);
    g_free(r->clause);
    g_free(r->choice);
    set_clear(&r->classes);
    set_clear(&r->requires);
    g_array_unref(r->awards);
    g_free(r);
}

static void
check_free(gpointer data)
{
    struct pack_check *c = data;

    g_free(c->clause);
    g_free(c->choice);
    set_clear(&c->forms);
    g_free(c->text);
    g_free(c);
}

static void
fact_free(gpointer data)
{
    struct example_fact *f = data;

    g_free(f->id);
    g_free(f->of);
    g_array_unref(f->units);
    g_array_unref(f->shares);
    g_strfreev(f->authors);
    g_strfreev(f->lacks);
    g_free(f->level);
    g_free(f->stage);
    g_free(f);
}

static void
expect_free(gpointer data)
{
    struct example_expect *x = data;
    struct expected *all[] = {&x->points, &x->value, &x->met, &x->missing,
                              &x->rank,   &x->award, &x->has, &x->label};

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        g_free(all[i]->text);
    g_free(x->who);
    g_free(x->period);
    g_free(x->currency);
    set_clear(&x->items);
    g_free(x->submission);
    g_free(x);
}

static void
example_free(gpointer data)
{
    struct pack_example *x = data;

    g_free(x->name);
    g_ptr_array_unref(x->facts);
    g_ptr_array_unref(x->expect);
    g_free(x);
}

static void
period_clear(gpointer data)
{
    g_free(((struct odd_period *)data)->name);
}

void
pack_free(struct pack *p)
{
    if (!p)
        return;
    pack_free(p->rehearsal);
    g_free(p->heirs);
    g_free(p->group_heirs);
    g_hash_table_unref(p->item_names);
    g_ptr_array_unref(p->examples);
    g_ptr_array_unref(p->rankings);
    g_ptr_array_unref(p->measures);
    g_ptr_array_unref(p->items);
    g_ptr_array_unref(p->groups);
    g_ptr_array_unref(p->checks);
    roster_free(p->roster);
    g_array_unref(p->periods);
    g_strfreev(p->forms);
    g_array_unref(p->ratio);
    g_free(p->choices_by);
    g_free(p->roster_note);
    g_free(p->note);
    g_free(p->document);
    g_free(p->title);
    g_free(p->id);
    g_free(p->roster_file);
    g_free(p->file);
    g_free(p);
}

/* ---- making ---- */
static GArray *
array_of(guint size, GDestroyNotify clear)
{
    GArray *a = g_array_new(FALSE, TRUE, size);

    if (clear)
        g_array_set_clear_func(a, clear);
    return a;
}

struct pack *
pack_new(void)
{
    struct pack *p = g_new0(struct pack, 1);

    p->ratio = array_of(sizeof(gint64), NULL);
    p->forms = g_new0(char *, 1);
    p->periods = array_of(sizeof(struct odd_period), period_clear);
    p->roster = roster_new();
    p->checks = g_ptr_array_new_with_free_func(check_free);
    p->groups = g_ptr_array_new_with_free_func(group_free);
    p->items = g_ptr_array_new_with_free_func(item_free);
    p->measures = g_ptr_array_new_with_free_func(measure_free);
    p->rankings = g_ptr_array_new_with_free_func(ranking_free);
    p->examples = g_ptr_array_new_with_free_func(example_free);
    p->item_names =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    p->bulletin = PERIOD_MONTH;
    p->decimals = 2;
    p->senders = SENDERS_ANYONE;
    return p;
}

struct pack_group *
pack_add_group(struct pack *p, const char *name)
{
    struct pack_group *g = g_new0(struct pack_group, 1);

    g->index = (int)p->groups->len;
    g->name = g_strdup(name);
    g->group = -1;
    g->root = g->index;
    g->per = PER_SUBMISSION;
    g_ptr_array_add(p->groups, g);
    return g;
}

struct pack_item *
pack_add_item(struct pack *p, const char *name)
{
    struct pack_item *i = g_new0(struct pack_item, 1);

    i->index = (int)p->items->len;
    i->name = g_strdup(name);
    i->label = g_strdup(name);
    i->text = g_strdup(name);
    i->group = -1;
    i->root = -1;
    i->period = PERIOD_NONE;
    i->cases = array_of(sizeof(struct pack_case), pack_case_clear);
    i->named_measures = array_of(sizeof(int), NULL);
    i->past = array_of(sizeof(struct pack_past), past_clear);
    i->was = g_new0(char *, 1);
    g_ptr_array_add(p->items, i);
    g_hash_table_insert(p->item_names, text_fold(name), i);
    return i;
}

void
pack_item_was(struct pack *p, struct pack_item *item, const char *name)
{
    guint n = g_strv_length(item->was);

    item->was = g_renew(char *, item->was, n + 2);
    item->was[n] = g_strdup(name);
    item->was[n + 1] = NULL;
    g_hash_table_insert(p->item_names, text_fold(name), item);
}

struct pack_measure *
pack_add_measure(struct pack *p, const char *name)
{
    struct pack_measure *m = g_new0(struct pack_measure, 1);

    m->index = (int)p->measures->len;
    m->name = g_strdup(name);
    m->per = PERIOD_NONE;
    m->targets = array_of(sizeof(struct pack_target), target_clear);
    g_ptr_array_add(p->measures, m);
    return m;
}

struct pack_ranking *
pack_add_ranking(struct pack *p, const char *name)
{
    struct pack_ranking *r = g_new0(struct pack_ranking, 1);

    r->index = (int)p->rankings->len;
    r->name = g_strdup(name);
    r->by = -1;
    r->awards = array_of(sizeof(struct pack_award), award_clear);
    g_ptr_array_add(p->rankings, r);
    return r;
}

struct pack_check *
pack_add_check(struct pack *p)
{
    struct pack_check *c = g_new0(struct pack_check, 1);

    c->per = PERIOD_NONE;
    g_ptr_array_add(p->checks, c);
    return c;
}

struct pack_example *
pack_add_example(struct pack *p, const char *name)
{
    struct pack_example *x = g_new0(struct pack_example, 1);

    x->name = g_strdup(name);
    x->facts = g_ptr_array_new_with_free_func(fact_free);
    x->expect = g_ptr_array_new_with_free_func(expect_free);
    g_ptr_array_add(p->examples, x);
    return x;
}

struct example_fact *
pack_add_fact(struct pack_example *x)
{
    struct example_fact *f = g_new0(struct example_fact, 1);

    f->units = array_of(sizeof(int), NULL);
    f->shares = array_of(sizeof(decimal), NULL);
    f->authors = g_new0(char *, 1);
    f->lacks = g_new0(char *, 1);
    f->form = -1;
    f->item = -1;
    f->drafts = 1;
    f->quantity = DECIMAL_ONE;
    g_ptr_array_add(x->facts, f);
    return f;
}

struct example_expect *
pack_add_expect(struct pack_example *x)
{
    struct example_expect *e = g_new0(struct example_expect, 1);

    e->unit = -1;
    e->measure = -1;
    e->ranking = -1;
    g_ptr_array_add(x->expect, e);
    return e;
}

void
pack_add_case(struct pack_item *item)
{
    struct pack_case c = {.min_words = -1};

    g_array_append_val(item->cases, c);
}

/* ---- finding ---- */
gboolean
pack_item_has_points(const struct pack_item *item)
{
    return item->cases->len > 0;
}

gboolean
pack_item_inside(const struct pack *p, const struct pack_item *item, int group)
{
    for (int g = item->group; g >= 0; g = pack_group(p, g)->group)
        if (g == group)
            return TRUE;
    return FALSE;
}

static const struct pack_past *
past_on(const struct pack_item *item, civil_day d)
{
    for (guint i = 0; i < item->past->len; i++) {
        const struct pack_past *past =
            &g_array_index(item->past, struct pack_past, i);

        if (d <= past->until)
            return past;
    }
    return NULL;
}

const GArray *
pack_item_cases(const struct pack_item *item, civil_day d)
{
    const struct pack_past *past = past_on(item, d);

    return past ? past->cases : item->cases;
}

const struct pack_item *
pack_item_on(const struct pack_item *item, civil_day d)
{
    const struct pack_past *past = past_on(item, d);

    return past ? past->item : item;
}

gboolean
pack_item_may(const struct pack_item *item, enum effect effect)
{
    for (guint i = 0; i < item->past->len; i++)
        if (g_array_index(item->past, struct pack_past, i).item->effect ==
            effect)
            return TRUE;
    return item->effect == effect;
}

const struct pack *
pack_in_force(const struct pack *p, civil_day d)
{
    while (p->before && d < p->effective)
        p = p->before;
    return p;
}

struct pack_group *
pack_group(const struct pack *p, int index)
{
    return p->groups->pdata[index];
}

struct pack_item *
pack_item(const struct pack *p, int index)
{
    return p->items->pdata[index];
}

struct pack_measure *
pack_measure(const struct pack *p, int index)
{
    return p->measures->pdata[index];
}

struct pack_item *
pack_find_item(const struct pack *p, const char *name)
{
    g_autofree char *folded = text_fold(name);

    return g_hash_table_lookup(p->item_names, folded);
}

/* Finders compare `name` fields; packs have a few dozen of each. */
struct pack_group *
pack_find_group(const struct pack *p, const char *name)
{
    for (guint i = 0; i < p->groups->len; i++)
        if (strcmp(pack_group(p, (int)i)->name, name) == 0)
            return pack_group(p, (int)i);
    return NULL;
}

struct pack_measure *
pack_find_measure(const struct pack *p, const char *name)
{
    for (guint i = 0; i < p->measures->len; i++)
        if (strcmp(pack_measure(p, (int)i)->name, name) == 0)
            return pack_measure(p, (int)i);
    return NULL;
}

int
pack_find_form(const struct pack *p, const char *name)
{
    for (int i = 0; p->forms[i]; i++)
        if (strcmp(p->forms[i], name) == 0)
            return i;
    return -1;
}

gboolean
pack_has_bulletin(const struct pack *p, enum period_kind kind)
{
    if (kind <= p->bulletin)
        return kind == p->bulletin;
    for (guint i = 0; i < p->rankings->len; i++)
        if (((const struct pack_ranking *)p->rankings->pdata[i])->per == kind)
            return TRUE;
    for (guint i = 0; i < p->measures->len; i++)
        if (pack_measure(p, (int)i)->per == kind)
            return TRUE;
    return FALSE;
}

GPtrArray *
pack_items_labelled(const struct pack *p, const char *label)
{
    GPtrArray *out = g_ptr_array_new();

    for (guint i = 0; i < p->items->len; i++)
        if (!pack_item(p, (int)i)->retired &&
            strcmp(pack_item(p, (int)i)->label, label) == 0)
            g_ptr_array_add(out, pack_item(p, (int)i));
    return out;
}
