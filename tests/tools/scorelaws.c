/* scorelaws PACK UNTIL SEED - what must hold of any facts, tried on every
 * example of a pack; of a folder with several packs of one office, on those
 * of the last one, across all seams.  The packs must have the same units and
 * forms.
 *
 *     lines add up       every mark's lines add up to what it is worth, and
 *                        what `explain` and the table of a period show adds
 *                        up to the points;
 *     order of writing   facts that were recorded in another order give the
 *                        same lines;
 *     published          facts come in late, marks are revoked, submissions
 *                        go to another unit, duties are waived afterwards,
 *                        bulletins are corrected: at every moment what was
 *                        published, with its adjustments, adds up to what a
 *                        fresh computation gives.
 *
 * Prints a line for each that is broken: "broken EXAMPLE LAW WHAT", at the end
 * "tried EXAMPLES BULLETINS", and ends with 1 when something was. */
#include "pack/load.h"
#include "report/json.h"
#include "report/scores_json.h"
#include "rules/example.h"
#include "rules/explain.h"

#include <stdio.h>
#include <string.h>

struct trial {
    GPtrArray *packs;
    const struct pack *p;  /* the last one */
    const struct facts *f; /* all of them, as they were in the end */
    guint example;
    civil_day until;
    GRand *rand;
    guint32 seed; /* every example is drawn from it anew */
    int broken;
    int bulletins;
};

static void
die(const char *text)
{
    fprintf(stderr, "scorelaws: %s\n", text);
    exit(2);
}

G_GNUC_PRINTF(2, 3)
static void
broken(struct trial *x, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    printf("broken\t%u\t", x->example);
    vprintf(format, ap);
    printf("\n");
    va_end(ap);
    x->broken++;
}

static struct score *
scored(const struct trial *x, const struct facts *f, civil_day until)
{
    struct score *s = NULL;
    struct err e = ERR_INIT;

    for (guint n = 0; n < x->packs->len; n++) {
        const struct pack *p = x->packs->pdata[n];
        const struct pack *next =
            n + 1 < x->packs->len ? x->packs->pdata[n + 1] : NULL;
        g_autoptr(score) before = s;

        if (n > 0 && p->effective > until)
            return g_steal_pointer(&before);
        if (score_new_after(before, p, f,
                            next ? MIN(until, next->effective - 1) : until, &s,
                            &e) != ST_OK)
            die(e.text);
    }
    return s;
}

static civil_day
effective(const struct trial *x)
{
    return ((const struct pack *)x->packs->pdata[0])->effective;
}

/* Every day is inside, and a year that can be printed. */
static civil_day
first_day(const struct trial *x)
{
    return effective(x) - 400;
}

/* ---- sums by a key ---- */

static GHashTable *
sums_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static void
sums_add(GHashTable *sums, char *key, decimal points)
{
    decimal *at = g_hash_table_lookup(sums, key);

    if (at) {
        *at += points;
        g_free(key);
        return;
    }
    at = g_new(decimal, 1);
    *at = points;
    g_hash_table_insert(sums, key, at);
}

static decimal
sums_get(GHashTable *sums, const char *key)
{
    const decimal *at = g_hash_table_lookup(sums, key);

    return at ? *at : 0;
}

static void
compare_one_way(struct trial *x, const char *law, GHashTable *a, GHashTable *b)
{
    GHashTableIter i;
    gpointer key, value;

    g_hash_table_iter_init(&i, a);
    while (g_hash_table_iter_next(&i, &key, &value)) {
        decimal mine = *(decimal *)value, other = sums_get(b, key);
        g_autofree char *p = decimal_format(mine);
        g_autofree char *q = decimal_format(other);

        if (mine != other)
            broken(x, "%s\t%s: %s and %s", law, (char *)key, p, q);
    }
}

static void
compare_sums(struct trial *x, const char *law, GHashTable *a, GHashTable *b)
{
    compare_one_way(x, law, a, b);
    compare_one_way(x, law, b, a);
}

/* ---- lines add up ---- */

static void
check_marks(struct trial *x, const struct score *s, score_who who)
{
    g_autoptr(GPtrArray) lines =
        score_lines(s, who, first_day(x), score_upto(s));
    g_autoptr(GHashTable) so_far =
        g_hash_table_new_full(NULL, NULL, NULL, g_free);

    for (guint i = 0; i < lines->len; i++) {
        const struct score_line *l = lines->pdata[i];
        decimal *sum = g_hash_table_lookup(so_far, l->mark);

        if (!sum) {
            sum = g_new0(decimal, 1);
            g_hash_table_insert(so_far, (gpointer)l->mark, sum);
        }
        *sum += l->points;
        if (*sum != l->worth)
            broken(x, "lines add up\t%s: a mark of %s", score_who_name(s, who),
                   l->mark->item->name);
    }
}

/* What explain shows in a period, by currency, is what the table says. */
static void
check_row(struct trial *x, const struct standings *t,
          const struct standing_row *row)
{
    g_autoptr(GPtrArray) lines =
        explain(t->score, row->who, t->period.from, t->period.to);
    g_autoptr(GHashTable) sums = sums_new();

    for (guint i = 0; i < lines->len; i++) {
        const struct explained *e = lines->pdata[i];

        sums_add(sums, g_strdup(e->currency ? e->currency : ""),
                 e->line->points);
    }
    if (sums_get(sums, "") != row->points)
        broken(x, "lines add up\t%s", score_who_name(t->score, row->who));
    for (guint i = 0; i < x->p->groups->len; i++) {
        const char *currency = pack_group(x->p, (int)i)->currency;

        if (currency &&
            sums_get(sums, currency) != standing_amount(t, row, currency))
            broken(x, "lines add up\t%s %s", score_who_name(t->score, row->who),
                   currency);
    }
}

static struct standings *
table(const struct score *s, const struct period *p)
{
    struct standings *t = NULL;
    struct err e = ERR_INIT;

    if (standings_new(s, p, &t, &e) != ST_OK)
        die(e.text);
    return t;
}

static void
check_sums(struct trial *x)
{
    g_autoptr(score) s = scored(x, x->f, x->until);
    struct period p =
        period_at(score_calendar(s), PERIOD_QUARTER, effective(x));

    for (score_who who = 0; who < score_n_who(s); who++)
        check_marks(x, s, who);
    for (; p.from <= x->until; p = period_next(score_calendar(s), &p)) {
        g_autoptr(standings) t = table(s, &p);

        for (guint i = 0; i < t->rows->len; i++)
            check_row(x, t, t->rows->pdata[i]);
    }
}

/* ---- the same facts, written down anew ---- */

/* How the facts were known on a day; indices are those of trial.f. */
struct history {
    civil_day *submission_known;
    civil_day *moved; /* DAY_LAST: never */
    int *moved_to;
    civil_day *mark_known, *mark_gone;
    civil_day *waivers_known;
};

static void
history_free(struct history *h)
{
    g_free(h->submission_known);
    g_free(h->moved);
    g_free(h->moved_to);
    g_free(h->mark_known);
    g_free(h->mark_gone);
    g_free(h->waivers_known);
}

static void
copy_people(const struct facts *from, struct facts *to)
{
    for (int i = 0; i < (int)from->people->len; i++)
        facts_add_person(to, facts_person(from, i)->name,
                         facts_person(from, i)->unit);
}

static void
copy_submission(const struct facts *f, int i, const struct history *h,
                civil_day known, const int *commission_at, struct facts *to)
{
    struct fact_submission s = *facts_submission(f, i);

    if (h && h->moved[i] <= known)
        s.units = &h->moved_to[i];
    if (s.commission >= 0 && commission_at)
        s.commission = commission_at[s.commission];
    facts_add_submission(to, &s);
}

static void
copy_commission(const struct facts *f, int i, const struct history *h,
                civil_day known, struct facts *to)
{
    struct fact_commission c = *facts_commission(f, i);
    g_autofree struct fact_duty *duties =
        g_memdup2(c.duties, (gsize)c.n_duties * sizeof *duties);

    for (int k = 0; h && h->waivers_known[i] > known && k < c.n_duties; k++)
        duties[k].waived = DAY_LAST;
    c.duties = duties;
    facts_add_commission(to, &c);
}

static void
copy_mark(const struct facts *f, int i, gint64 id, const int *submission_at,
          struct facts *to)
{
    struct fact_mark m = *facts_mark(f, i);

    m.id = id;
    if (m.submission >= 0)
        m.submission = submission_at[m.submission];
    facts_add_mark(to, &m);
}

/* ---- order of writing ---- */

/* Facts of one day and kind keep their order: that is what decides between
 * equals (docs/scoring.md). */
struct written {
    int index;
    char *kind; /* of a mark its item and day, of others the day */
    guint32 place;
};

static int
by_place(gconstpointer a, gconstpointer b)
{
    const struct written *x = a, *y = b;

    return x->place < y->place ? -1 : x->place > y->place;
}

/* A new order of 0 .. n-1; `kind_of` gives strings that we own. */
static int *
shuffled(struct trial *x, int n, char *(*kind_of)(const struct facts *f, int i))
{
    g_autofree struct written *all = g_new0(struct written, n + 1);
    g_autoptr(GHashTable) next =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, NULL);
    int *out = g_new(int, n + 1);

    for (int i = 0; i < n; i++)
        all[i] = (struct written){i, kind_of(x->f, i), g_rand_int(x->rand)};
    qsort(all, (gsize)n, sizeof *all, by_place);
    /* the places of one kind are filled in the old order */
    for (int i = 0; i < n; i++) {
        int at = GPOINTER_TO_INT(g_hash_table_lookup(next, all[i].kind));
        int k = at;

        for (;; k++) { /* the next one of this kind, in the old order */
            g_autofree char *kind = kind_of(x->f, k);

            if (strcmp(kind, all[i].kind) == 0)
                break;
        }
        out[i] = k;
        g_hash_table_insert(next, all[i].kind, GINT_TO_POINTER(k + 1));
    }
    g_hash_table_remove_all(next);
    for (int i = 0; i < n; i++)
        g_free(all[i].kind);
    return out;
}

static char *
kind_of_submission(const struct facts *f, int i)
{
    return g_strdup_printf("%d", facts_submission(f, i)->day);
}

static char *
kind_of_commission(const struct facts *f, int i)
{
    return g_strdup_printf("%d", civil_time_day(facts_commission(f, i)->due));
}

static char *
kind_of_mark(const struct facts *f, int i)
{
    const struct fact_mark *m = facts_mark(f, i);

    return g_strdup_printf("%s %d", m->item, m->day);
}

static int *
inverse(const int *order, int n)
{
    int *out = g_new(int, n + 1);

    for (int i = 0; i < n; i++)
        out[order[i]] = i;
    return out;
}

static struct facts *
rewritten(struct trial *x)
{
    const struct facts *f = x->f;
    int submissions = (int)f->submissions->len, marks = (int)f->marks->len;
    int commissions = (int)f->commissions->len;
    g_autofree int *s = shuffled(x, submissions, kind_of_submission);
    g_autofree int *c = shuffled(x, commissions, kind_of_commission);
    g_autofree int *m = shuffled(x, marks, kind_of_mark);
    g_autofree int *submission_at = inverse(s, submissions);
    g_autofree int *commission_at = inverse(c, commissions);
    struct facts *to = facts_new();

    copy_people(f, to);
    for (int i = 0; i < commissions; i++)
        copy_commission(f, c[i], NULL, 0, to);
    for (int i = 0; i < submissions; i++)
        copy_submission(f, s[i], NULL, 0, commission_at, to);
    for (int i = 0; i < marks; i++)
        copy_mark(f, m[i], i + 1, submission_at, to);
    for (int i = (int)f->incidents->len - 1; i >= 0; i--)
        facts_add_incident(to, facts_incident(f, i));
    return to;
}

static GHashTable *
lines_of(const struct trial *x, const struct score *s)
{
    GHashTable *sums = sums_new();

    for (score_who who = 0; who < score_n_who(s); who++) {
        g_autoptr(GPtrArray) lines =
            score_lines(s, who, first_day(x), score_upto(s));

        for (guint i = 0; i < lines->len; i++) {
            const struct score_line *l = lines->pdata[i];
            g_autofree char *day = day_format(l->day);

            sums_add(sums,
                     g_strdup_printf("%s %s %s", standings_key(s, who),
                                     l->mark->item->name, day),
                     l->points);
        }
    }
    return sums;
}

static void
check_order(struct trial *x)
{
    g_autoptr(facts) other = rewritten(x);
    g_autoptr(score) a = scored(x, x->f, x->until);
    g_autoptr(score) b = scored(x, other, x->until);
    g_autoptr(GHashTable) lines = lines_of(x, a);
    g_autoptr(GHashTable) again = lines_of(x, b);

    compare_sums(x, "order of writing", lines, again);
}

/* ---- published and adjusted ---- */

struct bulletin { /* a row of the register's table */
    struct period period;
    char *scores;
    int corrects;      /* index of another, or -1 */
    gboolean replaced; /* a later one corrects it */
    GHashTable *sums;  /* "unit currency" -> points and adjustment */
};

static void
bulletin_free(gpointer data)
{
    struct bulletin *b = data;

    g_free(b->scores);
    g_hash_table_unref(b->sums);
    g_free(b);
}

static civil_day
late(struct trial *x, civil_day d)
{
    return g_rand_int_range(x->rand, 0, 10) < 6
               ? d
               : d + g_rand_int_range(x->rand, 1, 70);
}

static void
draw_history(struct trial *x, struct history *h)
{
    const struct facts *f = x->f;
    int units = (int)x->p->roster->units->len;

    h->submission_known = g_new(civil_day, f->submissions->len + 1);
    h->moved = g_new(civil_day, f->submissions->len + 1);
    h->moved_to = g_new(int, f->submissions->len + 1);
    for (int i = 0; i < (int)f->submissions->len; i++) {
        const struct fact_submission *s = facts_submission(f, i);
        gboolean moves = s->n_units == 1 && s->n_authors == 0 &&
                         g_rand_int_range(x->rand, 0, 10) == 0;

        h->submission_known[i] = late(x, s->day);
        h->moved_to[i] = g_rand_int_range(x->rand, 0, units);
        h->moved[i] = moves ? late(x, s->day + 10) : DAY_LAST;
    }
    h->mark_known = g_new(civil_day, f->marks->len + 1);
    h->mark_gone = g_new(civil_day, f->marks->len + 1);
    for (int i = 0; i < (int)f->marks->len; i++) {
        h->mark_known[i] = late(x, facts_mark(f, i)->day);
        h->mark_gone[i] = g_rand_int_range(x->rand, 0, 8)
                              ? DAY_LAST
                              : late(x, h->mark_known[i] + 20);
    }
    h->waivers_known = g_new(civil_day, f->commissions->len + 1);
    for (int i = 0; i < (int)f->commissions->len; i++)
        h->waivers_known[i] =
            late(x, civil_time_day(facts_commission(f, i)->due) + 5);
}

/* The facts as the register had them on a day. */
static struct facts *
facts_on(const struct trial *x, const struct history *h, civil_day known)
{
    const struct facts *f = x->f;
    g_autofree int *at = g_new(int, f->submissions->len + 1);
    struct facts *to = facts_new();

    copy_people(f, to);
    for (int i = 0; i < (int)f->commissions->len; i++)
        copy_commission(f, i, h, known, to);
    for (int i = 0; i < (int)f->submissions->len; i++) {
        at[i] = -1;
        if (h->submission_known[i] > known)
            continue;
        at[i] = (int)to->submissions->len;
        copy_submission(f, i, h, known, NULL, to);
    }
    for (int i = 0; i < (int)f->marks->len; i++) {
        int of = facts_mark(f, i)->submission;

        if (h->mark_known[i] <= known && known < h->mark_gone[i] &&
            (of < 0 || at[of] >= 0))
            copy_mark(f, i, facts_mark(f, i)->id, at, to);
    }
    for (int i = 0; i < (int)f->incidents->len; i++)
        facts_add_incident(to, facts_incident(f, i));
    return to;
}

/* As intake/publish.c asks the register: the last one before this period,
 * and corrections of earlier ones that came after it. */
static struct published *
published_of(const GPtrArray *all, civil_day from)
{
    struct published *out = NULL;
    struct err e = ERR_INIT;
    const struct bulletin *last = NULL;
    guint at = 0;

    for (guint i = 0; i < all->len; i++) {
        const struct bulletin *b = all->pdata[i];

        if (b->period.to < from && (!last || b->period.to >= last->period.to)) {
            last = b;
            at = i;
        }
    }
    if (!last)
        return NULL;
    if (scores_json_published(last->scores, &out, &e) != ST_OK)
        die(e.text);
    for (guint i = at + 1; i < all->len; i++) {
        const struct bulletin *b = all->pdata[i];

        if (b->corrects < 0 || b->period.to >= from)
            continue;
        if (scores_json_corrected(
                ((struct bulletin *)all->pdata[b->corrects])->scores, b->scores,
                out, &e) != ST_OK)
            die(e.text);
    }
    return out;
}

/* Of each currency once: several groups may have it. */
static GHashTable *
currencies_of(const struct pack *p)
{
    GHashTable *out = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint g = 0; g < p->groups->len; g++)
        if (pack_group(p, (int)g)->currency)
            g_hash_table_add(out, pack_group(p, (int)g)->currency);
    return out;
}

static GHashTable *
shown(const struct standings *t)
{
    GHashTable *sums = sums_new();
    g_autoptr(GHashTable) currencies = currencies_of(score_pack(t->score));

    for (guint i = 0; i < t->rows->len; i++) {
        const struct standing_row *r = t->rows->pdata[i];
        const char *key = standings_key(t->score, r->who);
        GHashTableIter k;
        gpointer currency;

        sums_add(sums, g_strdup_printf("%s ", key), r->points + r->adjustment);
        g_hash_table_iter_init(&k, currencies);
        while (g_hash_table_iter_next(&k, &currency, NULL))
            sums_add(sums, g_strdup_printf("%s %s", key, (char *)currency),
                     standing_amount(t, r, currency));
    }
    return sums;
}

static void
publish(struct trial *x, const struct history *h, GPtrArray *all,
        const struct period *p, civil_day today, int corrects)
{
    g_autoptr(facts) f = facts_on(x, h, today);
    g_autoptr(score) s = scored(x, f, p->to);
    g_autoptr(standings) t = table(s, p);
    g_autoptr(published) before = published_of(all, p->from);
    g_autoptr(JsonNode) scores = NULL;
    struct bulletin *b = g_new0(struct bulletin, 1);
    struct err e = ERR_INIT;

    if (standings_adjust(t, before, &e) != ST_OK)
        die(e.text);
    scores = scores_json("office", t, TRUE);
    b->period = *p;
    b->scores = json_to_string(scores, FALSE);
    b->corrects = corrects;
    b->sums = shown(t);
    if (corrects >= 0)
        ((struct bulletin *)all->pdata[corrects])->replaced = TRUE;
    g_ptr_array_add(all, b);
    x->bulletins++;
}

static GHashTable *
fresh(const struct trial *x, const struct facts *f, civil_day from,
      civil_day to)
{
    g_autoptr(score) s = scored(x, f, to);
    GHashTable *sums = sums_new();

    for (int n = 0; n < score_n_credited(s); n++) {
        score_who who = score_credited(s, n);
        g_autoptr(GPtrArray) lines = score_lines(s, who, from, to);

        for (guint i = 0; i < lines->len; i++) {
            const struct score_line *l = lines->pdata[i];
            const char *currency = item_currency(score_pack(s), l->mark->item);

            sums_add(sums,
                     g_strdup_printf("%s %s", standings_key(s, who),
                                     currency ? currency : ""),
                     l->points);
        }
    }
    return sums;
}

static void
check_published(struct trial *x, const struct history *h, const GPtrArray *all,
                civil_day today)
{
    const struct bulletin *first = all->pdata[0];
    const struct bulletin *last = all->pdata[all->len - 1];
    g_autoptr(GHashTable) sums = sums_new();
    g_autoptr(facts) f = facts_on(x, h, today);
    g_autoptr(GHashTable) now =
        fresh(x, f, first->period.from, last->period.to);

    for (guint i = 0; i < all->len; i++) {
        const struct bulletin *b = all->pdata[i];
        GHashTableIter k;
        gpointer key, value;

        g_hash_table_iter_init(&k, b->sums);
        while (!b->replaced && g_hash_table_iter_next(&k, &key, &value))
            sums_add(sums, g_strdup(key), *(decimal *)value);
    }
    compare_sums(x, "published", sums, now);
}

/* One that was published before is corrected now. */
static void
correct_some(struct trial *x, const struct history *h, GPtrArray *all,
             civil_day today)
{
    guint n = (guint)g_rand_int_range(x->rand, 0, (int)all->len);
    struct period p;

    if (g_rand_int_range(x->rand, 0, 4))
        return;
    while (((struct bulletin *)all->pdata[n])->replaced)
        n++;
    p = ((struct bulletin *)all->pdata[n])->period;
    publish(x, h, all, &p, today, (int)n);
}

static void
check_adjusted(struct trial *x)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(bulletin_free);
    const struct calendar cal = calendar_of(x->p);
    enum period_kind kind =
        x->p->bulletin == PERIOD_NONE ? PERIOD_MONTH : x->p->bulletin;
    struct period p = period_at(&cal, kind, effective(x) - 6);
    struct history h;

    draw_history(x, &h);
    for (; p.from <= x->until; p = period_next(&cal, &p)) {
        civil_day today = p.to + g_rand_int_range(x->rand, 1, 12);

        publish(x, &h, all, &p, today, -1);
        check_published(x, &h, all, today);
        correct_some(x, &h, all, today + 3);
    }
    history_free(&h);
}

/* ---- ---- */

static void
try_example(struct trial *x, const struct pack_example *example)
{
    g_autoptr(facts) f = example_facts(x->p, example);
    g_autoptr(score) s = scored(x, f, x->until);

    x->f = f;
    g_rand_set_seed(x->rand, x->seed);
    if (score_refusal(s, NULL, NULL) != REFUSED_NOT)
        return; /* the desk would not have recorded it */
    check_sums(x);
    check_order(x);
    check_adjusted(x);
}

int
main(int argc, char **argv)
{
    struct trial x = {0};
    const struct pack *p;
    struct err e = ERR_INIT;

    if (argc != 4 || !day_parse(argv[2], &x.until))
        die("usage: scorelaws PACK UNTIL SEED");
    if (pack_load_series(argv[1], &x.packs, NULL, &e) != ST_OK)
        die(e.text);
    p = x.packs->pdata[x.packs->len - 1];
    if (p->rehearsal) /* the units that the examples speak of */
        die("a pack with samples is not tried");
    x.p = p;
    x.seed = (guint32)g_ascii_strtoull(argv[3], NULL, 10);
    x.rand = g_rand_new();
    for (x.example = 0; x.example < p->examples->len; x.example++)
        try_example(&x, p->examples->pdata[x.example]);
    printf("tried\t%u\t%d\n", p->examples->len, x.bulletins);
    g_rand_free(x.rand);
    g_ptr_array_unref(x.packs);
    return x.broken ? 1 : 0;
}
