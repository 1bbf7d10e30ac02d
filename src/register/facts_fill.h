/* facts_fill.h - filling the facts, shared by the files that do it. */
#ifndef REGISTER_FACTS_FILL_H
#define REGISTER_FACTS_FILL_H

#include "register/facts.h"
#include "register/facts_scope.h"

struct filling {
    struct reg *reg;
    const struct pack *pack;
    const struct clock *clock;
    struct facts *facts;
    GHashTable *submissions; /* id -> index + 1 in facts */
    GHashTable *commissions; /* likewise */
    GPtrArray *skipped;
};

/* Index of a row in the facts, -1 when it is not among them. */
int filling_index(GHashTable *map, gint64 id);
void filling_remember(GHashTable *map, gint64 id, int index);

/* Index in the roster; -1, and `where` and the unit among what was skipped,
 * when it is not there. */
int filling_unit(struct filling *f, const char *unit, const char *where);

/* In this order: what comes later points to what came before. */
enum st filling_commissions(struct filling *f, const struct facts_scope *s,
                            struct err *e);
enum st filling_submissions(struct filling *f, const struct facts_scope *s,
                            struct err *e);
enum st filling_marks(struct filling *f, const struct facts_scope *s,
                      civil_day from, civil_day to, struct err *e);
enum st filling_incidents(struct filling *f, const struct facts_scope *s,
                          struct err *e);

#endif
