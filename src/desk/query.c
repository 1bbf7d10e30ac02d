/* query.c - a registered informant asks: 得分, 查询.  The words are those of
 * the desk, the answers those about the own unit; whatever belongs to others
 * gets one polite sentence, which does not say whether it exists. */
#include "desk/job.h"

#include "intake/letters.h"
#include "rules/period.h"

#include <string.h>

enum { QUESTIONS_MOST = 20 };

gboolean
job_is_foreign(const struct job *j, const char *unit)
{
    return j->own && !g_str_equal(j->own->short_name, unit);
}

/* ---- in general ---- */

static enum st
list_submissions(struct intake *i, const struct unit *u, const struct period *p,
                 struct value *v, struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    struct value *list = value_list();
    enum st st = reg_submissions(i->reg, p->from, p->to, &all, e);

    for (guint n = 0; st == ST_OK && n < all->len; n++) {
        const struct reg_submission *s = g_ptr_array_index(all, n);
        struct value *row;

        if (!ask_is_of(s, u))
            continue;
        row = job_fact("number", s->number);
        value_take_text(row, "received", day_format_chinese(s->day));
        value_set_text(row, "title", s->title);
        value_append(list, row);
    }
    value_set(v, "submissions", list);
    return st;
}

/* How the unit stands in the running period. */
static enum st
add_summary(struct intake *i, const struct unit *u, struct value *v,
            struct err *e)
{
    struct period p = ask_current_period(i->office);
    enum st st = ask_unit_facts(i, u, &p, v, e);

    value_set_bool(v, "summary", TRUE);
    return st == ST_OK ? list_submissions(i, u, &p, v, e) : st;
}

/* ---- line by line ---- */

/* An answer of several lines is so many facts: each is cut by itself. */
static void
add_answer(struct value *list, const char *question, const char *answer)
{
    g_auto(GStrv) parts = g_strsplit(answer, "\n", -1);

    for (char **p = parts; *p; p++) {
        struct value *v = job_fact("answer", *p);

        value_set_text(v, "line", p == parts ? question : NULL);
        value_append(list, v);
    }
}

static enum st
put_question(struct job *j, const char *text, struct value *list, struct err *e)
{
    g_autoptr(order) o = order_new(text);
    struct desk_line line = {0};
    const char *verb = order_take(o);
    enum st st = ST_OK;

    j->o = o;
    j->text = text;
    j->line = &line;
    if (g_str_equal(verb, "得分"))
        st = do_points(j, e);
    else if (g_str_equal(verb, "查询"))
        st = do_query(j, e);
    else
        job_refuse(j, "staff-only", job_fact("what", verb));
    if (st == ST_OK)
        add_answer(list, o->line, line.answer);
    g_free(line.answer);
    j->o = NULL;
    j->line = NULL;
    return st;
}

/* 得分 alone, or with nothing but a period, is about the one who asks. */
static gboolean
is_bare(const char *text)
{
    g_autoptr(order) o = order_new(text);

    return o->words->len == 1;
}

/* A question without its unit: 得分 2019-02. */
static char *
with_unit(const struct unit *u, const char *text)
{
    g_autoptr(order) o = order_new(text);
    const char *verb = order_take(o), *next = order_peek(o);

    if (g_str_equal(verb, "得分") && next && g_ascii_isdigit(*next))
        return g_strdup_printf("%s %s %s", verb, u->short_name, next);
    return g_strdup(text);
}

static enum st
answer_lines(struct intake *i, const struct reading *r, const struct unit *u,
             struct value *v, struct err *e)
{
    struct job j = {.i = i, .desk = (const struct desk *)i->desk, .own = u};
    g_autoptr(GPtrArray) lines = desk_orders(r);
    struct value *list = value_list();
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < MIN(lines->len, QUESTIONS_MOST); n++) {
        g_autofree char *text = with_unit(u, g_ptr_array_index(lines, n));

        if (!is_bare(text))
            st = put_question(&j, text, list, e);
    }
    if (st == ST_OK && value_length(list) == 0)
        st = add_summary(i, u, v, e);
    value_set(v, "answers", list);
    return st;
}

enum st
desk_answer_query(struct intake *i, const struct reading *r,
                  const struct decision *d, gint64 message, struct err *e)
{
    const struct office *o = i->office;
    const struct unit *u = d->informant_unit;
    g_autoptr(value) v = value_map();
    g_autoptr(reg_message) m = NULL;
    struct post post = {.letter = LETTER_QUERY_ANSWER,
                        .kind = MAIL_ANSWER,
                        .to = d->reply_to,
                        .message = message,
                        .about = r,
                        .facts = v};
    enum st st;

    if (!d->reply_to)
        return ST_OK;
    st = reg_message_get(i->reg, message, &m, e);
    if (st != ST_OK)
        return st;
    value_take_text(v, "received", letter_time(&o->clock, m->received));
    value_set_bool(v, "understood", u != NULL);
    value_set_text(v, "unit", u ? u->name : NULL);
    if (u)
        st = answer_lines(i, r, u, v, e);
    return st == ST_OK ? post_letter(i, &post, e) : st;
}
