/* notice_named.c - who is named in the 通报, with the reason beside each
 * name: praise and criticism, deductions, adjustments. */
#include "report/notice_parts.h"

/* Units in the order of their first mention, each with what is said. */
struct mentions {
    GPtrArray *units;  /* of const char* */
    GHashTable *texts; /* unit -> GString */
};

static void
mentions_init(struct mentions *m)
{
    m->units = g_ptr_array_new();
    m->texts = g_hash_table_new(g_str_hash, g_str_equal);
}

static void
mention(struct mentions *m, const char *unit, const char *separator,
        const char *text)
{
    GString *said = g_hash_table_lookup(m->texts, unit);

    if (!said) {
        said = g_string_new(NULL);
        g_hash_table_insert(m->texts, (gpointer)unit, said);
        g_ptr_array_add(m->units, (gpointer)unit);
    }
    notice_join(said, separator, text);
}

/* Several of whom the same is said stand in one sentence, with the first of
 * them: after a bad quarter fifty units have one reason. */
static GString *
names_alike(const struct notice *n, const struct mentions *m, guint first)
{
    const char *separator = phrases_get(n->words, "line.separator");
    const GString *said = g_hash_table_lookup(m->texts, m->units->pdata[first]);
    GString *names = g_string_new(NULL);

    for (guint i = 0; i < m->units->len; i++) {
        const GString *other =
            g_hash_table_lookup(m->texts, m->units->pdata[i]);

        if (!g_string_equal(said, other))
            continue;
        if (i < first) /* it stands with that one */
            break;
        notice_join(names, separator, m->units->pdata[i]);
    }
    return names;
}

static struct value *
mentions_list(const struct notice *n, const struct mentions *m)
{
    struct value *list = value_list();

    for (guint i = 0; i < m->units->len; i++) {
        const GString *said = g_hash_table_lookup(m->texts, m->units->pdata[i]);
        GString *names = names_alike(n, m, i);

        if (names->len > 0) {
            struct value *v = value_map();

            notice_set(v, "unit", names->str);
            notice_set(v, "reasons", said->str);
            value_append(list, v);
        }
        g_string_free(names, TRUE);
    }
    return list;
}

static struct value *
mentions_take(const struct notice *n, struct mentions *m)
{
    struct value *list = mentions_list(n, m);

    for (guint i = 0; i < m->units->len; i++)
        g_string_free(g_hash_table_lookup(m->texts, m->units->pdata[i]), TRUE);
    g_ptr_array_unref(m->units);
    g_hash_table_unref(m->texts);
    return list;
}

/* What is said of one unit under one heading, from several facts: in the
 * order of the first of them. */
struct group {
    gconstpointer first; /* honour or deduction */
    GString *reasons;    /* owned */
    decimal points;
    int times;
};

static void
group_free(gpointer data)
{
    struct group *g = data;

    g_string_free(g->reasons, TRUE);
    g_free(g);
}

static struct group *
group_of(GPtrArray *groups, GHashTable *by_key, gconstpointer first, char *key)
{
    struct group *g = g_hash_table_lookup(by_key, key);

    if (g) {
        g_free(key);
        return g;
    }
    g = g_new0(struct group, 1);
    g->first = first;
    g->reasons = g_string_new(NULL);
    g_hash_table_insert(by_key, key, g);
    g_ptr_array_add(groups, g);
    return g;
}

static GHashTable *
by_key_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* One text with all its reasons: 海东单篇《…》、《…》，予以奖励. */
static char *
honour_text(const struct notice *n, const struct group *g)
{
    const struct bulletin_honour *h = g->first;
    struct value *v = value_map();

    notice_set(v, "text", h->text);
    notice_set(v, "reasons", g->reasons->str);
    return notice_phrase(
        n, h->kind == HONOUR_AWARD ? "part.award" : "part.named", v);
}

struct value *
notice_honours(const struct notice *n, gboolean good)
{
    const GPtrArray *all = n->b->honours;
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(group_free);
    g_autoptr(GHashTable) by_key = by_key_new();
    struct mentions m;

    mentions_init(&m);
    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_honour *h = all->pdata[i];
        struct group *g;

        if ((h->kind <= HONOUR_PRAISE) != good)
            continue;
        g = group_of(groups, by_key, h,
                     g_strdup_printf("%d\n%s\n%s", h->kind, h->unit, h->text));
        if (h->reason)
            notice_join(g->reasons, phrases_get(n->words, "line.separator"),
                        h->reason);
    }
    for (guint i = 0; i < groups->len; i++) {
        const struct group *g = groups->pdata[i];
        const struct bulletin_honour *h = g->first;
        g_autofree char *text = honour_text(n, g);

        mention(&m, h->unit, phrases_get(n->words, "line.semicolon"), text);
    }
    return mentions_take(n, &m);
}

/* ---- deductions, adjustments ---- */

static char *
deduction_text(const struct notice *n, const struct group *g)
{
    const struct bulletin_deduction *d = g->first;
    struct value *v = value_map();

    notice_set(v, "item", d->item);
    if (g->times > 1)
        value_set_int(v, "times", g->times);
    else
        value_set_text(v, "times", "");
    value_take_text(v, "points", decimal_format(ABS(g->points)));
    return notice_phrase(n, g->points < 0 ? "part.deduction" : "part.returned",
                         v);
}

struct value *
notice_deductions(const struct notice *n)
{
    const GPtrArray *all = n->b->deductions;
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(group_free);
    g_autoptr(GHashTable) by_key = by_key_new();
    struct mentions m;

    mentions_init(&m);
    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_deduction *d = all->pdata[i];
        struct group *g = group_of(
            groups, by_key, d,
            g_strdup_printf("%d\n%s\n%s", d->points < 0, d->unit, d->item));

        g->points += d->points;
        g->times++;
    }
    for (guint i = 0; i < groups->len; i++) {
        const struct group *g = groups->pdata[i];
        const struct bulletin_deduction *d = g->first;
        g_autofree char *text = deduction_text(n, g);

        mention(&m, d->unit, phrases_get(n->words, "line.separator"), text);
    }
    return mentions_take(n, &m);
}

struct value *
notice_adjustments(const struct notice *n)
{
    const GPtrArray *all = n->b->adjustments;
    struct mentions m;

    mentions_init(&m);
    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_adjustment *a = all->pdata[i];
        struct value *v = value_map();
        g_autofree char *text = NULL;

        notice_set(v, "item", a->item);
        notice_set(v, "number", a->about);
        notice_set(v, "currency", a->currency);
        value_take_text(v, "date", day_format_chinese(a->date));
        value_take_text(v, "points", decimal_format(ABS(a->points)));
        text = notice_phrase(
            n, a->points < 0 ? "part.adjust_down" : "part.adjust_up", v);
        mention(&m, a->unit, phrases_get(n->words, "line.separator"), text);
    }
    return mentions_take(n, &m);
}
