/* desk.c - mails and lines of text -> orders, one by one; and the answer. */
#include "desk/desk.h"

#include "base/nearest.h"
#include "base/text.h"
#include "desk/job.h"
#include "desk/words.h"
#include "intake/letters.h"
#include "register/command.h"
#include "register/submission.h"
#include "rules/decide.h"
#include "rules/subject.h"

#include <string.h>

enum { LINES_MOST = 500 };

struct desk {
    struct desk_hooks hooks; /* first: the flow hands it back to us */
    struct phrases *words;
};

const struct verb verbs[] = {
    {"标注", do_mark},     {"记分", do_credit},      {"撤销", do_revoke},
    {"受理", do_accept},   {"退回", do_return},      {"忽略", do_ignore},
    {"重办", do_judge},    {"确认涉密", do_confirm}, {"解除隔离", do_release},
    {"清除", do_purge},    {"改", do_correct},       {"补录", do_enter},
    {"退稿", do_withdraw}, {"得分", do_points},      {"查询", do_query},
    {"通报", do_bulletin}, {"发布", do_publish},     {"更正", do_republish},
    {"撤销命令", do_undo}, {"帮助", do_help},        {NULL, NULL}};

static const struct verb *
find_verb(const char *word)
{
    for (const struct verb *v = verbs; word && v->name; v++)
        if (strcmp(v->name, word) == 0)
            return v;
    return NULL;
}

static const char *
near_verb(const char *word)
{
    const char *names[G_N_ELEMENTS(verbs)];
    size_t n = 0;

    for (const struct verb *v = verbs; v->name; v++)
        names[n++] = v->name;
    names[n] = NULL;
    return nearest_word(word, names);
}

/* ---- answers of one order ---- */

static enum st
answer(struct job *j, gboolean done, const char *key, struct value *facts)
{
    g_autoptr(value) owned = facts ? facts : value_map();

    g_free(j->line->answer);
    j->line->answer = desk_say(j->desk->words, key, owned);
    j->line->done = done;
    return ST_OK;
}

enum st
job_done(struct job *j, const char *key, struct value *facts)
{
    return answer(j, TRUE, key, facts);
}

enum st
job_refuse(struct job *j, const char *key, struct value *facts)
{
    return answer(j, FALSE, key, facts);
}

struct value *
job_fact(const char *key, const char *text)
{
    struct value *v = value_map();

    value_set_text(v, key, text);
    return v;
}

/* ---- running ---- */

static void
line_free(void *data)
{
    struct desk_line *l = data;

    g_free(l->order);
    g_free(l->answer);
    g_free(l);
}

void
desk_answer_clear(struct desk_answer *a)
{
    g_clear_pointer(&a->lines, g_ptr_array_unref);
}

static enum st
no_such_verb(struct job *j, const char *word)
{
    const char *near = word ? near_verb(word) : NULL;
    struct value *v = job_fact("what", word ? word : "");

    value_set_text(v, "near", near);
    return job_refuse(j, near ? "near-verb" : "unknown-verb", v);
}

/* What the register refuses is this order's answer and nobody else's. */
static enum st
run_order(struct job *j, struct err *e)
{
    const char *word = order_take(j->o);
    const struct verb *v = find_verb(word);
    enum st st = v ? v->run(j, e) : no_such_verb(j, word);

    if (st == ST_REJECT)
        return job_refuse(j, "register-refused", job_fact("what", e->text));
    return st;
}

static gboolean
begins_like_order(const char *line)
{
    g_autoptr(order) o = order_new(line);
    const char *word = order_peek(o);

    return word && (find_verb(word) || (o->words->len > 1 && near_verb(word)));
}

/* The lines of a mail that are orders: of the body, and the subject where
 * it says more than a bare verb or the body has none. */
static GPtrArray *
orders_of_mail(const struct reading *r)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) lines = g_strsplit(r->own_text ? r->own_text : "", "\n", -1);
    g_autofree char *subject = subject_strip(r->subject ? r->subject : "");
    g_autoptr(order) first = order_new(subject);

    for (char **l = lines; *l && all->len < LINES_MOST; l++)
        if (begins_like_order(*l))
            g_ptr_array_add(all, g_strdup(*l));
    if (begins_like_order(subject) && (first->words->len > 1 || all->len == 0))
        g_ptr_array_insert(all, 0, g_strdup(subject));
    return all;
}

static GPtrArray *
orders_of_text(const char *text)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **l = lines; *l && all->len < LINES_MOST; l++) {
        g_strstrip(*l);
        if (**l)
            g_ptr_array_add(all, g_strdup(*l));
    }
    return all;
}

static enum st
obey_one(struct job *job, const char *text, struct desk_answer *out,
         struct err *e)
{
    g_autoptr(order) o = order_new(text);
    struct desk_line *line = g_new0(struct desk_line, 1);
    enum st st;

    line->order = g_strdup(o->line);
    g_ptr_array_add(out->lines, line);
    job->o = o;
    job->line = line;
    st = run_order(job, e);
    out->done += line->done ? 1 : 0;
    return st;
}

/* The command as a whole is on record before any of its orders. */
static enum st
begin_command(struct intake *i, struct job *job, const char *by,
              const GPtrArray *orders, const struct reading *r, gint64 message,
              int *number_out, struct err *e)
{
    g_autoptr(GString) text = g_string_new(NULL);
    struct reg_command c = {.by = (char *)by,
                            .identity = r ? r->identity : NULL,
                            .message = message,
                            .at = clock_now(&i->office->clock)};

    for (guint n = 0; n < orders->len; n++)
        g_string_append_printf(text, "%s\n",
                               (char *)g_ptr_array_index(orders, n));
    c.text = text->str;
    job->act = (struct reg_act){c.at, by, 0, message};
    return reg_command_add(i->reg, &c, &job->act.command, number_out, e);
}

static enum st
finish_command(struct intake *i, const struct job *job,
               const struct desk_answer *a, struct err *e)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint n = 0; n < a->lines->len; n++) {
        const struct desk_line *l = g_ptr_array_index(a->lines, n);

        g_string_append_printf(text, "%s\n", l->answer);
    }
    return reg_command_answered(i->reg, job->act.command, text->str, e);
}

enum st
desk_obey(struct intake *i, const char *by, const char *text,
          const struct reading *r, gint64 message, struct desk_answer *out,
          struct err *e)
{
    g_autoptr(GPtrArray) orders = r ? orders_of_mail(r) : orders_of_text(text);
    struct job job = {.i = i, .desk = (const struct desk *)i->desk};
    enum st st;

    out->number = out->done = 0;
    out->lines = g_ptr_array_new_with_free_func(line_free);
    st = begin_command(i, &job, by, orders, r, message, &out->number, e);
    for (guint n = 0; st == ST_OK && n < orders->len; n++)
        st = obey_one(&job, g_ptr_array_index(orders, n), out, e);
    return st == ST_OK ? finish_command(i, &job, out, e) : st;
}

/* ---- by mail ---- */

static struct value *
answer_facts(const struct desk *d, const struct desk_answer *a)
{
    struct value *v = value_map(), *lines = value_list();
    int refused = (int)a->lines->len - a->done;

    for (guint n = 0; n < a->lines->len; n++) {
        const struct desk_line *l = g_ptr_array_index(a->lines, n);
        struct value *line = value_map();

        value_set_text(line, "line", l->order);
        value_set_bool(line, "ok", l->done);
        value_set_text(line, "answer", l->answer);
        value_append(lines, line);
    }
    if (a->lines->len == 0) {
        g_autoptr(value) none = value_map();
        g_autofree char *nothing = desk_say(d->words, "nothing", none);

        value_append(lines, job_fact("answer", nothing));
        refused = 1;
    }
    value_set_int(v, "number", a->number);
    value_set_bool(v, "all_done", refused == 0);
    value_set_int(v, "done", a->done);
    value_set_int(v, "refused", refused);
    value_set(v, "lines", lines);
    return v;
}

/* Answered to the registered address, never to a Reply-To. */
static enum st
command_by_mail(struct intake *i, const struct reading *r, gint64 message,
                struct err *e)
{
    const struct desk *d = (const struct desk *)i->desk;
    const struct staff *who =
        config_staff_at(i->office->config, reading_author(r));
    g_autoptr(reg_message) m = NULL;
    struct desk_answer a = {0};
    enum st st = reg_message_get(i->reg, message, &m, e);

    if (st == ST_OK)
        st = desk_obey(i, who->name, NULL, r, message, &a, e);
    if (st == ST_OK) {
        g_autoptr(value) v = answer_facts(d, &a);
        g_autofree char *undo = g_strdup_printf("撤销命令 %d", a.number);
        g_autofree char *at = letter_time(&i->office->clock, m->received);
        struct post p = {.letter = LETTER_COMMAND_ANSWER,
                         .kind = MAIL_ANSWER,
                         .to = who->address,
                         .message = message,
                         .about = r,
                         .facts = v};

        value_set_text(v, "name", who->name);
        value_set_text(v, "received", at);
        value_set_text(v, "undo", a.done ? undo : NULL);
        st = post_letter(i, &p, e);
    }
    desk_answer_clear(&a);
    return st;
}

/* ---- making ---- */

enum st
desk_new(struct office *o, struct desk **out, struct err *e)
{
    g_autoptr(desk) d = g_new0(struct desk, 1);
    enum st st = desk_words_load(o->templates, o->own_templates, &d->words, e);

    if (st != ST_OK)
        return st;
    d->hooks.command = command_by_mail;
    d->hooks.query = desk_answer_query;
    *out = g_steal_pointer(&d);
    return ST_OK;
}

void
desk_free(struct desk *d)
{
    if (!d)
        return;
    g_clear_pointer(&d->words, phrases_free);
    g_free(d);
}

const struct desk_hooks *
desk_hooks(const struct desk *d)
{
    return &d->hooks;
}
