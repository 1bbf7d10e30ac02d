/* labels.c - see labels.h. */
#include "rules/labels.h"

struct label_word {
    const char *word;
    enum label label;
};

static const struct label_word vocabulary[] = {
    {"标题", LABEL_TITLE},
    {"信息标题", LABEL_TITLE},
    {"稿件标题", LABEL_TITLE},
    {"题目", LABEL_TITLE},
    {"信息题目", LABEL_TITLE},
    {"稿件题目", LABEL_TITLE},
    {"主题", LABEL_TITLE},
    {"信息主题", LABEL_TITLE},
    {"信息名称", LABEL_TITLE},
    {"稿件名称", LABEL_TITLE},
    {"单位", LABEL_UNIT},
    {"报送单位", LABEL_UNIT},
    {"上报单位", LABEL_UNIT},
    {"供稿单位", LABEL_UNIT},
    {"来稿单位", LABEL_UNIT},
    {"投稿单位", LABEL_UNIT},
    {"填报单位", LABEL_UNIT},
    {"撰稿单位", LABEL_UNIT},
    {"提供单位", LABEL_UNIT},
    {"单位名称", LABEL_UNIT},
    {"报送部门", LABEL_UNIT},
    {"部门", LABEL_UNIT},
    {"信息来源", LABEL_UNIT},
    {"来源", LABEL_UNIT},
    {"报送机关", LABEL_UNIT},
    {"报送人", LABEL_SUBMITTER},
    {"报送人员", LABEL_SUBMITTER},
    {"报送人姓名", LABEL_SUBMITTER},
    {"上报人", LABEL_SUBMITTER},
    {"填报人", LABEL_SUBMITTER},
    {"联系人", LABEL_SUBMITTER},
    {"联系人姓名", LABEL_SUBMITTER},
    {"供稿人", LABEL_SUBMITTER},
    {"撰稿人", LABEL_SUBMITTER},
    {"撰稿", LABEL_SUBMITTER},
    {"拟稿人", LABEL_SUBMITTER},
    {"拟稿", LABEL_SUBMITTER},
    {"投稿人", LABEL_SUBMITTER},
    {"经办人", LABEL_SUBMITTER},
    {"信息员", LABEL_SUBMITTER},
    {"作者", LABEL_SUBMITTER},
    {"执笔人", LABEL_SUBMITTER},
    {"执笔", LABEL_SUBMITTER},
    {"姓名", LABEL_SUBMITTER},
    {"报送人及电话", LABEL_SUBMITTER},
    {"报送人及联系方式", LABEL_SUBMITTER},
    {"报送人和联系方式", LABEL_SUBMITTER},
    {"联系人及电话", LABEL_SUBMITTER},
    {"联系人及联系方式", LABEL_SUBMITTER},
    {"联系人电话", LABEL_PHONE},
    {"报送人电话", LABEL_PHONE},
    {"电话", LABEL_PHONE},
    {"联系电话", LABEL_PHONE},
    {"联系方式", LABEL_PHONE},
    {"联系号码", LABEL_PHONE},
    {"电话号码", LABEL_PHONE},
    {"办公电话", LABEL_PHONE},
    {"手机", LABEL_PHONE},
    {"手机号", LABEL_PHONE},
    {"手机号码", LABEL_PHONE},
    {"联系手机", LABEL_PHONE},
    {"移动电话", LABEL_PHONE},
    {"座机", LABEL_PHONE},
    {"固话", LABEL_PHONE},
    {"固定电话", LABEL_PHONE},
    {"号码", LABEL_PHONE},
    {"tel", LABEL_PHONE},
    {"mobile", LABEL_PHONE},
    {"phone", LABEL_PHONE},
    {"分机", LABEL_EXTENSION},
    {"分机号", LABEL_EXTENSION},
    {"内线", LABEL_EXTENSION},
    {"短号", LABEL_EXTENSION},
    {"小号", LABEL_EXTENSION},
    {"集团号", LABEL_EXTENSION},
    {"集团短号", LABEL_EXTENSION},
    {"虚拟网", LABEL_EXTENSION},
    {"签发人", LABEL_SIGNER},
    {"签发", LABEL_SIGNER},
    {"审签人", LABEL_SIGNER},
    {"签发领导", LABEL_SIGNER},
    {"审核签发", LABEL_SIGNER},
    {"公开属性", LABEL_OPENNESS},
    {"公开方式", LABEL_OPENNESS},
    {"是否公开", LABEL_OPENNESS},
    {"信息公开属性", LABEL_OPENNESS},
    {"日期", LABEL_DATE},
    {"报送日期", LABEL_DATE},
    {"上报日期", LABEL_DATE},
    {"报送时间", LABEL_DATE},
    {"上报时间", LABEL_DATE},
    {"时间", LABEL_DATE},
    {"类别", LABEL_CATEGORY},
    {"信息类别", LABEL_CATEGORY},
    {"类型", LABEL_CATEGORY},
    {"信息类型", LABEL_CATEGORY},
    {"约稿", LABEL_COMMISSION},
    {"约稿号", LABEL_COMMISSION},
    {"约稿编号", LABEL_COMMISSION},
    {"正文", LABEL_BODY},
    {"内容", LABEL_BODY},
    {"信息内容", LABEL_BODY},
    {"供稿", LABEL_NOISE},
    {"来稿", LABEL_NOISE},
    {"报送", LABEL_NOISE},
    {"上报", LABEL_NOISE},
    {"投稿", LABEL_NOISE},
};

const char *const labels_noise[] = {"信息",
                                    "信息报送",
                                    "报送信息",
                                    "政务信息",
                                    "政务信息报送",
                                    "报送政务信息",
                                    "上报信息",
                                    "上报政务信息",
                                    "政务信息稿",
                                    "信息稿",
                                    "信息稿件",
                                    "稿件",
                                    "稿子",
                                    "投稿",
                                    "供稿",
                                    "来稿",
                                    "报送",
                                    "上报",
                                    "呈报",
                                    "报",
                                    "材料",
                                    "信息材料",
                                    "上报材料",
                                    "报送材料",
                                    "请查收",
                                    "请审阅",
                                    "请审核",
                                    "请收",
                                    "查收",
                                    "您好",
                                    "你好",
                                    "附件",
                                    "见附件",
                                    "信息见附件",
                                    "收",
                                    "急",
                                    "加急",
                                    "特急",
                                    "word版",
                                    "word",
                                    "电子版",
                                    "最终版",
                                    "终稿",
                                    "定稿",
                                    "修改稿",
                                    "修改版",
                                    "重新报送",
                                    "重报",
                                    "无主题",
                                    "无标题",
                                    "no subject",
                                    "新邮件",
                                    "新建文档",
                                    "新建 microsoft word 文档",
                                    "新建 docx 文档",
                                    "新建 doc 文档",
                                    "信息科",
                                    "致信息科",
                                    "县政府信息科",
                                    "政府办信息科",
                                    "县政府办公室信息科",
                                    "紧急",
                                    "重要",
                                    "同微信",
                                    "微信同号",
                                    "同号",
                                    "微信",
                                    "完",
                                    "谢谢",
                                    NULL};

const char *const labels_prefixes[] = {
    "re",   "fw",   "fwd",      "回复",     "答复",
    "转发", "转寄", "回覆",     "回信",     "aw",
    "重发", "补发", "自动回复", "自动答复", "automatic reply",
    NULL};

const char *const labels_automatic[] = {"自动回复", "自动答复",
                                        "automatic reply", NULL};

int
labels_at(const struct runes *r, int at, enum label *out)
{
    int longest = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(vocabulary); i++) {
        int n = runes_at(r, at, vocabulary[i].word);

        if (n > longest) {
            longest = n;
            *out = vocabulary[i].label;
        }
    }
    return longest;
}

enum label
labels_whole(const struct runes *r, int start, int end)
{
    enum label label = LABEL_NONE;
    int n = labels_at(r, start, &label);

    return n > 0 && start + n == end ? label : LABEL_NONE;
}

int
labels_before(const struct runes *r, int end, enum label label)
{
    int at = end, longest = 0;

    while (at > 0 && (r->folded[at - 1] == ' ' || r->folded[at - 1] == ':' ||
                      r->folded[at - 1] == '(' || r->folded[at - 1] == ')' ||
                      r->folded[at - 1] == ']' || r->folded[at - 1] == 0x3011))
        at--;
    for (size_t i = 0; i < G_N_ELEMENTS(vocabulary); i++) {
        int n = vocabulary[i].label == label
                    ? runes_before(r, at, vocabulary[i].word)
                    : 0;

        longest = MAX(longest, n);
    }
    return longest > 0 ? longest + end - at : 0;
}

const char *
labels_word(enum label label)
{
    switch (label) {
    case LABEL_TITLE:
        return "信息标题";
    case LABEL_UNIT:
        return "报送单位";
    case LABEL_SUBMITTER:
        return "报送人";
    case LABEL_PHONE:
        return "联系电话";
    case LABEL_CATEGORY:
        return "类别";
    default:
        return "";
    }
}
