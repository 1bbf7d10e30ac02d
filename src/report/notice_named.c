/* notice_named.c - who is named in the 通报, with the reason beside each
 * name: praise and criticism, deductions, adjustments. */
#include "report/bulletin_named.h"
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

static void
mentions_clear(struct mentions *m)
{
    for (guint i = 0; i < m->units->len; i++)
        g_string_free(g_hash_table_lookup(m->texts, m->units->pdata[i]), TRUE);
    g_ptr_array_unref(m->units);
    g_hash_table_unref(m->texts);
}

static struct value *
mentions_take(const struct notice *n, struct mentions *m)
{
    struct value *list = mentions_list(n, m);

    mentions_clear(m);
    return list;
}

/* ---- honours ---- */

/* One text with all its reasons: 海东单篇《…》、《…》，予以奖励. */
static char *
honour_text(const struct notice *n, const struct named *of)
{
    const struct bulletin_honour *h = of->first;
    g_autofree char *reasons = named_reasons(n->b, n->words, of, NAMED_OPEN);
    struct value *v = value_map();

    notice_set(v, "text", h->text);
    notice_set(v, "reasons", reasons);
    return notice_phrase(
        n, h->kind == HONOUR_AWARD ? "part.award" : "part.named", v);
}

static gboolean
is_good(const struct named *of)
{
    return of->first->kind <= HONOUR_PRAISE;
}

/* A text is said once when it is said of more units than these, with the
 * reasons behind the names: after a bad year most units have missed a task. */
enum { MANY_UNITS = 5 };

static char *
text_key(const struct named *of)
{
    return g_strdup_printf("%d\n%s", of->first->kind, of->first->text);
}

/* Of how many units each text is said. */
static GHashTable *
count_texts(const GPtrArray *all)
{
    GHashTable *counts =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < all->len; i++) {
        char *key = text_key(all->pdata[i]);
        int n = GPOINTER_TO_INT(g_hash_table_lookup(counts, key));

        g_hash_table_replace(counts, key, GINT_TO_POINTER(n + 1));
    }
    return counts;
}

/* How many, when it is said once of them all; else 0.  Each award has its
 * own sentence. */
static int
said_once(GHashTable *counts, const struct named *of)
{
    g_autofree char *key = text_key(of);
    int n = GPOINTER_TO_INT(g_hash_table_lookup(counts, key));

    return of->first->kind != HONOUR_AWARD && n > MANY_UNITS ? n : 0;
}

/* 甲局、乙局（约稿《…》）；丙局（约稿《…》）. */
static char *
names_with_reasons(const struct notice *n, const struct mentions *m)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < m->units->len; i++) {
        const GString *said = g_hash_table_lookup(m->texts, m->units->pdata[i]);
        GString *names = names_alike(n, m, i);
        struct value *v = value_map();
        g_autofree char *text = NULL;

        notice_set(v, "units", names->str);
        notice_set(v, "reasons", said->str);
        text = notice_phrase(n, "part.with_reasons", v);
        if (names->len > 0)
            notice_join(out, phrases_get(n->words, "line.semicolon"), text);
        g_string_free(names, TRUE);
    }
    return g_string_free(out, FALSE);
}

/* All of whom the text of `first` is said. */
static struct value *
once_value(const struct notice *n, const GPtrArray *all,
           const struct named *first, int units)
{
    g_autofree char *key = text_key(first), *names = NULL;
    struct value *v = value_map(), *head = value_map();
    struct mentions m;

    mentions_init(&m);
    for (guint i = 0; i < all->len; i++) {
        const struct named *of = all->pdata[i];
        g_autofree char *other = text_key(of), *reasons = NULL;

        if (!g_str_equal(key, other))
            continue;
        reasons = named_reasons(n->b, n->words, of, NAMED_WITHIN);
        mention(&m, of->first->unit, "", reasons);
    }
    names = names_with_reasons(n, &m);
    mentions_clear(&m);
    notice_set(head, "text", first->first->text);
    value_set_int(head, "number", units);
    value_take_text(v, "unit", notice_phrase(n, "part.said_once", head));
    notice_set(v, "reasons", names);
    return v;
}

static void
append_said_once(const struct notice *n, const GPtrArray *all,
                 GHashTable *counts, gboolean good, struct value *list)
{
    g_autoptr(GHashTable) done =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < all->len; i++) {
        const struct named *of = all->pdata[i];
        int units = said_once(counts, of);

        if (units > 0 && is_good(of) == good &&
            g_hash_table_add(done, text_key(of)))
            value_append(list, once_value(n, all, of, units));
    }
}

struct value *
notice_honours(const struct notice *n, gboolean good)
{
    g_autoptr(GPtrArray) all = named_all(n->b);
    g_autoptr(GHashTable) counts = count_texts(all);
    struct value *list;
    struct mentions m;

    mentions_init(&m);
    for (guint i = 0; i < all->len; i++) {
        const struct named *of = all->pdata[i];
        g_autofree char *text = NULL;

        if (is_good(of) != good || said_once(counts, of) > 0)
            continue;
        text = honour_text(n, of);
        mention(&m, of->first->unit, phrases_get(n->words, "line.semicolon"),
                text);
    }
    list = mentions_take(n, &m);
    append_said_once(n, all, counts, good, list);
    return list;
}

/* ---- deductions, adjustments ---- */

/* The deductions of one unit and item, in the order of the first of them. */
struct group {
    const struct bulletin_deduction *first;
    decimal points;
    int times;
};

static struct group *
group_of(GPtrArray *groups, GHashTable *by_key,
         const struct bulletin_deduction *d)
{
    g_autofree char *key =
        g_strdup_printf("%d\n%s\n%s", d->points < 0, d->unit, d->item);
    struct group *g = g_hash_table_lookup(by_key, key);

    if (g)
        return g;
    g = g_new0(struct group, 1);
    g->first = d;
    g_hash_table_insert(by_key, g_steal_pointer(&key), g);
    g_ptr_array_add(groups, g);
    return g;
}

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
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) by_key =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    struct mentions m;

    mentions_init(&m);
    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_deduction *d = all->pdata[i];
        struct group *g = group_of(groups, by_key, d);

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
