/* likeness.c - see likeness.h. */
#include "draft/likeness.h"

#include <string.h>

enum {
    GAP_MOST = 12,     /* characters changed inside a passage */
    GAP_SHIFT = 4,     /* and put in or left out */
    PASSAGE_LEAST = 20 /* plain characters of one that is worth showing */
};

/* ---- what a run means ---- */

/* Sums of the rarities of the kept hashes up to each place of the text. */
struct sums {
    guint32 *rarity, *n; /* of the hashes that stand before a place */
    guint mean;
};

static void
sums_init(struct sums *s, const struct compared *a)
{
    guint len = a->plain->len;
    guint32 all = 0;

    s->rarity = g_new0(guint32, len + 2);
    s->n = g_new0(guint32, len + 2);
    for (guint i = 0; i < a->print->n; i++) {
        guint rarity = fingerprint_rarity(a->weights[i]);

        s->rarity[a->print->at[i] + 1] = rarity;
        s->n[a->print->at[i] + 1] = 1;
        all += rarity;
    }
    for (guint i = 1; i <= len; i++) {
        s->rarity[i] += s->rarity[i - 1];
        s->n[i] += s->n[i - 1];
    }
    s->mean = a->print->n ? all / a->print->n : 0;
}

static void
sums_clear(struct sums *s)
{
    g_free(s->rarity);
    g_free(s->n);
}

static guint
run_rarity(const struct sums *s, const struct common_run *r)
{
    guint32 end = r->at + r->len - FINGERPRINT_SHINGLE + 1;

    return fingerprint_run_rarity(s->rarity[end] - s->rarity[r->at],
                                  s->n[end] - s->n[r->at], s->mean);
}

/* Characters beyond what any two texts share, in thousandths. */
static guint64
stretches(const struct sums *s, const GArray *runs)
{
    guint64 counts = 0;

    for (guint i = 0; i < runs->len; i++) {
        const struct common_run *r = &g_array_index(runs, struct common_run, i);

        counts += (guint64)(r->len - (COMMON_LEAST - 1)) * run_rarity(s, r);
    }
    return counts;
}

static guint
share(const struct compared *a, const struct compared *b)
{
    guint here = fingerprint_share(a->print, a->weights, b->print);
    guint there = fingerprint_share(b->print, b->weights, a->print);

    return MAX(here, there);
}

/* ---- passages ---- */

struct joined { /* a passage, in plain characters */
    guint32 at, end;
    guint32 there, there_end;
};

/* A few characters changed in the middle leave it one passage. */
static gboolean
joins(const struct joined *j, const struct common_run *r)
{
    gint64 here = (gint64)r->at - j->end;
    gint64 there = (gint64)r->there - j->there_end;

    return here <= GAP_MOST && there >= 0 && there <= GAP_MOST + GAP_SHIFT &&
           ABS(there - here) <= GAP_SHIFT;
}

/* From the first character of the passage to its last, in the text. */
static void
in_text(const struct plain *p, guint32 from, guint32 end, guint32 *at_out,
        guint32 *len_out)
{
    *at_out = p->from[from];
    *len_out = p->from[end - 1] + 1 - p->from[from];
}

static void
keep(GArray *passages, const struct joined *j, const struct plain *a,
     const struct plain *b)
{
    struct passage p;

    if (j->end - j->at < PASSAGE_LEAST)
        return;
    in_text(a, j->at, j->end, &p.at, &p.len);
    in_text(b, j->there, j->there_end, &p.there, &p.there_len);
    g_array_append_val(passages, p);
}

struct shares { /* plain characters in passages */
    guint64 here, there;
};

static void
count(struct shares *s, const struct joined *j)
{
    s->here += j->end - j->at;
    s->there += j->there_end - j->there;
}

/* Runs become passages; those that are worth showing are kept. */
static struct shares
join_runs(const struct sums *sums, const GArray *runs, const struct plain *a,
          const struct plain *b, GArray *passages)
{
    struct shares s = {0, 0};
    struct joined j = {0, 0, 0, 0};

    for (guint i = 0; i < runs->len; i++) {
        const struct common_run *r = &g_array_index(runs, struct common_run, i);

        if (run_rarity(sums, r) == 0)
            continue;
        if (j.end == 0 || !joins(&j, r)) {
            count(&s, &j);
            keep(passages, &j, a, b);
            j.at = r->at;
            j.there = r->there;
        }
        j.end = r->at + r->len;
        j.there_end = r->there + r->len;
    }
    count(&s, &j);
    keep(passages, &j, a, b);
    return s;
}

static guint
thousandths(guint64 part, guint whole)
{
    return whole ? (guint)MIN(part * 1000 / whole, 1000) : 0;
}

guint
likeness_least(guint drafts)
{
    return drafts < LIKENESS_SMALL ? LIKENESS_SIMILAR_SMALL : LIKENESS_SIMILAR;
}

void
likeness_of(const struct compared *a, const struct compared *b,
            struct likeness *out)
{
    g_autoptr(GArray) runs = common_runs(a->seeds, b->plain);
    guint shared = share(a, b), stretched;
    struct shares shares;
    struct sums sums;

    out->degree = shared;
    out->here = out->there = 0;
    out->passages = g_array_new(FALSE, FALSE, sizeof(struct passage));
    if (runs->len == 0)
        return;
    sums_init(&sums, a);
    stretched = (guint)(stretches(&sums, runs) /
                        MAX(MIN(a->plain->len, b->plain->len), 1));
    out->degree += stretched + MIN(stretched, shared);
    shares = join_runs(&sums, runs, a->plain, b->plain, out->passages);
    out->here = thousandths(shares.here, a->plain->len);
    out->there = thousandths(shares.there, b->plain->len);
    sums_clear(&sums);
}

void
likeness_clear(struct likeness *l)
{
    g_clear_pointer(&l->passages, g_array_unref);
}
