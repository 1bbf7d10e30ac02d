/* match.h - which unit of the roster is meant by a name as people write it.
 *
 * Names are compared after NFKC, lower case and folding of traditional to
 * simplified characters, with or without the office's own place in front
 * (县财政局, 郯城县财政局, 郯城财政局) and with or without the usual tails
 * (沙湾镇人民政府, 郯城街道办事处, 县财政局办公室).  A field must be a name
 * from end to end: 统计局 is not found in 国家统计局郯城调查队, nor 财政局
 * in 市财政局 of a county's mail.  What is only near is listed for staff and
 * never taken.  Pure. */
#ifndef RULES_MATCH_H
#define RULES_MATCH_H

#include "rules/roster.h"

struct matcher;
typedef struct matcher matcher;

/* `place` is where the office is, as its name begins: 郯城县人民政府办公室,
 * 广州市番禺区... (what stands behind the place does not matter); NULL when
 * unknown, then only the prefix that the roster itself uses (县) counts.
 * The roster must outlive the matcher. */
struct matcher *matcher_new(const struct roster *r, const char *place);
void matcher_free(struct matcher *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(matcher, matcher_free)

enum match {
    MATCH_NONE,
    MATCH_ONE,      /* this unit and no other */
    MATCH_AMBIGUOUS /* the roster gives this name to several */
};

/* Is the whole text one unit's name?  *out is set for MATCH_ONE only. */
enum match
match_unit(const struct matcher *m, const char *text, struct unit **out);

/* Does the text have the shape of a body's name (…局, …办, …镇, …大队),
 * whoever that is? */
gboolean match_is_body(const char *text);

/* The nearest units, best first, at most `max`; of struct unit, borrowed.
 * For staff to choose from, never to be taken.  Caller unrefs. */
GPtrArray *match_near(const struct matcher *m, const char *text, guint max);

/* Does the text begin with a unit's name that is no part of a longer
 * body's? */
gboolean match_begins(const struct matcher *m, const char *text);

/* For comparing names: NFKC, lower case, simplified, no white space.
 * Caller frees. */
char *match_fold(const char *text);

#endif
