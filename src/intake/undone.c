/* undone.c - see undone.h. */
#include "intake/undone.h"

#include "base/log.h"
#include "intake/notices.h"

enum st
undone_keep(enum st so_far, enum st st, const struct err *why, struct err *e)
{
    if (st == ST_OK || (so_far != ST_OK && st != ST_FATAL))
        return so_far;
    *e = *why;
    return st;
}

enum st
undone_tell(struct intake *i, enum st so_far, const char *duty, enum st st,
            const struct err *why, struct err *e)
{
    struct err own = ERR_INIT;
    enum st told = ST_OK;

    if (st == ST_OK)
        return so_far;
    log_event(LOG_ERROR, "not-done", "duty", duty, "cause", why->text, NULL);
    so_far = undone_keep(so_far, st, why, e);
    if (st != ST_FATAL)
        told = notices_not_done(i, duty, why, &own);
    if (told != ST_OK)
        log_event(LOG_ERROR, "not-told", "cause", own.text, NULL);
    return told == ST_FATAL ? undone_keep(so_far, told, &own, e) : so_far;
}
