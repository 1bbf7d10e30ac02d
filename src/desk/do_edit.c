/* do_edit.c - corrections: 改, 补录, 退稿. */
#include "desk/job.h"

#include "base/nearest.h"
#include "desk/options.h"
#include "reply/value.h"

#include <string.h>

struct field_word {
    const char *name;
    enum reg_field field;
};

static const struct field_word field_words[] = {
    {"标题", FIELD_TITLE},    {"报送人", FIELD_SUBMITTER},
    {"签发人", FIELD_SIGNER}, {"公开属性", FIELD_OPENNESS},
    {"电话", FIELD_PHONES},   {"分机", FIELD_EXTENSIONS},
    {"类别", FIELD_CATEGORY}, {"备注", FIELD_REMARK}};

static const char UNIT_FIELD[] = "单位";

/* ---- 改 ---- */

static enum st
unknown_field(struct job *j, const char *name)
{
    const char *names[G_N_ELEMENTS(field_words) + 2];
    const char *near;
    struct value *v = job_fact("what", name);

    for (size_t n = 0; n < G_N_ELEMENTS(field_words); n++)
        names[n] = field_words[n].name;
    names[G_N_ELEMENTS(field_words)] = UNIT_FIELD;
    names[G_N_ELEMENTS(field_words) + 1] = NULL;
    near = nearest_word(name, names);
    value_set_text(v, "near", near);
    value_set_bool(v, "all", TRUE);
    return job_refuse(j, near ? "near-field" : "field-unknown", v);
}

static enum st
change_unit(struct job *j, const struct reg_submission *s, const char *text,
            struct err *e)
{
    struct unit *u = NULL;
    g_autoptr(GPtrArray) credits =
        g_ptr_array_new_with_free_func((GDestroyNotify)reg_credit_free);
    enum st st = job_adjusts_day(j, s->day, e);

    match_unit(j->i->office->matcher, text, &u); /* found before */
    g_ptr_array_add(credits, reg_credit_new(u->short_name, 0));
    return st == ST_OK
               ? reg_submission_credit(j->i->reg, s->id, credits, &j->act, e)
               : st;
}

/* The persons of a regulation that credits them. */
static enum st
change_authors(struct job *j, const struct reg_submission *s, const char *text,
               struct err *e)
{
    g_autoptr(GPtrArray) authors = fields_authors(text);

    return reg_submission_authors(j->i->reg, s->id, authors, &j->act, e);
}

static enum st
change_field(struct job *j, const struct reg_submission *s, const char *name,
             const char *text, struct err *e)
{
    enum st st = ST_OK;

    if (g_str_equal(name, UNIT_FIELD))
        return change_unit(j, s, text, e);
    for (size_t n = 0; st == ST_OK && n < G_N_ELEMENTS(field_words); n++) {
        if (!g_str_equal(name, field_words[n].name))
            continue;
        st = reg_submission_correct(j->i->reg, s->id, field_words[n].field,
                                    text, &j->act, e);
        if (st == ST_OK && field_words[n].field == FIELD_SUBMITTER)
            st = change_authors(j, s, text, e);
    }
    return st;
}

/* Each is looked at before any is changed; FALSE: refused. */
static gboolean
check_field(struct job *j, const char *name, const char *text)
{
    struct unit *u = NULL;

    if (g_str_equal(name, UNIT_FIELD))
        return match_unit(j->i->office->matcher, text, &u) == MATCH_ONE ||
               job_refuse_unit(j, text);
    for (size_t n = 0; n < G_N_ELEMENTS(field_words); n++) {
        g_autofree char *kept = NULL;

        if (!g_str_equal(name, field_words[n].name))
            continue;
        kept = job_field_value(j, name, text);
        return kept != NULL;
    }
    unknown_field(j, name);
    return FALSE;
}

static gboolean
check_fields(struct job *j, const char *usage)
{
    guint start = j->o->next;
    gboolean ok = TRUE;
    char *name, *text;

    while (ok && order_take_field(j->o, &name, &text)) {
        ok = check_field(j, name, text);
        g_free(name);
        g_free(text);
    }
    if (ok && order_peek(j->o)) {
        job_refuse(j, usage, NULL);
        ok = FALSE;
    }
    j->o->next = start;
    return ok;
}

enum st
job_correct(struct job *j, const struct reg_submission *s, const char *usage,
            char **what_out, struct err *e)
{
    g_autoptr(GString) what = g_string_new(NULL);
    char *name, *text;
    enum st st = ST_OK;

    if (!check_fields(j, usage))
        return ST_OK;
    while (st == ST_OK && order_take_field(j->o, &name, &text)) {
        g_autofree char *kept = job_field_value(j, name, text);

        st = change_field(j, s, name, kept, e);
        g_string_append_printf(what, "%s%s=%s", what->len ? "、" : "", name,
                               kept);
        g_free(name);
        g_free(text);
    }
    if (st == ST_OK)
        *what_out = g_strdup(what->str);
    return st;
}

enum st
do_correct(struct job *j, struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    g_autofree char *what = NULL;
    struct value *v;
    enum st st;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-correct", NULL);
    st = job_submission(j, &s, e);
    if (st == ST_OK && s && !order_peek(j->o))
        return job_refuse(j, "usage-correct", NULL);
    if (st == ST_OK && s)
        st = job_correct(j, s, "usage-correct", &what, e);
    if (st != ST_OK || !what)
        return st;
    v = job_fact("number", s->number);
    value_set_text(v, "what", what);
    return job_done(j, "corrected", v);
}

/* ---- 补录 ---- */

/* The first of the words before `end` that is a whole date; NULL: none. */
static const char *
day_within(const struct order *o, guint end)
{
    for (guint n = o->next; n < end; n++)
        if (options_plain_day(g_ptr_array_index(o->words, n)))
            return g_ptr_array_index(o->words, n);
    return NULL;
}

/* All between the unit and a date at the end, as written; a date elsewhere is
 * one that would be lost.  NULL: refused. */
static char *
take_title(struct job *j, civil_day *day)
{
    struct order *o = j->o;
    guint first = o->next, last = o->words->len - 1;
    const char *word;
    gboolean dated;

    o->next = last;
    word = order_peek(o);
    dated = order_take_day(o, *day, day);
    o->next = first;
    if (!dated)
        word = options_like_day(word) ? word : day_within(o, last);
    if (!dated && word) {
        job_refuse(j, "enter-day", job_fact("what", word));
        return NULL;
    }
    if (dated && last == first)
        job_refuse(j, "usage-enter", NULL);
    return order_take_until(o, dated ? last : last + 1);
}

enum st
do_enter(struct job *j, struct err *e)
{
    const struct clock *clock = &j->i->office->clock;
    g_autoptr(reg_submission) s = reg_submission_new();
    g_autofree char *number = NULL;
    g_autofree char *printed = NULL;
    civil_day day = clock_today(clock);
    struct unit *u;
    struct value *v;
    gint64 id = 0;
    enum st st;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-enter", NULL);
    u = job_unit(j);
    if (!u)
        return ST_OK;
    if (!order_peek(j->o))
        return job_refuse(j, "usage-enter", NULL);
    s->title = take_title(j, &day);
    if (!s->title || !job_day(j, day))
        return ST_OK;
    s->day = day;
    s->received = MIN(clock_day_start(clock, day), clock_now(clock));
    g_ptr_array_add(s->credits, reg_credit_new(u->short_name, 0));
    st = reg_submission_add(j->i->reg, s, NULL, &j->act, &id, &number, e);
    if (st != ST_OK)
        return st;
    printed = day_format_chinese(day);
    v = job_fact("number", number);
    value_set_text(v, "unit", u->name);
    value_set_text(v, "title", s->title);
    value_set_text(v, "date", printed);
    job_done(j, "entered", v);
    return job_adjusts_day(j, day, e);
}

/* ---- 退稿 ---- */

enum st
do_withdraw(struct job *j, struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    g_autofree char *why = NULL;
    struct value *v;
    enum st st;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-withdraw", NULL);
    st = job_submission(j, &s, e);
    if (st != ST_OK || !s)
        return st;
    if (s->state != SUBMISSION_RECORDED)
        return job_refuse(j, "withdrawn-already",
                          job_fact("number", s->number));
    why = order_take_rest(j->o);
    if (!why)
        return job_refuse(j, "usage-withdraw", NULL);
    st = reg_submission_withdraw(j->i->reg, s->id, why, &j->act, e);
    if (st != ST_OK)
        return st;
    v = job_fact("number", s->number);
    value_set_text(v, "title", s->title);
    job_done(j, "withdrawn-now", v);
    return job_adjusts_day(j, s->day, e);
}
