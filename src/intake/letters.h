/* letters.h - letters of templates/ filled with facts, composed, and put
 * into the outbox inside the running transaction. */
#ifndef INTAKE_LETTERS_H
#define INTAKE_LETTERS_H

#include "intake/incoming.h"
#include "register/outbox.h"
#include "register/submission.h"
#include "reply/compose.h"

/* One mail to one address. */
struct post {
    enum letter letter;
    enum reg_mail_kind kind;
    const char *to;
    gint64 message;              /* that it answers or is about, or 0 */
    gint64 commission;           /* that it is about, or 0 */
    const struct reading *about; /* threads the answer under it, or NULL */
    const struct value *facts;
    gboolean names_staff; /* post_to_all: the letter greets by `name` */
    const struct mail_attachment *attachments;
    guint n_attachments;
};

/* After so many bounces an address is not answered for a day. */
enum { BOUNCES_REST = 2 };

/* Write and enqueue.  An automatic letter (reg_mail_is_automatic) to an
 * address that bounced, or is over its limit of the day, is a suppressed
 * mail: recorded, not sent. */
enum st post_letter(struct intake *i, const struct post *post, struct err *e);

/* The same letter to every address of a NULL-terminated list. */
enum st post_to_all(struct intake *i, const struct post *post,
                    const char *const *addresses, struct err *e);

/* "2019年3月5日9时30分", "2019年3月10日17时", as official documents print an
 * instant.  Caller frees. */
char *letter_time(const struct clock *clock, gint64 instant);
/* When a submission came; of one entered by hand only the day is known.
 * Likewise. */
char *
letter_received(const struct clock *clock, const struct reg_submission *s);

/* Strings joined by 、.  Caller frees. */
char *letter_list(const GPtrArray *strings);

/* The texts of reasons.ini with the facts of this message.  Caller owns. */
struct value *
letter_reasons(const struct intake *i, const struct incoming *a,
               const struct decision *d, const struct recorded *r,
               const struct reason_list *which, enum reason_reader reader);

/* All addresses of staff, NULL-terminated.  Free the array alone. */
GPtrArray *staff_addresses(const struct config *c);

/* Is this the first time today that `what` is asked? */
enum st once_today(struct intake *i, const char *what, gboolean *first_out,
                   struct err *e);

/* The same letter to all staff, about a message or (0) none. */
enum st post_to_staff(struct intake *i, enum letter letter,
                      const struct value *facts, gint64 message, struct err *e);

/* The one reply to a message, as its decision asks: receipt, return, "being
 * looked at", the neutral text; nothing where nothing may be sent. */
enum st
post_reply(struct intake *i, const struct incoming *a, const struct decision *d,
           const struct recorded *r, struct err *e);

#endif
