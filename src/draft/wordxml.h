/* wordxml.h - Word files that are one XML file: Word 2003 XML, flat OPC. */
#ifndef DRAFT_WORDXML_H
#define DRAFT_WORDXML_H

#include "draft/draft.h"

/* As docx_read(). */
enum file_state
wordxml_read(const guint8 *data, size_t len, const struct draft_limits *limits,
             GString *text, GString *margins);

#endif
