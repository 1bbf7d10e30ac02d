/* informants.h - the informants that the desk registered count like those of
 * the roster's file; and those whom units register by mail. */
#ifndef INTAKE_INFORMANTS_H
#define INTAKE_INFORMANTS_H

#include "intake/intake.h"
#include "reply/value.h"
#include "rules/registration.h"

/* Make the roster in memory say what the register says now: before a look or
 * an import, before orders, and after one that changed it. */
enum st informants_refresh(struct office *o, struct reg *reg, struct err *e);

/* A mail of an informant that decide() lets register others: the register,
 * the answer, and a notice to staff.  Inside a transaction. */
enum st informants_take_mail(struct intake *i, const struct reading *r,
                             const struct decision *d,
                             const struct reg_act *act, struct err *e);

/* The two halves of it, for what the desk confirms.  `unit` is whose they
 * are where a registration names none; each must have unit and address, and
 * a name unless it stops.  ST_REJECT: nobody is registered under an address
 * that is to stop. */
enum st informants_register(struct intake *i, const GPtrArray *all,
                            const struct unit *unit, const struct reg_act *act,
                            struct err *e);
/* Answer `to` (NULL: nobody), and tell everybody who was registered. */
enum st informants_confirm(struct intake *i, const struct reading *r,
                           const char *to, gint64 message, const GPtrArray *all,
                           const struct unit *unit, struct err *e);

/* A list of {stop, unit, short, name, address, phone} for letters; `unit` may
 * be NULL.  Caller owns. */
struct value *informants_facts(const GPtrArray *all, const struct unit *unit);

#endif
