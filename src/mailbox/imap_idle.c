/* imap_idle.c - wait for mail.
 *
 * IDLE where the server has it, ended and begun anew long before the 29
 * minutes after which a server may hang up (RFC 2177), and before firewalls
 * forget the connection.  Elsewhere NOOP now and then.  Both find out, by
 * the time limit of their answer, a connection that died in silence. */
#include "mailbox/imap.h"

enum { IDLE_SECONDS = 5 * 60, NOOP_SECONDS = 30 };

/* Microseconds that this round may last; 0 when the time is over. */
static gint64
round_us(gint64 until, unsigned seconds)
{
    gint64 left = until - g_get_monotonic_time();

    return CLAMP(left, 0, (gint64)seconds * G_USEC_PER_SEC);
}

static gboolean
is_over(const struct imap *im, enum wire_event event, gint64 until)
{
    return imap_facts(im->session)->news || event == WIRE_STOPPED ||
           round_us(until, 1) == 0;
}

/* *agreed_out FALSE: the server will not IDLE after all. */
static enum st
idle(struct imap *im, gint64 until, int stop_fd, gboolean *agreed_out,
     struct err *e)
{
    enum wire_event event = WIRE_QUIET;
    enum st st = ST_OK;

    *agreed_out = TRUE;
    do {
        unsigned tag;

        st = imap_idle_start(im->session, &tag, agreed_out, e);
        if (st != ST_OK || !*agreed_out)
            return st;
        st = imap_listen(im->session, round_us(until, IDLE_SECONDS), stop_fd,
                         &event, e);
        if (st == ST_OK)
            st = imap_idle_end(im->session, tag, e);
    } while (st == ST_OK && !is_over(im, event, until));
    return st;
}

static enum st
nap(struct imap *im, gint64 until, int stop_fd, struct err *e)
{
    enum wire_event event = WIRE_QUIET;
    enum st st = ST_OK;

    do {
        st = imap_listen(im->session, round_us(until, NOOP_SECONDS), stop_fd,
                         &event, e);
        if (st == ST_OK && !is_over(im, event, until))
            st = imap_run(im->session, NULL, NULL, e, "NOOP");
    } while (st == ST_OK && !is_over(im, event, until));
    return st;
}

enum st
imap_wait(struct mailbox *m, unsigned seconds, int stop_fd, struct err *e)
{
    struct imap *im = (struct imap *)m;
    gint64 until = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    gboolean agreed = FALSE;
    enum st st = imap_want_inbox(im, e);

    if (st != ST_OK || im->fresh || imap_facts(im->session)->news)
        return st; /* selected anew: what came meanwhile is not listed */
    if (imap_facts(im->session)->capabilities & IMAP_CAN_IDLE)
        st = idle(im, until, stop_fd, &agreed, e);
    if (st != ST_OK || agreed)
        return st;
    imap_facts(im->session)->capabilities &= ~(unsigned)IMAP_CAN_IDLE;
    return nap(im, until, stop_fd, e);
}
