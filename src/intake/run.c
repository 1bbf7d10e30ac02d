/* run.c - see run.h. */
#include "intake/run.h"

#include "base/log.h"
#include "register/outbox.h"
#include "register/view.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { PAUSE_LONGEST = 1800, LOGIN_TRIES = 3, VIEW_DAYS = 31 };

/* ---- one round ---- */

static enum st
refresh_view(struct intake *i, const struct tally *t, struct err *e)
{
    civil_day today = clock_today(&i->office->clock);

    if (t->verdicts[VERDICT_ACCEPTED] + t->verdicts[VERDICT_COMMAND] == 0)
        return ST_OK;
    return reg_view(i->reg, today - VIEW_DAYS, today, office_unit_name,
                    i->office, e);
}

enum st
intake_round(struct intake *i, progress_fn progress, void *user,
             struct tally *tally, struct err *e)
{
    struct err later = ERR_INIT;
    enum st looked = intake_poll(i, progress, user, tally, e);
    enum st st;

    if (looked == ST_FATAL)
        return looked;
    st = intake_due(i, &later);
    if (st == ST_OK)
        st = intake_send(i, tally, &later);
    if (st == ST_OK)
        st = refresh_view(i, tally, &later);
    if (st != ST_OK && looked == ST_OK) {
        *e = later;
        return st;
    }
    if (st != ST_OK)
        log_event(LOG_ERROR, "round", "cause", later.text, NULL);
    return looked;
}

/* ---- waiting ---- */

static int
stop_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static gboolean
stop_asked(int fd, gint64 ms)
{
    struct pollfd p = {fd, POLLIN, 0};

    return poll(&p, 1, (int)MIN(ms, G_MAXINT)) > 0;
}

/* Seconds until the next look: sooner when a mail is due before. */
static unsigned
seconds_to_wait(struct intake *i)
{
    gint64 due = G_MAXINT64, now = clock_now(&i->office->clock);
    gint64 wait = i->office->config->poll_interval;

    if (reg_mail_next_due(i->reg, &due, NULL) == ST_OK && due < now + wait)
        wait = MAX(due - now, 1);
    return (unsigned)wait;
}

/* 1, 2, 4 ... intervals; a refused login is tried three times and then
 * seldom, so that no server locks the account (C20). */
static gint64
pause_after(const struct intake *i, int failures, gboolean refused)
{
    gint64 pause = i->office->config->poll_interval;

    if (refused && failures >= LOGIN_TRIES)
        return PAUSE_LONGEST;
    for (int n = 1; n < failures && pause < PAUSE_LONGEST; n++)
        pause *= 2;
    return MIN(pause, PAUSE_LONGEST);
}

static enum st
wait_for_mail(struct intake *i, int stop_fd)
{
    struct err e = ERR_INIT;
    enum st st =
        i->mailbox->driver->wait(i->mailbox, seconds_to_wait(i), stop_fd, &e);

    if (st != ST_OK)
        log_event(LOG_WARN, "wait", "cause", e.text, NULL);
    return st;
}

static gboolean
ends_the_program(enum st st, const struct err *e)
{
    return st == ST_FATAL || e->status == EXIT_CONFIGURATION;
}

static enum st
rounds(struct intake *i, int stop_fd, struct err *e)
{
    int failures = 0;

    for (;;) {
        struct tally tally = {0};
        enum st st = intake_round(i, NULL, NULL, &tally, e);

        if (ends_the_program(st, e))
            return st;
        failures = st == ST_OK ? 0 : failures + 1;
        if (st == ST_OK && !stop_asked(stop_fd, 0)) {
            if (wait_for_mail(i, stop_fd) == ST_OK) {
                if (stop_asked(stop_fd, 0))
                    return ST_OK;
                continue;
            }
            failures = 1;
        }
        if (stop_asked(stop_fd,
                       1000 * pause_after(i, failures,
                                          e->status == EXIT_LOGIN_REFUSED)))
            return ST_OK;
    }
}

enum st
intake_run(struct intake *i, struct err *e)
{
    int stop_fd = stop_signals();
    enum st st;

    if (stop_fd < 0)
        return err_set(e, ST_FATAL, EXIT_SOFTWARE, "signalfd: %s",
                       g_strerror(errno));
    log_event(LOG_INFO, "started", NULL);
    st = rounds(i, stop_fd, e);
    log_event(LOG_INFO, "stopped", NULL);
    close(stop_fd);
    return st;
}
