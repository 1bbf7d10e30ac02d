/* text.c - see text.h. */
#include "base/text.h"

#include <string.h>

enum { ZERO_WIDTH_JOINER = 0x200D };

gboolean
text_is_cjk(gunichar c)
{
    return (c >= 0x2E80 && c <= 0x2FDF) || (c >= 0x3005 && c <= 0x3007) ||
           (c >= 0x3021 && c <= 0x3029) || (c >= 0x3040 && c <= 0x312F) ||
           (c >= 0x3130 && c <= 0x318F) || (c >= 0x31A0 && c <= 0x31BF) ||
           (c >= 0x31F0 && c <= 0x31FF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

gboolean
text_is_invisible(gunichar c)
{
    return g_unichar_type(c) == G_UNICODE_FORMAT || c == 0x115F ||
           c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x034F ||
           (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static gboolean
is_selector(gunichar c)
{
    return c >= 0xFE00 && c <= 0xFE0F;
}

gboolean
text_hides_something(const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (text_is_invisible(c) && !is_selector(c))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_control(gunichar c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

static gboolean
is_noncharacter(gunichar c)
{
    return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

/* ---- what needs no second look ---- */

/* Most text is ASCII and ideographs, and is taken in long runs: a character
 * at a time everything below took a fifth of the time of reading a mail. */

static gboolean
is_tail(char c)
{
    return ((guchar)c & 0xC0) == 0x80;
}

/* Three bytes of which no sequence is malformed, a surrogate, a control or a
 * noncharacter: U+1000 to U+CFFF, and U+F000 to U+FFBF but for U+FDC0 to
 * U+FDFF. */
static gboolean
is_plain_triple(const char *p, const char *end)
{
    guchar lead = (guchar)p[0];

    if (end - p < 3 || !is_tail(p[1]) || !is_tail(p[2]))
        return FALSE;
    return (lead >= 0xE1 && lead <= 0xEC) ||
           (lead == 0xEF && (guchar)p[1] != 0xB7 && (guchar)p[1] != 0xBF);
}

static gboolean
is_plain_ascii(char c)
{
    return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t';
}

/* Behind such triples, U+1000 to U+CFFF, each by one look at four bytes. */
static const char *
triples_run(const char *p, const char *end)
{
    for (; end - p >= 4; p += 3) {
        guint32 four;

        memcpy(&four, p, sizeof four);
        four = GUINT32_FROM_LE(four);
        if ((four & 0xC0C000) != 0x808000 || (four & 0xFF) < 0xE1 ||
            (four & 0xFF) > 0xEC)
            break;
    }
    return p;
}

/* The end of what text_clean() leaves as it is. */
static const char *
clean_run(const char *p, const char *end)
{
    for (;;) {
        p = triples_run(p, end);
        if (p < end && is_plain_ascii(*p))
            do
                p++;
            while (p < end && is_plain_ascii(*p));
        else if (p < end && is_plain_triple(p, end))
            p += 3;
        else
            return p;
    }
}

/* U+4000 to U+9FFF, the ideographs of the common block and a few besides:
 * visible, no space, its own NFKC. */
static gboolean
is_ideograph(const char *p)
{
    return (guchar)*p >= 0xE4 && (guchar)*p <= 0xE9;
}

/* Visible, whatever stands beside it: ideographs, kana, and the punctuation
 * between them (dashes, quotes and dots of U+2010 to U+2027, U+3001 to U+30FF,
 * U+FF00 to U+FF7F). */
static gboolean
is_visible_triple(const char *p, const char *end)
{
    guchar second;

    if (!is_plain_triple(p, end))
        return FALSE;
    second = (guchar)p[1];
    switch ((guchar)p[0]) {
    case 0xE2:
        return second == 0x80 && (guchar)p[2] >= 0x90 && (guchar)p[2] <= 0xA7;
    case 0xE3:
        return second == 0x80 ? (guchar)p[2] != 0x80
                              : second >= 0x81 && second <= 0x83;
    case 0xEF:
        return second == 0xBC || second == 0xBD;
    default:
        return is_ideograph(p);
    }
}

gboolean
text_is_line(const char *p)
{
    const char *end = p + strlen(p);
    gboolean gap = p < end; /* a space here would be one too many */

    while (p < end) {
        if (*p == ' ' && gap)
            return FALSE;
        gap = *p == ' ';
        if (*p >= 0x20 && *p < 0x7F)
            p++;
        else if (is_visible_triple(p, end))
            p += 3;
        else
            return FALSE;
    }
    return !gap;
}

/* The end of what text_line() leaves as it is, of clean text. */
static const char *
visible_run(const char *p)
{
    for (;;) {
        if (*p > 0x20 && *p < 0x7F)
            p++;
        else if (is_ideograph(p))
            p += 3;
        else
            return p;
    }
}

static void
append_clean(GString *out, gunichar c)
{
    if (c == '\n' || c == '\t')
        g_string_append_c(out, (char)c);
    else if (is_noncharacter(c))
        g_string_append(out, "\xEF\xBF\xBD");
    else if (!is_control(c))
        g_string_append_unichar(out, c);
}

gboolean
text_is_clean(const char *text)
{
    const char *end = text + strlen(text);

    for (const char *p = clean_run(text, end); p < end;
         p = clean_run(g_utf8_next_char(p), end)) {
        gunichar c = g_utf8_get_char(p);

        if (is_control(c) || is_noncharacter(c))
            return FALSE;
    }
    return TRUE;
}

char *
text_clean(const char *bytes, size_t len)
{
    GString *out = g_string_sized_new(len + 1);
    const char *p = bytes, *end = bytes + len;

    while (p < end) {
        const char *run = clean_run(p, end);
        gunichar c;

        g_string_append_len(out, p, run - p);
        p = run;
        if (p == end)
            break;
        c = g_utf8_get_char_validated(p, end - p);
        if (*p == '\0' || c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append(out, "\xEF\xBF\xBD");
            p++;
        } else if (*p == '\r') {
            g_string_append_c(out, '\n');
            p += p + 1 < end && p[1] == '\n' ? 2 : 1;
        } else {
            append_clean(out, c);
            p = g_utf8_next_char(p);
        }
    }
    return g_string_free(out, FALSE);
}

gunichar
text_of_reference(gunichar c)
{
    static const guint16 shown[32] = {
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
        0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

    return c >= 0x80 && c < 0xA0 ? shown[c - 0x80] : c;
}

char *
text_line(const char *text)
{
    size_t len = strlen(text);
    g_autofree char *clean = NULL;
    GString *out;
    gboolean gap = FALSE;

    if (text_is_line(text))
        return g_strndup(text, len);
    clean = text_clean(text, len);
    out = g_string_sized_new(strlen(clean) + 1);

    for (const char *p = clean; *p; p = g_utf8_next_char(p)) {
        const char *run = visible_run(p);
        gunichar c;

        if (run > p) {
            if (gap)
                g_string_append_c(out, ' ');
            gap = FALSE;
            g_string_append_len(out, p, run - p);
            p = run;
        }
        if (!*p)
            break;
        c = g_utf8_get_char(p);
        if (text_is_invisible(c))
            continue;
        if (g_unichar_isspace(c)) {
            gap = out->len > 0;
            continue;
        }
        if (gap)
            g_string_append_c(out, ' ');
        gap = FALSE;
        g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

char *
text_visible(const char *text)
{
    g_autofree char *clean = text_clean(text, strlen(text));
    GString *out;
    char code[16];

    if (!text_hides_something(clean))
        return g_steal_pointer(&clean);
    out = g_string_new(NULL);
    for (const char *p = clean; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (!text_is_invisible(c) || is_selector(c) || c == ZERO_WIDTH_JOINER) {
            g_string_append_unichar(out, c);
            continue;
        }
        g_snprintf(code, sizeof code, "<U+%04X>", (unsigned)c);
        g_string_append(out, code);
    }
    return g_string_free(out, FALSE);
}

/* Is a line its own NFKC for certain? */
static gboolean
is_normal(const char *line)
{
    for (; *line; line++) {
        line = visible_run(line);
        if (*line != ' ')
            return *line == '\0';
    }
    return TRUE;
}

char *
text_nfkc(const char *text, gssize len)
{
    char *nfkc = g_utf8_normalize(text, len, G_NORMALIZE_ALL_COMPOSE);

    if (!nfkc)
        g_error("no memory to normalize a text");
    return nfkc;
}

char *
text_from_runes(const gunichar *runes, glong n)
{
    char *text = g_ucs4_to_utf8(runes, n, NULL, NULL, NULL);

    if (!text)
        g_error("no memory for a text of %ld characters", n);
    return text;
}

/* NFKC makes spaces of some marks. */
static char *
normal_line(const char *line)
{
    g_autofree char *nfkc = text_nfkc(line, -1);

    return text_line(nfkc);
}

char *
text_fold(const char *text)
{
    g_autofree char *line = text_line(text);
    char *again = is_normal(line) ? g_steal_pointer(&line) : normal_line(line);

    for (char *p = again; *p; p++)
        *p = g_ascii_tolower(*p);
    return again;
}

char *
text_cut(const char *text, size_t chars)
{
    g_autofree char *head = NULL;
    const char *p = text;

    for (size_t i = 0; i < chars; i++) {
        if (!*p)
            return g_strdup(text);
        p = g_utf8_next_char(p);
    }
    if (!*p || chars == 0)
        return g_strndup(text, (gsize)(p - text));
    p = g_utf8_prev_char(p);
    head = g_strndup(text, (gsize)(p - text));
    return g_strconcat(head, "…", NULL);
}

static gboolean
is_device(const char *name)
{
    static const char *const devices[] = {"CON", "PRN", "AUX", "NUL"};
    size_t stem = strcspn(name, ".");

    while (stem > 0 && name[stem - 1] == ' ')
        stem--; /* "CON .doc" is the device too */
    for (size_t i = 0; i < G_N_ELEMENTS(devices); i++)
        if (stem == 3 && g_ascii_strncasecmp(name, devices[i], 3) == 0)
            return TRUE;
    return stem == 4 && g_ascii_isdigit(name[3]) &&
           (g_ascii_strncasecmp(name, "COM", 3) == 0 ||
            g_ascii_strncasecmp(name, "LPT", 3) == 0);
}

/* Cut the stem so that stem and extension fit into `bytes`. */
static void
fit(GString *s, size_t bytes)
{
    const char *dot = strrchr(s->str, '.');
    size_t ext = dot && s->len - (size_t)(dot - s->str) <= 6
                     ? s->len - (size_t)(dot - s->str)
                     : 0;
    size_t keep;

    if (s->len <= bytes || ext >= bytes)
        return;
    keep = bytes - ext;
    while (keep > 0 && ((guchar)s->str[keep] & 0xC0) == 0x80)
        keep--;
    g_string_erase(s, (gssize)keep, (gssize)(s->len - ext - keep));
}

/* At most `bytes`, and nothing at the end that Windows would drop. */
static void
fit_name(GString *name, size_t bytes)
{
    fit(name, bytes);
    while (name->len && strchr(". ", name->str[name->len - 1]))
        g_string_truncate(name, name->len - 1);
}

char *
text_file_name(const char *name, size_t bytes)
{
    g_autofree char *line = text_line(name);
    GString *out = g_string_new(NULL);

    for (const char *p = line; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (c < 0x80 && strchr("\\/:*?\"<>|", (int)c))
            g_string_append_c(out, '_');
        else
            g_string_append_unichar(out, c);
    }
    fit_name(out, bytes);
    if (out->len == 0 || is_device(out->str) || out->str[0] == '.') {
        g_string_prepend_c(out, '_');
        fit_name(out, bytes);
    }
    return g_string_free(out, FALSE);
}

char *
text_sha256(const void *data, size_t len)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, len);
}
