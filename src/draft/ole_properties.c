/* ole_properties.c - see ole_properties.h. */
#include "draft/ole_properties.h"

#include "draft/bytes.h"
#include "message/charset.h"

enum {
    HEADER_BYTES = 48, /* up to and with the first set's place */
    STREAM_BYTES_MAX = 1024 * 1024,
    PROPERTIES_MAX = 1000,
    TYPE_BYTES_STRING = 30,
    TYPE_UTF16_STRING = 31
};

static void
append_string(const guint8 *p, size_t left, GString *out)
{
    guint32 type = get32(p);
    size_t n = get32(p + 4);

    if (type == TYPE_UTF16_STRING)
        n = n > left ? left : n * 2;
    else if (type != TYPE_BYTES_STRING)
        return;
    if (!within(8, n, left))
        return;
    while (n > 0 && p[8 + n - 1] == 0) /* with its terminator */
        n--;
    charset_append(out, type == TYPE_UTF16_STRING ? "utf-16le" : NULL, p + 8,
                   type == TYPE_UTF16_STRING ? (n + 1) & ~(size_t)1 : n);
    g_string_append_c(out, '\n');
}

/* A property set: its size, how many, then (number, place) of each. */
static void
read_set(const guint8 *set, size_t len, GString *out)
{
    guint32 n;

    if (len < 8)
        return;
    n = MIN(get32(set + 4), PROPERTIES_MAX);
    for (guint32 i = 0; i < n && within(8 + 8 * (size_t)i, 8, len); i++) {
        size_t at = get32(set + 8 + 8 * (size_t)i + 4);

        if (within(at, 8, len))
            append_string(set + at, len - at, out);
    }
}

static void
read_stream(const struct ole *o, const char *name, GString *out)
{
    g_autoptr(GBytes) bytes = ole_read(o, name, STREAM_BYTES_MAX);
    const guint8 *p;
    gsize len;
    size_t at;

    if (!bytes)
        return;
    p = g_bytes_get_data(bytes, &len);
    if (len < HEADER_BYTES)
        return;
    at = get32(p + 44);
    if (at <= len)
        read_set(p + at, len - at, out);
}

void
ole_properties_read(const struct ole *o, GString *out)
{
    read_stream(o, "\x05SummaryInformation", out);
    read_stream(o,
                "\x05"
                "DocumentSummaryInformation",
                out);
}
