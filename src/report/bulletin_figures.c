/* bulletin_figures.c - what stands in the columns of a bulletin's table, and
 * what is said about its rows (see bulletin_columns.h). */
#include "report/bulletin_columns.h"

#include "report/bulletin_words.h"

/* ---- figures ---- */

static struct figure
number(decimal n)
{
    return (struct figure){.kind = FIGURE_NUMBER, .number = n};
}

static struct figure
points(decimal n)
{
    return (struct figure){.kind = FIGURE_POINTS, .number = n};
}

static struct figure
text(const char *s, gboolean left)
{
    return (struct figure){
        .kind = s ? FIGURE_TEXT : FIGURE_BLANK, .text = s, .left = left};
}

/* A text of the columns' own, from a phrase with numbers in it. */
static struct figure
said(const struct columns *c, const char *name, struct value *more)
{
    g_autoptr(value) facts = more;
    g_autofree char *words = phrase(c->b, c->words, name, facts);

    return text(g_string_chunk_insert_const(c->texts, words), FALSE);
}

static const struct bulletin_target *
task_of(const struct columns *c, const char *unit, const char *metric,
        const char *period)
{
    g_autofree char *key = task_key(unit, metric, period);

    return g_hash_table_lookup(c->targets, key);
}

static struct figure
target_figure(const struct columns *c, const struct bulletin_target *t)
{
    struct value *more;

    if (!t->at_most)
        return number(t->target);
    more = value_map();
    value_take_text(more, "target", decimal_format(t->target));
    return said(c, "line.at_most", more);
}

/* What was done; with the target of the time where a unit that moved had
 * another one than it has now. */
static struct figure
actual_figure(const struct columns *c, const struct bulletin_target *t)
{
    const struct bulletin_target *last = task_of(c, t->unit, t->metric, NULL);
    struct figure f = number(t->actual);

    if (c->what == COLUMNS_TASKS && last->target != t->target) {
        struct value *more = value_map();

        value_take_text(more, "actual", decimal_format(t->actual));
        value_take_text(more, "target", decimal_format(t->target));
        f = said(c, "line.other_target", more);
    }
    f.unmet = t->outcome == TARGET_UNMET;
    return f;
}

/* A unit without the task has a blank: that is not a zero. */
static struct figure
task_figure(const struct columns *c, const struct column *k,
            const struct bulletin_row *row)
{
    const struct bulletin_target *t =
        task_of(c, row->unit, k->metric, k->period);

    if (!t || (k->kind == COLUMN_ACTUAL && t->blank))
        return (struct figure){.kind = FIGURE_BLANK};
    return k->kind == COLUMN_TARGET ? target_figure(c, t) : actual_figure(c, t);
}

/* All tasks of a unit in one word. */
static struct figure
outcome_figure(const struct columns *c, const struct bulletin_row *row)
{
    const struct task_tally *n = g_hash_table_lookup(c->tallies, row->unit);
    struct value *more;

    if (!n)
        return (struct figure){.kind = FIGURE_BLANK};
    if (n->judged == 0)
        return text(phrases_get(c->words, "outcome.not_yet"), FALSE);
    if (n->met == n->judged || n->met == 0)
        return text(
            phrases_get(c->words, n->met > 0 ? "outcome.met" : "outcome.unmet"),
            FALSE);
    more = value_map();
    value_set_int(more, "number", n->judged);
    value_set_int(more, "value", n->met);
    return said(c, "line.partly", more);
}

static struct figure
met_figure(const struct columns *c, const struct column *k,
           const struct bulletin_row *row)
{
    g_autofree char *key = task_key(row->unit, k->metric, NULL);
    int n = GPOINTER_TO_INT(g_hash_table_lookup(c->met, key));

    return n ? number((n - 1) * DECIMAL_ONE)
             : (struct figure){.kind = FIGURE_BLANK};
}

static struct figure
place_figure(const struct column *k, const struct bulletin_row *row)
{
    const struct bulletin_place *p = &row->places[k->index];

    if (p->rank == 0)
        return (struct figure){.kind = FIGURE_BLANK};
    if (k->kind == COLUMN_AWARD)
        return text(p->award, FALSE);
    return number(k->kind == COLUMN_PLACE ? p->rank * DECIMAL_ONE : p->value);
}

struct figure
column_figure(const struct columns *c, int i, const struct bulletin_class *k,
              const struct bulletin_row *row, guint ordinal)
{
    const struct column *column = column_at(c, i);
    const struct figure blank = {.kind = FIGURE_BLANK};
    gboolean credited = k->standing != BULLETIN_UNCREDITED;

    switch (column->kind) {
    case COLUMN_RANK:
        return k->standing == BULLETIN_RANKED && row->rank > 0
                   ? number(row->rank * DECIMAL_ONE)
                   : blank;
    case COLUMN_ORDINAL:
        return number(ordinal * DECIMAL_ONE);
    case COLUMN_UNIT:
        return text(row->unit, TRUE);
    case COLUMN_OF:
        return text(row->of, TRUE);
    case COLUMN_SUBMITTED:
        return number(row->submitted * DECIMAL_ONE);
    case COLUMN_ADOPTED:
        return number(row->adopted * DECIMAL_ONE);
    case COLUMN_ITEM:
        return number(row->counts[column->index]);
    case COLUMN_EMPTY_GROUP:
        return number(0);
    case COLUMN_AMOUNT:
        return credited ? points(row->amounts[column->index]) : blank;
    case COLUMN_ADJUSTMENT:
        return credited ? points(row->adjustment) : blank;
    case COLUMN_POINTS:
        return credited ? points(row->points) : blank;
    case COLUMN_TO_DATE:
        return credited ? points(row->to_date) : blank;
    case COLUMN_TARGET:
    case COLUMN_ACTUAL:
        return task_figure(c, column, row);
    case COLUMN_MET:
        return met_figure(c, column, row);
    case COLUMN_PLACE:
    case COLUMN_PLACE_VALUE:
    case COLUMN_AWARD:
        return place_figure(column, row);
    case COLUMN_REMARK:
        return text(g_hash_table_lookup(c->remarks, row->unit), TRUE);
    case COLUMN_OUTCOME:
        return outcome_figure(c, row);
    }
    g_assert_not_reached();
}

/* ---- totals ---- */

static decimal
sum_of(const struct bulletin *b, const struct column *column)
{
    decimal sum = 0;

    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *k = b->classes->pdata[i];

        for (guint j = 0; j < k->rows->len; j++) {
            const struct bulletin_row *row = k->rows->pdata[j];

            if (column->kind == COLUMN_ITEM)
                sum += row->counts[column->index];
            else if (column->kind == COLUMN_SUBMITTED)
                sum += row->submitted * DECIMAL_ONE;
            else if (column->kind == COLUMN_ADOPTED)
                sum += row->adopted * DECIMAL_ONE;
        }
    }
    return sum;
}

struct figure
column_total(const struct columns *c, int i)
{
    const struct column *column = column_at(c, i);

    switch (column->kind) {
    case COLUMN_SUBMITTED:
        return number(c->b->received * DECIMAL_ONE);
    case COLUMN_ADOPTED:
        return number(c->b->adopted * DECIMAL_ONE);
    case COLUMN_ITEM:
    case COLUMN_EMPTY_GROUP:
        return number(sum_of(c->b, column));
    default:
        return (struct figure){.kind = FIGURE_BLANK};
    }
}

gboolean
columns_exceed_totals(const struct columns *c)
{
    const struct column submitted = {.kind = COLUMN_SUBMITTED};
    const struct column adopted = {.kind = COLUMN_ADOPTED};

    return sum_of(c->b, &submitted) != c->b->received * DECIMAL_ONE ||
           sum_of(c->b, &adopted) != c->b->adopted * DECIMAL_ONE;
}

gboolean
columns_any_outcome(const struct columns *c, enum target_outcome outcome)
{
    for (guint i = 0; i < c->b->targets->len; i++) {
        const struct bulletin_target *t = c->b->targets->pdata[i];

        if (t->outcome == outcome)
            return TRUE;
    }
    return FALSE;
}

gboolean
columns_has_task(const struct columns *c, const char *unit)
{
    return g_hash_table_contains(c->tallies, unit);
}

/* ---- classes and units ---- */

char *
class_caption(const struct bulletin *b, const struct phrases *words,
              const struct bulletin_class *k, guint ordinal)
{
    g_autoptr(value) more = value_map();
    g_autofree char *numeral = chinese_number(words, ordinal);
    g_autofree char *caption = NULL, *name = wide_brackets(words, k->name);
    const char *suffix = "";

    if (k->standing == BULLETIN_LISTED)
        suffix = phrases_get(words, "line.listed");
    else if (k->standing == BULLETIN_UNCREDITED)
        suffix = phrases_get(words, "line.uncredited");
    value_set_text(more, "ordinal", numeral);
    value_set_text(more, "class", name);
    caption = phrase(b, words, "line.class", more);
    return g_strconcat(caption, suffix, NULL);
}

static GPtrArray *
idle_units(const struct bulletin *b,
           gboolean (*is_idle)(const struct bulletin_row *row))
{
    GPtrArray *units = g_ptr_array_new();

    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *k = b->classes->pdata[i];

        for (guint j = 0; k->standing <= BULLETIN_LISTED && j < k->rows->len;
             j++) {
            const struct bulletin_row *row = k->rows->pdata[j];

            if (!row->gone && is_idle(row))
                g_ptr_array_add(units, (gpointer)row->unit);
        }
    }
    return units;
}

static gboolean
is_silent(const struct bulletin_row *row)
{
    return row->submitted == 0;
}

static gboolean
is_unadopted(const struct bulletin_row *row)
{
    return row->adopted == 0;
}

static gboolean
is_only_unadopted(const struct bulletin_row *row)
{
    return row->submitted > 0 && row->adopted == 0;
}

GPtrArray *
units_silent(const struct bulletin *b)
{
    return idle_units(b, is_silent);
}

GPtrArray *
units_unadopted(const struct bulletin *b, gboolean also_silent)
{
    return idle_units(b, also_silent ? is_unadopted : is_only_unadopted);
}

char *
joined(const struct phrases *words, const GPtrArray *strings)
{
    const char *separator = phrases_get(words, "line.separator");
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < strings->len; i++)
        g_string_append_printf(out, "%s%s", i ? separator : "",
                               (const char *)strings->pdata[i]);
    return g_string_free(out, FALSE);
}
