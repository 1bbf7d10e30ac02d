/* commissions.h - letters about commissions: notices, reminders, and how
 * each unit stands. */
#ifndef INTAKE_COMMISSIONS_H
#define INTAKE_COMMISSIONS_H

#include "intake/agenda.h"
#include "intake/intake.h"
#include "register/commission.h"
#include "reply/value.h"

/* How one unit stands with a commission. */
enum commissioned {
    COMMISSIONED_OWES,
    COMMISSIONED_IN_TIME,
    COMMISSIONED_LATE,
    COMMISSIONED_WAIVED
};
enum commissioned commissioned_state(const struct reg_commission *c,
                                     const struct reg_commissioned *u);

/* {unit, owes, in_time, late, waived, number, at, note}: one unit. */
struct value *
commissioned_facts(const struct office *o, const struct reg_commission *c,
                   const struct reg_commissioned *u);

/* {number, title, due, over, units; how many of them are owes, in_time, late,
 * waived}. */
struct value *
commission_facts(const struct office *o, const struct reg_commission *c);

/* What is sent: how many units have got it, and who (char*, names) has no
 * address and must be told by staff. */
struct commission_sent {
    int units;
    GPtrArray *without;
};
void commission_sent_clear(struct commission_sent *s);

/* Inside a transaction: the notice to every unit that is asked. */
enum st commission_notify(struct intake *i, const struct reg_commission *c,
                          struct commission_sent *out, struct err *e);

/* Inside a transaction: the reminder to those that still owe an answer. */
enum st commission_remind(struct intake *i, const struct reg_commission *c,
                          struct commission_sent *out, struct err *e);

/* Inside a transaction: to every unit that has the notice and was not waived,
 * that the commission is taken back. */
enum st commission_take_back(struct intake *i, const struct reg_commission *c,
                             struct commission_sent *out, struct err *e);

/* Those whose deadline is ahead or passed within the last month: of struct
 * reg_commission. */
enum st commissions_current(const struct office *o, struct reg *reg,
                            GPtrArray **out, struct err *e);

/* Of those the ones that some unit still owes. */
enum st commissions_owed(const struct office *o, struct reg *reg,
                         GPtrArray **out, struct err *e);

/* Offers the next instant at which commissions_due() has something to do. */
enum st commissions_next(const struct office *o, struct reg *reg,
                         struct due *first, struct err *e);

/* A day before the deadline, and when it has passed: once each.  In a
 * transaction of its own. */
enum st commissions_due(struct intake *i, struct err *e);

#endif
