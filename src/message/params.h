/* params.h - Content-Type and Content-Disposition from their raw bytes:
 * value and parameters, with RFC 2231 (continued, with a charset, split
 * inside a character), RFC 2047 inside parameters, and raw 8-bit.
 *
 * Where both forms of a name are there the rule is: filename* over filename
 * over name* over name.  GLib only. */
#ifndef MESSAGE_PARAMS_H
#define MESSAGE_PARAMS_H

#include <glib.h>

struct params {
    char *value;     /* "text/plain", "attachment": lower case, maybe "" */
    GPtrArray *list; /* of struct param, see params.c */
};

/* Never NULL.  `raw` is the field's value, folded or not. */
struct params *params_parse(const char *raw, size_t len);
void params_free(struct params *p);
typedef struct params params;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(params, params_free)

/* A parameter decoded to a line, the starred form first; NULL when there is
 * none or it is empty.  Caller frees. */
char *params_get(const struct params *p, const char *name);

/* The name of a part from its two fields (either may be NULL).  *other_out
 * is the next form that says something else, NULL when all agree.
 * *hides_out: a form holds what a line leaves out (text_hides_something).
 * Caller frees both. */
void
params_file_name(const struct params *disposition, const struct params *type,
                 char **name_out, char **other_out, gboolean *hides_out);

#endif
