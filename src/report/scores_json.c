/* scores_json.c - see scores_json.h. */
#include "report/scores_json.h"

#include "report/json.h"
#include "rules/explain.h"

#include <string.h>

/* ---- names ---- */

static const struct unit *
unit_of(const struct standings *t, score_who who)
{
    const struct roster *units = score_pack(t->score)->roster;

    return who < (int)units->units->len ? roster_unit(units, who) : NULL;
}

static const char *
printed_name(const struct standings *t, score_who who)
{
    const struct unit *u = unit_of(t, who);

    return u ? u->name : score_who_name(t->score, who);
}

static const char *
class_name(const struct standings *t, int index)
{
    return index < 0 ? NULL
                     : roster_class(score_pack(t->score)->roster, index)->name;
}

/* ---- one unit ---- */

static void
write_counts(JsonBuilder *b, const struct pack *p,
             const struct standing_row *row)
{
    json_builder_set_member_name(b, "counts");
    json_builder_begin_object(b);
    for (guint n = 0; n < p->items->len; n++) {
        const char *name = pack_item(p, (int)n)->name;

        if (row->counts[n] == 0)
            continue;
        if (row->counts[n] % DECIMAL_ONE == 0)
            json_int(b, name, row->counts[n] / DECIMAL_ONE);
        else
            json_decimal(b, name, row->counts[n]);
    }
    json_builder_end_object(b);
}

static void
write_target(JsonBuilder *b, const struct pack *p,
             const struct standing_target *t)
{
    g_autofree char *period = period_name(&t->period);

    json_builder_begin_object(b);
    json_text(b, "metric", t->measure->name);
    json_text(b, "period", period);
    json_decimal(b, "target", t->goal->number);
    if (t->blank)
        json_text(b, "actual", NULL);
    else
        json_decimal(b, "actual", ratio_round(t->actual, p->decimals));
    if (t->judged)
        json_truth(b, "met", t->met);
    else
        json_text(b, "met", NULL);
    json_builder_end_object(b);
}

static void
write_line(JsonBuilder *b, const struct standings *t, const struct explained *x)
{
    const struct score_mark *m = x->line->mark;
    const struct facts *f = score_facts(t->score);

    json_builder_begin_object(b);
    json_text(b, "item", x->item);
    json_text(b, "label", x->label);
    json_text(b, "clause", x->clause);
    json_decimal(b, "points", x->line->points);
    json_day(b, "date", x->line->day);
    json_text(b, "number", mark_number(f, m));
    json_text(b, "title",
              m->submission >= 0 ? facts_submission(f, m->submission)->title
                                 : NULL);
    json_text(b, "by", x->by);
    json_text(b, "note", x->note);
    json_text(b, "reason", x->reason);
    json_truth(b, "adjustment", FALSE);
    json_builder_end_object(b);
}

static void
write_adjustment(JsonBuilder *b, const struct standing_adjustment *a)
{
    json_builder_begin_object(b);
    json_text(b, "item", a->item);
    json_text(b, "label", a->label);
    json_text(b, "clause", a->clause);
    json_decimal(b, "points", a->points);
    json_day(b, "date", a->day);
    json_text(b, "number", a->number);
    json_text(b, "title", NULL);
    json_text(b, "by", NULL);
    json_truth(b, "adjustment", TRUE);
    json_builder_end_object(b);
}

static void
write_lines(JsonBuilder *b, const struct standings *t,
            const struct standing_row *row)
{
    g_autoptr(GPtrArray) lines =
        explain(t->score, row->who, t->period.from, t->period.to);

    json_builder_set_member_name(b, "lines");
    json_builder_begin_array(b);
    for (guint n = 0; n < lines->len; n++) {
        const struct explained *x = g_ptr_array_index(lines, n);

        if (pack_is_points(score_pack(t->score), x->line->mark->item))
            write_line(b, t, x);
    }
    for (guint n = 0; n < row->adjustments->len; n++)
        write_adjustment(b, g_ptr_array_index(row->adjustments, n));
    json_builder_end_array(b);
}

/* [item, number, date, points]: all lines of the year until the period's
 * end. */
static void
write_known(JsonBuilder *b, const struct standings *t, score_who who)
{
    g_autoptr(GPtrArray) lines = NULL;
    int year, month, day;

    day_to_ymd(t->period.to, &year, &month, &day);
    lines = score_lines(t->score, who, day_from_ymd(year, 1, 1), t->period.to);
    json_builder_set_member_name(b, "known");
    json_builder_begin_array(b);
    for (guint n = 0; n < lines->len; n++) {
        const struct score_line *l = g_ptr_array_index(lines, n);

        if (l->points == 0 ||
            !pack_is_points(score_pack(t->score), l->mark->item))
            continue;
        json_builder_begin_object(b);
        json_text(b, "item", l->mark->item->name);
        json_text(b, "number", mark_number(score_facts(t->score), l->mark));
        json_day(b, "date", l->day);
        json_decimal(b, "points", l->points);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void
write_unit(JsonBuilder *b, const struct standings *t,
           const struct standing_row *row, gboolean known)
{
    const struct pack *p = score_pack(t->score);

    json_builder_begin_object(b);
    json_text(b, "unit", standings_key(t->score, row->who));
    json_text(b, "name", printed_name(t, row->who));
    json_text(b, "class", class_name(t, row->class_index));
    json_int(b, "submitted", row->submitted);
    json_int(b, "adopted", row->adopted);
    write_counts(b, p, row);
    json_decimal(b, "points", row->points);
    json_decimal(b, "adjustment", row->adjustment);
    json_decimal(b, "points_to_date", row->to_date);
    if (row->rank)
        json_int(b, "rank", row->rank);
    else
        json_text(b, "rank", NULL);
    json_text(b, "award", row->award);
    json_builder_set_member_name(b, "targets");
    json_builder_begin_array(b);
    for (guint n = 0; n < row->targets->len; n++)
        write_target(b, p,
                     &g_array_index(row->targets, struct standing_target, n));
    json_builder_end_array(b);
    write_lines(b, t, row);
    if (known)
        write_known(b, t, row->who);
    json_builder_end_object(b);
}

JsonNode *
scores_json(const char *office, const struct standings *t, gboolean known)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    g_autofree char *name = period_name(&t->period);

    json_builder_begin_object(b);
    json_text(b, "office", office);
    json_text(b, "period", name);
    json_day(b, "from", t->period.from);
    json_day(b, "to", t->period.to);
    json_int(b, "received", t->received);
    json_int(b, "adopted", t->adopted);
    json_builder_set_member_name(b, "units");
    json_builder_begin_array(b);
    for (guint n = 0; n < t->rows->len; n++)
        write_unit(b, t, g_ptr_array_index(t->rows, n), known);
    json_builder_end_array(b);
    json_builder_end_object(b);
    return json_builder_get_root(b);
}

/* ---- read back ---- */

static enum st
damaged(struct err *e)
{
    return err_set(e, ST_FATAL, EXIT_BAD_DATA,
                   "the scores of a published bulletin are damaged");
}

static JsonNode *
parse(const char *text)
{
    JsonNode *node = json_from_string(text, NULL);

    if (node && JSON_NODE_HOLDS_OBJECT(node))
        return node;
    g_clear_pointer(&node, json_node_unref);
    return NULL;
}

static const char *
text_of(JsonObject *o, const char *name)
{
    JsonNode *n = json_object_get_member(o, name);

    return n && JSON_NODE_HOLDS_VALUE(n) &&
                   json_node_get_value_type(n) == G_TYPE_STRING
               ? json_node_get_string(n)
               : NULL;
}

static gboolean
read_line(JsonNode *node, const char *who, struct published *out)
{
    JsonObject *o =
        JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    const char *item = o ? text_of(o, "item") : NULL;
    const char *date = o ? text_of(o, "date") : NULL;
    const char *points = o ? text_of(o, "points") : NULL;
    civil_day day;
    decimal d;

    if (!item || !date || !points || !day_parse(date, &day) ||
        !decimal_parse(points, &d))
        return FALSE;
    published_add(out, who, item, text_of(o, "number"), day, d);
    return TRUE;
}

static gboolean
read_unit(JsonNode *node, struct published *out)
{
    JsonObject *o =
        JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    const char *who = o ? text_of(o, "unit") : NULL;
    JsonNode *known = o ? json_object_get_member(o, "known") : NULL;
    JsonArray *lines;

    if (!who || !known || !JSON_NODE_HOLDS_ARRAY(known))
        return FALSE;
    lines = json_node_get_array(known);
    for (guint n = 0; n < json_array_get_length(lines); n++)
        if (!read_line(json_array_get_element(lines, n), who, out))
            return FALSE;
    return TRUE;
}

static JsonArray *
units_of(JsonNode *root)
{
    JsonNode *units =
        json_object_get_member(json_node_get_object(root), "units");

    return units && JSON_NODE_HOLDS_ARRAY(units) ? json_node_get_array(units)
                                                 : NULL;
}

enum st
scores_json_published(const char *text, struct published **out, struct err *e)
{
    g_autoptr(JsonNode) root = parse(text);
    g_autoptr(published) p = NULL;
    JsonArray *units = root ? units_of(root) : NULL;
    const char *to = units ? text_of(json_node_get_object(root), "to") : NULL;
    civil_day day;

    if (!to || !day_parse(to, &day))
        return damaged(e);
    p = published_new(day);
    for (guint n = 0; n < json_array_get_length(units); n++)
        if (!read_unit(json_array_get_element(units, n), p))
            return damaged(e);
    *out = g_steal_pointer(&p);
    return ST_OK;
}

enum st
scores_json_shown(const char *text, JsonNode **out, struct err *e)
{
    g_autoptr(JsonNode) root = parse(text);
    JsonArray *units = root ? units_of(root) : NULL;

    if (!units)
        return damaged(e);
    for (guint n = 0; n < json_array_get_length(units); n++) {
        JsonNode *u = json_array_get_element(units, n);

        if (JSON_NODE_HOLDS_OBJECT(u))
            json_object_remove_member(json_node_get_object(u), "known");
    }
    *out = g_steal_pointer(&root);
    return ST_OK;
}
