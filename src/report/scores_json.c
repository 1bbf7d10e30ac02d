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
    json_text(b, "by", a->by);
    json_text(b, "note", a->note);
    json_decimal(b, "published", a->published);
    json_decimal(b, "now", a->now);
    json_truth(b, "adjustment", TRUE);
    json_builder_end_object(b);
}

/* Of one currency (NULL: points): what is booked in the period, then what
 * was adjusted. */
static void
write_lines(JsonBuilder *b, const struct standings *t,
            const struct standing_row *row, const char *currency)
{
    g_autoptr(GPtrArray) lines =
        explain(t->score, row->who, t->period.from, t->period.to);

    json_builder_set_member_name(b, "lines");
    json_builder_begin_array(b);
    for (guint n = 0; n < lines->len; n++) {
        const struct explained *x = g_ptr_array_index(lines, n);

        if (g_strcmp0(x->currency, currency) == 0)
            write_line(b, t, x);
    }
    for (guint n = 0; n < row->adjustments->len; n++) {
        const struct standing_adjustment *a =
            g_ptr_array_index(row->adjustments, n);

        if (g_strcmp0(a->currency, currency) == 0)
            write_adjustment(b, a);
    }
    json_builder_end_array(b);
}

static void
write_amount(JsonBuilder *b, const struct standings *t,
             const struct standing_row *row, const char *currency)
{
    decimal booked = score_currency(t->score, currency, row->who,
                                    t->period.from, t->period.to);
    decimal all = standing_amount(t, row, currency);

    json_builder_begin_object(b);
    json_text(b, "currency", currency);
    json_decimal(b, "amount", booked);
    json_decimal(b, "adjustment", all - booked);
    write_lines(b, t, row, currency);
    json_builder_end_object(b);
}

/* What is given in another currency than points. */
static void
write_amounts(JsonBuilder *b, const struct standings *t,
              const struct standing_row *row)
{
    const struct pack *p = score_pack(t->score);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    json_builder_set_member_name(b, "amounts");
    json_builder_begin_array(b);
    for (guint n = 0; n < p->groups->len; n++) {
        char *currency = pack_group(p, (int)n)->currency;

        if (currency && g_hash_table_add(seen, currency))
            write_amount(b, t, row, currency);
    }
    json_builder_end_array(b);
}

/* What everybody's lines are, also of those who have no row any more. */
static void
write_all_known(JsonBuilder *b, const struct standings *t)
{
    g_autoptr(published) known = standings_known(t);

    json_truth(b, "known_all", TRUE);
    json_builder_set_member_name(b, "known");
    json_builder_begin_array(b);
    for (guint n = 0; n < known->lines->len; n++) {
        const struct published_line *l = g_ptr_array_index(known->lines, n);

        json_builder_begin_object(b);
        json_text(b, "unit", l->who);
        if (l->of)
            json_text(b, "of", l->of);
        json_text(b, "item", l->item);
        json_text(b, "number", l->number);
        json_day(b, "date", l->day);
        json_decimal(b, "points", l->points);
        if (l->currency)
            json_text(b, "currency", l->currency);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void
write_place(JsonBuilder *b, const struct pack *p,
            const struct standing_table *t, const struct rank_row *place)
{
    json_builder_begin_object(b);
    json_text(b, "ranking", t->ranking->name);
    json_decimal(b, "value", ratio_round(place->value, p->decimals));
    json_int(b, "rank", place->rank);
    json_text(b, "award", place->award);
    json_builder_end_object(b);
}

/* His places in the rankings of this kind of period. */
static void
write_places(JsonBuilder *b, const struct standings *t, score_who who)
{
    json_builder_set_member_name(b, "rankings");
    json_builder_begin_array(b);
    for (guint n = 0; n < t->tables->len; n++) {
        const struct standing_table *table =
            &g_array_index(t->tables, struct standing_table, n);

        for (guint k = 0; k < table->rows->len; k++) {
            const struct rank_row *place =
                &g_array_index(table->rows, struct rank_row, k);

            if (place->who == who)
                write_place(b, score_pack(t->score), table, place);
        }
    }
    json_builder_end_array(b);
}

static void
write_unit(JsonBuilder *b, const struct standings *t,
           const struct standing_row *row)
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
    write_places(b, t, row->who);
    json_builder_set_member_name(b, "targets");
    json_builder_begin_array(b);
    for (guint n = 0; n < row->targets->len; n++)
        write_target(b, p,
                     &g_array_index(row->targets, struct standing_target, n));
    json_builder_end_array(b);
    write_lines(b, t, row, NULL);
    write_amounts(b, t, row);
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
        write_unit(b, t, g_ptr_array_index(t->rows, n));
    json_builder_end_array(b);
    if (known)
        write_all_known(b, t);
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

static JsonObject *
object_of(JsonNode *node)
{
    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static JsonArray *
array_of(JsonObject *o, const char *name)
{
    JsonNode *n = o ? json_object_get_member(o, name) : NULL;

    return n && JSON_NODE_HOLDS_ARRAY(n) ? json_node_get_array(n) : NULL;
}

/* A line of `who`; counted `sign` times. */
static gboolean
read_line(JsonObject *o, const char *who, const char *currency, int sign,
          struct published *out)
{
    const char *date = o ? text_of(o, "date") : NULL;
    const char *points = o ? text_of(o, "points") : NULL;
    struct published_line line = {.who = (char *)who,
                                  .of = o ? (char *)text_of(o, "of") : NULL,
                                  .item = o ? (char *)text_of(o, "item") : NULL,
                                  .number =
                                      o ? (char *)text_of(o, "number") : NULL,
                                  .currency = (char *)currency};

    if (!line.who || !line.item || !date || !points ||
        !day_parse(date, &line.day) || !decimal_parse(points, &line.points))
        return FALSE;
    line.points *= sign;
    published_add(out, &line);
    return TRUE;
}

enum st
scores_json_published(const char *text, struct published **out, struct err *e)
{
    g_autoptr(JsonNode) root = parse(text);
    g_autoptr(published) p = NULL;
    JsonObject *top = root ? json_node_get_object(root) : NULL;
    JsonArray *known = array_of(top, "known");
    const char *to = top ? text_of(top, "to") : NULL;
    civil_day day;

    if (!known || !to || !day_parse(to, &day))
        return damaged(e);
    p = published_new(day);
    if (!json_object_has_member(top, "known_all"))
        p->from = p->detail; /* made by a version that kept no more */
    for (guint n = 0; n < json_array_get_length(known); n++) {
        JsonObject *o = object_of(json_array_get_element(known, n));

        if (!o ||
            !read_line(o, text_of(o, "unit"), text_of(o, "currency"), 1, p))
            return damaged(e);
    }
    *out = g_steal_pointer(&p);
    return ST_OK;
}

/* The lines that a table shows of a unit, in one currency. */
static gboolean
read_shown(JsonObject *holder, const char *who, const char *currency, int sign,
           struct published *out)
{
    JsonArray *lines = array_of(holder, "lines");

    for (guint n = 0; lines && n < json_array_get_length(lines); n++)
        if (!read_line(object_of(json_array_get_element(lines, n)), who,
                       currency, sign, out))
            return FALSE;
    return lines != NULL;
}

static gboolean
read_unit(JsonObject *unit, int sign, struct published *out)
{
    const char *who = unit ? text_of(unit, "unit") : NULL;
    JsonArray *amounts = array_of(unit, "amounts");

    if (!who || !amounts || !read_shown(unit, who, NULL, sign, out))
        return FALSE;
    for (guint n = 0; n < json_array_get_length(amounts); n++) {
        JsonObject *o = object_of(json_array_get_element(amounts, n));
        const char *currency = o ? text_of(o, "currency") : NULL;

        if (!currency || !read_shown(o, who, currency, sign, out))
            return FALSE;
    }
    return TRUE;
}

static enum st
add_shown(const char *text, int sign, struct published *p, struct err *e)
{
    g_autoptr(JsonNode) root = parse(text);
    JsonArray *units =
        root ? array_of(json_node_get_object(root), "units") : NULL;

    if (!units)
        return damaged(e);
    for (guint n = 0; n < json_array_get_length(units); n++)
        if (!read_unit(object_of(json_array_get_element(units, n)), sign, p))
            return damaged(e);
    return ST_OK;
}

enum st
scores_json_corrected(const char *old, const char *new, struct published *p,
                      struct err *e)
{
    enum st st = add_shown(old, -1, p, e);

    return st == ST_OK ? add_shown(new, 1, p, e) : st;
}

enum st
scores_json_shown(const char *text, JsonNode **out, struct err *e)
{
    g_autoptr(JsonNode) root = parse(text);

    if (!root || !array_of(json_node_get_object(root), "units"))
        return damaged(e);
    json_object_remove_member(json_node_get_object(root), "known");
    json_object_remove_member(json_node_get_object(root), "known_all");
    *out = g_steal_pointer(&root);
    return ST_OK;
}
