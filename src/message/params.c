/* params.c - see params.h. */
#include "message/params.h"
#include "message/codec.h"
#include "message/rfc2047.h"
#include "base/text.h"

#include <string.h>

enum { SECTION_NONE = -1, SECTION_MAX = 999, PARAMS_MAX = 1000 };

/* One parameter as it stands: name*section*=value. */
struct param {
    char *name;        /* lower case, without stars */
    int section;       /* SECTION_NONE, or the n of name*n */
    gboolean extended; /* the name ended in a star */
    GByteArray *value; /* quotes and backslashes undone */
};

static void
param_free(struct param *p)
{
    g_free(p->name);
    g_byte_array_unref(p->value);
    g_free(p);
}

void
params_free(struct params *p)
{
    if (!p)
        return;
    g_free(p->value);
    g_ptr_array_unref(p->list);
    g_free(p);
}

/* ---- splitting ---- */

/* Behind the comment that starts at p, or the end. */
static const char *
skip_comment(const char *p, const char *end)
{
    int depth = 0;

    for (; p < end; p++) {
        if (*p == '\\' && p + 1 < end)
            p++;
        else if (*p == '(')
            depth++;
        else if (*p == ')' && --depth == 0)
            return p + 1;
    }
    return end;
}

static const char *
skip_separators(const char *p, const char *end)
{
    while (p < end && (text_is_wsp(*p) || *p == ';' || *p == '('))
        p = *p == '(' ? skip_comment(p, end) : p + 1;
    return p;
}

/* A quoted string.  A backslash quotes only a quote or a backslash: some
 * mailers put a whole Windows path there. */
static const char *
scan_quoted(const char *p, const char *end, GByteArray *out)
{
    for (p++; p < end && *p != '"'; p++) {
        if (*p == '\\' && p + 1 < end && (p[1] == '"' || p[1] == '\\'))
            p++;
        if (*p != '\r' && *p != '\n')
            g_byte_array_append(out, (const guint8 *)p, 1);
    }
    return p < end ? p + 1 : end;
}

/* Up to the next semicolon, because names with spaces are sent unquoted. */
static const char *
scan_bare(const char *p, const char *end, GByteArray *out)
{
    const char *stop = memchr(p, ';', (size_t)(end - p));
    const char *last;

    if (!stop)
        stop = end;
    for (last = stop; last > p && text_is_wsp(last[-1]); last--)
        ;
    for (; p < last; p++)
        if (*p != '\r' && *p != '\n')
            g_byte_array_append(out, (const guint8 *)p, 1);
    return stop;
}

static const char *
scan_value(const char *p, const char *end, GByteArray *out)
{
    p = text_skip_wsp(p, end);
    if (p < end && *p == '"')
        return scan_quoted(p, end, out);
    return scan_bare(p, end, out);
}

/* "filename*12*" -> filename, 12, extended. */
static void
split_name(struct param *param)
{
    char *star = strchr(param->name, '*');

    if (!star)
        return;
    *star++ = '\0';
    param->extended = !*star || g_str_has_suffix(star, "*");
    if (g_ascii_isdigit(*star))
        param->section = (int)MIN(strtol(star, NULL, 10), SECTION_MAX);
}

static const char *
scan_param(const char *p, const char *end, GPtrArray *list)
{
    const char *start = p, *stop;
    struct param *param;

    while (p < end && *p != '=' && *p != ';')
        p++;
    if (p == end || *p == ';')
        return p;
    for (stop = p; stop > start && text_is_wsp(stop[-1]); stop--)
        ;
    param = g_new0(struct param, 1);
    param->name = g_ascii_strdown(start, stop - start);
    param->section = SECTION_NONE;
    param->value = g_byte_array_sized_new(32);
    split_name(param);
    g_ptr_array_add(list, param);
    return scan_value(p + 1, end, param->value);
}

struct params *
params_parse(const char *raw, size_t len)
{
    const char *end = raw + len, *p = skip_separators(raw, end), *start = p;
    struct params *out = g_new0(struct params, 1);

    while (p < end && !text_is_wsp(*p) && *p != ';' && *p != '(')
        p++;
    out->value = g_ascii_strdown(start, p - start);
    out->list = g_ptr_array_new_with_free_func((GDestroyNotify)param_free);
    while ((p = skip_separators(p, end)) < end && out->list->len < PARAMS_MAX)
        p = scan_param(p, end, out->list);
    return out;
}

/* ---- decoding ---- */

/* charset'language'rest: the charset, and how long all before rest is.
 * NULL and 0 when the quotes are missing, as some mailers leave them out. */
static char *
take_charset(const GByteArray *value, size_t *skip_out)
{
    const char *text = (const char *)value->data;
    const char *first, *second = NULL;

    *skip_out = 0;
    first = value->len ? memchr(text, '\'', value->len) : NULL;
    if (first)
        second =
            memchr(first + 1, '\'', value->len - (size_t)(first + 1 - text));
    if (!second)
        return NULL;
    *skip_out = (size_t)(second + 1 - text);
    return g_strndup(text, (gsize)(first - text));
}

/* Some put the rest into quotes too.  This and what follows give the text
 * whole: of what is left out of a line a name's reader is told. */
static char *
decode_bytes(const GByteArray *bytes, const char *charset)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *from = (const char *)bytes->data;
    size_t len = bytes->len;

    if (len >= 2 && from[0] == '"' && from[len - 1] == '"') {
        from++;
        len -= 2;
    }
    charset_append(out, charset, from, len);
    return text_clean(out->str, out->len);
}

/* What a value without star says: encoded words, raw bytes, or (from web
 * software) the percent form without its star. */
static char *
decode_plain(const GByteArray *value)
{
    const char *text = (const char *)value->data;
    g_autoptr(GByteArray) plain = g_byte_array_new();
    g_autofree char *charset = NULL;
    size_t skip;

    if (value->len == 0)
        return NULL;
    charset = take_charset(value, &skip);
    if (!charset || !charset_known(charset))
        skip = 0;
    codec_percent(plain, text + skip, value->len - skip);
    if (plain->len < value->len - skip &&
        (skip ||
         charset_is_chinese_utf8((const char *)plain->data, plain->len)))
        return decode_bytes(plain, skip ? charset : NULL);
    return rfc2047_decode_whole(text, value->len, NULL);
}

static char *
decode_extended(const struct param *param)
{
    size_t skip;
    g_autofree char *charset = take_charset(param->value, &skip);
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    codec_percent(bytes, (const char *)param->value->data + skip,
                  param->value->len - skip);
    return decode_bytes(bytes, charset);
}

static const struct param *
find_param(const struct params *p, const char *name, int section,
           gboolean extended)
{
    for (guint i = 0; i < p->list->len; i++) {
        const struct param *param = g_ptr_array_index(p->list, i);

        if (param->section == section && param->extended == extended &&
            strcmp(param->name, name) == 0)
            return param;
    }
    return NULL;
}

static const struct param *
find_section(const struct params *p, const char *name, int section)
{
    const struct param *param = find_param(p, name, section, TRUE);

    return param ? param : find_param(p, name, section, FALSE);
}

/* name*0, name*1 ... joined as bytes before anything is converted, for the
 * cut may go through a character.  Some count from 1. */
static char *
get_continued(const struct params *p, const char *name)
{
    int i = find_section(p, name, 0) ? 0 : 1;
    const struct param *param = find_section(p, name, i);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree char *charset = NULL;
    gboolean extended = FALSE;
    size_t skip = 0;

    if (!param)
        return NULL;
    if (param->extended)
        charset = take_charset(param->value, &skip);
    for (; param; param = find_section(p, name, ++i)) {
        const char *text = (const char *)param->value->data + skip;
        size_t len = param->value->len - skip;

        extended |= param->extended;
        if (param->extended)
            codec_percent(bytes, text, len);
        else
            g_byte_array_append(bytes, (const guint8 *)text, (guint)len);
        skip = 0;
    }
    return extended ? decode_bytes(bytes, charset) : decode_plain(bytes);
}

/* The line that is shown of a text, which is freed; NULL when that is empty,
 * as good as not there.  *hides becomes TRUE when something was left out. */
static char *
as_line(char *whole, gboolean *hides)
{
    g_autofree char *text = whole;
    g_autofree char *line = text ? text_line(text) : NULL;

    *hides |= text && text_hides_something(text);
    return line && *line ? g_steal_pointer(&line) : NULL;
}

static char *
get_starred(const struct params *p, const char *name, gboolean *hides)
{
    const struct param *param = find_param(p, name, SECTION_NONE, TRUE);

    return as_line(param ? decode_extended(param) : get_continued(p, name),
                   hides);
}

static char *
get_plain(const struct params *p, const char *name, gboolean *hides)
{
    const struct param *param = find_param(p, name, SECTION_NONE, FALSE);

    return as_line(param ? decode_plain(param->value) : NULL, hides);
}

char *
params_get(const struct params *p, const char *name)
{
    gboolean hides = FALSE;
    char *text = get_starred(p, name, &hides);

    return text ? text : get_plain(p, name, &hides);
}

/* Take a further form of the name: the first is the name, the first that
 * says something else is the other one. */
static void
take_name(char *form, char **name, char **other)
{
    if (form && !*name)
        *name = form;
    else if (form && !*other && strcmp(form, *name) != 0)
        *other = form;
    else
        g_free(form);
}

void
params_file_name(const struct params *disposition, const struct params *type,
                 char **name_out, char **other_out, gboolean *hides_out)
{
    char *name = NULL, *other = NULL;
    gboolean hides = FALSE;

    if (disposition) {
        take_name(get_starred(disposition, "filename", &hides), &name, &other);
        take_name(get_plain(disposition, "filename", &hides), &name, &other);
    }
    if (type) {
        take_name(get_starred(type, "name", &hides), &name, &other);
        take_name(get_plain(type, "name", &hides), &name, &other);
    }
    *name_out = name;
    *other_out = other;
    *hides_out = hides;
}
