/* formula.c - see formula.h.
 *
 * An expression becomes SELECT (expression) FROM (SELECT ?1 AS "column",
 * ...): numbers and texts go in as parameters, one number comes out.  The
 * authorizer is asked about everything that the expression would do when it
 * is prepared, and says no to all but reading those columns and calling the
 * listed functions; a progress handler stops what takes too long. */
#include "register/formula.h"

#include "base/i18n.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

enum {
    STEPS_A_TICK = 1000, /* of SQLite's virtual machine */
    TICKS_AT_MOST = 100,
    TEXT_AT_MOST = 10000 /* bytes of an expression, and of what it makes */
};

struct formulas {
    sqlite3 *db;
    GHashTable *prepared; /* text and columns -> sqlite3_stmt */
    int ticks;
    int selects; /* in the statement being prepared */
    struct formula_engine engine;
};

/* ---- the guard ---- */

static gboolean
function_allowed(const char *name)
{
    static const char *const allowed[] = {
        "abs",  "round",    "min",    "max",   "iif", "ifnull",
        "like", "coalesce", "nullif", "exact", NULL};

    return name && g_strv_contains(allowed, name);
}

static int
guard(void *data, int action, const char *a, const char *b,
      const char *database, const char *source)
{
    struct formulas *f = data;

    (void)a;
    (void)database;
    (void)source;
    switch (action) {
    case SQLITE_SELECT: /* the two that we write, and no other */
        return ++f->selects <= 2 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_READ: /* there is no table: only our own columns */
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return function_allowed(b) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

static int
tick(void *data)
{
    struct formulas *f = data;

    return ++f->ticks > TICKS_AT_MOST;
}

/* ---- LIKE ---- */

/* SQLite's own LIKE may try every way to place every %: a pattern of a few
 * dozen of them runs for years.  Only the last % needs to be tried again. */
static gboolean
like(const char *pattern, const char *text)
{
    const char *retry = NULL, *from = NULL;

    while (*text) {
        if (*pattern == '%') {
            retry = ++pattern;
            from = text;
        } else if (*pattern == '_') {
            pattern++;
            text = g_utf8_next_char(text);
        } else if (*pattern &&
                   g_ascii_tolower(*pattern) == g_ascii_tolower(*text)) {
            pattern++;
            text++;
        } else if (retry) {
            pattern = retry;
            text = ++from;
        } else {
            return FALSE;
        }
    }
    while (*pattern == '%')
        pattern++;
    return !*pattern;
}

static void
like_call(sqlite3_context *context, int n, sqlite3_value **v)
{
    const char *pattern = (const char *)sqlite3_value_text(v[0]);
    const char *text = (const char *)sqlite3_value_text(v[1]);

    (void)n;
    if (pattern && text)
        sqlite3_result_int(context, like(pattern, text));
}

/* To nine places what is a fraction, anything else as it is: the columns have
 * six, and doubles of points fifteen digits. */
static void
exact_call(sqlite3_context *context, int n, sqlite3_value **v)
{
    (void)n;
    if (sqlite3_value_type(v[0]) == SQLITE_FLOAT)
        sqlite3_result_double(context,
                              round(sqlite3_value_double(v[0]) * 1e9) / 1e9);
    else
        sqlite3_result_value(context, v[0]);
}

/* ---- opening ---- */

static void
statement_free(gpointer stmt)
{
    sqlite3_finalize(stmt);
}

enum st
formulas_open(struct formulas **out, struct err *e)
{
    g_autoptr(formulas) f = g_new0(struct formulas, 1);

    f->prepared =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, statement_free);
    if (sqlite3_open_v2(":memory:", &f->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY,
                        NULL) != SQLITE_OK)
        return err_set(e, ST_FATAL, EXIT_SOFTWARE,
                       _("formulas: SQLite cannot be started"));
    sqlite3_limit(f->db, SQLITE_LIMIT_LENGTH, TEXT_AT_MOST);
    sqlite3_limit(f->db, SQLITE_LIMIT_SQL_LENGTH, 2 * TEXT_AT_MOST);
    sqlite3_limit(f->db, SQLITE_LIMIT_EXPR_DEPTH, 100);
    sqlite3_limit(f->db, SQLITE_LIMIT_VDBE_OP, 10000);
    sqlite3_limit(f->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(f->db, SQLITE_LIMIT_COMPOUND_SELECT, 1);
    sqlite3_create_function_v2(f->db, "like", 2,
                               SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                               like_call, NULL, NULL, NULL);
    sqlite3_create_function_v2(f->db, "exact", 1,
                               SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                               exact_call, NULL, NULL, NULL);
    sqlite3_set_authorizer(f->db, guard, f);
    sqlite3_progress_handler(f->db, STEPS_A_TICK, tick, f);
    *out = g_steal_pointer(&f);
    return ST_OK;
}

void
formulas_close(struct formulas *f)
{
    if (!f)
        return;
    g_hash_table_unref(f->prepared);
    sqlite3_close(f->db);
    g_free(f);
}

/* ---- preparing ---- */

static void
append_name(GString *sql, const char *name)
{
    g_string_append_c(sql, '"');
    for (const char *p = name; *p; p++) {
        if (*p == '"')
            g_string_append_c(sql, '"');
        g_string_append_c(sql, *p);
    }
    g_string_append_c(sql, '"');
}

/* The columns' names, as they appear behind SELECT. */
static char *
select_list(const struct cell *cells, int n)
{
    GString *sql = g_string_new(NULL);

    for (int i = 0; i < n; i++) {
        g_string_append_printf(sql, "%s?%d AS ", i ? ", " : "", i + 1);
        append_name(sql, cells[i].name);
    }
    if (n == 0)
        g_string_append(sql, "1");
    return g_string_free(sql, FALSE);
}

static enum st
refuse(struct formulas *f, const char *text, struct err *e)
{
    return err_set(e, ST_REJECT, EXIT_CONFIGURATION, _("formula \"%s\": %s"),
                   text, sqlite3_errmsg(f->db));
}

/* Parentheses must balance and a comment must not swallow what follows:
 * else the expression would not end where we think. */
static gboolean
closed(const char *text)
{
    int depth = 0;
    char quote = '\0';

    for (const char *p = text; *p; p++) {
        if (quote) {
            if (*p == quote)
                quote = '\0';
        } else if (*p == '\'' || *p == '"') {
            quote = *p;
        } else if (*p == '(') {
            depth++;
        } else if (*p == ')') {
            if (--depth < 0)
                return FALSE;
        } else if (strchr(";`[]?:@$#", *p) || strncmp(p, "--", 2) == 0 ||
                   strncmp(p, "/*", 2) == 0) {
            return FALSE;
        }
    }
    return depth == 0 && !quote;
}

static enum st
prepare(struct formulas *f, const char *text, const struct cell *cells, int n,
        sqlite3_stmt **out, struct err *e)
{
    g_autofree char *columns = select_list(cells, n);
    g_autofree char *sql =
        g_strdup_printf("SELECT (%s) FROM (SELECT %s)", text, columns);
    sqlite3_stmt *stmt = g_hash_table_lookup(f->prepared, sql);

    if (!stmt) {
        if (!closed(text))
            return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                           _("formula \"%s\": not one expression"), text);
        f->selects = 0;
        if (sqlite3_prepare_v2(f->db, sql, -1, &stmt, NULL) != SQLITE_OK)
            return refuse(f, text, e);
        g_hash_table_insert(f->prepared, g_steal_pointer(&sql), stmt);
    }
    *out = stmt;
    return ST_OK;
}

/* ---- evaluating ---- */

static void
bind(sqlite3_stmt *stmt, const struct cell *cells, int n)
{
    for (int i = 0; i < n; i++) {
        const struct cell *c = &cells[i];

        if (c->kind == CELL_NUMBER)
            sqlite3_bind_double(stmt, i + 1,
                                (double)c->number.num / (double)c->number.den);
        else if (c->kind == CELL_TEXT)
            sqlite3_bind_text(stmt, i + 1, c->text, -1, SQLITE_STATIC);
        else
            sqlite3_bind_null(stmt, i + 1);
    }
}

/* A double to the decimal of six places that is nearest. */
static gboolean
to_decimal(double v, decimal *out)
{
    char text[64];

    if (!isfinite(v) || fabs(v) > 1e9)
        return FALSE;
    g_snprintf(text, sizeof text, "%.6f", v);
    return decimal_parse(text, out);
}

static enum st
result(struct formulas *f, sqlite3_stmt *stmt, const char *text,
       gboolean *blank_out, decimal *out, struct err *e)
{
    int type;

    if (sqlite3_step(stmt) != SQLITE_ROW)
        return refuse(f, text, e);
    type = sqlite3_column_type(stmt, 0);
    if (type == SQLITE_NULL) {
        *blank_out = TRUE;
        return ST_OK;
    }
    if ((type != SQLITE_INTEGER && type != SQLITE_FLOAT) ||
        !to_decimal(sqlite3_column_double(stmt, 0), out))
        return err_set(e, ST_REJECT, EXIT_CONFIGURATION,
                       _("formula \"%s\": the result is no number that "
                         "points can be"),
                       text);
    *blank_out = FALSE;
    return ST_OK;
}

static enum st
evaluate(void *self, const char *text, const struct cell *cells, int n,
         gboolean *blank_out, decimal *out, struct err *e)
{
    struct formulas *f = self;
    sqlite3_stmt *stmt = NULL;
    enum st st = prepare(f, text, cells, n, &stmt, e);

    if (st != ST_OK)
        return st;
    f->ticks = 0;
    bind(stmt, cells, n);
    st = result(f, stmt, text, blank_out, out, e);
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
    return st;
}

const struct formula_engine *
formulas_engine(struct formulas *f)
{
    f->engine.evaluate = evaluate;
    f->engine.self = f;
    return &f->engine;
}

enum st
formulas_check(struct formulas *f, const char *text, const char *const *columns,
               int n, struct err *e)
{
    g_autoptr(GArray) cells = g_array_new(FALSE, TRUE, sizeof(struct cell));
    sqlite3_stmt *stmt = NULL;

    for (int i = 0; i < n; i++) {
        struct cell c = {columns[i], CELL_BLANK, RATIO_ZERO, NULL};

        g_array_append_val(cells, c);
    }
    return prepare(f, text, (const struct cell *)(const void *)cells->data, n,
                   &stmt, e);
}
