/* do_informant.c - 信息员: registered and taken off the list. */
#include "desk/job.h"
#include "desk/settle.h"

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

/* Registered, and by the desk; else refused. */
static gboolean
may_stop(struct job *j, const char *address)
{
    const struct office *o = j->i->office;
    struct informant *known = NULL;

    if (!roster_informant(o->pack->roster, address, clock_today(&o->clock),
                          NULL, &known, NULL))
        job_refuse(j, "no-informant", job_fact("what", address));
    else if (!known->by_desk)
        job_refuse(j, "informant-in-file", job_fact("what", address));
    return known && known->by_desk;
}

static enum st
stop(struct job *j, struct err *e)
{
    g_autofree char *address = NULL;
    enum st st;

    order_take(j->o);
    address = take_address(j);
    if (!address || !may_stop(j, address))
        return ST_OK;
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

/* ---- a unit's mail that staff confirm: 受理 待-7 [字段=值…] ---- */

/* FALSE: refused. */
static gboolean
correct(struct job *j, struct registration *r, const char *name,
        const char *text)
{
    struct unit *u = NULL;

    if (g_str_equal(name, "姓名")) {
        g_free(r->name);
        r->name = g_strdup(text);
    } else if (g_str_equal(name, "电话")) {
        g_free(r->phone);
        r->phone = g_strdup(text);
    } else if (g_str_equal(name, "邮箱") && address_valid(text)) {
        g_free(r->address);
        r->address = g_strdup(text);
    } else if (g_str_equal(name, "邮箱")) {
        job_refuse(j, "bad-address", job_fact("what", text));
        return FALSE;
    } else if (!g_str_equal(name, "单位")) {
        job_refuse(j, "registration-field", job_fact("what", name));
        return FALSE;
    } else if (match_unit(j->i->office->matcher, text, &u) != MATCH_ONE) {
        return job_refuse_unit(j, text);
    } else {
        r->unit = u;
    }
    return TRUE;
}

/* What the order says counts for all that the mail says. */
static gboolean
correct_all(struct job *j, GPtrArray *all)
{
    char *name, *text;
    gboolean ok = TRUE;

    while (ok && order_take_field(j->o, &name, &text)) {
        for (guint n = 0; ok && n < all->len; n++)
            ok = correct(j, g_ptr_array_index(all, n), name, text);
        g_free(name);
        g_free(text);
    }
    return ok;
}

/* FALSE: refused, with what is missing. */
static gboolean
is_whole(struct job *j, const struct reg_message *m, const GPtrArray *all,
         const struct unit *unit)
{
    for (guint n = 0; n < all->len; n++) {
        const struct registration *r = g_ptr_array_index(all, n);
        const char *missing = !r->unit && !unit      ? "单位"
                              : !r->address          ? "邮箱"
                              : !r->stop && !r->name ? "姓名"
                                                     : NULL;
        struct value *v;

        if (!missing)
            continue;
        v = job_fact("handle", m->handle);
        value_set_text(v, "what", missing);
        job_refuse(j, "registration-missing", v);
        return FALSE;
    }
    return TRUE;
}

static gboolean
may_all_stop(struct job *j, const GPtrArray *all)
{
    for (guint n = 0; n < all->len; n++) {
        const struct registration *r = all->pdata[n];

        if (r->stop && !may_stop(j, r->address))
            return FALSE;
    }
    return TRUE;
}

static enum st
close_registration(struct job *j, const struct reg_message *m,
                   const struct reading *r, const GPtrArray *all,
                   const struct unit *unit, struct err *e)
{
    const struct reason_list none = {0};
    const char *to =
        address_valid(reading_author(r)) &&
                !reason_has(&m->reasons, REASON_FAILED_AUTHENTICATION)
            ? reading_author(r)
            : NULL;
    struct value *v;
    enum st st =
        settle(j->i, m->id, VERDICT_QUERY, &none, &m->notes, &j->act, e);

    if (st == ST_OK)
        st = informants_confirm(j->i, r, to, m->id, all, unit, e);
    if (st != ST_OK)
        return st;
    v = job_fact("handle", m->handle);
    value_set(v, "entries", informants_facts(all, unit));
    return job_done(j, "registration-done", v);
}

enum st
accept_registration(struct job *j, const struct reg_message *m,
                    const struct reading *r, struct err *e)
{
    const struct office *o = j->i->office;
    g_autoptr(GPtrArray) all = registration_read(r, o->matcher);
    struct unit *unit = NULL;
    enum st st;

    if (reading_author(r))
        roster_informant(o->pack->roster, reading_author(r),
                         clock_today(&o->clock), &unit, NULL, NULL);
    if (!correct_all(j, all) || !is_whole(j, m, all, unit) ||
        !may_all_stop(j, all))
        return ST_OK;
    st = informants_register(j->i, all, unit, &j->act, e);
    return st == ST_OK ? close_registration(j, m, r, all, unit, e) : st;
}
