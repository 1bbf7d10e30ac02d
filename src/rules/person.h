/* person.h - does a word look like a person's name?
 *
 * A Chinese name is a surname and one or two characters more; so are many
 * ordinary words (高效, 安全, 成效).  The shape is therefore graded, and
 * where the word stands decides (rules/subject.c).  Pure. */
#ifndef RULES_PERSON_H
#define RULES_PERSON_H

#include "rules/runes.h"

enum person {
    PERSON_NO,
    PERSON_DOUBTFUL, /* shape of a name, but a word in common use (高效), or
                        neither part is usual */
    PERSON_PLAIN,    /* a frequent surname, or a usual given name */
    PERSON_LIKELY,   /* both */
    PERSON_SURE      /* 王主任, 李强科长: only persons are called so */
};

/* [start, end) of the line as a whole. */
enum person person_kind(const struct runes *r, int start, int end);

/* A name with middle dots: 买买提·吐尔逊. */
gboolean person_is_dotted(const struct runes *r, int start, int end);

/* Is it nothing but an office or form of address (科长, 主任, 同志)? */
gboolean person_is_title(const struct runes *r, int start, int end);

/* Where the name proper ends: 李强科长 is 李强, but 王主任 stays whole. */
int person_name_end(const struct runes *r, int start, int end);

#endif
