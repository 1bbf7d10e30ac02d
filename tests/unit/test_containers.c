/* Files inside files: TNEF and S/MIME, whole and damaged. */
#include "message/mail.h"
#include "message/smime.h"
#include "message/tnef.h"

#include <string.h>

#define RTF "{\\rtf1\\ansi draft text}"

static struct reading *
read_file(const char *type, const guint8 *data, size_t len)
{
    g_autofree char *encoded = g_base64_encode(data, len);
    g_autofree char *mail = g_strdup_printf("From: a@b.cn\r\n"
                                            "Content-Type: %s\r\n"
                                            "Content-Transfer-Encoding: "
                                            "base64\r\n\r\n%s\r\n",
                                            type, encoded);

    return mail_read((const guint8 *)mail, strlen(mail), NULL);
}

static const struct reading_file *
file_at(const struct reading *r, guint i)
{
    g_assert_cmpuint(i, <, r->files->len);
    return g_ptr_array_index(r->files, i);
}

/* ---- TNEF ---- */

static void
put(GByteArray *a, guint32 value, guint bytes)
{
    for (guint i = 0; i < bytes; i++) {
        guint8 b = (guint8)(value >> (8 * i));

        g_byte_array_append(a, &b, 1);
    }
}

static void
put_attribute(GByteArray *a, guint32 id, const void *data, guint len)
{
    put(a, 2, 1);
    put(a, id, 4);
    put(a, len, 4);
    g_byte_array_append(a, data, len);
    put(a, 0, 2);
}

/* A winmail.dat with one RTF file: short name in GBK, long one in UTF-16. */
static GByteArray *
make_tnef(void)
{
    GByteArray *a = g_byte_array_new();
    g_autoptr(GByteArray) mapi = g_byte_array_new();
    static const guint8 name[] = "\x3F\x7A\xF6\x4E.\0d\0o\0c\0\0";
    static const guint8 codepage[8] = {0xA8, 0x03};

    put(mapi, 2, 4);
    put(mapi, 3, 2); /* a number first, to be skipped */
    put(mapi, 0x3705, 2);
    put(mapi, 1, 4);
    put(mapi, 31, 2);
    put(mapi, 0x3707, 2);
    put(mapi, 1, 4);
    put(mapi, 14, 4);
    g_byte_array_append(mapi, name, 14);
    put(mapi, 0, 2);
    put(a, 0x223E9F78, 4);
    put(a, 1, 2);
    put_attribute(a, 0x00069007, codepage, 8);
    put_attribute(a, 0x00069002, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
    put_attribute(a, 0x00018010, "\xB8\xE5\xBC\xFE~1.DOC", 11);
    put_attribute(a, 0x0006800F, RTF, 23);
    put_attribute(a, 0x00069005, mapi->data, mapi->len);
    return a;
}

/* E16 */
static void
test_tnef(void)
{
    g_autoptr(GByteArray) tnef = make_tnef();
    g_autoptr(reading) r = read_file("application/ms-tnef; name=winmail.dat",
                                     tnef->data, tnef->len);

    g_assert_cmpuint(r->files->len, ==, 2);
    g_assert_cmpint(file_at(r, 0)->kind, ==, FILE_TNEF);
    g_assert_cmpstr(file_at(r, 1)->name, ==, "稿件.doc");
    g_assert_cmpint(file_at(r, 1)->kind, ==, FILE_RTF);
    g_assert_true(file_at(r, 1)->nested);
    g_assert_false(r->flags & READING_FORWARDED);
}

/* Cut at every byte, and every byte changed. */
static void
test_tnef_damaged(void)
{
    g_autoptr(GByteArray) tnef = make_tnef();
    gboolean damaged;

    for (guint i = 0; i < tnef->len; i++) {
        g_autofree guint8 *copy = g_memdup2(tnef->data, i ? i : 1);
        g_autoptr(GArray) cut = tnef_read(copy, i, 100, &damaged);

        g_assert_cmpuint(cut->len, <=, 1);
    }
    g_assert_true(damaged); /* its last byte alone is missing */
    for (guint i = 0; i < tnef->len * 3; i++) {
        g_autofree guint8 *copy = g_memdup2(tnef->data, tnef->len);
        g_autoptr(GArray) files = NULL;

        copy[i / 3] = (guint8)(i % 3 == 0 ? 0xFF : i % 3 == 1 ? 0 : 0x7F);
        files = tnef_read(copy, tnef->len, 100, &damaged);
        g_assert_cmpuint(files->len, <=, 2);
    }
}

/* ---- S/MIME ---- */

#define OID(x) "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07" x
#define SIGNED OID("\x02")
#define DATA OID("\x01")
#define VERSION_AND_DIGESTS "\x02\x01\x01\x31\x00"
#define ENTITY "Content-Type: text/plain\r\n\r\nsigned text\r\n"

/* tag, length in two octets, content */
static GByteArray *
wrap(guint8 tag, GByteArray *content)
{
    GByteArray *a = g_byte_array_new();
    guint8 head[4] = {tag, 0x82, (guint8)(content->len >> 8),
                      (guint8)content->len};

    g_byte_array_append(a, head, sizeof head);
    g_byte_array_append(a, content->data, content->len);
    g_byte_array_unref(content);
    return a;
}

static GByteArray *
prefix(const char *bytes, size_t len, GByteArray *content)
{
    GByteArray *a = g_byte_array_new();

    g_byte_array_append(a, (const guint8 *)bytes, (guint)len);
    g_byte_array_append(a, content->data, content->len);
    g_byte_array_unref(content);
    return a;
}

#define WITH(bytes, content) prefix(bytes, sizeof bytes - 1, content)

/* Definite lengths, as DER. */
static GByteArray *
make_signed(void)
{
    GByteArray *a = WITH(ENTITY, g_byte_array_new());

    a = wrap(0x30, WITH(DATA, wrap(0xA0, wrap(0x04, a))));
    a = wrap(0xA0, wrap(0x30, WITH(VERSION_AND_DIGESTS, a)));
    return wrap(0x30, WITH(SIGNED, a));
}

/* Indefinite lengths and a string in two pieces, as streaming signers
 * write. */
static const char streamed[] =
    "\x30\x80" SIGNED "\xA0\x80\x30\x80" VERSION_AND_DIGESTS "\x30\x80" DATA
    "\xA0\x80\x24\x80"
    "\x04\x1A"
    "Content-Type: text/plain\r\n"
    "\x04\x0D"
    "\r\nsigned text"
    "\0\0\0\0\0\0"
    "\x31\x00"
    "\0\0\0\0\0\0";

static void
check_signed(const guint8 *data, size_t len)
{
    g_autoptr(reading) r = read_file(
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", data,
        len);

    g_assert_cmpuint(r->flags, ==, 0);
    g_assert_nonnull(r->body);
    g_assert_cmpstr(g_strchomp(r->body), ==, "signed text");
    g_assert_cmpuint(r->files->len, ==, 1);
    g_assert_false(file_at(r, 0)->nested);
}

static void
test_signed(void)
{
    g_autoptr(GByteArray) der = make_signed();

    check_signed(der->data, der->len);
    check_signed((const guint8 *)streamed, sizeof streamed - 1);
}

static void
test_enveloped(void)
{
    static const guint8 enveloped[] = "\x30\x0B" OID("\x03");
    g_autoptr(reading) r =
        read_file("application/pkcs7-mime", enveloped, sizeof enveloped - 1);

    g_assert_cmpuint(r->flags, ==, READING_ENCRYPTED);
}

static void
open_copy(const guint8 *data, size_t len)
{
    g_autofree guint8 *copy = g_memdup2(data, len ? len : 1);
    GByteArray *content = NULL;

    if (smime_open(copy, len, &content) == SMIME_SIGNED)
        g_byte_array_unref(content);
    else
        g_assert_null(content);
}

/* Cut at every byte, and every byte changed: never more than its bytes. */
static void
test_smime_damaged(void)
{
    static const guint8 values[] = {0x00, 0x24, 0x30, 0x7F, 0x80, 0x84, 0xFF};
    g_autoptr(GByteArray) a = make_signed();

    g_byte_array_append(a, (const guint8 *)streamed, sizeof streamed - 1);
    for (guint i = 0; i < a->len; i++) {
        guint8 was = a->data[i];

        open_copy(a->data, i);
        open_copy(a->data + i, a->len - i);
        for (size_t k = 0; k < sizeof values; k++) {
            a->data[i] = values[k];
            open_copy(a->data, a->len);
        }
        a->data[i] = was;
    }
}

/* A string in pieces in pieces ... ends at the limit of depth. */
static void
test_smime_deep(void)
{
    g_autoptr(GByteArray) a =
        WITH("\x30\x80" SIGNED "\xA0\x80\x30\x80" VERSION_AND_DIGESTS
             "\x30\x80" DATA "\xA0\x80",
             g_byte_array_new());
    GByteArray *content = NULL;

    for (int i = 0; i < 100000; i++)
        g_byte_array_append(a, (const guint8 *)"\x24\x80", 2);
    g_assert_cmpint(smime_open(a->data, a->len, &content), ==, SMIME_NONE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_init();
    g_test_add_func("/tnef/whole-E16", test_tnef);
    g_test_add_func("/tnef/damaged-E16", test_tnef_damaged);
    g_test_add_func("/smime/signed", test_signed);
    g_test_add_func("/smime/enveloped", test_enveloped);
    g_test_add_func("/smime/damaged", test_smime_damaged);
    g_test_add_func("/smime/deep", test_smime_deep);
    return g_test_run();
}
