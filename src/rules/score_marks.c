/* score_marks.c - the marks that follow from facts alone: what the desk
 * recorded, what arrived, what was not answered, what a period brings. */
#include "rules/score_state.h"

#include <string.h>

/* ---- making ---- */

struct live_mark *
mark_new(struct score *s, const struct pack_item *item, enum mark_source source,
         civil_day day)
{
    struct live_mark *m = score_alloc(s, 1, sizeof *m);

    m->m.item = item;
    m->m.source = source;
    m->m.day = day;
    m->m.until = DAY_LAST;
    m->m.submission = m->m.commission = m->m.incident = m->m.unit = -1;
    m->m.quantity = RATIO_ONE;
    m->m.period.kind = PERIOD_NONE;
    m->order = (gint64)s->marks->len;
    g_ptr_array_add(s->marks, m);
    return m;
}

static void
mark_credit(struct score *s, struct live_mark *m,
            const struct credit_share *who, guint n)
{
    m->m.who = score_alloc(s, n, sizeof *who);
    m->m.n_who = (int)n;
    if (n > 0)
        memcpy(m->m.who, who, n * sizeof *who);
}

void
mark_credit_one(struct score *s, struct live_mark *m, score_who who)
{
    struct credit_share all = {who, RATIO_ONE};

    mark_credit(s, m, &all, 1);
}

/* Order of the marks that one item makes on one day. */
static gint64
order_of(gint64 thing, int rank)
{
    return thing * (1 << 24) + rank;
}

/* ---- who gets a submission's points ---- */

score_who
credited_unit(const struct score *s, int unit, civil_day d)
{
    return roster_credit(s->p->roster, roster_unit(s->p->roster, unit), d);
}

/* The part of the i-th of n named; FALSE when none is left for it. */
static gboolean
part_of(struct score *s, const struct fact_submission *f, int i, int n,
        struct ratio *out)
{
    const struct pack *p = s->p;
    gint64 sum = 0;

    *out = RATIO_ONE;
    if (n < 2 || p->joint == JOINT_FULL)
        return TRUE;
    if (p->joint == JOINT_EQUAL) {
        *out = ratio_make(1, n);
        return TRUE;
    }
    if (p->joint == JOINT_STATED) {
        *out =
            f->shares && i < f->n_units ? ratio_of(f->shares[i]) : RATIO_ZERO;
        return !f->shares || i < f->n_units;
    }
    for (int k = 0; k < n && k < (int)p->ratio->len; k++)
        sum += g_array_index(p->ratio, gint64, k);
    if (i >= (int)p->ratio->len || sum <= 0)
        return FALSE;
    *out = ratio_make(g_array_index(p->ratio, gint64, i), sum);
    return TRUE;
}

/* Each of those credited once: twice the same of a joint submission is
 * still "all of it", or both parts together. */
static void
share_add(struct score *s, GArray *shares, score_who who, struct ratio part)
{
    struct credit_share new = {who, part};

    for (guint i = 0; i < shares->len; i++) {
        struct credit_share *there =
            &g_array_index(shares, struct credit_share, i);

        if (there->who != who)
            continue;
        if (s->p->joint != JOINT_FULL)
            there->share = ratio_add(there->share, part);
        return;
    }
    g_array_append_val(shares, new);
}

static gboolean
uncredited(const struct score *s, int unit, civil_day d)
{
    int c = unit_class_on(roster_unit(s->p->roster, unit), d);

    return roster_class(s->p->roster, c)->standing == STANDING_UNCREDITED;
}

static void
mark_credit_submission(struct score *s, struct live_mark *m,
                       const struct fact_submission *f)
{
    gboolean authors = s->p->credit == CREDIT_AUTHORS;
    int n = authors ? f->n_authors : f->n_units;
    GArray *shares = s->shares;

    g_array_set_size(shares, 0);
    for (int i = 0; i < n; i++) {
        score_who who = authors ? s->n_units + f->authors[i]
                                : credited_unit(s, f->units[i], m->m.day);
        struct ratio part;

        if (part_of(s, f, i, n, &part) &&
            (authors || !uncredited(s, who, m->m.day)))
            share_add(s, shares, who, part);
    }
    mark_credit(s, m, (const struct credit_share *)(void *)shares->data,
                shares->len);
}

/* Stated shares are for packs that ask for them, one a unit, adding up to
 * one; and such a pack cannot do without. */
static gboolean
shares_fit(const struct pack *p, const struct fact_submission *f)
{
    int named = p->credit == CREDIT_AUTHORS ? f->n_authors : f->n_units;
    decimal sum = 0;

    if (!f->shares)
        return p->joint != JOINT_STATED || named < 2;
    for (int i = 0; i < f->n_units; i++)
        sum += f->shares[i];
    return p->joint == JOINT_STATED && sum == DECIMAL_ONE;
}

static void
check_shares(struct score *s)
{
    for (int i = 0; i < (int)s->f->submissions->len; i++)
        if (!shares_fit(s->p, facts_submission(s->f, i)))
            refusal_add(s, REFUSED_SHARES, -1, i);
}

/* ---- marks of the desk ---- */

/* A mark's item; the names of facts are few and shared. */
static const struct pack_item *
item_of(struct score *s, const char *name)
{
    gpointer item;

    if (!g_hash_table_lookup_extended(s->item_of, name, NULL, &item)) {
        item = pack_find_item(s->p, name);
        g_hash_table_insert(s->item_of, (gpointer)name, item);
    }
    return item;
}

static void
desk_mark(struct score *s, const struct fact_mark *f, int index)
{
    const struct pack_item *item = item_of(s, f->item);
    struct live_mark *m;

    if (f->day < s->since || f->day > s->upto)
        return; /* of another pack's time, or not known yet */
    if (!item || item->retired || item->when != WHEN_MARKED ||
        (f->submission < 0 && f->unit < 0)) {
        g_ptr_array_add(s->unknown, (gpointer)f);
        return;
    }
    m = mark_new(s, item, MARK_DESK, f->day);
    m->order = index;
    m->m.fact = f;
    m->m.submission = f->submission;
    m->m.quantity = ratio_of(f->quantity);
    if (f->submission >= 0)
        m->m.commission = facts_submission(s->f, f->submission)->commission;
    if (f->unit >= 0)
        mark_credit_one(s, m, credited_unit(s, f->unit, f->day));
    else
        mark_credit_submission(s, m, facts_submission(s->f, f->submission));
}

/* ---- marks made by submissions ---- */

static gboolean
arrival_fits(const struct score *s, const struct fact_submission *f,
             enum when when)
{
    gboolean asked = f->commission >= 0;
    gboolean in_time =
        asked && f->received <= facts_commission(s->f, f->commission)->due;

    switch (when) {
    case WHEN_SUBMITTED:
        return TRUE;
    case WHEN_VOLUNTEERED:
        return !asked;
    case WHEN_ANSWERED:
        return in_time;
    default:
        return asked && !in_time;
    }
}

static void
arrival_marks(struct score *s, const struct pack_item *item)
{
    for (int i = 0; i < (int)s->f->submissions->len; i++) {
        const struct fact_submission *f = facts_submission(s->f, i);
        struct live_mark *m;

        if (f->day < s->since || !arrival_fits(s, f, item->when))
            continue;
        m = mark_new(s, item, MARK_SUBMISSION, f->day);
        m->order = i;
        m->m.submission = i;
        m->m.commission = f->commission;
        mark_credit_submission(s, m, f);
    }
}

/* ---- marks made by deadlines ---- */

struct answers {        /* to each duty of every commission */
    int *start;         /* of each commission's duties in these lists */
    gint64 *key;        /* commission and unit */
    civil_day *first;   /* the day of the first answer, DAY_LAST: none */
    gboolean *in_time;  /* one came in time */
    GHashTable *by_key; /* key -> index + 1 */
};

static gint64
duty_key(int commission, int unit)
{
    return (gint64)commission << 32 | unit;
}

static void
note_answer(struct answers *a, const struct fact_submission *f,
            const struct fact_commission *c)
{
    for (int u = 0; u < f->n_units; u++) {
        gint64 key = duty_key(f->commission, f->units[u]);
        int at = GPOINTER_TO_INT(g_hash_table_lookup(a->by_key, &key)) - 1;

        if (at < 0)
            continue;
        a->first[at] = MIN(a->first[at], f->day);
        a->in_time[at] |= f->received <= c->due;
    }
}

static void
duties_list(const struct score *s, struct answers *a)
{
    int n = 0;

    for (int i = 0; i < (int)s->f->commissions->len; i++) {
        const struct fact_commission *c = facts_commission(s->f, i);

        a->start[i] = n;
        for (int d = 0; d < c->n_duties; d++, n++) {
            a->key[n] = duty_key(i, c->duties[d].unit);
            a->first[n] = DAY_LAST;
            g_hash_table_insert(a->by_key, &a->key[n], GINT_TO_POINTER(n + 1));
        }
    }
}

static void
answers_make(const struct score *s, struct answers *a)
{
    int n = 1;

    for (int i = 0; i < (int)s->f->commissions->len; i++)
        n += facts_commission(s->f, i)->n_duties;
    a->start = g_new0(int, s->f->commissions->len + 1);
    a->key = g_new0(gint64, n);
    a->first = g_new0(civil_day, n);
    a->in_time = g_new0(gboolean, n);
    a->by_key = g_hash_table_new(g_int64_hash, g_int64_equal);
    duties_list(s, a);
    for (int i = 0; i < (int)s->f->submissions->len; i++) {
        const struct fact_submission *f = facts_submission(s->f, i);

        if (f->commission >= 0)
            note_answer(a, f, facts_commission(s->f, f->commission));
    }
}

static void
answers_clear(struct answers *a)
{
    g_free(a->start);
    g_free(a->key);
    g_free(a->first);
    g_free(a->in_time);
    g_hash_table_unref(a->by_key);
}

/* A unit that ended before the deadline, without a successor, is late with
 * nothing. */
static gboolean
is_gone(const struct score *s, int unit, civil_day due)
{
    return due > roster_unit(s->p->roster, unit)->to &&
           credited_unit(s, unit, due) == unit;
}

/* Missed until answered; overdue unless answered in time; both until
 * waived; and none while the deadline is still to come, be it of today. */
static void
deadline_marks(struct score *s, const struct pack_item *item,
               const struct answers *a)
{
    for (int i = 0; i < (int)s->f->commissions->len; i++) {
        const struct fact_commission *c = facts_commission(s->f, i);
        civil_day due = civil_time_day(c->due);

        if (s->f->told <= c->due)
            continue;
        for (int d = 0; d < c->n_duties; d++) {
            civil_day until = c->duties[d].waived;
            struct live_mark *m;

            if (item->when == WHEN_MISSED)
                until = MIN(until, a->first[a->start[i] + d]);
            else if (a->in_time[a->start[i] + d])
                continue;
            if (due < s->since || until <= due ||
                is_gone(s, c->duties[d].unit, due))
                continue;
            m = mark_new(s, item, MARK_COMMISSION, due);
            m->m.until = until;
            m->m.commission = i;
            m->m.unit = c->duties[d].unit;
            m->order = order_of(i, rank_of_who(s, m->m.unit));
            mark_credit_one(s, m, credited_unit(s, m->m.unit, due));
        }
    }
}

/* ---- marks made by reports on incidents ---- */

/* When the first report of a stage came; FALSE when none did. */
static gboolean
first_report(const struct fact_incident *i, const char *stage, civil_time *out)
{
    gboolean found = FALSE;

    for (int r = 0; r < i->n_reports; r++) {
        if (g_strcmp0(i->reports[r].stage, stage) != 0)
            continue;
        *out =
            found ? MIN(*out, i->reports[r].received) : i->reports[r].received;
        found = TRUE;
    }
    return found;
}

/* The days [from, until) of such a mark on an incident, as told at a moment;
 * empty: none. */
static void
report_days(const struct fact_incident *i, const struct pack_item *item,
            civil_time told, civil_day *from, civil_day *until)
{
    civil_time limit = i->at + item->within_seconds, came = 0;
    gboolean there = first_report(i, item->stage, &came);
    gboolean in_time = there && came <= limit;

    *from = civil_time_day(
        item->when == WHEN_ANSWERED || item->when == WHEN_LATE ? came : limit);
    *until = DAY_LAST;
    switch (item->when) {
    case WHEN_ANSWERED:
        *until = in_time ? DAY_LAST : *from;
        break;
    case WHEN_LATE:
        *until = there && !in_time ? DAY_LAST : *from;
        break;
    case WHEN_MISSED:
        *until = there           ? civil_time_day(came)
                 : told <= limit ? *from
                                 : DAY_LAST;
        break;
    default:
        *until = in_time || told <= limit ? *from : DAY_LAST;
    }
}

static void
report_marks(struct score *s, const struct pack_item *item)
{
    for (int i = 0; i < (int)s->f->incidents->len; i++) {
        const struct fact_incident *f = facts_incident(s->f, i);
        civil_day from, until;
        struct live_mark *m;

        report_days(f, item, s->f->told, &from, &until);
        if (from < s->since || until <= from)
            continue;
        m = mark_new(s, item, MARK_INCIDENT, from);
        m->m.until = until;
        m->m.incident = i;
        m->order = i;
        mark_credit_one(s, m, credited_unit(s, f->unit, from));
    }
}

/* ---- marks made by periods ---- */

static void
period_marks(struct score *s, const struct pack_item *item)
{
    struct period p =
        period_first_since(&s->cal, item->period, s->p->effective);

    for (; p.from <= s->upto; p = period_next(&s->cal, &p)) {
        for (guint i = 0; i < s->credited->len; i++) {
            score_who who = g_array_index(s->credited, score_who, i);
            struct live_mark *m;

            if (!score_exists(s, who, p.from, p.from))
                continue;
            m = mark_new(s, item, MARK_PERIOD, p.from);
            m->m.period = p;
            m->order = order_of(p.from, rank_of_who(s, who));
            mark_credit_one(s, m, who);
        }
    }
}

void
marks_make(struct score *s)
{
    struct answers answers;

    check_shares(s);
    answers_make(s, &answers);
    for (int i = 0; i < (int)s->f->marks->len; i++)
        desk_mark(s, facts_mark(s->f, i), i);
    for (guint i = 0; i < s->p->items->len; i++) {
        const struct pack_item *item = pack_item(s->p, (int)i);

        if (item->stage)
            report_marks(s, item);
        else if (item->when == WHEN_PERIOD)
            period_marks(s, item);
        else if (item->when == WHEN_MISSED || item->when == WHEN_OVERDUE)
            deadline_marks(s, item, &answers);
        else if (item->when >= WHEN_SUBMITTED && item->when <= WHEN_LATE)
            arrival_marks(s, item);
    }
    answers_clear(&answers);
}
