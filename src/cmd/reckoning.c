/* reckoning.c - see reckoning.h. */
#include "cmd/reckoning.h"

#include "base/i18n.h"
#include "intake/publish.h"
#include "rules/explain.h"

#include <string.h>

void
reckoning_clear(struct reckoning *r)
{
    g_clear_pointer(&r->t, standings_free);
    g_clear_pointer(&r->s, scoring_free);
    cmd_close(&r->d);
}

const char *
reckoning_name(const struct reckoning *r, score_who who)
{
    return score_who_name(r->s->score, who);
}

/* ---- what could not be counted ---- */

static void
warn_unknown(const struct cmd_context *c, const struct reckoning *r)
{
    g_autoptr(GPtrArray) unknown =
        explain_unknown(r->s->score, -1, r->period.from, r->period.to);

    for (guint n = 0; n < unknown->len; n++) {
        const struct explained *x = unknown->pdata[n];
        g_autofree char *day = day_format(x->day);

        cmd_complain(
            _("baosong %s: worth nothing: %s %s %s: the rules of that day "
              "have no such item for staff to mark\n"),
            c->name, day, x->item, x->about ? x->about : "");
    }
}

static void
warn(const struct cmd_context *c, const struct reckoning *r)
{
    const GPtrArray *skipped = r->s->skipped;

    for (guint n = 0; skipped && n < skipped->len; n++)
        cmd_complain(_("baosong %s: worth nothing: %s: the roster has no such "
                       "unit\n"),
                     c->name, (const char *)skipped->pdata[n]);
    warn_unknown(c, r);
}

int
reckoning_make(const struct cmd_context *c, const char *period,
               struct reckoning *out)
{
    struct err e = ERR_INIT;
    int status;
    enum st st;

    memset(out, 0, sizeof *out);
    status = cmd_open(c, REG_READ, &out->d);
    if (status == EXIT_DONE)
        status = cmd_period(c, out->d.office, period, &out->period);
    if (status != EXIT_DONE)
        return status;
    office_turn(out->d.office, scoring_day(out->d.office, &out->period));
    st = standings_now(out->d.office, out->d.reg, &out->period, &out->s,
                       &out->t, &e);
    if (st != ST_OK)
        return cmd_failed(c, &e);
    warn(c, out);
    return EXIT_DONE;
}
