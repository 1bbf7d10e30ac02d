/* scorefacts PACK UNTIL - score every example of a pack until a day and
 * print all that can be asked, one thing a line, fields by tabs.  A folder
 * with several packs of one office: the facts are those of the last one's
 * examples, which the others have as well.
 *
 *     example  INDEX
 *     refused  keep|shares|amount                     and nothing more
 *     line     WHO ITEM DAY POINTS
 *     mark     WHO ITEM DAY QUANTITY                  alive on UNTIL
 *     measure  NAME WHO PERIOD VALUE MET MISSING      - is a blank
 *     rank     NAME PERIOD WHO VALUE RANK AWARD
 *
 * Fractions are printed as NUM/DEN.  tests/flow/diff_score.py compares this
 * with the reference evaluator. */
#include "pack/load.h"
#include "rules/example.h"
#include "rules/ranking.h"

#include <stdio.h>

static const enum period_kind every_kind[] = {PERIOD_MONTH, PERIOD_QUARTER,
                                              PERIOD_YEAR};

static void
die(const char *text)
{
    fprintf(stderr, "scorefacts: %s\n", text);
    exit(1);
}

static void
print_lines(const struct score *s, score_who who)
{
    g_autoptr(GPtrArray) lines = score_lines(s, who, DAY_FIRST, score_upto(s));

    for (guint i = 0; i < lines->len; i++) {
        const struct score_line *line = lines->pdata[i];
        g_autofree char *day = day_format(line->day);
        g_autofree char *points = decimal_format(line->points);

        printf("line\t%s\t%s\t%s\t%s\n", score_who_name(s, who),
               line->mark->item->name, day, points);
    }
}

static void
print_marks(const struct score *s, score_who who)
{
    g_autoptr(GPtrArray) marks =
        score_marks(s, who, DAY_FIRST, score_upto(s), score_upto(s));

    for (guint i = 0; i < marks->len; i++) {
        const struct score_mark *m = marks->pdata[i];
        g_autofree char *day = day_format(m->day);

        printf("mark\t%s\t%s\t%s\t%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "\n",
               score_who_name(s, who), m->item->name, day, m->quantity.num,
               m->quantity.den);
    }
}

static void
print_measure(const struct score *s, const struct pack_measure *m,
              score_who who, const struct period *p)
{
    g_autofree char *name = period_name(p);
    struct measured r;
    struct err e = ERR_INIT;

    if (score_measure(s, m, who, p, &r, &e) != ST_OK)
        die(e.text);
    printf("measure\t%s\t%s\t%s\t", m->name, score_who_name(s, who), name);
    if (r.blank)
        printf("-\t");
    else
        printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "\t", r.value.num,
               r.value.den);
    printf("%s\t", !r.judged ? "-" : r.met ? "true" : "false");
    if (r.has_missing)
        printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "\n", r.missing.num,
               r.missing.den);
    else
        printf("-\n");
}

static void
print_ranking(const struct score *s, const struct pack_ranking *r,
              const struct period *p)
{
    g_autoptr(GArray) rows = NULL;
    g_autofree char *name = period_name(p);
    struct err e = ERR_INIT;

    if (ranking_new(s, r, p, NULL, &rows, &e) != ST_OK)
        die(e.text);
    for (guint i = 0; i < rows->len; i++) {
        const struct rank_row *row = &g_array_index(rows, struct rank_row, i);

        printf("rank\t%s\t%s\t%s\t%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT
               "\t%d\t%s\n",
               r->name, name, score_who_name(s, row->who), row->value.num,
               row->value.den, row->rank, row->award ? row->award : "-");
    }
}

static void
print_periods(const struct score *s, enum period_kind kind)
{
    const struct pack *p = score_pack(s);
    struct period at =
        period_first_since(score_calendar(s), kind, p->effective);

    for (; at.from <= score_upto(s); at = period_next(score_calendar(s), &at)) {
        for (guint m = 0; m < p->measures->len; m++)
            for (int i = 0; i < score_n_credited(s); i++)
                print_measure(s, pack_measure(p, (int)m), score_credited(s, i),
                              &at);
        for (guint r = 0; r < p->rankings->len; r++)
            if (at.to <= score_upto(s))
                print_ranking(s, p->rankings->pdata[r], &at);
    }
}

/* Under each pack of the office until the next one begins.  *facts_out are
 * those of the last one. */
static struct score *
score_series(const GPtrArray *packs, guint example, civil_day until,
             struct facts **facts_out)
{
    g_autoptr(score) s = NULL;
    g_autoptr(facts) f = NULL;
    struct err e = ERR_INIT;

    for (guint n = 0; n < packs->len; n++) {
        const struct pack *p = packs->pdata[n];
        const struct pack *next =
            n + 1 < packs->len ? packs->pdata[n + 1] : NULL;
        g_autoptr(score) before = g_steal_pointer(&s);
        g_autoptr(facts) facts_before = g_steal_pointer(&f);

        f = example_facts(p, p->examples->pdata[example]);
        if (score_new_after(before, p, f, next ? next->effective - 1 : until,
                            &s, &e) != ST_OK)
            die(e.text);
    }
    *facts_out = g_steal_pointer(&f);
    return g_steal_pointer(&s);
}

static void
print_score(const GPtrArray *packs, guint example, civil_day until)
{
    static const char *const refusals[] = {"not", "keep", "shares", "amount"};
    const struct pack *p = packs->pdata[packs->len - 1];
    g_autoptr(facts) f = NULL;
    g_autoptr(score) s = score_series(packs, example, until, &f);
    enum refusal refused = score_refusal(s, NULL, NULL);

    if (refused != REFUSED_NOT) {
        printf("refused\t%s\n", refusals[refused]);
        return;
    }
    for (score_who who = 0; who < (int)(p->roster->units->len + f->people->len);
         who++) {
        print_lines(s, who);
        print_marks(s, who);
    }
    for (gsize k = 0; k < G_N_ELEMENTS(every_kind); k++)
        print_periods(s, every_kind[k]);
}

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) packs = NULL;
    const struct pack *last;
    civil_day until;
    struct err e = ERR_INIT;

    if (argc != 3 || !day_parse(argv[2], &until))
        die("usage: scorefacts PACK UNTIL");
    if (pack_load_series(argv[1], &packs, NULL, &e) != ST_OK)
        die(e.text);
    last = packs->pdata[packs->len - 1];
    for (guint i = 0; i < last->examples->len; i++) {
        printf("example\t%u\n", i);
        print_score(packs, i, until);
    }
    return 0;
}
