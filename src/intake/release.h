/* release.h - 解除隔离: quarantined messages that staff have judged to bear
 * no marking, to be read once more where they lie. */
#ifndef INTAKE_RELEASE_H
#define INTAKE_RELEASE_H

#include "register/register.h"

/* Add a message to the list, or take it off it again. */
enum st releases_add(struct reg *reg, gint64 message, struct err *e);
enum st releases_drop(struct reg *reg, gint64 message, struct err *e);

/* Put the ids (gint64*, owned by the table) into `out`. */
enum st releases_get(struct reg *reg, GHashTable *out, struct err *e);

#endif
