/* message_row.h - parts of a message's row, shared by the files that write
 * it. */
#ifndef REGISTER_MESSAGE_ROW_H
#define REGISTER_MESSAGE_ROW_H

#include "register/db.h"
#include "register/message.h"

/* Is there anything of its content in it? */
gboolean message_says(const struct reg_message *m);

/* Parameters ?4 to ?20 of INSERT and UPDATE alike: what a judgement says. */
void message_bind(struct query *q, const struct reg_message *m,
                  const char *reasons, const char *notes);

/* The handle that goes with a verdict; NULL with accepted. */
enum st message_need_handle(struct reg *reg, gint64 id, enum verdict verdict,
                            char **out, struct err *e);

#endif
