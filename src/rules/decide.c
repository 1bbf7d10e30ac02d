/* decide.c - see decide.h.  The order of decision is that of
 * docs/verdicts.md: secrecy, machines, the same mail, the desk, registrations,
 * questions, and then the submission with everything that is wrong with it at
 * once. */
#include "rules/decide.h"

#include "base/address.h"
#include "rules/orders.h"
#include "rules/registration.h"
#include "rules/submission.h"

#include <string.h>

/* ---- who is it, and may an answer go there? ---- */

static gboolean
same_address(const char *a, const char *b)
{
    return a && b && g_ascii_strcasecmp(a, b) == 0;
}

/* xxk+tag@... is xxk@... */
static gboolean
is_own(const struct decide_input *in, const char *address)
{
    const char *own = in->own_address, *at = own ? strchr(own, '@') : NULL;
    size_t n = at ? (size_t)(at - own) : 0;

    if (!at || !address)
        return FALSE;
    if (same_address(own, address))
        return TRUE;
    return g_ascii_strncasecmp(address, own, n) == 0 && address[n] == '+' &&
           strchr(address, '@') &&
           g_ascii_strcasecmp(strchr(address, '@'), at) == 0;
}

gboolean
decide_several_senders(const struct reading *r)
{
    const char *author = reading_author(r);

    return r->from->len > 1 ||
           (author && r->sender && !same_address(author, r->sender));
}

const char *
decide_reply_to(const struct decide_input *in)
{
    const struct reading *r = in->reading;
    const char *author = r ? reading_author(r) : NULL;

    if (!author || in->old || r->machine != MACHINE_NO)
        return NULL;
    if (decide_several_senders(r) || in->proof == PROOF_FAILED ||
        (r->flags & READING_MALFORMED))
        return NULL;
    return address_valid(author) && !is_own(in, author) ? author : NULL;
}

gboolean
decide_admits(const struct decide_input *in, const char *author)
{
    const struct pack *p = in->pack;
    struct informant *informant = NULL;
    struct unit *unit = NULL;
    int n = 0;

    if (p->senders == SENDERS_ANYONE ||
        roster_informant(p->roster, author, in->day, &unit, &informant, &n))
        return TRUE;
    return p->senders == SENDERS_KNOWN_DOMAIN &&
           roster_knows_domain(p->roster, author, in->day);
}

/* A marked mail can be no submission in order, so it is answered only where
 * an ordinary one that is not in order would be; of what that is judged by,
 * the wiping has left the flags and the addresses. */
static const char *
marked_reply_to(const struct decide_input *in)
{
    const unsigned forbidding =
        READING_SPAM | READING_REPEATED_HEADER | READING_OVER_LIMIT;
    const char *to = decide_reply_to(in);

    if (!to || (in->reading->flags & forbidding) || !decide_admits(in, to))
        return NULL;
    return to;
}

gboolean
decide_is_command(const struct reading *r)
{
    gboolean sheet = FALSE;

    for (guint i = 0; i < r->files->len; i++) {
        const struct reading_file *f = r->files->pdata[i];

        if (file_kind_is_word(f->kind))
            return FALSE;
        sheet = sheet || f->kind == FILE_SHEET;
    }
    return sheet || orders_find(r, orders_is_command);
}

/* ---- what is no submission ---- */

static void
find_informant(const struct decide_input *in, struct decision *out)
{
    const char *author = reading_author(in->reading);
    int n = 0;

    if (author)
        roster_informant(in->pack->roster, author, in->day,
                         &out->informant_unit, &out->informant, &n);
}

static void
end(struct decision *out, enum verdict v, enum reason r)
{
    out->verdict = v;
    if (r != REASON_COUNT)
        reason_add(&out->reasons, r);
}

static enum reason
machine_reason(enum machine machine)
{
    /* Reasons stand in the order of enum machine. */
    return (enum reason)(REASON_AUTO_SUBMITTED +
                         ((int)machine - (int)MACHINE_AUTO_SUBMITTED));
}

/* Secrecy, machines, ourselves, the same mail again. */
static gboolean
judge_by_nature(const struct decide_input *in, struct decision *out)
{
    const struct reading *r = in->reading;

    if (r->secrecy != SECRECY_NONE) {
        end(out, VERDICT_QUARANTINED, REASON_SECRECY);
        out->reply_to = marked_reply_to(in);
        return TRUE;
    }
    if (r->machine != MACHINE_NO && r->machine != MACHINE_SUPPRESS) {
        end(out, VERDICT_IGNORED, machine_reason(r->machine));
        return TRUE;
    }
    if (is_own(in, reading_author(r))) {
        end(out, VERDICT_IGNORED, REASON_SELF);
        return TRUE;
    }
    if (in->same_message) {
        end(out, VERDICT_DUPLICATE, REASON_SAME_MESSAGE);
        return TRUE;
    }
    return FALSE;
}

static gboolean
has_word_file(const struct reading *r)
{
    for (guint i = 0; i < r->files->len; i++)
        if (file_kind_is_word(
                ((const struct reading_file *)r->files->pdata[i])->kind))
            return TRUE;
    return FALSE;
}

static gboolean
is_question(const struct decide_input *in)
{
    const struct reading *r = in->reading;

    return !has_word_file(r) && orders_find(r, orders_is_query);
}

/* A one-time code: from staff it is the desk's to check, from anybody else
 * it is nothing, and staff hear of it (D8). */
static gboolean
judge_code(const struct decide_input *in, struct decision *out)
{
    g_autofree char *code = NULL;

    if (!in->codes || has_word_file(in->reading))
        return FALSE;
    code = orders_code(in->reading);
    if (!code)
        return FALSE;
    if (in->is_staff && !decide_several_senders(in->reading))
        end(out, VERDICT_COMMAND, REASON_COUNT);
    else
        end(out, VERDICT_HELD, REASON_UNPROVEN_COMMAND);
    return TRUE;
}

/* Was it written to us?  What a colleague passes on, or a stranger has got
 * hold of, bears its proof still.  A mail to nobody at all is to us. */
static gboolean
is_to_us(const struct decide_input *in)
{
    const GPtrArray *to = in->reading->to;
    guint others = 0;

    for (guint i = 0; i < to->len; i++) {
        const struct reading_address *a = to->pdata[i];

        if (is_own(in, a->address))
            return TRUE;
        others += a->address ? 1 : 0;
    }
    return others == 0;
}

/* Beside the proof of its author: a Message-ID that came with other text is
 * a copy that was worked on, unless it was the forgery that came first; and of
 * two subjects a signature covers one. */
static gboolean
may_be_obeyed(const struct decide_input *in)
{
    return in->proof == PROOF_PROVEN && !decide_several_senders(in->reading) &&
           (!in->same_id_other_text || in->same_id_refused) &&
           !(in->reading->flags & READING_REPEATED_HEADER) && is_to_us(in);
}

/* 信息员备案, also with a form attached when the subject says so. */
static gboolean
is_registration(const struct reading *r)
{
    if (r->subject && registration_is_line(r->subject))
        return TRUE;
    return !has_word_file(r) && orders_find(r, registration_is_line);
}

/* Who is registered already, and proven to write, speaks for the unit; what
 * anybody else says waits for the desk. */
static void
judge_registration(const struct decide_input *in, struct decision *out)
{
    g_autoptr(GPtrArray) all = registration_read(in->reading, in->matcher);

    if (in->old) {
        end(out, VERDICT_HELD, REASON_OLD);
    } else if (out->informant && may_be_obeyed(in) &&
               !has_word_file(in->reading) &&
               registration_is_own(all, out->informant_unit, in->pack->roster,
                                   in->day)) {
        end(out, VERDICT_QUERY, REASON_COUNT);
        out->registers = TRUE;
        out->reply_to = decide_reply_to(in);
    } else {
        end(out, VERDICT_HELD, REASON_REGISTRATION);
        if (in->proof == PROOF_FAILED)
            reason_add(&out->reasons, REASON_FAILED_AUTHENTICATION);
    }
}

/* A colleague's misspelt order, with nothing attached but pictures: it gets
 * the desk's answer, not a unit's. */
static gboolean
is_slip(const struct decide_input *in)
{
    const GPtrArray *files = in->reading->files;

    for (guint i = 0; i < files->len; i++)
        if (((const struct reading_file *)files->pdata[i])->kind != FILE_IMAGE)
            return FALSE;
    return may_be_obeyed(in) && orders_find(in->reading, orders_is_slip);
}

/* The desk's orders and the units' questions. */
static gboolean
judge_order(const struct decide_input *in, struct decision *out)
{
    if (judge_code(in, out))
        return TRUE;
    if (in->is_staff && (decide_is_command(in->reading) || is_slip(in))) {
        if (!may_be_obeyed(in)) {
            end(out, VERDICT_HELD, REASON_UNPROVEN_COMMAND);
            return TRUE;
        }
        if (in->old) { /* numbers meant something else then */
            end(out, VERDICT_HELD, REASON_OLD);
            return TRUE;
        }
        end(out, VERDICT_COMMAND, REASON_COUNT);
        out->reply_to = decide_reply_to(in);
        return TRUE;
    }
    if (is_registration(in->reading)) {
        judge_registration(in, out);
        return TRUE;
    }
    if (!is_question(in) || in->proof == PROOF_FAILED ||
        decide_several_senders(in->reading))
        return FALSE;
    if (!out->informant || in->old) {
        end(out, VERDICT_HELD,
            in->old ? REASON_OLD : REASON_UNREGISTERED_SENDER);
        return TRUE;
    }
    end(out, VERDICT_QUERY, REASON_COUNT);
    out->reply_to = decide_reply_to(in);
    return TRUE;
}

void
decide(const struct decide_input *in, struct decision *out)
{
    *out = (struct decision){.draft = -1};
    out->fields = fields_new();
    if (!in->reading) {
        end(out, VERDICT_HELD,
            in->not_given ? REASON_UNREADABLE : REASON_READER_DIED);
        return;
    }
    if (judge_by_nature(in, out))
        return;
    find_informant(in, out);
    if (!judge_order(in, out))
        submission_judge(in, out);
}

void
decision_clear(struct decision *d)
{
    g_clear_pointer(&d->fields, fields_free);
    g_clear_pointer(&d->suggestion, g_free);
}
