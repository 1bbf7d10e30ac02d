/* undelivered.c - see undelivered.h. */
#include "intake/undelivered.h"

#include "intake/letters.h"
#include "register/status.h"

/* ---- one letter ---- */

static struct value *
facts_of(const struct reg_mail *m, const char *cause)
{
    struct value *v = value_map();

    value_set_text(v, "to", m->to);
    value_set_text(v, "subject", m->subject);
    value_set_text(v, "cause", cause);
    value_set_bool(v, "not_ascii", !g_str_is_ascii(m->to));
    return v;
}

/* What was for staff themselves is not told to them the same way. */
static enum st
tell(struct intake *i, const struct reg_mail *m, const struct value *facts,
     struct err *e)
{
    if (config_staff_at(i->office->config, m->to))
        return ST_OK;
    return post_to_staff(i, LETTER_UNDELIVERED, facts, 0, e);
}

enum st
undelivered_refused(struct intake *i, const struct reg_mail *m,
                    const char *cause, struct err *e)
{
    g_autoptr(value) v = facts_of(m, cause);

    value_set_int(v, "attempts", m->attempts + 1);
    return tell(i, m, v, e);
}

enum st
undelivered_bounced(struct intake *i, const struct reg_mail *m,
                    const char *cause, gboolean rests, struct err *e)
{
    g_autoptr(value) v = facts_of(m, cause);

    value_set_bool(v, "bounced", TRUE);
    value_set_bool(v, "rests", rests);
    return tell(i, m, v, e);
}

/* ---- many letters ---- */

/* Is this the first time today? */
static enum st
first_today(struct intake *i, const char *what, gboolean *out, struct err *e)
{
    g_autofree char *today = day_format(clock_today(&i->office->clock));
    g_autofree char *key = g_strdup_printf("silenced %s %s", what, today);

    return reg_once(i->reg, key, clock_now(&i->office->clock), out, e);
}

enum st
undelivered_silenced(struct intake *i, const char *address, enum silence why,
                     struct err *e)
{
    g_autoptr(value) v = value_map();
    gboolean first = FALSE;
    enum st st = first_today(i, address, &first, e);

    if (st != ST_OK || !first)
        return st;
    value_set_text(v, "sender", address);
    value_set_bool(v, "bounces", why == SILENCE_BOUNCES);
    value_set_int(v, "limit", i->office->config->replies_per_day);
    return post_to_staff(i, LETTER_SILENCED, v, 0, e);
}

enum st
undelivered_paced(struct intake *i, struct err *e)
{
    g_autoptr(value) v = value_map();
    gboolean first = FALSE;
    enum st st = first_today(i, "all", &first, e);

    if (st != ST_OK || !first)
        return st;
    value_set_int(v, "limit", i->office->config->replies_per_hour);
    return post_to_staff(i, LETTER_SILENCED, v, 0, e);
}
