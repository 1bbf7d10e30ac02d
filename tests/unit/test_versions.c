/* Packs of one office that follow each other in mid-year: facts are worth
 * what the pack in force on their day says, groups and measures are those of
 * the day of reckoning, and what is over stays. */
#include "pack/load.h"
#include "rules/explain.h"
#include "rules/ranking.h"
#include "unit/pack_fixture.h"

#include <string.h>

#define HEAD(effective)                                                        \
    "pack: office\n"                                                           \
    "title: 办法\n"                                                          \
    "version: 1\n"                                                             \
    "effective: " effective "\n"                                               \
    "joint: full\n"                                                            \
    "forms: [长, 短]\n"                                                      \
    "classes: [{name: 单位, units: [甲, 乙, 丙]}]\n"

static const char first_pack[] = HEAD(
    "2019-01-01") "groups:\n"
                  "  - {name: 采用, keep: 1}\n"
                  "  - {name: 批示, keep: 1}\n"
                  "  - {name: 约稿, keep: 1, per: [commission]}\n"
                  "  - {name: 旧组, keep: all, per: [month], at-most: 1}\n"
                  "  - {name: 任务, keep: all}\n"
                  "items:\n"
                  "  - {name: 普刊, group: 采用, points: 3, clause: 旧一}\n"
                  "  - {name: 旧刊, label: 旧, group: 采用, points: 5, clause: 旧二}\n"
                  "  - {name: 国办, group: 批示, clause: 旧三, cases: [{with: [通报], "
                  "points: 20}]}\n"
                  "  - {name: 通报, clause: 旧三}\n"
                  "  - {name: 未报, group: 约稿, when: missed, points: -2, clause: 旧四}\n"
                  "  - {name: 报送, group: 旧组, when: submitted, points: 0.2, clause: "
                  "旧五}\n"
                  "  - {name: 长文, group: 旧组, clause: 旧五, cases: [{forms: [长], "
                  "points: 0.6}]}\n"
                  "  - {name: 达标, group: 任务, when: met, measures: [季采用], points: 2, "
                  "clause: 旧六}\n"
                  "measures:\n"
                  "  - {name: 得分, points: [all]}\n"
                  "  - {name: 季采用, count: [采用], per: quarter, targets: [{at-least: "
                  "1}]}\n";

/* 普刊 is called 要刊 and worth more, 旧刊, 报送 and the tasks are gone, 批示
 * adds up. */
static const char second_pack[] = HEAD(
    "2019-07-01") "groups:\n"
                  "  - {name: 采用, keep: 1}\n"
                  "  - {name: 批示, keep: all}\n"
                  "  - {name: 约稿, keep: 1, per: [commission]}\n"
                  "items:\n"
                  "  - {name: 要刊, group: 采用, points: 4, clause: 新一, was: [普刊]}\n"
                  "  - {name: 新刊, group: 采用, points: 8, clause: 新二}\n"
                  "  - {name: 国办, group: 批示, clause: 新三, cases: [{with: [通报], "
                  "points: 30}]}\n"
                  "  - {name: 通报, clause: 新三}\n"
                  "  - {name: 未报, group: 约稿, when: missed, points: -9, clause: 新四}\n"
                  "measures:\n"
                  "  - {name: 得分, points: [all]}\n"
                  "  - {name: 采用分, points: [采用]}\n"
                  "  - {name: 年采用, count: [采用], per: year, targets: [{at-least: 9}]}\n";

static const char third_pack[] = HEAD(
    "2019-10-01") "groups: [{name: 采用, keep: all}]\n"
                  "items: [{name: 要刊, group: 采用, points: 7, clause: 三一}]\n"
                  "measures: [{name: 得分, points: [all]}]\n";

/* ---- packs, facts, scores ---- */

struct office_year {
    struct pack *packs[3];
    int n_packs;
    struct facts *f;
    struct score *scores[3]; /* under each pack, until it ends */
};

static civil_day
on(int month, int day)
{
    return day_from_ymd(2019, month, day);
}

static struct pack *
load(const char *text)
{
    char *dir = scratch_make();
    struct pack *p = NULL;
    struct err e = ERR_INIT;

    scratch_put(dir, "pack.yaml", text);
    pack_load(dir, &p, &e);
    g_assert_cmpstr(e.text, ==, "");
    scratch_remove(dir);
    return p;
}

static void
office_open(struct office_year *y, int n_packs)
{
    static const char *const texts[] = {first_pack, second_pack, third_pack};

    y->n_packs = n_packs;
    y->f = facts_new();
    for (int i = 0; i < n_packs; i++) {
        y->packs[i] = load(texts[i]);
        y->scores[i] = NULL;
        if (i > 0)
            pack_succeed(y->packs[i], y->packs[i - 1]);
    }
}

static void
office_close(struct office_year *y)
{
    for (int i = y->n_packs - 1; i >= 0; i--) {
        score_free(y->scores[i]);
        pack_free(y->packs[i]);
    }
    facts_free(y->f);
}

static int
submit(struct office_year *y, const char *number, civil_day d, const char *unit,
       int commission)
{
    int units[] = {roster_find(y->packs[0]->roster, unit)->index};
    struct fact_submission s = {.number = number,
                                .day = d,
                                .received = civil_time_end(d),
                                .units = units,
                                .n_units = 1,
                                .form = 0,
                                .commission = commission};

    return facts_add_submission(y->f, &s);
}

static void
mark(struct office_year *y, const char *item, civil_day d, int submission)
{
    struct fact_mark m = {.id = (gint64)y->f->marks->len + 1,
                          .item = item,
                          .day = d,
                          .submission = submission,
                          .unit = -1,
                          .quantity = DECIMAL_ONE};

    facts_add_mark(y->f, &m);
}

/* Score under one pack after the other; gives the last one. */
static const struct score *
reckon(struct office_year *y)
{
    for (int i = 0; i < y->n_packs; i++)
        g_clear_pointer(&y->scores[i], score_free);
    for (int i = 0; i < y->n_packs; i++) {
        civil_day upto =
            i + 1 < y->n_packs ? y->packs[i + 1]->effective - 1 : on(12, 31);
        struct err e = ERR_INIT;

        score_new_after(i ? y->scores[i - 1] : NULL, y->packs[i], y->f, upto,
                        &y->scores[i], &e);
        g_assert_cmpstr(e.text, ==, "");
    }
    return y->scores[y->n_packs - 1];
}

static void
assert_points(const struct score *s, const char *unit, civil_day from,
              civil_day to, const char *points)
{
    g_autofree char *got = decimal_format(
        score_points(s, NULL, score_find_who(s, unit), from, to));

    g_assert_cmpstr(got, ==, points);
}

static char *
lines_of(const struct score *s, const char *unit, civil_day from, civil_day to)
{
    g_autoptr(GPtrArray) lines = explain(s, score_find_who(s, unit), from, to);
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < lines->len; i++) {
        const struct explained *x = lines->pdata[i];
        g_autofree char *day = day_format(x->line->day);
        g_autofree char *points = decimal_format(x->line->points);

        g_string_append_printf(out, "%s %s %s %s\n", day, x->label, x->clause,
                               points);
    }
    return g_string_free(out, FALSE);
}

/* ---- what is over stays ---- */

static void
much(struct office_year *y)
{
    struct fact_duty duties[] = {{1, DAY_LAST, NULL, NULL},
                                 {2, DAY_LAST, NULL, NULL}};
    struct fact_commission c = {.number = "约1",
                                .day = on(5, 1),
                                .due = civil_time_end(on(6, 10)),
                                .duties = duties,
                                .n_duties = 2};
    int asked = facts_add_commission(y->f, &c), a, b;

    a = submit(y, "0001", on(3, 1), "甲", -1);
    mark(y, "普刊", on(3, 5), a);
    mark(y, "旧刊", on(4, 5), a);
    b = submit(y, "0002", on(6, 20), "甲", -1);
    mark(y, "国办", on(6, 21), b);
    mark(y, "国办", on(6, 22), b);
    mark(y, "长文", on(6, 23), b);
    submit(y, "0003", on(7, 3), "乙", asked);
    mark(y, "新刊", on(7, 5), a);
    mark(y, "通报", on(7, 6), b);
    mark(y, "国办", on(7, 7), b);
    mark(y, "普刊", on(8, 8), submit(y, "0004", on(8, 1), "丙", -1));
}

static void
test_over(void)
{
    static const char *const units[] = {"甲", "乙", "丙"};
    struct office_year y;
    const struct score *s;

    office_open(&y, 2);
    much(&y);
    s = reckon(&y);
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autofree char *was =
            lines_of(y.scores[0], units[i], on(1, 1), on(6, 30));
        g_autofree char *is = lines_of(s, units[i], on(1, 1), on(6, 30));

        g_assert_cmpstr(is, ==, was);
    }
    /* 3 and 2 more for 旧刊, twice 0.2 and 0.6, 2 for the first quarter */
    assert_points(s, "甲", on(1, 1), on(6, 30), "8");
    assert_points(s, "乙", on(1, 1), on(6, 30), "-2");
    office_close(&y);
}

/* ---- what comes after ---- */

static void
test_after(void)
{
    struct office_year y;
    const struct score *s;
    g_autofree char *july = NULL, *back = NULL, *new = NULL;

    office_open(&y, 2);
    much(&y);
    s = reckon(&y);
    july = lines_of(s, "甲", on(7, 1), on(12, 31));
    back = lines_of(s, "乙", on(7, 1), on(12, 31));
    new = lines_of(s, "丙", on(7, 1), on(12, 31));
    /* 新刊 beats 旧刊 by 3.  The old 国办 are worth what the old pack says,
     * under the new group that adds up; the new one what the new pack says. */
    g_assert_cmpstr(july, ==,
                    "2019-07-05 旧 旧二 -5\n"
                    "2019-07-05 新刊 新二 8\n"
                    "2019-07-06 国办 旧三 20\n"
                    "2019-07-06 国办 旧三 20\n"
                    "2019-07-07 国办 新三 30\n");
    g_assert_cmpstr(back, ==, "2019-07-03 未报 旧四 2\n");
    g_assert_cmpstr(new, ==, "2019-08-08 要刊 新一 4\n");
    assert_points(s, "甲", on(1, 1), on(12, 31), "81");
    g_assert_cmpuint(score_unknown(s)->len, ==, 0);
    office_close(&y);
}

/* What a group decided is said by the rules of the line's own day: 批示 keeps
 * one until July; and an item is called what it was called then. */
static void
test_explained(void)
{
    struct office_year y;
    const struct score *s;
    g_autoptr(GPtrArray) june = NULL, august = NULL;
    const struct explained *lost, *renamed;
    int a;

    office_open(&y, 2);
    a = submit(&y, "0001", on(5, 1), "甲", -1);
    mark(&y, "通报", on(5, 2), a);
    mark(&y, "国办", on(5, 3), a);
    mark(&y, "国办", on(5, 4), a);
    mark(&y, "普刊", on(5, 5), a);
    s = reckon(&y);
    june = explain(s, score_find_who(s, "甲"), on(5, 4), on(5, 5));
    lost = june->pdata[0];
    renamed = june->pdata[1];
    g_assert_cmpstr(
        lost->reason, ==,
        "worth 20 (together with 通报: 20); \"批示\" counts only the "
        "highest 1: 国办 of 2019-05-03 goes before");
    g_assert_cmpstr(renamed->item, ==, "要刊");
    g_assert_cmpstr(renamed->then, ==, "普刊");
    mark(&y, "旧刊", on(8, 5), a);
    august = explain_unknown(reckon(&y), -1, on(8, 1), on(8, 31));
    g_assert_cmpuint(august->len, ==, 1);
    office_close(&y);
}

/* A form and a class that the next pack does not have any more, and points
 * that it rounds otherwise: what waits for another mark is worth what it was
 * to be worth. */
static const char forms_before[] =
    "pack: office\ntitle: 办法\nversion: 1\neffective: 2019-01-01\njoint: equal\n"
    "decimals: 2\nforms: [长, 短]\n"
    "classes: [{name: 镇街, units: [甲]}, {name: 部门, units: [乙]}]\n"
    "groups: [{name: 采用, keep: all}]\n"
    "items:\n"
    "  - {name: 专报, group: 采用, clause: 一, cases: [{forms: [长], classes: "
    "[镇街], with: [通报], points: 7.25}]}\n"
    "  - {name: 通报, clause: 二}\n"
    "measures: [{name: 得分, points: [all]}]\n";
static const char forms_after[] =
    "pack: office\ntitle: 办法\nversion: 2\neffective: 2019-07-01\njoint: equal\n"
    "decimals: 0\nforms: [全文]\n"
    "classes: [{name: 单位, units: [甲, 乙]}]\n"
    "groups: [{name: 采用, keep: all}]\n"
    "items:\n"
    "  - {name: 专报, group: 采用, clause: 一, points: 1}\n"
    "  - {name: 通报, clause: 二}\n"
    "measures: [{name: 得分, points: [all]}]\n";

static void
test_lasting(void)
{
    struct office_year y = {.n_packs = 2, .f = facts_new()};
    g_autoptr(facts) later = facts_new(); /* as the later pack has them */
    struct facts *early = y.f;
    struct err e = ERR_INIT;
    int units[] = {0};
    struct fact_submission f = {.number = "0001",
                                .day = on(5, 1),
                                .received = civil_time_end(on(5, 1)),
                                .units = units,
                                .n_units = 1,
                                .commission = -1};

    y.packs[0] = load(forms_before);
    y.packs[1] = load(forms_after);
    pack_succeed(y.packs[1], y.packs[0]);
    for (int i = 0; i < 2; i++) {
        f.form = i == 0 ? 0 : -1;
        y.f = i == 0 ? early : later;
        facts_add_submission(y.f, &f);
        mark(&y, "专报", on(5, 2), 0);
        mark(&y, "通报", on(8, 1), 0);
        g_assert_cmpint(score_new_after(i ? y.scores[0] : NULL, y.packs[i], y.f,
                                        i ? on(12, 31) : on(6, 30),
                                        &y.scores[i], &e),
                        ==, ST_OK);
    }
    assert_points(y.scores[1], "甲", on(5, 1), on(7, 31), "0");
    assert_points(y.scores[1], "甲", on(8, 1), on(8, 1), "7.25");
    y.f = early;
    office_close(&y);
}

/* The effect of a mark is what the pack of its day says: a year that was
 * turned to nothing stays so, and its mark is no veto now. */
static const char zero_before[] =
    HEAD("2019-01-01") "groups: [{name: 采用, keep: all}]\n"
                       "items:\n"
                       "  - {name: 普刊, group: 采用, points: 3, clause: 一}\n"
                       "  - {name: 泄密, effect: zero, clause: 二}\n"
                       "measures: [{name: 得分, points: [all]}]\n";
static const char zero_after[] =
    HEAD("2019-07-01") "groups: [{name: 采用, keep: all}]\n"
                       "items:\n"
                       "  - {name: 普刊, group: 采用, points: 3, clause: 一}\n"
                       "  - {name: 泄密, effect: veto, clause: 二}\n"
                       "measures: [{name: 得分, points: [all]}]\n";

static void
test_effects(void)
{
    struct office_year y = {.n_packs = 2, .f = facts_new()};
    g_autoptr(GPtrArray) vetoes = NULL, of_other = NULL;
    const struct score *s;
    int a, b;

    y.packs[0] = load(zero_before);
    y.packs[1] = load(zero_after);
    pack_succeed(y.packs[1], y.packs[0]);
    a = submit(&y, "0001", on(3, 1), "甲", -1);
    mark(&y, "普刊", on(3, 2), a);
    mark(&y, "泄密", on(5, 1), a);
    mark(&y, "普刊", on(8, 1), a);
    b = submit(&y, "0002", on(3, 1), "乙", -1);
    mark(&y, "普刊", on(3, 2), b);
    mark(&y, "泄密", on(8, 1), b);
    s = reckon(&y);
    assert_points(s, "甲", on(1, 1), on(12, 31), "0");
    assert_points(s, "乙", on(1, 1), on(12, 31), "3");
    vetoes = score_effects(s, EFFECT_VETO, score_find_who(s, "甲"), 2019,
                           on(12, 31));
    of_other = score_effects(s, EFFECT_VETO, score_find_who(s, "乙"), 2019,
                             on(12, 31));
    g_assert_cmpuint(vetoes->len, ==, 0);
    g_assert_cmpuint(of_other->len, ==, 1);
    office_close(&y);
}

/* Measures are those of the day of reckoning, and see what was before. */
static void
test_measures(void)
{
    struct office_year y;
    const struct score *s;
    struct period year;
    struct measured m;
    struct err e = ERR_INIT;

    office_open(&y, 2);
    much(&y);
    s = reckon(&y);
    g_assert_true(period_parse(score_calendar(s), "2019", &year));
    g_assert_cmpint(score_measure(s, pack_find_measure(y.packs[1], "采用分"), 0,
                                  &year, &m, &e),
                    ==, ST_OK);
    g_assert_cmpint(ratio_round(m.value, 0), ==, 8 * DECIMAL_ONE);
    score_measure(s, pack_find_measure(y.packs[1], "得分"), 0, &year, &m, &e);
    g_assert_cmpint(ratio_round(m.value, 0), ==, 81 * DECIMAL_ONE);
    score_measure(s, pack_find_measure(y.packs[1], "年采用"), 0, &year, &m, &e);
    g_assert_cmpint(ratio_round(m.value, 0), ==, DECIMAL_ONE);
    office_close(&y);
}

/* No new mark of what is gone, and none by itself. */
static void
test_retired(void)
{
    struct office_year y;
    const struct score *s;
    int a;

    office_open(&y, 2);
    g_assert_true(pack_find_item(y.packs[1], "旧刊")->retired);
    g_assert_true(pack_find_item(y.packs[1], "报送")->retired);
    g_assert_false(pack_find_item(y.packs[1], "普刊")->retired);
    a = submit(&y, "0001", on(7, 1), "甲", -1);
    mark(&y, "旧刊", on(7, 5), a);
    s = reckon(&y);
    g_assert_cmpuint(score_unknown(s)->len, ==, 1);
    assert_points(s, "甲", on(1, 1), on(12, 31), "0");
    mark(&y, "新刊", on(6, 5), a); /* of the next pack's */
    s = reckon(&y);
    g_assert_cmpuint(score_unknown(s)->len, ==, 2);
    office_close(&y);
}

static void
test_three(void)
{
    struct office_year y;
    const struct score *s;
    g_autofree char *is = NULL, *was = NULL, *then = NULL;

    office_open(&y, 3);
    much(&y);
    mark(&y, "普刊", on(10, 8), 0);
    s = reckon(&y);
    was = lines_of(y.scores[1], "甲", on(1, 1), on(9, 30));
    is = lines_of(s, "甲", on(1, 1), on(9, 30));
    g_assert_cmpstr(is, ==, was);
    then = lines_of(s, "甲", on(10, 1), on(12, 31));
    /* all add up since October: what had lost before stays lost */
    g_assert_cmpstr(then, ==, "2019-10-08 要刊 三一 7\n");
    office_close(&y);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/versions/what-is-over-stays", test_over);
    g_test_add_func("/versions/after", test_after);
    g_test_add_func("/versions/explained", test_explained);
    g_test_add_func("/versions/lasting", test_lasting);
    g_test_add_func("/versions/effects", test_effects);
    g_test_add_func("/versions/measures", test_measures);
    g_test_add_func("/versions/retired", test_retired);
    g_test_add_func("/versions/three", test_three);
    return g_test_run();
}
