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

/* The files of what was recorded behind a row of the history, those that are
 * not there yet.  *whole_out: nothing was done, for something else has
 * happened since that names or files depend on, or there is no view at all:
 * reg_view() must look at everything. */
enum st reg_view_since(struct reg *reg, gint64 upto, reg_unit_name_fn name,
                       void *user, gboolean *whole_out, struct err *e);

/* The last row of the history. */
enum st reg_view_last(struct reg *reg, gint64 *out, struct err *e);

/* One file, with bytes that are at hand. */
enum st reg_view_write(const char *path, GBytes *bytes, struct err *e);

/* The path of one submission's file, whether it is there or not; NULL when
 * it has no draft.  Caller frees. */
char *reg_view_path(const struct reg *reg, const struct reg_submission *s,
                    reg_unit_name_fn name, void *user);

#endif
