/* report.h - what a delivery report (RFC 3464) says about our mail.
 * GLib only. */
#ifndef MESSAGE_REPORT_H
#define MESSAGE_REPORT_H

#include "message/reading.h"

/* Fill what a reading has of a delivery report from the content of a
 * message/delivery-status part. */
void report_read_status(struct reading *r, const char *text, size_t len);

/* Fill bounced_id from the header of the mail that came back. */
void report_read_original(struct reading *r, const char *text, size_t len);

#endif
