/* load_measures.c - measures with their targets, rankings, and the checks on
 * arrival. */
#include "base/i18n.h"
#include "pack/loading.h"

#include <string.h>

/* ---- measures ---- */

/* Every measure by its name, then with _target, then with _best behind it,
 * then the two
 * texts: enum measure_column. */
static GPtrArray *
formula_columns(const struct loading *l)
{
    static const char *const behind[] = {"", "_target", "_best"};
    GPtrArray *columns = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; i < G_N_ELEMENTS(behind); i++)
        for (guint m = 0; m < l->pack->measures->len; m++)
            g_ptr_array_add(columns,
                            g_strconcat(pack_measure(l->pack, (int)m)->name,
                                        behind[i], NULL));
    g_ptr_array_add(columns, g_strdup("unit"));
    g_ptr_array_add(columns, g_strdup("class"));
    return columns;
}

static void
load_value(struct loading *l, const struct node *n, struct pack_measure *m)
{
    g_autoptr(GPtrArray) names = formula_columns(l);
    g_autofree gboolean *used = g_new0(gboolean, names->len);
    guint count = l->pack->measures->len;
    struct formula_columns columns = {names, OF_TEXT * count, names->len, used};
    GArray *measures = g_array_new(FALSE, FALSE, sizeof(int));

    load_points(l, n, &columns, &m->value);
    if (m->value.kind == POINTS_RANGE)
        problem_at(l->ps, n,
                   _("\"%s\" is not a number, unstated or a formula \"=...\""),
                   n->text);
    for (guint i = 0; i < OF_TEXT * count; i++) {
        int measure = (int)(i % count);

        if (used[i])
            g_array_append_val(measures, measure);
    }
    index_set_take(&m->value.formula.measures, measures);
}

/* Which of the four the measure is. */
static void
load_kind(struct loading *l, const struct node *map, struct pack_measure *m)
{
    static const char *const keys[] = {"points", "count", "streak", "value"};
    const struct node *second = NULL;
    int found = 0;

    for (int i = 0; i < (int)G_N_ELEMENTS(keys); i++) {
        if (!node_get(map, keys[i]))
            continue;
        m->kind = (enum measure_kind)i;
        if (found++)
            second = node_key(map, keys[i]);
    }
    if (found != 1)
        problem_at(l->ps, second ? second : node_get(map, "name"),
                   _("exactly one of count, streak, points, value"));
    else if (m->kind == MEASURE_VALUE)
        load_value(l, node_get(map, "value"), m);
    else {
        loading_select(l, map, keys[m->kind], &m->items);
        m->names = read_names(map, keys[m->kind]);
    }
}

static void
load_target(struct loading *l, const struct node *map, struct pack_measure *m)
{
    struct pack_target t = {.at_most = FALSE};
    const struct node *most = node_key(map, "at-most");
    const struct node *least = node_key(map, "at-least");

    if ((most != NULL) == (least != NULL))
        problem_at(l->ps, most ? most : map,
                   _("a target has either at-least or at-most"));
    loading_find_all(l, &l->classes, map, "classes", &t.classes);
    loading_find_all(l, &l->units, map, "units", &t.units);
    t.at_most = most != NULL;
    t.number = read_number(map, t.at_most ? "at-most" : "at-least", 0);
    g_array_append_val(m->targets, t);
}

/* The first row that fits a unit is taken: none behind one for everybody. */
static void
load_targets(struct loading *l, const struct node *map, struct pack_measure *m)
{
    const GPtrArray *rows = loading_entries(map, "targets");
    const struct node *everybody = NULL;

    for (guint i = 0; i < rows->len; i++) {
        const struct node *row = rows->pdata[i];

        if (everybody)
            problem_at(l->ps, row,
                       _("this row is never reached: the one in line %d fits "
                         "every unit"),
                       everybody->line);
        else if (!node_get(row, "classes") && !node_get(row, "units"))
            everybody = row;
        load_target(l, row, m);
    }
}

static void
check_measure(struct loading *l, const struct node *map,
              const struct pack_measure *m)
{
    const struct node *per = node_key(map, "per");
    const struct node *targets = node_key(map, "targets");
    const struct node *forms = node_key(map, "forms");

    if (m->kind == MEASURE_STREAK && !per)
        problem_at(l->ps, node_key(map, "streak"),
                   _("a streak needs per and targets"));
    else if ((per != NULL) != (targets != NULL))
        problem_at(l->ps, per ? per : targets, _("per goes with targets"));
    if (targets && m->targets->len == 0)
        problem_at(l->ps, targets, _("the list \"%s\" is empty"), "targets");
    if (forms && m->kind != MEASURE_COUNT && m->kind != MEASURE_STREAK)
        problem_at(l->ps, forms, _("forms goes with count and streak"));
}

static void
load_measure(struct loading *l, const struct node *map, struct pack_measure *m)
{
    m->clause = read_copy(map, "clause");
    m->choice = read_copy(map, "choice");
    m->per = (enum period_kind)read_word(map, "per", period_words, PERIOD_NONE);
    load_kind(l, map, m);
    loading_find_all(l, &l->forms, map, "forms", &m->forms);
    load_targets(l, map, m);
    check_measure(l, map, m);
}

void
load_measures(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "measures");

    for (guint i = 0; i < maps->len; i++)
        load_measure(l, maps->pdata[i], pack_measure(l->pack, (int)i));
}

/* ---- rankings ---- */
static void
load_awards(struct loading *l, const struct node *map, struct pack_ranking *r)
{
    const GPtrArray *rows = loading_entries(map, "awards");

    for (guint i = 0; i < rows->len; i++) {
        const struct node *row = rows->pdata[i];
        struct pack_award a = {read_copy(row, "name"),
                               read_whole(row, "places", 0)};

        for (guint k = 0; k < r->awards->len; k++)
            if (strcmp(g_array_index(r->awards, struct pack_award, k).name,
                       a.name) == 0)
                problem_at(l->ps, node_get(row, "name"),
                           _("\"%s\" is there twice"), a.name);
        g_array_append_val(r->awards, a);
    }
}

static void
needs_targets(struct loading *l, const struct node *n)
{
    int index = vocabulary_find(&l->measures, n->text);

    if (index >= 0 && pack_measure(l->pack, index)->targets->len == 0)
        problem_at(l->ps, n, _("measure %s has no targets"), n->text);
}

static void
load_ranking(struct loading *l, const struct node *map, struct pack_ranking *r)
{
    const GPtrArray *required = loading_entries(map, "requires");

    r->clause = read_copy(map, "clause");
    r->choice = read_copy(map, "choice");
    r->per = (enum period_kind)read_word(map, "per", period_words, PERIOD_NONE);
    r->by = loading_find_key(l, &l->measures, map, "by");
    r->as = (enum rank_as)read_word(map, "as", as_words, RANK_VALUE);
    loading_find_all(l, &l->classes, map, "classes", &r->classes);
    loading_find_all(l, &l->measures, map, "requires", &r->requires);
    load_awards(l, map, r);
    if (r->as != RANK_VALUE)
        needs_targets(l, node_get(map, "by"));
    for (guint i = 0; i < required->len; i++)
        needs_targets(l, required->pdata[i]);
}

void
load_rankings(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "rankings");

    for (guint i = 0; i < maps->len; i++)
        load_ranking(l, maps->pdata[i], l->pack->rankings->pdata[i]);
}

/* ---- checks ---- */

/* A word of check_words is the name of its reason, but for this one: the
 * note names the sender. */
static enum reason
check_reason(const char *word)
{
    enum reason r = REASON_UNREGISTERED_SENDER;

    if (strcmp(word, "unregistered") != 0) {
        gboolean known = reason_parse(word, &r);

        g_assert(known);
    }
    return r;
}

void
load_reasons(const struct node *map, const char *key, struct reason_list *out)
{
    const GPtrArray *words = loading_entries(map, key);

    for (guint i = 0; i < words->len; i++)
        reason_add(out,
                   check_reason(((const struct node *)words->pdata[i])->text));
}

/* Which keys a check needs, and which others know nothing of. */
struct check_need {
    const char *key;
    const char *words[4]; /* the checks that need it */
};

static const struct check_need needs[] = {
    {"value", {"too-long", "too-short", "bunching", NULL}},
    {"text", {"no-tag", NULL}},
    {"days", {"bunching", NULL}},
    {"per", {"bunching", NULL}},
};

static void
check_need(struct loading *l, const struct node *map,
           const struct check_need *need)
{
    const GPtrArray *words = loading_entries(map, "check");
    const struct node *key = node_key(map, need->key);
    g_autofree char *all = g_strjoinv(", ", (char **)need->words);
    gboolean wanted = FALSE;

    for (guint i = 0; i < words->len; i++) {
        const struct node *n = words->pdata[i];

        if (word_index(n->text, need->words) < 0)
            continue;
        wanted = TRUE;
        if (!key)
            problem_at(l->ps, n, _("%s needs \"%s\""), n->text, need->key);
    }
    if (key && !wanted)
        problem_at(l->ps, key, _("\"%s\" goes with %s"), need->key, all);
}

static void
load_check(struct loading *l, const struct node *map)
{
    struct pack_check *c = pack_add_check(l->pack);

    c->place = loading_place(map);
    load_reasons(map, "check", &c->reasons);
    c->then = (enum check_then)read_word(map, "then", then_words, THEN_NOTE);
    c->clause = read_copy(map, "clause");
    c->choice = read_copy(map, "choice");
    c->value = read_number(map, "value", 0);
    c->text = read_copy(map, "text");
    c->days = read_whole(map, "days", 0);
    c->per = (enum period_kind)read_word(map, "per", period_words, PERIOD_NONE);
    loading_find_all(l, &l->forms, map, "forms", &c->forms);
    for (size_t i = 0; i < G_N_ELEMENTS(needs); i++)
        check_need(l, map, &needs[i]);
}

void
load_checks(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "checks");

    for (guint i = 0; i < maps->len; i++)
        load_check(l, maps->pdata[i]);
}
