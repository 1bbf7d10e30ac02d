/* formula.c - see formula.h.
 *
 * The meaning is SQLite's, without its doubles: blanks go through, truth is
 * 1, 0 or blank, and a number remembers whether it is a whole one, because
 * two of those divide to a whole one.  Columns are never whole in this
 * sense. */
#include "rules/formula.h"

#include <string.h>

enum {
    STEPS_AT_MOST = 100000, /* of one evaluation, LIKE's included */
    ROUND_PLACES = 30       /* what round() goes to at most */
};

struct value {
    enum formula_kind kind;
    gboolean whole;
    struct exact number;
    const char *text; /* borrowed from tree, column or texts */
};

struct run {
    formula_column column;
    gpointer self;
    GStringChunk *texts; /* what || made; NULL: nothing yet */
    int steps;
    enum formula_end end;
};

static const struct value blank = {FORMULA_BLANK, FALSE, {0, 1}, NULL};

/* ---- nodes ---- */

static void
part_free(gpointer n)
{
    formula_node_unref(n);
}

struct formula_node *
formula_node_new(enum formula_op op, enum formula_kind kind)
{
    struct formula_node *n = g_new0(struct formula_node, 1);

    n->op = op;
    n->kind = kind;
    n->number = EXACT_ZERO;
    n->parts = g_ptr_array_new_with_free_func(part_free);
    n->refs = 1;
    return n;
}

struct formula_node *
formula_node_ref(struct formula_node *n)
{
    n->refs++;
    return n;
}

void
formula_node_unref(struct formula_node *n)
{
    if (!n || --n->refs > 0)
        return;
    g_free(n->text);
    g_ptr_array_unref(n->parts);
    g_free(n);
}

/* ---- values ---- */

static struct value value_of(struct run *r, const struct formula_node *n);

static struct value
part(struct run *r, const struct formula_node *n, guint i)
{
    return value_of(r, n->parts->pdata[i]);
}

static struct value
give_up(struct run *r, enum formula_end why)
{
    if (r->end == FORMULA_DONE)
        r->end = why;
    return blank;
}

static struct value
number(struct exact x, gboolean whole)
{
    return (struct value){FORMULA_NUMBER, whole, x, NULL};
}

static struct value
truth(gboolean yes)
{
    return number((struct exact){yes ? 1 : 0, 1}, TRUE);
}

static gboolean
is_blank(const struct value *v)
{
    return v->kind == FORMULA_BLANK;
}

static gboolean
is_true(const struct value *v)
{
    return v->kind == FORMULA_NUMBER && v->number.num != 0;
}

/* Of one kind: the loader has seen to it. */
static int
compare(const struct value *a, const struct value *b)
{
    int c;

    if (a->kind == FORMULA_NUMBER)
        return exact_compare(a->number, b->number);
    c = g_strcmp0(a->text, b->text);
    return (c > 0) - (c < 0);
}

static gboolean
same(const struct value *a, const struct value *b)
{
    if (is_blank(a) || is_blank(b))
        return is_blank(a) && is_blank(b);
    return compare(a, b) == 0;
}

/* A whole number that leaves 64 bits is none any more, as in SQLite. */
static gboolean
fits_whole(struct exact x)
{
    return x.den == 1 && x.num >= G_MININT64 && x.num <= G_MAXINT64;
}

/* ---- arithmetic ---- */

static gboolean
divide(const struct value *a, const struct value *b, gboolean whole,
       struct exact *out)
{
    if (!whole)
        return exact_div(a->number, b->number, out);
    *out = (struct exact){a->number.num / b->number.num, 1};
    return TRUE;
}

/* Both are cut to whole numbers first. */
static struct value
remainder_of(struct run *r, const struct value *a, const struct value *b)
{
    struct exact x = {exact_whole(a->number), 1};
    struct exact y = {exact_whole(b->number), 1};

    if (!fits_whole(x) || !fits_whole(y))
        return give_up(r, FORMULA_BEYOND);
    if (y.num == 0)
        return blank;
    return number((struct exact){x.num % y.num, 1}, a->whole && b->whole);
}

static struct value
arithmetic(struct run *r, const struct formula_node *n)
{
    struct value a = part(r, n, 0), b = part(r, n, 1);
    gboolean whole = a.whole && b.whole, fits = FALSE;
    struct exact x = EXACT_ZERO;

    if (is_blank(&a) || is_blank(&b))
        return blank;
    if (n->op == FORMULA_REMAINDER)
        return remainder_of(r, &a, &b);
    if (n->op == FORMULA_DIVIDE && b.number.num == 0)
        return blank;
    if (n->op == FORMULA_ADD)
        fits = exact_add(a.number, b.number, &x);
    else if (n->op == FORMULA_SUBTRACT)
        fits = exact_sub(a.number, b.number, &x);
    else if (n->op == FORMULA_MULTIPLY)
        fits = exact_mul(a.number, b.number, &x);
    else
        fits = divide(&a, &b, whole, &x);
    if (!fits)
        return give_up(r, FORMULA_BEYOND);
    return number(x, whole && fits_whole(x));
}

static struct value
minus(struct value v)
{
    v.number.num = -v.number.num;
    v.whole = v.whole && fits_whole(v.number);
    return v;
}

static struct value
absolute(struct run *r, const struct formula_node *n)
{
    struct value v = part(r, n, 0);

    if (v.number.num < 0)
        v.number.num = -v.number.num;
    v.whole = v.whole && fits_whole(v.number);
    return v;
}

/* Half away from zero; never a whole number, as SQLite has it. */
static struct value
rounded(struct run *r, const struct formula_node *n)
{
    struct value v = part(r, n, 0);
    struct value places = n->parts->len > 1 ? part(r, n, 1) : truth(FALSE);
    wide to;

    if (is_blank(&v) || is_blank(&places))
        return blank;
    to = CLAMP(exact_whole(places.number), 0, ROUND_PLACES);
    if (!exact_round(v.number, (int)to, &v.number))
        return give_up(r, FORMULA_BEYOND);
    v.whole = FALSE;
    return v;
}

/* The least or the greatest; blank when one of them is. */
static struct value
extreme(struct run *r, const struct formula_node *n, int sign)
{
    struct value best = part(r, n, 0);

    for (guint i = 1; i < n->parts->len && !is_blank(&best); i++) {
        struct value v = part(r, n, i);

        if (is_blank(&v) || sign * compare(&v, &best) > 0)
            best = v;
    }
    return best;
}

/* ---- texts ---- */

static struct value
concatenated(struct run *r, const struct formula_node *n)
{
    struct value a = part(r, n, 0), b = part(r, n, 1);
    g_autofree char *both = NULL;

    if (is_blank(&a) || is_blank(&b))
        return blank;
    if (!r->texts)
        r->texts = g_string_chunk_new(256);
    both = g_strconcat(a.text, b.text, NULL);
    r->steps += (int)MIN(strlen(both), STEPS_AT_MOST);
    a.text = g_string_chunk_insert(r->texts, both);
    return a;
}

/* One sign of a pattern, which may be escaped; FALSE: another one. */
static gboolean
sign_fits(const char *pattern, const char *text, gboolean escaped)
{
    gsize n = (gsize)(g_utf8_next_char(pattern) - pattern);

    if (*pattern == '_' && !escaped)
        return TRUE;
    if (n == 1)
        return g_ascii_tolower(*pattern) == g_ascii_tolower(*text);
    return strncmp(pattern, text, n) == 0;
}

static gboolean
escapes(const char *pattern, const char *escape)
{
    return escape && *escape && g_str_has_prefix(pattern, escape) &&
           pattern[strlen(escape)] != '\0';
}

/* Only the last % needs to be tried again: trying every way to place every
 * one, a few dozen of them run for years. */
static gboolean
like(struct run *r, const char *pattern, const char *text, const char *escape)
{
    const char *retry = NULL, *from = NULL;
    gsize length = escape ? strlen(escape) : 0;

    while (*text && ++r->steps < STEPS_AT_MOST) {
        gboolean escaped = escapes(pattern, escape);
        const char *sign = pattern + (escaped ? length : 0);

        if (*pattern == '%' && !escaped) {
            retry = ++pattern;
            from = text;
        } else if (*sign && sign_fits(sign, text, escaped)) {
            pattern = g_utf8_next_char(sign);
            text = g_utf8_next_char(text);
        } else if (retry) {
            pattern = retry;
            text = from = g_utf8_next_char(from);
        } else {
            return FALSE;
        }
    }
    while (*pattern == '%')
        pattern++;
    return !*text && !*pattern;
}

static struct value
likeness(struct run *r, const struct formula_node *n)
{
    struct value text = part(r, n, 0), pattern = part(r, n, 1);
    struct value escape = n->parts->len > 2 ? part(r, n, 2) : blank;

    if (is_blank(&text) || is_blank(&pattern) ||
        (n->parts->len > 2 && is_blank(&escape)))
        return blank;
    return truth(like(r, pattern.text, text.text, escape.text));
}

/* ---- truth: 1, 0 or blank ---- */

static struct value not(struct value v)
{
    return is_blank(&v) ? v : truth(!is_true(&v));
}

static struct value
both(struct value a, struct value b)
{
    if ((!is_blank(&a) && !is_true(&a)) || (!is_blank(&b) && !is_true(&b)))
        return truth(FALSE);
    return is_blank(&a) || is_blank(&b) ? blank : truth(TRUE);
}

static struct value
compared(enum formula_op op, const struct value *a, const struct value *b)
{
    int c;

    if (is_blank(a) || is_blank(b))
        return blank;
    c = compare(a, b);
    switch (op) {
    case FORMULA_EQUAL:
        return truth(c == 0);
    case FORMULA_UNEQUAL:
        return truth(c != 0);
    case FORMULA_LESS:
        return truth(c < 0);
    case FORMULA_LESS_OR_EQUAL:
        return truth(c <= 0);
    case FORMULA_GREATER:
        return truth(c > 0);
    default:
        return truth(c >= 0);
    }
}

static struct value
comparison(struct run *r, const struct formula_node *n)
{
    struct value a = part(r, n, 0), b = part(r, n, 1);

    return compared(n->op, &a, &b);
}

static struct value
sameness(struct run *r, const struct formula_node *n)
{
    struct value a = part(r, n, 0), b = part(r, n, 1);

    return truth(same(&a, &b));
}

static struct value
between(struct run *r, const struct formula_node *n)
{
    struct value v = part(r, n, 0), low = part(r, n, 1), high = part(r, n, 2);

    return both(compared(FORMULA_GREATER_OR_EQUAL, &v, &low),
                compared(FORMULA_LESS_OR_EQUAL, &v, &high));
}

/* Not found, and one of the list was blank: who knows. */
static struct value
found_in(struct run *r, const struct formula_node *n)
{
    struct value v = part(r, n, 0), found = truth(FALSE);

    for (guint i = 1; i < n->parts->len; i++) {
        struct value x = part(r, n, i);
        struct value equal = compared(FORMULA_EQUAL, &v, &x);

        if (is_true(&equal))
            return equal;
        if (is_blank(&equal))
            found = blank;
    }
    return found;
}

static struct value
logic(struct run *r, const struct formula_node *n)
{
    struct value a = part(r, n, 0);

    if (n->op == FORMULA_NOT)
        return not(a);
    if (n->op == FORMULA_AND)
        return !is_blank(&a) && !is_true(&a) ? truth(FALSE)
                                             : both(a, part(r, n, 1));
    return is_true(&a) ? truth(TRUE) : not(both(not(a), not(part(r, n, 1))));
}

/* ---- choices ---- */

/* Pairs from `i` on: when, then; one left over is the rest. */
static struct value
first_case(struct run *r, const struct formula_node *n, guint i,
           const struct value *of)
{
    for (; i + 1 < n->parts->len; i += 2) {
        struct value when = part(r, n, i);

        if (of)
            when = compared(FORMULA_EQUAL, of, &when);
        if (is_true(&when))
            return part(r, n, i + 1);
    }
    return i < n->parts->len ? part(r, n, i) : blank;
}

static struct value
chosen(struct run *r, const struct formula_node *n)
{
    struct value v;

    if (n->op != FORMULA_CASE_OF)
        return first_case(r, n, 0, NULL);
    v = part(r, n, 0);
    return first_case(r, n, 1, &v);
}

static struct value
coalesced(struct run *r, const struct formula_node *n)
{
    struct value v = blank;

    for (guint i = 0; i < n->parts->len && is_blank(&v); i++)
        v = part(r, n, i);
    return v;
}

static struct value
unless_equal(struct run *r, const struct formula_node *n)
{
    struct value a = part(r, n, 0), b = part(r, n, 1);

    return same(&a, &b) ? blank : a;
}

/* ---- all of it ---- */

static struct value
cell(struct run *r, int column)
{
    struct formula_cell c = r->column(r->self, column);

    if (c.kind == FORMULA_NUMBER && ratio_is_beyond(c.number))
        return give_up(r, FORMULA_BEYOND);
    if (c.kind == FORMULA_NUMBER)
        return number(exact_of(c.number), FALSE);
    return (struct value){c.kind, FALSE, EXACT_ZERO, c.text};
}

static struct value
leaf(struct run *r, const struct formula_node *n)
{
    switch (n->op) {
    case FORMULA_IS_NUMBER:
        return number(n->number, n->whole);
    case FORMULA_IS_TEXT:
        return (struct value){FORMULA_TEXT, FALSE, EXACT_ZERO, n->text};
    case FORMULA_IS_COLUMN:
        return cell(r, n->column);
    default:
        return blank;
    }
}

static struct value
called(struct run *r, const struct formula_node *n)
{
    switch (n->op) {
    case FORMULA_ABS:
        return absolute(r, n);
    case FORMULA_ROUND:
        return rounded(r, n);
    case FORMULA_MIN:
        return extreme(r, n, -1);
    case FORMULA_MAX:
        return extreme(r, n, 1);
    case FORMULA_COALESCE:
        return coalesced(r, n);
    case FORMULA_NULLIF:
        return unless_equal(r, n);
    default: /* FORMULA_IIF: a case of one condition */
        return first_case(r, n, 0, NULL);
    }
}

static struct value
tested(struct run *r, const struct formula_node *n)
{
    switch (n->op) {
    case FORMULA_SAME:
        return sameness(r, n);
    case FORMULA_BETWEEN:
        return between(r, n);
    case FORMULA_IN:
        return found_in(r, n);
    case FORMULA_LIKE:
        return likeness(r, n);
    default:
        return comparison(r, n);
    }
}

/* The parts of each kind stand together in enum formula_op. */
static struct value
value_of(struct run *r, const struct formula_node *n)
{
    if (++r->steps >= STEPS_AT_MOST)
        return give_up(r, FORMULA_TOO_LONG);
    if (r->end != FORMULA_DONE)
        return blank;
    if (n->op <= FORMULA_IS_COLUMN)
        return leaf(r, n);
    if (n->op == FORMULA_NEGATE)
        return minus(part(r, n, 0));
    if (n->op <= FORMULA_OR)
        return logic(r, n);
    if (n->op <= FORMULA_REMAINDER)
        return arithmetic(r, n);
    if (n->op == FORMULA_CONCATENATE)
        return concatenated(r, n);
    if (n->op <= FORMULA_LIKE)
        return tested(r, n);
    if (n->op <= FORMULA_CASE_OF)
        return chosen(r, n);
    return called(r, n);
}

enum formula_end
formula_evaluate(const struct formula_node *top, formula_column column,
                 gpointer self, gboolean *blank_out, decimal *out)
{
    struct run r = {.column = column, .self = self, .end = FORMULA_DONE};
    struct value v = value_of(&r, top);
    decimal d = 0;

    if (r.steps >= STEPS_AT_MOST)
        give_up(&r, FORMULA_TOO_LONG);
    if (r.end == FORMULA_DONE && v.kind == FORMULA_NUMBER &&
        !exact_decimal(v.number, &d))
        give_up(&r, FORMULA_BEYOND);
    if (r.texts)
        g_string_chunk_free(r.texts);
    if (r.end == FORMULA_DONE) {
        *blank_out = v.kind != FORMULA_NUMBER;
        if (!*blank_out)
            *out = d;
    }
    return r.end;
}
