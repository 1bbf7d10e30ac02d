/* radix.c - see radix.h. */
#include "draft/radix.h"

#include <string.h>

enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };

static guint
digit(const struct keyed *k, guint shift)
{
    return k->key >> shift & (DIGITS - 1);
}

/* By one digit.  FALSE: all have the same, and nothing was moved. */
static gboolean
pass(const struct keyed *from, guint n, guint shift, struct keyed *to)
{
    guint begins[DIGITS + 1] = {0};

    for (guint i = 0; i < n; i++)
        begins[digit(&from[i], shift) + 1]++;
    if (begins[digit(&from[0], shift) + 1] == n)
        return FALSE;
    for (guint d = 1; d < DIGITS; d++)
        begins[d] += begins[d - 1];
    for (guint i = 0; i < n; i++)
        to[begins[digit(&from[i], shift)]++] = from[i];
    return TRUE;
}

void
radix_sort(struct keyed *all, guint n)
{
    g_autofree struct keyed *room = g_new(struct keyed, n + 1);
    struct keyed *from = all, *to = room;

    for (guint shift = 0; n > 1 && shift < 32; shift += DIGIT_BITS)
        if (pass(from, n, shift, to)) {
            struct keyed *done = to;

            to = from;
            from = done;
        }
    if (from != all)
        memcpy(all, from, n * sizeof *all);
}
