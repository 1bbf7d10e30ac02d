/* file.h - files that are either there whole or not there. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/err.h"

/* Write `len` bytes to `path`: a temporary file beside it, mode 0600,
 * written, fsync'ed, closed (each result looked at), renamed, the directory
 * fsync'ed.  On failure the old file is untouched and the temporary gone;
 * a failed fsync is ST_FATAL (the kernel forgets the error). */
enum st
file_write(const char *path, const void *data, size_t len, struct err *e);

/* Rename a finished file into place with the same guarantees. */
enum st file_publish(const char *temporary, const char *path, struct err *e);

/* The whole file, refused when larger than `limit` bytes.
 * *out_data is NUL-terminated behind its length; caller frees. */
enum st file_read(const char *path, size_t limit, char **out_data,
                  size_t *out_len, struct err *e);

/* A file of [sections] with key=value lines, in UTF-8; a wrong one is
 * ST_REJECT, EXIT_CONFIGURATION.  Caller unrefs. */
enum st
file_read_keys(const char *path, size_t limit, GKeyFile **out, struct err *e);

/* Make a directory and its parents, mode 0700. */
enum st file_mkdir(const char *path, struct err *e);

/* What its mode lets others than the owner do, in S_IRWXG and S_IRWXO; 0 also
 * where there is no such file. */
unsigned file_open_to_others(const char *path);

/* fsync a directory. */
enum st file_sync_dir(const char *path, struct err *e);

#endif
