/* formula.h - is a pack's formula within what is allowed?
 *
 * A formula is an SQL expression.  It is computed by a locked-down SQLite
 * (register/formula.h); here its words are held to the list beforehand, so
 * that a mistyped name is reported with its place and its nearest word. */
#ifndef PACK_FORMULA_H
#define PACK_FORMULA_H

#include "pack/schema.h"

/* `n` is the text with its "=".  columns (of char*) are the names it may
 * use; used[i] is set for each it does.  *exact_out is what is to be evaluated:
 * the text, with exact() around whatever was reckoned and is compared; caller
 * frees.  FALSE with a problem added when it is not an expression of allowed
 * parts. */
gboolean formula_check(const struct node *n, GPtrArray *columns, gboolean *used,
                       char **exact_out, struct problems *ps);

#endif
