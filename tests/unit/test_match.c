/* Names of units as people write them: the right unit or none, and nobody
 * is credited by likeness (reliability.md section 4: 0 wrong credits). */
#include "rules/match.h"

#include "tancheng.h"

#include <locale.h>
#include <string.h>

static struct roster *units;
static struct matcher *names;

struct named {
    const char *text;
    const char *unit; /* short name; NULL: nobody */
};

static void
check(const struct matcher *m, const char *text, const char *unit)
{
    struct unit *u = NULL;
    enum match match = match_unit(m, text, &u);
    const char *got = match == MATCH_ONE ? u->short_name : NULL;

    if (g_strcmp0(got, unit) != 0) {
        g_test_message("%s: expected %s, got %s", text, unit ? unit : "nobody",
                       got ? got : "nobody");
        g_test_fail();
    }
}

static void
test_written_forms(void)
{
    static const struct named table[] = {
        {"财政局", "财政局"},
        {"县财政局", "财政局"},
        {"郯城县财政局", "财政局"},
        {"郯城财政局", "财政局"},
        {"临沂市郯城县财政局", "财政局"},
        {"山东省临沂市郯城县财政局", "财政局"},
        {" 县 财政局 ", "财政局"},
        {"县財政局", "财政局"},
        {"縣財政局", "财政局"},
        {"县财政局办公室", "财政局"},
        {"县财政局信息科", "财政局"},
        {"发改委", "发改局"},
        {"县发展和改革局", "发改局"},
        {"人行郯城县支行", "人民银行"},
        {"扶贫办公室", "扶贫办"},
        {"郯城街道", "郯城街道"},
        {"郯城街道办", "郯城街道"},
        {"郯城街道办事处", "郯城街道"},
        {"郯城县郯城街道办事处", "郯城街道"},
        {"郯城经济开发区管委会", "郯城经济开发区"},
        {"郯城经济开发区管理委员会", "郯城经济开发区"},
        {"经济开发区", "郯城经济开发区"},
        {"马陵山景区管委会", "马陵山景区"},
        {"新村银杏产业开发区", "新村银杏产业开发区管委会"},
        {"县粮食和物资储备中心", "粮食和物资储备中心"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        check(names, table[i].text, table[i].unit);
}

/* Other bodies whose names contain a unit's, or nearly are one. */
static const char *const others[] = {
    "国家统计局郯城调查队",
    "统计局调查队",
    "市财政局",
    "临沂市财政局",
    "省财政厅",
    "财政部",
    "沂南县财政局",
    "区财政局",
    "财政所",
    "财政局票据中心",
    "财政监督局",
    "财贸局",
    "税务分局",
    "国家税务总局",
    "税务局稽查局",
    "县科技馆",
    "科技服务中心",
    "县农业局农机站",
    "消防大队",
    "县消防大队",
    "应急管理部",
    "应急救援大队",
    "商务部",
    "商务中心",
    "水利部",
    "水利工程局",
    "司法所",
    "司法厅",
    "民政所",
    "民政厅",
    "教育局",
    "体育局",
    "教育体育和局",
    "文化局",
    "旅游局",
    "文化馆",
    "卫生局",
    "卫生院",
    "卫健委",
    "住建委",
    "住房公积金中心",
    "环境卫生局",
    "环境监测站",
    "交通局客运站",
    "交通警察大队",
    "公安局",
    "气象局",
    "银行",
    "中国人民银行",
    "农业银行",
    "人民银行临沂支行",
    "街道",
    "开发区",
    "管委会",
    "景区",
    "办事处",
    "中心",
    "沙湾镇",
    "郯城镇",
    "县政府",
    "县",
    "郯城县",
    "郯城",
    "局",
    "",
    " ",
    "供销合作社联合会",
    "供销商场",
    "统计学会",
    "审批局大厅",
    "市场监管所",
    "医保中心",
    "金融局",
    "人力资源市场",
    "工信部",
    "自然资源部",
    "规划局",
    "粮食局",
    "扶贫基金会",
    "综合执法大队",
    "畜牧局",
};

static void
test_others(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        check(names, others[i], NULL);
}

/* ---- variants made from every unit ---- */

/* What looks like another character, or stands beside it. */
static const char *const confusable[][2] = {
    {"政", "敢"},   {"财", "材"},  {"税", "锐"},   {"务", "夯"}, {"局", "居"},
    {"局", "局1"},  {"民", "氏"},  {"水", "氷"},   {"利", "刹"}, {"司", "同"},
    {"工", "土"},   {"信", "倍"},  {"科", "料"},   {"技", "枝"}, {"商", "啇"},
    {"医", "匡"},   {"中", "申"},  {"心", "必"},   {"业", "亚"}, {"农", "衣"},
    {"交", "文"},   {"通", "逋"},  {"环", "坏"},   {"保", "堡"}, {"县", "具"},
    {"统", "绕"},   {"计", "汁"},  {"审", "宙"},   {"批", "枇"}, {"行", "衍"},
    {"局", "局局"}, {"局", "厅"},  {"局", "部"},   {"局", "处"}, {"局", "所"},
    {"局", "分局"}, {"局", "局A"}, {"中心", "中"}, {"办", "为"},
};

static char *
replaced(const char *name, const char *from, const char *to)
{
    const char *at = strstr(name, from);

    return at ? g_strdup_printf("%.*s%s%s", (int)(at - name), name, to,
                                at + strlen(from))
              : NULL;
}

/* A changed name may be another name of the same unit, of another one only
 * when the roster says so in so many words. */
static int
check_variant(const struct unit *from, const char *text)
{
    struct unit *u = NULL;

    if (match_unit(names, text, &u) != MATCH_ONE || u == from ||
        roster_find(units, text) == u)
        return 0;
    g_test_message("%s, made from %s, is credited to %s", text,
                   from->short_name, u->short_name);
    return 1;
}

static void
test_near_names(void)
{
    int variants = 0, wrong = 0, credited = 0;

    for (guint i = 0; i < units->units->len; i++) {
        const struct unit *from = units->units->pdata[i];

        for (size_t k = 0; k < G_N_ELEMENTS(confusable); k++) {
            g_autofree char *text =
                replaced(from->name, confusable[k][0], confusable[k][1]);
            struct unit *u = NULL;

            if (!text)
                continue;
            variants++;
            wrong += check_variant(from, text);
            credited += match_unit(names, text, &u) == MATCH_ONE;
        }
    }
    g_test_message("%d variants, %d credited at all, %d to another unit",
                   variants, credited, wrong);
    g_assert_cmpint(variants, >=, 200);
    g_assert_cmpint(wrong, ==, 0);
    g_assert_cmpint(credited, ==, 0);
}

/* Each character left out, doubled, or replaced by a Latin or Greek letter
 * that looks like nothing at all: nobody else is ever credited. */
static void
test_damaged_names(void)
{
    int variants = 0, wrong = 0;

    for (guint i = 0; i < units->units->len; i++) {
        const struct unit *from = units->units->pdata[i];

        for (const char *p = from->name; *p; p = g_utf8_next_char(p)) {
            const char *q = g_utf8_next_char(p);
            g_autofree char *without =
                g_strdup_printf("%.*s%s", (int)(p - from->name), from->name, q);
            g_autofree char *twice =
                g_strdup_printf("%.*s%s", (int)(q - from->name), from->name, p);
            g_autofree char *latin = g_strdup_printf(
                "%.*sα%s", (int)(p - from->name), from->name, q);

            wrong += check_variant(from, without);
            wrong += check_variant(from, twice);
            wrong += check_variant(from, latin);
            variants += 3;
        }
    }
    g_test_message("%d variants", variants);
    g_assert_cmpint(variants, >=, 200);
    g_assert_cmpint(wrong, ==, 0);
}

/* Staff see who may be meant, best first; nobody is taken. */
static void
test_candidates(void)
{
    g_autoptr(GPtrArray) near = match_near(names, "县财贸局", 3);
    g_autoptr(GPtrArray) none = match_near(names, "紫禁城", 3);
    g_autoptr(GPtrArray) survey = match_near(names, "国家统计局郯城调查队", 3);

    g_assert_cmpuint(near->len, >=, 1);
    g_assert_cmpstr(((struct unit *)near->pdata[0])->short_name, ==, "财政局");
    g_assert_cmpuint(near->len, <=, 3);
    g_assert_cmpuint(none->len, ==, 0);
    for (guint i = 0; i < survey->len; i++)
        g_assert_nonnull(survey->pdata[i]);
}

static void
test_begins(void)
{
    g_assert_true(match_begins(names, "县财政局、税务局联合开展宣传"));
    g_assert_true(match_begins(names, "发改委 郯城县农业农村局"));
    g_assert_false(match_begins(names, "国家统计局郯城调查队反映"));
    g_assert_false(match_begins(names, "市财政局来我县调研"));
    g_assert_false(match_begins(names, "财政局票据中心"));
    g_assert_false(match_begins(names, ""));
}

/* Another office: its own place is another, and so are its prefixes. */
static void
test_place(void)
{
    struct roster *r = roster_new();
    struct matcher *m;

    roster_add_class(r, "镇街", STANDING_RANKED);
    roster_add(r, "沙湾镇", "沙湾镇");
    roster_add(r, "财政局", "区财政局");
    roster_add(r, "公安分局", "区公安分局");
    m = matcher_new(r, "广州市番禺区人民政府办公室");
    check(m, "沙湾镇人民政府", "沙湾镇");
    check(m, "番禺区沙湾镇政府", "沙湾镇");
    check(m, "广州市番禺区财政局", "财政局");
    check(m, "番禺财政局", "财政局");
    check(m, "区财政局", "财政局");
    check(m, "沙湾鎮", "沙湾镇");
    check(m, "县财政局", NULL);
    check(m, "广州市财政局", NULL);
    check(m, "市公安局番禺区分局", NULL);
    matcher_free(m);
    m = matcher_new(r, NULL);
    check(m, "区财政局", "财政局");
    check(m, "番禺区财政局", NULL);
    matcher_free(m);
    roster_free(r);
}

/* Two units that would share a name once the place is taken off. */
static void
test_shared_name(void)
{
    struct roster *r = roster_new();
    struct matcher *m;
    struct unit *u = NULL;

    roster_add_class(r, "单位", STANDING_RANKED);
    roster_add(r, "县公安局", "县公安局");
    roster_add(r, "郯城公安局", "郯城公安局");
    m = matcher_new(r, TANCHENG_OFFICE);
    g_assert_cmpint(match_unit(m, "公安局", &u), ==, MATCH_AMBIGUOUS);
    g_assert_null(u);
    check(m, "县公安局", "县公安局");
    check(m, "郯城公安局", "郯城公安局");
    matcher_free(m);
    roster_free(r);
}

static void
test_shapes(void)
{
    g_assert_true(match_is_body("县电商办"));
    g_assert_true(match_is_body("国家统计局郯城调查队"));
    g_assert_true(match_is_body("马头镇"));
    g_assert_false(match_is_body("构建新格局"));
    g_assert_false(match_is_body("实现一网通办"));
    g_assert_false(match_is_body("农民工返乡"));
    g_assert_false(match_is_body("春节市场供应充足"));
    g_assert_false(match_is_body("局"));
}

int
main(int argc, char **argv)
{
    int status;

    setlocale(LC_ALL, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    units = tancheng_roster();
    names = matcher_new(units, TANCHENG_OFFICE);
    g_test_add_func("/match/written-forms", test_written_forms);
    g_test_add_func("/match/other-bodies", test_others);
    g_test_add_func("/match/near-names-0-wrong-credits", test_near_names);
    g_test_add_func("/match/damaged-names-0-wrong-credits", test_damaged_names);
    g_test_add_func("/match/candidates", test_candidates);
    g_test_add_func("/match/begins", test_begins);
    g_test_add_func("/match/own-place", test_place);
    g_test_add_func("/match/shared-name", test_shared_name);
    g_test_add_func("/match/shape-of-a-body", test_shapes);
    status = g_test_run();
    matcher_free(names);
    roster_free(units);
    return status;
}
