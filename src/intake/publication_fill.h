/* publication_fill.h - how a struct bulletin is filled from standings, for
 * publication*.c alone. */
#ifndef INTAKE_PUBLICATION_FILL_H
#define INTAKE_PUBLICATION_FILL_H

#include "intake/publication.h"
#include "reply/phrases.h"

struct filling {
    const struct office *o;
    const struct standings *t;
    const struct score *score;
    const struct pack *pack;
    const struct facts *facts;
    const struct phrases *words;
    struct bulletin *b;
    GArray *rankings; /* of struct filled_ranking */
};

/* A ranking of this kind of period, reckoned. */
struct filled_ranking {
    const struct pack_ranking *ranking;
    const GArray *rows; /* of struct rank_row; the standings' */
    int column; /* in the bulletin's table, -1: that of the table itself */
};

/* Printed name of a unit, or the person's. */
const char *fill_who_name(const struct filling *f, score_who who);

/* The group printed above a column: the outermost but one, so that the
 * levels (县采用, 市采用 ...) stand side by side.  NULL: of no group. */
const char *fill_group(const struct pack *p, const struct pack_item *item);

/* 3月份, or with its year where that is not the bulletin's.  Caller frees. */
char *fill_period(const struct filling *f, const struct period *p);

/* NULL where it is not to be published (draft/openness.h): everything that
 * prints a submission's title takes it from here. */
const char *fill_title(const struct fact_submission *s);

/* Not of a hidden class. */
gboolean fill_is_shown(const struct filling *f, const struct standing_row *r);

/* ---- publication_tables.c ---- */
void fill_rankings(struct filling *f);
void fill_tables(struct filling *f);
void fill_targets(struct filling *f);

/* ---- publication_lists.c ---- */
void fill_adoptions(struct filling *f);
void fill_deductions(struct filling *f);
void fill_adjustments(struct filling *f);
enum st fill_commissions(struct filling *f, struct reg *reg, struct err *e);
void fill_notes(struct filling *f);

/* ---- publication_honours.c ---- */
enum st fill_honours(struct filling *f, struct err *e);

#endif
