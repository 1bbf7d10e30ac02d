/* A roster that changes in mid-year: units that are set up, dissolved, renamed,
 * moved to another class or merged.  What was published before stays as it
 * was. */
#include "pack/load.h"
#include "rules/standings.h"
#include "unit/pack_fixture.h"

#include <string.h>

static const char rules[] =
    "pack: year\n"
    "title: 一年\n"
    "version: 1\n"
    "effective: 2019-01-01\n"
    "joint: full\n"
    "classes: [{name: 镇街}, {name: 部门}, {name: 本办, standing: "
    "uncredited}]\n"
    "groups: [{name: 采用, keep: 1}, {name: 约稿, keep: 1, per: "
    "[commission]}]\n"
    "items:\n"
    "  - {name: 普刊, group: 采用, clause: 一, cases: [{classes: [镇街], "
    "points: 3}, {points: 2}]}\n"
    "  - {name: 专报, group: 采用, points: 10, clause: 一}\n"
    "  - {name: 未报, group: 约稿, when: missed, points: -2, clause: 二}\n"
    "measures:\n"
    "  - {name: 得分, points: [all]}\n"
    "  - {name: 月任务, points: [all], per: month, targets: [{classes: "
    "[镇街], at-least: 3}, {classes: [部门], at-least: 2}]}\n"
    "rankings: [{name: 月榜, per: month, by: 得分}, {name: 年榜, per: year, "
    "by: 得分}]\n";

static const char as_it_was[] = "units:\n"
                                "  - {name: 东镇, class: 镇街}\n"
                                "  - {name: 西镇, class: 镇街}\n"
                                "  - {name: 县财政局, short: 财政局, class: "
                                "部门}\n"
                                "  - {name: 县粮食局, short: 粮食局, class: "
                                "部门}\n"
                                "  - {name: 县物资局, short: 物资局, class: "
                                "部门}\n";

/* Since 1 July: 新镇 set up, 西镇 dissolved, 财政局 renamed, 东镇 a
 * department, 粮食局 merged into 物资局, that at the year's end into 财政局. */
static const char as_it_is[] =
    "units:\n"
    "  - {name: 东镇, class: 镇街, moves: [{from: 2019-07-01, class: 部门}]}\n"
    "  - {name: 西镇, class: 镇街, to: 2019-06-30}\n"
    "  - {name: 新镇, class: 镇街, from: 2019-07-01}\n"
    "  - {name: 县财政金融局, short: 财金局, class: 部门, was: [县财政局, "
    "财政局]}\n"
    "  - {name: 县粮食局, short: 粮食局, class: 部门, to: 2019-06-30, "
    "credit-to: 县物资局}\n"
    "  - {name: 县物资局, short: 物资局, class: 部门, to: 2019-12-31, "
    "credit-to: 县财政金融局}\n";

/* ---- facts, the same under both rosters ---- */

struct year {
    struct pack *p;
    struct facts *f;
    struct score *s;
};

static civil_day
on(int month, int day)
{
    return day_from_ymd(2019, month, day);
}

static int
unit_of(const struct year *y, const char *name)
{
    struct unit *u = roster_find(y->p->roster, name);

    g_assert_nonnull(u);
    return u->index;
}

/* A submission of a unit, and what was marked on it when. */
static int
submit(struct year *y, const char *number, civil_day d, const char *unit)
{
    int units[] = {unit_of(y, unit)};
    struct fact_submission s = {.number = number,
                                .day = d,
                                .received = civil_time_end(d),
                                .units = units,
                                .n_units = 1,
                                .form = -1,
                                .commission = -1};

    return facts_add_submission(y->f, &s);
}

static void
mark(struct year *y, const char *item, civil_day d, int submission)
{
    struct fact_mark m = {.id = (gint64)y->f->marks->len + 1,
                          .item = item,
                          .day = d,
                          .submission = submission,
                          .unit = -1,
                          .quantity = DECIMAL_ONE};

    facts_add_mark(y->f, &m);
}

static void
commission(struct year *y, const char *number, civil_day due,
           const char *const *names)
{
    struct fact_duty duties[4];
    struct fact_commission c = {.number = number,
                                .day = due - 10,
                                .due = civil_time_end(due),
                                .duties = duties};

    for (; *names; names++)
        duties[c.n_duties++] =
            (struct fact_duty){.unit = unit_of(y, *names), .waived = DAY_LAST};
    facts_add_commission(y->f, &c);
}

static void
first_half(struct year *y)
{
    static const char *const asked[] = {"县粮食局", "西镇", NULL};

    commission(y, "约1", on(3, 20), asked);
    mark(y, "普刊", on(3, 5), submit(y, "0001", on(3, 1), "东镇"));
    mark(y, "普刊", on(3, 6), submit(y, "0002", on(3, 1), "西镇"));
    mark(y, "专报", on(4, 6), submit(y, "0003", on(4, 1), "县财政局"));
    mark(y, "普刊", on(4, 7), submit(y, "0004", on(4, 1), "县粮食局"));
    mark(y, "普刊", on(5, 7), submit(y, "0005", on(5, 1), "县物资局"));
}

static void
year_score(struct year *y, const char *units, void (*fill)(struct year *))
{
    char *dir = scratch_make();
    struct err e = ERR_INIT;

    scratch_put(dir, "pack.yaml", rules);
    scratch_put(dir, "roster.yaml", units);
    y->p = NULL;
    pack_load(dir, &y->p, &e);
    g_assert_cmpstr(e.text, ==, "");
    scratch_remove(dir);
    y->f = facts_new();
    fill(y);
    y->s = NULL;
    g_assert_cmpint(score_new(y->p, y->f, day_from_ymd(2020, 3, 31), &y->s, &e),
                    ==, ST_OK);
}

static void
year_clear(struct year *y)
{
    score_free(y->s);
    facts_free(y->f);
    pack_free(y->p);
}

/* "东镇 3 #1, ..." by class, of those who have a row. */
static char *
table(const struct year *y, const char *name)
{
    struct calendar cal = calendar_of(y->p);
    GString *out = g_string_new(NULL);
    g_autoptr(standings) t = NULL;
    struct period p;
    struct err e = ERR_INIT;

    g_assert_true(period_parse(&cal, name, &p));
    g_assert_cmpint(standings_new(y->s, &p, &t, &e), ==, ST_OK);
    for (guint i = 0; i < t->rows->len; i++) {
        const struct standing_row *r = t->rows->pdata[i];
        g_autofree char *points = decimal_format(r->points);

        g_string_append_printf(out, "%s%s %s #%d", i ? ", " : "",
                               score_who_name(y->s, r->who), points, r->rank);
    }
    return g_string_free(out, FALSE);
}

/* ---- what is over does not change ---- */

static void
test_first_half(void)
{
    static const char *const periods[] = {"2019-03", "2019-04", "2019-05",
                                          "2019-06", "2019-Q1"};
    struct year before, after;

    year_score(&before, as_it_was, first_half);
    year_score(&after, as_it_is, first_half);
    for (gsize i = 0; i < G_N_ELEMENTS(periods); i++) {
        g_autofree char *was = table(&before, periods[i]);
        g_autofree char *is = table(&after, periods[i]);
        g_auto(GStrv) renamed = g_strsplit(is, "县财政金融局", -1);
        g_autofree char *same = g_strjoinv("县财政局", renamed);

        g_assert_cmpstr(same, ==, was);
    }
    year_clear(&after);
    year_clear(&before);
}

/* ---- what comes after ---- */

static void
second_half(struct year *y)
{
    static const char *const asked[] = {"县粮食局", "西镇", "新镇", NULL};

    first_half(y);
    commission(y, "约2", on(7, 20), asked);
    mark(y, "专报", on(7, 8), 3); /* 0004, of what was 粮食局 */
    mark(y, "普刊", on(7, 6), submit(y, "0006", on(7, 1), "东镇"));
    mark(y, "普刊", on(7, 7), submit(y, "0007", on(7, 2), "新镇"));
    mark(y, "普刊", on(7, 8), submit(y, "0008", on(7, 2), "财政局"));
    mark(y, "普刊", day_from_ymd(2020, 1, 8), 4); /* 0005, of 物资局 */
}

static void
test_second_half(void)
{
    struct year y;
    g_autofree char *june = NULL, *july = NULL, *year = NULL, *next = NULL;

    year_score(&y, as_it_is, second_half);
    june = table(&y, "2019-06");
    july = table(&y, "2019-07");
    year = table(&y, "2019");
    next = table(&y, "2020-01");
    g_assert_cmpstr(june, ==,
                    "东镇 0 #1, 西镇 0 #1, 县财政金融局 0 #1, 县粮食局 0 #1, "
                    "县物资局 0 #1");
    /* 粮食局's later adoption and its missed commission are 物资局's; 西镇
     * has nobody to be late in its place; 东镇 is paid as a department */
    g_assert_cmpstr(july, ==,
                    "新镇 1 #1, 县物资局 8 #1, 东镇 2 #2, 县财政金融局 2 #2");
    /* those who ended are in the table of the year that they saw */
    g_assert_cmpstr(year, ==,
                    "西镇 1 #1, 新镇 1 #1, 县财政金融局 12 #1, 县物资局 10 "
                    "#2, 东镇 5 #3, 县粮食局 0 #4");
    g_assert_cmpstr(next, ==, "新镇 0 #1, 县财政金融局 2 #1, 东镇 0 #2");
    year_clear(&y);
}

/* Targets: of the class on the period's last day; periods that a unit does
 * not span are not judged. */
static void
test_targets(void)
{
    static const struct {
        const char *unit, *period;
        gint64 goal; /* 0: no row, as the unit is not there */
        gboolean met;
    } judged[] = {
        {"东镇", "2019-06", 3, FALSE},
        {"东镇", "2019-07", 2, TRUE},
        {"新镇", "2019-07", 3, FALSE},
    };
    struct year y;

    year_score(&y, as_it_is, second_half);
    for (gsize i = 0; i < G_N_ELEMENTS(judged); i++) {
        struct period p;
        struct measured m;
        struct err e = ERR_INIT;

        g_assert_true(period_parse(score_calendar(y.s), judged[i].period, &p));
        g_assert_cmpint(score_measure(y.s, pack_find_measure(y.p, "月任务"),
                                      unit_of(&y, judged[i].unit), &p, &m, &e),
                        ==, ST_OK);
        g_assert_nonnull(m.goal);
        g_assert_cmpint(m.goal->number, ==, judged[i].goal * DECIMAL_ONE);
        g_assert_cmpint(m.met, ==, judged[i].met);
    }
    year_clear(&y);
}

/* ---- adjustments: of nobody, whatever the units are called now ---- */

static struct published *
published_first_half(void)
{
    struct published *p = published_new(on(6, 30));
    struct year y;

    year_score(&y, as_it_was, first_half);
    for (score_who who = 0; who < score_n_who(y.s); who++) {
        g_autoptr(GPtrArray) lines = score_lines(y.s, who, on(1, 1), on(6, 30));

        for (guint i = 0; i < lines->len; i++) {
            const struct score_line *l = lines->pdata[i];

            struct published_line line = {
                .who = (char *)standings_key(y.s, who),
                .item = l->mark->item->name,
                .number = (char *)mark_number(y.f, l->mark),
                .day = l->day,
                .points = l->points};

            published_add(p, &line);
        }
    }
    year_clear(&y);
    return p;
}

static void
test_adjustments(void)
{
    g_autoptr(standings) t = NULL;
    struct published *before = published_first_half();
    struct year y;
    struct period p;
    struct err e = ERR_INIT;

    year_score(&y, as_it_is, second_half);
    g_assert_true(period_parse(score_calendar(y.s), "2019-H2", &p));
    g_assert_cmpint(standings_new(y.s, &p, &t, &e), ==, ST_OK);
    g_assert_cmpint(standings_adjust(t, before, &e), ==, ST_OK);
    g_assert_cmpuint(t->rows->len, ==, 4);
    for (guint i = 0; i < t->rows->len; i++) {
        const struct standing_row *r = t->rows->pdata[i];

        g_assert_cmpint(r->adjustment, ==, 0);
        g_assert_cmpuint(r->adjustments->len, ==, 0);
    }
    published_free(before);
    year_clear(&y);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/roster-year/first-half-stays", test_first_half);
    g_test_add_func("/roster-year/second-half", test_second_half);
    g_test_add_func("/roster-year/targets", test_targets);
    g_test_add_func("/roster-year/no-adjustments", test_adjustments);
    return g_test_run();
}
