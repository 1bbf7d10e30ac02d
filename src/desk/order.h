/* order.h - a line of text as an order: its verb, and its words taken one by
 * one by what they look like.  Half- and full-width forms are equal.  Pure. */
#ifndef DESK_ORDER_H
#define DESK_ORDER_H

#include "base/day.h"
#include "base/decimal.h"

struct order {
    char *line;       /* as written, a line */
    GPtrArray *raw;   /* of char*: the words as written */
    GPtrArray *words; /* of char*: the same, folded */
    GArray *spans;    /* of each word in the line */
    guint next;       /* the first word not taken yet */
};

struct order *order_new(const char *line);
void order_free(struct order *o);
typedef struct order order;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(order, order_free)

/* The next word, folded, NULL at the end; it stays until it is taken. */
const char *order_peek(const struct order *o);
const char *order_take(struct order *o);
/* The same as written. */
const char *order_take_raw(struct order *o);

/* "2019-0012"; NULL, and nothing taken, when the next word is no number.
 * Caller frees. */
char *order_take_number(struct order *o);

/* "待-7": any kind of handle.  Caller frees. */
char *order_take_handle(struct order *o);

/* 2019-03-12, 2019/3/12, 2019.3.12, 2019年3月12日 (or 号), 3月12日: without
 * a year the one nearest to today. */
gboolean order_take_day(struct order *o, civil_day today, civil_day *out);

/* ×2 x2 *2 */
gboolean order_take_quantity(struct order *o, decimal *out);

/* =-5, =5分, 5分 */
gboolean order_take_amount(struct order *o, decimal *out);

/* 字段=值: both as written; the value runs to the next word of this form, or
 * to the end, and may not be empty.  Callers free. */
gboolean order_take_field(struct order *o, char **name_out, char **value_out);
/* The same of one word. */
gboolean order_take_pair(struct order *o, char **name_out, char **value_out);

/* All words before the one of this index, and all that is left: as written,
 * with the blanks and commas between them, NULL when nothing is.  Callers
 * free. */
char *order_take_until(struct order *o, guint end);
char *order_take_rest(struct order *o);

#endif
