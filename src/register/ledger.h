/* ledger.h - the ledgers (台账) that were sent: what each row said, so that a
 * workbook that comes back is compared with what staff had before them. */
#ifndef REGISTER_LEDGER_H
#define REGISTER_LEDGER_H

#include "register/register.h"

struct reg_ledger_row {
    gint64 submission;
    char *number; /* filled in by the register */
    char *facts;  /* the guarded cells, separated by tabs */
    char *marks;  /* "普刊\t2019-03-12\n" for each, "" for none */
    char *remark; /* "" for none */
};
struct reg_ledger_row *reg_ledger_row_new(gint64 submission);
void reg_ledger_row_free(struct reg_ledger_row *r);

/* Keep what is being sent under its token; rows of struct reg_ledger_row. */
enum st
reg_ledger_add(struct reg *reg, const char *token, const char *period,
               const GPtrArray *rows, const struct reg_act *act, struct err *e);

/* The rows that were sent under a token; NULL when it is none of ours.
 * Submissions purged since are not among them. */
enum st reg_ledger_rows(struct reg *reg, const char *token, GPtrArray **out,
                        struct err *e);

#endif
