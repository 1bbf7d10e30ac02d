/* explain.c - see explain.h. */
#include "rules/explain.h"

#include "base/i18n.h"
#include "rules/explain_why.h"

static void
explained_free(gpointer data)
{
    struct explained *x = data;

    g_free(x->about);
    g_free(x->reason);
    g_free(x);
}

static GPtrArray *
explained_list(void)
{
    return g_ptr_array_new_with_free_func(explained_free);
}

/* ---- lines ---- */

static struct explained *
explain_mark(const struct score *s, const struct score_mark *m)
{
    struct explained *x = g_new0(struct explained, 1);
    const struct pack_item *then = pack_item_on(m->item, m->day);

    x->day = m->day;
    x->item = m->item->name;
    x->then = then->name;
    x->label = then->label;
    x->clause = then->clause;
    x->about = explain_about(s, m);
    if (m->fact) {
        x->by = m->fact->by;
        x->note = m->fact->note;
    }
    return x;
}

static struct explained *
explain_line(const struct score *s, const struct score_line *line)
{
    struct explained *x = explain_mark(s, line->mark);
    const struct fact_duty *waiver = explain_waiver(s, line);

    x->line = line;
    x->day = line->day;
    x->currency = pack_group(score_pack(s), line->mark->item->root)->currency;
    x->reason = explain_why(s, line);
    if (waiver) {
        x->by = waiver->waived_by;
        x->note = waiver->waived_note;
    }
    return x;
}

GPtrArray *
explain(const struct score *s, score_who who, civil_day from, civil_day to)
{
    g_autoptr(GPtrArray) lines = score_lines(s, who, from, to);
    GPtrArray *out = explained_list();

    for (guint i = 0; i < lines->len; i++)
        g_ptr_array_add(out, explain_line(s, lines->pdata[i]));
    return out;
}

static int
by_day(gconstpointer a, gconstpointer b)
{
    const struct explained *x = *(struct explained *const *)a;
    const struct explained *y = *(struct explained *const *)b;

    return x->day != y->day ? (x->day < y->day ? -1 : 1) : 0;
}

/* Whoever has a line of it is looked at: marks may name units of their
 * own, so the submission's units are not all. */
GPtrArray *
explain_submission(const struct score *s, int submission, civil_day from,
                   civil_day to)
{
    GPtrArray *out = explained_list();

    for (score_who who = 0; who < score_n_who(s); who++) {
        g_autoptr(GPtrArray) lines = score_lines(s, who, from, to);

        for (guint i = 0; i < lines->len; i++) {
            const struct score_line *line = lines->pdata[i];

            if (line->mark->submission == submission)
                g_ptr_array_add(out, explain_line(s, line));
        }
    }
    g_ptr_array_sort(out, by_day);
    return out;
}

/* ---- marks that book nothing ---- */

GPtrArray *
explain_pointless(const struct score *s, score_who who, civil_day from,
                  civil_day to)
{
    g_autoptr(GPtrArray) marks = score_marks(s, who, from, to, to);
    GPtrArray *out = explained_list();

    for (guint i = 0; i < marks->len; i++) {
        const struct score_mark *m = marks->pdata[i];
        struct explained *x;

        if (pack_item_has_points(pack_item_on(m->item, m->day)))
            continue;
        x = explain_mark(s, m);
        x->reason = explain_effect(s, m);
        g_ptr_array_add(out, x);
    }
    g_ptr_array_sort(out, by_day);
    return out;
}

static gboolean
unit_goes_to(const struct score *s, int unit, score_who who, civil_day d)
{
    const struct roster *units = score_pack(s)->roster;

    return roster_credit(units, roster_unit(units, unit), d) == who;
}

static gboolean
is_of(const struct score *s, const struct fact_mark *m, score_who who)
{
    const struct fact_submission *f =
        m->submission >= 0 ? facts_submission(score_facts(s), m->submission)
                           : NULL;
    int people = (int)score_pack(s)->roster->units->len;

    if (who < 0)
        return TRUE;
    if (m->unit >= 0)
        return unit_goes_to(s, m->unit, who, m->day);
    for (int i = 0; f && i < f->n_units; i++)
        if (unit_goes_to(s, f->units[i], who, m->day))
            return TRUE;
    for (int i = 0; f && i < f->n_authors; i++)
        if (people + f->authors[i] == who)
            return TRUE;
    return FALSE;
}

static char *
about_fact(const struct score *s, const struct fact_mark *m)
{
    const struct fact_submission *f;

    if (m->submission < 0)
        return m->unit < 0
                   ? NULL
                   : g_strdup(
                         roster_unit(score_pack(s)->roster, m->unit)->name);
    f = facts_submission(score_facts(s), m->submission);
    return f->title ? g_strconcat(f->number, " ", f->title, NULL)
                    : g_strdup(f->number);
}

GPtrArray *
explain_unknown(const struct score *s, score_who who, civil_day from,
                civil_day to)
{
    const GPtrArray *unknown = score_unknown(s);
    GPtrArray *out = explained_list();

    for (guint i = 0; i < unknown->len; i++) {
        const struct fact_mark *m = unknown->pdata[i];
        struct explained *x;

        if (m->day < from || m->day > to || !is_of(s, m, who))
            continue;
        x = g_new0(struct explained, 1);
        x->day = m->day;
        x->item = x->then = x->label = m->item;
        x->about = about_fact(s, m);
        x->by = m->by;
        x->note = m->note;
        g_ptr_array_add(out, x);
    }
    g_ptr_array_sort(out, by_day);
    return out;
}

/* ---- choices ---- */

static void
add_choice(GPtrArray *out, GHashTable *said, const char *name,
           const char *choice)
{
    char *text;

    if (!choice)
        return;
    text = g_strdup_printf(_("%s: %s"), name, choice);
    if (g_hash_table_contains(said, text)) {
        g_free(text);
        return;
    }
    g_hash_table_add(said, text);
    g_ptr_array_add(out, text);
}

GPtrArray *
explain_choices(const struct score *s, const GPtrArray *lines)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < lines->len; i++) {
        const struct score_line *line =
            ((const struct explained *)lines->pdata[i])->line;
        const struct score_mark *m = line->mark;
        const struct pack *p = pack_in_force(score_pack(s), m->day);
        const struct pack_item *item = pack_item_on(m->item, m->day);

        add_choice(out, said, item->name, item->choice);
        for (int g = item->group; g >= 0; g = pack_group(p, g)->group)
            add_choice(out, said, pack_group(p, g)->name,
                       pack_group(p, g)->choice);
    }
    return out;
}
