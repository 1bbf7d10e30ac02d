/* pattern.c - see pattern.h. */
#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

enum { HEAP_KB = 64 << 10 };

static void
fail(const char *what, const char *pattern, int error)
{
    char why[128] = "";

    pcre2_get_error_message(error, (PCRE2_UCHAR *)why, sizeof why);
    g_error("%s /%s/: %s", what, pattern, why);
}

static pcre2_code *
compile(const char *text)
{
    int error = 0;
    PCRE2_SIZE at = 0;
    pcre2_code *code = pcre2_compile(
        (PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
        PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY, &error, &at, NULL);

    if (!code)
        fail("cannot compile", text, error);
    return code;
}

static const pcre2_code *
code_of(struct pattern *p)
{
    if (g_once_init_enter(&p->code))
        g_once_init_leave(&p->code, compile(p->text));
    return p->code;
}

/* What a match may cost. */
static pcre2_match_context *
limits(void)
{
    static pcre2_match_context *made;

    if (g_once_init_enter(&made)) {
        pcre2_match_context *c = pcre2_match_context_create(NULL);

        if (!c)
            g_error("no memory for the limits of a match");
        pcre2_set_match_limit(c, PATTERN_STEPS);
        pcre2_set_heap_limit(c, HEAP_KB);
        g_once_init_leave(&made, c);
    }
    return made;
}

static gboolean
is_limit(int result)
{
    return result == PCRE2_ERROR_MATCHLIMIT ||
           result == PCRE2_ERROR_DEPTHLIMIT || result == PCRE2_ERROR_HEAPLIMIT;
}

static void
take(const struct pattern *p, const char *text, const pcre2_match_data *data,
     int groups, struct pattern_hit *out)
{
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer((pcre2_match_data *)data);

    *out = (struct pattern_hit){.pattern = p, .text = text};
    for (int n = 0; n < PATTERN_GROUPS; n++) {
        gboolean took_part = n < groups && at[2 * n] != PCRE2_UNSET;

        out->start[n] = took_part ? (int)at[2 * n] : -1;
        out->end[n] = took_part ? (int)at[2 * n + 1] : -1;
    }
}

static gboolean
search(struct pattern *p, const char *text, size_t len, size_t from,
       struct pattern_hit *out)
{
    const pcre2_code *code = code_of(p);
    pcre2_match_context *most = limits();
    pcre2_match_data *data = pcre2_match_data_create(PATTERN_GROUPS, NULL);
    int result;

    if (!data)
        g_error("no memory to look for /%s/", p->text);
    result = pcre2_match(code, (PCRE2_SPTR)text, len, from, 0, data, most);
    if (result > 0 && out)
        take(p, text, data, result, out);
    pcre2_match_data_free(data);
    g_assert(result != 0); /* PATTERN_GROUPS are too few */
    if (result < 0 && result != PCRE2_ERROR_NOMATCH && !is_limit(result))
        fail("cannot look for", p->text, result);
    return result > 0;
}

gboolean
pattern_matches(struct pattern *p, const char *text)
{
    return pattern_find(p, text, 0, NULL);
}

gboolean
pattern_find(struct pattern *p, const char *text, size_t from,
             struct pattern_hit *out)
{
    size_t len = strlen(text);

    return len <= PATTERN_BYTES && search(p, text, len, from, out);
}

/* ---- what was found ---- */

char *
pattern_group(const struct pattern_hit *f, int group)
{
    int start = f->start[group];

    return start < 0
               ? g_strdup("")
               : g_strndup(f->text + start, (gsize)(f->end[group] - start));
}

char *
pattern_named(const struct pattern_hit *f, const char *name)
{
    PCRE2_SPTR first, last;
    int size = pcre2_substring_nametable_scan(f->pattern->code,
                                              (PCRE2_SPTR)name, &first, &last);

    g_assert(size > 0); /* no such name in the pattern */
    for (; first <= last; first += size) {
        int group = first[0] << 8 | first[1];

        if (f->start[group] >= 0)
            return pattern_group(f, group);
    }
    return g_strdup("");
}

/* ---- every one ---- */

/* The next; what stands before it is *between, *at is behind it. */
static gboolean
next_of(struct pattern *p, const char *text, size_t *at, char **between_out)
{
    struct pattern_hit f;

    if (!pattern_find(p, text, *at, &f))
        return FALSE;
    g_assert(f.end[0] > f.start[0]);
    *between_out = g_strndup(text + *at, (size_t)f.start[0] - *at);
    *at = (size_t)f.end[0];
    return TRUE;
}

char **
pattern_split(struct pattern *p, const char *text)
{
    GPtrArray *pieces = g_ptr_array_new();
    size_t at = 0;
    char *piece;

    while (next_of(p, text, &at, &piece))
        g_ptr_array_add(pieces, piece);
    g_ptr_array_add(pieces, g_strdup(text + at));
    g_ptr_array_add(pieces, NULL);
    return (char **)g_ptr_array_free(pieces, FALSE);
}

char *
pattern_replace(struct pattern *p, const char *text, const char *with)
{
    g_auto(GStrv) pieces = pattern_split(p, text);

    return g_strjoinv(with, pieces);
}
