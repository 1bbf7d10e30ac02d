/* informants.h - the informants that the desk registered count like those of
 * the roster's file. */
#ifndef INTAKE_INFORMANTS_H
#define INTAKE_INFORMANTS_H

#include "intake/intake.h"

/* Make the roster in memory say what the register says now: before a look,
 * before orders, and after one that changed it. */
enum st informants_refresh(struct office *o, struct reg *reg, struct err *e);

#endif
