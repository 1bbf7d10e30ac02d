/* header.c - see header.h. */
#include "message/header.h"
#include "base/text.h"
#include "message/rfc2047.h"

#include <string.h>

enum { NAME_BYTES = 200, ID_BYTES = 998 };

/* ---- lines ---- */

static const char *
line_end(const char *p, const char *end)
{
    const char *lf = memchr(p, '\n', (size_t)(end - p));

    return lf ? lf + 1 : end;
}

static gboolean
is_blank(const char *line, const char *stop)
{
    size_t len = (size_t)(stop - line);

    return (len == 1 && line[0] == '\n') || (len == 2 && line[0] == '\r');
}

static gboolean
is_continuation(const char *line)
{
    return *line == ' ' || *line == '\t';
}

/* The colon of a field's first line: a name of printable ASCII without
 * spaces, white space before the colon let pass.  NULL: not a field. */
static const char *
find_colon(const char *line, const char *stop, size_t *name_len_out)
{
    const char *p = line;

    while (p<stop && * p> ' ' && *p < 0x7F && *p != ':')
        p++;
    *name_len_out = (size_t)(p - line);
    while (p < stop && (*p == ' ' || *p == '\t'))
        p++;
    return p > line && p < stop && *p == ':' && *name_len_out > 0 &&
                   *name_len_out <= NAME_BYTES
               ? p
               : NULL;
}

/* Behind what mailboxes and editors put in front of the first field. */
static const char *
skip_prologue(const char *p, const char *end)
{
    if (end - p >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        p += 3;
    while (p < end && is_blank(p, line_end(p, end)))
        p = line_end(p, end);
    if (end - p >= 5 && memcmp(p, "From ", 5) == 0)
        p = line_end(p, end);
    else if (end - p >= 6 && memcmp(p, ">From ", 6) == 0)
        p = line_end(p, end);
    return p;
}

/* A line that is no field: does the header go on behind it?  It does when
 * a field follows before the empty line. */
static gboolean
goes_on(const char *p, const char *end)
{
    for (unsigned i = 0; i < 16 && p < end; i++) {
        const char *stop = line_end(p, end);
        size_t name_len;

        if (is_blank(p, stop))
            return FALSE;
        if (!is_continuation(p) && find_colon(p, stop, &name_len))
            return TRUE;
        p = stop;
    }
    return FALSE;
}

/* ---- fields ---- */

static const char *
field_end(const char *line, const char *end)
{
    const char *stop = line_end(line, end);

    while (stop < end && is_continuation(stop))
        stop = line_end(stop, end);
    return stop;
}

static void
add_field(struct header *h, const char *line, size_t name_len,
          const char *value, const char *stop)
{
    struct header_field f = {line, name_len, value, 0};

    while (stop > value && (stop[-1] == '\n' || stop[-1] == '\r'))
        stop--;
    f.value_len = (size_t)(stop - value);
    g_array_append_val(h->fields, f);
}

void
header_scan(struct header *h, const char *data, size_t len, unsigned max_fields,
            size_t max_bytes)
{
    const char *end = data + len, *p = skip_prologue(data, end);

    h->fields = g_array_new(FALSE, FALSE, sizeof(struct header_field));
    h->over_limit = FALSE;
    while (p < end) {
        const char *stop = line_end(p, end), *colon;
        size_t name_len;

        if (is_blank(p, stop)) {
            p = stop;
            break;
        }
        colon = find_colon(p, stop, &name_len);
        if (!colon && !is_continuation(p) && !goes_on(stop, end))
            break;
        stop = field_end(p, end);
        if (h->fields->len >= max_fields || (size_t)(stop - data) > max_bytes)
            h->over_limit = TRUE;
        else if (colon)
            add_field(h, p, name_len, colon + 1, stop);
        p = stop;
    }
    h->body = (size_t)(p - data);
}

void
header_clear(struct header *h)
{
    g_clear_pointer(&h->fields, g_array_unref);
}

gboolean
header_field_is(const struct header_field *f, const char *name)
{
    return strlen(name) == f->name_len &&
           g_ascii_strncasecmp(f->name, name, f->name_len) == 0;
}

const struct header_field *
header_find(const struct header *h, const char *name, guint *at)
{
    for (guint i = at ? *at : 0; i < h->fields->len; i++) {
        const struct header_field *f =
            &g_array_index(h->fields, struct header_field, i);

        if (!header_field_is(f, name))
            continue;
        if (at)
            *at = i + 1;
        return f;
    }
    return NULL;
}

/* ---- values ---- */

char *
header_text(const struct header_field *f, enum charset_result *worst)
{
    return rfc2047_decode(f->value, f->value_len, worst);
}

char *
header_line(const struct header_field *f)
{
    g_autofree char *clean = text_clean(f->value, f->value_len);

    return text_line(clean);
}

char *
header_line_of(const struct header *h, const char *name)
{
    const struct header_field *f = header_find(h, name, NULL);

    return f ? header_line(f) : NULL;
}

char *
header_message_id(const char *line, const char **end_out)
{
    const char *open = line;

    while ((open = strchr(open, '<')) != NULL) {
        const char *p = open + 1, *at = NULL;

        for (; *p > ' ' && *p < 0x7F && *p != '<' && *p != '>'; p++)
            if (*p == '@')
                at = p;
        if (*p == '>' && at > open + 1 && at + 1 < p &&
            p + 1 - open <= ID_BYTES) {
            *end_out = p + 1;
            return g_strndup(open, (gsize)(p + 1 - open));
        }
        open++;
    }
    return NULL;
}
