/* value.h - the tree of facts that a template is filled with.
 *
 * Four shapes and no more: text, truth, list, map.  A tree owns everything
 * below it; what is put into one belongs to it from then on.  Text is valid
 * UTF-8 from the gates of base/text.h.  Numbers are text: points are exact
 * decimals and are printed by decimal_format(). */
#ifndef REPLY_VALUE_H
#define REPLY_VALUE_H

#include <glib.h>

enum value_kind { VALUE_TEXT, VALUE_BOOL, VALUE_LIST, VALUE_MAP };

struct value;
typedef struct value value;

struct value *value_text(const char *text); /* copies; NULL is "" */
struct value *value_bool(gboolean truth);
struct value *value_list(void);
struct value *value_map(void);
/* The texts of a copy are shared, and never change. */
struct value *value_copy(const struct value *v);
void value_free(struct value *v); /* NULL is nothing to do */

/* Add to the end of a list, or under a key of a map (an older one under
 * the same key is freed).  `item` is taken. */
void value_append(struct value *list, struct value *item);
void value_set(struct value *map, const char *key, struct value *item);

/* Shorthands for a map.  A NULL text sets "": a name that a template may
 * use is then always there, and a section over it is not shown. */
void value_set_text(struct value *map, const char *key, const char *text);
void
value_take_text(struct value *map, const char *key, char *text); /* freed */
void value_set_int(struct value *map, const char *key, gint64 n);
void value_set_bool(struct value *map, const char *key, gboolean truth);

enum value_kind value_kind(const struct value *v);
const char *value_get_text(const struct value *v); /* "" unless a text */
guint value_length(const struct value *list);      /* 0 unless a list */
const struct value *value_at(const struct value *list, guint i);

/* What a map has under a key, NULL when nothing or not a map.  Borrowed. */
const struct value *value_get(const struct value *map, const char *key);

/* The keys of a map in alphabetical order.  Free the array alone. */
GPtrArray *value_keys(const struct value *map);

/* The same, in the order in which they were set. */
GPtrArray *value_names(const struct value *map);

/* A map with every key that an item of the list has: the items of a sample
 * may differ, together they say what an item may have.  Caller owns. */
struct value *value_merge_items(const struct value *list);

/* Does a section over it show anything?  Not for FALSE, "" and an empty
 * list; a map is always true. */
gboolean value_truth(const struct value *v);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(value, value_free)

#endif
