/* Parameters of Content-Type and Content-Disposition; file names. */
#include "message/params.h"
#include "unit/cpu_time.h"

#include <string.h>

static struct params *
parse(const char *raw)
{
    return params_parse(raw, strlen(raw));
}

static const struct {
    const char *raw, *name, *want;
} values[] = {
    {"text/plain; charset=gb2312", "charset", "gb2312"},
    {"text/plain; charset=\"gb2312\"", "charset", "gb2312"},
    {"text/plain;\r\n\tCHARSET=\"GB2312\"", "charset", "GB2312"},
    {"text/plain; charset=\"\"", "charset", NULL},
    {"text/plain (a comment); charset = utf-8 ", "charset", "utf-8"},
    {"multipart/mixed; boundary=\"--=_001;x\"", "boundary", "--=_001;x"},
    {"text/plain", "charset", NULL},
    {"", "charset", NULL},
    {"attachment; filename=my draft.doc; size=3", "filename", "my draft.doc"},
    {"attachment; filename=\"a.doc\" size=3", "size", "3"},
    {"attachment; filename=\"a \\\"b\\\".doc\"", "filename", "a \"b\".doc"},
    {"attachment; filename=\"C:\\docs\\a.doc\"", "filename", "C:\\docs\\a.doc"},
    {"attachment; filename=\"unclosed.doc", "filename", "unclosed.doc"},
    {"attachment; ; filename=a.doc;;", "filename", "a.doc"},
    {"attachment; noise; filename=a.doc", "filename", "a.doc"},
    /* RFC 2047 inside a parameter: quoted, bare, in several words, F1 */
    {"a/b; name=\"=?gb2312?B?uOW8/i5kb2M=?=\"", "name", "稿件.doc"},
    {"a/b; name==?gb2312?B?uOW8/i5kb2M=?=", "name", "稿件.doc"},
    {"a/b; name=\"=?utf-8?B?56i/YQ==?=\r\n =?utf-8?B?5Lu2LmRvYw==?=\"", "name",
     "稿a件.doc"},
    /* RFC 2231: one part, continued, split inside a character, GBK */
    {"a; filename*=utf-8''%E7%A8%BF.doc", "filename", "稿.doc"},
    {"a; filename*=UTF-8'zh-CN'%e7%a8%bf.doc", "filename", "稿.doc"},
    {"a; filename*=GBK''%B8%E5%BC%FE.doc", "filename", "稿件.doc"},
    {"a; filename*0*=utf-8''%E7%A8; filename*1*=%BF.doc", "filename", "稿.doc"},
    {"a; filename*0*=gb2312''%B8; filename*1*=%E5; filename*2=.doc", "filename",
     "稿.doc"},
    {"a; filename*1*=%BF.doc; filename*0*=utf-8''%E7%A8", "filename", "稿.doc"},
    {"a; filename*0=\"long-\"; filename*1=\"name.doc\"", "filename",
     "long-name.doc"},
    {"a; filename*1=\"from-\"; filename*2=\"one.doc\"", "filename",
     "from-one.doc"},
    {"a; filename*0=\"=?gb2312?B?uOW8\"; filename*1=\"/i5kb2M=?=\"", "filename",
     "稿件.doc"},
    {"a; filename*=%E7%A8%BF.doc", "filename", "稿.doc"},
    {"a; filename*=utf-8''\"%E7%A8%BF.doc\"", "filename", "稿.doc"},
    {"a; filename*=utf-8''a%2Fb%00c.doc", "filename", "a/b\uFFFDc.doc"},
    /* web software: the percent form without its star */
    {"a; filename=\"%E7%A8%BF%E4%BB%B6.doc\"", "filename", "稿件.doc"},
    {"a; filename=\"utf-8''%E7%A8%BF.doc\"", "filename", "稿.doc"},
    {"a; filename=\"100%25.doc\"", "filename", "100%25.doc"},
    /* raw bytes */
    {"a; filename=\"\xB8\xE5\xBC\xFE.doc\"", "filename", "稿件.doc"},
    {"a; filename=\"稿件.doc\"", "filename", "稿件.doc"},
};

static void
test_values(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autoptr(params) p = parse(values[i].raw);
        g_autofree char *got = params_get(p, values[i].name);

        g_assert_cmpstr(got, ==, values[i].want);
    }
}

static void
test_value(void)
{
    g_autoptr(params) type = parse("TEXT/Plain; charset=x");
    g_autoptr(params) bare = parse(" \r\n attachment;filename=x");
    g_autoptr(params) none = parse("");

    g_assert_cmpstr(type->value, ==, "text/plain");
    g_assert_cmpstr(bare->value, ==, "attachment");
    g_assert_cmpstr(none->value, ==, "");
}

/* E8: filename* over filename over name* over name; what differs is kept. */
static const struct {
    const char *disposition, *type, *name, *other;
    gboolean hides;
} names[] = {
    {"attachment; filename=\"old.doc\"; filename*=utf-8''new.doc", "",
     "new.doc", "old.doc", FALSE},
    {"attachment; filename=a.doc", "x/y; name=b.doc", "a.doc", "b.doc", FALSE},
    {"attachment; filename=a.doc", "x/y; name=a.doc", "a.doc", NULL, FALSE},
    {"attachment", "x/y; name=b.doc", "b.doc", NULL, FALSE},
    {"attachment; filename=\"\"", "x/y; name*=gbk''%B8%E5; name=c", "稿", "c",
     FALSE},
    {"attachment", "x/y", NULL, NULL, FALSE},
    {"attachment; filename*=utf-8''%E7%A8%BF; filename=\"=?gbk?B?uOU=?=\"",
     "x/y; name=\"=?gbk?B?uOU=?=\"", "稿", NULL, FALSE},
    /* B9: a name that turns itself around, one of nothing that is seen */
    {"attachment; filename*=utf-8''%E7%A8%BF%E2%80%AExcod.exe", "",
     "稿xcod.exe", NULL, TRUE},
    {"attachment; filename=\"=?utf-8?B?4oCL?=\"", "x/y; name=a.doc", "a.doc",
     NULL, TRUE},
};

static void
test_file_names(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(params) d = parse(names[i].disposition);
        g_autoptr(params) t = parse(names[i].type);
        g_autofree char *name = NULL, *other = NULL;
        gboolean hides;

        params_file_name(d, t, &name, &other, &hides);
        g_assert_cmpint(hides, ==, names[i].hides);
        g_assert_cmpstr(name, ==, names[i].name);
        g_assert_cmpstr(other, ==, names[i].other);
    }
}

/* 100,000 parameters are not all kept, and do not take long. */
static void
test_flood(void)
{
    g_autoptr(GString) s = g_string_new("a/b");
    gint64 start = cpu_time();

    for (int i = 0; i < 100000; i++)
        g_string_append_printf(s, "; name*%d=x", i);
    for (int i = 0; i < 2; i++) {
        g_autoptr(params) p = parse(s->str);
        g_autofree char *name = params_get(p, "name");

        g_assert_cmpuint(strlen(name), <=, 1000);
    }
    g_assert_cmpint(cpu_time() - start, <, 2 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/params/values-E8", test_values);
    g_test_add_func("/params/value", test_value);
    g_test_add_func("/params/file-names-E8", test_file_names);
    g_test_add_func("/params/flood-E13", test_flood);
    return g_test_run();
}
