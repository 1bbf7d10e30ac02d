/* html_doc.h - what office systems save as .doc: HTML, a web archive
 * (MHT, RFC 2557), plain text. */
#ifndef DRAFT_HTML_DOC_H
#define DRAFT_HTML_DOC_H

#include "draft/draft.h"

/* As docx_read(). */
enum file_state
html_doc_read(const guint8 *data, size_t len, const struct draft_limits *limits,
              GString *text, GString *margins);
enum file_state text_doc_read(const guint8 *data, size_t len,
                              const struct draft_limits *limits, GString *text);

#endif
