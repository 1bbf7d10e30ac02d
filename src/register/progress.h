/* progress.h - how units stand in the periods that receipts ask about, kept
 * so that a receipt need not reckon everything anew.
 *
 * Nothing here is a fact: what is kept is what the rules made of the history
 * up to one of its rows.  Whatever happens afterwards puts it out of date,
 * and it is reckoned again; only a submission that adds to it may bring it
 * along.  All inside the caller's transaction. */
#ifndef REGISTER_PROGRESS_H
#define REGISTER_PROGRESS_H

#include "register/register.h"
#include "rules/period.h"
#include "rules/progress.h"

/* Is what is kept what these rules (`basis` names them) make of the whole
 * history? */
enum st reg_progress_valid(struct reg *reg, const char *basis,
                           gboolean *valid_out, struct err *e);

/* Forget everything, and let it be about these rules and the history as it
 * is now. */
enum st reg_progress_reset(struct reg *reg, const char *basis, struct err *e);

/* What is kept is about the history as it is now. */
enum st reg_progress_follow(struct reg *reg, struct err *e);

/* Keep a row of a period.  unit "" says that the period is here whole. */
enum st
reg_progress_put(struct reg *reg, const struct period *p, const char *unit,
                 const struct progress *row, struct err *e);

/* Add to the rows of a unit in every period that has the day. */
enum st reg_progress_add(struct reg *reg, civil_day day, const char *unit,
                         const struct progress *more, struct err *e);

/* *there_out: is there a row of that unit? */
enum st
reg_progress_get(struct reg *reg, const struct period *p, const char *unit,
                 gboolean *there_out, struct progress *out, struct err *e);

#endif
