/* loading.c - see loading.h: names and where they lead. */
#include "pack/loading.h"

#include "base/i18n.h"
#include "base/text.h"

#include <string.h>

enum { YEAR_FIRST = 1990, YEAR_LAST = 2099 };

void
vocabulary_init(struct vocabulary *v, const char *kind)
{
    v->kind = kind;
    v->exact = FALSE;
    v->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    v->words = g_ptr_array_new_with_free_func(g_free);
}

void
vocabulary_clear(struct vocabulary *v)
{
    g_hash_table_unref(v->index);
    g_ptr_array_unref(v->words);
}

static char *
key_of(const struct vocabulary *v, const char *name)
{
    return v->exact ? g_strdup(name) : text_fold(name);
}

gboolean
vocabulary_add(struct vocabulary *v, const char *name, int index)
{
    char *key = key_of(v, name);

    if (g_hash_table_contains(v->index, key)) {
        g_free(key);
        return FALSE;
    }
    g_hash_table_insert(v->index, key, GINT_TO_POINTER(index + 1));
    g_ptr_array_add(v->words, g_strdup(name));
    return TRUE;
}

int
vocabulary_find(const struct vocabulary *v, const char *name)
{
    g_autofree char *key = key_of(v, name);

    return GPOINTER_TO_INT(g_hash_table_lookup(v->index, key)) - 1;
}

static void
unknown(const struct loading *l, const struct vocabulary *v,
        const struct node *n)
{
    const char *kind = gettext(v->kind);
    const char *near = nearest_in(n->text, v->words);
    g_autofree char *all = names_listed(v->words);

    if (problem_of_list(l->ps, n, near))
        return;
    if (near)
        problem_at(l->ps, n,
                   _("nothing is called \"%s\": %s is expected; did you mean "
                     "\"%s\"?"),
                   n->text, kind, near);
    else if (v->words->len)
        problem_at(l->ps, n,
                   _("nothing is called \"%s\": %s is expected; there are %s"),
                   n->text, kind, all);
    else
        problem_at(l->ps, n,
                   _("nothing is called \"%s\": %s is expected, and there is "
                     "none"),
                   n->text, kind);
}

int
loading_find(const struct loading *l, const struct vocabulary *v,
             const struct node *n)
{
    int index = vocabulary_find(v, n->text);

    if (index < 0)
        unknown(l, v, n);
    return index;
}

int
loading_find_key(const struct loading *l, const struct vocabulary *v,
                 const struct node *map, const char *key)
{
    const struct node *n = node_get(map, key);

    return n ? loading_find(l, v, n) : -1;
}

void
loading_find_all(const struct loading *l, const struct vocabulary *v,
                 const struct node *map, const char *key, struct index_set *out)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(int));
    const GPtrArray *names = loading_entries(map, key);

    for (guint i = 0; i < names->len; i++) {
        int index = loading_find(l, v, names->pdata[i]);

        if (index >= 0)
            g_array_append_val(found, index);
    }
    index_set_take(out, found);
}

/* ---- items by their own name, a group's, or `all` ---- */
/* Every item with points; what is counted in another currency is not part
 * of the score. */
static gboolean
is_in_all(const struct pack *p, const struct pack_item *item)
{
    return pack_item_has_points(item) && item->root >= 0 &&
           !pack_group(p, item->root)->currency;
}

static void
add_items(const struct pack *p, int group, GArray *found)
{
    for (guint i = 0; i < p->items->len; i++) {
        const struct pack_item *item = p->items->pdata[i];

        if (group >= 0 ? pack_item_inside(p, item, group) : is_in_all(p, item))
            g_array_append_val(found, item->index);
    }
}

static void
unknown_mark(const struct loading *l, const struct node *n)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    const char *near;

    g_ptr_array_extend(words, l->items.words, NULL, NULL);
    g_ptr_array_extend(words, l->groups.words, NULL, NULL);
    near = nearest_in(n->text, words);
    if (problem_of_list(l->ps, n, near))
        return;
    if (near)
        problem_at(l->ps, n,
                   _("no item or group is called \"%s\"; did you mean "
                     "\"%s\"?"),
                   n->text, near);
    else
        problem_at(l->ps, n, _("no item or group is called \"%s\""), n->text);
}

static void
select_one(const struct loading *l, const struct node *n, GArray *found)
{
    int item = vocabulary_find(&l->items, n->text);
    int group = vocabulary_find(&l->groups, n->text);

    if (strcmp(n->text, "all") == 0)
        add_items(l->pack, -1, found);
    else if (item >= 0)
        g_array_append_val(found, item);
    else if (group >= 0)
        add_items(l->pack, group, found);
    else
        unknown_mark(l, n);
}

void
loading_select(const struct loading *l, const struct node *map, const char *key,
               struct index_set *out)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(int));
    const struct node *n = node_get(map, key);

    if (n && n->kind == NODE_TEXT)
        select_one(l, n, found);
    for (guint i = 0; n && n->kind == NODE_LIST && i < n->items->len; i++)
        select_one(l, n->items->pdata[i], found);
    index_set_take(out, found);
}

/* ---- small things ---- */
void
loading_check_year(const struct loading *l, const struct node *map,
                   const char *key, civil_day d)
{
    int year, month, day;

    if (d == DAY_NONE)
        return;
    day_to_ymd(d, &year, &month, &day);
    if (year < YEAR_FIRST || year > YEAR_LAST)
        problem_at(l->ps, node_get(map, key),
                   _("\"%s\" is of the year %d: %d to %d is expected"), key,
                   year, YEAR_FIRST, YEAR_LAST);
}

struct place
loading_place(const struct node *n)
{
    struct place p = {n->file, n->line, n->column};

    return p;
}

const GPtrArray *
loading_entries(const struct node *map, const char *key)
{
    static const GPtrArray none = {NULL, 0};
    const struct node *n = map ? node_get(map, key) : NULL;

    return n ? n->items : &none;
}
