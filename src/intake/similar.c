/* similar.c - see similar.h: what a draft is like. */
#include "intake/similar.h"

#include "base/text.h"
#include "draft/likeness.h"
#include "intake/similar_index.h"
#include "register/fingerprints.h"

#include <string.h>

enum {
    FINDINGS_MOST = 5, /* submissions named for one draft */
    SAME_MOST = 8      /* texts that are exactly the same */
};

/* The draft that is being recorded. */
struct asked {
    struct reg *reg;
    struct similar *similar;
    const GPtrArray *units;
    struct plain plain;
    struct common_seeds seeds;
    struct fingerprint print;
    guint16 *weights;
    GPtrArray *own;   /* of struct twin: what its own units sent */
    GPtrArray *other; /* likewise: what others sent */
};

struct twin {          /* one sender, or published text */
    gint64 submission; /* 0: a published text */
    struct reg_similar *finding;
};

static void
twin_free(struct twin *m)
{
    g_clear_pointer(&m->finding, reg_similar_free);
    g_free(m);
}

static void
asked_init(struct asked *a, struct intake *i, const char *text,
           const GPtrArray *units)
{
    memset(a, 0, sizeof *a);
    a->reg = i->reg;
    a->units = units;
    plain_of(text, &a->plain);
    common_seeds_of(&a->plain, &a->seeds);
    fingerprint_of(&a->plain, &a->print);
    a->weights = g_new0(guint16, a->print.n + 1);
    a->own = g_ptr_array_new_with_free_func((GDestroyNotify)twin_free);
    a->other = g_ptr_array_new_with_free_func((GDestroyNotify)twin_free);
}

static void
asked_clear(struct asked *a)
{
    common_seeds_clear(&a->seeds);
    plain_clear(&a->plain);
    fingerprint_clear(&a->print);
    g_free(a->weights);
    g_ptr_array_unref(a->own);
    g_ptr_array_unref(a->other);
}

/* ---- one candidate ---- */

static gboolean
shares_a_unit(const GPtrArray *a, const GPtrArray *b)
{
    for (guint i = 0; i < a->len; i++)
        if (g_ptr_array_find_with_equal_func((GPtrArray *)b, a->pdata[i],
                                             g_str_equal, NULL))
            return TRUE;
    return FALSE;
}

static struct reg_similar *
finding_of(const struct likeness *l)
{
    struct reg_similar *f = reg_similar_new();

    f->degree = (int)l->degree;
    f->here = (int)l->here;
    f->there = (int)l->there;
    for (guint i = 0; i < l->passages->len; i++) {
        const struct passage *p =
            &g_array_index(l->passages, struct passage, i);
        struct reg_passage one = {p->at, p->len};

        g_array_append_val(f->passages, one);
    }
    return f;
}

static void
add_twin(GPtrArray *list, const struct likeness *l, gint64 submission,
         const char *reference)
{
    struct twin *m = g_new0(struct twin, 1);

    m->submission = submission;
    m->finding = finding_of(l);
    m->finding->other = submission;
    m->finding->reference = g_strdup(reference);
    g_ptr_array_add(list, m);
}

static enum st
add_senders(struct asked *a, gint64 draft, const struct likeness *l,
            struct err *e)
{
    g_autoptr(GPtrArray) senders = NULL;
    enum st st = reg_draft_senders(a->reg, draft, &senders, e);

    for (guint i = 0; st == ST_OK && i < senders->len; i++) {
        const struct reg_sender *s = senders->pdata[i];
        gboolean own = shares_a_unit(s->units, a->units);

        add_twin(own ? a->own : a->other, l, s->submission, NULL);
    }
    return st;
}

/* Word for word.  FALSE: its fingerprint is damaged. */
static gboolean
compare_texts(struct asked *a, const struct reg_fingerprint *row,
              struct likeness *out)
{
    struct plain plain;
    struct fingerprint print;
    g_autofree guint16 *weights = NULL;
    gsize size = 0;
    const void *hashes = g_bytes_get_data(row->hashes, &size);

    if (!fingerprint_unpack(hashes, size, row->whole, &print))
        return FALSE;
    plain_of(row->text, &plain);
    weights = similar_index_weigh(a->similar, &print);
    likeness_of(&(struct compared){&a->plain, &a->print, a->weights, &a->seeds},
                &(struct compared){&plain, &print, weights, NULL}, out);
    plain_clear(&plain);
    fingerprint_clear(&print);
    return TRUE;
}

static enum st
compare_with(struct asked *a, gint64 id, struct err *e)
{
    g_autoptr(reg_fingerprint) row = NULL;
    guint least = likeness_least(similar_index_drafts(a->similar));
    struct likeness l = {0};
    enum st st = reg_fingerprint_get(a->reg, id, &row, e);

    if (st != ST_OK || !row || !row->text)
        return st;
    if (!compare_texts(a, row, &l))
        return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                       "fingerprint %" G_GINT64_FORMAT " is damaged", id);
    if (l.degree >= least && row->draft)
        st = add_senders(a, row->draft, &l, e);
    else if (l.degree >= least)
        add_twin(a->other, &l, 0, row->name);
    likeness_clear(&l);
    return st;
}

/* ---- all candidates ---- */

static gboolean
has_id(const GArray *ids, gint64 id)
{
    for (guint i = 0; i < ids->len; i++)
        if (g_array_index(ids, gint64, i) == id)
            return TRUE;
    return FALSE;
}

/* Whoever has the very same text, and whoever is likely to be like it. */
static enum st
candidates(struct asked *a, GArray **out, struct err *e)
{
    struct alike found[ALIKE_MOST];
    guint n = similar_index_find(a->similar, &a->print, a->weights, found);
    enum st st =
        reg_fingerprints_whole(a->reg, a->print.whole, SAME_MOST, out, e);

    for (guint i = 0; st == ST_OK && i < n; i++) {
        gint64 id = found[i].id;

        if (found[i].likely >= LIKENESS_LIKELY && !has_id(*out, id))
            g_array_append_val(*out, id);
    }
    return st;
}

/* What another sent after our own unit had sent it is no news: that other
 * one is found to be like ours already. */
static gboolean
is_explained(const struct asked *a, const struct twin *m)
{
    for (guint i = 0; i < a->own->len; i++) {
        const struct twin *own = a->own->pdata[i];

        if (m->submission && own->submission < m->submission &&
            own->finding->degree >= m->finding->degree)
            return TRUE;
    }
    return FALSE;
}

/* The most alike first, of equal ones the earlier. */
static int
compare_twins(const void *x, const void *y)
{
    const struct twin *a = *(const struct twin *const *)x;
    const struct twin *b = *(const struct twin *const *)y;

    if (a->finding->degree != b->finding->degree)
        return b->finding->degree - a->finding->degree;
    return (a->submission > b->submission) - (a->submission < b->submission);
}

static gboolean
is_named(const GPtrArray *findings, const struct twin *m)
{
    for (guint i = 0; i < findings->len; i++) {
        const struct reg_similar *f = findings->pdata[i];

        if (m->submission && f->other == m->submission)
            return TRUE;
    }
    return FALSE;
}

static GPtrArray *
conclude(struct asked *a)
{
    GPtrArray *findings =
        g_ptr_array_new_with_free_func((GDestroyNotify)reg_similar_free);

    g_ptr_array_sort(a->other, compare_twins);
    for (guint i = 0; i < a->other->len; i++) {
        struct twin *m = a->other->pdata[i];

        if (findings->len < FINDINGS_MOST && !is_explained(a, m) &&
            !is_named(findings, m))
            g_ptr_array_add(findings, g_steal_pointer(&m->finding));
    }
    return findings;
}

static enum st
compare_all(struct asked *a, struct err *e)
{
    g_autoptr(GArray) ids = NULL;
    enum st st = ST_OK;

    if (a->print.n > 0)
        st = candidates(a, &ids, e);
    for (guint i = 0; st == ST_OK && ids && i < ids->len; i++)
        st = compare_with(a, g_array_index(ids, gint64, i), e);
    return st;
}

enum st
similar_find(struct intake *i, struct reg_draft *draft, const GPtrArray *units,
             GPtrArray **out, struct err *e)
{
    struct asked a;
    enum st st;

    asked_init(&a, i, draft->text ? draft->text : "", units);
    draft->whole = a.print.whole;
    if (a.print.n > 0)
        draft->fingerprint = fingerprint_pack(&a.print);
    st = similar_index_ready(i, &a.similar, e);
    if (st == ST_OK)
        st = compare_all(&a, e);
    if (st == ST_OK)
        *out = conclude(&a);
    asked_clear(&a);
    return st;
}

/* ---- findings in words ---- */

enum st
similar_number(struct intake *i, GPtrArray *findings, struct err *e)
{
    enum st st = ST_OK;

    for (guint n = 0; st == ST_OK && n < findings->len; n++) {
        struct reg_similar *f = findings->pdata[n];
        g_autoptr(reg_submission) s = NULL;

        if (f->other)
            st = reg_submission_get(i->reg, f->other, &s, e);
        if (s)
            f->number = g_strdup(s->number);
    }
    return st;
}

int
similar_percent(int thousandths)
{
    return CLAMP((thousandths + 5) / 10, 1, 100);
}

char *
similar_excerpt(const char *text, const struct reg_passage *p, guint most)
{
    glong chars = g_utf8_strlen(text, -1);
    glong from = MIN((glong)p->at, chars), to = MIN(from + p->len, chars);
    g_autofree char *whole = g_utf8_substring(text, from, to);
    g_autofree char *line = text_line(whole);

    return text_cut(line, most);
}

char *
similar_summary(const GPtrArray *findings)
{
    GString *s = g_string_new(NULL);

    for (guint n = 0; n < findings->len; n++) {
        const struct reg_similar *f = findings->pdata[n];

        g_string_append_printf(s, "%s%s %d%%", n ? "、" : "",
                               f->number ? f->number : f->reference,
                               similar_percent(MAX(f->here, f->there)));
    }
    return g_string_free(s, findings->len == 0);
}
