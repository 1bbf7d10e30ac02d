/* utf7.c - see utf7.h. */
#include "mailbox/utf7.h"

#include <string.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static gboolean
is_plain(gunichar c)
{
    return c >= 0x20 && c <= 0x7E;
}

/* UTF-16 units, six bits at a time. */
static void
append_units(GString *out, const gunichar2 *units, glong n)
{
    guint32 bits = 0;
    int have = 0;

    g_string_append_c(out, '&');
    for (glong i = 0; i < n; i++) {
        bits = bits << 16 | units[i];
        have += 16;
        while (have >= 6) {
            have -= 6;
            g_string_append_c(out, alphabet[bits >> have & 63]);
        }
    }
    if (have > 0)
        g_string_append_c(out, alphabet[bits << (6 - have) & 63]);
    g_string_append_c(out, '-');
}

char *
utf7_encode(const char *utf8)
{
    GString *out = g_string_new(NULL);

    for (const char *p = utf8; *p;) {
        const char *start = p;

        if (*p == '&') {
            g_string_append(out, "&-");
            p++;
        } else if (is_plain(g_utf8_get_char(p))) {
            g_string_append_c(out, *p++);
        } else {
            g_autofree gunichar2 *units = NULL;
            glong n;

            while (*p && !is_plain(g_utf8_get_char(p)))
                p = g_utf8_next_char(p);
            units = g_utf8_to_utf16(start, p - start, NULL, &n, NULL);
            append_units(out, units, n);
        }
    }
    return g_string_free(out, FALSE);
}

/* Base64 up to the '-'; FALSE when left-over bits are set or a unit is
 * incomplete. */
static gboolean
read_units(const char *p, size_t len, GArray *units)
{
    guint32 bits = 0;
    int have = 0;

    for (size_t i = 0; i < len; i++) {
        const char *at = strchr(alphabet, p[i]);

        if (!at)
            return FALSE;
        bits = bits << 6 | (guint32)(at - alphabet);
        have += 6;
        if (have >= 16) {
            gunichar2 unit = (gunichar2)(bits >> (have - 16));

            have -= 16;
            g_array_append_val(units, unit);
        }
    }
    return have < 6 && (bits & ((1u << have) - 1)) == 0;
}

static gboolean
append_decoded(GString *out, const char *p, size_t len)
{
    g_autoptr(GArray) units = g_array_new(FALSE, FALSE, sizeof(gunichar2));
    g_autofree char *text = NULL;
    glong read = 0;

    if (!read_units(p, len, units) || units->len == 0)
        return FALSE;
    text = g_utf16_to_utf8((const gunichar2 *)(void *)units->data, units->len,
                           &read, NULL, NULL);
    if (!text || (guint)read != units->len || !g_utf8_validate(text, -1, NULL))
        return FALSE;
    for (const char *q = text; *q; q = g_utf8_next_char(q))
        if (is_plain(g_utf8_get_char(q)))
            return FALSE;
    g_string_append(out, text);
    return TRUE;
}

char *
utf7_decode(const char *name)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *shifted = NULL; /* where a run of base64 has just ended */

    for (const char *p = name; *p; p++) {
        const char *end;

        if ((guchar)*p < 0x20 || (guchar)*p > 0x7E)
            return NULL;
        if (*p != '&') {
            g_string_append_c(out, *p);
            continue;
        }
        end = strchr(++p, '-');
        if (!end)
            return NULL;
        if (end == p)
            g_string_append_c(out, '&');
        else if (p - 1 == shifted || /* RFC 3501: one run, not two */
                 !append_decoded(out, p, (size_t)(end - p)))
            return NULL;
        shifted = end == p ? NULL : end + 1;
        p = end;
    }
    return g_strdup(out->str);
}
