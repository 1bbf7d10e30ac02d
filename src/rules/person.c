/* person.c - see person.h. */
#include "rules/person.h"

#include "base/text.h"

#include <string.h>

/* Surnames, the frequent ones first. */
static const char frequent[] =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田"
    "董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白"
    "邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温"
    "康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝"
    "包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍"
    "华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党"
    "宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑"
    "郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢"
    "劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴"
    "丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌"
    "母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居"
    "揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由逄郗禚綦郄仉撒竺乜蔚丑";

/* So many of them make a name likely; what follows is rare. */
enum { FREQUENT = 253 };

static const char *const compound[] = {
    "欧阳", "诸葛", "司马", "上官", "司徒", "夏侯", "皇甫", "尉迟", "公孙",
    "慕容", "令狐", "端木", "宇文", "长孙", "独孤", "南宫", "轩辕", "呼延",
    "鲜于", "闾丘", "太史", "澹台", "公冶", "濮阳", "淳于", "单于", "申屠",
    "仲孙", "钟离", "完颜", "拓跋", "赫连", "左丘", "梁丘", "万俟", "闻人",
    "羊舌", "东郭", "东方", "司空", "纳兰", "耶律"};

/* What given names are made of. */
static const char given[] =
    "一丁三万上世业东丹丽久义乐乔书云亚亦京亭亮人仁今介仕仙代令仪以仲任伊"
    "伍伟伦伯佑何佐佩佳依侃侠保信修俊俏俐倩倪健偲傲元兆先光克全兰兴其典冉"
    "军冠冬冰凌凡凤凯刃刚利别剑力功加励劲勇勋勤勉北匀千升华卉卓南博卫卿厚"
    "原友双发叶可史司吉同名君吟启周呈和咏品哲唯唐善喆喜嘉园国圆圣在坚坤城"
    "垒培基堃增墨士壮声处夏夕天太夫奇奎奕奥如妍妙妤妮妹姗姝娅娇娉娜娟娥娴"
    "婉婕婧婷媛嫣嫒子孔存孝孟学宁宇守安宏宗定宜宝实审宣宪宸家容宽宾寅富寒"
    "寿小少尚尧展山岚岩岭岳岸峥峰峻崇嵘嵩川州工巧帅帆希帝常干平年广庆康庭"
    "延建开弘强彤彦彩彪彬彭影征德心志忠念忻怀怡思恒恩悦惠慧懿成战才扬承拓"
    "振捷敏文斌斐斯新方施旭旺昂昆昊昌明易昕星春昭显晋晏晓晔晗晖晨普景晴晶"
    "智暄暖曙曦月有朋朗望朝木本杉李杏杰松林枫柏柔柯柳栋树桂桐桥桦梁梅梓梦"
    "森椿楚楠榕樱正武殿毅民水永江池沁沂沐沙沛河治泉波泰泳泽洁洋津洪洲浩浪"
    "海涌涛润涵淇淑淞深淼清渊湘源滔滢满漫潇潮澄澜瀚灵灿炎炜炫炳烁烨焕焱煜"
    "照熙燕爱爽牧牡特玉王玖玟玥玮玲珂珊珍珑珠琛琦琨琪琳琴琼瑀瑜瑞瑶瑾璇璐"
    "璞甜生田男畅皓皎益盈盛真睿知石硕碧磊祎祖祥禄福禹禾秀秉秋科程稳穆立竹"
    "竣笑笛筠筱管简粒精素紫红纪纯纲绍经维绪绮绿缘缨缤美群羽翀翁翔翠翰翼翱"
    "耀考联聪胜胤胥能腾臣自航舒良艳艺艾节芊芝芬芮芯花芳苏苑苗若英苹茂茜茵"
    "茹荃荣莉莎莲莹莺菁菊菡菲萌萍萱萧落葆葳蒙蓉蓓蓝蔓蔚蕊蕴蕾薇藤虎虹蝶融"
    "行衍裕西言詠诗诚语诺谊谋谦谨谷豪贞贤贵赛赞超越跃路軒轩轶辉辰达迁迅运"
    "进远连迪逸道遥邦邵郁采里重金鑫钊钢钦钧铁铃铎铖铭银锋锐锦镇镕长闯闻阳"
    "陆陈雁雄雅雨雪雯雷霁霄霆震霏霖霜霞露青静非靖韬韵音顺颂颖颜风飒飞香馨"
    "驰驹骁骄骏高魁鲁鲲鸣鸿鹏鹤麒麟龙聚鉴芹芸";

/* Words of official prose that have the shape of a name. */
static const char *const words[] = {
    " 高效 高温 高校 高考 高标准 高质量 高水平 高位 高度 高新 高铁 高龄 ",
    " 高速 高潮 高端 高层 高产 安全 安居 安心 安装 安置 安排 安保 安监 ",
    " 安防 安康 成效 成果 成绩 成立 成功 成就 成本 成长 方案 方法 方便 ",
    " 方式 方向 方面 金融 金秋 金银花 石油 石化 石材 江北 江苏 夏季 夏收 ",
    " 夏粮 夏播 夏种 夏管 万人 万亩 万元 万家 万户 武装 武术 武警 向上 ",
    " 向好 向前 常态 常态化 常年 常委 常务 温室 温暖 温度 康养 康复 施工 ",
    " 施策 施政 施肥 文化 文明 文旅 文物 文体 文件 文艺 文教 牛羊 牛奶 ",
    " 时间 时代 时效 时刻 时令 时政 农业 农民 农村 农机 农资 农田 农产品 ",
    " 农技 农贸 农户 农行 农商行 农家乐 司法 司法所 古城 古树 古村 古镇 ",
    " 吉利 简报 简讯 简介 简政 简化 简易 车辆 车间 车站 车道 项目 ",
    " 项目建设 连续 连心 连片 连锁 麦收 麦田 麦播 景区 景点 景观 党建 ",
    " 党员 党政 党委 党组 党史 党课 党校 党风 党务 党群 席位 卫生 卫健 ",
    " 卫健委 米面 宗教 全县 全面 全力 全市 全省 全国 全员 全民 全域 全程 ",
    " 全年 全部 全局 全镇 全区 全力以 全覆盖 应急 应对 应用 应急局 应保 ",
    " 边界 边境 师生 师资 师德 和谐 和美 和平 和解 商务 商业 商贸 商品 ",
    " 商户 商会 商标 商事 荣获 荣誉 荣耀 明显 明确 明察 明查 池塘 查处 ",
    " 查摆 查询 查验 查封 迟报 官方 封闭 封山 谈话 惠民 惠企 惠农 惠及 ",
    " 惠民生 荆山 乐业 乐园 冀南 班子 储备 储粮 储蓄 原因 原则 原料 燕归 ",
    " 劳动 劳务 劳模 皮肤 楼宇 楼市 楼道 盘活 满意 满意度 满载 位于 位列 ",
    " 区域 区级 区位 海关 海洋 海域 花卉 花生 花园 花开 权力 权益 权限 ",
    " 强化 强力 强基 强县 强村 强企 强农 豆角 盖章 练兵 廉政 廉洁 廉租 ",
    " 井盖 祖国 丰收 丰富 丰产 丰硕 支持 支援 支部 支撑 支付 支教 国企 ",
    " 国家 国土 国税 国资 国庆 国防 国网 国有 平安 平稳 平台 平均 平衡 ",
    " 平价 计划 计生 计量 计算 索赔 宣传 宣讲 宣贯 宣讲团 相关 相对 初步 ",
    " 初心 初级 初报 门户 门诊 门前 云端 云上 云平台 容量 敬老 敬老院 ",
    " 来访 来信 来源 都市 普查 普法 普及 普刊 普惠 普通 浦发 伏季 鹿鸣 ",
    " 薄弱 印发 印象 隆重 战略 战疫 战役 战果 危房 危化 危机 危险 危桥 ",
    " 玉米 银行 银杏 银企 银发 公开 公益 公司 公安 公路 公共 公平 公正 ",
    " 公示 公务 公寓 公园 公租 宾馆 利用 利民 利率 居民 居家 干部 干劲 ",
    " 干群 干旱 干警 斯文 元旦 元宵 元月 信息 信访 信用 信贷 信心 信托 ",
    " 信息科 展示 展开 展览 展会 展望 智慧 智能 智库 幸福 奉献 植树 植保 ",
    " 衡量 富民 富强 富硒 由点 马路 马铃薯 林业 林权 林长制 林下 林果 ",
    " 田间 田长制 田园 叶片 叶面 程序 任务 任命 金牌 石榴 白菜 白色 方舱 ",
    " 方言 江河 段落 雷电 雷同 龙头 龙虾 史志 陶瓷 毛利 毛坯 严格 严厉 ",
    " 严查 严打 严防 严肃 严重 严禁 孔雀 汤头 包保 包村 包干 包联 包容 ",
    " 包装 宁静 尚未 符合 舒适 纪检 纪念 纪律 纪委 单位 单项 单产 季度 ",
    " 季报 季节 苗木 苗圃 谷雨 谷物 盛会 盛况 盛开 曲艺 路长 路段 路面 ",
    " 路域 路灯 路网 游客 游园 辛苦 管理 管护 管控 管网 管道 管线 房产 ",
    " 房屋 房地产 解决 解读 解放 解困 左右 华东 华丽 华润 古建 初中 高中 ",
    " 卓有 卓越 卫士 宫颈 费用 冷链 冷库 冷冻 车险 连线 满堂 满员 路径 ",
    " 房价 经验 经济 通知 通报 广播 广场 广大 东部 南部 西部 北部 中心 ",
    " 中药 中学 中央 关于 关心 关爱 关怀 关注 关键 关停 关口 问题 情况 ",
    " 报告 报送 建议 做法 调研 动态 反馈 专报 要情 快报 特刊 约稿 经营 ",
    " 社会 民生 生态 环保 教育 医疗 交通 水利 水库 水稻 水质 水产 农闲 ",
    " 春耕 春播 春运 秋收 秋种 冬季 冬修 扶贫 脱贫 税收 税务 财政 审计 ",
    " 统计 审批 监管 市场 招商 招聘 投资 外贸 开发 开展 推进 "};

struct office {
    const char *word;
    gboolean alone; /* 王局长 is somebody, 王女士 too; 王作者 is not */
};

/* Offices and forms of address behind a name; longest first where one ends
 * in another. */
static const struct office offices[] = {
    {"副主任科员", TRUE}, {"主任科员", TRUE}, {"副调研员", TRUE},
    {"调研员", TRUE},     {"副秘书长", TRUE}, {"秘书长", TRUE},
    {"副主任", TRUE},     {"主任", TRUE},     {"副科长", TRUE},
    {"科长", TRUE},       {"副局长", TRUE},   {"局长", TRUE},
    {"副镇长", TRUE},     {"镇长", TRUE},     {"乡长", TRUE},
    {"副书记", TRUE},     {"书记", TRUE},     {"部长", TRUE},
    {"副处长", TRUE},     {"处长", TRUE},     {"副股长", TRUE},
    {"股长", TRUE},       {"副所长", TRUE},   {"所长", TRUE},
    {"副站长", TRUE},     {"站长", TRUE},     {"副行长", TRUE},
    {"行长", TRUE},       {"队长", TRUE},     {"院长", TRUE},
    {"校长", TRUE},       {"会长", TRUE},     {"主席", TRUE},
    {"秘书", TRUE},       {"干事", TRUE},     {"科员", TRUE},
    {"经理", TRUE},       {"老师", TRUE},     {"同志", TRUE},
    {"女士", TRUE},       {"先生", TRUE},     {"信息员", FALSE},
    {"联络员", FALSE},    {"工程师", TRUE},   {"主管", FALSE}};

static gboolean
has(const char *set, gunichar c)
{
    return c != 0 && g_utf8_strchr(set, -1, c) != NULL;
}

static gboolean
is_frequent(gunichar c)
{
    const char *at = g_utf8_strchr(frequent, -1, c);

    return at && g_utf8_pointer_to_offset(frequent, at) < FREQUENT;
}

/* Characters of the surname at `start`, 0 when there is none. */
static int
surname(const struct runes *r, int start, int end)
{
    for (size_t i = 0; i < G_N_ELEMENTS(compound); i++) {
        int n = runes_at(r, start, compound[i]);

        if (n > 0 && start + n <= end)
            return n;
    }
    return start < end && has(frequent, r->folded[start]) ? 1 : 0;
}

static gboolean
all_cjk(const struct runes *r, int start, int end)
{
    for (int i = start; i < end; i++)
        if (!text_is_cjk(r->folded[i]))
            return FALSE;
    return start < end;
}

static gboolean
is_word(const struct runes *r, int start, int end)
{
    g_autofree char *text = text_from_runes(r->folded + start, end - start);
    g_autofree char *spaced = g_strdup_printf(" %s ", text);

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(words[i], spaced))
            return TRUE;
    return FALSE;
}

/* A name without anything behind it. */
static enum person
bare_kind(const struct runes *r, int start, int end)
{
    int family = surname(r, start, end), rest = end - start - family;
    gboolean usual = TRUE;

    if (family == 0 || rest < 1 || rest > 2 || !all_cjk(r, start, end))
        return PERSON_NO;
    if (is_word(r, start, end))
        return PERSON_DOUBTFUL;
    for (int i = start + family; i < end; i++)
        usual = usual && has(given, r->folded[i]);
    if (family == 2 || is_frequent(r->folded[start]))
        return usual ? PERSON_LIKELY : PERSON_PLAIN;
    return usual ? PERSON_PLAIN : PERSON_DOUBTFUL;
}

/* Where an office begins that ends at `end`; `end` when there is none. */
static int
office_start(const struct runes *r, int start, int end, gboolean *alone_out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(offices); i++) {
        int n = runes_before(r, end, offices[i].word);

        if (n > 0 && end - n >= start) {
            *alone_out = offices[i].alone;
            return end - n;
        }
    }
    return end;
}

int
person_name_end(const struct runes *r, int start, int end)
{
    gboolean alone = FALSE;
    int office = office_start(r, start, end, &alone);

    return office < end && bare_kind(r, start, office) != PERSON_NO ? office
                                                                    : end;
}

enum person
person_kind(const struct runes *r, int start, int end)
{
    gboolean alone = FALSE;
    int office = office_start(r, start, end, &alone);

    if (office == end)
        return bare_kind(r, start, end);
    if (bare_kind(r, start, office) != PERSON_NO)
        return PERSON_SURE;
    return alone && office > start &&
                   surname(r, start, office) == office - start
               ? PERSON_SURE
               : PERSON_NO;
}

gboolean
person_is_title(const struct runes *r, int start, int end)
{
    gboolean alone = FALSE;

    return start < end && office_start(r, start, end, &alone) == start;
}

static gboolean
is_dot(gunichar c)
{
    return c == 0x00B7 || c == 0x2022 || c == 0x30FB || c == 0x2027 ||
           c == 0x2E31;
}

gboolean
person_is_dotted(const struct runes *r, int start, int end)
{
    int dots = 0, run = 0;

    if (end - start < 4 || end - start > 24)
        return FALSE;
    for (int i = start; i < end; i++) {
        if (is_dot(r->folded[i])) {
            if (run < 1 || run > 8)
                return FALSE;
            dots++;
            run = 0;
        } else if (text_is_cjk(r->folded[i])) {
            run++;
        } else {
            return FALSE;
        }
    }
    return dots >= 1 && dots <= 3 && run >= 1 && run <= 8;
}
