/* overtake.c - see overtake.h. */
#include "intake/overtake.h"

#include "register/message.h"

/* Held because nobody knows who wrote it: by its reasons, or, for other
 * reasons, without proof as it came. */
static enum st
held_unproven(struct intake *i, const struct reg_message *m, gboolean *out,
              struct err *e)
{
    static const enum reason unsure[] = {REASON_UNPROVEN_COMMAND,
                                         REASON_FAILED_AUTHENTICATION,
                                         REASON_SEVERAL_SENDERS};
    struct incoming *kept = NULL;
    enum st st;

    for (size_t n = 0; n < G_N_ELEMENTS(unsure) && !*out; n++)
        *out = reason_has(&m->reasons, unsure[n]);
    if (*out)
        return ST_OK;
    st = incoming_kept(i, m, &kept, e);
    if (st == ST_OK && kept)
        *out = proof_of(i->office->config, kept->reading) != PROOF_PROVEN;
    incoming_free(kept);
    return st;
}

/* What became of it, with no hand of people in it.  Whether what was returned
 * or ignored had been proven is not recorded: overtake_is_vain() asks what
 * would become of it now. */
static enum st
gives_way(struct intake *i, const struct reg_message *m, gboolean *out,
          struct err *e)
{
    gboolean decided = FALSE;
    enum st st = reg_message_decided(i->reg, m->id, &decided, e);

    *out = FALSE;
    if (st != ST_OK || decided)
        return st;
    if (m->verdict == VERDICT_HELD)
        return held_unproven(i, m, out, e);
    *out = m->verdict == VERDICT_RETURNED || m->verdict == VERDICT_IGNORED;
    return ST_OK;
}

/* One of the copies: it stays the original, or gives way. */
static enum st
weigh(struct intake *i, gint64 id, gint64 *stays, struct overtaken *out,
      struct err *e)
{
    g_autoptr(reg_message) m = NULL;
    gboolean gives = FALSE;
    enum st st = reg_message_get(i->reg, id, &m, e);

    if (st == ST_OK && m)
        st = gives_way(i, m, &gives, e);
    if (st != ST_OK || !m)
        return st;
    if (gives)
        *out = (struct overtaken){m->id, m->verdict, m->reasons};
    else
        *stays = m->id;
    return ST_OK;
}

enum st
overtake_look(struct intake *i, const struct incoming *a, gint64 *same,
              struct overtaken *out, struct err *e)
{
    const struct reading *r = a->reading;
    g_autoptr(GArray) copies = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 stays = 0;
    enum st st;

    if (!r || !r->identity || r->secrecy != SECRECY_NONE ||
        proof_of(i->office->config, r) != PROOF_PROVEN)
        return ST_OK;
    st = reg_known_originals(i->reg, r->identity, copies, e);
    for (guint n = 0; st == ST_OK && !stays && n < copies->len; n++)
        st = weigh(i, g_array_index(copies, gint64, n), &stays, out, e);
    if (stays)
        *out = (struct overtaken){0};
    if (st == ST_OK && (stays || out->message))
        *same = stays;
    return st;
}

static gboolean
same_reasons(const struct reason_list *a, const struct reason_list *b)
{
    gboolean same = a->n == b->n;

    for (int n = 0; same && n < a->n; n++)
        same = reason_has(b, a->code[n]);
    return same;
}

/* A second return would say twice what one says. */
gboolean
overtake_is_vain(const struct overtaken *o, const struct decision *d)
{
    return o->message && o->verdict == d->verdict &&
           (d->verdict != VERDICT_HELD ||
            same_reasons(&o->reasons, &d->reasons));
}

enum st
overtake_close(struct intake *i, const struct overtaken *o, gint64 by,
               struct err *e)
{
    struct reg_act act = {clock_now(&i->office->clock), REG_PROGRAM, 0, by};
    g_autoptr(reg_message) m = NULL;
    enum st st;

    if (!o->message || o->verdict != VERDICT_HELD)
        return ST_OK;
    st = reg_message_get(i->reg, o->message, &m, e);
    if (st != ST_OK || !m)
        return st;
    m->verdict = VERDICT_DUPLICATE;
    m->original = by;
    m->reasons = (struct reason_list){0};
    reason_add(&m->reasons, REASON_SAME_MESSAGE);
    st = reg_message_judge(i->reg, m->id, m, &act, NULL, e);
    return st == ST_OK ? reg_place_send(i->reg, m->id, folder_of(m->verdict), e)
                       : st;
}
