/* pack_fields.h - the keys of pack.yaml and roster.yaml, and their words.
 *
 * Every list of words stands in the order of its enum in rules/pack.h. */
#ifndef PACK_PACK_FIELDS_H
#define PACK_PACK_FIELDS_H

#include "pack/schema.h"

extern const struct field pack_fields[];
extern const struct field roster_fields[];

extern const char *const period_words[];   /* enum period_kind */
extern const char *const credit_words[];   /* enum credit */
extern const char *const senders_words[];  /* enum senders */
extern const char *const held_words[];     /* enum held_reply */
extern const char *const standing_words[]; /* enum standing */
extern const char *const check_words[];    /* see check_reasons */
extern const char *const then_words[];     /* enum check_then */
extern const char *const per_words[];      /* PER_ bits from 0 on */
extern const char *const when_words[];     /* enum when from 1 on, then
                                              period_words */
extern const char *const effect_words[];   /* enum effect from 1 on */
extern const char *const as_words[];       /* enum rank_as */
extern const char *const refused_words[];  /* enum refusal from 1 on */
extern const char *const verdict_words[];  /* those that a check can give */

#endif
