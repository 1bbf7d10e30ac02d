/* roster.c - see roster.h. */
#include "rules/roster.h"

#include "base/text.h"

#include <string.h>

static void
class_free(gpointer data)
{
    struct unit_class *c = data;

    g_free(c->name);
    g_free(c);
}

void
informant_free(struct informant *i)
{
    if (!i)
        return;
    g_free(i->name);
    g_free(i->address);
    g_free(i->phone);
    g_free(i);
}

static void
unit_free(gpointer data)
{
    struct unit *u = data;

    g_free(u->short_name);
    g_free(u->name);
    g_ptr_array_unref(u->aliases);
    g_ptr_array_unref(u->was);
    g_array_unref(u->classes);
    g_ptr_array_unref(u->informants);
    g_ptr_array_unref(u->domains);
    g_free(u);
}

struct roster *
roster_new(void)
{
    struct roster *r = g_new0(struct roster, 1);

    r->classes = g_ptr_array_new_with_free_func(class_free);
    r->units = g_ptr_array_new_with_free_func(unit_free);
    r->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return r;
}

void
roster_free(struct roster *r)
{
    if (!r)
        return;
    g_hash_table_unref(r->names);
    g_ptr_array_unref(r->units);
    g_ptr_array_unref(r->classes);
    g_free(r);
}

struct unit_class *
roster_class(const struct roster *r, int index)
{
    return r->classes->pdata[index];
}

struct unit *
roster_unit(const struct roster *r, int index)
{
    return r->units->pdata[index];
}

struct unit_class *
roster_find_class(const struct roster *r, const char *name)
{
    for (guint i = 0; i < r->classes->len; i++) {
        struct unit_class *c = r->classes->pdata[i];

        if (strcmp(c->name, name) == 0)
            return c;
    }
    return NULL;
}

struct unit *
roster_find(const struct roster *r, const char *name)
{
    struct unit *u = g_hash_table_lookup(r->names, name);
    g_autofree char *folded = NULL;

    if (u) /* what is folded already, as most names of the register are */
        return u;
    folded = text_fold(name);
    return g_hash_table_lookup(r->names, folded);
}

int
unit_class_on(const struct unit *u, civil_day d)
{
    const struct class_span *span = (const void *)u->classes->data;
    guint i = u->classes->len - 1;

    while (i > 0 && span[i].from > d)
        i--;
    return span[i].class_index;
}

gboolean
unit_spans(const struct unit *u, civil_day from, civil_day to)
{
    return u->from <= from && to <= u->to;
}

gboolean
unit_meets(const struct unit *u, civil_day from, civil_day to)
{
    return u->from <= to && from <= u->to;
}

gboolean
unit_keeps_points(const struct unit *u)
{
    return u->credit_to == u->index || u->to < DAY_LAST;
}

int
roster_credit(const struct roster *r, const struct unit *u, civil_day d)
{
    /* No longer way than there are units: circles are refused. */
    for (guint i = 0; i < r->units->len; i++) {
        if (u->credit_to == u->index || (u->to < DAY_LAST && d <= u->to))
            break;
        u = roster_unit(r, u->credit_to);
    }
    return u->index;
}

static struct informant *
informant_at(const struct unit *u, const char *address, civil_day d)
{
    for (guint i = 0; i < u->informants->len; i++) {
        struct informant *x = u->informants->pdata[i];

        if (x->address && g_ascii_strcasecmp(x->address, address) == 0 &&
            x->from <= d && d <= x->to)
            return x;
    }
    return NULL;
}

gboolean
roster_informant(const struct roster *r, const char *address, civil_day d,
                 struct unit **unit_out, struct informant **informant_out,
                 int *n_out)
{
    struct informant *first = NULL;
    struct unit *unit = NULL;
    int n = 0;

    for (guint i = 0; i < r->units->len; i++) {
        struct unit *u = r->units->pdata[i];
        struct informant *x = informant_at(u, address, d);

        if (x && n++ == 0) {
            first = x;
            unit = u;
        }
    }
    if (!first)
        return FALSE;
    if (unit_out)
        *unit_out = unit;
    if (informant_out)
        *informant_out = first;
    if (n_out)
        *n_out = n;
    return TRUE;
}

static gboolean
unit_has_domain(const struct unit *u, const char *domain, civil_day d)
{
    for (guint i = 0; i < u->domains->len; i++)
        if (g_ascii_strcasecmp(u->domains->pdata[i], domain) == 0)
            return TRUE;
    for (guint i = 0; i < u->informants->len; i++) {
        const struct informant *x = u->informants->pdata[i];
        const char *at = x->address ? strrchr(x->address, '@') : NULL;

        if (at && g_ascii_strcasecmp(at + 1, domain) == 0 && x->from <= d &&
            d <= x->to)
            return TRUE;
    }
    return FALSE;
}

gboolean
roster_knows_domain(const struct roster *r, const char *address, civil_day d)
{
    const char *at = strrchr(address, '@');

    for (guint i = 0; at && i < r->units->len; i++)
        if (unit_has_domain(r->units->pdata[i], at + 1, d))
            return TRUE;
    return FALSE;
}

struct unit_class *
roster_add_class(struct roster *r, const char *name, enum standing standing)
{
    struct unit_class *c = g_new0(struct unit_class, 1);

    c->index = (int)r->classes->len;
    c->name = g_strdup(name);
    c->standing = standing;
    g_ptr_array_add(r->classes, c);
    return c;
}

struct unit *
roster_add(struct roster *r, const char *short_name, const char *name)
{
    struct unit *u = g_new0(struct unit, 1);

    u->index = (int)r->units->len;
    u->short_name = g_strdup(short_name);
    u->name = g_strdup(name);
    u->aliases = g_ptr_array_new_with_free_func(g_free);
    u->was = g_ptr_array_new_with_free_func(g_free);
    u->classes = g_array_new(FALSE, FALSE, sizeof(struct class_span));
    u->informants =
        g_ptr_array_new_with_free_func((GDestroyNotify)informant_free);
    u->domains = g_ptr_array_new_with_free_func(g_free);
    u->from = DAY_FIRST;
    u->to = DAY_LAST;
    u->credit_to = u->index;
    g_ptr_array_add(r->units, u);
    return u;
}

gboolean
roster_name(struct roster *r, struct unit *u, const char *name,
            struct unit **other_out)
{
    g_autofree char *folded = text_fold(name);
    struct unit *other = g_hash_table_lookup(r->names, folded);

    if (other) {
        if (other_out)
            *other_out = other;
        return FALSE;
    }
    g_hash_table_insert(r->names, g_steal_pointer(&folded), u);
    return TRUE;
}
