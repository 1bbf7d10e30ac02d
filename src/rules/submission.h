/* submission.h - the last and longest step of decide(): a message that is
 * meant as a submission, and everything that is wrong with it at once. */
#ifndef RULES_SUBMISSION_H
#define RULES_SUBMISSION_H

#include "rules/decide.h"

/* Fills a decision that holds nothing yet but empty fields and the
 * registration of the sender. */
void submission_judge(const struct decide_input *in, struct decision *out);

#endif
