/* quota.c - see quota.h. */
#include "intake/quota.h"

#include "base/log.h"
#include "intake/addresses.h"
#include "intake/scoring.h"
#include "register/status.h"

enum { DAYS_BEFORE = 5, PLACES = 2 };

struct reminding { /* one period, all units */
    struct intake *i;
    const struct scoring *s;
    const struct period *p;
    int sent;
    GPtrArray *without;
};

/* {measure, actual, target, missing} of a floor not reached yet, else NULL. */
static struct value *
short_of(const struct pack_measure *m, const struct measured *k)
{
    struct ratio goal;
    struct value *v;

    if (k->blank || !k->goal || k->goal->at_most)
        return NULL;
    goal = ratio_of(k->goal->number);
    if (ratio_compare(k->value, goal) >= 0)
        return NULL;
    v = value_map();
    value_set_text(v, "measure", m->name);
    value_take_text(v, "actual", decimal_format(ratio_round(k->value, PLACES)));
    value_take_text(v, "target", decimal_format(k->goal->number));
    value_take_text(
        v, "missing",
        decimal_format(ratio_round(ratio_sub(goal, k->value), PLACES)));
    return v;
}

/* All tasks of this kind of period that a unit is short of. */
static enum st
add_short(const struct reminding *x, const struct unit *u, struct value *list,
          struct err *e)
{
    const struct pack *p = x->i->office->pack;
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < p->measures->len; n++) {
        const struct pack_measure *m = g_ptr_array_index(p->measures, n);
        struct measured k = {0};
        struct value *v;

        if (m->per != x->p->kind)
            continue;
        st = score_measure(x->s->score, m, u->index, x->p, &k, e);
        v = st == ST_OK ? short_of(m, &k) : NULL;
        if (v)
            value_append(list, v);
    }
    return st;
}

static enum st
remind_unit(struct reminding *x, const struct unit *u, struct err *e)
{
    g_autoptr(value) v = value_map();
    struct value *list = value_list();
    struct post p = {.letter = LETTER_QUOTA, .kind = MAIL_REMINDER, .facts = v};
    enum st st = add_short(x, u, list, e);

    value_set_text(v, "unit", u->name);
    value_take_text(v, "period", period_printed(x->p));
    value_take_text(v, "until", day_format_chinese(x->p->to));
    value_set(v, "measures", list);
    if (st != ST_OK || value_length(list) == 0)
        return st;
    return post_to_unit(x->i, u, &p, &x->sent, x->without, e);
}

static enum st
tell_staff(const struct reminding *x, struct err *e)
{
    g_autoptr(value) v = value_map();

    if (x->sent == 0 && x->without->len == 0)
        return ST_OK;
    value_take_text(v, "period", period_printed(x->p));
    value_set_int(v, "sent", x->sent);
    value_take_text(v, "without", letter_list(x->without));
    return post_to_staff(x->i, LETTER_QUOTA_SENT, v, 0, e);
}

static enum st
remind_all(struct intake *i, const struct period *p, struct err *e)
{
    const struct office *o = i->office;
    const struct roster *r = o->pack->roster;
    civil_day today = clock_today(&o->clock);
    g_autoptr(scoring) s = NULL;
    g_autoptr(GPtrArray) without = g_ptr_array_new_with_free_func(g_free);
    struct reminding x = {.i = i, .p = p, .without = without};
    enum st st = scoring_new(o, i->reg, today, NULL, &s, e);

    x.s = s;
    for (guint n = 0; st == ST_OK && n < r->units->len; n++) {
        const struct unit *u = roster_unit(r, (int)n);

        if (unit_spans(u, today, today) && u->credit_to == u->index)
            st = remind_unit(&x, u, e);
    }
    return st == ST_OK ? tell_staff(&x, e) : st;
}

/* ---- by the clock ---- */

static gboolean
has_task(const struct pack *p, enum period_kind kind)
{
    for (guint n = 0; n < p->measures->len; n++) {
        const struct pack_measure *m = g_ptr_array_index(p->measures, n);

        if (m->per == kind && m->targets->len > 0)
            return TRUE;
    }
    return FALSE;
}

/* Periods shorter than a month are over before a reminder helps. */
static gboolean
is_reminded(const struct office *o, const struct period *p)
{
    return p->from >= o->pack->effective && has_task(o->pack, p->kind) &&
           p->to - p->from > 2 * DAYS_BEFORE;
}

static gboolean
is_due(const struct office *o, const struct period *p)
{
    civil_day today = clock_today(&o->clock);

    return is_reminded(o, p) && today > p->to - DAYS_BEFORE && today <= p->to;
}

static char *
key_of(const struct period *p)
{
    g_autofree char *name = period_name(p);

    return g_strdup_printf("quota %s", name);
}

static enum st
remind_of(struct intake *i, const struct period *p, struct err *e)
{
    g_autofree char *key = key_of(p);
    gboolean first = FALSE;
    enum st st = reg_once(i->reg, key, clock_now(&i->office->clock), &first, e);

    if (st == ST_OK && first)
        st = remind_all(i, p, e);
    if (st == ST_OK && first)
        log_event(LOG_INFO, "due", "what", key, NULL);
    return st;
}

static const enum period_kind kinds[] = {PERIOD_MONTH, PERIOD_QUARTER,
                                         PERIOD_HALF, PERIOD_YEAR};

enum st
quota_due(struct intake *i, struct err *e)
{
    const struct office *o = i->office;
    struct calendar cal = calendar_of(o->pack);
    enum st st = reg_begin(i->reg, e);

    for (gsize n = 0; st == ST_OK && n < G_N_ELEMENTS(kinds); n++) {
        struct period p = period_at(&cal, kinds[n], clock_today(&o->clock));

        if (is_due(o, &p))
            st = remind_of(i, &p, e);
    }
    return reg_end(i->reg, st, e);
}

/* ---- what comes next ---- */

/* Of this kind: in the period of today, or when that is done in the next. */
static enum st
next_of(const struct office *o, struct reg *reg, enum period_kind kind,
        struct due *first, struct err *e)
{
    struct calendar cal = calendar_of(o->pack);
    struct period p = period_at(&cal, kind, clock_today(&o->clock));
    g_autofree char *key = key_of(&p);
    gboolean done = FALSE;
    enum st st = reg_done(reg, key, &done, e);

    if (done || p.from < o->pack->effective) {
        p = period_next(&cal, &p);
        g_free(key);
        key = key_of(&p);
    }
    if (st == ST_OK && is_reminded(o, &p))
        due_offer(first, clock_day_start(&o->clock, p.to - DAYS_BEFORE + 1),
                  key);
    return st;
}

enum st
quota_next(const struct office *o, struct reg *reg, struct due *first,
           struct err *e)
{
    enum st st = ST_OK;

    for (gsize n = 0; st == ST_OK && n < G_N_ELEMENTS(kinds); n++)
        st = next_of(o, reg, kinds[n], first, e);
    return st;
}
