/* kind.h - what a file is, by its first bytes and its directory. */
#ifndef DRAFT_KIND_H
#define DRAFT_KIND_H

#include "draft/ole.h"
#include "draft/package.h"

/* What was opened to find out, kept for reading. */
struct opened {
    enum file_kind kind;
    enum file_state state;  /* FILE_OK, or why it cannot be read at all */
    struct zip *zip;        /* of a ZIP that could be opened, else NULL */
    struct package package; /* with `zip` only */
    struct ole *ole; /* of an OLE2 file that could be opened, else NULL */
};

void kind_open(const guint8 *data, size_t len, const char *name,
               const struct draft_limits *limits, struct opened *out);
void kind_close(struct opened *o);

#endif
