/* nearest.c - see nearest.h. */
#include "base/nearest.h"

#include <string.h>

enum { WORD_CHARS = 64 }; /* longer words are not compared */

/* Damerau-Levenshtein distance, optimal string alignment. */
static long
distance(const gunichar *a, long na, const gunichar *b, long nb)
{
    long d[WORD_CHARS + 1][WORD_CHARS + 1];

    for (long i = 0; i <= na; i++)
        d[i][0] = i;
    for (long j = 0; j <= nb; j++)
        d[0][j] = j;
    for (long i = 1; i <= na; i++) {
        for (long j = 1; j <= nb; j++) {
            long cost = a[i - 1] != b[j - 1];
            long best = MIN(d[i - 1][j], d[i][j - 1]) + 1;

            best = MIN(best, d[i - 1][j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = MIN(best, d[i - 2][j - 2] + 1);
            d[i][j] = best;
        }
    }
    return d[na][nb];
}

/* Chinese names are shortened by leaving parts out (财政局, 县财政局): one
 * inside the other hints at it, however much is left out.  So does one of our
 * words with something behind it (half-year). */
static gboolean
contains(const char *a, long na, const char *b, long nb)
{
    const char *shorter = na < nb ? a : b, *longer = na < nb ? b : a;

    if (MIN(na, nb) < 2)
        return FALSE;
    if ((guchar)*shorter < 0x80)
        return g_str_has_prefix(longer, shorter) &&
               longer[strlen(shorter)] == '-';
    return strstr(longer, shorter) != NULL;
}

/* At most a third exchanged, and something left as it was. */
static gboolean
is_near(long far, long longer)
{
    return far < longer && far <= MAX(1, longer / 3);
}

const char *
nearest_word(const char *word, const char *const *words)
{
    long na = 0, nb = 0, least = G_MAXLONG;
    g_autofree gunichar *a = g_utf8_to_ucs4_fast(word, -1, &na);
    const char *best = NULL;

    if (na > WORD_CHARS)
        return NULL;
    for (; *words; words++) {
        g_autofree gunichar *b = g_utf8_to_ucs4_fast(*words, -1, &nb);
        long far;

        if (nb > WORD_CHARS)
            continue;
        far = distance(a, na, b, nb);
        if (far < least &&
            (is_near(far, MAX(na, nb)) || contains(word, na, *words, nb))) {
            least = far;
            best = *words;
        }
    }
    return best;
}
