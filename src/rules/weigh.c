/* weigh.c - see weigh.h. */
#include "rules/weigh.h"

/* What speaks against a view.  docs/subject.md explains each. */
enum cost {
    COST_NO_UNIT = 8,
    COST_UNKNOWN_UNIT = 3,
    COST_NO_SUBMITTER = 8,
    COST_NO_TITLE = 8,
    COST_SHORT_TITLE = 6,   /* less than four characters */
    COST_TITLE_IS_NAME = 8, /* the title is a unit's or a body's name */
    COST_PLAIN_PERSON = 1,
    COST_DOUBTFUL_PERSON = 5, /* 高效, 安全 */
    COST_STRANGER = 6,        /* a short word where a person may stand */
    COST_ALONE_LIKELY = 2,    /* person beside neither unit nor number */
    COST_ALONE = 6,
    COST_WEAK_PERSON = 6, /* parted from the title by 、 or ， only */
    COST_WEAK_UNIT = 7,
    COST_UNIT_LIST = 7, /* 税务局 财政局联合…: the title may begin there */
    COST_SPLIT_TITLE = 2,  /* each separator in it that parts elements */
    COST_UNUSED_UNIT = 5,  /* a unit's name stands as a piece of the title */
    COST_PART_OF_LIST = 6, /* one of several units that stand in a row */
    COST_REPEATED_UNIT = 1,
    COST_JOINT_SAME = 5, /* two units parted as elements are */
    COST_TWO_PERSONS = 1,
    COST_NUMBER_IN_TITLE = 5
};

enum { MIN_TITLE_CHARS = 4 };

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
weigh_units(const struct subject_line *l, struct run run)
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

gboolean
weigh_same_units(const struct subject_line *l, struct run a, struct run b)
{
    g_autoptr(GPtrArray) x = weigh_units(l, a);
    g_autoptr(GPtrArray) y = weigh_units(l, b);

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

static gboolean
is_only_title(const struct scale *s, int i)
{
    for (int k = 0; k < tokens_count(s->l); k++)
        if (k != i && s->role[k] == ROLE_TITLE)
            return FALSE;
    return TRUE;
}

/* 科长 beside the person, 信息科 beside the unit or the person, a date at the
 * edge: they stand among the elements and are none. */
static gboolean
is_by_the_way(const struct scale *s, int i)
{
    const struct token *t = tokens_at(s->l, i);

    if (t->label != LABEL_NONE)
        return FALSE;
    if (person_is_title(s->l->r, t->start, t->end) &&
        has_neighbour(s, i, ROLE_SUBMITTER))
        return TRUE;
    return t->section &&
           (has_neighbour(s, i, ROLE_UNIT) ||
            (has_neighbour(s, i, ROLE_SUBMITTER) && !is_only_title(s, i)));
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
        !weigh_same_units(s->l, self, s->v.unit))
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

/* How firmly a gap parts: 、 less than ，, ， less than anything else; a
 * bracket parts, and is no measure for other gaps. */
static int
firmness(unsigned gap)
{
    if (gap & ~(unsigned)(SEP_ENUM | SEP_COMMA | SEP_SPACE) & ~brackets)
        return 3;
    if (gap & SEP_COMMA)
        return 2;
    if (gap & SEP_ENUM)
        return 1;
    return gap & SEP_SPACE ? 3 : 0;
}

/* The firmest gap between elements. */
static int
firmest(const struct scale *s)
{
    int most = 0, before = neighbour(s, -1, 1), i;

    while (before >= 0 && (i = neighbour(s, before, 1)) >= 0) {
        if (s->role[i] != s->role[before])
            most = MAX(most, firmness(gap_between(s, before, i)));
        before = i;
    }
    return most;
}

/* Is the element parted from the title less firmly than from what stands on
 * its other side, or than others are when nothing does? */
static gboolean
is_weakly_parted(const struct scale *s, struct run run)
{
    int before = neighbour(s, run.first, -1);
    int behind = neighbour(s, run.last, 1);
    int left = before >= 0 ? firmness(gap_between(s, before, run.first)) : 0;
    int right = behind >= 0 ? firmness(gap_between(s, run.last, behind)) : 0;

    if (before >= 0 && s->role[before] == ROLE_TITLE && left > 0 && left < 3)
        return left < (behind >= 0 ? right : firmest(s));
    if (behind >= 0 && s->role[behind] == ROLE_TITLE && right > 0 && right < 3)
        return right < (before >= 0 ? left : firmest(s));
    return FALSE;
}

/* Is a neighbour the title, parted by no more than 、 ? */
static gboolean
is_enumerated(const struct scale *s, struct run run)
{
    int before = neighbour(s, run.first, -1);
    int behind = neighbour(s, run.last, 1);

    return (before >= 0 && s->role[before] == ROLE_TITLE &&
            firmness(gap_between(s, before, run.first)) == 1) ||
           (behind >= 0 && s->role[behind] == ROLE_TITLE &&
            firmness(gap_between(s, run.last, behind)) == 1);
}

static gboolean
touches(const struct scale *s, struct run run, enum role role)
{
    return has_neighbour(s, run.first, role) ||
           has_neighbour(s, run.last, role);
}

/* 成功 is a name and a word; a word that is no name may be one; and beside
 * the title it may be a piece of it. */
static void
weigh_doubtful(struct scale *s, const struct token *t)
{
    if (t->dotted || t->person > PERSON_DOUBTFUL)
        return;
    s->v.cost += t->person == PERSON_NO ? COST_STRANGER : COST_DOUBTFUL_PERSON;
    s->v.doubts |= DOUBT_SUBMITTER;
    if (touches(s, s->v.submitter, ROLE_TITLE))
        s->v.doubts |= DOUBT_TITLE;
}

/* 何平、李强同志先进事迹: the person may be the title's first word. */
static gboolean
may_begin_names(const struct scale *s)
{
    int behind = neighbour(s, s->v.submitter.last, 1);
    const struct token *t = behind >= 0 ? tokens_at(s->l, behind) : NULL;

    if (!t || s->role[behind] != ROLE_TITLE ||
        firmness(gap_between(s, s->v.submitter.last, behind)) != 1)
        return FALSE;
    return person_kind(s->l->r, t->start, MIN(t->start + 2, t->end)) >=
               PERSON_LIKELY ||
           person_kind(s->l->r, t->start, MIN(t->start + 3, t->end)) >=
               PERSON_LIKELY;
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
    weigh_doubtful(s, t);
    if (in_run(s->v.unit, run.first))
        return;
    alone = !touches(s, run, ROLE_UNIT) && !touches(s, run, ROLE_NUMBER);
    if (alone)
        s->v.cost +=
            t->person >= PERSON_LIKELY ? COST_ALONE_LIKELY : COST_ALONE;
    if (is_weakly_parted(s, run) || (alone && is_enumerated(s, run)))
        s->v.cost += COST_WEAK_PERSON;
    if (may_begin_names(s))
        s->v.doubts |= DOUBT_TITLE | DOUBT_SUBMITTER;
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

/* 税务局、财政局联合…: the unit may be the title's first word.  Behind a
 * space it must be a unit of the roster that follows. */
static gboolean
may_begin_list(const struct scale *s)
{
    int behind = neighbour(s, s->v.unit.last, 1);
    unsigned gap;

    if (behind < 0 || s->role[behind] != ROLE_TITLE)
        return FALSE;
    gap = gap_between(s, s->v.unit.last, behind);
    if (gap & ~(unsigned)(SEP_ENUM | SEP_COMMA | SEP_SPACE))
        return FALSE;
    return gap == SEP_SPACE ? tokens_at(s->l, behind)->begins_unit
                            : begins_with_body(s->l, behind);
}

gboolean
weigh_is_unit(const struct token *t)
{
    return t->kind == TOKEN_TEXT && t->units->len > 0 &&
           t->unit_end == t->start;
}

gboolean
weigh_continues_list(const struct subject_line *l, int i)
{
    const unsigned joints =
        SEP_ENUM | SEP_COMMA | SEP_SPACE | SEP_SLASH | SEP_OTHER | SEP_PLUS;

    return i > 0 && i < tokens_count(l) && weigh_is_unit(tokens_at(l, i)) &&
           weigh_is_unit(tokens_at(l, i - 1)) &&
           tokens_at(l, i)->label == LABEL_NONE && tokens_gap(l, i) != 0 &&
           !(tokens_gap(l, i) & ~joints);
}

/* Several units, parted as elements are: a joint item, or is one of them
 * the title's first word?  税务局/县商务局：三项举措… */
static void
weigh_joint(struct scale *s)
{
    struct run run = s->v.unit;
    int behind = neighbour(s, run.last, 1);
    unsigned to_title = behind >= 0 && s->role[behind] == ROLE_TITLE
                            ? gap_between(s, run.last, behind)
                            : 0;

    for (int i = run.first + 1; i <= run.last; i++) {
        unsigned gap = tokens_gap(s->l, i);

        if (!(gap & s->structure))
            continue;
        if (gap != SEP_ENUM)
            s->v.cost += COST_JOINT_SAME;
        if (gap != SEP_ENUM || (to_title && to_title != SEP_ENUM))
            s->v.doubts |= DOUBT_TITLE | DOUBT_UNIT;
    }
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
    if (may_begin_list(s)) {
        s->v.cost += COST_UNIT_LIST;
        s->v.doubts |= DOUBT_TITLE | DOUBT_UNIT;
    }
    if (weigh_continues_list(s->l, run.first) ||
        weigh_continues_list(s->l, run.last + 1))
        s->v.cost += COST_PART_OF_LIST;
    weigh_joint(s);
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

/* How much the title is cut up by what parts elements, and by names that
 * are not used.  TRUE when an element may be among the pieces. */
static gboolean
weigh_pieces(struct scale *s)
{
    struct run run = s->v.title;
    gboolean split = FALSE;

    for (int i = run.first; i <= run.last; i++) {
        if (i > run.first && (tokens_gap(s->l, i) & s->structure)) {
            s->v.cost += COST_SPLIT_TITLE;
            split = TRUE;
        }
        if (run.first == run.last || !is_unused_unit(s, i))
            continue;
        s->v.cost += COST_UNUSED_UNIT;
        s->v.doubts |= DOUBT_TITLE | DOUBT_UNIT;
    }
    return split;
}

/* No unit elsewhere, and one at the title's edge that begins no list of
 * bodies: 财政局，春耕备播进展顺利. */
static gboolean
has_unit_at_edge(const struct scale *s)
{
    struct run run = s->v.title;

    if (s->v.unit.first >= 0 || run.first == run.last)
        return FALSE;
    if (weigh_is_unit(tokens_at(s->l, run.last)))
        return TRUE;
    return weigh_is_unit(tokens_at(s->l, run.first)) &&
           !(tokens_gap(s->l, run.first + 1) == SEP_ENUM &&
             begins_with_body(s->l, run.first + 1));
}

/* A person at the title's edge, while another is taken for the submitter. */
static gboolean
has_person_at_edge(const struct scale *s)
{
    struct run run = s->v.title;

    return run.first < run.last &&
           (tokens_at(s->l, run.first)->person >= PERSON_LIKELY ||
            tokens_at(s->l, run.last)->person >= PERSON_LIKELY);
}

static void
weigh_title(struct scale *s)
{
    struct run run = s->v.title;
    const struct token *t;
    gboolean split;

    if (run.first < 0) {
        s->v.cost += COST_NO_TITLE;
        return;
    }
    t = tokens_at(s->l, run.first);
    if (run.first == run.last && t->label != LABEL_TITLE &&
        (t->units->len > 0 ||
         (t->body && t->end - t->start <= WEIGH_BODY_CHARS)))
        s->v.cost += COST_TITLE_IS_NAME;
    if (letters(s->l, run) < MIN_TITLE_CHARS)
        s->v.cost += COST_SHORT_TITLE;
    split = weigh_pieces(s);
    /* A piece of the title may be the element that is missing. */
    if (split && (s->v.unit.first < 0 || s->v.submitter.first < 0))
        s->v.doubts |= DOUBT_TITLE;
    if (split && has_person_at_edge(s))
        s->v.doubts |= DOUBT_TITLE | DOUBT_SUBMITTER;
    if (has_unit_at_edge(s))
        s->v.doubts |= DOUBT_TITLE | DOUBT_UNIT;
}

gboolean
weigh_view(const struct subject_line *l, struct view *v)
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
