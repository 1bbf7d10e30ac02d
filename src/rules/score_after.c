/* score_after.c - a score under one pack goes on from that under the pack
 * before: its marks and lines are taken over, with what they are worth.
 *
 * Nothing is judged again here.  Only when something new falls into a pot
 * are the old gains in it judged by the groups of the new pack; what is over
 * stays as it was booked. */
#include "rules/score_state.h"

struct inheritance {
    struct score *s;
    const struct score *before;
    GHashTable *twins; /* mark of before -> mark of s */
    int *submissions, *commissions, *incidents; /* indices there -> here */
    GHashTable *facts; /* id of a recorded mark -> struct fact_mark here */
    score_who *who;    /* there -> here, -1: nobody */
};

/* ---- the same thing in both lists of facts ---- */

static const char *
submission_number(const struct facts *f, int i)
{
    return facts_submission(f, i)->number;
}

static const char *
commission_number(const struct facts *f, int i)
{
    return facts_commission(f, i)->number;
}

static const char *
incident_number(const struct facts *f, int i)
{
    return facts_incident(f, i)->number;
}

typedef const char *(*number_fn)(const struct facts *f, int i);

/* By their numbers, which the office gives once. */
static int *
same_things(const struct facts *there, guint n_there, const struct facts *here,
            guint n_here, number_fn number)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    int *out = g_new0(int, n_there + 1);

    for (guint i = 0; i < n_here; i++)
        g_hash_table_insert(known, (gpointer)number(here, (int)i),
                            GUINT_TO_POINTER(i + 1));
    for (guint i = 0; i < n_there; i++)
        out[i] =
            GPOINTER_TO_INT(g_hash_table_lookup(known, number(there, (int)i))) -
            1;
    return out;
}

static score_who *
same_people(const struct score *there, const struct score *here)
{
    score_who *out = g_new0(score_who, there->n_who + 1);

    for (score_who who = 0; who < there->n_who; who++)
        out[who] = score_find_who(
            here, who < there->n_units
                      ? roster_unit(there->p->roster, who)->short_name
                      : score_who_name(there, who));
    return out;
}

static void
open_maps(struct inheritance *h)
{
    const struct facts *there = h->before->f, *here = h->s->f;

    h->twins = g_hash_table_new(NULL, NULL);
    h->submissions = same_things(there, there->submissions->len, here,
                                 here->submissions->len, submission_number);
    h->commissions = same_things(there, there->commissions->len, here,
                                 here->commissions->len, commission_number);
    h->incidents = same_things(there, there->incidents->len, here,
                               here->incidents->len, incident_number);
    h->who = same_people(h->before, h->s);
    h->facts = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (int i = 0; i < (int)here->marks->len; i++)
        g_hash_table_insert(h->facts, (gpointer)&facts_mark(here, i)->id,
                            (gpointer)facts_mark(here, i));
}

static void
close_maps(struct inheritance *h)
{
    g_hash_table_unref(h->twins);
    g_hash_table_unref(h->facts);
    g_free(h->submissions);
    g_free(h->commissions);
    g_free(h->incidents);
    g_free(h->who);
}

static int
here(const int *map, int index)
{
    return index >= 0 ? map[index] : -1;
}

/* ---- marks ---- */

static void
inherit_credit(struct inheritance *h, const struct live_mark *old,
               struct live_mark *m)
{
    m->m.who =
        score_alloc(h->s, (gsize)old->m.n_who, sizeof(struct credit_share));
    for (int i = 0; i < old->m.n_who; i++) {
        score_who who = h->who[old->m.who[i].who];

        if (who >= 0)
            m->m.who[m->m.n_who++] =
                (struct credit_share){who, old->m.who[i].share};
    }
}

static void
inherit_gains(struct inheritance *h, const struct live_mark *old,
              struct live_mark *m)
{
    m->gains = score_alloc(h->s, (gsize)old->n_gains, sizeof(struct gain));
    for (int i = 0; i < old->n_gains; i++) {
        const struct gain *o = &old->gains[i];
        struct gain *c = &m->gains[m->n_gains];

        if (h->who[o->who] < 0)
            continue;
        c->mark = m;
        c->who = h->who[o->who];
        c->share = o->share;
        c->nth = o->nth;
        c->value = o->value;
        c->worth = o->worth;
        c->why = o->why;
        c->rule = o->rule;
        c->refused = o->refused;
        c->lasting = lasting_cases(h->before, o);
        c->valued = c->booked = TRUE;
        m->n_gains++;
        contest_rejoin(h->s, c);
    }
}

static void
inherit_mark(struct inheritance *h, const struct live_mark *old)
{
    struct score *s = h->s;
    const struct score_mark *o = &old->m;
    struct live_mark *m = mark_new(
        s, pack_item(s->p, s->p->heirs[o->item->index]), o->source, o->day);

    m->m.until = o->until;
    m->m.submission = here(h->submissions, o->submission);
    m->m.commission = here(h->commissions, o->commission);
    m->m.incident = here(h->incidents, o->incident);
    m->m.unit = here(h->who, o->unit);
    m->m.fact = o->fact ? g_hash_table_lookup(h->facts, &o->fact->id) : NULL;
    m->m.period = o->period;
    m->m.quantity = o->quantity;
    m->m.actual = o->actual;
    m->m.target = o->target;
    m->m.has_actual = o->has_actual;
    m->order = old->order;
    m->seq = s->seq++;
    m->alive = old->alive;
    m->known = m->inherited = TRUE;
    g_hash_table_insert(h->twins, (gpointer)o, m);
    inherit_credit(h, old, m);
    mark_list(s, m);
    inherit_gains(h, old, m);
}

static int
by_seq(gconstpointer a, gconstpointer b)
{
    const struct live_mark *x = *(struct live_mark *const *)a;
    const struct live_mark *y = *(struct live_mark *const *)b;

    return (x->seq > y->seq) - (x->seq < y->seq);
}

static void
inherit_marks(struct inheritance *h)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();

    for (guint i = 0; i < h->before->marks->len; i++) {
        struct live_mark *m = h->before->marks->pdata[i];

        if (m->known)
            g_ptr_array_add(known, m);
    }
    g_ptr_array_sort(known, by_seq);
    for (guint i = 0; i < known->len; i++)
        inherit_mark(h, known->pdata[i]);
}

/* Years that already count for nothing. */
static void
inherit_zeros(struct inheritance *h)
{
    for (guint i = 0; i < h->s->marks->len; i++) {
        const struct live_mark *m = h->s->marks->pdata[i];

        for (int k = 0; m->alive && k < m->m.n_who; k++)
            if (score_mark_effect(&m->m) == EFFECT_ZERO)
                zero_year(h->s, m->m.who[k].who, m->m.day, 1);
    }
}

/* ---- lines ---- */

static void
inherit_line(struct inheritance *h, const struct score_line *old)
{
    struct score *s = h->s;
    const struct live_mark *twin = g_hash_table_lookup(h->twins, old->mark);
    const struct live_mark *other =
        old->other ? g_hash_table_lookup(h->twins, old->other) : NULL;
    struct score_line *line;

    if (!twin || h->who[old->who] < 0)
        return;
    line = score_alloc(s, 1, sizeof *line);
    *line = *old;
    line->who = h->who[old->who];
    line->mark = &twin->m;
    line->other = other ? &other->m : NULL;
    g_ptr_array_add(s->lines, line);
    if (!s->who_lines[line->who])
        s->who_lines[line->who] = g_ptr_array_new();
    g_ptr_array_add(s->who_lines[line->who], line);
}

/* Marks that the pack of their day did not know. */
static void
inherit_unknown(struct inheritance *h)
{
    for (guint i = 0; i < h->before->unknown->len; i++) {
        const struct fact_mark *old = h->before->unknown->pdata[i];
        gpointer here = g_hash_table_lookup(h->facts, &old->id);

        if (here)
            g_ptr_array_add(h->s->unknown, here);
    }
}

static int
mark_here(const struct inheritance *h, int there)
{
    const struct fact_mark *m =
        there >= 0 ? g_hash_table_lookup(h->facts,
                                         &facts_mark(h->before->f, there)->id)
                   : NULL;

    return m ? (int)(m - facts_mark(h->s->f, 0)) : -1;
}

/* What was refused then still is; which mark or submission, in the facts
 * here. */
static void
inherit_refusals(struct inheritance *h)
{
    for (guint i = 0; i < h->before->refused->len; i++) {
        const struct refused *r =
            &g_array_index(h->before->refused, struct refused, i);

        refusal_add(h->s, r->why, mark_here(h, r->mark),
                    here(h->submissions, r->submission));
    }
}

void
marks_inherit(struct score *s, const struct score *before)
{
    struct inheritance h = {.s = s, .before = before};

    s->since = s->p->effective;
    s->today = s->since - 1;
    open_maps(&h);
    inherit_marks(&h);
    for (guint i = 0; i < before->lines->len; i++)
        inherit_line(&h, before->lines->pdata[i]);
    inherit_zeros(&h);
    inherit_unknown(&h);
    inherit_refusals(&h);
    for (int level = 0; level <= s->plan.levels; level++) {
        GPtrArray *touched = s->touched[level];

        for (guint i = 0; i < touched->len; i++)
            ((struct contest *)touched->pdata[i])->touched = FALSE;
        g_ptr_array_set_size(touched, 0);
    }
    close_maps(&h);
}
