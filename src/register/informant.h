/* informant.h - informants registered by the desk, beside those of the
 * roster file. */
#ifndef REGISTER_INFORMANT_H
#define REGISTER_INFORMANT_H

#include "register/register.h"

struct reg_informant {
    gint64 id;
    char *unit;
    char *name;
    char *address; /* addr-spec, domain in lower case */
    char *phone;   /* or NULL */
    gint64 since;
    gint64 until; /* 0 while registered */
};
void reg_informant_free(struct reg_informant *i);

/* Registers; an address that is registered already changes (the old row
 * ends).  Logged. */
enum st
reg_informant_add(struct reg *reg, const struct reg_informant *i,
                  const struct reg_act *act, gint64 *id_out, struct err *e);
/* 停用; ST_REJECT when nobody is registered under it. */
enum st reg_informant_end(struct reg *reg, const char *address,
                          const struct reg_act *act, struct err *e);
/* Addresses are compared without case.  unit NULL: all.  `at` says when
 * (they change over time): those registered then. */
enum st reg_informants(struct reg *reg, const char *unit, gint64 at,
                       GPtrArray **out, struct err *e);

/* A letter to the address came back for good: how often that happened, as
 * long as a month never passed between.  Forgotten when the address is
 * registered (reg_informant_add). */
enum st reg_address_bounced(struct reg *reg, const char *address, gint64 now,
                            int *times_out, struct err *e);
enum st reg_address_good(struct reg *reg, const char *address, struct err *e);
/* The same number, or 0 when the last of them is older than `since`. */
enum st reg_address_bounces(struct reg *reg, const char *address, gint64 since,
                            int *times_out, struct err *e);

#endif
