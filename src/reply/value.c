/* value.c - see value.h. */
#include "reply/value.h"

#include <string.h>

struct value {
    enum value_kind kind;
    gboolean truth;
    char *text;
    GPtrArray *list; /* of struct value */
    GHashTable *map; /* char* -> struct value */
};

static struct value *
new_value(enum value_kind kind)
{
    struct value *v = g_new0(struct value, 1);

    v->kind = kind;
    return v;
}

static void
free_value(gpointer data)
{
    value_free(data);
}

struct value *
value_text(const char *text)
{
    struct value *v = new_value(VALUE_TEXT);

    v->text = g_strdup(text ? text : "");
    return v;
}

struct value *
value_bool(gboolean truth)
{
    struct value *v = new_value(VALUE_BOOL);

    v->truth = truth;
    return v;
}

struct value *
value_list(void)
{
    struct value *v = new_value(VALUE_LIST);

    v->list = g_ptr_array_new_with_free_func(free_value);
    return v;
}

struct value *
value_map(void)
{
    struct value *v = new_value(VALUE_MAP);

    v->map = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_value);
    return v;
}

static struct value *
copy_list(const struct value *v)
{
    struct value *copy = value_list();

    for (guint i = 0; i < v->list->len; i++)
        value_append(copy, value_copy(v->list->pdata[i]));
    return copy;
}

static struct value *
copy_map(const struct value *v)
{
    struct value *copy = value_map();
    GHashTableIter iter;
    gpointer key, item;

    g_hash_table_iter_init(&iter, v->map);
    while (g_hash_table_iter_next(&iter, &key, &item))
        value_set(copy, key, value_copy(item));
    return copy;
}

struct value *
value_copy(const struct value *v)
{
    switch (v->kind) {
    case VALUE_TEXT:
        return value_text(v->text);
    case VALUE_BOOL:
        return value_bool(v->truth);
    case VALUE_LIST:
        return copy_list(v);
    case VALUE_MAP:
        return copy_map(v);
    }
    g_assert_not_reached();
}

void
value_free(struct value *v)
{
    if (!v)
        return;
    g_free(v->text);
    g_clear_pointer(&v->list, g_ptr_array_unref);
    g_clear_pointer(&v->map, g_hash_table_unref);
    g_free(v);
}

void
value_append(struct value *list, struct value *item)
{
    g_assert(list->kind == VALUE_LIST);
    g_ptr_array_add(list->list, item);
}

void
value_set(struct value *map, const char *key, struct value *item)
{
    g_assert(map->kind == VALUE_MAP);
    g_hash_table_replace(map->map, g_strdup(key), item);
}

void
value_set_text(struct value *map, const char *key, const char *text)
{
    value_set(map, key, value_text(text));
}

void
value_take_text(struct value *map, const char *key, char *text)
{
    value_set_text(map, key, text);
    g_free(text);
}

void
value_set_int(struct value *map, const char *key, gint64 n)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, n);

    value_set_text(map, key, text);
}

void
value_set_bool(struct value *map, const char *key, gboolean truth)
{
    value_set(map, key, value_bool(truth));
}

enum value_kind
value_kind(const struct value *v)
{
    return v->kind;
}

const char *
value_get_text(const struct value *v)
{
    return v && v->kind == VALUE_TEXT ? v->text : "";
}

guint
value_length(const struct value *list)
{
    return list && list->kind == VALUE_LIST ? list->list->len : 0;
}

const struct value *
value_at(const struct value *list, guint i)
{
    return i < value_length(list) ? list->list->pdata[i] : NULL;
}

const struct value *
value_get(const struct value *map, const char *key)
{
    if (!map || map->kind != VALUE_MAP)
        return NULL;
    return g_hash_table_lookup(map->map, key);
}

static int
compare_keys(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
value_names(const struct value *map)
{
    GPtrArray *keys = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;

    if (!map || map->kind != VALUE_MAP)
        return keys;
    g_hash_table_iter_init(&iter, map->map);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(keys, key);
    return keys;
}

GPtrArray *
value_keys(const struct value *map)
{
    GPtrArray *keys = value_names(map);

    g_ptr_array_sort(keys, compare_keys);
    return keys;
}

struct value *
value_merge_items(const struct value *list)
{
    struct value *all = value_map();

    for (guint i = 0; i < value_length(list); i++) {
        const struct value *item = value_at(list, i);
        g_autoptr(GPtrArray) keys = value_keys(item);

        for (guint j = 0; j < keys->len; j++)
            value_set(all, keys->pdata[j],
                      value_copy(value_get(item, keys->pdata[j])));
    }
    return all;
}

gboolean
value_truth(const struct value *v)
{
    if (!v)
        return FALSE;
    switch (v->kind) {
    case VALUE_TEXT:
        return v->text[0] != '\0';
    case VALUE_BOOL:
        return v->truth;
    case VALUE_LIST:
        return v->list->len > 0;
    case VALUE_MAP:
        return TRUE;
    }
    g_assert_not_reached();
}
