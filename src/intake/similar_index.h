/* similar_index.h - the index of all fingerprints of the register, in step
 * with it.
 *
 * Most of it lies in DATA/similar.index, which is mapped, not read, so that a
 * poll that finds one draft among a million does not load them all; what was
 * recorded since the file was made is added from the register, and taken
 * back when its transaction was.  The file is a shadow of the register: it
 * may be deleted at any time, and is not used any more as soon as a
 * fingerprint was dropped. */
#ifndef INTAKE_SIMILAR_INDEX_H
#define INTAKE_SIMILAR_INDEX_H

#include "draft/fingerprint_index.h"
#include "intake/intake.h"

struct similar;
void similar_free(struct similar *s);

/* Opened, if it was not yet, and in step with what the register says now,
 * within the open transaction or without one.  *out is the intake's. */
enum st
similar_index_ready(struct intake *i, struct similar **out, struct err *e);

/* As fingerprint_index.h says; the weights are freed by the caller. */
guint similar_index_find(struct similar *s, const struct fingerprint *f,
                         guint16 *weights, struct alike *out);
guint16 *similar_index_weigh(struct similar *s, const struct fingerprint *f);
guint similar_index_drafts(const struct similar *s);

/* Outside of transactions: make the file anew when much has gathered beside
 * it; `idle`: already when some has. */
enum st similar_index_settle(struct intake *i, gboolean idle, struct err *e);

/* After fingerprints were dropped: nothing of them stays in the file. */
enum st similar_index_forget(const struct intake *i, struct err *e);

#endif
