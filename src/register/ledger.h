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

/* What a ledger of the days [from, to] will have: rows, and marks in the row
 * that has most of them. */
struct reg_ledger_size {
    int rows;
    int marks;
};
enum st reg_ledger_size(struct reg *reg, civil_day from, civil_day to,
                        struct reg_ledger_size *out, struct err *e);

/* The newest submission in the ledgers that a person (`by` of the act) or
 * the program itself was given; 0: in none. */
enum st
reg_ledger_newest(struct reg *reg, const char *by, gint64 *out, struct err *e);

/* How many were recorded behind a submission, and received on a day of
 * [from, to] but before an instant. */
enum st reg_ledger_fresh(struct reg *reg, gint64 newest, gint64 before,
                         civil_day from, civil_day to, int *out, struct err *e);

/* The number that no ledger has yet. */
enum st reg_ledger_serial(struct reg *reg, gint64 *out, struct err *e);

/* Keep what is being sent under its token: the ledger, and then its rows. */
enum st
reg_ledger_add(struct reg *reg, const char *token, const char *period,
               const struct reg_act *act, gint64 *id_out, struct err *e);
enum st reg_ledger_keep(struct reg *reg, gint64 ledger,
                        const struct reg_ledger_row *row, struct err *e);

/* The rows that were sent under a token; NULL when it is none of ours, none
 * in it when they were forgotten.  Submissions purged since are not among
 * them. */
enum st reg_ledger_rows(struct reg *reg, const char *token, GPtrArray **out,
                        struct err *e);

/* Forget the rows of ledgers made before an instant: nobody sends those
 * back any more. */
enum st reg_ledger_forget(struct reg *reg, gint64 before, struct err *e);

#endif
