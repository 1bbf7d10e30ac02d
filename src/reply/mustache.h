/* mustache.h - templates in the standard Mustache syntax.
 *
 * Variables {{name}} {{a.b}} {{.}}, raw {{{name}}} and {{&name}}, sections
 * {{#x}}..{{/x}} over truths, lists and maps, inverted sections {{^x}},
 * comments {{! }}, set delimiter {{=<% %>=}}, partials {{> name}}, and the
 * white space rules of the specification for tags that stand alone on a
 * line.  Left out: lambdas and template inheritance, its optional modules.
 * No C library for Mustache is in Debian; this is ours.
 *
 * A template is compiled once.  What is wrong in it is said when it is
 * loaded, as FILE:LINE:COLUMN, never while a mail is written. */
#ifndef REPLY_MUSTACHE_H
#define REPLY_MUSTACHE_H

#include "base/err.h"
#include "reply/value.h"

enum mustache_escape {
    MUSTACHE_PLAIN, /* {{x}} and {{{x}}} are alike */
    MUSTACHE_HTML   /* {{x}} has & < > " ' as entities */
};

struct mustache;
typedef struct mustache mustache;

/* ST_REJECT with FILE:LINE:COLUMN when the syntax is wrong: a tag or a
 * section not closed, closed by another name, without a name.  `file` is
 * the name used in messages. */
enum st mustache_compile(const char *file, const char *source,
                         enum mustache_escape escape, struct mustache **out,
                         struct err *e);
void mustache_free(struct mustache *m);

/* May the template be filled with facts of the shape of `sample`?  Every
 * name must be found there; lists are looked at through their items, which
 * may differ in what they have.  `partials` (name -> struct mustache, may be
 * NULL) must hold every partial that is named, and none may include itself.
 * ST_REJECT with FILE:LINE:COLUMN and the nearest name. */
enum st mustache_check(const struct mustache *m, const struct value *sample,
                       GHashTable *partials, struct err *e);

/* Fill it.  A name that is not there gives nothing; an unknown partial gives
 * nothing; partials nest at most 32 deep.  Caller frees. */
char *mustache_render(const struct mustache *m, const struct value *facts,
                      GHashTable *partials);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(mustache, mustache_free)

#endif
