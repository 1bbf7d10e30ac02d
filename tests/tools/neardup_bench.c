/* neardup_bench - how many copies are found among many drafts, how many
 * unrelated drafts are taken for one, and at what cost.
 *
 *     neardup_bench [--drafts N] [--queries Q] [--seed S] [--words FILE]
 *                   [--given FOLDER] [--strict]
 *
 * N drafts are made (or read from FOLDER/drafts.txt and queries.tsv, as
 * gen_dups.py of the bench data writes them), put into the index - nine
 * tenths into its base, the rest into its tail - and Q of each kind of copy
 * are asked for.  --strict: status 1 when a goal is missed. */
#include "draft/fingerprint_base.h"
#include "draft/likeness.h"
#include "prose.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DRAFT_BYTES = 2200 }; /* 600 to 1000 characters */

struct bench {
    gint drafts, queries;
    gint64 seed;
    const char *words, *given;
    gboolean strict;
    struct prose prose;
    GPtrArray *texts;           /* given ones; else made when needed */
    struct fingerprint *prints; /* of every draft */
    struct fingerprint_index *index;
    void *base;
    double find, compare; /* seconds of this program's time */
    guint asked, compared;
};

static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- drafts ---- */

static char *
draft_text(const struct bench *b, guint n)
{
    guint64 seed = prose_seed((guint64)b->seed, n);

    if (b->texts)
        return g_strdup(b->texts->pdata[n]);
    return prose_draft(&b->prose, seed, DRAFT_BYTES + seed % 1000);
}

static char *
fresh_text(const struct bench *b, guint64 *state, gsize bytes)
{
    return prose_draft(&b->prose, prose_next(state), bytes);
}

static void
print_of(const char *text, struct plain *plain, struct fingerprint *print)
{
    plain_of(text, plain);
    fingerprint_of(plain, print);
}

static void
take_prints(struct bench *b)
{
    double begin = seconds(), spent = 0;
    guint64 hashes = 0;

    b->prints = g_new0(struct fingerprint, (gsize)b->drafts);
    for (gint i = 0; i < b->drafts; i++) {
        g_autofree char *text = draft_text(b, (guint)i);
        struct plain plain;

        begin = seconds();
        print_of(text, &plain, &b->prints[i]);
        spent += seconds() - begin;
        plain_clear(&plain);
        g_clear_pointer(&b->prints[i].at, g_free);
        hashes += b->prints[i].n;
    }
    printf("%d drafts, %.0f hashes each; fingerprint %.1f us a draft\n",
           b->drafts, (double)hashes / b->drafts, spent / b->drafts * 1e6);
}

static void
make_index(struct bench *b)
{
    gint in_base = b->drafts - b->drafts / 10;
    double begin = seconds();
    guint64 hashes = 0;
    gsize size, used;
    g_autoptr(base_maker) m = NULL;

    for (gint i = 0; i < in_base; i++)
        hashes += b->prints[i].n;
    m = base_maker_new((guint32)in_base, hashes);
    for (gint i = 0; i < in_base; i++)
        base_maker_count(m, &b->prints[i]);
    size = base_maker_size(m);
    b->base = g_malloc0(size);
    base_maker_begin(m, b->base, 1);
    for (gint i = 0; i < in_base; i++)
        base_maker_add(m, (guint32)i + 1, &b->prints[i]);
    used = base_maker_end(m);
    printf("base: %d drafts, %.1f MB (%.1f while made), made in %.2f s\n",
           in_base, (double)used / 1e6, (double)size / 1e6, seconds() - begin);
    b->index = fingerprint_index_new();
    g_assert_true(fingerprint_index_base(b->index, b->base, used, 1));
    begin = seconds();
    for (gint i = in_base; i < b->drafts; i++)
        fingerprint_index_add(b->index, (guint32)i + 1, &b->prints[i]);
    printf("tail: %d drafts, added in %.2f s\n", b->drafts - in_base,
           seconds() - begin);
}

/* ---- copies ---- */

static GPtrArray *
split_behind(const char *text, const char *marks)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
    const char *from = text;

    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (g_utf8_strchr(marks, -1, g_utf8_get_char(p))) {
            const char *end = g_utf8_next_char(p);

            g_ptr_array_add(parts, g_strndup(from, (gsize)(end - from)));
            from = end;
        }
    g_ptr_array_add(parts, g_strdup(from));
    return parts;
}

/* A part of the clauses are others. */
static char *
rewrite(const struct bench *b, const char *text, guint percent, guint64 *state)
{
    g_autoptr(GPtrArray) clauses = split_behind(text, "，。；：");
    g_autofree char *other = fresh_text(b, state, strlen(text));
    g_autoptr(GPtrArray) others = split_behind(other, "，。；：");
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < clauses->len; i++)
        g_string_append(out,
                        prose_below(state, 100) < percent
                            ? others->pdata[prose_below(state, others->len)]
                            : clauses->pdata[i]);
    return g_string_free(out, FALSE);
}

static char *
change_characters(const char *text, guint percent, guint64 *state)
{
    GString *out = g_string_new(NULL);

    for (const char *p = text; *p; p = g_utf8_next_char(p))
        g_string_append_unichar(out, prose_below(state, 100) < percent
                                         ? 0x4E00 + prose_below(state, 4000)
                                         : g_utf8_get_char(p));
    return g_string_free(out, FALSE);
}

static char *
shuffle(const char *text, guint64 *state)
{
    g_autoptr(GPtrArray) parts = split_behind(text, "。");
    GString *out = g_string_new(NULL);

    for (guint n = parts->len; n > 0; n--) {
        guint k = prose_below(state, n);

        g_string_append(out, parts->pdata[k]);
        g_ptr_array_remove_index_fast(parts, k);
    }
    return g_string_free(out, FALSE);
}

static char *
excerpt(const char *text, guint percent, guint64 *state)
{
    glong all = g_utf8_strlen(text, -1), n = all * percent / 100;
    glong from = (glong)prose_below(state, (guint)(all - n) + 1);

    return g_utf8_substring(text, from, from + n);
}

/* `percent` of the result stands in the source, in one piece. */
static char *
mix_in(const struct bench *b, const char *text, guint percent, guint64 *state)
{
    gsize bytes = strlen(text);
    g_autofree char *piece = excerpt(text, percent, state);
    g_autofree char *before =
        fresh_text(b, state, bytes * (100 - percent) / 250);
    g_autofree char *after =
        fresh_text(b, state, bytes * (100 - percent) / 250);

    return g_strconcat(before, piece, after, NULL);
}

/* The same, sentence by sentence among others. */
static char *
scatter(const struct bench *b, const char *text, guint every, guint64 *state)
{
    g_autoptr(GPtrArray) ours = split_behind(text, "。");
    g_autofree char *other = fresh_text(b, state, strlen(text));
    g_autoptr(GPtrArray) others = split_behind(other, "。");
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < others->len; i++)
        g_string_append(out, i % every == 0 && i < ours->len
                                 ? ours->pdata[i]
                                 : others->pdata[i]);
    return g_string_free(out, FALSE);
}

static char *
into_long(const struct bench *b, const char *text, guint64 *state)
{
    g_autofree char *before = fresh_text(b, state, 4 * DRAFT_BYTES);
    g_autofree char *after = fresh_text(b, state, 4 * DRAFT_BYTES);

    return g_strconcat(before, text, after, NULL);
}

enum kind {
    KIND_SAME,
    KIND_CLAUSES_20,
    KIND_CLAUSES_40,
    KIND_CHARACTERS_10,
    KIND_SHUFFLED,
    KIND_PART_40,
    KIND_PART_25,
    KIND_SCATTERED,
    KIND_EXCERPT,
    KIND_IN_LONG,
    KIND_UNRELATED,
    KIND_COUNT
};

static const char *const kind_names[KIND_COUNT] = {
    "the same",          "20% clauses other",  "40% clauses other",
    "10% characters",    "shuffled",           "40% copied",
    "25% copied",        "every 3rd sentence", "a third of it",
    "inside a long one", "unrelated"};

static char *
make_query(const struct bench *b, enum kind kind, const char *text,
           guint64 *state)
{
    switch (kind) {
    case KIND_CLAUSES_20:
        return rewrite(b, text, 20, state);
    case KIND_CLAUSES_40:
        return rewrite(b, text, 40, state);
    case KIND_CHARACTERS_10:
        return change_characters(text, 10, state);
    case KIND_SHUFFLED:
        return shuffle(text, state);
    case KIND_PART_40:
        return mix_in(b, text, 40, state);
    case KIND_PART_25:
        return mix_in(b, text, 25, state);
    case KIND_SCATTERED:
        return scatter(b, text, 3, state);
    case KIND_EXCERPT:
        return excerpt(text, 33, state);
    case KIND_IN_LONG:
        return into_long(b, text, state);
    case KIND_UNRELATED:
        return fresh_text(b, state, strlen(text));
    default:
        return g_strdup(text);
    }
}

/* ---- asking ---- */

struct tally {
    guint asked, named, flagged;
    GArray *degrees; /* of guint: of the source; of the best, if unrelated */
};

static int
compare_degrees(const void *a, const void *b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;

    return (x > y) - (x < y);
}

static guint
degree_at(const struct tally *t, double part)
{
    guint at = (guint)(part * t->degrees->len);

    return t->degrees->len
               ? g_array_index(t->degrees, guint, MIN(at, t->degrees->len - 1))
               : 0;
}

static guint
compare(struct bench *b, const struct compared *a, guint draft)
{
    g_autofree char *text = draft_text(b, draft);
    g_autofree guint16 *weights = g_new(guint16, b->prints[draft].n + 1);
    struct likeness l;
    struct plain plain;
    double begin = seconds();
    guint degree;

    plain_of(text, &plain);
    fingerprint_index_weigh(b->index, &b->prints[draft], weights);
    likeness_of(a, &(struct compared){&plain, &b->prints[draft], weights, NULL},
                &l);
    degree = l.degree;
    likeness_clear(&l);
    plain_clear(&plain);
    b->compare += seconds() - begin;
    b->compared++;
    return degree;
}

static void
ask(struct bench *b, const char *text, gint source, struct tally *t)
{
    struct alike found[ALIKE_MOST];
    struct common_seeds seeds;
    struct plain plain;
    struct fingerprint print;
    g_autofree guint16 *weights = NULL;
    gboolean named = FALSE;
    double begin;
    guint n, best = 0, of_source = 0, least = likeness_least((guint)b->drafts);

    print_of(text, &plain, &print);
    weights = g_new(guint16, print.n + 1);
    begin = seconds();
    n = fingerprint_index_find(b->index, &print, weights, found);
    common_seeds_of(&plain, &seeds);
    b->find += seconds() - begin;
    b->asked++;
    for (guint i = 0; i < n; i++) {
        struct compared a = {&plain, &print, weights, &seeds};
        guint degree = found[i].likely >= LIKENESS_LIKELY
                           ? compare(b, &a, found[i].id - 1)
                           : 0;

        best = MAX(best, degree);
        if ((gint)found[i].id - 1 == source)
            of_source = degree;
        named = named || (degree >= least && (gint)found[i].id - 1 == source);
    }
    t->asked++;
    t->named += named ? 1 : 0;
    t->flagged += best >= least ? 1 : 0;
    if (!t->degrees)
        t->degrees = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(t->degrees, *(source < 0 ? &best : &of_source));
    common_seeds_clear(&seeds);
    fingerprint_clear(&print);
    plain_clear(&plain);
}

/* Degrees: of copies the lowest are told, of unrelated drafts the highest. */
static gboolean
report(const char *name, struct tally *t, gboolean unrelated, gboolean judged)
{
    double named = 100.0 * t->named / MAX(t->asked, 1);
    double flagged = 100.0 * t->flagged / MAX(t->asked, 1);
    gboolean good = !judged || (unrelated ? flagged <= 0.5 : named >= 99);

    g_array_sort(t->degrees, compare_degrees);
    printf("%-20s %6u asked  source named %6.2f%%  flagged %6.2f%%  "
           "degree %u %u %u %u%s\n",
           name, t->asked, named, flagged, degree_at(t, unrelated ? 1 : 0.005),
           degree_at(t, unrelated ? 0.995 : 0.01),
           degree_at(t, unrelated ? 0.99 : 0.05), degree_at(t, 0.5),
           good ? "" : "  MISSED");
    g_array_unref(t->degrees);
    return good;
}

static gboolean
ask_kind(struct bench *b, enum kind kind)
{
    struct tally t = {0};
    guint64 state = prose_seed((guint64)b->seed + 77, (guint64)kind);

    for (gint i = 0; i < b->queries; i++) {
        guint source = prose_below(&state, (guint)b->drafts);
        g_autofree char *text = draft_text(b, source);
        g_autofree char *query = make_query(b, kind, text, &state);

        ask(b, query, kind == KIND_UNRELATED ? -1 : (gint)source, &t);
    }
    return report(kind_names[kind], &t, kind == KIND_UNRELATED,
                  kind != KIND_SCATTERED);
}

static gboolean
ask_made(struct bench *b)
{
    gboolean good = TRUE;

    for (int kind = 0; kind < KIND_COUNT; kind++) {
        double before = b->find + b->compare;
        guint asked = b->asked, compared = b->compared;

        good = ask_kind(b, (enum kind)kind) && good;
        if (kind == KIND_UNRELATED)
            printf("an unrelated draft costs %.1f us, %.2f of them compared "
                   "word for word\n",
                   (b->find + b->compare - before) / (b->asked - asked) * 1e6,
                   (double)(b->compared - compared) / (b->asked - asked));
    }
    return good;
}

/* ---- given ones ---- */

/* What the issue asks for; others of the data are only printed. */
static gboolean
is_judged(const char *kind)
{
    static const char *const judged[] = {
        "same",   "clause10", "clause20", "clause30", "clause40",
        "char05", "char10",   "shuffle",  "part60",   "part40",
        "part25", "short",    "new",      NULL};

    return g_strv_contains(judged, kind);
}

static void
read_given(struct bench *b)
{
    g_autofree char *path = g_build_filename(b->given, "drafts.txt", NULL);
    g_autofree char *line = NULL;
    FILE *f = fopen(path, "r");
    size_t room = 0;

    if (!f)
        g_error("cannot read %s", path);
    b->texts = g_ptr_array_new_with_free_func(g_free);
    while (getline(&line, &room, f) > 0 && (gint)b->texts->len < b->drafts) {
        char *body = strchr(line, '\x1f');

        g_ptr_array_add(
            b->texts, g_strdelimit(g_strdup(body ? body : line), "\x1f", '\n'));
    }
    fclose(f);
    b->drafts = (gint)b->texts->len;
}

static gboolean
ask_given(struct bench *b)
{
    g_autofree char *path = g_build_filename(b->given, "queries.tsv", NULL);
    g_autofree char *data = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    struct tally t[64] = {{0}};
    gboolean good = TRUE;

    if (!g_file_get_contents(path, &data, NULL, NULL))
        g_error("cannot read %s", path);
    lines = g_strsplit(data, "\n", -1);
    for (char **l = lines; *l; l++) {
        g_auto(GStrv) parts = g_strsplit(*l, "\t", 3);
        guint k = 0;

        if (g_strv_length(parts) != 3 || atoi(parts[1]) >= b->drafts)
            continue;
        if (!g_ptr_array_find_with_equal_func(names, parts[0], g_str_equal,
                                              &k)) {
            k = names->len;
            g_ptr_array_add(names, g_strdup(parts[0]));
        }
        g_strdelimit(parts[2], "\x1f", '\n');
        ask(b, parts[2], atoi(parts[1]), &t[k]);
    }
    for (guint k = 0; k < names->len; k++)
        good =
            report(names->pdata[k], &t[k], g_str_equal(names->pdata[k], "new"),
                   is_judged(names->pdata[k])) &&
            good;
    return good;
}

static void
bench_clear(struct bench *b)
{
    for (gint i = 0; i < b->drafts; i++)
        fingerprint_clear(&b->prints[i]);
    g_free(b->prints);
    fingerprint_index_free(b->index);
    g_free(b->base);
    g_clear_pointer(&b->texts, g_ptr_array_unref);
}

int
main(int argc, char **argv)
{
    struct bench b = {.drafts = 100000,
                      .queries = 1000,
                      .seed = 1,
                      .words = "tests/data/prose.txt"};
    const GOptionEntry entries[] = {
        {"drafts", 0, 0, G_OPTION_ARG_INT, &b.drafts, "how many", "N"},
        {"queries", 0, 0, G_OPTION_ARG_INT, &b.queries, "of each kind", "Q"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &b.seed, "of chance", "S"},
        {"words", 0, 0, G_OPTION_ARG_FILENAME, &b.words, "prose.txt", "FILE"},
        {"given", 0, 0, G_OPTION_ARG_FILENAME, &b.given, "made", "FOLDER"},
        {"strict", 0, 0, G_OPTION_ARG_NONE, &b.strict, "goals count", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) options = g_option_context_new(NULL);
    gboolean good;

    g_option_context_add_main_entries(options, entries, NULL);
    if (!g_option_context_parse(options, &argc, &argv, NULL))
        return 64;
    b.prose = prose_load(b.words);
    if (b.given)
        read_given(&b);
    take_prints(&b);
    make_index(&b);
    good = b.given ? ask_given(&b) : ask_made(&b);
    printf("asking %.1f us, comparing word for word %.1f us x %.2f: %.3f ms a "
           "draft\n",
           b.find / b.asked * 1e6, b.compare / MAX(b.compared, 1) * 1e6,
           (double)b.compared / b.asked, (b.find + b.compare) / b.asked * 1e3);
    bench_clear(&b);
    return b.strict && !good;
}
