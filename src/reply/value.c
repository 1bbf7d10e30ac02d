/* value.c - see value.h. */
#include "reply/value.h"

#include <string.h>

/* Facts are few: the members of a map lie in a row, and are looked for from its
 * beginning.  A text never changes, and a copy of a tree shares it: a letter's
 * facts are copied, cleaned and merged before they are printed once. */
struct value {
    enum value_kind kind;
    gboolean truth;
    guint owners;    /* of a text */
    GPtrArray *list; /* of struct value */
    GArray *map;     /* of struct member */
    char text[];     /* of a text */
};

struct member {
    char *key;
    struct value *item;
};

static struct value *
new_value(enum value_kind kind, size_t text)
{
    struct value *v = g_malloc(sizeof *v + text);

    memset(v, 0, sizeof *v);
    v->kind = kind;
    v->owners = 1;
    return v;
}

static void
free_value(gpointer data)
{
    value_free(data);
}

static void
clear_member(gpointer data)
{
    struct member *m = data;

    g_free(m->key);
    value_free(m->item);
}

struct value *
value_text(const char *text)
{
    size_t size = strlen(text ? text : "") + 1;
    struct value *v = new_value(VALUE_TEXT, size);

    memcpy(v->text, text ? text : "", size);
    return v;
}

struct value *
value_bool(gboolean truth)
{
    struct value *v = new_value(VALUE_BOOL, 0);

    v->truth = truth;
    return v;
}

struct value *
value_list(void)
{
    struct value *v = new_value(VALUE_LIST, 0);

    v->list = g_ptr_array_new_with_free_func(free_value);
    return v;
}

struct value *
value_map(void)
{
    struct value *v = new_value(VALUE_MAP, 0);

    v->map = g_array_new(FALSE, FALSE, sizeof(struct member));
    g_array_set_clear_func(v->map, clear_member);
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

static struct member *
member_at(const struct value *map, guint i)
{
    return &g_array_index(map->map, struct member, i);
}

static void
add_member(struct value *map, const char *key, struct value *item)
{
    struct member m = {g_strdup(key), item};

    g_array_append_val(map->map, m);
}

static struct value *
copy_map(const struct value *v)
{
    struct value *copy = value_map();

    for (guint i = 0; i < v->map->len; i++)
        add_member(copy, member_at(v, i)->key,
                   value_copy(member_at(v, i)->item));
    return copy;
}

static struct value *
share_text(const struct value *v)
{
    struct value *shared = (struct value *)v;

    shared->owners++;
    return shared;
}

struct value *
value_copy(const struct value *v)
{
    switch (v->kind) {
    case VALUE_TEXT:
        return share_text(v);
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
    if (!v || --v->owners > 0)
        return;
    g_clear_pointer(&v->list, g_ptr_array_unref);
    g_clear_pointer(&v->map, g_array_unref);
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
    for (guint i = 0; i < map->map->len; i++) {
        struct member *m = member_at(map, i);

        if (strcmp(m->key, key) == 0) {
            value_free(m->item);
            m->item = item;
            return;
        }
    }
    add_member(map, key, item);
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
    for (guint i = 0; i < map->map->len; i++)
        if (strcmp(member_at(map, i)->key, key) == 0)
            return member_at(map, i)->item;
    return NULL;
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

    if (!map || map->kind != VALUE_MAP)
        return keys;
    for (guint i = 0; i < map->map->len; i++)
        g_ptr_array_add(keys, member_at(map, i)->key);
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
