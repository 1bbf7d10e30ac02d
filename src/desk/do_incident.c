/* do_incident.c - 紧急 and 终结: reports that belong together; and 查询 of an
 * incident, or of all that are open. */
#include "desk/job.h"

#include "desk/when.h"
#include "intake/incidents.h"
#include "intake/letters.h"
#include "intake/scoring.h"
#include "register/commission.h"

#include <string.h>

static const char *const stages[] = {"初报", "续报", "终报", NULL};

struct linking {        /* an order 紧急, as far as it is understood */
    GPtrArray *reports; /* of struct reg_submission */
    GPtrArray *stages;  /* of const char*, stated, or NULL */
    gint64 happened;    /* 0: not stated */
    char *name;         /* or NULL */
};

static void
linking_init(struct linking *k)
{
    memset(k, 0, sizeof *k);
    k->reports =
        g_ptr_array_new_with_free_func((GDestroyNotify)reg_submission_free);
    k->stages = g_ptr_array_new();
}

static void
linking_clear(struct linking *k)
{
    g_ptr_array_unref(k->reports);
    g_ptr_array_unref(k->stages);
    g_free(k->name);
}

/* ---- what the words say ---- */

static const char *
stage_word(const char *word)
{
    for (const char *const *s = stages; word && *s; s++)
        if (g_str_equal(word, *s))
            return *s;
    return NULL;
}

/* 2019-0012 [续报] 2019-0015 ...; *ok_out FALSE: refused. */
static enum st
take_reports(struct job *j, struct linking *k, gboolean *ok_out, struct err *e)
{
    enum st st = ST_OK;

    *ok_out = TRUE;
    while (st == ST_OK && *ok_out && order_peek(j->o) &&
           g_ascii_isdigit(*order_peek(j->o))) {
        struct reg_submission *s = NULL;
        const char *stage;

        st = job_submission(j, &s, e);
        *ok_out = st == ST_OK && s;
        if (!s)
            continue;
        g_ptr_array_add(k->reports, s);
        stage = stage_word(order_peek(j->o));
        if (stage)
            order_take(j->o);
        g_ptr_array_add(k->stages, (char *)stage);
        if (s->state != SUBMISSION_RECORDED) {
            job_refuse(j, "withdrawn", job_fact("number", s->number));
            *ok_out = FALSE;
        }
    }
    return st;
}

/* 发生=2019-03-05 09:30 is two words; FALSE: refused. */
static gboolean
take_happened(struct job *j, struct linking *k)
{
    const struct clock *clock = &j->i->office->clock;
    g_autofree char *name = NULL, *text = NULL, *both = NULL;
    const char *next;

    if (!order_take_pair(j->o, &name, &text))
        return TRUE;
    next = order_peek(j->o) ? order_peek(j->o) : "";
    both = g_strdup_printf("%s %s", text, next);
    if (!g_str_equal(name, "发生")) {
        job_refuse(j, "usage-incident", NULL);
        return FALSE;
    }
    if (when_parse(both, clock, FALSE, &k->happened))
        order_take(j->o);
    else if (!when_parse(text, clock, FALSE, &k->happened)) {
        job_refuse(j, "bad-time",
                   job_fact("what", g_ascii_isdigit(*next) ? both : text));
        return FALSE;
    }
    if (k->happened > clock_now(clock)) {
        g_autofree char *printed = letter_time(clock, k->happened);

        job_refuse(j, "future-day", job_fact("date", printed));
        return FALSE;
    }
    return TRUE;
}

/* ---- the incident ---- */

/* The stage as stated, as the title says, as recorded before; else the first
 * report is the 初报 and the others follow it. */
static const char *
stage_of(const struct linking *k, guint n, gboolean first)
{
    const struct reg_submission *s = g_ptr_array_index(k->reports, n);
    const char *stated = g_ptr_array_index(k->stages, n);

    if (stated)
        return stated;
    for (const char *const *w = stages; *w; w++)
        if (s->title && strstr(s->title, *w))
            return *w;
    if (s->stage)
        return s->stage;
    return first && n == 0 ? stages[0] : stages[1];
}

static enum st
link_reports(struct job *j, const struct linking *k, gint64 incident,
             gboolean first, struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < k->reports->len; n++) {
        const struct reg_submission *s = g_ptr_array_index(k->reports, n);

        st = reg_submission_reports(j->i->reg, s->id, incident,
                                    stage_of(k, n, first), &j->act, e);
    }
    return st;
}

static enum st
add_incident(struct job *j, const struct linking *k, gint64 *id_out,
             struct err *e)
{
    g_autofree char *number = NULL;
    const struct reg_submission *s = g_ptr_array_index(k->reports, 0);
    const struct reg_credit *c = g_ptr_array_index(s->credits, 0);
    g_autoptr(reg_incident) i = reg_incident_new();

    i->name = g_strdup(k->name);
    i->unit = g_strdup(c->unit);
    i->happened = k->happened;
    i->day = clock_day(&j->i->office->clock, k->happened);
    return reg_incident_add(j->i->reg, i, &j->act, id_out, &number, e);
}

/* One that lost its last report to another was no event of its own.  Left as
 * it is, its unit would be asked, and charged, for reports that came. */
static enum st
leave_incident(struct job *j, const struct reg_submission *s,
               struct value *moved, struct value *emptied, struct err *e)
{
    g_autoptr(reg_incident) from = NULL;
    struct value *v;
    enum st st = reg_incident_get(j->i->reg, s->incident, &from, e);

    if (st != ST_OK)
        return st;
    v = job_fact("from", from->number);
    value_set_text(v, "report", s->number);
    value_append(moved, v);
    if (from->cancelled || from->reports->len > 0)
        return ST_OK;
    value_append(emptied, job_fact("from", from->number));
    return reg_incident_cancel(j->i->reg, from->id, &j->act, e);
}

/* `k` has the reports as they were before they were linked to `incident`. */
static enum st
leave_incidents(struct job *j, const struct linking *k, gint64 incident,
                struct value *v, struct err *e)
{
    struct value *moved = value_list(), *emptied = value_list();
    enum st st = ST_OK;

    value_set(v, "moved", moved);
    value_set(v, "emptied", emptied);
    for (guint n = 0; st == ST_OK && n < k->reports->len; n++) {
        const struct reg_submission *s = g_ptr_array_index(k->reports, n);

        if (s->incident && s->incident != incident)
            st = leave_incident(j, s, moved, emptied, e);
    }
    return st;
}

static enum st
link_and_leave(struct job *j, const struct linking *k, gint64 incident,
               gboolean first, struct value **facts_out, struct err *e)
{
    g_autoptr(reg_incident) i = NULL;
    g_autoptr(value) v = NULL;
    enum st st = link_reports(j, k, incident, first, e);

    if (st == ST_OK)
        st = reg_incident_get(j->i->reg, incident, &i, e);
    if (st != ST_OK)
        return st;
    v = incident_facts(j->i->office, i);
    st = leave_incidents(j, k, incident, v, e);
    if (st == ST_OK)
        st = job_adjusts_day(j, i->day, e);
    if (st == ST_OK)
        *facts_out = g_steal_pointer(&v);
    return st;
}

/* Link to an incident, NULL: a new one, and say what that changed. */
static enum st
write_links(struct job *j, const struct linking *k,
            const struct reg_incident *old, struct err *e)
{
    g_autoptr(scoring) before = NULL, after = NULL;
    g_autoptr(value) v = NULL;
    gint64 id = old ? old->id : 0;
    enum st st = job_score(j, &before, e);

    if (st == ST_OK && !old)
        st = add_incident(j, k, &id, e);
    if (st == ST_OK)
        st = link_and_leave(j, k, id, old == NULL, &v, e);
    if (st == ST_OK)
        st = job_score(j, &after, e);
    if (st != ST_OK)
        return st;
    job_changes(j, before, after, v);
    job_done(j, "incident", g_steal_pointer(&v));
    return job_adjusts_points(j, before, after, e);
}

/* The next word as an incident; *out NULL: refused. */
static enum st
take_incident(struct job *j, struct reg_incident **out, struct err *e)
{
    const char *word = order_take(j->o);
    enum st st = reg_incident_find(j->i->reg, word, out, e);

    if (st != ST_OK)
        return st;
    if (*out && !(*out)->cancelled)
        return ST_OK;
    g_clear_pointer(out, reg_incident_free);
    return job_refuse(j, "no-incident", job_fact("what", word));
}

/* 紧2019-02, 紧急2019-02 in front: more reports of that one. */
static gboolean
names_incident(const char *word)
{
    return word && g_str_has_prefix(word, "紧");
}

/* A report that came before the event: one of the two is a slip of the pen.
 * FALSE: refused. */
static gboolean
is_after_event(struct job *j, const struct linking *k, gint64 happened)
{
    const struct clock *clock = &j->i->office->clock;

    for (guint n = 0; n < k->reports->len; n++) {
        const struct reg_submission *s = g_ptr_array_index(k->reports, n);
        struct value *v;

        if (s->received >= happened)
            continue;
        v = job_fact("number", s->number);
        value_take_text(v, "received", letter_time(clock, s->received));
        value_take_text(v, "happened", letter_time(clock, happened));
        job_refuse(j, "before-event", v);
        return FALSE;
    }
    return TRUE;
}

/* All that must be there; FALSE: refused. */
static gboolean
is_complete(struct job *j, const struct linking *k,
            const struct reg_incident *old)
{
    if (k->reports->len == 0 || (!old && k->happened == 0)) {
        job_refuse(j, "usage-incident", NULL);
        return FALSE;
    }
    return is_after_event(j, k, old ? old->happened : k->happened);
}

enum st
do_incident(struct job *j, struct err *e)
{
    g_autoptr(reg_incident) old = NULL;
    struct linking k;
    gboolean ok = TRUE;
    enum st st = ST_OK;

    linking_init(&k);
    if (names_incident(order_peek(j->o))) {
        st = take_incident(j, &old, e);
        ok = old != NULL;
    }
    if (st == ST_OK && ok)
        st = take_reports(j, &k, &ok, e);
    if (st == ST_OK && ok)
        ok = take_happened(j, &k);
    k.name = order_take_rest(j->o);
    if (st == ST_OK && ok && is_complete(j, &k, old))
        st = write_links(j, &k, old, e);
    linking_clear(&k);
    return st;
}

/* ---- 终结 ---- */

enum st
do_close(struct job *j, struct err *e)
{
    g_autoptr(reg_incident) i = NULL;
    enum st st;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-close", NULL);
    st = take_incident(j, &i, e);
    if (st != ST_OK || !i)
        return st;
    if (i->closed)
        return job_refuse(j, "closed-already", job_fact("number", i->number));
    st = reg_incident_close(j->i->reg, i->id, &j->act, e);
    return st == ST_OK ? job_done(j, "closed", incident_facts(j->i->office, i))
                       : st;
}

/* ---- 查询 ---- */

static enum st
ask_open(struct job *j, struct err *e)
{
    const struct office *o = j->i->office;
    g_autoptr(GPtrArray) all = NULL;
    struct value *v, *list;
    enum st st = incidents_open(o, j->i->reg, &all, e);

    if (st != ST_OK)
        return st;
    v = value_map();
    list = value_list();
    for (guint n = 0; n < all->len; n++)
        value_append(list, incident_facts(o, g_ptr_array_index(all, n)));
    value_set(v, "incidents", list);
    return job_done(j, all->len ? "incidents" : "no-incidents", v);
}

enum st
ask_incident(struct job *j, struct err *e)
{
    g_autoptr(reg_incident) i = NULL;
    enum st st;

    if (!strpbrk(order_peek(j->o), "0123456789"))
        return j->own ? job_refuse(j, "usage-query", NULL) : ask_open(j, e);
    st = take_incident(j, &i, e);
    if (st != ST_OK || !i)
        return st;
    if (job_is_foreign(j, i->unit))
        return job_refuse(j, "not-yours", NULL);
    return job_done(j, "incident-state", incident_facts(j->i->office, i));
}
