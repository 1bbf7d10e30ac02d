/* sheet.c - see sheet.h. */
#include "report/sheet.h"

#include "base/file.h"
#include "base/text.h"
#include "report/package.h"
#include "report/sheet_splice.h"

#include <string.h>
#include <unistd.h>

enum {
    CELL_CHARS = 32767, /* Excel's limit of a cell */
    PAPER_A4 = 9,
    GB2312_CHARSET = 134, /* lets Excel choose a Chinese font as fallback */
    UPRIGHT_CHARS = 120,  /* wider tables are printed across */
    HEAD_GREY = 0xEDEDED,
    SECTION_GREY = 0xF7F7F7,
    FACT_GREY = 0xF2F2F2,
    UNMET_GREY = 0xD9D9D9,
    ENTRY_YELLOW = 0xFFFBE6,
    NOTED_ORANGE = 0xFCE4D6,
    NEW_BLUE = 0xDDEBF7,
    GONE_GREY = 0x808080,
    DAY_SERIAL = 25569 /* of 1970-01-01 in Excel's calendar */
};

static const double MARGIN_INCHES = 0.6;
static const double LINE_POINTS = 15; /* of a line of text of 11 points */
static const double ROW_SPACE = 4;    /* above and below the text */
static const double ROW_POINTS = 409; /* Excel's limit */

/* ---- what went wrong first ---- */

static gboolean
failed(struct book *b, lxw_error code, const char *what)
{
    if (code == LXW_NO_ERROR || b->st != ST_OK)
        return b->st != ST_OK;
    b->st = err_set(&b->err, ST_FATAL, EXIT_SOFTWARE,
                    "cannot make the workbook %s: %s (%s)", b->path, what,
                    lxw_strerror(code));
    return TRUE;
}

/* ---- strings ---- */

/* Excel reads _x0041_ inside a string as the character with that code. */
static void
append_guarded(GString *out, const char *text)
{
    static const char hexadecimal[] = "0123456789abcdefABCDEF";

    for (const char *p = text; *p; p++) {
        if (p[0] == '_' && p[1] == 'x' && strspn(p + 2, hexadecimal) >= 4 &&
            p[6] == '_')
            g_string_append(out, "_x005F");
        g_string_append_c(out, *p);
    }
}

/* Nearly every text is: nothing that must be guarded or cleaned, short
 * enough whatever its characters are.  Bytes tell: C2 begins the controls of
 * U+0080 to U+009F, EF B7, EF BF and F0 what may be no character. */
static gboolean
is_plain(const char *text, size_t len)
{
    for (const guchar *p = (const guchar *)text; *p; p++)
        if (*p < ' ' || *p == '_' || *p == 0x7F || *p == 0xC2 || *p >= 0xF0 ||
            (*p == 0xEF && (p[1] == 0xB7 || p[1] == 0xBF)))
            return FALSE;
    return len <= CELL_CHARS && g_utf8_validate(text, (gssize)len, NULL);
}

char *
sheet_string(const char *text)
{
    size_t len = strlen(text);
    g_autofree char *clean = NULL;
    g_autoptr(GString) guarded = NULL;

    if (is_plain(text, len))
        return g_strndup(text, len);
    clean = text_clean(text, len);
    guarded = g_string_new(NULL);
    append_guarded(guarded, clean);
    return text_cut(guarded->str, CELL_CHARS);
}

/* In widths of a digit: a Chinese character, and all from U+2000 (E2 80 80)
 * on, is a little over two. */
static double
char_width(const char *p)
{
    return (guchar)*p < 0xE2 ? 1 : 2.1;
}

double
sheet_width(const char *text)
{
    double longest = 0, line = 0;

    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        line = *p == '\n' ? 0 : line + char_width(p);
        longest = MAX(longest, line);
    }
    return longest;
}

int
sheet_lines(const char *text, double width)
{
    double room = MAX(width - 1, 2); /* the cell's own margin */
    double line = 0;
    int n = 0;

    for (const char *p = text;; p = g_utf8_next_char(p)) {
        if (*p == '\n' || *p == '\0') {
            n += MAX(1, (int)((line + room - 0.1) / room));
            line = 0;
        } else {
            line += char_width(p);
        }
        if (*p == '\0')
            return n;
    }
}

/* ---- formats ---- */

static lxw_format *
add_format(struct book *b, enum style style, const char *font, double size,
           uint8_t align)
{
    lxw_format *f = workbook_add_format(b->workbook);

    format_set_font_name(f, font);
    format_set_font_size(f, size);
    format_set_font_charset(f, GB2312_CHARSET);
    format_set_align(f, align);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    b->formats[style] = f;
    return f;
}

static lxw_format *
add_cell(struct book *b, enum style style, const char *font, uint8_t align)
{
    lxw_format *f = add_format(b, style, font, 11, align);

    format_set_border(f, LXW_BORDER_THIN);
    format_set_text_wrap(f);
    return f;
}

static char *
points_format(const struct book_options *o)
{
    g_autofree char *zeros = g_strnfill((gsize)o->places, '0');
    g_autofree char *number =
        g_strconcat("0", o->places > 0 ? "." : "", zeros, NULL);

    return o->zero_blank ? g_strdup_printf("%s;-%s;", number, number)
                         : g_strdup(number);
}

/* Cells of a sheet that staff fill in: the colour says whose they are. */
static void
add_filled(struct book *b, enum style style, const struct book_options *o,
           uint8_t align, lxw_color_t colour, const char *number)
{
    lxw_format *f = add_cell(b, style, o->text_font, align);

    format_set_bg_color(f, colour);
    if (number)
        format_set_num_format(f, number);
}

static void
strike(lxw_format *f)
{
    format_set_font_color(f, GONE_GREY);
    format_set_font_strikeout(f);
}

static void
add_filled_formats(struct book *b, const struct book_options *o)
{
    const uint8_t centre = LXW_ALIGN_CENTER, left = LXW_ALIGN_LEFT;
    const char *day = "yyyy-mm-dd", *text = "@";

    add_filled(b, STYLE_UNMET, o, centre, UNMET_GREY, "0");
    add_filled(b, STYLE_UNMET_DECIMAL, o, centre, UNMET_GREY, "0.0#####");
    add_filled(b, STYLE_FACT, o, left, FACT_GREY, NULL);
    add_filled(b, STYLE_FACT_CENTRE, o, centre, FACT_GREY, text);
    add_filled(b, STYLE_FACT_COUNT, o, centre, FACT_GREY, "0");
    add_filled(b, STYLE_FACT_TIME, o, centre, FACT_GREY, "yyyy-mm-dd hh:mm");
    add_filled(b, STYLE_NOTED, o, centre, NOTED_ORANGE, NULL);
    add_filled(b, STYLE_ENTRY, o, left, ENTRY_YELLOW, NULL);
    add_filled(b, STYLE_ENTRY_DAY, o, centre, ENTRY_YELLOW, day);
    add_filled(b, STYLE_NEW, o, centre, NEW_BLUE, NULL);
    add_filled(b, STYLE_GONE, o, centre, FACT_GREY, NULL);
    strike(b->formats[STYLE_GONE]);
}

/* Only what is laid over a cell: Excel takes no fonts and borders here. */
static void
add_when_formats(struct book *b)
{
    for (int n = STYLE_WHEN_NOTED; n <= STYLE_WHEN_GONE; n++)
        b->formats[n] = workbook_add_format(b->workbook);
    format_set_bg_color(b->formats[STYLE_WHEN_NOTED], NOTED_ORANGE);
    format_set_bg_color(b->formats[STYLE_WHEN_NEW], NEW_BLUE);
    strike(b->formats[STYLE_WHEN_GONE]);
}

static void
add_formats(struct book *b, const struct book_options *o)
{
    const char *text = o->text_font, *head = o->head_font;
    const char *count = o->zero_blank ? "0;-0;" : "0";
    g_autofree char *points = points_format(o);
    lxw_format *f;

    add_format(b, STYLE_TITLE, o->title_font, 20, LXW_ALIGN_CENTER);
    format_set_text_wrap(b->formats[STYLE_TITLE]);
    add_format(b, STYLE_LINE, text, 11, LXW_ALIGN_CENTER);
    format_set_text_wrap(b->formats[STYLE_LINE]);
    f = add_cell(b, STYLE_HEAD, head, LXW_ALIGN_CENTER);
    format_set_bg_color(f, HEAD_GREY);
    f = add_cell(b, STYLE_SECTION, head, LXW_ALIGN_LEFT);
    format_set_bg_color(f, SECTION_GREY);
    f = add_cell(b, STYLE_TEXT, text, LXW_ALIGN_LEFT);
    format_set_indent(f, 1);
    add_cell(b, STYLE_CENTRE, text, LXW_ALIGN_CENTER);
    f = add_cell(b, STYLE_COUNT, text, LXW_ALIGN_CENTER);
    format_set_num_format(f, count);
    f = add_cell(b, STYLE_DECIMAL, text, LXW_ALIGN_CENTER);
    format_set_num_format(f, "0.0#####");
    f = add_cell(b, STYLE_POINTS, text, LXW_ALIGN_CENTER);
    format_set_num_format(f, points);
    add_cell(b, STYLE_TOTAL, head, LXW_ALIGN_CENTER);
    f = add_cell(b, STYLE_TOTAL_COUNT, head, LXW_ALIGN_CENTER);
    format_set_num_format(f, count);
    f = add_format(b, STYLE_NOTE, text, 11, LXW_ALIGN_LEFT);
    format_set_text_wrap(f);
    f = add_format(b, STYLE_HEADING, head, 12, LXW_ALIGN_LEFT);
    format_set_text_wrap(f);
    add_filled_formats(b, o);
    add_when_formats(b);
}

/* ---- the book ---- */

enum st
book_new(const char *path, const struct book_options *options,
         struct book **out, struct err *e)
{
    g_autofree char *dir = g_path_get_dirname(path);
    g_autofree char *title = text_line(options->title);
    g_autofree char *author = text_line(options->author);
    g_autoptr(book) b = g_new0(struct book, 1);
    lxw_workbook_options wo = {.tmpdir = dir};
    lxw_doc_properties properties = {
        .title = title, .author = author, .created = (time_t)options->made};

    b->path = g_strdup(path);
    b->temporary = g_strdup_printf("%s.%ld.tmp", path, (long)getpid());
    b->workbook = workbook_new_opt(b->temporary, &wo);
    if (!b->workbook)
        return err_set(e, ST_RETRY, EXIT_IO, "cannot make the workbook %s",
                       path);
    failed(b, workbook_set_properties(b->workbook, &properties), "properties");
    add_formats(b, options);
    *out = g_steal_pointer(&b);
    return ST_OK;
}

void
book_free(struct book *b)
{
    if (!b)
        return;
    if (b->workbook)
        lxw_workbook_free(b->workbook);
    sheet_rows_free(b->rows);
    if (b->temporary)
        unlink(b->temporary);
    g_free(b->temporary);
    g_free(b->path);
    g_free(b);
}

/* The library writes the last of the rows that are ours, empty: so it knows
 * how far they reach, and they have their place.  The number of their sheet;
 * 0: there are none. */
static int
leave_place(struct book *b)
{
    lxw_row_t last;

    if (!b->rows || sheet_rows_count(b->rows) == 0)
        return 0;
    last = (lxw_row_t)sheet_rows_at(b->rows) - 1;
    failed(b, worksheet_set_row(b->streamed, last, ROW_POINTS, NULL), "row");
    return b->streamed->index + 1;
}

static enum st
close_workbook(struct book *b, struct err *e)
{
    lxw_error code = workbook_close(b->workbook);

    b->workbook = NULL; /* workbook_close() frees it, whatever it says */
    return code == LXW_NO_ERROR ? ST_OK
                                : err_set(e, ST_RETRY, EXIT_IO,
                                          "cannot write the workbook %s: %s",
                                          b->path, lxw_strerror(code));
}

enum st
book_publish(struct book *b, struct err *e)
{
    const struct package_want want = {"xl/worksheets/sheet", b->sheets};
    int streamed = leave_place(b);
    enum st st;

    if (b->st != ST_OK) {
        if (e)
            *e = b->err;
        return b->st;
    }
    st = close_workbook(b, e);
    if (st == ST_OK && streamed)
        st = sheet_splice(b->temporary, streamed, b->rows, b->path, e);
    if (st == ST_OK)
        st = package_check_file(b->temporary, &want, e);
    if (st == ST_OK)
        st = file_publish(b->temporary, b->path, e);
    if (st == ST_OK)
        g_clear_pointer(&b->temporary, g_free);
    return st;
}

/* ---- sheets ---- */

static double
width_chars(const struct sheet *s)
{
    double sum = 0;

    for (int i = 0; i < s->columns; i++)
        sum += s->widths[i];
    return sum;
}

static void
set_print(struct sheet *s, const char *footer)
{
    g_autofree char *centred = g_strconcat("&C", footer, NULL);
    const double margin = MARGIN_INCHES;

    worksheet_set_paper(s->ws, PAPER_A4);
    if (width_chars(s) > UPRIGHT_CHARS)
        worksheet_set_landscape(s->ws);
    worksheet_fit_to_pages(s->ws, 1, 0);
    worksheet_center_horizontally(s->ws);
    worksheet_set_margins(s->ws, margin, margin, margin, margin);
    if (*footer)
        failed(s->book, worksheet_set_footer(s->ws, centred), "footer");
}

void
sheet_open(struct sheet *s, struct book *b, const char *name,
           const double *widths, int columns, const char *footer)
{
    s->book = b;
    s->columns = columns;
    s->lines = 0;
    s->rows = NULL;
    s->widths = g_memdup2(widths, sizeof *widths * (gsize)columns);
    s->ws = workbook_add_worksheet(b->workbook, name);
    if (!s->ws) {
        failed(b, LXW_ERROR_PARAMETER_VALIDATION, name);
        return;
    }
    b->sheets++;
    for (int i = 0; i < columns; i++)
        failed(b,
               worksheet_set_column(s->ws, (lxw_col_t)i, (lxw_col_t)i,
                                    widths[i], NULL),
               "column");
    set_print(s, footer);
}

void
sheet_close(struct sheet *s)
{
    g_clear_pointer(&s->widths, g_free);
}

void
sheet_stream(struct sheet *s, int row)
{
    struct book *b = s->book;

    g_assert(!b->rows);
    if (b->st != ST_OK)
        return;
    b->st = sheet_rows_new(b->path, row, s->columns, &b->rows, &b->err);
    b->streamed = s->ws;
    s->rows = b->rows;
}

/* Is this row ours?  Then it is the one that is being written. */
static gboolean
is_streamed(const struct sheet *s, int row)
{
    g_assert(!s->rows || row == sheet_rows_at(s->rows));
    return s->rows != NULL;
}

/* The number that the library gave to the style, and will write. */
static int
number_of(const struct sheet *s, enum style style)
{
    return lxw_format_get_xf_index(s->book->formats[style]);
}

void
sheet_keep(struct sheet *s, int first, int last, int column)
{
    if (s->book->st != ST_OK)
        return;
    failed(s->book,
           worksheet_repeat_rows(s->ws, (lxw_row_t)first, (lxw_row_t)last),
           "repeated rows");
    worksheet_freeze_panes(s->ws, (lxw_row_t)(last + 1), (lxw_col_t)column);
}

void
sheet_text(struct sheet *s, int row, int column, const char *text,
           enum style style)
{
    g_autofree char *safe = sheet_string(text ? text : "");
    lxw_format *f = s->book->formats[style];
    lxw_row_t r = (lxw_row_t)row;
    lxw_col_t c = (lxw_col_t)column;

    if (s->book->st != ST_OK)
        return;
    s->lines = MAX(s->lines, sheet_lines(safe, s->widths[column]));
    if (is_streamed(s, row)) {
        sheet_rows_text(s->rows, column, safe, number_of(s, style));
        return;
    }
    failed(s->book,
           *safe ? worksheet_write_string(s->ws, r, c, safe, f)
                 : worksheet_write_blank(s->ws, r, c, f),
           "text");
}

static void
write_number(struct sheet *s, int row, int column, double n, enum style style)
{
    if (s->book->st != ST_OK)
        return;
    if (is_streamed(s, row))
        sheet_rows_number(s->rows, column, n, number_of(s, style));
    else
        failed(s->book,
               worksheet_write_number(s->ws, (lxw_row_t)row, (lxw_col_t)column,
                                      n, s->book->formats[style]),
               "number");
}

void
sheet_count(struct sheet *s, int row, int column, gint64 n, enum style style)
{
    write_number(s, row, column, (double)n, style);
}

/* A cell is a double.  Reading the decimal's own digits gives the double
 * that Excel would make of them, and shows them again. */
void
sheet_points(struct sheet *s, int row, int column, decimal points,
             enum style style)
{
    g_autofree char *digits = decimal_format(points);

    write_number(s, row, column, g_ascii_strtod(digits, NULL), style);
}

void
sheet_number(struct sheet *s, int row, int column, decimal n, enum style style)
{
    if (n % DECIMAL_ONE != 0)
        style = style == STYLE_UNMET ? STYLE_UNMET_DECIMAL : STYLE_DECIMAL;
    sheet_points(s, row, column, n, style);
}

void
sheet_day(struct sheet *s, int row, int column, civil_day day, enum style style)
{
    write_number(s, row, column, day + DAY_SERIAL, style);
}

void
sheet_time(struct sheet *s, int row, int column, civil_day day, int minute,
           enum style style)
{
    write_number(s, row, column, day + DAY_SERIAL + minute / 1440.0, style);
}

void
sheet_merge(struct sheet *s, int row, int column, int last_row, int last_column,
            const char *text, enum style style)
{
    g_autofree char *safe = sheet_string(text);

    if (row == last_row && column == last_column) {
        sheet_text(s, row, column, text, style);
        return;
    }
    if (s->book->st != ST_OK)
        return;
    g_assert(!s->rows);
    failed(s->book,
           worksheet_merge_range(s->ws, (lxw_row_t)row, (lxw_col_t)column,
                                 (lxw_row_t)last_row, (lxw_col_t)last_column,
                                 safe, s->book->formats[style]),
           "merged cells");
}

void
sheet_height(struct sheet *s, int row, double points)
{
    points = MIN(points, ROW_POINTS);
    if (s->book->st != ST_OK)
        return;
    if (is_streamed(s, row))
        sheet_rows_end(s->rows, points);
    else
        failed(s->book, worksheet_set_row(s->ws, (lxw_row_t)row, points, NULL),
               "row");
}

void
sheet_end_row(struct sheet *s, int row)
{
    sheet_height(s, row, LINE_POINTS * MAX(s->lines, 1) + ROW_SPACE);
    s->lines = 0;
}

void
sheet_wide(struct sheet *s, int row, const char *text, enum style style)
{
    double width = width_chars(s), line = LINE_POINTS;

    if (style == STYLE_TITLE) {
        width /= 2; /* its letters are twice as large */
        line = 30;
    }
    sheet_merge(s, row, 0, row, s->columns - 1, text, style);
    sheet_height(s, row, line * sheet_lines(text, width) + ROW_SPACE);
}

/* ---- sheets that are filled in ---- */

#ifdef BAOSONG_SANITIZED
/* libxlsxwriter 1.1.4 copies the range of a drop-down list twice and frees
 * one copy: some twenty bytes a column, not ours to mend. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
    return "leak:lxw_strdup\n";
}
#endif

static void
validate(struct sheet *s, int first, int last, int column,
         lxw_data_validation *v, const char *hint, const char *refusal)
{
    lxw_col_t c = (lxw_col_t)column;

    v->ignore_blank = LXW_VALIDATION_ON;
    v->show_input = LXW_VALIDATION_ON;
    v->show_error = LXW_VALIDATION_ON;
    v->error_type = LXW_VALIDATION_ERROR_TYPE_STOP;
    v->input_message = (char *)hint;
    v->error_message = (char *)refusal;
    if (s->book->st == ST_OK)
        failed(s->book,
               worksheet_data_validation_range(s->ws, (lxw_row_t)first, c,
                                               (lxw_row_t)last, c, v),
               "drop-down list");
}

void
sheet_choose(struct sheet *s, int first, int last, int column,
             const struct sheet_choice *choice)
{
    g_autofree char *range = g_strdup_printf(
        "='%s'!$%c$1:$%c$%d", choice->sheet, 'A' + choice->column,
        'A' + choice->column, choice->rows);
    lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
                             .dropdown = LXW_VALIDATION_ON,
                             .value_formula = range};

    validate(s, first, last, column, &v, choice->hint, choice->refusal);
}

void
sheet_days_only(struct sheet *s, int first, int last, int column,
                const char *hint, const char *refusal)
{
    lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_DATE,
                             .criteria = LXW_VALIDATION_CRITERIA_BETWEEN,
                             .minimum_datetime = {2000, 1, 1, 0, 0, 0},
                             .maximum_datetime = {2100, 1, 1, 0, 0, 0}};

    validate(s, first, last, column, &v, hint, refusal);
}

void
sheet_when(struct sheet *s, int first, int last, int column, int last_column,
           const char *formula, enum style style)
{
    lxw_conditional_format f = {.type = LXW_CONDITIONAL_TYPE_FORMULA,
                                .value_string = (char *)formula,
                                .format = s->book->formats[style]};

    if (s->book->st == ST_OK)
        failed(s->book,
               worksheet_conditional_format_range(
                   s->ws, (lxw_row_t)first, (lxw_col_t)column, (lxw_row_t)last,
                   (lxw_col_t)last_column, &f),
               "colours");
}

void
sheet_filter(struct sheet *s, int head, int last)
{
    if (s->book->st == ST_OK)
        failed(s->book,
               worksheet_autofilter(s->ws, (lxw_row_t)head, 0, (lxw_row_t)last,
                                    (lxw_col_t)(s->columns - 1)),
               "filter");
}

void
sheet_hide(struct sheet *s)
{
    if (s->book->st == ST_OK)
        worksheet_hide(s->ws);
}

void
sheet_print_title(struct sheet *s, const char *title)
{
    g_autofree char *safe = sheet_string(title);
    g_autoptr(GString) header = g_string_new(safe);

    g_string_replace(header, "&", "&&", 0); /* & begins an order */
    g_string_prepend(header, "&C&14 ");     /* the space ends the size */
    if (s->book->st == ST_OK)
        failed(s->book, worksheet_set_header(s->ws, header->str), "header");
}
