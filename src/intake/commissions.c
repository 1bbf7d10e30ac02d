/* commissions.c - see commissions.h. */
#include "intake/commissions.h"

#include "base/log.h"
#include "intake/addresses.h"
#include "register/status.h"

enum {
    DAY = 86400,
    LOOK_BACK = 31 * DAY /* what fell due longer ago is not news any more */
};

/* ---- how a unit stands ---- */

enum commissioned
commissioned_state(const struct reg_commission *c,
                   const struct reg_commissioned *u)
{
    if (u->answered)
        return u->answered <= c->due ? COMMISSIONED_IN_TIME : COMMISSIONED_LATE;
    return u->waived ? COMMISSIONED_WAIVED : COMMISSIONED_OWES;
}

struct value *
commissioned_facts(const struct office *o, const struct reg_commission *c,
                   const struct reg_commissioned *u)
{
    struct value *v = value_map();
    enum commissioned state = commissioned_state(c, u);

    value_set_text(v, "unit", office_unit_name(u->unit, (void *)o));
    value_set_bool(v, "owes", state == COMMISSIONED_OWES);
    value_set_bool(v, "in_time", state == COMMISSIONED_IN_TIME);
    value_set_bool(v, "late", state == COMMISSIONED_LATE);
    value_set_bool(v, "waived", state == COMMISSIONED_WAIVED);
    value_set_text(v, "number", u->answer);
    if (u->answered)
        value_take_text(v, "at", letter_time(&o->clock, u->answered));
    value_set_text(v, "note", u->waived_note);
    return v;
}

static void
count_states(const struct reg_commission *c, struct value *v)
{
    static const char *const names[] = {[COMMISSIONED_OWES] = "owes",
                                        [COMMISSIONED_IN_TIME] = "in_time",
                                        [COMMISSIONED_LATE] = "late",
                                        [COMMISSIONED_WAIVED] = "waived"};
    int counts[G_N_ELEMENTS(names)] = {0};

    for (guint n = 0; n < c->units->len; n++)
        counts[commissioned_state(c, g_ptr_array_index(c->units, n))]++;
    for (gsize n = 0; n < G_N_ELEMENTS(names); n++)
        value_set_int(v, names[n], counts[n]);
}

struct value *
commission_facts(const struct office *o, const struct reg_commission *c)
{
    struct value *v = value_map();

    value_set_text(v, "number", c->number);
    value_set_text(v, "title", c->title);
    value_take_text(v, "due", letter_time(&o->clock, c->due));
    value_set_bool(v, "over", clock_now(&o->clock) > c->due);
    value_set_int(v, "units", c->units->len);
    count_states(c, v);
    return v;
}

/* ---- letters ---- */

void
commission_sent_clear(struct commission_sent *s)
{
    g_clear_pointer(&s->without, g_ptr_array_unref);
}

static struct value *
letter_facts(const struct office *o, const struct reg_commission *c)
{
    struct value *v = value_map();

    value_set_text(v, "number", c->number);
    value_set_text(v, "title", c->title);
    value_set_text(v, "level", c->level);
    value_set_text(v, "requirement", c->requirement);
    value_take_text(v, "due", letter_time(&o->clock, c->due));
    value_set_bool(v, "over", clock_now(&o->clock) > c->due);
    return v;
}

/* A unit that left the roster is named by what the register calls it. */
static enum st
send_to(struct intake *i, const char *unit, struct post *post,
        struct value *facts, struct commission_sent *out, struct err *e)
{
    const struct unit *u = roster_find(i->office->pack->roster, unit);

    if (!u) {
        g_ptr_array_add(out->without, g_strdup(unit));
        return ST_OK;
    }
    value_set_text(facts, "unit", u->name);
    return post_to_unit(i, u, post, &out->units, out->without, e);
}

/* To all that have not been waived, or only to those that owe an answer. */
static enum st
send_all(struct intake *i, const struct reg_commission *c, gboolean owing_only,
         struct post *post, struct commission_sent *out, struct err *e)
{
    g_autoptr(value) facts = letter_facts(i->office, c);
    enum st st = ST_OK;

    post->commission = c->id;
    post->facts = facts;
    out->units = 0;
    out->without = g_ptr_array_new_with_free_func(g_free);
    for (guint n = 0; st == ST_OK && n < c->units->len; n++) {
        const struct reg_commissioned *u = g_ptr_array_index(c->units, n);

        if (owing_only ? commissioned_state(c, u) == COMMISSIONED_OWES
                       : !u->waived)
            st = send_to(i, u->unit, post, facts, out, e);
    }
    return st;
}

enum st
commission_notify(struct intake *i, const struct reg_commission *c,
                  struct commission_sent *out, struct err *e)
{
    struct post p = {.letter = LETTER_COMMISSION, .kind = MAIL_NOTICE};

    return send_all(i, c, TRUE, &p, out, e);
}

enum st
commission_remind(struct intake *i, const struct reg_commission *c,
                  struct commission_sent *out, struct err *e)
{
    struct post p = {.letter = LETTER_REMINDER, .kind = MAIL_REMINDER};

    return send_all(i, c, TRUE, &p, out, e);
}

enum st
commission_take_back(struct intake *i, const struct reg_commission *c,
                     struct commission_sent *out, struct err *e)
{
    struct post p = {.letter = LETTER_COMMISSION_CANCELLED,
                     .kind = MAIL_NOTICE};

    return send_all(i, c, FALSE, &p, out, e);
}

/* Staff get the state of every unit when the deadline has passed. */
static enum st
tell_staff(struct intake *i, const struct reg_commission *c,
           const struct commission_sent *sent, struct err *e)
{
    g_autoptr(GPtrArray) staff = staff_addresses(i->office->config);
    g_autoptr(value) v = letter_facts(i->office, c);
    struct value *units = value_list();
    struct post p = {.letter = LETTER_COMMISSION_OVER,
                     .kind = MAIL_STAFF,
                     .commission = c->id,
                     .facts = v};

    for (guint n = 0; n < c->units->len; n++)
        value_append(units, commissioned_facts(i->office, c,
                                               g_ptr_array_index(c->units, n)));
    value_set(v, "units", units);
    value_take_text(v, "without", letter_list(sent->without));
    return post_to_all(i, &p, (const char *const *)staff->pdata, e);
}

/* ---- by the clock ---- */

static char *
key_of(const struct reg_commission *c, gboolean over)
{
    return g_strdup_printf("remind 约%s %s", c->number,
                           over ? "after" : "before");
}

/* Issued within the last day before its deadline: that is reminder enough. */
static gboolean
is_reminded_before(const struct reg_commission *c)
{
    return c->issued < c->due - DAY;
}

/* NULL when nothing falls due now. */
static char *
due_key(const struct reg_commission *c, gint64 now)
{
    if (now > c->due)
        return key_of(c, TRUE);
    return now >= c->due - DAY && is_reminded_before(c) ? key_of(c, FALSE)
                                                        : NULL;
}

static enum st
remind_once(struct intake *i, gint64 id, const char *key, struct err *e)
{
    gint64 now = clock_now(&i->office->clock);
    g_autoptr(reg_commission) c = NULL;
    struct commission_sent sent = {0};
    gboolean first = FALSE;
    enum st st = reg_once(i->reg, key, now, &first, e);

    if (st == ST_OK && first)
        st = reg_commission_get(i->reg, id, &c, e);
    if (st == ST_OK && c)
        st = commission_remind(i, c, &sent, e);
    if (st == ST_OK && c && now > c->due)
        st = tell_staff(i, c, &sent, e);
    if (st == ST_OK && first)
        log_event(LOG_INFO, "due", "what", key, NULL);
    commission_sent_clear(&sent);
    return st;
}

enum st
commissions_current(const struct office *o, struct reg *reg, GPtrArray **out,
                    struct err *e)
{
    return reg_commissions_due(reg, clock_now(&o->clock) - LOOK_BACK, out, e);
}

static gboolean
is_owed(const struct reg_commission *c)
{
    for (guint n = 0; n < c->units->len; n++)
        if (commissioned_state(c, g_ptr_array_index(c->units, n)) ==
            COMMISSIONED_OWES)
            return TRUE;
    return FALSE;
}

enum st
commissions_owed(const struct office *o, struct reg *reg, GPtrArray **out,
                 struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    enum st st = commissions_current(o, reg, &all, e);

    if (st != ST_OK)
        return st;
    for (guint n = all->len; n > 0; n--)
        if (!is_owed(g_ptr_array_index(all, n - 1)))
            g_ptr_array_remove_index(all, n - 1);
    *out = g_steal_pointer(&all);
    return ST_OK;
}

static enum st
remind_all(struct intake *i, struct err *e)
{
    gint64 now = clock_now(&i->office->clock);
    g_autoptr(GPtrArray) all = NULL;
    enum st st = commissions_current(i->office, i->reg, &all, e);

    for (guint n = 0; st == ST_OK && n < all->len; n++) {
        const struct reg_commission *c = g_ptr_array_index(all, n);
        g_autofree char *key = due_key(c, now);

        if (key)
            st = remind_once(i, c->id, key, e);
    }
    return st;
}

enum st
commissions_due(struct intake *i, struct err *e)
{
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK)
        st = remind_all(i, e);
    return reg_end(i->reg, st, e);
}

/* ---- what comes next ---- */

/* What is left to do for one, at its day before and at its deadline. */
static enum st
next_of(const struct reg_commission *c, gint64 now, struct reg *reg,
        struct due *first, struct err *e)
{
    g_autofree char *before = key_of(c, FALSE);
    g_autofree char *over = key_of(c, TRUE);
    enum st st = ST_OK;

    if (now <= c->due && is_reminded_before(c))
        st = due_offer_once(first, reg, c->due - DAY, before, e);
    return st == ST_OK ? due_offer_once(first, reg, c->due + 1, over, e) : st;
}

enum st
commissions_next(const struct office *o, struct reg *reg, struct due *first,
                 struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    enum st st = commissions_current(o, reg, &all, e);

    for (guint n = 0; st == ST_OK && n < all->len; n++)
        st = next_of(g_ptr_array_index(all, n), clock_now(&o->clock), reg,
                     first, e);
    return st;
}
