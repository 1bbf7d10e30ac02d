/* notices.c - see notices.h. */
#include "intake/notices.h"

#include "base/i18n.h"
#include "base/log.h"
#include "intake/letters.h"
#include "register/status.h"

#include <string.h>
#include <sys/statvfs.h>

enum { LISTED = 50 }; /* mails named in the list of the first look */

struct notice { /* a message that waits for staff */
    enum letter letter;
    gint64 message;
    struct value *facts;
};

struct notices {
    GPtrArray *waiting; /* of struct notice */
    struct value *old;  /* list of the first look's mails */
    int n_old;
    int renumbered_known, renumbered_fresh;
};

static void
notice_free(void *p)
{
    struct notice *n = p;

    value_free(n->facts);
    g_free(n);
}

struct notices *
notices_new(void)
{
    struct notices *n = g_new0(struct notices, 1);

    n->waiting = g_ptr_array_new_with_free_func(notice_free);
    n->old = value_list();
    return n;
}

void
notices_free(struct notices *n)
{
    g_ptr_array_unref(n->waiting);
    value_free(n->old);
    g_free(n);
}

static struct value *
facts_of(const struct incoming *a, const struct recorded *r,
         const struct clock *clock)
{
    struct value *v = value_map();
    const char *sender = a->reading ? reading_author(a->reading) : NULL;

    value_take_text(v, "received", letter_time(clock, a->ref.received));
    value_set_text(v, "handle", r->handle);
    value_set_text(v, "sender", sender);
    return v;
}

static void
add_waiting(struct notices *n, const struct office *o, enum letter letter,
            const struct incoming *a, const struct recorded *r)
{
    struct notice *notice = g_new0(struct notice, 1);

    notice->letter = letter;
    notice->message = r->message;
    notice->facts = facts_of(a, r, &o->clock);
    if (letter == LETTER_QUARANTINE_NOTICE) {
        value_set_int(notice->facts, "uid", a->ref.uid);
        value_set_int(notice->facts, "size", a->ref.size);
    } else {
        value_set_text(notice->facts, "subject",
                       a->reading ? a->reading->subject : NULL);
        value_set(
            notice->facts, "reasons",
            catalogue_reasons(o->letters, &r->reasons, NULL, REASON_FOR_DESK));
    }
    g_ptr_array_add(n->waiting, notice);
}

static void
add_old(struct notices *n, const struct office *o, const struct incoming *a,
        const struct recorded *r)
{
    struct value *v;

    if (n->n_old++ >= LISTED)
        return;
    v = facts_of(a, r, &o->clock);
    value_set_text(v, "subject", a->reading ? a->reading->subject : NULL);
    value_set_text(v, "outcome", folder_name(folder_of(r->verdict)));
    value_append(n->old, v);
}

void
notices_add(struct notices *n, const struct office *o, const struct incoming *a,
            const struct recorded *r)
{
    if (a->renumbered) {
        n->renumbered_known += r->again ? 1 : 0;
        n->renumbered_fresh += r->again ? 0 : 1;
    }
    if (r->again || a->silent)
        return;
    if (r->verdict == VERDICT_QUARANTINED)
        add_waiting(n, o, LETTER_QUARANTINE_NOTICE, a, r);
    else if (a->old)
        add_old(n, o, a, r);
    else if (r->verdict == VERDICT_HELD)
        add_waiting(n, o, LETTER_HELD_NOTICE, a, r);
}

/* ---- posting ---- */

static enum st
post_to_staff(struct intake *i, enum letter letter, const struct value *facts,
              gint64 message, struct err *e)
{
    g_autoptr(GPtrArray) staff = staff_addresses(i->office->config);
    struct post p = {.letter = letter,
                     .kind = MAIL_STAFF,
                     .message = message,
                     .facts = facts};

    return post_to_all(i, &p, (const char *const *)staff->pdata, e);
}

static enum st
post_waiting(struct intake *i, const struct notice *n, struct err *e)
{
    struct post p = {.letter = n->letter,
                     .kind = MAIL_STAFF,
                     .message = n->message,
                     .facts = n->facts};

    if (n->letter == LETTER_HELD_NOTICE)
        return post_to_staff(i, n->letter, n->facts, n->message, e);
    return post_to_all(
        i, &p, (const char *const *)i->office->config->secrecy_officers, e);
}

static enum st
post_old(struct notices *n, struct intake *i, struct err *e)
{
    g_autoptr(value) v = value_map();
    const struct office *o = i->office;
    gint64 since = clock_now(&o->clock) - o->config->answer_age;
    civil_day day = o->config->answer_since != DAY_NONE
                        ? o->config->answer_since
                        : clock_day(&o->clock, since);

    if (n->n_old == 0)
        return ST_OK;
    value_take_text(v, "since", day_format_chinese(day));
    value_set_int(v, "count", n->n_old);
    if (n->n_old > LISTED)
        value_set_int(v, "more", n->n_old - LISTED);
    value_set(v, "mails", value_copy(n->old));
    return post_to_staff(i, LETTER_FIRST_RUN, v, 0, e);
}

static enum st
post_renumbered(struct notices *n, struct intake *i, struct err *e)
{
    g_autoptr(value) v = value_map();

    if (n->renumbered_known + n->renumbered_fresh == 0)
        return ST_OK;
    value_set_int(v, "known", n->renumbered_known);
    value_set_int(v, "fresh", n->renumbered_fresh);
    return post_to_staff(i, LETTER_RENUMBERED, v, 0, e);
}

enum st
notices_post(struct notices *n, struct intake *i, gboolean at_end,
             struct err *e)
{
    enum st st = ST_OK;

    for (guint k = 0; st == ST_OK && k < n->waiting->len; k++)
        st = post_waiting(i, g_ptr_array_index(n->waiting, k), e);
    g_ptr_array_set_size(n->waiting, 0);
    if (st == ST_OK && at_end)
        st = post_old(n, i, e);
    if (st == ST_OK && at_end)
        st = post_renumbered(n, i, e);
    return st;
}

gboolean
notices_pending(const struct notices *n)
{
    return n->waiting->len > 0 || n->n_old > 0 ||
           n->renumbered_known + n->renumbered_fresh > 0;
}

/* ---- the state of the machine ---- */

static enum st
tell_disk_low(struct intake *i, gint64 free_bytes, struct err *e)
{
    const struct office *o = i->office;
    g_autofree char *today = day_format(clock_today(&o->clock));
    g_autofree char *key = g_strdup_printf("disk-low %s", today);
    g_autoptr(value) v = value_map();
    gboolean first = FALSE;
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK)
        st = reg_once(i->reg, key, clock_now(&o->clock), &first, e);
    value_set_int(v, "free", free_bytes >> 20);
    value_set_int(v, "floor", o->config->disk_floor >> 20);
    if (st == ST_OK && first)
        st = post_to_staff(i, LETTER_DISK_LOW, v, 0, e);
    if (st == ST_OK)
        return reg_commit(i->reg, e);
    reg_rollback(i->reg);
    return st;
}

enum st
notices_disk(struct intake *i, struct err *e)
{
    struct err own = ERR_INIT;
    struct statvfs v;
    gint64 free_bytes;

    if (statvfs(i->office->config->data, &v))
        return err_set(e, ST_RETRY, EXIT_IO, _("cannot look at the disk of %s"),
                       i->office->config->data);
    free_bytes = (gint64)v.f_bavail * (gint64)v.f_frsize;
    if (free_bytes >= i->office->config->disk_floor)
        return ST_OK;
    if (tell_disk_low(i, free_bytes, &own) != ST_OK)
        log_event(LOG_ERROR, "not-told", "cause", own.text, NULL);
    return err_set(e, ST_RETRY, EXIT_TRY_AGAIN,
                   _("only %d MB are free for %s (disk-floor is %d MB); make "
                     "room, intake goes on by itself"),
                   (int)(free_bytes >> 20), i->office->config->data,
                   (int)(i->office->config->disk_floor >> 20));
}

enum st
notices_of_looking(struct intake *i, gboolean failed, gboolean recovered,
                   struct err *e)
{
    const struct office *o = i->office;
    struct reg_status s = {0};
    g_autoptr(value) v = value_map();
    struct post p = {.letter = LETTER_ALERT, .kind = MAIL_ALERT, .facts = v};
    enum st st = reg_status_get(i->reg, &s, e);

    if (recovered)
        log_event(LOG_INFO, "looking-again", NULL);
    if (st == ST_OK && failed && !s.alerted &&
        s.failures >= o->config->alert_after) {
        value_take_text(v, "since", letter_time(&o->clock, s.failing_since));
        value_set_int(v, "failures", s.failures);
        value_set_text(v, "cause", s.last_error);
        if (s.last_success)
            value_take_text(v, "last_success",
                            letter_time(&o->clock, s.last_success));
        st = post_to_all(i, &p, (const char *const *)o->config->alert_addresses,
                         e);
        if (st == ST_OK)
            st = reg_status_alerted(i->reg, clock_now(&o->clock), e);
    }
    reg_status_clear(&s);
    return st;
}
