/* plain.c - see plain.h. */
#include "draft/plain.h"

#include "base/text.h"

#include <string.h>

enum { IDEOGRAPHS = 0x4E00 }; /* the common block, to 9FFF: nearly all */

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

/* The space and the punctuation between ideographs. */
static gboolean
is_ideographic_mark(gunichar c)
{
    return c >= 0x3000 && c <= 0x3020 && !(c >= 0x3005 && c <= 0x3007);
}

static gunichar
folded_ascii(gunichar c)
{
    return g_ascii_isalnum((char)c) ? (gunichar)g_ascii_tolower((char)c) : 0;
}

/* The character that c is compared as, 0 when it does not count. */
static gunichar
folded(gunichar c)
{
    if (c < 0x80)
        return folded_ascii(c);
    if (is_ideographic_mark(c))
        return 0;
    c = half_width(c);
    if (c < 0x80)
        return folded_ascii(c);
    if (text_is_cjk(c))
        return c;
    return g_unichar_isalnum(c) ? g_unichar_tolower(c) : 0;
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

/* The ideographs at the beginning of a text stand for themselves; where they
 * end. */
static const char *
take_ideographs(const char *text, struct plain *out, guint32 *at)
{
    const guchar *s = (const guchar *)text;
    gunichar *to = out->text + out->len;
    guint32 *from = out->from + out->len;
    guint32 n = 0;

    for (; s[0] >= 0xE4 && s[0] <= 0xE9; s += 3, n++) {
        gunichar c = text_three_bytes(s);

        if (c < IDEOGRAPHS)
            break;
        to[n] = c;
        from[n] = *at + n;
    }
    out->len += n;
    *at += n;
    return (const char *)s;
}

void
plain_of(const char *text, struct plain *out)
{
    gsize most = strlen(text) + 1; /* characters, at the most */
    guint32 at = 0;

    out->text = g_new(gunichar, most);
    out->from = g_new(guint32, most);
    out->len = 0;
    for (const char *p = text;; at++) {
        gunichar c;

        p = take_ideographs(p, out, &at);
        if (!*p)
            break;
        c = folded(text_take_char(&p));
        if (c)
            add(out, c, at);
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
