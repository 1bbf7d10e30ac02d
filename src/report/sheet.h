/* sheet.h - the one gate into workbooks, and into libxlsxwriter.
 *
 * libxlsxwriter 1.1.4 writes invalid UTF-8 unchecked and the whole workbook
 * is then unreadable; a string over 32,767 characters leaves its cell empty
 * with a return code that is easy to miss.  So every string passes
 * sheet_text(), every return code is looked at, and the first failure is kept
 * in the book: the calls that follow do nothing, and book_publish() says what
 * happened.
 *
 * Nothing is ever a formula or a link: text that begins with = + - @ is text.
 */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "base/day.h"
#include "base/decimal.h"
#include "base/err.h"
#include "report/sheet_rows.h"

#include <xlsxwriter.h>

enum style {
    STYLE_TITLE,   /* over the whole width, large */
    STYLE_LINE,    /* below it: period, cut-off time */
    STYLE_HEAD,    /* of a column: bold, wrapped, grey */
    STYLE_SECTION, /* of a class: bold, left */
    STYLE_TEXT,    /* left, wrapped */
    STYLE_CENTRE,  /* short text, wrapped */
    STYLE_COUNT,   /* whole number */
    STYLE_DECIMAL, /* another number, with the places that it has */
    STYLE_UNMET,   /* the same two of a task that was missed: shaded */
    STYLE_UNMET_DECIMAL,
    STYLE_POINTS, /* decimal, all with as many places */
    STYLE_TOTAL,  /* as the last three, bold */
    STYLE_TOTAL_COUNT,
    STYLE_NOTE,    /* below or without a table: no border, wrapped */
    STYLE_HEADING, /* of notes: bold, no border */
    STYLE_FACT,    /* grey: not to be changed by who fills it in */
    STYLE_FACT_CENTRE,
    STYLE_FACT_COUNT,
    STYLE_FACT_TIME,
    STYLE_NOTED, /* orange: look at this */
    STYLE_ENTRY, /* yellow: to be filled in */
    STYLE_ENTRY_DAY,
    STYLE_NEW,  /* blue: came since the last time */
    STYLE_GONE, /* struck through: does not count */
    /* the same three, laid over what a cell has: for sheet_when() */
    STYLE_WHEN_NOTED,
    STYLE_WHEN_NEW,
    STYLE_WHEN_GONE,
    STYLE_NUMBER
};

struct book_options {
    const char *title_font, *head_font, *text_font;
    const char *title, *author; /* of the file's properties */
    gint64 made;                /* likewise: seconds; never the clock */
    gboolean zero_blank;        /* zeros are printed as blanks */
    int places;                 /* of points */
};

struct book {
    lxw_workbook *workbook;
    lxw_format *formats[STYLE_NUMBER];
    char *temporary; /* the file being made, beside `path` */
    char *path;
    guint sheets;
    struct sheet_rows *rows; /* of the sheet that is streamed, if any */
    lxw_worksheet *streamed; /* that sheet */
    enum st st;              /* of the first failure */
    struct err err;
};
typedef struct book book;

/* A book to become `path`, made in the same folder. */
enum st book_new(const char *path, const struct book_options *options,
                 struct book **out, struct err *e);

/* Write it, read it again (package.h), rename it into place.  On failure
 * nothing is left behind and an older file at `path` is untouched. */
enum st book_publish(struct book *b, struct err *e);
void book_free(struct book *b); /* also removes what was not published */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(book, book_free)

struct sheet {
    struct book *book;
    lxw_worksheet *ws;
    int columns;
    double *widths; /* of the columns, in characters; owned by the sheet */
    int lines;      /* of the row being written */
    struct sheet_rows *rows; /* borrowed: they are streamed; else NULL */
};

/* Add a sheet with columns of these widths, printed on A4 fitted to one
 * page's width, pages numbered by `footer`; upright when the columns fit. */
void sheet_open(struct sheet *s, struct book *b, const char *name,
                const double *widths, int columns, const char *footer);
void sheet_close(struct sheet *s);

/* From `row` on every row is written by ourselves, at once, and none is kept
 * in memory (sheet_rows.h).  From here the rows come in order, each one's
 * cells from left to right, ended by sheet_end_row(); none is merged.  One
 * sheet of a book. */
void sheet_stream(struct sheet *s, int row);

/* Rows first..last are printed on top of every page and stay on the screen,
 * as do the columns before `column`. */
void sheet_keep(struct sheet *s, int first, int last, int column);

void sheet_text(struct sheet *s, int row, int column, const char *text,
                enum style style);
void
sheet_count(struct sheet *s, int row, int column, gint64 n, enum style style);
void sheet_points(struct sheet *s, int row, int column, decimal points,
                  enum style style);
/* Whole in a style of counts, else in that with places. */
void
sheet_number(struct sheet *s, int row, int column, decimal n, enum style style);

/* A date, and a minute of a date, as Excel's own. */
void sheet_day(struct sheet *s, int row, int column, civil_day day,
               enum style style);
void sheet_time(struct sheet *s, int row, int column, civil_day day, int minute,
                enum style style);

/* The row is written: give it the height of its highest text.  (Excel would
 * do it by itself, LibreOffice and WPS do not.) */
void sheet_end_row(struct sheet *s, int row);

/* One text over several cells.  Excel does not fit the height of merged
 * cells: the row's is set from the text. */
void sheet_merge(struct sheet *s, int row, int column, int last_row,
                 int last_column, const char *text, enum style style);
void sheet_wide(struct sheet *s, int row, const char *text, enum style style);
void sheet_height(struct sheet *s, int row, double points);

/* ---- for sheets that are filled in ---- */

struct sheet_choice {
    const char *sheet; /* where the list is: its first `rows` rows */
    int column;
    int rows;
    const char *hint;    /* shown when the cell is entered */
    const char *refusal; /* shown when something else is typed */
};

/* Rows first..last of a column take only what is on the list, or a date. */
void sheet_choose(struct sheet *s, int first, int last, int column,
                  const struct sheet_choice *choice);
void sheet_days_only(struct sheet *s, int first, int last, int column,
                     const char *hint, const char *refusal);
/* Cells of rows first..last get a style where the formula, written for row
 * `first`, is true.  (Excel's colours that follow what is in the cells.) */
void sheet_when(struct sheet *s, int first, int last, int column,
                int last_column, const char *formula, enum style style);
void sheet_filter(struct sheet *s, int head, int last);
void sheet_hide(struct sheet *s);
void sheet_print_title(struct sheet *s, const char *title);

/* The longest line of a text, in widths of a digit; how many lines it takes
 * in a column so wide. */
double sheet_width(const char *text);
int sheet_lines(const char *text, double width);

/* What is really written for a text: valid UTF-8 without controls, at most
 * 32,767 characters, and no _x0041_ that Excel would take for an A.  Caller
 * frees. */
char *sheet_string(const char *text);

#endif
