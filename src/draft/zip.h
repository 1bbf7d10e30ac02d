/* zip.h - a ZIP archive in memory, trusted in nothing (APPNOTE 6.3).
 *
 * An archive is refused as a whole when it lies: a local header that
 * disagrees with the directory, entries that overlap, a name given twice.
 * An entry is refused when what it inflates to is not of the length and CRC
 * that the directory says.  Why not libgsf: it believes the directory and
 * cuts silently; why not libzip: slower, and the checks are needed anyway.
 * Split archives and ZIP64 directories are refused: no draft needs them. */
#ifndef DRAFT_ZIP_H
#define DRAFT_ZIP_H

#include "draft/draft.h"

struct zip;

struct zip_entry {
    const char *raw_name; /* as in the archive; borrowed from its bytes */
    size_t raw_len;
    gboolean encrypted; /* flag 0 */
    unsigned method;    /* 0 stored, 8 deflated; others cannot be read */
    guint32 crc;
    size_t packed; /* bytes in the archive */
    size_t size;   /* bytes inflated, as the directory says */
    size_t header; /* where the local header begins */
    size_t data;   /* where the packed bytes begin */
};

/* `data` is borrowed and must outlive *out.  FILE_OK, FILE_UNREADABLE (no
 * ZIP, damaged or lying) or FILE_OVER_LIMIT (too many entries). */
enum file_state zip_open(const guint8 *data, size_t len,
                         const struct draft_limits *limits, struct zip **out);
void zip_close(struct zip *z);
typedef struct zip zip;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip, zip_close)

size_t zip_count(const struct zip *z);
const struct zip_entry *zip_entry_at(const struct zip *z, size_t i);

/* The entry of that name, ASCII case and the slash's direction left out of
 * account as OPC and Windows do; NULL if there is none. */
const struct zip_entry *zip_find(const struct zip *z, const char *name);

/* Does the name begin, or end, so?  Compared as by zip_find(). */
gboolean zip_starts(const struct zip_entry *e, const char *prefix);
gboolean zip_ends(const struct zip_entry *e, const char *suffix);

/* The name as text: UTF-8 where valid (flagged or not), else GB18030,
 * whatever flag 11 says.  Passed text_line.  Caller frees. */
char *zip_entry_name(const struct zip_entry *e);

/* All names, one a line, for display and for markings.  Caller frees. */
char *zip_names(const struct zip *z);

/* Takes the next bytes of an entry; FALSE stops the inflation. */
typedef gboolean (*zip_sink)(const guint8 *bytes, size_t len, void *user);

/* Inflate an entry piece by piece into `sink`.  FILE_OK only when all of it
 * came and its length and CRC are right; else what the sink was given is not
 * to be believed: FILE_ENCRYPTED, FILE_UNREADABLE (damaged, lying, or
 * stopped by the sink), FILE_OVER_LIMIT (entry, ratio, or archive in all). */
enum file_state zip_inflate(struct zip *z, const struct zip_entry *e,
                            zip_sink sink, void *user);

/* An entry whole.  *out untouched unless FILE_OK; caller unrefs. */
enum file_state
zip_read(struct zip *z, const struct zip_entry *e, GBytes **out);

#endif
