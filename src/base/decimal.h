/* decimal.h - points as exact decimals.
 *
 * A decimal is an integer number of millionths.  Nothing here is floating
 * point, and everything that could leave 64 bits says so. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <glib.h>

typedef gint64 decimal;

#define DECIMAL_ONE ((decimal)1000000)
#define DECIMAL_PLACES 6
#define DECIMAL_MAX                                                            \
    (DECIMAL_ONE * 1000000000) /* what may come from outside                   \
                                */

/* "3", "-0.5", "14.9": an optional sign, digits, at most six places after
 * the point, not beyond DECIMAL_MAX.  FALSE and *out untouched else. */
gboolean decimal_parse(const char *text, decimal *out);

/* Without trailing zeros: "0.2", "-10", "14.9", "0".  Caller frees. */
char *decimal_format(decimal d);

/* d * num / den, rounded half away from zero to `places` (0..6) decimal
 * places.  den > 0.  Saturates at +-G_MAXINT64 / 2. */
decimal decimal_scale(decimal d, gint64 num, gint64 den, int places);

#endif
