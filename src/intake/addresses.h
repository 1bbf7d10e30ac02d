/* addresses.h - where a unit is written to. */
#ifndef INTAKE_ADDRESSES_H
#define INTAKE_ADDRESSES_H

#include "intake/letters.h"

/* Every address that is registered for a unit today, each once: those of the
 * roster's file and those of the desk.  Of char*; caller unrefs. */
enum st unit_addresses(struct intake *i, const struct unit *u, GPtrArray **out,
                       struct err *e);

/* The letter to every address of a unit (post->to is not looked at).  *sent
 * counts units that have one; the names of those without are appended to
 * `without`. */
enum st
post_to_unit(struct intake *i, const struct unit *u, const struct post *post,
             int *sent, GPtrArray *without, struct err *e);

#endif
