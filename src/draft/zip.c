/* zip.c - see zip.h. */
#include "draft/zip.h"

#include "base/text.h"
#include "draft/bytes.h"
#include "message/charset.h"

#include <string.h>
#define ZLIB_CONST /* input is not written to */
#include <zlib.h>

enum {
    END_SIGNATURE = 0x06054b50,
    END_BYTES = 22,
    END_COMMENT_MAX = 65535,
    DIRECTORY_SIGNATURE = 0x02014b50,
    DIRECTORY_BYTES = 46,
    LOCAL_SIGNATURE = 0x04034b50,
    LOCAL_BYTES = 30,
    FLAG_ENCRYPTED = 1 << 0,
    FLAG_SIZES_FOLLOW = 1 << 3, /* the local header holds zeros */
    STORED = 0,
    DEFLATED = 8,
    CHUNK = 64 * 1024,
    RATIO_GRACE = 100 * 1024 /* below it any ratio will do */
};

struct zip {
    const guint8 *data;
    size_t len;
    const struct draft_limits *limits;
    size_t directory; /* where it begins: entries lie before it */
    GArray *entries;  /* of struct zip_entry, in the directory's order */
    size_t inflated;  /* of all entries so far, against total_bytes */
};

/* ---- the directory ---- */

/* The end record whose comment ends where the file ends; failing that, the
 * last one there is (mail gateways append bytes).  0 when there is none: a
 * record at 0 leaves no room for an entry anyway. */
static size_t
find_end(const guint8 *data, size_t len)
{
    size_t last = 0, floor;

    if (len < END_BYTES)
        return 0;
    floor = len > END_BYTES + END_COMMENT_MAX
                ? len - END_BYTES - END_COMMENT_MAX
                : 0;
    for (size_t at = len - END_BYTES + 1; at-- > floor;) {
        if (get32(data + at) != END_SIGNATURE)
            continue;
        if (at + END_BYTES + get16(data + at + 20) == len)
            return at;
        if (last == 0)
            last = at;
    }
    return last;
}

static gboolean
local_agrees(const struct zip *z, const struct zip_entry *e, unsigned flags)
{
    const guint8 *p = z->data + e->header;
    unsigned local_flags = get16(p + 6);

    if (get32(p) != LOCAL_SIGNATURE || get16(p + 8) != e->method ||
        get16(p + 26) != e->raw_len ||
        (local_flags & FLAG_ENCRYPTED) != (flags & FLAG_ENCRYPTED))
        return FALSE;
    if (memcmp(p + LOCAL_BYTES, e->raw_name, e->raw_len) != 0)
        return FALSE;
    if (local_flags & FLAG_SIZES_FOLLOW)
        return TRUE;
    return get32(p + 14) == e->crc && get32(p + 18) == e->packed &&
           get32(p + 22) == e->size;
}

/* One record of the directory at `at`; the next record's place, or 0. */
static size_t
read_record(struct zip *z, size_t at, size_t end)
{
    struct zip_entry e;
    const guint8 *p = z->data + at;
    size_t next;
    unsigned flags;

    if (!within(at, DIRECTORY_BYTES, end) || get32(p) != DIRECTORY_SIGNATURE)
        return 0;
    next = at + DIRECTORY_BYTES + get16(p + 28) + get16(p + 30) + get16(p + 32);
    if (next > end)
        return 0;
    flags = get16(p + 8);
    e.method = get16(p + 10);
    e.crc = get32(p + 16);
    e.packed = get32(p + 20);
    e.size = get32(p + 24);
    e.header = get32(p + 42);
    e.raw_name = (const char *)p + DIRECTORY_BYTES;
    e.raw_len = get16(p + 28);
    e.encrypted = (flags & FLAG_ENCRYPTED) != 0;
    if (!within(e.header, LOCAL_BYTES + e.raw_len, z->directory) ||
        !local_agrees(z, &e, flags))
        return 0;
    e.data =
        e.header + LOCAL_BYTES + e.raw_len + get16(z->data + e.header + 28);
    if (!within(e.data, e.packed, z->directory))
        return 0;
    g_array_append_val(z->entries, e);
    return next;
}

/* ---- names as they are compared ---- */

static char
fold_name_byte(char c)
{
    return c == '\\' ? '/' : g_ascii_tolower(c);
}

static int
compare_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t n = MIN(a_len, b_len);

    for (size_t i = 0; i < n; i++) {
        int d = fold_name_byte(a[i]) - fold_name_byte(b[i]);

        if (d != 0)
            return d;
    }
    return a_len < b_len ? -1 : a_len > b_len;
}

static int
by_name(const void *a, const void *b)
{
    const struct zip_entry *x = *(const struct zip_entry *const *)a;
    const struct zip_entry *y = *(const struct zip_entry *const *)b;

    return compare_names(x->raw_name, x->raw_len, y->raw_name, y->raw_len);
}

static int
by_place(const void *a, const void *b)
{
    const struct zip_entry *x = *(const struct zip_entry *const *)a;
    const struct zip_entry *y = *(const struct zip_entry *const *)b;

    return x->header < y->header ? -1 : x->header > y->header;
}

/* No two entries share a byte or a name. */
static gboolean
entries_are_apart(const struct zip *z)
{
    guint n = z->entries->len;
    g_autofree const struct zip_entry **order =
        g_new(const struct zip_entry *, n);

    if (n < 2)
        return TRUE;
    for (guint i = 0; i < n; i++)
        order[i] = zip_entry_at(z, i);
    qsort(order, n, sizeof *order, by_place);
    for (guint i = 1; i < n; i++)
        if (order[i - 1]->data + order[i - 1]->packed > order[i]->header)
            return FALSE;
    qsort(order, n, sizeof *order, by_name);
    for (guint i = 1; i < n; i++)
        if (by_name(&order[i - 1], &order[i]) == 0)
            return FALSE;
    return TRUE;
}

static enum file_state
read_directory(struct zip *z)
{
    size_t end = find_end(z->data, z->len), at, count;
    const guint8 *p = z->data + end;

    /* this disk, the directory's disk, entries here and in all */
    if (end == 0 || get16(p + 4) != 0 || get16(p + 6) != 0 ||
        get16(p + 8) != get16(p + 10))
        return FILE_UNREADABLE;
    count = get16(p + 10);
    at = get32(p + 16);
    if (!within(at, get32(p + 12), end))
        return FILE_UNREADABLE;
    if (count > z->limits->entries)
        return FILE_OVER_LIMIT;
    z->directory = at;
    end = at + get32(p + 12);
    for (size_t i = 0; i < count; i++)
        if ((at = read_record(z, at, end)) == 0)
            return FILE_UNREADABLE;
    return at == end && entries_are_apart(z) ? FILE_OK : FILE_UNREADABLE;
}

enum file_state
zip_open(const guint8 *data, size_t len, const struct draft_limits *limits,
         struct zip **out)
{
    struct zip *z = g_new0(struct zip, 1);
    enum file_state state;

    z->data = data;
    z->len = len;
    z->limits = limits;
    z->entries = g_array_new(FALSE, FALSE, sizeof(struct zip_entry));
    state = read_directory(z);
    if (state == FILE_OK)
        *out = z;
    else
        zip_close(z);
    return state;
}

void
zip_close(struct zip *z)
{
    if (!z)
        return;
    g_array_free(z->entries, TRUE);
    g_free(z);
}

size_t
zip_count(const struct zip *z)
{
    return z->entries->len;
}

const struct zip_entry *
zip_entry_at(const struct zip *z, size_t i)
{
    return &g_array_index(z->entries, struct zip_entry, i);
}

const struct zip_entry *
zip_find(const struct zip *z, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < zip_count(z); i++) {
        const struct zip_entry *e = zip_entry_at(z, i);

        if (compare_names(e->raw_name, e->raw_len, name, len) == 0)
            return e;
    }
    return NULL;
}

gboolean
zip_starts(const struct zip_entry *e, const char *prefix)
{
    size_t len = strlen(prefix);

    return e->raw_len >= len &&
           compare_names(e->raw_name, len, prefix, len) == 0;
}

gboolean
zip_ends(const struct zip_entry *e, const char *suffix)
{
    size_t len = strlen(suffix);

    return e->raw_len >= len &&
           compare_names(e->raw_name + e->raw_len - len, len, suffix, len) == 0;
}

/* ---- names as people read them ---- */

char *
zip_entry_name(const struct zip_entry *e)
{
    gboolean utf8 = g_utf8_validate(e->raw_name, (gssize)e->raw_len, NULL);
    g_autoptr(GString) text = g_string_new(NULL);

    charset_append(text, utf8 ? "utf-8" : "gb18030", e->raw_name, e->raw_len);
    return text_line(text->str);
}

char *
zip_names(const struct zip *z)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < zip_count(z); i++) {
        g_autofree char *name = zip_entry_name(zip_entry_at(z, i));

        g_string_append(out, name);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

/* ---- inflating ---- */

/* What has come out of one entry so far. */
struct flow {
    struct zip *z;
    const struct zip_entry *entry;
    zip_sink sink;
    void *user;
    size_t out;
    uLong crc;
};

static enum file_state
pass_on(struct flow *f, const guint8 *bytes, size_t n)
{
    const struct draft_limits *l = f->z->limits;

    f->out += n;
    f->z->inflated += n;
    if (f->out > l->entry_bytes || f->z->inflated > l->total_bytes)
        return FILE_OVER_LIMIT;
    if (f->out > RATIO_GRACE && f->out / l->ratio > f->entry->packed)
        return FILE_OVER_LIMIT;
    if (f->out > f->entry->size)
        return FILE_UNREADABLE;
    f->crc = crc32(f->crc, bytes, (uInt)n);
    return f->sink(bytes, n, f->user) ? FILE_OK : FILE_UNREADABLE;
}

static enum file_state
run_inflate(struct flow *f, z_stream *s)
{
    g_autofree guint8 *chunk = g_malloc(CHUNK);
    int status = Z_OK;

    s->next_in = f->z->data + f->entry->data;
    s->avail_in = (uInt)f->entry->packed;
    while (status == Z_OK) {
        enum file_state state;

        s->next_out = chunk;
        s->avail_out = CHUNK;
        status = inflate(s, Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END)
            return FILE_UNREADABLE;
        state = pass_on(f, chunk, CHUNK - s->avail_out);
        if (state != FILE_OK)
            return state;
    }
    return s->avail_in == 0 ? FILE_OK : FILE_UNREADABLE;
}

/* zlib's word for a refusal is that of damage: it ends the program. */
static voidpf
get_bytes(voidpf user, uInt n, uInt size)
{
    (void)user;
    return g_malloc_n(n, size);
}

static void
free_bytes(voidpf user, voidpf bytes)
{
    (void)user;
    g_free(bytes);
}

static enum file_state
pass_deflated(struct flow *f)
{
    z_stream s = {.zalloc = get_bytes, .zfree = free_bytes};
    enum file_state state;

    if (inflateInit2(&s, -MAX_WBITS) != Z_OK)
        return FILE_UNREADABLE;
    state = run_inflate(f, &s);
    inflateEnd(&s);
    return state;
}

static enum file_state
pass_stored(struct flow *f)
{
    const guint8 *p = f->z->data + f->entry->data;
    enum file_state state = FILE_OK;

    for (size_t at = 0; at < f->entry->packed && state == FILE_OK; at += CHUNK)
        state = pass_on(f, p + at, MIN(CHUNK, f->entry->packed - at));
    return state;
}

enum file_state
zip_inflate(struct zip *z, const struct zip_entry *e, zip_sink sink, void *user)
{
    struct flow f = {z, e, sink, user, 0, crc32(0, NULL, 0)};
    enum file_state state;

    if (e->encrypted)
        return FILE_ENCRYPTED;
    if (e->size > z->limits->entry_bytes)
        return FILE_OVER_LIMIT;
    if (e->method == STORED)
        state = pass_stored(&f);
    else if (e->method == DEFLATED)
        state = pass_deflated(&f);
    else
        return FILE_UNREADABLE;
    if (state == FILE_OK && (f.out != e->size || f.crc != e->crc))
        return FILE_UNREADABLE;
    return state;
}

static gboolean
append_bytes(const guint8 *bytes, size_t len, void *user)
{
    g_byte_array_append(user, bytes, (guint)len);
    return TRUE;
}

enum file_state
zip_read(struct zip *z, const struct zip_entry *e, GBytes **out)
{
    g_autoptr(GByteArray) whole = g_byte_array_new();
    enum file_state state = zip_inflate(z, e, append_bytes, whole);

    if (state == FILE_OK)
        *out = g_byte_array_free_to_bytes(g_steal_pointer(&whole));
    return state;
}
