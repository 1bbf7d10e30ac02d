/* due.c - see due.h; and the drafts of bulletins that staff get by
 * themselves when a period is over. */
#include "intake/due.h"

#include "base/log.h"
#include "intake/commissions.h"
#include "intake/incidents.h"
#include "intake/ledgers.h"
#include "intake/letters.h"
#include "intake/scoring.h"
#include "intake/uncounted.h"
#include "intake/undone.h"
#include "register/status.h"
#include "intake/publication.h"
#include "intake/publish.h"
#include "intake/quota.h"

/* The setting that holds the day of the first look. */
#define SINCE "drafts-since"

/* Done once for each period: the key in the register. */
static char *
draft_key(const struct period *p)
{
    g_autofree char *name = period_name(p);

    return g_strdup_printf("bulletin-draft %s", name);
}

/* The last period that is over under a pack: today, or when the next one
 * came into force. */
static struct period
last_period(const struct office *o, const struct pack *p, enum period_kind kind,
            civil_day until)
{
    struct calendar cal = calendar_of(p);
    struct period now =
        period_at(&cal, kind, MIN(clock_today(&o->clock), until));

    return period_previous(&cal, &now);
}

/* ---- what comes next ---- */

static enum st
next_draft_of(const struct office *o, struct reg *reg, enum period_kind kind,
              struct due *first, struct err *e)
{
    struct calendar cal = calendar_of(o->pack);
    struct period p = last_period(o, o->pack, kind, DAY_LAST);
    g_autofree char *last = draft_key(&p);
    g_autofree char *key = NULL;
    gboolean done = FALSE;
    enum st st = reg_done(reg, last, &done, e);

    if (st != ST_OK)
        return st;
    if (done || p.to < o->pack->effective)
        p = period_next(&cal, &p);
    key = draft_key(&p);
    due_offer(first, clock_day_start(&o->clock, p.to + 1), key);
    return ST_OK;
}

static enum st
next_draft(const struct office *o, struct reg *reg, struct due *first,
           struct err *e)
{
    enum st st = ST_OK;

    for (int kind = 0; st == ST_OK && kind < PERIOD_KINDS; kind++)
        if (pack_has_bulletin(o->pack, (enum period_kind)kind))
            st = next_draft_of(o, reg, (enum period_kind)kind, first, e);
    return st;
}

typedef enum st (*next_fn)(const struct office *o, struct reg *reg,
                           struct due *first, struct err *e);

enum st
due_next(struct office *o, struct reg *reg, struct due *out, struct err *e)
{
    static const next_fn kinds[] = {next_draft, incidents_next,
                                    commissions_next, quota_next, ledgers_next};
    struct due first = DUE_NOTHING;
    enum st st = ST_OK;

    for (gsize n = 0; st == ST_OK && n < G_N_ELEMENTS(kinds); n++)
        st = kinds[n](o, reg, &first, e);
    if (st == ST_OK)
        *out = first;
    else
        due_clear(&first);
    return st;
}

/* ---- the draft ---- */

/* Units that sent nothing: named, because the bulletin will name them. */
static char *
silent_units(const struct standings *t)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const struct pack *p = score_pack(t->score);

    for (guint n = 0; n < t->rows->len; n++) {
        const struct standing_row *r = g_ptr_array_index(t->rows, n);

        if (r->submitted == 0 && !r->gone &&
            r->who < (int)p->roster->units->len)
            g_ptr_array_add(names, roster_unit(p->roster, r->who)->name);
    }
    return letter_list(names);
}

static enum st
post_draft(struct intake *i, const struct period *p, const struct scoring *s,
           const struct standings *t, const struct publication *made,
           struct err *e)
{
    const struct office *o = i->office;
    g_autoptr(GPtrArray) staff = staff_addresses(o->config);
    g_autoptr(value) v = value_map();
    struct mail_attachment files[PUBLICATION_FILES];
    struct post post = {.letter = LETTER_BULLETIN_DRAFT,
                        .kind = MAIL_BULLETIN,
                        .facts = v,
                        .names_staff = TRUE,
                        .attachments = files,
                        .n_attachments = PUBLICATION_FILES};

    publication_attach(made, files);
    value_set_text(v, "title", made->title);
    value_take_text(v, "period", period_printed(p));
    value_take_text(v, "period_code", period_name(p));
    value_set_int(v, "received", t->received);
    value_set_int(v, "adopted", t->adopted);
    value_take_text(v, "silent", silent_units(t));
    value_take_text(v, "cut_off", letter_time(&o->clock, clock_now(&o->clock)));
    value_set_text(v, "file", files[0].name);
    value_set_text(v, "notice", files[1].name);
    uncounted_facts(s, p, v);
    return post_to_all(i, &post, (const char *const *)staff->pdata, e);
}

static enum st
draft_under(struct intake *i, const struct period *p, struct err *e)
{
    g_autoptr(scoring) s = NULL;
    g_autoptr(standings) t = NULL;
    g_autoptr(publication) made = NULL;
    enum st st = standings_now(i->office, i->reg, p, &s, &t, e);

    if (st == ST_OK)
        st = publication_make(i->office, i->reg, t, &made, e);
    if (st == ST_OK)
        st = post_draft(i, p, s, t, made, e);
    return st;
}

enum st
due_bulletin_draft(struct intake *i, const struct period *p, struct err *e)
{
    enum st st;

    office_turn(i->office, scoring_day(i->office, p));
    st = draft_under(i, p, e);
    office_turn(i->office, clock_today(&i->office->clock));
    return st;
}

static enum st
look_for_uncounted(struct intake *i, struct err *e)
{
    gboolean first = FALSE;
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK)
        st = once_today(i, "uncounted-look", &first, e);
    if (st == ST_OK && first)
        st = uncounted_tell(i, e);
    return reg_end(i->reg, st, e);
}

/* Housekeeping of the register, once a day. */
static enum st
maintain(struct intake *i, struct err *e)
{
    gboolean first = FALSE;
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK)
        st = once_today(i, "maintain", &first, e);
    st = reg_end(i->reg, st, e);
    return st == ST_OK && first
               ? reg_maintain(i->reg, clock_now(&i->office->clock), e)
               : st;
}

static enum st
get_first_day(struct intake *i, gboolean *known_out, civil_day *out,
              struct err *e)
{
    g_autofree char *text = NULL;
    enum st st = reg_setting_get(i->reg, SINCE, &text, e);

    if (st == ST_OK)
        *known_out = text && day_parse(text, out);
    return st;
}

/* At the office's first look, whether anything is due or not. */
static enum st
keep_first_day(struct intake *i, struct err *e)
{
    g_autofree char *today = day_format(clock_today(&i->office->clock));
    gboolean known = FALSE;
    civil_day day = 0;
    enum st st = get_first_day(i, &known, &day, e);

    if (st != ST_OK || known)
        return st;
    st = reg_begin(i->reg, e);
    if (st == ST_OK)
        st = reg_setting_set(i->reg, SINCE, today, e);
    return reg_end(i->reg, st, e);
}

/* A period that was over before the office began is reported on when
 * something of it was taken in (from the mailbox, by import); else nobody
 * asked for it, and an empty draft of last year tells nothing.  A month
 * without a mail, later, is a bulletin: everybody is on its zero list. */
static enum st
is_wanted(struct intake *i, const struct period *p, gboolean *out,
          struct err *e)
{
    gboolean known = FALSE;
    civil_day began = 0;
    enum st st = get_first_day(i, &known, &began, e);

    if (st != ST_OK)
        return st;
    if (known && p->to < began)
        return reg_any_facts(i->reg, p->from, p->to, out, e);
    *out = TRUE;
    return ST_OK;
}

static enum st
draft_when_over(struct intake *i, const struct pack *under,
                enum period_kind kind, civil_day until, struct err *e)
{
    const struct office *o = i->office;
    struct period p = last_period(o, under, kind, until);
    g_autofree char *key = draft_key(&p);
    g_autofree char *name = period_name(&p);
    g_autoptr(reg_bulletin) done = NULL;
    gboolean first = FALSE, wanted = FALSE;
    enum st st;

    if (p.to < under->effective)
        return ST_OK;
    st = reg_begin(i->reg, e);
    if (st == ST_OK) /* nobody needs a draft of what is published */
        st = reg_published(i->reg, publish_series(&p), name, &done, e);
    if (st == ST_OK && !done)
        st = reg_once(i->reg, key, clock_now(&o->clock), &first, e);
    if (st == ST_OK && first)
        st = is_wanted(i, &p, &wanted, e);
    if (st == ST_OK && wanted)
        st = due_bulletin_draft(i, &p, e);
    st = reg_end(i->reg, st, e);
    if (st == ST_OK && wanted)
        log_event(LOG_INFO, "due", "what", key, NULL);
    return st;
}

static enum st
drafts_under(struct intake *i, const struct pack *p, civil_day until,
             struct err *e)
{
    enum st first = ST_OK;

    if (p->effective > clock_today(&i->office->clock))
        return ST_OK;
    for (int kind = 0; first != ST_FATAL && kind < PERIOD_KINDS; kind++) {
        struct err why = ERR_INIT;
        enum st st = ST_OK;

        if (pack_has_bulletin(p, (enum period_kind)kind))
            st = draft_when_over(i, p, (enum period_kind)kind, until, &why);
        first = undone_keep(first, st, &why, e);
    }
    return first;
}

/* Of every pack that has been in force: the last period of one may end on
 * the day before the next begins.  The shorter period first: on 1 January the
 * quarter's, then the half-year's, then the year's.  One that cannot be made
 * does not stop the others. */
static enum st
drafts_when_over(struct intake *i, struct err *e)
{
    const GPtrArray *packs = i->office->packs;
    enum st first = keep_first_day(i, e);

    for (guint n = 0; first != ST_FATAL && n < packs->len; n++) {
        civil_day until = DAY_LAST;
        struct err why = ERR_INIT;
        enum st st;

        if (n + 1 < packs->len)
            until = ((const struct pack *)packs->pdata[n + 1])->effective;
        st = drafts_under(i, packs->pdata[n], until, &why);
        first = undone_keep(first, st, &why, e);
    }
    return first;
}

/* Each has transactions of its own; staff know them by these names
 * (templates/not-done.txt.mustache). */
static const struct {
    const char *name;
    enum st (*do_it)(struct intake *i, struct err *e);
} duties[] = {
    {"drafts", drafts_when_over},     {"incidents", incidents_due},
    {"commissions", commissions_due}, {"quota", quota_due},
    {"ledgers", ledgers_due},         {"uncounted", look_for_uncounted},
    {"maintenance", maintain},
};

enum st
intake_due(struct intake *i, struct err *e)
{
    enum st first = ST_OK;

    for (gsize n = 0; first != ST_FATAL && n < G_N_ELEMENTS(duties); n++) {
        struct err why = ERR_INIT;
        enum st st = duties[n].do_it(i, &why);

        first = undone_tell(i, first, duties[n].name, st, &why, e);
    }
    return first;
}
