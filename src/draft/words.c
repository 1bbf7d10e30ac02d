/* words.c - see words.h. */
#include "draft/words.h"

#include "base/text.h"

/* Marks that Chinese text sets full-width although Unicode calls their
 * width ambiguous (UAX #11): dashes, quotes, ellipsis, middle dot.  Word
 * counts each of them as one. */
static gboolean
is_ambiguous_mark(gunichar c)
{
    return c == 0x2014 || c == 0x2015 || c == 0x2018 || c == 0x2019 ||
           c == 0x201C || c == 0x201D || c == 0x2026 || c == 0x00B7;
}

/* Does c count by itself, whatever stands beside it? */
static gboolean
counts_alone(gunichar c)
{
    return text_is_cjk(c) || g_unichar_iswide(c) || is_ambiguous_mark(c);
}

/* The apostrophe of "don’t" belongs to its word. */
static gboolean
is_apostrophe(gunichar c, const char *next)
{
    gunichar after = g_utf8_get_char(next);

    return c == 0x2019 && g_unichar_isalpha(after) && !counts_alone(after);
}

/* U+4E00 to U+9FFF in valid UTF-8: most of Chinese text, by one look. */
static gboolean
is_ideograph(const char *p)
{
    guchar lead = (guchar)p[0];

    return (lead >= 0xE5 && lead <= 0xE9) ||
           (lead == 0xE4 && (guchar)p[1] >= 0xB8);
}

int
words_count(const char *text)
{
    int count = 0;
    gboolean in_run = FALSE;

    for (const char *p = text; *p;) {
        gunichar c;

        if (is_ideograph(p)) {
            in_run = FALSE;
            count++;
            p += 3;
            continue;
        }
        c = g_utf8_get_char(p);
        p = g_utf8_next_char(p);
        if (text_is_invisible(c) || (in_run && is_apostrophe(c, p)))
            continue;
        if (g_unichar_isspace(c)) {
            in_run = FALSE;
        } else if (counts_alone(c)) {
            in_run = FALSE;
            count++;
        } else if (!in_run) {
            in_run = TRUE;
            count++;
        }
    }
    return count;
}
