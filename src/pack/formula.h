/* formula.h - the text of a pack's formula, read.
 *
 * A formula is an SQL expression of the few words that docs/rules.md lists.
 * Whatever else stands in it is refused with its place and, for a mistyped
 * name, the nearest word; so is a text where a number belongs. */
#ifndef PACK_FORMULA_H
#define PACK_FORMULA_H

#include "pack/schema.h"
#include "rules/formula.h"

/* What a formula may name; its columns are known by their index here. */
struct formula_columns {
    GPtrArray *names;         /* of char*, borrowed */
    guint text_from, text_to; /* from <= index < to: texts, not numbers */
    gboolean *used;           /* set for each that the formula names */
};

/* `n` is the text with its "=".  NULL with a problem added when it is not an
 * expression of allowed parts that gives a number; the caller
 * unrefs. */
struct formula_node *
formula_read(const struct node *n, const struct formula_columns *columns,
             struct problems *ps);

#endif
