/* run.c - see run.h. */
#include "intake/run.h"

#include "base/log.h"
#include "intake/references.h"
#include "intake/similar_index.h"
#include "intake/undone.h"
#include "intake/upkeep.h"
#include "register/outbox.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { PAUSE_LONGEST = 1800 };

/* ---- one round ---- */

/* A duty that could not be done is logged and does not stop the others. */
static enum st
settle(enum st so_far, const char *duty, enum st st, const struct err *why,
       struct err *e)
{
    if (st != ST_OK)
        log_event(LOG_ERROR, "not-done", "duty", duty, "cause", why->text,
                  NULL);
    return undone_keep(so_far, st, why, e);
}

static enum st
do_duties(struct intake *i, struct tally *tally, enum st st, struct err *e)
{
    struct err why = ERR_INIT;

    if (st != ST_FATAL)
        st = undone_keep(st, intake_due(i, &why), &why, e);
    if (st != ST_FATAL)
        st = settle(st, "send", intake_send(i, tally, &why), &why, e);
    if (st != ST_FATAL)
        st = settle(st, "view", upkeep_view(i, &why), &why, e);
    if (st != ST_FATAL)
        st = settle(st, "scrub", upkeep_scrub(i, &why), &why, e);
    if (st != ST_FATAL)
        st = settle(st, "index", similar_index_settle(i, TRUE, &why), &why, e);
    return st;
}

enum st
intake_round(struct intake *i, progress_fn progress, void *user,
             struct tally *tally, struct err *e)
{
    struct err why = ERR_INIT;
    enum st published, st;

    office_turn(i->office, clock_today(&i->office->clock));
    published = references_refresh(i, &why);
    if (published == ST_FATAL) {
        *e = why;
        return published;
    }
    st = intake_poll(i, progress, user, tally, e);
    st = settle(st, "references", published, &why, e);
    upkeep_sweep(i);
    return do_duties(i, tally, st, e);
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

/* Seconds until the next look: sooner when a mail is due before, and can be
 * sent. */
static unsigned
seconds_to_wait(struct intake *i, gboolean shut_out)
{
    gint64 due = G_MAXINT64, now = clock_now(&i->office->clock);
    gint64 wait = i->office->config->poll_interval;

    if (!shut_out && reg_mail_next_due(i->reg, &due, NULL) == ST_OK &&
        due < now + wait)
        wait = MAX(due - now, 1);
    return (unsigned)wait;
}

gint64
intake_pause(gint64 interval, int failures)
{
    gint64 pause = interval;

    for (int n = 1; n < failures && pause < PAUSE_LONGEST; n++)
        pause *= 2;
    return MIN(pause, PAUSE_LONGEST);
}

static enum st
wait_for_mail(struct intake *i, gboolean shut_out, int stop_fd)
{
    struct err e = ERR_INIT;
    enum st st = i->mailbox->driver->wait(
        i->mailbox, seconds_to_wait(i, shut_out), stop_fd, &e);

    if (st != ST_OK)
        log_event(LOG_WARN, "wait", "cause", e.text, NULL);
    return st;
}

static gboolean
ends_the_program(enum st st, const struct err *e)
{
    return st == ST_FATAL || e->status == EXIT_CONFIGURATION;
}

/* After a refused login the next round comes at its time, for the letters'
 * sake: how often the server is asked, login.h knows. */
static gint64
pause_after(const struct intake *i, int failures, const struct err *e)
{
    return intake_pause(i->office->config->poll_interval,
                        e->status == EXIT_LOGIN_REFUSED ? 1 : failures);
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
        failures = tally.looked ? 0 : failures + 1;
        if (tally.looked && !stop_asked(stop_fd, 0)) {
            if (wait_for_mail(i, tally.shut_out, stop_fd) == ST_OK) {
                if (stop_asked(stop_fd, 0))
                    return ST_OK;
                continue;
            }
            failures = 1;
        }
        if (stop_asked(stop_fd, 1000 * pause_after(i, failures, e)))
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
    i->stop_fd = stop_fd;
    log_event(LOG_INFO, "started", NULL);
    st = rounds(i, stop_fd, e);
    log_event(LOG_INFO, "stopped", NULL);
    close(stop_fd);
    return st;
}
