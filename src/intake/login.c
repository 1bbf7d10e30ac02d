/* login.c - see login.h. */
#include "intake/login.h"

#include "base/i18n.h"
#include "base/log.h"
#include "register/status.h"

#include <string.h>
#include <sys/stat.h>

enum { TRIES = 3, REST = 1800 };

static const char *const settings[LOGIN_COUNT] = {
    [LOGIN_MAILBOX] = "mailbox-refused",
    [LOGIN_OUTGOING] = "outgoing-refused",
};

void
login_refusals_clear(struct login_refusals *r)
{
    g_clear_pointer(&r->said, g_free);
}

typedef struct login_refusals login_refusals;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(login_refusals, login_refusals_clear)

/* ---- what stands in the register ---- */

static gint64
later_change(gint64 so_far, const char *path)
{
    struct stat sb;

    if (!path || stat(path, &sb))
        return so_far;
    return MAX(so_far,
               (gint64)sb.st_ctim.tv_sec * 1000000000 + sb.st_ctim.tv_nsec);
}

/* When the files that a password can be mended in were changed last. */
static gint64
last_change(const struct config *c)
{
    gint64 when = later_change(0, c->path);

    when = later_change(when, c->password_file);
    return later_change(when, c->outgoing_password_file);
}

/* "count last change sentence"; a sentence for another configuration is of
 * no account. */
static void
parse(const struct office *o, const char *text, struct login_refusals *out)
{
    g_auto(GStrv) parts = g_strsplit(text, " ", 4);
    gint64 now = clock_now(&o->clock);

    if (g_strv_length(parts) < 4 ||
        g_ascii_strtoll(parts[2], NULL, 10) != last_change(o->config))
        return;
    out->count = (int)g_ascii_strtoll(parts[0], NULL, 10);
    out->last = g_ascii_strtoll(parts[1], NULL, 10);
    out->said = g_strdup(parts[3]);
    /* A clock that was put back must not shut us out for as long. */
    if (out->count >= TRIES && now >= out->last && now < out->last + REST)
        out->until = out->last + REST;
}

enum st
login_refusals_get(const struct office *o, struct reg *reg, enum login which,
                   struct login_refusals *out, struct err *e)
{
    g_autofree char *text = NULL;
    enum st st = reg_setting_get(reg, settings[which], &text, e);

    memset(out, 0, sizeof *out);
    if (st == ST_OK && text)
        parse(o, text, out);
    return st;
}

/* ---- may we, and what came of it ---- */

enum st
login_may_try(const struct office *o, struct reg *reg, enum login which,
              struct err *e)
{
    g_auto(login_refusals) r = {0};
    g_autofree char *until = NULL;
    enum st st = login_refusals_get(o, reg, which, &r, e);

    if (st != ST_OK || !r.until)
        return st;
    until = clock_format(&o->clock, r.until);
    return err_set(e, ST_RETRY, EXIT_LOGIN_REFUSED,
                   _("%s (refused %d times in a row; so that the account is "
                     "not locked, not tried again before %s, or when the "
                     "configuration or the password file was changed)"),
                   r.said, r.count, until);
}

static enum st
note(struct reg *reg, enum login which, const char *text, struct err *e)
{
    enum st st = reg_begin(reg, e);

    if (st == ST_OK)
        st = text ? reg_setting_set(reg, settings[which], text, e)
                  : reg_setting_drop(reg, settings[which], e);
    return reg_end(reg, st, e);
}

enum st
login_refused(const struct office *o, struct reg *reg, enum login which,
              const char *said, struct err *e)
{
    g_auto(login_refusals) before = {0};
    g_autofree char *text = NULL;
    g_autofree char *count = NULL;
    enum st st = login_refusals_get(o, reg, which, &before, e);

    if (st != ST_OK)
        return st;
    count = g_strdup_printf("%d", before.count + 1);
    text = g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s",
                           count, clock_now(&o->clock), last_change(o->config),
                           said);
    log_event(LOG_WARN, settings[which], "times", count, "cause", said, NULL);
    return note(reg, which, text, e);
}

enum st
login_worked(struct reg *reg, enum login which, struct err *e)
{
    g_autofree char *text = NULL;
    enum st st = reg_setting_get(reg, settings[which], &text, e);

    return st == ST_OK && text ? note(reg, which, NULL, e) : st;
}
