/* submission.c - see submission.h. */
#include "rules/submission.h"

#include "draft/openness.h"
#include "draft/words.h"
#include "rules/checks.h"
#include "rules/labels.h"
#include "rules/material.h"
#include "rules/subject.h"

#include <string.h>

/* ---- what the pack asks for ---- */

/* Elements stand in the body where the pack asks for such as only a body
 * can have. */
static gboolean
elements_in_body(const struct pack *p)
{
    return checks_ask(p, REASON_NO_SIGNER) ||
           checks_ask(p, REASON_NO_OPENNESS) || checks_ask(p, REASON_NO_DATE) ||
           checks_ask(p, REASON_NO_BODY);
}

/* ---- a submission being weighed ---- */

struct weighing {
    const struct decide_input *in;
    struct decision *out;
    struct subject_context context;
    struct material material;
    char *body;                 /* text of the mail without labelled lines */
    int body_words;             /* 字数 of that */
    struct reason_list returns; /* the sender can mend it */
    struct reason_list doubts;  /* staff must look, unless it is returned */
    struct reason_list trust;   /* staff must look before anything is sent */
    gboolean silent;            /* a machine may have sent it: no notice */
};

static void
read_fields(struct weighing *w)
{
    const struct decide_input *in = w->in;
    const struct reading *r = in->reading;
    g_autoptr(fields) body = NULL;

    if (r->from->len == 1)
        w->context.sender_name =
            ((struct reading_address *)r->from->pdata[0])->name;
    w->context.matcher = in->matcher;
    w->context.forms = (const char *const *)in->pack->forms;
    w->context.tag = checks_tag(in->pack);
    w->context.roster = in->pack->roster;
    fields_free(w->out->fields);
    w->out->fields = subject_read(&w->context, r->subject);
    if (!elements_in_body(in->pack))
        return;
    body = subject_read_body(&w->context, r->own_text);
    fields_fill(w->out->fields, body, TRUE);
}

static void
read_material(struct weighing *w)
{
    const struct reading *r = w->in->reading;
    const gboolean asks_word = checks_ask(w->in->pack, REASON_NO_DRAFT);

    w->body = subject_body_text(r->own_text);
    w->body_words = words_count(w->body);
    material_weigh(r, asks_word || w->body_words == 0, &w->material);
    w->out->draft = w->material.draft;
    if (w->material.draft >= 0)
        w->out->words =
            ((struct reading_file *)r->files->pdata[w->material.draft])->words;
    /* Where the body is the item, a Word file is only its detail. */
    if (checks_ask(w->in->pack, REASON_NO_BODY) ||
        (!asks_word && w->material.draft < 0))
        w->out->words = w->body_words;
    for (int i = 0; i < w->material.faults.n; i++)
        reason_add(&w->returns, w->material.faults.code[i]);
    if (w->material.count > 1 &&
        !checks_ask(w->in->pack, REASON_SEVERAL_DRAFTS))
        reason_add(&w->returns, REASON_SEVERAL_DRAFTS);
    if (w->material.unreadable)
        reason_add(&w->trust, REASON_UNREADABLE);
    if (w->material.forwarded)
        reason_add(&w->out->notes, REASON_FORWARDED);
    if (w->material.cut)
        reason_add(&w->out->notes, REASON_INCOMPLETE);
}

/* ---- who sends ---- */

static gboolean
unit_has_address(const struct unit *u, const char *address, civil_day d)
{
    const char *domain = strchr(address, '@') + 1;

    for (guint i = 0; i < u->informants->len; i++) {
        const struct informant *x = u->informants->pdata[i];

        if (x->from <= d && d <= x->to && x->address &&
            g_ascii_strcasecmp(x->address, address) == 0)
            return TRUE;
    }
    for (guint i = 0; i < u->domains->len; i++)
        if (g_ascii_strcasecmp(u->domains->pdata[i], domain) == 0)
            return TRUE;
    return FALSE;
}

/* Is the address one unit's, and the unit named another's?  Nobody collects
 * points in the name of others. */
static gboolean
speaks_for_others(const struct weighing *w, const char *address)
{
    const struct fields *f = w->out->fields;
    const GPtrArray *units = w->in->pack->roster->units;
    gboolean bound = FALSE;

    if (f->units->len == 0)
        return FALSE;
    for (guint i = 0; i < f->units->len; i++)
        if (unit_has_address(f->units->pdata[i], address, w->in->day))
            return FALSE;
    for (guint i = 0; i < units->len && !bound; i++)
        bound = unit_has_address(units->pdata[i], address, w->in->day);
    return bound;
}

/* The units named, and the one the address belongs to: staff choose. */
static void
offer_units(struct weighing *w)
{
    struct fields *f = w->out->fields;

    for (guint i = 0; i < f->units->len; i++)
        g_ptr_array_add(f->near, f->units->pdata[i]);
    if (w->out->informant_unit)
        g_ptr_array_add(f->near, w->out->informant_unit);
}

static void
weigh_registration(struct weighing *w, const char *author,
                   struct reason_list *others)
{
    if (speaks_for_others(w, author)) {
        reason_add(&w->trust, REASON_AMBIGUOUS_UNIT);
        offer_units(w);
    }
    if (w->out->informant)
        return;
    if (!decide_admits(w->in, author))
        reason_add(&w->trust, REASON_UNREGISTERED_SENDER);
    else
        reason_add(others, REASON_UNREGISTERED_SENDER);
}

static void
weigh_sender(struct weighing *w, struct reason_list *others)
{
    const struct reading *r = w->in->reading;
    const char *author = reading_author(r);

    if (decide_several_senders(r))
        reason_add(&w->trust, REASON_SEVERAL_SENDERS);
    else if (!author)
        reason_add(&w->trust, REASON_NO_AUTHOR);
    if (w->in->proof == PROOF_FAILED)
        reason_add(&w->trust, REASON_FAILED_AUTHENTICATION);
    if (author)
        weigh_registration(w, author, others);
}

/* ---- elements ---- */

static void
lack(struct reason_list *lacks, gboolean there, enum reason r)
{
    if (!there)
        reason_add(lacks, r);
}

static gboolean
has_figures(const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (g_unichar_isdigit(g_utf8_get_char(p)))
            return TRUE;
    return strstr(text, "百分之") != NULL;
}

static const char *
item_text(const struct weighing *w)
{
    const struct reading *r = w->in->reading;

    if (w->out->draft >= 0)
        return ((struct reading_file *)r->files->pdata[w->out->draft])->text;
    return w->body;
}

/* What is not there at all; what is there and unsure is a doubt. */
static void
find_lacks(struct weighing *w, struct reason_list *lacks)
{
    const struct fields *f = w->out->fields;

    lack(lacks, f->title_found != FOUND_NOT, REASON_NO_TITLE);
    lack(lacks, f->unit_found != FOUND_NOT, REASON_NO_UNIT);
    lack(lacks, f->submitter_found != FOUND_NOT, REASON_NO_SUBMITTER);
    lack(lacks, fields_has_phone(f), REASON_NO_PHONE);
    lack(lacks, f->signer != NULL, REASON_NO_SIGNER);
    lack(lacks, f->openness != NULL, REASON_NO_OPENNESS);
    lack(lacks, f->date != NULL, REASON_NO_DATE);
    lack(lacks, f->tagged, REASON_NO_TAG);
    lack(lacks, w->body_words > 0, REASON_NO_BODY);
    if (w->out->words > 0)
        lack(lacks, has_figures(item_text(w)), REASON_NO_DATA);
}

/* Of the draft; while it is not known which file that is, of any. */
static const char *
files_mark(const struct weighing *w)
{
    const GPtrArray *files = w->in->reading->files;
    const char *mark = NULL;

    for (guint i = 0; i < files->len; i++) {
        const struct reading_file *f = files->pdata[i];

        if (w->material.draft < 0 || (guint)w->material.draft == i)
            mark = openness_stricter(mark, f->openness);
    }
    return mark;
}

/* What the mail and its draft bear as a mark goes before 公开属性 where it is
 * stricter.  It does not stand for the element, which a pack may ask for. */
static void
take_marks(struct weighing *w)
{
    const struct reading *r = w->in->reading;
    struct fields *f = w->out->fields;
    const char *found[] = {openness_mark(r->subject, PLACE_SUBJECT),
                           openness_mark(r->own_text, PLACE_BODY),
                           files_mark(w)};

    for (size_t i = 0; i < G_N_ELEMENTS(found); i++) {
        const char *said = openness_stricter(f->openness, found[i]);

        if (said == f->openness)
            continue;
        g_free(f->openness);
        f->openness = g_strdup(said);
    }
}

static gboolean
exists_on(const struct fields *f, civil_day d)
{
    for (guint i = 0; i < f->units->len; i++)
        if (!unit_spans(f->units->pdata[i], d, d))
            return FALSE;
    return TRUE;
}

static void
find_doubts(struct weighing *w, struct reason_list *others)
{
    const struct fields *f = w->out->fields;

    if (w->in->reading->flags & READING_REPEATED_HEADER)
        reason_add(&w->trust, REASON_AMBIGUOUS_SUBJECT);
    if (f->title_found == FOUND_UNSURE || f->submitter_found == FOUND_UNSURE)
        reason_add(&w->doubts, REASON_AMBIGUOUS_SUBJECT);
    if (f->unit_found == FOUND_UNSURE)
        reason_add(&w->doubts, REASON_AMBIGUOUS_UNIT);
    if (f->unit_found == FOUND_UNKNOWN || !exists_on(f, w->in->day))
        reason_add(checks_ask(w->in->pack, REASON_UNKNOWN_UNIT) ? others
                                                                : &w->doubts,
                   REASON_UNKNOWN_UNIT);
    /* A unit and a title are needed to credit and to list anything, also
     * where the pack does not ask for them. */
    if (f->unit_found == FOUND_NOT && !checks_ask(w->in->pack, REASON_NO_UNIT))
        reason_add(&w->doubts, REASON_NO_UNIT);
    if (f->title_found == FOUND_NOT &&
        !checks_ask(w->in->pack, REASON_NO_TITLE))
        reason_add(&w->doubts, REASON_NO_TITLE);
}

/* ---- length and category ---- */

/* Is the length too much for every category that has a limit? */
static void
weigh_unknown_category(struct weighing *w, const struct arrival *known)
{
    struct check_result first = {0}, any = {0};
    gboolean all_long = TRUE, all_short = TRUE, differ = FALSE;

    for (int form = 0; w->in->pack->forms[form]; form++) {
        struct arrival a = *known;

        a.form = form;
        a.sent = NULL; /* only the length is looked at */
        checks_arrival(w->in->pack, &a, &any);
        if (form == 0)
            first = any;
        all_long = all_long && reason_has(&any.reasons, REASON_TOO_LONG);
        all_short = all_short && reason_has(&any.reasons, REASON_TOO_SHORT);
        differ = differ ||
                 reason_has(&any.reasons, REASON_TOO_LONG) !=
                     reason_has(&first.reasons, REASON_TOO_LONG) ||
                 reason_has(&any.reasons, REASON_TOO_SHORT) !=
                     reason_has(&first.reasons, REASON_TOO_SHORT);
    }
    if (!w->in->pack->forms[0])
        return;
    if (all_long)
        reason_add(&w->out->notes, REASON_TOO_LONG);
    if (all_short)
        reason_add(&w->out->notes, REASON_TOO_SHORT);
    if (differ)
        reason_add(&w->out->notes, REASON_UNKNOWN_CATEGORY);
}

static void
add_all(struct reason_list *to, const struct reason_list *from)
{
    for (int i = 0; i < from->n; i++)
        reason_add(to, from->code[i]);
}

/* What only the register can tell.  Whose it is must be sure: what a unit
 * sent itself is not what it is like. */
static void
ask_register(struct weighing *w, struct arrival *a)
{
    const struct decide_input *in = w->in;
    const struct fields *f = w->out->fields;

    a->day = in->day;
    a->settled = in->settled;
    if (f->unit_found != FOUND || f->units->len == 0)
        return;
    a->units = f->units;
    a->sent = in->sent;
    a->sent_user = in->asked_user;
    if (in->alike && a->words > 0 && in->alike(w->out, in->asked_user))
        reason_add(&a->others, REASON_SIMILAR);
}

static void
run_checks(struct weighing *w, struct arrival *a)
{
    struct check_result result = {0};
    struct decision *out = w->out;

    /* What nobody could read cannot be without figures, or too short. */
    a->form = out->fields->form;
    a->words = out->words;
    a->drafts = w->material.count;
    ask_register(w, a);
    checks_arrival(w->in->pack, a, &result);
    add_all(&w->returns, &result.returns);
    add_all(&w->doubts, &result.holds);
    add_all(&out->notes, &result.notes);
    if (a->form < 0 && a->words > 0)
        weigh_unknown_category(w, a);
    if (reason_has(&a->others, REASON_UNREGISTERED_SENDER) &&
        !checks_ask(w->in->pack, REASON_UNREGISTERED_SENDER))
        reason_add(&out->notes, REASON_UNREGISTERED_SENDER);
    if (reason_has(&a->lacks, REASON_NO_DATA) &&
        !checks_ask(w->in->pack, REASON_NO_DATA))
        reason_add(&out->notes, REASON_NO_FIGURES);
}

/* ---- several items, commissions, versions ---- */

/* 财政局3月3篇上报信息: the sender says that it is more than one. */
static gboolean
names_several_items(const char *subject)
{
    static const char *const counted[] = {"篇上报信息", "篇信息", "篇政务信息",
                                          "条上报信息", "篇报送信息"};

    for (size_t i = 0; subject && i < G_N_ELEMENTS(counted); i++) {
        const char *at = strstr(subject, counted[i]);
        gunichar before =
            at && at > subject ? g_utf8_get_char(g_utf8_prev_char(at)) : 0;

        if (before && before != 0x4E00 && before != '1' &&
            (g_unichar_isdigit(before) ||
             g_utf8_strchr("二两三四五六七八九十几数", -1, before)))
            return TRUE;
    }
    return FALSE;
}

static void
find_commission(struct weighing *w)
{
    const struct decide_input *in = w->in;
    struct fields *f = w->out->fields;
    const GPtrArray *ids = in->reading->references;
    char *number = NULL;

    if (!in->commission)
        return;
    if (f->commission) {
        if (!in->commission(f->commission, NULL, in->commission_user, &number))
            reason_add(&w->doubts, REASON_UNKNOWN_COMMISSION);
        else
            g_free(f->commission);
        f->commission = number ? number : f->commission;
        return;
    }
    for (guint i = 0; i < ids->len && !f->commission; i++)
        if (in->commission(NULL, ids->pdata[i], in->commission_user, &number))
            f->commission = number;
}

static gboolean
has_disguise(const struct reading *r)
{
    for (guint i = 0; i < r->files->len; i++)
        if (reading_file_is_disguised(r->files->pdata[i]))
            return TRUE;
    return FALSE;
}

static void
add_notes(struct weighing *w)
{
    const struct decide_input *in = w->in;
    struct decision *out = w->out;

    if (in->reading->flags & READING_HIDDEN_CHARACTERS)
        reason_add(&out->notes, REASON_HIDDEN_CHARACTERS);
    if (in->reading->flags & READING_BAD_CHARSET)
        reason_add(&out->notes, REASON_BAD_CHARSET);
    if (has_disguise(in->reading))
        reason_add(&out->notes, REASON_TWO_NAMES);
    if (in->received > in->now)
        reason_add(&out->notes, REASON_FUTURE_RECEIPT);
    if (in->old)
        reason_add(&out->notes, REASON_OLD);
    if (in->reading->machine == MACHINE_SUPPRESS)
        reason_add(&out->notes, REASON_SUPPRESS);
    if (in->same_id_other_text)
        reason_add(&out->notes, REASON_SAME_ID_OTHER_TEXT);
}

/* What is recorded is changed by who sent it, by the unit's own addresses, or
 * by staff: others may have got hold of the file. */
static void
find_version(struct weighing *w)
{
    const struct decide_input *in = w->in;

    if (!in->same_draft)
        return;
    if (in->same_draft_other && !w->out->informant && !in->settled) {
        reason_add(&w->trust, REASON_OTHER_SENDER);
        return;
    }
    reason_add(&w->out->notes, REASON_NEW_VERSION);
    w->out->new_version_of = in->same_draft;
}

/* ---- the outcome ---- */

static void
suggest(struct weighing *w)
{
    const struct reading *r = w->in->reading;
    g_autoptr(fields) hints = NULL;

    if (w->material.draft >= 0)
        hints = subject_read_file_name(
            &w->context,
            ((struct reading_file *)r->files->pdata[w->material.draft])->name);
    w->out->suggestion = fields_suggest(
        w->out->fields, hints, w->out->informant_unit, w->out->informant);
}

/* No submission after all: nothing of it stands in the decision. */
static void
ignore(struct weighing *w, enum reason r)
{
    struct decision *out = w->out;

    out->verdict = VERDICT_IGNORED;
    out->reasons = out->notes = (struct reason_list){0};
    reason_add(&out->reasons, r);
    fields_free(out->fields);
    out->fields = fields_new();
    out->draft = -1;
    out->words = 0;
    out->new_version_of = NULL;
}

static void
hold_silently(struct weighing *w)
{
    w->out->verdict = VERDICT_HELD;
    w->silent = TRUE;
}

/* What the provider calls spam is answered only when it is a submission in
 * order; without a Word file it is what it is called. */
static void
judge_spam(struct weighing *w)
{
    if (!(w->in->reading->flags & READING_SPAM) ||
        w->out->verdict == VERDICT_ACCEPTED)
        return;
    if (w->material.count > 0)
        hold_silently(w);
    else
        ignore(w, REASON_BULK);
}

/* A subject that begins as an automatic reply, on a mail with a Word file
 * (without one it is a machine's, message/machine.h): a submission when it is
 * in order; one for staff when it has elements; else a machine's after all. */
static void
judge_automatic(struct weighing *w)
{
    const struct fields *f = w->out->fields;
    g_autoptr(runes) r =
        runes_new(w->in->reading->subject ? w->in->reading->subject : "");
    gboolean automatic = FALSE;

    for (int i = 0; labels_automatic[i]; i++)
        automatic = automatic || runes_at(r, 0, labels_automatic[i]) > 0;
    if (!automatic || w->out->verdict == VERDICT_ACCEPTED ||
        w->out->verdict == VERDICT_IGNORED)
        return;
    if (f->unit_found != FOUND_NOT || f->submitter_found != FOUND_NOT ||
        fields_has_phone(f))
        hold_silently(w);
    else
        ignore(w, REASON_AUTO_SUBMITTED);
}

/* Whom staff must look at is not answered; else what the sender can mend
 * goes back with everything that is wrong; else staff decide. */
static void
conclude(struct weighing *w)
{
    struct decision *out = w->out;

    add_all(&out->reasons, &w->trust);
    add_all(&out->reasons, &w->returns);
    add_all(&out->reasons, &w->doubts);
    if (w->trust.n > 0)
        out->verdict = VERDICT_HELD;
    else if (w->returns.n > 0)
        out->verdict = VERDICT_RETURNED;
    else
        out->verdict = w->doubts.n > 0 ? VERDICT_HELD : VERDICT_ACCEPTED;
    judge_spam(w);
    judge_automatic(w);
    if (out->verdict == VERDICT_RETURNED)
        suggest(w);
    if (out->verdict == VERDICT_IGNORED ||
        (out->verdict == VERDICT_HELD &&
         (w->in->pack->held_reply != HELD_REPLY_NOTICE || w->trust.n > 0 ||
          w->silent)))
        return;
    out->reply_to = decide_reply_to(w->in);
}

void
submission_judge(const struct decide_input *in, struct decision *out)
{
    struct weighing w = {.in = in, .out = out};
    struct arrival a = {0};

    read_fields(&w);
    read_material(&w);
    weigh_sender(&w, &a.others);
    find_lacks(&w, &a.lacks);
    take_marks(&w);
    find_doubts(&w, &a.others);
    run_checks(&w, &a);
    if (w.material.count != 1 && names_several_items(in->reading->subject))
        reason_add(&w.returns, REASON_SEVERAL_ITEMS);
    find_commission(&w);
    add_notes(&w);
    find_version(&w);
    conclude(&w);
    g_free(w.body);
}
