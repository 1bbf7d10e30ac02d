/* schema.c - see schema.h. */
#include "pack/schema.h"

#include "base/i18n.h"
#include "base/nearest.h"
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

#define WHOLE_MAX 1000000000
#define LISTED 12 /* names that a message has room for */

void
problem_at(struct problems *ps, const struct node *n, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    problem_add(ps, n->file, n->line, n->column, "%s", text);
}

int
word_index(const char *word, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

const char *
nearest_in(const char *word, GPtrArray *words)
{
    const char *near;

    g_ptr_array_add(words, NULL);
    near = nearest_word(word, (const char *const *)words->pdata);
    g_ptr_array_set_size(words, (int)words->len - 1);
    return near;
}

char *
names_listed(const GPtrArray *names)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < MIN(names->len, LISTED); i++)
        g_string_append_printf(s, "%s%s", i ? ", " : "",
                               (const char *)names->pdata[i]);
    if (names->len > LISTED)
        g_string_append(s, " ...");
    return g_string_free(s, FALSE);
}

gboolean
problem_of_width(struct problems *ps, const struct node *n)
{
    static const char signs[] = "0123456789+-.:"
                                "abcdefghijklmnopqrstuvwxyz";
    g_autofree char *plain = text_nfkc(n->text, -1);

    if (strcmp(plain, n->text) == 0 || plain[strspn(plain, signs)])
        return FALSE; /* 30％ would be wrong half width, too */
    problem_at(ps, n, _("\"%s\" holds full-width signs; write \"%s\""), n->text,
               plain);
    return TRUE;
}

static gboolean
has_wide_comma(const char *text)
{
    return strstr(text, "，") || strstr(text, "、");
}

gboolean
problem_of_list(struct problems *ps, const struct node *n, const char *near)
{
    if (!has_wide_comma(n->text) || (near && has_wide_comma(near)))
        return FALSE;
    problem_at(ps, n,
               _("nothing is called \"%s\"; the words of a list are parted by "
                 "half-width commas: [a, b]"),
               n->text);
    return TRUE;
}

void
problem_not_one_of(struct problems *ps, const struct node *n,
                   const char *const *words)
{
    const char *near = nearest_word(n->text, words);
    g_autofree char *all = g_strjoinv(", ", (char **)words);

    if (problem_of_list(ps, n, near) || problem_of_width(ps, n))
        return;
    if (near)
        problem_at(ps, n, _("\"%s\" is not one of %s; did you mean \"%s\"?"),
                   n->text, all, near);
    else
        problem_at(ps, n, _("\"%s\" is not one of %s"), n->text, all);
}

/* ---- values ---- */

/* "25 MB": digits, maybe a space, a unit of the table. */
struct measure_unit {
    const char *name;
    gint64 factor;
};

static const struct measure_unit size_units[] = {
    {"B", 1},  {"KB", 1024}, {"MB", 1024 * 1024}, {"GB", 1024 * 1024 * 1024},
    {NULL, 0},
};

static const struct measure_unit time_units[] = {
    {"s", 1},        {"sec", 1},      {"second", 1},   {"seconds", 1},
    {"min", 60},     {"minute", 60},  {"minutes", 60}, {"h", 3600},
    {"hour", 3600},  {"hours", 3600}, {"d", 86400},    {"day", 86400},
    {"days", 86400}, {NULL, 0},
};

static gboolean
parse_quantity(const char *text, const struct measure_unit *units, gint64 *out)
{
    size_t digits = strspn(text, "0123456789");
    const char *unit = text + digits;
    gint64 n = g_ascii_strtoll(text, NULL, 10);

    if (digits == 0 || digits > 9)
        return FALSE;
    unit += strspn(unit, " ");
    for (; units->name; units++)
        if (strcmp(units->name, unit) == 0) {
            *out = n * units->factor;
            return TRUE;
        }
    return FALSE;
}

gboolean
parse_seconds(const char *text, gint64 *out)
{
    return parse_quantity(text, time_units, out);
}

static gboolean
parse_whole(const char *text, int *out)
{
    size_t digits = strspn(text, "0123456789");
    gint64 n = g_ascii_strtoll(text, NULL, 10);

    if (digits == 0 || text[digits] || digits > 10 || n > WHOLE_MAX)
        return FALSE;
    *out = (int)n;
    return TRUE;
}

static gboolean
two_digits(const char *p, int max, int *out)
{
    if (!g_ascii_isdigit(p[0]) || !g_ascii_isdigit(p[1]))
        return FALSE;
    *out = (p[0] - '0') * 10 + p[1] - '0';
    return *out <= max;
}

gboolean
parse_moment(const char *text, civil_day *day_out, int *minute_out)
{
    g_autofree char *date = g_strndup(text, 10);
    civil_day day;
    int hour, minute;

    if (!day_parse(date, &day))
        return FALSE;
    if (strlen(text) == 10) {
        *day_out = day;
        *minute_out = -1;
        return TRUE;
    }
    if (strlen(text) != 16 || (text[10] != ' ' && text[10] != 'T') ||
        text[13] != ':' || !two_digits(text + 11, 23, &hour) ||
        !two_digits(text + 14, 59, &minute))
        return FALSE;
    *day_out = day;
    *minute_out = hour * 60 + minute;
    return TRUE;
}

gboolean
has_too_many_places(const char *text)
{
    const char *dot = strchr(text, '.');
    size_t places = dot ? strspn(dot + 1, "0123456789") : 0;

    return places > DECIMAL_PLACES && !dot[1 + places];
}

static void
check_number(const struct node *n, struct problems *ps)
{
    decimal d;

    if (decimal_parse(n->text, &d) || problem_of_width(ps, n))
        return;
    if (has_too_many_places(n->text))
        problem_at(ps, n, _("\"%s\" has more than six places"), n->text);
    else
        problem_at(ps, n, _("\"%s\" is not a number such as 3 or -0.5"),
                   n->text);
}

static void
check_whole(const struct node *n, int least, struct problems *ps)
{
    int i;

    if ((!parse_whole(n->text, &i) || i < least) && !problem_of_width(ps, n))
        problem_at(ps, n, _("\"%s\" is not a whole number from %d on"), n->text,
                   least);
}

static void
check_day(const struct node *n, gboolean time_too, struct problems *ps)
{
    civil_day d;
    int minute;

    if ((!parse_moment(n->text, &d, &minute) || (minute >= 0 && !time_too)) &&
        !problem_of_width(ps, n))
        problem_at(ps, n,
                   time_too ? _("\"%s\" is not a date such as 2019-03-05, or "
                                "2019-03-05 08:30")
                            : _("\"%s\" is not a date such as 2019-03-05"),
                   n->text);
}

static void
check_name(const struct node *n, struct problems *ps)
{
    g_autofree char *line = text_line(n->text);

    if (strcmp(line, n->text) != 0)
        problem_at(ps, n,
                   _("\"%s\" holds an invisible character, a line break or "
                     "spaces too many"),
                   line);
}

static void
check_quantity(const struct node *n, const struct measure_unit *units,
               const char *example, struct problems *ps)
{
    gint64 ignored;

    if (!parse_quantity(n->text, units, &ignored))
        problem_at(ps, n, _("\"%s\" is not a quantity such as %s"), n->text,
                   example);
}

/* One value of a type. */
static void
check_text(const struct node *n, enum field_type type, const char *const *words,
           struct problems *ps)
{
    switch (type) {
    case FIELD_NUMBER:
    case FIELD_NUMBERS:
        check_number(n, ps);
        break;
    case FIELD_WHOLE:
    case FIELD_COUNT:
        check_whole(n, type == FIELD_COUNT, ps);
        break;
    case FIELD_DAY:
    case FIELD_MOMENT:
        check_day(n, type == FIELD_MOMENT, ps);
        break;
    case FIELD_WORD:
    case FIELD_CHOICES:
    case FIELD_CODES:
        if (word_index(n->text, words) < 0)
            problem_not_one_of(ps, n, words);
        break;
    case FIELD_SIZE:
        check_quantity(n, size_units, "25 MB", ps);
        break;
    case FIELD_TIME:
        check_quantity(n, time_units, "60 s, 5 min, 3 days", ps);
        break;
    case FIELD_NAME:
    case FIELD_WORDS:
    case FIELD_LIST:
    case FIELD_SOME:
        check_name(n, ps);
        break;
    case FIELD_TEXT:
    case FIELD_MAPS:
        break;
    }
}

/* ---- shapes ---- */
static gboolean
is_empty(const struct node *n)
{
    return n->kind == NODE_TEXT && !*n->text;
}

static void
check_one(const struct node *n, const struct field *f, struct problems *ps)
{
    if (n->kind != NODE_TEXT)
        problem_at(ps, n, _("one value is expected for \"%s\""), f->key);
    else if (is_empty(n))
        problem_at(ps, n, _("\"%s\" has no value"), f->key);
    else
        check_text(n, f->type, f->words, ps);
}

/* A list, and not one word: the commonest slip. */
static gboolean
is_list(const struct node *n, const struct field *f, struct problems *ps)
{
    gboolean maps = f->type == FIELD_MAPS;

    if (n->kind == NODE_LIST)
        return TRUE;
    if (n->kind == NODE_TEXT && !is_empty(n) && !maps)
        problem_at(ps, n, _("a list of words is expected for \"%s\": [%s]"),
                   f->key, n->text);
    else
        problem_at(ps, n,
                   maps ? _("a list is expected for \"%s\", each entry "
                            "beginning with \"- \"")
                        : _("a list of words is expected for \"%s\""),
                   f->key);
    return FALSE;
}

static void
check_repeats(const struct node *list, struct problems *ps)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < list->items->len; i++) {
        const struct node *n = list->items->pdata[i];

        if (n->kind == NODE_TEXT && !g_hash_table_add(seen, n->text))
            problem_at(ps, n, _("\"%s\" is there twice"), n->text);
    }
}

static void
check_list(const struct node *n, const struct field *f, struct problems *ps)
{
    if (!is_list(n, f, ps))
        return;
    if (n->items->len == 0 && f->type != FIELD_LIST && f->type != FIELD_CODES)
        problem_at(ps, n, _("the list \"%s\" is empty"), f->key);
    for (guint i = 0; i < n->items->len; i++) {
        const struct node *word = n->items->pdata[i];

        if (word->kind != NODE_TEXT || is_empty(word))
            problem_at(ps, word, _("a word is expected in the list \"%s\""),
                       f->key);
        else
            check_text(word, f->type, f->words, ps);
    }
    if (f->type != FIELD_NUMBERS)
        check_repeats(n, ps);
}

static void check_map(const struct node *map, const struct field *table,
                      struct problems *ps);

static void
check_maps(const struct node *n, const struct field *f, struct problems *ps)
{
    if (!is_list(n, f, ps))
        return;
    for (guint i = 0; i < n->items->len; i++)
        check_map(n->items->pdata[i], f->table, ps);
}

static void
check_value(const struct node *n, const struct field *f, struct problems *ps)
{
    switch (f->type) {
    case FIELD_MAPS:
        check_maps(n, f, ps);
        break;
    case FIELD_WORDS:
    case FIELD_LIST:
    case FIELD_NUMBERS:
    case FIELD_CHOICES:
    case FIELD_CODES:
        check_list(n, f, ps);
        break;
    case FIELD_SOME:
        if (n->kind == NODE_LIST)
            check_list(n, f, ps);
        else
            check_one(n, f, ps);
        break;
    default:
        check_one(n, f, ps);
        break;
    }
}

/* ---- keys ---- */
static const struct field *
find_field(const struct field *table, const char *key)
{
    for (; table->key; table++)
        if (strcmp(table->key, key) == 0)
            return table;
    return NULL;
}

static GPtrArray *
keys_of(const struct field *table)
{
    GPtrArray *keys = g_ptr_array_new();

    for (; table->key; table++)
        g_ptr_array_add(keys, (gpointer)table->key);
    return keys;
}

/* "name:财政局" is one word to YAML, as is "name：财政局". */
static const char *
lacks_space(const char *key, const struct field *table)
{
    for (; table->key; table++) {
        size_t n = strlen(table->key);

        if (strncmp(key, table->key, n) == 0 &&
            (key[n] == ':' || g_str_has_prefix(key + n, "：")))
            return table->key;
    }
    return NULL;
}

/* {points: =min(a, 2)} ends, for YAML, at the comma. */
static gboolean
ends_formula(const struct node *map, guint at)
{
    const struct node *key = map->items->pdata[at];
    const struct node *before = at ? map->items->pdata[at - 1] : NULL;

    return before && before->kind == NODE_TEXT && before->text[0] == '=' &&
           !before->quoted && strchr(key->text, ')');
}

/* Gives back the key that seems to be meant, or NULL. */
static const char *
unknown_key(const struct node *map, guint at, const struct field *table,
            struct problems *ps)
{
    const struct node *key = map->items->pdata[at];
    g_autoptr(GPtrArray) keys = keys_of(table);
    const char *meant = lacks_space(key->text, table);
    g_autofree char *all = NULL;

    if (meant) {
        problem_at(ps, key,
                   _("unknown key \"%s\"; a key is followed by \": \", a "
                     "half-width colon and a space"),
                   key->text);
        return meant;
    }
    if (ends_formula(map, at)) {
        problem_at(ps, key,
                   _("unknown key \"%s\"; a formula with a comma must be in "
                     "quotes"),
                   key->text);
        return NULL;
    }
    meant = nearest_in(key->text, keys);
    g_ptr_array_add(keys, NULL);
    all = g_strjoinv(", ", (char **)keys->pdata);
    if (meant)
        problem_at(ps, key, _("unknown key \"%s\"; did you mean \"%s\"?"),
                   key->text, meant);
    else
        problem_at(ps, key, _("unknown key \"%s\"; the keys here are %s"),
                   key->text, all);
    return meant;
}

/* The keys that mistyped ones seem to mean go into `meant`. */
static void
check_keys(const struct node *map, const struct field *table, GPtrArray *meant,
           struct problems *ps)
{
    for (guint i = 0; i < map->items->len; i += 2) {
        const struct node *key = map->items->pdata[i];
        const struct field *f = find_field(table, key->text);

        if (f)
            check_value(map->items->pdata[i + 1], f, ps);
        else
            g_ptr_array_add(meant, (gpointer)unknown_key(map, i, table, ps));
    }
}

static void
not_a_map(const struct node *n, const struct field *table, struct problems *ps)
{
    if (n->kind == NODE_TEXT && lacks_space(n->text, table))
        problem_at(ps, n,
                   _("a key is followed by \": \", a half-width colon and a "
                     "space"));
    else
        problem_at(ps, n,
                   _("keys with values are expected here, such as "
                     "\"%s: ...\""),
                   table->key);
}

static void
check_map(const struct node *map, const struct field *table,
          struct problems *ps)
{
    g_autoptr(GPtrArray) meant = g_ptr_array_new();

    if (map->kind != NODE_MAP) {
        not_a_map(map, table, ps);
        return;
    }
    check_keys(map, table, meant, ps);
    for (; table->key; table++)
        if (table->required && !node_get(map, table->key) &&
            !g_ptr_array_find(meant, table->key, NULL))
            problem_at(ps, map, _("\"%s\" is missing"), table->key);
}

void
schema_check(const struct node *top, const struct field *table,
             struct problems *ps)
{
    check_map(top, table, ps);
}

/* ---- reading what passed ---- */
const char *
read_text(const struct node *map, const char *key)
{
    const struct node *n = node_get(map, key);

    return n ? n->text : NULL;
}

char *
read_copy(const struct node *map, const char *key)
{
    return g_strdup(read_text(map, key));
}

decimal
read_number(const struct node *map, const char *key, decimal otherwise)
{
    const char *text = read_text(map, key);

    if (text)
        decimal_parse(text, &otherwise);
    return otherwise;
}

int
read_whole(const struct node *map, const char *key, int otherwise)
{
    const char *text = read_text(map, key);

    if (text)
        parse_whole(text, &otherwise);
    return otherwise;
}

civil_day
read_day(const struct node *map, const char *key, civil_day otherwise)
{
    const char *text = read_text(map, key);

    if (text)
        day_parse(text, &otherwise);
    return otherwise;
}

gint64
read_size(const struct node *map, const char *key, gint64 otherwise)
{
    const char *text = read_text(map, key);

    if (text)
        parse_quantity(text, size_units, &otherwise);
    return otherwise;
}

gint64
read_seconds(const struct node *map, const char *key, gint64 otherwise)
{
    const char *text = read_text(map, key);

    if (text)
        parse_quantity(text, time_units, &otherwise);
    return otherwise;
}

int
read_word(const struct node *map, const char *key, const char *const *words,
          int otherwise)
{
    const char *text = read_text(map, key);

    return text ? word_index(text, words) : otherwise;
}

GStrv
read_names(const struct node *map, const char *key)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    const struct node *n = node_get(map, key);

    if (n && n->kind == NODE_TEXT)
        g_strv_builder_add(names, n->text);
    for (guint i = 0; n && n->kind == NODE_LIST && i < n->items->len; i++)
        g_strv_builder_add(names, ((struct node *)n->items->pdata[i])->text);
    return g_strv_builder_end(names);
}
