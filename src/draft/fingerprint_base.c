/* fingerprint_base.c - see fingerprint_base.h. */
#include "draft/fingerprint_base.h"

#include "draft/fingerprint_index.h"

#include <string.h>

enum {
    BITS_LEAST = 16, /* what is left of a hash fits into 16 */
    BITS_MOST = 26,
    IN_BUCKET = 8,   /* entries, about */
    FEW_ENTRIES = 24 /* sorted in place */
};

/* 002: names those of a hash in up to 800 drafts, where it was 200. */
static const char MAGIC[8] = "BSFP 002";

/* ---- looking ---- */

static gsize
size_of(guint32 bits, guint32 drafts, guint64 entries)
{
    return sizeof(struct base_head) +
           (((gsize)1 << bits) + 1) * sizeof(guint32) +
           entries * (sizeof(guint32) + sizeof(guint16)) +
           drafts * (sizeof(guint32) + sizeof(guint16));
}

static void
lay_out(struct base *b, const struct base_head *h, guint64 entries)
{
    b->head = *h;
    b->ids = (const guint32 *)(h + 1);
    b->first = b->ids + h->drafts;
    b->which = b->first + ((gsize)1 << h->bits) + 1;
    b->sizes = (const guint16 *)(b->which + entries);
    b->rest = b->sizes + h->drafts;
}

gboolean
base_view(const void *data, gsize size, guint64 stamp, struct base *out)
{
    const struct base_head *h = data;

    if (size < sizeof *h || memcmp(h->magic, MAGIC, sizeof MAGIC) != 0 ||
        h->stamp != stamp || h->bits < BITS_LEAST || h->bits > BITS_MOST ||
        size != size_of(h->bits, h->drafts, h->entries))
        return FALSE;
    lay_out(out, h, h->entries);
    return TRUE;
}

static guint32
bucket_of(guint32 hash, guint32 bits)
{
    return hash >> (32 - bits);
}

static guint16
rest_of(guint32 hash, guint32 bits)
{
    return (guint16)(hash & ((1u << (32 - bits)) - 1));
}

/* The offsets come from a file: they are not believed. */
guint
base_find(const struct base *b, guint32 hash, guint32 *at)
{
    guint32 bucket, from, to, end;
    guint16 rest;

    if (b->head.drafts == 0)
        return 0;
    bucket = bucket_of(hash, b->head.bits);
    rest = rest_of(hash, b->head.bits);
    end = MIN(b->first[bucket + 1], b->head.entries);
    for (from = b->first[bucket]; from < end && b->rest[from] < rest; from++)
        continue;
    for (to = from; to < end && b->rest[to] == rest; to++)
        continue;
    *at = from;
    return to - from;
}

/* ---- making ---- */

struct base_maker {
    guint32 bits, drafts;
    guint64 entries;
    guint32 *counts; /* of buckets; gone when filling begins */
    struct base_head *head;
    guint32 *ids, *first, *which; /* bucket b is filled at first[b + 1] */
    guint16 *sizes, *rest;
    guint32 filled;  /* drafts */
    GArray *sorting; /* of guint64, for the buckets that are full */
};

struct base_maker *
base_maker_new(guint32 drafts, guint64 hashes)
{
    struct base_maker *m = g_new0(struct base_maker, 1);

    m->drafts = drafts;
    m->bits = BITS_LEAST;
    while (m->bits < BITS_MOST && (guint64)IN_BUCKET << m->bits < hashes)
        m->bits++;
    m->counts = g_new0(guint32, (gsize)1 << m->bits);
    m->sorting = g_array_new(FALSE, FALSE, sizeof(guint64));
    return m;
}

void
base_maker_free(struct base_maker *m)
{
    g_free(m->counts);
    g_array_unref(m->sorting);
    g_free(m);
}

void
base_maker_count(struct base_maker *m, const struct fingerprint *f)
{
    for (guint i = 0; i < f->n; i++)
        m->counts[bucket_of(f->hashes[i], m->bits)]++;
    m->entries += f->n;
}

gsize
base_maker_size(const struct base_maker *m)
{
    return size_of(m->bits, m->drafts, m->entries);
}

void
base_maker_begin(struct base_maker *m, void *data, guint64 stamp)
{
    guint32 buckets = 1u << m->bits, at = 0;
    struct base b;

    m->head = data;
    memcpy(m->head->magic, MAGIC, sizeof MAGIC);
    m->head->stamp = stamp;
    m->head->bits = m->bits;
    m->head->drafts = m->drafts;
    lay_out(&b, m->head, m->entries);
    m->ids = (guint32 *)b.ids;
    m->first = (guint32 *)b.first;
    m->which = (guint32 *)b.which;
    m->sizes = (guint16 *)b.sizes;
    m->rest = (guint16 *)b.rest;
    for (guint32 i = 0; i < buckets; i++) {
        m->first[i + 1] = at;
        at += m->counts[i];
    }
    g_clear_pointer(&m->counts, g_free);
}

void
base_maker_add(struct base_maker *m, guint32 id, const struct fingerprint *f)
{
    g_assert(m->filled < m->drafts);
    for (guint i = 0; i < f->n; i++) {
        guint32 hash = f->hashes[i];
        guint32 at = m->first[bucket_of(hash, m->bits) + 1]++;

        m->which[at] = m->filled;
        m->rest[at] = rest_of(hash, m->bits);
    }
    m->ids[m->filled] = id;
    m->sizes[m->filled++] = (guint16)f->n;
    m->head->last = f->whole;
}

/* ---- in order, and without stock phrases ---- */

static void
sort_few(guint16 *rest, guint32 *which, guint32 n)
{
    for (guint32 i = 1; i < n; i++) {
        guint16 r = rest[i];
        guint32 w = which[i], j = i;

        for (; j > 0 && rest[j - 1] > r; j--) {
            rest[j] = rest[j - 1];
            which[j] = which[j - 1];
        }
        rest[j] = r;
        which[j] = w;
    }
}

static int
compare_keys(const void *a, const void *b)
{
    guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;

    return (x > y) - (x < y);
}

static void
sort_many(GArray *keys, guint16 *rest, guint32 *which, guint32 n)
{
    guint64 *k;

    g_array_set_size(keys, n);
    k = (guint64 *)(void *)keys->data;
    for (guint32 i = 0; i < n; i++)
        k[i] = (guint64)rest[i] << 32 | which[i];
    qsort(k, n, sizeof *k, compare_keys);
    for (guint32 i = 0; i < n; i++) {
        rest[i] = (guint16)(k[i] >> 32);
        which[i] = (guint32)k[i];
    }
}

/* One bucket to where the last one ended; where this one ends. */
static guint32
settle(struct base_maker *m, guint32 from, guint32 to, guint32 at)
{
    guint32 run;

    if (to - from > FEW_ENTRIES)
        sort_many(m->sorting, m->rest + from, m->which + from, to - from);
    else
        sort_few(m->rest + from, m->which + from, to - from);
    for (guint32 i = from; i < to; i += run) {
        for (run = 1; i + run < to && m->rest[i + run] == m->rest[i]; run++)
            continue;
        if (run > FINGERPRINT_STOCK) {
            m->rest[at] = m->rest[i];
            m->which[at++] = BASE_STOCK;
            continue;
        }
        memmove(m->rest + at, m->rest + i, run * sizeof *m->rest);
        memmove(m->which + at, m->which + i, run * sizeof *m->which);
        at += run;
    }
    return at;
}

/* What stands behind the entries moves down to them. */
static void
close_up(struct base_maker *m, guint32 entries)
{
    guint16 *sizes = (guint16 *)(m->which + entries);

    memmove(sizes, m->sizes, m->drafts * sizeof *sizes);
    memmove(sizes + m->drafts, m->rest, entries * sizeof *m->rest);
}

gsize
base_maker_end(struct base_maker *m)
{
    guint32 buckets = 1u << m->bits, from = 0, at = 0;

    for (guint32 i = 0; i < buckets; i++) {
        guint32 to = m->first[i + 1];

        m->first[i] = at;
        at = settle(m, from, to, at);
        from = to;
    }
    m->first[buckets] = at;
    m->head->entries = at;
    close_up(m, at);
    return size_of(m->bits, m->drafts, at);
}
