/* facts.c - see facts.h. */
#include "rules/facts.h"

#include <string.h>

#define SECONDS_A_DAY 86400

civil_time
civil_time_of(civil_day d, int second_of_day)
{
    return (civil_time)d * SECONDS_A_DAY + second_of_day;
}

civil_time
civil_time_end(civil_day d)
{
    return civil_time_of(d, SECONDS_A_DAY - 1);
}

civil_day
civil_time_day(civil_time t)
{
    civil_time d = t / SECONDS_A_DAY;

    if (t % SECONDS_A_DAY < 0)
        d--;
    return (civil_day)d;
}

civil_time
civil_time_at(const struct clock *clock, gint64 instant)
{
    civil_day d = clock_day(clock, instant);
    gint64 second = instant - clock_day_start(clock, d);

    /* a day on which the clock was put back has more seconds than fit */
    return civil_time_of(d, (int)CLAMP(second, 0, SECONDS_A_DAY - 1));
}

/* ---- making and freeing ---- */

static void
submission_clear(gpointer data)
{
    struct fact_submission *s = data;

    g_free((gpointer)s->units);
    g_free((gpointer)s->shares);
    g_free((gpointer)s->authors);
}

static void
commission_clear(gpointer data)
{
    g_free((gpointer)((struct fact_commission *)data)->duties);
}

static void
incident_clear(gpointer data)
{
    g_free((gpointer)((struct fact_incident *)data)->reports);
}

static GArray *
list_of(guint size, GDestroyNotify clear)
{
    GArray *a = g_array_new(FALSE, FALSE, size);

    if (clear)
        g_array_set_clear_func(a, clear);
    return a;
}

struct facts *
facts_new(void)
{
    struct facts *f = g_new0(struct facts, 1);

    f->submissions = list_of(sizeof(struct fact_submission), submission_clear);
    f->marks = list_of(sizeof(struct fact_mark), NULL);
    f->commissions = list_of(sizeof(struct fact_commission), commission_clear);
    f->incidents = list_of(sizeof(struct fact_incident), incident_clear);
    f->people = list_of(sizeof(struct fact_person), NULL);
    f->names = g_hash_table_new(g_str_hash, g_str_equal);
    f->text = g_string_chunk_new(4096);
    f->told = G_MAXINT64;
    return f;
}

void
facts_free(struct facts *f)
{
    if (!f)
        return;
    g_array_unref(f->submissions);
    g_array_unref(f->marks);
    g_array_unref(f->commissions);
    g_array_unref(f->incidents);
    g_array_unref(f->people);
    g_hash_table_unref(f->names);
    g_string_chunk_free(f->text);
    g_free(f);
}

/* ---- adding ---- */

/* A text that is often the same: item, stage, staff member. */
static const char *
shared(struct facts *f, const char *text)
{
    return text ? g_string_chunk_insert_const(f->text, text) : NULL;
}

static const char *
own(struct facts *f, const char *text)
{
    return text ? g_string_chunk_insert(f->text, text) : NULL;
}

static gpointer
own_list(gconstpointer data, int n, gsize size)
{
    return n > 0 && data ? g_memdup2(data, (gsize)n * size) : NULL;
}

int
facts_add_submission(struct facts *f, const struct fact_submission *s)
{
    struct fact_submission c = *s;

    c.number = own(f, s->number);
    c.title = own(f, s->title);
    c.units = own_list(s->units, s->n_units, sizeof *s->units);
    c.shares = own_list(s->shares, s->n_units, sizeof *s->shares);
    c.authors = own_list(s->authors, s->n_authors, sizeof *s->authors);
    g_array_append_val(f->submissions, c);
    return (int)f->submissions->len - 1;
}

int
facts_add_mark(struct facts *f, const struct fact_mark *m)
{
    struct fact_mark c = *m;

    c.item = shared(f, m->item);
    c.by = shared(f, m->by);
    c.note = own(f, m->note);
    g_array_append_val(f->marks, c);
    return (int)f->marks->len - 1;
}

int
facts_add_commission(struct facts *f, const struct fact_commission *s)
{
    struct fact_commission c = *s;
    struct fact_duty *duties =
        own_list(s->duties, s->n_duties, sizeof *s->duties);

    for (int i = 0; i < s->n_duties; i++) {
        duties[i].waived_by = shared(f, duties[i].waived_by);
        duties[i].waived_note = own(f, duties[i].waived_note);
    }
    c.number = own(f, s->number);
    c.title = own(f, s->title);
    c.level = shared(f, s->level);
    c.duties = duties;
    g_array_append_val(f->commissions, c);
    return (int)f->commissions->len - 1;
}

int
facts_add_incident(struct facts *f, const struct fact_incident *s)
{
    struct fact_incident c = *s;
    struct fact_report *reports =
        own_list(s->reports, s->n_reports, sizeof *s->reports);

    for (int i = 0; i < s->n_reports; i++)
        reports[i].stage = shared(f, reports[i].stage);
    c.number = own(f, s->number);
    c.name = own(f, s->name);
    c.reports = reports;
    g_array_append_val(f->incidents, c);
    return (int)f->incidents->len - 1;
}

int
facts_add_person(struct facts *f, const char *name, int unit)
{
    int there = GPOINTER_TO_INT(g_hash_table_lookup(f->names, name));
    struct fact_person p = {NULL, unit};

    if (there)
        return there - 1;
    p.name = own(f, name);
    g_array_append_val(f->people, p);
    g_hash_table_insert(f->names, (gpointer)p.name,
                        GINT_TO_POINTER((int)f->people->len));
    return (int)f->people->len - 1;
}

/* ---- reading ---- */

const struct fact_submission *
facts_submission(const struct facts *f, int i)
{
    return &g_array_index(f->submissions, struct fact_submission, i);
}

const struct fact_mark *
facts_mark(const struct facts *f, int i)
{
    return &g_array_index(f->marks, struct fact_mark, i);
}

const struct fact_commission *
facts_commission(const struct facts *f, int i)
{
    return &g_array_index(f->commissions, struct fact_commission, i);
}

const struct fact_incident *
facts_incident(const struct facts *f, int i)
{
    return &g_array_index(f->incidents, struct fact_incident, i);
}

const struct fact_person *
facts_person(const struct facts *f, int i)
{
    return &g_array_index(f->people, struct fact_person, i);
}

int
facts_find_submission(const struct facts *f, const char *number)
{
    for (guint i = 0; i < f->submissions->len; i++)
        if (strcmp(facts_submission(f, (int)i)->number, number) == 0)
            return (int)i;
    return -1;
}

int
facts_find_commission(const struct facts *f, const char *number)
{
    for (guint i = 0; i < f->commissions->len; i++)
        if (strcmp(facts_commission(f, (int)i)->number, number) == 0)
            return (int)i;
    return -1;
}
