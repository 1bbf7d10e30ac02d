/* docx.h - Word files made of XML parts in a ZIP (ISO/IEC 29500). */
#ifndef DRAFT_DOCX_H
#define DRAFT_DOCX_H

#include "draft/package.h"

/* Append text and margins of a FILE_DOCX as they stand there: the caller
 * cleans them, and throws them away when the state says so. */
enum file_state
docx_read(struct zip *z, const struct package *p,
          const struct draft_limits *limits, GString *text, GString *margins);

#endif
