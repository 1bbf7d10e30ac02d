/* mht.c - see mht.h.
 *
 * Not the reader of mails: a web archive is a file, one level of parts is
 * enough, and whatever is odd about it is left out. */
#include "draft/mht.h"

#include "message/codec.h"

#include <string.h>

enum { PARTS_MAX = 100, HEADER_BYTES_MAX = 64 * 1024 };

static void
part_free(void *p)
{
    struct mht_part *part = p;

    g_byte_array_free(part->bytes, TRUE);
    g_free(part->charset);
    g_free(part);
}

/* ---- header fields ---- */

/* Where the body begins: behind the first empty line; the end if none. */
static const char *
header_end(const char *p, const char *end)
{
    const char *limit = p + MIN(end - p, HEADER_BYTES_MAX);

    while (p < limit) {
        const char *eol = memchr(p, '\n', (size_t)(limit - p));

        if (!eol)
            return limit;
        if (eol == p || (eol == p + 1 && *p == '\r'))
            return eol + 1;
        p = eol + 1;
    }
    return limit;
}

/* The header block with folded lines joined.  Caller frees. */
static char *
unfold(const char *head, size_t len)
{
    g_autofree char *s = g_strndup(head, len);
    GString *out = g_string_new("\n");

    for (const char *p = s; *p; p++)
        if (*p == '\r' || (*p == '\n' && (p[1] == ' ' || p[1] == '\t')))
            continue;
        else
            g_string_append_c(out, *p);
    return g_string_free(out, FALSE);
}

/* The value of a field of an unfolded block, or NULL.  Caller frees. */
static char *
field(const char *head, const char *name)
{
    g_autofree char *start = g_strconcat("\n", name, ":", NULL);
    const char *p = head;
    size_t n = strlen(start);

    for (; (p = strchr(p, '\n')) != NULL; p++)
        if (g_ascii_strncasecmp(p, start, n) == 0)
            return g_strstrip(g_strndup(p + n, strcspn(p + n, "\n")));
    return NULL;
}

/* charset= or boundary= of a Content-Type.  Caller frees. */
static char *
parameter(const char *value, const char *name)
{
    g_autofree char *low = g_ascii_strdown(value, -1);
    g_autofree char *start = g_strconcat(name, "=", NULL);
    const char *p = strstr(low, start);

    if (!p)
        return NULL;
    p = value + (p - low) + strlen(start);
    if (*p == '"')
        return g_strndup(p + 1, strcspn(p + 1, "\""));
    return g_strndup(p, strcspn(p, "; \t"));
}

/* ---- parts ---- */

static GByteArray *
decode(const char *body, size_t len, const char *encoding)
{
    GByteArray *out = g_byte_array_new();

    if (encoding && g_ascii_strcasecmp(encoding, "base64") == 0)
        codec_base64(out, body, len);
    else if (encoding && g_ascii_strcasecmp(encoding, "quoted-printable") == 0)
        codec_quoted_printable(out, body, len);
    else
        g_byte_array_append(out, (const guint8 *)body, (guint)len);
    return out;
}

static void
add_part(GPtrArray *parts, const char *p, const char *end)
{
    const char *body = header_end(p, end);
    g_autofree char *head = unfold(p, (size_t)(body - p));
    g_autofree char *type = field(head, "content-type");
    g_autofree char *encoding = field(head, "content-transfer-encoding");
    struct mht_part *part;

    if (!type || g_ascii_strncasecmp(type, "text/html", 9) != 0)
        return;
    part = g_new0(struct mht_part, 1);
    part->bytes = decode(body, (size_t)(end - body), encoding);
    part->charset = parameter(type, "charset");
    g_ptr_array_add(parts, part);
}

/* What stands between the lines "--boundary". */
static void
split(GPtrArray *parts, const char *p, const char *end, const char *boundary)
{
    g_autofree char *line = g_strconcat("\n--", boundary, NULL);
    size_t n = strlen(line);
    const char *start = NULL;

    while (p < end && parts->len < PARTS_MAX) {
        const char *next = memmem(p, (size_t)(end - p), line, n);

        /* a boundary right behind another begins with that one's line end,
         * in front of `start` */
        if (start && (!next || next >= start))
            add_part(parts, start, next ? next : end);
        if (!next)
            return;
        next = memchr(next + n, '\n', (size_t)(end - next) - n);
        if (!next)
            return;
        start = next + 1;
        p = next; /* which the next boundary may begin with */
    }
}

gboolean
mht_is(const guint8 *data, size_t len)
{
    const char *p = (const char *)data;
    const char *colon = memchr(p, ':', MIN(len, 40));

    if (!colon || colon == p)
        return FALSE;
    for (; p < colon; p++)
        if (!g_ascii_isalnum(*p) && *p != '-')
            return FALSE;
    return TRUE;
}

GPtrArray *
mht_parts(const guint8 *data, size_t len)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(part_free);
    const char *p = (const char *)data, *end = p + len;
    const char *body = header_end(p, end);
    g_autofree char *head = unfold(p, (size_t)(body - p));
    g_autofree char *type = field(head, "content-type");
    g_autofree char *boundary = type ? parameter(type, "boundary") : NULL;

    if (boundary && *boundary)
        split(parts, body - 1, end, boundary);
    else
        add_part(parts, p, end);
    return parts;
}
