/* orders.h - the words with which the desk's commands and the units'
 * questions begin. */
#ifndef RULES_ORDERS_H
#define RULES_ORDERS_H

#include "message/reading.h"

/* Without "1、" or "●" in front and a full stop behind: so people write lists.
 * Caller frees. */
char *orders_bare(const char *line);

/* Does the line begin with a word of the desk (标注, 撤销 ...), alone or
 * followed by something that is not one more letter of a word? */
gboolean orders_is_command(const char *line);

/* Does it look like a command of which one letter is wrong: 标住 2019-0012
 * 普刊? Never obeyed, but answered by the desk. */
gboolean orders_is_slip(const char *line);

/* The same of what a unit may ask: 得分, 查询, 帮助. */
gboolean orders_is_query(const char *line);

/* The one-time code that a mail brings back: 确认 482913 in a line of the
 * sender's own text, or the six digits alone in its first; in the subject
 * only when that text is empty, since an absence note may quote a subject.
 * NULL: none.  Caller frees. */
char *orders_code(const struct reading *r);

/* Is there such a line in the subject or in the sender's own text? */
gboolean
orders_find(const struct reading *r, gboolean (*is_order)(const char *line));

#endif
