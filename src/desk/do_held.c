/* do_held.c - what waits for staff: 受理, 退回, 忽略, 重办; 确认涉密,
 * 解除隔离, 清除. */
#include "desk/job.h"
#include "desk/settle.h"

#include "base/address.h"
#include "base/nearest.h"
#include "intake/incoming.h"
#include "intake/letters.h"
#include "intake/release.h"
#include "intake/upkeep.h"
#include "register/history.h"

#include <string.h>

enum st
job_held(struct job *j, enum verdict verdict, struct reg_message **out,
         struct err *e)
{
    g_autofree char *handle = order_take_handle(j->o);
    g_autoptr(reg_message) m = NULL;
    enum st st;

    if (!handle) {
        const char *word = order_peek(j->o);

        return job_refuse(j, "no-handle", job_fact("what", word ? word : ""));
    }
    st = reg_message_find(j->i->reg, handle, &m, e);
    if (st != ST_OK)
        return st;
    if (!m)
        return job_refuse(j, "no-handle", job_fact("what", handle));
    if (!m->open)
        return job_refuse(j, "not-open", job_fact("handle", m->handle));
    if (m->verdict == VERDICT_QUARANTINED && verdict != m->verdict)
        return job_refuse(j, "is-quarantined", job_fact("handle", m->handle));
    if (m->verdict != VERDICT_QUARANTINED && verdict == VERDICT_QUARANTINED)
        return job_refuse(j, "not-quarantined", job_fact("handle", m->handle));
    *out = g_steal_pointer(&m);
    return ST_OK;
}

/* ---- 受理 ---- */

static const char *const field_names[] = {"标题",   "单位",     "报送人",
                                          "签发人", "公开属性", "电话",
                                          "分机",   "类别",     NULL};

static void
split_into(GPtrArray *list, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, " ", -1);

    g_ptr_array_set_size(list, 0);
    for (char **p = parts; *p; p++)
        if (**p)
            g_ptr_array_add(list, g_strdup(*p));
}

static gboolean
set_unit(struct job *j, struct fields *f, const char *text)
{
    struct unit *u = NULL;

    if (match_unit(j->i->office->matcher, text, &u) != MATCH_ONE) {
        job_refuse(j, "unknown-unit", job_fact("what", text));
        return FALSE;
    }
    g_ptr_array_set_size(f->units, 0);
    g_ptr_array_add(f->units, u);
    f->unit_found = FOUND;
    return TRUE;
}

static void
replace(char **where, const char *text)
{
    g_free(*where);
    *where = g_strdup(text);
}

static void
set_text(char **where, enum found *found, const char *text)
{
    replace(where, text);
    *found = FOUND;
}

static gboolean
unknown_field(struct job *j, const char *name)
{
    const char *near = nearest_word(name, field_names);
    struct value *v = job_fact("what", name);

    value_set_text(v, "near", near);
    job_refuse(j, near ? "near-field" : "field-unknown", v);
    return FALSE;
}

/* FALSE: refused. */
static gboolean
set_field(struct job *j, struct fields *f, const char *name, const char *text)
{
    if (g_str_equal(name, "标题"))
        set_text(&f->title, &f->title_found, text);
    else if (g_str_equal(name, "报送人"))
        set_text(&f->submitter, &f->submitter_found, text);
    else if (g_str_equal(name, "签发人"))
        replace(&f->signer, text);
    else if (g_str_equal(name, "公开属性"))
        replace(&f->openness, text);
    else if (g_str_equal(name, "电话"))
        split_into(f->phones, text);
    else if (g_str_equal(name, "分机"))
        split_into(f->extensions, text);
    else if (g_str_equal(name, "类别"))
        f->form = pack_find_form(j->i->office->pack, text);
    else if (g_str_equal(name, "单位"))
        return set_unit(j, f, text);
    else
        return unknown_field(j, name);
    return TRUE;
}

static gboolean
take_fields(struct job *j, struct fields *f)
{
    char *name, *text;
    gboolean ok = TRUE;

    while (ok && order_take_field(j->o, &name, &text)) {
        g_autofree char *kept = job_field_value(j, name, text);

        ok = kept && set_field(j, f, name, kept);
        g_free(name);
        g_free(text);
    }
    if (ok && order_peek(j->o)) {
        job_refuse(j, "usage-held", NULL);
        ok = FALSE;
    }
    return ok;
}

/* A draft that can be kept: the one decided on, else the first Word file. */
static int
usable_draft(const struct reading *r, int decided)
{
    if (decided >= 0)
        return decided;
    for (guint n = 0; n < r->files->len; n++) {
        const struct reading_file *f = g_ptr_array_index(r->files, n);

        if (file_kind_is_word(f->kind) && f->bytes)
            return (int)n;
    }
    return -1;
}

/* Staff decide that it counts; only what a record cannot do without is
 * asked for. */
static gboolean
is_complete(struct job *j, const struct reg_message *m,
            const struct incoming *a, struct decision *d)
{
    struct value *v;

    d->draft = usable_draft(a->reading, d->draft);
    if (d->draft < 0) {
        job_refuse(j, "no-draft", job_fact("handle", m->handle));
        return FALSE;
    }
    d->words = ((struct reading_file *)g_ptr_array_index(a->reading->files,
                                                         (guint)d->draft))
                   ->words;
    if (d->fields->title && d->fields->units->len > 0)
        return TRUE;
    v = job_fact("handle", m->handle);
    value_set_text(v, "what",
                   d->fields->title ? field_names[1] : field_names[0]);
    value_set_text(v, "example",
                   d->fields->title ? "单位=县财政局" : "标题=信息标题");
    job_refuse(j, "field-missing", v);
    return FALSE;
}

static struct value *
outcome_facts(const struct reg_message *m, const struct recorded *r,
              const struct decision *d)
{
    struct value *v = job_fact("handle", m->handle);
    const struct unit *u = fields_unit(d->fields);

    value_set_text(v, "number", r->number);
    value_set_text(v, "unit", u ? u->name : NULL);
    value_set_text(v, "title", d->fields->title);
    value_set_text(v, "outcome", folder_name(folder_of(d->verdict)));
    return v;
}

static enum st
accept_kept(struct job *j, const struct reg_message *m, struct incoming *a,
            struct err *e)
{
    struct decision d = {0};
    struct recorded r = {0};
    g_autofree char *same_draft = NULL;
    enum st st = decide_incoming(j->i, a, TRUE, &d, &same_draft, e);

    if (st == ST_OK && take_fields(j, d.fields) && is_complete(j, m, a, &d)) {
        d.verdict = VERDICT_ACCEPTED;
        d.reasons.n = 0;
        d.reply_to = reading_author(a->reading);
        st = record_decision(j->i, a, m, &d, &j->act, &r, e);
        if (st == ST_OK)
            st = reg_place_send(j->i->reg, m->id, FOLDER_ACCEPTED, e);
        if (st == ST_OK)
            job_done(j, "accepted", outcome_facts(m, &r, &d));
        if (st == ST_OK)
            st = job_adjusts_day(
                j, clock_day(&j->i->office->clock, m->received), e);
    }
    recorded_clear(&r);
    decision_clear(&d);
    return st;
}

/* Accepted once, and that was undone: the number it had is its number again,
 * corrected by what the order says now.  The sender has a receipt. */
static enum st
accept_again(struct job *j, const struct reg_message *m, struct err *e)
{
    const struct reason_list none = {0};
    g_autoptr(reg_submission) s = NULL;
    g_autofree char *what = NULL;
    struct value *v;
    enum st st = reg_submission_find(j->i->reg, m->number, &s, e);

    if (st == ST_OK)
        st = job_correct(j, s, "usage-held", &what, e);
    if (st != ST_OK || !what)
        return st;
    if (s->state == SUBMISSION_WITHDRAWN)
        st = reg_submission_reinstate(j->i->reg, s->id, &j->act, e);
    if (st == ST_OK)
        st =
            settle(j->i, m->id, VERDICT_ACCEPTED, &none, &m->notes, &j->act, e);
    if (st != ST_OK)
        return st;
    v = job_fact("handle", m->handle);
    value_set_text(v, "number", s->number);
    value_set_text(v, "what", what);
    job_done(j, "accepted-again", v);
    return job_adjusts_day(j, s->day, e);
}

enum st
do_accept(struct job *j, struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    struct incoming *a = NULL;
    enum st st;

    if (!order_peek(j->o))
        return job_refuse(j, "usage-held", NULL);
    st = job_held(j, VERDICT_HELD, &m, e);
    if (st == ST_OK && m && m->number)
        return accept_again(j, m, e);
    if (st == ST_OK && m)
        st = incoming_kept(j->i, m, &a, e);
    if (st == ST_OK && m && !a)
        return job_refuse(j, "no-reading", job_fact("handle", m->handle));
    if (st == ST_OK && a)
        st = reason_has(&m->reasons, REASON_REGISTRATION)
                 ? accept_registration(j, m, a->reading, e)
                 : accept_kept(j, m, a, e);
    incoming_free(a);
    return st;
}

/* ---- 重办 ---- */

static enum st
judge_kept(struct job *j, const struct reg_message *m, struct incoming *a,
           struct err *e)
{
    struct decision d = {0};
    struct recorded r = {0};
    g_autofree char *same_draft = NULL;
    enum st st = decide_incoming(j->i, a, FALSE, &d, &same_draft, e);

    if (st == ST_OK)
        st = record_decision(j->i, a, m, &d, &j->act, &r, e);
    if (st == ST_OK)
        st = reg_place_send(j->i->reg, m->id, folder_of(d.verdict), e);
    if (st == ST_OK)
        job_done(j, "judged", outcome_facts(m, &r, &d));
    if (st == ST_OK && r.number)
        st =
            job_adjusts_day(j, clock_day(&j->i->office->clock, m->received), e);
    recorded_clear(&r);
    decision_clear(&d);
    return st;
}

enum st
do_judge(struct job *j, struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    struct incoming *a = NULL;
    enum st st = job_held(j, VERDICT_HELD, &m, e);

    if (st == ST_OK && m && m->number) {
        struct value *v = job_fact("handle", m->handle);

        value_set_text(v, "number", m->number);
        return job_refuse(j, "accepted-before", v);
    }
    if (st == ST_OK && m)
        st = incoming_kept(j->i, m, &a, e);
    if (st == ST_OK && m && !a)
        return job_refuse(j, "no-reading", job_fact("handle", m->handle));
    if (st == ST_OK && a)
        st = judge_kept(j, m, a, e);
    incoming_free(a);
    return st;
}

/* ---- 退回, 忽略 ---- */

static enum st
decide_as(struct job *j, const struct reg_message *m, enum verdict verdict,
          struct err *e)
{
    return settle(j->i, m->id, verdict, &m->reasons, &m->notes, &j->act, e);
}

static enum st
post_return(struct job *j, const struct reg_message *m,
            const struct incoming *a, const char *why, struct err *e)
{
    const struct office *o = j->i->office;
    g_autoptr(value) v = value_map();
    g_autofree char *received = letter_time(&o->clock, m->received);
    struct post p = {.letter = LETTER_RETURN,
                     .kind = MAIL_DECISION,
                     .to = m->sender,
                     .message = m->id,
                     .about = a ? a->reading : NULL,
                     .facts = v};

    value_set_text(v, "received", received);
    value_set_text(v, "handle", m->handle);
    value_set_text(v, "remark", why);
    value_set_text(v, "subject", m->subject);
    value_set_text(v, "title", m->title);
    value_set_text(v, "unit",
                   m->unit ? office_unit_name(m->unit, (void *)o) : NULL);
    value_set_text(v, "submitter", m->submitter);
    value_set_text(v, "phones", m->phones);
    return post_letter(j->i, &p, e);
}

enum st
do_return(struct job *j, struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    g_autofree char *why = NULL;
    struct incoming *a = NULL;
    struct value *v;
    enum st st = job_held(j, VERDICT_HELD, &m, e);

    if (st != ST_OK || !m)
        return st;
    why = order_take_rest(j->o);
    if (!why)
        return job_refuse(j, "usage-return", NULL);
    st = incoming_kept(j->i, m, &a, e);
    if (st == ST_OK)
        st = decide_as(j, m, VERDICT_RETURNED, e);
    if (st == ST_OK && m->sender && address_valid(m->sender))
        st = post_return(j, m, a, why, e);
    incoming_free(a);
    v = job_fact("handle", m->handle);
    value_set_text(v, "to", m->sender);
    job_done(j, m->sender ? "returned" : "returned-silent", v);
    return st;
}

enum st
do_ignore(struct job *j, struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    enum st st = job_held(j, VERDICT_HELD, &m, e);

    if (st == ST_OK && m)
        st = decide_as(j, m, VERDICT_IGNORED, e);
    if (st == ST_OK && m)
        job_done(j, "ignored", job_fact("handle", m->handle));
    return st;
}

/* ---- 确认涉密, 解除隔离, 清除 ---- */

enum st
do_confirm(struct job *j, struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    g_autofree char *note = NULL;
    enum st st = job_held(j, VERDICT_QUARANTINED, &m, e);

    if (st != ST_OK || !m)
        return st;
    note = order_take_rest(j->o);
    st = reg_message_close(j->i->reg, m->id, note, &j->act, e);
    if (st == ST_OK)
        st = releases_drop(j->i->reg, m->id, e);
    if (st == ST_OK)
        job_done(j, "confirmed", job_fact("handle", m->handle));
    return st;
}

/* Read once more at the next look, with markings left alone; what then
 * becomes of it is decided as of any other mail. */
enum st
do_release(struct job *j, struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    g_autofree char *note = NULL;
    enum st st = job_held(j, VERDICT_QUARANTINED, &m, e);

    if (st != ST_OK || !m)
        return st;
    note = order_take_rest(j->o);
    st = releases_add(j->i->reg, m->id, e);
    if (st == ST_OK)
        st = reg_history_add(j->i->reg, &j->act, "release", m->handle, NULL,
                             NULL, note, e);
    if (st == ST_OK)
        job_done(j, "released", job_fact("handle", m->handle));
    return st;
}

/* The copies of the register that hold it still. */
static enum st
name_backups(struct job *j, gint64 since, struct value *v, struct err *e)
{
    g_autoptr(GPtrArray) backups = NULL;
    g_autofree char *names = NULL;
    enum st st = reg_backups_since(j->i->reg, since, &backups, e);

    if (st != ST_OK)
        return st;
    names = letter_list(backups);
    value_set_text(v, "backups", names);
    return ST_OK;
}

/* Whom letters went to, each once: ledgers, or all others. */
static char *
receivers(const GPtrArray *mails, gboolean ledgers)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();

    for (guint n = 0; n < mails->len; n++) {
        const struct reg_mail *m = mails->pdata[n];

        if ((m->kind == MAIL_LEDGER) == ledgers &&
            !g_ptr_array_find_with_equal_func(all, m->to, g_str_equal, NULL))
            g_ptr_array_add(all, m->to);
    }
    return letter_list(all);
}

static enum st
say_purged(struct job *j, const char *what, const struct reg_purged *left,
           gint64 since, struct err *e)
{
    g_autoptr(value) v = value_map();
    enum st st;

    value_set_text(v, "what", what);
    value_take_text(v, "also", letter_list(left->also));
    value_take_text(v, "sent", receivers(left->mails, FALSE));
    value_take_text(v, "ledgers", receivers(left->mails, TRUE));
    value_take_text(v, "bulletins", letter_list(left->bulletins));
    value_take_text(v, "same", letter_list(left->same));
    st = name_backups(j, since, v, e);
    return st == ST_OK ? job_done(j, "purged", g_steal_pointer(&v)) : st;
}

static enum st
purge_submission(struct job *j, struct err *e)
{
    g_autoptr(reg_submission) s = NULL;
    g_autoptr(reg_purged) left = NULL;
    enum st st = job_submission(j, &s, e);

    if (st != ST_OK || !s)
        return st;
    st = reg_submission_purge(j->i->reg, s->id, &j->act, &left, e);
    if (st == ST_OK)
        st = job_adjusts_day(j, s->day, e);
    return st == ST_OK ? say_purged(j, s->number, left, s->received, e) : st;
}

static enum st
purge_message(struct job *j, struct err *e)
{
    g_autofree char *handle = order_take_handle(j->o);
    g_autoptr(reg_message) m = NULL;
    g_autoptr(reg_purged) left = NULL;
    enum st st;

    if (!handle)
        return job_refuse(j, "usage-purge", NULL);
    st = reg_message_find(j->i->reg, handle, &m, e);
    if (st == ST_OK && !m)
        return job_refuse(j, "no-handle", job_fact("what", handle));
    if (st == ST_OK && m->number)
        return job_refuse(j, "purge-number", job_fact("number", m->number));
    if (st == ST_OK)
        st = reg_message_purge(j->i->reg, m->id, &j->act, &left, e);
    return st == ST_OK ? say_purged(j, m->handle, left, m->received, e) : st;
}

enum st
do_purge(struct job *j, struct err *e)
{
    const char *word = order_peek(j->o);
    enum st st;

    if (!word)
        return job_refuse(j, "usage-purge", NULL);
    st = g_ascii_isdigit(*word) ? purge_submission(j, e) : purge_message(j, e);
    if (st == ST_OK && j->line->done) /* out of free pages too, afterwards */
        st = upkeep_ask_scrub(j->i, e);
    return st;
}
