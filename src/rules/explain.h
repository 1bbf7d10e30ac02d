/* explain.h - a score taken apart: every line with its item, clause, fact,
 * date, who recorded it, and how the groups decided; and what stands beside
 * the lines without giving points. */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H

#include "rules/score.h"

struct explained {
    const struct score_line *line; /* points, mark, who: borrowed; NULL: a
                                      mark that books nothing */
    civil_day day;                 /* of the line, else of the mark */
    const char *item;              /* its name in the pack, ... */
    const char *then;              /* ... and in the pack of its day, ... */
    const char *label;             /* ... what is printed ... */
    const char *clause;   /* ... and where it stands; borrowed, or NULL */
    const char *currency; /* NULL: points; else counted apart */
    char *about;          /* what it hangs on: "2019-0012 标题", or NULL */
    char *reason;         /* a sentence: what it counts for, and why; or NULL */
    const char *by;   /* who recorded the fact; NULL: it follows from others */
    const char *note; /* what he noted, or NULL */
};

/* All lines of somebody in [from, to], in order of days.  Those of one
 * currency add up to score_currency().  Of struct explained, freed with the
 * array. */
GPtrArray *
explain(const struct score *s, score_who who, civil_day from, civil_day to);

/* The lines of one submission (an index in facts), of everybody. */
GPtrArray *explain_submission(const struct score *s, int submission,
                              civil_day from, civil_day to);

/* Marks of items without points dated in [from, to] that live on `to`:
 * targets met and missed, praise, criticism, vetoes.  Of struct explained. */
GPtrArray *explain_pointless(const struct score *s, score_who who,
                             civil_day from, civil_day to);

/* Marks of the desk dated in [from, to] that are worth nothing because the
 * pack in force on their day does not have the item, or makes such marks by
 * itself; of somebody, -1: of everybody.  Of struct explained; those on no
 * submission are about their unit. */
GPtrArray *explain_unknown(const struct score *s, score_who who, civil_day from,
                           civil_day to);

/* What the office decided where the regulation is silent and these lines
 * (of explain()) rest on: "采用: ...", each once.  Of char*. */
GPtrArray *explain_choices(const struct score *s, const GPtrArray *lines);

#endif
