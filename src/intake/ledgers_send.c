/* ledgers_send.c - a ledger goes out: when it was asked for, and by itself
 * in the morning (see ledgers.h).
 *
 * That a morning was looked at stands in the register together with the
 * letters, so that being killed neither skips nor repeats one. */
#include "intake/ledgers.h"

#include "base/log.h"
#include "draft/xlsx.h"
#include "intake/commissions.h"
#include "intake/incidents.h"
#include "intake/letters.h"
#include "intake/waiting.h"
#include "register/ledger.h"
#include "register/status.h"

enum {
    MINUTE = 60,
    DAY = 86400,
    KEPT_DAYS = 93, /* a quarter: who fills in one that is older? */
    DAYS_AHEAD = 31 /* no holiday is longer */
};

/* What staff must not lose sight of: incidents that are open, commissions
 * that somebody owes. */
static enum st
add_open(const struct office *o, struct reg *reg, struct value *v,
         struct err *e)
{
    g_autoptr(GPtrArray) incidents = NULL, commissions = NULL;
    struct value *list;
    enum st st = incidents_open(o, reg, &incidents, e);

    if (st == ST_OK)
        st = commissions_owed(o, reg, &commissions, e);
    if (st != ST_OK)
        return st;
    value_set_bool(v, "open", incidents->len + commissions->len > 0);
    value_set(v, "incidents", list = value_list());
    for (guint n = 0; n < incidents->len; n++)
        value_append(list, incident_facts(o, g_ptr_array_index(incidents, n)));
    value_set(v, "commissions", list = value_list());
    for (guint n = 0; n < commissions->len; n++)
        value_append(list,
                     commission_facts(o, g_ptr_array_index(commissions, n)));
    return ST_OK;
}

enum st
ledgers_post(struct intake *i, const struct period *p,
             const struct ledger_made *m, const struct staff *to, struct err *e)
{
    const struct office *o = i->office;
    g_autoptr(value) v = value_map();
    g_autofree char *code = period_name(p);
    g_autofree char *ascii = g_strdup_printf("ledger-%s.xlsx", code);
    g_autofree char *period = period_printed(p);
    g_autofree char *file = g_strdup_printf("%s台账.xlsx", period);
    struct mail_attachment a = {file, ascii, LEDGER_TYPE, NULL, 0};
    struct post post = {.letter = LETTER_LEDGER,
                        .kind = MAIL_LEDGER,
                        .to = to->address,
                        .facts = v,
                        .attachments = &a,
                        .n_attachments = 1};
    enum st st;

    a.data = g_bytes_get_data(m->workbook, &a.len);
    value_set_text(v, "name", to->name);
    value_set_text(v, "period", period);
    value_set_int(v, "count", m->rows);
    if (m->fresh > 0)
        value_set_int(v, "fresh", m->fresh);
    if (m->look_only)
        value_set_int(v, "look_only", XLSX_ROWS - 1);
    value_take_text(v, "made", letter_time(&o->clock, clock_now(&o->clock)));
    value_set_text(v, "file", file);
    st = add_open(o, i->reg, v, e);
    return st == ST_OK ? post_letter(i, &post, e) : st;
}

/* ---- by the clock ---- */

static char *
morning_key(civil_day d)
{
    g_autofree char *day = day_format(d);

    return g_strdup_printf("ledger %s", day);
}

/* The instant from which the ledger of a day may go out. */
static gint64
morning(const struct office *o, civil_day d)
{
    return clock_day_start(&o->clock, d) + o->config->ledger_at * MINUTE;
}

static enum st
post_staff(struct intake *i, const struct period *p,
           const struct ledger_made *m, struct err *e)
{
    const GPtrArray *staff = i->office->config->staff;
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < staff->len; n++)
        st = ledgers_post(i, p, m, g_ptr_array_index(staff, n), e);
    return st;
}

/* Of a month in which nothing new came until this morning, nothing is sent:
 * what comes in the course of the day waits for the next. */
static enum st
send_month(struct intake *i, const struct period *p, gint64 newest,
           struct err *e)
{
    struct reg_act act = {clock_now(&i->office->clock), REG_PROGRAM, 0, 0};
    struct ledger_made m = {0};
    gint64 hour = morning(i->office, clock_today(&i->office->clock));
    int fresh = 0;
    enum st st =
        reg_ledger_fresh(i->reg, newest, hour, p->from, p->to, &fresh, e);

    if (st != ST_OK || fresh == 0)
        return st;
    st = ledgers_make(i->office, i->reg, p, &act, &m, e);
    if (st == ST_OK)
        st = post_staff(i, p, &m, e);
    ledger_made_clear(&m);
    return st;
}

/* What came in the last hours of a month stands in that month's ledger.
 * Both are compared with what was there before either is made. */
static enum st
send_months(struct intake *i, civil_day today, struct err *e)
{
    struct calendar cal = calendar_of(i->office->pack);
    struct period now = period_at(&cal, PERIOD_MONTH, today);
    struct period last = period_previous(&cal, &now);
    gint64 old = clock_now(&i->office->clock) - (gint64)KEPT_DAYS * DAY;
    gint64 newest = 0;
    enum st st = reg_ledger_newest(i->reg, REG_PROGRAM, &newest, e);

    if (st == ST_OK)
        st = send_month(i, &last, newest, e);
    if (st == ST_OK)
        st = send_month(i, &now, newest, e);
    return st == ST_OK ? reg_ledger_forget(i->reg, old, e) : st;
}

enum st
ledgers_due(struct intake *i, struct err *e)
{
    const struct office *o = i->office;
    civil_day today = clock_today(&o->clock);
    g_autofree char *key = morning_key(today);
    gint64 now = clock_now(&o->clock);
    gboolean first = FALSE;
    enum st st;

    if (o->config->ledger_at < 0 || now < morning(o, today) ||
        !config_is_working_day(o->config, today))
        return ST_OK;
    st = reg_begin(i->reg, e);
    if (st == ST_OK)
        st = reg_once(i->reg, key, now, &first, e);
    if (st == ST_OK && first)
        st = send_months(i, today, e);
    if (st == ST_OK && first)
        st = waiting_tell(i, morning(o, today), e);
    st = reg_end(i->reg, st, e);
    if (st == ST_OK && first)
        log_event(LOG_INFO, "due", "what", key, NULL);
    return st;
}

enum st
ledgers_next(const struct office *o, struct reg *reg, struct due *first,
             struct err *e)
{
    civil_day d = clock_today(&o->clock);
    g_autofree char *today = morning_key(d);
    g_autofree char *key = NULL;
    gboolean done = FALSE;
    enum st st = reg_done(reg, today, &done, e);

    if (st != ST_OK || o->config->ledger_at < 0)
        return st;
    if (done)
        d++;
    for (int n = 0; n < DAYS_AHEAD && !config_is_working_day(o->config, d); n++)
        d++;
    key = morning_key(d);
    due_offer(first, morning(o, d), key);
    return ST_OK;
}
