/* standings_state.h - what standings*.c share. */
#ifndef RULES_STANDINGS_STATE_H
#define RULES_STANDINGS_STATE_H

#include "rules/standings.h"

/* A row for somebody who has none; with his counts and points, without
 * tasks.  The table owns it. */
struct standing_row *standings_add_row(struct standings *t, score_who who);

/* Set every row's rank and award, by its adjustment too; put the rows in
 * order. */
enum st standings_rank(struct standings *t, struct err *e);

#endif
