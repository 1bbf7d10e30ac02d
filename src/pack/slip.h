/* slip.h - signs of an input method where YAML wants those of the keyboard.
 *
 * 财政局：3 looks right to whoever typed it, and libyaml stumbles over it a
 * line later, in words about something else.  So a file that is not YAML is
 * looked through for what people type; nothing here judges a file that is. */
#ifndef PACK_SLIP_H
#define PACK_SLIP_H

#include <glib.h>

struct slip {
    int line, column; /* from 1; columns count characters */
    char *text;       /* what is wrong, translated; owned */
};

/* The first slip in the lines `first` to `last` of valid UTF-8: a full-width
 * bracket outside quotes, a full-width comma before a key, a full-width or
 * unbreakable space where something should begin, a key whose colon is full
 * width or has no space behind it.
 * FALSE, and *out untouched, if there is none.  Pure. */
gboolean
slip_find(const char *data, size_t len, int first, int last, struct slip *out);

#endif
