/* bulletin_charts.c - the sheet 图表: native charts over the cells of the
 * other sheets, so that staff can restyle or copy them. */
#include "report/bulletin_sheets.h"

#include <string.h>

enum {
    CHART_PIXELS = 712, /* the width of the sheet's columns */
    ROW_PIXELS = 20,
    BAR_PIXELS = 25,
    BARS = 35,          /* of one chart: a page upright */
    FRAME_PIXELS = 110, /* title, axis */
    PAGE_PIXELS = 1030, /* of a page upright, fitted to its width */
    SERIES_BLUE = 0x2F5597,
    ROW_FIRST = 2, /* below the title */
    UNIT_COLUMN = 1,
    BREAKS = 128
};

static lxw_chart_font
font(const struct bulletin_writer *w, double size, gboolean bold)
{
    lxw_chart_font f = {.name = (char *)word(w, "font.text"),
                        .size = size,
                        .bold = (uint8_t)bold};

    return f;
}

static void
dress(const struct bulletin_writer *w, lxw_chart *chart,
      lxw_chart_series *series, const char *title, const char *number)
{
    lxw_chart_font big = font(w, 14, TRUE), small = font(w, 10, FALSE);
    lxw_chart_fill fill = {.color = SERIES_BLUE};

    chart_title_set_name(chart, title);
    chart_title_set_name_font(chart, &big);
    chart_axis_set_num_font(chart->x_axis, &small);
    chart_axis_set_num_font(chart->y_axis, &small);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    chart_series_set_fill(series, &fill);
    chart_series_set_labels(series);
    chart_series_set_labels_num_format(series, number);
    chart_series_set_labels_font(series, &small);
    chart_set_series_gap(chart, 60);
}

/* Places the chart at `row` with the height of `pixels`; gives the row
 * behind it. */
static int
place(struct sheet *s, lxw_chart *chart, int row, int pixels)
{
    lxw_chart_options options = {.x_scale = CHART_PIXELS / 480.0,
                                 .y_scale = pixels / 288.0};
    struct book *b = s->book;
    lxw_error code;

    if (b->st != ST_OK)
        return row;
    code =
        worksheet_insert_chart_opt(s->ws, (lxw_row_t)row, 0, chart, &options);
    if (code != LXW_NO_ERROR)
        b->st = err_set(&b->err, ST_FATAL, EXIT_SOFTWARE,
                        "cannot make the workbook %s: chart (%s)", b->path,
                        lxw_strerror(code));
    return row + pixels / ROW_PIXELS + 2;
}

/* ---- points of a class ---- */

static char *
points_title(const struct bulletin_writer *w, const struct class_place *at)
{
    g_autofree char *wide = wide_brackets(w->words, at->class_->name);
    g_autofree char *name = sheet_string(wide);
    g_autoptr(value) more = value_map();

    value_set_text(more, "class", name);
    return phrase(w->b, w->words, "chart.points", more);
}

static int
points_pixels(int first, int last)
{
    return FRAME_PIXELS + BAR_PIXELS * (last - first + 1);
}

/* The units of the rows first..last.  libxlsxwriter's axes of a bar chart
 * are those of the picture: y has the units, x the points. */
static int
points_chart(struct bulletin_writer *w, struct sheet *s,
             const struct class_place *at, int first, int last, int row)
{
    lxw_chart *chart = workbook_add_chart(w->book->workbook, LXW_CHART_BAR);
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    g_autofree char *title = points_title(w, at);
    g_autofree char *zeros = g_strnfill((gsize)w->places_shown, '0');
    g_autofree char *number = g_strconcat("0", *zeros ? "." : "", zeros, NULL);
    const char *sheet = word(w, "sheet.main");
    lxw_col_t points = (lxw_col_t)w->points_column;

    chart_series_set_categories(series, sheet, (lxw_row_t)first, UNIT_COLUMN,
                                (lxw_row_t)last, UNIT_COLUMN);
    chart_series_set_values(series, sheet, (lxw_row_t)first, points,
                            (lxw_row_t)last, points);
    dress(w, chart, series, title, number);
    chart_axis_set_reverse(chart->y_axis); /* the first on top */
    chart_axis_off(chart->x_axis);         /* the bars bear their numbers */
    chart_axis_major_gridlines_set_visible(chart->x_axis, LXW_FALSE);
    chart_axis_set_label_position(chart->y_axis,
                                  LXW_CHART_AXIS_LABEL_POSITION_LOW);
    return place(s, chart, row, points_pixels(first, last));
}

/* ---- adoptions by level ---- */

struct level {
    const char *group;
    gint64 n;
};

static GArray *
count_levels(const struct bulletin *b)
{
    GArray *levels = g_array_new(FALSE, FALSE, sizeof(struct level));

    for (guint i = 0; i < b->adoptions->len; i++) {
        const struct bulletin_adoption *a = b->adoptions->pdata[i];
        guint j = 0;

        while (j < levels->len &&
               g_strcmp0(g_array_index(levels, struct level, j).group,
                         a->group) != 0)
            j++;
        if (j == levels->len) {
            struct level l = {a->group, 0};

            g_array_append_val(levels, l);
        }
        g_array_index(levels, struct level, j).n++;
    }
    return levels;
}

/* The small table that the chart is drawn from. */
static int
write_levels(struct bulletin_writer *w, struct sheet *s, const GArray *levels,
             int row)
{
    sheet_text(s, row, 0, word(w, "column.group"), STYLE_HEAD);
    sheet_text(s, row++, 1, word(w, "column.count"), STYLE_HEAD);
    for (guint i = 0; i < levels->len; i++, row++) {
        const struct level *l = &g_array_index(levels, struct level, i);

        sheet_text(s, row, 0, l->group, STYLE_CENTRE);
        sheet_count(s, row, 1, l->n, STYLE_COUNT);
    }
    return row + 1;
}

static int
levels_chart(struct bulletin_writer *w, struct sheet *s, int row)
{
    g_autoptr(GArray) levels = count_levels(w->b);
    g_autofree char *title = NULL;
    const char *sheet = word(w, "sheet.charts");
    lxw_row_t first = (lxw_row_t)row + 1, last;
    lxw_chart_series *series;
    lxw_chart *chart;

    if (levels->len == 0)
        return row;
    last = (lxw_row_t)row + levels->len;
    row = write_levels(w, s, levels, row);
    chart = workbook_add_chart(w->book->workbook, LXW_CHART_COLUMN);
    series = chart_add_series(chart, NULL, NULL);
    title = phrase(w->b, w->words, "chart.adoptions", NULL);
    chart_series_set_categories(series, sheet, first, 0, last, 0);
    chart_series_set_values(series, sheet, first, 1, last, 1);
    dress(w, chart, series, title, "0");
    chart_axis_off(chart->y_axis);
    chart_axis_major_gridlines_set_visible(chart->y_axis, LXW_FALSE);
    return place(s, chart, row, 300);
}

/* A chart of nothing but zeros says nothing. */
static gboolean
any_points(const struct bulletin_class *c)
{
    for (guint i = 0; i < c->rows->len; i++) {
        const struct bulletin_row *row = c->rows->pdata[i];

        if (row->points != 0)
            return TRUE;
    }
    return FALSE;
}

/* A chart that does not fit below the last begins a page. */
struct pages {
    lxw_row_t breaks[BREAKS + 1]; /* ended by 0 */
    guint n;
    int first; /* row of the page */
};

static int
page_for(struct pages *pages, int row, int pixels)
{
    gboolean fits = (row - pages->first) * ROW_PIXELS + pixels <= PAGE_PIXELS;

    if (fits || pages->n == BREAKS)
        return row;
    pages->breaks[pages->n++] = (lxw_row_t)row;
    pages->first = row;
    return row;
}

static int
class_charts(struct bulletin_writer *w, struct sheet *s,
             const struct class_place *at, struct pages *pages, int row)
{
    for (int first = at->first; first <= at->last; first += BARS) {
        int last = MIN(first + BARS - 1, at->last);

        row = page_for(pages, row, points_pixels(first, last));
        row = points_chart(w, s, at, first, last, row);
    }
    return row;
}

void
bulletin_charts_sheet(struct bulletin_writer *w)
{
    static const double widths[] = {16, 10, 10, 10, 10, 10, 10, 10, 10};
    g_autofree char *title = phrase(w->b, w->words, "title.charts", NULL);
    struct pages pages = {{0}, 0, 0};
    struct sheet s;
    int row = ROW_FIRST;

    sheet_open(&s, w->book, word(w, "sheet.charts"), widths,
               G_N_ELEMENTS(widths), word(w, "line.pages"));
    sheet_wide(&s, 0, title, STYLE_TITLE);
    row = levels_chart(w, &s, row);
    for (guint i = 0; i < w->places->len; i++) {
        const struct class_place *at =
            &g_array_index(w->places, struct class_place, i);

        if (any_points(at->class_))
            row = class_charts(w, &s, at, &pages, row);
    }
    if (w->book->st == ST_OK && pages.n > 0)
        worksheet_set_h_pagebreaks(s.ws, pages.breaks);
    sheet_close(&s);
}
