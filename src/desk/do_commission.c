/* do_commission.c - 约稿, 免约, 催办, and 查询 of a commission. */
#include "desk/job.h"

#include "base/pattern.h"
#include "base/text.h"
#include "desk/asking.h"
#include "desk/when.h"
#include "intake/commissions.h"
#include "intake/letters.h"
#include "intake/scoring.h"

#include <string.h>

/* ---- 约稿 ---- */

static void
ask_once(struct reg_commission *c, const struct unit *u)
{
    for (guint n = 0; n < c->units->len; n++) {
        const struct reg_commissioned *k = g_ptr_array_index(c->units, n);

        if (g_str_equal(k->unit, u->short_name))
            return;
    }
    reg_commission_ask(c, u->short_name);
}

/* Every unit of a class (-1: of every class that is assessed) today. */
static void
ask_class(struct job *j, struct reg_commission *c, int class_index)
{
    const struct roster *r = j->i->office->pack->roster;

    for (guint n = 0; n < r->units->len; n++) {
        const struct unit *u = roster_unit(r, (int)n);
        int stands = unit_class_on(u, c->day);
        enum standing standing = roster_class(r, stands)->standing;
        gboolean assessed =
            standing == STANDING_RANKED || standing == STANDING_LISTED;

        if (unit_spans(u, c->day, c->day) &&
            (stands == class_index || (class_index < 0 && assessed)))
            ask_once(c, u);
    }
}

static gboolean
means_all(const char *name)
{
    static const char *const words[] = {"全部", "各单位", "所有单位", "全体",
                                        NULL};

    return g_strv_contains(words, name);
}

/* A unit, a class, or all; FALSE: refused. */
static gboolean
ask_named(struct job *j, struct reg_commission *c, const char *name)
{
    const struct roster *r = j->i->office->pack->roster;
    const struct unit_class *k = roster_find_class(r, name);
    struct unit *u = NULL;

    if (means_all(name))
        ask_class(j, c, -1);
    else if (k)
        ask_class(j, c, k->index);
    else if (match_unit(j->i->office->matcher, name, &u) == MATCH_ONE)
        ask_once(c, u);
    else
        return job_refuse_unit(j, name);
    return TRUE;
}

/* Not inside a name: 乡镇(街道、开发区、景区), where the next bracket closes.
 */
static struct pattern between_units =
    PATTERN("[\\s,，、;；]++(?![^(（)）]*+[)）])");

static gboolean
ask_units(struct job *j, struct reg_commission *c, const char *names)
{
    g_auto(GStrv) each = pattern_split(&between_units, names);

    for (char **n = each; *n; n++)
        if (**n && !ask_named(j, c, *n))
            return FALSE;
    return TRUE;
}

static struct reg_commission *
commission_of(struct job *j, const struct asking *a)
{
    const struct clock *clock = &j->i->office->clock;
    g_autoptr(reg_commission) c = reg_commission_new();
    gboolean ok;

    c->title = g_strdup(a->title);
    c->level = g_strdup(a->level);
    c->requirement = g_strdup(a->requirement);
    c->issued = clock_now(clock);
    c->day = clock_today(clock);
    if (!*a->title || !a->due || !a->units)
        ok = job_refuse(j, "usage-commission", NULL) != ST_OK;
    else if (!when_parse(a->due, clock, TRUE, &c->due))
        ok = job_refuse(j, "bad-time", job_fact("what", a->due)) != ST_OK;
    else if (c->due <= c->issued)
        ok = job_refuse(j, "time-past", job_fact("what", a->due)) != ST_OK;
    else
        ok = ask_units(j, c, a->units);
    return ok ? g_steal_pointer(&c) : NULL;
}

static struct value *
sent_facts(const struct reg_commission *c, const struct commission_sent *sent)
{
    struct value *v = job_fact("number", c->number);

    value_set_text(v, "title", c->title);
    value_set_int(v, "sent", sent->units);
    value_take_text(v, "without", letter_list(sent->without));
    return v;
}

/* Read back, so that letters and answer say what is on record. */
static enum st
issue(struct job *j, const struct reg_commission *c, struct err *e)
{
    const struct clock *clock = &j->i->office->clock;
    g_autoptr(reg_commission) kept = NULL;
    g_autofree char *number = NULL;
    struct commission_sent sent = {0};
    struct value *v;
    gint64 id = 0;
    enum st st = reg_commission_add(j->i->reg, c, &j->act, &id, &number, e);

    if (st == ST_OK)
        st = reg_commission_get(j->i->reg, id, &kept, e);
    if (st == ST_OK)
        st = commission_notify(j->i, kept, &sent, e);
    if (st == ST_OK) {
        v = sent_facts(kept, &sent);
        value_set_int(v, "units", kept->units->len);
        value_take_text(v, "due", letter_time(clock, kept->due));
        job_done(j, "commissioned", v);
    }
    commission_sent_clear(&sent);
    return st;
}

enum st
do_commission(struct job *j, struct err *e)
{
    g_autoptr(asking) a = asking_new(j->text);
    g_autoptr(reg_commission) c = commission_of(j, a);

    return c ? issue(j, c, e) : ST_OK;
}

/* ---- of one that is there ---- */

/* The next word as a commission; *out NULL: refused. */
static enum st
take_commission(struct job *j, const char *usage, struct reg_commission **out,
                struct err *e)
{
    const char *word = order_take(j->o);
    enum st st;

    if (!word)
        return job_refuse(j, usage, NULL);
    st = reg_commission_find(j->i->reg, word, out, e);
    if (st != ST_OK)
        return st;
    if (*out && !(*out)->cancelled)
        return ST_OK;
    g_clear_pointer(out, reg_commission_free);
    return job_refuse(j, "no-commission", job_fact("what", word));
}

/* ---- 免约 ---- */

static const struct reg_commissioned *
find_asked(const struct reg_commission *c, const struct unit *u)
{
    for (guint n = 0; n < c->units->len; n++) {
        const struct reg_commissioned *k = g_ptr_array_index(c->units, n);

        if (g_str_equal(k->unit, u->short_name))
            return k;
    }
    return NULL;
}

/* FALSE: refused. */
static gboolean
may_be_waived(struct job *j, const struct reg_commission *c,
              const struct unit *u, const char *note)
{
    const struct reg_commissioned *k = find_asked(c, u);
    const char *refusal = NULL;
    struct value *v;

    if (!k)
        refusal = "not-asked";
    else if (k->waived)
        refusal = "waived-already";
    else if (!note)
        refusal = "usage-waive";
    if (!refusal)
        return TRUE;
    v = job_fact("number", c->number);
    value_set_text(v, "unit", u->name);
    job_refuse(j, refusal, v);
    return FALSE;
}

enum st
do_waive(struct job *j, struct err *e)
{
    g_autoptr(reg_commission) c = NULL;
    g_autoptr(scoring) before = NULL, after = NULL;
    g_autofree char *note = NULL;
    const struct unit *u;
    struct value *v;
    enum st st = take_commission(j, "usage-waive", &c, e);

    if (st != ST_OK || !c)
        return st;
    u = job_unit(j);
    note = order_take_rest(j->o);
    if (!u || !may_be_waived(j, c, u, note))
        return ST_OK;
    st = job_score(j, &before, e);
    if (st == ST_OK)
        st = reg_commission_waive(j->i->reg, c->id, u->short_name, note,
                                  &j->act, e);
    if (st == ST_OK)
        st = job_score(j, &after, e);
    if (st != ST_OK)
        return st;
    v = job_fact("number", c->number);
    value_set_text(v, "title", c->title);
    value_set_text(v, "unit", u->name);
    job_changes(j, before, after, v);
    job_done(j, "waived", v);
    return job_adjusts_day(j, clock_day(&j->i->office->clock, c->due), e);
}

/* ---- 催办 ---- */

enum st
do_remind(struct job *j, struct err *e)
{
    g_autoptr(reg_commission) c = NULL;
    struct commission_sent sent = {0};
    enum st st = take_commission(j, "usage-remind", &c, e);

    if (st != ST_OK || !c)
        return st;
    st = commission_remind(j->i, c, &sent, e);
    if (st == ST_OK && sent.units == 0 && sent.without->len == 0)
        job_refuse(j, "nobody-owes", job_fact("number", c->number));
    else if (st == ST_OK)
        job_done(j, "reminded", sent_facts(c, &sent));
    commission_sent_clear(&sent);
    return st;
}

/* ---- 查询 ---- */

/* How many stand in which way: {owes, in_time, late, waived}. */
static enum st
ask_current(struct job *j, struct err *e)
{
    const struct office *o = j->i->office;
    g_autoptr(GPtrArray) all = NULL;
    struct value *v, *list;
    enum st st = commissions_current(o, j->i->reg, &all, e);

    if (st != ST_OK)
        return st;
    v = value_map();
    list = value_list();
    for (guint n = 0; n < all->len; n++)
        value_append(list, commission_facts(o, g_ptr_array_index(all, n)));
    value_set(v, "commissions", list);
    return job_done(j, all->len ? "commissions" : "no-commissions", v);
}

enum st
ask_commission(struct job *j, struct err *e)
{
    const struct office *o = j->i->office;
    g_autoptr(reg_commission) c = NULL;
    struct value *v, *list;
    enum st st;

    if (!strpbrk(order_peek(j->o), "0123456789"))
        return j->own ? job_refuse(j, "usage-query", NULL) : ask_current(j, e);
    st = take_commission(j, "usage-query", &c, e);
    if (st != ST_OK || !c)
        return st;
    if (j->own && !find_asked(c, j->own))
        return job_refuse(j, "not-yours", NULL);
    v = commission_facts(o, c);
    list = value_list();
    for (guint n = 0; n < c->units->len; n++) {
        const struct reg_commissioned *k = g_ptr_array_index(c->units, n);

        if (!job_is_foreign(j, k->unit))
            value_append(list, commissioned_facts(o, c, k));
    }
    value_set_bool(v, "all", j->own == NULL);
    value_set(v, "each", list);
    return job_done(j, "commission", v);
}
