/* archive.c - see archive.h. */
#include "report/archive.h"

#include <string.h>
#include <zlib.h>

enum {
    VERSION = 20, /* deflate, folders */
    DEFLATED = 8,
    FIRST_DAY = (1 << 5) | 1, /* 1980-01-01, the first that can be said */
    LOCAL_HEADER = 0x04034b50,
    DIRECTORY_HEADER = 0x02014b50,
    DIRECTORY_END = 0x06054b50
};

struct archive {
    GByteArray *bytes;     /* local headers and data */
    GByteArray *directory; /* its records so far */
    guint n;
};

struct archive *
archive_new(void)
{
    struct archive *a = g_new0(struct archive, 1);

    a->bytes = g_byte_array_new();
    a->directory = g_byte_array_new();
    return a;
}

void
archive_free(struct archive *a)
{
    if (!a)
        return;
    g_byte_array_unref(a->bytes);
    g_byte_array_unref(a->directory);
    g_free(a);
}

static void
put16(GByteArray *out, guint n)
{
    guint8 bytes[2] = {(guint8)n, (guint8)(n >> 8)};

    g_byte_array_append(out, bytes, sizeof bytes);
}

static void
put32(GByteArray *out, guint32 n)
{
    put16(out, n & 0xFFFF);
    put16(out, n >> 16);
}

static GByteArray *
deflated(const void *data, size_t len)
{
    GByteArray *out = g_byte_array_new();
    z_stream z = {.next_in = (Bytef *)data, .avail_in = (uInt)len};
    int code = deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS,
                            8, Z_DEFAULT_STRATEGY);

    g_assert(code == Z_OK && len <= G_MAXINT32);
    g_byte_array_set_size(out, (guint)deflateBound(&z, len));
    z.next_out = out->data;
    z.avail_out = out->len;
    code = deflate(&z, Z_FINISH);
    g_assert(code == Z_STREAM_END); /* there was room for all of it */
    g_byte_array_set_size(out, (guint)z.total_out);
    deflateEnd(&z);
    return out;
}

/* What a local header and a record of the directory have in common. */
struct entry {
    const char *name;
    guint32 crc, packed, size;
};

static void
put_entry(GByteArray *out, const struct entry *e)
{
    put16(out, VERSION);
    put16(out, 0); /* flags */
    put16(out, DEFLATED);
    put16(out, 0); /* midnight */
    put16(out, FIRST_DAY);
    put32(out, e->crc);
    put32(out, e->packed);
    put32(out, e->size);
    put16(out, (guint)strlen(e->name));
    put16(out, 0); /* extra field */
}

static void
put_name(GByteArray *out, const struct entry *e)
{
    g_byte_array_append(out, (const guint8 *)e->name, (guint)strlen(e->name));
}

void
archive_add(struct archive *a, const char *name, const void *data, size_t len)
{
    g_autoptr(GByteArray) packed = deflated(data, len);
    struct entry e = {.name = name,
                      .crc = (guint32)crc32(0, data, (uInt)len),
                      .packed = packed->len,
                      .size = (guint32)len};
    guint32 at = a->bytes->len;

    put32(a->bytes, LOCAL_HEADER);
    put_entry(a->bytes, &e);
    put_name(a->bytes, &e);
    g_byte_array_append(a->bytes, packed->data, packed->len);

    put32(a->directory, DIRECTORY_HEADER);
    put16(a->directory, VERSION);
    put_entry(a->directory, &e);
    put16(a->directory, 0); /* comment */
    put16(a->directory, 0); /* disk */
    put16(a->directory, 0); /* attributes, inside and outside */
    put32(a->directory, 0);
    put32(a->directory, at);
    put_name(a->directory, &e);
    a->n++;
}

GBytes *
archive_finish(struct archive *a)
{
    GByteArray *out = g_steal_pointer(&a->bytes);
    guint32 at = out->len;

    g_byte_array_append(out, a->directory->data, a->directory->len);
    put32(out, DIRECTORY_END);
    put32(out, 0); /* this disk, and the directory's */
    put16(out, a->n);
    put16(out, a->n);
    put32(out, a->directory->len);
    put32(out, at);
    put16(out, 0); /* comment */
    a->bytes = g_byte_array_new();
    return g_byte_array_free_to_bytes(out);
}
