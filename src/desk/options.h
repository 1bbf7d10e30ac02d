/* options.h - what stands behind an item in 标注, 记分 and 撤销: [日期]
 * [×数量] [=分值] [备注].
 *
 * A word that begins like one of the first three and cannot be it is never
 * taken for the remark: the order would run with today, once, or for the
 * standard points, and nobody would hear of it.  Behind a date, what merely
 * has digits (2019年工作要点) is the remark.  Pure. */
#ifndef DESK_OPTIONS_H
#define DESK_OPTIONS_H

#include "desk/order.h"

enum options_fault {
    OPTIONS_FINE,
    OPTIONS_DAY,      /* looks like a date */
    OPTIONS_QUANTITY, /* looks like a quantity, or is none that can be */
    OPTIONS_AMOUNT,   /* looks like a value */
    OPTIONS_TWICE,    /* a second of its kind */
    OPTIONS_LATE      /* stands in the remark, and would be lost there */
};

enum { OPTIONS_MOST = 10000 }; /* of a quantity */

struct options {
    gboolean has_day, has_quantity, has_amount;
    civil_day day;
    decimal quantity, amount;
    char *note; /* as written, NULL: none */
    enum options_fault fault;
    char *word; /* at fault, folded */
};

/* The rest of the line; with day_only the other two are words like others. */
void options_take(struct order *o, civil_day today, gboolean day_only,
                  struct options *out);
void options_clear(struct options *x);
typedef struct options options;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(options, options_clear)

/* Does this folded word begin like a date? */
gboolean options_like_day(const char *word);
/* The same, and with its year or its 月: no fraction, no page. */
gboolean options_plain_day(const char *word);

#endif
