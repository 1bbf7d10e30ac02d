/* notices.c - see notices.h. */
#include "intake/notices.h"

#include "base/i18n.h"
#include "base/log.h"
#include "intake/informants.h"
#include "intake/letters.h"
#include "intake/similar.h"
#include "register/status.h"

#include <string.h>
#include <sys/statvfs.h>

enum {
    PASSAGES_TOLD = 3,
    PASSAGE_CHARS = 60,
    CLAIMS_TOLD = 5,
    HOUR = 3600,
    DAY = 24 * HOUR
};

/* ---- a message that waits ---- */

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

/* Who claims to have written, where that is not one: none of them is taken as
 * the author.  "a@x、b@y", NULL for nobody. */
static char *
claimed_authors(const struct reading *r)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();

    for (guint n = 0; n < r->from->len && found->len < CLAIMS_TOLD; n++) {
        const struct reading_address *one = g_ptr_array_index(r->from, n);

        if (one->address)
            g_ptr_array_add(found, one->address);
    }
    return found->len ? letter_list(found) : NULL;
}

static void
add_origin(struct value *v, const struct reading *r)
{
    const char *author = reading_author(r);

    value_set_text(v, "subject", r->subject);
    if (!author) {
        value_take_text(v, "claims", claimed_authors(r));
        value_set_int(v, "claims_count", r->from->len);
    }
    if (r->sender && g_strcmp0(r->sender, author) != 0)
        value_set_text(v, "sent_by", r->sender);
}

/* Notices are counted by keys that begin so: those about a sender, and those
 * of an hour.  What has no author at all counts as one sender. */
struct held_room {
    char *of_sender, *of_hour; /* owned */
    int sender_left, hour_left;
};

static void
held_room_clear(struct held_room *h)
{
    g_free(h->of_sender);
    g_free(h->of_hour);
}

static enum st
held_room_find(struct intake *i, const struct incoming *a,
               struct held_room *out, struct err *e)
{
    const struct config *c = i->office->config;
    const char *author = a->reading ? reading_author(a->reading) : NULL;
    g_autofree char *sender = g_ascii_strdown(author ? author : "-", -1);
    gint64 now = clock_now(&i->office->clock);
    int n_sender = 0, n_hour = 0;
    enum st st;

    out->of_sender = g_strdup_printf("held-of %s ", sender);
    out->of_hour = g_strdup_printf("held-at %" G_GINT64_FORMAT " ", now / HOUR);
    st = reg_once_count(i->reg, out->of_sender, now - DAY, &n_sender, e);
    if (st == ST_OK)
        st = reg_once_count(i->reg, out->of_hour, 0, &n_hour, e);
    out->sender_left = c->replies_per_day - n_sender;
    out->hour_left = c->replies_per_hour - n_hour;
    return st;
}

/* The keys do not say which message: what 清除 removes leaves no trace. */
static enum st
held_room_take(struct intake *i, const struct held_room *h, struct err *e)
{
    gint64 now = clock_now(&i->office->clock);
    g_autofree char *of_sender = g_strdup_printf(
        "%s%" G_GINT64_FORMAT " %d", h->of_sender, now, h->sender_left);
    g_autofree char *of_hour =
        g_strdup_printf("%s%d", h->of_hour, h->hour_left);
    gboolean first = FALSE;
    enum st st = reg_once(i->reg, of_sender, now, &first, e);

    return st == ST_OK ? reg_once(i->reg, of_hour, now, &first, e) : st;
}

static enum st
post_held(struct intake *i, const struct incoming *a, const struct recorded *r,
          const struct held_room *room, struct err *e)
{
    const struct config *c = i->office->config;
    const struct office *o = i->office;
    g_autoptr(value) v = facts_of(a, r, &o->clock);

    if (room->sender_left == 1)
        value_set_int(v, "last_of_sender", c->replies_per_day);
    else if (room->hour_left == 1)
        value_set_int(v, "last_of_hour", c->replies_per_hour);
    if (a->reading)
        add_origin(v, a->reading);
    value_set(v, "reasons", value_copy(r->told));
    if (reason_has(&r->reasons, REASON_REGISTRATION)) {
        g_autoptr(GPtrArray) all = registration_read(a->reading, o->matcher);

        value_set(v, "entries", informants_facts(all, NULL));
    }
    return post_to_staff(i, LETTER_HELD_NOTICE, v, r->message, e);
}

/* A stranger's flood must not become one of notices to each of the staff: the
 * last that there is room for says that more will only be listed. */
static enum st
post_held_within_limits(struct intake *i, const struct incoming *a,
                        const struct recorded *r, struct err *e)
{
    struct held_room room = {NULL, NULL, 0, 0};
    enum st st = held_room_find(i, a, &room, e);

    if (st == ST_OK && room.sender_left > 0 && room.hour_left > 0) {
        st = held_room_take(i, &room, e);
        if (st == ST_OK)
            st = post_held(i, a, r, &room, e);
    } else if (st == ST_OK) {
        log_event(LOG_WARN, "held-untold", "handle", r->handle, NULL);
    }
    held_room_clear(&room);
    return st;
}

/* What it is known by, and nothing of what it says. */
static enum st
post_quarantined(struct intake *i, const struct incoming *a,
                 const struct recorded *r, struct err *e)
{
    const struct config *c = i->office->config;
    g_autoptr(value) v = facts_of(a, r, &i->office->clock);
    struct post p = {.letter = LETTER_QUARANTINE_NOTICE,
                     .kind = MAIL_STAFF,
                     .message = r->message,
                     .facts = v};

    value_set_int(v, "uid", a->ref.uid);
    value_set_int(v, "size", a->ref.size);
    return post_to_all(i, &p, (const char *const *)c->secrecy_officers, e);
}

enum st
notices_post(struct intake *i, const struct incoming *a,
             const struct recorded *r, struct err *e)
{
    if (r->again || a->silent || r->challenged)
        return ST_OK;
    if (r->verdict == VERDICT_QUARANTINED)
        return post_quarantined(i, a, r, e);
    if (r->verdict == VERDICT_HELD && !a->old)
        return post_held_within_limits(i, a, r, e);
    return ST_OK;
}

/* ---- a draft that is like others ---- */

static void
add_passages(struct value *other, const struct reg_similar *s, const char *text)
{
    struct value *list = value_list();

    for (guint n = 0; n < s->passages->len && n < PASSAGES_TOLD; n++) {
        struct value *one = value_map();

        value_take_text(
            one, "text",
            similar_excerpt(text,
                            &g_array_index(s->passages, struct reg_passage, n),
                            PASSAGE_CHARS));
        value_append(list, one);
    }
    value_set(other, "passages", list);
}

static struct value *
other_facts(const struct intake *i, const struct reg_similar *s,
            const char *text)
{
    struct value *v = value_map();

    value_set_text(v, "number", s->number);
    value_set_text(v, "title", s->title);
    value_set_text(v, "reference", s->reference);
    if (s->unit)
        value_set_text(v, "unit", office_unit_name(s->unit, i->office));
    value_set_int(v, "here", similar_percent(s->here));
    value_set_int(v, "there", similar_percent(s->there));
    add_passages(v, s, text);
    return v;
}

enum st
notices_similar(struct intake *i, const struct decision *d,
                const struct recorded *r, const char *text, struct err *e)
{
    const struct unit *u = fields_unit(d->fields);
    g_autoptr(value) v = value_map();
    struct value *others = value_list();

    value_set_text(v, "number", r->number);
    value_set_text(v, "title", d->fields->title);
    value_set_text(v, "unit", u ? u->name : NULL);
    for (guint n = 0; n < r->similar->len; n++)
        value_append(others, other_facts(i, r->similar->pdata[n], text));
    value_set(v, "others", others);
    return post_to_staff(i, LETTER_SIMILAR, v, r->message, e);
}

/* ---- the state of the machine ---- */

static enum st
tell_disk_low(struct intake *i, gint64 free_bytes, struct err *e)
{
    g_autoptr(value) v = value_map();
    gboolean first = FALSE;
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK)
        st = once_today(i, "disk-low", &first, e);
    value_set_int(v, "free", free_bytes >> 20);
    value_set_int(v, "floor", i->office->config->disk_floor >> 20);
    if (st == ST_OK && first)
        st = post_to_staff(i, LETTER_DISK_LOW, v, 0, e);
    return reg_end(i->reg, st, e);
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

/* The sentence in Chinese; what the failure said is for the administrator. */
static void
set_trouble(struct value *v, enum exit_status status)
{
    static const struct {
        enum exit_status status;
        const char *name;
    } troubles[] = {{EXIT_LOGIN_REFUSED, "login"},
                    {EXIT_UNAVAILABLE, "unreachable"},
                    {EXIT_TRY_AGAIN, "busy"},
                    {EXIT_IO, "local"},
                    {EXIT_CONFIGURATION, "configuration"}};
    gboolean known = FALSE;

    for (size_t n = 0; n < G_N_ELEMENTS(troubles); n++) {
        value_set_bool(v, troubles[n].name, troubles[n].status == status);
        known |= troubles[n].status == status;
    }
    value_set_bool(v, "internal", !known);
}

/* Another program that is writing just now is waited for, and no news. */
static enum st
not_done_is_news(struct intake *i, const char *duty, const struct err *why,
                 gboolean *out, struct err *e)
{
    g_autofree char *once = g_strdup_printf("not-done %s", duty);
    g_autofree char *again = g_strdup_printf("not-done-again %s", duty);
    gboolean first = FALSE;
    enum st st = ST_OK;

    if (why->status == EXIT_TRY_AGAIN)
        st = once_today(i, again, &first, e);
    return st == ST_OK && !first ? once_today(i, once, out, e) : st;
}

enum st
notices_not_done(struct intake *i, const char *duty, const struct err *why,
                 struct err *e)
{
    g_autoptr(value) v = value_map();
    gboolean news = FALSE;
    enum st st = reg_begin(i->reg, e);

    if (st == ST_OK)
        st = not_done_is_news(i, duty, why, &news, e);
    value_set_bool(v, duty, TRUE);
    set_trouble(v, why->status);
    value_set_text(v, "cause", why->text);
    if (st == ST_OK && news)
        st = post_to_staff(i, LETTER_NOT_DONE, v, 0, e);
    return reg_end(i->reg, st, e);
}

static struct value *
alert_facts(const struct office *o, const struct reg_status *s,
            const struct err *failure)
{
    struct value *v = value_map();

    value_take_text(v, "since", letter_time(&o->clock, s->failing_since));
    value_set_int(v, "failures", s->failures);
    set_trouble(v, failure->status);
    value_set_text(v, "cause", failure->text);
    if (s->last_success)
        value_take_text(v, "last_success",
                        letter_time(&o->clock, s->last_success));
    return v;
}

enum st
notices_of_looking(struct intake *i, const struct err *failure,
                   gboolean recovered, struct err *e)
{
    const struct office *o = i->office;
    const char *const *all = (const char *const *)o->config->alert_addresses;
    struct reg_status s = {0};
    enum st st = reg_status_get(i->reg, &s, e);

    if (recovered)
        log_event(LOG_INFO, "looking-again", NULL);
    if (st == ST_OK && failure && !s.alerted &&
        s.failures >= o->config->alert_after) {
        g_autoptr(value) v = alert_facts(o, &s, failure);
        struct post p = {
            .letter = LETTER_ALERT, .kind = MAIL_ALERT, .facts = v};

        st = post_to_all(i, &p, all, e);
        if (st == ST_OK)
            st = reg_status_alerted(i->reg, clock_now(&o->clock), e);
    }
    reg_status_clear(&s);
    return st;
}
