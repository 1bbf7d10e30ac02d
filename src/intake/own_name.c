/* own_name.c - see own_name.h. */
#include "intake/own_name.h"

#include "base/log.h"
#include "intake/letters.h"

/* Our own letters are known by their other marks before the From is looked
 * at (message/machine.h); the reason names the field. */
static gboolean
is_in_our_name(const struct incoming *a, const struct decision *d)
{
    const char *why = a->reading ? a->reading->machine_reason : NULL;

    return d->verdict == VERDICT_IGNORED &&
           reason_has(&d->reasons, REASON_SELF) &&
           (!why || g_str_has_prefix(why, "From"));
}

enum st
own_name_alarm(struct intake *i, const struct incoming *a,
               const struct decision *d, gint64 message, struct err *e)
{
    const struct clock *clock = &i->office->clock;
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, message);
    g_autoptr(value) v = value_map();
    gboolean first = FALSE;
    enum st st;

    if (!is_in_our_name(a, d) || a->silent || a->old)
        return ST_OK;
    log_event(LOG_WARN, "from-own-address", "message", id, NULL);
    st = once_today(i, "own-name", &first, e);
    if (st != ST_OK || !first)
        return st;
    value_take_text(v, "received", letter_time(clock, a->ref.received));
    value_set_text(v, "subject", a->reading->subject);
    return post_to_staff(i, LETTER_OWN_NAME, v, message, e);
}
