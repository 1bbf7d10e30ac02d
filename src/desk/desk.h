/* desk.h - the staff of the office, and the commands they give: the same
 * words by mail and by command line.
 *
 * One line is one order.  Every order is carried out or refused by itself,
 * with a sentence; what cannot be carried out changes nothing.  All that a
 * mail (or a command line) did can be undone by its number. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "intake/intake.h"

struct desk;
typedef struct desk desk;

/* Loads the desk's words (desk.ini of templates/); the office is borrowed. */
enum st desk_new(struct office *o, struct desk **out, struct err *e);
void desk_free(struct desk *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(desk, desk_free)

/* For intake_open().  Borrowed. */
const struct desk_hooks *desk_hooks(const struct desk *d);

struct desk_line {
    char *order;  /* as it was written */
    char *answer; /* what was done, or why not */
    gboolean done;
};

struct desk_answer {
    int number;       /* of the command, for 撤销命令 */
    GPtrArray *lines; /* of struct desk_line */
    int done;
    int left;   /* orders beyond the most at once: one line says so */
    char *undo; /* the line that takes it all back; NULL: nothing can be */
};
void desk_answer_clear(struct desk_answer *a);

/* Carry out orders, one a line, inside a transaction.  `by` is the name of a
 * member of staff.  From the command line every line is an order; of a mail
 * (reading not NULL) those lines are that begin like one, and then every
 * workbook is taken for a ledger that comes back.  Not ST_OK only
 * when the register fails: an order refused is in the answer.  i->desk must
 * come from desk_hooks(). */
enum st desk_obey(struct intake *i, const char *by, const char *text,
                  const struct reading *reading, gint64 message,
                  struct desk_answer *out, struct err *e);

/* Is there a workbook in it that may be a ledger come back? */
struct reading;
gboolean desk_has_sheet(const struct reading *r);

#endif
