/* archive.h - a ZIP archive written from front to end (APPNOTE 6.3): deflated
 * entries, no date, no comment.  The same parts give the same bytes.
 *
 * For the files that we write ourselves; reading is draft/zip.h's. */
#ifndef REPORT_ARCHIVE_H
#define REPORT_ARCHIVE_H

#include <glib.h>
#include <stdio.h>

struct archive;
typedef struct archive archive;

/* Into a file, which is borrowed and stands at its beginning; or into memory,
 * to be taken by archive_take(). */
struct archive *archive_new(FILE *out);
struct archive *archive_in_memory(void);
void archive_free(struct archive *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(archive, archive_free)

/* Add an entry; names are ASCII, each given once. */
void
archive_add(struct archive *a, const char *name, const void *data, size_t len);

/* An entry that is deflated already. */
struct archive_entry {
    const char *name;
    size_t name_len;
    guint32 crc;          /* of what it inflates to */
    guint64 packed, size; /* bytes deflated and inflated */
};

/* Begin it; its `packed` bytes follow, in any number of pieces. */
void archive_begin(struct archive *a, const struct archive_entry *e);
void archive_put(struct archive *a, const void *bytes, size_t len);

/* Bytes deflated by themselves (RFC 1951).  Unless they are the last of their
 * entry they end at a whole byte and refer to nothing outside: other such
 * bytes can follow.  Caller unrefs. */
GByteArray *archive_deflate(const void *data, size_t len, gboolean last);

/* Directory and end; nothing can be added any more.  0, or the first error
 * (errno) of all that was written; EFBIG when it is more than a ZIP archive
 * without extensions holds. */
int archive_finish(struct archive *a);

/* Finish one in memory: all of it.  Caller unrefs. */
GBytes *archive_take(struct archive *a);

#endif
