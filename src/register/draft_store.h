/* draft_store.h - drafts as rows: bytes shared by their SHA-256. */
#ifndef REGISTER_DRAFT_STORE_H
#define REGISTER_DRAFT_STORE_H

#include "register/db.h"
#include "register/submission.h"

/* Store, or find the row that has the same bytes. */
enum st draft_put(struct reg *reg, const struct reg_draft *d, gint64 *id_out,
                  struct err *e);

/* The row with these bytes; 0 when there is none. */
enum st
draft_find(struct reg *reg, const char *sha256, gint64 *id_out, struct err *e);

/* Read back, under the file name it was sent with.  ST_FATAL when the bytes
 * are not those that were stored. */
enum st draft_get(struct reg *reg, gint64 id, const char *name,
                  struct reg_draft **out, struct err *e);

/* Drop rows that no submission or version points to any more. */
enum st draft_drop_unused(struct reg *reg, struct err *e);

#endif
