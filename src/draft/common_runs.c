/* common_runs.c - see common_runs.h. */
#include "draft/common_runs.h"

#include <string.h>

enum { TRIES_MOST = 16 }; /* places of `b` that begin alike */

/* Where in `b` runs begin: by hash, the places in a chain. */
struct places {
    const struct plain *b;
    guint32 *heads; /* place and one; 0: none */
    guint32 *next;
    guint32 mask;
};

static void
places_init(struct places *x, const struct plain *b)
{
    g_autofree guint64 *hashes = g_new(guint64, b->len + 1);
    guint n = plain_shingles(b, COMMON_LEAST, hashes);

    x->b = b;
    x->mask = 63;
    while (x->mask < n)
        x->mask = x->mask * 2 + 1;
    x->heads = g_new0(guint32, (gsize)x->mask + 1);
    x->next = g_new(guint32, n + 1);
    for (guint i = n; i > 0; i--) { /* so that chains begin in front */
        guint32 *head = &x->heads[hashes[i - 1] & x->mask];

        x->next[i - 1] = *head;
        *head = i;
    }
}

static void
places_clear(struct places *x)
{
    g_free(x->heads);
    g_free(x->next);
}

static guint32
common_length(const struct plain *a, guint32 at, const struct plain *b,
              guint32 there)
{
    guint32 n = 0;

    while (at + n < a->len && there + n < b->len &&
           a->text[at + n] == b->text[there + n])
        n++;
    return n;
}

/* The longest run that begins here; its length 0: none is long enough. */
static struct common_run
longest(const struct places *x, const struct plain *a, guint32 at, guint64 hash)
{
    struct common_run best = {.at = at};
    guint tries = 0;

    for (guint32 p = x->heads[hash & x->mask]; p && tries < TRIES_MOST;
         p = x->next[p - 1]) {
        guint32 len = common_length(a, at, x->b, p - 1);

        tries += len >= COMMON_LEAST;
        if (len >= COMMON_LEAST && len > best.len) {
            best.there = p - 1;
            best.len = len;
        }
    }
    return best;
}

GArray *
common_runs(const struct plain *a, const struct plain *b)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(struct common_run));
    g_autofree guint64 *hashes = g_new(guint64, a->len + 1);
    guint n = plain_shingles(a, COMMON_LEAST, hashes);
    struct places x;

    places_init(&x, b);
    for (guint32 i = 0; i < n;) {
        struct common_run p = longest(&x, a, i, hashes[i]);

        if (p.len > 0)
            g_array_append_val(found, p);
        i += p.len > 0 ? p.len : 1;
    }
    places_clear(&x);
    return found;
}
