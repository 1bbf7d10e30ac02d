/* make_zip.h - ZIP archives for tests, honest unless told to lie. */
#ifndef TESTS_MAKE_ZIP_H
#define TESTS_MAKE_ZIP_H

#include <glib.h>
#include <string.h>
#include <zlib.h>

struct make_zip {
    GByteArray *bytes;     /* local headers and data so far */
    GByteArray *directory; /* its records so far */
    guint16 count;
};

static inline void
put16(GByteArray *a, unsigned v)
{
    guint8 b[2] = {(guint8)v, (guint8)(v >> 8)};

    g_byte_array_append(a, b, 2);
}

static inline void
put32(GByteArray *a, guint32 v)
{
    put16(a, v & 0xFFFF);
    put16(a, v >> 16);
}

static inline void
make_zip_init(struct make_zip *z)
{
    z->bytes = g_byte_array_new();
    z->directory = g_byte_array_new();
    z->count = 0;
}

/* What both headers say, from the flags to the name's length. */
static inline void
make_zip_fields(GByteArray *a, unsigned flags, unsigned method, guint32 crc,
                guint32 packed, guint32 size, size_t name_len)
{
    put16(a, flags);
    put16(a, method);
    put32(a, 0); /* time and date */
    put32(a, crc);
    put32(a, packed);
    put32(a, size);
    put16(a, (unsigned)name_len);
    put16(a, 0); /* extra */
}

static inline void
make_zip_record(struct make_zip *z, const char *name, unsigned flags,
                unsigned method, guint32 crc, guint32 packed, guint32 size,
                guint32 header)
{
    put32(z->directory, 0x02014b50);
    put16(z->directory, 20);
    put16(z->directory, 20);
    make_zip_fields(z->directory, flags, method, crc, packed, size,
                    strlen(name));
    put16(z->directory, 0); /* comment */
    put16(z->directory, 0); /* disk */
    put16(z->directory, 0); /* attributes */
    put32(z->directory, 0);
    put32(z->directory, header);
    g_byte_array_append(z->directory, (const guint8 *)name,
                        (guint)strlen(name));
    z->count++;
}

static inline GByteArray *
make_zip_deflate(const void *data, size_t len)
{
    GByteArray *out = g_byte_array_new();
    z_stream s = {0};

    deflateInit2(&s, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    g_byte_array_set_size(out, (guint)deflateBound(&s, len));
    s.next_in = (Bytef *)(gintptr)data;
    s.avail_in = (uInt)len;
    s.next_out = out->data;
    s.avail_out = out->len;
    g_assert_cmpint(deflate(&s, Z_FINISH), ==, Z_STREAM_END);
    g_byte_array_set_size(out, (guint)s.total_out);
    deflateEnd(&s);
    return out;
}

/* One deflated entry. */
static inline void
make_zip_add_flags(struct make_zip *z, const char *name, const void *data,
                   size_t len, unsigned flags)
{
    GByteArray *packed = make_zip_deflate(data, len);
    guint32 crc = (guint32)crc32(0, data, (uInt)len);
    guint32 at = z->bytes->len;

    put32(z->bytes, 0x04034b50);
    put16(z->bytes, 20);
    make_zip_fields(z->bytes, flags, 8, crc, packed->len, (guint32)len,
                    strlen(name));
    g_byte_array_append(z->bytes, (const guint8 *)name, (guint)strlen(name));
    g_byte_array_append(z->bytes, packed->data, packed->len);
    make_zip_record(z, name, flags, 8, crc, packed->len, (guint32)len, at);
    g_byte_array_free(packed, TRUE);
}

static inline void
make_zip_add(struct make_zip *z, const char *name, const char *text)
{
    make_zip_add_flags(z, name, text, strlen(text), 0);
}

/* Directory and end record; the caller frees the array. */
static inline GByteArray *
make_zip_end(struct make_zip *z)
{
    guint32 at = z->bytes->len;
    GByteArray *out = z->bytes;

    g_byte_array_append(out, z->directory->data, z->directory->len);
    put32(out, 0x06054b50);
    put32(out, 0); /* disks */
    put16(out, z->count);
    put16(out, z->count);
    put32(out, z->directory->len);
    put32(out, at);
    put16(out, 0);
    g_byte_array_free(z->directory, TRUE);
    return out;
}

#endif
