/* notice.h - the text of the 通报 as a Word file.
 *
 * The words are the office's: templates/notice.docx.mustache says what stands
 * in it, in which order, and of what kind each paragraph is; notice.ini has
 * fonts and small words.  The layout is document.h's. */
#ifndef REPORT_NOTICE_H
#define REPORT_NOTICE_H

#include "report/bulletin.h"

struct notice_words;
typedef struct notice_words notice_words;

/* From `dir`; what `own_dir` (may be NULL) has replaces it.  ST_REJECT with
 * the place for an unknown key, name or kind of paragraph. */
enum st notice_load_words(const char *dir, const char *own_dir,
                          struct notice_words **out, struct err *e);
void notice_words_free(struct notice_words *n);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(notice_words, notice_words_free)

/* `words` are those of the workbook.  The file has been read again.  Caller
 * unrefs. */
enum st notice_docx(const struct bulletin *b, const struct phrases *words,
                    const struct notice_words *n, GBytes **out, struct err *e);

#endif
