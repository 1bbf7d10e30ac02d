/* incidents.c - see incidents.h. */
#include "intake/incidents.h"

#include "base/log.h"
#include "intake/letters.h"
#include "register/status.h"

enum {
    HOUR = 3600,
    WARN_MOST = 2 * HOUR, /* of long limits; of short ones a quarter */
    LOOK_BACK = 31        /* days: what happened earlier is not news */
};

/* ---- what is due ---- */

static const struct reg_report *
first_of(const struct reg_incident *i, const char *stage)
{
    for (guint n = 0; n < i->reports->len; n++) {
        const struct reg_report *r = g_ptr_array_index(i->reports, n);

        if (g_strcmp0(r->stage, stage) == 0)
            return r;
    }
    return NULL;
}

static enum report_state
state_of(const struct report_due *d, gint64 now)
{
    if (d->came)
        return d->came->received <= d->limit ? REPORT_IN_TIME : REPORT_LATE;
    return now <= d->limit ? REPORT_AWAITED : REPORT_MISSING;
}

static gboolean
is_listed(const GArray *list, const struct pack_item *item)
{
    for (guint n = 0; n < list->len; n++) {
        const struct report_due *d = &g_array_index(list, struct report_due, n);

        if (d->within == item->within_seconds &&
            g_str_equal(d->stage, item->stage))
            return TRUE;
    }
    return FALSE;
}

static int
by_limit(gconstpointer a, gconstpointer b)
{
    gint64 la = ((const struct report_due *)a)->limit;
    gint64 lb = ((const struct report_due *)b)->limit;

    return (la > lb) - (la < lb);
}

/* Several items may look at one limit: one rewards, one takes off. */
GArray *
incident_reports_due(const struct pack *p, const struct reg_incident *i,
                     gint64 now)
{
    GArray *list = g_array_new(FALSE, TRUE, sizeof(struct report_due));
    gint64 until = i->closed ? MIN(i->closed, now) : now;

    for (guint n = 0; n < p->items->len; n++) {
        const struct pack_item *item = pack_item(p, (int)n);
        struct report_due d = {item->stage, item->within_seconds,
                               i->happened + item->within_seconds,
                               REPORT_AWAITED, NULL};

        if (!item->stage || item->retired || is_listed(list, item))
            continue;
        d.came = first_of(i, item->stage);
        d.state = state_of(&d, until);
        if (!i->closed || d.state != REPORT_AWAITED)
            g_array_append_val(list, d);
    }
    g_array_sort(list, by_limit);
    return list;
}

static const struct report_due *
due_at(const GArray *list, guint n)
{
    return &g_array_index(list, struct report_due, n);
}

/* ---- as facts ---- */

/* "4" or "0.5": hours, to a tenth. */
static char *
hours(gint64 seconds)
{
    gint64 tenths = (seconds * 10 + HOUR / 2) / HOUR;

    return tenths % 10
               ? g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT,
                                 tenths / 10, tenths % 10)
               : g_strdup_printf("%" G_GINT64_FORMAT, tenths / 10);
}

static struct value *
limit_facts(const struct office *o, const struct report_due *d)
{
    struct value *v = value_map();

    value_set_text(v, "stage", d->stage);
    value_take_text(v, "within", hours(d->within));
    value_take_text(v, "limit", letter_time(&o->clock, d->limit));
    value_set_bool(v, "awaited", d->state == REPORT_AWAITED);
    value_set_bool(v, "missing", d->state == REPORT_MISSING);
    value_set_bool(v, "in_time", d->state == REPORT_IN_TIME);
    value_set_bool(v, "late", d->state == REPORT_LATE);
    value_set_text(v, "number", d->came ? d->came->number : NULL);
    if (d->came)
        value_take_text(v, "at", letter_time(&o->clock, d->came->received));
    return v;
}

static struct value *
report_facts(const struct office *o, const struct reg_incident *i)
{
    struct value *list = value_list();

    for (guint n = 0; n < i->reports->len; n++) {
        const struct reg_report *r = g_ptr_array_index(i->reports, n);
        struct value *one = value_map();

        value_set_text(one, "report", r->number);
        value_set_text(one, "stage", r->stage);
        value_take_text(one, "at", letter_time(&o->clock, r->received));
        value_take_text(one, "hours", hours(r->received - i->happened));
        value_append(list, one);
    }
    return list;
}

struct value *
incident_facts(const struct office *o, const struct reg_incident *i)
{
    g_autoptr(GArray) due =
        incident_reports_due(o->pack, i, clock_now(&o->clock));
    struct value *v = value_map(), *limits = value_list();

    value_set_text(v, "number", i->number);
    value_set_text(v, "name", i->name);
    value_set_text(v, "unit", office_unit_name(i->unit, (void *)o));
    value_take_text(v, "happened", letter_time(&o->clock, i->happened));
    if (i->closed)
        value_take_text(v, "closed", letter_time(&o->clock, i->closed));
    for (guint n = 0; n < due->len; n++)
        value_append(limits, limit_facts(o, due_at(due, n)));
    value_set(v, "reports", report_facts(o, i));
    value_set(v, "limits", limits);
    return v;
}

/* ---- which are open ---- */

static gboolean
has_missing(const struct office *o, const struct reg_incident *i)
{
    g_autoptr(GArray) due =
        incident_reports_due(o->pack, i, clock_now(&o->clock));

    for (guint n = 0; n < due->len; n++)
        if (due_at(due, n)->state == REPORT_MISSING)
            return TRUE;
    return FALSE;
}

enum st
incidents_open(const struct office *o, struct reg *reg, GPtrArray **out,
               struct err *e)
{
    civil_day today = clock_today(&o->clock);
    g_autoptr(GPtrArray) all = NULL;
    enum st st = reg_incidents(reg, today - LOOK_BACK, today, &all, e);

    for (guint n = 0; st == ST_OK && n < all->len;) {
        const struct reg_incident *i = g_ptr_array_index(all, n);

        if (i->closed && !has_missing(o, i))
            g_ptr_array_remove_index(all, n);
        else
            n++;
    }
    if (st == ST_OK)
        *out = g_steal_pointer(&all);
    return st;
}

/* ---- by the clock ---- */

static gint64
warn_at(const struct report_due *d)
{
    return d->limit - MIN(d->within / 4, WARN_MOST);
}

/* "incident 紧2019-01 续报 4 before".  Whoever gives the order after the
 * limit has passed hears of it in the answer, and need not be told again. */
static char *
key_of(const struct reg_incident *i, const struct report_due *d, gboolean over)
{
    g_autofree char *within = hours(d->within);

    return g_strdup_printf("incident 紧%s %s %s %s", i->number, d->stage,
                           within, over ? "after" : "before");
}

static enum st
tell_staff(struct intake *i, const struct reg_incident *incident,
           const struct report_due *d, struct err *e)
{
    g_autoptr(value) v = incident_facts(i->office, incident);
    gint64 left = d->limit - clock_now(&i->office->clock);

    value_set_text(v, "stage", d->stage);
    value_take_text(v, "within", hours(d->within));
    value_take_text(v, "limit", letter_time(&i->office->clock, d->limit));
    value_set_bool(v, "over", d->state == REPORT_MISSING);
    if (left > 0)
        value_set_int(v, "minutes", left / 60);
    return post_to_staff(i, LETTER_INCIDENT, v, 0, e);
}

static enum st
tell_once(struct intake *i, const struct reg_incident *incident,
          const struct report_due *d, struct err *e)
{
    g_autofree char *key = key_of(incident, d, d->state == REPORT_MISSING);
    gboolean first = FALSE;
    enum st st = reg_once(i->reg, key, clock_now(&i->office->clock), &first, e);

    if (st == ST_OK && first)
        st = tell_staff(i, incident, d, e);
    if (st == ST_OK && first)
        log_event(LOG_INFO, "due", "what", key, NULL);
    return st;
}

static gboolean
is_news(const struct report_due *d, gint64 now)
{
    return d->state == REPORT_MISSING ||
           (d->state == REPORT_AWAITED && now >= warn_at(d));
}

static enum st
tell_of(struct intake *i, const struct reg_incident *incident, struct err *e)
{
    gint64 now = clock_now(&i->office->clock);
    g_autoptr(GArray) due =
        incident_reports_due(i->office->pack, incident, now);
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < due->len; n++)
        if (is_news(due_at(due, n), now))
            st = tell_once(i, incident, due_at(due, n), e);
    return st;
}

static enum st
tell_of_all(struct intake *i, struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    enum st st = incidents_open(i->office, i->reg, &all, e);

    for (guint n = 0; st == ST_OK && n < all->len; n++) {
        const struct reg_incident *one = g_ptr_array_index(all, n);

        if (!one->closed)
            st = tell_of(i, one, e);
    }
    return st;
}

enum st
incidents_due(struct intake *i, struct err *e)
{
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK)
        st = tell_of_all(i, e);
    return reg_end(i->reg, st, e);
}

/* ---- what comes next ---- */

/* The warnings and the limits that staff were not told of. */
static enum st
next_of(const struct office *o, struct reg *reg, const struct reg_incident *i,
        struct due *first, struct err *e)
{
    g_autoptr(GArray) due =
        incident_reports_due(o->pack, i, clock_now(&o->clock));
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < due->len; n++) {
        const struct report_due *d = due_at(due, n);
        g_autofree char *before = key_of(i, d, FALSE);
        g_autofree char *over = key_of(i, d, TRUE);

        if (d->state == REPORT_AWAITED)
            st = due_offer_once(first, reg, warn_at(d), before, e);
        if (st == ST_OK && d->state <= REPORT_MISSING)
            st = due_offer_once(first, reg, d->limit + 1, over, e);
    }
    return st;
}

enum st
incidents_next(const struct office *o, struct reg *reg, struct due *first,
               struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    enum st st = incidents_open(o, reg, &all, e);

    for (guint n = 0; st == ST_OK && n < all->len; n++) {
        const struct reg_incident *i = g_ptr_array_index(all, n);

        if (!i->closed)
            st = next_of(o, reg, i, first, e);
    }
    return st;
}
