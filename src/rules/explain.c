/* explain.c - see explain.h. */
#include "rules/explain.h"

#include "base/i18n.h"
#include "rules/ranking.h"

static void
explained_free(gpointer data)
{
    struct explained *x = data;

    g_free(x->about);
    g_free(x->reason);
    g_free(x);
}

/* ---- what a mark hangs on ---- */

static char *
numbered(const char *number, const char *title)
{
    return title ? g_strconcat(number, " ", title, NULL) : g_strdup(number);
}

static char *
about_mark(const struct score *s, const struct score_mark *m)
{
    const struct facts *f = score_facts(s);

    if (m->submission >= 0)
        return numbered(facts_submission(f, m->submission)->number,
                        facts_submission(f, m->submission)->title);
    if (m->commission >= 0)
        return numbered(facts_commission(f, m->commission)->number,
                        facts_commission(f, m->commission)->title);
    if (m->incident >= 0)
        return numbered(facts_incident(f, m->incident)->number,
                        facts_incident(f, m->incident)->name);
    if (m->source == MARK_PERIOD || m->source == MARK_RESULT)
        return period_printed(&m->period);
    return NULL;
}

/* ---- why ---- */

static struct ratio
share_of(const struct score_line *line)
{
    for (int i = 0; i < line->mark->n_who; i++)
        if (line->mark->who[i].who == line->who)
            return line->mark->who[i].share;
    return RATIO_ONE;
}

/* What a mark would count for, and how that came about. */
static char *
why_value(const struct score_line *line)
{
    g_autofree char *value = decimal_format(line->value);
    g_autofree char *times = NULL, *part = NULL;
    struct ratio share = share_of(line), quantity = line->mark->quantity;

    if (ratio_compare(quantity, RATIO_ONE) != 0) {
        g_autofree char *n =
            decimal_format(ratio_round(quantity, DECIMAL_PLACES));

        times = g_strdup_printf(" ×%s", n);
    }
    if (ratio_compare(share, RATIO_ONE) != 0) {
        g_autofree char *fraction = g_strdup_printf(
            "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, share.num, share.den);

        part = g_strdup_printf(_(", a share of %s"), fraction);
    }
    return g_strdup_printf(_("worth %s%s%s"), value, times ? times : "",
                           part ? part : "");
}

static char *
why_lost(const struct score *s, const struct score_line *line)
{
    const struct pack_group *g = line->group;
    g_autofree char *day = day_format(line->other->day);
    g_autofree char *about = about_mark(s, line->other);

    return g_strdup_printf(_("\"%s\" counts only %d: %s of %s goes before%s%s"),
                           g->name, g->keep, line->other->item->name, day,
                           about ? ", " : "", about ? about : "");
}

static char *
why_cut(const struct score_line *line)
{
    const struct pack_group *g = line->group;
    gboolean most = line->value > line->worth;
    g_autofree char *bound = decimal_format(most ? g->at_most : g->at_least);

    return most ? g_strdup_printf(_("\"%s\" gives at most %s"), g->name, bound)
                : g_strdup_printf(_("\"%s\" takes at most %s"), g->name, bound);
}

static char *
why_zeroed(const struct score *s, const struct score_line *line)
{
    int year, month, day;
    g_autoptr(GPtrArray) zeros = NULL;
    const struct score_mark *m;

    day_to_ymd(line->mark->day, &year, &month, &day);
    zeros = score_effects(s, EFFECT_ZERO, line->who, year, line->day);
    if (zeros->len == 0)
        return g_strdup_printf(_("all points of %d are 0"), year);
    m = zeros->pdata[0];
    return g_strdup_printf(_("all points of %d are 0: %s (%s)"), year,
                           m->item->name, m->item->clause);
}

static const struct fact_duty *
duty_of(const struct score *s, const struct score_mark *m)
{
    const struct fact_commission *c;

    if (m->source != MARK_COMMISSION)
        return NULL;
    c = facts_commission(score_facts(s), m->commission);
    for (int i = 0; i < c->n_duties; i++)
        if (c->duties[i].unit == m->unit)
            return &c->duties[i];
    return NULL;
}

static gboolean
is_waived(const struct score *s, const struct score_line *line)
{
    const struct fact_duty *duty = duty_of(s, line->mark);

    return duty && duty->waived == line->day;
}

static char *
why_gone(const struct score *s, const struct score_line *line)
{
    if (is_waived(s, line))
        return g_strdup(_("the commission was waived"));
    switch (line->mark->source) {
    case MARK_COMMISSION:
        return g_strdup(_("the commission was answered"));
    case MARK_INCIDENT:
        return g_strdup(_("the report came"));
    default:
        return g_strdup(_("it is no longer so"));
    }
}

static gboolean
is_unstated(const struct pack_item *item)
{
    const struct pack_case *c =
        &g_array_index(item->cases, struct pack_case, 0);

    return item->cases->len == 1 && c->points.kind == POINTS_UNSTATED;
}

static char *
why(const struct score *s, const struct score_line *line)
{
    g_autofree char *value = why_value(line);
    g_autofree char *rule = NULL;

    switch (line->why) {
    case WHY_LOST:
        rule = why_lost(s, line);
        break;
    case WHY_CUT:
        rule = why_cut(line);
        break;
    case WHY_ZEROED:
        rule = why_zeroed(s, line);
        break;
    case WHY_GONE:
        return why_gone(s, line);
    case WHY_FULL:
        if (is_unstated(line->mark->item))
            return g_strdup(_("the regulation states no points"));
        if (line->value == 0)
            return g_strdup(_("no case that gives points applies"));
        return g_steal_pointer(&value);
    }
    return g_strconcat(value, _("; "), rule, NULL);
}

/* ---- lines ---- */

static struct explained *
explain_line(const struct score *s, const struct score_line *line)
{
    struct explained *x = g_new0(struct explained, 1);
    const struct pack_item *item = line->mark->item;
    const struct pack_item *then = pack_item_on(item, line->mark->day);
    const struct fact_mark *fact = line->mark->fact;

    x->line = line;
    x->item = item->name;
    x->label = then->label;
    x->clause = then->clause;
    x->currency = pack_group(score_pack(s), item->root)->currency;
    x->about = about_mark(s, line->mark);
    x->reason = why(s, line);
    if (fact) {
        x->by = fact->by;
        x->note = fact->note;
    } else if (line->why == WHY_GONE && is_waived(s, line)) {
        x->by = duty_of(s, line->mark)->waived_by;
        x->note = duty_of(s, line->mark)->waived_note;
    }
    return x;
}

GPtrArray *
explain(const struct score *s, score_who who, civil_day from, civil_day to)
{
    g_autoptr(GPtrArray) lines = score_lines(s, who, from, to);
    GPtrArray *out = g_ptr_array_new_with_free_func(explained_free);

    for (guint i = 0; i < lines->len; i++)
        g_ptr_array_add(out, explain_line(s, lines->pdata[i]));
    return out;
}

static int
by_day(gconstpointer a, gconstpointer b)
{
    const struct explained *x = *(struct explained *const *)a;
    const struct explained *y = *(struct explained *const *)b;

    if (x->line->day != y->line->day)
        return x->line->day < y->line->day ? -1 : 1;
    return 0;
}

/* Whoever has a line of it is looked at: marks may name units of their
 * own, so the submission's units are not all. */
GPtrArray *
explain_submission(const struct score *s, int submission, civil_day from,
                   civil_day to)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(explained_free);

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
