/* informants.c - see informants.h. */
#include "intake/informants.h"

#include "register/informant.h"

static void
forget_registered(const struct roster *r)
{
    for (guint n = 0; n < r->units->len; n++) {
        GPtrArray *all = roster_unit(r, (int)n)->informants;

        for (guint k = all->len; k-- > 0;)
            if (((struct informant *)g_ptr_array_index(all, k))->by_desk)
                g_ptr_array_remove_index(all, k);
    }
}

/* What a person sent before being registered counts as a registered
 * sender's when it is judged again: it is known by then who it was. */
static void
add(struct unit *u, const struct reg_informant *k)
{
    struct informant *i = g_new0(struct informant, 1);

    i->name = g_strdup(k->name);
    i->address = g_strdup(k->address);
    i->phone = g_strdup(k->phone);
    i->from = DAY_FIRST;
    i->to = DAY_LAST;
    i->by_desk = TRUE;
    g_ptr_array_add(u->informants, i);
}

static void
fill(const struct roster *r, const GPtrArray *all)
{
    forget_registered(r);
    for (guint n = 0; n < all->len; n++) {
        const struct reg_informant *k = g_ptr_array_index(all, n);
        struct unit *u = roster_find(r, k->unit);

        if (u)
            add(u, k);
    }
}

enum st
informants_refresh(struct office *o, struct reg *reg, struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    enum st st = reg_informants(reg, NULL, clock_now(&o->clock), &all, e);

    for (guint n = 0; st == ST_OK && n < o->packs->len; n++)
        fill(((const struct pack *)o->packs->pdata[n])->roster, all);
    return st;
}
