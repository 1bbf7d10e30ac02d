/* views.h - the ways in which a cut line can be read, and the best of them.
 * The second half of rules/subject.c's work.
 *
 * A view says which tokens are the unit, which the submitter; numbers are
 * numbers; what is left must be one piece, and that is the title.  Views
 * are weighed (weigh.h; docs/subject.md has the table); where the best is
 * not clearly better than one that says otherwise, the field is unsure. */
#ifndef RULES_VIEWS_H
#define RULES_VIEWS_H

#include "rules/weigh.h"

struct judgement {
    struct view best;
    gboolean readable; /* there was a view at all */
    gboolean title_sure, unit_sure, submitter_sure;
};

void views_judge(const struct subject_line *l, struct judgement *out);

#endif
