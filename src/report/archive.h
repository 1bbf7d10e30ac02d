/* archive.h - a ZIP archive made in memory (APPNOTE 6.3): deflated entries,
 * no date, no comment.  The same parts give the same bytes.
 *
 * For the small files that we write ourselves; reading is draft/zip.h's. */
#ifndef REPORT_ARCHIVE_H
#define REPORT_ARCHIVE_H

#include <glib.h>

struct archive;
typedef struct archive archive;

struct archive *archive_new(void);
void archive_free(struct archive *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(archive, archive_free)

/* Add an entry; names are ASCII, each given once. */
void
archive_add(struct archive *a, const char *name, const void *data, size_t len);

/* Directory and end; nothing can be added any more.  Caller unrefs. */
GBytes *archive_finish(struct archive *a);

#endif
