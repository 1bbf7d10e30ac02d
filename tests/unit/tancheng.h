/* tancheng.h - the units of 郯城 2019 as a roster, for tests of the rules:
 * the names of the regulation's annex, and other names in use. */
#ifndef TESTS_TANCHENG_H
#define TESTS_TANCHENG_H

#include "rules/roster.h"

/* short name, printed name, then other names */
static const char *const tancheng_units[][6] = {
    {"郯城街道", "郯城街道", "郯城街道办事处"},
    {"郯城经济开发区", "郯城经济开发区"},
    {"马陵山景区", "马陵山景区"},
    {"新村银杏产业开发区管委会", "新村银杏产业开发区管委会"},
    {"科技局", "县科技局", "科学技术局"},
    {"民政局", "县民政局"},
    {"财政局", "县财政局"},
    {"自然资源和规划局", "县自然资源和规划局", "自然资源局", "自规局"},
    {"商务局", "县商务局"},
    {"行政审批服务局", "县行政审批服务局", "审批局"},
    {"市场监管局", "县市场监管局", "市场监督管理局"},
    {"医疗保障局", "县医疗保障局", "医保局"},
    {"税务局", "县税务局"},
    {"地方金融发展服务中心", "县地方金融发展服务中心", "金融服务中心"},
    {"发改局", "县发改局", "发展和改革局", "发改委"},
    {"人社局", "县人社局", "人力资源和社会保障局"},
    {"统计局", "县统计局"},
    {"粮食和物资储备中心", "县粮食和物资储备中心", "粮储中心"},
    {"工信局", "县工信局", "工业和信息化局"},
    {"应急管理局", "县应急管理局", "应急局"},
    {"供销社", "县供销社"},
    {"人民银行", "人民银行", "人行郯城县支行", "人行"},
    {"农业农村局", "县农业农村局", "农业局"},
    {"水利局", "县水利局"},
    {"农业机械发展促进中心", "县农业机械发展促进中心", "农机中心"},
    {"畜牧发展促进中心", "县畜牧发展促进中心", "畜牧中心"},
    {"扶贫办", "县扶贫办"},
    {"教体局", "县教体局", "教育和体育局"},
    {"卫健局", "县卫健局", "卫生健康局"},
    {"文旅局", "县文旅局", "文化和旅游局"},
    {"文化旅游发展中心", "县文化旅游发展中心"},
    {"司法局", "县司法局"},
    {"住建局", "县住建局", "住房和城乡建设局"},
    {"综合执法局", "县综合执法局", "综合行政执法局"},
    {"住房保障服务中心", "县住房保障服务中心"},
    {"环保局", "县环保局", "生态环境局"},
    {"交通运输局", "县交通运输局", "交通局"},
};

#define TANCHENG_OFFICE "郯城县人民政府办公室信息科"

static inline struct roster *
tancheng_roster(void)
{
    struct roster *r = roster_new();

    roster_add_class(r, "县直部门单位", STANDING_RANKED);
    for (size_t i = 0; i < G_N_ELEMENTS(tancheng_units); i++) {
        const char *const *names = tancheng_units[i];
        struct unit *u = roster_add(r, names[0], names[1]);

        for (int k = 2; k < 6 && names[k]; k++)
            g_ptr_array_add(u->aliases, g_strdup(names[k]));
    }
    return r;
}

#endif
