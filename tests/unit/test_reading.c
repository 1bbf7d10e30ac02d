/* The reading, and its way from the sandboxed child to the parent. */
#include "message/reading.h"
#include "base/address.h"
#include "message/reading_members.h"

#include <string.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
add_address(GPtrArray *list, const char *name, const char *address)
{
    struct reading_address *a = g_new0(struct reading_address, 1);

    a->name = g_strdup(name);
    a->address = g_strdup(address);
    g_ptr_array_add(list, a);
}

static void
add_trace(struct reading *r, gboolean is_auth, const char *value)
{
    struct reading_trace *t = g_new0(struct reading_trace, 1);

    t->is_auth = is_auth;
    t->value = g_strdup(value);
    g_ptr_array_add(r->trace, t);
}

static struct reading_file *
add_file(struct reading *r, const char *name, const char *bytes)
{
    struct reading_file *f = reading_file_new();

    f->name = g_strdup(name);
    f->type = g_strdup("application/msword");
    f->kind = FILE_DOC;
    f->sha256 = g_strdup(HASH);
    f->size = 7;
    if (bytes) {
        f->bytes = g_bytes_new(bytes, strlen(bytes));
        f->size = (gint64)strlen(bytes);
    }
    g_ptr_array_add(r->files, f);
    return f;
}

static struct reading *
sample(void)
{
    struct reading *r = reading_new();
    struct reading_file *f;

    r->flags = READING_FORWARDED | READING_SPAM;
    r->subject = g_strdup("春耕备耕情况-归昌乡-李明-6106766");
    add_address(r->from, "李明", "liming@example.gov.cn");
    add_address(r->to, NULL, "xxk@example.gov.cn");
    add_address(r->to, "无地址", NULL);
    r->return_path = g_strdup("");
    r->message_id = g_strdup("<a@b>");
    g_ptr_array_add(r->references, g_strdup("<c@d>"));
    add_trace(r, FALSE, "from a by b; Fri, 1 Mar 2019 08:00:00 +0800");
    add_trace(r, TRUE, "mx.example.gov.cn; dmarc=pass");
    r->body = g_strdup("一\n二\t三");
    r->own_text = g_strdup("一");
    r->identity = g_strdup(HASH);
    r->raw_hash = g_strdup(HASH);
    r->bounce_cause = g_strdup("550 mailbox full");
    f = add_file(r, "稿件.doc", "\xD0\xCF\x11\xE0 data");
    f->text = g_strdup("正文\n");
    f->words = 2;
    add_file(r, NULL, NULL)->incomplete = TRUE;
    add_file(r, "b.doc", "second")->nested = TRUE;
    return r;
}

/* Through bytes, as over the pipe. */
static GVariant *
through_pipe(GVariant *v)
{
    g_autoptr(GVariant) sunk = g_variant_ref_sink(v);
    g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes(sunk);

    return g_variant_ref_sink(g_variant_new_from_bytes(
        G_VARIANT_TYPE(READING_VARIANT_TYPE), bytes, FALSE));
}

static gboolean
same_bytes(const struct reading_file *f, const char *want)
{
    g_autoptr(GBytes) b = g_bytes_new(want, strlen(want));

    return f->bytes && g_bytes_equal(f->bytes, b);
}

static void
test_round_trip(void)
{
    g_autoptr(reading) r = sample(), back = NULL;
    g_autoptr(GVariant) v = through_pipe(reading_to_variant(r));
    g_autoptr(GVariant) again = NULL;
    const struct reading_file *f;

    back = reading_from_variant(v);
    g_assert_nonnull(back);
    again = g_variant_ref_sink(reading_to_variant(back));
    g_assert_true(g_variant_equal(v, again));
    g_assert_cmpstr(back->subject, ==, r->subject);
    g_assert_cmpstr(back->return_path, ==, "");
    g_assert_null(back->sender);
    g_assert_cmpuint(back->to->len, ==, 2);
    g_assert_cmpuint(back->files->len, ==, 3);
    f = g_ptr_array_index(back->files, 0);
    g_assert_true(same_bytes(f, "\xD0\xCF\x11\xE0 data"));
    f = g_ptr_array_index(back->files, 1);
    g_assert_null(f->bytes);
    g_assert_true(f->incomplete);
    f = g_ptr_array_index(back->files, 2);
    g_assert_true(same_bytes(f, "second"));
    g_assert_cmpstr(reading_author(back), ==, "liming@example.gov.cn");
}

/* The parent borrows the child's bytes: no copy of a file is made. */
static void
test_zero_copy(void)
{
    g_autoptr(reading) r = sample(), back = NULL;
    g_autoptr(GVariant) v = through_pipe(reading_to_variant(r));
    const char *start = g_variant_get_data(v);
    const struct reading_file *f;
    const char *data;

    back = reading_from_variant(v);
    f = g_ptr_array_index(back->files, 0);
    data = g_bytes_get_data(f->bytes, NULL);
    g_assert_true(data >= start && data < start + g_variant_get_size(v));
}

/* Every way in which a child that was taken over could break the contract
 * with a well-formed variant. */
static void
spoil(struct reading *r, int how)
{
    struct reading_file *f = g_ptr_array_index(r->files, 0);

    switch (how) {
    case 0:
        r->flags = READING_FLAGS_END;
        break;
    case 1:
        r->machine = MACHINE_SUPPRESS + 1;
        break;
    case 2:
        r->secrecy = SECRECY_TOP + 1;
        break;
    case 3:
        f->kind = FILE_LOCK + 1;
        break;
    case 4:
        f->state = FILE_NO_TEXT + 1;
        break;
    case 5:
        f->size++; /* not that of the bytes */
        break;
    case 6:
        f->words = -1;
        break;
    case 7:
        g_free(r->subject);
        r->subject = g_strdup("x\nBcc: y@z");
        break;
    case 8:
        g_free(r->body);
        r->body = g_strdup("x\033[31m");
        break;
    case 9:
        add_address(r->from, NULL, "a@b.cn>\r\nRCPT TO:<evil@x.cn");
        break;
    case 10:
        r->identity[0] = 'G';
        break;
    case 11:
        r->secrecy_rule = "rm -rf /";
        break;
    case 12:
        g_free(f->name);
        f->name = g_strdup("稿件\u202ecod.exe");
        break;
    case 13:
        add_trace(r, TRUE, "a\rb");
        break;
    case 14:
        g_ptr_array_add(r->references, g_strdup("<a@b>\r\nX: y"));
        break;
    case 15:
        g_free(r->sender);
        r->sender = g_strdup("not an address");
        break;
    case 16:
        ((struct reading_file *)g_ptr_array_index(r->files, 1))->size = -1;
        break;
    case 17:
        f->sha256[63] = '\0';
        break;
    case 18:
        g_free(r->return_path);
        r->return_path = g_strdup("a@b.cn>\r\nRCPT TO:<evil@x.cn");
        break;
    case 19:
        g_free(f->text);
        f->text = g_strdup("\xE6\xA0"); /* no UTF-8 */
        break;
    }
}

static void
test_refused(void)
{
    for (int how = 0; how < 20; how++) {
        g_autoptr(reading) r = sample(), back = NULL;
        g_autoptr(GVariant) v = NULL;

        spoil(r, how);
        v = through_pipe(reading_to_variant(r));
        back = reading_from_variant(v);
        g_assert_null(back);
    }
}

/* Bytes that belong to no file. */
static void
test_blob_too_many(void)
{
    g_autoptr(reading) r = sample();
    g_autoptr(GVariant) v = through_pipe(reading_to_variant(r));
    g_autoptr(GVariant) record = g_variant_get_child_value(v, 0);
    g_autoptr(GVariant) good = g_variant_get_child_value(v, 1);
    g_autoptr(GVariant) more = NULL;
    GVariantBuilder b;

    g_variant_builder_init(&b, G_VARIANT_TYPE("aay"));
    for (gsize i = 0; i < g_variant_n_children(good); i++) {
        g_autoptr(GVariant) blob = g_variant_get_child_value(good, i);

        g_variant_builder_add_value(&b, blob);
    }
    g_variant_builder_add_value(&b, g_variant_new_bytestring("more"));
    more = through_pipe(
        g_variant_new("(@*@aay)", record, g_variant_builder_end(&b)));
    g_assert_null(reading_from_variant(more));
}

enum { STRINGS = 6 }; /* where they are in the record */

/* The answer `v` with `n` strings of the reading itself. */
static GVariant *
with_strings(GVariant *v, gsize n)
{
    g_autoptr(GVariant) record = g_variant_get_child_value(v, 0);
    g_autoptr(GVariant) blobs = g_variant_get_child_value(v, 1);
    GVariantBuilder b, strings;

    g_variant_builder_init(&b, g_variant_get_type(record));
    for (gsize i = 0; i < g_variant_n_children(record); i++) {
        g_autoptr(GVariant) child = g_variant_get_child_value(record, i);

        if (i != STRINGS) {
            g_variant_builder_add_value(&b, child);
            continue;
        }
        g_variant_builder_init(&strings, g_variant_get_type(child));
        for (gsize k = 0; k < n; k++) {
            g_autoptr(GVariant) one = g_variant_get_child_value(
                child, MIN(k, g_variant_n_children(child) - 1));

            g_variant_builder_add_value(&strings, one);
        }
        g_variant_builder_add_value(&b, g_variant_builder_end(&strings));
    }
    return through_pipe(
        g_variant_new("(@*@aay)", g_variant_builder_end(&b), blobs));
}

/* A register may hold what a program wrote that knew fewer of them. */
static void
test_fewer_strings(void)
{
    g_autoptr(reading) r = sample();
    g_autoptr(GVariant) v = through_pipe(reading_to_variant(r));
    g_autoptr(GVariant) fewer = with_strings(v, READING_MEMBERS - 1);
    g_autoptr(GVariant) more = with_strings(v, READING_MEMBERS + 1);
    g_autoptr(reading) back = reading_from_variant(fewer);

    g_assert_nonnull(back);
    g_assert_cmpstr(back->subject, ==, r->subject);
    g_assert_cmpstr(back->raw_hash, ==, r->raw_hash);
    g_assert_null(back->bounce_cause);
    g_assert_null(reading_from_variant(more));
}

static void
test_wrong_type(void)
{
    g_autoptr(GVariant) v =
        g_variant_ref_sink(g_variant_new("(sus)", "a", 1, "b"));

    g_assert_null(reading_from_variant(v));
}

/* Every byte of a good answer set to other values: refused or read, never
 * a crash, never a string that is not UTF-8. */
static void
check_mangled(const guint8 *data, gsize len)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, len);
    g_autoptr(GVariant) v = g_variant_ref_sink(g_variant_new_from_bytes(
        G_VARIANT_TYPE(READING_VARIANT_TYPE), bytes, FALSE));
    g_autoptr(GVariant) record = g_variant_get_child_value(v, 0);
    g_autoptr(reading) back = reading_from_variant(v);

    g_assert_true(!back || g_variant_is_normal_form(record));
    if (back && back->subject)
        g_assert_true(g_utf8_validate(back->subject, -1, NULL));
}

static void
test_mangled_bytes(void)
{
    static const guint8 values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    g_autoptr(reading) r = sample();
    g_autoptr(GVariant) v = g_variant_ref_sink(reading_to_variant(r));
    gsize len = g_variant_get_size(v);
    g_autofree guint8 *data = g_memdup2(g_variant_get_data(v), len);

    for (gsize i = 0; i < len; i++) {
        guint8 was = data[i];

        for (size_t k = 0; k < sizeof values; k++) {
            data[i] = values[k];
            check_mangled(data, len);
        }
        data[i] = was;
    }
    for (gsize cut = 0; cut < len; cut++)
        check_mangled(data, cut);
}

/* Section 5 of the requirements: nothing of a marked message goes on. */
static void
test_wiped(void)
{
    g_autoptr(reading) r = sample(), back = NULL;
    g_autoptr(GVariant) v = NULL;
    const struct reading_address *from;

    r->secrecy = SECRECY_SECRET;
    r->secrecy_rule = "draft";
    g_free(r->sender);
    r->sender = g_strdup("other@example.gov.cn");
    v = through_pipe(reading_to_variant(r));
    back = reading_from_variant(v); /* a child that forgot to wipe */
    g_assert_nonnull(back);
    g_assert_null(back->subject);
    g_assert_null(back->body);
    g_assert_null(back->own_text);
    g_assert_null(back->identity);
    g_assert_null(back->raw_hash);
    g_assert_cmpuint(back->files->len, ==, 0);
    g_assert_cmpuint(back->to->len, ==, 0);
    g_assert_cmpuint(back->references->len, ==, 0);
    g_assert_cmpstr(back->secrecy_rule, ==, "draft");
    from = g_ptr_array_index(back->from, 0);
    g_assert_null(from->name);
    g_assert_cmpstr(from->address, ==, "liming@example.gov.cn");
    g_assert_cmpstr(back->sender, ==, "other@example.gov.cn"); /* A27 */
}

/* A27: nobody is the author of a mail with two From addresses. */
static void
test_author(void)
{
    g_autoptr(reading) r = reading_new();

    g_assert_null(reading_author(r));
    add_address(r->from, "x", NULL);
    g_assert_null(reading_author(r));
    add_address(r->from, NULL, "a@b.cn");
    g_assert_null(reading_author(r));
    g_ptr_array_remove_index(r->from, 0);
    g_assert_cmpstr(reading_author(r), ==, "a@b.cn");
}

static void
test_names(void)
{
    g_assert_cmpstr(file_kind_name(FILE_LOCK), ==, "lock");
    g_assert_cmpstr(file_kind_name(FILE_7Z), ==, "7z");
    g_assert_cmpstr(file_state_name(FILE_NO_TEXT), ==, "no-text");
    g_assert_null(machine_name(MACHINE_NO));
    g_assert_cmpstr(machine_name(MACHINE_SUPPRESS), ==, "suppress");
    g_assert_cmpstr(secrecy_name(SECRECY_CONFIDENTIAL), ==, "机密");
    g_assert_true(file_kind_is_word(FILE_RTF));
    g_assert_false(file_kind_is_word(FILE_PDF));
}

/* A28, F9: what may reach the wire as an address. */
static void
test_addresses(void)
{
    static const char *const good[] = {
        "a@b.cn",          "123456@qq.com",           "x.y-z_1+t@mail.gov.cn",
        "李明@example.cn", "a@xn--fiqs8s.xn--fiqs8s",
    };
    static const char *const bad[] = {
        "",
        "a",
        "@b.cn",
        "a@",
        "a@localhost",
        "a@[1.2.3.4]",
        "a@1.2.3.4",
        "a b@c.cn",
        "a@b.cn>\r\nRCPT TO:<x@y.cn",
        "a@b.cn> NOTIFY=NEVER",
        ".a@b.cn",
        "a..b@c.cn",
        "a@b..cn",
        "a@-b.cn",
        "\"a b\"@c.cn",
        "a@b.cn\x7F",
        "a\xC8\xCB@b.cn",
        "a@b@c.cn",
        "a\u202e@b.cn",
        "a\u3164@b.cn", /* letters to Unicode, nothing to the eye */
        "a\ufe0f@b.cn",
        "a\ufffd@b.cn", /* could not be decoded */
        "=?utf-8?q?x=0D=0ABcc=3A?=@b.cn",
        "a@局.cn",
        "a,b@c.cn",
    };
    g_autofree char *longest = g_strnfill(250, 'a');
    g_autofree char *over = g_strconcat("x@", longest, ".cn", NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        if (!address_valid(good[i]))
            g_error("refused: %s", good[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        if (address_valid(bad[i]))
            g_error("taken: %s", bad[i]);
    g_assert_false(address_valid(over));
    g_assert_false(address_valid(NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reading/round-trip", test_round_trip);
    g_test_add_func("/reading/zero-copy", test_zero_copy);
    g_test_add_func("/reading/refused", test_refused);
    g_test_add_func("/reading/blob-too-many", test_blob_too_many);
    g_test_add_func("/reading/fewer-strings", test_fewer_strings);
    g_test_add_func("/reading/wrong-type", test_wrong_type);
    g_test_add_func("/reading/mangled-bytes", test_mangled_bytes);
    g_test_add_func("/reading/wiped", test_wiped);
    g_test_add_func("/reading/author-A27", test_author);
    g_test_add_func("/reading/names", test_names);
    g_test_add_func("/address/valid-A28-F9", test_addresses);
    return g_test_run();
}
