/* view.h - the drafts as files that staff can open:
 *
 *     DATA/稿件/2019-03/2019-0012 县财政局 标题.docx
 *
 * Only a view of the register: it can be deleted at any time and is built
 * again.  Written without flushing; what is half-written after a crash is
 * found by its size and written again. */
#ifndef REGISTER_VIEW_H
#define REGISTER_VIEW_H

#include "register/submission.h"

/* The name to print for a unit, borrowed; NULL: print the unit itself. */
typedef const char *(*reg_unit_name_fn)(const char *unit, void *user);

/* Bring the months that have a submission received on a day of [from, to]
 * up to date: missing files are written, those of an older title, unit or
 * version removed.  DAY_FIRST, DAY_LAST: everything. */
enum st reg_view(struct reg *reg, civil_day from, civil_day to,
                 reg_unit_name_fn name, void *user, struct err *e);

/* The file of one new submission alone: what every receipt costs. */
enum st reg_view_add(struct reg *reg, gint64 submission, reg_unit_name_fn name,
                     void *user, struct err *e);

/* The path of one submission's file, whether it is there or not; NULL when
 * it has no draft.  Caller frees. */
char *reg_view_path(const struct reg *reg, const struct reg_submission *s,
                    reg_unit_name_fn name, void *user);

#endif
