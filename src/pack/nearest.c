/* nearest.c - see nearest.h.  Optimal string alignment over characters, so
 * that a Chinese name counts as its few characters and not as its bytes. */
#include "pack/nearest.h"

#include <string.h>

/* Longer words are prose, not names: nothing is near them. */
#define LONGEST 60

struct table {
    guint cell[LONGEST + 1][LONGEST + 1];
};

static guint
cell(struct table *t, const gunichar *a, const gunichar *b, glong i, glong j)
{
    guint cost = a[i - 1] == b[j - 1] ? 0 : 1;
    guint best = t->cell[i - 1][j - 1] + cost;

    best = MIN(best, t->cell[i - 1][j] + 1);
    best = MIN(best, t->cell[i][j - 1] + 1);
    if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        best = MIN(best, t->cell[i - 2][j - 2] + 1);
    return best;
}

guint
nearest_distance(const char *a, const char *b)
{
    glong la = 0, lb = 0;
    g_autofree gunichar *ua = g_utf8_to_ucs4_fast(a, -1, &la);
    g_autofree gunichar *ub = g_utf8_to_ucs4_fast(b, -1, &lb);
    struct table t;

    if (la > LONGEST || lb > LONGEST)
        return G_MAXUINT;
    for (glong i = 0; i <= la; i++)
        t.cell[i][0] = (guint)i;
    for (glong j = 0; j <= lb; j++)
        t.cell[0][j] = (guint)j;
    for (glong i = 1; i <= la; i++)
        for (glong j = 1; j <= lb; j++)
            t.cell[i][j] = cell(&t, ua, ub, i, j);
    return t.cell[la][lb];
}

/* Two characters at least must be common for one name to hint at another. */
static gboolean
contains(const char *a, const char *b)
{
    return (g_utf8_strlen(b, -1) >= 2 && strstr(a, b)) ||
           (g_utf8_strlen(a, -1) >= 2 && strstr(b, a));
}

static gboolean
is_near(const char *a, const char *b, guint distance)
{
    guint longer = (guint)MAX(g_utf8_strlen(a, -1), g_utf8_strlen(b, -1));

    if (distance == G_MAXUINT)
        return FALSE;
    return contains(a, b) ||
           (distance < longer && distance <= MAX((longer + 1) / 3, 1));
}

const char *
nearest_word(const char *word, const char *const *words, guint n)
{
    const char *best = NULL;
    guint least = G_MAXUINT;

    for (guint i = 0; i < n; i++) {
        guint d = nearest_distance(word, words[i]);

        if (d < least && is_near(word, words[i], d)) {
            least = d;
            best = words[i];
        }
    }
    return best;
}
