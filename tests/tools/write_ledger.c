/* write_ledger TEMPLATES FILE.xlsx: a ledger of made-up submissions. */
#include "reply/phrases.h"
#include "report/ledger.h"

#include <stdio.h>

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
     .status = "已受理"},
    {.number = "2019-0002",
     .minute = 10 * 60 + 22,
     .title = "=HYPERLINK(\"http://example.com\")",
     .unit = "县农业农村局、县畜牧发展促进中心",
     .submitter = "李强",
     .phones = "6201234",
     .words = 523,
     .words_noted = TRUE,
     .similar = "2019-0001 86%",
     .status = "已受理",
     .remark = "联合报送"},
    {.number = "2019-0003",
     .minute = 0,
     .title = "关于优化营商环境、推进“一次办好”改革情况的调研报告——"
              "以郯城经济开发区项目落地全流程服务为例",
     .unit = "郯城经济开发区",
     .submitter = "王\xB7",
     .phones = "0539-6205678 6205679",
     .words = 1986,
     .status = "已退稿"},
};

static struct ledger *
sample(void)
{
    struct ledger *l = ledger_new();
    struct ledger_row *row;

    l->office = ledger_copy(l, "郯城县人民政府办公室");
    l->period = ledger_copy(l, "2019年3月份");
    l->token = ledger_copy(l, "7d3f-42");
    l->made = 1554080400;
    for (guint i = 0; i < G_N_ELEMENTS(items); i++)
        ledger_add_item(l, items[i]);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct ledger_row one = rows[i];

        one.day = day_from_ymd(2019, 3, 5 + (int)i);
        row = ledger_add_row(l, &one);
        for (guint k = 0; k < i; k++)
            ledger_add_mark(l, row, items[3 + k],
                            day_from_ymd(2019, 3, 12 + (int)k));
    }
    return l;
}

int
main(int argc, char **argv)
{
    g_autoptr(ledger) l = sample();
    g_autoptr(phrases) words = NULL;
    struct err e = ERR_INIT;
    enum st st;

    if (argc != 3) {
        fprintf(stderr, "usage: write_ledger TEMPLATES FILE.xlsx\n");
        return EXIT_USAGE_ERROR;
    }
    st = ledger_load_words(argv[1], NULL, &words, &e);
    if (st == ST_OK)
        st = ledger_write_xlsx(l, words, argv[2], &e);
    if (st != ST_OK)
        fprintf(stderr, "%s\n", e.text);
    return st == ST_OK ? EXIT_DONE : EXIT_SOFTWARE;
}
