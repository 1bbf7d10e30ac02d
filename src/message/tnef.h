/* tnef.h - winmail.dat ([MS-OXTNEF]): the attachments inside.
 *
 * An own reader: it only ever gives slices of the bytes it was given, so a
 * lying length can end the reading and do nothing else.  GLib only. */
#ifndef MESSAGE_TNEF_H
#define MESSAGE_TNEF_H

#include <glib.h>

struct tnef_file {
    char *name;         /* a line, or NULL; owned */
    const guint8 *data; /* borrowed from the stream */
    size_t len;
};

/* The attachments, at most `max`; an array of struct tnef_file that frees
 * its names.  *damaged_out says that the stream ended too early or lied. */
GArray *
tnef_read(const guint8 *data, size_t len, unsigned max, gboolean *damaged_out);

#endif
