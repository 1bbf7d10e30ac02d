/* rtf.h - Rich Text Format (Microsoft's specification 1.9.1). */
#ifndef DRAFT_RTF_H
#define DRAFT_RTF_H

#include "draft/draft.h"

/* As docx_read(). */
enum file_state
rtf_read(const guint8 *data, size_t len, const struct draft_limits *limits,
         GString *text, GString *margins);

#endif
