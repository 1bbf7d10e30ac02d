/* formula.h - the formulas of a pack, evaluated by an in-memory SQLite that
 * is locked down: no tables, no functions beyond the list, no dates, no
 * randomness, no long computations. */
#ifndef REGISTER_FORMULA_H
#define REGISTER_FORMULA_H

#include "rules/score.h"

struct formulas;
typedef struct formulas formulas;

enum st formulas_open(struct formulas **out, struct err *e);
void formulas_close(struct formulas *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(formulas, formulas_close)

/* What rules/ is given.  Lives as long as f. */
const struct formula_engine *formulas_engine(struct formulas *f);

/* Would this expression be taken, with these columns (names, n of them)?
 * ST_REJECT with SQLite's own words: no such column, not authorized, near
 * "x": syntax error.  For the loader of packs. */
enum st formulas_check(struct formulas *f, const char *text,
                       const char *const *columns, int n, struct err *e);

#endif
