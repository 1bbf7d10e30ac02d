/* describe_words.c - see describe_words.h. */
#include "rules/describe_words.h"

#include "base/i18n.h"

#include <string.h>

void
words_add(GString *s, const char *separator, const char *text)
{
    g_string_append_printf(s, "%s%s", s->len ? separator : "", text);
}

/* ---- closed sets ---- */
const char *
words_of_period(enum period_kind kind)
{
    static const char *const names[PERIOD_KINDS] = {
        N_("week"), N_("month"), N_("quarter"), N_("half-year"), N_("year")};

    return _(names[kind]);
}

const char *
words_of_senders(enum senders senders)
{
    static const char *const names[] = {
        [SENDERS_REGISTERED] = N_("registered informants only"),
        [SENDERS_KNOWN_DOMAIN] = N_("informants and mail domains of units"),
        [SENDERS_ANYONE] = N_("anyone")};

    return _(names[senders]);
}

const char *
words_of_standing(enum standing standing)
{
    static const char *const names[] = {
        [STANDING_RANKED] = N_("ranked"),
        [STANDING_LISTED] = N_("listed without a rank"),
        [STANDING_UNCREDITED] = N_("counted, credited to nobody"),
        [STANDING_HIDDEN] = N_("not shown")};

    return _(names[standing]);
}

const char *
words_of_reason(enum reason r)
{
    static const struct {
        enum reason reason;
        const char *text;
    } names[] = {
        {REASON_NO_TITLE, N_("no title")},
        {REASON_NO_UNIT, N_("no unit")},
        {REASON_UNKNOWN_UNIT, N_("unknown unit")},
        {REASON_NO_SUBMITTER, N_("no submitter")},
        {REASON_NO_PHONE, N_("no phone")},
        {REASON_NO_SIGNER, N_("no signer")},
        {REASON_NO_OPENNESS, N_("no word on openness")},
        {REASON_NO_DATE, N_("no date")},
        {REASON_NO_BODY, N_("no text in the mail")},
        {REASON_NO_DRAFT, N_("no draft attached")},
        {REASON_NO_TAG, N_("no tag behind the title")},
        {REASON_SEVERAL_DRAFTS, N_("several drafts in one mail")},
        {REASON_TOO_LONG, N_("too long")},
        {REASON_TOO_SHORT, N_("too short")},
        {REASON_NO_DATA, N_("no figures or cases")},
        {REASON_UNREGISTERED_SENDER, N_("sender not registered")},
        {REASON_SIMILAR, N_("similar to another one")},
        {REASON_BUNCHING, N_("bunched at the end of the period")},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (names[i].reason == r)
            return _(names[i].text);
    return reason_name(r);
}

const char *
words_of_then(enum check_then then)
{
    static const char *const names[] = {[THEN_NOTE] = N_("noted"),
                                        [THEN_HOLD] = N_("held for staff"),
                                        [THEN_RETURN] = N_("returned")};

    return _(names[then]);
}

const char *
words_of_rank(enum rank_as as)
{
    static const char *const names[] = {
        [RANK_VALUE] = N_("the value"),
        [RANK_PERCENT] = N_("per cent of the target"),
        [RANK_EXCESS] = N_("per cent above the target")};

    return _(names[as]);
}

/* ---- names ---- */
char *
words_of_forms(const struct pack *p, const struct index_set *set)
{
    GString *s = g_string_new(NULL);

    for (int i = 0; i < set->n; i++)
        words_add(s, _(", "), p->forms[set->at[i]]);
    return g_string_free(s, FALSE);
}

char *
words_of_class_set(const struct pack *p, const struct index_set *set)
{
    GString *s = g_string_new(NULL);

    for (int i = 0; i < set->n; i++)
        words_add(s, _(", "), roster_class(p->roster, set->at[i])->name);
    return g_string_free(s, FALSE);
}

static char *
words_of_units(const struct pack *p, const struct index_set *set)
{
    GString *s = g_string_new(NULL);

    for (int i = 0; i < set->n; i++)
        words_add(s, _(", "), roster_unit(p->roster, set->at[i])->name);
    return g_string_free(s, FALSE);
}

char *
words_of_measures(const struct pack *p, const struct index_set *set)
{
    GString *s = g_string_new(NULL);

    for (int i = 0; i < set->n; i++)
        words_add(s, _(", "), pack_measure(p, set->at[i])->name);
    return g_string_free(s, FALSE);
}

char *
words_of_classes(const struct pack *p, const struct unit *u)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < u->classes->len; i++) {
        const struct class_span *span =
            &g_array_index(u->classes, struct class_span, i);
        const char *name = roster_class(p->roster, span->class_index)->name;
        g_autofree char *day = day_format(span->from);
        g_autofree char *moved =
            i ? g_strdup_printf(_("from %s %s"), day, name) : g_strdup(name);

        words_add(s, _(", "), moved);
    }
    return g_string_free(s, FALSE);
}

/* ---- items by their groups ---- */
/* Are there several items in this group, and all of them in the set? */
static gboolean
holds_group(const struct pack *p, const struct index_set *set, int group)
{
    int n = 0;

    for (guint i = 0; i < p->items->len; i++) {
        const struct pack_item *item = pack_item(p, (int)i);

        if (!pack_item_inside(p, item, group))
            continue;
        if (!index_set_has(set, item->index))
            return FALSE;
        n++;
    }
    return n > 1;
}

/* The outermost group of an item that is whole in the set, -1: none. */
static int
whole_group(const struct pack *p, const struct index_set *set,
            const struct pack_item *item)
{
    int whole = -1;

    for (int g = item->group; g >= 0; g = pack_group(p, g)->group)
        if (holds_group(p, set, g))
            whole = g;
    return whole;
}

static gboolean
is_all(const struct pack *p, const struct index_set *set)
{
    int n = 0;

    for (guint i = 0; i < p->items->len; i++) {
        const struct pack_item *item = pack_item(p, (int)i);

        if (!pack_item_has_points(item) || pack_group(p, item->root)->currency)
            continue;
        if (!index_set_has(set, item->index))
            return FALSE;
        n++;
    }
    return n > 0 && n == set->n;
}

char *
words_of_items(const struct pack *p, const struct index_set *set)
{
    g_autoptr(GHashTable) said = g_hash_table_new(NULL, NULL);
    GString *s = g_string_new(NULL);

    if (is_all(p, set)) {
        g_string_append(s, _("all items with points"));
        return g_string_free(s, FALSE);
    }
    for (int i = 0; i < set->n; i++) {
        const struct pack_item *item = pack_item(p, set->at[i]);
        int group = whole_group(p, set, item);

        if (group < 0)
            words_add(s, _(", "), item->name);
        else if (g_hash_table_add(said, GINT_TO_POINTER(group + 1)))
            words_add(s, _(", "), pack_group(p, group)->name);
    }
    return g_string_free(s, FALSE);
}

char *
words_of_way(const struct pack *p, int group)
{
    GString *s = g_string_new(NULL);

    for (int g = group; g >= 0; g = pack_group(p, g)->group) {
        if (s->len)
            g_string_prepend(s, " > ");
        g_string_prepend(s, pack_group(p, g)->name);
    }
    return g_string_free(s, FALSE);
}

/* ---- the top of the file ---- */
char *
words_of_joint(const struct pack *p)
{
    static const char *const names[] = {
        [JOINT_FULL] = N_("each unit gets all of it"),
        [JOINT_EQUAL] = N_("equal parts"),
        [JOINT_STATED] = N_("the shares that staff state"),
        [JOINT_RATIO] = NULL};
    GString *s = g_string_new(NULL);

    if (p->joint != JOINT_RATIO)
        g_string_append(s, _(names[p->joint]));
    for (guint i = 0; i < p->ratio->len; i++)
        g_string_append_printf(s, "%s%" G_GINT64_FORMAT, i ? ":" : "",
                               g_array_index(p->ratio, gint64, i));
    return g_string_free(s, FALSE);
}

char *
words_of_odd_periods(const struct pack *p)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < p->periods->len; i++) {
        const struct odd_period *o =
            &g_array_index(p->periods, struct odd_period, i);
        g_autofree char *from = day_format(o->from), *to = day_format(o->to);
        g_autofree char *one = g_strdup_printf("%s %s..%s", o->name, from, to);

        words_add(s, _(", "), one);
    }
    return g_string_free(s, FALSE);
}

/* ---- what an item is worth ---- */
static char *
range_text(const struct points *p)
{
    g_autofree char *low = decimal_format(p->low);
    g_autofree char *high = decimal_format(p->high);

    if (p->high == DECIMAL_MAX)
        return g_strdup_printf(_("%s or more, as staff say"), low);
    if (p->low == -DECIMAL_MAX)
        return g_strdup_printf(_("%s or less, as staff say"), high);
    return g_strdup_printf(_("%s to %s, as staff say"), low, high);
}

static char *
points_text(const struct points *p)
{
    switch (p->kind) {
    case POINTS_NUMBER:
        return decimal_format(p->number);
    case POINTS_RANGE:
        return range_text(p);
    case POINTS_UNSTATED:
        return g_strdup(_("not stated"));
    case POINTS_FORMULA:
        return g_strdup_printf("=%s", p->formula.text);
    }
    g_assert_not_reached();
}

/* Takes the text; "" adds nothing. */
static void
condition(GString *s, const char *format, char *text)
{
    if (*text) {
        g_autofree char *said = g_strdup_printf("%s%s", format, text);

        words_add(s, _("; "), said);
    }
    g_free(text);
}

/* A mark of one of them is enough. */
static char *
with_text(const struct pack *p, const struct index_set *with)
{
    g_autofree char *items = words_of_items(p, with);

    if (!*items)
        return g_steal_pointer(&items);
    return g_strdup_printf(strstr(items, _(", ")) ? _("together with one of %s")
                                                  : _("together with %s"),
                           items);
}

static char *
conditions_text(const struct pack *p, const struct pack_case *c)
{
    GString *s = g_string_new(NULL);

    condition(s, "", words_of_forms(p, &c->forms));
    condition(s, "", words_of_class_set(p, &c->classes));
    condition(s, "", words_of_units(p, &c->units));
    if (c->levels)
        condition(s, _("commission of "), g_strjoinv(_(", "), c->levels));
    condition(s, "", with_text(p, &c->with));
    if (c->min_words >= 0)
        condition(s, "", g_strdup_printf(_("%d words or more"), c->min_words));
    if (c->first > 0)
        condition(s, "", g_strdup_printf(_("the first %d"), c->first));
    return g_string_free(s, FALSE);
}

char *
words_of_case(const struct pack *p, const struct pack_item *item, guint index)
{
    const struct pack_case *c =
        &g_array_index(item->cases, struct pack_case, index);
    g_autofree char *if_ = conditions_text(p, c);
    g_autofree char *points = points_text(&c->points);

    if (*if_)
        return g_strdup_printf(_("%s: %s"), if_, points);
    return index ? g_strdup_printf(_("else: %s"), points)
                 : g_steal_pointer(&points);
}

char *
words_of_worth(const struct pack *p, const struct pack_item *item)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < item->cases->len; i++) {
        g_autofree char *line = words_of_case(p, item, i);

        words_add(s, "\n", line);
    }
    return g_string_free(s, FALSE);
}

/* ---- when an item's mark is made ---- */
static char *
period_when(const struct pack_item *item)
{
    return g_strdup_printf(_("every unit, every %s"),
                           words_of_period(item->period));
}

static char *
stage_when(const struct pack_item *item)
{
    g_autofree char *hours = decimal_format(
        decimal_scale(DECIMAL_ONE, item->within_seconds, 3600, DECIMAL_PLACES));

    switch (item->when) {
    case WHEN_ANSWERED:
        return g_strdup_printf(_("%s within %s hours"), item->stage, hours);
    case WHEN_LATE:
        return g_strdup_printf(_("%s after more than %s hours"), item->stage,
                               hours);
    case WHEN_MISSED:
        return g_strdup_printf(_("%s not there after %s hours"), item->stage,
                               hours);
    default:
        return g_strdup_printf(_("%s not there within %s hours, whatever came "
                                 "later"),
                               item->stage, hours);
    }
}

static char *
result_when(const struct pack *p, const struct pack_item *item)
{
    g_autofree char *measures = words_of_measures(p, &item->measures);

    switch (item->when) {
    case WHEN_MET:
        return g_strdup_printf(_("target met: %s"), measures);
    case WHEN_UNMET:
        return g_strdup_printf(_("target not met: %s"), measures);
    case WHEN_MISSING:
        return g_strdup_printf(_("how far below the target: %s"), measures);
    case WHEN_SURPLUS:
        return g_strdup_printf(_("how far above the target: %s"), measures);
    default:
        return g_strdup_printf(_("part reached of the target: %s"), measures);
    }
}

char *
words_of_when(const struct pack *p, const struct pack_item *item)
{
    static const char *const names[] = {
        [WHEN_MARKED] = N_("staff mark it"),
        [WHEN_SUBMITTED] = N_("every submission"),
        [WHEN_VOLUNTEERED] = N_("submission without commission"),
        [WHEN_ANSWERED] = N_("commission answered in time"),
        [WHEN_LATE] = N_("commission answered late"),
        [WHEN_MISSED] = N_("commission not answered"),
        [WHEN_OVERDUE] = N_("commission not answered in time")};

    if (item->when == WHEN_PERIOD)
        return period_when(item);
    if (item->when >= WHEN_MET)
        return result_when(p, item);
    if (item->stage)
        return stage_when(item);
    return g_strdup(_(names[item->when]));
}

char *
words_of_effect(const struct pack_item *item)
{
    static const char *const names[] = {
        [EFFECT_NONE] = NULL,
        [EFFECT_PRAISE] = N_("praise"),
        [EFFECT_CRITICISM] = N_("criticism"),
        [EFFECT_VETO] = N_("no award this year"),
        [EFFECT_ZERO] = N_("all points of the year are 0")};

    if (item->effect == EFFECT_NONE)
        return NULL;
    if (strcmp(item->text, item->name) == 0)
        return g_strdup(_(names[item->effect]));
    return g_strdup_printf(_("%s: %s"), _(names[item->effect]), item->text);
}

/* ---- groups ---- */
char *
words_of_pot(unsigned per)
{
    GString *s = g_string_new(NULL);

    if (per & PER_SUBMISSION)
        words_add(s, _(", "), _("submission"));
    if (per & PER_COMMISSION)
        words_add(s, _(", "), _("commission"));
    for (int k = 0; k < PERIOD_KINDS; k++)
        if (per & PER_KIND(k))
            words_add(s, _(", "), words_of_period((enum period_kind)k));
    if (per & PER_OFFICE)
        words_add(s, _(", "), _("all units together"));
    return g_string_free(s, FALSE);
}

/* ---- measures ---- */
char *
words_of_measure(const struct pack *p, const struct pack_measure *m)
{
    g_autofree char *items = words_of_items(p, &m->items);

    switch (m->kind) {
    case MEASURE_POINTS:
        return g_strdup_printf(_("points of %s"), items);
    case MEASURE_COUNT:
        return g_strdup_printf(_("number of %s"), items);
    case MEASURE_STREAK:
        return g_strdup_printf(_("periods in a row with %s"), items);
    case MEASURE_VALUE:
        return points_text(&m->value);
    }
    g_assert_not_reached();
}

static char *
target_text(const struct pack *p, const struct pack_target *t)
{
    g_autofree char *number = decimal_format(t->number);
    g_autofree char *goal = g_strdup_printf(
        t->at_most ? _("at most %s") : _("at least %s"), number);
    GString *who = g_string_new(NULL);
    char *line;

    condition(who, "", words_of_class_set(p, &t->classes));
    condition(who, "", words_of_units(p, &t->units));
    line = g_strdup_printf(_("%s: %s"), who->len ? who->str : _("everybody"),
                           goal);
    g_string_free(who, TRUE);
    return line;
}

char *
words_of_targets(const struct pack *p, const struct pack_measure *m)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < m->targets->len; i++) {
        g_autofree char *line =
            target_text(p, &g_array_index(m->targets, struct pack_target, i));

        words_add(s, "\n", line);
    }
    return g_string_free(s, FALSE);
}
