/* bulletin_table.c - the sheet 通报: one table a class under one two-level
 * header, which every page repeats.
 *
 * Items that occurred have a column each under their group; a group of which
 * nothing occurred keeps one column, so that the header looks alike from
 * month to month. */
#include "report/bulletin_sheets.h"

#include <string.h>

enum { ROW_TITLE, ROW_LINE, ROW_GROUPS, ROW_ITEMS, ROW_FIRST };

enum column_kind {
    COLUMN_RANK,
    COLUMN_UNIT,
    COLUMN_SUBMITTED,
    COLUMN_ADOPTED,
    COLUMN_ITEM,
    COLUMN_EMPTY_GROUP,
    COLUMN_ADJUSTMENT,
    COLUMN_POINTS,
    COLUMN_TO_DATE
};

struct column {
    enum column_kind kind;
    guint item;        /* COLUMN_ITEM */
    const char *group; /* upper header, NULL: one header over both rows */
    char *heading;     /* owned */
};

struct table {
    struct bulletin_writer *w;
    struct sheet s;
    GArray *columns; /* of struct column */
    int row;         /* the next one */
};

static struct column *
column_at(const struct table *t, int i)
{
    return &g_array_index(t->columns, struct column, (guint)i);
}

static void
clear_column(gpointer data)
{
    struct column *c = data;

    g_free(c->heading);
}

/* ---- which columns there are ---- */

static gboolean
occurred(const struct bulletin *b, guint item)
{
    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *c = b->classes->pdata[i];

        for (guint j = 0; j < c->rows->len; j++) {
            const struct bulletin_row *row = c->rows->pdata[j];

            if (row->counts[item] != 0)
                return TRUE;
        }
    }
    return FALSE;
}

static gboolean
any_adjustment(const struct bulletin *b)
{
    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *c = b->classes->pdata[i];

        for (guint j = 0; j < c->rows->len; j++) {
            const struct bulletin_row *row = c->rows->pdata[j];

            if (row->adjustment != 0)
                return TRUE;
        }
    }
    return FALSE;
}

/* A label that is only a sign (☆), or that another item has too, tells
 * nothing by itself: the name stands in front. */
static char *
item_heading(const struct bulletin *b, guint index)
{
    const struct bulletin_item *item = b->items->pdata[index];
    gboolean alone = g_unichar_isalnum(g_utf8_get_char(item->label));

    for (guint i = 0; i < b->items->len; i++) {
        const struct bulletin_item *other = b->items->pdata[i];

        if (i != index && g_str_equal(other->label, item->label))
            alone = FALSE;
    }
    if (g_str_equal(item->label, item->name) || alone)
        return g_strdup(item->label);
    if (g_unichar_isalnum(g_utf8_get_char(item->label)))
        return g_strdup(item->name);
    return g_strdup_printf("%s\n%s", item->name, item->label);
}

static void
add_column(struct table *t, enum column_kind kind, const char *heading)
{
    struct column c = {kind, 0, NULL, g_strdup(heading)};

    g_array_append_val(t->columns, c);
}

static gboolean
same_group(const struct bulletin *b, guint item, const char *group)
{
    const struct bulletin_item *i = b->items->pdata[item];

    return g_strcmp0(i->group, group) == 0;
}

static void
add_item_column(struct table *t, guint item)
{
    const struct bulletin *b = t->w->b;
    const struct bulletin_item *i = b->items->pdata[item];
    struct column c = {COLUMN_ITEM, item, i->group, item_heading(b, item)};

    g_array_append_val(t->columns, c);
}

/* The columns of the group that begins with `first`; gives the index behind
 * its last item. */
static guint
add_group(struct table *t, guint first)
{
    const struct bulletin *b = t->w->b;
    const struct bulletin_item *item = b->items->pdata[first];
    gboolean any = FALSE;
    guint i;

    for (i = first; i < b->items->len && same_group(b, i, item->group); i++) {
        if (!occurred(b, i))
            continue;
        add_item_column(t, i);
        any = TRUE;
    }
    if (!any && item->group)
        add_column(t, COLUMN_EMPTY_GROUP, item->group);
    return i;
}

static void
choose_columns(struct table *t)
{
    const struct bulletin_writer *w = t->w;

    add_column(t, COLUMN_RANK, word(w, "column.rank"));
    add_column(t, COLUMN_UNIT, word(w, "column.unit"));
    add_column(t, COLUMN_SUBMITTED, word(w, "column.submitted"));
    add_column(t, COLUMN_ADOPTED, word(w, "column.adopted"));
    for (guint i = 0; i < w->b->items->len;)
        i = add_group(t, i);
    if (any_adjustment(w->b))
        add_column(t, COLUMN_ADJUSTMENT, word(w, "column.adjustment"));
    t->w->points_column = (int)t->columns->len;
    add_column(t, COLUMN_POINTS, word(w, "column.points"));
    add_column(t, COLUMN_TO_DATE, word(w, "column.to_date"));
}

/* ---- widths ---- */

static double
unit_width(const struct bulletin *b)
{
    glong longest = 7;

    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *c = b->classes->pdata[i];

        for (guint j = 0; j < c->rows->len; j++) {
            const struct bulletin_row *row = c->rows->pdata[j];

            longest = MAX(longest, g_utf8_strlen(row->unit, -1));
        }
    }
    return 2.1 * (double)MIN(longest, 14) + 2;
}

static double
column_width(const struct table *t, int i)
{
    switch (column_at(t, i)->kind) {
    case COLUMN_UNIT:
        return unit_width(t->w->b);
    case COLUMN_ADJUSTMENT:
    case COLUMN_POINTS:
    case COLUMN_TO_DATE:
        return 9;
    case COLUMN_RANK:
    case COLUMN_SUBMITTED:
    case COLUMN_ADOPTED:
    case COLUMN_ITEM:
    case COLUMN_EMPTY_GROUP:
        return 6.5;
    }
    g_assert_not_reached();
}

static void
open_sheet(struct table *t)
{
    int n = (int)t->columns->len;
    g_autofree double *widths = g_new0(double, n);

    for (int i = 0; i < n; i++)
        widths[i] = column_width(t, i);
    sheet_open(&t->s, t->w->book, word(t->w, "sheet.main"), widths, n,
               word(t->w, "line.pages"));
}

/* ---- header ---- */

static int
last_of_group(const struct table *t, int first)
{
    const char *group = column_at(t, first)->group;
    int last = first;

    while (group && last + 1 < (int)t->columns->len &&
           g_strcmp0(column_at(t, last + 1)->group, group) == 0)
        last++;
    return last;
}

static double
span_width(const struct table *t, int first, int last)
{
    double sum = 0;

    for (int i = first; i <= last; i++)
        sum += t->s.widths[i];
    return sum;
}

static void
write_header(struct table *t)
{
    int upper = 1, lower = 1;

    for (int i = 0; i < (int)t->columns->len;) {
        const struct column *c = column_at(t, i);
        int last = last_of_group(t, i);

        if (!c->group) {
            sheet_merge(&t->s, ROW_GROUPS, i, ROW_ITEMS, i, c->heading,
                        STYLE_HEAD);
            lower = MAX(lower, sheet_lines(c->heading, t->s.widths[i]) - upper);
            i++;
            continue;
        }
        sheet_merge(&t->s, ROW_GROUPS, i, ROW_GROUPS, last, c->group,
                    STYLE_HEAD);
        upper = MAX(upper, sheet_lines(c->group, span_width(t, i, last)));
        for (; i <= last; i++) {
            c = column_at(t, i);
            sheet_text(&t->s, ROW_ITEMS, i, c->heading, STYLE_HEAD);
            lower = MAX(lower, sheet_lines(c->heading, t->s.widths[i]));
        }
    }
    t->s.lines = 0;
    sheet_height(&t->s, ROW_GROUPS, 15.0 * upper + 6);
    sheet_height(&t->s, ROW_ITEMS, 15.0 * lower + 6);
    sheet_keep(&t->s, ROW_GROUPS, ROW_ITEMS, COLUMN_UNIT + 1);
}

/* ---- rows ---- */

static void
write_cell(struct table *t, int i, const struct bulletin_row *row,
           enum bulletin_standing standing)
{
    const struct column *c = column_at(t, i);
    gboolean credited = standing != BULLETIN_UNCREDITED;
    struct sheet *s = &t->s;

    switch (c->kind) {
    case COLUMN_RANK:
        if (standing == BULLETIN_RANKED && row->rank > 0)
            sheet_count(s, t->row, i, row->rank, STYLE_COUNT);
        else
            sheet_text(s, t->row, i, "", STYLE_CENTRE);
        return;
    case COLUMN_UNIT:
        sheet_text(s, t->row, i, row->unit, STYLE_TEXT);
        return;
    case COLUMN_SUBMITTED:
        sheet_count(s, t->row, i, row->submitted, STYLE_COUNT);
        return;
    case COLUMN_ADOPTED:
        sheet_count(s, t->row, i, row->adopted, STYLE_COUNT);
        return;
    case COLUMN_ITEM:
        sheet_count(s, t->row, i, row->counts[c->item], STYLE_COUNT);
        return;
    case COLUMN_EMPTY_GROUP:
        sheet_count(s, t->row, i, 0, STYLE_COUNT);
        return;
    case COLUMN_ADJUSTMENT:
    case COLUMN_POINTS:
    case COLUMN_TO_DATE:
        if (!credited)
            sheet_text(s, t->row, i, "", STYLE_CENTRE);
        else
            sheet_points(s, t->row, i,
                         c->kind == COLUMN_POINTS       ? row->points
                         : c->kind == COLUMN_ADJUSTMENT ? row->adjustment
                                                        : row->to_date,
                         STYLE_POINTS);
        return;
    }
}

static void
write_caption(struct table *t, const struct bulletin_class *c, guint ordinal)
{
    g_autoptr(value) more = value_map();
    g_autofree char *number = chinese_number(t->w->words, ordinal);
    g_autofree char *caption = NULL, *whole = NULL;
    const char *suffix = "";

    if (c->standing == BULLETIN_LISTED)
        suffix = word(t->w, "line.listed");
    else if (c->standing == BULLETIN_UNCREDITED)
        suffix = word(t->w, "line.uncredited");
    value_set_text(more, "ordinal", number);
    value_set_text(more, "class", c->name);
    caption = phrase(t->w->b, t->w->words, "line.class", more);
    whole = g_strconcat(caption, suffix, NULL);
    sheet_wide(&t->s, t->row++, whole, STYLE_SECTION);
}

static void
write_class(struct table *t, const struct bulletin_class *c, guint ordinal)
{
    struct class_place place = {c, 0, 0};

    write_caption(t, c, ordinal);
    place.first = t->row;
    for (guint i = 0; i < c->rows->len; i++, t->row++) {
        for (int j = 0; j < (int)t->columns->len; j++)
            write_cell(t, j, c->rows->pdata[i], c->standing);
        sheet_end_row(&t->s, t->row);
    }
    place.last = t->row - 1;
    if (c->rows->len > 0 && c->standing != BULLETIN_UNCREDITED)
        g_array_append_val(t->w->places, place);
}

/* ---- totals ---- */

static gint64
sum_of(const struct bulletin *b, const struct column *column)
{
    gint64 sum = 0;

    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *c = b->classes->pdata[i];

        for (guint j = 0; j < c->rows->len; j++) {
            const struct bulletin_row *row = c->rows->pdata[j];

            if (column->kind == COLUMN_ITEM)
                sum += row->counts[column->item];
            else if (column->kind == COLUMN_SUBMITTED)
                sum += row->submitted;
            else if (column->kind == COLUMN_ADOPTED)
                sum += row->adopted;
        }
    }
    return sum;
}

static void
write_total(struct table *t)
{
    const struct bulletin *b = t->w->b;

    sheet_merge(&t->s, t->row, COLUMN_RANK, t->row, COLUMN_UNIT,
                word(t->w, "column.total"), STYLE_TOTAL);
    for (int i = COLUMN_SUBMITTED; i < (int)t->columns->len; i++) {
        const struct column *c = column_at(t, i);

        if (c->kind == COLUMN_SUBMITTED)
            sheet_count(&t->s, t->row, i, b->received, STYLE_TOTAL_COUNT);
        else if (c->kind == COLUMN_ADOPTED)
            sheet_count(&t->s, t->row, i, b->adopted, STYLE_TOTAL_COUNT);
        else if (c->kind == COLUMN_ITEM || c->kind == COLUMN_EMPTY_GROUP)
            sheet_count(&t->s, t->row, i, sum_of(b, c), STYLE_TOTAL_COUNT);
        else
            sheet_text(&t->s, t->row, i, "", STYLE_TOTAL);
    }
    sheet_height(&t->s, t->row++, 20);
}

/* ---- what stands below ---- */

static void
write_note(struct table *t, const char *name, const struct value *more)
{
    g_autofree char *text = phrase(t->w->b, t->w->words, name, more);

    sheet_wide(&t->s, t->row++, text, STYLE_NOTE);
}

/* The assessed units that did nothing, in the order of the table. */
static void
write_idle(struct table *t, const char *name, gboolean adopted)
{
    const struct bulletin *b = t->w->b;
    const char *separator = word(t->w, "line.separator");
    g_autoptr(GString) units = g_string_new(NULL);
    g_autoptr(value) more = value_map();

    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *c = b->classes->pdata[i];

        for (guint j = 0; c->standing <= BULLETIN_LISTED && j < c->rows->len;
             j++) {
            const struct bulletin_row *row = c->rows->pdata[j];

            if ((adopted ? row->adopted : row->submitted) == 0)
                g_string_append_printf(units, "%s%s",
                                       units->len ? separator : "", row->unit);
        }
    }
    value_set_text(more, "units",
                   units->len ? units->str : word(t->w, "line.none"));
    write_note(t, name, more);
}

static void
write_notes(struct table *t)
{
    const struct column submitted = {COLUMN_SUBMITTED, 0, NULL, NULL};
    const struct column adopted = {COLUMN_ADOPTED, 0, NULL, NULL};
    const struct bulletin *b = t->w->b;

    write_note(t, "line.totals", NULL);
    write_idle(t, "line.silent", FALSE);
    write_idle(t, "line.unadopted", TRUE);
    if (sum_of(b, &submitted) != b->received ||
        sum_of(b, &adopted) != b->adopted)
        write_note(t, "line.joint", NULL);
}

void
bulletin_main_sheet(struct bulletin_writer *w)
{
    struct table t = {.w = w, .row = ROW_FIRST};
    g_autofree char *title = bulletin_title(w->b, w->words);
    g_autofree char *line = phrase(w->b, w->words, "line.head", NULL);
    guint ordinal = 0;

    t.columns = g_array_new(FALSE, FALSE, sizeof(struct column));
    g_array_set_clear_func(t.columns, clear_column);
    choose_columns(&t);
    open_sheet(&t);
    sheet_wide(&t.s, ROW_TITLE, title, STYLE_TITLE);
    sheet_wide(&t.s, ROW_LINE, line, STYLE_LINE);
    write_header(&t);
    for (guint i = 0; i < w->b->classes->len; i++) {
        const struct bulletin_class *c = w->b->classes->pdata[i];

        if (c->standing != BULLETIN_HIDDEN)
            write_class(&t, c, ++ordinal);
    }
    write_total(&t);
    write_notes(&t);
    sheet_close(&t.s);
    g_array_unref(t.columns);
}
