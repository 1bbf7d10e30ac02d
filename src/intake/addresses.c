/* addresses.c - see addresses.h. */
#include "intake/addresses.h"

#include "register/informant.h"

static gboolean
has_address(const GPtrArray *to, const char *address)
{
    for (guint n = 0; n < to->len; n++)
        if (g_ascii_strcasecmp(g_ptr_array_index(to, n), address) == 0)
            return TRUE;
    return FALSE;
}

static void
add_address(GPtrArray *to, const char *address)
{
    if (address && !has_address(to, address))
        g_ptr_array_add(to, g_strdup(address));
}

enum st
unit_addresses(struct intake *i, const struct unit *u, GPtrArray **out,
               struct err *e)
{
    civil_day today = clock_today(&i->office->clock);
    g_autoptr(GPtrArray) registered = NULL;
    GPtrArray *to;
    enum st st = reg_informants(i->reg, u->short_name,
                                clock_now(&i->office->clock), &registered, e);

    if (st != ST_OK)
        return st;
    to = g_ptr_array_new_with_free_func(g_free);
    for (guint n = 0; n < u->informants->len; n++) {
        const struct informant *k = g_ptr_array_index(u->informants, n);

        if (k->from <= today && today <= k->to)
            add_address(to, k->address);
    }
    for (guint n = 0; n < registered->len; n++) {
        const struct reg_informant *k = g_ptr_array_index(registered, n);

        add_address(to, k->address);
    }
    *out = to;
    return ST_OK;
}

enum st
post_to_unit(struct intake *i, const struct unit *u, const struct post *post,
             int *sent, GPtrArray *without, struct err *e)
{
    g_autoptr(GPtrArray) to = NULL;
    enum st st = unit_addresses(i, u, &to, e);

    if (st != ST_OK)
        return st;
    if (to->len == 0) {
        g_ptr_array_add(without, g_strdup(u->name));
        return ST_OK;
    }
    for (guint n = 0; st == ST_OK && n < to->len; n++) {
        struct post one = *post;

        one.to = g_ptr_array_index(to, n);
        st = post_letter(i, &one, e);
    }
    *sent += 1;
    return st;
}
