/* views.c - see views.h. */
#include "rules/views.h"

/* ---- candidates ---- */

static gboolean
has_label(const struct subject_line *l, enum label label)
{
    for (int i = 0; i < tokens_count(l); i++)
        if (tokens_at(l, i)->label == label)
            return TRUE;
    return FALSE;
}

static void
add_run(GArray *runs, int first, int last)
{
    struct run run = {first, last};

    g_array_append_val(runs, run);
}

/* The last of the units that follow token i as a list. */
static int
list_of_units(const struct subject_line *l, int i)
{
    while (weigh_continues_list(l, i + 1))
        i++;
    return i;
}

/* Runs that may be the unit: what a label says, or whatever names one. */
static GArray *
unit_runs(const struct subject_line *l)
{
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(struct run));
    gboolean labelled = has_label(l, LABEL_UNIT);

    for (int i = 0; i < tokens_count(l); i++) {
        const struct token *t = tokens_at(l, i);
        int last;

        if (t->kind != TOKEN_TEXT || t->label == LABEL_TITLE ||
            t->label == LABEL_SUBMITTER)
            continue;
        if (labelled && t->label != LABEL_UNIT)
            continue;
        if (t->units->len == 0 && !t->shared_name && !labelled)
            continue;
        last = weigh_is_unit(t) ? list_of_units(l, i) : i;
        add_run(runs, i, last);
        if (last > i && !labelled)
            add_run(runs, i, i);
    }
    return runs;
}

/* Bodies that the roster does not know. */
static void
add_unknown_units(const struct subject_line *l, GArray *runs)
{
    for (int i = 0; i < tokens_count(l); i++) {
        const struct token *t = tokens_at(l, i);

        if (t->kind == TOKEN_TEXT && t->label == LABEL_NONE && t->body &&
            t->end - t->start <= WEIGH_BODY_CHARS)
            add_run(runs, i, i);
    }
}

/* 李强 of 报送人：李强, or anything of a name's shape. */
static gboolean
may_be_person(const struct subject_line *l, const struct token *t)
{
    int n = t->end - t->unit_end;

    if (t->kind != TOKEN_TEXT || t->label == LABEL_TITLE ||
        t->label == LABEL_UNIT)
        return FALSE;
    if (t->label == LABEL_SUBMITTER)
        return t->person >= PERSON_PLAIN || t->dotted ||
               (n >= 2 && n <= 4 && t->units->len == 0 && !t->section &&
                !t->body && t->person != PERSON_DOUBTFUL &&
                l->r->folded[t->start] >= 0x3400);
    return t->person != PERSON_NO || t->dotted;
}

/* A short word beside the number or the unit, where a person stands: may be
 * one whose surname is not known. */
static gboolean
may_be_stranger(const struct subject_line *l, int i)
{
    const struct token *t = tokens_at(l, i);
    const struct token *before = i > 0 ? tokens_at(l, i - 1) : NULL;
    const struct token *behind =
        i + 1 < tokens_count(l) ? tokens_at(l, i + 1) : NULL;
    int n = t->end - t->start;

    if (t->kind != TOKEN_TEXT || t->label != LABEL_NONE || n < 2 || n > 4 ||
        t->units->len > 0 || t->body || t->section || t->date ||
        t->person != PERSON_NO || t->dotted ||
        person_is_title(l->r, t->start, t->end))
        return FALSE;
    return (before && (before->kind == TOKEN_PHONE || weigh_is_unit(before))) ||
           (behind && (behind->kind == TOKEN_PHONE || weigh_is_unit(behind)));
}

static GArray *
submitter_runs(const struct subject_line *l)
{
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(struct run));
    gboolean labelled = has_label(l, LABEL_SUBMITTER);

    for (int i = 0; i < tokens_count(l); i++) {
        const struct token *t = tokens_at(l, i), *next;

        if ((labelled && t->label != LABEL_SUBMITTER) ||
            !(may_be_person(l, t) || may_be_stranger(l, i)))
            continue;
        add_run(runs, i, i);
        next = i + 1 < tokens_count(l) ? tokens_at(l, i + 1) : NULL;
        if (next && t->person >= PERSON_PLAIN && next->kind == TOKEN_TEXT &&
            next->label == LABEL_NONE && next->person >= PERSON_PLAIN &&
            next->unit_end == next->start && tokens_gap(l, i + 1) != 0 &&
            !(tokens_gap(l, i + 1) &
              ~(unsigned)(SEP_ENUM | SEP_COMMA | SEP_SPACE | SEP_SLASH)))
            add_run(runs, i, i + 1);
    }
    return runs;
}

/* ---- judging ---- */

static gboolean
same_run(struct run a, struct run b)
{
    return a.first == b.first && a.last == b.last;
}

/* A unit and a person out of one token take both from it, or neither. */
static gboolean
is_consistent(const struct subject_line *l, const struct view *v)
{
    const struct token *u =
        v->unit.first >= 0 ? tokens_at(l, v->unit.first) : NULL;
    const struct token *p =
        v->submitter.first >= 0 ? tokens_at(l, v->submitter.first) : NULL;
    gboolean shared = u && v->unit_known && u->unit_end > u->start;

    if (shared)
        return same_run(v->unit, v->submitter);
    if (p && p->unit_end > p->start)
        return FALSE;
    return !u || !p || v->unit.last < v->submitter.first ||
           v->submitter.last < v->unit.first;
}

static void
collect(const struct subject_line *l, GArray *units, gboolean known,
        GArray *submitters, GArray *views)
{
    for (guint i = 0; i < units->len; i++)
        for (guint j = 0; j < submitters->len; j++) {
            struct view v = {.unit = g_array_index(units, struct run, i),
                             .submitter =
                                 g_array_index(submitters, struct run, j)};

            v.unit_known = known && v.unit.first >= 0 &&
                           tokens_at(l, v.unit.first)->units->len > 0;
            if (is_consistent(l, &v) && weigh_view(l, &v))
                g_array_append_val(views, v);
        }
}

/* Every view that leaves no piece over. */
static GArray *
all_views(const struct subject_line *l)
{
    GArray *views = g_array_new(FALSE, FALSE, sizeof(struct view));
    g_autoptr(GArray) units = unit_runs(l);
    g_autoptr(GArray) unknown = g_array_new(FALSE, FALSE, sizeof(struct run));
    g_autoptr(GArray) submitters = submitter_runs(l);
    gboolean known = units->len > 0;

    add_run(units, -1, -1);
    add_run(submitters, -1, -1);
    collect(l, units, TRUE, submitters, views);
    if (!known) {
        add_unknown_units(l, unknown);
        collect(l, unknown, FALSE, submitters, views);
    }
    return views;
}

static const struct view *
cheapest(const GArray *views)
{
    const struct view *best = NULL;

    for (guint i = 0; i < views->len; i++) {
        const struct view *v = &g_array_index(views, struct view, i);

        if (!best || v->cost < best->cost)
            best = v;
    }
    return best;
}

static void
compare(const struct subject_line *l, const struct view *other,
        struct judgement *j)
{
    if (!same_run(other->title, j->best.title))
        j->title_sure = FALSE;
    if (!same_run(other->submitter, j->best.submitter))
        j->submitter_sure = FALSE;
    if (!same_run(other->unit, j->best.unit) &&
        !weigh_same_units(l, other->unit, j->best.unit))
        j->unit_sure = FALSE;
}

void
views_judge(const struct subject_line *l, struct judgement *out)
{
    const struct run none = {-1, -1};
    g_autoptr(GArray) views = NULL;
    const struct view *best;

    *out = (struct judgement){.best = {none, FALSE, none, none, 0, 0}};
    if (tokens_count(l) > MAX_TOKENS)
        return;
    views = all_views(l);
    best = cheapest(views);
    if (!best)
        return;
    *out = (struct judgement){*best, TRUE, !(best->doubts & DOUBT_TITLE),
                              !(best->doubts & DOUBT_UNIT),
                              !(best->doubts & DOUBT_SUBMITTER)};
    for (guint i = 0; i < views->len; i++) {
        const struct view *v = &g_array_index(views, struct view, i);

        if (v->cost < best->cost + WEIGH_MARGIN)
            compare(l, v, out);
    }
}
