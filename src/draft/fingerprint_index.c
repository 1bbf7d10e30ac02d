/* fingerprint_index.c - see fingerprint_index.h. */
#include "draft/fingerprint_index.h"

#include "draft/fingerprint_base.h"
#include "draft/fingerprint_tail.h"
#include "draft/radix.h"

#include <math.h>
#include <string.h>

enum {
    STOCK_LEAST = 24,     /* drafts, however few there are */
    STOCK_PART = 100,     /* of the drafts: a hundredth */
    WEIGHT = 1000,        /* of what no other draft has */
    RARE_ENOUGH = 40,     /* weight of what counts in full */
    STOCK_RARITY = 250,   /* a run that means less is a stock phrase */
    RARE_PART = 6,        /* of a run: then all of it counts */
    POSTINGS_MOST = 8192, /* looked at for one draft, about */
    FOUND_SLOTS = 32768,  /* a power of 2, over twice POSTINGS_MOST + STOCK */
    UNSEEN = 7,           /* a common run goes on, on the average, so far
                             beyond its first and last kept hash */
    SHARED_BY_ANY = 12    /* characters that any two texts have */
};

struct found { /* a draft that shares something */
    guint32 draft;
    guint32 score; /* 0: an empty slot */
    guint32 rank;  /* among the best, and one; 0: none of them */
};

struct fingerprint_index {
    struct base base;
    struct tail tail;
    guint stock;                           /* for which weight[] was made */
    guint16 weight[FINGERPRINT_STOCK + 1]; /* by the number of drafts */
    struct found found[FOUND_SLOTS];
    guint16 touched[FOUND_SLOTS / 2]; /* slots of found */
    guint8 hits[ALIKE_MOST][FINGERPRINT_MOST / 8];
};

struct fingerprint_index *
fingerprint_index_new(void)
{
    struct fingerprint_index *ix = g_new0(struct fingerprint_index, 1);

    tail_init(&ix->tail);
    return ix;
}

void
fingerprint_index_free(struct fingerprint_index *ix)
{
    if (!ix)
        return;
    tail_clear(&ix->tail);
    g_free(ix);
}

gboolean
fingerprint_index_base(struct fingerprint_index *ix, const void *data,
                       gsize size, guint64 stamp)
{
    g_assert(ix->tail.drafts->len == 0);
    return base_view(data, size, stamp, &ix->base);
}

/* ---- drafts ---- */

static guint32
in_base(const struct fingerprint_index *ix)
{
    return ix->base.head.drafts;
}

static const struct tail_draft *
tail_draft(const struct fingerprint_index *ix, guint32 n)
{
    return &g_array_index(ix->tail.drafts, struct tail_draft, n);
}

/* A place that comes out of the base is not believed. */
static guint32
id_of(const struct fingerprint_index *ix, guint32 draft)
{
    guint32 base = in_base(ix);

    return draft < base ? ix->base.ids[draft]
                        : tail_draft(ix, draft - base)->id;
}

static guint32
size_of(const struct fingerprint_index *ix, guint32 draft)
{
    guint32 base = in_base(ix);

    return draft < base ? ix->base.sizes[draft]
                        : tail_draft(ix, draft - base)->hashes;
}

void
fingerprint_index_add(struct fingerprint_index *ix, guint32 id,
                      const struct fingerprint *f)
{
    tail_add(&ix->tail, id, f);
}

gboolean
fingerprint_index_drop_last(struct fingerprint_index *ix)
{
    if (ix->tail.drafts->len == 0)
        return FALSE;
    tail_drop_last(&ix->tail);
    return TRUE;
}

gboolean
fingerprint_index_last(const struct fingerprint_index *ix, guint32 *id_out,
                       guint64 *whole_out)
{
    guint32 tail = ix->tail.drafts->len, base = in_base(ix);

    if (tail + base == 0)
        return FALSE;
    *id_out = id_of(ix, base + tail - 1);
    *whole_out =
        tail > 0 ? tail_draft(ix, tail - 1)->whole : ix->base.head.last;
    return TRUE;
}

guint
fingerprint_index_tail(const struct fingerprint_index *ix)
{
    return ix->tail.drafts->len;
}

guint
fingerprint_index_drafts(const struct fingerprint_index *ix)
{
    return in_base(ix) + ix->tail.drafts->len;
}

/* ---- what a hash means ---- */

/* The logarithm, so that twice as common is a step less, and nothing at the
 * end of the steps. */
static void
make_weights(struct fingerprint_index *ix)
{
    guint stock = CLAMP(fingerprint_index_drafts(ix) / STOCK_PART,
                        (guint)STOCK_LEAST, (guint)FINGERPRINT_STOCK);

    if (stock == ix->stock)
        return;
    ix->stock = stock;
    memset(ix->weight, 0, sizeof ix->weight);
    ix->weight[0] = WEIGHT;
    for (guint n = 1; n <= stock; n++)
        ix->weight[n] =
            (guint16)(WEIGHT - WEIGHT * log(n) / log((double)stock + 1));
}

struct where { /* a hash stands */
    const struct tail_slot *slot;
    guint32 at, in_base;
    guint32 drafts;   /* over FINGERPRINT_STOCK: said as one more than that */
    gboolean unasked; /* there was no room to ask who they are */
};

static struct where
look_up(const struct fingerprint_index *ix, guint32 hash)
{
    struct where w = {.slot = tail_find(&ix->tail, hash)};

    w.in_base = base_find(&ix->base, hash, &w.at);
    w.drafts = w.in_base + (w.slot ? w.slot->used_count - 1 : 0);
    if (w.drafts > FINGERPRINT_STOCK ||
        (w.in_base == 1 && ix->base.which[w.at] == BASE_STOCK))
        w.drafts = FINGERPRINT_STOCK + 1;
    return w;
}

static guint16
weight_of(const struct fingerprint_index *ix, const struct where *w)
{
    return w->drafts > FINGERPRINT_STOCK ? 0 : ix->weight[w->drafts];
}

void
fingerprint_index_weigh(struct fingerprint_index *ix,
                        const struct fingerprint *f, guint16 *weights)
{
    make_weights(ix);
    for (guint i = 0; i < f->n; i++) {
        struct where w = look_up(ix, f->hashes[i]);

        weights[i] = weight_of(ix, &w);
    }
}

guint
fingerprint_share(const struct fingerprint *a, const guint16 *weights,
                  const struct fingerprint *b)
{
    guint32 reach = fingerprint_reach(b);
    guint64 all = 0, shared = 0;
    guint j = 0;

    for (guint i = 0; i < a->n && a->hashes[i] <= reach; i++) {
        while (j < b->n && b->hashes[j] < a->hashes[i])
            j++;
        all += weights[i];
        if (j < b->n && b->hashes[j] == a->hashes[i])
            shared += weights[i];
    }
    return all ? (guint)(shared * 1000 / all) : 0;
}

guint
fingerprint_rarity(guint weight)
{
    return MIN(weight, RARE_ENOUGH) * 1000 / RARE_ENOUGH;
}

guint
fingerprint_run_rarity(guint sum, guint n, guint mean)
{
    guint rarity = (2 * sum + mean) * RARE_PART / (2 * n + 1);

    return rarity < STOCK_RARITY ? 0 : MIN(rarity, 1000);
}

/* ---- who has them ---- */

struct finding {
    struct fingerprint_index *ix;
    const struct fingerprint *f;
    const guint16 *weights;
    struct where *where;
    guint32 *order;  /* places in f of what somebody has, the rarest first */
    guint known;     /* of them */
    guint looked_at; /* of them */
    guint touched;
    guint64 all;  /* sum of the weights */
    guint rarity; /* sum of the rarities */
};

static struct found *
slot_of(struct fingerprint_index *ix, guint32 draft)
{
    guint32 i = draft * 2654435761u & (FOUND_SLOTS - 1);

    while (ix->found[i].score && ix->found[i].draft != draft)
        i = (i + 1) & (FOUND_SLOTS - 1);
    return &ix->found[i];
}

static void
credit(struct finding *g, guint32 draft, guint hash)
{
    struct found *s = slot_of(g->ix, draft);

    if (s->score == 0) {
        if (draft >= fingerprint_index_drafts(g->ix))
            return;
        s->draft = draft;
        s->rank = 0;
        g->ix->touched[g->touched++] = (guint16)(s - g->ix->found);
    }
    s->score += g->weights[hash];
}

static void
note_hit(struct finding *g, guint32 draft, guint hash)
{
    const struct found *s = slot_of(g->ix, draft);

    if (s->rank)
        g->ix->hits[s->rank - 1][hash / 8] |= (guint8)(1u << hash % 8);
}

typedef void (*each_draft)(struct finding *g, guint32 draft, guint hash);

static void
for_drafts(struct finding *g, guint hash, each_draft do_it)
{
    const struct fingerprint_index *ix = g->ix;
    const struct where *w = &g->where[hash];
    guint32 base = in_base(ix);

    for (guint32 k = 0; k < w->in_base; k++)
        do_it(g, ix->base.which[w->at + k], hash);
    for (guint32 p = w->slot ? w->slot->head : 0; p;) {
        const struct tail_posting *t =
            &g_array_index(ix->tail.postings, struct tail_posting, p - 1);

        do_it(g, base + t->draft, hash);
        p = t->next;
    }
}

static void
put_in_order(struct finding *g)
{
    guint32 begins[FINGERPRINT_STOCK + 2] = {0};
    guint n = g->f->n;

    for (guint i = 0; i < n; i++)
        if (g->weights[i] > 0 && g->where[i].drafts > 0) {
            begins[g->where[i].drafts + 1]++;
            g->known++;
        }
    for (guint d = 1; d < G_N_ELEMENTS(begins); d++)
        begins[d] += begins[d - 1];
    for (guint i = 0; i < n; i++)
        if (g->weights[i] > 0 && g->where[i].drafts > 0)
            g->order[begins[g->where[i].drafts]++] = i;
}

static void
credit_all(struct finding *g)
{
    guint32 postings = 0;

    while (g->looked_at < g->known && postings < POSTINGS_MOST) {
        guint hash = g->order[g->looked_at++];

        for_drafts(g, hash, credit);
        postings += g->where[hash].drafts;
    }
    for (guint k = g->looked_at; k < g->known; k++)
        g->where[g->order[k]].unasked = TRUE;
}

/* ---- the best of them ---- */

/* Better: the higher score, of equal ones the earlier draft. */
static void
keep_best(struct found **best, guint *n, struct found *s)
{
    guint at = *n;

    while (at > 0 && (best[at - 1]->score < s->score ||
                      (best[at - 1]->score == s->score &&
                       best[at - 1]->draft > s->draft)))
        at--;
    if (at == ALIKE_MOST)
        return;
    if (*n < ALIKE_MOST)
        ++*n;
    memmove(best + at + 1, best + at, (*n - at - 1) * sizeof *best);
    best[at] = s;
}

static guint
take_best(struct finding *g, struct found **best)
{
    guint n = 0;

    for (guint i = 0; i < g->touched; i++)
        keep_best(best, &n, &g->ix->found[g->ix->touched[i]]);
    for (guint i = 0; i < n; i++) {
        best[i]->rank = i + 1;
        memset(g->ix->hits[i], 0, g->f->n / 8 + 1);
    }
    for (guint k = 0; n > 0 && k < g->looked_at; k++)
        for_drafts(g, g->order[k], note_hit);
    return n;
}

/* ---- how likely a candidate is ---- */

struct run { /* hits that follow each other in the text */
    guint32 from, to;
    guint n, sum;
};

/* Characters beyond what any two texts share, by their rarity. */
static guint
run_counts(const struct run *r, guint mean)
{
    guint32 len = r->to - r->from + FINGERPRINT_SHINGLE + UNSEEN;

    if (r->n == 0 || len <= SHARED_BY_ANY)
        return 0;
    return (len - SHARED_BY_ANY) * fingerprint_run_rarity(r->sum, r->n, mean);
}

static guint
stretches(const struct finding *g, const struct keyed *order,
          const guint8 *hits)
{
    guint mean = g->f->n ? g->rarity / g->f->n : 0, counts = 0;
    struct run r = {0};

    for (guint k = 0; k < g->f->n; k++) {
        guint i = order[k].value;

        if (g->weights[i] == 0 || g->where[i].unasked)
            continue; /* says neither yes nor no */
        if (!(hits[i / 8] >> i % 8 & 1)) {
            counts += run_counts(&r, mean);
            r.n = r.sum = 0;
            continue;
        }
        r.from = r.n == 0 ? g->f->at[i] : r.from;
        r.to = g->f->at[i];
        r.sum += fingerprint_rarity(g->weights[i]);
        r.n++;
    }
    return counts + run_counts(&r, mean);
}

/* Both texts are taken to be as long as their hashes are many, and the
 * hashes of the other to mean as much as our own. */
static guint32
likely(const struct finding *g, const struct found *s, guint counts)
{
    guint64 n = g->f->n, size = MAX(size_of(g->ix, s->draft), 1);
    guint64 fewer = MAX(MIN(n, size), 1);
    guint64 share = (guint64)s->score * 1000 * n / (g->all * fewer + 1);

    return (guint32)(counts / (fewer * 8) + MIN(share, 1000) / 2);
}

static void
judge(struct finding *g, struct found **best, guint n, struct alike *out)
{
    g_autofree struct keyed *order = g_new(struct keyed, g->f->n + 1);

    for (guint32 i = 0; i < g->f->n; i++)
        order[i] = (struct keyed){g->f->at[i], i};
    radix_sort(order, g->f->n);
    for (guint i = 0; i < n; i++) {
        guint counts = stretches(g, order, g->ix->hits[i]);

        out[i] = (struct alike){.id = id_of(g->ix, best[i]->draft),
                                .score = best[i]->score,
                                .likely = likely(g, best[i], counts)};
    }
}

static void
weigh_all(struct finding *g, guint16 *weights)
{
    make_weights(g->ix);
    for (guint i = 0; i < g->f->n; i++) {
        g->where[i] = look_up(g->ix, g->f->hashes[i]);
        weights[i] = weight_of(g->ix, &g->where[i]);
        g->all += weights[i];
        g->rarity += fingerprint_rarity(weights[i]);
    }
}

guint
fingerprint_index_find(struct fingerprint_index *ix,
                       const struct fingerprint *f, guint16 *weights,
                       struct alike *out)
{
    g_autofree struct where *where = g_new(struct where, f->n + 1);
    g_autofree guint32 *order = g_new(guint32, f->n + 1);
    struct finding g = {
        .ix = ix, .f = f, .weights = weights, .where = where, .order = order};
    struct found *best[ALIKE_MOST];
    guint n;

    weigh_all(&g, weights);
    put_in_order(&g);
    credit_all(&g);
    n = take_best(&g, best);
    if (n > 0)
        judge(&g, best, n, out);
    for (guint i = 0; i < g.touched; i++)
        ix->found[ix->touched[i]].score = 0;
    return n;
}
