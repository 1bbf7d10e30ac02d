/* purge_traces.h - what there is of a purged item outside its own rows:
 * other mails of it, orders about it, texts and letters that quote it. */
#ifndef REGISTER_PURGE_TRACES_H
#define REGISTER_PURGE_TRACES_H

#include "register/message.h"
#include "register/submission.h"

/* Characters: a shorter title stands in other texts by chance. */
enum { TITLE_LEAST_INSIDE = 6 };

/* Add to `ids` (of gint64*) the other mails of the same item: attempts under
 * one of its titles from its units (submission 0: those of the mails) or its
 * senders, and the duplicates of them all. */
enum st
traces_add_mails(struct reg *reg, GPtrArray *ids, const GPtrArray *titles,
                 gint64 submission, struct err *e);

/* Add to `mails` (of struct reg_mail) letters that left: about a message; to
 * those who gave orders that name it, with the text of these orders emptied,
 * but for the order `command`; that quote a title; about a submission. */
enum st traces_of_message(struct reg *reg, gint64 message, GPtrArray *mails,
                          struct err *e);
enum st traces_of_orders(struct reg *reg, const struct reg_message *m,
                         gint64 command, GPtrArray *mails, struct err *e);
enum st traces_of_titles(struct reg *reg, const GPtrArray *titles,
                         GPtrArray *mails, struct err *e);
enum st traces_of_submission(struct reg *reg, gint64 submission,
                             GPtrArray *mails, struct err *e);

/* Empty what quotes a title: mails, orders and messages of their own. */
enum st
traces_drop_quotes(struct reg *reg, const GPtrArray *titles, struct err *e);

#endif
