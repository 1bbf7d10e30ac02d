/* letters.c - see letters.h. */
#include "intake/letters.h"

#include "draft/openness.h"
#include "intake/progress.h"
#include "intake/similar.h"
#include "intake/undelivered.h"
#include "register/informant.h"
#include "register/status.h"
#include "rules/checks.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };

/* ---- one mail ---- */

/* The envelope sender: null (RFC 3834 section 3.3) unless the office said
 * "own", or the server was found to demand it. */
static enum st
envelope_from(struct intake *i, char **out, struct err *e)
{
    const struct config *c = i->office->config;
    g_autofree char *found = NULL;
    enum st st = ST_OK;

    if (!c->return_path_given)
        st = reg_setting_get(i->reg, "return-path", &found, e);
    if (c->return_path_own || g_strcmp0(found, "own") == 0)
        *out = g_strdup(c->address);
    else
        *out = g_strdup("");
    return st;
}

/* The answers to orders of staff are not what the limits are for; what a
 * robot at a staff address is told is. */
static enum st
automatic_made(struct intake *i, const char *to, int *out, struct err *e)
{
    gboolean staff = config_staff_at(i->office->config, to) != NULL;
    gint64 since = clock_now(&i->office->clock) - DAY;
    int answers = 0;
    enum st st = reg_mail_count_made(i->reg, MAIL_REPLY, to, since, out, e);

    if (st == ST_OK && !staff)
        st = reg_mail_count_made(i->reg, MAIL_ANSWER, to, since, &answers, e);
    *out += answers;
    return st;
}

/* May this letter be written (P6, A23)?  Only what answers a mail by itself
 * may be kept back: nobody can, by writing, keep others from being warned or
 * commissioned.  An address that bounced is answered again a day later, for
 * mailboxes are emptied and repaired. */
static enum st
silence_of(struct intake *i, const struct post *p, enum silence *out,
           struct err *e)
{
    const struct config *c = i->office->config;
    gint64 since = clock_now(&i->office->clock) - DAY;
    int bounces = 0, made = 0;
    enum st st;

    *out = SILENCE_NONE;
    if (!reg_mail_is_automatic(p->kind) ||
        (p->kind == MAIL_ANSWER && config_staff_at(c, p->to)))
        return ST_OK;
    st = reg_address_bounces(i->reg, p->to, since, &bounces, e);
    if (st == ST_OK)
        st = automatic_made(i, p->to, &made, e);
    if (bounces >= BOUNCES_REST)
        *out = SILENCE_BOUNCES;
    else if (made >= c->replies_per_day)
        *out = SILENCE_LIMIT;
    return st;
}

static GPtrArray *
thread_of(const struct reading *r)
{
    GPtrArray *ids = g_ptr_array_new();

    for (guint n = 0; r && n < r->references->len; n++) {
        char *id = g_ptr_array_index(r->references, n);

        if (compose_id_valid(id) && ids->len < 20)
            g_ptr_array_add(ids, id);
    }
    if (r && r->message_id && compose_id_valid(r->message_id))
        g_ptr_array_add(ids, r->message_id);
    g_ptr_array_add(ids, NULL);
    return ids;
}

static enum st
compose(struct intake *i, const struct post *p, const struct letter_text *t,
        const char *key, struct reg_mail *m, struct err *e)
{
    const struct config *c = i->office->config;
    gboolean answers = p->about != NULL;
    g_autoptr(GPtrArray) thread = thread_of(p->about);
    struct outgoing_mail mail = {
        .occasion = answers ? OCCASION_REPLY : OCCASION_NOTICE,
        .office = c->office,
        .from = c->address,
        .to = p->to,
        .subject = t->subject,
        .text = t->text,
        .html = t->html,
        .key = key,
        .instant = clock_now(&i->office->clock),
        .clock = &i->office->clock,
        .in_reply_to = answers ? p->about->message_id : NULL,
        .references = (const char *const *)thread->pdata,
        .attachments = p->attachments,
        .n_attachments = p->n_attachments};
    char *bytes = NULL;
    size_t len = 0;
    enum st st = compose_mail(&mail, &bytes, &len, e);

    if (st == ST_OK)
        m->data = g_bytes_new_take(bytes, len);
    return st;
}

/* A letter that comes out wrong is a mistake of ours, but of one letter: the
 * message it is about is then held, and the next goes on. */
static enum st
one_letter(enum st st)
{
    return st == ST_FATAL ? ST_REJECT : st;
}

/* A mail that is not sent has no bytes: only that it would have been. */
static enum st
fill_mail(struct intake *i, const struct post *p, gint64 id, struct reg_mail *m,
          struct err *e)
{
    const char *own = i->office->config->address;
    g_autofree char *today = NULL;
    g_autofree char *key = NULL;
    g_autoptr(value) facts = value_copy(p->facts);
    struct letter_text t = {0};
    enum st st;

    m->id = id;
    m->kind = p->kind;
    m->message = p->message;
    m->commission = p->commission;
    m->to = g_strdup(p->to);
    m->created = m->next = clock_now(&i->office->clock);
    key = reg_mail_key(id);
    m->mail_id = compose_message_id(key, own);
    today = day_format_chinese(clock_today(&i->office->clock));
    value_set_text(facts, "today", today);
    st = one_letter(
        catalogue_write(i->office->letters, p->letter, facts, &t, e));
    if (st == ST_OK)
        m->subject = g_strdup(t.subject);
    if (st == ST_OK && m->state == MAIL_PENDING)
        st = one_letter(compose(i, p, &t, key, m, e));
    letter_text_clear(&t);
    return st;
}

enum st
post_letter(struct intake *i, const struct post *p, struct err *e)
{
    g_autoptr(reg_mail) m = reg_mail_new();
    enum silence silence = SILENCE_NONE;
    gint64 id = 0;
    enum st st = silence_of(i, p, &silence, e);

    if (st == ST_OK && silence != SILENCE_NONE)
        st = undelivered_silenced(i, p->to, silence, e);
    if (st == ST_OK)
        st = reg_mail_next_id(i->reg, &id, e);
    if (st == ST_OK)
        st = envelope_from(i, &m->envelope_from, e);
    m->state = silence == SILENCE_NONE ? MAIL_PENDING : MAIL_SUPPRESSED;
    if (st == ST_OK)
        st = fill_mail(i, p, id, m, e);
    return st == ST_OK ? reg_mail_add(i->reg, m, e) : st;
}

enum st
post_to_all(struct intake *i, const struct post *post,
            const char *const *addresses, struct err *e)
{
    enum st st = ST_OK;

    for (; st == ST_OK && *addresses; addresses++) {
        const struct staff *who =
            config_staff_at(i->office->config, *addresses);
        g_autoptr(value) facts = value_copy(post->facts);
        struct post one = *post;

        one.to = *addresses;
        one.facts = facts;
        if (post->names_staff)
            value_set_text(facts, "name", who ? who->name : NULL);
        st = post_letter(i, &one, e);
    }
    return st;
}

GPtrArray *
staff_addresses(const struct config *c)
{
    GPtrArray *all = g_ptr_array_new();

    for (guint n = 0; n < c->staff->len; n++)
        g_ptr_array_add(
            all, ((struct staff *)g_ptr_array_index(c->staff, n))->address);
    g_ptr_array_add(all, NULL);
    return all;
}

enum st
once_today(struct intake *i, const char *what, gboolean *first_out,
           struct err *e)
{
    const struct clock *clock = &i->office->clock;
    g_autofree char *today = day_format(clock_today(clock));
    g_autofree char *key = g_strdup_printf("%s %s", what, today);

    return reg_once(i->reg, key, clock_now(clock), first_out, e);
}

enum st
post_to_staff(struct intake *i, enum letter letter, const struct value *facts,
              gint64 message, struct err *e)
{
    g_autoptr(GPtrArray) staff = staff_addresses(i->office->config);
    struct post p = {.letter = letter,
                     .kind = MAIL_STAFF,
                     .message = message,
                     .facts = facts};

    return post_to_all(i, &p, (const char *const *)staff->pdata, e);
}

/* ---- the reply to a message ---- */

char *
letter_time(const struct clock *clock, gint64 instant)
{
    g_autofree char *day = day_format_chinese(clock_day(clock, instant));
    g_autofree char *whole = clock_format(clock, instant);
    const char *time = strchr(whole, ' ') + 1; /* 09:30 */
    int hour = g_ascii_digit_value(time[0]) * 10 + g_ascii_digit_value(time[1]);
    int minute =
        g_ascii_digit_value(time[3]) * 10 + g_ascii_digit_value(time[4]);

    if (minute == 0)
        return g_strdup_printf("%s%d时", day, hour);
    return g_strdup_printf("%s%d时%02d分", day, hour, minute);
}

char *
letter_received(const struct clock *clock, const struct reg_submission *s)
{
    return s->message ? letter_time(clock, s->received)
                      : day_format_chinese(s->day);
}

char *
letter_list(const GPtrArray *strings)
{
    GString *s = g_string_new(NULL);

    for (guint n = 0; n < strings->len; n++)
        g_string_append_printf(s, "%s%s", n ? "、" : "",
                               (const char *)g_ptr_array_index(strings, n));
    return g_string_free(s, FALSE);
}

static char *
unit_names(const GPtrArray *units)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint n = 0; n < units->len; n++)
        g_ptr_array_add(names,
                        ((struct unit *)g_ptr_array_index(units, n))->name);
    return letter_list(names);
}

/* Names of the attachments that are not the draft: what a reason is about. */
static char *
file_names(const struct reading *r)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint n = 0; n < r->files->len; n++) {
        const struct reading_file *f = g_ptr_array_index(r->files, n);

        if (f->name)
            g_ptr_array_add(names, f->name);
    }
    return letter_list(names);
}

/* Of each file that its two names call two kinds, both. */
static char *
two_names(const struct reading *r)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint n = 0; n < r->files->len; n++) {
        const struct reading_file *f = g_ptr_array_index(r->files, n);

        if (!reading_file_is_disguised(f))
            continue;
        g_ptr_array_add(names, f->name);
        g_ptr_array_add(names, f->other_name);
    }
    return names->len > 0 ? letter_list(names) : NULL;
}

static char *
megabytes(gint64 bytes)
{
    gint64 tenths = bytes * 10 / (1 << 20);

    return g_strdup_printf("%" G_GINT64_FORMAT ".%d", tenths / 10,
                           (int)(tenths % 10));
}

/* The limit of 字数 for a category; for none stated, the one limit that holds
 * for all of them.  0: none. */
static int
longest_allowed(const struct pack *p, int form)
{
    for (guint n = 0; n < p->checks->len; n++) {
        const struct pack_check *c = g_ptr_array_index(p->checks, n);

        if (!reason_has(&c->reasons, REASON_TOO_LONG))
            continue;
        if (c->forms.n == 0 || (form >= 0 && index_set_has(&c->forms, form)))
            return (int)(c->value / DECIMAL_ONE);
    }
    return 0;
}

/* What the texts of reasons.ini may use. */
static struct value *
reason_facts(const struct intake *i, const struct incoming *a,
             const struct decision *d, const struct recorded *r)
{
    struct value *v = value_map();
    const struct fields *f = d->fields;
    const struct pack *p = i->office->pack;
    int limit = longest_allowed(p, f->form);

    value_set_int(v, "words", d->words);
    if (limit > 0)
        value_set_int(v, "limit", limit);
    if (a->reading)
        value_take_text(v, "files", file_names(a->reading));
    if (a->reading)
        value_take_text(v, "two_names", two_names(a->reading));
    value_take_text(v, "size", megabytes(a->ref.size));
    value_take_text(v, "size_limit", megabytes(i->office->config->size_limit));
    value_set_text(v, "unit", f->unit_text);
    value_take_text(v, "candidates", unit_names(f->near));
    value_set_text(v, "commission", f->commission);
    value_set_text(v, "tag", checks_tag(p));
    value_set_bool(v, "codes_spent", r->no_code);
    value_set_text(v, "number",
                   d->new_version_of ? d->new_version_of : r->number);
    if (f->form >= 0)
        value_set_text(v, "category", p->forms[f->form]);
    value_set_bool(v, "returned", d->verdict == VERDICT_RETURNED);
    if (d->verdict == VERDICT_HELD && r->similar)
        value_take_text(v, "alike", similar_summary(r->similar));
    return v;
}

struct value *
letter_reasons(const struct intake *i, const struct incoming *a,
               const struct decision *d, const struct recorded *r,
               const struct reason_list *which, enum reason_reader reader)
{
    g_autoptr(value) facts = NULL;

    if (which->n == 0)
        return value_list();
    facts = reason_facts(i, a, d, r);
    return catalogue_reasons(i->office->letters, which, facts, reader);
}

static void
add_understood(struct value *v, const struct fields *f)
{
    value_take_text(v, "unit", unit_names(f->units));
    value_set_text(v, "title", f->title);
    value_set_text(v, "submitter", f->submitter);
    value_take_text(v, "phones", letter_list(f->phones));
    value_set_text(v, "commission", f->commission);
}

/* How the unit stands this period: only an office's own submissions that
 * are recorded count. */
static enum st
add_receipt(struct value *v, struct intake *i, const struct incoming *a,
            const struct decision *d, const struct recorded *r, struct err *e)
{
    const struct fields *f = d->fields;
    const struct pack *p = i->office->pack;
    int limit = longest_allowed(p, f->form);
    struct value *progress = NULL;
    enum st st;

    value_set_text(v, "number", r->number);
    value_set_int(v, "words", d->words);
    if (f->form >= 0)
        value_set_text(v, "category", p->forms[f->form]);
    if (limit > 0)
        value_set_int(v, "limit", limit);
    if (openness_is_restricted(f->openness))
        value_set_text(v, "openness", f->openness);
    if (d->draft >= 0) {
        const struct reading_file *file =
            g_ptr_array_index(a->reading->files, (guint)d->draft);

        value_set_text(v, "file", file->name);
    }
    st = unit_progress(i, fields_unit(f), a->ref.received, &progress, e);
    if (st == ST_OK && progress)
        value_set(v, "progress", progress);
    return st;
}

static gboolean
choose_letter(const struct intake *i, const struct decision *d,
              enum letter *out)
{
    switch (d->verdict) {
    case VERDICT_ACCEPTED:
        *out = LETTER_RECEIPT;
        return TRUE;
    case VERDICT_RETURNED:
        *out = LETTER_RETURN;
        return TRUE;
    case VERDICT_HELD:
        *out = LETTER_HELD;
        return i->office->pack->held_reply == HELD_REPLY_NOTICE;
    case VERDICT_QUARANTINED:
        *out = LETTER_QUARANTINE;
        return TRUE;
    default:
        return FALSE;
    }
}

/* What the letter to the sender says, by its kind; of a quarantined message
 * nothing but when it came. */
static enum st
fill_reply(struct value *v, struct intake *i, const struct incoming *a,
           const struct decision *d, const struct recorded *r, struct err *e)
{
    value_take_text(v, "received",
                    letter_time(&i->office->clock, a->ref.received));
    if (d->verdict == VERDICT_QUARANTINED)
        return ST_OK;
    if (d->verdict == VERDICT_ACCEPTED) {
        add_understood(v, d->fields);
        value_set(v, "notes",
                  letter_reasons(i, a, d, r, &d->notes, REASON_FOR_SENDER));
        return add_receipt(v, i, a, d, r, e);
    }
    value_set_text(v, "handle", r->handle);
    value_set_text(v, "subject", a->reading->subject);
    if (d->verdict == VERDICT_RETURNED) {
        add_understood(v, d->fields);
        value_set(v, "reasons",
                  letter_reasons(i, a, d, r, &d->reasons, REASON_FOR_SENDER));
    }
    return ST_OK;
}

/* One reply is the most that a message gets, but for an acceptance after a
 * return; and for its outcome, once, where the one reply said only that it
 * seemed to bear a marking. */
static enum st
is_due(struct intake *i, const struct decision *d, gint64 message,
       gboolean replied, gboolean *out, struct err *e)
{
    gboolean released = FALSE, decided = FALSE;
    enum st st = ST_OK;

    *out = !replied || d->verdict == VERDICT_ACCEPTED;
    if (*out || d->verdict != VERDICT_RETURNED)
        return ST_OK;
    st = reg_message_released(i->reg, message, &released, e);
    if (st == ST_OK && released)
        st = reg_mail_decided(i->reg, message, &decided, e);
    *out = released && !decided;
    return st;
}

enum st
post_reply(struct intake *i, const struct incoming *a, const struct decision *d,
           const struct recorded *r, struct err *e)
{
    g_autoptr(value) v = value_map();
    struct post p = {.to = d->reply_to,
                     .message = r->message,
                     .about = a->reading,
                     .facts = v};
    gboolean replied = FALSE, due = FALSE;
    enum st st;

    if (!d->reply_to || !choose_letter(i, d, &p.letter))
        return ST_OK;
    st = reg_mail_replied(i->reg, r->message, &replied, e);
    if (st == ST_OK)
        st = is_due(i, d, r->message, replied, &due, e);
    if (st != ST_OK || !due)
        return st;
    p.kind = replied ? MAIL_DECISION : MAIL_REPLY;
    st = fill_reply(v, i, a, d, r, e);
    return st == ST_OK ? post_letter(i, &p, e) : st;
}
