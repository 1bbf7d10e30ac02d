/* scores_json.h - the scores of a period as JSON: what `scores --json`
 * prints, and what a published bulletin keeps for ever. */
#ifndef REPORT_SCORES_JSON_H
#define REPORT_SCORES_JSON_H

#include "base/err.h"
#include "rules/standings.h"

#include <json-glib/json-glib.h>

/* The object of the interface.  `known` adds standings_known(),
 * from which later adjustments are computed.  Caller
 * unrefs. */
JsonNode *
scores_json(const char *office, const struct standings *t, gboolean known);

/* What a published bulletin knew.  ST_FATAL when the text is not one that
 * scores_json() made. */
enum st
scores_json_published(const char *text, struct published **out, struct err *e);

/* A bulletin that was published later corrected an earlier one than that
 * which `p` comes from: what the tables of the one showed is withdrawn, what
 * those of the other show is added.  ST_FATAL as above; then `p` is of no
 * use any more. */
enum st scores_json_corrected(const char *old, const char *new,
                              struct published *p, struct err *e);

/* The object as published, without the `known` lines.  Caller unrefs. */
enum st scores_json_shown(const char *text, JsonNode **out, struct err *e);

#endif
