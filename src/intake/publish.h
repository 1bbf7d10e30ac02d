/* publish.h - bulletins are frozen and sent; what changes afterwards shows
 * in the next one. */
#ifndef INTAKE_PUBLISH_H
#define INTAKE_PUBLISH_H

#include "intake/intake.h"
#include "register/publish.h"
#include "rules/standings.h"

/* Standings of a period as now known, with the adjustments since the last
 * published bulletin of its series.  *s_out keeps what *out borrows. */
struct scoring;
enum st
standings_now(const struct office *o, struct reg *reg, const struct period *p,
              struct scoring **s_out, struct standings **out, struct err *e);

/* The series of a period: "month", "quarter" ..., "custom". */
const char *publish_series(const struct period *p);

/* What is published stays as it is: a period is published when its last day
 * has passed, not before. */
gboolean publish_is_over(const struct office *o, const struct period *p);

/* Freeze the bulletin of a period (or, with `correct`, a corrected one after
 * it) and enqueue it for every unit.  Inside a transaction.  without_out (of
 * char*, names of units that have no address) is for staff.  ST_REJECT when
 * the period is not over, it is published already, or nothing is there to be
 * corrected. */
enum st publish_bulletin(struct intake *i, const struct period *p,
                         gboolean correct, const struct reg_act *act,
                         int *sent_out, GPtrArray **without_out, struct err *e);

#endif
