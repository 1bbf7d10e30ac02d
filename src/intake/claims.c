/* claims.c - attempts at messages, counted before they are read: if one of
 * them ends the program, the next start knows which it was. */
#include "intake/look.h"

enum { FATAL_ATTEMPTS = 3 };

gboolean
claims_exhausted(const struct candidate *c)
{
    return c->attempts >= FATAL_ATTEMPTS;
}

enum st
claims_load(struct look *l, struct err *e)
{
    gboolean any = FALSE;
    enum st st = reg_claims_any(l->i->reg, &any, e);

    for (guint n = 0; st == ST_OK && any && n < l->todo->len; n++) {
        struct reg_place place = look_place(l, look_ref(l, n));

        st = reg_claimed(l->i->reg, &place, &look_candidate(l, n)->attempts, e);
    }
    return st;
}

static enum st
claim_one(struct look *l, guint n, struct err *e)
{
    struct reg_place place = look_place(l, look_ref(l, n));
    enum st st =
        reg_claim(l->i->reg, &place, clock_now(&l->i->office->clock), e);

    look_candidate(l, n)->claimed = st == ST_OK;
    return st;
}

/* Those of [from, to) that have no attempt behind them. */
static enum st
claim_range(struct look *l, guint from, guint to, struct err *e)
{
    enum st st = ST_OK;

    for (guint n = from; st == ST_OK && n < MIN(to, l->todo->len); n++)
        if (look_candidate(l, n)->attempts == 0 &&
            !look_candidate(l, n)->claimed)
            st = claim_one(l, n, e);
    return st;
}

static enum st
claim_along(struct look *l, guint n, struct err *e)
{
    enum st st = claim_one(l, n, e);

    if (look_candidate(l, n)->attempts > 0)
        return st;
    return st == ST_OK ? claim_range(l, n + 1, n + 3 * LOOK_BATCH, e) : st;
}

gboolean
claims_stand(const struct look *l, guint n)
{
    return look_candidate(l, n)->claimed &&
           !(l->committing && n >= l->claims_waiting);
}

enum st
claims_take(struct look *l, guint n, struct err *e)
{
    enum st st;

    l->taken = MAX(l->taken, n + 1);
    if (claims_stand(l, n))
        return ST_OK;
    st = reg_begin(l->i->reg, e);
    if (st == ST_OK)
        st = claim_along(l, n, e);
    return reg_end(l->i->reg, st, e);
}

enum st
claims_ahead(struct look *l, struct err *e)
{
    guint n = l->taken;

    while (n < l->todo->len && look_candidate(l, n)->claimed)
        n++;
    l->claims_waiting = n;
    return claim_range(l, l->taken, l->taken + 2 * LOOK_BATCH, e);
}

/* Not recorded this time; or not there any more when it was asked for. */
static gboolean
is_to_release(const struct candidate *c)
{
    return c->claimed && (!c->recorded || !c->given);
}

static enum st
release_all(struct look *l, struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < l->todo->len; n++) {
        struct reg_place place = look_place(l, look_ref(l, n));

        if (is_to_release(look_candidate(l, n)))
            st = reg_unclaim(l->i->reg, &place, e);
    }
    return st;
}

static gboolean
are_there_any(const struct look *l)
{
    for (guint n = 0; n < l->todo->len; n++)
        if (is_to_release(look_candidate(l, n)))
            return TRUE;
    return FALSE;
}

enum st
claims_release(struct look *l, struct err *e)
{
    enum st st;

    if (!are_there_any(l))
        return ST_OK;
    st = reg_begin(l->i->reg, e);
    if (st == ST_OK)
        st = release_all(l, e);
    return reg_end(l->i->reg, st, e);
}

enum st
claims_forget(struct intake *i, struct err *e)
{
    gboolean any = FALSE;
    enum st st = ST_OK;

    if (i->unreleased)
        st = reg_claims_any(i->reg, &any, e);
    if (st == ST_OK && any) {
        st = reg_begin(i->reg, e);
        if (st == ST_OK)
            st = reg_claims_drop(i->reg, e);
        st = reg_end(i->reg, st, e);
    }
    if (st == ST_OK)
        i->unreleased = FALSE;
    return st;
}
