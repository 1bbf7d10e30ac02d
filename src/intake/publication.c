/* publication.c - see publication.h. */
#include "intake/publication.h"

#include "base/file.h"
#include "register/commission.h"
#include "reply/phrases.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { WORKBOOK_BYTES = 64 << 20 };

struct filling {
    const struct office *o;
    const struct standings *t;
    const struct score *score;
    const struct pack *pack;
    const struct facts *facts;
    struct bulletin *b;
};

/* ---- names ---- */

static const char *
who_name(const struct filling *f, score_who who)
{
    if (who < (int)f->pack->roster->units->len)
        return roster_unit(f->pack->roster, who)->name;
    return score_who_name(f->score, who);
}

/* The group printed above a column: the outermost but one, so that the
 * levels (县采用, 市采用 ...) stand side by side. */
static const char *
header_group(const struct pack *p, const struct pack_item *item)
{
    int g = item->group;

    if (g < 0)
        return NULL;
    while (pack_group(p, g)->group >= 0 &&
           pack_group(p, pack_group(p, g)->group)->group >= 0)
        g = pack_group(p, g)->group;
    return pack_group(p, g)->name;
}

static char *
units_of(const struct filling *f, const struct fact_submission *s)
{
    GString *names = g_string_new(NULL);

    for (int n = 0; n < s->n_units; n++)
        g_string_append_printf(names, "%s%s", n ? "、" : "",
                               roster_unit(f->pack->roster, s->units[n])->name);
    return g_string_free(names, FALSE);
}

/* ---- the tables ---- */

static void
fill_row(struct filling *f, struct bulletin_class *c,
         const struct standing_row *r)
{
    struct bulletin_row *row = bulletin_add_row(f->b, c, who_name(f, r->who));

    row->rank = r->rank;
    row->submitted = r->submitted;
    row->adopted = r->adopted;
    for (guint n = 0; n < f->pack->items->len; n++)
        row->counts[n] = r->counts[n] / DECIMAL_ONE;
    row->points = r->points;
    row->adjustment = r->adjustment;
    row->to_date = r->to_date;
}

static enum bulletin_standing
printed_standing(enum standing s)
{
    switch (s) {
    case STANDING_RANKED:
        return BULLETIN_RANKED;
    case STANDING_LISTED:
        return BULLETIN_LISTED;
    case STANDING_UNCREDITED:
        return BULLETIN_UNCREDITED;
    case STANDING_HIDDEN:
        return BULLETIN_HIDDEN;
    }
    g_assert_not_reached();
}

static void
fill_tables(struct filling *f)
{
    for (guint n = 0; n < f->pack->items->len; n++) {
        const struct pack_item *item = pack_item(f->pack, (int)n);

        bulletin_add_item(f->b, item->name, item->label,
                          header_group(f->pack, item));
    }
    for (guint n = 0; n < f->pack->roster->classes->len; n++) {
        const struct unit_class *k = roster_class(f->pack->roster, (int)n);
        struct bulletin_class *c =
            bulletin_add_class(f->b, k->name, printed_standing(k->standing));

        for (guint r = 0; r < f->t->rows->len; r++) {
            const struct standing_row *row = g_ptr_array_index(f->t->rows, r);

            if (row->class_index == (int)n)
                fill_row(f, c, row);
        }
    }
}

/* ---- adoptions and deductions ---- */

static void
fill_adoption(struct filling *f, const struct score_mark *m, decimal worth)
{
    const struct fact_submission *s = facts_submission(f->facts, m->submission);
    g_autofree char *units = units_of(f, s);
    struct bulletin_adoption a = {.number = s->number,
                                  .title = s->title,
                                  .units = units,
                                  .item = m->item->label,
                                  .group = header_group(f->pack, m->item),
                                  .date = m->day,
                                  .points = worth};

    bulletin_add_adoption(f->b, &a);
}

static void
fill_deduction(struct filling *f, const struct score_line *line)
{
    const struct score_mark *m = line->mark;
    struct bulletin_deduction d = {.unit = who_name(f, line->who),
                                   .item = m->item->label,
                                   .points = line->points,
                                   .date = line->day,
                                   .clause = m->item->clause,
                                   .remark = m->fact ? m->fact->note : NULL};

    if (m->submission >= 0)
        d.about = facts_submission(f->facts, m->submission)->number;
    else if (m->commission >= 0)
        d.about = facts_commission(f->facts, m->commission)->number;
    bulletin_add_deduction(f->b, &d);
}

/* Each adoption once, whoever shares it: seen holds the marks. */
static void
fill_lines_of(struct filling *f, score_who who, GHashTable *seen)
{
    g_autoptr(GPtrArray) lines =
        score_lines(f->score, who, f->t->period.from, f->t->period.to);

    for (guint n = 0; n < lines->len; n++) {
        const struct score_line *line = g_ptr_array_index(lines, n);
        const struct score_mark *m = line->mark;

        if (m->submission >= 0 && pack_is_adoption(f->pack, m->item) &&
            line->day == m->day && g_hash_table_add(seen, (void *)m))
            fill_adoption(f, m, line->worth);
        else if (line->points < 0 && !pack_is_adoption(f->pack, m->item))
            fill_deduction(f, line);
    }
}

static void
fill_lists(struct filling *f)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

    for (guint n = 0; n < f->t->rows->len; n++) {
        const struct standing_row *r = g_ptr_array_index(f->t->rows, n);

        fill_lines_of(f, r->who, seen);
    }
}

/* ---- commissions ---- */

static enum commission_outcome
outcome_of(const struct reg_commission *c, const struct reg_commissioned *u,
           gint64 now)
{
    if (u->waived)
        return COMMISSION_WAIVED;
    if (u->answered)
        return u->answered <= c->due ? COMMISSION_ANSWERED : COMMISSION_LATE;
    return c->due < now ? COMMISSION_MISSED : COMMISSION_OPEN;
}

static void
fill_commission(struct filling *f, const struct reg_commission *c)
{
    const struct clock *clock = &f->o->clock;
    g_autofree char *due = clock_format(clock, c->due);

    for (guint n = 0; n < c->units->len; n++) {
        const struct reg_commissioned *u = g_ptr_array_index(c->units, n);
        g_autofree char *answered =
            u->answered ? clock_format(clock, u->answered) : NULL;
        struct bulletin_commission row = {
            .number = c->number,
            .title = c->title,
            .level = c->level,
            .due = due,
            .unit = office_unit_name(u->unit, (void *)f->o),
            .outcome = outcome_of(c, u, clock_now(clock)),
            .answered = answered,
            .answer = u->answer,
            .remark = u->waived_note};

        bulletin_add_commission(f->b, &row);
    }
}

static enum st
fill_commissions(struct filling *f, struct reg *reg, struct err *e)
{
    g_autoptr(GPtrArray) all = NULL;
    enum st st = reg_commissions(reg, &f->o->clock, f->t->period.from,
                                 f->t->period.to, &all, e);

    for (guint n = 0; st == ST_OK && n < all->len; n++)
        fill_commission(f, g_ptr_array_index(all, n));
    return st;
}

/* ---- adjustments ---- */

static void
fill_adjustments(struct filling *f)
{
    for (guint n = 0; n < f->t->rows->len; n++) {
        const struct standing_row *r = g_ptr_array_index(f->t->rows, n);

        for (guint k = 0; k < r->adjustments->len; k++) {
            const struct standing_adjustment *a =
                g_ptr_array_index(r->adjustments, k);
            struct bulletin_adjustment row = {.unit = who_name(f, r->who),
                                              .item = a->label,
                                              .points = a->points,
                                              .date = a->day,
                                              .about = a->number};

            bulletin_add_adjustment(f->b, &row);
        }
    }
}

/* ---- tasks ---- */

static enum target_outcome
target_outcome(const struct standing_target *t)
{
    if (!t->judged)
        return TARGET_NOT_YET;
    return t->met ? TARGET_MET : TARGET_UNMET;
}

static void
fill_targets(struct filling *f)
{
    for (guint n = 0; n < f->t->rows->len; n++) {
        const struct standing_row *r = g_ptr_array_index(f->t->rows, n);

        for (guint k = 0; k < r->targets->len; k++) {
            const struct standing_target *t =
                &g_array_index(r->targets, struct standing_target, k);
            g_autofree char *period = period_printed(&t->period);
            struct bulletin_target row = {
                .unit = who_name(f, r->who),
                .metric = t->measure->name,
                .period = period,
                .target = t->goal->number,
                .actual =
                    t->blank ? 0 : ratio_round(t->actual, f->pack->decimals),
                .at_most = t->goal->at_most,
                .outcome = target_outcome(t)};

            bulletin_add_target(f->b, &row);
        }
    }
}

/* ---- notes: what was decided where the regulation is silent ---- */

static void
fill_note(struct filling *f, const char *clause, const char *name,
          const char *choice)
{
    g_autofree char *text = NULL;

    if (!choice)
        return;
    text = g_strdup_printf("%s：%s", name, choice);
    bulletin_add_note(f->b, clause, text);
}

static void
fill_notes(struct filling *f)
{
    const struct pack *p = f->pack;

    if (p->note)
        bulletin_add_note(f->b, NULL, p->note);
    if (p->roster_note)
        bulletin_add_note(f->b, NULL, p->roster_note);
    for (guint n = 0; n < p->groups->len; n++) {
        const struct pack_group *g = pack_group(p, (int)n);

        fill_note(f, g->clause, g->name, g->choice);
    }
    for (guint n = 0; n < p->items->len; n++) {
        const struct pack_item *i = pack_item(p, (int)n);

        fill_note(f, i->clause, i->name, i->choice);
    }
    for (guint n = 0; n < p->measures->len; n++) {
        const struct pack_measure *m = pack_measure(p, (int)n);

        fill_note(f, m->clause, m->name, m->choice);
    }
    for (guint n = 0; n < p->rankings->len; n++) {
        const struct pack_ranking *r = g_ptr_array_index(p->rankings, n);

        fill_note(f, r->clause, r->name, r->choice);
    }
}

/* ---- the whole ---- */

static void
fill_head(struct filling *f)
{
    struct bulletin *b = f->b;
    const struct clock *clock = &f->o->clock;
    g_autofree char *period = period_printed(&f->t->period);
    g_autofree char *cut_off = clock_format(clock, clock_now(clock));

    b->office = bulletin_copy(b, f->o->config->office);
    b->period = bulletin_copy(b, period);
    b->rules_title = bulletin_copy(b, f->pack->title);
    b->rules_document = bulletin_copy(b, f->pack->document);
    b->choices_by = bulletin_copy(b, f->pack->choices_by);
    b->from = f->t->period.from;
    b->to = f->t->period.to;
    b->dated = clock_today(clock);
    b->made = clock_now(clock);
    b->cut_off = bulletin_copy(b, cut_off);
    b->received = f->t->received;
    b->adopted = f->t->adopted;
}

enum st
publication_new(const struct office *o, struct reg *reg,
                const struct standings *t, struct bulletin **out, struct err *e)
{
    g_autoptr(bulletin) b = bulletin_new();
    struct filling f = {.o = o,
                        .t = t,
                        .score = t->score,
                        .pack = score_pack(t->score),
                        .facts = score_facts(t->score),
                        .b = b};
    enum st st;

    fill_head(&f);
    fill_tables(&f);
    fill_lists(&f);
    fill_targets(&f);
    fill_adjustments(&f);
    fill_notes(&f);
    st = fill_commissions(&f, reg, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&b);
    return st;
}

enum st
publication_write(const struct office *o, struct reg *reg,
                  const struct standings *t, const char *path, struct err *e)
{
    g_autoptr(bulletin) b = NULL;
    g_autoptr(phrases) words = NULL;
    enum st st = publication_new(o, reg, t, &b, e);

    if (st == ST_OK)
        st = bulletin_load_words(o->templates, o->own_templates, &words, e);
    return st == ST_OK ? bulletin_write_xlsx(b, words, path, e) : st;
}

enum st
publication_bytes(const struct office *o, struct reg *reg,
                  const struct standings *t, GBytes **out, struct err *e)
{
    /* should we be killed, upkeep_sweep() knows it by this form of name */
    g_autofree char *path =
        g_strdup_printf("%s/bulletin.%ld.tmp", o->config->data, (long)getpid());
    char *data = NULL;
    size_t len = 0;
    enum st st = publication_write(o, reg, t, path, e);

    if (st == ST_OK)
        st = file_read(path, WORKBOOK_BYTES, &data, &len, e);
    g_unlink(path);
    if (st == ST_OK)
        *out = g_bytes_new_take(data, len);
    return st;
}

char *
publication_title(const struct office *o, const struct period *p)
{
    g_autoptr(bulletin) b = bulletin_new();
    g_autoptr(phrases) words = NULL;
    g_autofree char *period = period_printed(p);
    struct err e = ERR_INIT;

    b->office = bulletin_copy(b, o->config->office);
    b->period = bulletin_copy(b, period);
    if (bulletin_load_words(o->templates, o->own_templates, &words, &e) !=
        ST_OK)
        return g_steal_pointer(&period);
    return bulletin_title(b, words);
}
