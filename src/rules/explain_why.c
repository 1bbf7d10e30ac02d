/* explain_why.c - see explain_why.h.
 *
 * Whatever a line says is said in the words of the pack in force on the
 * mark's day; what a group decided, in those of the line's day. */
#include "rules/explain_why.h"

#include "base/i18n.h"
#include "rules/describe_words.h"
#include "rules/ranking.h"

#include <string.h>

/* ---- what a mark hangs on ---- */

static char *
numbered(const char *number, const char *title)
{
    return title ? g_strconcat(number, " ", title, NULL) : g_strdup(number);
}

char *
explain_about(const struct score *s, const struct score_mark *m)
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

/* ---- how the mark came about ---- */

/* The item as the pack of the mark's day has it, and that pack. */
static const struct pack_item *
item_then(const struct score *s, const struct score_mark *m,
          const struct pack **pack_out)
{
    *pack_out = pack_in_force(score_pack(s), m->day);
    return pack_item_on(m->item, m->day);
}

static char *
reached_text(const struct score_mark *m)
{
    g_autofree char *actual =
        decimal_format(ratio_round(m->actual, DECIMAL_PLACES));
    g_autofree char *target =
        decimal_format(ratio_round(m->target, DECIMAL_PLACES));

    return g_strdup_printf(_("%s, target %s"), actual, target);
}

/* What made the mark, when the desk did not: the rule of the item. */
static void
add_origin(const struct score *s, const struct score_mark *m, GString *out)
{
    const struct pack *p;
    const struct pack_item *item = item_then(s, m, &p);
    g_autofree char *when = NULL;

    if (m->source == MARK_DESK)
        return;
    when = words_of_when(p, item);
    words_add(out, _("; "), when);
    if (m->source == MARK_RESULT && m->has_actual) {
        g_autofree char *reached = reached_text(m);

        g_string_append_printf(out, _(" (%s)"), reached);
    }
}

/* ---- what it is worth by itself ---- */

static struct ratio
share_of(const struct score_line *line)
{
    for (int i = 0; i < line->mark->n_who; i++)
        if (line->mark->who[i].who == line->who)
            return line->mark->who[i].share;
    return RATIO_ONE;
}

/* Said when a number alone does not show how the value came about. */
static char *
case_text(const struct score *s, const struct score_line *line,
          gboolean multiplied)
{
    const struct pack *p;
    const struct pack_item *item = item_then(s, line->mark, &p);
    g_autofree char *text = words_of_case(p, item, (guint)line->rule);
    g_autofree char *bare = NULL;

    if (g_array_index(item->cases, struct pack_case, line->rule).points.kind !=
        POINTS_NUMBER)
        return g_steal_pointer(&text);
    bare = decimal_format(
        g_array_index(item->cases, struct pack_case, line->rule).points.number);
    if (strcmp(text, bare) != 0)
        return g_steal_pointer(&text);
    return multiplied ? g_strdup_printf(_("%s each"), text) : NULL;
}

static void
add_factors(const struct score_line *line, GString *out)
{
    struct ratio share = share_of(line), quantity = line->mark->quantity;

    if (ratio_compare(quantity, RATIO_ONE) != 0) {
        g_autofree char *n =
            decimal_format(ratio_round(quantity, DECIMAL_PLACES));
        g_autofree char *times = g_strdup_printf("×%s", n);

        words_add(out, _("; "), times);
    }
    if (ratio_compare(share, RATIO_ONE) != 0) {
        g_autofree char *fraction = g_strdup_printf(
            "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, share.num, share.den);
        g_autofree char *part = g_strdup_printf(_("a share of %s"), fraction);

        words_add(out, _("; "), part);
    }
}

/* "worth 16 (综合调研: 8; ×2)" */
static char *
value_text(const struct score *s, const struct score_line *line)
{
    g_autofree char *value = decimal_format(line->value);
    g_autoptr(GString) factors = g_string_new(NULL);
    g_autoptr(GString) how = g_string_new(NULL);
    g_autofree char *rule = NULL;

    add_factors(line, factors);
    rule = case_text(s, line, factors->len > 0);
    if (rule)
        words_add(how, _("; "), rule);
    if (factors->len > 0)
        words_add(how, _("; "), factors->str);
    return how->len ? g_strdup_printf(_("worth %s (%s)"), value, how->str)
                    : g_strdup_printf(_("worth %s"), value);
}

static char *
on_one_line(char *text)
{
    g_autofree char *owned = text;
    g_auto(GStrv) lines = g_strsplit(owned, "\n", -1);

    return g_strjoinv(_("; "), lines);
}

/* Why a mark that counts in full counts nothing. */
static char *
nothing_text(const struct score *s, const struct score_line *line)
{
    const struct pack *p;
    const struct pack_item *item = item_then(s, line->mark, &p);
    g_autofree char *cases = on_one_line(words_of_worth(p, item));

    if (line->rule >= 0 &&
        g_array_index(item->cases, struct pack_case, line->rule).points.kind ==
            POINTS_UNSTATED)
        return g_strdup(_("the regulation states no points"));
    if (line->refused)
        return g_strdup_printf(
            _("the amount is missing or not within: %s; worth nothing"), cases);
    if (line->rule < 0)
        return g_strdup_printf(_("no case that gives points applies (%s)"),
                               cases);
    return value_text(s, line);
}

/* ---- what its groups leave of it ---- */

/* "采用" (附件1 三(二)末), and what its pots are when not submissions. */
static char *
group_text(const struct pack_group *g)
{
    g_autofree char *pot =
        g->per == PER_SUBMISSION ? NULL : words_of_pot(g->per);
    g_autoptr(GString) more = g_string_new(NULL);

    if (g->clause)
        words_add(more, _("; "), g->clause);
    if (pot) {
        g_autofree char *each = g_strdup_printf(_("each by itself: %s"), pot);

        words_add(more, _("; "), each);
    }
    return more->len ? g_strdup_printf(_("\"%s\" (%s)"), g->name, more->str)
                     : g_strdup_printf(_("\"%s\""), g->name);
}

/* Of a joint submission nobody got a part of: each got all. */
static void
add_joint(const struct score *s, const struct score_line *line, GString *out)
{
    const struct pack *p = pack_in_force(score_pack(s), line->mark->day);
    g_autofree char *joint = NULL;

    if (line->mark->n_who < 2 || p->joint != JOINT_FULL ||
        line->why == WHY_GONE)
        return;
    joint = words_of_joint(p);
    g_string_append_printf(out, _("; joint: %s"), joint);
}

static char *
lost_text(const struct score *s, const struct score_line *line)
{
    const struct pack_group *g = line->group;
    g_autofree char *group = group_text(g);
    g_autofree char *day = day_format(line->other->day);
    g_autofree char *own = explain_about(s, line->mark);
    g_autofree char *about = explain_about(s, line->other);
    const char *item = pack_item_on(line->other->item, line->other->day)->name;
    gboolean elsewhere = about && g_strcmp0(own, about) != 0;

    return g_strdup_printf(_("%s counts only the highest %d: %s of %s goes "
                             "before%s%s"),
                           group, g->keep, item, day, elsewhere ? _(", ") : "",
                           elsewhere ? about : "");
}

static char *
cut_text(const struct score_line *line)
{
    const struct pack_group *g = line->group;
    gboolean most = line->value > line->worth;
    g_autofree char *group = group_text(g);
    g_autofree char *bound = decimal_format(most ? g->at_most : g->at_least);
    g_autofree char *left = decimal_format(line->worth);

    return g_strdup_printf(
        most ? _("%s gives at most %s, the latest marks give way: %s are left")
             : _("%s takes at most %s, the latest marks give way: %s are left"),
        group, bound, left);
}

static char *
zeroed_text(const struct score *s, const struct score_line *line)
{
    int year, month, day;
    g_autoptr(GPtrArray) zeros = NULL;
    const struct pack_item *item;
    const struct score_mark *m;

    day_to_ymd(line->mark->day, &year, &month, &day);
    zeros = score_effects(s, EFFECT_ZERO, line->who, year, line->day);
    if (zeros->len == 0)
        return g_strdup_printf(_("all points of %d are 0"), year);
    m = zeros->pdata[0];
    item = pack_item_on(m->item, m->day);
    return g_strdup_printf(_("all points of %d are 0: %s (%s)"), year,
                           item->name, item->clause);
}

/* ---- marks that are no more ---- */

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

const struct fact_duty *
explain_waiver(const struct score *s, const struct score_line *line)
{
    const struct fact_duty *duty =
        line->why == WHY_GONE ? duty_of(s, line->mark) : NULL;

    return duty && duty->waived == line->day ? duty : NULL;
}

static char *
gone_text(const struct score *s, const struct score_line *line)
{
    if (explain_waiver(s, line))
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

/* ---- the sentence ---- */

static char *
rule_text(const struct score *s, const struct score_line *line)
{
    switch (line->why) {
    case WHY_LOST:
        return lost_text(s, line);
    case WHY_CUT:
        return cut_text(line);
    case WHY_ZEROED:
        return zeroed_text(s, line);
    default:
        return NULL;
    }
}

/* A line that changes what was booked: on which day, and how much it was. */
static void
add_history(const struct score_line *line, GString *out)
{
    decimal was = line->worth - line->points;

    if (line->mark->day != line->day) {
        g_autofree char *day = day_format(line->mark->day);
        g_autofree char *text = g_strdup_printf(_("mark of %s"), day);

        words_add(out, _("; "), text);
    }
    if (was != 0) {
        g_autofree char *before = decimal_format(was);
        g_autofree char *text = g_strdup_printf(_("counted %s before"), before);

        words_add(out, _("; "), text);
    }
}

/* Beside the line that books the mark: what else follows from it. */
static void
add_effect(const struct score_line *line, GString *out)
{
    const struct score_mark *m = line->mark;
    g_autofree char *effect = NULL;

    if (line->why == WHY_GONE || line->day != m->day)
        return;
    effect = words_of_effect(pack_item_on(m->item, m->day));
    if (effect)
        words_add(out, _("; "), effect);
}

char *
explain_why(const struct score *s, const struct score_line *line)
{
    GString *out = g_string_new(NULL);
    g_autofree char *value = NULL;
    g_autofree char *rule = rule_text(s, line);

    add_origin(s, line->mark, out);
    if (line->why == WHY_GONE)
        value = gone_text(s, line);
    else if (line->value == 0)
        value = nothing_text(s, line);
    else
        value = value_text(s, line);
    words_add(out, _("; "), value);
    add_joint(s, line, out);
    if (rule)
        words_add(out, _("; "), rule);
    add_history(line, out);
    add_effect(line, out);
    return g_string_free(out, FALSE);
}

char *
explain_effect(const struct score *s, const struct score_mark *m)
{
    const struct pack *p;
    const struct pack_item *item = item_then(s, m, &p);
    g_autofree char *effect = words_of_effect(item);
    GString *out = g_string_new(NULL);

    add_origin(s, m, out);
    if (effect)
        words_add(out, _("; "), effect);
    return g_string_free(out, out->len == 0);
}
