/* A pack in words: nothing that decides is left out, and every change of it
 * is told. */
#include "pack/load.h"
#include "rules/describe.h"
#include "unit/pack_fixture.h"

#define EVERYTHING "tests/data/rules/everything/"

static struct pack *
load_text(const char *text, const char *units)
{
    char *dir = scratch_make();
    struct pack *p = NULL;
    struct err e = ERR_INIT;

    scratch_put(dir, "pack.yaml", text);
    scratch_put(dir, "roster.yaml", units);
    pack_load(dir, &p, &e);
    g_assert_cmpstr(e.text, ==, "");
    scratch_remove(dir);
    return p;
}

static char *
read_file(const char *path)
{
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

/* ---- values ---- */

static void
test_fields(void)
{
    static const struct {
        enum part part;
        const char *name, *key, *text;
    } said[] = {
        {PART_HEAD, "everything", "joint", "equal parts"},
        {PART_HEAD, "everything", "bulletin", "quarter"},
        {PART_HEAD, "everything", "decimals", "2"},
        {PART_HEAD, "everything", "periods", "2024-Q1 2024-01-01..2024-04-10"},
        {PART_HEAD, "everything", "credit", NULL},
        {PART_CLASS, "本办", "standing", "counted, credited to nobody"},
        {PART_UNIT, "云溪新区", "class", "县区, from 2024-07-01 部门"},
        {PART_UNIT, "市水利局", "to", "2024-06-30"},
        {PART_UNIT, "市水利局", "credit-to", "市财政局"},
        {PART_UNIT, "云山县", "credit-to", NULL},
        {PART_CHECK, "too long (短篇)", "value", "500"},
        {PART_CHECK, "bunched at the end of the period (week)", "days", "1"},
        {PART_CHECK, "no tag behind the title", "then", "held for staff"},
        {PART_ITEM, "专报", "label", "专"},
        {PART_ITEM, "快讯", "label", NULL},
        {PART_ITEM, "快讯", "group", "采用 > 本级采用"},
        {PART_ITEM, "简报", "points",
         "长篇: 4\n短篇; 300 words or more: 2\nelse: 1"},
        {PART_ITEM, "领导批示", "points",
         "together with 采用: =base * 0.5\nelse: 2"},
        {PART_ITEM, "约稿采用", "points",
         "县区; commission of 省: 5\ncommission of 省, 市: 3"},
        {PART_ITEM, "首报", "points", "the first 2: 3\nelse: 1"},
        {PART_ITEM, "酌情加分", "points", "2 to 8, as staff say"},
        {PART_ITEM, "酌情扣分", "points", "-2 or less, as staff say"},
        {PART_ITEM, "待定", "points", "not stated"},
        {PART_ITEM, "造假", "points", NULL},
        {PART_ITEM, "造假", "effect", "all points of the year are 0"},
        {PART_ITEM, "先进", "effect", "praise: 予以表扬"},
        {PART_ITEM, "续报未报", "when", "续报 not there after 4 hours"},
        {PART_ITEM, "达标", "when", "target met: 月报送, 月批示"},
        {PART_ITEM, "周底分", "when", "every unit, every week"},
        {PART_ITEM, "约稿未报", "when", "commission not answered"},
        {PART_GROUP, "评优", "per", "year, all units together"},
        {PART_GROUP, "评优", "keep", "the highest 2"},
        {PART_GROUP, "约稿", "at-least", "-3"},
        {PART_GROUP, "月限", "at-most", "1.5"},
        {PART_GROUP, "稿费", "currency", "元"},
        {PART_MEASURE, "总分", "what", "points of all items with points"},
        {PART_MEASURE, "得分", "what", "points of 采用, 批示"},
        {PART_MEASURE, "报送数", "what", "number of 报送"},
        {PART_MEASURE, "连续", "what", "periods in a row with 未达标"},
        {PART_MEASURE, "月报送", "targets",
         "云水县: at least 4\n县区: at least 3\n部门: at least 1"},
        {PART_MEASURE, "年抄袭", "targets", "everybody: at most 1"},
        {PART_MEASURE, "基准", "what", "60"},
        {PART_RANKING, "季榜", "as", "per cent above the target"},
        {PART_RANKING, "季榜", "requires", "季得分"},
        {PART_RANKING, "年榜", "awards",
         "一等奖: the best 1\n二等奖: the best 2"},
        {PART_RANKING, "年榜", "together", "县区, 部门"},
    };
    g_autofree char *text = read_file(EVERYTHING "pack.yaml");
    g_autofree char *units = read_file(EVERYTHING "roster.yaml");
    g_autoptr(pack) p = load_text(text, units);
    g_autoptr(GPtrArray) all = describe_pack(p);

    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        const struct described *found = NULL;

        for (guint k = 0; k < all->len && !found; k++) {
            const struct described *d = all->pdata[k];

            if (d->part == said[i].part && g_str_equal(d->name, said[i].name))
                found = d;
        }
        g_test_message("%s %s", said[i].name, said[i].key);
        g_assert_nonnull(found);
        g_assert_cmpstr(described_text(found, said[i].key), ==, said[i].text);
    }
}

/* ---- changes ---- */

static char *
change_text(const struct change *c)
{
    static const char *const kinds[] = {"added", "removed", "renamed",
                                        "changed"};

    return g_strdup_printf("%s %s %s %s: %s -> %s", part_name(c->part),
                           kinds[c->kind], c->name, c->key ? c->key : "-",
                           c->before ? c->before : "-",
                           c->after ? c->after : "-");
}

/* What one replacement in the pack, or in the roster, is told as. */
struct edit {
    gboolean in_roster;
    const char *find, *with;
    const char *told;
};

static void
try_edit(const struct edit *x)
{
    g_autofree char *text = read_file(EVERYTHING "pack.yaml");
    g_autofree char *units = read_file(EVERYTHING "roster.yaml");
    g_autofree char *edited =
        replaced(x->in_roster ? units : text, x->find, x->with);
    g_autoptr(pack) before = load_text(text, units);
    g_autoptr(pack) after =
        load_text(x->in_roster ? text : edited, x->in_roster ? edited : units);
    g_autoptr(GPtrArray) changes = describe_changes(before, after);
    g_autoptr(GPtrArray) none = describe_changes(after, after);
    g_autofree char *told = NULL;

    g_test_message("%s", x->with);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_cmpuint(changes->len, ==, 1);
    told = change_text(changes->pdata[0]);
    g_assert_cmpstr(told, ==, x->told);
}

static void
test_changes(void)
{
    static const struct edit edits[] = {
        {FALSE, "version: 3", "version: 4",
         "pack changed everything version: 3 -> 4"},
        {FALSE, "joint: equal", "joint: 3:1",
         "pack changed everything joint: equal parts -> 3:1"},
        {FALSE, "to: 2024-04-10", "to: 2024-04-11",
         "pack changed everything periods: 2024-Q1 2024-01-01..2024-04-10 "
         "-> 2024-Q1 2024-01-01..2024-04-11"},
        {FALSE, "value: 500", "value: 600",
         "checks changed too long (短篇) value: 500 -> 600"},
        {FALSE, "points: 4}", "points: 5}",
         "items changed 简报 points: 长篇: 4 -> 长篇: 5"},
        {FALSE, "points: 30, clause: 三11", "points: 40, clause: 三11",
         "items changed 稿酬 points: 30 -> 40"},
        {FALSE, "points: -3, clause: 二4", "points: -3, clause: 二5",
         "items changed 终报逾期 clause: 二4 -> 二5"},
        {FALSE, "effect: zero", "effect: veto",
         "items changed 造假 effect: all points of the year are 0 -> no award "
         "this year"},
        {FALSE, "within-hours: 24", "within-hours: 36",
         "items changed 终报逾期 when: 终报 not there within 24 hours, "
         "whatever came later -> 终报 not there within 36 hours, whatever "
         "came later"},
        {FALSE, "items:\n", "items:\n  - {name: 新项, clause: 九}\n",
         "items added 新项 -: - -> -"},
        {FALSE, "keep: 2, per: [office, year]", "keep: 3, per: [office, year]",
         "groups changed 评优 keep: the highest 2 -> the highest 3"},
        {FALSE, "at-least: -3}", "at-least: -4}",
         "groups changed 约稿 at-least: -3 -> -4"},
        {FALSE, "currency: 元}", "currency: 角}",
         "groups changed 稿费 currency: 元 -> 角"},
        {FALSE, "{classes: [县区], at-least: 3}",
         "{classes: [县区], at-least: 2}",
         "measures changed 月报送 targets: 县区: at least 3 -> 县区: at least "
         "2"},
        {FALSE, "value: 60}", "value: 61}",
         "measures changed 基准 what: 60 -> 61"},
        {FALSE, "places: 2}", "places: 3}",
         "rankings changed 年榜 awards: 二等奖: the best 2 -> 二等奖: the "
         "best 3"},
        {FALSE, ", as: excess", ", as: percent",
         "rankings changed 季榜 as: per cent above the target -> per cent of "
         "the target"},
        {FALSE, "standing: hidden", "standing: listed",
         "classes changed 内部 standing: not shown -> listed without a rank"},
        {TRUE, "to: 2024-06-30", "to: 2024-07-31",
         "units changed 市水利局 to: 2024-06-30 -> 2024-07-31"},
        {TRUE, "from: 2024-07-01, class", "from: 2024-08-01, class",
         "units changed 云溪新区 class: 县区, from 2024-07-01 部门 -> 县区, "
         "from 2024-08-01 部门"},
        {TRUE, "  - name: 演练单位\n",
         "  - name: 训练单位\n    was: [演练单位]\n",
         "units renamed 训练单位 -: 演练单位 -> 训练单位"},
        {TRUE, "  - name: 演练单位\n    class: 内部\n", "",
         "units removed 演练单位 -: - -> -"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(edits); i++)
        try_edit(&edits[i]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/describe/fields", test_fields);
    g_test_add_func("/describe/changes", test_changes);
    return g_test_run();
}
