/* The evaluator by its own interface: booking, explaining, refusing, who is
 * credited, order of writing.  That it gives what the language says is the
 * differential test's to prove. */
#include "pack/load.h"
#include "rules/explain.h"
#include "rules/ranking.h"

#include "pack_fixture.h"

static struct pack *pack_of_tests; /* tests/data/rules/office.yaml */

static civil_day
on(int month, int day)
{
    return day_from_ymd(2019, month, day);
}

static int
unit_of(const char *name)
{
    struct unit *u = roster_find(pack_of_tests->roster, name);

    g_assert_nonnull(u);
    return u->index;
}

static int
submit(struct facts *f, const char *number, civil_day d, const char *unit,
       const char *second)
{
    int units[] = {unit_of(unit), second ? unit_of(second) : -1};
    struct fact_submission s = {.number = number,
                                .title = "标题",
                                .day = d,
                                .received = civil_time_of(d, 3600),
                                .units = units,
                                .n_units = second ? 2 : 1,
                                .form = -1,
                                .commission = -1};

    return facts_add_submission(f, &s);
}

static void
mark(struct facts *f, const char *item, civil_day d, int submission,
     const char *unit)
{
    struct fact_mark m = {.id = (gint64)f->marks->len + 1,
                          .item = item,
                          .day = d,
                          .submission = submission,
                          .unit = unit ? unit_of(unit) : -1,
                          .quantity = DECIMAL_ONE,
                          .by = "王芳",
                          .note = "第3期"};

    facts_add_mark(f, &m);
}

static struct score *
scored(const struct facts *f)
{
    struct score *s = NULL;
    struct err e = ERR_INIT;

    g_assert_cmpint(score_new(pack_of_tests, f, on(12, 31), &s, &e), ==, ST_OK);
    return s;
}

static void
assert_points(const struct score *s, const char *unit, civil_day from,
              civil_day to, const char *want)
{
    g_autofree char *got =
        decimal_format(score_points(s, NULL, unit_of(unit), from, to));

    g_assert_cmpstr(got, ==, want);
}

/* Explained lines, one a string: "04-02 普刊 -3 reason". */
static char *
told(const struct score *s, const char *unit)
{
    g_autoptr(GPtrArray) list = explain(s, unit_of(unit), on(1, 1), on(12, 31));
    GString *out = g_string_new(NULL);
    decimal sum = 0;

    for (guint i = 0; i < list->len; i++) {
        const struct explained *x = list->pdata[i];
        g_autofree char *day = day_format(x->line->day);
        g_autofree char *points = decimal_format(x->line->points);

        if (!x->currency)
            sum += x->line->points;
        g_string_append_printf(out, "%s %s %s: %s\n", day + 5, x->item, points,
                               x->reason);
    }
    g_assert_cmpint(sum, ==,
                    score_points(s, NULL, unit_of(unit), on(1, 1), on(12, 31)));
    return g_string_free(out, FALSE);
}

static void
test_highest_only(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    g_autoptr(GPtrArray) list = NULL;
    g_autofree char *text = NULL;
    const struct explained *first;
    int a = submit(f, "2019-0001", on(3, 5), "东镇", NULL);

    mark(f, "普刊", on(3, 12), a, NULL);
    mark(f, "简讯", on(3, 13), a, NULL);
    mark(f, "市专报", on(4, 2), a, NULL);
    mark(f, "领导批示", on(4, 3), a, NULL);
    s = scored(f);
    text = told(s, "东镇");
    g_assert_cmpstr(
        text, ==,
        "03-05 报送 0.4: every submission; worth 0.4\n"
        "03-12 普刊 3: worth 3\n"
        "03-13 简讯 0: worth 1; \"县采用\" counts only the highest 1: 普刊 of "
        "2019-03-12 goes before\n"
        "04-02 普刊 -3: worth 3; \"采用\" counts only the highest 1: 市专报 of "
        "2019-04-02 goes before; mark of 2019-03-12; counted 3 before\n"
        "04-02 市专报 10: worth 10\n"
        "04-03 领导批示 5: worth 5 (together with 采用: 5)\n");
    assert_points(s, "东镇", on(3, 1), on(3, 31), "3.4");
    assert_points(s, "东镇", on(4, 1), on(4, 30), "12");
    list = explain_submission(s, a, on(1, 1), on(12, 31));
    g_assert_cmpuint(list->len, ==, 6);
    first = list->pdata[1];
    g_assert_cmpstr(first->by, ==, "王芳");
    g_assert_cmpstr(first->note, ==, "第3期");
    g_assert_cmpstr(first->about, ==, "2019-0001 标题");
    g_assert_cmpstr(first->clause, ==, "一");
}

/* An instruction earns only with an adoption, on the day that comes. */
static void
test_waits(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    g_autofree char *text = NULL;
    int a = submit(f, "2019-0001", on(3, 5), "东镇", NULL);

    mark(f, "领导批示", on(3, 6), a, NULL);
    mark(f, "普刊", on(5, 2), a, NULL);
    s = scored(f);
    text = told(s, "东镇");
    g_assert_cmpstr(text, ==,
                    "03-05 报送 0.4: every submission; worth 0.4\n"
                    "03-06 领导批示 0: no case that gives points applies "
                    "(together with 采用: 5)\n"
                    "05-02 领导批示 5: worth 5 (together with 采用: 5); mark "
                    "of 2019-03-06\n"
                    "05-02 普刊 3: worth 3\n");
}

static void
test_cap(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    g_autofree char *text = NULL;

    submit(f, "2019-0001", on(3, 5), "西镇", NULL);
    submit(f, "2019-0002", on(3, 6), "西镇", NULL);
    submit(f, "2019-0003", on(3, 7), "西镇", NULL);
    submit(f, "2019-0004", on(4, 1), "西镇", NULL);
    s = scored(f);
    text = told(s, "西镇");
    g_assert_cmpstr(
        text, ==,
        "03-05 报送 0.4: every submission; worth 0.4\n"
        "03-06 报送 0.4: every submission; worth 0.4\n"
        "03-07 报送 0.2: every submission; worth 0.4; \"报送分\" (each "
        "by itself: month) gives at most 1, the latest marks give "
        "way: 0.2 are left\n"
        "04-01 报送 0.4: every submission; worth 0.4\n");
}

static void
commission(struct facts *f, civil_day waived)
{
    struct fact_duty duties[] = {{unit_of("财政局"), waived, "李强", "停电"},
                                 {unit_of("教育局"), DAY_LAST, NULL, NULL}};
    struct fact_commission c = {.number = "2019-01",
                                .title = "春耕",
                                .day = on(3, 1),
                                .due = civil_time_of(on(3, 10), 17 * 3600),
                                .duties = duties,
                                .n_duties = 2};

    facts_add_commission(f, &c);
}

static int
answer(struct facts *f, const char *number, civil_day d, int hour,
       const char *unit)
{
    int u = unit_of(unit);
    struct fact_submission s = {.number = number,
                                .day = d,
                                .received = civil_time_of(d, hour * 3600),
                                .units = &u,
                                .n_units = 1,
                                .form = -1,
                                .commission = 0};

    return facts_add_submission(f, &s);
}

static void
test_commission(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    g_autoptr(GPtrArray) list = NULL;
    g_autofree char *waived = NULL, *late = NULL;
    const struct explained *gone;

    commission(f, on(3, 20));
    answer(f, "2019-0001", on(3, 12), 9, "教育局");
    s = scored(f);
    waived = told(s, "财政局");
    late = told(s, "教育局");
    g_assert_cmpstr(waived, ==,
                    "03-10 未报 -2: commission not answered; worth -2\n"
                    "03-20 未报 2: commission not answered; the commission "
                    "was waived; mark of 2019-03-10; counted -2 before\n");
    g_assert_cmpstr(late, ==,
                    "03-10 未报 -2: commission not answered; worth -2\n"
                    "03-12 未报 2: commission not answered; the commission "
                    "was answered; mark of 2019-03-10; counted -2 before\n"
                    "03-12 报送 0.4: every submission; worth 0.4\n");
    list = explain(s, unit_of("财政局"), on(3, 20), on(3, 20));
    g_assert_cmpuint(list->len, ==, 1);
    gone = list->pdata[0];
    g_assert_cmpstr(gone->by, ==, "李强");
    g_assert_cmpstr(gone->note, ==, "停电");
    g_assert_cmpstr(gone->about, ==, "2019-01 春耕");
}

/* Waived, or answered, on the day it falls due: never missed. */
static void
test_commission_in_time(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;

    commission(f, on(3, 10));
    answer(f, "2019-0001", on(3, 10), 23, "教育局");
    s = scored(f);
    assert_points(s, "财政局", on(1, 1), on(12, 31), "0");
    assert_points(s, "教育局", on(1, 1), on(12, 31), "0.4");
}

static void
test_incident(void)
{
    struct fact_report late = {"续报", civil_time_of(on(3, 2), 60), -1};
    struct fact_incident i = {.number = "2019-01",
                              .name = "火灾",
                              .unit = unit_of("北镇"),
                              .at = civil_time_of(on(3, 1), 8 * 3600),
                              .reports = &late,
                              .n_reports = 1};
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    g_autofree char *text = NULL;

    facts_add_incident(f, &i);
    s = scored(f);
    text = told(s, "北镇");
    g_assert_cmpstr(text, ==,
                    "03-01 续报迟 -1: 续报 not there after 4 hours; worth -1\n"
                    "03-02 续报迟 1: 续报 not there after 4 hours; the report "
                    "came; mark of 2019-03-01; counted -1 before\n");
}

/* Not there yet, and not late before the hour. */
static void
test_incident_open(void)
{
    struct fact_incident i = {.number = "2019-01",
                              .name = "火灾",
                              .unit = unit_of("北镇"),
                              .at = civil_time_of(on(3, 1), 8 * 3600)};
    g_autoptr(facts) f = facts_new();

    facts_add_incident(f, &i);
    for (int late = 0; late <= 1; late++) {
        g_autoptr(score) s = NULL;

        f->told = civil_time_of(on(3, 1), 12 * 3600 + late);
        s = scored(f);
        assert_points(s, "北镇", on(1, 1), on(12, 31), late ? "-1" : "0");
    }
}

static void
test_zero(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    g_autofree char *text = NULL;
    int a = submit(f, "2019-0001", on(3, 5), "东镇", NULL);

    mark(f, "稿费", on(3, 6), a, NULL);
    mark(f, "弄虚作假", on(6, 1), -1, "东镇");
    mark(f, "领导批示", on(7, 1), a, NULL);
    mark(f, "普刊", on(7, 1), a, NULL);
    s = scored(f);
    text = told(s, "东镇");
    g_assert_nonnull(strstr(text, "03-06 稿费 30: worth 30\n"));
    g_assert_nonnull(strstr(
        text, "06-01 报送 -0.4: every submission; worth 0.4; all points of "
              "2019 are 0: 造假 (八); mark of "));
    assert_points(s, "东镇", on(1, 1), on(5, 31), "0.4");
    assert_points(s, "东镇", on(6, 1), on(6, 1), "-0.4");
    assert_points(s, "东镇", on(1, 1), on(12, 31), "0");
    g_assert_cmpint(
        score_currency(s, "元", unit_of("东镇"), on(1, 1), on(12, 31)), ==,
        30 * DECIMAL_ONE);
    g_assert_cmpint(
        score_currency(s, "角", unit_of("东镇"), on(1, 1), on(12, 31)), ==, 0);
}

static void
test_who(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    g_autoptr(GPtrArray) marks = NULL;
    int a = submit(f, "2019-0001", on(3, 5), "财政所", "东镇");
    int b = submit(f, "2019-0002", on(3, 6), "办公室", "西镇");

    mark(f, "普刊", on(3, 12), a, NULL);
    mark(f, "普刊", on(3, 12), b, NULL);
    mark(f, "领导批示", on(3, 13), a, "教育局");
    s = scored(f);
    /* a part each; the office's own part goes to nobody */
    assert_points(s, "财政局", on(1, 1), on(12, 31), "1.7");
    assert_points(s, "财政所", on(1, 1), on(12, 31), "0");
    assert_points(s, "东镇", on(1, 1), on(12, 31), "1.7");
    assert_points(s, "西镇", on(1, 1), on(12, 31), "1.7");
    assert_points(s, "办公室", on(1, 1), on(12, 31), "0");
    assert_points(s, "教育局", on(1, 1), on(12, 31), "5");
    g_assert_cmpint(score_n_credited(s), ==, 5);
    marks = score_marks(s, unit_of("财政局"), on(3, 1), on(3, 30), on(3, 30));
    g_assert_cmpuint(marks->len, ==, 2); /* 报送, 普刊: March is not over */
    g_assert_cmpint(score_find_who(s, "财政局"), ==, unit_of("财政局"));
    g_assert_cmpint(score_find_who(s, "无名局"), ==, -1);
}

static void
test_refused(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    int at = -1, submission = -1;

    mark(f, "优秀", on(5, 1), -1, "东镇");
    s = scored(f);
    g_assert_cmpint(score_refusal(s, &at, &submission), ==, REFUSED_NOT);
    g_assert_cmpint(at, ==, -1);
    g_clear_pointer(&s, score_free);
    mark(f, "优秀", on(5, 2), -1, "财政局");
    s = scored(f);
    g_assert_cmpint(score_refusal(s, &at, &submission), ==, REFUSED_KEEP);
    g_assert_cmpint(at, ==, 1);
    g_assert_cmpint(submission, ==, -1);
}

static void
amount(struct facts *f, decimal d)
{
    struct fact_mark m = {.id = (gint64)f->marks->len + 1,
                          .item = "酌情扣分",
                          .day = on(5, 1),
                          .submission = -1,
                          .unit = unit_of("东镇"),
                          .quantity = DECIMAL_ONE,
                          .has_amount = TRUE,
                          .amount = d};

    facts_add_mark(f, &m);
}

static void
test_amounts(void)
{
    static const struct {
        gint64 tenths;
        gboolean taken;
    } cases[] = {{-20, TRUE},  {-80, TRUE}, {-19, FALSE},
                 {-81, FALSE}, {50, FALSE}, {0, FALSE}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(facts) f = facts_new();
        g_autoptr(score) s = NULL;

        amount(f, cases[i].tenths * DECIMAL_ONE / 10);
        s = scored(f);
        g_assert_cmpint(score_refusal(s, NULL, NULL), ==,
                        cases[i].taken ? REFUSED_NOT : REFUSED_AMOUNT);
    }
}

/* Of several, each is told for itself. */
static void
test_refusal_of(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;

    amount(f, -DECIMAL_ONE);
    amount(f, -2 * DECIMAL_ONE);
    mark(f, "优秀", on(5, 1), -1, "东镇");
    mark(f, "优秀", on(5, 2), -1, "财政局");
    amount(f, -9 * DECIMAL_ONE);
    s = scored(f);
    g_assert_cmpint(score_refusal_of(s, 0), ==, REFUSED_AMOUNT);
    g_assert_cmpint(score_refusal_of(s, 1), ==, REFUSED_NOT);
    g_assert_cmpint(score_refusal_of(s, 2), ==, REFUSED_NOT);
    g_assert_cmpint(score_refusal_of(s, 3), ==, REFUSED_KEEP);
    g_assert_cmpint(score_refusal_of(s, 4), ==, REFUSED_AMOUNT);
}

static void
test_unknown(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;

    mark(f, "不存在", on(5, 1), -1, "东镇");
    mark(f, "报送", on(5, 1), -1, "东镇"); /* makes itself */
    s = scored(f);
    g_assert_cmpuint(score_unknown(s)->len, ==, 2);
    assert_points(s, "东镇", on(1, 1), on(12, 31), "0");
}

/* A target of departments only; what a month is short of. */
static void
test_targets(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    g_autoptr(GPtrArray) praise = NULL;
    const struct pack_measure *m = pack_find_measure(pack_of_tests, "月得分");
    struct measured r;
    struct period p;
    int a = submit(f, "2019-0001", on(3, 5), "财政局", NULL);

    mark(f, "普刊", on(3, 12), a, NULL);
    s = scored(f);
    g_assert_true(period_parse(score_calendar(s), "2019-03", &p));
    g_assert_cmpint(score_measure(s, m, unit_of("财政局"), &p, &r, NULL), ==,
                    ST_OK);
    g_assert_true(r.judged && r.met && r.has_missing);
    g_assert_cmpint(ratio_compare(r.value, ratio_of(3400000)), ==, 0);
    score_measure(s, m, unit_of("教育局"), &p, &r, NULL);
    g_assert_true(r.judged && !r.met);
    g_assert_cmpint(ratio_compare(r.missing, ratio_make(3, 1)), ==, 0);
    score_measure(s, m, unit_of("东镇"), &p, &r, NULL);
    g_assert_null(r.goal);
    g_assert_false(r.judged);
    praise =
        score_effects(s, EFFECT_CRITICISM, unit_of("财政局"), 2019, on(12, 31));
    g_assert_cmpuint(praise->len, ==, 11); /* every month but March */
}

static struct ratio
counted(const struct score *s, const char *period)
{
    const struct pack_measure *m = pack_find_measure(pack_of_tests, "采用数");
    struct measured r;
    struct period p;

    g_assert_true(period_parse(score_calendar(s), period, &p));
    g_assert_cmpint(score_measure(s, m, unit_of("东镇"), &p, &r, NULL), ==,
                    ST_OK);
    return r.value;
}

/* Found by the differential test, shrunk: what was counted by the end of
 * January, asked for on 1 February, is not what the quarter has that day. */
static void
test_counts(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    struct err e = ERR_INIT;
    int a = submit(f, "2019-0001", on(1, 5), "东镇", NULL);

    mark(f, "普刊", on(2, 1), a, NULL);
    g_assert_cmpint(score_new(pack_of_tests, f, on(2, 1), &s, &e), ==, ST_OK);
    g_assert_cmpint(counted(s, "2019-01").num, ==, 0);
    g_assert_cmpint(counted(s, "2019-Q1").num, ==, 1);
    g_assert_cmpint(counted(s, "2019-01").num, ==, 0);
}

/* A pack whose formula the facts can drive beyond what is held. */
static const char beyond_pack[] =
    "pack: demo\ntitle: 示例\nversion: 1\neffective: 2019-01-01\n"
    "joint: full\nclasses: [{name: 乡镇, units: [东镇]}]\n"
    "groups: [{name: 组, keep: all}]\n"
    "items:\n"
    "  - {name: 乘方, group: 组, points: '=quantity * quantity * quantity', "
    "clause: 一}\n"
    "  - {name: 倍数, group: 组, points: 1000, clause: 二}\n"
    "measures: [{name: 得分, points: [all]}]\n"
    "examples: [{name: 无, facts: [{date: 2019-01-02, mark: 倍数, unit: 东镇}], "
    "expect: [{unit: 东镇, period: 2019-01, points: 1000}]}]\n";

static char *
refusal_of(const struct pack *p, const char *item, decimal quantity, int n)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    struct err e = ERR_INIT;

    for (int i = 0; i < n; i++) {
        struct fact_mark m = {.item = item,
                              .day = on(3, 1),
                              .submission = -1,
                              .quantity = quantity};

        facts_add_mark(f, &m);
    }
    if (score_new(p, f, on(4, 1), &s, &e) == ST_OK)
        return g_strdup("taken");
    return g_strdup(e.text);
}

/* More than can be reckoned is refused, with the place of the formula; it is
 * never another number. */
static void
test_beyond(void)
{
    char *dir = scratch_make();
    g_autofree char *path = g_build_filename(dir, "pack.yaml", NULL);
    g_autoptr(pack) p = NULL;
    struct err e = ERR_INIT;
    static const struct {
        const char *item;
        gint64 quantity;
        int n;
        const char *says;
    } cases[] = {
        {"乘方", 1000, 1, "taken"},
        {"乘方", 1001, 1, "pack.yaml:9:34: formula \"=quantity * quantity"},
        {"倍数", 1000000, 1, "taken"},
        {"倍数", 1000001, 1, "item 倍数: a mark is worth more"},
        {"倍数", 1000000, 2000, "taken"},
        {"倍数", 1000000, 3000, "the points of all are more"},
    };

    scratch_put(dir, "pack.yaml", beyond_pack);
    g_assert_cmpint(pack_load(path, &p, &e), ==, ST_OK);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = refusal_of(
            p, cases[i].item, cases[i].quantity * DECIMAL_ONE, cases[i].n);

        g_test_message("%s", got);
        g_assert_nonnull(strstr(got, cases[i].says));
    }
    scratch_remove(dir);
}

/* Whatever the order in which the same marks were written, the days' totals
 * are the same. */
static void
test_order(void)
{
    static const char *const items[] = {"普刊", "简讯", "市专报", "领导批示",
                                        "雷同"};
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    decimal first[12] = {0};

    for (int round = 0; round < 20; round++) {
        g_autoptr(facts) f = facts_new();
        g_autoptr(score) s = NULL;
        int order[10];

        for (int i = 0; i < 10; i++)
            order[i] = i;
        for (int i = 9; round > 0 && i > 0; i--) {
            int k = g_rand_int_range(rand, 0, i + 1), t = order[i];

            order[i] = order[k];
            order[k] = t;
        }
        submit(f, "2019-0001", on(1, 5), "东镇", NULL);
        submit(f, "2019-0002", on(1, 6), "东镇", NULL);
        for (int i = 0; i < 10; i++)
            mark(f, items[order[i] % 5], on(1 + order[i], 3), order[i] / 5,
                 NULL);
        s = scored(f);
        for (int month = 1; month <= 12; month++) {
            decimal d = score_points(s, NULL, unit_of("东镇"), DAY_FIRST,
                                     on(month, 28));

            if (round == 0)
                first[month - 1] = d;
            g_assert_cmpint(d, ==, first[month - 1]);
        }
    }
    g_assert_cmpint(first[11], >, 0);
}

static void
test_ranking(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    g_autoptr(GArray) rows = NULL;
    struct period p;
    GString *got = g_string_new(NULL);

    mark(f, "优秀", on(5, 1), -1, "东镇");
    submit(f, "2019-0001", on(5, 1), "财政局", NULL);
    submit(f, "2019-0002", on(5, 1), "教育局", NULL);
    s = scored(f);
    g_assert_true(period_parse(score_calendar(s), "2019", &p));
    g_assert_cmpint(ranking_new(s, pack_of_tests->rankings->pdata[0], &p, NULL,
                                &rows, NULL),
                    ==, ST_OK);
    for (guint i = 0; i < rows->len; i++) {
        const struct rank_row *row = &g_array_index(rows, struct rank_row, i);

        g_string_append_printf(got, "%s %d ", score_who_name(s, row->who),
                               row->rank);
    }
    /* a table for each class; equals share a rank */
    g_assert_cmpstr(got->str, ==, "东镇 1 教育局 1 财政局 1 北镇 2 西镇 2 ");
    g_string_free(got, TRUE);
}

static void
test_upto(void)
{
    g_autoptr(facts) f = facts_new();
    g_autoptr(score) s = NULL;
    struct err e = ERR_INIT;
    int a = submit(f, "2019-0001", on(3, 5), "东镇", NULL);

    mark(f, "普刊", on(3, 12), a, NULL);
    g_assert_cmpint(score_new(pack_of_tests, f, on(3, 11), &s, &e), ==, ST_OK);
    assert_points(s, "东镇", on(1, 1), on(12, 31), "0.4");
}

int
main(int argc, char **argv)
{
    struct err e = ERR_INIT;
    int result;

    g_test_init(&argc, &argv, NULL);
    if (pack_load("tests/data/rules/office.yaml", &pack_of_tests, &e) != ST_OK)
        g_error("%s", e.text);
    g_test_add_func("/score/highest-only", test_highest_only);
    g_test_add_func("/score/waits", test_waits);
    g_test_add_func("/score/cap", test_cap);
    g_test_add_func("/score/commission", test_commission);
    g_test_add_func("/score/commission-in-time", test_commission_in_time);
    g_test_add_func("/score/incident", test_incident);
    g_test_add_func("/score/incident-open", test_incident_open);
    g_test_add_func("/score/zero", test_zero);
    g_test_add_func("/score/who", test_who);
    g_test_add_func("/score/refused", test_refused);
    g_test_add_func("/score/amounts", test_amounts);
    g_test_add_func("/score/refusal-of", test_refusal_of);
    g_test_add_func("/score/unknown", test_unknown);
    g_test_add_func("/score/targets", test_targets);
    g_test_add_func("/score/counts", test_counts);
    g_test_add_func("/score/beyond", test_beyond);
    g_test_add_func("/score/order", test_order);
    g_test_add_func("/score/ranking", test_ranking);
    g_test_add_func("/score/upto", test_upto);
    result = g_test_run();
    pack_free(pack_of_tests);
    return result;
}
