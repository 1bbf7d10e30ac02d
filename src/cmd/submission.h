/* submission.h - how the commands write a submission. */
#ifndef CMD_SUBMISSION_H
#define CMD_SUBMISSION_H

#include "intake/office.h"
#include "register/similar.h"
#include "register/submission.h"

#include <json-glib/json-glib.h>

/* The names of its units, with 、 between them.  Caller frees. */
char *submission_units(const struct office *o, const struct reg_submission *s);

/* The members that `list` and `show` have in common, into an object. */
void submission_json(JsonBuilder *b, const struct office *o,
                     const struct reg_submission *s, const GPtrArray *marks);

/* What a finding says of both, from the side of this submission. */
void finding_json(JsonBuilder *b, const struct reg_similar *f);

#endif
