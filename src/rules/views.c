/* views.c - see views.h. */
#include "rules/views.h"

#include <string.h>

/* What speaks against a view.  docs/subject.md explains each. */
enum cost {
    COST_NO_UNIT = 8,
    COST_UNKNOWN_UNIT = 3,
    COST_NO_SUBMITTER = 8,
    COST_NO_TITLE = 8,
    COST_SHORT_TITLE = 6,   /* less than four characters */
    COST_TITLE_IS_NAME = 8, /* the title is a unit's or a body's name */
    COST_PLAIN_PERSON = 1,
    COST_WORD_PERSON = 5,  /* 高效, 安全 */
    COST_ALONE_LIKELY = 2, /* person beside neither unit nor number */
    COST_ALONE = 6,
    COST_WEAK_PERSON = 4, /* parted from the title by 、 or ， only */
    COST_WEAK_UNIT = 7,
    COST_UNIT_LIST = 7, /* 税务局 财政局联合…: the title may begin there */
    COST_SPLIT_TITLE = 2, /* each separator in it that parts elements */
    COST_UNUSED_UNIT = 5, /* a unit's name stands as a piece of the title */
    COST_REPEATED_UNIT = 1,
    COST_JOINT_SAME = 5, /* two units parted as elements are */
    COST_TWO_PERSONS = 1,
    COST_NUMBER_IN_TITLE = 5,
    MARGIN = 4 /* views nearer than this are both possible */
};

enum { MAX_TOKENS = 48, MIN_TITLE_CHARS = 4, MAX_BODY_CHARS = 10 };

enum role {
    ROLE_TITLE,
    ROLE_UNIT,
    ROLE_SUBMITTER,
    ROLE_NUMBER,
    ROLE_NOTHING /* labels, noise, forms of address */
};

/* A view being weighed. */
struct scale {
    const struct subject_line *l;
    struct view v;
    enum role role[MAX_TOKENS];
    unsigned structure; /* separators between elements */
};

static const unsigned brackets = SEP_OPEN | SEP_CLOSE;

static gboolean
in_run(struct run run, int i)
{
    return run.first >= 0 && i >= run.first && i <= run.last;
}

GPtrArray *
views_units(const struct subject_line *l, struct run run)
{
    GPtrArray *units = g_ptr_array_new();

    for (int i = run.first; i >= 0 && i <= run.last; i++) {
        const struct token *t = tokens_at(l, i);

        for (guint j = 0; j < t->units->len; j++)
            if (!g_ptr_array_find(units, t->units->pdata[j], NULL))
                g_ptr_array_add(units, t->units->pdata[j]);
    }
    return units;
}

static gboolean
same_units(const struct subject_line *l, struct run a, struct run b)
{
    g_autoptr(GPtrArray) x = views_units(l, a);
    g_autoptr(GPtrArray) y = views_units(l, b);

    if (x->len != y->len)
        return FALSE;
    for (guint i = 0; i < x->len; i++)
        if (x->pdata[i] != y->pdata[i])
            return FALSE;
    return TRUE;
}

/* ---- roles ---- */

/* The nearest token before (step -1) or behind (+1) that plays a role; -1
 * when there is none. */
static int
neighbour(const struct scale *s, int i, int step)
{
    for (i += step; i >= 0 && i < tokens_count(s->l); i += step)
        if (s->role[i] != ROLE_NOTHING)
            return i;
    return -1;
}

/* Separators between two tokens, over everything that plays no role. */
static unsigned
gap_between(const struct scale *s, int a, int b)
{
    unsigned gap = 0;

    for (int i = a + 1; i <= b; i++)
        gap |= tokens_gap(s->l, i);
    return gap;
}

static enum role
role_of(const struct scale *s, int i)
{
    switch (tokens_at(s->l, i)->kind) {
    case TOKEN_PHONE:
        return ROLE_NUMBER;
    case TOKEN_LABEL:
    case TOKEN_EXTRA:
        return ROLE_NOTHING;
    default:
        break;
    }
    if (in_run(s->v.submitter, i) && !in_run(s->v.unit, i))
        return ROLE_SUBMITTER;
    return in_run(s->v.unit, i) ? ROLE_UNIT : ROLE_TITLE;
}

static gboolean
has_neighbour(const struct scale *s, int i, enum role role)
{
    int a = neighbour(s, i, -1), b = neighbour(s, i, 1);

    return (a >= 0 && s->role[a] == role) || (b >= 0 && s->role[b] == role);
}

/* 科长 beside the person, 信息科 beside the unit, a date at the edge: they
 * stand among the elements and are none. */
static gboolean
is_by_the_way(const struct scale *s, int i)
{
    const struct token *t = tokens_at(s->l, i);

    if (t->label != LABEL_NONE)
        return FALSE;
    if (person_is_title(s->l->r, t->start, t->end) &&
        has_neighbour(s, i, ROLE_SUBMITTER))
        return TRUE;
    return t->section && has_neighbour(s, i, ROLE_UNIT);
}

static void
assign_roles(struct scale *s)
{
    int n = tokens_count(s->l);

    for (int i = 0; i < n; i++)
        s->role[i] = role_of(s, i);
    for (int i = 0; i < n; i++)
        if (s->role[i] == ROLE_TITLE && is_by_the_way(s, i))
            s->role[i] = ROLE_NOTHING;
}

/* First and last token that is left for the title. */
static struct run
leftover(const struct scale *s)
{
    struct run run = {-1, -1};

    for (int i = 0; i < tokens_count(s->l); i++)
        if (s->role[i] == ROLE_TITLE) {
            run.first = run.first < 0 ? i : run.first;
            run.last = i;
        }
    return run;
}

/* Is the edge of the leftover no part of a title: 信息报送, 2019年3月5日,
 * or the unit's name once more? */
static gboolean
is_edge_noise(struct scale *s, int i, int inward)
{
    const struct token *t = tokens_at(s->l, i);
    unsigned gap = inward < 0   ? 0
                   : inward > i ? tokens_gap(s->l, inward)
                                : tokens_gap(s->l, i);
    struct run self = {i, i};

    if (t->label == LABEL_TITLE)
        return FALSE;
    if (t->kind == TOKEN_NOISE)
        return TRUE;
    if (t->date && inward >= 0 && !(gap & SEP_SPACE))
        return TRUE;
    if (t->units->len == 0 || s->v.unit.first < 0 || !s->v.unit_known ||
        !(gap & ~(unsigned)(SEP_ENUM | SEP_COMMA)) ||
        !same_units(s->l, self, s->v.unit))
        return FALSE;
    s->v.cost += COST_REPEATED_UNIT;
    return TRUE;
}

static void
trim_leftover(struct scale *s, struct run *run)
{
    while (run->first >= 0 &&
           is_edge_noise(s, run->first,
                         run->first < run->last ? run->first + 1 : -1)) {
        s->role[run->first] = ROLE_NOTHING;
        *run = leftover(s);
    }
    while (run->last > run->first &&
           is_edge_noise(s, run->last, run->last - 1)) {
        s->role[run->last] = ROLE_NOTHING;
        *run = leftover(s);
    }
}

/* A number glued into the title (便民电话6201234开通) is a word of it, when
 * another number stands outside. */
static gboolean
absorb_numbers(struct scale *s, struct run run)
{
    int inside = 0, outside = 0;

    for (int i = 0; i < tokens_count(s->l); i++)
        if (s->role[i] == ROLE_NUMBER) {
            if (in_run(run, i))
                inside++;
            else
                outside++;
        }
    if (inside == 0)
        return TRUE;
    if (outside == 0)
        return FALSE;
    for (int i = run.first; i <= run.last; i++)
        if (s->role[i] == ROLE_NUMBER)
            s->role[i] = ROLE_TITLE;
    s->v.cost += COST_NUMBER_IN_TITLE * inside;
    return TRUE;
}

/* Is the leftover one piece?  A label 标题 must stand at its beginning. */
static gboolean
find_title(struct scale *s)
{
    struct run run = leftover(s);

    trim_leftover(s, &run);
    if (run.first >= 0 && !absorb_numbers(s, run))
        return FALSE;
    for (int i = run.first; i >= 0 && i <= run.last; i++)
        if (s->role[i] != ROLE_TITLE ||
            (i > run.first && tokens_at(s->l, i)->label != LABEL_NONE))
            return FALSE;
    s->v.title = run;
    return TRUE;
}

/* ---- weighing ---- */

static void
find_structure(struct scale *s)
{
    int before = neighbour(s, -1, 1);

    s->structure = 0;
    while (before >= 0) {
        int i = neighbour(s, before, 1);

        if (i >= 0 && s->role[i] != s->role[before])
            s->structure |= gap_between(s, before, i) & ~brackets;
        before = i;
    }
}

static gboolean
is_weak(unsigned gap)
{
    return (gap & (SEP_ENUM | SEP_COMMA)) &&
           !(gap & ~(unsigned)(SEP_ENUM | SEP_COMMA | SEP_SPACE));
}

/* Is the element parted from the title by less than what parts the others?
 * 、 counts as a separator only where nothing stronger is used. */
static gboolean
is_weakly_parted(const struct scale *s, struct run run)
{
    int before = neighbour(s, run.first, -1);
    int behind = neighbour(s, run.last, 1);
    gboolean weak_only =
        !(s->structure & ~(unsigned)(SEP_ENUM | SEP_COMMA | SEP_SPACE));

    if (weak_only)
        return FALSE;
    return (before >= 0 && s->role[before] == ROLE_TITLE &&
            is_weak(gap_between(s, before, run.first))) ||
           (behind >= 0 && s->role[behind] == ROLE_TITLE &&
            is_weak(gap_between(s, run.last, behind)));
}

static void
weigh_person(struct scale *s)
{
    struct run run = s->v.submitter;
    const struct token *t;
    gboolean alone;

    if (run.first < 0) {
        s->v.cost += COST_NO_SUBMITTER;
        return;
    }
    t = tokens_at(s->l, run.first);
    if (run.last > run.first)
        s->v.cost += COST_TWO_PERSONS;
    if (t->label == LABEL_SUBMITTER)
        return;
    if (t->person == PERSON_PLAIN || t->dotted)
        s->v.cost += COST_PLAIN_PERSON;
    if (t->person == PERSON_WORD)
        s->v.cost += COST_WORD_PERSON;
    if (in_run(s->v.unit, run.first))
        return;
    alone = !has_neighbour(s, run.first, ROLE_UNIT) &&
            !has_neighbour(s, run.first, ROLE_NUMBER) &&
            !has_neighbour(s, run.last, ROLE_UNIT) &&
            !has_neighbour(s, run.last, ROLE_NUMBER);
    if (alone)
        s->v.cost +=
            t->person >= PERSON_LIKELY ? COST_ALONE_LIKELY : COST_ALONE;
    if (is_weakly_parted(s, run))
        s->v.cost += COST_WEAK_PERSON;
}

/* Does the title's piece at `i` begin with, or name, some body? */
static gboolean
begins_with_body(const struct subject_line *l, int i)
{
    const struct token *t = tokens_at(l, i);

    if (t->units->len > 0 || t->body)
        return TRUE;
    for (int end = t->start + 3; end <= t->end && end < t->start + 12; end++) {
        g_autofree char *head = runes_text(l->r, t->start, end);

        if (match_is_body(head))
            return TRUE;
    }
    return FALSE;
}

/* 税务局、财政局联合…: the unit may be the title's first word. */
static gboolean
may_begin_list(const struct scale *s)
{
    int behind = neighbour(s, s->v.unit.last, 1);
    unsigned gap;

    if (behind < 0 || s->role[behind] != ROLE_TITLE)
        return FALSE;
    gap = gap_between(s, s->v.unit.last, behind);
    return !(gap & ~(unsigned)(SEP_ENUM | SEP_COMMA | SEP_SPACE)) &&
           begins_with_body(s->l, behind);
}

static void
weigh_unit(struct scale *s)
{
    struct run run = s->v.unit;

    if (run.first < 0) {
        s->v.cost += COST_NO_UNIT;
        return;
    }
    if (!s->v.unit_known)
        s->v.cost += COST_UNKNOWN_UNIT;
    if (tokens_at(s->l, run.first)->label == LABEL_UNIT)
        return;
    if (is_weakly_parted(s, run))
        s->v.cost += COST_WEAK_UNIT;
    if (may_begin_list(s))
        s->v.cost += COST_UNIT_LIST;
    for (int i = run.first + 1; i <= run.last; i++)
        if (tokens_gap(s->l, i) & s->structure & ~(unsigned)SEP_ENUM)
            s->v.cost += COST_JOINT_SAME;
}

static int
letters(const struct subject_line *l, struct run run)
{
    int n = 0, start = tokens_at(l, run.first)->start;

    for (int i = start; i < tokens_at(l, run.last)->end; i++)
        n += g_unichar_isalpha(l->r->folded[i]) ? 1 : 0;
    return n;
}

/* A unit's name that stands as a piece of the title, parted by more than
 * the 、 of an enumeration. */
static gboolean
is_unused_unit(const struct scale *s, int i)
{
    struct run title = s->v.title;
    unsigned gap = 0;

    if (tokens_at(s->l, i)->units->len == 0)
        return FALSE;
    if (i > title.first)
        gap |= tokens_gap(s->l, i);
    if (i < title.last)
        gap |= tokens_gap(s->l, i + 1);
    return (gap & ~(unsigned)(SEP_ENUM | SEP_COMMA) & ~brackets) != 0;
}

static void
weigh_title(struct scale *s)
{
    struct run run = s->v.title;
    const struct token *only;

    if (run.first < 0) {
        s->v.cost += COST_NO_TITLE;
        return;
    }
    only = run.first == run.last ? tokens_at(s->l, run.first) : NULL;
    if (only && (only->units->len > 0 || only->body) &&
        only->label != LABEL_TITLE)
        s->v.cost += COST_TITLE_IS_NAME;
    if (letters(s->l, run) < MIN_TITLE_CHARS)
        s->v.cost += COST_SHORT_TITLE;
    for (int i = run.first; i <= run.last; i++) {
        if (i > run.first && (tokens_gap(s->l, i) & s->structure)) {
            s->v.cost += COST_SPLIT_TITLE;
            s->v.title_split = TRUE;
        }
        if (!only && is_unused_unit(s, i))
            s->v.cost += COST_UNUSED_UNIT;
    }
}

/* Weigh one view; FALSE when it leaves pieces that are nothing. */
static gboolean
weigh(const struct subject_line *l, struct view *v)
{
    struct scale s = {.l = l, .v = *v};

    assign_roles(&s);
    if (!find_title(&s))
        return FALSE;
    find_structure(&s);
    weigh_person(&s);
    weigh_unit(&s);
    weigh_title(&s);
    *v = s.v;
    return TRUE;
}

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

static gboolean
is_plain_unit(const struct token *t)
{
    return t->kind == TOKEN_TEXT && t->units->len > 0 &&
           t->unit_end == t->start;
}

/* The last of the units that follow token i as a list. */
static int
list_of_units(const struct subject_line *l, int i)
{
    const unsigned joints =
        SEP_ENUM | SEP_COMMA | SEP_SPACE | SEP_SLASH | SEP_OTHER | SEP_PLUS;

    while (i + 1 < tokens_count(l) && is_plain_unit(tokens_at(l, i + 1)) &&
           tokens_at(l, i + 1)->label == LABEL_NONE &&
           tokens_gap(l, i + 1) != 0 && !(tokens_gap(l, i + 1) & ~joints))
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
        last = is_plain_unit(t) ? list_of_units(l, i) : i;
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
            t->end - t->start <= MAX_BODY_CHARS)
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
                !t->body && t->person != PERSON_WORD &&
                l->r->folded[t->start] >= 0x3400);
    return t->person != PERSON_NO || t->dotted;
}

static GArray *
submitter_runs(const struct subject_line *l)
{
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(struct run));
    gboolean labelled = has_label(l, LABEL_SUBMITTER);

    for (int i = 0; i < tokens_count(l); i++) {
        const struct token *t = tokens_at(l, i), *next;

        if (!may_be_person(l, t) || (labelled && t->label != LABEL_SUBMITTER))
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
            if (is_consistent(l, &v) && weigh(l, &v))
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

/* Two whole names of different units, neither in the other's list: who
 * sends?  税务局：减税…-县财政局-高翔 */
static gboolean
has_rival_unit(const struct subject_line *l, const struct view *v)
{
    struct scale s = {.l = l, .v = *v};

    for (int i = v->title.first; i >= 0 && i <= v->title.last; i++) {
        struct run self = {i, i};

        if (is_unused_unit(&s, i) && !same_units(l, self, v->unit))
            return TRUE;
    }
    return FALSE;
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
        !same_units(l, other->unit, j->best.unit))
        j->unit_sure = FALSE;
}

void
views_judge(const struct subject_line *l, struct judgement *out)
{
    const struct run none = {-1, -1};
    g_autoptr(GArray) views = NULL;
    const struct view *best;

    *out = (struct judgement){.best = {none, FALSE, none, none, FALSE, 0}};
    if (tokens_count(l) > MAX_TOKENS)
        return;
    views = all_views(l);
    best = cheapest(views);
    if (!best)
        return;
    *out = (struct judgement){*best, TRUE, TRUE, TRUE, TRUE};
    for (guint i = 0; i < views->len; i++) {
        const struct view *v = &g_array_index(views, struct view, i);

        if (v->cost < best->cost + MARGIN)
            compare(l, v, out);
    }
    if (has_rival_unit(l, best))
        out->unit_sure = FALSE;
    /* A piece of the title may be the element that is missing. */
    if (best->title_split &&
        (best->unit.first < 0 || best->submitter.first < 0))
        out->title_sure = FALSE;
}
