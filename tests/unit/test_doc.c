/* Binary Word files: the rules of text, and damage of every kind. */
#include "draft/doc_runs.h"
#include "draft/draft.h"
#include "draft/ole.h"
#include "message/mail.h"
#include "unit/cpu_time.h"

#include <string.h>

enum { SECTOR = 512, FIB_FLAGS = 0x0A, FIB_VERSION = 0x02 };

static guint8 *
load(const char *path, gsize *len_out)
{
    char *data;

    g_assert_true(g_file_get_contents(path, &data, len_out, NULL));
    return (guint8 *)data;
}

/* Where the WordDocument stream begins: a sector with the FIB's magic. */
static size_t
fib_place(const guint8 *data, size_t len)
{
    for (size_t at = SECTOR; at + SECTOR <= len; at += SECTOR)
        if (data[at] == 0xEC && data[at + 1] == 0xA5)
            return at;
    g_assert_not_reached();
}

static void
check_state(const guint8 *data, size_t len, enum file_state state)
{
    struct draft d;

    draft_read(data, len, "稿件.doc", &draft_default_limits, &d);
    g_assert_cmpint(d.kind, ==, FILE_DOC);
    g_assert_cmpstr(file_state_name(d.state), ==, file_state_name(state));
    g_assert_true((d.text != NULL) == (state == FILE_OK));
    draft_clear(&d);
}

static void
test_rules(void)
{
    gsize len;
    g_autofree guint8 *data = load("tests/data/draft/rules.doc", &len);
    struct draft d;

    draft_read(data, len, "稿件.wps", &draft_default_limits, &d);
    g_assert_cmpint(d.kind, ==, FILE_DOC);
    g_assert_cmpint(d.state, ==, FILE_OK);
    g_assert_cmpstr(d.text, ==,
                    "关于沙湾镇防汛备汛工作的信息\n"
                    "截至6月30日，全镇共排查隐患37处，整改率达97.3%。\n"
                    "原文保留，新插入的文字，结尾。\n"
                    "看得见的文字\n"
                    "见县政府网站。\n"
                    "单位\t得分\n"
                    "财政局\t14.9\n"
                    "制表\t换行\n"
                    "连-字，生僻字𠮷䶮镕。\n"
                    "“引号”——破折号……\n");
    g_assert_cmpint(d.words, ==, 99);
    g_assert_nonnull(strstr(d.margins, "机密★5年\n"));
    g_assert_nonnull(strstr(d.margins, "页脚文字\n"));
    g_assert_nonnull(strstr(d.margins, "属性中的标题\n"));
    draft_clear(&d);
}

/* E22: each once, behind the paragraph that holds it. */
static void
test_boxes(void)
{
    gsize len;
    g_autofree guint8 *data = load("tests/data/draft/boxes.doc", &len);
    struct draft d;

    draft_read(data, len, NULL, &draft_default_limits, &d);
    g_assert_cmpstr(d.text, ==,
                    "第一段的下文\n框甲第一行\n框甲第二行\n"
                    "第二段\n"
                    "左格\n框乙\t右格\n"
                    "第三段\n组中之一\n组中之二\n"
                    "第四段\n末段\n");
    g_assert_nonnull(strstr(d.margins, "框乙"));
    draft_clear(&d);
}

/* With its table of boxes damaged a file still gives all their text, behind
 * the main text; with every byte of the three tables wrong once it never
 * gives a box twice. */
static void
test_boxes_damaged(void)
{
    static const size_t tables[] = {0x1DA, 0x22A, 0x25A};
    gsize len;
    g_autofree guint8 *data = load("tests/data/draft/boxes.doc", &len);
    size_t fib = fib_place(data, len);

    for (size_t i = 0; i < G_N_ELEMENTS(tables) * 8; i++) {
        guint8 *p = data + fib + tables[i / 8] + i % 8;
        guint8 was = *p;
        struct draft d;
        char *first;

        *p ^= 0x85;
        draft_read(data, len, NULL, &draft_default_limits, &d);
        g_assert_nonnull(d.text);
        first = strstr(d.text, "框甲第二行");
        g_assert_nonnull(first);
        g_assert_null(strstr(first + 1, "框甲第二行"));
        g_assert_nonnull(strstr(d.text, "组中之二"));
        draft_clear(&d);
        *p = was;
    }
}

static void
test_latin(void)
{
    gsize len;
    g_autofree guint8 *data = load("tests/data/draft/latin.doc", &len);
    struct draft d;

    draft_read(data, len, NULL, &draft_default_limits, &d);
    g_assert_cmpstr(d.text, ==,
                    "Plain text, nothing but Latin letters: café.\n");
    draft_clear(&d);
}

static void
test_refused(void)
{
    gsize len;
    g_autofree guint8 *data = load("tests/data/draft/rules.doc", &len);
    size_t fib = fib_place(data, len);

    data[fib + FIB_FLAGS + 1] |= 0x01;
    check_state(data, len, FILE_ENCRYPTED);
    data[fib + FIB_FLAGS + 1] &= 0xFE;
    check_state(data, len, FILE_OK);
    data[fib + FIB_VERSION] = 0x65; /* Word 6 */
    data[fib + FIB_VERSION + 1] = 0;
    check_state(data, len, FILE_UNREADABLE);
}

static void
test_text_limit(void)
{
    gsize len;
    g_autofree guint8 *data = load("tests/data/draft/rules.doc", &len);
    struct draft_limits limits = draft_default_limits;
    struct draft d;

    limits.text_bytes = 100;
    draft_read(data, len, NULL, &limits, &d);
    g_assert_cmpint(d.state, ==, FILE_OVER_LIMIT);
    g_assert_null(d.text);
    draft_clear(&d);
}

/* Every chain made a loop: each entry of the FAT names itself, or the
 * first, or a sector that is not there. */
static void
test_loops(void)
{
    static const guint32 targets[] = {0, 1, 0x00FFFFFF, 0xFFFFFFFE};
    gsize len;
    g_autofree guint8 *data = load("tests/data/draft/rules.doc", &len);
    guint32 fat = (guint32)data[76] | (guint32)data[77] << 8;
    guint8 *table = data + ((size_t)fat + 1) * SECTOR;

    for (guint32 i = 0; i < SECTOR / 4; i++) {
        for (size_t t = 0; t <= G_N_ELEMENTS(targets); t++) {
            guint32 to =
                GUINT32_TO_LE(t < G_N_ELEMENTS(targets) ? targets[t] : i);
            guint32 was;
            struct draft d;

            memcpy(&was, table + 4 * (size_t)i, 4);
            memcpy(table + 4 * (size_t)i, &to, 4);
            draft_read(data, len, NULL, &draft_default_limits, &d);
            draft_clear(&d);
            memcpy(table + 4 * (size_t)i, &was, 4);
        }
    }
}

/* Each byte wrong once; what is read stays text. */
static void
test_flips(void)
{
    gsize len;
    g_autofree guint8 *data = load("tests/data/draft/rules.doc", &len);
    gint64 start = cpu_time();

    for (size_t i = 0; i < len; i++) {
        struct draft d;
        guint8 was = data[i];

        data[i] = (guint8)(i % 3 == 0 ? 0xFF : was ^ (1 << (i % 8)));
        draft_read(data, len, "a.doc", &draft_default_limits, &d);
        g_assert_true(!d.text || g_utf8_validate(d.text, -1, NULL));
        draft_clear(&d);
        data[i] = was;
    }
    g_assert_cmpint(cpu_time() - start, <, 60 * G_USEC_PER_SEC);
}

static void
test_cut(void)
{
    gsize len;
    g_autofree guint8 *data = load("tests/data/draft/rules.doc", &len);

    for (size_t n = 0; n < len; n += 64) {
        g_autofree guint8 *copy = g_memdup2(data, n);
        struct draft d;

        draft_read(copy, n, "a.doc", &draft_default_limits, &d);
        draft_clear(&d);
    }
}

/* The storage in which Word keeps its macros, in the place of another. */
static void
test_macro(void)
{
    static const char other[] = "\1\0C\0o\0m\0p\0O\0b\0j";
    static const char macros[] = "_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0\0";
    gsize len;
    g_autofree guint8 *data = load("tests/data/draft/rules.doc", &len);
    guint8 *entry = memmem(data, len, other, sizeof other);
    struct draft d;

    g_assert_nonnull(entry);
    memcpy(entry, macros, sizeof macros);
    entry[64] = sizeof macros; /* the length of its name */
    draft_read(data, len, "稿件.doc", &draft_default_limits, &d);
    g_assert_cmpint(d.kind, ==, FILE_DOC);
    g_assert_cmpint(d.state, ==, FILE_MACRO);
    draft_clear(&d);
}

/* OLE2 that is too short to be one. */
static void
test_ole(void)
{
    guint8 header[1024] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};

    g_assert_null(ole_open(header, 0));
    g_assert_null(ole_open(header, 8));
    g_assert_null(ole_open(header, 512));
    header[30] = 9;
    header[32] = 6;
    g_assert_null(ole_open(header, 1024));
    memset(header + 44, 0xFF, 4); /* 4 milliard sectors of FAT */
    g_assert_null(ole_open(header, 1024));
}

/* Lists of modifiers, whole and cut. */
static void
test_modifiers(void)
{
    static const guint8 list[] = {0x09, 0x6A, 1,    0, 0xAB, 0xF0, /* symbol */
                                  0x30, 0x4A, 0x0A, 0,             /* style */
                                  0x3C, 0x08, 0x81,                /* hidden */
                                  0x15, 0xC6, 2,    0, 0,          /* tabs */
                                  0x00, 0x08, 1};                  /* deleted */

    for (size_t n = 0; n <= sizeof list; n++) {
        g_autofree guint8 *copy = g_memdup2(list, n);
        struct doc_look look = {0};

        doc_look_apply(&look, copy, n);
        g_assert_cmpint(look.symbol, ==, n >= 6 ? 0xF0AB : 0);
        g_assert_cmpint(look.hidden, ==, n >= 13);
        g_assert_cmpint(look.deleted, ==, n >= 21);
        g_assert_false(look.row_end);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_init();
    g_test_add_func("/doc/E22-E23-rules", test_rules);
    g_test_add_func("/doc/E22-boxes", test_boxes);
    g_test_add_func("/doc/E22-boxes-damaged", test_boxes_damaged);
    g_test_add_func("/doc/latin", test_latin);
    g_test_add_func("/doc/refused", test_refused);
    g_test_add_func("/doc/text-limit", test_text_limit);
    g_test_add_func("/doc/loops", test_loops);
    g_test_add_func("/doc/flips", test_flips);
    g_test_add_func("/doc/cut", test_cut);
    g_test_add_func("/doc/macro", test_macro);
    g_test_add_func("/doc/ole", test_ole);
    g_test_add_func("/doc/modifiers", test_modifiers);
    return g_test_run();
}
