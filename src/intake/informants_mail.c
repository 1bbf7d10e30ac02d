/* informants_mail.c - 信息员备案 by a unit's own mail (see informants.h;
 * what such a mail says is read in rules/registration.h). */
#include "intake/informants.h"

#include "base/log.h"
#include "intake/letters.h"
#include "register/informant.h"
#include "rules/decide.h"

/* ---- facts for letters and answers ---- */

struct value *
informants_facts(const GPtrArray *all, const struct unit *unit)
{
    struct value *list = value_list();

    for (guint n = 0; n < all->len; n++) {
        const struct registration *r = g_ptr_array_index(all, n);
        const struct unit *u = r->unit ? r->unit : unit;
        struct value *v = value_map();

        value_set_bool(v, "stop", r->stop);
        value_set_text(v, "unit", u ? u->name : NULL);
        value_set_text(v, "short", u ? u->short_name : NULL);
        value_set_text(v, "name", r->name);
        value_set_text(v, "address", r->address);
        value_set_text(v, "phone", r->phone);
        value_append(list, v);
    }
    return list;
}

/* ---- the register ---- */

static enum st
register_one(struct reg *reg, const struct registration *r,
             const struct unit *unit, const struct reg_act *act, struct err *e)
{
    const struct unit *u = r->unit ? r->unit : unit;
    struct reg_informant row = {.unit = u->short_name,
                                .name = r->name,
                                .address = r->address,
                                .phone = r->phone};

    return r->stop ? reg_informant_end(reg, r->address, act, e)
                   : reg_informant_add(reg, &row, act, NULL, e);
}

enum st
informants_register(struct intake *i, const GPtrArray *all,
                    const struct unit *unit, const struct reg_act *act,
                    struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < all->len; n++)
        st = register_one(i->reg, g_ptr_array_index(all, n), unit, act, e);
    return st == ST_OK ? informants_refresh(i->office, i->reg, e) : st;
}

/* ---- letters ---- */

static enum st
confirm_to(struct intake *i, const char *to, const struct reading *about,
           gint64 message, const struct value *facts, struct err *e)
{
    struct post p = {.letter = LETTER_REGISTERED,
                     .kind = about ? MAIL_ANSWER : MAIL_NOTICE,
                     .to = to,
                     .message = message,
                     .about = about,
                     .facts = facts};

    return post_letter(i, &p, e);
}

enum st
informants_confirm(struct intake *i, const struct reading *r, const char *to,
                   gint64 message, const GPtrArray *all,
                   const struct unit *unit, struct err *e)
{
    g_autoptr(value) v = value_map();
    enum st st = ST_OK;

    value_set(v, "entries", informants_facts(all, unit));
    if (to)
        st = confirm_to(i, to, r, message, v, e);
    for (guint n = 0; st == ST_OK && n < all->len; n++) {
        const struct registration *k = g_ptr_array_index(all, n);

        if (!k->stop && (!to || g_ascii_strcasecmp(k->address, to) != 0))
            st = confirm_to(i, k->address, NULL, message, v, e);
    }
    return st;
}

static enum st
tell_staff(struct intake *i, const struct reading *r, gint64 message,
           const GPtrArray *all, const struct unit *unit, struct err *e)
{
    g_autoptr(value) v = value_map();

    value_set_text(v, "unit", unit->name);
    value_set_text(v, "sender", reading_author(r));
    value_set(v, "entries", informants_facts(all, unit));
    return post_to_staff(i, LETTER_REGISTERED_NOTICE, v, message, e);
}

enum st
informants_take_mail(struct intake *i, const struct reading *r,
                     const struct decision *d, const struct reg_act *act,
                     struct err *e)
{
    const struct unit *unit = d->informant_unit;
    g_autoptr(GPtrArray) all = registration_read(r, i->office->matcher);
    enum st st = informants_register(i, all, unit, act, e);

    if (st == ST_OK)
        st = informants_confirm(i, r, d->reply_to, act->message, all, unit, e);
    return st == ST_OK ? tell_staff(i, r, act->message, all, unit, e) : st;
}
