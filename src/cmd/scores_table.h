/* scores_table.h - the scores of a period for a terminal. */
#ifndef CMD_SCORES_TABLE_H
#define CMD_SCORES_TABLE_H

#include <json-glib/json-glib.h>

/* What `scores --json` prints (interface.md, JSON), as a table with a part
 * for each class. */
void scores_table_print(JsonNode *scores);

#endif
