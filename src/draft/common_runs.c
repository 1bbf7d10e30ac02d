/* common_runs.c - see common_runs.h. */
#include "draft/common_runs.h"

#include <string.h>

enum {
    TRIES_MOST = 16, /* places of `b` that begin alike */
    HEADS = 8,       /* for each place: most keys of `a` find none */
    SIEVE_BITS = 16  /* for each key: one of so many unrelated ones passes */
};

void
common_seeds_of(const struct plain *text, struct common_seeds *out)
{
    out->text = text;
    out->keys = g_new(guint32, text->len + 1);
    out->n = plain_keys(text, COMMON_LEAST, out->keys);
    out->mask = 63;
    while (out->mask < out->n * SIEVE_BITS)
        out->mask = out->mask * 2 + 1;
    out->sieve = g_new0(guint8, out->mask / 8 + 1);
    for (guint i = 0; i < out->n; i++)
        out->sieve[(out->keys[i] & out->mask) / 8] |=
            (guint8)(1u << out->keys[i] % 8);
}

void
common_seeds_clear(struct common_seeds *s)
{
    g_clear_pointer(&s->keys, g_free);
    g_clear_pointer(&s->sieve, g_free);
}

/* Always for a key that is there, seldom for another. */
static gboolean
may_have(const struct common_seeds *s, guint32 key)
{
    return s->sieve[(key & s->mask) / 8] >> key % 8 & 1;
}

/* Where in `b` runs may begin: by key, the places in a chain. */
struct places {
    const struct plain *b;
    guint32 *at;    /* of each place */
    guint32 *heads; /* index into at, and one; 0: none */
    guint32 *next;
    guint32 mask;
    guint n;
};

/* Of `b` only what `a` may have: of unrelated texts next to nothing. */
static guint
sift(const struct common_seeds *a, guint32 *keys, guint n, guint32 *at)
{
    guint kept = 0;

    for (guint32 i = 0; i < n; i++)
        if (may_have(a, keys[i])) {
            keys[kept] = keys[i];
            at[kept++] = i;
        }
    return kept;
}

static void
places_init(struct places *x, const struct plain *b,
            const struct common_seeds *a)
{
    g_autofree guint32 *keys = g_new(guint32, b->len + 1);
    guint n = plain_keys(b, COMMON_LEAST, keys);

    x->b = b;
    x->at = g_new(guint32, n + 1);
    x->n = n = sift(a, keys, n, x->at);
    x->mask = 63;
    while (x->mask < n * HEADS)
        x->mask = x->mask * 2 + 1;
    x->heads = g_new0(guint32, (gsize)x->mask + 1);
    x->next = g_new(guint32, n + 1);
    for (guint i = n; i > 0; i--) { /* so that chains begin in front */
        guint32 *head = &x->heads[keys[i - 1] & x->mask];

        x->next[i - 1] = *head;
        *head = i;
    }
}

static void
places_clear(struct places *x)
{
    g_free(x->at);
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
longest(const struct places *x, const struct plain *a, guint32 at, guint32 key)
{
    struct common_run best = {.at = at};
    guint tries = 0;

    for (guint32 p = x->heads[key & x->mask]; p && tries < TRIES_MOST;
         p = x->next[p - 1]) {
        guint32 there = x->at[p - 1];
        guint32 len = common_length(a, at, x->b, there);

        tries += len >= COMMON_LEAST;
        if (len >= COMMON_LEAST && len > best.len) {
            best.there = there;
            best.len = len;
        }
    }
    return best;
}

GArray *
common_runs(const struct common_seeds *a, const struct plain *b)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(struct common_run));
    struct places x;

    places_init(&x, b, a);
    for (guint32 i = 0; x.n > 0 && i < a->n;) {
        struct common_run p = {0};

        if (x.heads[a->keys[i] & x.mask]) /* seldom */
            p = longest(&x, a->text, i, a->keys[i]);
        if (p.len > 0)
            g_array_append_val(found, p);
        i += p.len > 0 ? p.len : 1;
    }
    places_clear(&x);
    return found;
}
