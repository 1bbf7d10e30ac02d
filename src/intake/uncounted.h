/* uncounted.h - what is recorded and counts for nothing, because the rules or
 * the roster in force on its day do not know it.
 *
 * The desk is refused such a mark when it gives one; it comes about when an
 * item leaves the pack, a unit the roster, or a day another pack.  Nobody is
 * to lose points in silence: `check`, `scores` and `explain` say it, so do
 * the letters with a bulletin, and staff are told on the day after the rules
 * have changed. */
#ifndef INTAKE_UNCOUNTED_H
#define INTAKE_UNCOUNTED_H

#include "intake/intake.h"
#include "intake/scoring.h"

/* Items that marks were recorded under and the pack of their day does not let
 * the desk mark.  Of struct reg_item_count. */
enum st uncounted_items(const struct office *o, struct reg *reg,
                        GPtrArray **out, struct err *e);

/* Once after each change of the rules, if there are any: a letter to staff.
 * Inside a transaction. */
enum st uncounted_tell(struct intake *i, struct err *e);

/* For a letter about a period: `uncounted`, a list of {what}, and how many
 * there are, `uncounted_count`; nothing when there are none. */
void uncounted_facts(const struct scoring *s, const struct period *p,
                     struct value *v);

#endif
