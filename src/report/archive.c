/* archive.c - see archive.h. */
#include "report/archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    VERSION = 20, /* deflate, folders */
    DEFLATED = 8,
    FLUSH_BYTES = 64,         /* more than a flush adds */
    FIRST_DAY = (1 << 5) | 1, /* 1980-01-01, the first that can be said */
    LOCAL_HEADER = 0x04034b50,
    DIRECTORY_HEADER = 0x02014b50,
    DIRECTORY_END = 0x06054b50
};

struct archive {
    FILE *out;
    gboolean in_memory; /* then `out` is ours, and fills this: */
    char *memory;
    size_t memory_len;
    GByteArray *directory; /* its records so far */
    guint64 at;            /* bytes written */
    guint n;
    int error; /* errno of the first failure, 0 when none */
};

struct archive *
archive_new(FILE *out)
{
    struct archive *a = g_new0(struct archive, 1);

    a->out = out;
    a->directory = g_byte_array_new();
    return a;
}

struct archive *
archive_in_memory(void)
{
    struct archive *a = archive_new(NULL);

    a->in_memory = TRUE;
    a->out = open_memstream(&a->memory, &a->memory_len);
    if (!a->out)
        g_error("no memory for an archive");
    return a;
}

void
archive_free(struct archive *a)
{
    if (!a)
        return;
    if (a->in_memory) {
        fclose(a->out);
        free(a->memory);
    }
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

GByteArray *
archive_deflate(const void *data, size_t len, gboolean last)
{
    GByteArray *out = g_byte_array_new();
    z_stream z = {.next_in = (Bytef *)data, .avail_in = (uInt)len};
    int code = deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS,
                            8, Z_DEFAULT_STRATEGY);

    g_assert(code == Z_OK && len <= G_MAXINT32);
    g_byte_array_set_size(out, (guint)deflateBound(&z, len) + FLUSH_BYTES);
    z.next_out = out->data;
    z.avail_out = out->len;
    code = deflate(&z, last ? Z_FINISH : Z_FULL_FLUSH);
    g_assert(code == (last ? Z_STREAM_END : Z_OK));
    g_assert(z.avail_out > 0); /* there was room for all of it */
    g_byte_array_set_size(out, (guint)z.total_out);
    deflateEnd(&z);
    return out;
}

/* ---- entries ---- */

/* What a local header and a record of the directory have in common. */
static void
put_entry(GByteArray *out, const struct archive_entry *e)
{
    put16(out, VERSION);
    put16(out, 0); /* flags */
    put16(out, DEFLATED);
    put16(out, 0); /* midnight */
    put16(out, FIRST_DAY);
    put32(out, e->crc);
    put32(out, (guint32)e->packed);
    put32(out, (guint32)e->size);
    put16(out, (guint)e->name_len);
    put16(out, 0); /* extra field */
}

static void
put_name(GByteArray *out, const struct archive_entry *e)
{
    g_byte_array_append(out, (const guint8 *)e->name, (guint)e->name_len);
}

static void
put_record(struct archive *a, const struct archive_entry *e)
{
    put32(a->directory, DIRECTORY_HEADER);
    put16(a->directory, VERSION);
    put_entry(a->directory, e);
    put16(a->directory, 0); /* comment */
    put16(a->directory, 0); /* disk */
    put16(a->directory, 0); /* attributes, inside and outside */
    put32(a->directory, 0);
    put32(a->directory, (guint32)a->at);
    put_name(a->directory, e);
    a->n++;
}

static void
failed(struct archive *a, int error)
{
    if (a->error == 0)
        a->error = error;
}

void
archive_begin(struct archive *a, const struct archive_entry *e)
{
    g_autoptr(GByteArray) header = g_byte_array_new();

    if (e->packed > G_MAXUINT32 || e->size > G_MAXUINT32)
        failed(a, EFBIG);
    put_record(a, e);
    put32(header, LOCAL_HEADER);
    put_entry(header, e);
    put_name(header, e);
    archive_put(a, header->data, header->len);
}

void
archive_put(struct archive *a, const void *bytes, size_t len)
{
    if (fwrite(bytes, 1, len, a->out) != len)
        failed(a, errno);
    a->at += len;
}

void
archive_add(struct archive *a, const char *name, const void *data, size_t len)
{
    g_autoptr(GByteArray) packed = archive_deflate(data, len, TRUE);
    const struct archive_entry e = {.name = name,
                                    .name_len = strlen(name),
                                    .crc = (guint32)crc32(0, data, (uInt)len),
                                    .packed = packed->len,
                                    .size = len};

    archive_begin(a, &e);
    archive_put(a, packed->data, packed->len);
}

int
archive_finish(struct archive *a)
{
    GByteArray *end = a->directory;
    guint bytes = end->len;

    if (a->at > G_MAXUINT32 || a->n > G_MAXUINT16)
        failed(a, EFBIG);
    put32(end, DIRECTORY_END);
    put32(end, 0); /* this disk, and the directory's */
    put16(end, a->n);
    put16(end, a->n);
    put32(end, bytes);
    put32(end, (guint32)a->at);
    put16(end, 0); /* comment */
    archive_put(a, end->data, end->len);
    if (fflush(a->out) != 0)
        failed(a, errno);
    return a->error;
}

GBytes *
archive_take(struct archive *a)
{
    int error = archive_finish(a);

    if (error != 0)
        g_error("an archive in memory: %s", g_strerror(error));
    return g_bytes_new(a->memory, a->memory_len);
}
