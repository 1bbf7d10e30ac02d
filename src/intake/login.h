/* login.h - a server that refuses our login is asked three times and then
 * every half hour, so that none locks the account (C20).
 *
 * The refusals stand in the register and not in memory: a `poll` that a timer
 * starts every minute is a new program each time.  They are forgotten as soon
 * as a login works, and when the configuration or a password file was changed
 * since, so that whoever mends a password need not wait. */
#ifndef INTAKE_LOGIN_H
#define INTAKE_LOGIN_H

#include "intake/office.h"
#include "register/register.h"

enum login { LOGIN_MAILBOX, LOGIN_OUTGOING, LOGIN_COUNT };

struct login_refusals {
    int count;    /* in a row; 0: none, and nothing below */
    gint64 last;  /* instant */
    gint64 until; /* not asked before this instant; 0: may be asked */
    char *said;   /* the sentence of the last one */
};
void login_refusals_clear(struct login_refusals *r);

enum st
login_refusals_get(const struct office *o, struct reg *reg, enum login which,
                   struct login_refusals *out, struct err *e);

/* ST_RETRY, status 77, with the server's sentence: not now. */
enum st login_may_try(const struct office *o, struct reg *reg, enum login which,
                      struct err *e);

/* What came of a login.  Outside of a transaction: each is one. */
enum st login_refused(const struct office *o, struct reg *reg, enum login which,
                      const char *said, struct err *e);
enum st login_worked(struct reg *reg, enum login which, struct err *e);

#endif
