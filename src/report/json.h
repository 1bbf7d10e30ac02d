/* json.h - members of a JSON object, by the kinds that are printed. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/day.h"
#include "base/decimal.h"
#include "rules/verdict.h"

#include <json-glib/json-glib.h>

void json_text(JsonBuilder *b, const char *name, const char *value); /* NULL:
                                                                        null */
void json_int(JsonBuilder *b, const char *name, gint64 value);
void json_truth(JsonBuilder *b, const char *name, gboolean value);
void json_decimal(JsonBuilder *b, const char *name, decimal value);
void json_day(JsonBuilder *b, const char *name, civil_day value);
void json_time(JsonBuilder *b, const char *name, const struct clock *clock,
               gint64 instant); /* 0: null */
void json_strings(JsonBuilder *b, const char *name, const GPtrArray *strings);
/* "a b c" as ["a","b","c"]. */
void json_words(JsonBuilder *b, const char *name, const char *words);
void
json_reasons(JsonBuilder *b, const char *name, const struct reason_list *list);

#endif
