/* weigh.h - one way to read a line, and what speaks against it. */
#ifndef RULES_WEIGH_H
#define RULES_WEIGH_H

#include "rules/tokens.h"

enum { MAX_TOKENS = 48 }; /* a line of more is not read */

struct run {
    int first, last; /* tokens, both included; -1: none */
};

/* What a view leaves unsure, although it may be the best. */
enum doubt {
    DOUBT_TITLE = 1 << 0,
    DOUBT_UNIT = 1 << 1,
    DOUBT_SUBMITTER = 1 << 2
};

struct view {
    struct run unit;
    gboolean unit_known;  /* the roster has it */
    struct run submitter; /* may be the unit's token: 县商务局何平 */
    struct run title;     /* set by weigh_view */
    int cost;             /* likewise; less is better */
    unsigned doubts;      /* likewise; of enum doubt */
};

/* A longer name of a body, known to nobody, is more likely a title. */
enum { WEIGH_BODY_CHARS = 10 };

/* Views nearer to each other than this are both possible. */
enum { WEIGH_MARGIN = 4 };

/* Find the title and the cost of a view whose unit and submitter are set.
 * FALSE when it leaves pieces over that are nothing. */
gboolean weigh_view(const struct subject_line *l, struct view *v);

/* The units of a run, in order, each once; of struct unit.  Caller
 * unrefs. */
GPtrArray *weigh_units(const struct subject_line *l, struct run run);

gboolean
weigh_same_units(const struct subject_line *l, struct run a, struct run b);

/* Does the token name units from end to end? */
gboolean weigh_is_unit(const struct token *t);

/* Is token i the next of a list of units that token i - 1 is in? */
gboolean weigh_continues_list(const struct subject_line *l, int i);

#endif
