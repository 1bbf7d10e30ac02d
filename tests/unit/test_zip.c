/* ZIP archives: honest ones are read whole, lying ones not at all. */
#include "draft/zip.h"

#include "make_zip.h"
#include "message/charset.h"
#include "unit/cpu_time.h"

#define TEXT "text of an entry, long enough to be deflated, deflated, deflated"

static GByteArray *
two_entries(void)
{
    struct make_zip z;

    make_zip_init(&z);
    make_zip_add(&z, "a.txt", TEXT);
    make_zip_add(&z, "dir/b.txt", TEXT TEXT);
    return make_zip_end(&z);
}

static enum file_state
open_state(const GByteArray *bytes, const struct draft_limits *limits)
{
    g_autoptr(zip) z = NULL;

    return zip_open(bytes->data, bytes->len, limits, &z);
}

/* Open, find, read: the first thing that is not FILE_OK. */
static enum file_state
read_state(const GByteArray *bytes, const char *name,
           const struct draft_limits *limits)
{
    g_autoptr(zip) z = NULL;
    g_autoptr(GBytes) out = NULL;
    enum file_state state = zip_open(bytes->data, bytes->len, limits, &z);
    const struct zip_entry *e;

    if (state != FILE_OK)
        return state;
    e = zip_find(z, name);
    g_assert_nonnull(e);
    state = zip_read(z, e, &out);
    g_assert_true((state == FILE_OK) == (out != NULL));
    return state;
}

static void
test_honest(void)
{
    g_autoptr(GByteArray) bytes = two_entries();
    g_autoptr(zip) z = NULL;
    g_autoptr(GBytes) out = NULL;

    g_assert_cmpint(
        zip_open(bytes->data, bytes->len, &draft_default_limits, &z), ==,
        FILE_OK);
    g_assert_cmpuint(zip_count(z), ==, 2);
    g_assert_null(zip_find(z, "c.txt"));
    g_assert_nonnull(zip_find(z, "DIR\\B.TXT"));
    g_assert_true(zip_starts(zip_entry_at(z, 1), "dir/"));
    g_assert_true(zip_ends(zip_entry_at(z, 1), ".TXT"));
    g_assert_false(zip_starts(zip_entry_at(z, 0), "dir/"));
    g_assert_cmpint(zip_read(z, zip_find(z, "dir/b.txt"), &out), ==, FILE_OK);
    g_assert_cmpuint(g_bytes_get_size(out), ==, strlen(TEXT TEXT));
    g_assert_cmpint(
        memcmp(g_bytes_get_data(out, NULL), TEXT TEXT, strlen(TEXT TEXT)), ==,
        0);
}

/* Bytes behind the end record, as some gateways add. */
static void
test_appended(void)
{
    g_autoptr(GByteArray) bytes = two_entries();

    g_byte_array_append(bytes, (const guint8 *)"\r\n--\r\n", 6);
    g_assert_cmpint(read_state(bytes, "a.txt", &draft_default_limits), ==,
                    FILE_OK);
}

/* Sizes behind the data (flag 3): the local header holds zeros. */
static void
test_streamed(void)
{
    g_autoptr(GByteArray) bytes = NULL;
    struct make_zip z;

    make_zip_init(&z);
    make_zip_add_flags(&z, "a.txt", TEXT, strlen(TEXT), 1 << 3);
    bytes = make_zip_end(&z);
    memset(bytes->data + 14, 0, 12);
    g_assert_cmpint(read_state(bytes, "a.txt", &draft_default_limits), ==,
                    FILE_OK);
}

/* Where the directory's records begin in two_entries(). */
static size_t
directory_place(const GByteArray *bytes)
{
    const guint8 *p = memmem(bytes->data, bytes->len, "PK\1\2", 4);

    g_assert_nonnull(p);
    return (size_t)(p - bytes->data);
}

/* One byte changed, counted from the start of the file, of the directory,
 * or of the end record: each makes the archive a liar. */
static void
test_lies(void)
{
    static const struct {
        const char *what;
        char from; /* 's'tart, 'd'irectory, 'e'nd */
        size_t at;
        guint8 flip;
    } lies[] = {
        {"local length", 's', 22, 1},
        {"local packed", 's', 18, 1},
        {"local CRC", 's', 14, 1},
        {"local method", 's', 8, 8},
        {"local name", 's', 30, 1},
        {"local signature", 's', 0, 1},
        {"directory length", 'd', 24, 1},
        {"directory packed", 'd', 20, 1},
        {"directory CRC", 'd', 16, 1},
        {"directory method", 'd', 10, 1},
        {"directory name", 'd', 46, 1},
        {"directory place", 'd', 42, 1},
        {"name's length", 'd', 28, 1},
        {"record signature", 'd', 0, 1},
        {"count", 'e', 8, 1},
        {"count in all", 'e', 10, 1},
        {"directory's size", 'e', 12, 1},
        {"directory's place", 'e', 16, 1},
        {"disk", 'e', 4, 1},
        {"place beyond", 'e', 19, 0x80},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
        g_autoptr(GByteArray) bytes = two_entries();
        size_t base = lies[i].from == 's'   ? 0
                      : lies[i].from == 'd' ? directory_place(bytes)
                                            : bytes->len - 22;

        bytes->data[base + lies[i].at] ^= lies[i].flip;
        g_test_message("%s", lies[i].what);
        g_assert_cmpint(open_state(bytes, &draft_default_limits), ==,
                        FILE_UNREADABLE);
    }
}

/* Both headers agree on a length, and the data does not. */
static void
test_claimed_shorter(void)
{
    for (int longer = 0; longer < 2; longer++) {
        g_autoptr(GByteArray) bytes = two_entries();
        size_t d = directory_place(bytes);
        guint8 delta = longer ? 1 : 0xFF;

        bytes->data[22] = (guint8)(bytes->data[22] + delta);
        bytes->data[d + 24] = (guint8)(bytes->data[d + 24] + delta);
        g_assert_cmpint(open_state(bytes, &draft_default_limits), ==, FILE_OK);
        g_assert_cmpint(read_state(bytes, "a.txt", &draft_default_limits), ==,
                        FILE_UNREADABLE);
        g_assert_cmpint(read_state(bytes, "dir/b.txt", &draft_default_limits),
                        ==, FILE_OK);
    }
}

/* Both headers agree on a CRC, and the data does not. */
static void
test_wrong_crc(void)
{
    g_autoptr(GByteArray) bytes = two_entries();

    bytes->data[14] ^= 1;
    bytes->data[directory_place(bytes) + 16] ^= 1;
    g_assert_cmpint(read_state(bytes, "a.txt", &draft_default_limits), ==,
                    FILE_UNREADABLE);
    g_assert_cmpint(read_state(bytes, "dir/b.txt", &draft_default_limits), ==,
                    FILE_OK);
}

/* Two records name the same bytes, or two entries the same name. */
static void
test_overlap(void)
{
    g_autoptr(GByteArray) shared = NULL, twice = NULL;
    g_autoptr(GByteArray) packed = make_zip_deflate(TEXT, strlen(TEXT));
    struct make_zip z;

    make_zip_init(&z);
    make_zip_add(&z, "a.txt", TEXT);
    make_zip_record(&z, "a.txt", 0, 8, (guint32)crc32(0, (Bytef *)TEXT, 64),
                    packed->len, (guint32)strlen(TEXT), 0);
    shared = make_zip_end(&z);
    g_assert_cmpint(open_state(shared, &draft_default_limits), ==,
                    FILE_UNREADABLE);

    make_zip_init(&z);
    make_zip_add(&z, "word/document.xml", TEXT);
    make_zip_add(&z, "WORD\\document.xml", TEXT);
    twice = make_zip_end(&z);
    g_assert_cmpint(open_state(twice, &draft_default_limits), ==,
                    FILE_UNREADABLE);
}

/* One stored entry, not deflated: its data lies in the file as it is. */
static void
add_stored(struct make_zip *z, const char *name, const GByteArray *data)
{
    guint32 crc = (guint32)crc32(0, data->data, data->len);

    put32(z->bytes, 0x04034b50);
    put16(z->bytes, 20);
    make_zip_fields(z->bytes, 0, 0, crc, data->len, data->len, strlen(name));
    g_byte_array_append(z->bytes, (const guint8 *)name, (guint)strlen(name));
    make_zip_record(z, name, 0, 0, crc, data->len, data->len, 0);
    g_byte_array_append(z->bytes, data->data, data->len);
}

/* An entry that lies whole within the data of another: each is honest by
 * itself, and a small file of such unfolds to a large one. */
static void
test_nested(void)
{
    const guint32 crc = (guint32)crc32(0, (Bytef *)TEXT, strlen(TEXT));
    g_autoptr(GByteArray) packed = make_zip_deflate(TEXT, strlen(TEXT));
    g_autoptr(GByteArray) bytes = NULL;
    struct make_zip inner, z;

    make_zip_init(&inner);
    make_zip_add(&inner, "b.txt", TEXT);
    make_zip_init(&z);
    add_stored(&z, "a.txt", inner.bytes);
    make_zip_record(&z, "b.txt", 0, 8, crc, packed->len, (guint32)strlen(TEXT),
                    z.bytes->len - inner.bytes->len);
    bytes = make_zip_end(&z);
    g_assert_cmpint(open_state(bytes, &draft_default_limits), ==,
                    FILE_UNREADABLE);
    g_byte_array_unref(inner.bytes);
    g_byte_array_unref(inner.directory);
}

static void
test_encrypted(void)
{
    g_autoptr(GByteArray) bytes = NULL;
    struct make_zip z;

    make_zip_init(&z);
    make_zip_add_flags(&z, "a.txt", TEXT, strlen(TEXT), 1);
    bytes = make_zip_end(&z);
    g_assert_cmpint(read_state(bytes, "a.txt", &draft_default_limits), ==,
                    FILE_ENCRYPTED);
}

/* Names in GBK, unflagged and wrongly flagged; 0x5C as a second byte. */
static void
test_names(void)
{
    static const char stem[] = "\xB8\xE5\xBC\xFE"; /* 稿件 */
    g_autoptr(GByteArray) bytes = NULL;
    g_autoptr(zip) z = NULL;
    g_autofree char *names = NULL;
    struct make_zip m;

    make_zip_init(&m);
    make_zip_add(&m, stem, TEXT);
    make_zip_add_flags(&m, "\xBB\xFA\xC3\xDC", TEXT, strlen(TEXT), 1 << 11);
    make_zip_add(&m, "\x95\x5C.doc", TEXT);
    make_zip_add(&m, "秘密★1年.doc", TEXT);
    bytes = make_zip_end(&m);
    g_assert_cmpint(
        zip_open(bytes->data, bytes->len, &draft_default_limits, &z), ==,
        FILE_OK);
    names = zip_names(z);
    g_assert_cmpstr(names, ==, "稿件\n机密\n昞.doc\n秘密★1年.doc\n");
}

/* Zip bombs: too many entries, too much from one, from all, too dense. */
static void
test_limits(void)
{
    struct draft_limits limits = draft_default_limits;
    g_autofree char *zeros = g_malloc0(8 * 1024 * 1024);
    g_autoptr(GByteArray) bytes = NULL;
    struct make_zip z;

    make_zip_init(&z);
    make_zip_add_flags(&z, "a", zeros, 8 * 1024 * 1024, 0);
    make_zip_add(&z, "b", TEXT);
    bytes = make_zip_end(&z);
    g_assert_cmpint(read_state(bytes, "b", &limits), ==, FILE_OK);
    g_assert_cmpint(read_state(bytes, "a", &limits), ==, FILE_OVER_LIMIT);
    limits.ratio = 100000;
    g_assert_cmpint(read_state(bytes, "a", &limits), ==, FILE_OK);
    limits.entry_bytes = 8 * 1024 * 1024 - 1;
    g_assert_cmpint(read_state(bytes, "a", &limits), ==, FILE_OVER_LIMIT);
    limits.entry_bytes = 8 * 1024 * 1024;
    limits.total_bytes = 8 * 1024 * 1024 - 1;
    g_assert_cmpint(read_state(bytes, "a", &limits), ==, FILE_OVER_LIMIT);
    limits.entries = 1;
    g_assert_cmpint(read_state(bytes, "b", &limits), ==, FILE_OVER_LIMIT);
}

/* An entry that is honest about being 10 GB is refused unseen; one that
 * says 1 kB and is not, as soon as it shows. */
static void
test_bomb(void)
{
    g_autofree char *zeros = g_malloc0(4 * 1024 * 1024);
    g_autoptr(GByteArray) bytes = NULL;
    struct make_zip z;
    gint64 start;
    size_t d;

    make_zip_init(&z);
    make_zip_add_flags(&z, "a", zeros, 4 * 1024 * 1024, 0);
    bytes = make_zip_end(&z);
    d = directory_place(bytes);
    start = cpu_time();
    for (guint32 size = 1024; size >= 1024; size = size == 1024 ? ~0u : 0) {
        for (int i = 0; i < 4; i++) {
            bytes->data[22 + i] = (guint8)(size >> (8 * i));
            bytes->data[d + 24 + (size_t)i] = (guint8)(size >> (8 * i));
        }
        g_assert_cmpint(read_state(bytes, "a", &draft_default_limits), ==,
                        size == 1024 ? FILE_UNREADABLE : FILE_OVER_LIMIT);
    }
    g_assert_cmpint(cpu_time() - start, <, G_USEC_PER_SEC);
}

/* Every byte wrong once: never a crash, never text that is not the
 * original's. */
static void
test_flips(void)
{
    g_autoptr(GByteArray) bytes = two_entries();

    for (guint i = 0; i < bytes->len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            g_autoptr(zip) z = NULL;

            bytes->data[i] ^= (guint8)(1 << bit);
            if (zip_open(bytes->data, bytes->len, &draft_default_limits, &z) ==
                FILE_OK) {
                for (size_t k = 0; k < zip_count(z); k++) {
                    g_autoptr(GBytes) out = NULL;

                    if (zip_read(z, zip_entry_at(z, k), &out) == FILE_OK)
                        g_assert_true(g_bytes_get_size(out) % strlen(TEXT) ==
                                      0);
                }
            }
            bytes->data[i] ^= (guint8)(1 << bit);
        }
    }
}

static void
test_cut(void)
{
    g_autoptr(GByteArray) bytes = two_entries();

    for (guint len = 0; len < bytes->len; len++) {
        g_autofree guint8 *copy = g_memdup2(bytes->data, len);
        GByteArray part = {copy, len};

        g_assert_cmpint(open_state(&part, &draft_default_limits), ==,
                        FILE_UNREADABLE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    charset_init();
    g_test_add_func("/zip/honest", test_honest);
    g_test_add_func("/zip/appended", test_appended);
    g_test_add_func("/zip/streamed", test_streamed);
    g_test_add_func("/zip/lies", test_lies);
    g_test_add_func("/zip/claimed-shorter", test_claimed_shorter);
    g_test_add_func("/zip/wrong-crc", test_wrong_crc);
    g_test_add_func("/zip/overlap", test_overlap);
    g_test_add_func("/zip/overlap-nested", test_nested);
    g_test_add_func("/zip/encrypted", test_encrypted);
    g_test_add_func("/zip/names", test_names);
    g_test_add_func("/zip/limits", test_limits);
    g_test_add_func("/zip/bomb", test_bomb);
    g_test_add_func("/zip/flips", test_flips);
    g_test_add_func("/zip/cut", test_cut);
    return g_test_run();
}
