/* ole.h - OLE2 compound files in memory, trusted in nothing ([MS-CFB]).
 *
 * Every chain of sectors is followed for as many steps as there are sectors
 * and no further, every place is checked against the file's end.  Own code,
 * not libgsf: a file made to loop must end as "unreadable", and small
 * drafts are read twice as fast. */
#ifndef DRAFT_OLE_H
#define DRAFT_OLE_H

#include <glib.h>

struct ole;

/* `data` is borrowed and must outlive the result; NULL when it is no OLE2
 * file or its tables are damaged. */
struct ole *ole_open(const guint8 *data, size_t len);
void ole_close(struct ole *o);
typedef struct ole ole;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ole, ole_close)

/* Is there a stream, or a storage, of that name at the top?  ASCII case
 * does not matter. */
gboolean ole_has(const struct ole *o, const char *name);

/* Is there one anywhere (macros lie in storages of many names)? */
gboolean ole_has_anywhere(const struct ole *o, const char *name);

/* A stream of the top level, whole, NULL when missing, damaged or longer
 * than `limit`.  Caller unrefs. */
GBytes *ole_read(const struct ole *o, const char *name, size_t limit);

#endif
