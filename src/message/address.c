/* address.c - see address.h. */
#include "message/address.h"
#include "base/address.h"
#include "base/text.h"
#include "message/rfc2047.h"

#include <string.h>

enum { WORD_BYTES = 500 }; /* longest encoded word looked for in a list */

/* One element of the list while it is read. */
struct element {
    GString *phrase;  /* raw bytes before the bracket, quotes undone */
    GString *comment; /* what stood in parentheses */
    GString *angle;   /* what stood between < and > */
    GString *held;    /* phrases that a stray comma cut off */
    gboolean has_angle;
    gboolean has_at;    /* an @ in plain sight, not in quotes or a word */
    gboolean quoted_at; /* a quoted local part: nobody's we deal with */
};

struct parser {
    const char *p, *end;
    GPtrArray *list;
    struct element e;
};

/* An address that looks like another's is not made into that one. */
static gboolean
has_invisible(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL))
        return FALSE;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (text_is_invisible(g_utf8_get_char(p)))
            return TRUE;
    return FALSE;
}

char *
address_normal(const char *text)
{
    g_autofree char *line = text_line(text);
    char *start = line, *at;
    size_t len;

    if (has_invisible(text))
        return NULL;
    while (*start == '<')
        start++;
    if (g_ascii_strncasecmp(start, "mailto:", 7) == 0)
        start += 7;
    len = strlen(start);
    while (len && (start[len - 1] == '>' || start[len - 1] == '.'))
        start[--len] = '\0';
    at = strrchr(start, '@');
    for (char *p = at; p && *p; p++)
        *p = g_ascii_tolower(*p);
    return address_valid(start) ? g_strdup(start) : NULL;
}

/* ---- scanning ---- */

/* An encoded word may hold commas and brackets; it is taken whole. */
static gboolean
scan_encoded_word(struct parser *s)
{
    const char *limit = MIN(s->end, s->p + WORD_BYTES), *p = s->p + 2;

    if (s->end - s->p < 2 || s->p[1] != '?')
        return FALSE;
    for (int marks = 0; p < limit && !text_is_wsp(*p); p++) {
        if (*p != '?')
            continue;
        if (++marks == 3 && p + 1 < limit && p[1] == '=') {
            g_string_append_len(s->e.phrase, s->p, p + 2 - s->p);
            s->p = p + 2;
            return TRUE;
        }
    }
    return FALSE;
}

static void
scan_quoted(struct parser *s)
{
    for (s->p++; s->p < s->end && *s->p != '"'; s->p++) {
        if (*s->p == '\\' && s->p + 1 < s->end)
            s->p++;
        g_string_append_c(s->e.phrase, *s->p);
    }
    if (s->p < s->end)
        s->p++;
    if (s->p < s->end && *s->p == '@')
        s->e.quoted_at = TRUE;
}

static void
scan_comment(struct parser *s)
{
    int depth = 0;

    if (s->e.comment->len)
        g_string_append_c(s->e.comment, ' ');
    for (; s->p < s->end; s->p++) {
        if (*s->p == '\\' && s->p + 1 < s->end)
            s->p++;
        else if (*s->p == '(' && depth++ == 0)
            continue;
        else if (*s->p == ')' && --depth == 0)
            break;
        g_string_append_c(s->e.comment, *s->p);
    }
    if (s->p < s->end)
        s->p++;
}

/* A source route (<@a,@b:c@d>) goes; doubled brackets are one pair. */
static void
scan_angle(struct parser *s)
{
    char *colon;

    while (s->p < s->end && *s->p == '<')
        s->p++;
    for (; s->p < s->end && *s->p != '>'; s->p++)
        if (!text_is_wsp(*s->p) || s->e.angle->len)
            g_string_append_c(s->e.angle, *s->p);
    while (s->p < s->end && *s->p == '>')
        s->p++;
    colon = s->e.angle->str[0] == '@' ? strchr(s->e.angle->str, ':') : NULL;
    if (colon)
        g_string_erase(s->e.angle, 0, colon + 1 - s->e.angle->str);
    s->e.has_angle = TRUE;
}

/* ---- elements ---- */

static void
reset(struct element *e)
{
    g_string_truncate(e->phrase, 0);
    g_string_truncate(e->comment, 0);
    g_string_truncate(e->angle, 0);
    e->has_angle = FALSE;
    e->has_at = FALSE;
    e->quoted_at = FALSE;
}

static char *
decoded(const GString *raw)
{
    char *text = rfc2047_decode(raw->str, raw->len, NULL);

    if (!*text)
        g_clear_pointer(&text, g_free);
    return text;
}

static void
add(struct parser *s, char *name, char *address)
{
    struct reading_address *a;

    if (s->list->len >= ADDRESS_LIST_MAX || (!name && !address)) {
        g_free(name);
        g_free(address);
        return;
    }
    a = g_new0(struct reading_address, 1);
    a->name = name;
    a->address = address;
    g_ptr_array_add(s->list, a);
}

/* "name a@b.cn" without brackets: the one word with an @ is the address. */
static void
add_bare(struct parser *s)
{
    g_autofree char *line = text_line(s->e.phrase->str);
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    g_autoptr(GString) name = g_string_new(NULL);
    char *address = NULL;
    unsigned ats = 0;

    for (char **w = words; *w; w++) {
        if (strchr(*w, '@') && ats++ == 0) {
            address = address_normal(*w);
            continue;
        }
        g_string_append(name, name->len ? " " : "");
        g_string_append(name, *w);
    }
    if (ats != 1 || s->e.quoted_at || has_invisible(s->e.phrase->str))
        g_clear_pointer(&address, g_free);
    add(s, decoded(name->len ? name : s->e.comment), address);
}

static void
flush_held(struct parser *s)
{
    if (s->e.held->len)
        add(s, decoded(s->e.held), NULL);
    g_string_truncate(s->e.held, 0);
}

static void
add_angle(struct parser *s)
{
    GString *name = s->e.phrase->len ? s->e.phrase : s->e.comment;

    if (s->e.held->len && s->e.phrase->len) {
        g_string_append(s->e.held, ", ");
        g_string_append_len(s->e.held, name->str, (gssize)name->len);
        name = s->e.held;
    }
    add(s, decoded(name), address_normal(s->e.angle->str));
    if (name == s->e.held)
        g_string_truncate(s->e.held, 0);
}

/* An element ends.  One without any address before a comma may be the first
 * half of an unquoted name with a comma in it: it is held. */
static void
finish(struct parser *s, gboolean at_comma)
{
    struct element *e = &s->e;

    if (e->has_angle) {
        add_angle(s);
        flush_held(s);
    } else if (e->has_at) {
        flush_held(s);
        add_bare(s);
    } else if (strspn(e->phrase->str, " \t\r\n") < e->phrase->len) {
        g_string_append(e->held, e->held->len ? ", " : "");
        g_string_append(e->held, e->phrase->str);
    }
    reset(e);
    if (!at_comma)
        flush_held(s);
}

static void
step_char(struct parser *s)
{
    if (s->e.has_angle && !text_is_wsp(*s->p) && !strchr(",;(>", *s->p))
        finish(s, FALSE); /* a second address without a comma between */
    switch (*s->p) {
    case '"':
        scan_quoted(s);
        return;
    case '(':
        scan_comment(s);
        return;
    case '<':
        scan_angle(s);
        return;
    case ',':
        finish(s, TRUE);
        break;
    case ';':
        finish(s, FALSE);
        break;
    case ':': /* behind the name of a group */
        reset(&s->e);
        break;
    case '=':
        if (scan_encoded_word(s))
            return;
        g_string_append_c(s->e.phrase, '=');
        break;
    default:
        s->e.has_at |= *s->p == '@';
        g_string_append_c(s->e.phrase, *s->p ? *s->p : ' ');
    }
    s->p++;
}

void
address_parse(GPtrArray *list, const char *raw, size_t len)
{
    struct parser s = {raw, raw + len, list, {0}};

    s.e.phrase = g_string_new(NULL);
    s.e.comment = g_string_new(NULL);
    s.e.angle = g_string_new(NULL);
    s.e.held = g_string_new(NULL);
    while (s.p < s.end && list->len < ADDRESS_LIST_MAX)
        step_char(&s);
    finish(&s, FALSE);
    g_string_free(s.e.phrase, TRUE);
    g_string_free(s.e.comment, TRUE);
    g_string_free(s.e.angle, TRUE);
    g_string_free(s.e.held, TRUE);
}
