/* mark_line.c - see mark_line.h. */
#include "draft/mark_line.h"

#include "base/text.h"

enum { STAR = 0x2605 };

static gunichar
fold_char(gunichar c)
{
    switch (c) {
    case 0x6A5F:
        return 0x673A; /* 機 */
    case 0x7D55:
        return 0x7EDD; /* 絕 */
    case 0x7955:
        return 0x79D8; /* 祕 */
    case 0x7D1A:
        return 0x7EA7; /* 級 */
    case 0x9577:
        return 0x957F; /* 長 */
    default:
        return g_unichar_isspace(c) && c != '\t' ? ' ' : c;
    }
}

/* Bytes of whole characters. */
static size_t
whole(const char *text, size_t len, size_t most)
{
    if (len <= most)
        return len;
    while (most > 0 && ((guchar)text[most] & 0xC0) == 0x80)
        most--;
    return most;
}

void
line_fold(const char *text, size_t len, size_t most, struct line *out)
{
    size_t taken = whole(text, len, most);
    g_autofree char *nfkc = text_nfkc(text, (gssize)taken);

    out->n = 0;
    out->cut = taken < len;
    for (const char *p = nfkc; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (text_is_invisible(c))
            continue;
        if (out->n == LINE_CHARS_MAX) {
            out->cut = TRUE;
            break;
        }
        out->c[out->n++] = fold_char(c);
    }
    while (out->n > 0 && g_unichar_isspace(out->c[out->n - 1]))
        out->n--;
    out->c[out->n] = 0;
}

gboolean
char_is_blank(gunichar c)
{
    return c == ' ' || c == '\t';
}

gboolean
char_is_star(gunichar c)
{
    return c == STAR || c == 0x2606 || c == 0x2729 || c == 0x272A ||
           c == 0x272D || c == 0x2B50 || c == 0x22C6 || c == 0x272F ||
           c == '*' || c == 0x2217 || c == 0x2731 || c == 0x2733;
}

gboolean
char_is_one_of(gunichar c, const char *set)
{
    return c != 0 && g_utf8_strchr(set, -1, c) != NULL;
}

gboolean
char_is_separator(gunichar c)
{
    return char_is_one_of(c, "-_—–―+|/\\:;.");
}

int
line_skip_blanks(const struct line *l, int i)
{
    while (char_is_blank(l->c[i]))
        i++;
    return i;
}

int
line_match(const struct line *l, int i, const char *word)
{
    for (const char *p = word; *p; p = g_utf8_next_char(p)) {
        if (p != word)
            i = line_skip_blanks(l, i);
        if (l->c[i] != g_utf8_get_char(p))
            return -1;
        i++;
    }
    return i;
}

int
line_match_any(const struct line *l, int i, const char *const *words)
{
    int longest = -1;

    for (; *words; words++)
        longest = MAX(longest, line_match(l, i, *words));
    return longest;
}
