/* What drafts have in common: plain text, fingerprints, their index, runs and
 * the degree of likeness. */
#include "draft/common_runs.h"
#include "draft/fingerprint_base.h"
#include "draft/likeness.h"
#include "draft/radix.h"
#include "tools/prose.h"

#include <string.h>

#define WORDS "tests/data/prose.txt"

enum { DRAFTS = 1200, BYTES = 2200, QUERIES = 60 };

static struct prose words;

static char *
draft(guint64 n)
{
    return prose_draft(&words, prose_seed(2019, n), BYTES + n % 700);
}

/* g_assert_cmpmem() takes sizes for int. */
static void
same_bytes(const void *a, gsize na, const void *b, gsize nb)
{
    g_assert_cmpuint(na, ==, nb);
    g_assert_true(memcmp(a, b, na) == 0);
}

/* ---- pairs in order ---- */

/* Ascending, equal keys in the order that they had; keys of few and of all
 * digits, none, one and many of them. */
static void
test_radix(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(7);

    for (guint round = 0; round < 200; round++) {
        guint n = (guint)g_rand_int_range(random, 0, round < 20 ? 3 : 900);
        guint32 mask = G_MAXUINT32 >> round % 32;
        g_autofree struct keyed *all = g_new(struct keyed, n + 1);
        guint64 sum = 0;

        for (guint i = 0; i < n; i++) {
            all[i] = (struct keyed){g_rand_int(random) & mask, i};
            sum += (guint64)all[i].key * (i + 1);
        }
        radix_sort(all, n);
        for (guint i = 0; i < n; i++) {
            sum -= (guint64)all[i].key * (all[i].value + 1);
            if (i == 0)
                continue;
            g_assert_cmpuint(all[i - 1].key, <=, all[i].key);
            if (all[i - 1].key == all[i].key)
                g_assert_cmpuint(all[i - 1].value, <, all[i].value);
        }
        g_assert_cmpuint(sum, ==, 0);
    }
}

/* ---- plain text ---- */

static char *
plain_text(const char *text)
{
    struct plain p;
    GString *s = g_string_new(NULL);

    plain_of(text, &p);
    for (guint i = 0; i < p.len; i++)
        g_string_append_unichar(s, p.text[i]);
    plain_clear(&p);
    return g_string_free(s, FALSE);
}

static void
test_plain(void)
{
    static const struct {
        const char *text, *plain;
    } cases[] = {
        {"", ""},
        {"（一）春耕，“备播”！ \n", "一春耕备播"},
        {"ＡＢｃ１２３", "abc0"},
        {"共1,470万元、6.5%", "共0万元0"},
        {"第3、4项", "第0项"},
        {"豈\xEF\xA4\x80", "豈豈"}, /* U+F900 is U+8C48 */
        {"\xF0\xA0\x80\x80", "\xF0\xA0\x80\x80"},
        {"Ünd ok", "ündok"},
        {"\xE2\x80\x8B零\xE3\x80\x80宽", "零宽"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = plain_text(cases[i].text);

        g_assert_cmpstr(got, ==, cases[i].plain);
    }
}

static void
test_plain_places(void)
{
    struct plain p;

    plain_of("1月、2日\n晴", &p);
    g_assert_cmpuint(p.len, ==, 5);
    g_assert_cmpuint(p.from[0], ==, 0);
    g_assert_cmpuint(p.from[2], ==, 3); /* the 2 */
    g_assert_cmpuint(p.from[4], ==, 6);
    plain_clear(&p);
}

/* ---- fingerprints ---- */

static void
print_of(const char *text, struct plain *plain, struct fingerprint *f)
{
    plain_of(text, plain);
    fingerprint_of(plain, f);
}

static struct fingerprint
only_print(const char *text)
{
    struct plain plain;
    struct fingerprint f;

    print_of(text, &plain, &f);
    plain_clear(&plain);
    return f;
}

static void
test_fingerprint(void)
{
    g_autofree char *text = draft(1);
    g_autofree char *half = g_utf8_substring(text, 0, 300);
    struct fingerprint a = only_print(text), b = only_print(text),
                       c = only_print(half);
    g_autofree guint16 *ones = g_new(guint16, a.n + 1);

    for (guint i = 0; i < a.n; i++)
        ones[i] = 1;
    g_assert_cmpuint(a.whole, ==, b.whole);
    g_assert_cmpuint(a.whole, !=, c.whole);
    same_bytes(a.hashes, a.n * 4, b.hashes, b.n * 4);
    g_assert_cmpuint(a.n, >, 40); /* an eighth of some 700 */
    g_assert_cmpuint(a.n, <, 140);
    for (guint i = 1; i < a.n; i++)
        g_assert_cmpuint(a.hashes[i - 1], <, a.hashes[i]);
    /* all that the half keeps, the whole keeps */
    g_assert_cmpuint(fingerprint_share(&c, ones, &a), ==, 1000);
    fingerprint_clear(&a);
    fingerprint_clear(&b);
    fingerprint_clear(&c);
}

static void
test_too_short(void)
{
    struct fingerprint f = only_print("本月无信息报送。");

    g_assert_cmpuint(f.n, ==, 0);
    fingerprint_clear(&f);
}

/* A very long text has no more hashes than FINGERPRINT_MOST, and what stands
 * in it is found by those. */
static void
test_very_long(void)
{
    g_autofree char *text =
        prose_draft(&words, 1, (gsize)FINGERPRINT_MOST * 60);
    g_autofree char *part = g_utf8_substring(text, 70000, 71000);
    struct fingerprint f = only_print(text), p = only_print(part);
    guint16 ones[1024];

    for (guint i = 0; i < G_N_ELEMENTS(ones); i++)
        ones[i] = 1;
    g_assert_cmpuint(f.n, ==, FINGERPRINT_MOST);
    g_assert_cmpuint(fingerprint_reach(&f), <, G_MAXUINT32);
    g_assert_cmpuint(fingerprint_share(&p, ones, &f), ==, 1000);
    fingerprint_clear(&f);
    fingerprint_clear(&p);
}

static void
test_pack(void)
{
    g_autofree char *text = draft(3);
    struct fingerprint f = only_print(text), back = {0};
    g_autoptr(GBytes) packed = fingerprint_pack(&f);
    gsize size;
    g_autofree guint32 *bad = NULL;
    const void *data = g_bytes_get_data(packed, &size);

    g_assert_true(fingerprint_unpack(data, size, f.whole, &back));
    g_assert_cmpuint(back.whole, ==, f.whole);
    same_bytes(back.hashes, back.n * 4, f.hashes, f.n * 4);
    fingerprint_clear(&back);
    g_assert_false(fingerprint_unpack(data, size - 1, f.whole, &back));
    bad = g_memdup2(data, size);
    bad[1] = bad[0];
    g_assert_false(fingerprint_unpack(bad, size, f.whole, &back));
    fingerprint_clear(&f);
}

/* ---- the index ---- */

static void
all_prints(struct fingerprint *out)
{
    for (guint i = 0; i < DRAFTS; i++) {
        g_autofree char *text = draft(i);

        out[i] = only_print(text);
    }
}

static gsize
make_base(const struct fingerprint *prints, guint n, guint64 stamp, void **out)
{
    g_autoptr(base_maker) m = base_maker_new(n, (guint64)n * 80);
    gsize used;

    for (guint i = 0; i < n; i++)
        base_maker_count(m, &prints[i]);
    *out = g_malloc0(base_maker_size(m));
    base_maker_begin(m, *out, stamp);
    for (guint i = 0; i < n; i++)
        base_maker_add(m, i + 1, &prints[i]);
    used = base_maker_end(m);
    return used;
}

/* The first n in the base, the others in the tail. */
static struct fingerprint_index *
make_index(const struct fingerprint *prints, guint n, void **base_out)
{
    struct fingerprint_index *ix = fingerprint_index_new();
    gsize used = n ? make_base(prints, n, 7, base_out) : 0;

    if (n)
        g_assert_true(fingerprint_index_base(ix, *base_out, used, 7));
    for (guint i = n; i < DRAFTS; i++)
        fingerprint_index_add(ix, i + 1, &prints[i]);
    return ix;
}

static void
same_answer(struct fingerprint_index *a, struct fingerprint_index *b,
            const struct fingerprint *f)
{
    struct alike x[ALIKE_MOST], y[ALIKE_MOST];
    g_autofree guint16 *wx = g_new0(guint16, f->n + 1);
    g_autofree guint16 *wy = g_new0(guint16, f->n + 1);
    guint n = fingerprint_index_find(a, f, wx, x);

    g_assert_cmpuint(fingerprint_index_find(b, f, wy, y), ==, n);
    same_bytes(wx, f->n * 2, wy, f->n * 2);
    for (guint i = 0; i < n; i++) {
        g_assert_cmpuint(x[i].id, ==, y[i].id);
        g_assert_cmpuint(x[i].score, ==, y[i].score);
        g_assert_cmpuint(x[i].likely, ==, y[i].likely);
    }
}

/* Wherever the base ends, the answer is the same. */
static void
test_base_and_tail(void)
{
    static const guint splits[] = {0, 1, 300, DRAFTS - 1, DRAFTS};
    g_autofree struct fingerprint *prints = g_new0(struct fingerprint, DRAFTS);
    g_autoptr(fingerprint_index) whole = NULL;

    all_prints(prints);
    whole = make_index(prints, 0, NULL);
    for (size_t s = 0; s < G_N_ELEMENTS(splits); s++) {
        g_autofree void *base = NULL;
        g_autoptr(fingerprint_index) ix = make_index(prints, splits[s], &base);

        g_assert_cmpuint(fingerprint_index_drafts(ix), ==, DRAFTS);
        for (guint q = 0; q < QUERIES; q++)
            same_answer(whole, ix, &prints[q * 19]);
    }
    for (guint i = 0; i < DRAFTS; i++)
        fingerprint_clear(&prints[i]);
}

/* What was taken back was never there. */
static void
test_taken_back(void)
{
    g_autofree struct fingerprint *prints = g_new0(struct fingerprint, DRAFTS);
    g_autoptr(fingerprint_index) plain = NULL, back = NULL;
    guint32 id;
    guint64 last;

    all_prints(prints);
    plain = make_index(prints, 0, NULL);
    back = make_index(prints, 0, NULL);
    for (guint i = 0; i < 40; i++)
        fingerprint_index_add(back, DRAFTS + 1 + i, &prints[i]);
    for (guint i = 0; i < 40; i++)
        g_assert_true(fingerprint_index_drop_last(back));
    g_assert_true(fingerprint_index_last(back, &id, &last));
    g_assert_cmpuint(id, ==, DRAFTS);
    g_assert_cmpuint(last, ==, prints[DRAFTS - 1].whole);
    for (guint q = 0; q < QUERIES; q++)
        same_answer(plain, back, &prints[q * 19]);
    for (guint i = 0; i < DRAFTS; i++)
        fingerprint_clear(&prints[i]);
}

/* Another stamp, a cut file, other bytes; and a base whose bytes change under
 * us (it was overwritten by a purge) answers wrongly, but does not crash. */
static void
test_bad_base(void)
{
    g_autofree struct fingerprint *prints = g_new0(struct fingerprint, DRAFTS);
    g_autofree void *base = NULL;
    g_autoptr(fingerprint_index) ix = fingerprint_index_new();
    guint16 weights[1024];
    struct alike found[ALIKE_MOST];
    gsize used;
    guint8 *bytes;

    all_prints(prints);
    used = make_base(prints, DRAFTS, 7, &base);
    g_assert_false(fingerprint_index_base(ix, base, used, 8));
    g_assert_false(fingerprint_index_base(ix, base, used - 1, 7));
    g_assert_false(fingerprint_index_base(ix, "BSFP", 4, 7));
    g_assert_true(fingerprint_index_base(ix, base, used, 7));
    bytes = base;
    for (guint fill = 0; fill < 256; fill += 85) {
        memset(bytes + sizeof(struct base_head), (int)fill,
               used - sizeof(struct base_head));
        for (guint q = 0; q < QUERIES; q++)
            fingerprint_index_find(ix, &prints[q], weights, found);
    }
    for (guint i = 0; i < DRAFTS; i++)
        fingerprint_clear(&prints[i]);
}

/* ---- likeness ---- */

static struct likeness
alike(const char *x, const char *y)
{
    g_autoptr(fingerprint_index) ix = fingerprint_index_new();
    struct plain a, b;
    struct fingerprint fa, fb;
    guint16 wa[4096], wb[4096];
    struct common_seeds seeds;
    struct likeness l;

    print_of(x, &a, &fa);
    print_of(y, &b, &fb);
    fingerprint_index_add(ix, 1, &fb);
    fingerprint_index_weigh(ix, &fa, wa);
    fingerprint_index_weigh(ix, &fb, wb);
    common_seeds_of(&a, &seeds);
    likeness_of(&(struct compared){&a, &fa, wa, &seeds},
                &(struct compared){&b, &fb, wb, NULL}, &l);
    common_seeds_clear(&seeds);
    fingerprint_clear(&fa);
    fingerprint_clear(&fb);
    plain_clear(&a);
    plain_clear(&b);
    return l;
}

/* A stock sentence that a small register does not know must weigh more. */
static void
test_least(void)
{
    g_assert_cmpuint(likeness_least(0), ==, LIKENESS_SIMILAR_SMALL);
    g_assert_cmpuint(likeness_least(LIKENESS_SMALL - 1), ==,
                     LIKENESS_SIMILAR_SMALL);
    g_assert_cmpuint(likeness_least(LIKENESS_SMALL), ==, LIKENESS_SIMILAR);
}

static void
test_same(void)
{
    g_autofree char *x = draft(10);
    struct likeness l = alike(x, x);

    g_assert_cmpuint(l.degree, >=, 2800);
    g_assert_cmpuint(l.here, ==, 1000);
    g_assert_cmpuint(l.there, ==, 1000);
    g_assert_cmpuint(l.passages->len, ==, 1);
    likeness_clear(&l);
}

/* The passage is told in characters of the texts as they were given. */
static void
test_passage(void)
{
    static const char shared[] =
        "组织农技人员3批、126人次下沉一线，指导农户适时播种、科学施肥，"
        "推广良种4.2万亩，墒情好于常年同期";
    g_autofree char *before = draft(20), *other = draft(21);
    g_autofree char *x = g_strconcat(before, "——", shared, "。", NULL);
    g_autofree char *y = g_strconcat(shared, "，", other, NULL);
    struct likeness l = alike(x, y);
    const struct passage *p =
        &g_array_index(l.passages, struct passage, l.passages->len - 1);
    g_autofree char *here = g_utf8_substring(x, p->at, p->at + p->len);
    g_autofree char *there =
        g_utf8_substring(y, p->there, p->there + p->there_len);

    g_assert_cmpstr(here, ==, shared);
    g_assert_cmpstr(there, ==, shared);
    likeness_clear(&l);
}

/* Figures changed and a word put in: still one passage. */
static void
test_bridged(void)
{
    g_autofree char *x =
        g_strdup("全县完成春播面积21.6万亩，占计划的93%，较去年同期快5天，"
                 "其中粮食作物播种面积稳定在18万亩以上，墒情普遍较好。");
    g_autofree char *y =
        g_strdup("全县完成春播面积24万亩，占计划的97%，较去年同期快3天，"
                 "其中各类粮食作物播种面积稳定在19万亩以上，墒情普遍较好。");
    struct likeness l = alike(x, y);

    g_assert_cmpuint(l.passages->len, ==, 1);
    g_assert_cmpuint(l.here, >=, 950);
    likeness_clear(&l);
}

static void
test_unrelated(void)
{
    for (guint64 n = 0; n < 50; n++) {
        g_autofree char *x = draft(100 + n), *y = draft(200 + n);
        struct likeness l = alike(x, y);

        g_assert_cmpuint(l.here, <, 500);
        likeness_clear(&l);
    }
}

static GArray *
runs_of(const struct plain *a, const struct plain *b)
{
    struct common_seeds seeds;
    GArray *runs;

    common_seeds_of(a, &seeds);
    runs = common_runs(&seeds, b);
    common_seeds_clear(&seeds);
    return runs;
}

static void
test_runs(void)
{
    struct plain a, b;
    g_autoptr(GArray) runs = NULL;

    plain_of("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥", &a);
    plain_of("戊己庚辛壬癸子丑寅卯辰巳午未申甲乙丙丁戊己庚辛壬癸子丑", &b);
    runs = runs_of(&a, &b);
    g_assert_cmpuint(runs->len, ==, 1);
    g_assert_cmpuint(g_array_index(runs, struct common_run, 0).at, ==, 4);
    g_assert_cmpuint(g_array_index(runs, struct common_run, 0).len, ==, 15);
    plain_clear(&a);
    plain_clear(&b);
}

/* The longest run from `at` on, by trying every place; the first of equals. */
static struct common_run
tried(const struct plain *a, const struct plain *b, guint32 at)
{
    struct common_run best = {.at = at};

    for (guint32 there = 0; there < b->len; there++) {
        guint32 n = 0;

        while (at + n < a->len && there + n < b->len &&
               a->text[at + n] == b->text[there + n])
            n++;
        if (n >= COMMON_LEAST && n > best.len) {
            best.there = there;
            best.len = n;
        }
    }
    return best;
}

/* Pieces of few characters, so that there is much to find. */
static char *
pieces(GRand *r)
{
    GString *s = g_string_new(NULL);

    for (int n = 0; n < 12; n++) {
        gboolean common = g_rand_boolean(r);
        int len = g_rand_int_range(r, 5, 30);

        for (int i = 0; i < len; i++)
            g_string_append_unichar(
                s, common ? (gunichar)(0x4E00 + i)
                          : (gunichar)g_rand_int_range(r, 0x4E00, 0x9FFF));
    }
    return g_string_free(s, FALSE);
}

/* Sifting loses no run. */
static void
test_every_run(void)
{
    GRand *r = g_rand_new_with_seed(7);

    for (int round = 0; round < 200; round++) {
        g_autofree char *x = pieces(r), *y = pieces(r);
        g_autoptr(GArray) runs = NULL;
        struct plain a, b;
        guint found = 0;

        plain_of(x, &a);
        plain_of(y, &b);
        runs = runs_of(&a, &b);
        for (guint32 at = 0; at < a.len;) {
            struct common_run want = tried(&a, &b, at);

            if (want.len > 0) {
                const struct common_run *got =
                    &g_array_index(runs, struct common_run, found);

                g_assert_cmpuint(found++, <, runs->len);
                g_assert_cmpuint(got->at, ==, want.at);
                g_assert_cmpuint(got->there, ==, want.there);
                g_assert_cmpuint(got->len, ==, want.len);
            }
            at += want.len > 0 ? want.len : 1;
        }
        g_assert_cmpuint(found, ==, runs->len);
        plain_clear(&a);
        plain_clear(&b);
    }
    g_rand_free(r);
}

/* Whatever the characters and their neighbours are: each is what it is
 * alone, at its place. */
static void
test_plain_characters(void)
{
    const char *text =
        "一，二㐀䷿丁鿿12ａＢ 三。3４五c\xEE\x80\x80鼠";
    struct plain p;

    plain_of(text, &p);
    for (guint i = 0; i < p.len; i++) {
        const char *at = g_utf8_offset_to_pointer(text, p.from[i]);
        g_autofree char *one =
            g_strndup(at, (gsize)(g_utf8_next_char(at) - at));
        struct plain alone;

        plain_of(one, &alone);
        g_assert_cmpuint(alone.len, ==, 1);
        g_assert_cmpuint(alone.text[0], ==, p.text[i]);
        g_assert_true(i == 0 || p.from[i] > p.from[i - 1]);
        plain_clear(&alone);
    }
    /* 一 二 㐀 丁 鿿 0 a b 三 0 五 c 鼠 */
    g_assert_cmpuint(p.len, ==, 13);
    plain_clear(&p);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    words = prose_load(WORDS);
    g_test_add_func("/similar/radix", test_radix);
    g_test_add_func("/similar/plain", test_plain);
    g_test_add_func("/similar/plain-places", test_plain_places);
    g_test_add_func("/similar/fingerprint", test_fingerprint);
    g_test_add_func("/similar/too-short", test_too_short);
    g_test_add_func("/similar/very-long", test_very_long);
    g_test_add_func("/similar/pack", test_pack);
    g_test_add_func("/similar/base-and-tail", test_base_and_tail);
    g_test_add_func("/similar/taken-back", test_taken_back);
    g_test_add_func("/similar/bad-base", test_bad_base);
    g_test_add_func("/similar/least", test_least);
    g_test_add_func("/similar/same", test_same);
    g_test_add_func("/similar/passage", test_passage);
    g_test_add_func("/similar/bridged", test_bridged);
    g_test_add_func("/similar/unrelated", test_unrelated);
    g_test_add_func("/similar/runs", test_runs);
    g_test_add_func("/similar/every-run", test_every_run);
    g_test_add_func("/similar/plain-characters", test_plain_characters);
    return g_test_run();
}
