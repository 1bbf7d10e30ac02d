/* similar.h - which submissions are alike, and in what: findings for staff,
 * who alone decide what they are.
 *
 * A finding is recorded with the submission that came later, and is seen
 * from both sides. */
#ifndef REGISTER_SIMILAR_H
#define REGISTER_SIMILAR_H

#include "register/register.h"

struct reg_passage { /* characters of the draft's text */
    guint32 at, len;
};

struct reg_similar {
    gint64 other;     /* submission, 0: a published text */
    char *reference;  /* name of the published text, or NULL */
    int degree;       /* draft/likeness.h */
    int here, there;  /* thousandths of this draft, and of the other one, that
                         stand in passages of both */
    GArray *passages; /* of struct reg_passage, see `of` */
    /* Filled in by the register. */
    gint64 of;    /* the submission whose draft's text holds the passages */
    char *number; /* of the other submission; NULL: a published text */
    char *title;  /* likewise */
    char *unit;   /* its first-named unit's short name */
};
struct reg_similar *reg_similar_new(void);
void reg_similar_free(struct reg_similar *s);

/* Record the findings (of struct reg_similar) about a submission's present
 * draft, instead of all earlier ones. */
enum st reg_similar_set(struct reg *reg, gint64 submission,
                        const GPtrArray *findings, struct err *e);

/* What a submission is like: those that came before, as they were found, and
 * then those that came after and were found to be like it.  Of struct
 * reg_similar, as seen from this submission. */
enum st reg_similar_of(struct reg *reg, gint64 submission, GPtrArray **out,
                       struct err *e);

#endif
