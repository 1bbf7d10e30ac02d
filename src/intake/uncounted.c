/* uncounted.c - see uncounted.h. */
#include "intake/uncounted.h"

#include "intake/letters.h"
#include "register/mark.h"
#include "register/status.h"
#include "rules/explain.h"

enum { LISTED = 30 }; /* in a letter; more are a number */

/* ---- items ---- */

static gboolean
may_be_marked(const struct pack *p, const char *name)
{
    const struct pack_item *item = pack_find_item(p, name);

    return item && !item->retired && item->when == WHEN_MARKED;
}

static enum st
find_under(const struct office *o, struct reg *reg, guint n, GPtrArray *out,
           struct err *e)
{
    const struct pack *p = o->packs->pdata[n];
    const struct pack *next =
        n + 1 < o->packs->len ? o->packs->pdata[n + 1] : NULL;
    g_autoptr(GPtrArray) all = NULL;
    enum st st =
        reg_marks_by_item(reg, n ? p->effective : DAY_FIRST,
                          next ? next->effective - 1 : DAY_LAST, &all, e);

    while (st == ST_OK && all->len > 0) {
        struct reg_item_count *c = g_ptr_array_steal_index(all, 0);

        if (may_be_marked(p, c->item))
            reg_item_count_free(c);
        else
            g_ptr_array_add(out, c);
    }
    return st;
}

enum st
uncounted_items(const struct office *o, struct reg *reg, GPtrArray **out,
                struct err *e)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(reg_item_count_free);
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < o->packs->len; n++)
        st = find_under(o, reg, n, found, e);
    if (st == ST_OK)
        *out = found;
    else
        g_ptr_array_unref(found);
    return st;
}

/* ---- to staff, when the rules have changed ---- */

static struct value *
items_value(const GPtrArray *items)
{
    struct value *list = value_list();

    for (guint n = 0; n < items->len; n++) {
        const struct reg_item_count *c = items->pdata[n];
        struct value *v = value_map();

        value_set_text(v, "item", c->item);
        value_set_int(v, "count", c->n);
        value_take_text(v, "since", day_format_chinese(c->first));
        value_append(list, v);
    }
    return list;
}

static enum st
post_items(struct intake *i, const GPtrArray *items, struct err *e)
{
    g_autoptr(value) v = value_map();

    value_set(v, "items", items_value(items));
    return post_to_staff(i, LETTER_UNCOUNTED, v, 0, e);
}

enum st
uncounted_tell(struct intake *i, struct err *e)
{
    const struct office *o = i->office;
    g_autofree char *key = g_strdup_printf("uncounted %s", o->rules_digest);
    g_autoptr(GPtrArray) items = NULL;
    gboolean first = FALSE;
    enum st st = reg_once(i->reg, key, clock_now(&o->clock), &first, e);

    if (st != ST_OK || !first)
        return st;
    st = uncounted_items(o, i->reg, &items, e);
    return st == ST_OK && items->len > 0 ? post_items(i, items, e) : st;
}

/* ---- in the letters about a period ---- */

static void
add_row(struct value *list, char *what)
{
    struct value *row = value_map();

    value_take_text(row, "what", what);
    value_append(list, row);
}

/* "2019-07-05 旧刊 2019-0012 标题 王芳": nothing but what was recorded. */
static char *
row_of(const struct explained *x)
{
    g_autofree char *day = day_format(x->day);

    return g_strjoin(" ", day, x->item, x->about ? x->about : "-", x->by, NULL);
}

void
uncounted_facts(const struct scoring *s, const struct period *p,
                struct value *v)
{
    g_autoptr(GPtrArray) unknown =
        explain_unknown(s->score, -1, p->from, p->to);
    guint skipped = s->skipped ? s->skipped->len : 0;
    struct value *list;

    if (unknown->len + skipped == 0)
        return;
    list = value_list();
    for (guint n = 0; n < unknown->len && n < LISTED; n++)
        add_row(list, row_of(unknown->pdata[n]));
    for (guint n = 0; n < skipped && n + unknown->len < LISTED; n++)
        add_row(list, g_strdup(s->skipped->pdata[n]));
    value_set_int(v, "uncounted_count", unknown->len + skipped);
    value_set(v, "uncounted", list);
}
