/* undelivered.c - see undelivered.h. */
#include "intake/undelivered.h"

#include "intake/letters.h"
#include "register/codes.h"

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

/* Is this the first time today of an address, whatever its case? */
static enum st
first_today(struct intake *i, const char *kind, const char *what, gboolean *out,
            struct err *e)
{
    g_autofree char *whom = codes_address_key(what);
    g_autofree char *of = g_strdup_printf("%s %s", kind, whom);

    return once_today(i, of, out, e);
}

/* A letter to one of the staff is told to the others, once a day: should
 * theirs fail too, there is an end. */
static enum st
tell(struct intake *i, const struct reg_mail *m, const struct value *facts,
     struct err *e)
{
    const struct config *c = i->office->config;
    const struct staff *failed = config_staff_at(c, m->to);
    g_autoptr(GPtrArray) staff = staff_addresses(c);
    struct post p = {
        .letter = LETTER_UNDELIVERED, .kind = MAIL_STAFF, .facts = facts};
    gboolean first = TRUE;
    enum st st = ST_OK;

    if (failed) {
        g_ptr_array_remove(staff, failed->address);
        st = first_today(i, "undelivered", m->to, &first, e);
    }
    if (st != ST_OK || !first)
        return st;
    return post_to_all(i, &p, (const char *const *)staff->pdata, e);
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

enum st
undelivered_silenced(struct intake *i, const char *address, enum silence why,
                     struct err *e)
{
    g_autoptr(value) v = value_map();
    gboolean first = FALSE;
    enum st st = first_today(i, "silenced", address, &first, e);

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
    enum st st = first_today(i, "silenced", "all", &first, e);

    if (st != ST_OK || !first)
        return st;
    value_set_int(v, "limit", i->office->config->replies_per_hour);
    return post_to_staff(i, LETTER_SILENCED, v, 0, e);
}
