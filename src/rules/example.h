/* example.h - a pack's own examples: facts, and what must follow. */
#ifndef RULES_EXAMPLE_H
#define RULES_EXAMPLE_H

#include "rules/score.h"

struct example_outcome {
    gboolean passed;
    const struct pack_example *example;
    const struct place *place; /* of the expectation, or of the example */
    char *text;                /* "县财政局 2019-03: 3.2, expected 10.2" */
};

/* Run one example, or all of a pack.  Of struct example_outcome, one for
 * everything that was expected; freed with the array. */
GPtrArray *example_run(const struct pack *p, const struct pack_example *x);
GPtrArray *examples_run(const struct pack *p);

/* How many did not pass. */
guint example_failures(const GPtrArray *outcomes);

/* The facts of an example as the evaluator takes them.  Caller frees. */
struct facts *example_facts(const struct pack *p, const struct pack_example *x);

/* The last day that an example speaks of: until then it must be scored. */
civil_day example_last_day(const struct pack *p, const struct pack_example *x);

#endif
