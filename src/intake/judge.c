/* judge.c - a reading and what is known of it -> the decision. */
#include "intake/incoming.h"
#include "message/mail.h"

#include <string.h>

struct incoming *
incoming_new(void)
{
    return g_new0(struct incoming, 1);
}

void
incoming_free(struct incoming *a)
{
    if (!a)
        return;
    message_ref_clear(&a->ref);
    g_free(a->trouble);
    g_clear_pointer(&a->reading, reading_free);
    if (a->header) /* its mail may have been marked */
        explicit_bzero(a->header, a->header_len);
    g_free(a->header);
    g_free(a);
}

void
incoming_keep_header(struct incoming *a, const guint8 *data, size_t len)
{
    a->header_len = mail_header_length(data, len);
    a->header = g_memdup2(data, a->header_len);
}

enum folder
folder_of(enum verdict v)
{
    switch (v) {
    case VERDICT_ACCEPTED:
    case VERDICT_COMMAND:
    case VERDICT_QUERY:
        return FOLDER_ACCEPTED;
    case VERDICT_RETURNED:
        return FOLDER_RETURNED;
    case VERDICT_IGNORED:
    case VERDICT_DUPLICATE:
        return FOLDER_IGNORED;
    case VERDICT_HELD:
        return FOLDER_HELD;
    case VERDICT_QUARANTINED:
        return FOLDER_INBOX; /* left where it is */
    }
    g_assert_not_reached();
}

static const struct staff *
staff_of(const struct config *c, const struct reading *r)
{
    const char *author = r ? reading_author(r) : NULL;

    return author ? config_staff_at(c, author) : NULL;
}

static gboolean
same_addresses(const GPtrArray *a, const GPtrArray *b)
{
    if (a->len != b->len)
        return FALSE;
    for (guint i = 0; i < a->len; i++) {
        const struct reading_address *one = a->pdata[i], *other = b->pdata[i];

        if (g_strcmp0(one->address, other->address) != 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
same_trace(const GPtrArray *a, const GPtrArray *b)
{
    if (a->len != b->len)
        return FALSE;
    for (guint i = 0; i < a->len; i++) {
        const struct reading_trace *one = a->pdata[i], *other = b->pdata[i];

        if (one->is_auth != other->is_auth ||
            strcmp(one->value, other->value) != 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
header_says_so(const struct incoming *a)
{
    g_autoptr(reading) origin = NULL;

    if (!a->header)
        return FALSE;
    origin = mail_read_origin(a->header, a->header_len);
    return !((origin->flags ^ a->reading->flags) & READING_REPEATED_HEADER) &&
           same_addresses(origin->from, a->reading->from) &&
           same_addresses(origin->to, a->reading->to) &&
           g_strcmp0(origin->sender, a->reading->sender) == 0 &&
           same_trace(origin->trace, a->reading->trace);
}

enum proof
proof_of(const struct config *c, const struct reading *r)
{
    const char *author = r ? reading_author(r) : NULL;

    if (!author)
        return PROOF_NONE;
    return authres_proof(r->trace, (const char *const *)c->trusted_authserv,
                         (const char *const *)c->own_hosts, author);
}

static gboolean
files_are_there(const struct reading *r)
{
    for (guint i = 0; i < r->files->len; i++) {
        const struct reading_file *f = r->files->pdata[i];

        if (!f->bytes != !file_kind_keeps_bytes(f->kind))
            return FALSE;
    }
    return TRUE;
}

static void
lied(struct incoming *a, const char *cause)
{
    a->outcome = READER_LIED;
    a->cause = cause;
    g_clear_pointer(&a->reading, reading_free);
}

/* Of a mail that bears a marking nothing is left to compare, and nobody is
 * obeyed for it. */
void
incoming_check(const struct office *o, struct incoming *a)
{
    const struct reading *r = a->reading;

    if (!r || r->secrecy != SECRECY_NONE)
        return;
    if (!files_are_there(r))
        lied(a, "the reader claimed a file without its bytes");
    else if (proof_of(o->config, r) == PROOF_PROVEN && !header_says_so(a))
        lied(a, "the reader claimed a proof that the header does not have");
}

void
judge(const struct office *o, const struct incoming *a, gint64 now,
      const struct decide_input *known, struct decision *out)
{
    struct decide_input in = {0};

    if (known)
        in = *known;
    in.reading = a->outcome == READER_READ ? a->reading : NULL;
    in.not_given = a->outcome == READER_NOT_GIVEN;
    in.pack = o->pack;
    in.matcher = o->matcher;
    in.own_address = o->config->address;
    in.received = a->ref.received;
    in.now = now;
    in.day = clock_day(&o->clock, MIN(a->ref.received, now));
    in.old = a->old;
    in.is_staff = staff_of(o->config, in.reading) != NULL;
    in.proof = proof_of(o->config, in.reading);
    in.codes = !o->config->trusted_authserv[0];
    decide(&in, out);
}
