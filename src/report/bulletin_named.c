/* bulletin_named.c - see bulletin_named.h. */
#include "report/bulletin_named.h"

/* ---- together ---- */

static void
named_free(gpointer data)
{
    struct named *n = data;

    g_ptr_array_unref(n->honours);
    g_free(n);
}

static struct named *
named_new(GPtrArray *all, const struct bulletin_honour *first)
{
    struct named *n = g_new(struct named, 1);

    n->first = first;
    n->honours = g_ptr_array_new();
    g_ptr_array_add(all, n);
    return n;
}

GPtrArray *
named_all(const struct bulletin *b)
{
    g_autoptr(GHashTable) by_key =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *all = g_ptr_array_new_with_free_func(named_free);

    for (guint i = 0; i < b->honours->len; i++) {
        const struct bulletin_honour *h = b->honours->pdata[i];
        g_autofree char *key =
            g_strdup_printf("%d\n%s\n%s", h->kind, h->unit, h->text);
        struct named *n = g_hash_table_lookup(by_key, key);

        if (!n) {
            n = named_new(all, h);
            g_hash_table_insert(by_key, g_steal_pointer(&key), n);
        }
        g_ptr_array_add(n->honours, (gpointer)h);
    }
    return all;
}

/* ---- reasons ---- */

static void
join(GString *out, const char *separator, const char *text)
{
    g_string_append_printf(out, "%s%s", out->len > 0 ? separator : "", text);
}

static gboolean
same_task(const struct bulletin_honour *a, const struct bulletin_honour *b)
{
    return a->metric && b->metric && g_str_equal(a->metric, b->metric) &&
           a->target == b->target;
}

/* The task of the honour at `first`, in all periods that are named. */
static char *
task_reason(const struct bulletin *b, const struct phrases *words,
            const struct named *n, guint first, enum named_style style)
{
    const struct bulletin_honour *of = n->honours->pdata[first];
    const char *separator = phrases_get(words, "line.separator");
    g_autoptr(value) facts = value_map();
    g_autoptr(GString) results = g_string_new(NULL);

    for (guint i = first; i < n->honours->len; i++) {
        const struct bulletin_honour *h = n->honours->pdata[i];
        g_autofree char *result =
            same_task(of, h) ? g_strconcat(h->period, h->actual, NULL) : NULL;

        if (result)
            join(results, separator, result);
    }
    value_set_text(facts, "metric", of->metric);
    value_set_text(facts, "text", results->str);
    value_take_text(facts, "target", decimal_format(of->target));
    return phrase(b, words,
                  style == NAMED_OPEN ? "reason.target" : "reason.within",
                  facts);
}

/* Was the task told with an earlier honour? */
static gboolean
is_told(const struct named *n, guint index)
{
    for (guint i = 0; i < index; i++)
        if (same_task(n->honours->pdata[i], n->honours->pdata[index]))
            return TRUE;
    return FALSE;
}

char *
named_reasons(const struct bulletin *b, const struct phrases *words,
              const struct named *n, enum named_style style)
{
    const char *separator = phrases_get(words, "line.separator");
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < n->honours->len; i++) {
        const struct bulletin_honour *h = n->honours->pdata[i];
        g_autofree char *task = NULL;

        if (h->metric && is_told(n, i))
            continue;
        if (h->metric)
            task = task_reason(b, words, n, i, style);
        if (task || h->reason)
            join(out, separator, task ? task : h->reason);
    }
    return g_string_free(out, FALSE);
}
