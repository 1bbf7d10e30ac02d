/* ledgers.h - the register of a period becomes the ledger that is sent, and
 * the register keeps what was sent. */
#ifndef INTAKE_LEDGERS_H
#define INTAKE_LEDGERS_H

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
};
void ledger_made_clear(struct ledger_made *m);

/* The workbook of all that was received in a period, under a token of its
 * own.  Inside a transaction. */
enum st
ledgers_make(const struct office *o, struct reg *reg, const struct period *p,
             const struct reg_act *act, struct ledger_made *out, struct err *e);

/* The remark as the ledger shows it, "" for none.  Caller frees. */
char *ledgers_remark(const struct reg_submission *s);

/* One submission as its row, with the marks that live now; `l` keeps the
 * strings. */
enum st ledgers_add_row(struct ledger *l, const struct office *o,
                        const struct phrases *words, struct reg *reg,
                        const struct reg_submission *s, struct ledger_row **out,
                        struct err *e);

#endif
