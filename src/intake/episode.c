/* episode.c - see episode.h. */
#include "intake/episode.h"

#include "intake/letters.h"
#include "register/status.h"

#include <stdlib.h>

enum { LISTED = 50 }; /* mails named in the list of the first look */

/* The setting holds the last message recorded before it began. */
static const char *const settings[EPISODE_COUNT] = {
    [EPISODE_FIRST_LOOK] = "first-look",
    [EPISODE_RENUMBERED] = "renumbered",
    [EPISODE_RESTORED] = "restored",
};

enum st
episode_begin(struct intake *i, enum episode which, struct err *e)
{
    g_autofree char *text = NULL;
    gint64 last = 0;
    enum st st = reg_message_last(i->reg, &last, e);

    if (st != ST_OK)
        return st;
    text = g_strdup_printf("%" G_GINT64_FORMAT, last);
    return reg_setting_set(i->reg, settings[which], text, e);
}

static enum st
find(struct intake *i, enum episode which, gboolean *going_on_out,
     gint64 *since_out, struct err *e)
{
    g_autofree char *text = NULL;
    enum st st = reg_setting_get(i->reg, settings[which], &text, e);

    if (st != ST_OK)
        return st;
    *going_on_out = text != NULL;
    *since_out = text ? g_ascii_strtoll(text, NULL, 10) : 0;
    return ST_OK;
}

enum st
episode_going_on(struct intake *i, enum episode which, gboolean *going_on_out,
                 struct err *e)
{
    gint64 since = 0;

    return find(i, which, going_on_out, &since, e);
}

/* ---- the first look ---- */

static struct value *
old_mail(const struct office *o, const struct reg_message *m)
{
    struct value *v = value_map();

    value_take_text(v, "received", letter_time(&o->clock, m->received));
    value_set_text(v, "sender", m->sender);
    value_set_text(v, "subject", m->subject);
    value_set_text(v, "outcome", folder_name(folder_of(m->verdict)));
    return v;
}

/* What is quarantined has a notice of its own. */
static int
list_old(const struct office *o, const GPtrArray *all, struct value *list)
{
    int n = 0;

    for (guint k = 0; k < all->len; k++) {
        const struct reg_message *m = g_ptr_array_index(all, k);

        if (m->verdict == VERDICT_QUARANTINED)
            continue;
        if (n++ < LISTED)
            value_append(list, old_mail(o, m));
    }
    return n;
}

static enum st
tell_of_old_mail(struct intake *i, gint64 since, gint64 answered_from,
                 struct err *e)
{
    const struct office *o = i->office;
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(value) v = value_map();
    struct value *list = value_list();
    int n;
    enum st st = reg_messages_before(i->reg, o->config->mailbox, answered_from,
                                     since, &all, e);

    value_set(v, "mails", list);
    if (st != ST_OK)
        return st;
    n = list_old(o, all, list);
    if (n == 0)
        return ST_OK;
    value_take_text(v, "since",
                    day_format_chinese(clock_day(&o->clock, answered_from)));
    value_set_int(v, "count", n);
    if (n > LISTED)
        value_set_int(v, "more", n - LISTED);
    return post_to_staff(i, LETTER_FIRST_RUN, v, 0, e);
}

/* ---- new numbers ---- */

static enum st
tell_of_numbers(struct intake *i, gint64 since, struct err *e)
{
    g_autoptr(value) v = value_map();
    gint64 known = 0, fresh = 0;
    enum st st = reg_place_count(i->reg, i->office->config->mailbox, since,
                                 &known, &fresh, e);

    if (st != ST_OK || known + fresh == 0)
        return st;
    value_set_int(v, "known", known);
    value_set_int(v, "fresh", fresh);
    return post_to_staff(i, LETTER_RENUMBERED, v, 0, e);
}

/* ---- a register out of a backup ---- */

static enum st
tell_of_restoring(struct intake *i, gint64 since, gint64 answered_from,
                  struct err *e)
{
    const struct clock *clock = &i->office->clock;
    g_autoptr(value) v = value_map();
    gint64 last = 0;
    enum st st = reg_message_last(i->reg, &last, e);

    if (st != ST_OK)
        return st;
    value_set_int(v, "count", last - since);
    value_take_text(v, "since",
                    day_format_chinese(clock_day(clock, answered_from)));
    return post_to_staff(i, LETTER_RESTORED, v, 0, e);
}

/* ---- the end ---- */

static enum st
tell(struct intake *i, enum episode which, gint64 since, gint64 answered_from,
     struct err *e)
{
    switch (which) {
    case EPISODE_FIRST_LOOK:
        return tell_of_old_mail(i, since, answered_from, e);
    case EPISODE_RENUMBERED:
        return tell_of_numbers(i, since, e);
    case EPISODE_RESTORED:
        return tell_of_restoring(i, since, answered_from, e);
    case EPISODE_COUNT:
        break;
    }
    g_assert_not_reached();
}

static enum st
end(struct intake *i, enum episode which, gint64 answered_from, struct err *e)
{
    gboolean going_on = FALSE;
    gint64 since = 0;
    enum st st = find(i, which, &going_on, &since, e);

    if (st != ST_OK || !going_on)
        return st;
    st = reg_begin(i->reg, e);
    if (st == ST_OK)
        st = tell(i, which, since, answered_from, e);
    if (st == ST_OK)
        st = reg_setting_drop(i->reg, settings[which], e);
    return reg_end(i->reg, st, e);
}

enum st
episodes_end(struct intake *i, gint64 answered_from, struct err *e)
{
    enum st st = ST_OK;

    for (int which = 0; st == ST_OK && which < EPISODE_COUNT; which++)
        st = end(i, (enum episode)which, answered_from, e);
    return st;
}
