/* ole_properties.h - title, subject, keywords ... of an OLE2 file
 * ([MS-OLEPS] 2.21, [MS-OSHARED] 2.3.3.2). */
#ifndef DRAFT_OLE_PROPERTIES_H
#define DRAFT_OLE_PROPERTIES_H

#include "draft/ole.h"

/* Append every string of the two summary streams to `out`, one a line.
 * What is damaged is left out. */
void ole_properties_read(const struct ole *o, GString *out);

#endif
