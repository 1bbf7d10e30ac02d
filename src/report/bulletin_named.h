/* bulletin_named.h - who is named for what: the facts of a bulletin's honours
 * put together, for the sheet 表扬批评 and for the 通报. */
#ifndef REPORT_BULLETIN_NAMED_H
#define REPORT_BULLETIN_NAMED_H

#include "report/bulletin.h"
#include "report/bulletin_words.h"

/* One text said of one unit, from one fact or several. */
struct named {
    const struct bulletin_honour *first; /* its kind, unit and text are all's */
    GPtrArray *honours;                  /* of const struct bulletin_honour */
};

/* All honours, those of one kind, unit and text together, in the order of
 * the first of them.  Of struct named; caller unrefs. */
GPtrArray *named_all(const struct bulletin *b);

/* How the target of a task stands in its reason. */
enum named_style {
    NAMED_OPEN,  /* 季度得分第一季度3、第二季度0（目标18） */
    NAMED_WITHIN /* ... to stand in brackets itself: ，目标18 */
};

/* The reasons in one text, the results of one task with its target once; ""
 * when the text says all.  Caller frees. */
char *named_reasons(const struct bulletin *b, const struct phrases *words,
                    const struct named *n, enum named_style style);

#endif
