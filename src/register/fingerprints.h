/* fingerprints.h - the fingerprints of drafts and of published texts, packed
 * as draft/fingerprint.h says.
 *
 * Each has an id of its own, ascending in the order in which they came: what
 * is made from them in memory or in a file knows by the last id, and the hash
 * of the whole text beside it, whether it is still true. */
#ifndef REGISTER_FINGERPRINTS_H
#define REGISTER_FINGERPRINTS_H

#include "register/register.h"

enum st reg_fingerprint_add(struct reg *reg, gint64 draft, guint64 whole,
                            GBytes *hashes, struct err *e);

/* How many were ever dropped (purged drafts, published texts that are gone):
 * when it changes, everything made from fingerprints is made anew. */
enum st reg_fingerprints_dropped(struct reg *reg, gint64 *out, struct err *e);

/* How many there are, and their bytes. */
enum st reg_fingerprints_count(struct reg *reg, gint64 *n_out,
                               gint64 *bytes_out, struct err *e);

/* Call `take` with each from after `after` on, in order; `hashes` is
 * borrowed for the call. */
typedef enum st (*reg_fingerprint_fn)(gint64 id, guint64 whole,
                                      const void *hashes, gsize size,
                                      void *user, struct err *e);
enum st reg_fingerprints(struct reg *reg, gint64 after, reg_fingerprint_fn take,
                         void *user, struct err *e);

/* Is this one still the one with this text? */
enum st reg_fingerprint_is(struct reg *reg, gint64 id, guint64 whole,
                           gboolean *out, struct err *e);

/* The first `most` ids with exactly this text: of gint64. */
enum st reg_fingerprints_whole(struct reg *reg, guint64 whole, int most,
                               GArray **out, struct err *e);

struct reg_fingerprint {
    gint64 draft;     /* or 0 */
    gint64 reference; /* or 0 */
    guint64 whole;
    GBytes *hashes;
    char *text; /* of the draft or the published text; or NULL */
    char *name; /* of the published text */
};
void reg_fingerprint_free(struct reg_fingerprint *f);
typedef struct reg_fingerprint reg_fingerprint;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reg_fingerprint, reg_fingerprint_free)

/* NULL when there is none of this id (any more). */
enum st reg_fingerprint_get(struct reg *reg, gint64 id,
                            struct reg_fingerprint **out, struct err *e);

/* Who sent a draft, in any version: of struct reg_sender, in the order of
 * their numbers; purged ones are not among them. */
struct reg_sender {
    gint64 submission;
    char *number;
    GPtrArray *units; /* of char*, first-named first */
};
enum st reg_draft_senders(struct reg *reg, gint64 draft, GPtrArray **out,
                          struct err *e);

/* ---- drafts that were recorded before there were fingerprints ---- */

/* Does one lack its fingerprint? */
enum st reg_fingerprints_missing(struct reg *reg, gboolean *out, struct err *e);
/* The next draft without one, *id_out 0: no more.  Then the register
 * remembers that. */
enum st reg_fingerprint_lacking(struct reg *reg, gint64 after, gint64 *id_out,
                                char **text_out, struct err *e);
enum st reg_fingerprints_complete(struct reg *reg, struct err *e);

/* ---- published texts ---- */

struct reg_reference {
    gint64 id;
    char *name;
    gint64 size, modified;
};
void reg_reference_free(struct reg_reference *r);

/* Of struct reg_reference, by name. */
enum st reg_references(struct reg *reg, GPtrArray **out, struct err *e);
/* Keep a text (NULL: it has none) and its fingerprint (NULL: none). */
enum st reg_reference_add(struct reg *reg, const struct reg_reference *r,
                          const char *text, guint64 whole, GBytes *hashes,
                          struct err *e);
enum st reg_reference_drop(struct reg *reg, gint64 id, struct err *e);

#endif
