/* formula.c - see formula.h.
 *
 * A recursive-descent reading of the expressions of SQL, without anything
 * that could look at a table, the clock or chance:
 *
 *     expr   = and { OR and }            and = not { AND not }
 *     not    = NOT not | test
 *     test   = sum { ("=" "==" "<>" "!=" "<" "<=" ">" ">=") sum
 *                  | IS [NOT] sum | ISNULL | NOTNULL
 *                  | [NOT] (BETWEEN sum AND sum | IN "(" list ")"
 *                          | LIKE sum) }
 *     sum    = term { ("+" "-" "||") term }
 *     term   = factor { ("*" "/" "%") factor }
 *     factor = ("+" "-") factor | number | 'text' | NULL | column
 *            | function "(" list ")" | "(" expr ")"
 *            | CASE [expr] { WHEN expr THEN expr } [ELSE expr] END */
#include "pack/formula.h"

#include "base/i18n.h"

#include <string.h>

#define FORMULA_DEPTH 40

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
    const char *end; /* of the last token taken */
    GPtrArray *columns;
    gboolean *used;
    struct problems *ps;
    int depth;
    int reckoned;       /* how often something was reckoned so far */
    GArray *insertions; /* of struct insertion */
    gboolean failed;
};

/* What is put into the text that is evaluated. */
struct insertion {
    gsize at; /* in the text behind "=" */
    const char *text;
};

struct function {
    const char *name;
    int least, most; /* arguments; most 0: any number */
};

/* min and max of one argument look at a table in SQLite. */
static const struct function functions[] = {
    {"abs", 1, 1},      {"round", 1, 2},  {"min", 2, 0},
    {"max", 2, 0},      {"iif", 3, 3},    {"ifnull", 2, 2},
    {"coalesce", 2, 0}, {"nullif", 2, 2}, {"like", 2, 3},
};

static const char *const keywords[] = {
    "and", "or",   "not",  "is",   "isnull", "notnull", "null", "between",
    "in",  "like", "case", "when", "then",   "else",    "end",  NULL};

static void read_expr(struct formula_reader *r);
static void
read_compared(struct formula_reader *r, void (*read)(struct formula_reader *r));

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

    r->end = r->next;
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
    const char *near = nearest_in(name, r->columns);
    g_autofree char *all = names_listed(r->columns);
    g_autofree char *what =
        near
            ? g_strdup_printf(_("no such column: %s; did you mean \"%s\"?"),
                              name, near)
            : g_strdup_printf(_("no such column: %s; there are %s"), name, all);

    fail(r, r->token.at, what);
}

static void
read_column(struct formula_reader *r)
{
    g_autofree char *name = token_name(&r->token);

    for (guint i = 0; i < r->columns->len; i++) {
        if (strcmp(r->columns->pdata[i], name) != 0)
            continue;
        r->used[i] = TRUE;
        take_token(r);
        return;
    }
    no_such_column(r, name);
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
static int
read_arguments(struct formula_reader *r)
{
    int n = 1;

    expect_sign(r, "(");
    for (read_expr(r); accept_sign(r, ","); n++)
        read_expr(r);
    expect_sign(r, ")");
    return n;
}

static void
read_call(struct formula_reader *r)
{
    g_autofree char *name = token_name(&r->token);
    const struct function *f = find_function(name);
    const char *at = r->token.at;
    int n;

    if (!f) {
        no_such_function(r, at, name);
        return;
    }
    take_token(r);
    n = read_arguments(r);
    if (n < f->least || (f->most && n > f->most))
        fail(r, at, _("wrong number of arguments to this function"));
}

static void
read_case(struct formula_reader *r)
{
    gboolean compares = !is_keyword(r, "when");

    if (compares)
        read_compared(r, read_expr);
    do {
        expect_word(r, "when");
        if (compares)
            read_compared(r, read_expr);
        else
            read_expr(r);
        expect_word(r, "then");
        read_expr(r);
    } while (is_keyword(r, "when") && !r->failed);
    if (accept_word(r, "else"))
        read_expr(r);
    expect_word(r, "end");
}

static gboolean
is_reserved(const struct token *t)
{
    g_autofree char *word = g_ascii_strdown(t->at, (gssize)t->len);

    return word_index(word, keywords) >= 0;
}

static void
read_word_factor(struct formula_reader *r)
{
    const char *behind = r->next + strspn(r->next, " ");

    if (accept_word(r, "case"))
        read_case(r);
    else if (*behind == '(' &&
             (is_keyword(r, "like") || !is_reserved(&r->token)))
        read_call(r);
    else if (accept_word(r, "null"))
        return;
    else if (is_reserved(&r->token))
        fail_token(r, _("a number or a name"));
    else
        read_column(r);
}

static void
read_factor(struct formula_reader *r)
{
    while (is_sign(r, "+") || is_sign(r, "-"))
        take_token(r);
    switch (r->token.kind) {
    case TOKEN_NUMBER:
    case TOKEN_TEXT:
        take_token(r);
        break;
    case TOKEN_WORD:
        read_word_factor(r);
        break;
    case TOKEN_QUOTED:
        read_column(r);
        break;
    case TOKEN_SIGN:
    case TOKEN_END:
        if (accept_sign(r, "(")) {
            read_expr(r);
            expect_sign(r, ")");
        } else {
            fail_token(r, _("a number or a name"));
        }
        break;
    }
}

/* One of several signs, taken. */
static gboolean
accept_any(struct formula_reader *r, const char *const *signs)
{
    for (; *signs; signs++)
        if (accept_sign(r, *signs))
            return TRUE;
    return FALSE;
}

static void
read_term(struct formula_reader *r)
{
    static const char *const signs[] = {"*", "/", "%", NULL};

    for (read_factor(r); accept_any(r, signs); r->reckoned++)
        read_factor(r);
}

static void
read_sum(struct formula_reader *r)
{
    static const char *const signs[] = {"+", "-", "||", NULL};

    for (read_term(r); accept_any(r, signs); r->reckoned++)
        read_term(r);
}

static void
put_around(struct formula_reader *r, const char *from, const char *to)
{
    const struct insertion before = {(gsize)(from - r->n->text - 1), "exact("};
    const struct insertion behind = {(gsize)(to - r->n->text - 1), ")"};

    g_array_append_val(r->insertions, before);
    g_array_append_val(r->insertions, behind);
}

/* Something that is compared: what was reckoned by doubles is off in the
 * sixteenth digit, and 0.1 + 0.2 >= 0.3 would depend on it. */
static void
read_compared(struct formula_reader *r, void (*read)(struct formula_reader *r))
{
    const char *from = r->token.at;
    int reckoned = r->reckoned;

    read(r);
    if (!r->failed && r->reckoned > reckoned)
        put_around(r, from, r->end);
}

/* BETWEEN, IN, LIKE; FALSE when none of them stands here. */
static gboolean
read_range_test(struct formula_reader *r)
{
    if (accept_word(r, "between")) {
        read_compared(r, read_sum);
        expect_word(r, "and");
        read_compared(r, read_sum);
    } else if (accept_word(r, "in")) {
        read_arguments(r);
    } else if (accept_word(r, "like")) {
        read_sum(r);
    } else {
        return FALSE;
    }
    return TRUE;
}

/* One comparison; FALSE when none stands here. */
static gboolean
read_comparison(struct formula_reader *r)
{
    static const char *const signs[] = {"=",  "==", "<>", "!=", "<",
                                        "<=", ">",  ">=", NULL};

    if (accept_any(r, signs)) {
        read_compared(r, read_sum);
    } else if (accept_word(r, "is")) {
        accept_word(r, "not");
        read_compared(r, read_sum);
    } else if (accept_word(r, "not")) {
        if (!read_range_test(r))
            fail_token(r, "BETWEEN, IN, LIKE");
    } else if (!accept_word(r, "isnull") && !accept_word(r, "notnull")) {
        return read_range_test(r);
    }
    return TRUE;
}

static gboolean
compares_next(const struct formula_reader *r)
{
    static const char *const words[] = {"is", "not", "between", "in", NULL};

    if (r->token.kind == TOKEN_SIGN)
        return strchr("=<>!", *r->token.at) != NULL;
    for (const char *const *word = words; *word; word++)
        if (is_keyword(r, *word))
            return TRUE;
    return FALSE;
}

static void
read_not(struct formula_reader *r)
{
    int reckoned = r->reckoned;
    const char *from, *to;

    while (accept_word(r, "not"))
        continue;
    from = r->token.at;
    read_sum(r);
    to = r->end;
    if (!r->failed && r->reckoned > reckoned && compares_next(r))
        put_around(r, from, to);
    while (!r->failed && read_comparison(r))
        continue;
}

static void
read_and(struct formula_reader *r)
{
    for (read_not(r); accept_word(r, "and");)
        read_not(r);
}

static void
read_expr(struct formula_reader *r)
{
    if (++r->depth > FORMULA_DEPTH)
        fail(r, r->token.at, _("too deeply nested"));
    if (r->failed) {
        r->token.kind = TOKEN_END;
        return;
    }
    for (read_and(r); accept_word(r, "or");)
        read_and(r);
    r->depth--;
}

static int
by_place(gconstpointer a, gconstpointer b)
{
    const struct insertion *x = a, *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

/* Beginnings and ends never meet: a sign or a word stands between. */
static char *
with_insertions(const char *text, GArray *insertions)
{
    GString *out = g_string_new(NULL);
    gsize done = 0;

    g_array_sort(insertions, by_place);
    for (guint i = 0; i < insertions->len; i++) {
        const struct insertion *x =
            &g_array_index(insertions, struct insertion, i);

        g_string_append_len(out, text + done, (gssize)(x->at - done));
        g_string_append(out, x->text);
        done = x->at;
    }
    g_string_append(out, text + done);
    return g_string_free(out, FALSE);
}

gboolean
formula_check(const struct node *n, GPtrArray *columns, gboolean *used,
              char **exact_out, struct problems *ps)
{
    g_autoptr(GArray) insertions =
        g_array_new(FALSE, FALSE, sizeof(struct insertion));
    struct formula_reader r = {.n = n,
                               .next = n->text + 1,
                               .columns = columns,
                               .insertions = insertions,
                               .used = used,
                               .ps = ps};

    take_token(&r);
    read_expr(&r);
    if (!r.failed && r.token.kind != TOKEN_END)
        fail_token(&r, _("an operator or the end"));
    if (!r.failed)
        *exact_out = with_insertions(n->text + 1, insertions);
    return !r.failed;
}
