/* do_joint.c - 联合: whose a submission is, and in what shares. */
#include "desk/job.h"

#include "intake/scoring.h"

#include <string.h>

enum { UNITS_LEAST = 2, SHARE_MOST = 1000000 };

struct sharing {
    GPtrArray *credits; /* of struct reg_credit; share: the number written */
    int stated;         /* how many have one */
};

/* 财政局 or 财政局:6; FALSE: refused. */
static gboolean
add_unit(struct job *j, struct sharing *t, const char *word)
{
    const char *colon = strrchr(word, ':');
    g_autofree char *name =
        colon ? g_strndup(word, (gsize)(colon - word)) : g_strdup(word);
    struct unit *u = NULL;
    decimal share = 0;

    if (match_unit(j->i->office->matcher, name, &u) != MATCH_ONE)
        return job_refuse_unit(j, name);
    if (colon && (!decimal_parse(colon + 1, &share) || share <= 0 ||
                  share > SHARE_MOST * DECIMAL_ONE)) {
        job_refuse(j, "bad-share", job_fact("what", word));
        return FALSE;
    }
    for (guint n = 0; n < t->credits->len; n++) {
        const struct reg_credit *c = g_ptr_array_index(t->credits, n);

        if (g_str_equal(c->unit, u->short_name)) {
            job_refuse(j, "unit-twice", job_fact("what", u->name));
            return FALSE;
        }
    }
    g_ptr_array_add(t->credits, reg_credit_new(u->short_name, share));
    t->stated += colon ? 1 : 0;
    return TRUE;
}

/* 6 and 4 become 0.6 and 0.4; what is left over goes to the first named. */
static void
share_out(const struct sharing *t)
{
    decimal sum = 0, left = DECIMAL_ONE;

    for (guint n = 0; n < t->credits->len; n++)
        sum += ((struct reg_credit *)g_ptr_array_index(t->credits, n))->share;
    for (guint n = 0; n < t->credits->len; n++) {
        struct reg_credit *c = g_ptr_array_index(t->credits, n);

        c->share = decimal_scale(DECIMAL_ONE, c->share, sum, 4);
        left -= c->share;
    }
    ((struct reg_credit *)g_ptr_array_index(t->credits, 0))->share += left;
}

static gboolean
take_units(struct job *j, struct sharing *t)
{
    const char *word;

    while ((word = order_take(j->o)))
        if (!add_unit(j, t, word))
            return FALSE;
    if (t->credits->len < UNITS_LEAST ||
        (t->stated > 0 && t->stated < (int)t->credits->len)) {
        job_refuse(j, "usage-joint", NULL);
        return FALSE;
    }
    if (t->stated > 0)
        share_out(t);
    return TRUE;
}

/* What the pack would refuse: with such a submission on record it would
 * refuse every mark after it. */
static gboolean
shares_fit(struct job *j, const struct sharing *t)
{
    gboolean wanted = j->i->office->pack->joint == JOINT_STATED;

    if ((t->stated > 0) == wanted)
        return TRUE;
    job_refuse(j, wanted ? "shares-needed" : "shares-unused", NULL);
    return FALSE;
}

static struct value *
joint_facts(const struct job *j, const struct reg_submission *s,
            const struct sharing *t)
{
    struct value *v = job_fact("number", s->number), *list = value_list();

    value_set_text(v, "title", s->title);
    for (guint n = 0; n < t->credits->len; n++) {
        const struct reg_credit *c = g_ptr_array_index(t->credits, n);
        struct value *one =
            job_fact("name", office_unit_name(c->unit, j->i->office));

        if (c->share)
            value_take_text(one, "share", decimal_format(c->share));
        value_append(list, one);
    }
    value_set(v, "units", list);
    return v;
}

static enum st
credit(struct job *j, const struct reg_submission *s, const struct sharing *t,
       struct err *e)
{
    g_autoptr(scoring) before = NULL, after = NULL;
    struct value *v;
    enum st st = job_score(j, &before, e);

    if (st == ST_OK)
        st = reg_submission_credit(j->i->reg, s->id, t->credits, &j->act, e);
    if (st == ST_OK)
        st = job_score(j, &after, e);
    if (st != ST_OK)
        return st;
    v = joint_facts(j, s, t);
    job_changes(j, before, after, v);
    job_done(j, "joint", v);
    return job_adjusts_day(j, s->day, e);
}

enum st
do_joint(struct job *j, struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    g_autoptr(GPtrArray) credits =
        g_ptr_array_new_with_free_func((GDestroyNotify)reg_credit_free);
    struct sharing t = {credits, 0};
    enum st st;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-joint", NULL);
    st = job_submission(j, &s, e);
    if (st != ST_OK || !s)
        return st;
    return take_units(j, &t) && shares_fit(j, &t) ? credit(j, s, &t, e) : ST_OK;
}
