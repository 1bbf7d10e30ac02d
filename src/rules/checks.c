/* checks.c - see checks.h. */
#include "rules/checks.h"

#include "rules/facts.h"

static const struct pack_check *
check_at(const struct pack *p, guint i)
{
    return p->checks->pdata[i];
}

const char *
checks_tag(const struct pack *p)
{
    for (guint i = 0; i < p->checks->len; i++) {
        const struct pack_check *c = p->checks->pdata[i];

        if (c->text && reason_has(&c->reasons, REASON_NO_TAG))
            return c->text;
    }
    return NULL;
}

gboolean
checks_ask(const struct pack *p, enum reason r)
{
    for (guint i = 0; i < p->checks->len; i++)
        if (reason_has(&check_at(p, i)->reasons, r))
            return TRUE;
    return FALSE;
}

/* ---- bunching ---- */

static gboolean
is_bunched(const struct pack_check *c, gint64 late, gint64 all)
{
    return all > 0 && 100 * DECIMAL_ONE * late >= c->value * all;
}

static gboolean
unit_bunches(const struct pack *p, const struct pack_check *c,
             const struct arrival *a, const struct unit *u)
{
    const struct calendar calendar = calendar_of(p);
    const struct period period = period_at(&calendar, c->per, a->day);
    const civil_day late = MAX(period.from, period.to - c->days + 1);

    if (a->day < late || period.from < p->effective ||
        !unit_spans(u, period.from, a->day))
        return FALSE;
    return is_bunched(c, 1 + a->sent(u, late, a->day, a->sent_user),
                      1 + a->sent(u, period.from, a->day, a->sent_user));
}

/* Of a joint submission it is enough that one unit's come so. */
static gboolean
bunches(const struct pack *p, const struct pack_check *c,
        const struct arrival *a)
{
    for (guint i = 0; a->sent && i < a->units->len; i++)
        if (unit_bunches(p, c, a, a->units->pdata[i]))
            return TRUE;
    return FALSE;
}

/* ---- an arrival ---- */

static gboolean
speaks(const struct pack *p, const struct pack_check *c, enum reason r,
       const struct arrival *a)
{
    const decimal words = (decimal)a->words * DECIMAL_ONE;

    switch (r) {
    case REASON_TOO_LONG:
        return words > c->value;
    case REASON_TOO_SHORT:
        return words > 0 && words < c->value;
    case REASON_SEVERAL_DRAFTS:
        return a->drafts > 1;
    case REASON_BUNCHING:
        return bunches(p, c, a);
    default:
        return reason_has(&a->lacks, r) || reason_has(&a->others, r);
    }
}

/* Staff who accept it know what they accept. */
static enum check_then
then_of(const struct pack_check *c, enum reason r, const struct arrival *a)
{
    if (a->settled && (r == REASON_BUNCHING || r == REASON_SIMILAR))
        return THEN_NOTE;
    return c->then;
}

static void
say(struct check_result *out, enum reason r, enum check_then then)
{
    struct reason_list *list[] = {[THEN_NOTE] = &out->notes,
                                  [THEN_HOLD] = &out->holds,
                                  [THEN_RETURN] = &out->returns};

    if (!out->hit || then > out->worst)
        out->worst = then;
    out->hit = TRUE;
    reason_add(&out->reasons, r);
    reason_add(list[then], r);
}

void
checks_arrival(const struct pack *p, const struct arrival *a,
               struct check_result *out)
{
    *out = (struct check_result){.worst = THEN_NOTE};
    for (guint i = 0; i < p->checks->len; i++) {
        const struct pack_check *c = check_at(p, i);

        if (c->forms.n && !index_set_has(&c->forms, a->form))
            continue;
        for (int k = 0; k < c->reasons.n; k++)
            if (speaks(p, c, c->reasons.code[k], a))
                say(out, c->reasons.code[k], then_of(c, c->reasons.code[k], a));
    }
}

/* ---- a whole period ---- */

static gboolean
names_unit(const struct fact_submission *s, int unit)
{
    for (int i = 0; i < s->n_units; i++)
        if (s->units[i] == unit)
            return TRUE;
    return FALSE;
}

/* At least c->value per cent of them in the last c->days days. */
static gboolean
bunched(const struct pack_check *c, const struct facts *f, int unit,
        const struct period *period)
{
    gint64 all = 0, late = 0;

    for (int i = 0; i < (int)f->submissions->len; i++) {
        const struct fact_submission *s = facts_submission(f, i);

        if (s->day < period->from || s->day > period->to ||
            !names_unit(s, unit))
            continue;
        all++;
        late += period->to - s->day < c->days;
    }
    return is_bunched(c, late, all);
}

const struct pack_check *
checks_bunching(const struct pack *p, const struct facts *f, int unit,
                const struct period *period)
{
    for (guint i = 0; i < p->checks->len; i++) {
        const struct pack_check *c = check_at(p, i);

        if (reason_has(&c->reasons, REASON_BUNCHING) &&
            c->per == period->kind && bunched(c, f, unit, period))
            return c;
    }
    return NULL;
}
