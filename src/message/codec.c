/* codec.c - see codec.h. */
#include "message/codec.h"

#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { B64_SKIP = 64, B64_PAD = 65, B64_SPACE = 66 };

/* The alphabet of RFC 4648 4, and of 5 ('-' and '_') beside it. */
static guint8 base64_value[256];

/* The same for each of four characters at its place among 24 bits, so that
 * four look-ups make three bytes; B64_NONE: not of the alphabet. */
enum { B64_NONE = 1 << 24 };
static guint32 base64_placed[4][256];

/* ---- 32 characters at once, where the processor can ---- */

#ifdef __x86_64__

/* By the halves h and l of a character: of_h[h] & of_l[l] is 0 when it is of
 * the alphabet; then it stands for itself + offset[h], but for mark[l] where
 * h is 2.  '_' is left to those who take fewer at once. */
static struct {
    guint8 of_h[16], of_l[16], offset[16], mark[16];
} halves;
static gboolean has_avx2;

static void
build_halves(void)
{
    enum { FIRST = 2, LAST = 7, OTHER = 1 << 7 };

    for (unsigned c = 0; c < 256; c++) {
        unsigned h = c >> 4, l = c & 15, v = base64_value[c];
        unsigned bit = h >= FIRST && h <= LAST ? 1U << (h - FIRST) : OTHER;

        halves.of_h[h] = (guint8)bit;
        if (v >= 64 || c == '_')
            halves.of_l[l] |= (guint8)bit;
        else if (h == FIRST)
            halves.mark[l] = (guint8)v;
        else
            halves.offset[h] = (guint8)(v - c);
    }
    has_avx2 = __builtin_cpu_supports("avx2") != 0;
}

#define AVX2 __attribute__((target("avx2")))

/* The entry of a table for each of 32 halves. */
AVX2 static __m256i
look_up(const guint8 *table, __m256i halves_of_all)
{
    __m128i t = _mm_loadu_si128((const __m128i *)table);

    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(t), halves_of_all);
}

/* Six bits for each of 32 characters, joined to twelve, to 24, and those in
 * the order of bytes.  Twelve bytes and twelve are written, and four more. */
AVX2 static void
put_24(guint8 *to, __m256i values)
{
    const __m256i order = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    __m256i twelve = _mm256_maddubs_epi16(values, _mm256_set1_epi16(0x0140));
    __m256i bytes = _mm256_madd_epi16(twelve, _mm256_set1_epi32(0x00011000));

    bytes = _mm256_shuffle_epi8(bytes, order);
    _mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(bytes));
    _mm_storeu_si128((__m128i *)(to + 12), _mm256_extracti128_si256(bytes, 1));
}

/* A bit for each of the 32 that is not of the alphabet. */
AVX2 static guint32
wrong_ones(__m256i h, __m256i l)
{
    __m256i wrong =
        _mm256_and_si256(look_up(halves.of_h, h), look_up(halves.of_l, l));
    __m256i good = _mm256_cmpeq_epi8(wrong, _mm256_setzero_si256());

    return ~(guint32)_mm256_movemask_epi8(good);
}

/* 32 at a time, as long as all are of the alphabet, and the twelve that are
 * left of a line of 76.  `to` has room for what 32 make, and for four bytes
 * more.  How far to go must not be reckoned from what is wrong: the next line
 * would wait for that. */
AVX2 static const guchar *
whole_32(const guchar *p, const guchar *end, guint8 **to)
{
    const __m256i four_bits = _mm256_set1_epi8(15), two = _mm256_set1_epi8(2);
    guint8 *out = *to;
    guint32 wrong = 0;

    while (wrong == 0 && end - p >= 32) {
        __m256i c = _mm256_loadu_si256((const __m256i *)p);
        __m256i l = _mm256_and_si256(c, four_bits);
        __m256i h = _mm256_and_si256(_mm256_srli_epi16(c, 4), four_bits);

        put_24(out, _mm256_blendv_epi8(
                        _mm256_add_epi8(c, look_up(halves.offset, h)),
                        look_up(halves.mark, l), _mm256_cmpeq_epi8(h, two)));
        wrong = wrong_ones(h, l);
        if (wrong == 0) {
            p += 32;
            out += 24;
        } else if ((wrong & 0xFFF) == 0) {
            p += 12;
            out += 9;
        }
    }
    *to = out;
    return p;
}

static const guchar *
many_at_once(const guchar *p, const guchar *end, guint8 **to)
{
    return has_avx2 ? whole_32(p, end, to) : p;
}

#else

static void
build_halves(void)
{
}

static const guchar *
many_at_once(const guchar *p, const guchar *end, guint8 **to)
{
    (void)end, (void)to;
    return p;
}

#endif

/* ---- base64 ---- */

static void
build_table(void)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789+/";

    if (base64_value['B'])
        return;
    memset(base64_value, B64_SKIP, sizeof base64_value);
    for (guint8 i = 0; i < 64; i++)
        base64_value[(guchar)alphabet[i]] = i;
    base64_value['-'] = 62;
    base64_value['_'] = 63;
    base64_value['='] = B64_PAD;
    for (const char *p = " \t\r\n"; *p; p++)
        base64_value[(guchar)*p] = B64_SPACE;
    for (unsigned c = 0; c < 256; c++)
        for (unsigned place = 0; place < 4; place++)
            base64_placed[place][c] = base64_value[c] < 64
                                          ? (guint32)base64_value[c]
                                                << (18 - 6 * place)
                                          : B64_NONE;
    build_halves();
}

/* The bytes that n (0..3) left-over characters stand for. */
static guint8 *
put_rest(guint8 *to, guint32 bits, unsigned n)
{
    if (n >= 2)
        *to++ = (guint8)(n == 2 ? bits >> 4 : bits >> 10);
    if (n == 3)
        *to++ = (guint8)(bits >> 2);
    return to;
}

/* Does something that is not base64 stand in the text?  A mailing list's
 * footer, for one: after a padding nothing of it must be decoded. */
gboolean
codec_is_base64(const char *text, size_t len)
{
    build_table();
    for (size_t i = 0; i < len; i++)
        if (base64_value[(guchar)text[i]] == B64_SKIP)
            return FALSE;
    return TRUE;
}

/* Four characters at a time, as long as all four are of the alphabet: that
 * is all but the ends of lines. */
static const guchar *
whole_groups(const guchar *p, const guchar *end, guint8 **to)
{
    guint8 *out = *to;

    for (; end - p >= 4; p += 4, out += 3) {
        guint32 bits = base64_placed[0][p[0]] | base64_placed[1][p[1]] |
                       base64_placed[2][p[2]] | base64_placed[3][p[3]];

        if (bits & B64_NONE)
            break;
        out[0] = (guint8)(bits >> 16);
        out[1] = (guint8)(bits >> 8);
        out[2] = (guint8)bits;
    }
    *to = out;
    return p;
}

gboolean
codec_base64(GByteArray *out, const char *text, size_t len)
{
    const guchar *p = (const guchar *)text, *end = p + len;
    guint start = out->len;
    guint32 bits = 0;
    unsigned n = 0;
    gboolean whole = TRUE, checked = FALSE;
    guint8 *to;

    build_table();
    g_byte_array_set_size(out, start + (guint)(len / 4 * 3 + 4));
    to = out->data + start;
    for (; p < end; p++) {
        guint8 v;

        if (n == 0)
            p = whole_groups(many_at_once(p, end, &to), end, &to);
        if (p == end)
            break;
        v = base64_value[*p];
        if (v < 64) {
            bits = bits << 6 | v;
            if (++n < 4)
                continue;
            *to++ = (guint8)(bits >> 16);
            *to++ = (guint8)(bits >> 8);
            *to++ = (guint8)bits;
            n = 0;
        } else if (v == B64_SPACE) {
            while (p + 1 < end && base64_value[p[1]] == B64_SPACE)
                p++;
        } else if (v == B64_PAD && n > 0) {
            whole &= n >= 2;
            to = put_rest(to, bits, n);
            n = 0;
            while (p + 1 < end && base64_value[p[1]] >= B64_PAD)
                p++;
            if (!checked &&
                !codec_is_base64((const char *)p, (size_t)(end - p)))
                break;
            checked = TRUE;
        }
    }
    to = put_rest(to, bits, n);
    g_byte_array_set_size(out, (guint)(to - out->data));
    return whole && n == 0;
}

/* The byte behind "=" or "%", or -1. */
static int
hex_byte(const char *p, const char *end)
{
    if (end - p < 3 || !g_ascii_isxdigit(p[1]) || !g_ascii_isxdigit(p[2]))
        return -1;
    return g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2]);
}

static void
append(GByteArray *out, char c)
{
    g_byte_array_append(out, (const guint8 *)&c, 1);
}

static void
decode_hex(GByteArray *out, const char *text, size_t len, char mark,
           gboolean underscore)
{
    const char *end = text + len;
    guint start = out->len;
    guint8 *to;

    if (len == 0)
        return; /* an empty array has no place to add 0 to */
    g_byte_array_set_size(out, start + (guint)len);
    to = out->data + start;
    for (const char *p = text; p < end; p++) {
        int byte = *p == mark ? hex_byte(p, end) : -1;

        if (byte >= 0)
            p += 2;
        else
            byte = underscore && *p == '_' ? ' ' : *p;
        *to++ = (guint8)byte;
    }
    g_byte_array_set_size(out, (guint)(to - out->data));
}

void
codec_q(GByteArray *out, const char *text, size_t len)
{
    decode_hex(out, text, len, '=', TRUE);
}

void
codec_percent(GByteArray *out, const char *text, size_t len)
{
    decode_hex(out, text, len, '%', FALSE);
}

/* Where the visible part of a line ends, without its white space. */
static const char *
trim_end(const char *line, const char *end)
{
    while (end > line && strchr(" \t\r", end[-1]) && end[-1])
        end--;
    return end;
}

void
codec_quoted_printable(GByteArray *out, const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end) {
        const char *lf = memchr(text, '\n', (size_t)(end - text));
        const char *stop = trim_end(text, lf ? lf : end);
        gboolean soft = stop > text && stop[-1] == '=';

        decode_hex(out, text, (size_t)(stop - text - (soft ? 1 : 0)), '=',
                   FALSE);
        if (!lf)
            return;
        if (!soft && lf > text && lf[-1] == '\r')
            append(out, '\r');
        if (!soft)
            append(out, '\n');
        text = lf + 1;
    }
}

/* One line: its length in the first character, then four for three. */
static void
uu_line(GByteArray *out, const char *p, const char *end)
{
    unsigned n = ((guchar)*p++ - 32) & 63;

    while (n > 0) {
        guint32 bits = 0;

        for (int i = 0; i < 4; i++)
            bits =
                bits << 6 | (p < end ? ((guint32)(guchar)*p++ - 32) & 63 : 0);
        for (int i = 0; i < 3 && n > 0; i++, n--)
            append(out, (char)(bits >> (16 - 8 * i)));
    }
}

gboolean
codec_uu(GByteArray *out, const char *text, size_t len)
{
    const char *end = text + len;
    gboolean inside = FALSE;

    while (text < end) {
        const char *lf = memchr(text, '\n', (size_t)(end - text));
        const char *stop = trim_end(text, lf ? lf : end);
        size_t n = (size_t)(stop - text);

        if (inside && n == 3 && memcmp(text, "end", 3) == 0)
            return TRUE;
        if (inside && n > 0)
            uu_line(out, text, stop);
        else if (n > 6 && memcmp(text, "begin ", 6) == 0)
            inside = TRUE;
        text = lf ? lf + 1 : end;
    }
    return FALSE;
}
