/* desk.c - mails and lines of text -> orders, one by one; and the answer. */
#include "desk/desk.h"

#include "base/log.h"
#include "base/nearest.h"
#include "base/pattern.h"
#include "base/text.h"
#include "desk/asking.h"
#include "desk/challenge.h"
#include "desk/job.h"
#include "desk/words.h"
#include "intake/informants.h"
#include "intake/letters.h"
#include "register/command.h"
#include "register/submission.h"
#include "reply/phrases.h"
#include "report/ledger.h"
#include "rules/decide.h"
#include "rules/orders.h"
#include "rules/subject.h"

#include <string.h>

enum { LINES_MOST = 500 };

struct desk {
    struct desk_hooks hooks; /* first: the flow hands it back to us */
    struct phrases *words;
};

/* Those that look at marks say themselves what these did to the points. */
const struct verb verbs[] = {
    {.name = "标注", .run = do_mark},
    {.name = "记分", .run = do_credit},
    {.name = "撤销", .run = do_revoke},
    {.name = "受理", .run = do_accept, .moves_points = TRUE},
    {.name = "退回", .run = do_return},
    {.name = "忽略", .run = do_ignore},
    {.name = "重办", .run = do_judge, .moves_points = TRUE},
    {.name = "确认涉密", .run = do_confirm},
    {.name = "解除隔离", .run = do_release},
    {.name = "清除", .run = do_purge, .moves_points = TRUE},
    {.name = "改", .run = do_correct, .moves_points = TRUE},
    {.name = "补录", .run = do_enter, .moves_points = TRUE},
    {.name = "退稿", .run = do_withdraw, .moves_points = TRUE},
    {.name = "约稿", .run = do_commission, .has_lines = TRUE},
    {.name = "免约", .run = do_waive},
    {.name = "催办", .run = do_remind},
    {.name = "联合", .run = do_joint},
    {.name = "紧急", .run = do_incident},
    {.name = "终结", .run = do_close},
    {.name = "信息员", .run = do_informant},
    {.name = "得分", .run = do_points},
    {.name = "查询", .run = do_query},
    {.name = "通报", .run = do_bulletin},
    {.name = "发布", .run = do_publish},
    {.name = "更正", .run = do_republish},
    {.name = "台账", .run = do_ledger},
    {.name = "撤销命令", .run = do_undo, .moves_points = TRUE},
    {.name = "帮助", .run = do_help},
    {NULL}};

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

void
job_sentence(struct job *j, const char *key, struct value *facts)
{
    g_autofree char *said = g_steal_pointer(&j->line->answer);
    g_autofree char *more = NULL;

    answer(j, j->line->done, key, facts);
    more = g_steal_pointer(&j->line->answer);
    j->line->answer = g_strconcat(said, more, NULL);
}

struct value *
job_fact(const char *key, const char *text)
{
    struct value *v = value_map();

    value_set_text(v, key, text);
    return v;
}

gboolean
job_day(struct job *j, civil_day day)
{
    civil_day today = clock_today(&j->i->office->clock);
    g_autofree char *printed = NULL;

    if (day <= today && day_is_near(day, today))
        return TRUE;
    printed = day_format_chinese(day);
    job_refuse(j, day > today ? "future-day" : "far-day",
               job_fact("date", printed));
    return FALSE;
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
    g_clear_pointer(&a->undo, g_free);
}

static enum st
no_such_verb(struct job *j, const char *word)
{
    const char *near = word ? near_verb(word) : NULL;
    struct value *v = job_fact("what", word ? word : "");

    value_set_text(v, "near", near);
    return job_refuse(j, near ? "near-verb" : "unknown-verb", v);
}

static enum st
run_verb(struct job *j, const struct verb *v, struct err *e)
{
    return v->moves_points ? job_run_scored(j, v->run, e) : v->run(j, e);
}

enum st
job_end_apart(struct job *j, enum st st, struct err *e)
{
    if (st == ST_OK)
        return reg_keep(j->i->reg, e);
    if (st != ST_REJECT)
        return st;
    log_event(LOG_WARN, "order-refused", "cause", e->text, NULL);
    st = reg_undo(j->i->reg, e);
    if (st == ST_OK)
        st = informants_refresh(j->i->office, j->i->reg, e);
    return st == ST_OK ? job_refuse(j, "register-refused", NULL) : st;
}

static enum st
run_order(struct job *j, struct err *e)
{
    const char *word = order_take(j->o);
    const struct verb *v = find_verb(word);
    enum st st;

    if (!v)
        return no_such_verb(j, word);
    j->adjusts = FALSE;
    st = reg_save(j->i->reg, e);
    if (st != ST_OK)
        return st;
    st = run_verb(j, v, e);
    if (st == ST_OK && j->line->done && j->adjusts)
        job_sentence(j, "adjustment", NULL);
    return job_end_apart(j, st, e);
}

static gboolean
begins_like_order(const char *line)
{
    g_autoptr(order) o = order_new(line);
    const char *word = order_peek(o);

    return word && (find_verb(word) || (o->words->len > 1 && near_verb(word)));
}

/* ---- lines -> orders ---- */

struct gathering {
    GPtrArray *orders; /* of char* */
    GString *block;    /* an order that takes lines, or NULL */
    gboolean goes_on;  /* a line without a label belongs to the last one */
    char *beyond;      /* the first order too many, or NULL */
    int left;          /* of these */
};

static const struct verb *
verb_of(const char *line)
{
    g_autoptr(order) o = order_new(line);

    return find_verb(order_peek(o));
}

static void
end_block(struct gathering *g)
{
    if (g->block)
        g_ptr_array_add(g->orders, g_string_free(g->block, FALSE));
    g->block = NULL;
    g->goes_on = FALSE;
}

/* TRUE: the line is one of those of the order before it.  An empty line
 * ends what a label began, so that no signature gets into it. */
static gboolean
belongs(struct gathering *g, const char *line)
{
    gboolean labelled = asking_is_labelled(line);

    if (!g->block)
        return FALSE;
    if (!*line)
        g->goes_on = FALSE;
    if (!*line || labelled || (g->goes_on && !verb_of(line))) {
        g_string_append_printf(g->block, "\n%s", line);
        g->goes_on = g->goes_on || labelled;
        return TRUE;
    }
    return FALSE;
}

static void
add_order(struct gathering *g, const char *line)
{
    const struct verb *v = verb_of(line);

    end_block(g);
    if (v && v->has_lines)
        g->block = g_string_new(line);
    else
        g_ptr_array_add(g->orders, g_strdup(line));
}

/* Whoever gives orders and names a submission means it: 取消 2019-0003 普刊 is
 * not passed over.  No date, no period, no telephone number looks so. */
static gboolean
names_number(const char *line)
{
    static struct pattern p =
        PATTERN("(?<![0-9-])(?:19|20)[0-9]{2}-[0-9]{4,6}(?![0-9-])|"
                "待-[0-9]{1,9}");
    g_autofree char *folded = text_fold(line);

    return pattern_matches(&p, folded);
}

enum source { FROM_TEXT, FROM_MAIL, FROM_STAFF_MAIL };

/* Of a mail only those lines are orders that begin like one, or that staff
 * must hear of. */
static gboolean
is_order(const char *line, enum source source)
{
    if (source == FROM_TEXT)
        return *line != '\0';
    return begins_like_order(line) ||
           (source == FROM_STAFF_MAIL && names_number(line));
}

static void
leave_out(struct gathering *g, const char *line)
{
    end_block(g);
    if (!g->beyond)
        g->beyond = g_strdup(line);
    g->left++;
}

/* `lines` are stripped in place. */
static void
gather(struct gathering *g, char **lines, enum source source)
{
    g->orders = g_ptr_array_new_with_free_func(g_free);
    for (char **l = lines; *l; l++) {
        g_autofree char *bare = NULL;

        g_strstrip(*l);
        if (belongs(g, *l))
            continue;
        bare = source == FROM_TEXT ? g_strdup(*l) : orders_bare(*l);
        if (!is_order(bare, source))
            continue;
        if (g->orders->len + (g->block ? 1 : 0) < LINES_MOST)
            add_order(g, bare);
        else
            leave_out(g, bare);
    }
    end_block(g);
}

static gboolean
has_order(char **lines)
{
    for (char **l = lines; *l; l++)
        if (begins_like_order(*l))
            return TRUE;
    return FALSE;
}

/* Without 回复： and the like; 查询 约稿2019-05 stays as it is. */
static char *
order_of_subject(const char *subject)
{
    return verb_of(subject) ? g_strdup(subject) : subject_strip(subject);
}

static gboolean
is_sheet(const struct reading_file *f)
{
    return f->kind == FILE_SHEET;
}

gboolean
desk_has_sheet(const struct reading *r)
{
    for (guint n = 0; r && n < r->files->len; n++)
        if (is_sheet(g_ptr_array_index(r->files, n)))
            return TRUE;
    return FALSE;
}

/* The body, and before it the subject where it says more than a bare verb or
 * the body has no order; with a workbook the subject only names it. */
static void
gather_mail(struct gathering *g, const struct reading *r, enum source source)
{
    g_autofree char *subject = order_of_subject(r->subject ? r->subject : "");
    const char *body = r->own_text ? r->own_text : "";
    g_auto(GStrv) alone = g_strsplit(body, "\n", -1);
    g_autoptr(order) first = order_new(subject);
    g_autofree char *whole = g_strdup_printf("%s\n%s", subject, body);
    g_auto(GStrv) both = g_strsplit(whole, "\n", -1);

    if (begins_like_order(subject) && !desk_has_sheet(r) &&
        (first->words->len > 1 || !has_order(alone)))
        gather(g, both, source);
    else
        gather(g, alone, source);
}

GPtrArray *
desk_orders(const struct reading *r)
{
    struct gathering g = {0};

    gather_mail(&g, r, FROM_MAIL);
    g_free(g.beyond);
    return g.orders;
}

static void
gather_text(struct gathering *g, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    gather(g, lines, FROM_TEXT);
}

struct desk_line *
desk_answer_line(struct desk_answer *a, const char *text)
{
    struct desk_line *line = g_new0(struct desk_line, 1);

    line->order = g_strdup(text);
    g_ptr_array_add(a->lines, line);
    return line;
}

void
desk_answer_drop(struct desk_answer *a)
{
    g_ptr_array_set_size(a->lines, (int)a->lines->len - 1);
}

enum st
desk_obey_line(struct job *job, const char *text, struct desk_answer *out,
               struct err *e)
{
    g_autoptr(order) o = order_new(text);
    struct desk_line *line = desk_answer_line(out, o->line);
    enum st st;

    job->o = o;
    job->text = text;
    job->line = line;
    st = run_order(job, e);
    if (line->answer)
        g_strchomp(line->answer); /* a sentence that had nothing to say */
    job->o = NULL;
    out->done += line->done ? 1 : 0;
    return st;
}

/* Ledgers that came back with the mail. */
static enum st
obey_sheets(struct job *job, const struct reading *r, struct desk_answer *out,
            struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; r && st == ST_OK && n < r->files->len; n++) {
        const struct reading_file *f = g_ptr_array_index(r->files, n);

        if (is_sheet(f))
            st = do_returned(job, f, out, e);
    }
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
note_answer(struct intake *i, const struct job *job,
            const struct desk_answer *a, struct err *e)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint n = 0; n < a->lines->len; n++) {
        const struct desk_line *l = g_ptr_array_index(a->lines, n);

        g_string_append_printf(text, "%s\n", l->answer);
    }
    return reg_command_answered(i->reg, job->act.command, text->str, e);
}

static enum st
finish_command(struct intake *i, const struct job *job, struct desk_answer *a,
               struct err *e)
{
    g_autoptr(value) v = value_map();
    gboolean undoable = FALSE;
    enum st st = note_answer(i, job, a, e);

    if (st == ST_OK)
        st = reg_command_undoable(i->reg, job->act.command, &undoable, e);
    value_set_int(v, "number", a->number);
    if (st == ST_OK && undoable)
        a->undo = desk_say(job->desk->words, "undo", v);
    return st;
}

/* A mail of orders is not carried out by half without a word. */
static void
say_left(const struct job *job, const struct gathering *g,
         struct desk_answer *out)
{
    g_autoptr(value) v = value_map();
    struct desk_line *line;

    if (g->left == 0)
        return;
    value_set_int(v, "most", LINES_MOST);
    value_set_int(v, "count", g->left);
    value_set_text(v, "what", g->beyond);
    line = desk_answer_line(out, g->beyond);
    line->answer = desk_say(job->desk->words, "too-many", v);
    out->left = g->left;
}

static enum st
obey_gathered(struct intake *i, const char *by, const struct gathering *g,
              const struct reading *r, gint64 message, struct desk_answer *out,
              struct err *e)
{
    struct job job = {.i = i, .desk = (const struct desk *)i->desk};
    enum st st;

    out->number = out->done = out->left = 0;
    out->undo = NULL;
    out->lines = g_ptr_array_new_with_free_func(line_free);
    st = informants_refresh(i->office, i->reg, e);
    if (st == ST_OK)
        st = begin_command(i, &job, by, g->orders, r, message, &out->number, e);
    for (guint n = 0; st == ST_OK && n < g->orders->len; n++)
        st = desk_obey_line(&job, g_ptr_array_index(g->orders, n), out, e);
    if (st == ST_OK)
        say_left(&job, g, out);
    if (st == ST_OK)
        st = obey_sheets(&job, r, out, e);
    return st == ST_OK ? finish_command(i, &job, out, e) : st;
}

enum st
desk_obey(struct intake *i, const char *by, const char *text,
          const struct reading *r, gint64 message, struct desk_answer *out,
          struct err *e)
{
    struct gathering g = {0};
    enum st st;

    if (r)
        gather_mail(&g, r, FROM_STAFF_MAIL);
    else
        gather_text(&g, text);
    st = obey_gathered(i, by, &g, r, message, out, e);
    g_ptr_array_unref(g.orders);
    g_free(g.beyond);
    return st;
}

/* ---- by mail ---- */

/* An answer of several lines is so many facts: each is cut by itself. */
static void
add_answer(struct value *lines, const struct desk_line *l)
{
    g_auto(GStrv) parts = g_strsplit(l->answer, "\n", -1);

    for (char **p = parts; *p; p++) {
        struct value *line = value_map();

        value_set_text(line, "line", p == parts ? l->order : NULL);
        value_set_bool(line, "ok", l->done);
        value_set_text(line, "answer", *p);
        value_append(lines, line);
    }
}

static struct value *
answer_facts(const struct desk *d, const struct desk_answer *a)
{
    struct value *v = value_map(), *lines = value_list();
    int refused = (int)a->lines->len - a->done + MAX(a->left - 1, 0);

    for (guint n = 0; n < a->lines->len; n++)
        add_answer(lines, g_ptr_array_index(a->lines, n));
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
obey_mail(struct intake *i, const struct reading *r, gint64 message,
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
        g_autofree char *at = letter_time(&i->office->clock, m->received);
        struct post p = {.letter = LETTER_COMMAND_ANSWER,
                         .kind = MAIL_ANSWER,
                         .to = who->address,
                         .message = message,
                         .about = r,
                         .facts = v};

        value_set_text(v, "name", who->name);
        value_set_text(v, "received", at);
        value_set_text(v, "undo", a.undo);
        st = post_letter(i, &p, e);
    }
    desk_answer_clear(&a);
    return st;
}

/* A code comes back, or a command that is proven. */
static enum st
command_by_mail(struct intake *i, const struct reading *r, gint64 message,
                struct err *e)
{
    gboolean codes = !i->office->config->trusted_authserv[0];
    g_autofree char *code = codes ? orders_code(r) : NULL;

    return code ? challenge_answer(i, r, message, code, e)
                : obey_mail(i, r, message, e);
}

/* ---- making ---- */

enum st
desk_new(struct office *o, struct desk **out, struct err *e)
{
    g_autoptr(desk) d = g_new0(struct desk, 1);
    g_autoptr(phrases) sheet = NULL; /* only looked at: a mistake is found
                                        now, not in the morning */
    enum st st = desk_words_load(o->templates, o->own_templates, &d->words, e);

    if (st == ST_OK)
        st = ledger_load_words(o->templates, o->own_templates, &sheet, e);
    if (st != ST_OK)
        return st;
    d->hooks.command = command_by_mail;
    d->hooks.unproven = challenge_send;
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
