/* scoring.h - the register's facts under the office's pack: what `scores`,
 * the bulletin, the letters and the desk all ask. */
#ifndef INTAKE_SCORING_H
#define INTAKE_SCORING_H

#include "intake/office.h"
#include "register/register.h"
#include "rules/score.h"
#include "rules/standings.h"

struct scoring {
    struct facts *facts;
    struct score *score;
    GPtrArray *skipped; /* of char*: facts whose unit the roster lacks, as
                           reg_facts() says */
};
typedef struct scoring scoring;

/* Everything from the pack's first day until `upto`.  `extra` (may be NULL)
 * is a mark that is not recorded yet: what it would do. */
enum st
scoring_new(const struct office *o, struct reg *reg, civil_day upto,
            const struct fact_mark *extra, struct scoring **out, struct err *e);
/* The same, where persons whom a bulletin gave something are there even if no
 * submission names them any more: what was theirs is to be taken back.
 * `before` may be NULL. */
enum st scoring_new_since(const struct office *o, struct reg *reg,
                          civil_day upto, const struct published *before,
                          struct scoring **out, struct err *e);
/* Until when a period is reckoned: its last day, or today while that is not
 * over.  Nobody is charged with what he still has time for. */
civil_day scoring_day(const struct office *o, const struct period *p);

void scoring_free(struct scoring *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(scoring, scoring_free)

#endif
