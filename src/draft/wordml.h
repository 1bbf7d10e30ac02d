/* wordml.h - WordprocessingML events -> text.
 *
 * One reader for the dialects (ISO/IEC 29500 transitional and strict, the
 * same as one file, flat OPC, and Word 2003 XML), which share their element
 * names.  What counts as text is in docs/drafts.md. */
#ifndef DRAFT_WORDML_H
#define DRAFT_WORDML_H

#include "draft/sax.h"

struct wordml;

/* What is read is appended to `text`; headers, footers, notes, properties
 * and (a second time) text boxes to `margins`.  Both borrowed. */
struct wordml *
wordml_new(GString *text, GString *margins, const struct draft_limits *limits);
void wordml_free(struct wordml *w);
typedef struct wordml wordml;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(wordml, wordml_free)

/* One document or part: push its bytes, then finish (see sax.h). */
gboolean wordml_push(struct wordml *w, const guint8 *bytes, size_t len);
enum file_state wordml_finish(struct wordml *w);

/* Was there a VBA project in it (w:binData of Word 2003 XML,
 * a part of flat OPC)? */
gboolean wordml_has_macro(const struct wordml *w);

#endif
