/* formula.c - see formula.h.
 *
 * A recursive-descent reading of the expressions of SQL, without anything
 * that could look at a table, the clock or chance:
 *
 *     expr   = and { OR and }            and = not { AND not }
 *     not    = { NOT } test
 *     test   = order { ("=" "==" "<>" "!=") order
 *                    | IS [NOT] order | ISNULL | NOTNULL
 *                    | [NOT] (BETWEEN order AND order | IN "(" list ")"
 *                            | LIKE order) }
 *     order  = sum { ("<" "<=" ">" ">=") sum }
 *     sum    = term { ("+" "-") term }
 *     term   = joined { ("*" "/" "%") joined }
 *     joined = factor { "||" factor }
 *     factor = ("+" "-") factor | number | 'text' | NULL | column
 *            | function "(" list ")" | "(" expr ")"
 *            | CASE [expr] { WHEN expr THEN expr } [ELSE expr] END
 *
 * What is a number and what a text is known of every part, so that one in
 * the place of the other is refused here, with its column, and not while
 * points are reckoned. */
#include "pack/formula.h"

#include "base/i18n.h"

#include <string.h>

enum {
    FORMULA_DEPTH = 40,
    FORMULA_PARTS = 500,  /* what it is taken apart into */
    FORMULA_LENGTH = 4000 /* bytes */
};

enum token_kind {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_TEXT,
    TOKEN_WORD,   /* a bare word: column, function or keyword */
    TOKEN_QUOTED, /* "a column" */
    TOKEN_SIGN
};

struct token {
    enum token_kind kind;
    const char *at;
    size_t len;
};

struct formula_reader {
    const struct node *n;
    const char *next; /* behind the token */
    struct token token;
    const struct formula_columns *columns;
    struct problems *ps;
    int depth;
    int parts;
    gboolean failed;
};

struct function {
    const char *name;
    int least, most; /* arguments; most 0: any number */
    enum formula_op op;
};

/* min and max of one argument look at a table in SQL. */
static const struct function functions[] = {
    {"abs", 1, 1, FORMULA_ABS},           {"round", 1, 2, FORMULA_ROUND},
    {"min", 2, 0, FORMULA_MIN},           {"max", 2, 0, FORMULA_MAX},
    {"iif", 3, 3, FORMULA_IIF},           {"ifnull", 2, 2, FORMULA_COALESCE},
    {"coalesce", 2, 0, FORMULA_COALESCE}, {"nullif", 2, 2, FORMULA_NULLIF},
    {"like", 2, 3, FORMULA_LIKE},
};

static const char *const keywords[] = {
    "and", "or",   "not",  "is",   "isnull", "notnull", "null", "between",
    "in",  "like", "case", "when", "then",   "else",    "end",  NULL};

static struct formula_node *read_expr(struct formula_reader *r);

/* ---- problems, with the place of the token where it can be told ---- */
static int
column_of(const struct formula_reader *r, const char *at)
{
    glong chars = g_utf8_strlen(r->n->text, -1);
    int quotes = r->n->quoted ? 2 : 0;

    if (r->n->line != r->n->end_line ||
        r->n->end_column - r->n->column != chars + quotes)
        return r->n->column; /* folded, or with quotes inside quotes */
    return r->n->column + quotes / 2 +
           (int)g_utf8_strlen(r->n->text, at - r->n->text);
}

static void
fail(struct formula_reader *r, const char *at, const char *what)
{
    if (!r->failed)
        problem_add(r->ps, r->n->file, r->n->line, column_of(r, at),
                    _("formula \"%s\": %s"), r->n->text, what);
    r->failed = TRUE;
}

static void
fail_token(struct formula_reader *r, const char *expected)
{
    g_autofree char *word = g_strndup(r->token.at, r->token.len);
    g_autofree char *what = NULL;

    if (r->token.kind == TOKEN_END)
        what = g_strdup_printf(_("%s is expected at its end"), expected);
    else
        what = g_strdup_printf(_("%s is expected instead of \"%s\""), expected,
                               word);
    fail(r, r->token.at, what);
}

/* ---- tokens ---- */
static gboolean
is_word_char(char c)
{
    return g_ascii_isalnum(c) || c == '_' || (guchar)c >= 0x80;
}

static size_t
word_length(const char *p)
{
    size_t n = 0;

    while (is_word_char(p[n]))
        n++;
    return n;
}

/* 'it''s' or "name"; 0 when it does not end. */
static size_t
quoted_length(const char *p)
{
    const char *q = p + 1;

    for (; *q; q++) {
        if (*q != *p)
            continue;
        if (q[1] != *p)
            return (size_t)(q - p) + 1;
        q++;
    }
    return 0;
}

static size_t
number_length(const char *p)
{
    size_t n = strspn(p, "0123456789");

    if (p[n] == '.')
        n += 1 + strspn(p + n + 1, "0123456789");
    return n;
}

static size_t
sign_length(const char *p)
{
    static const char *const two[] = {"<=", ">=", "<>", "!=", "==", "||"};

    for (size_t i = 0; i < G_N_ELEMENTS(two); i++)
        if (strncmp(p, two[i], 2) == 0)
            return 2;
    return strchr("+-*/%(),<>=", *p) && strncmp(p, "--", 2) != 0 &&
                   strncmp(p, "/*", 2) != 0
               ? 1
               : 0;
}

static void
take_token(struct formula_reader *r)
{
    const char *p = r->next + strspn(r->next, " \t\r\n");
    struct token t = {TOKEN_END, p, 0};

    if (g_ascii_isdigit(*p)) {
        t.kind = TOKEN_NUMBER;
        t.len = number_length(p);
        if (is_word_char(p[t.len]))
            fail(r, p,
                 _("a name that begins with a digit goes in double quotes"));
    } else if (is_word_char(*p)) {
        t.kind = TOKEN_WORD;
        t.len = word_length(p);
    } else if (*p == '\'' || *p == '"') {
        t.kind = *p == '"' ? TOKEN_QUOTED : TOKEN_TEXT;
        t.len = quoted_length(p);
        if (t.len == 0)
            fail(r, p, _("a quotation mark is missing"));
    } else if (*p) {
        t.kind = TOKEN_SIGN;
        t.len = sign_length(p);
        if (t.len == 0)
            fail(r, p, _("this sign is not allowed"));
    }
    if (r->failed)
        t.kind = TOKEN_END;
    r->token = t;
    r->next = p + t.len;
}

static gboolean
is_sign(const struct formula_reader *r, const char *sign)
{
    return r->token.kind == TOKEN_SIGN && r->token.len == strlen(sign) &&
           strncmp(r->token.at, sign, r->token.len) == 0;
}

static gboolean
is_keyword(const struct formula_reader *r, const char *word)
{
    return r->token.kind == TOKEN_WORD && r->token.len == strlen(word) &&
           g_ascii_strncasecmp(r->token.at, word, r->token.len) == 0;
}

static gboolean
accept_sign(struct formula_reader *r, const char *sign)
{
    if (!is_sign(r, sign))
        return FALSE;
    take_token(r);
    return TRUE;
}

static gboolean
accept_word(struct formula_reader *r, const char *word)
{
    if (!is_keyword(r, word))
        return FALSE;
    take_token(r);
    return TRUE;
}

static void
expect_sign(struct formula_reader *r, const char *sign)
{
    g_autofree char *quoted = g_strdup_printf("\"%s\"", sign);

    if (!accept_sign(r, sign))
        fail_token(r, quoted);
}

static void
expect_word(struct formula_reader *r, const char *word)
{
    if (!accept_word(r, word))
        fail_token(r, word);
}

/* ---- names ---- */

/* The token's name, its quotes taken off. */
static char *
token_name(const struct token *t)
{
    g_autofree char *inner = NULL;
    g_auto(GStrv) parts = NULL;

    if (t->kind != TOKEN_QUOTED)
        return g_strndup(t->at, t->len);
    inner = g_strndup(t->at + 1, t->len - 2);
    parts = g_strsplit(inner, "\"\"", -1);
    return g_strjoinv("\"", parts);
}

static void
no_such_column(struct formula_reader *r, const char *name)
{
    const char *near = nearest_in(name, r->columns->names);
    g_autofree char *all = names_listed(r->columns->names);
    g_autofree char *what =
        near
            ? g_strdup_printf(_("no such column: %s; did you mean \"%s\"?"),
                              name, near)
            : g_strdup_printf(_("no such column: %s; there are %s"), name, all);

    fail(r, r->token.at, what);
}

/* ---- nodes: there is always one, even behind a mistake ---- */
static struct formula_node *
new_node(struct formula_reader *r, enum formula_op op, enum formula_kind kind)
{
    if (++r->parts > FORMULA_PARTS)
        fail(r, r->token.at, _("too long"));
    return formula_node_new(op, kind);
}

static struct formula_node *
nothing(void)
{
    return formula_node_new(FORMULA_IS_NULL_WORD, FORMULA_BLANK);
}

static void
expect_kind(struct formula_reader *r, const struct formula_node *n,
            enum formula_kind kind, const char *at)
{
    if (n->kind == FORMULA_BLANK || n->kind == kind)
        return;
    fail(r, at,
         kind == FORMULA_NUMBER ? _("a number is expected, this is a text")
                                : _("a text is expected, this is a number"));
}

/* Adds a part which must be of one kind with those that decide it. */
static void
add_part(struct formula_reader *r, struct formula_node *n,
         struct formula_node *part, enum formula_kind *kind, const char *at)
{
    g_ptr_array_add(n->parts, part);
    if (*kind == FORMULA_BLANK)
        *kind = part->kind;
    else
        expect_kind(r, part, *kind, at);
}

static struct formula_node *
read_column(struct formula_reader *r)
{
    const struct formula_columns *c = r->columns;
    g_autofree char *name = token_name(&r->token);

    for (guint i = 0; i < c->names->len; i++) {
        struct formula_node *n;

        if (strcmp(c->names->pdata[i], name) != 0)
            continue;
        n = new_node(r, FORMULA_IS_COLUMN,
                     i >= c->text_from && i < c->text_to ? FORMULA_TEXT
                                                         : FORMULA_NUMBER);
        n->column = (int)i;
        c->used[i] = TRUE;
        take_token(r);
        return n;
    }
    no_such_column(r, name);
    return nothing();
}

static const struct function *
find_function(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(functions); i++)
        if (g_ascii_strcasecmp(functions[i].name, name) == 0)
            return &functions[i];
    return NULL;
}

static void
no_such_function(struct formula_reader *r, const char *at, const char *name)
{
    GString *what = g_string_new(NULL);

    g_string_printf(what, _("not authorized: %s; the functions are"), name);
    for (size_t i = 0; i < G_N_ELEMENTS(functions); i++)
        g_string_append_printf(what, " %s", functions[i].name);
    fail(r, at, what->str);
    g_string_free(what, TRUE);
}

/* ---- the grammar ---- */

/* "(" list ")", every part of one kind, which *kind becomes. */
static void
read_list(struct formula_reader *r, struct formula_node *n,
          enum formula_kind *kind)
{
    expect_sign(r, "(");
    do {
        const char *at = r->token.at;

        add_part(r, n, read_expr(r), kind, at);
    } while (accept_sign(r, ","));
    expect_sign(r, ")");
}

/* iif(condition, a, b): the condition is a kind of its own. */
static void
read_iif(struct formula_reader *r, struct formula_node *n,
         enum formula_kind *kind)
{
    enum formula_kind condition = FORMULA_NUMBER;

    expect_sign(r, "(");
    for (guint i = 0; i == 0 || accept_sign(r, ","); i++) {
        const char *at = r->token.at;

        add_part(r, n, read_expr(r), i ? kind : &condition, at);
    }
    expect_sign(r, ")");
}

/* like(pattern, text) is text LIKE pattern. */
static void
turn_like(struct formula_node *n)
{
    gpointer pattern = n->parts->pdata[0];

    n->parts->pdata[0] = n->parts->pdata[1];
    n->parts->pdata[1] = pattern;
}

static void
read_parts_of(struct formula_reader *r, struct formula_node *n)
{
    enum formula_kind kind = FORMULA_BLANK;

    if (n->op == FORMULA_ABS || n->op == FORMULA_ROUND)
        kind = FORMULA_NUMBER;
    else if (n->op == FORMULA_LIKE)
        kind = FORMULA_TEXT;
    if (n->op == FORMULA_IIF)
        read_iif(r, n, &kind);
    else
        read_list(r, n, &kind);
    n->kind = n->op == FORMULA_LIKE ? FORMULA_NUMBER : kind;
}

static struct formula_node *
read_call(struct formula_reader *r)
{
    g_autofree char *name = token_name(&r->token);
    const struct function *f = find_function(name);
    const char *at = r->token.at;
    struct formula_node *n;
    int count;

    if (!f) {
        no_such_function(r, at, name);
        return nothing();
    }
    take_token(r);
    n = new_node(r, f->op, FORMULA_BLANK);
    read_parts_of(r, n);
    count = (int)n->parts->len;
    if (count < f->least || (f->most && count > f->most))
        fail(r, at, _("wrong number of arguments to this function"));
    else if (f->op == FORMULA_LIKE)
        turn_like(n);
    return n;
}

/* WHEN part THEN part: `of` is the kind that a WHEN must have. */
static void
read_whens(struct formula_reader *r, struct formula_node *n,
           enum formula_kind *of)
{
    const char *at;

    do {
        expect_word(r, "when");
        at = r->token.at;
        add_part(r, n, read_expr(r), of, at);
        expect_word(r, "then");
        at = r->token.at;
        add_part(r, n, read_expr(r), &n->kind, at);
    } while (is_keyword(r, "when") && !r->failed);
    if (accept_word(r, "else")) {
        at = r->token.at;
        add_part(r, n, read_expr(r), &n->kind, at);
    }
    expect_word(r, "end");
}

static struct formula_node *
read_case(struct formula_reader *r)
{
    enum formula_kind of = FORMULA_NUMBER;
    struct formula_node *n = new_node(r, FORMULA_CASE, FORMULA_BLANK);

    if (!is_keyword(r, "when")) {
        n->op = FORMULA_CASE_OF;
        of = FORMULA_BLANK;
        add_part(r, n, read_expr(r), &of, r->token.at);
    }
    read_whens(r, n, &of);
    return n;
}

static gboolean
is_reserved(const struct token *t)
{
    g_autofree char *word = g_ascii_strdown(t->at, (gssize)t->len);

    return word_index(word, keywords) >= 0;
}

static struct formula_node *
read_word_factor(struct formula_reader *r)
{
    const char *behind = r->next + strspn(r->next, " ");

    if (accept_word(r, "case"))
        return read_case(r);
    if (*behind == '(' && (is_keyword(r, "like") || !is_reserved(&r->token)))
        return read_call(r);
    if (accept_word(r, "null"))
        return new_node(r, FORMULA_IS_NULL_WORD, FORMULA_BLANK);
    if (!is_reserved(&r->token))
        return read_column(r);
    fail_token(r, _("a number or a name"));
    return nothing();
}

static struct formula_node *
read_number_factor(struct formula_reader *r)
{
    struct formula_node *n = new_node(r, FORMULA_IS_NUMBER, FORMULA_NUMBER);
    const struct token *t = &r->token;

    if (!exact_parse(t->at, t->len, &n->number))
        fail(r, t->at, _("a number of too many digits"));
    n->whole = !memchr(t->at, '.', t->len) && n->number.num <= G_MAXINT64;
    take_token(r);
    return n;
}

static struct formula_node *
read_text_factor(struct formula_reader *r)
{
    struct formula_node *n = new_node(r, FORMULA_IS_TEXT, FORMULA_TEXT);
    g_autofree char *inner = g_strndup(r->token.at + 1, r->token.len - 2);
    g_auto(GStrv) parts = g_strsplit(inner, "''", -1);

    n->text = g_strjoinv("'", parts);
    take_token(r);
    return n;
}

static struct formula_node *
read_inside(struct formula_reader *r)
{
    struct formula_node *n;

    if (!accept_sign(r, "(")) {
        fail_token(r, _("a number or a name"));
        return nothing();
    }
    n = read_expr(r);
    expect_sign(r, ")");
    return n;
}

static struct formula_node *
read_unsigned(struct formula_reader *r)
{
    switch (r->token.kind) {
    case TOKEN_NUMBER:
        return read_number_factor(r);
    case TOKEN_TEXT:
        return read_text_factor(r);
    case TOKEN_WORD:
        return read_word_factor(r);
    case TOKEN_QUOTED:
        return read_column(r);
    default:
        return read_inside(r);
    }
}

/* Two minus signs are none. */
static struct formula_node *
read_factor(struct formula_reader *r)
{
    struct formula_node *n, *turned;
    gboolean any = FALSE, minus = FALSE;
    const char *at;

    for (; is_sign(r, "+") || is_sign(r, "-"); any = TRUE) {
        minus ^= is_sign(r, "-");
        take_token(r);
    }
    at = r->token.at;
    n = read_unsigned(r);
    if (any)
        expect_kind(r, n, FORMULA_NUMBER, at);
    if (!minus)
        return n;
    turned = new_node(r, FORMULA_NEGATE, FORMULA_NUMBER);
    g_ptr_array_add(turned->parts, n);
    return turned;
}

/* ---- signs between two parts, by how tightly they bind ---- */
struct sign {
    const char *sign;
    enum formula_op op;
};

typedef struct formula_node *(*reading)(struct formula_reader *r);

/* One of several signs, taken; NULL: none of them is here. */
static const struct sign *
accept_any(struct formula_reader *r, const struct sign *signs)
{
    for (; signs->sign; signs++)
        if (accept_sign(r, signs->sign))
            return signs;
    return NULL;
}

/* left, then what `read` reads: both of this kind, or of one kind when it is
 * FORMULA_BLANK. */
static struct formula_node *
pair(struct formula_reader *r, enum formula_op op, enum formula_kind kind,
     struct formula_node *left, const char *left_at, reading read)
{
    struct formula_node *n = new_node(
        r, op, op == FORMULA_CONCATENATE ? FORMULA_TEXT : FORMULA_NUMBER);
    const char *at = r->token.at;

    add_part(r, n, left, &kind, left_at);
    add_part(r, n, read(r), &kind, at);
    return n;
}

static struct formula_node *
read_chain(struct formula_reader *r, const struct sign *signs,
           enum formula_kind kind, reading read)
{
    const char *at = r->token.at;
    struct formula_node *n = read(r);
    const struct sign *sign;

    while ((sign = accept_any(r, signs)) != NULL)
        n = pair(r, sign->op, kind, n, at, read);
    return n;
}

static struct formula_node *
read_joined(struct formula_reader *r)
{
    static const struct sign signs[] = {{"||", FORMULA_CONCATENATE},
                                        {NULL, FORMULA_CONCATENATE}};

    return read_chain(r, signs, FORMULA_TEXT, read_factor);
}

static struct formula_node *
read_term(struct formula_reader *r)
{
    static const struct sign signs[] = {{"*", FORMULA_MULTIPLY},
                                        {"/", FORMULA_DIVIDE},
                                        {"%", FORMULA_REMAINDER},
                                        {NULL, FORMULA_MULTIPLY}};

    return read_chain(r, signs, FORMULA_NUMBER, read_joined);
}

static struct formula_node *
read_sum(struct formula_reader *r)
{
    static const struct sign signs[] = {
        {"+", FORMULA_ADD}, {"-", FORMULA_SUBTRACT}, {NULL, FORMULA_ADD}};

    return read_chain(r, signs, FORMULA_NUMBER, read_term);
}

static struct formula_node *
read_order(struct formula_reader *r)
{
    static const struct sign signs[] = {{"<=", FORMULA_LESS_OR_EQUAL},
                                        {">=", FORMULA_GREATER_OR_EQUAL},
                                        {"<", FORMULA_LESS},
                                        {">", FORMULA_GREATER},
                                        {NULL, FORMULA_LESS}};

    return read_chain(r, signs, FORMULA_BLANK, read_sum);
}

/* ---- tests ---- */
static struct formula_node *
negation(struct formula_reader *r, struct formula_node *n)
{
    struct formula_node *not = new_node(r, FORMULA_NOT, FORMULA_NUMBER);

    g_ptr_array_add(not ->parts, n);
    return not ;
}

static struct formula_node *
read_between(struct formula_reader *r, struct formula_node *left,
             const char *left_at)
{
    struct formula_node *n =
        pair(r, FORMULA_BETWEEN, FORMULA_BLANK, left, left_at, read_order);
    enum formula_kind kind = left->kind;
    const char *at;

    expect_word(r, "and");
    at = r->token.at;
    add_part(r, n, read_order(r), &kind, at);
    return n;
}

static struct formula_node *
read_in(struct formula_reader *r, struct formula_node *left)
{
    struct formula_node *n = new_node(r, FORMULA_IN, FORMULA_NUMBER);
    enum formula_kind kind = left->kind;

    g_ptr_array_add(n->parts, left);
    read_list(r, n, &kind);
    return n;
}

static struct formula_node *
read_null_test(struct formula_reader *r, struct formula_node *left)
{
    struct formula_node *n = new_node(r, FORMULA_SAME, FORMULA_NUMBER);

    g_ptr_array_add(n->parts, left);
    g_ptr_array_add(n->parts, nothing());
    return n;
}

/* What may stand behind NOT; the node is the same when nothing does. */
static struct formula_node *
read_range_test(struct formula_reader *r, struct formula_node *n,
                const char *at)
{
    if (accept_word(r, "between"))
        return read_between(r, n, at);
    if (accept_word(r, "in"))
        return read_in(r, n);
    if (accept_word(r, "like"))
        return pair(r, FORMULA_LIKE, FORMULA_TEXT, n, at, read_order);
    return n;
}

static struct formula_node *
read_is(struct formula_reader *r, struct formula_node *n, const char *at)
{
    gboolean not = accept_word(r, "not");

    n = pair(r, FORMULA_SAME, FORMULA_BLANK, n, at, read_order);
    return not ? negation(r, n) : n;
}

static struct formula_node *
read_not_test(struct formula_reader *r, struct formula_node *n, const char *at)
{
    struct formula_node *tested = read_range_test(r, n, at);

    if (tested == n)
        fail_token(r, "BETWEEN, IN, LIKE");
    return negation(r, tested);
}

/* One test of n; n itself when none stands here. */
static struct formula_node *
read_one_test(struct formula_reader *r, struct formula_node *n, const char *at)
{
    static const struct sign signs[] = {{"==", FORMULA_EQUAL},
                                        {"=", FORMULA_EQUAL},
                                        {"<>", FORMULA_UNEQUAL},
                                        {"!=", FORMULA_UNEQUAL},
                                        {NULL, FORMULA_EQUAL}};
    const struct sign *sign = accept_any(r, signs);

    if (sign)
        return pair(r, sign->op, FORMULA_BLANK, n, at, read_order);
    if (accept_word(r, "is"))
        return read_is(r, n, at);
    if (accept_word(r, "not"))
        return read_not_test(r, n, at);
    if (accept_word(r, "isnull"))
        return read_null_test(r, n);
    if (accept_word(r, "notnull"))
        return negation(r, read_null_test(r, n));
    return read_range_test(r, n, at);
}

static struct formula_node *
read_test(struct formula_reader *r)
{
    const char *at = r->token.at;
    struct formula_node *n = read_order(r), *before = NULL;

    while (n != before && !r->failed) {
        before = n;
        n = read_one_test(r, n, at);
    }
    return n;
}

/* ---- truth ---- */
static struct formula_node *
read_not(struct formula_reader *r)
{
    gboolean any = FALSE, odd = FALSE;
    const char *at;
    struct formula_node *n;

    for (; accept_word(r, "not"); any = TRUE)
        odd = !odd;
    at = r->token.at;
    n = read_test(r);
    if (!any)
        return n;
    expect_kind(r, n, FORMULA_NUMBER, at);
    return odd ? negation(r, n) : negation(r, negation(r, n));
}

static struct formula_node *
read_and(struct formula_reader *r)
{
    const char *at = r->token.at;
    struct formula_node *n = read_not(r);

    while (accept_word(r, "and"))
        n = pair(r, FORMULA_AND, FORMULA_NUMBER, n, at, read_not);
    return n;
}

static struct formula_node *
read_expr(struct formula_reader *r)
{
    const char *at = r->token.at;
    struct formula_node *n;

    if (++r->depth > FORMULA_DEPTH)
        fail(r, at, _("too deeply nested"));
    if (r->failed) {
        r->token.kind = TOKEN_END;
        return nothing();
    }
    n = read_and(r);
    while (accept_word(r, "or"))
        n = pair(r, FORMULA_OR, FORMULA_NUMBER, n, at, read_and);
    r->depth--;
    return n;
}

struct formula_node *
formula_read(const struct node *n, const struct formula_columns *columns,
             struct problems *ps)
{
    struct formula_reader r = {
        .n = n, .next = n->text + 1, .columns = columns, .ps = ps};
    struct formula_node *top = NULL;
    const char *at;

    if (strlen(n->text) > FORMULA_LENGTH) {
        fail(&r, n->text, _("too long"));
        return NULL;
    }
    take_token(&r);
    at = r.token.at;
    top = read_expr(&r);
    expect_kind(&r, top, FORMULA_NUMBER, at);
    if (!r.failed && r.token.kind != TOKEN_END)
        fail_token(&r, _("an operator or the end"));
    if (r.failed)
        g_clear_pointer(&top, formula_node_unref);
    return top;
}
