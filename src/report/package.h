/* package.h - is a finished workbook one that others can read?
 *
 * A quick second reading with libraries other than the one that wrote it:
 * the ZIP can be listed, every part of it is well-formed XML, there are as
 * many sheets as were made, and no formula, link or macro is among them. */
#ifndef REPORT_PACKAGE_H
#define REPORT_PACKAGE_H

#include "base/err.h"

/* ST_FATAL, saying which part, when not. */
enum st package_check(const char *path, guint sheets, struct err *e);

#endif
