/* load_items.c - groups and items: what a mark is worth, and what counts of
 * several. */
#include "base/i18n.h"
#include "pack/loading.h"

#include <string.h>

/* ---- names first: they may be referred to before they stand ---- */
static void
repeated(const struct loading *l, const struct node *name)
{
    problem_at(l->ps, name, _("\"%s\" is there twice"), name->text);
}

static gboolean
is_free_name(const struct loading *l, const struct node *name)
{
    if (strcmp(name->text, "all") == 0)
        problem_at(l->ps, name,
                   _("\"all\" means every item with points; choose another "
                     "name"));
    else if (vocabulary_find(&l->groups, name->text) >= 0)
        problem_at(l->ps, name, _("\"%s\" is both a group and an item"),
                   name->text);
    else
        return TRUE;
    return FALSE;
}

static void
name_groups(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "groups");

    for (guint i = 0; i < maps->len; i++) {
        const struct node *name = node_get(maps->pdata[i], "name");
        struct pack_group *g = pack_add_group(l->pack, name->text);

        g->place = loading_place(name);
        if (strcmp(name->text, "all") == 0)
            is_free_name(l, name);
        else if (!vocabulary_add(&l->groups, name->text, g->index))
            repeated(l, name);
    }
}

static void
name_items(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "items");

    for (guint i = 0; i < maps->len; i++) {
        const struct node *name = node_get(maps->pdata[i], "name");
        struct pack_item *item = pack_add_item(l->pack, name->text);

        item->place = loading_place(name);
        if (is_free_name(l, name) &&
            !vocabulary_add(&l->items, name->text, item->index))
            repeated(l, name);
    }
}

/* Former names come last, so that a present name is never called the
 * repeated one. */
static void
name_former(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "items");

    for (guint i = 0; i < maps->len; i++) {
        const GPtrArray *was = loading_entries(maps->pdata[i], "was");

        for (guint k = 0; k < was->len; k++) {
            const struct node *name = was->pdata[k];

            if (!is_free_name(l, name))
                continue;
            if (vocabulary_add(&l->items, name->text, (int)i))
                pack_item_was(l->pack, pack_item(l->pack, (int)i), name->text);
            else
                repeated(l, name);
        }
    }
}

static void
name_measures(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "measures");

    for (guint i = 0; i < maps->len; i++) {
        const struct node *name = node_get(maps->pdata[i], "name");
        struct pack_measure *m = pack_add_measure(l->pack, name->text);

        m->place = loading_place(name);
        if (!vocabulary_add(&l->measures, name->text, m->index))
            repeated(l, name);
    }
}

static void
name_rankings(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "rankings");

    for (guint i = 0; i < maps->len; i++) {
        const struct node *name = node_get(maps->pdata[i], "name");
        struct pack_ranking *r = pack_add_ranking(l->pack, name->text);

        r->place = loading_place(name);
        if (!vocabulary_add(&l->rankings, name->text, r->index))
            repeated(l, name);
    }
}

void
load_names(struct loading *l)
{
    name_groups(l);
    name_items(l);
    name_former(l);
    name_measures(l);
    name_rankings(l);
}

/* ---- groups ---- */
static void
load_keep(struct loading *l, const struct node *map, struct pack_group *g)
{
    const struct node *n = node_get(map, "keep");
    size_t digits = strspn(n->text, "0123456789");

    g->keep = KEEP_ALL;
    if (strcmp(n->text, "all") == 0)
        return;
    if (digits > 0 && digits < 7 && !n->text[digits])
        g->keep = (int)g_ascii_strtoll(n->text, NULL, 10);
    if (g->keep < 1)
        problem_at(l->ps, n,
                   _("\"%s\": keep is all, or how many count (1 is the highest "
                     "only)"),
                   n->text);
}

static void
load_per(const struct node *map, struct pack_group *g)
{
    const GPtrArray *words = loading_entries(map, "per");

    if (words->len)
        g->per = 0;
    for (guint i = 0; i < words->len; i++)
        g->per |=
            1u << word_index(((struct node *)words->pdata[i])->text, per_words);
}

static void
load_limits(struct loading *l, const struct node *map, struct pack_group *g)
{
    const struct node *least = node_get(map, "at-least");

    g->has_most = node_get(map, "at-most") != NULL;
    g->has_least = least != NULL;
    g->at_most = read_number(map, "at-most", 0);
    g->at_least = read_number(map, "at-least", 0);
    if (g->has_most && g->has_least && g->at_least > g->at_most)
        problem_at(l->ps, least, _("\"at-least\" is above \"at-most\""));
}

static void
load_group(struct loading *l, const struct node *map, struct pack_group *g)
{
    g->group = loading_find_key(l, &l->groups, map, "group");
    g->currency = read_copy(map, "currency");
    g->clause = read_copy(map, "clause");
    g->choice = read_copy(map, "choice");
    load_keep(l, map, g);
    load_per(map, g);
    load_limits(l, map, g);
    if (node_get(map, "group") && g->currency)
        problem_at(l->ps, node_key(map, "currency"),
                   _("only an outermost group has a currency"));
}

/* The outermost group; a group inside itself is reported and let out. */
static void
find_root(struct loading *l, const struct node *map, struct pack_group *g)
{
    int up = g->group, steps = 0;

    g->root = g->index;
    for (; up >= 0 && steps++ < (int)l->pack->groups->len;
         up = pack_group(l->pack, up)->group) {
        if (up == g->index) {
            problem_at(l->ps, node_get(map, "group"),
                       _("group %s is inside itself"), g->name);
            g->group = -1;
            g->root = g->index;
            return;
        }
        g->root = up;
    }
}

static void
collect_members(struct pack *p)
{
    for (guint i = 0; i < p->groups->len; i++) {
        struct pack_group *g = p->groups->pdata[i];
        GArray *groups = g_array_new(FALSE, FALSE, sizeof(int));
        GArray *items = g_array_new(FALSE, FALSE, sizeof(int));

        for (guint k = 0; k < p->groups->len; k++)
            if (pack_group(p, (int)k)->group == g->index)
                g_array_append_val(groups, k);
        for (guint k = 0; k < p->items->len; k++)
            if (pack_item(p, (int)k)->group == g->index)
                g_array_append_val(items, k);
        index_set_take(&g->groups, groups);
        index_set_take(&g->items, items);
    }
}

void
load_groups(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "groups");

    for (guint i = 0; i < maps->len; i++)
        load_group(l, maps->pdata[i], pack_group(l->pack, (int)i));
    for (guint i = 0; i < maps->len; i++)
        find_root(l, maps->pdata[i], pack_group(l->pack, (int)i));
}

/* ---- points ---- */
static gboolean
parse_end(const char *text, decimal *out)
{
    return *text == '\0' || decimal_parse(text, out);
}

/* "-2..-8", "0..", "-2.." (two or more off).  FALSE when it is no range. */
static gboolean
parse_range(const char *text, struct points *out)
{
    const char *dots = strstr(text, "..");
    g_autofree char *from = NULL;
    decimal a = 0, b = 0;

    if (!dots)
        return FALSE;
    from = g_strndup(text, (gsize)(dots - text));
    if (!*from || !parse_end(from, &a) || !parse_end(dots + 2, &b))
        return FALSE;
    if (!dots[2])
        b = *from == '-' ? -DECIMAL_MAX : DECIMAL_MAX;
    out->kind = POINTS_RANGE;
    out->low = MIN(a, b);
    out->high = MAX(a, b);
    return TRUE;
}

static void
load_formula(const struct loading *l, const struct node *n,
             const struct formula_columns *columns, struct points *out)
{
    out->kind = POINTS_FORMULA;
    out->formula.text = g_strdup(n->text + 1);
    out->formula.top = formula_read(n, columns, l->ps);
}

void
load_points(const struct loading *l, const struct node *n,
            const struct formula_columns *columns, struct points *out)
{
    out->place = loading_place(n);
    if (n->text[0] == '=')
        load_formula(l, n, columns, out);
    else if (strcmp(n->text, "unstated") == 0)
        out->kind = POINTS_UNSTATED;
    else if (decimal_parse(n->text, &out->number))
        out->kind = POINTS_NUMBER;
    else if (has_too_many_places(n->text))
        problem_at(l->ps, n, _("\"%s\" has more than six places"), n->text);
    else if (!parse_range(n->text, out) && !problem_of_width(l->ps, n))
        problem_at(l->ps, n,
                   _("\"%s\" is not a number, a range such as -2..-8 or 0.., "
                     "unstated or a formula \"=...\""),
                   n->text);
}

/* ---- items ---- */

/* What the formula of an item may look at. */
static const char *const item_columns[ITEM_COLUMNS] = {
    [COLUMN_QUANTITY] = "quantity", [COLUMN_AMOUNT] = "amount",
    [COLUMN_NTH] = "nth",           [COLUMN_WORDS] = "words",
    [COLUMN_BASE] = "base",         [COLUMN_FORM] = "form",
    [COLUMN_CLASS] = "class",       [COLUMN_UNIT] = "unit",
    [COLUMN_ACTUAL] = "actual",     [COLUMN_TARGET] = "target"};

static void
load_item_points(struct loading *l, const struct node *map,
                 const struct pack_item *item, struct points *out)
{
    const struct node *n = node_get(map, "points");
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    gboolean used[ITEM_COLUMNS] = {FALSE};
    struct formula_columns columns = {names, COLUMN_FORM, COLUMN_ACTUAL, used};

    if (!n)
        return; /* a case without points gives 0 */
    for (int i = 0; i < ITEM_COLUMNS; i++)
        if (i < COLUMN_ACTUAL || item->measures.n > 0)
            g_ptr_array_add(names, (gpointer)item_columns[i]);
    load_points(l, n, &columns, out);
    out->formula.base = used[COLUMN_BASE];
    out->formula.nth = used[COLUMN_NTH];
    out->formula.actual = used[COLUMN_ACTUAL];
}

static gboolean
is_conditional(const struct node *map)
{
    return map->items->len > (node_get(map, "points") ? 2u : 0u);
}

static void
load_case(struct loading *l, const struct node *map,
          const struct pack_item *item, struct pack_case *c)
{
    loading_find_all(l, &l->forms, map, "forms", &c->forms);
    loading_find_all(l, &l->classes, map, "classes", &c->classes);
    loading_find_all(l, &l->units, map, "units", &c->units);
    loading_select(l, map, "with", &c->with);
    c->with_names = read_names(map, "with");
    if (node_get(map, "levels"))
        c->levels = read_names(map, "levels");
    c->min_words = read_whole(map, "min-words", -1);
    c->first = read_whole(map, "first", 0);
    load_item_points(l, map, item, &c->points);
}

static void
load_cases(struct loading *l, const struct node *map, struct pack_item *item)
{
    const GPtrArray *cases = loading_entries(map, "cases");
    const struct node *always = NULL;

    for (guint i = 0; i < cases->len; i++) {
        const struct node *c = cases->pdata[i];

        if (always)
            problem_at(l->ps, c,
                       _("this case is never reached: the one in line %d "
                         "always holds"),
                       always->line);
        else if (!is_conditional(c))
            always = c;
        load_case(l, c, item, &g_array_index(item->cases, struct pack_case, i));
    }
}

static void
load_when(const struct node *map, struct pack_item *item)
{
    int word = read_word(map, "when", when_words, -1);
    int periods = WHEN_PERIOD - 1; /* words from here on are period kinds */

    item->when = (enum when)(word < periods ? word + 1 : WHEN_PERIOD);
    item->period =
        word < periods ? PERIOD_NONE : (enum period_kind)(word - periods);
}

static gboolean
is_about_measures(const struct pack_item *item)
{
    return item->when >= WHEN_MET && item->when <= WHEN_PROGRESS;
}

/* Measures as `when: met` and its like need them: with targets, and judged
 * over the same periods. */
static void
check_measures(struct loading *l, const struct node *map,
               struct pack_item *item)
{
    const GPtrArray *names = loading_entries(map, "measures");
    const GPtrArray *maps = loading_entries(l->top, "measures");
    const char *per = NULL;

    for (guint i = 0; i < names->len; i++) {
        const struct node *n = names->pdata[i];
        int index = vocabulary_find(&l->measures, n->text);
        const struct node *m = index >= 0 ? maps->pdata[index] : NULL;
        const char *its = m ? read_text(m, "per") : NULL;

        if (m)
            g_array_append_val(item->named_measures, index);
        if (m && !node_get(m, "targets"))
            problem_at(l->ps, n, _("measure %s has no targets"), n->text);
        if (per && its && strcmp(per, its) != 0)
            problem_at(l->ps, n,
                       _("these measures have not one and the same per"));
        per = per ? per : its;
    }
    if (item->when >= WHEN_MISSING && names->len > 1)
        problem_at(l->ps, names->pdata[1], _("%s is about one measure"),
                   read_text(map, "when"));
}

static void
check_when(struct loading *l, const struct node *map,
           const struct pack_item *item)
{
    const struct node *measures = node_key(map, "measures");
    const struct node *stage = node_key(map, "stage");
    const struct node *hours = node_key(map, "within-hours");
    gboolean deadline =
        item->when >= WHEN_ANSWERED && item->when <= WHEN_OVERDUE;

    if (is_about_measures(item) && !measures)
        problem_at(l->ps, node_get(map, "when"),
                   _("\"measures\" is missing: %s of which measures?"),
                   read_text(map, "when"));
    if (measures && !is_about_measures(item))
        problem_at(l->ps, measures,
                   _("measures goes with when: met, unmet, missing, surplus, "
                     "progress"));
    if ((stage != NULL) != (hours != NULL))
        problem_at(l->ps, stage ? stage : hours,
                   _("stage and within-hours go together"));
    if (stage && !deadline)
        problem_at(l->ps, stage,
                   _("stage goes with when: answered, late, missed, overdue"));
    if (hours && item->within_seconds <= 0)
        problem_at(l->ps, node_get(map, "within-hours"),
                   _("within-hours is more than 0"));
}

static void
check_valued(struct loading *l, const struct node *map,
             const struct pack_item *item)
{
    const struct node *cases = node_key(map, "cases");

    if (node_get(map, "points") && cases)
        problem_at(l->ps, cases, _("points or cases, not both"));
    if (cases && loading_entries(map, "cases")->len == 0)
        problem_at(l->ps, node_get(map, "cases"), _("the list \"%s\" is empty"),
                   "cases");
    if (pack_item_has_points(item) && !node_get(map, "group"))
        problem_at(l->ps, node_get(map, "name"),
                   _("an item with points needs a group: does \"%s\" add to "
                     "the others or compete with them?"),
                   item->name);
}

/* Room for the cases, so that `all` knows which items have points before
 * any case is read. */
static void
add_cases(const struct node *map, struct pack_item *item)
{
    guint n = node_get(map, "points") ? 1 : loading_entries(map, "cases")->len;

    while (n-- > 0)
        pack_add_case(item);
}

/* What does not refer to other items. */
static void
load_item(struct loading *l, const struct node *map, struct pack_item *item)
{
    char **texts[] = {&item->label, &item->text};
    const char *const keys[] = {"label", "text"};

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (!node_get(map, keys[i]))
            continue;
        g_free(*texts[i]);
        *texts[i] = read_copy(map, keys[i]);
    }
    item->clause = read_copy(map, "clause");
    item->choice = read_copy(map, "choice");
    item->stage = read_copy(map, "stage");
    item->within_seconds =
        read_number(map, "within-hours", 0) * 3600 / DECIMAL_ONE;
    item->effect =
        (enum effect)(read_word(map, "effect", effect_words, -1) + 1);
    item->group = loading_find_key(l, &l->groups, map, "group");
    if (item->group >= 0)
        item->root = pack_group(l->pack, item->group)->root;
    load_when(map, item);
    add_cases(map, item);
    loading_find_all(l, &l->measures, map, "measures", &item->measures);
}

static void
load_value(struct loading *l, const struct node *map, struct pack_item *item)
{
    if (node_get(map, "points"))
        load_item_points(
            l, map, item,
            &g_array_index(item->cases, struct pack_case, 0).points);
    else
        load_cases(l, map, item);
    check_valued(l, map, item);
    check_when(l, map, item);
    check_measures(l, map, item);
}

void
load_items(struct loading *l)
{
    const GPtrArray *maps = loading_entries(l->top, "items");

    for (guint i = 0; i < maps->len; i++)
        load_item(l, maps->pdata[i], pack_item(l->pack, (int)i));
    collect_members(l->pack);
    for (guint i = 0; i < maps->len; i++)
        load_value(l, maps->pdata[i], pack_item(l->pack, (int)i));
}
