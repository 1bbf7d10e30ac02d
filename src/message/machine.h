/* machine.h - is this message from a machine?  Pure; GLib only.
 *
 * By the standards (RFC 3834, 3464, 8098, 5230 4.6) and by the habits of
 * QQ, Coremail, Foxmail and Exchange, whose recall notices, receipts and
 * automatic replies look like mail from people. */
#ifndef MESSAGE_MACHINE_H
#define MESSAGE_MACHINE_H

#include "message/header.h"
#include "message/reading.h"

/* The header that every mail of ours bears. */
#define MACHINE_LOOP_HEADER "X-Baosong-Loop"

/* How its Message-ID begins (reply/compose.h); 32 hexadecimal digits and @
 * follow. */
#define MACHINE_OWN_ID "<baosong."

struct machine_facts {
    const struct header *header; /* of the message, the outermost */
    const char *report_type; /* "delivery-status" ...: of a multipart/report,
                                or of a part; NULL when it is no report */
    const char *subject;     /* decoded, or NULL */
    const GPtrArray *from;   /* of struct reading_address */
    const char *own_address; /* ours, or NULL */
    gboolean has_word;       /* a Word file is attached: a subject alone is
                                then no proof of a machine */
};

/* *reason_out is the field that decided, a line to be freed, or NULL with
 * MACHINE_NO. */
enum machine machine_find(const struct machine_facts *facts, char **reason_out);

#endif
