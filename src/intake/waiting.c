/* waiting.c - see waiting.h. */
#include "intake/waiting.h"

#include "intake/digest.h"
#include "intake/letters.h"
#include "register/message.h"
#include "register/outbox.h"

enum { LISTED = 50 };

/* Of what is quarantined the register has no subject to tell. */
static struct value *
waiting_facts(const struct office *o, const struct reg_message *m)
{
    struct value *v = value_map();

    value_set_text(v, "handle", m->handle);
    value_take_text(v, "received", letter_time(&o->clock, m->received));
    value_set_text(v, "sender", m->sender);
    value_set_text(v, "subject", m->subject);
    value_set_bool(v, "quarantined", m->verdict == VERDICT_QUARANTINED);
    return v;
}

/* How many there are; the first of them are listed. */
static int
list_waiting(const struct office *o, const GPtrArray *open, gint64 hour,
             struct value *list)
{
    int n = 0;

    for (guint k = 0; k < open->len; k++) {
        const struct reg_message *m = g_ptr_array_index(open, k);

        if (m->recorded < hour && n++ < LISTED)
            value_append(list, waiting_facts(o, m));
    }
    return n;
}

static void
add_waiting(const struct office *o, const GPtrArray *open, gint64 hour,
            struct value *v, gboolean *news_out)
{
    struct value *list = value_list();
    int n = list_waiting(o, open, hour, list);

    value_set(v, "mails", list);
    if (n == 0)
        return;
    *news_out = TRUE;
    value_set_int(v, "count", n);
    if (n > LISTED)
        value_set_int(v, "more", n - LISTED);
}

enum st
waiting_tell(struct intake *i, gint64 hour, struct err *e)
{
    g_autoptr(value) v = value_map();
    g_autoptr(GPtrArray) open = NULL;
    gboolean news = FALSE;
    gint64 before = 0;
    enum st st = reg_messages_open(i->reg, &open, e);

    if (st == ST_OK)
        add_waiting(i->office, open, hour, v, &news);
    if (st == ST_OK)
        st = digest_facts(i, v, &news, e);
    if (st != ST_OK || !news)
        return st;
    st = reg_mail_last(i->reg, &before, e);
    if (st == ST_OK)
        st = post_to_staff(i, LETTER_WAITING, v, 0, e);
    return st == ST_OK ? digest_told(i, before, e) : st;
}
