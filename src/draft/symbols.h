/* symbols.h - characters set in a symbol font, as Unicode. */
#ifndef DRAFT_SYMBOLS_H
#define DRAFT_SYMBOLS_H

#include <glib.h>

/* `code` as Word stores it: 0xF000 + the font's own code, or the code alone.
 * The secrecy star is often typed so.  U+FFFD when we do not know it. */
gunichar symbol_char(const char *font, guint32 code);

#endif
