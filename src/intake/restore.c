/* restore.c - see restore.h. */
#include "intake/restore.h"

#include "base/log.h"
#include "intake/episode.h"
#include "register/outbox.h"
#include "register/status.h"

enum {
    MARGIN = 3600, /* what is known all the same does no harm */
    ANSWERED_TWICE = 3 * 86400
};

/* The instant from which mail is to be brought back; dropped when it was. */
static const char RECALL[] = "recall";

gint64
restore_answer_age(const struct config *c)
{
    return MIN(c->answer_age, ANSWERED_TWICE);
}

static enum st
begin(struct intake *i, struct err *e)
{
    gint64 now = clock_now(&i->office->clock);
    g_autofree char *since = NULL;
    struct reg_status status = {0};
    enum st st = reg_status_get(i->reg, &status, e);

    if (st != ST_OK)
        return st;
    since = g_strdup_printf("%" G_GINT64_FORMAT,
                            MAX(status.last_success - MARGIN, 0));
    log_event(LOG_WARN, "restored", "since", since, NULL);
    reg_status_clear(&status);
    st = episode_begin(i, EPISODE_RESTORED, e);
    if (st == ST_OK)
        st = reg_setting_set(i->reg, RECALL, since, e);
    return st == ST_OK
               ? reg_mail_drop_before(
                     i->reg, now - restore_answer_age(i->office->config), now,
                     e)
               : st;
}

enum st
restore_notice(struct intake *i, struct err *e)
{
    gboolean behind = FALSE;
    enum st st = reg_is_behind(i->reg, &behind, e);

    if (st != ST_OK || !behind)
        return st;
    st = reg_begin(i->reg, e);
    if (st == ST_OK)
        st = begin(i, e);
    st = reg_end(i->reg, st, e);
    return st == ST_OK ? reg_stamp(i->reg, e) : st;
}

static enum st
recall(struct intake *i, gint64 since, struct err *e)
{
    struct mailbox *m = i->mailbox;
    g_autofree char *count = NULL;
    guint n = 0;
    enum st st = m->driver->recall(m, since, &n, e);

    if (st == ST_OK)
        st = reg_begin(i->reg, e);
    if (st != ST_OK)
        return st;
    count = g_strdup_printf("%u", n);
    log_event(LOG_INFO, "recalled", "messages", count, NULL);
    st = reg_setting_drop(i->reg, RECALL, e);
    return reg_end(i->reg, st, e);
}

enum st
restore_recall(struct intake *i, gboolean *going_on_out, struct err *e)
{
    g_autofree char *since = NULL;
    enum st st = episode_going_on(i, EPISODE_RESTORED, going_on_out, e);

    if (st == ST_OK)
        st = reg_setting_get(i->reg, RECALL, &since, e);
    if (st == ST_OK && since)
        st = recall(i, g_ascii_strtoll(since, NULL, 10), e);
    return st;
}
