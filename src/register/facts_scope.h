/* facts_scope.h - which rows a period's facts hang together with.
 *
 * A mark of March may sit on a submission of December; that one answers a
 * commission, whose other answers decide who came first.  The scope is
 * closed: whatever anything in it hangs on is in it. */
#ifndef REGISTER_FACTS_SCOPE_H
#define REGISTER_FACTS_SCOPE_H

#include "register/db.h"

struct scope_submission {
    gint64 id;
    int year, serial;
    gint64 received;
    civil_day day;
    char *title;
    char *category;
    int words;
    gint64 commission, incident;
    char *stage;
    char *openness;
};

struct facts_scope {
    GPtrArray *submissions;  /* of struct scope_submission, by number */
    GHashTable *commissions; /* of gint64 */
    GHashTable *incidents;   /* of gint64 */
    GHashTable *known;       /* ids of the submissions */
};

struct facts_scope *scope_new(void);
void scope_free(struct facts_scope *s);
typedef struct facts_scope facts_scope;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(facts_scope, scope_free)

/* Fill with what is dated in [from, to] (commissions: issued, or due from
 * due_from to before due_to), and close it. */
enum st scope_fill(struct reg *reg, struct facts_scope *s, civil_day from,
                   civil_day to, gint64 due_from, gint64 due_to, struct err *e);

/* One submission, and nothing that it hangs on. */
enum st scope_fill_one(struct reg *reg, struct facts_scope *s,
                       gint64 submission, struct err *e);

/* Ids of a set in ascending order; of gint64. */
GArray *scope_ids(GHashTable *set);

#endif
