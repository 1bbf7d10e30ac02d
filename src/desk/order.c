/* order.c - see order.h. */
#include "desk/order.h"

#include "base/pattern.h"
#include "base/text.h"
#include "desk/when.h"

#include <string.h>

/* ---- words ---- */

struct span { /* of a word, in bytes of the line */
    gsize start, end;
};

static gboolean
is_dash(gunichar c)
{
    return c == 0x2010 || c == 0x2011 || c == 0x2012 || c == 0x2013 ||
           c == 0x2014 || c == 0x2015 || c == 0x2212 || c == 0xFF0D;
}

/* text_fold, and every dash a hyphen. */
static char *
fold_word(const char *raw)
{
    g_autofree char *folded = text_fold(raw);
    GString *s = g_string_new(NULL);

    for (const char *p = folded; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        g_string_append_unichar(s, is_dash(c) ? '-' : c);
    }
    return g_string_free(s, FALSE);
}

/* Words are parted by white space and by commas and the like between them;
 * a colon parts only the verb from what follows (财政局:6 is one word). */
static gboolean
parts(gunichar c, gboolean first_word)
{
    if (g_unichar_isspace(c) || c == ',' || c == 0xFF0C || c == 0x3001 ||
        c == ';' || c == 0xFF1B)
        return TRUE;
    return first_word && (c == ':' || c == 0xFF1A);
}

/* The word that ends at `end` of the line. */
static void
add_word(struct order *o, GString *word, const char *end)
{
    struct span at;

    if (word->len == 0)
        return;
    at.end = (gsize)(end - o->line);
    at.start = at.end - word->len;
    g_array_append_val(o->spans, at);
    g_ptr_array_add(o->raw, g_strdup(word->str));
    g_ptr_array_add(o->words, fold_word(word->str));
    g_string_truncate(word, 0);
}

struct order *
order_new(const char *line)
{
    struct order *o = g_new0(struct order, 1);
    g_autoptr(GString) word = g_string_new(NULL);
    const char *p;

    o->line = text_line(line);
    o->spans = g_array_new(FALSE, FALSE, sizeof(struct span));
    o->raw = g_ptr_array_new_with_free_func(g_free);
    o->words = g_ptr_array_new_with_free_func(g_free);
    for (p = o->line; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (parts(c, o->raw->len == 0))
            add_word(o, word, p);
        else
            g_string_append_unichar(word, c);
    }
    add_word(o, word, p);
    return o;
}

void
order_free(struct order *o)
{
    if (!o)
        return;
    g_free(o->line);
    g_array_unref(o->spans);
    g_ptr_array_unref(o->raw);
    g_ptr_array_unref(o->words);
    g_free(o);
}

const char *
order_peek(const struct order *o)
{
    return o->next < o->words->len ? g_ptr_array_index(o->words, o->next)
                                   : NULL;
}

const char *
order_take(struct order *o)
{
    const char *word = order_peek(o);

    if (word)
        o->next++;
    return word;
}

const char *
order_take_raw(struct order *o)
{
    return order_peek(o) ? g_ptr_array_index(o->raw, o->next++) : NULL;
}

/* ---- kinds of words ---- */

static char *
take_matching(struct order *o, struct pattern *p)
{
    const char *word = order_peek(o);

    if (!word || !pattern_matches(p, word))
        return NULL;
    return g_strdup(order_take(o));
}

char *
order_take_number(struct order *o)
{
    static struct pattern p = PATTERN("^[0-9]{4}-[0-9]{1,6}$");

    return take_matching(o, &p);
}

char *
order_take_handle(struct order *o)
{
    static struct pattern p = PATTERN("^\\p{Han}-?[0-9]{1,9}$");

    return take_matching(o, &p);
}

static gboolean
match_day(const char *word, civil_day today, civil_day *out)
{
    static struct pattern p = PATTERN(
        "^(?:([0-9]{4})[-/.年])?([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?$");
    struct pattern_hit hit;
    g_autofree char *y = NULL, *mo = NULL, *d = NULL;
    int year, month, day;

    if (!pattern_find(&p, word, 0, &hit))
        return FALSE;
    y = pattern_group(&hit, 1);
    mo = pattern_group(&hit, 2);
    d = pattern_group(&hit, 3);
    month = (int)g_ascii_strtoll(mo, NULL, 10);
    day = (int)g_ascii_strtoll(d, NULL, 10);
    if (!*y)
        return when_nearest_day(month, day, today, out);
    year = (int)g_ascii_strtoll(y, NULL, 10);
    if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return FALSE;
    *out = day_from_ymd(year, month, day);
    return TRUE;
}

gboolean
order_take_day(struct order *o, civil_day today, civil_day *out)
{
    const char *word = order_peek(o);

    if (!word || !match_day(word, today, out))
        return FALSE;
    o->next++;
    return TRUE;
}

static gboolean
take_decimal(struct order *o, const char *digits, decimal *out)
{
    if (!decimal_parse(digits, out))
        return FALSE;
    o->next++;
    return TRUE;
}

gboolean
order_take_quantity(struct order *o, decimal *out)
{
    const char *word = order_peek(o);

    if (!word)
        return FALSE;
    if (g_str_has_prefix(word, "×"))
        return take_decimal(o, word + strlen("×"), out);
    if (*word == 'x' || *word == '*')
        return take_decimal(o, word + 1, out);
    return FALSE;
}

gboolean
order_take_amount(struct order *o, decimal *out)
{
    static struct pattern p =
        PATTERN("^(?:=([-+]?[0-9.]+)分?|([-+]?[0-9.]+)分)$");
    const char *word = order_peek(o);
    g_autofree char *behind = NULL, *alone = NULL;
    struct pattern_hit hit;

    if (!word || !pattern_find(&p, word, 0, &hit))
        return FALSE;
    behind = pattern_group(&hit, 1);
    alone = pattern_group(&hit, 2);
    return take_decimal(o, *behind ? behind : alone, out);
}

char *
order_take_until(struct order *o, guint end)
{
    const struct span *spans = (const struct span *)(void *)o->spans->data;
    gsize from;

    if (o->next >= end)
        return NULL;
    from = spans[o->next].start;
    o->next = end;
    return g_strndup(o->line + from, spans[end - 1].end - from);
}

/* Bytes of 字段 in a word of the form 字段= or 字段=值; 0: it is none. */
static gsize
field_name(const char *raw, gsize *behind_out)
{
    static struct pattern p = PATTERN("^(\\p{L}+)[=＝]");
    struct pattern_hit hit;

    if (!pattern_find(&p, raw, 0, &hit))
        return 0;
    *behind_out = (gsize)hit.end[0];
    return (gsize)hit.end[1];
}

/* Of the first `n` words from the next one on. */
static gboolean
take_pair(struct order *o, guint n, char **name_out, char **value_out)
{
    const char *raw = g_ptr_array_index(o->raw, o->next);
    gsize behind = 0, name = field_name(raw, &behind);
    g_autofree char *all = NULL;

    if (name == 0 || (!raw[behind] && n == 1))
        return FALSE;
    all = order_take_until(o, o->next + n);
    *name_out = g_strndup(all, name);
    *value_out = g_strdup(g_strchug(all + behind));
    return TRUE;
}

gboolean
order_take_field(struct order *o, char **name_out, char **value_out)
{
    guint n = 1;
    gsize behind;

    if (!order_peek(o))
        return FALSE;
    while (o->next + n < o->raw->len &&
           field_name(g_ptr_array_index(o->raw, o->next + n), &behind) == 0)
        n++;
    return take_pair(o, n, name_out, value_out);
}

gboolean
order_take_pair(struct order *o, char **name_out, char **value_out)
{
    return order_peek(o) && take_pair(o, 1, name_out, value_out);
}

char *
order_take_rest(struct order *o)
{
    return order_take_until(o, o->words->len);
}
