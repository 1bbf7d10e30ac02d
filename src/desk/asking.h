/* asking.h - the order 约稿 and the lines that belong to it.  Pure. */
#ifndef DESK_ASKING_H
#define DESK_ASKING_H

#include <glib.h>

struct asking {
    char *title;       /* of the first line, "" when it has none */
    char *level;       /* 层级, or NULL */
    char *due;         /* 截止, or NULL */
    char *units;       /* 单位, or NULL */
    char *requirement; /* 要求, its lines joined by a space; or NULL */
};

/* Does the line begin with 层级： 截止： 单位： or 要求：? */
gboolean asking_is_labelled(const char *line);

/* `text` begins with the order's word; labels stand at the beginning of
 * lines, or behind white space in the first. */
struct asking *asking_new(const char *text);
void asking_free(struct asking *a);
typedef struct asking asking;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(asking, asking_free)

#endif
