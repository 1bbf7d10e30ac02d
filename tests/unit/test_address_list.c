/* Lists of addresses, and the header block they stand in. */
#include "message/address.h"
#include "message/header.h"
#include "unit/cpu_time.h"

#include <string.h>

/* "name|address" for each, joined by " ; "; "-" where there is none. */
static char *
flat(const GPtrArray *list)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < list->len; i++) {
        const struct reading_address *a = g_ptr_array_index(list, i);

        g_string_append_printf(s, "%s%s|%s", s->len ? " ; " : "",
                               a->name ? a->name : "-",
                               a->address ? a->address : "-");
    }
    return g_string_free(s, FALSE);
}

static const struct {
    const char *raw, *want;
} lists[] = {
    {"liming@example.cn", "-|liming@example.cn"},
    {"<liming@Example.CN>", "-|liming@example.cn"},
    {"李明 <liming@example.cn>", "李明|liming@example.cn"},
    {"\"liming@example.cn\" <liming@example.cn>",
     "liming@example.cn|liming@example.cn"},
    {"=?GBK?B?wO7D9w==?= <a@b.cn>", "李明|a@b.cn"},
    {"\"=?GBK?B?wO7D9w==?=\" <a@b.cn>", "李明|a@b.cn"},
    {"=?utf-8?Q?a,b?= <a@b.cn>, c@d.cn", "a,b|a@b.cn ; -|c@d.cn"},
    {"\xC0\xEE\xC3\xF7 <a@b.cn>", "李明|a@b.cn"},
    {"a@b.cn (李明)", "李明|a@b.cn"},
    {"a@b.cn, c@d.cn", "-|a@b.cn ; -|c@d.cn"},
    {"财政局, 李明 <a@b.cn>", "财政局, 李明|a@b.cn"},
    {"group: a@b.cn, 李明 <c@d.cn>;", "-|a@b.cn ; 李明|c@d.cn"},
    {"undisclosed-recipients:;", ""},
    {"MAILER-DAEMON", "MAILER-DAEMON|-"},
    {"李明 a@b.cn", "李明|a@b.cn"},
    {"<a@b.cn> <c@d.cn>", "-|a@b.cn ; -|c@d.cn"},
    {"x <a@b.cn> y <c@d.cn>", "x|a@b.cn ; y|c@d.cn"},
    {"<@relay.cn,@x.cn:a@b.cn>", "-|a@b.cn"},
    {"<<a@b.cn>>", "-|a@b.cn"},
    {"<mailto:a@b.cn>", "-|a@b.cn"},
    {"a@b.cn.", "-|a@b.cn"},
    {"Sender\r\n <a@b.cn>", "Sender|a@b.cn"},
    {"", ""},
    {",,;", ""},
    /* A28: nothing that could reach a server as something else */
    {"x <a@b.cn>\r\nRCPT TO:<evil@x.cn>", "x|a@b.cn ; -|evil@x.cn"},
    {"<a b@c.cn>", ""},
    {"x <a@localhost>", "x|-"},
    {"x <a@[1.2.3.4]>", "x|-"},
    {"\"a b\"@c.cn", "a|-"},
    {"x <\"a b\"@c.cn>", "x|-"},
    {"张\u202e三 <a@b.cn>", "张三|a@b.cn"},
    /* A21: a display name is never the address */
    {"\"xxk@office.gov.cn\" <evil@x.cn>", "xxk@office.gov.cn|evil@x.cn"},
    {"xxk@office.gov.cn <evil@x.cn>", "xxk@office.gov.cn|evil@x.cn"},
    {"=?utf-8?Q?<a@b.cn>?=", "<a@b.cn>|-"},
};

static void
test_lists(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(
            (GDestroyNotify)reading_address_free);
        g_autofree char *got = NULL;

        address_parse(list, lists[i].raw, strlen(lists[i].raw));
        got = flat(list);
        g_assert_cmpstr(got, ==, lists[i].want);
    }
}

static void
test_flood(void)
{
    static const char *const parts[] = {"a@b.cn, ", "=?a?Q?x", "((((",
                                        "<<<",      "\"",      "x, "};

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(
            (GDestroyNotify)reading_address_free);
        g_autoptr(GString) s = g_string_new(NULL);
        gint64 start = cpu_time();

        for (int n = 0; n < 100000; n++)
            g_string_append(s, parts[i]);
        address_parse(list, s->str, s->len);
        g_assert_cmpuint(list->len, <=, ADDRESS_LIST_MAX);
        g_assert_cmpint(cpu_time() - start, <, 2 * G_USEC_PER_SEC);
    }
}

/* ---- header blocks ---- */

static char *
flat_header(const char *data, size_t *body_out)
{
    GString *s = g_string_new(NULL);
    struct header h;

    header_scan(&h, data, strlen(data), 100, 10000);
    for (guint i = 0; i < h.fields->len; i++) {
        const struct header_field *f =
            &g_array_index(h.fields, struct header_field, i);
        g_autofree char *line = header_line(f);

        g_string_append_printf(s, "%s%.*s=%s", s->len ? "|" : "",
                               (int)f->name_len, f->name, line);
    }
    *body_out = h.body;
    header_clear(&h);
    return g_string_free(s, FALSE);
}

static const struct {
    const char *data, *fields, *body;
} blocks[] = {
    {"A: 1\r\nB: 2\r\n\r\nbody", "A=1|B=2", "body"},
    {"A: 1\nB: 2\n\nbody", "A=1|B=2", "body"},
    {"A: 1\n 2\n\t3\nB:4\n\nbody", "A=1 2 3|B=4", "body"},
    {"A : 1\n\nbody", "A=1", "body"},
    {"A:\n\nbody", "A=", "body"},
    {"From x@y Mon\nA: 1\n\nbody", "A=1", "body"},
    {">From x@y Mon\nA: 1\n\nbody", "A=1", "body"},
    {"\xEF\xBB\xBF"
     "A: 1\n\nbody",
     "A=1", "body"},
    {"\r\n\r\nA: 1\r\n\r\nbody", "A=1", "body"},
    /* a line that is no field is passed over; the border stays */
    {"A: 1\nnot a field\nB: 2\n\nbody", "A=1|B=2", "body"},
    {" lost\nA: 1\n\nbody", "A=1", "body"},
    /* without an empty line the text begins where no field is left */
    {"A: 1\nB: 2\nThis is text.\nMore.\n\npara", "A=1|B=2",
     "This is text.\nMore.\n\npara"},
    /* a lone CR inside a field ends nothing */
    {"A: 1\rB: 2\n\nbody", "A=1 B: 2", "body"},
    {"A: 1\n \nB: 2\n\nbody", "A=1|B=2", "body"},
    {"just text\n", "", "just text\n"},
    {"A: 1", "A=1", ""},
    {"", "", ""},
};

static void
test_headers(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        size_t body;
        g_autofree char *got = flat_header(blocks[i].data, &body);

        g_assert_cmpstr(got, ==, blocks[i].fields);
        g_assert_cmpstr(blocks[i].data + body, ==, blocks[i].body);
    }
}

/* E13: over the limit nothing more is kept, and the border is still found. */
static void
test_header_limits(void)
{
    g_autoptr(GString) s = g_string_new(NULL);
    struct header h;

    for (int i = 0; i < 100001; i++)
        g_string_append(s, "X: y\r\n");
    g_string_append(s, "\r\nbody");
    header_scan(&h, s->str, s->len, 2000, 1024 * 1024);
    g_assert_true(h.over_limit);
    g_assert_cmpuint(h.fields->len, ==, 2000);
    g_assert_cmpstr(s->str + h.body, ==, "body");
    header_clear(&h);
    header_scan(&h, s->str, s->len, 200000, 1024 * 1024);
    g_assert_false(h.over_limit);
    header_clear(&h);
    header_scan(&h, s->str, s->len, 200000, 1000);
    g_assert_true(h.over_limit);
    header_clear(&h);
}

static void
check_id(const char *line, const char *want)
{
    const char *end = NULL;
    g_autofree char *got = header_message_id(line, &end);

    g_assert_cmpstr(got, ==, want);
}

/* B2: only what may stand in In-Reply-To. */
static void
test_message_ids(void)
{
    g_autofree char *many = g_strnfill(1000, 'a');
    g_autofree char *big = g_strdup_printf("<%s@b>", many);

    check_id("<a@b>", "<a@b>");
    check_id("noise <a@b> <c@d>", "<a@b>");
    check_id("<!&!AAAA+/=.@mail.example.gov.cn>",
             "<!&!AAAA+/=.@mail.example.gov.cn>");
    check_id("a@b", NULL);
    check_id("<a b@c>", NULL);
    check_id("<ab>", NULL);
    check_id("<@b>", NULL);
    check_id("<a@>", NULL);
    check_id("<a@b", NULL);
    check_id("<a<b@c>", "<b@c>");
    check_id("<李@b>", NULL);
    check_id(big, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/address-list/lists-A21-A28", test_lists);
    g_test_add_func("/address-list/flood-E13", test_flood);
    g_test_add_func("/header/blocks-E10", test_headers);
    g_test_add_func("/header/limits-E13", test_header_limits);
    g_test_add_func("/header/message-ids-B2", test_message_ids);
    return g_test_run();
}
