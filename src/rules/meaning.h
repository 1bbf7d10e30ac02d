/* meaning.h - what a token may be: a unit, a person, a part of a unit, a
 * date, a mark of category or of nothing.  Used by tokens.c alone. */
#ifndef RULES_MEANING_H
#define RULES_MEANING_H

#include "rules/tokens.h"

/* The unit that [start, end) of the line names from end to end. */
enum match meaning_unit_within(const struct subject_context *c,
                               const struct subject_line *l, int start, int end,
                               struct unit **out);

/* Fill units, unit_end and shared_name (and the person behind unit_end) of a
 * token whose units are empty. */
void meaning_find_unit(const struct subject_context *c,
                       const struct subject_line *l, struct token *t);

/* 李强-32047: digits beside a person become a number. */
void meaning_find_extensions(struct subject_line *l);

/* Category, tag and noise: the tokens become TOKEN_NOISE. */
void
meaning_find_marks(const struct subject_context *c, struct subject_line *l);

/* All the rest, of every token of text. */
void meaning_classify(const struct subject_context *c, struct subject_line *l);

#endif
