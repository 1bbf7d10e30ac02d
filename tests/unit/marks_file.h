/* marks_file.h - a set of texts with the mark that each of them bears. */
#ifndef UNIT_MARKS_FILE_H
#define UNIT_MARKS_FILE_H

#include "draft/secrecy.h"

#include <string.h>

static inline gboolean
parse_place(const char *word, enum secrecy_place *out)
{
    for (int p = PLACE_SUBJECT; p <= PLACE_MARGINS; p++)
        if (strcmp(word, secrecy_place_name((enum secrecy_place)p)) == 0) {
            *out = (enum secrecy_place)p;
            return TRUE;
        }
    return FALSE;
}

/* Lines "place TAB mark TAB text", "-" for none; gives how many were judged
 * otherwise than the file says. */
static inline int
count_wrong(const char *path,
            const char *(*look)(const char *text, enum secrecy_place place),
            int *lines_out)
{
    g_autofree char *all = NULL;
    g_auto(GStrv) lines = NULL;
    int wrong = 0;

    g_assert_true(g_file_get_contents(path, &all, NULL, NULL));
    lines = g_strsplit(all, "\n", -1);
    *lines_out = 0;
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) field = g_strsplit(*line, "\t", 3);
        g_autofree char *text = NULL;
        enum secrecy_place place = PLACE_BODY;
        const char *found;

        if (**line == '\0' || **line == '#')
            continue;
        g_assert_cmpuint(g_strv_length(field), ==, 3);
        g_assert_true(parse_place(field[0], &place));
        text = g_strcompress(field[2]);
        found = look(text, place);
        if (strcmp(found ? found : "-", field[1]) != 0) {
            g_test_message("%s: found %s", *line, found ? found : "none");
            wrong++;
        }
        ++*lines_out;
    }
    return wrong;
}

#endif
