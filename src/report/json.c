/* json.c - see json.h. */
#include "report/json.h"

void
json_text(JsonBuilder *b, const char *name, const char *value)
{
    json_builder_set_member_name(b, name);
    if (value)
        json_builder_add_string_value(b, value);
    else
        json_builder_add_null_value(b);
}

void
json_int(JsonBuilder *b, const char *name, gint64 value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_int_value(b, value);
}

void
json_truth(JsonBuilder *b, const char *name, gboolean value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_boolean_value(b, value);
}

void
json_decimal(JsonBuilder *b, const char *name, decimal value)
{
    g_autofree char *text = decimal_format(value);

    json_text(b, name, text);
}

void
json_day(JsonBuilder *b, const char *name, civil_day value)
{
    g_autofree char *text = value == DAY_NONE ? NULL : day_format(value);

    json_text(b, name, text);
}

void
json_time(JsonBuilder *b, const char *name, const struct clock *clock,
          gint64 instant)
{
    g_autofree char *text = instant ? clock_format_iso(clock, instant) : NULL;

    json_text(b, name, text);
}

void
json_strings(JsonBuilder *b, const char *name, const GPtrArray *strings)
{
    json_builder_set_member_name(b, name);
    if (!strings) {
        json_builder_add_null_value(b);
        return;
    }
    json_builder_begin_array(b);
    for (guint n = 0; n < strings->len; n++)
        json_builder_add_string_value(b, g_ptr_array_index(strings, n));
    json_builder_end_array(b);
}

void
json_words(JsonBuilder *b, const char *name, const char *words)
{
    g_auto(GStrv) all = g_strsplit(words ? words : "", " ", -1);

    json_builder_set_member_name(b, name);
    json_builder_begin_array(b);
    for (char **w = all; *w; w++)
        if (**w)
            json_builder_add_string_value(b, *w);
    json_builder_end_array(b);
}

void
json_reasons(JsonBuilder *b, const char *name, const struct reason_list *list)
{
    json_builder_set_member_name(b, name);
    json_builder_begin_array(b);
    for (int n = 0; n < list->n; n++)
        json_builder_add_string_value(b, reason_name(list->code[n]));
    json_builder_end_array(b);
}
