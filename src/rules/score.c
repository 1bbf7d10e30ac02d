/* score.c - see score.h: making a score, and asking it.  The evaluation is
 * in the files beside this one; docs/scoring.md tells how it works. */
#include "rules/score_state.h"

#include <string.h>

int
year_of_day(civil_day d)
{
    int y, m, dd;

    day_to_ymd(d, &y, &m, &dd);
    return y;
}

/* ---- who ---- */

int
score_n_credited(const struct score *s)
{
    return (int)s->credited->len;
}

score_who
score_credited(const struct score *s, int i)
{
    return g_array_index(s->credited, score_who, i);
}

int
score_n_who(const struct score *s)
{
    return s->n_who;
}

const char *
score_who_name(const struct score *s, score_who who)
{
    if (who < s->n_units)
        return roster_unit(s->p->roster, who)->name;
    return facts_person(s->f, who - s->n_units)->name;
}

score_who
score_find_who(const struct score *s, const char *name)
{
    const struct unit *u = roster_find(s->p->roster, name);
    gpointer at;

    if (u)
        return u->index;
    if (g_hash_table_lookup_extended(s->people, name, NULL, &at))
        return s->n_units + GPOINTER_TO_INT(at);
    return -1;
}

int
score_class_of(const struct score *s, score_who who, civil_day d)
{
    int unit = who;

    if (who >= s->n_units)
        unit = facts_person(s->f, who - s->n_units)->unit;
    return unit < 0 ? -1 : unit_class_on(roster_unit(s->p->roster, unit), d);
}

gboolean
score_exists(const struct score *s, score_who who, civil_day from, civil_day to)
{
    return who >= s->n_units ||
           unit_spans(roster_unit(s->p->roster, who), from, to);
}

gboolean
score_meets(const struct score *s, score_who who, civil_day from, civil_day to)
{
    return who >= s->n_units ||
           unit_meets(roster_unit(s->p->roster, who), from, to);
}

static void
find_people(struct score *s)
{
    for (int i = 0; i < (int)s->f->people->len; i++)
        g_hash_table_insert(s->people, (gpointer)facts_person(s->f, i)->name,
                            GINT_TO_POINTER(i));
}

/* Is it credited in its own right, on some day at least?  One that was moved
 * to an uncredited class keeps what it had. */
static gboolean
unit_counts(const struct score *s, int unit)
{
    const struct unit *u = roster_unit(s->p->roster, unit);
    gboolean credited = FALSE;

    for (guint i = 0; i < u->classes->len; i++) {
        int c = g_array_index(u->classes, struct class_span, i).class_index;

        credited |=
            roster_class(s->p->roster, c)->standing != STANDING_UNCREDITED;
    }
    return credited && unit_keeps_points(u);
}

static void
list_credited(struct score *s)
{
    gboolean authors = s->p->credit == CREDIT_AUTHORS;

    for (score_who who = 0; who < s->n_who; who++) {
        if (authors ? who < s->n_units
                    : who >= s->n_units || !unit_counts(s, who))
            continue;
        g_array_append_val(s->credited, who);
        s->is_credited[who] = TRUE;
    }
}

/* ---- making and freeing ---- */

/* Blocks grow: the score of one submission needs a few kilobytes, that of a
 * year megabytes. */
#define ARENA_FIRST ((gsize)8 * 1024)
#define ARENA_BLOCK ((gsize)256 * 1024)

gpointer
score_alloc(struct score *s, gsize n, gsize size)
{
    struct arena *a = &s->arena;
    gsize want = (n * size + 15) / 16 * 16;
    char *block;

    if (want > MAX(a->block, ARENA_FIRST) /
                   8) { /* a block of its own, before the last */
        block = g_malloc0(want);
        g_ptr_array_insert(a->blocks, 0, block);
        return block;
    }
    if (a->left < want) {
        a->block = MIN(MAX(2 * a->block, ARENA_FIRST), ARENA_BLOCK);
        g_ptr_array_add(a->blocks, g_malloc0(a->block));
        a->left = a->block;
    }
    block = a->blocks->pdata[a->blocks->len - 1];
    a->left -= want;
    return block + a->left;
}

static struct score *
score_start(const struct pack *p, const struct facts *f, civil_day upto)
{
    struct score *s = g_new0(struct score, 1);

    s->p = p;
    s->f = f;
    s->cal = calendar_of(p);
    s->upto = upto;
    s->today = s->since = DAY_FIRST;
    s->n_units = (int)p->roster->units->len;
    s->n_who = s->n_units + (int)f->people->len;
    s->ranks = g_new0(struct ranks, 1);
    s->credited = g_array_new(FALSE, FALSE, sizeof(score_who));
    s->is_credited = g_new0(gboolean, s->n_who + 1);
    s->people = g_hash_table_new(g_str_hash, g_str_equal);
    s->arena.blocks = g_ptr_array_new_with_free_func(g_free);
    s->marks = g_ptr_array_new();
    s->who_marks = g_new0(GPtrArray *, s->n_who + 1);
    s->submission_marks = g_new0(struct live_mark *, f->submissions->len + 1);
    s->lines = g_ptr_array_new();
    s->who_lines = g_new0(GPtrArray *, s->n_who + 1);
    s->unknown = g_ptr_array_new();
    s->item_of = g_hash_table_new(NULL, NULL);
    s->shares = g_array_new(FALSE, FALSE, sizeof(struct credit_share));
    s->zeroed =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    s->contests = contests_new();
    s->spare_bags = bags_new();
    s->bests =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    s->who_touched = g_new0(gboolean, s->n_who + 1);
    s->counts = g_new0(struct count *, p->measures->len + 1);
    s->whos_today = g_array_new(FALSE, FALSE, sizeof(score_who));
    s->best = best_new();
    s->refused = g_array_new(FALSE, FALSE, sizeof(struct refused));
    return s;
}

static void
lists_free(GPtrArray **lists, int n)
{
    for (int i = 0; lists && i < n; i++)
        if (lists[i])
            g_ptr_array_unref(lists[i]);
    g_free(lists);
}

void
score_free(struct score *s)
{
    if (!s)
        return;
    lists_free(s->touched, s->touched ? s->plan.levels + 1 : 0);
    g_hash_table_unref(s->best);
    g_array_unref(s->refused);
    g_array_unref(s->whos_today);
    for (guint i = 0; i < s->p->measures->len; i++)
        g_free(s->counts[i]);
    g_free(s->counts);
    g_free(s->who_touched);
    g_hash_table_unref(s->contests);
    g_ptr_array_unref(s->bests);
    bags_free(s->spare_bags);
    g_hash_table_unref(s->zeroed);
    g_ptr_array_unref(s->unknown);
    g_hash_table_unref(s->item_of);
    g_array_unref(s->shares);
    lists_free(s->who_lines, s->n_who);
    g_ptr_array_unref(s->lines);
    g_free(s->submission_marks);
    lists_free(s->who_marks, s->n_who);
    g_ptr_array_unref(s->marks);
    g_ptr_array_unref(s->arena.blocks);
    g_hash_table_unref(s->people);
    g_free(s->ranks->item);
    g_free(s->ranks->who);
    g_free(s->ranks);
    g_free(s->is_credited);
    g_array_unref(s->credited);
    plan_clear(&s->plan);
    g_free(s);
}

enum st
score_new(const struct pack *p, const struct facts *f, civil_day upto,
          struct score **out, struct err *e)
{
    return score_new_after(NULL, p, f, upto, out, e);
}

enum st
score_new_after(const struct score *before, const struct pack *p,
                const struct facts *f, civil_day upto, struct score **out,
                struct err *e)
{
    g_autoptr(score) s = score_start(p, f, upto);
    enum st st = plan_make(s, e);

    if (st != ST_OK)
        return st;
    s->touched = g_new0(GPtrArray *, s->plan.levels + 1);
    for (int i = 0; i <= s->plan.levels; i++)
        s->touched[i] = g_ptr_array_new();
    find_people(s);
    list_credited(s);
    if (before)
        marks_inherit(s, before);
    marks_make(s);
    score_run(s);
    if (s->failed)
        return err_set(e, ST_REJECT, s->error.status, "%s", s->error.text);
    *out = g_steal_pointer(&s);
    return ST_OK;
}

const struct pack *
score_pack(const struct score *s)
{
    return s->p;
}

const struct facts *
score_facts(const struct score *s)
{
    return s->f;
}

const struct calendar *
score_calendar(const struct score *s)
{
    return &s->cal;
}

civil_day
score_upto(const struct score *s)
{
    return s->upto;
}

const GPtrArray *
score_unknown(const struct score *s)
{
    return s->unknown;
}

/* ---- what the desk should not have recorded ---- */

civil_day
refusal_day(const struct score *s)
{
    civil_day last = DAY_FIRST;

    for (int i = 0; i < (int)s->f->marks->len; i++)
        last = MAX(last, facts_mark(s->f, i)->day);
    for (int i = 0; i < (int)s->f->submissions->len; i++)
        last = MAX(last, facts_submission(s->f, i)->day);
    return last;
}

/* A mark that would not count in a pot shared by all is refused, and an
 * amount that is missing or outside its range. */
static enum refusal
gain_refusal(const struct score *s, const struct gain *c)
{
    const struct pack_item *item = c->mark->m.item;

    if (c->refused)
        return REFUSED_AMOUNT;
    if (pack_group(s->p, item->group)->per & PER_OFFICE && c->worth == 0)
        return REFUSED_KEEP;
    return REFUSED_NOT;
}

void
refusal_add(struct score *s, enum refusal why, int mark, int submission)
{
    struct refused r = {why, mark, submission};

    g_array_append_val(s->refused, r);
}

static void
refusal_of_gains(struct score *s, const struct live_mark *m)
{
    for (int c = 0; c < m->n_gains; c++) {
        enum refusal why = gain_refusal(s, &m->gains[c]);

        if (why == REFUSED_NOT)
            continue;
        refusal_add(s, why, (int)m->order, -1);
        return;
    }
}

void
refusal_find(struct score *s)
{
    if (s->refusal_known)
        return;
    s->refusal_known = TRUE;
    for (guint i = 0; i < s->marks->len; i++) {
        const struct live_mark *m = s->marks->pdata[i];

        if (m->m.source == MARK_DESK && !m->inherited)
            refusal_of_gains(s, m);
    }
}

enum refusal
score_refusal(const struct score *s, int *mark_out, int *submission_out)
{
    static const struct refused none = {REFUSED_NOT, -1, -1};
    const struct refused *first =
        s->refused->len ? &g_array_index(s->refused, struct refused, 0) : &none;

    if (mark_out)
        *mark_out = first->mark;
    if (submission_out)
        *submission_out = first->submission;
    return first->why;
}

enum refusal
score_refusal_of(const struct score *s, int mark)
{
    int submission = facts_mark(s->f, mark)->submission;

    for (guint i = 0; i < s->refused->len; i++) {
        const struct refused *r = &g_array_index(s->refused, struct refused, i);

        if (r->mark == mark || (submission >= 0 && r->submission == submission))
            return r->why;
    }
    return REFUSED_NOT;
}

enum effect
score_mark_effect(const struct score_mark *m)
{
    return pack_item_on(m->item, m->day)->effect;
}

/* ---- points ---- */

decimal
score_points(const struct score *s, const struct index_set *items,
             score_who who, civil_day from, civil_day to)
{
    return lines_sum(s, items ? items : plan_all(s, NULL), who, from, to);
}

decimal
score_currency(const struct score *s, const char *currency, score_who who,
               civil_day from, civil_day to)
{
    return lines_sum(s, plan_all(s, currency), who, from, to);
}
