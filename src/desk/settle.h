/* settle.h - staff have decided about a message that waited. */
#ifndef DESK_SETTLE_H
#define DESK_SETTLE_H

#include "intake/incoming.h"

/* The register says so, and at the next look the message goes where one of
 * that verdict belongs. */
enum st
settle(struct intake *i, gint64 message, enum verdict verdict,
       const struct reason_list *reasons, const struct reason_list *notes,
       const struct reg_act *act, struct err *e);

#endif
