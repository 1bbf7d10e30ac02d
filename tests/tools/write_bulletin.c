/* write_bulletin TEMPLATES FILE.xlsx [MORE [time]]: a bulletin of made-up
 * figures, with the strings that have broken workbooks, and on standard output,
 * as JSON, what must be found in it; or "SECONDS s" since the beginning. */
#include "base/text.h"
#include "reply/phrases.h"
#include "report/bulletin.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *label, *group;
} items[] = {
    {"报送", NULL, "自主报送"},
    {"低质量信息", NULL, "自主报送"},
    {"约稿", NULL, "约稿加分"},
    {"约稿未报", NULL, "约稿扣分"},
    {"约稿低质量", "低质量信息", "约稿扣分"},
    {"普刊", NULL, "县采用"},
    {"简讯", NULL, "县采用"},
    {"报市办", NULL, "县采用"},
    {"市普刊采用", NULL, "市采用"},
    {"市专报采用", NULL, "市采用"},
    {"省普刊采用", NULL, "省采用"},
    {"国办综合采用", NULL, "国办采用"},
    {"国务院领导批示", "★★", "批示"},
    {"市领导批示", "☆", "批示"},
    {"县领导批示", "☆", "批示"},
    {"重大信息未报", NULL, "重大信息"},
    {"以干代训", NULL, "加分项"},
};

static const char *const towns[] = {"郯城街道",
                                    "马头镇",
                                    "重坊镇",
                                    "李庄镇",
                                    "杨集镇",
                                    "港上镇",
                                    "高峰头镇",
                                    "庙山镇",
                                    "红花镇",
                                    "胜利镇",
                                    "郯城经济开发区",
                                    "马陵山景区",
                                    "新村银杏产业开发区"};

static const char *const departments[] = {"县科技局",
                                          "县民政局",
                                          "县财政局",
                                          "县自然资源和规划局",
                                          "县商务局",
                                          "县行政审批服务局",
                                          "县市场监管局",
                                          "县医疗保障局",
                                          "县税务局",
                                          "县地方金融发展服务中心",
                                          "县发改局",
                                          "县人社局",
                                          "县统计局",
                                          "县粮食和物资储备中心",
                                          "县工信局",
                                          "县应急管理局",
                                          "县供销社",
                                          "人民银行",
                                          "县农业农村局",
                                          "县水利局",
                                          "县农业机械发展促进中心",
                                          "县畜牧发展促进中心",
                                          "县扶贫办",
                                          "县教体局",
                                          "县卫健局",
                                          "县文旅局",
                                          "县文化旅游发展中心",
                                          "县司法局",
                                          "县住建局",
                                          "县综合执法局",
                                          "县住房保障服务中心",
                                          "县环保局",
                                          "县交通运输局"};

/* Strings that have broken workbooks, or that a spreadsheet would obey. */
static const char *const hostile[] = {"=cmd|' /C calc'!A0",
                                      "+1+1",
                                      "-2+3",
                                      "@SUM(A1)",
                                      "\t=1",
                                      "＝1+1",
                                      "http://example.com/",
                                      "file:///etc/passwd",
                                      "\\\\host\\share",
                                      "_x0041_ stays",
                                      "a]]>b&<c>\"d\"",
                                      "\xB4\xBA\xB8\xFB gbk",
                                      "cut in a character \xE6\x98",
                                      "bell\x07 esc\x1b[31m",
                                      "line\nbreak",
                                      "\xEF\xBF\xBE noncharacter"};

/* Figures without chance: the same file every time. */
static gint64
some_figure(guint unit, guint item)
{
    guint n = (unit * 7919 + item * 104729 + 12345) % 97;

    return n % 13 == 0 ? 1 + n % 3 : 0;
}

static void
add_row(struct bulletin *b, struct bulletin_class *c, const char *unit, guint n)
{
    struct bulletin_row *row = bulletin_add_row(b, c, unit);

    row->submitted = n % 5 == 4 ? 0 : 1 + n % 7;
    for (guint i = 0; i < G_N_ELEMENTS(items); i++) {
        /* nobody was adopted by the State Council */
        row->counts[i] =
            i == 11 || i == 15 ? 0 : some_figure(n, i) * DECIMAL_ONE;
        row->points += row->counts[i];
        if (i >= 5 && i < 12)
            row->adopted += row->counts[i] / DECIMAL_ONE;
    }
    row->points += row->submitted * DECIMAL_ONE / 5;
    row->adjustment = n == 2 ? -DECIMAL_ONE / 2 : 0;
    row->to_date = row->points + 3 * DECIMAL_ONE;
    b->received += row->submitted;
    b->adopted += row->adopted;
}

static int
by_points(gconstpointer a, gconstpointer b)
{
    const struct bulletin_row *x = *(struct bulletin_row *const *)a;
    const struct bulletin_row *y = *(struct bulletin_row *const *)b;
    decimal dx = x->points + x->adjustment, dy = y->points + y->adjustment;

    return dx < dy ? 1 : dx > dy ? -1 : strcmp(x->unit, y->unit);
}

static void
rank(struct bulletin_class *c)
{
    const struct bulletin_row *before = NULL;

    g_ptr_array_sort(c->rows, by_points);
    for (guint i = 0; i < c->rows->len; i++) {
        struct bulletin_row *row = c->rows->pdata[i];

        row->rank = before && before->points + before->adjustment ==
                                  row->points + row->adjustment
                        ? before->rank
                        : (int)i + 1;
        before = row;
    }
}

static void
add_classes(struct bulletin *b, int more)
{
    struct bulletin_class *c;

    c = bulletin_add_class(b, "乡镇（街道、开发区、景区）", BULLETIN_RANKED);
    for (guint i = 0; i < G_N_ELEMENTS(towns); i++)
        add_row(b, c, towns[i], i);
    rank(c);
    c = bulletin_add_class(b, "县直部门、单位", BULLETIN_RANKED);
    for (guint i = 0; i < G_N_ELEMENTS(departments); i++)
        add_row(b, c, departments[i], i + 20);
    for (int i = 0; i < more; i++) {
        g_autofree char *name = g_strdup_printf("县第%d单位", i + 1);

        add_row(b, c, name, (guint)i + 60);
    }
    rank(c);
    c = bulletin_add_class(b, "县政府办公室", BULLETIN_UNCREDITED);
    add_row(b, c, "信息科", 70);
    c = bulletin_add_class(b, "不显示", BULLETIN_HIDDEN);
    add_row(b, c, "隐藏单位", 71);
}

static void
add_adoptions(struct bulletin *b)
{
    static const char *const titles[] = {
        "全县春耕备播进展顺利", "技改项目加快推进", "招商引资“双月攻坚”见成效",
        "新村银杏叶收购价格持续走低的原因及建议",
        "关于优化营商环境、推进“一次办好”改革情况的调研报告——"
        "以郯城经济开发区项目落地全流程服务为例"};
    g_autofree char *endless = g_strnfill(40000, 'x');

    for (guint i = 0; i < 24; i++) {
        g_autofree char *number = g_strdup_printf("2019-%04u", i + 1);
        struct bulletin_adoption a = {
            .number = number,
            .title = i < G_N_ELEMENTS(hostile) ? hostile[i] : titles[i % 5],
            .units = departments[i % 33],
            .item = items[5 + i % 5].name,
            .group = items[5 + i % 5].group,
            .date = day_from_ymd(2019, 3, 1 + (int)i),
            .points = DECIMAL_ONE * (i % 4)};

        if (i == 23)
            a.title = endless;
        bulletin_add_adoption(b, &a);
    }
}

static void
add_note(struct bulletin *b, const char *clause, const char *name,
         const char *text)
{
    const struct bulletin_note n = {clause, name, text};

    bulletin_add_note(b, &n);
}

static void
add_lists(struct bulletin *b)
{
    struct bulletin_commission c = {.number = "2019-05",
                                    .title = "减税降费政策落实情况",
                                    .level = "市",
                                    .due = "2019-03-10 17:00",
                                    .unit = "县税务局",
                                    .outcome = COMMISSION_ANSWERED,
                                    .answered = "2019-03-09 10:12",
                                    .answer = "2019-0009"};
    struct bulletin_deduction d = {.unit = "县财政局",
                                   .item = "约稿未报",
                                   .points = -2 * DECIMAL_ONE,
                                   .date = day_from_ymd(2019, 3, 10),
                                   .about = "2019-05",
                                   .clause = "附件1 三(一)2②"};
    struct bulletin_target t = {.unit = "马头镇",
                                .metric = "月报送",
                                .period = "2019年3月",
                                .target = 4 * DECIMAL_ONE,
                                .actual = 5 * DECIMAL_ONE,
                                .outcome = TARGET_MET};
    struct bulletin_adjustment a = {.unit = "重坊镇",
                                    .item = "低质量信息",
                                    .points = -DECIMAL_ONE / 2,
                                    .date = day_from_ymd(2019, 4, 1),
                                    .about = "2019-0003",
                                    .reason = "核实后补记"};

    bulletin_add_commission(b, &c);
    c.unit = "县财政局";
    c.outcome = COMMISSION_MISSED;
    c.answered = c.answer = NULL;
    bulletin_add_commission(b, &c);
    bulletin_add_deduction(b, &d);
    bulletin_add_target(b, &t);
    bulletin_add_adjustment(b, &a);
    add_note(b, "附件1 三(一)1", "报送",
             "自主报送不含约稿答复；被采用后0.2分仍保留");
    add_note(
        b, "附件1 三(二)末", "采用",
        "条文只说“未上报”按分值最高扣减；质量、雷同、抄袭与未上报属同一约稿，"
        "一并只扣最高一项；只在各刊物之间取最高；“报市办”“报省办”等转报分也算"
        "刊物采用");
    add_note(b, NULL, NULL, "联合报送怎样记分，条文未说明，各单位记满分。");
}

static struct bulletin *
sample(int more)
{
    struct bulletin *b = bulletin_new();

    b->office = bulletin_copy(b, "郯城县人民政府办公室");
    b->period = bulletin_copy(b, "2019年3月份");
    b->rules_title = bulletin_copy(b, "郯城县政务信息工作考评办法");
    b->rules_document = bulletin_copy(b, "郯政办字〔2019〕10号");
    b->choices_by = bulletin_copy(b, "信息科");
    b->from = day_from_ymd(2019, 3, 1);
    b->to = day_from_ymd(2019, 3, 31);
    b->dated = day_from_ymd(2019, 4, 1);
    b->made = 1554080400;
    b->cut_off = bulletin_copy(b, "2019-04-01 09:00");
    for (guint i = 0; i < G_N_ELEMENTS(items); i++)
        bulletin_add_item(b, items[i].name, items[i].label, items[i].group);
    add_classes(b, more);
    add_adoptions(b);
    add_lists(b);
    return b;
}

/* ---- what must be found ---- */

static void
set_string(JsonBuilder *j, const char *key, const char *text)
{
    json_builder_set_member_name(j, key);
    json_builder_add_string_value(j, text);
}

static void
print_row(JsonBuilder *j, const struct bulletin_class *c,
          const struct bulletin_row *row)
{
    g_autofree char *points = decimal_format(row->points);
    g_autofree char *adjustment = decimal_format(row->adjustment);
    g_autofree char *to_date = decimal_format(row->to_date);

    json_builder_begin_object(j);
    set_string(j, "class", c->name);
    set_string(j, "unit", row->unit);
    set_string(j, "points", points);
    set_string(j, "adjustment", adjustment);
    set_string(j, "to_date", to_date);
    json_builder_set_member_name(j, "standing");
    json_builder_add_int_value(j, c->standing);
    json_builder_set_member_name(j, "rank");
    json_builder_add_int_value(j, row->rank);
    json_builder_set_member_name(j, "submitted");
    json_builder_add_int_value(j, row->submitted);
    json_builder_set_member_name(j, "adopted");
    json_builder_add_int_value(j, row->adopted);
    json_builder_set_member_name(j, "counts");
    json_builder_begin_object(j);
    for (guint i = 0; i < G_N_ELEMENTS(items); i++) {
        json_builder_set_member_name(j, items[i].name);
        json_builder_add_int_value(j, row->counts[i] / DECIMAL_ONE);
    }
    json_builder_end_object(j);
    json_builder_end_object(j);
}

static void
print_expected(const struct bulletin *b)
{
    g_autoptr(JsonBuilder) j = json_builder_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *text = NULL;

    json_builder_begin_object(j);
    json_builder_set_member_name(j, "received");
    json_builder_add_int_value(j, b->received);
    json_builder_set_member_name(j, "adopted");
    json_builder_add_int_value(j, b->adopted);
    json_builder_set_member_name(j, "rows");
    json_builder_begin_array(j);
    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *c = b->classes->pdata[i];

        for (guint k = 0; k < c->rows->len; k++)
            print_row(j, c, c->rows->pdata[k]);
    }
    json_builder_end_array(j);
    json_builder_set_member_name(j, "titles");
    json_builder_begin_array(j);
    for (guint i = 0; i < b->adoptions->len; i++) {
        const struct bulletin_adoption *a = b->adoptions->pdata[i];
        g_autofree char *clean = text_clean(a->title, strlen(a->title));

        json_builder_add_string_value(j, clean);
    }
    json_builder_end_array(j);
    json_builder_end_object(j);
    root = json_builder_get_root(j);
    text = json_to_string(root, FALSE);
    printf("%s\n", text);
}

static void
print_time(gint64 began)
{
    printf("%.4f s\n",
           (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
    gint64 began = g_get_monotonic_time();
    g_autoptr(bulletin) b = NULL;
    g_autoptr(phrases) words = NULL;
    struct err e = ERR_INIT;
    enum st st;

    if (argc < 3 || argc > 5) {
        fprintf(stderr, "usage: write_bulletin TEMPLATES FILE.xlsx "
                        "[MORE [time]]\n");
        return EXIT_USAGE_ERROR;
    }
    b = sample(argc > 3 ? atoi(argv[3]) : 0);
    st = bulletin_load_words(argv[1], NULL, &words, &e);
    if (st == ST_OK)
        st = bulletin_write_xlsx(b, words, argv[2], &e);
    if (st != ST_OK) {
        fprintf(stderr, "%s\n", e.text);
        return EXIT_SOFTWARE;
    }
    if (argc == 5)
        print_time(began);
    else
        print_expected(b);
    return EXIT_DONE;
}
