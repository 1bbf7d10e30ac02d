/* ledgers.h - the register of a period becomes the ledger that is sent, and
 * the register keeps what was sent. */
#ifndef INTAKE_LEDGERS_H
#define INTAKE_LEDGERS_H

#include "intake/agenda.h"
#include "intake/intake.h"
#include "intake/office.h"
#include "register/register.h"
#include "register/submission.h"
#include "report/ledger.h"
#include "rules/period.h"

#define LEDGER_TYPE                                                            \
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

struct ledger_made {
    GBytes *workbook;
    int rows;
    int fresh;          /* of them new to who asked */
    gboolean look_only; /* too many rows to be taken back */
};
void ledger_made_clear(struct ledger_made *m);

/* The workbook of all that was received in a period, under a token of its
 * own.  Rows that neither `by` of the act nor the program was sent before
 * are noted as new.  Inside a transaction. */
enum st
ledgers_make(const struct office *o, struct reg *reg, const struct period *p,
             const struct reg_act *act, struct ledger_made *out, struct err *e);

/* The remark as the ledger shows it, "" for none.  Caller frees. */
char *ledgers_remark(const struct reg_submission *s);

/* Enqueue a ledger for one member of staff.  Inside a transaction. */
enum st ledgers_post(struct intake *i, const struct period *p,
                     const struct ledger_made *m, const struct staff *to,
                     struct err *e);

/* The morning's: once a working day, after the hour of `ledger-at`, to all
 * staff, for this month and the last one where something new came. */
enum st ledgers_due(struct intake *i, struct err *e);

/* Offers the next instant at which ledgers_due() has something to do. */
enum st ledgers_next(const struct office *o, struct reg *reg, struct due *first,
                     struct err *e);

#endif
