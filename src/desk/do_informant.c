/* do_informant.c - 信息员: registered and taken off the list. */
#include "desk/job.h"

#include "base/address.h"
#include "intake/informants.h"
#include "register/informant.h"

#include <string.h>

static const char STOP[] = "停用";

/* The next word as an address, domain in lower case; NULL: refused. */
static char *
take_address(struct job *j)
{
    const char *raw = order_take_raw(j->o);
    char *address, *at;

    if (!raw || !address_valid(raw)) {
        job_refuse(j, raw ? "bad-address" : "usage-informant",
                   job_fact("what", raw ? raw : ""));
        return NULL;
    }
    address = g_strdup(raw);
    for (at = strchr(address, '@'); at && *at; at++)
        *at = g_ascii_tolower(*at);
    return address;
}

static enum st
stop(struct job *j, struct err *e)
{
    const struct office *o = j->i->office;
    g_autofree char *address = NULL;
    struct informant *known = NULL;
    enum st st;

    order_take(j->o);
    address = take_address(j);
    if (!address)
        return ST_OK;
    if (!roster_informant(o->pack->roster, address, clock_today(&o->clock),
                          NULL, &known, NULL))
        return job_refuse(j, "no-informant", job_fact("what", address));
    if (!known->by_desk)
        return job_refuse(j, "informant-in-file", job_fact("what", address));
    st = reg_informant_end(j->i->reg, address, &j->act, e);
    if (st == ST_OK)
        st = informants_refresh(j->i->office, j->i->reg, e);
    return st == ST_OK
               ? job_done(j, "informant-ended", job_fact("what", address))
               : st;
}

static enum st
add(struct job *j, const struct unit *u, const char *name, char *address,
    struct err *e)
{
    g_autofree char *phone = order_take_rest(j->o);
    struct reg_informant i = {.unit = u->short_name,
                              .name = (char *)name,
                              .address = address,
                              .phone = phone};
    struct value *v;
    enum st st = reg_informant_add(j->i->reg, &i, &j->act, NULL, e);

    if (st == ST_OK)
        st = informants_refresh(j->i->office, j->i->reg, e);
    if (st != ST_OK)
        return st;
    v = job_fact("unit", u->name);
    value_set_text(v, "name", name);
    value_set_text(v, "address", address);
    value_set_text(v, "phone", phone);
    return job_done(j, "informant-added", v);
}

enum st
do_informant(struct job *j, struct err *e)
{
    const char *word = order_peek(j->o), *name;
    g_autofree char *address = NULL;
    const struct unit *u;

    if (!word)
        return job_refuse(j, "usage-informant", NULL);
    if (g_str_equal(word, STOP))
        return stop(j, e);
    u = job_unit(j);
    if (!u)
        return ST_OK;
    name = order_take_raw(j->o);
    address = take_address(j);
    return address ? add(j, u, name, address, e) : ST_OK;
}
