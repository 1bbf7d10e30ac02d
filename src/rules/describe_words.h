/* describe_words.h - single values of a rule pack in words; for describe.c
 * and explain.c.
 *
 * Texts that are given away are the caller's to free; NULL or "" where there
 * is nothing to say. */
#ifndef RULES_DESCRIBE_WORDS_H
#define RULES_DESCRIBE_WORDS_H

#include "rules/pack.h"

/* Append `text`, with `separator` before it unless it is the first. */
void words_add(GString *s, const char *separator, const char *text);

/* ---- one of a closed set: borrowed ---- */
const char *words_of_period(enum period_kind kind);
const char *words_of_senders(enum senders senders);
const char *words_of_standing(enum standing standing);
const char *words_of_reason(enum reason r);
const char *words_of_then(enum check_then then);
const char *words_of_rank(enum rank_as as);

/* ---- names ---- */
char *words_of_forms(const struct pack *p, const struct index_set *set);
char *words_of_class_set(const struct pack *p, const struct index_set *set);
char *words_of_measures(const struct pack *p, const struct index_set *set);
/* "A类, from 2024-07-01 B类" */
char *words_of_classes(const struct pack *p, const struct unit *u);
/* Items by the groups that they make up: "采用, 批示". */
char *words_of_items(const struct pack *p, const struct index_set *set);
/* "采用 > 县采用": a group and what is around it. */
char *words_of_way(const struct pack *p, int group);

/* ---- whole values ---- */
char *words_of_joint(const struct pack *p);
char *words_of_odd_periods(const struct pack *p);
/* All cases of an item, a line each; one of them. */
char *words_of_worth(const struct pack *p, const struct pack_item *item);
char *
words_of_case(const struct pack *p, const struct pack_item *item, guint index);
char *words_of_when(const struct pack *p, const struct pack_item *item);
char *words_of_effect(const struct pack_item *item);
char *words_of_pot(unsigned per);
char *words_of_measure(const struct pack *p, const struct pack_measure *m);
char *words_of_targets(const struct pack *p, const struct pack_measure *m);

#endif
