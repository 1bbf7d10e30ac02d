/* Rule packs from YAML: what is refused, with its exact place and words;
 * what is taken, and what it becomes. */
#include "pack/load.h"
#include "base/nearest.h"
#include "unit/pack_fixture.h"
#include "unit/pack_refusals.h"

static const char base[] =
    "pack: demo\n"                                                 /* 1 */
    "title: 示例办法\n"                                            /* 2 */
    "version: 1\n"                                                 /* 3 */
    "effective: 2019-01-01\n"                                      /* 4 */
    "choices-by: 信息科\n"                                         /* 5 */
    "joint: full\n"                                                /* 6 */
    "forms: [动态, 调研]\n"                                        /* 7 */
    "classes:\n"                                                   /* 8 */
    "  - {name: 县直, units: [财政局, 教育局]}\n"                  /* 9 */
    "  - {name: 乡镇, units: [沙湾镇]}\n"                          /* 10 */
    "units:\n"                                                     /* 11 */
    "  - {name: 财政局, aliases: [县财政局], credit-to: 教育局}\n" /* 12 */
    "checks:\n"                                                    /* 13 */
    "  - {check: [too-long], forms: [动态], value: 400, then: note, "
    "clause: 二}\n"                                                   /* 14 */
    "groups:\n"                                                       /* 15 */
    "  - {name: 采用, keep: 1}\n"                                     /* 16 */
    "  - {name: 县采用, group: 采用, keep: all, choice: 相加}\n"      /* 17 */
    "items:\n"                                                        /* 18 */
    "  - {name: 普刊, group: 县采用, points: 3, clause: 三}\n"        /* 19 */
    "  - {name: 专报, group: 采用, points: 10, clause: 三}\n"         /* 20 */
    "  - {name: 达标, when: met, measures: [季度得分], clause: 四}\n" /* 21 */
    "measures:\n"                                                     /* 22 */
    "  - {name: 季度得分, per: quarter, points: [all], "
    "targets: [{at-least: 18}]}\n"                             /* 23 */
    "  - {name: 效率, value: '=季度得分 / 季度得分_target'}\n" /* 24 */
    "rankings:\n"                                              /* 25 */
    "  - {name: 月度, per: month, by: 季度得分}\n"             /* 26 */
    "examples:\n"                                              /* 27 */
    "  - name: 一\n"                                           /* 28 */
    "    facts:\n"                                             /* 29 */
    "      - {date: 2019-03-05, submit: a, unit: 县财政局}\n"  /* 30 */
    "      - {date: 2019-03-12, mark: 普刊, of: a}\n"          /* 31 */
    "    expect:\n"                                            /* 32 */
    "      - {unit: 教育局, period: 2019-03, points: 3}\n";    /* 33 */

static enum st
load_text(const char *pack_text, const char *roster_text, struct pack **out,
          GPtrArray *problems, struct err *e)
{
    char *dir = scratch_make();
    enum st st;

    scratch_put(dir, "pack.yaml", pack_text);
    if (roster_text)
        scratch_put(dir, "roster.yaml", roster_text);
    st = pack_load_all(dir, out, problems, e);
    scratch_remove(dir);
    return st;
}

/* The problem without its folder: "pack.yaml:19:26: ...". */
static const char *
short_problem(const char *line)
{
    const char *name = strstr(line, "/pack.yaml:");

    if (!name)
        name = strstr(line, "/roster.yaml:");
    return name ? name + 1 : line;
}

/* The base pack as it is, or the test fails with the first problem. */
static struct pack *
load_good(const char *pack_text, const char *roster_text)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    struct pack *p = NULL;
    struct err e = ERR_INIT;
    enum st st = load_text(pack_text, roster_text, &p, problems, &e);

    g_assert_cmpstr(e.text, ==, "");
    g_assert_cmpint(st, ==, ST_OK);
    return p;
}

/* File, line, column of the offending word, what was expected, the nearest
 * word. */
static void
test_refusals(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        const struct refusal_case *c = &refusals[i];
        g_autofree char *text = replaced(base, c->find, c->with);
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
        struct pack *p = NULL;
        struct err e = ERR_INIT;

        g_assert_cmpint(load_text(text, NULL, &p, problems, &e), ==, ST_REJECT);
        g_assert_null(p);
        g_assert_cmpint(e.status, ==, EXIT_CONFIGURATION);
        g_assert_cmpstr(short_problem(problems->pdata[0]), ==, c->problem);
    }
}

static const struct refusal_case roster_refusals[] = {
    {"", "", "roster.yaml:1:1: the file is empty"},
    {"", "# only words\n", "roster.yaml:1:1: the file is empty"},
    {"", "unit: []\n",
     "roster.yaml:1:1: unknown key \"unit\"; did you mean \"units\"?"},
    {"", "- a\n",
     "roster.yaml:1:1: keys with values are expected here, such as "
     "\"units: ...\""},
    {"", "units:\n  - {name: 水利局}\n",
     "roster.yaml:2:12: unit 水利局 stands in no class: \"class\" is missing"},
    {"", "units:\n  - {name: 水利局, class: 县值}\n",
     "roster.yaml:2:24: nothing is called \"县值\": a class is expected; did "
     "you mean \"县直\"?"},
    {"", "units:\n  - {name: 县水利局, short: 沙湾镇, class: 县直}\n",
     "roster.yaml:2:37: unit 县水利局 stands in two classes"},
    {"", "units:\n  - {name: 水利局, class: 县直, aliases: [沙湾镇]}\n",
     "roster.yaml:2:38: \"沙湾镇\" already names the unit 沙湾镇"},
    {"", "units:\n  - {name: 水利局, class: 县直, was: [水 利 局]}\n", NULL},
    {"", "units:\n  - {name: 水利局, class: 县直}\n  - {name: 水利局}\n",
     "roster.yaml:3:12: unit 水利局 is there twice"},
};

static void
test_roster_refusals(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(roster_refusals); i++) {
        const struct refusal_case *c = &roster_refusals[i];
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(pack) p = NULL;
        struct err e = ERR_INIT;
        enum st st = load_text(base, c->with, &p, problems, &e);

        g_assert_cmpint(st, ==, c->problem ? ST_REJECT : ST_OK);
        if (c->problem)
            g_assert_cmpstr(short_problem(problems->pdata[0]), ==, c->problem);
    }
}

/* Everything wrong is told at once, in the order of the file, and the
 * sentence for the log says how much more there is. */
static void
test_all_at_once(void)
{
    g_autofree char *one = replaced(base, "points: 10", "point: 10");
    g_autofree char *two = replaced(one, "keep: 1", "keeps: 1");
    g_autofree char *three = replaced(two, "value: 400", "value: many");
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    struct pack *p = NULL;
    struct err e = ERR_INIT;

    g_assert_cmpint(load_text(three, "unit: []\n", &p, problems, &e), ==,
                    ST_REJECT);
    g_assert_cmpuint(problems->len, ==, 4);
    g_assert_nonnull(strstr(problems->pdata[0], "pack.yaml:14:45: "));
    g_assert_nonnull(strstr(problems->pdata[1], "pack.yaml:16:16: "));
    g_assert_nonnull(strstr(problems->pdata[2], "pack.yaml:20:27: "));
    g_assert_nonnull(strstr(problems->pdata[3], "roster.yaml:1:1: "));
    g_assert_true(g_str_has_prefix(e.text, problems->pdata[0]));
    g_assert_nonnull(strstr(e.text, "(and 3 more problems)"));
}

static void
test_no_file(void)
{
    struct pack *p = NULL;
    struct err e = ERR_INIT;

    g_assert_cmpint(pack_load("/nowhere/at/all.yaml", &p, &e), ==, ST_REJECT);
    g_assert_cmpint(e.status, ==, EXIT_CONFIGURATION);
    g_assert_nonnull(strstr(e.text, "/nowhere/at/all.yaml"));
    g_assert_null(p);
}

/* ---- what is taken ---- */
static void
test_names(void)
{
    g_autoptr(pack) p = load_good(base, NULL);
    const struct unit *finance = roster_find(p->roster, "县财政局");

    g_assert_cmpstr(p->id, ==, "demo");
    g_assert_cmpint(p->version, ==, 1);
    g_assert_cmpint(p->senders, ==, SENDERS_ANYONE);
    g_assert_cmpint(p->held_reply, ==, HELD_REPLY_NONE);
    g_assert_cmpint(p->decimals, ==, 2);
    g_assert_cmpstr(finance->short_name, ==, "财政局");
    g_assert_true(roster_find(p->roster, " 财政局") == finance);
    g_assert_cmpint(finance->credit_to, ==,
                    roster_find(p->roster, "教育局")->index);
    g_assert_cmpstr(roster_class(p->roster, unit_class_on(finance, 0))->name,
                    ==, "县直");
    g_assert_null(roster_find(p->roster, "水利局"));
    g_assert_cmpint(pack_find_form(p, "调研"), ==, 1);
    g_assert_cmpint(pack_find_form(p, "反馈"), ==, -1);
}

static void
test_groups_and_items(void)
{
    g_autoptr(pack) p = load_good(base, NULL);
    const struct pack_group *outer = pack_find_group(p, "采用");
    const struct pack_group *inner = pack_find_group(p, "县采用");
    const struct pack_item *item = pack_find_item(p, "普刊");
    const struct pack_item *met = pack_find_item(p, "达标");
    const struct pack_case *c =
        &g_array_index(item->cases, struct pack_case, 0);

    g_assert_cmpint(outer->keep, ==, 1);
    g_assert_cmpint(inner->keep, ==, KEEP_ALL);
    g_assert_cmpint(inner->root, ==, outer->index);
    g_assert_cmpint(outer->groups.n, ==, 1);
    g_assert_cmpint(outer->items.n, ==, 1);
    g_assert_cmpuint(inner->per, ==, PER_SUBMISSION);
    g_assert_cmpint(item->root, ==, outer->index);
    g_assert_cmpint(item->place.line, ==, 19);
    g_assert_cmpint(c->points.kind, ==, POINTS_NUMBER);
    g_assert_cmpint(c->points.number, ==, 3 * DECIMAL_ONE);
    g_assert_cmpint(c->min_words, ==, -1);
    g_assert_cmpint(met->when, ==, WHEN_MET);
    g_assert_false(pack_item_has_points(met));
    g_assert_cmpint(met->group, ==, -1);
}

static void
test_measures(void)
{
    g_autoptr(pack) p = load_good(base, NULL);
    const struct pack_measure *quarter = pack_find_measure(p, "季度得分");
    const struct pack_measure *rate = pack_find_measure(p, "效率");
    const struct pack_ranking *r = p->rankings->pdata[0];

    g_assert_cmpint(quarter->kind, ==, MEASURE_POINTS);
    g_assert_cmpint(quarter->items.n, ==, 2);
    g_assert_true(index_set_has(&quarter->items, 1));
    g_assert_false(index_set_has(&quarter->items, 2));
    g_assert_cmpint(quarter->per, ==, PERIOD_QUARTER);
    g_assert_cmpuint(quarter->targets->len, ==, 1);
    g_assert_cmpint(rate->value.kind, ==, POINTS_FORMULA);
    g_assert_cmpstr(rate->value.formula.text, ==, "季度得分 / 季度得分_target");
    g_assert_cmpint(rate->value.formula.measures.n, ==, 1);
    g_assert_cmpint(r->by, ==, quarter->index);
    g_assert_cmpint(r->classes.n, ==, 0);
}

static void
test_example(void)
{
    g_autoptr(pack) p = load_good(base, NULL);
    const struct pack_example *x = p->examples->pdata[0];
    const struct example_fact *submission = x->facts->pdata[0];
    const struct example_fact *mark = x->facts->pdata[1];
    const struct example_expect *e = x->expect->pdata[0];

    g_assert_cmpint(submission->kind, ==, FACT_SUBMISSION);
    g_assert_cmpstr(submission->id, ==, "a");
    g_assert_cmpuint(submission->units->len, ==, 1);
    g_assert_cmpint(submission->at.day, ==, day_from_ymd(2019, 3, 5));
    g_assert_cmpint(submission->at.minute, ==, -1);
    g_assert_cmpint(mark->item, ==, 0);
    g_assert_cmpstr(mark->of, ==, "a");
    g_assert_cmpint(e->points.given, ==, GIVEN_NUMBER);
    g_assert_cmpint(e->met.given, ==, GIVEN_NOT);
    g_assert_cmpstr(e->who, ==, "教育局");
}

struct range_case {
    const char *text;
    decimal low, high;
};

static void
test_ranges(void)
{
    static const struct range_case cases[] = {
        {"points: -2..-8", -8 * DECIMAL_ONE, -2 * DECIMAL_ONE},
        {"points: 2..8", 2 * DECIMAL_ONE, 8 * DECIMAL_ONE},
        {"points: 0..", 0, DECIMAL_MAX},
        {"points: -2..", -DECIMAL_MAX, -2 * DECIMAL_ONE},
        {"points: -0.5..0.5", -DECIMAL_ONE / 2, DECIMAL_ONE / 2},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = replaced(base, "points: 3", cases[i].text);
        g_autoptr(pack) p = load_good(text, NULL);
        const struct points *points =
            &g_array_index(pack_item(p, 0)->cases, struct pack_case, 0).points;

        g_assert_cmpint(points->kind, ==, POINTS_RANGE);
        g_assert_cmpint(points->low, ==, cases[i].low);
        g_assert_cmpint(points->high, ==, cases[i].high);
    }
}

static void
test_formulas_taken(void)
{
    static const char *const taken[] = {
        "'=min(quantity, 5) * 2'",
        "'=case when words >= 1000 then 3 else 1 end'",
        "'=case form when ''动态'' then 3 when ''调研'' then 5 end'",
        "'=iif(class = ''县直'' and not nth > 3, 2, 0.5)'",
        "'=ROUND(amount / 3, 2) - -1'",
        "'=quantity between 1 and 3 or unit in (''a'', ''b'')'",
        "'=not quantity not between 1 and 3'",
        "'=ifnull(nullif(words, 0), 100) % 7'",
        "'=unit like ''%局'' and class is not null'",
        "'=unit not like ''%局'' or like(''a%'', class)'",
        "'=(quantity isnull) + (words notnull)'",
        "'=coalesce(amount, base, 1) == 1'",
        "'=((((((1))))))'",
        "=quantity * 2",
        "=quantity <> 2",
        "\"=\\\"words\\\" / 100\"",
        "'=max(abs(-quantity), +1) + 1 != 1'",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(taken); i++) {
        g_autofree char *points = g_strconcat("points: ", taken[i], NULL);
        g_autofree char *text = replaced(base, "points: 3", points);
        g_autoptr(pack) p = load_good(text, NULL);
        const struct points *got =
            &g_array_index(pack_item(p, 0)->cases, struct pack_case, 0).points;

        g_assert_cmpint(got->kind, ==, POINTS_FORMULA);
    }
}

static const char roster_text[] =
    "note: 名单由办公室补充\n"
    "units:\n"
    "  - name: 县水利局\n"
    "    short: 水利局\n"
    "    class: 县直\n"
    "    was: [水务局]\n"
    "    from: 2018-01-01\n"
    "    moves: [{from: 2019-07-01, class: 乡镇}]\n"
    "    domains: [SL.example.gov.cn]\n"
    "    informants:\n"
    "      - {name: 张三, address: Zhang@SL.Example.gov.cn, phone: 6106766, "
    "to: 2019-06-30}\n"
    "  - {name: 沙湾镇人民政府, short: 沙湾镇, credit-to: 水利局}\n";

static void
test_roster(void)
{
    g_autoptr(pack) p = load_good(base, roster_text);
    const struct unit *u = roster_find(p->roster, "水务局");
    const civil_day june = day_from_ymd(2019, 6, 30);
    struct unit *at = NULL;
    struct informant *who = NULL;
    int n = 0;

    g_assert_cmpstr(p->roster_note, ==, "名单由办公室补充");
    g_assert_cmpuint(p->roster->units->len, ==, 4);
    g_assert_cmpstr(u->short_name, ==, "水利局");
    g_assert_cmpstr(u->name, ==, "县水利局");
    g_assert_cmpstr(roster_class(p->roster, unit_class_on(u, june))->name, ==,
                    "县直");
    g_assert_cmpstr(roster_class(p->roster, unit_class_on(u, june + 1))->name,
                    ==, "乡镇");
    g_assert_true(unit_spans(u, day_from_ymd(2018, 1, 1), june));
    g_assert_false(unit_spans(u, day_from_ymd(2017, 12, 31), june));
    g_assert_true(roster_informant(p->roster, "zhang@sl.example.gov.cn", june,
                                   &at, &who, &n));
    g_assert_true(at == u);
    g_assert_cmpstr(who->phone, ==, "6106766");
    g_assert_cmpint(n, ==, 1);
    g_assert_false(roster_informant(p->roster, "zhang@sl.example.gov.cn",
                                    june + 1, &at, &who, &n));
    g_assert_true(
        roster_knows_domain(p->roster, "li@sl.example.gov.cn", june + 1));
    g_assert_false(roster_knows_domain(p->roster, "li@qq.com", june));
    /* an entry of the roster fills out a unit that a class lists */
    u = roster_find(p->roster, "沙湾镇");
    g_assert_cmpstr(u->name, ==, "沙湾镇人民政府");
    g_assert_cmpstr(roster_unit(p->roster, u->credit_to)->name, ==, "县水利局");
}

/* A note of Windows in front, line ends of Windows behind. */
static void
test_windows_file(void)
{
    g_auto(GStrv) lines = g_strsplit(base, "\n", -1);
    g_autofree char *crlf = g_strjoinv("\r\n", lines);
    g_autofree char *text = g_strconcat("\xEF\xBB\xBF", crlf, NULL);
    g_autofree char *wrong = replaced(text, "points: 10", "point: 10");
    g_autoptr(pack) p = load_good(text, NULL);
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    struct pack *none = NULL;

    g_assert_cmpint(p->items->len, ==, 3);
    load_text(wrong, NULL, &none, problems, NULL);
    g_assert_true(g_str_has_prefix(short_problem(problems->pdata[0]),
                                   "pack.yaml:20:27: "));
}

static void
test_former_names(void)
{
    g_autofree char *text = replaced(base, "name: 普刊, group",
                                     "name: 普刊, was: [普通刊物], group");
    g_autoptr(pack) p = load_good(text, NULL);

    g_assert_true(pack_find_item(p, "普通刊物") == pack_find_item(p, "普刊"));
    g_assert_cmpstr(pack_item(p, 0)->was[0], ==, "普通刊物");
}

/* A damaged file is refused, never trusted and never a crash: cut off
 * anywhere, or with bytes exchanged. */
static void
test_damaged(void)
{
    static const char bytes[] = "{}[]:,'\"-#&*!|>%@\n\t 0a\xE5\x01";
    g_autofree char *whole = NULL;
    gsize len = 0;
    g_autoptr(GRand) chance = g_rand_new_with_seed(1);

    g_assert_true(g_file_get_contents("mailrules/tancheng-2019/pack.yaml",
                                      &whole, &len, NULL));
    for (int i = 0; i < 300; i++) {
        g_autofree char *text = g_strndup(whole, len);
        struct pack *p = NULL;
        struct err e = ERR_INIT;

        if (i % 3 == 0)
            text[g_rand_int_range(chance, 0, (gint32)len)] = '\0';
        for (int k = 0; *text && k < i % 5; k++)
            text[g_rand_int_range(chance, 0, (gint32)strlen(text))] =
                bytes[g_rand_int_range(chance, 0, sizeof bytes - 1)];
        if (load_text(text, NULL, &p, NULL, &e) == ST_OK)
            pack_free(p);
        else
            g_assert_cmpint(e.status, ==, EXIT_CONFIGURATION);
    }
}

/* ---- packs that there are ---- */
static void
test_own_packs(void)
{
    g_autoptr(GDir) dir = g_dir_open("mailrules", 0, NULL);
    const char *name;
    int n = 0;

    g_assert_nonnull(dir); /* tests run in the project's folder */
    for (; (name = g_dir_read_name(dir)); n++) {
        g_autofree char *path = g_build_filename("mailrules", name, NULL);
        g_autoptr(pack) p = NULL;
        struct err e = ERR_INIT;

        pack_load(path, &p, &e);
        g_assert_cmpstr(e.text, ==, "");
        g_assert_nonnull(p);
        g_assert_cmpuint(p->examples->len +
                             (p->rehearsal ? p->rehearsal->examples->len : 0),
                         >, 0);
    }
    g_assert_cmpint(n, >=, 5);
}

/* Examples speak of the sample units alone, the rest of the roster alone. */
static void
test_samples(void)
{
    g_autofree char *once =
        replaced(base, "units: [财政局, 教育局]", "samples: [财政局, 教育局]");
    g_autofree char *text = replaced(
        once,
        "units:\n  - {name: 财政局, aliases: [县财政局], credit-to: 教育局}\n",
        "");
    g_autofree char *named = replaced(text, "unit: 县财政局", "unit: 财政局");
    g_autoptr(pack) p =
        load_good(named, "units:\n  - {name: 水利局, class: 县直}\n");

    g_assert_cmpuint(p->examples->len, ==, 0);
    g_assert_cmpuint(p->roster->units->len, ==, 2); /* and the 乡镇 */
    g_assert_nonnull(roster_find(p->roster, "水利局"));
    g_assert_null(roster_find(p->roster, "财政局"));
    g_assert_nonnull(p->rehearsal);
    g_assert_cmpuint(p->rehearsal->examples->len, ==, 1);
    g_assert_cmpuint(p->rehearsal->roster->units->len, ==, 2);
    g_assert_nonnull(roster_find(p->rehearsal->roster, "教育局"));
    g_assert_null(roster_find(p->rehearsal->roster, "水利局"));
}

/* Names of the office's subjects mean one unit each. */
struct known_name {
    const char *name, *unit;
};

static void
check_names(const char *path, guint units, const struct known_name *names,
            gsize n)
{
    g_autoptr(pack) p = NULL;
    struct err e = ERR_INIT;

    pack_load(path, &p, &e);
    g_assert_cmpstr(e.text, ==, "");
    g_assert_cmpuint(p->roster->units->len, ==, units);
    for (gsize i = 0; i < n; i++) {
        const struct unit *u = roster_find(p->roster, names[i].name);

        g_assert_cmpstr(u ? u->short_name : NULL, ==, names[i].unit);
    }
}

static void
test_haicheng(void)
{
    static const struct known_name names[] = {
        {"区发展和改革局", "发改局"},
        {"海城区发改局", "发改局"},
        {"区自然资源局", "自然资源局"},
        {"高德街道", "高德街道"},
        {"海城区东街街道办事处", "东街街道"},
        {"区扶贫办", "扶贫移民局"},
        {"沙湾镇", NULL},
    };

    check_names("mailrules/haicheng-2019", 32, names, G_N_ELEMENTS(names));
}

static void
test_panyu(void)
{
    static const struct known_name names[] = {
        {"沙湾镇人民政府", "沙湾镇"},
        {"市桥街道办事处", "市桥街"},
        {"番禺区发展和改革局", "发改局"},
        {"广州市公安局番禺区分局", "公安分局"},
        {"共青团番禺区委", "团区委"},
        {"区检察院", "区检察院"},
        {"番禺电视台", "广播电视台"},
        {"公安局", NULL}, /* may be the city's */
    };

    check_names("mailrules/panyu-2010", 80, names, G_N_ELEMENTS(names));
}

static void
test_tancheng(void)
{
    static const struct known_name names[] = {
        {"县发改局", "发改局"},
        {"郯城县发展和改革局", "发改局"},
        {"发改委", "发改局"},
        {"人行郯城县支行", "人民银行"},
        {"医保局", "医疗保障局"},
        {"县环保局", "环保局"},
        {"临沂市生态环境局郯城县分局", "环保局"},
        {"县行政审批局", "行政审批服务局"},
        {"新村银杏产业开发区管委会", "新村银杏产业开发区管委会"},
        {"郯城街道", "郯城街道办事处"},
        {"郯城县科技局", "科技局"},
        {"县人力资源和社会保障局", "人社局"},
        {"县电商办", NULL},
    };
    g_autoptr(pack) p = NULL;
    struct err e = ERR_INIT;

    check_names("mailrules/tancheng-2019", 37, names, G_N_ELEMENTS(names));
    pack_load("mailrules/tancheng-2019", &p, &e);
    g_assert_cmpstr(e.text, ==, "");
    g_assert_nonnull(pack_find_item(p, "国办情况交流采用"));
}

/* The five regulations as the language was designed with them. */
static void
test_reference_packs(void)
{
    const char *shared = g_getenv("BAOSONG_SHARED");
    g_autofree char *packs =
        g_build_filename(shared ? shared : "../shared", "pack", "packs", NULL);
    g_autoptr(GDir) dir = g_dir_open(packs, 0, NULL);
    const char *name;
    int n = 0;

    if (!dir) {
        g_test_skip("the reference packs are not here");
        return;
    }
    for (; (name = g_dir_read_name(dir)); n++) {
        g_autofree char *path = g_build_filename(packs, name, NULL);
        g_autoptr(pack) p = NULL;
        struct err e = ERR_INIT;

        pack_load(path, &p, &e);
        g_assert_cmpstr(e.text, ==, "");
    }
    g_assert_cmpint(n, ==, 5);
}

static void
test_nearest(void)
{
    static const char *const words[] = {"县民政局", "县财政局", "普刊",
                                        "clause", NULL};

    g_assert_cmpstr(nearest_word("县财证局", words), ==, "县财政局");
    g_assert_cmpstr(nearest_word("财政局", words), ==, "县财政局");
    g_assert_cmpstr(nearest_word("cluase", words), ==, "clause");
    g_assert_cmpstr(nearest_word("普干", words), ==, "普刊");
    g_assert_null(nearest_word("水利站", words));
    g_assert_null(nearest_word("", words));
    g_assert_cmpstr(nearest_word("clause-no", words), ==, "clause");
    g_assert_null(nearest_word("clausenumber", words));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pack/refusals", test_refusals);
    g_test_add_func("/pack/roster-refusals", test_roster_refusals);
    g_test_add_func("/pack/all-problems-at-once", test_all_at_once);
    g_test_add_func("/pack/no-file", test_no_file);
    g_test_add_func("/pack/names", test_names);
    g_test_add_func("/pack/groups-and-items", test_groups_and_items);
    g_test_add_func("/pack/measures", test_measures);
    g_test_add_func("/pack/example", test_example);
    g_test_add_func("/pack/ranges", test_ranges);
    g_test_add_func("/pack/formulas", test_formulas_taken);
    g_test_add_func("/pack/roster", test_roster);
    g_test_add_func("/pack/windows-file", test_windows_file);
    g_test_add_func("/pack/former-names", test_former_names);
    g_test_add_func("/pack/damaged", test_damaged);
    g_test_add_func("/pack/own-packs", test_own_packs);
    g_test_add_func("/pack/samples", test_samples);
    g_test_add_func("/pack/haicheng-names", test_haicheng);
    g_test_add_func("/pack/panyu-names", test_panyu);
    g_test_add_func("/pack/tancheng-names", test_tancheng);
    g_test_add_func("/pack/reference-packs", test_reference_packs);
    g_test_add_func("/pack/nearest", test_nearest);
    return g_test_run();
}
