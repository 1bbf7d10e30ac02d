/* scores_table.c - see scores_table.h.
 *
 * The table is made from the JSON, so that a published period shows the same
 * numbers in either form. */
#include "cmd/scores_table.h"

#include "base/i18n.h"
#include "cmd/cmd.h"

#include <string.h>

enum { RANK_WIDTH = 4, NAME_WIDTH = 30, NUMBER_WIDTH = 13 };

static void
print_right(const char *s, int width)
{
    cmd_print("%*s%s", MAX(width - cmd_width(s), 0), "", s);
}

/* `numbers` ends with NULL. */
static void
print_line(const char *rank, const char *name, const char *const *numbers)
{
    g_autofree char *padded = cmd_pad(name, NAME_WIDTH);

    print_right(rank, RANK_WIDTH);
    cmd_print("  %s", padded);
    for (; *numbers; numbers++)
        print_right(*numbers, NUMBER_WIDTH);
    cmd_print("\n");
}

static void
print_head(void)
{
    const char *const words[] = {_("submitted"), _("adopted"), _("this period"),
                                 _("adjusted"),  _("to date"), NULL};

    print_line(_("rank"), _("unit"), words);
}

static const char *
text_of(JsonObject *o, const char *name)
{
    return json_object_get_string_member_with_default(o, name, "");
}

static char *
count_of(JsonObject *o, const char *name)
{
    return g_strdup_printf("%" G_GINT64_FORMAT,
                           json_object_get_int_member_with_default(o, name, 0));
}

/* A unit that is not ranked has null there. */
static char *
rank_of(JsonObject *unit)
{
    return json_object_get_null_member(unit, "rank") ? g_strdup("-")
                                                     : count_of(unit, "rank");
}

static void
print_unit(JsonObject *unit)
{
    g_autofree char *rank = rank_of(unit);
    g_autofree char *submitted = count_of(unit, "submitted");
    g_autofree char *adopted = count_of(unit, "adopted");
    const char *const numbers[] = {submitted,
                                   adopted,
                                   text_of(unit, "points"),
                                   text_of(unit, "adjustment"),
                                   text_of(unit, "points_to_date"),
                                   NULL};

    print_line(rank, text_of(unit, "name"), numbers);
}

void
scores_table_print(JsonNode *scores)
{
    JsonObject *all = json_node_get_object(scores);
    JsonArray *units = json_object_get_array_member(all, "units");
    const char *last = "";

    print_head();
    for (guint n = 0; n < json_array_get_length(units); n++) {
        JsonObject *unit = json_array_get_object_element(units, n);
        const char *class = text_of(unit, "class");

        if (strcmp(class, last) != 0)
            cmd_print("\n%s\n", class);
        last = class;
        print_unit(unit);
    }
}
