/* plain.c - see plain.h. */
#include "draft/plain.h"

#include "base/text.h"

#include <string.h>

enum { IDEOGRAPHS = 0x4E00 }; /* from here on nothing is a figure */

/* Full-width forms, and the ideographs that are in Unicode twice. */
static gunichar
half_width(gunichar c)
{
    gunichar single[2];

    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFEE0;
    if (c >= 0xF900 && c <= 0xFAFF &&
        g_unichar_fully_decompose(c, FALSE, single, 2) == 1)
        return single[0];
    return c;
}

/* The character that c is compared as, 0 when it does not count. */
static gunichar
folded(gunichar c)
{
    if (c >= IDEOGRAPHS && c <= 0x9FFF) /* nearly all */
        return c;
    c = half_width(c);
    if (c < 0x80)
        return g_ascii_isalnum((char)c) ? (gunichar)g_ascii_tolower((char)c)
                                        : 0;
    if (text_is_cjk(c))
        return c;
    return g_unichar_isalnum(c) ? g_unichar_tolower(c) : 0;
}

/* Nearly every character is an ideograph of three bytes: E4 B8 80 and on. */
static gunichar
next_character(const char **p)
{
    const guchar *s = (const guchar *)*p;
    gunichar c;

    if (s[0] >= 0xE3 && s[0] <= 0xE9) {
        *p += 3;
        return (gunichar)(s[0] & 0x0F) << 12 | (gunichar)(s[1] & 0x3F) << 6 |
               (s[2] & 0x3F);
    }
    c = g_utf8_get_char(*p);
    *p = g_utf8_next_char(*p);
    return c;
}

static void
add(struct plain *p, gunichar c, guint32 at)
{
    if (c >= '0' && c <= '9') {
        c = '0';
        if (p->len > 0 && p->text[p->len - 1] == '0')
            return;
    }
    p->text[p->len] = c;
    p->from[p->len++] = at;
}

void
plain_of(const char *text, struct plain *out)
{
    gsize most = strlen(text) + 1; /* characters, at the most */
    guint32 at = 0;

    out->text = g_new(gunichar, most);
    out->from = g_new(guint32, most);
    out->len = 0;
    for (const char *p = text; *p; at++) {
        gunichar c = folded(next_character(&p));

        if (c >= IDEOGRAPHS) {
            out->text[out->len] = c;
            out->from[out->len++] = at;
        } else if (c) {
            add(out, c, at);
        }
    }
}

void
plain_clear(struct plain *p)
{
    g_clear_pointer(&p->text, g_free);
    g_clear_pointer(&p->from, g_free);
    p->len = 0;
}

/* ---- hashing ---- */

#define BASE G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)

/* Every bit of the sum must change every bit of the hash: the shares that
 * are kept are chosen by its highest ones. */
static guint64
mix(guint64 x)
{
    x ^= x >> 32;
    x *= G_GUINT64_CONSTANT(0xD6E8FEB86659FD93);
    x ^= x >> 32;
    x *= G_GUINT64_CONSTANT(0xD6E8FEB86659FD93);
    return x ^ x >> 32;
}

guint64
plain_hash(const struct plain *p)
{
    guint64 sum = p->len;

    for (guint i = 0; i < p->len; i++)
        sum = sum * BASE + p->text[i] + 1;
    return mix(sum);
}

/* The sum of the first shingle, and what its first character counts in it
 * once it is to leave. */
static guint64
first_sum(const struct plain *p, guint width, guint64 *leaving_out)
{
    guint64 sum = 0, leaving = 1;

    for (guint i = 0; i < width; i++) {
        leaving *= BASE;
        sum = sum * BASE + p->text[i] + 1;
    }
    *leaving_out = leaving;
    return sum;
}

static guint64
next_sum(const struct plain *p, guint width, guint at, guint64 sum,
         guint64 leaving)
{
    return sum * BASE + p->text[at + width] + 1 - leaving * (p->text[at] + 1);
}

guint
plain_shingles(const struct plain *p, guint width, guint64 *out)
{
    guint n = p->len < width ? 0 : p->len - width + 1;
    guint64 leaving, sum;

    if (n == 0)
        return 0;
    sum = first_sum(p, width, &leaving);
    out[0] = mix(sum);
    for (guint i = 1; i < n; i++) {
        sum = next_sum(p, width, i - 1, sum, leaving);
        out[i] = mix(sum);
    }
    return n;
}

/* The high half of a sum depends on all of its characters. */
guint
plain_keys(const struct plain *p, guint width, guint32 *out)
{
    guint n = p->len < width ? 0 : p->len - width + 1;
    guint64 leaving, sum;

    if (n == 0)
        return 0;
    sum = first_sum(p, width, &leaving);
    out[0] = (guint32)(sum >> 32);
    for (guint i = 1; i < n; i++) {
        sum = next_sum(p, width, i - 1, sum, leaving);
        out[i] = (guint32)(sum >> 32);
    }
    return n;
}
