/* recheck.c - see recheck.h.
 *
 * Knows just enough of RFC 5322 and MIME for what compose.c writes, and
 * refuses everything else. */
#include "reply/recheck.h"

#include <string.h>

enum { LINE_BYTES = 998, PART_DEPTH = 3 };

struct scan {
    const struct recheck *want;
    guint parts; /* leaves seen */
    struct err *e;
};

static enum st
wrong(const struct scan *s, const char *what, const char *detail)
{
    return err_set(s->e, ST_FATAL, EXIT_SOFTWARE,
                   "composed mail is not what was meant: %s%s%s", what,
                   *detail ? ": " : "", detail);
}

/* ---- lines ---- */

#define EACH G_GUINT64_CONSTANT(0x0101010101010101) /* times a byte */

/* Of the highest bits of eight ASCII bytes: one is set when one is zero. */
static guint64
zeros(guint64 eight)
{
    return (eight - EACH) & ~eight;
}

/* Of a line without its end: a CR would be half a line end. */
static gboolean
is_ascii_line(const char *p, size_t len)
{
    guint64 found = 0, eight;
    unsigned bad = 0;

    for (; len >= sizeof eight; p += sizeof eight, len -= sizeof eight) {
        memcpy(&eight, p, sizeof eight);
        found |= eight | zeros(eight) | zeros(eight ^ EACH * 0x7F) |
                 zeros(eight ^ EACH * '\r');
    }
    bad = (found & EACH * 0x80) != 0;
    for (size_t i = 0; i < len; i++)
        bad |= (unsigned)((unsigned char)(p[i] - 1) >= 0x7E) |
               (unsigned)(p[i] == '\r');
    return !bad;
}

/* ASCII, every line ended by CR LF, none over the limit of RFC 5322. */
static enum st
check_lines(const struct scan *s, const char *data, size_t len)
{
    const char *end = data + len;

    if (len == 0)
        return wrong(s, "the last line has no end", "");
    for (const char *p = data; p < end;) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));

        if (!lf)
            return wrong(s, "the last line has no end", "");
        if (lf == p || lf[-1] != '\r')
            return wrong(s, "a line end that is not CR LF", "");
        if (lf - 1 - p > LINE_BYTES)
            return wrong(s, "a line that is too long", "");
        if (!is_ascii_line(p, (size_t)(lf - 1 - p)))
            return wrong(s, "a byte that is not ASCII", "");
        p = lf + 1;
    }
    return ST_OK;
}

/* ---- header ---- */

/* One field, unfolded; NULL at the empty line.  *p moves behind it. */
static char *
next_field(const char **p)
{
    GString *field;

    if (g_str_has_prefix(*p, "\r\n")) {
        *p += 2;
        return NULL;
    }
    field = g_string_new(NULL);
    do {
        const char *end = strstr(*p, "\r\n");

        g_string_append_len(field, *p, end - *p);
        *p = end + 2;
    } while (**p == ' ' || **p == '\t');
    return g_string_free(field, FALSE);
}

/* The encoded words of a field's value as text; what is between two of them
 * is nothing, all else stands for itself. */
static char *
decode_words(const char *value)
{
    static const char start[] = "=?UTF-8?B?";
    GString *out;
    gboolean after_word = FALSE;

    if (!strstr(value, start))
        return g_strdup(value);
    out = g_string_new(NULL);
    while (*value) {
        const char *gap = value + strspn(value, " \t");
        gboolean word = g_str_has_prefix(gap, start);
        const char *end = word ? strstr(gap + strlen(start), "?=") : NULL;

        if (end) {
            g_autofree char *inside = g_strndup(
                gap + strlen(start), (gsize)(end - gap) - strlen(start));
            gsize n = 0;
            g_autofree guchar *bytes = g_base64_decode(inside, &n);

            if (!after_word)
                g_string_append_len(out, value, gap - value);
            g_string_append_len(out, (const char *)bytes, (gssize)n);
            value = end + 2;
        } else {
            g_string_append_len(out, value, gap - value + (*gap != '\0'));
            value = gap + (*gap != '\0');
        }
        after_word = end != NULL;
    }
    return g_string_free(out, FALSE);
}

static enum st
check_field(const struct scan *s, const char *field, guint i)
{
    const struct recheck_field *want;
    size_t n;
    g_autofree char *text = NULL;

    if (i >= s->want->fields->len)
        return wrong(s, "a header field too many", field);
    want = &g_array_index(s->want->fields, struct recheck_field, i);
    n = strlen(want->name);
    if (strncmp(field, want->name, n) != 0 || field[n] != ':' ||
        field[n + 1] != ' ')
        return wrong(s, "another header field expected", want->name);
    text = decode_words(field + n + 2);
    if (want->text && strcmp(text, want->text) != 0)
        return wrong(s, "text of a header field", want->name);
    return ST_OK;
}

static enum st
check_header(const struct scan *s, const char **p)
{
    char *field;
    guint n = 0;

    while ((field = next_field(p)) != NULL) {
        enum st st = check_field(s, field, n++);

        g_free(field);
        if (st != ST_OK)
            return st;
    }
    return n == s->want->fields->len ? ST_OK
                                     : wrong(s, "a header field missing", "");
}

/* ---- parts ---- */

static char *
find_boundary(const char *type)
{
    const char *start = strstr(type, "boundary=\"");
    const char *end;

    if (!g_str_has_prefix(type, "multipart/") || !start)
        return NULL;
    start += strlen("boundary=\"");
    end = strchr(start, '"');
    return end ? g_strndup(start, (gsize)(end - start)) : NULL;
}

static enum st
check_leaf(struct scan *s, const char *body, size_t len)
{
    const struct recheck_part *want;
    g_autofree guchar *bytes = g_malloc(len / 4 * 3 + 3);
    int state = 0;
    guint save = 0;
    gsize n = g_base64_decode_step(body, len, bytes, &state, &save);

    if (s->parts >= s->want->parts->len)
        return wrong(s, "a part too many", "");
    want = &g_array_index(s->want->parts, struct recheck_part, s->parts++);
    if (n != want->len || memcmp(bytes, want->data, n) != 0)
        return wrong(s, "content of a part", "");
    return ST_OK;
}

static enum st
check_body(struct scan *s, const char *type, const char *encoding,
           const char *body, size_t len, int depth);

static enum st
check_part(struct scan *s, const char *part, size_t len, int depth)
{
    g_autofree char *type = NULL, *encoding = NULL;
    const char *p = part;
    char *field;

    if (!memmem(part, len, "\r\n\r\n", 4))
        return wrong(s, "a part without a body", "");
    while ((field = next_field(&p)) != NULL) {
        if (g_str_has_prefix(field, "Content-Type: "))
            type = g_strdup(field + strlen("Content-Type: "));
        else if (g_str_has_prefix(field, "Content-Transfer-Encoding: "))
            encoding = g_strdup(field + strlen("Content-Transfer-Encoding: "));
        else if (!g_str_has_prefix(field, "Content-Disposition: "))
            g_clear_pointer(&type, g_free);
        g_free(field);
    }
    if (!type)
        return wrong(s, "header of a part", "");
    return check_body(s, type, encoding, p, len - (size_t)(p - part), depth);
}

static enum st
check_multipart(struct scan *s, const char *boundary, const char *body,
                size_t len, int depth)
{
    g_autofree char *line = g_strdup_printf("--%s", boundary);
    size_t n = strlen(line);
    const char *end = body + len, *p = body;

    if (strncmp(p, line, n) != 0)
        return wrong(s, "text before the first part", "");
    for (p += n; strncmp(p, "--\r\n", 4) != 0; p += n) {
        const char *start = p + 2, *stop;
        enum st st;

        if (strncmp(p, "\r\n", 2) != 0 || start > end)
            return wrong(s, "a boundary", "");
        stop = memmem(start, (size_t)(end - start), line, n);
        if (!stop)
            return wrong(s, "the last boundary is missing", "");
        st = check_part(s, start, (size_t)(stop - start), depth);
        if (st != ST_OK)
            return st;
        p = stop;
    }
    return ST_OK;
}

static enum st
check_body(struct scan *s, const char *type, const char *encoding,
           const char *body, size_t len, int depth)
{
    g_autofree char *boundary = find_boundary(type);

    if (boundary && depth < PART_DEPTH)
        return check_multipart(s, boundary, body, len, depth + 1);
    if (g_strcmp0(encoding, "base64") != 0)
        return wrong(s, "encoding of a part", "");
    return check_leaf(s, body, len);
}

static char *
own_field(const char *data, const char *name)
{
    const char *p = data;
    char *field;

    while ((field = next_field(&p)) != NULL) {
        if (g_str_has_prefix(field, name))
            return field;
        g_free(field);
    }
    return NULL;
}

enum st
recheck_mail(const char *data, size_t len, const struct recheck *want,
             struct err *e)
{
    struct scan s = {want, 0, e};
    g_autofree char *type = NULL, *encoding = NULL;
    const char *body = data;
    enum st st = check_lines(&s, data, len);

    if (st == ST_OK && !strstr(data, "\r\n\r\n"))
        st = wrong(&s, "no end of the header", "");
    if (st == ST_OK)
        st = check_header(&s, &body);
    if (st != ST_OK)
        return st;
    type = own_field(data, "Content-Type: ");
    encoding = own_field(data, "Content-Transfer-Encoding: ");
    if (!type)
        return wrong(&s, "no Content-Type", "");
    st = check_body(&s, type + strlen("Content-Type: "),
                    encoding ? encoding + strlen("Content-Transfer-Encoding: ")
                             : NULL,
                    body, len - (size_t)(body - data), 0);
    if (st == ST_OK && s.parts != want->parts->len)
        st = wrong(&s, "a part is missing", "");
    return st;
}
