/* charset.c - see charset.h. */
#include "message/charset.h"
#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

struct encoding {
    const char *label;
    const char *iconv_name; /* NULL: decoded by our own code */
    unsigned unit;          /* bytes to skip where nothing fits */
    gboolean stateful;      /* a byte below 0x80 need not be ASCII */
    iconv_t cd;
};

enum {
    ENC_ASCII,
    ENC_UTF8,
    ENC_GB18030,
    ENC_HZ,
    ENC_LATIN1,
    ENC_UTF16,
    ENC_UTF16LE
};

/* The first seven are in the order of the enum above. */
static struct encoding encodings[] = {
    {"us-ascii", NULL, 1, FALSE, NULL},
    {"utf-8", NULL, 1, FALSE, NULL},
    {"gb18030", "GB18030", 1, FALSE, NULL},
    {"hz-gb-2312", NULL, 1, TRUE, NULL},
    {"iso-8859-1", "WINDOWS-1252", 1, FALSE, NULL},
    {"utf-16", "UTF-16BE", 2, TRUE, NULL},
    {"utf-16le", "UTF-16LE", 2, TRUE, NULL},
    {"utf-16be", "UTF-16BE", 2, TRUE, NULL},
    {"utf-32", "UTF-32", 4, TRUE, NULL},
    {"utf-32le", "UTF-32LE", 4, TRUE, NULL},
    {"utf-32be", "UTF-32BE", 4, TRUE, NULL},
    {"utf-7", "UTF-7", 1, TRUE, NULL},
    {"big5", "BIG5-HKSCS", 1, FALSE, NULL},
    {"shift_jis", "CP932", 1, FALSE, NULL},
    {"euc-jp", "EUC-JP-MS", 1, FALSE, NULL},
    {"euc-kr", "CP949", 1, FALSE, NULL},
    {"iso-2022-jp", "ISO-2022-JP-3", 1, TRUE, NULL},
    {"iso-2022-jp-2", "ISO-2022-JP-2", 1, TRUE, NULL},
    {"iso-2022-kr", "ISO-2022-KR", 1, TRUE, NULL},
    {"iso-2022-cn", "ISO-2022-CN-EXT", 1, TRUE, NULL},
    {"iso-8859-2", "ISO-8859-2", 1, FALSE, NULL},
    {"iso-8859-3", "ISO-8859-3", 1, FALSE, NULL},
    {"iso-8859-4", "ISO-8859-4", 1, FALSE, NULL},
    {"iso-8859-5", "ISO-8859-5", 1, FALSE, NULL},
    {"iso-8859-6", "ISO-8859-6", 1, FALSE, NULL},
    {"iso-8859-7", "ISO-8859-7", 1, FALSE, NULL},
    {"iso-8859-8", "ISO-8859-8", 1, FALSE, NULL},
    {"iso-8859-9", "WINDOWS-1254", 1, FALSE, NULL},
    {"iso-8859-10", "ISO-8859-10", 1, FALSE, NULL},
    {"iso-8859-13", "ISO-8859-13", 1, FALSE, NULL},
    {"iso-8859-14", "ISO-8859-14", 1, FALSE, NULL},
    {"iso-8859-15", "ISO-8859-15", 1, FALSE, NULL},
    {"iso-8859-16", "ISO-8859-16", 1, FALSE, NULL},
    {"windows-1250", "WINDOWS-1250", 1, FALSE, NULL},
    {"windows-1251", "WINDOWS-1251", 1, FALSE, NULL},
    {"windows-1253", "WINDOWS-1253", 1, FALSE, NULL},
    {"windows-1254", "WINDOWS-1254", 1, FALSE, NULL},
    {"windows-1255", "WINDOWS-1255", 1, FALSE, NULL},
    {"windows-1256", "WINDOWS-1256", 1, FALSE, NULL},
    {"windows-1257", "WINDOWS-1257", 1, FALSE, NULL},
    {"windows-1258", "WINDOWS-1258", 1, FALSE, NULL},
    {"windows-874", "CP874", 1, FALSE, NULL},
    {"koi8-r", "KOI8-R", 1, FALSE, NULL},
    {"koi8-u", "KOI8-U", 1, FALSE, NULL},
    {"macintosh", "MACINTOSH", 1, FALSE, NULL},
    {"ibm437", "IBM437", 1, FALSE, NULL},
    {"ibm850", "IBM850", 1, FALSE, NULL},
};

/* Other spellings, by normalise(): lower case, letters and digits only. */
static const struct {
    const char *alias, *label;
} aliases[] = {
    {"ascii", "us-ascii"},
    {"ansix341968", "us-ascii"},
    {"iso646us", "us-ascii"},
    {"usaskey", "us-ascii"},
    {"7bit", "us-ascii"},
    {"unicode11utf8", "utf-8"},
    {"utf8mb4", "utf-8"},
    {"65001", "utf-8"},
    {"cp65001", "utf-8"},
    {"gb2312", "gb18030"},
    {"gb231280", "gb18030"},
    {"xgb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"xgbk", "gb18030"},
    {"gb", "gb18030"},
    {"cngb", "gb18030"},
    {"cp936", "gb18030"},
    {"936", "gb18030"},
    {"ms936", "gb18030"},
    {"windows936", "gb18030"},
    {"134", "gb18030"}, /* GB2312_CHARSET of a Windows font */
    {"euccn", "gb18030"},
    {"xeuccn", "gb18030"},
    {"eucgb2312cn", "gb18030"},
    {"csgb2312", "gb18030"},
    {"csiso58gb231280", "gb18030"},
    {"isoir58", "gb18030"},
    {"chinese", "gb18030"},
    {"gb180302000", "gb18030"},
    {"gb180302022", "gb18030"},
    {"hz", "hz-gb-2312"},
    {"xhzgb2312", "hz-gb-2312"},
    {"latin1", "iso-8859-1"},
    {"l1", "iso-8859-1"},
    {"88591", "iso-8859-1"},
    {"iso88591", "iso-8859-1"},
    {"windows1252", "iso-8859-1"},
    {"cp1252", "iso-8859-1"},
    {"xansi", "iso-8859-1"},
    {"ansi", "iso-8859-1"},
    {"latin2", "iso-8859-2"},
    {"iso88598i", "iso-8859-8"},
    {"iso88598e", "iso-8859-8"},
    {"latin9", "iso-8859-15"},
    {"unicode", "utf-16"},
    {"ucs2", "utf-16"},
    {"iso10646ucs2", "utf-16"},
    {"ucs4", "utf-32"},
    {"unicode11utf7", "utf-7"},
    {"unicode20utf7", "utf-7"},
    {"xunicode20utf7", "utf-7"},
    {"big5hkscs", "big5"},
    {"cnbig5", "big5"},
    {"xxbig5", "big5"},
    {"xbig5", "big5"},
    {"cp950", "big5"},
    {"136", "big5"}, /* CHINESEBIG5_CHARSET of a Windows font */
    {"sjis", "shift_jis"},
    {"xsjis", "shift_jis"},
    {"mskanji", "shift_jis"},
    {"cp932", "shift_jis"},
    {"windows31j", "shift_jis"},
    {"xeucjp", "euc-jp"},
    {"ksc56011987", "euc-kr"},
    {"ksc5601", "euc-kr"},
    {"cp949", "euc-kr"},
    {"uhc", "euc-kr"},
    {"windows949", "euc-kr"},
    {"iso2022jp1", "iso-2022-jp-2"},
    {"iso2022jp3", "iso-2022-jp"},
    {"cp50220", "iso-2022-jp"},
    {"cp50221", "iso-2022-jp"},
    {"cp1250", "windows-1250"},
    {"cp1251", "windows-1251"},
    {"cp1253", "windows-1253"},
    {"cp1254", "windows-1254"},
    {"cp1255", "windows-1255"},
    {"cp1256", "windows-1256"},
    {"cp1257", "windows-1257"},
    {"cp1258", "windows-1258"},
    {"tis620", "windows-874"},
    {"iso885911", "windows-874"},
    {"koi8", "koi8-r"},
    {"mac", "macintosh"},
    {"cp437", "ibm437"},
    {"cp850", "ibm850"},
};

static GHashTable *labels; /* normalised label -> struct encoding */

/* "GB_2312-80" -> "gb231280"; a language behind '*' (RFC 2231) is cut. */
static char *
normalise(const char *label)
{
    GString *s = g_string_new(NULL);

    for (const char *p = label; *p && *p != '*'; p++)
        if (g_ascii_isalnum(*p))
            g_string_append_c(s, g_ascii_tolower(*p));
    return g_string_free(s, FALSE);
}

static struct encoding *
find(const char *label)
{
    g_autofree char *key = label ? normalise(label) : NULL;

    charset_init();
    return key ? g_hash_table_lookup(labels, key) : NULL;
}

void
charset_init(void)
{
    if (labels)
        return;
    labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(encodings); i++) {
        struct encoding *e = &encodings[i];

        if (e->iconv_name)
            e->cd = iconv_open("UTF-8", e->iconv_name);
        if (e->cd == (iconv_t)-1)
            g_error("iconv knows no %s: the C library's charset modules "
                    "are not installed",
                    e->iconv_name);
        g_hash_table_insert(labels, normalise(e->label), e);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(aliases); i++)
        g_hash_table_insert(labels, g_strdup(aliases[i].alias),
                            find(aliases[i].label));
}

gboolean
charset_known(const char *label)
{
    return find(label) != NULL;
}

gboolean
charset_equal(const char *a, const char *b)
{
    const struct encoding *e = find(a);

    return e ? e == find(b) : g_ascii_strcasecmp(a, b) == 0;
}

/* ---- conversion ---- */

/* Convert; units that fit nowhere are replaced.  Their number, or -1 and
 * nothing appended when there would be more than `max_bad`. */
static gssize
convert(struct encoding *e, GString *out, const char *in, size_t len,
        gssize max_bad)
{
    gsize start = out->len;
    char *from = (char *)in;
    gssize bad = 0;

    iconv(e->cd, NULL, NULL, NULL, NULL);
    while (len > 0) {
        char block[4096];
        char *to = block;
        size_t room = sizeof block;
        size_t rc = iconv(e->cd, &from, &len, &to, &room);
        int cause = errno;

        g_string_append_len(out, block, to - block);
        if (rc != (size_t)-1 || cause == E2BIG)
            continue;
        if (++bad > max_bad) {
            g_string_truncate(out, start);
            return -1;
        }
        g_string_append(out, REPLACEMENT);
        from += MIN(len, e->unit);
        len -= MIN(len, e->unit);
    }
    return bad;
}

static enum charset_result
convert_all(struct encoding *e, GString *out, const char *in, size_t len)
{
    return convert(e, out, in, len, G_MAXSSIZE) == 0 ? CHARSET_EXACT
                                                     : CHARSET_DAMAGED;
}

/* The first byte that is not UTF-8, or the end.  NUL is let through. */
static const char *
utf8_end(const char *in, const char *end)
{
    while (in < end && !g_utf8_validate_len(in, (gsize)(end - in), &in) &&
           in < end && *in == '\0')
        in++;
    return in;
}

static gboolean
is_utf8(const char *in, size_t len)
{
    return utf8_end(in, in + len) == in + len;
}

static void
append_utf8_damaged(GString *out, const char *in, size_t len)
{
    const char *end = in + len;

    while (in < end) {
        const char *bad = utf8_end(in, end);

        g_string_append_len(out, in, bad - in);
        if (bad < end)
            g_string_append(out, REPLACEMENT);
        in = bad + 1;
    }
}

/* HZ (RFC 1843): ~{ to GB 2312 without the high bits, ~} back, ~~ a tilde,
 * tilde and line feed nothing; a line end always ends GB. */
static enum charset_result
append_hz(GString *out, const char *in, size_t len)
{
    g_autoptr(GString) gb = g_string_sized_new(len);
    gboolean wide = FALSE;

    for (size_t i = 0; i < len; i++) {
        char next = i + 1 < len ? in[i + 1] : '\0';

        if (in[i] == '~' && (next == '{' || next == '}' || next == '\n')) {
            wide = next == '{';
            i++;
        } else if (in[i] == '~' && next == '~' && !wide) {
            g_string_append_c(gb, '~');
            i++;
        } else if (in[i] == '\n' || in[i] == '\r') {
            wide = FALSE;
            g_string_append_c(gb, in[i]);
        } else {
            g_string_append_c(gb, wide ? (char)(in[i] | 0x80) : in[i]);
        }
    }
    return convert_all(&encodings[ENC_GB18030], out, gb->str, gb->len);
}

static gboolean
is_ascii(const char *in, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((guchar)in[i] >= 0x80)
            return FALSE;
    return TRUE;
}

/* ---- what it is when the label does not say ---- */

static gboolean
is_chinese(gunichar c)
{
    return text_is_cjk(c) || (c >= 0x3000 && c <= 0x303F) ||
           (c >= 0xFF00 && c <= 0xFFEF);
}

gboolean
charset_is_chinese_utf8(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    unsigned chinese = 0;

    if (!is_utf8(bytes, len))
        return FALSE;
    for (const char *p = bytes; p < end && chinese < 2; p = g_utf8_next_char(p))
        chinese += is_chinese(g_utf8_get_char(p)) ? 1 : 0;
    return chinese >= 2;
}

/* GB 2312 from punctuation to the hanzi of everyday use, in whole pairs and
 * at least two of them: Western text in a single-byte charset never looks
 * like this. */
static gboolean
is_chinese_gb(const char *bytes, size_t len)
{
    const guchar *p = (const guchar *)bytes;
    size_t pairs = 0;

    for (size_t i = 0; i < len; i++) {
        if (p[i] < 0x80)
            continue;
        if (p[i] < 0xA1 || p[i] > 0xF7 || i + 1 >= len || p[i + 1] < 0xA1)
            return FALSE;
        if (p[i] >= 0xB0 && p[i] <= 0xD7)
            pairs++;
        i++;
    }
    return pairs >= 2;
}

static gboolean
is_utf16_bom(const char *in, size_t len)
{
    return len >= 2 && len % 2 == 0 &&
           (memcmp(in, "\xFF\xFE", 2) == 0 || memcmp(in, "\xFE\xFF", 2) == 0);
}

static enum charset_result
append_utf16(GString *out, struct encoding *e, const char *in, size_t len)
{
    if (!is_utf16_bom(in, len))
        return convert_all(e, out, in, len);
    if (in[0] == '\xFF')
        e = &encodings[ENC_UTF16LE];
    return convert_all(e, out, in + 2, len - 2);
}

/* UTF-8 that was cut or has a stray byte: many characters for each bad byte.
 * Such a text is often valid GB18030 by chance. */
static gboolean
is_mostly_utf8(const char *in, size_t len)
{
    const char *end = in + len;
    size_t wide = 0, bad = 0;

    while (in < end) {
        gunichar c = g_utf8_get_char_validated(in, end - in);

        if (c == (gunichar)-1 || c == (gunichar)-2) {
            bad++;
            in++;
        } else {
            wide += c >= 0x80 ? 1 : 0;
            in = g_utf8_next_char(in);
        }
    }
    return wide >= 4 && bad * 8 <= wide;
}

/* Is it GB18030 that somebody could have written: valid, and at least half
 * of it hanzi of everyday use or Chinese punctuation?  Western text in a
 * single-byte charset is often valid too, but not that. */
static gboolean
append_gb(GString *out, const char *in, size_t len)
{
    gsize start = out->len;
    size_t wide = 0, common = 0;

    if (convert(&encodings[ENC_GB18030], out, in, len, 0) != 0)
        return FALSE;
    for (const char *p = out->str + start; p < out->str + out->len;
         p = g_utf8_next_char(p))
        wide += (guchar)*p >= 0x80 ? 1 : 0;
    for (size_t i = 0; i + 1 < len; i++) {
        guchar lead = (guchar)in[i], trail = (guchar)in[i + 1];

        if (lead < 0x80)
            continue;
        common += trail >= 0xA1 && ((lead >= 0xA1 && lead <= 0xA3) ||
                                    (lead >= 0xB0 && lead <= 0xD7));
        i++;
    }
    if (common * 2 >= wide)
        return TRUE;
    g_string_truncate(out, start);
    return FALSE;
}

/* UTF-8 if valid, else GB18030 if valid, else what loses less. */
static enum charset_result
append_guess(GString *out, const char *in, size_t len)
{
    if (is_utf16_bom(in, len)) {
        append_utf16(out, &encodings[ENC_UTF16], in, len);
        return CHARSET_GUESSED;
    }
    if (is_utf8(in, len)) {
        g_string_append_len(out, in, (gssize)len);
        return CHARSET_GUESSED;
    }
    if (is_mostly_utf8(in, len)) {
        append_utf8_damaged(out, in, len);
        return CHARSET_DAMAGED;
    }
    if (append_gb(out, in, len))
        return CHARSET_GUESSED;
    append_utf8_damaged(out, in, len);
    return CHARSET_DAMAGED;
}

/* Do the bytes say plainly that the label is wrong? */
static gboolean
contradicts(const struct encoding *e, const char *in, size_t len)
{
    if (e->stateful || e == &encodings[ENC_UTF8])
        return FALSE;
    return charset_is_chinese_utf8(in, len) ||
           (e == &encodings[ENC_LATIN1] && is_chinese_gb(in, len));
}

static enum charset_result
append_labelled(GString *out, struct encoding *e, const char *in, size_t len)
{
    gsize start = out->len;
    enum charset_result guess;

    if (e->cd && convert(e, out, in, len, 0) == 0)
        return CHARSET_EXACT;
    guess = append_guess(out, in, len);
    if (guess != CHARSET_DAMAGED || !e->cd)
        return guess;
    g_string_truncate(out, start);
    return convert_all(e, out, in, len);
}

enum charset_result
charset_append(GString *out, const char *label, const void *bytes, size_t len)
{
    struct encoding *e = find(label);

    if (is_ascii(bytes, len) && !(e && e->stateful)) {
        g_string_append_len(out, bytes, (gssize)len);
        return CHARSET_EXACT;
    }
    if (!e || contradicts(e, bytes, len))
        return append_guess(out, bytes, len);
    if (e == &encodings[ENC_HZ])
        return append_hz(out, bytes, len);
    if (e == &encodings[ENC_UTF16])
        return append_utf16(out, e, bytes, len);
    if (e->stateful)
        return convert_all(e, out, bytes, len);
    if (e == &encodings[ENC_UTF8] && is_utf8(bytes, len)) {
        g_string_append_len(out, bytes, (gssize)len);
        return CHARSET_EXACT;
    }
    return append_labelled(out, e, bytes, len);
}
