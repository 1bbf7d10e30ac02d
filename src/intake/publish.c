/* publish.c - see publish.h. */
#include "intake/publish.h"

#include "base/i18n.h"
#include "intake/addresses.h"
#include "intake/publication.h"
#include "intake/scoring.h"
#include "intake/uncounted.h"
#include "report/scores_json.h"

const char *
publish_series(const struct period *p)
{
    return p->kind == PERIOD_NONE ? "custom" : period_kind_name(p->kind);
}

static enum st
add_correction(struct reg *reg, const struct reg_bulletin *correction,
               struct published *p, struct err *e)
{
    g_autofree char *corrected = NULL;
    enum st st = reg_bulletin_scores(reg, correction->corrects, &corrected, e);

    return st == ST_OK
               ? scores_json_corrected(corrected, correction->scores, p, e)
               : st;
}

/* The last one of the series before a period.  Where the rules have changed
 * the period of the office's ordinary bulletins (each month, then each
 * quarter), the new series goes on from the old one: or else nobody would be
 * told what is corrected of its days. */
static enum st
last_of_series(const struct office *o, struct reg *reg, const struct period *p,
               struct reg_bulletin **out, struct err *e)
{
    const struct pack *rules = office_pack_on(o, p->to);
    enum period_kind kind = p->kind;
    enum st st = reg_published_before(reg, publish_series(p), p->from, out, e);

    if (p->kind != rules->bulletin)
        return st;
    for (rules = rules->before; st == ST_OK && !*out && rules;
         rules = rules->before) {
        if (rules->bulletin == kind)
            continue;
        kind = rules->bulletin;
        st = reg_published_before(reg, period_kind_name(kind), p->from, out, e);
    }
    return st;
}

/* What was published about the days before this period: what the last
 * bulletin of the series knew, and what corrections of still earlier ones
 * changed after that. */
static enum st
last_published(const struct office *o, struct reg *reg, const struct period *p,
               struct published **out, struct err *e)
{
    g_autoptr(reg_bulletin) b = NULL;
    g_autoptr(published) known = NULL;
    g_autoptr(GPtrArray) corrections = NULL;
    enum st st = last_of_series(o, reg, p, &b, e);

    if (st != ST_OK || !b)
        return st;
    st = scores_json_published(b->scores, &known, e);
    if (st == ST_OK)
        st = reg_corrections_since(reg, b, p->from, &corrections, e);
    for (guint n = 0; st == ST_OK && n < corrections->len; n++)
        st = add_correction(reg, corrections->pdata[n], known, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&known);
    return st;
}

enum st
standings_now(const struct office *o, struct reg *reg, const struct period *p,
              struct scoring **s_out, struct standings **out, struct err *e)
{
    g_autoptr(scoring) s = NULL;
    g_autoptr(standings) t = NULL;
    g_autoptr(published) before = NULL;
    enum st st = last_published(o, reg, p, &before, e);

    if (st == ST_OK)
        st = scoring_new_since(o, reg, scoring_day(o, p), before, &s, e);
    if (st == ST_OK)
        st = standings_new(s->score, p, &t, e);
    if (st == ST_OK)
        st = standings_adjust(t, before, e);
    if (st != ST_OK)
        return st;
    *s_out = g_steal_pointer(&s);
    *out = g_steal_pointer(&t);
    return ST_OK;
}

/* ---- the mails ---- */

struct sending {
    struct intake *i;
    const struct scoring *s;
    const struct standings *t;
    const struct publication *made;
    struct mail_attachment files[PUBLICATION_FILES];
    gboolean corrects;
    int sent;
    GPtrArray *without;
};

static struct value *
unit_facts(const struct sending *x, const struct unit *u)
{
    const struct standing_row *r = standings_of_unit(x->t, u);
    struct value *v = value_map();

    value_set_text(v, "unit", u->name);
    value_set_text(v, "title", x->made->title);
    value_set_bool(v, "corrects", x->corrects);
    if (!r)
        return v;
    value_set_int(v, "submitted", r->submitted);
    value_set_int(v, "adopted", r->adopted);
    if (!pack_has_points(score_pack(x->t->score)))
        return v;
    value_take_text(v, "points", decimal_format(r->points));
    if (r->adjustment)
        value_take_text(v, "adjustment", decimal_format(r->adjustment));
    value_take_text(v, "points_to_date", decimal_format(r->to_date));
    if (r->rank)
        value_set_int(v, "rank", r->rank);
    return v;
}

static enum st
send_to_unit(struct sending *x, struct unit *u, struct err *e)
{
    g_autoptr(value) v = unit_facts(x, u);
    struct post p = {.letter = LETTER_BULLETIN,
                     .kind = MAIL_BULLETIN,
                     .facts = v,
                     .attachments = x->files,
                     .n_attachments = PUBLICATION_FILES};

    return post_to_unit(x->i, u, &p, &x->sent, x->without, e);
}

static enum st
tell_staff(struct sending *x, struct err *e)
{
    g_autoptr(GPtrArray) staff = staff_addresses(x->i->office->config);
    g_autoptr(value) v = value_map();
    struct post p = {.letter = LETTER_PUBLISHED,
                     .kind = MAIL_BULLETIN,
                     .facts = v,
                     .names_staff = TRUE,
                     .attachments = x->files,
                     .n_attachments = PUBLICATION_FILES};

    value_set_text(v, "title", x->made->title);
    value_set_text(v, "file", x->files[0].name);
    value_set_text(v, "notice", x->files[1].name);
    value_set_int(v, "sent", x->sent);
    value_take_text(v, "without", letter_list(x->without));
    value_set_bool(v, "corrects", x->corrects);
    uncounted_facts(x->s, &x->t->period, v);
    return post_to_all(x->i, &p, (const char *const *)staff->pdata, e);
}

static enum st
send_all(struct sending *x, struct err *e)
{
    const struct roster *units = x->i->office->pack->roster;
    civil_day day = x->t->period.to;
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < units->units->len; n++) {
        struct unit *u = roster_unit(units, (int)n);

        if (unit_spans(u, day, day))
            st = send_to_unit(x, u, e);
    }
    return st == ST_OK ? tell_staff(x, e) : st;
}

/* ---- freezing ---- */

static enum st
freeze(struct intake *i, const struct standings *t,
       const struct publication *made, gboolean correct,
       const struct reg_act *act, struct err *e)
{
    const struct office *o = i->office;
    g_autoptr(reg_bulletin) b = reg_bulletin_new();
    g_autoptr(reg_bulletin) last = NULL;
    g_autoptr(JsonNode) scores = scores_json(o->config->office, t, TRUE);
    gint64 id = 0;
    enum st st;

    b->series = g_strdup(publish_series(&t->period));
    b->period = period_name(&t->period);
    b->from = t->period.from;
    b->to = t->period.to;
    b->published = act->at;
    b->by = g_strdup(act->by);
    b->pack = g_strdup(o->pack->id);
    b->scores = json_to_string(scores, FALSE);
    for (int n = 0; n < PUBLICATION_FILES; n++)
        g_ptr_array_add(
            b->files, reg_file_new(made->files[n].name, made->files[n].bytes));
    st = reg_published(i->reg, b->series, b->period, &last, e);
    if (st == ST_OK && correct && !last)
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       _("%s is not published yet: there is nothing to "
                         "correct"),
                       b->period);
    if (st == ST_OK && correct)
        b->corrects = last->id;
    return st == ST_OK ? reg_publish(i->reg, b, act, &id, e) : st;
}

static enum st
publish_under(struct intake *i, const struct period *p, gboolean correct,
              const struct reg_act *act, int *sent_out, GPtrArray **without_out,
              struct err *e)
{
    const struct office *o = i->office;
    g_autoptr(scoring) s = NULL;
    g_autoptr(standings) t = NULL;
    g_autoptr(publication) made = NULL;
    g_autoptr(GPtrArray) without = g_ptr_array_new_with_free_func(g_free);
    struct sending x = {.i = i, .corrects = correct, .without = without};
    enum st st = standings_now(o, i->reg, p, &s, &t, e);

    if (st == ST_OK)
        st = publication_make(o, i->reg, t, &made, e);
    if (st == ST_OK)
        st = freeze(i, t, made, correct, act, e);
    if (st != ST_OK)
        return st;
    x.s = s;
    x.t = t;
    x.made = made;
    publication_attach(made, x.files);
    st = send_all(&x, e);
    *sent_out = x.sent;
    *without_out = g_steal_pointer(&without);
    return st;
}

gboolean
publish_is_over(const struct office *o, const struct period *p)
{
    return p->to < clock_today(&o->clock);
}

enum st
publish_bulletin(struct intake *i, const struct period *p, gboolean correct,
                 const struct reg_act *act, int *sent_out,
                 GPtrArray **without_out, struct err *e)
{
    g_autofree char *name = period_name(p);
    enum st st;

    if (!publish_is_over(i->office, p))
        return err_set(e, ST_REJECT, EXIT_BAD_DATA,
                       _("%s is not over yet and cannot be published"), name);
    office_turn(i->office, p->to);
    st = publish_under(i, p, correct, act, sent_out, without_out, e);
    office_turn(i->office, clock_today(&i->office->clock));
    return st;
}
