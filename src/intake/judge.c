/* judge.c - a reading and what is known of it -> the decision. */
#include "intake/incoming.h"

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
    g_free(a);
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

static enum proof
proof_of(const struct config *c, const struct reading *r)
{
    const char *author = r ? reading_author(r) : NULL;

    if (!author)
        return PROOF_NONE;
    return authres_proof(r->trace, (const char *const *)c->trusted_authserv,
                         (const char *const *)c->own_hosts, author);
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
