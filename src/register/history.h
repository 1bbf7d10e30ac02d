/* history.h - the append-only log of every change: who, when, by which
 * message, what, before, after.
 *
 * The rows are chained by SHA-256 and guarded by triggers.  What a row
 * quotes hangs on it by a salted hash, so that 清除 can take the words away
 * without breaking the chain. */
#ifndef REGISTER_HISTORY_H
#define REGISTER_HISTORY_H

#include "register/register.h"

struct reg_change {
    gint64 id;
    gint64 at;
    char *by;
    gint64 command; /* or 0 */
    gint64 message; /* or 0 */
    char *what;     /* "mark-add", "correct" ...: enum in history.c */
    char *subject;  /* number, handle, unit or address it is about */
    gint64 object;  /* id of the row it is about */
    char *before;   /* NULL when it was not there, or was purged */
    char *after;
    char *note;
    gboolean purged;
};
void reg_change_free(struct reg_change *c);

/* For what happens outside the register's own functions (settings, roster
 * changed, bulletin sent). */
enum st
reg_history_add(struct reg *reg, const struct reg_act *act, const char *what,
                const char *subject, const char *before, const char *after,
                const char *note, struct err *e);

/* About one number, handle ..., oldest first. */
enum st reg_history_of(struct reg *reg, const char *subject, GPtrArray **out,
                       struct err *e);
enum st reg_history_of_command(struct reg *reg, gint64 command, GPtrArray **out,
                               struct err *e);
/* Walk the chain; ST_REJECT names the first row that does not fit. */
enum st reg_history_verify(struct reg *reg, struct err *e);

#endif
