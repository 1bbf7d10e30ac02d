/* digest.h - all staff hear of every order, whoever gave it.
 *
 * An order is answered to who gave it: whoever holds one mailbox can give
 * orders and delete the answers.  What was ordered since the last letter of
 * the morning that was sent stands in the next one, which goes to everybody. */
#ifndef INTAKE_DIGEST_H
#define INTAKE_DIGEST_H

#include "intake/intake.h"
#include "reply/value.h"

/* Adds to the facts of the morning's letter: the orders that changed
 * something, how often a code was wrong, whether the history is whole.  No
 * title, no name of a matter, nothing else that somebody wrote: 清除 need not
 * look for these letters.  news_out: there is something to tell. */
enum st digest_facts(struct intake *i, struct value *v, gboolean *news_out,
                     struct err *e);

/* The next letter begins where this one ends, unless this one is dropped before
 * it is sent.  In its transaction, when it has been made: its copies are the
 * mails after `before` (reg_mail_last()). */
enum st digest_told(struct intake *i, gint64 before, struct err *e);

/* A mail with a code that proved nothing. */
enum st digest_note_refusal(struct intake *i, gint64 message, struct err *e);

#endif
