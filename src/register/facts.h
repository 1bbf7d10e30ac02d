/* facts.h - what the register knows, as the evaluator wants it. */
#ifndef REGISTER_FACTS_H
#define REGISTER_FACTS_H

#include "register/register.h"
#include "rules/facts.h"
#include "rules/pack.h"

/* All that counts and is dated in [from, to]: submissions received, marks,
 * commissions issued or due, incidents; and, whatever their date, what those
 * hang on (the other marks of a submission, the other answers to a
 * commission).  For points of a pot that lasts a year, `from` is the first
 * of January.  `clock` tells the office's wall clock, and what time it is: the
 * facts are those of this moment.
 *
 * skipped_out (of char*, may be NULL) gets "2019-0012 某局" for everything that
 * could not be given to its unit, because the roster does not have it. */
enum st reg_facts(struct reg *reg, const struct pack *pack,
                  const struct clock *clock, civil_day from, civil_day to,
                  struct facts **out, GPtrArray **skipped_out, struct err *e);

/* One submission alone, with whatever marks it has; what it answers or
 * reports on is left out. */
enum st reg_facts_of(struct reg *reg, const struct pack *pack,
                     const struct clock *clock, gint64 submission,
                     struct facts **out, struct err *e);

#endif
