/* agenda.c - see agenda.h. */
#include "intake/agenda.h"

#include "register/status.h"

void
due_clear(struct due *d)
{
    g_clear_pointer(&d->what, g_free);
}

void
due_offer(struct due *first, gint64 at, const char *what)
{
    if (at >= first->at)
        return;
    first->at = at;
    g_free(first->what);
    first->what = g_strdup(what);
}

enum st
due_offer_once(struct due *first, struct reg *reg, gint64 at, const char *key,
               struct err *e)
{
    gboolean done = FALSE;
    enum st st = at < first->at ? reg_done(reg, key, &done, e) : ST_OK;

    if (st == ST_OK && !done)
        due_offer(first, at, key);
    return st;
}
