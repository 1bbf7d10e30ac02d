/* i18n.h - sentences of the command line and of error messages are English
 * msgids; a gettext catalogue translates them.  Log lines are never
 * translated: programs read them. */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>

#define _(s) gettext(s)
#define N_(s) (s)

#endif
