/* incidents.h - how an incident stands with the reports that the pack wants
 * of it, and what staff are told of them. */
#ifndef INTAKE_INCIDENTS_H
#define INTAKE_INCIDENTS_H

#include "intake/agenda.h"
#include "intake/intake.h"
#include "register/commission.h"
#include "reply/value.h"

/* A report that the pack wants: of a stage, so long after the event. */
enum report_state {
    REPORT_AWAITED, /* its limit is still ahead */
    REPORT_MISSING, /* its limit has passed */
    REPORT_IN_TIME,
    REPORT_LATE
};

struct report_due {
    const char *stage; /* 初报 续报 终报; borrowed from the pack */
    gint64 within;     /* seconds after the event */
    gint64 limit;      /* the last instant that is in time */
    enum report_state state;
    const struct reg_report *came; /* the first of its stage, or NULL */
};

/* Every limit once, by stage and time, in the order of the limits.  An
 * incident that is closed awaits nothing any more. */
GArray *incident_reports_due(const struct pack *p, const struct reg_incident *i,
                             gint64 now);

/* {number, name, unit, happened, closed; reports: {report, stage, at, hours};
 * limits: {stage, within, limit, awaited, missing, in_time, late, number,
 * at}}. */
struct value *
incident_facts(const struct office *o, const struct reg_incident *i);

/* Not closed, or with a report that is missing: of struct reg_incident. */
enum st incidents_open(const struct office *o, struct reg *reg, GPtrArray **out,
                       struct err *e);

/* Staff are warned before a limit passes, and told when it has: once each.
 * In a transaction of its own. */
enum st incidents_due(struct intake *i, struct err *e);

/* Offers the next instant at which incidents_due() has something to do. */
enum st incidents_next(const struct office *o, struct reg *reg,
                       struct due *first, struct err *e);

#endif
