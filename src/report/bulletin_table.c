/* bulletin_table.c - the sheets 通报 and 任务完成情况: one table a class under
 * one two-level header, which every page repeats; a line a unit. */
#include "report/bulletin_columns.h"
#include "report/bulletin_sheets.h"

enum { ROW_TITLE, ROW_LINE, ROW_GROUPS, ROW_ITEMS, ROW_FIRST };

enum { UNIT_COLUMN = 1 };

struct table {
    struct bulletin_writer *w;
    struct sheet s;
    struct columns *columns;
    int row; /* the next one */
};

static void
open_sheet(struct table *t, const char *name)
{
    int n = columns_count(t->columns);
    g_autofree double *widths = g_new0(double, n);

    for (int i = 0; i < n; i++)
        widths[i] = column_at(t->columns, i)->width;
    sheet_open(&t->s, t->w->book, word(t->w, name), widths, n,
               word(t->w, "line.pages"));
}

/* ---- header ---- */

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

    for (int i = 0; i < columns_count(t->columns);) {
        const struct column *c = column_at(t->columns, i);
        int last = column_group_end(t->columns, i);

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
            c = column_at(t->columns, i);
            sheet_text(&t->s, ROW_ITEMS, i, c->heading, STYLE_HEAD);
            lower = MAX(lower, sheet_lines(c->heading, t->s.widths[i]));
        }
    }
    t->s.lines = 0;
    sheet_height(&t->s, ROW_GROUPS, 15.0 * upper + 6);
    sheet_height(&t->s, ROW_ITEMS, 15.0 * lower + 6);
    sheet_keep(&t->s, ROW_GROUPS, ROW_ITEMS, UNIT_COLUMN + 1);
}

/* ---- rows ---- */

static void
write_figure(struct table *t, int column, const struct figure *f,
             gboolean total)
{
    struct sheet *s = &t->s;

    switch (f->kind) {
    case FIGURE_BLANK:
        sheet_text(s, t->row, column, "", total ? STYLE_TOTAL : STYLE_CENTRE);
        return;
    case FIGURE_TEXT:
        sheet_text(s, t->row, column, f->text,
                   f->left ? STYLE_TEXT : STYLE_CENTRE);
        return;
    case FIGURE_POINTS:
        sheet_points(s, t->row, column, f->number, STYLE_POINTS);
        return;
    case FIGURE_NUMBER:
        sheet_number(s, t->row, column, f->number,
                     total      ? STYLE_TOTAL_COUNT
                     : f->unmet ? STYLE_UNMET
                                : STYLE_COUNT);
        return;
    }
}

static void
write_row(struct table *t, const struct bulletin_class *k,
          const struct bulletin_row *row, guint ordinal)
{
    for (int i = 0; i < columns_count(t->columns); i++) {
        struct figure f = column_figure(t->columns, i, k, row, ordinal);

        write_figure(t, i, &f, FALSE);
    }
    sheet_end_row(&t->s, t->row++);
}

static void
write_caption(struct table *t, const struct bulletin_class *k, guint ordinal)
{
    g_autofree char *caption = class_caption(t->w->b, t->w->words, k, ordinal);

    sheet_wide(&t->s, t->row++, caption, STYLE_SECTION);
}

static void
write_class(struct table *t, const struct bulletin_class *k, guint ordinal)
{
    struct class_place place = {k, 0, 0};

    write_caption(t, k, ordinal);
    place.first = t->row;
    for (guint i = 0; i < k->rows->len; i++)
        write_row(t, k, k->rows->pdata[i], i + 1);
    place.last = t->row - 1;
    if (k->rows->len > 0 && k->standing != BULLETIN_UNCREDITED)
        g_array_append_val(t->w->places, place);
}

static void
write_total(struct table *t)
{
    sheet_merge(&t->s, t->row, 0, t->row, UNIT_COLUMN,
                word(t->w, "column.total"), STYLE_TOTAL);
    for (int i = UNIT_COLUMN + 1; i < columns_count(t->columns); i++) {
        struct figure f = column_total(t->columns, i);

        write_figure(t, i, &f, TRUE);
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

static void
write_units(struct table *t, const char *name, const GPtrArray *units)
{
    g_autofree char *names = joined(t->w->words, units);
    g_autoptr(value) more = value_map();

    value_set_text(more, "units", *names ? names : word(t->w, "line.none"));
    write_note(t, name, more);
}

static void
write_notes(struct table *t)
{
    g_autoptr(GPtrArray) silent = units_silent(t->w->b);
    g_autoptr(GPtrArray) unadopted = units_unadopted(t->w->b, TRUE);

    write_note(t, "line.totals", NULL);
    write_units(t, "line.silent", silent);
    write_units(t, "line.unadopted", unadopted);
    if (columns_any_outcome(t->columns, TARGET_UNMET))
        write_note(t, "line.unmet", NULL);
    if (columns_exceed_totals(t->columns))
        write_note(t, "line.joint", NULL);
}

static int
points_column(const struct columns *c)
{
    for (int i = 0; i < columns_count(c); i++)
        if (column_at(c, i)->kind == COLUMN_POINTS)
            return i;
    return 0;
}

void
bulletin_main_sheet(struct bulletin_writer *w)
{
    g_autoptr(columns) all = columns_new(w->b, w->words, COLUMNS_SHEET);
    struct table t = {.w = w, .columns = all, .row = ROW_FIRST};
    g_autofree char *title = bulletin_title(w->b, w->words);
    g_autofree char *line = phrase(w->b, w->words, "line.head", NULL);
    guint ordinal = 0;

    w->points_column = points_column(all);
    open_sheet(&t, "sheet.main");
    sheet_wide(&t.s, ROW_TITLE, title, STYLE_TITLE);
    sheet_wide(&t.s, ROW_LINE, line, STYLE_LINE);
    write_header(&t);
    for (guint i = 0; i < w->b->classes->len; i++) {
        const struct bulletin_class *k = w->b->classes->pdata[i];

        if (k->standing != BULLETIN_HIDDEN)
            write_class(&t, k, ++ordinal);
    }
    write_total(&t);
    write_notes(&t);
    sheet_close(&t.s);
}

/* ---- 任务完成情况 ---- */

/* The units of a class that have a task, under its caption; how many. */
static guint
write_tasked(struct table *t, const struct bulletin_class *k, guint ordinal)
{
    guint n = 0;

    for (guint i = 0; i < k->rows->len; i++) {
        const struct bulletin_row *row = k->rows->pdata[i];

        if (!columns_has_task(t->columns, row->unit))
            continue;
        if (n++ == 0)
            write_caption(t, k, ordinal);
        write_row(t, k, row, n);
    }
    return n;
}

static void
write_task_notes(struct table *t)
{
    if (columns_any_outcome(t->columns, TARGET_UNMET))
        write_note(t, "line.unmet", NULL);
    if (columns_any_outcome(t->columns, TARGET_NOT_YET))
        write_note(t, "line.not_yet", NULL);
}

void
bulletin_targets_sheet(struct bulletin_writer *w)
{
    g_autoptr(columns) tasks = columns_new(w->b, w->words, COLUMNS_TASKS);
    struct table t = {.w = w, .columns = tasks, .row = ROW_FIRST};
    g_autofree char *title = phrase(w->b, w->words, "title.targets", NULL);
    g_autofree char *line = phrase(w->b, w->words, "line.head_tasks", NULL);
    guint shown = 0;

    open_sheet(&t, "sheet.targets");
    sheet_wide(&t.s, ROW_TITLE, title, STYLE_TITLE);
    sheet_wide(&t.s, ROW_LINE, line, STYLE_LINE);
    write_header(&t);
    for (guint i = 0; i < w->b->classes->len; i++)
        if (write_tasked(&t, w->b->classes->pdata[i], shown + 1) > 0)
            shown++;
    if (shown == 0)
        sheet_wide(&t.s, t.row, word(w, "line.none"), STYLE_CENTRE);
    write_task_notes(&t);
    sheet_close(&t.s);
}
