/* package.h - is a finished Office file one that others can read?
 *
 * A second reading by code that shares nothing with the writers: the ZIP
 * reader that does not trust what it reads (draft/zip.h) and libxml2.  Every
 * entry inflates to what the directory says, every part is well-formed XML,
 * those that were made are there, and nothing in it is a formula, a link, an
 * embedded object or a macro. */
#ifndef REPORT_PACKAGE_H
#define REPORT_PACKAGE_H

#include "base/err.h"

/* What must be in it: so many parts whose names begin so. */
struct package_want {
    const char *parts; /* "xl/worksheets/sheet", "word/document.xml" */
    guint n;
};

/* ST_FATAL, saying which part, when not.  `name` is for the sentence. */
enum st package_check(const char *name, const void *data, size_t len,
                      const struct package_want *want, struct err *e);
enum st package_check_file(const char *path, const struct package_want *want,
                           struct err *e);

#endif
