/* write_ledger TEMPLATES FILE.xlsx [ROWS]: a ledger of made-up submissions:
 * three that are awkward, or so many ordinary ones, made one by one as the
 * program does. */
#include "reply/phrases.h"
#include "report/ledger.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const items[] = {"报送", "低质量信息", "雷同",      "普刊",
                                    "简讯", "市普刊采用", "县领导批示"};

static const struct ledger_row rows[] = {
    {.number = "2019-0001",
     .minute = 9 * 60 + 12,
     .title = "我县扎实推进财政资金直达基层",
     .unit = "县财政局",
     .submitter = "张敏",
     .phones = "05396201001",
     .category = "一般性信息",
     .words = 386,
     .status = "已受理",
     .file = "财政资金直达基层.docx"},
    {.number = "2019-0002",
     .minute = 10 * 60 + 22,
     .title = "=HYPERLINK(\"http://example.com\")",
     .unit = "县农业农村局、县畜牧发展促进中心",
     .submitter = "李强",
     .phones = "6201234",
     .words = 523,
     .similar = "2019-0001 86%",
     .status = "已受理",
     .notes = "新收、篇幅偏长、发件邮箱未备案",
     .file = "@SUM(A1).doc",
     .remark = "联合报送"},
    {.number = "2019-0003",
     .minute = 0,
     .title = "关于优化营商环境、推进“一次办好”改革情况的调研报告——"
              "以郯城经济开发区项目落地全流程服务为例",
     .unit = "郯城经济开发区",
     .submitter = "王\xB7",
     .phones = "0539-6205678 6205679",
     .words = 1986,
     .status = "已退稿",
     .notes = "新收"},
};

static const struct ledger_finding findings[] = {
    {"篇幅偏长", LEDGER_WORDS}, {"发件邮箱未备案", LEDGER_SUBMITTER}};

/* The awkward ones: none, one and two marks. */
static void
put_samples(struct ledger_writer *w)
{
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct ledger_row row = rows[i];

        row.day = day_from_ymd(2019, 3, 5 + (int)i);
        row.marks = g_array_new(FALSE, FALSE, sizeof(struct ledger_mark));
        for (guint k = 0; k < i; k++) {
            struct ledger_mark m = {(char *)items[3 + k],
                                    day_from_ymd(2019, 3, 12 + (int)k)};

            g_array_append_val(row.marks, m);
        }
        ledger_put(w, &row);
        g_array_unref(row.marks);
    }
}

/* Ordinary ones: no two alike, every third marked, every fifth noted. */
static void
put_many(struct ledger_writer *w, int n)
{
    for (int i = 0; i < n; i++) {
        g_autoptr(ledger_row) row = ledger_row_new();

        row->number = g_strdup_printf("2019-%05d", i + 1);
        row->day = day_from_ymd(2019, 1, 1) + i % 365;
        row->minute = i * 7 % (24 * 60);
        row->title = g_strdup_printf("我县第%d批重点项目建设进展情况", i + 1);
        row->unit = g_strdup_printf("县第%d单位", i % 100 + 1);
        row->submitter = g_strdup(i % 2 ? "张敏" : "李强");
        row->phones = g_strdup_printf("0539620%04d", i % 10000);
        row->category = g_strdup("一般性信息");
        row->words = 300 + i % 900;
        row->status = g_strdup("已受理");
        row->file = g_strdup_printf("重点项目%d.docx", i + 1);
        if (i % 5 == 0)
            row->notes = g_strdup("篇幅偏长、发件邮箱未备案");
        if (i % 3 == 0)
            ledger_row_mark(row, "普刊", row->day + 3);
        ledger_put(w, row);
    }
}

static enum st
write_ledger(const struct phrases *words, const char *path, int n,
             struct err *e)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(ledger_writer) w = NULL;
    const struct ledger l = {.office = "郯城县人民政府办公室",
                             .period = "2019年3月份",
                             .token = "7d3f-42",
                             .made = 1554080400,
                             .pairs = 3,
                             .items = names,
                             .findings = findings,
                             .n_findings = G_N_ELEMENTS(findings)};
    enum st st;

    for (guint i = 0; i < G_N_ELEMENTS(items); i++)
        g_ptr_array_add(names, (gpointer)items[i]);
    st = ledger_begin(&l, words, path, &w, e);
    if (st != ST_OK)
        return st;
    if (n > 0)
        put_many(w, n);
    else
        put_samples(w);
    return ledger_end(w, e);
}

int
main(int argc, char **argv)
{
    g_autoptr(phrases) words = NULL;
    struct err e = ERR_INIT;
    enum st st;

    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: write_ledger TEMPLATES FILE.xlsx [ROWS]\n");
        return EXIT_USAGE_ERROR;
    }
    st = ledger_load_words(argv[1], NULL, &words, &e);
    if (st == ST_OK)
        st = write_ledger(words, argv[2], argc == 4 ? atoi(argv[3]) : 0, &e);
    if (st != ST_OK)
        fprintf(stderr, "%s\n", e.text);
    return st == ST_OK ? EXIT_DONE : EXIT_SOFTWARE;
}
