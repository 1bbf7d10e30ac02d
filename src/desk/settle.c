/* settle.c - see settle.h. */
#include "desk/settle.h"

enum st
settle(struct intake *i, gint64 message, enum verdict verdict,
       const struct reason_list *reasons, const struct reason_list *notes,
       const struct reg_act *act, struct err *e)
{
    enum st st =
        reg_message_decide(i->reg, message, verdict, reasons, notes, act, e);

    return st == ST_OK ? reg_place_send(i->reg, message, folder_of(verdict), e)
                       : st;
}
