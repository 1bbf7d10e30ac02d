/* Subject lines: what a clerk reads from them.
 *
 * tests/data/subjects.tsv holds lines with the fields expected: an empty
 * field is missing, "?" is left open (unsure, never a value), "!" a unit
 * that the roster does not know, "a,b" a joint item or two numbers, "+601"
 * an extension.  A commission is named in the remark. */
#include "rules/subject.h"

#include "pack/load.h"
#include "tancheng.h"

#include <locale.h>
#include <string.h>

static struct roster *units;
static struct matcher *names;
static struct subject_context context;

static char *
numbers(const struct fields *f)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < f->phones->len; i++)
        g_string_append_printf(s, "%s%s", s->len ? "," : "",
                               (const char *)f->phones->pdata[i]);
    for (guint i = 0; i < f->extensions->len; i++)
        g_string_append_printf(s, "%s+%s", s->len ? "," : "",
                               (const char *)f->extensions->pdata[i]);
    return g_string_free(s, FALSE);
}

static char *
unit_names(const struct fields *f)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < f->units->len; i++)
        g_string_append_printf(s, "%s%s", i ? "," : "",
                               ((struct unit *)f->units->pdata[i])->short_name);
    return g_string_free(s, FALSE);
}

/* A field as the table writes it. */
static const char *
shown(enum found found, const char *text)
{
    switch (found) {
    case FOUND:
        return text;
    case FOUND_UNSURE:
        return "?";
    case FOUND_UNKNOWN:
        return "!";
    default:
        return "";
    }
}

/* Everything understood of a line, in the table's columns. */
static char *
understood(const struct fields *f)
{
    g_autofree char *unit = unit_names(f);
    g_autofree char *phones = numbers(f);

    return g_strdup_printf("%s\t%s\t%s\t%s", shown(f->title_found, f->title),
                           shown(f->unit_found, unit),
                           shown(f->submitter_found, f->submitter), phones);
}

static void
check_row(const char *line, int number)
{
    g_auto(GStrv) column = g_strsplit(line, "\t", 6);
    g_autoptr(fields) f = NULL;
    g_autofree char *expected = NULL, *got = NULL;

    g_assert_cmpuint(g_strv_length(column), ==, 6);
    f = subject_read(&context, column[0]);
    got = understood(f);
    expected =
        g_strjoin("\t", column[1], column[2], column[3], column[4], NULL);
    if (strcmp(got, expected) != 0) {
        g_test_message("line %d: %s\n  expected %s\n  got      %s", number,
                       column[0], expected, got);
        g_test_fail();
    }
    if (g_str_has_prefix(column[5], "commission "))
        g_assert_cmpstr(f->commission, ==, column[5] + strlen("commission "));
    else
        g_assert_null(f->commission);
}

static void
test_table(void)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    int n = 0;

    g_assert_true(
        g_file_get_contents("tests/data/subjects.tsv", &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (int i = 1; lines[i] && *lines[i]; i++, n++)
        check_row(lines[i], i + 1);
    g_assert_cmpint(n, >=, 300);
}

/* The examples handed over with the task, whole.  Machine mail is decided
 * before its subject is read, and a remark may name a commission. */
static void
check_shared_row(const char *line)
{
    g_auto(GStrv) column = g_strsplit(line, "\t", 6);
    g_autoptr(fields) f = subject_read(&context, column[0]);
    g_autofree char *unit = unit_names(f), *phones = numbers(f);

    if (strstr(column[5], "recall") || strstr(column[5], "machine"))
        return;
    g_assert_cmpstr(f->title ? f->title : "", ==, column[1]);
    g_assert_cmpstr(unit, ==, column[2]);
    g_assert_cmpstr(f->submitter ? f->submitter : "", ==, column[3]);
    g_assert_true(g_str_has_prefix(phones, column[4]));
    if (strstr(column[5], "commission"))
        g_assert_cmpstr(f->commission, ==, "2019-05");
}

static void
test_shared(void)
{
    const char *shared = g_getenv("BAOSONG_SHARED");
    g_autofree char *path =
        g_build_filename(shared ? shared : "../shared", "subjects.tsv", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        g_test_skip("the shared examples are not here");
        return;
    }
    lines = g_strsplit(text, "\n", -1);
    for (int i = 1; lines[i] && *lines[i]; i++)
        check_shared_row(lines[i]);
}

/* ---- composed lines: nothing may ever be read wrongly ---- */

static const char *const hard_titles[] = {
    "全县春耕备播进展顺利",
    "关于应急管理局、消防大队联合演练情况的报告",
    "应急管理局、消防大队联合演练",
    "税务局、财政局联合开展减税宣传",
    "粮食储备——“五优联动”试点的做法",
    "“一窗受理、集成服务”改革成效明显",
    "医保局异地就医直接结算扩面",
    "2019年第8期：司法所规范化建设经验",
    "春耕备播（一）进展顺利",
    "银杏叶收购价格（2019年）持续走低",
    "高效、务实推进春耕生产",
    "安全、有序做好复工复产",
    "强基础、补短板、惠民生",
    "一手抓防控 一手抓生产",
    "抓重点，补短板，强弱项",
    "我县三项举措：抓早、抓实、抓细",
    "5G+工业互联网加快推进",
    "A/B角制度全面落实",
    "205国道郯城段改建通车",
    "关于《政府工作报告》任务落实情况的汇报",
    "国家统计局郯城调查队反映生猪价格上涨",
    "农业农村局与税务局联合调研",
    "何平同志先进事迹引发热议",
    "全县完成税收6201234万元",
    "着力构建产业发展新格局",
    "我县成立营商环境服务中心",
    "【调研】小银杏做成大产业",
    "金融支农：从“输血”到“造血”",
    "何平、李强同志先进事迹",
    "高效-务实推进春耕生产",
    "安全_有序复工复产",
    "马路 市场 整治取得成效",
    "财政 金融 协同支农",
};

static const char *const pool_units[] = {
    "县商务局",   "财政局",         "郯城县农业农村局", "发改委",
    "应急管理局", "人行郯城县支行", "郯城街道办事处",   "县文旅局",
    "统计局",     "税务局",
};

static const char *const pool_names[] = {
    "何平", "李强",   "王小明", "欧阳锋", "唐山", "高翔",
    "安静", "逄锦聚", "王主任", "金晶",   "成功",
};

static const char *const pool_phones[] = {
    "6201234",         "15253901234", "0539-6201234", "（0539）6106766转8012",
    "6106766,6109100",
};

static const char *const pool_separators[] = {
    "-",  "—", "——", "–",  "－", "_",  "＿", " ", "　", "|", "｜",  "/",
    "／", "+", "＋", "，", "、", "；", "：", ";", ":",  ",", " - ", "~",
};

static const char *const orders[] = {
    "TUNP", "TUPN", "TNUP", "TNPU", "TPUN", "TPNU", "UTNP", "UTPN", "UNTP",
    "UNPT", "UPTN", "UPNT", "NTUP", "NTPU", "NUTP", "NUPT", "NPTU", "NPUT",
    "PTUN", "PTNU", "PUTN", "PUNT", "PNTU", "PNUT",
    /* parts missing */
    "TUN", "TNU", "UTN", "TNP", "NPT", "TUP", "UTP", "PUT", "UNP", "NUP", "TU",
    "UT", "TP", "NP", "T"};

struct rates {
    int lines, wrong, open, read; /* fields but the first */
};

struct composed {
    const char *title, *unit, *name, *phone;
    const char *order;
    char *line;
};

static void
compose(struct composed *c, const char *separator)
{
    GString *s = g_string_new(NULL);

    for (const char *o = c->order; *o; o++)
        g_string_append_printf(s, "%s%s", s->len ? separator : "",
                               *o == 'T'   ? c->title
                               : *o == 'U' ? c->unit
                               : *o == 'N' ? c->name
                                           : c->phone);
    c->line = g_string_free(s, FALSE);
}

/* One field of a composed line: right, left open, or wrong. */
static void
count_field(struct rates *r, gboolean there, gboolean found, gboolean right,
            const struct composed *c, const char *got)
{
    if (found && (!there || !right)) {
        r->wrong++;
        g_test_message("wrong in %s: %s", c->line, got);
    } else if (there && !found) {
        r->open++;
    } else {
        r->read++;
    }
}

static gboolean
right_unit(const struct fields *f, const char *wanted)
{
    struct unit *u = NULL;

    return match_unit(names, wanted, &u) == MATCH_ONE && f->units->len == 1 &&
           f->units->pdata[0] == u;
}

/* The mark before a title may be left out of it: it is a separator, too. */
static gboolean
right_title(const struct fields *f, const char *wanted)
{
    return f->title && strcmp(f->title, wanted) == 0;
}

static void
count_line(struct rates *r, const struct composed *c)
{
    g_autoptr(fields) f = subject_read(&context, c->line);
    g_autofree char *got = understood(f);

    r->lines++;
    count_field(r, strchr(c->order, 'T') != NULL, f->title_found == FOUND,
                right_title(f, c->title), c, got);
    count_field(r, strchr(c->order, 'U') != NULL, f->unit_found == FOUND,
                right_unit(f, c->unit), c, got);
    count_field(r, strchr(c->order, 'N') != NULL, f->submitter_found == FOUND,
                f->submitter && strcmp(f->submitter, c->name) == 0, c, got);
    count_field(r, strchr(c->order, 'P') != NULL, fields_has_phone(f), TRUE, c,
                got);
}

/* Every title in every order with every separator; the rest by turns. */
static void
test_composed(void)
{
    struct rates whole = {0}, missing = {0};
    guint turn = 0;

    for (guint t = 0; t < G_N_ELEMENTS(hard_titles); t++)
        for (guint o = 0; o < G_N_ELEMENTS(orders); o++)
            for (guint s = 0; s < G_N_ELEMENTS(pool_separators); s++, turn++) {
                struct composed c = {
                    hard_titles[t],
                    pool_units[turn % G_N_ELEMENTS(pool_units)],
                    pool_names[turn % G_N_ELEMENTS(pool_names)],
                    pool_phones[turn / 7 % G_N_ELEMENTS(pool_phones)],
                    orders[o],
                    NULL};

                compose(&c, pool_separators[s]);
                count_line(strlen(c.order) == 4 ? &whole : &missing, &c);
                g_free(c.line);
            }
    g_test_message("complete: %d lines, fields read %d, left open %d, wrong %d",
                   whole.lines, whole.read, whole.open, whole.wrong);
    g_test_message("incomplete: %d lines, read %d, left open %d, wrong %d",
                   missing.lines, missing.read, missing.open, missing.wrong);
    g_assert_cmpint(whole.wrong + missing.wrong, ==, 0);
    g_assert_cmpint(whole.open * 100, <=, (whole.open + whole.read) * 10);
}

/* ---- the roster that the program ships ---- */

static void
test_shipped_roster(void)
{
    struct err e = ERR_INIT;
    struct pack *p = NULL;
    struct subject_context tancheng = context;

    if (pack_load("mailrules/tancheng-2019", &p, &e) != ST_OK)
        g_error("%s", e.text);
    context.matcher = matcher_new(p->roster, TANCHENG_OFFICE);
    context.roster = p->roster;
    context.forms = (const char *const *)p->forms;
    test_shared();
    matcher_free((struct matcher *)context.matcher);
    context = tancheng;
    pack_free(p);
}

/* ---- bodies, file names, suggestions ---- */

static void
test_body(void)
{
    g_autoptr(fields) f = subject_read_body(
        &context, "您好：\n标题：春耕备播进展顺利\n【单位】县农业农村局\n"
                  "报 送 人：忽略\n报送人： 李强 13905391234\n"
                  "联系电话：0539-6201234\n签发人：王芳\n签发人：第二个\n"
                  "公开属性：主动公开\n日期：2019年3月5日\n正文：见附件\n");
    g_autofree char *got = understood(f);
    g_autofree char *text = subject_body_text("一\n签发人：王芳\n正文：二\n");

    g_assert_cmpstr(got, ==,
                    "春耕备播进展顺利\t农业农村局\t李强\t"
                    "13905391234,05396201234");
    g_assert_cmpstr(f->signer, ==, "王芳");
    g_assert_cmpstr(f->openness, ==, "主动公开");
    g_assert_cmpstr(f->date, ==, "2019年3月5日");
    g_assert_cmpstr(text, ==, "一\n二\n\n");
}

/* A paragraph is looked at like a short line, in whatever brackets, and cut
 * wherever its beginning ends. */
static void
test_long_lines(void)
{
    for (int n = 0; n < 120; n++) {
        g_autofree char *filling = g_strnfill((gsize)n, 'x');
        g_autofree char *lines = g_strdup_printf(
            "【正文】%s一二三四五六七八九十一二三四五六七八九十一二三四五六七八"
            "九十\n正文情况%s一二三四五六七八九十一二三四五六七八九十一二三四五六七"
            "八九十",
            filling, filling);
        g_autofree char *text = subject_body_text(lines);

        g_assert_true(g_str_has_suffix(text, "\n"));
        text[strlen(text) - 1] = '\0';
        g_assert_cmpstr(text, ==, lines + strlen("【正文】"));
    }
}

/* What the body says fills what the subject lacks; it overrides nothing, and
 * another unit makes the unit unsure. */
static void
test_fill(void)
{
    g_autoptr(fields) f = subject_read(&context, "春耕备播进展顺利-6201234");
    g_autoptr(fields) g = subject_read(&context, "春节供应充足-县商务局-何平");
    g_autoptr(fields) body = subject_read_body(
        &context, "标题：另一个标题\n单位：县水利局\n报送人：李强\n"
                  "电话：6209999\n签发人：王芳\n");
    g_autofree char *got = NULL, *conflict = NULL;

    fields_fill(f, body, TRUE);
    got = understood(f);
    g_assert_cmpstr(got, ==, "春耕备播进展顺利\t水利局\t李强\t6201234");
    fields_fill(g, body, TRUE);
    conflict = understood(g);
    g_assert_cmpstr(conflict, ==, "春节供应充足\t?\t何平\t6209999");
    g_assert_cmpuint(g->near->len, ==, 2);
    g_assert_cmpstr(g->signer, ==, "王芳");
}

static void
check_file_name(const char *name, const char *expected)
{
    g_autoptr(fields) f = subject_read_file_name(&context, name);
    g_autofree char *got = understood(f);

    g_assert_cmpstr(got, ==, expected);
}

static void
test_file_names(void)
{
    const char *all = "春节市场供应充足\t商务局\t何平\t15253901234";

    check_file_name("春节市场供应充足-县商务局-何平-15253901234.docx", all);
    check_file_name("春节市场供应充足-县商务局-何平-15253901234(1).doc", all);
    check_file_name("春节市场供应充足-县商务局-何平-15253901234 - 副本.doc",
                    all);
    check_file_name("附件：春节市场供应充足（县商务局 何平 15253901234）.docx",
                    all);
    check_file_name("新建 Microsoft Word 文档.docx", "\t\t\t");
    check_file_name(NULL, "\t\t\t");
}

/* A subject made to be copied is read as it was meant. */
static void
check_suggestion(const char *line)
{
    g_autoptr(fields) f = subject_read(&context, line);
    g_autofree char *copy = fields_suggest(f, NULL, NULL, NULL);
    g_autoptr(fields) again = subject_read(&context, copy);
    g_autofree char *before = understood(f), *behind = understood(again);

    g_assert_cmpstr(behind, ==, before);
}

static void
test_suggestions(void)
{
    static const char *const lines[] = {
        "何平，6201234，县商务局：春节市场供应充足",
        "标题：5G-A技术推广；单位：县工信局；报送人：陈晨；电话：6201122转601",
        "标题：A-B_C|D测试推广；单位：县工信局；报送人：陈晨；电话：6201122",
        "标题：春耕进展顺利；单位：财政局、税务局；报送人：高翔；电话：6204567",
        "春节市场供应充足-县商务局-何平",
        "春节市场供应充足",
        "县商务局-何平-6201234",
        "春耕进展顺利-县财政局-王主任-6201234，13905391234",
        "春耕进展顺利-县财政局-李强-32047",
        "",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        check_suggestion(lines[i]);
}

/* ---- hostile lines ---- */

static void
test_noise(void)
{
    static const char alphabet[] =
        "县财政局税务商李强何平王主任春耕标题单位报送人电话：:-—_|/+，、；"
        "（）()【】《》“”[]0123456789 　转·約稿2019回复Re";
    GRand *rand = g_rand_new_with_seed(2019);
    glong letters = g_utf8_strlen(alphabet, -1);

    for (int i = 0; i < 4000; i++) {
        GString *s = g_string_new(NULL);
        int n = g_rand_int_range(rand, 0, 90);
        g_autoptr(fields) f = NULL;

        while (n-- > 0)
            g_string_append_unichar(
                s, g_utf8_get_char(g_utf8_offset_to_pointer(
                       alphabet, g_rand_int_range(rand, 0, (gint32)letters))));
        f = subject_read(&context, s->str);
        g_assert_cmpint(f->title_found == FOUND, ==, f->title != NULL);
        g_assert_cmpint(f->unit_found == FOUND, ==, f->units->len > 0);
        g_assert_cmpint(f->submitter_found == FOUND, ==, f->submitter != NULL);
        g_string_free(s, TRUE);
    }
    g_rand_free(rand);
}

/* A line of thousands of separators is given up, not chewed on. */
static void
test_long_line(void)
{
    GString *s = g_string_new("春耕备播进展顺利");
    g_autoptr(fields) f = NULL;

    for (int i = 0; i < 5000; i++)
        g_string_append(s, "-李强");
    f = subject_read(&context, s->str);
    g_assert_cmpint((int)f->title_found, !=, (int)FOUND);
    g_string_free(s, TRUE);
}

/* Whatever stood around a mark: what is left of the line is one line. */
static void
test_stripped(void)
{
    static const char *const cases[][2] = {
        {"回复：春耕 [约稿2020-05] 县财政局", "春耕 县财政局"},
        {"春耕  [约稿2020-05]：", "春耕"},
        {"[约稿2020-05] 春耕", "春耕"}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *bare = subject_strip(cases[i][0]);

        g_assert_cmpstr(bare, ==, cases[i][1]);
    }
}

int
main(int argc, char **argv)
{
    int status;

    setlocale(LC_ALL, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    units = tancheng_roster();
    names = matcher_new(units, TANCHENG_OFFICE);
    context = (struct subject_context){.matcher = names, .roster = units};
    g_test_add_func("/subject/shared-examples", test_shared);
    g_test_add_func("/subject/shared-examples-shipped-roster",
                    test_shipped_roster);
    g_test_add_func("/subject/table", test_table);
    g_test_add_func("/subject/body", test_body);
    g_test_add_func("/subject/long-lines", test_long_lines);
    g_test_add_func("/subject/fill", test_fill);
    g_test_add_func("/subject/file-names", test_file_names);
    g_test_add_func("/subject/suggestions", test_suggestions);
    g_test_add_func("/subject/noise", test_noise);
    g_test_add_func("/subject/stripped", test_stripped);
    g_test_add_func("/subject/long-line", test_long_line);
    g_test_add_func("/subject/composed-never-wrong", test_composed);
    status = g_test_run();
    matcher_free(names);
    roster_free(units);
    return status;
}
