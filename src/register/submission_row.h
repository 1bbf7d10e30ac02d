/* submission_row.h - parts of a submission, shared by the files that write
 * them. */
#ifndef REGISTER_SUBMISSION_ROW_H
#define REGISTER_SUBMISSION_ROW_H

#include "register/change.h"
#include "register/submission.h"

/* The units, or the authors, of a submission that has none yet.  NULL: none. */
enum st row_add_credits(struct reg *reg, gint64 id, const GPtrArray *credits,
                        struct err *e);
enum st row_add_authors(struct reg *reg, gint64 id, const GPtrArray *authors,
                        struct err *e);
/* Replace all units, or all authors, of a submission.  NULL: none. */
enum st row_set_credits(struct reg *reg, gint64 id, const GPtrArray *credits,
                        struct err *e);
enum st row_set_authors(struct reg *reg, gint64 id, const GPtrArray *authors,
                        struct err *e);

/* "财政局:0.6 税务局:0.4", as the history quotes them, and back. */
char *row_format_credits(const GPtrArray *credits);
GPtrArray *row_parse_credits(const char *text);

/* Get it, or ST_REJECT; a purged one is not there any more. */
enum st row_need(struct reg *reg, gint64 id, struct reg_submission **out,
                 struct err *e);

#endif
