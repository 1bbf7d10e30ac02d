/* do_mark.c - 标注, 记分 and 撤销. */
#include "desk/job.h"

#include "base/nearest.h"
#include "desk/options.h"
#include "intake/criticism.h"
#include "intake/letters.h"
#include "intake/scoring.h"
#include "register/mark.h"

#include <string.h>

/* ---- shared with the other files ---- */

enum st
job_submission(struct job *j, struct reg_submission **out, struct err *e)
{
    g_autofree char *number = order_take_number(j->o);
    g_autoptr(reg_submission) s = NULL;
    enum st st;

    if (!number) {
        const char *word = order_peek(j->o);

        return job_refuse(j, "no-number", job_fact("what", word ? word : ""));
    }
    st = reg_submission_find(j->i->reg, number, &s, e);
    if (st == ST_OK && !s)
        return job_refuse(j, "no-number", job_fact("what", number));
    if (st == ST_OK && s->state == SUBMISSION_PURGED)
        return job_refuse(j, "purged-already", job_fact("number", s->number));
    if (st == ST_OK)
        *out = g_steal_pointer(&s);
    return st;
}

gboolean
job_refuse_unit(struct job *j, const char *name)
{
    g_autoptr(GPtrArray) near = match_near(j->i->office->matcher, name, 3);
    g_autoptr(GString) names = g_string_new(NULL);
    struct value *v = job_fact("what", name);

    for (guint n = 0; n < near->len; n++)
        g_string_append_printf(
            names, "%s%s", n ? "、" : "",
            ((struct unit *)g_ptr_array_index(near, n))->name);
    value_set_text(v, "near", names->str);
    job_refuse(j, near->len ? "near-unit" : "unknown-unit", v);
    return FALSE;
}

struct unit *
job_unit(struct job *j)
{
    const char *word = order_take(j->o);
    struct unit *u = NULL;

    if (!word || match_unit(j->i->office->matcher, word, &u) != MATCH_ONE)
        job_refuse_unit(j, word ? word : "");
    return u;
}

/* ---- which item ---- */

static struct value *
labelled_names(const GPtrArray *items, const char *what)
{
    struct value *v = job_fact("what", what);
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint n = 0; n < items->len; n++)
        g_string_append_printf(
            names, "%s%s", n ? "、" : "",
            ((struct pack_item *)g_ptr_array_index(items, n))->name);
    value_set_text(v, "near", names->str);
    return v;
}

/* Does this item make sense on this submission?  One that counts on a
 * commission only on an answer to one, and the other way about. */
static gboolean
item_fits(const struct pack *p, const struct pack_item *item,
          const struct reg_submission *s)
{
    gboolean on_commission =
        item->group >= 0 &&
        (pack_group(p, item->group)->per & PER_COMMISSION) != 0;

    return s && on_commission == (s->commission != 0);
}

/* A printed label is taken where the submission decides which item it
 * means. */
static const struct pack_item *
item_by_label(struct job *j, const char *word, const struct reg_submission *s)
{
    const struct pack *p = j->i->office->pack;
    g_autoptr(GPtrArray) items = pack_items_labelled(p, word);
    const struct pack_item *only = NULL;
    int fitting = 0;

    for (guint n = 0; n < items->len; n++) {
        const struct pack_item *item = g_ptr_array_index(items, n);

        if (items->len == 1 || item_fits(p, item, s)) {
            only = item;
            fitting++;
        }
    }
    if (fitting == 1)
        return only;
    if (items->len > 0)
        job_refuse(j, "label-many", labelled_names(items, word));
    return NULL;
}

static void
refuse_item(struct job *j, const char *word)
{
    const struct pack *p = j->i->office->pack;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    struct value *v = job_fact("what", word);
    const char *near;

    for (guint n = 0; n < p->items->len; n++)
        g_ptr_array_add(names, pack_item(p, (int)n)->name);
    g_ptr_array_add(names, NULL);
    near = nearest_word(word, (const char *const *)names->pdata);
    value_set_text(v, "near", near);
    job_refuse(j, near ? "near-item" : "unknown-item", v);
}

const struct pack_item *
job_item(struct job *j, const struct reg_submission *s, const char *usage)
{
    const char *word = order_take(j->o);
    const struct pack_item *item;

    if (!word) {
        job_refuse(j, usage, NULL);
        return NULL;
    }
    item = pack_find_item(j->i->office->pack, word);
    if (!item)
        item = item_by_label(j, word, s);
    if (!item && !j->line->answer)
        refuse_item(j, word);
    return item;
}

/* The item as the pack in force on a day has it, under whatever name; NULL
 * when that pack has no such item. */
static const struct pack_item *
item_on(const struct office *o, const struct pack_item *item, civil_day day)
{
    const struct pack *p = office_pack_on(o, day);
    const struct pack_item *found = pack_find_item(p, item->name);

    for (char **was = item->was; *was && !found; was++)
        found = pack_find_item(p, *was);
    return found && !found->retired ? found : NULL;
}

/* ---- the mark ---- */

static const char *
fault_word(enum options_fault fault)
{
    switch (fault) {
    case OPTIONS_DAY:
        return "bad-day";
    case OPTIONS_QUANTITY:
        return "bad-quantity";
    case OPTIONS_AMOUNT:
        return "bad-amount";
    case OPTIONS_TWICE:
        return "option-twice";
    case OPTIONS_LATE:
        return "option-late";
    case OPTIONS_FINE:
        break;
    }
    return NULL;
}

/* FALSE: refused. */
static gboolean
take_options(struct job *j, gboolean day_only, struct options *x)
{
    options_take(j->o, clock_today(&j->i->office->clock), day_only, x);
    if (x->fault)
        job_refuse(j, fault_word(x->fault), job_fact("what", x->word));
    return !x->fault;
}

static gboolean
take_mark_options(struct job *j, struct reg_mark *m)
{
    g_auto(options) x = {0};

    if (!take_options(j, FALSE, &x))
        return FALSE;
    m->day = x.day;
    m->quantity = x.quantity;
    m->has_amount = x.has_amount;
    m->amount = x.amount;
    m->note = g_steal_pointer(&x.note);
    return TRUE;
}

static char *
printed_day(civil_day d)
{
    return day_format_chinese(d);
}

/* ---- what it does to the points ---- */

static const char *
refusal_word(enum refusal r)
{
    switch (r) {
    case REFUSED_KEEP:
        return "refused-keep";
    case REFUSED_SHARES:
        return "refused-shares";
    case REFUSED_AMOUNT:
        return "refused-amount";
    case REFUSED_NOT:
        break;
    }
    return NULL;
}

/* Would this pack let the desk record the mark?  Asked of the score with
 * the mark in it, before it is written. */
static enum st
try_mark(struct job *j, const struct reg_mark *m, const char *number,
         struct scoring *before, enum refusal *out, struct err *e)
{
    const struct roster *units = j->i->office->pack->roster;
    const struct unit *u = m->unit ? roster_find(units, m->unit) : NULL;
    struct fact_mark extra = {
        .id = G_MAXINT64,
        .item = m->item,
        .day = m->day,
        .submission =
            number ? facts_find_submission(before->facts, number) : -1,
        .unit = u ? u->index : -1,
        .quantity = m->quantity,
        .has_amount = m->has_amount,
        .amount = m->amount};
    g_autoptr(scoring) with = NULL;
    enum st st =
        scoring_new(j->i->office, j->i->reg, clock_today(&j->i->office->clock),
                    &extra, &with, e);

    if (st == ST_OK)
        *out = score_refusal_of(with->score, (int)with->facts->marks->len - 1);
    return st;
}

/* Write the mark and say what it changed.  v has what the word needs
 * beside item, date, day, quantity and changes. */
static enum st
record_mark(struct job *j, const struct reg_mark *m, const char *number,
            const char *key, struct value *v, struct err *e)
{
    g_autoptr(value) owned = v;
    g_autoptr(scoring) before = NULL, after = NULL;
    enum refusal refused = REFUSED_NOT;
    gint64 id = 0;
    enum st st = job_score(j, &before, e);

    if (st == ST_OK)
        st = try_mark(j, m, number, before, &refused, e);
    if (st == ST_OK && refused != REFUSED_NOT)
        return job_refuse(j, refusal_word(refused), g_steal_pointer(&owned));
    if (st == ST_OK)
        st = reg_mark_add(j->i->reg, m, &j->act, &id, e);
    if (st == ST_OK)
        st = job_score(j, &after, e);
    if (st != ST_OK)
        return st;
    job_changes(j, before, after, owned);
    job_done(j, key, g_steal_pointer(&owned));
    return job_adjusts_day(j, m->day, e);
}

static struct value *
mark_facts(const struct reg_mark *m)
{
    struct value *v = job_fact("item", m->item);

    value_take_text(v, "date", printed_day(m->day));
    value_take_text(v, "day", day_format(m->day));
    if (m->quantity != DECIMAL_ONE) {
        g_autofree char *n = decimal_format(m->quantity);

        value_take_text(v, "quantity", g_strdup_printf("×%s", n));
    }
    return v;
}

/* ---- 标注 ---- */

/* Does any case of the item look at the value that the desk gives? */
static gboolean
takes_amount(const GArray *cases)
{
    for (guint n = 0; n < cases->len; n++) {
        const struct points *p =
            &g_array_index(cases, struct pack_case, n).points;

        if (p->kind == POINTS_RANGE ||
            (p->kind == POINTS_FORMULA && strstr(p->formula.text, "amount")))
            return TRUE;
    }
    return FALSE;
}

/* FALSE: refused, with the value that it has. */
static gboolean
check_amount(struct job *j, const struct pack_item *item,
             const struct reg_mark *m)
{
    const GArray *cases = pack_item_cases(item, m->day);
    struct value *v;

    if (!m->has_amount || takes_amount(cases))
        return TRUE;
    v = job_fact("item", item->name);
    value_take_text(v, "what", decimal_format(m->amount));
    if (cases->len == 1) {
        const struct points *p =
            &g_array_index(cases, struct pack_case, 0).points;

        if (p->kind == POINTS_NUMBER)
            value_take_text(v, "points", decimal_format(p->number));
    }
    job_refuse(j, "fixed-amount", v);
    return FALSE;
}

/* The item by the name that it has on the mark's day, into the mark; NULL
 * when there can be no such mark. */
static const struct pack_item *
name_item(struct job *j, const struct pack_item *named, struct reg_mark *m)
{
    const struct office *o = j->i->office;
    const struct pack_item *item = item_on(o, named, m->day);

    if (!job_day(j, m->day))
        return NULL;
    if (!item) {
        job_refuse(j, "unknown-item", job_fact("what", named->name));
        return NULL;
    }
    if (item->when != WHEN_MARKED) {
        job_refuse(j, "made-by-itself", job_fact("item", item->name));
        return NULL;
    }
    if (!check_amount(j, item, m))
        return NULL;
    m->item = g_strdup(item->name);
    return item;
}

static enum st
is_repeated(struct job *j, const struct reg_mark *m, gboolean *out,
            struct err *e)
{
    g_autoptr(GPtrArray) live = NULL;
    enum st st =
        reg_marks_find(j->i->reg, m->submission, NULL, m->item, &live, e);

    *out = FALSE;
    for (guint n = 0; st == ST_OK && n < live->len; n++) {
        const struct reg_mark *k = g_ptr_array_index(live, n);

        *out = *out || k->day == m->day;
    }
    return st;
}

/* 即时通报, when the mark was made and the pack asks for it. */
static enum st
tell_units(struct job *j, const struct reg_submission *s,
           const struct pack_item *item, struct err *e)
{
    g_autoptr(GPtrArray) without = g_ptr_array_new_with_free_func(g_free);
    struct value *v;
    int sent = 0;
    enum st st;

    if (!j->line->done || !criticism_is_immediate(item))
        return ST_OK;
    st = criticism_notify(j->i, s, item, &sent, without, e);
    if (st != ST_OK)
        return st;
    v = value_map();
    value_set_bool(v, "sent", sent > 0);
    value_take_text(v, "without", letter_list(without));
    job_sentence(j, "criticised", v);
    return ST_OK;
}

enum st
do_mark(struct job *j, struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    g_autoptr(reg_mark) m = reg_mark_new();
    const struct pack_item *item;
    struct value *v;
    gboolean repeated = FALSE;
    enum st st;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-mark", NULL);
    st = job_submission(j, &s, e);
    if (st != ST_OK || !s)
        return st;
    if (s->state != SUBMISSION_RECORDED)
        return job_refuse(j, "withdrawn", job_fact("number", s->number));
    item = job_item(j, s, "usage-mark");
    if (!item)
        return ST_OK;
    m->submission = s->id;
    item = take_mark_options(j, m) ? name_item(j, item, m) : NULL;
    if (!item)
        return ST_OK;
    st = is_repeated(j, m, &repeated, e);
    v = mark_facts(m);
    value_set_text(v, "number", s->number);
    value_set_text(v, "title", s->title);
    if (st == ST_OK && repeated)
        return job_refuse(j, "marked-already", v);
    st = record_mark(j, m, s->number, "marked", v, e);
    return st == ST_OK ? tell_units(j, s, item, e) : st;
}

/* ---- 记分 ---- */

enum st
do_credit(struct job *j, struct err *e)
{
    g_autoptr(reg_mark) m = reg_mark_new();
    const struct pack_item *item;
    struct unit *u;
    struct value *v;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-credit", NULL);
    u = job_unit(j);
    item = u ? job_item(j, NULL, "usage-credit") : NULL;
    if (!item)
        return ST_OK;
    m->unit = g_strdup(u->short_name);
    if (!take_mark_options(j, m) || !name_item(j, item, m))
        return ST_OK;
    if (!m->note)
        return job_refuse(j, "note-needed", NULL);
    v = mark_facts(m);
    value_set_text(v, "unit", u->name);
    value_set_text(v, "short", u->short_name);
    return record_mark(j, m, NULL, "credited", v, e);
}

/* ---- 撤销 ---- */

struct target { /* of a revocation: a submission or a unit */
    gint64 submission;
    const char *unit;
    const char *printed; /* as the order names it */
};

static enum st
find_mark(struct job *j, const struct target *t, const char *item,
          civil_day day, struct reg_mark **out, struct err *e)
{
    g_autoptr(GPtrArray) live = NULL;
    enum st st =
        reg_marks_find(j->i->reg, t->submission, t->unit, item, &live, e);

    for (guint n = 0; st == ST_OK && n < live->len; n++) {
        struct reg_mark *k = g_ptr_array_index(live, n);

        if (day == DAY_NONE || k->day == day)
            return reg_mark_get(j->i->reg, k->id, out, e);
    }
    return st;
}

/* The order that makes the mark once more, just as it was. */
static char *
order_again(const struct target *t, const struct reg_mark *m)
{
    g_autofree char *day = day_format(m->day);
    GString *s = g_string_new(t->submission ? "标注" : "记分");

    g_string_append_printf(s, " %s %s %s", t->printed, m->item, day);
    if (m->quantity != DECIMAL_ONE) {
        g_autofree char *n = decimal_format(m->quantity);

        g_string_append_printf(s, " ×%s", n);
    }
    if (m->has_amount) {
        g_autofree char *n = decimal_format(m->amount);

        g_string_append_printf(s, " =%s", n);
    }
    if (m->note)
        g_string_append_printf(s, " %s", m->note);
    return g_string_free(s, FALSE);
}

static enum st
revoke_mark(struct job *j, const struct target *t, const struct reg_mark *m,
            const char *note, struct err *e)
{
    g_autoptr(scoring) before = NULL, after = NULL;
    struct value *v = mark_facts(m);
    enum st st = job_score(j, &before, e);

    if (st == ST_OK)
        st = reg_mark_revoke(j->i->reg, m->id, note, &j->act, e);
    if (st == ST_OK)
        st = job_score(j, &after, e);
    if (st != ST_OK) {
        value_free(v);
        return st;
    }
    value_set_text(v, "what", t->printed);
    value_take_text(v, "again", order_again(t, m));
    job_changes(j, before, after, v);
    job_done(j, "revoked", v);
    return job_adjusts_day(j, m->day, e);
}

static enum st
take_target(struct job *j, struct target *t, struct reg_submission **s,
            struct err *e)
{
    const char *word = order_peek(j->o);
    struct unit *u;
    enum st st;

    if (word && g_ascii_isdigit(*word)) {
        st = job_submission(j, s, e);
        if (st == ST_OK && *s) {
            t->submission = (*s)->id;
            t->printed = (*s)->number;
        }
        return st;
    }
    u = job_unit(j);
    if (u)
        t->unit = t->printed = u->short_name;
    return ST_OK;
}

enum st
do_revoke(struct job *j, struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    g_autoptr(reg_mark) m = NULL;
    g_auto(options) x = {0};
    struct target t = {0};
    const struct pack_item *item;
    civil_day day;
    enum st st;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-revoke", NULL);
    st = take_target(j, &t, &s, e);
    if (st != ST_OK || !t.printed)
        return st;
    item = job_item(j, s, "usage-revoke");
    if (!item || !take_options(j, TRUE, &x))
        return ST_OK;
    day = x.has_day ? x.day : DAY_NONE;
    st = find_mark(j, &t, item->name, day, &m, e);
    for (char **was = item->was; st == ST_OK && !m && *was; was++)
        st = find_mark(j, &t, *was, day, &m, e); /* recorded before it was
                                                    renamed */
    if (st == ST_OK && !m) {
        struct value *v = job_fact("what", t.printed);

        value_set_text(v, "item", item->name);
        if (day != DAY_NONE)
            value_take_text(v, "date", printed_day(day));
        return job_refuse(j, "no-mark", v);
    }
    return st == ST_OK ? revoke_mark(j, &t, m, x.note, e) : st;
}
