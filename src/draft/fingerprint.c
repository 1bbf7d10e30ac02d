/* fingerprint.c - see fingerprint.h. */
#include "draft/fingerprint.h"

#include "draft/radix.h"

#include <string.h>

enum { KEPT_BITS = 3 }; /* one of 8 */

gboolean
fingerprint_keeps(guint64 shingle, guint32 *out)
{
    *out = (guint32)(shingle >> (32 - KEPT_BITS));
    return shingle >> (64 - KEPT_BITS) == 0;
}

/* Hash and place, in the order of the text. */
static GArray *
kept_hashes(const struct plain *p)
{
    GArray *kept = g_array_sized_new(FALSE, FALSE, sizeof(struct keyed),
                                     p->len / (1 << KEPT_BITS) + 16);
    g_autofree guint64 *all = g_new(guint64, p->len);
    guint n = plain_shingles(p, FINGERPRINT_SHINGLE, all);

    for (guint32 i = 0; i < n; i++) {
        struct keyed one = {.value = i};

        if (fingerprint_keeps(all[i], &one.key))
            g_array_append_val(kept, one);
    }
    return kept;
}

/* In order, each once and where it stands first, and not too many. */
static void
settle(struct fingerprint *f, GArray *kept)
{
    struct keyed *all = (void *)kept->data;

    radix_sort(all, kept->len);
    f->hashes = g_new(guint32, kept->len + 1);
    f->at = g_new(guint32, kept->len + 1);
    for (guint i = 0; i < kept->len && f->n < FINGERPRINT_MOST; i++) {
        if (i > 0 && all[i].key == all[i - 1].key)
            continue;
        f->hashes[f->n] = all[i].key;
        f->at[f->n++] = all[i].value;
    }
}

void
fingerprint_of(const struct plain *p, struct fingerprint *out)
{
    g_autoptr(GArray) kept = NULL;

    memset(out, 0, sizeof *out);
    out->whole = plain_hash(p);
    if (p->len < FINGERPRINT_LEAST)
        return;
    kept = kept_hashes(p);
    settle(out, kept);
}

void
fingerprint_clear(struct fingerprint *f)
{
    g_clear_pointer(&f->hashes, g_free);
    g_clear_pointer(&f->at, g_free);
    f->n = 0;
}

guint32
fingerprint_reach(const struct fingerprint *f)
{
    return f->n < FINGERPRINT_MOST ? G_MAXUINT32 : f->hashes[f->n - 1];
}

/* ---- kept in the register ---- */

GBytes *
fingerprint_pack(const struct fingerprint *f)
{
    guint32 *le = g_new(guint32, f->n + 1);

    for (guint i = 0; i < f->n; i++)
        le[i] = GUINT32_TO_LE(f->hashes[i]);
    return g_bytes_new_take(le, f->n * sizeof *le);
}

static gboolean
is_ascending(const guint32 *hashes, guint n)
{
    for (guint i = 1; i < n; i++)
        if (hashes[i - 1] >= hashes[i])
            return FALSE;
    return TRUE;
}

gboolean
fingerprint_unpack(const void *data, gsize size, guint64 whole,
                   struct fingerprint *out)
{
    guint n = (guint)(size / sizeof(guint32));
    g_autofree guint32 *hashes = NULL;

    if (size % sizeof *hashes != 0 || n > FINGERPRINT_MOST)
        return FALSE;
    hashes = g_new(guint32, n + 1);
    if (n > 0)
        memcpy(hashes, data, size);
    for (guint i = 0; i < n; i++)
        hashes[i] = GUINT32_FROM_LE(hashes[i]);
    if (!is_ascending(hashes, n))
        return FALSE;
    out->whole = whole;
    out->n = n;
    out->at = NULL;
    out->hashes = g_steal_pointer(&hashes);
    return TRUE;
}
