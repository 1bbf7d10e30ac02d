/* ledger_xlsx.c - the ledger as a workbook (see ledger.h). */
#include "report/ledger.h"

#include "reply/mustache.h"
#include "reply/phrases.h"
#include "report/sheet.h"

#include <string.h>

enum { LIST_ITEMS, LIST_TOKEN }; /* columns of the hidden sheet */

static const char *const known[] = {"font.head",
                                    "font.text",
                                    "font.title",
                                    "sheet.main",
                                    "sheet.lists",
                                    "sheet.legend",
                                    "column.number",
                                    "column.received",
                                    "column.title",
                                    "column.unit",
                                    "column.submitter",
                                    "column.phones",
                                    "column.category",
                                    "column.words",
                                    "column.similar",
                                    "column.status",
                                    "column.mark",
                                    "column.date",
                                    "column.remark",
                                    "column.notes",
                                    "column.file",
                                    "line.title",
                                    "line.pages",
                                    "line.choose",
                                    "line.not_an_item",
                                    "line.day",
                                    "line.not_a_day",
                                    "line.similar",
                                    "line.fresh",
                                    "line.separator",
                                    "line.openness",
                                    "status.recorded",
                                    "status.withdrawn",
                                    "legend.title",
                                    "legend.colour",
                                    "legend.meaning",
                                    "legend.fact",
                                    "legend.entry",
                                    "legend.noted",
                                    "legend.fresh",
                                    "legend.withdrawn",
                                    "legend.guide",
                                    "legend.guide_1",
                                    "legend.guide_2",
                                    "legend.guide_3",
                                    "legend.guide_4",
                                    "legend.guide_5",
                                    "legend.look_only",
                                    NULL};

static const struct {
    const char *word;
    double width;
} facts[] = {
    {"column.number", 10},  {"column.received", 15}, {"column.title", 28},
    {"column.unit", 13},    {"column.submitter", 7}, {"column.phones", 12},
    {"column.category", 8}, {"column.words", 5.5},   {"column.similar", 13},
    {"column.status", 7},   {"column.notes", 14},    {"column.file", 15}};

G_STATIC_ASSERT(G_N_ELEMENTS(facts) == LEDGER_FACTS);

enum { WIDTH_MARK = 11, WIDTH_DATE = 10, WIDTH_REMARK = 12 };

struct ledger_writer {
    const struct ledger *l;
    const struct phrases *words;
    struct book *book;
    struct sheet s;
    int rows; /* so far */
};

/* ---- words ---- */

static enum st
check_title(const struct phrases *p, struct err *e)
{
    g_autoptr(value) sample = value_map();
    g_autoptr(mustache) m = NULL;
    enum st st =
        mustache_compile("ledger.ini line.title", phrases_get(p, "line.title"),
                         MUSTACHE_PLAIN, &m, e);

    value_set_text(sample, "period", "period");
    return st == ST_OK ? mustache_check(m, sample, NULL, e) : st;
}

enum st
ledger_load_words(const char *dir, const char *own_dir, struct phrases **out,
                  struct err *e)
{
    g_autoptr(phrases) p = NULL;
    enum st st = phrases_load(dir, own_dir, "ledger.ini", known, &p, e);

    if (st == ST_OK)
        st = check_title(p, e);
    if (st == ST_OK)
        *out = g_steal_pointer(&p);
    return st;
}

static char *
title_of(const struct ledger *l, const struct phrases *words)
{
    g_autoptr(value) v = value_map();
    g_autoptr(mustache) m = NULL;
    struct err e = ERR_INIT;

    value_set_text(v, "period", l->period);
    if (mustache_compile("line.title", phrases_get(words, "line.title"),
                         MUSTACHE_PLAIN, &m, &e) != ST_OK)
        g_error("%s", e.text); /* ledger_load_words() has compiled it */
    return mustache_render(m, v, NULL);
}

static const char *
word(const struct ledger_writer *w, const char *name)
{
    return phrases_get(w->words, name);
}

/* ---- the sheet that is filled in ---- */

static int
remark_column(const struct ledger *l)
{
    return LEDGER_FRONT + 2 * l->pairs;
}

/* Where a guarded column stands. */
static int
column_of(const struct ledger *l, enum ledger_fact f)
{
    int column = (int)f;

    return f < LEDGER_FRONT ? column : column + 2 * l->pairs + 1;
}

static int
columns(const struct ledger *l)
{
    return LEDGER_FACTS + 2 * l->pairs + 1;
}

static void
open_main(struct ledger_writer *w)
{
    const struct ledger *l = w->l;
    g_autofree double *widths = g_new(double, columns(l));
    g_autofree char *title = title_of(l, w->words);

    for (int f = 0; f < LEDGER_FACTS; f++)
        widths[column_of(l, (enum ledger_fact)f)] = facts[f].width;
    for (int i = 0; i < l->pairs; i++) {
        widths[LEDGER_FRONT + 2 * i] = WIDTH_MARK;
        widths[LEDGER_FRONT + 2 * i + 1] = WIDTH_DATE;
    }
    widths[remark_column(l)] = WIDTH_REMARK;
    sheet_open(&w->s, w->book, word(w, "sheet.main"), widths, columns(l),
               word(w, "line.pages"));
    sheet_print_title(&w->s, title);
}

static void
write_pair_head(struct ledger_writer *w, int n)
{
    int column = LEDGER_FRONT + 2 * (n - 1);
    g_autofree char *mark = g_strdup_printf("%s%d", word(w, "column.mark"), n);
    g_autofree char *date = g_strdup_printf("%s%d", word(w, "column.date"), n);

    sheet_text(&w->s, 0, column, mark, STYLE_HEAD);
    sheet_text(&w->s, 0, column + 1, date, STYLE_HEAD);
}

static void
write_header(struct ledger_writer *w)
{
    for (int f = 0; f < LEDGER_FACTS; f++)
        sheet_text(&w->s, 0, column_of(w->l, (enum ledger_fact)f),
                   word(w, facts[f].word), STYLE_HEAD);
    for (int i = 1; i <= w->l->pairs; i++)
        write_pair_head(w, i);
    sheet_text(&w->s, 0, remark_column(w->l), word(w, "column.remark"),
               STYLE_HEAD);
    sheet_end_row(&w->s, 0);
    sheet_keep(&w->s, 0, 0, LEDGER_TITLE + 1);
    sheet_stream(&w->s, 1);
}

static void
write_fact(struct ledger_writer *w, enum ledger_fact f, const char *text,
           enum style style)
{
    sheet_text(&w->s, w->rows, column_of(w->l, f), text, style);
}

static void
write_front(struct ledger_writer *w, const struct ledger_row *r)
{
    const enum style left = STYLE_FACT, centre = STYLE_FACT_CENTRE;

    write_fact(w, LEDGER_NUMBER, r->number, centre);
    sheet_time(&w->s, w->rows, LEDGER_RECEIVED, r->day, r->minute,
               STYLE_FACT_TIME);
    write_fact(w, LEDGER_TITLE, r->title, left);
    write_fact(w, LEDGER_UNIT, r->unit, left);
    write_fact(w, LEDGER_SUBMITTER, r->submitter, centre);
    write_fact(w, LEDGER_PHONES, r->phones, centre);
    write_fact(w, LEDGER_CATEGORY, r->category, centre);
    sheet_count(&w->s, w->rows, LEDGER_WORDS, r->words, STYLE_FACT_COUNT);
    write_fact(w, LEDGER_SIMILAR, r->similar, left);
    write_fact(w, LEDGER_STATUS, r->status, centre);
}

static void
write_entries(struct ledger_writer *w, const struct ledger_row *r)
{
    int column = LEDGER_FRONT;

    for (int i = 0; i < w->l->pairs; i++, column += 2) {
        const struct ledger_mark *m =
            (guint)i < r->marks->len
                ? &g_array_index(r->marks, struct ledger_mark, i)
                : NULL;

        sheet_text(&w->s, w->rows, column, m ? m->item : NULL, STYLE_ENTRY);
        if (m)
            sheet_day(&w->s, w->rows, column + 1, m->date, STYLE_ENTRY_DAY);
        else
            sheet_text(&w->s, w->rows, column + 1, NULL, STYLE_ENTRY_DAY);
    }
    sheet_text(&w->s, w->rows, column, r->remark, STYLE_ENTRY);
}

static void
write_back(struct ledger_writer *w, const struct ledger_row *r)
{
    write_fact(w, LEDGER_NOTES, r->notes, STYLE_FACT);
    write_fact(w, LEDGER_FILE, r->file, STYLE_FACT);
}

static void
guard_entries(struct ledger_writer *w)
{
    const struct sheet_choice items = {.sheet = word(w, "sheet.lists"),
                                       .column = LIST_ITEMS,
                                       .rows = (int)w->l->items->len,
                                       .hint = word(w, "line.choose"),
                                       .refusal = word(w, "line.not_an_item")};

    for (int i = 0; i < w->l->pairs; i++) {
        int column = LEDGER_FRONT + 2 * i;

        if (items.rows > 0)
            sheet_choose(&w->s, 1, w->rows, column, &items);
        sheet_days_only(&w->s, 1, w->rows, column + 1, word(w, "line.day"),
                        word(w, "line.not_a_day"));
    }
}

/* ---- colours that follow what a row says, however rows are sorted ---- */

/* "$Q2": a cell of the first row, in a column that stays. */
static char *
cell_of(const struct ledger *l, enum ledger_fact f)
{
    char cell[LXW_MAX_CELL_NAME_LENGTH];

    lxw_rowcol_to_cell(cell, 1, (lxw_col_t)column_of(l, f));
    return g_strconcat("$", cell, NULL);
}

/* A text inside a formula: a quotation mark is written twice. */
static char *
quoted(const char *text)
{
    g_autoptr(GString) s = g_string_new(text);

    g_string_replace(s, "\"", "\"\"", 0);
    return g_strdup_printf("\"%s\"", s->str);
}

static void
colour(struct ledger_writer *w, enum ledger_fact f, const char *formula,
       enum style style)
{
    int column = column_of(w->l, f);

    sheet_when(&w->s, 1, w->rows, column, column, formula, style);
}

static void
colour_finding(struct ledger_writer *w, const struct ledger_finding *f)
{
    g_autofree char *notes = cell_of(w->l, LEDGER_NOTES);
    g_autofree char *text = quoted(f->word);
    g_autofree char *formula =
        g_strdup_printf("=ISNUMBER(FIND(%s,%s))", text, notes);

    colour(w, f->where, formula, STYLE_WHEN_NOTED);
}

static void
colour_withdrawn(struct ledger_writer *w)
{
    g_autofree char *status = cell_of(w->l, LEDGER_STATUS);
    g_autofree char *text = quoted(word(w, "status.withdrawn"));
    g_autofree char *formula = g_strdup_printf("=%s=%s", status, text);

    sheet_when(&w->s, 1, w->rows, 0, columns(w->l) - 1, formula,
               STYLE_WHEN_GONE);
}

/* Notes that say no more than "new" are no finding. */
static void
colour_rows(struct ledger_writer *w)
{
    g_autofree char *notes = cell_of(w->l, LEDGER_NOTES);
    g_autofree char *similar = cell_of(w->l, LEDGER_SIMILAR);
    g_autofree char *fresh = quoted(word(w, "line.fresh"));
    g_autofree char *any =
        g_strdup_printf("=AND(LEN(%s)>0,%s<>%s)", notes, notes, fresh);
    g_autofree char *alike = g_strdup_printf("=LEN(%s)>0", similar);
    g_autofree char *is_new =
        g_strdup_printf("=LEFT(%s,LEN(%s))=%s", notes, fresh, fresh);

    colour(w, LEDGER_NUMBER, is_new, STYLE_WHEN_NEW);
    colour(w, LEDGER_SIMILAR, alike, STYLE_WHEN_NOTED);
    colour(w, LEDGER_NOTES, any, STYLE_WHEN_NOTED);
    for (size_t n = 0; n < w->l->n_findings; n++)
        colour_finding(w, &w->l->findings[n]);
    colour_withdrawn(w);
}

/* ---- the sheet that explains ---- */

static void
explain_colour(struct ledger_writer *w, int row, const char *sample,
               enum style style, const char *meaning)
{
    sheet_text(&w->s, row, 0, sample, style);
    sheet_text(&w->s, row, 1, meaning, STYLE_TEXT);
    sheet_end_row(&w->s, row);
}

static int
explain_colours(struct ledger_writer *w, int row)
{
    sheet_text(&w->s, row, 0, word(w, "legend.colour"), STYLE_HEAD);
    sheet_text(&w->s, row, 1, word(w, "legend.meaning"), STYLE_HEAD);
    sheet_end_row(&w->s, row++);
    explain_colour(w, row++, word(w, "column.title"), STYLE_FACT_CENTRE,
                   word(w, "legend.fact"));
    explain_colour(w, row++, word(w, "column.mark"), STYLE_ENTRY_DAY,
                   word(w, "legend.entry"));
    explain_colour(w, row++, word(w, "column.notes"), STYLE_NOTED,
                   word(w, "legend.noted"));
    explain_colour(w, row++, word(w, "line.fresh"), STYLE_NEW,
                   word(w, "legend.fresh"));
    explain_colour(w, row++, word(w, "status.withdrawn"), STYLE_GONE,
                   word(w, "legend.withdrawn"));
    return row;
}

static void
write_legend(struct ledger_writer *w)
{
    static const double widths[] = {16, 74};
    static const char *const guide[] = {"legend.guide_1", "legend.guide_2",
                                        "legend.guide_3", "legend.guide_4",
                                        "legend.guide_5"};
    int row = 0;

    sheet_open(&w->s, w->book, word(w, "sheet.legend"), widths,
               G_N_ELEMENTS(widths), word(w, "line.pages"));
    sheet_wide(&w->s, row++, word(w, "legend.title"), STYLE_TITLE);
    row = explain_colours(w, row);
    sheet_wide(&w->s, row++, word(w, "legend.guide"), STYLE_HEADING);
    if (!w->l->token)
        sheet_wide(&w->s, row++, word(w, "legend.look_only"), STYLE_NOTE);
    for (size_t n = 0; w->l->token && n < G_N_ELEMENTS(guide); n++)
        sheet_wide(&w->s, row++, word(w, guide[n]), STYLE_NOTE);
    sheet_close(&w->s);
}

/* ---- the sheet that is not seen ---- */

static void
write_lists(struct ledger_writer *w)
{
    static const double widths[] = {24, 40};
    const GPtrArray *items = w->l->items;

    sheet_open(&w->s, w->book, word(w, "sheet.lists"), widths,
               G_N_ELEMENTS(widths), "");
    for (int i = 0; i < MAX((int)items->len, 1); i++) {
        if ((guint)i < items->len)
            sheet_text(&w->s, i, LIST_ITEMS, items->pdata[i], STYLE_TEXT);
        if (i == 0 && w->l->token)
            sheet_text(&w->s, i, LIST_TOKEN, w->l->token, STYLE_TEXT);
    }
    sheet_hide(&w->s);
    sheet_close(&w->s);
}

/* ---- the whole ---- */

enum st
ledger_begin(const struct ledger *l, const struct phrases *words,
             const char *path, struct ledger_writer **out, struct err *e)
{
    g_autofree char *title = title_of(l, words);
    g_autoptr(ledger_writer) w = g_new0(struct ledger_writer, 1);
    struct book_options options = {.title_font =
                                       phrases_get(words, "font.title"),
                                   .head_font = phrases_get(words, "font.head"),
                                   .text_font = phrases_get(words, "font.text"),
                                   .title = title,
                                   .author = l->office,
                                   .made = l->made};
    enum st st = book_new(path, &options, &w->book, e);

    if (st != ST_OK)
        return st;
    w->l = l;
    w->words = words;
    open_main(w);
    write_header(w);
    *out = g_steal_pointer(&w);
    return ST_OK;
}

void
ledger_put(struct ledger_writer *w, const struct ledger_row *row)
{
    w->rows++;
    write_front(w, row);
    write_entries(w, row);
    write_back(w, row);
    sheet_end_row(&w->s, w->rows);
}

enum st
ledger_end(struct ledger_writer *w, struct err *e)
{
    if (w->rows > 0) {
        guard_entries(w);
        colour_rows(w);
    }
    sheet_filter(&w->s, 0, MAX(w->rows, 1));
    sheet_close(&w->s);
    write_legend(w);
    write_lists(w);
    return book_publish(w->book, e);
}

void
ledger_writer_free(struct ledger_writer *w)
{
    if (!w)
        return;
    sheet_close(&w->s);
    book_free(w->book);
    g_free(w);
}
