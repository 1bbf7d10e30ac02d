/* similar.h - is this draft like one that we have? */
#ifndef INTAKE_SIMILAR_H
#define INTAKE_SIMILAR_H

#include "intake/intake.h"
#include "register/similar.h"
#include "register/submission.h"

/* Fill in a draft's fingerprint, and find what it is like: of struct
 * reg_similar, the most alike first.  What its own units sent is not among
 * it, nor what another copied from that.  `units` are short names. */
enum st similar_find(struct intake *i, struct reg_draft *draft,
                     const GPtrArray *units, GPtrArray **out, struct err *e);

/* Fill in the numbers of what was found, for findings that are not recorded. */
enum st similar_number(struct intake *i, GPtrArray *findings, struct err *e);

/* Thousandths as a person says them: 1 to 100, never rounded to nothing. */
int similar_percent(int thousandths);

/* A passage of a draft's text on one line, at most `most` characters. */
char *
similar_excerpt(const char *text, const struct reg_passage *p, guint most);

/* "2019-0007 62%、2019-0003 31%", the greater of the two shares of each, for
 * one cell; NULL when there is no finding. */
char *similar_summary(const GPtrArray *findings);

#endif
