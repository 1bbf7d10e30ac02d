/* doc.h - binary Word files, Word 97 to 2003 and WPS ([MS-DOC]). */
#ifndef DRAFT_DOC_H
#define DRAFT_DOC_H

#include "draft/draft.h"
#include "draft/ole.h"

/* As docx_read(). */
enum file_state doc_read(const struct ole *o, const struct draft_limits *limits,
                         GString *text, GString *margins);

#endif
