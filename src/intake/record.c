/* record.c - one arrival becomes rows of the register, within the
 * transaction of its batch. */
#include "intake/asked.h"

#include "intake/informants.h"
#include "intake/letters.h"
#include "intake/notices.h"
#include "intake/overtake.h"
#include "intake/own_name.h"
#include "intake/progress.h"
#include "intake/release.h"
#include "intake/similar.h"
#include "intake/undelivered.h"
#include "register/commission.h"
#include "register/informant.h"
#include "register/submission.h"
#include "register/view.h"

#include <string.h>

enum { NO_ID_DAYS = 7 }; /* the same bytes without Message-ID are one mail */

void
recorded_clear(struct recorded *r)
{
    g_clear_pointer(&r->handle, g_free);
    g_clear_pointer(&r->number, g_free);
    g_clear_pointer(&r->unit, g_free);
    g_clear_pointer(&r->similar, g_ptr_array_unref);
    g_clear_pointer(&r->told, value_free);
    g_clear_pointer(&r->view, g_free);
    g_clear_pointer(&r->view_bytes, g_bytes_unref);
}

/* ---- what the register knows of the same message ---- */

struct known {
    gint64 same;              /* message with this identity, or 0 */
    gboolean same_bytes;      /* and the very same bytes: no new delivery */
    gboolean same_id_other;   /* its Message-ID came with other content */
    gboolean same_id_refused; /* but with nothing that was taken for his */
    gboolean released; /* it bears a marking that 解除隔离 overruled */
    struct overtaken overtaken; /* copies of it came first, without proof */
};

static enum st
look_up_bytes(struct intake *i, const struct incoming *a, struct known *k,
              struct err *e)
{
    gint64 since = a->ref.received - NO_ID_DAYS * 86400;

    if (k->same || !a->reading->raw_hash || a->reading->message_id)
        return ST_OK;
    return reg_known_bytes(i->reg, a->reading->raw_hash, since, &k->same, e);
}

/* A forgery that came first says nothing against the mail that it was to
 * forestall. */
static enum st
look_up_message_id(struct intake *i, const struct incoming *a, struct known *k,
                   struct err *e)
{
    const struct reading *r = a->reading;
    gint64 other = 0, heeded = 0;
    enum st st;

    if (k->same || !r->message_id)
        return ST_OK;
    st = reg_known_message_id(i->reg, r->message_id, r->identity, &other, e);
    if (st == ST_OK && other)
        st = reg_known_heeded(i->reg, r->message_id, r->identity,
                              reading_author(r), &heeded, e);
    k->same_id_other = other != 0;
    k->same_id_refused = other && !heeded;
    return st;
}

static enum st
look_up_content(struct intake *i, const struct incoming *a, struct known *k,
                struct err *e)
{
    const struct reading *r = a->reading;
    g_autoptr(reg_message) m = NULL;
    enum st st = ST_OK;

    if (r->identity)
        st = reg_known_identity(i->reg, r->identity, a->ref.received,
                                r->raw_hash, &k->same, e);
    if (st == ST_OK)
        st = look_up_bytes(i, a, k, e);
    if (st == ST_OK && k->same)
        st = reg_message_get(i->reg, k->same, &m, e);
    if (st == ST_OK && m)
        k->same_bytes = g_strcmp0(m->raw_hash, r->raw_hash) == 0;
    return st == ST_OK ? look_up_message_id(i, a, k, e) : st;
}

/* Put back, it is not judged anew. */
static gboolean
is_settled(enum verdict v)
{
    return v != VERDICT_HELD && v != VERDICT_RETURNED && v != VERDICT_IGNORED &&
           v != VERDICT_QUARANTINED;
}

/* Is this, found at a place that we emptied, what we took from there?  Names
 * of files are not for ever: another mail may have come under this one. */
static enum st
look_up_place(struct intake *i, const struct incoming *a, struct known *k,
              struct err *e)
{
    const struct reading *r = a->reading;
    g_autoptr(reg_message) m = NULL;
    gboolean same;
    enum st st = reg_message_get(i->reg, a->known, &m, e);

    if (st != ST_OK || !m)
        return st;
    if (m->raw_hash && r)
        same = g_strcmp0(m->raw_hash, r->raw_hash) == 0;
    else if (r && r->secrecy != SECRECY_NONE && is_settled(m->verdict))
        same = FALSE; /* that one bore no marking */
    else
        same = m->size == a->ref.size && m->received == a->ref.received;
    k->same = same ? m->id : 0;
    k->same_bytes = same;
    return ST_OK;
}

/* Of a marked message there is nothing to compare but how it came. */
static enum st
look_up_marked(struct intake *i, const struct incoming *a, struct known *k,
               struct err *e)
{
    const char *sender = reading_author(a->reading);
    enum st st = reg_known_quarantined(i->reg, a->ref.received, a->ref.size,
                                       sender, &k->same, e);

    if (st != ST_OK || k->same)
        return st;
    st = reg_known_released(i->reg, a->ref.received, a->ref.size, sender,
                            &k->same, e);
    k->released = k->same_bytes = k->same != 0;
    return st;
}

static enum st
look_up(struct intake *i, const struct incoming *a, struct known *k,
        struct err *e)
{
    const struct reading *r = a->reading;
    enum st st = ST_OK;

    memset(k, 0, sizeof *k);
    if (a->known)
        st = look_up_place(i, a, k, e);
    if (st == ST_OK && !k->same) /* a purge left it no hash */
        st = reg_known_purged(i->reg, a->ref.received, a->ref.size,
                              r ? reading_author(r) : NULL, &k->same, e);
    if (st != ST_OK || k->same || !r)
        return st;
    if (r->secrecy != SECRECY_NONE)
        return look_up_marked(i, a, k, e);
    return look_up_content(i, a, k, e);
}

/* ---- decide ---- */

struct commission_lookup {
    struct reg *reg;
    enum st st;
    struct err *e;
};

/* A reply to a notice, or to a reminder, answers its commission. */
static enum st
commission_of_mail(struct reg *reg, const char *message_id,
                   struct reg_commission **out, struct err *e)
{
    g_autoptr(reg_mail) m = NULL;
    gint64 id = 0;
    enum st st = reg_mail_ours(reg, message_id, &id, e);

    if (st == ST_OK && id)
        st = reg_mail_get(reg, id, &m, e);
    if (st == ST_OK && m && m->commission)
        st = reg_commission_get(reg, m->commission, out, e);
    return st;
}

/* commission_fn: by the number in the subject, or the notice it answers. */
static gboolean
find_commission(const char *number, const char *message_id, void *user,
                char **number_out)
{
    struct commission_lookup *l = user;
    g_autoptr(reg_commission) c = NULL;

    if (l->st == ST_OK && number)
        l->st = reg_commission_find(l->reg, number, &c, l->e);
    else if (l->st == ST_OK)
        l->st = commission_of_mail(l->reg, message_id, &c, l->e);
    if (l->st != ST_OK || !c)
        return FALSE;
    *number_out = g_strdup(c->number);
    return TRUE;
}

/* Did the present version of a submission come from another address? */
static enum st
sent_by_other(struct intake *i, const struct incoming *a,
              const struct reg_submission *s, gboolean *out, struct err *e)
{
    const char *author = reading_author(a->reading);
    g_autoptr(reg_message) m = NULL;
    enum st st =
        s->message ? reg_message_get(i->reg, s->message, &m, e) : ST_OK;

    *out = m && (!author || !m->sender ||
                 g_ascii_strcasecmp(author, m->sender) != 0);
    return st;
}

/* The number of the submission that already has this draft under this
 * title from this unit: then the mail brings a new version of it (C15). */
static enum st
find_same_draft(struct intake *i, const struct incoming *a,
                const struct decision *d, char **number_out,
                gboolean *other_out, struct err *e)
{
    struct unit *u = fields_unit(d->fields);
    const struct reading_file *f;
    g_autoptr(reg_submission) s = NULL;
    gint64 id = 0;
    enum st st;

    if (d->verdict != VERDICT_ACCEPTED || d->draft < 0 || !u)
        return ST_OK;
    f = g_ptr_array_index(a->reading->files, (guint)d->draft);
    st = reg_submission_same(i->reg, f->sha256, d->fields->title, u->short_name,
                             &id, e);
    if (st == ST_OK && id)
        st = reg_submission_get(i->reg, id, &s, e);
    if (st != ST_OK || !s || s->state != SUBMISSION_RECORDED)
        return st;
    *number_out = g_strdup(s->number);
    return sent_by_other(i, a, s, other_out, e);
}

/* A new version was let in when it first came, and adds nothing to what its
 * unit has sent: the checks that ask the register are for what is new.  alike
 * NULL: staff accept it, whatever the register says. */
static enum st
decide_with_register(struct intake *i, const struct incoming *a,
                     const struct known *k, gboolean anew, struct alike *alike,
                     struct decision *out, char **same_draft, struct err *e)
{
    struct asked asked = {i, a, alike, ST_OK, e};
    struct commission_lookup lookup = {i->reg, ST_OK, e};
    gint64 now = clock_now(&i->office->clock);
    struct decide_input in = {.same_message = k->same && !anew,
                              .same_id_other_text = k->same_id_other,
                              .same_id_refused = k->same_id_refused,
                              .commission = find_commission,
                              .commission_user = &lookup,
                              .settled = alike == NULL};
    gboolean asks = FALSE;
    enum st st;

    judge(i->office, a, now, &in, out);
    st = find_same_draft(i, a, out, same_draft, &in.same_draft_other, e);
    in.same_draft = *same_draft;
    if (st == ST_OK && !in.same_draft)
        asks = asked_by_checks(&asked, &in);
    if (st == ST_OK && (in.same_draft || asks)) {
        decision_clear(out);
        judge(i->office, a, now, &in, out);
    }
    if (st == ST_OK)
        st = lookup.st;
    return st == ST_OK ? asked.st : st;
}

/* ---- rows ---- */

static char *
join(const GPtrArray *strings)
{
    GString *s = g_string_new(NULL);

    for (guint n = 0; n < strings->len; n++)
        g_string_append_printf(s, "%s%s", n ? " " : "",
                               (const char *)g_ptr_array_index(strings, n));
    return g_string_free(s, FALSE);
}

static void
fill_content(struct reg_message *m, const struct office *o,
             const struct reading *r, const struct decision *d)
{
    const struct fields *f = d->fields;
    struct unit *u = fields_unit(f);

    m->identity = g_strdup(r->identity);
    m->raw_hash = g_strdup(r->raw_hash);
    m->message_id = g_strdup(r->message_id);
    m->subject = g_strdup(r->subject);
    m->title = g_strdup(f->title);
    m->unit = g_strdup(u ? u->short_name : NULL);
    m->submitter = g_strdup(f->submitter);
    m->phones = join(f->phones);
    m->extensions = join(f->extensions);
    m->category = f->form >= 0 ? g_strdup(o->pack->forms[f->form]) : NULL;
    m->answers = g_strdup(f->commission);
}

static struct reg_message *
message_row(const struct intake *i, const struct incoming *a,
            const struct decision *d, gint64 original)
{
    struct reg_message *m = reg_message_new();
    const struct reading *r = a->reading;

    m->received = MIN(a->ref.received, clock_now(&i->office->clock));
    m->receipt = a->receipt;
    m->size = a->ref.size;
    m->sender = r ? g_strdup(reading_author(r)) : NULL;
    m->verdict = d->verdict;
    m->reasons = d->reasons;
    m->notes = d->notes;
    m->original = d->verdict == VERDICT_DUPLICATE ? original : 0;
    if (d->verdict == VERDICT_QUARANTINED) {
        m->rule = g_strdup(r ? r->secrecy_rule : NULL);
        return m;
    }
    m->rule = g_strdup(r ? r->machine_reason : a->cause);
    if (a->outcome != READER_READ)
        m->rule = (g_free(m->rule), g_strdup(a->cause));
    if (r)
        fill_content(m, i->office, r, d);
    return m;
}

/* An equal share each is what the desk changes with 联合. */
static void
add_credits(struct reg_submission *s, const struct fields *f)
{
    for (guint n = 0; n < f->units->len; n++) {
        const struct unit *u = g_ptr_array_index(f->units, n);

        g_ptr_array_add(s->credits, reg_credit_new(u->short_name, 0));
    }
}

static enum st
find_answered(struct intake *i, const struct fields *f, gint64 *commission_out,
              struct err *e)
{
    g_autoptr(reg_commission) c = NULL;
    enum st st;

    if (!f->commission)
        return ST_OK;
    st = reg_commission_find(i->reg, f->commission, &c, e);
    if (st == ST_OK && c)
        *commission_out = c->id;
    return st;
}

static struct reg_submission *
submission_row(const struct intake *i, const struct incoming *a,
               const struct decision *d, gint64 message)
{
    struct reg_submission *s = reg_submission_new();
    const struct fields *f = d->fields;
    const struct office *o = i->office;

    s->message = message;
    s->received = MIN(a->ref.received, clock_now(&o->clock));
    s->day = clock_day(&o->clock, s->received);
    s->title = g_strdup(f->title);
    s->submitter = g_strdup(f->submitter);
    g_ptr_array_unref(s->authors);
    s->authors = fields_authors(f->submitter);
    s->signer = g_strdup(f->signer);
    s->openness = g_strdup(f->openness);
    s->phones = join(f->phones);
    s->extensions = join(f->extensions);
    s->category = f->form >= 0 ? g_strdup(o->pack->forms[f->form]) : NULL;
    s->words = d->words;
    s->notes = d->notes;
    add_credits(s, f);
    return s;
}

/* The readable file is written when all this is committed, from the bytes
 * that are here now. */
static void
note_view(const struct intake *i, struct reg_submission *s,
          const struct reg_draft *draft, struct recorded *out)
{
    s->number = g_strdup(out->number);
    s->file_kind = g_strdup(draft->kind);
    s->file_sha256 = g_strdup(draft->sha256 ? draft->sha256 : "");
    out->view = reg_view_path(i->reg, s, office_unit_name, i->office);
    out->view_bytes = g_bytes_ref(draft->bytes);
}

/* What answers a commission changes more than it adds. */
static enum st
add_submission(struct intake *i, struct reg_submission *s,
               const struct reg_draft *draft, const struct reg_act *act,
               gint64 *id_out, struct recorded *out, struct err *e)
{
    gboolean kept = FALSE;
    enum st st = progress_before(i, &kept, e);

    if (st == ST_OK)
        st = reg_submission_add(i->reg, s, draft, act, id_out, &out->number, e);
    if (st == ST_OK)
        note_view(i, s, draft, out);
    if (st == ST_OK && kept && !s->commission)
        st = progress_after(i, *id_out, e);
    return st;
}

static gboolean
same_names(const GPtrArray *a, const GPtrArray *b)
{
    gboolean same = a->len == b->len;

    for (guint n = 0; same && n < a->len; n++)
        same = strcmp(a->pdata[n], b->pdata[n]) == 0;
    return same;
}

/* Of what a version brings only these are facts that points hang on. */
static gboolean
scores_as_before(const struct reg_submission *old,
                 const struct reg_submission *s)
{
    return s->words == old->words &&
           (s->authors->len == 0 || same_names(s->authors, old->authors));
}

/* When it came is when it first came, and what that meant stays. */
static enum st
revise_submission(struct intake *i, struct reg_submission *s,
                  const struct reg_draft *draft, const struct decision *d,
                  const struct reg_act *act, gint64 *id_out, struct err *e)
{
    g_autoptr(reg_submission) old = NULL;
    gboolean kept = FALSE;
    int version = 0;
    enum st st = reg_submission_find(i->reg, d->new_version_of, &old, e);

    if (st == ST_OK)
        st = progress_before(i, &kept, e);
    if (st != ST_OK)
        return st;
    *id_out = old->id;
    if (reason_has(&old->notes, REASON_BUNCHING))
        reason_add(&s->notes, REASON_BUNCHING);
    st = reg_submission_revise(i->reg, old->id, s, draft, act, &version, e);
    return st == ST_OK && kept && scores_as_before(old, s)
               ? progress_unchanged(i, e)
               : st;
}

/* Written, and read again as staff are told it: with numbers and titles, and
 * with what was found earlier to be like an older version. */
static enum st
note_similar(struct intake *i, gint64 submission, struct recorded *out,
             struct err *e)
{
    enum st st = reg_similar_set(i->reg, submission, out->similar, e);

    g_clear_pointer(&out->similar, g_ptr_array_unref);
    return st == ST_OK ? reg_similar_of(i->reg, submission, &out->similar, e)
                       : st;
}

static enum st
record_submission(struct intake *i, const struct incoming *a,
                  const struct decision *d, const struct reg_draft *draft,
                  const struct reg_act *act, struct recorded *out,
                  struct err *e)
{
    g_autoptr(reg_submission) s = submission_row(i, a, d, out->message);
    gint64 id = 0;
    enum st st = find_answered(i, d->fields, &s->commission, e);

    if (st == ST_OK && d->new_version_of) {
        out->number = g_strdup(d->new_version_of);
        st = revise_submission(i, s, draft, d, act, &id, e);
    } else if (st == ST_OK) {
        st = add_submission(i, s, draft, act, &id, out, e);
    }
    if (st == ST_OK && (d->new_version_of || out->similar->len > 0))
        st = note_similar(i, id, out, e);
    return st;
}

/* "delayed", "relayed" and the like say that it is still on its way, or that
 * it arrived. */
static gboolean
is_given_up(const struct reading *r)
{
    return !r->bounce_action || g_str_equal(r->bounce_action, "failed");
}

/* The mail that came back: what the report names, else what the mail that
 * brings it is an answer to, for not all write reports (A18). */
static enum st
find_bounced(struct intake *i, const struct reading *r, struct reg_mail **out,
             struct err *e)
{
    gint64 now = clock_now(&i->office->clock);
    enum st st = ST_OK;

    if (r->bounced_id)
        st = reg_mail_bounced(i->reg, r->bounced_id, r->bounce_cause, now, out,
                              e);
    for (guint n = 0; st == ST_OK && !*out && n < r->references->len; n++)
        st = reg_mail_bounced(i->reg, g_ptr_array_index(r->references, n),
                              r->bounce_cause, now, out, e);
    return st;
}

/* A bounce of one of our own mails is noted with that mail, once, and staff
 * are told.  What it says of other addresses than the mail's is not believed:
 * whoever got a letter of ours knows how to forge its bounce, but of no other
 * (reg_mail_key). */
static enum st
note_bounce(struct intake *i, const struct reading *r, struct err *e)
{
    gint64 now = clock_now(&i->office->clock);
    g_autoptr(reg_mail) mail = NULL;
    int times = 0;
    enum st st;

    if (!r || r->machine != MACHINE_BOUNCE || !is_given_up(r))
        return ST_OK;
    st = find_bounced(i, r, &mail, e);
    if (st == ST_OK && mail && r->bounce_permanent)
        st = reg_address_bounced(i->reg, mail->to, now, &times, e);
    if (st == ST_OK && mail)
        st = undelivered_bounced(i, mail, r->bounce_cause,
                                 times >= BOUNCES_REST, e);
    return st;
}

static enum st
keep_reading(struct intake *i, const struct incoming *a,
             const struct decision *d, gint64 message, struct err *e)
{
    g_autoptr(GVariant) v = NULL;
    g_autoptr(GBytes) bytes = NULL;

    if (d->verdict != VERDICT_HELD || !a->reading)
        return ST_OK;
    v = g_variant_ref_sink(reading_to_variant(a->reading));
    bytes = g_variant_get_data_as_bytes(v);
    return reg_reading_keep(i->reg, message, bytes, e);
}

/* A staff command that waits for the code which only staff get. */
static gboolean
may_be_challenged(const struct intake *i, const struct incoming *a,
                  const struct decision *d)
{
    const struct config *c = i->office->config;

    return !a->silent && !a->old && d->verdict == VERDICT_HELD &&
           reason_has(&d->reasons, REASON_UNPROVEN_COMMAND) &&
           !c->trusted_authserv[0] && !decide_several_senders(a->reading) &&
           config_staff_at(c, reading_author(a->reading));
}

/* What follows from a new record, or from a new judgement of an old one. */
static enum st
carry_out(struct intake *i, const struct incoming *a, const struct decision *d,
          const struct reg_draft *draft, const struct reg_act *act,
          struct recorded *out, struct err *e)
{
    struct unit *u = fields_unit(d->fields);
    enum st st = ST_OK;

    out->unit = g_strdup(u ? u->short_name : NULL);
    if (d->verdict == VERDICT_ACCEPTED)
        st = record_submission(i, a, d, draft, act, out, e);
    if (st == ST_OK && d->verdict == VERDICT_ACCEPTED &&
        reason_has(&d->notes, REASON_SIMILAR) && !a->silent && !a->old)
        st = notices_similar(i, d, out, draft->text, e);
    if (st == ST_OK)
        st = keep_reading(i, a, d, out->message, e);
    if (st == ST_OK)
        st = note_bounce(i, a->reading, e);
    if (st == ST_OK)
        st = own_name_alarm(i, a, d, out->message, e);
    if (st == ST_OK && may_be_challenged(i, a, d)) {
        st =
            i->desk->unproven(i, a->reading, out->message, &out->challenged, e);
        out->no_code = !out->challenged;
    }
    if (st != ST_OK || out->challenged)
        return st;
    if (st == ST_OK && !a->silent && d->verdict == VERDICT_COMMAND)
        return i->desk->command(i, a->reading, out->message, e);
    if (st == ST_OK && !a->silent && d->registers)
        return informants_take_mail(i, a->reading, d, act, e);
    if (st == ST_OK && !a->silent && d->verdict == VERDICT_QUERY)
        return i->desk->query(i, a->reading, d, out->message, e);
    if (st == ST_OK && !a->silent)
        st = post_reply(i, a, d, out, e);
    return st;
}

/* ---- what it is like ---- */

/* Of what waits for staff because of it they are told which ones those are. */
static enum st
look_alike(struct intake *i, const struct incoming *a, struct decision *d,
           struct alike *alike, struct recorded *out, struct err *e)
{
    enum st st = ST_OK;

    if (d->verdict == VERDICT_ACCEPTED)
        st = alike_look(i, a, d, alike, e);
    else if (reason_has(&d->reasons, REASON_SIMILAR) && alike->findings)
        st = similar_number(i, alike->findings, e);
    else
        return ST_OK;
    if (st != ST_OK)
        return st;
    out->similar = g_steal_pointer(&alike->findings);
    if (d->verdict == VERDICT_ACCEPTED && out->similar->len > 0)
        reason_add(&d->notes, REASON_SIMILAR);
    return ST_OK;
}

/* ---- the three ways ---- */

static enum st
record_new(struct intake *i, const struct incoming *a, const struct known *k,
           const struct decision *d, struct alike *alike, struct recorded *out,
           struct err *e)
{
    const struct reg_place *place = a->place.mailbox ? &a->place : NULL;
    struct reg_act act = {clock_now(&i->office->clock), REG_PROGRAM, 0, 0};
    struct decision noted = *d;
    g_autoptr(reg_message) m = NULL;
    enum st st = look_alike(i, a, &noted, alike, out, e);

    if (st != ST_OK)
        return st;
    m = message_row(i, a, &noted, k->same);
    st = reg_message_add(i->reg, m, place, folder_of(d->verdict), act.at,
                         &out->message, &out->handle, e);
    act.message = out->message;
    return st == ST_OK ? carry_out(i, a, &noted, alike->draft, &act, out, e)
                       : st;
}

static enum st
record_anew(struct intake *i, const struct incoming *a,
            const struct reg_message *old, const struct decision *d,
            struct alike *alike, const struct reg_act *act,
            struct recorded *out, struct err *e)
{
    struct decision noted = *d;
    g_autoptr(reg_message) m = NULL;
    enum st st = look_alike(i, a, &noted, alike, out, e);

    if (st != ST_OK)
        return st;
    out->message = old->id;
    out->verdict = d->verdict;
    m = message_row(i, a, &noted, 0);
    st = reg_message_judge(i->reg, old->id, m, act, &out->handle, e);
    return st == ST_OK ? carry_out(i, a, &noted, alike->draft, act, out, e)
                       : st;
}

enum st
record_decision(struct intake *i, const struct incoming *a,
                const struct reg_message *old, const struct decision *d,
                const struct reg_act *act, struct recorded *out, struct err *e)
{
    struct alike alike = {0};
    enum st st = record_anew(i, a, old, d, &alike, act, out, e);

    alike_clear(&alike);
    return st;
}

/* Staff dragged it back to the inbox: judged by what is in force now. */
static enum st
judge_again(struct intake *i, const struct incoming *a,
            const struct reg_message *old, const struct decision *d,
            struct alike *alike, struct recorded *out, struct err *e)
{
    struct reg_act act = {clock_now(&i->office->clock), REG_PROGRAM, 0,
                          old->id};
    enum st st =
        reg_place_add(i->reg, &a->place, old->id, folder_of(d->verdict), e);

    return st == ST_OK ? record_anew(i, a, old, d, alike, &act, out, e) : st;
}

enum st
decide_incoming(struct intake *i, const struct incoming *a, gboolean accepted,
                struct decision *d, char **same_draft, struct err *e)
{
    struct known k = {0};
    struct alike alike = {0};
    enum st st = decide_with_register(i, a, &k, TRUE, accepted ? NULL : &alike,
                                      d, same_draft, e);

    alike_clear(&alike);
    return st;
}

enum st
incoming_kept(struct intake *i, const struct reg_message *m,
              struct incoming **out, struct err *e)
{
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GVariant) v = NULL;
    enum st st = reg_reading_get(i->reg, m->id, &bytes, e);
    struct incoming *a;

    if (st != ST_OK || !bytes)
        return st;
    v = g_variant_ref_sink(g_variant_new_from_bytes(
        G_VARIANT_TYPE(READING_VARIANT_TYPE), bytes, FALSE));
    a = incoming_new();
    a->reading = reading_from_variant(v);
    if (!a->reading) {
        incoming_free(a);
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "the kept reading of message %" G_GINT64_FORMAT
                       " is damaged",
                       m->id);
    }
    a->ref.received = m->received;
    a->ref.size = m->size;
    a->receipt = m->receipt;
    *out = a;
    return ST_OK;
}

/* The same record at another place: only whither it goes is written. */
static enum st
same_place_again(struct intake *i, const struct incoming *a,
                 const struct reg_message *old, struct recorded *out,
                 struct err *e)
{
    out->message = old->id;
    out->again = TRUE;
    if (!a->place.mailbox)
        return ST_OK;
    return reg_place_add(i->reg, &a->place, old->id, folder_of(old->verdict),
                         e);
}

/* Staff put back what they had released: to judge it anew it must be read
 * once more, with its marking left alone. */
static enum st
release_again(struct intake *i, const struct incoming *a,
              const struct reg_message *old, struct recorded *out,
              struct err *e)
{
    enum st st = releases_add(i->reg, old->id, e);

    out->message = old->id;
    out->verdict = old->verdict;
    out->again = TRUE;
    if (st != ST_OK || !a->place.mailbox)
        return st;
    return reg_place_add(i->reg, &a->place, old->id, FOLDER_INBOX, e);
}

enum reappearance {
    REAPPEARS_SETTLED, /* nothing is to be decided: back where it belongs */
    REAPPEARS_ANEW,    /* put back by staff: judged by what is in force now */
    REAPPEARS_COPY     /* delivered a second time: a duplicate */
};

/* Delivered twice, or the one that we know?  That one is put back with its
 * time of receipt; another delivery has other trace fields, or another time,
 * or the first still lies in the inbox. */
static enum st
is_another(struct intake *i, const struct incoming *a, const struct known *k,
           const struct reg_message *old, gboolean *out, struct err *e)
{
    gboolean waiting = FALSE;
    enum st st = ST_OK;

    if (k->same != a->known)
        st = reg_place_waiting(i->reg, old->id, &waiting, e);
    *out = waiting || !k->same_bytes ||
           (a->place.mailbox && k->same != a->known &&
            a->ref.received != old->received);
    return st;
}

/* Released first, and only then found to be secret. */
static gboolean
is_purged(const struct reg_message *m)
{
    return m->verdict == VERDICT_QUARANTINED &&
           g_strcmp0(m->rule, "purged") == 0;
}

/* A marking that was not seen, as its reader died, must not wait until new
 * uids are done with. */
static gboolean
bears_unseen_marking(const struct incoming *a, const struct known *k)
{
    return a->reading && a->reading->secrecy != SECRECY_NONE && !k->released;
}

static enum st
reappearance(struct intake *i, const struct incoming *a, const struct known *k,
             const struct reg_message *old, enum reappearance *out,
             struct err *e)
{
    gboolean another = FALSE;
    enum st st;

    *out = a->released && !is_purged(old) ? REAPPEARS_ANEW : REAPPEARS_SETTLED;
    if (a->released)
        return releases_drop(i->reg, old->id, e);
    if (old->verdict == VERDICT_QUARANTINED ||
        (a->renumbered && !bears_unseen_marking(a, k)))
        return ST_OK;
    st = is_another(i, a, k, old, &another, e);
    if (another)
        *out = REAPPEARS_COPY;
    else if (!is_settled(old->verdict))
        *out = REAPPEARS_ANEW;
    return st;
}

/* Behind unproven copies it is looked at as if it were the first. */
static enum st
look_past(struct intake *i, const struct incoming *a, struct known *k,
          struct err *e)
{
    enum st st = overtake_look(i, a, &k->same, &k->overtaken, e);

    return st == ST_OK && k->overtaken.message ? look_up_message_id(i, a, k, e)
                                               : st;
}

/* A proven mail that came behind unproven copies: judged by itself, and a copy
 * after all when nothing else comes of it. */
static enum st
decide_overtaking(struct intake *i, const struct incoming *a, struct known *k,
                  struct alike *alike, struct decision *d, char **same_draft,
                  struct err *e)
{
    if (!overtake_is_vain(&k->overtaken, d))
        return ST_OK;
    k->same = k->overtaken.message;
    k->overtaken = (struct overtaken){0};
    decision_clear(d);
    alike_clear(alike);
    *alike = (struct alike){0};
    g_clear_pointer(same_draft, g_free);
    return decide_with_register(i, a, k, FALSE, alike, d, same_draft, e);
}

static enum st
write_new(struct intake *i, const struct incoming *a, const struct known *k,
          const struct decision *d, struct alike *alike, struct recorded *out,
          struct err *e)
{
    enum st st = record_new(i, a, k, d, alike, out, e);

    if (st == ST_OK && d->verdict != VERDICT_IGNORED)
        st = overtake_close(i, &k->overtaken, out->message, e);
    return st;
}

/* Decide, then write: a new row, or a new judgement of the old one. */
static enum st
decide_and_write(struct intake *i, struct incoming *a, struct known *k,
                 const struct reg_message *anew, struct recorded *out,
                 struct err *e)
{
    struct decision d = {0};
    struct alike alike = {0};
    g_autofree char *same_draft = NULL;
    enum st st =
        decide_with_register(i, a, k, anew != NULL, &alike, &d, &same_draft, e);

    if (st == ST_OK && !anew)
        st = decide_overtaking(i, a, k, &alike, &d, &same_draft, e);
    if (st == ST_OK && anew)
        st = judge_again(i, a, anew, &d, &alike, out, e);
    else if (st == ST_OK)
        st = write_new(i, a, k, &d, &alike, out, e);
    out->verdict = d.verdict;
    out->reasons = d.reasons;
    if (st == ST_OK && d.verdict == VERDICT_HELD)
        out->told = letter_reasons(i, a, &d, out, &d.reasons, REASON_FOR_DESK);
    alike_clear(&alike);
    decision_clear(&d);
    return st;
}

enum st
record_incoming(struct intake *i, struct incoming *a, struct recorded *out,
                struct err *e)
{
    struct known k;
    g_autoptr(reg_message) old = NULL;
    enum reappearance how = REAPPEARS_COPY;
    enum st st;

    incoming_check(i->office, a);
    memset(out, 0, sizeof *out);
    st = look_up(i, a, &k, e);
    if (st == ST_OK && k.same)
        st = reg_message_get(i->reg, k.same, &old, e);
    if (st == ST_OK && old)
        st = reappearance(i, a, &k, old, &how, e);
    if (st == ST_OK && old && how == REAPPEARS_COPY)
        st = look_past(i, a, &k, e);
    if (st != ST_OK)
        return st;
    if (how == REAPPEARS_ANEW && k.released)
        return release_again(i, a, old, out, e);
    if (how != REAPPEARS_SETTLED)
        return decide_and_write(i, a, &k, how == REAPPEARS_ANEW ? old : NULL,
                                out, e);
    out->verdict = old->verdict;
    return same_place_again(i, a, old, out, e);
}
