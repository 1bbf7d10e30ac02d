/* subject.h - title, unit, submitter and phone out of a subject line.
 *
 * No separator, order or label is prescribed; docs/subject.md says how the
 * readings of a line are found and weighed.  Pure. */
#ifndef RULES_SUBJECT_H
#define RULES_SUBJECT_H

#include "rules/fields.h"
#include "rules/match.h"

/* What the reader knows beside the line; all borrowed, all but `matcher`
 * may be NULL. */
struct subject_context {
    const struct matcher *matcher;
    const char *const *forms;    /* pack.forms, NULL-terminated */
    const char *tag;             /* what no-tag looks for: 政务信息 */
    const char *sender_name;     /* display name of From: who may be meant */
    const struct roster *roster; /* its informants' names help */
};

/* Never NULL; an empty or NULL line gives fields of which nothing is
 * found. */
struct fields *subject_read(const struct subject_context *c, const char *line);

/* A file name read the same way, without its extension. */
struct fields *
subject_read_file_name(const struct subject_context *c, const char *name);

/* Labelled lines of a mail's body (`签发人：…`); what has no label is not
 * looked at. */
struct fields *
subject_read_body(const struct subject_context *c, const char *text);

/* The text of a body without its labelled lines; `正文：` leaves what stands
 * behind it.  Caller frees. */
char *subject_body_text(const char *text);

/* The subject without 回复：, Re:, 转发： and the like in front, and without
 * [约稿2019-05].  Caller frees. */
char *subject_strip(const char *line);

#endif
