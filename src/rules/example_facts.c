/* example_facts.c - the facts of a pack's example, from the words of the
 * pack to those of the evaluator. */
#include "rules/example.h"

#include <string.h>

static civil_time
time_of(const struct moment *m)
{
    if (m->minute < 0)
        return civil_time_end(m->day);
    return civil_time_of(m->day, m->minute * 60);
}

static const struct example_fact *
fact_at(const struct pack_example *x, guint i)
{
    return x->facts->pdata[i];
}

/* ---- commissions ---- */

static int
compare_ids(gconstpointer a, gconstpointer b)
{
    const struct example_fact *x = *(struct example_fact *const *)a;
    const struct example_fact *y = *(struct example_fact *const *)b;

    return strcmp(x->id, y->id);
}

/* The facts of one kind, by their names. */
static GPtrArray *
facts_of_kind(const struct pack_example *x, enum fact_kind kind)
{
    GPtrArray *out = g_ptr_array_new();

    for (guint i = 0; i < x->facts->len; i++)
        if (fact_at(x, i)->kind == kind)
            g_ptr_array_add(out, (gpointer)fact_at(x, i));
    g_ptr_array_sort(out, compare_ids);
    return out;
}

static civil_day
waived_on(const struct pack_example *x, const char *id, int unit)
{
    civil_day d = DAY_LAST;

    for (guint i = 0; i < x->facts->len; i++) {
        const struct example_fact *f = fact_at(x, i);

        if (f->kind == FACT_WAIVER && strcmp(f->id, id) == 0 && f->units->len &&
            g_array_index(f->units, int, 0) == unit)
            d = f->at.day;
    }
    return d;
}

static void
add_commission(struct facts *out, const struct pack_example *x,
               const struct example_fact *f)
{
    g_autofree struct fact_duty *duties =
        g_new0(struct fact_duty, f->units->len + 1);
    struct fact_commission c = {.number = f->id,
                                .level = f->level,
                                .day = f->at.day,
                                .due = time_of(&f->due),
                                .duties = duties,
                                .n_duties = (int)f->units->len};

    for (guint i = 0; i < f->units->len; i++) {
        duties[i].unit = g_array_index(f->units, int, i);
        duties[i].waived = waived_on(x, f->id, duties[i].unit);
    }
    facts_add_commission(out, &c);
}

static void
add_commissions(struct facts *out, const struct pack_example *x)
{
    g_autoptr(GPtrArray) list = facts_of_kind(x, FACT_COMMISSION);

    for (guint i = 0; i < list->len; i++)
        add_commission(out, x, list->pdata[i]);
}

/* ---- submissions ---- */

struct arrived { /* a submission under its own name */
    char *id;
    const struct example_fact *fact;
};

static void
arrived_clear(gpointer data)
{
    g_free(((struct arrived *)data)->id);
}

static int
compare_arrived(gconstpointer a, gconstpointer b)
{
    return strcmp(((const struct arrived *)a)->id,
                  ((const struct arrived *)b)->id);
}

/* a, or a1 ... an of a repeated line */
static GArray *
submissions_of(const struct pack_example *x)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct arrived));

    g_array_set_clear_func(out, arrived_clear);
    for (guint i = 0; i < x->facts->len; i++) {
        struct arrived a = {NULL, fact_at(x, i)};

        if (a.fact->kind != FACT_SUBMISSION)
            continue;
        for (int k = 1; k <= MAX(a.fact->times, 1); k++) {
            a.id = a.fact->times ? g_strdup_printf("%s%d", a.fact->id, k)
                                 : g_strdup(a.fact->id);
            g_array_append_val(out, a);
        }
    }
    g_array_sort(out, compare_arrived);
    return out;
}

static void
add_submission(struct facts *out, const struct arrived *a)
{
    const struct example_fact *f = a->fact;
    guint n = g_strv_length(f->authors);
    g_autofree int *authors = g_new0(int, n + 1);
    gboolean stated = f->shares->len > 0;
    struct fact_submission s = {
        .number = a->id,
        .day = f->at.day,
        .received = time_of(&f->at),
        .units = (const int *)(const void *)f->units->data,
        .n_units = (int)f->units->len,
        .shares =
            stated ? (const decimal *)(const void *)f->shares->data : NULL,
        .authors = authors,
        .n_authors = (int)n,
        .form = f->form,
        .words = f->words,
        .commission = f->of ? facts_find_commission(out, f->of) : -1};

    for (guint i = 0; i < n; i++)
        authors[i] = facts_add_person(out, f->authors[i], -1);
    facts_add_submission(out, &s);
}

/* A person stands in the class of the unit he was first named with. */
static void
add_people(struct facts *out, const struct pack_example *x)
{
    for (guint i = 0; i < x->facts->len; i++) {
        const struct example_fact *f = fact_at(x, i);
        int unit = f->units->len ? g_array_index(f->units, int, 0) : -1;

        for (char **a = f->authors; *a; a++)
            facts_add_person(out, *a, unit);
    }
}

static void
add_submissions(struct facts *out, const struct pack_example *x)
{
    g_autoptr(GArray) list = submissions_of(x);

    add_people(out, x);
    for (guint i = 0; i < list->len; i++)
        add_submission(out, &g_array_index(list, struct arrived, i));
}

/* ---- marks ---- */

static void
add_mark(struct facts *out, const struct pack *p, const struct example_fact *f)
{
    struct fact_mark m = {
        .id = (gint64)out->marks->len + 1,
        .item = pack_item(p, f->item)->name,
        .day = f->at.day,
        .submission = f->of ? facts_find_submission(out, f->of) : -1,
        .unit = f->units->len ? g_array_index(f->units, int, 0) : -1,
        .quantity = f->quantity,
        .has_amount = f->has_amount,
        .amount = f->amount};

    facts_add_mark(out, &m);
}

static void
add_marks(struct facts *out, const struct pack *p, const struct pack_example *x)
{
    for (guint i = 0; i < x->facts->len; i++)
        for (int k = 0; fact_at(x, i)->kind == FACT_MARK &&
                        k < MAX(fact_at(x, i)->times, 1);
             k++)
            add_mark(out, p, fact_at(x, i));
}

/* ---- incidents ---- */

static void
add_incident(struct facts *out, const struct pack_example *x,
             const struct example_fact *f)
{
    g_autoptr(GArray) reports =
        g_array_new(FALSE, FALSE, sizeof(struct fact_report));
    struct fact_incident incident = {.number = f->id,
                                     .unit = g_array_index(f->units, int, 0),
                                     .at = time_of(&f->at)};

    for (guint i = 0; i < x->facts->len; i++) {
        const struct example_fact *r = fact_at(x, i);
        struct fact_report report = {r->stage, time_of(&r->at), -1};

        if (r->kind == FACT_REPORT && strcmp(r->id, f->id) == 0)
            g_array_append_val(reports, report);
    }
    incident.reports = (const struct fact_report *)(void *)reports->data;
    incident.n_reports = (int)reports->len;
    facts_add_incident(out, &incident);
}

static void
add_incidents(struct facts *out, const struct pack_example *x)
{
    g_autoptr(GPtrArray) list = facts_of_kind(x, FACT_INCIDENT);

    for (guint i = 0; i < list->len; i++)
        add_incident(out, x, list->pdata[i]);
}

struct facts *
example_facts(const struct pack *p, const struct pack_example *x)
{
    struct facts *out = facts_new();

    add_commissions(out, x);
    add_submissions(out, x);
    add_marks(out, p, x);
    add_incidents(out, x);
    return out;
}

civil_day
example_last_day(const struct pack *p, const struct pack_example *x)
{
    struct calendar cal = calendar_of(p);
    civil_day last = p->effective;

    for (guint i = 0; i < x->facts->len; i++)
        last = MAX(last, fact_at(x, i)->at.day);
    for (guint i = 0; i < x->expect->len; i++) {
        const struct example_expect *e = x->expect->pdata[i];
        struct period period;

        if (e->period && period_parse(&cal, e->period, &period))
            last = MAX(last, period.to);
    }
    return last;
}
