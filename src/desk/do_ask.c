/* do_ask.c - questions: 得分, 查询, 帮助 - of staff, and of a unit about
 * itself (query.c); and 撤销命令. */
#include "desk/job.h"

#include "base/pattern.h"
#include "draft/openness.h"
#include "intake/commissions.h"
#include "intake/informants.h"
#include "intake/letters.h"
#include "intake/publish.h"
#include "intake/scoring.h"
#include "intake/similar.h"
#include "register/command.h"
#include "register/mark.h"
#include "rules/subject.h"

#include <string.h>

enum st
ask_unit_facts(struct intake *i, const struct unit *u, const struct period *p,
               struct value *v, struct err *e)
{
    g_autoptr(scoring) s = NULL;
    g_autoptr(standings) t = NULL;
    const struct standing_row *r = NULL;
    int ranked = 0;
    enum st st = standings_now(i->office, i->reg, p, &s, &t, e);

    if (st == ST_OK)
        r = standings_of_unit(t, u);
    value_set_text(v, "unit", u->name);
    value_take_text(v, "period", period_printed(p));
    if (!r)
        return st;
    for (guint n = 0; n < t->rows->len; n++) {
        const struct standing_row *k = g_ptr_array_index(t->rows, n);

        ranked += k->class_index == r->class_index && k->rank ? 1 : 0;
    }
    value_set_int(v, "submitted", r->submitted);
    value_set_int(v, "adopted", r->adopted);
    value_set_int(v, "ranked", ranked);
    if (!pack_has_points(score_pack(t->score)))
        return ST_OK;
    value_take_text(v, "points", decimal_format(r->points + r->adjustment));
    value_take_text(v, "points_to_date", decimal_format(r->to_date));
    if (r->rank)
        value_set_int(v, "rank", r->rank);
    return ST_OK;
}

struct period
ask_current_period(const struct office *o)
{
    struct calendar cal = calendar_of(o->pack);

    return period_at(&cal, o->pack->bulletin, clock_today(&o->clock));
}

enum st
do_points(struct job *j, struct err *e)
{
    const struct office *o = j->i->office;
    struct period p = ask_current_period(o);
    struct unit *u;
    const char *word;
    struct value *v;
    enum st st;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-points", NULL);
    u = job_unit(j);
    if (!u)
        return ST_OK;
    if (job_is_foreign(j, u->short_name))
        return job_refuse(j, "not-yours", NULL);
    word = order_take(j->o);
    if (word && !job_period_of(j, word, &p))
        return ST_OK;
    v = value_map();
    st = ask_unit_facts(j->i, u, &p, v, e);
    job_done(j, "points", v);
    return st;
}

/* ---- 查询 ---- */

static char *
units_of(const struct office *o, const struct reg_submission *s)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint n = 0; n < s->credits->len; n++)
        g_ptr_array_add(
            names,
            (char *)office_unit_name(
                ((struct reg_credit *)g_ptr_array_index(s->credits, n))->unit,
                (void *)o));
    return letter_list(names);
}

static enum st
submission_facts(struct intake *i, const struct reg_submission *s,
                 struct value *v, struct err *e)
{
    const struct office *o = i->office;
    g_autoptr(GPtrArray) marks = NULL;
    struct value *list = value_list();
    enum st st = reg_marks_of(i->reg, s->id, &marks, e);

    for (guint n = 0; st == ST_OK && n < marks->len; n++) {
        const struct reg_mark *m = g_ptr_array_index(marks, n);
        struct value *mark;

        if (m->revoked)
            continue;
        mark = job_fact("item", m->item);
        value_take_text(mark, "date", day_format_chinese(m->day));
        value_append(list, mark);
    }
    value_set(v, "marks", list);
    value_set_text(v, "number", s->number);
    value_set_text(v, "title", s->title);
    value_take_text(v, "unit", units_of(o, s));
    value_set_text(v, "submitter", s->submitter);
    value_set_text(v, "openness", s->openness);
    value_set_bool(v, "withheld", openness_is_restricted(s->openness));
    value_take_text(v, "received", letter_received(&o->clock, s));
    if (s->words > 0)
        value_set_int(v, "words", s->words);
    value_set_text(v, "status", folder_name(FOLDER_ACCEPTED));
    if (s->state != SUBMISSION_RECORDED)
        value_set_text(v, "status", "已退稿");
    return st;
}

/* What it is like, and how much: for staff, who alone hear of findings. */
static enum st
similar_facts(struct intake *i, const struct reg_submission *s, struct value *v,
              struct err *e)
{
    g_autoptr(GPtrArray) findings = NULL;
    struct value *list = value_list();
    enum st st = reg_similar_of(i->reg, s->id, &findings, e);

    for (guint n = 0; st == ST_OK && n < findings->len; n++) {
        const struct reg_similar *f = g_ptr_array_index(findings, n);
        struct value *one = value_map();

        value_set_text(one, "number", f->number);
        value_set_text(one, "title", f->number ? f->title : NULL);
        value_set_text(one, "unit", f->unit);
        value_set_text(one, "reference", f->number ? NULL : f->reference);
        value_set_int(one, "here", similar_percent(f->here));
        value_set_int(one, "there", similar_percent(f->there));
        value_append(list, one);
    }
    value_set(v, "similar", list);
    return st;
}

gboolean
ask_is_of(const struct reg_submission *s, const struct unit *u)
{
    for (guint n = 0; n < s->credits->len; n++)
        if (g_str_equal(
                ((struct reg_credit *)g_ptr_array_index(s->credits, n))->unit,
                u->short_name))
            return TRUE;
    return FALSE;
}

/* 约稿2019-05, [约稿2019-05], 约2019-05; 约稿 alone: all of them.  Likewise
 * 紧2019-01, 紧急. */
static struct pattern commission = PATTERN("^\\W*约");
static struct pattern incident = PATTERN("^\\W*紧");

enum st
do_query(struct job *j, struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    struct value *v;
    enum st st;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-query", NULL);
    if (pattern_matches(&commission, order_peek(j->o)))
        return ask_commission(j, e);
    if (pattern_matches(&incident, order_peek(j->o)))
        return ask_incident(j, e);
    st = job_submission(j, &s, e);
    if (st != ST_OK || !s)
        return st;
    if (j->own && !ask_is_of(s, j->own))
        return job_refuse(j, "not-yours", NULL);
    v = value_map();
    st = submission_facts(j->i, s, v, e);
    if (st == ST_OK && !j->own)
        st = similar_facts(j->i, s, v, e);
    job_done(j, "query", v);
    return st;
}

/* ---- 撤销命令, 帮助 ---- */

/* Has the answer words of its own for this kind of change? */
static gboolean
is_named(const char *what)
{
    static const char *const kinds[] = {
        "submit",    "withdraw", "reinstate",      "correct",
        "credit",    "mark",     "revoke",         "commission",
        "waive",     "incident", "incident-close", "reports",
        "informant", "decide",   "informant-end",  "incident-cancel",
        NULL};

    return g_strv_contains(kinds, what);
}

/* One change: what it was about, and whether it could be changed back. */
static struct value *
undone_line(const struct reg_undone *u)
{
    struct value *v = job_fact("subject", u->subject);
    g_autofree char *kind =
        g_strdelimit(g_strdup(is_named(u->what) ? u->what : "other"), "-", '_');

    value_set_bool(v, kind, TRUE);
    value_set_text(v, "words", u->words);
    value_set_text(v, "before", u->before);
    value_set_bool(v, "refused", u->refused != NULL);
    return v;
}

/* Whoever got the notice hears that nothing is asked any more. */
static enum st
take_back(struct job *j, const struct reg_undone *u, struct value *line,
          struct err *e)
{
    g_autoptr(reg_commission) c = NULL;
    struct commission_sent sent = {0};
    enum st st = reg_commission_find(j->i->reg, u->subject, &c, e);

    if (st == ST_OK && c)
        st = commission_take_back(j->i, c, &sent, e);
    if (st == ST_OK && c) {
        value_set_int(line, "told", sent.units);
        value_take_text(line, "without", letter_list(sent.without));
    }
    commission_sent_clear(&sent);
    return st;
}

static enum st
undone_lines(struct job *j, const GPtrArray *undone, struct value *list,
             struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < undone->len; n++) {
        const struct reg_undone *u = g_ptr_array_index(undone, n);
        struct value *line = undone_line(u);

        if (!u->refused && g_str_equal(u->what, "commission"))
            st = take_back(j, u, line, e);
        value_append(list, line);
    }
    return st;
}

static enum st
undo(struct job *j, int number, struct err *e)
{
    g_autoptr(GPtrArray) undone = NULL;
    struct value *v = value_map(), *list = value_list();
    enum st st = reg_command_undo(j->i->reg, number, &j->act, &undone, e);

    if (st == ST_OK) /* a 信息员 may have come or gone */
        st = informants_refresh(j->i->office, j->i->reg, e);
    if (st == ST_OK)
        st = undone_lines(j, undone, list, e);
    value_set_int(v, "number", number);
    value_set(v, "lines", list);
    if (st == ST_OK || st == ST_REJECT)
        return st == ST_OK ? job_done(j, "undone", v)
                           : job_refuse(j, "changed-since", v);
    value_free(v);
    return st;
}

enum st
do_undo(struct job *j, struct err *e)
{
    const char *word = order_take(j->o);
    g_autoptr(reg_command) c = NULL;
    gboolean undoable = FALSE;
    enum st st;

    if (!word)
        return job_refuse(j, "usage-undo", NULL);
    st = reg_command_find(j->i->reg, (int)g_ascii_strtoll(word, NULL, 10), &c,
                          e);
    if (st != ST_OK)
        return st;
    if (!c)
        return job_refuse(j, "no-command", job_fact("what", word));
    if (c->undone)
        return job_refuse(j, "undone-already", job_fact("what", word));
    st = reg_command_undoable(j->i->reg, c->id, &undoable, e);
    if (st == ST_OK && !undoable)
        return job_refuse(j, "not-undoable", job_fact("number", word));
    return st == ST_OK ? undo(j, c->number, e) : st;
}

enum st
do_help(struct job *j, struct err *e)
{
    (void)e;
    return job_done(j, "help", NULL);
}
