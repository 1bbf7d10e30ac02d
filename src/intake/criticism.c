/* criticism.c - see criticism.h. */
#include "intake/criticism.h"

#include "intake/addresses.h"

#include <string.h>

/* The word by which a pack's text of an effect asks for it. */
static const char AT_ONCE[] = "即时通报";

gboolean
criticism_is_immediate(const struct pack_item *item)
{
    return item->effect == EFFECT_CRITICISM && item->text &&
           strstr(item->text, AT_ONCE);
}

static struct value *
facts_of(const struct office *o, const struct reg_submission *s,
         const struct pack_item *item)
{
    struct value *v = value_map();

    value_set_text(v, "number", s->number);
    value_set_text(v, "title", s->title);
    value_set_text(v, "submitter", s->submitter);
    value_take_text(v, "received", letter_received(&o->clock, s));
    value_set_text(v, "item", item->label ? item->label : item->name);
    value_set_text(v, "text", item->text);
    value_set_text(v, "clause", item->clause);
    return v;
}

enum st
criticism_notify(struct intake *i, const struct reg_submission *s,
                 const struct pack_item *item, int *sent, GPtrArray *without,
                 struct err *e)
{
    const struct office *o = i->office;
    g_autoptr(value) facts = facts_of(o, s, item);
    struct post p = {.letter = LETTER_CRITICISM,
                     .kind = MAIL_NOTICE,
                     .message = s->message,
                     .facts = facts};
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < s->credits->len; n++) {
        const struct reg_credit *c = g_ptr_array_index(s->credits, n);
        const struct unit *u = roster_find(o->pack->roster, c->unit);

        if (!u)
            continue;
        value_set_text(facts, "unit", u->name);
        st = post_to_unit(i, u, &p, sent, without, e);
    }
    return st;
}
