/* bulletin_lists.c - the sheets of the bulletin that are plain lists: a
 * title, a header, a row each; and the sheet 说明. */
#include "report/bulletin_named.h"
#include "report/bulletin_sheets.h"

enum { ROW_TITLE, ROW_HEAD, ROW_FIRST };

struct list_column {
    const char *word;
    double width;
};

/* ---- lists ---- */

static void
open_list(struct bulletin_writer *w, struct sheet *s, const char *name,
          const char *title, const struct list_column *columns, int n)
{
    g_autofree double *widths = g_new(double, n);
    g_autofree char *text = phrase(w->b, w->words, title, NULL);

    for (int i = 0; i < n; i++)
        widths[i] = columns[i].width;
    sheet_open(s, w->book, word(w, name), widths, n, word(w, "line.pages"));
    sheet_wide(s, ROW_TITLE, text, STYLE_TITLE);
    for (int i = 0; i < n; i++)
        sheet_text(s, ROW_HEAD, i, word(w, columns[i].word), STYLE_HEAD);
    sheet_end_row(s, ROW_HEAD);
    sheet_keep(s, ROW_HEAD, ROW_HEAD, 0);
}

static void
close_list(struct bulletin_writer *w, struct sheet *s, guint rows)
{
    if (rows == 0)
        sheet_wide(s, ROW_FIRST, word(w, "line.none"), STYLE_CENTRE);
    sheet_close(s);
}

static void
write_day(struct sheet *s, int row, int column, civil_day day)
{
    g_autofree char *text = day_format(day);

    sheet_text(s, row, column, text, STYLE_CENTRE);
}

void
bulletin_adoptions_sheet(struct bulletin_writer *w)
{
    static const struct list_column columns[] = {
        {"column.ordinal", 6}, {"column.group", 12}, {"column.number", 11},
        {"column.title", 40},  {"column.by", 20},    {"column.item", 12},
        {"column.date", 12},   {"column.worth", 7}};
    const GPtrArray *all = w->b->adoptions;
    struct sheet s;

    open_list(w, &s, "sheet.adoptions", "title.adoptions", columns,
              (int)G_N_ELEMENTS(columns) - w->b->no_points);
    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_adoption *a = all->pdata[i];
        int row = ROW_FIRST + (int)i;

        sheet_count(&s, row, 0, i + 1, STYLE_COUNT);
        sheet_text(&s, row, 1, a->group, STYLE_CENTRE);
        sheet_text(&s, row, 2, a->number, STYLE_CENTRE);
        sheet_text(&s, row, 3, a->title, STYLE_TEXT);
        sheet_text(&s, row, 4, a->units, STYLE_TEXT);
        sheet_text(&s, row, 5, a->item, STYLE_CENTRE);
        write_day(&s, row, 6, a->date);
        if (!w->b->no_points)
            sheet_points(&s, row, 7, a->points, STYLE_POINTS);
        sheet_end_row(&s, row);
    }
    close_list(w, &s, all->len);
}

static const char *
commission_word(enum commission_outcome outcome)
{
    switch (outcome) {
    case COMMISSION_OPEN:
        return "outcome.open";
    case COMMISSION_ANSWERED:
        return "outcome.answered";
    case COMMISSION_LATE:
        return "outcome.late";
    case COMMISSION_MISSED:
        return "outcome.missed";
    case COMMISSION_WAIVED:
        return "outcome.waived";
    }
    g_assert_not_reached();
}

void
bulletin_commissions_sheet(struct bulletin_writer *w)
{
    static const struct list_column columns[] = {
        {"column.commission", 11}, {"column.commission_title", 34},
        {"column.level", 6},       {"column.due", 20},
        {"column.unit", 24},       {"column.outcome", 11},
        {"column.answered", 17},   {"column.number", 12},
        {"column.remark", 16}};
    const GPtrArray *all = w->b->commissions;
    struct sheet s;

    open_list(w, &s, "sheet.commissions", "title.commissions", columns,
              G_N_ELEMENTS(columns));
    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_commission *c = all->pdata[i];
        int row = ROW_FIRST + (int)i;

        sheet_text(&s, row, 0, c->number, STYLE_CENTRE);
        sheet_text(&s, row, 1, c->title, STYLE_TEXT);
        sheet_text(&s, row, 2, c->level, STYLE_CENTRE);
        sheet_text(&s, row, 3, c->due, STYLE_CENTRE);
        sheet_text(&s, row, 4, c->unit, STYLE_TEXT);
        sheet_text(&s, row, 5, word(w, commission_word(c->outcome)),
                   STYLE_CENTRE);
        sheet_text(&s, row, 6, c->answered, STYLE_CENTRE);
        sheet_text(&s, row, 7, c->answer, STYLE_CENTRE);
        sheet_text(&s, row, 8, c->remark, STYLE_TEXT);
        sheet_end_row(&s, row);
    }
    close_list(w, &s, all->len);
}

void
bulletin_deductions_sheet(struct bulletin_writer *w)
{
    static const struct list_column columns[] = {
        {"column.ordinal", 6}, {"column.unit", 22},  {"column.fault", 16},
        {"column.worth", 8},   {"column.date", 12},  {"column.about", 14},
        {"column.clause", 20}, {"column.remark", 22}};
    const GPtrArray *all = w->b->deductions;
    struct sheet s;

    open_list(w, &s, "sheet.deductions", "title.deductions", columns,
              G_N_ELEMENTS(columns));
    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_deduction *d = all->pdata[i];
        int row = ROW_FIRST + (int)i;

        sheet_count(&s, row, 0, i + 1, STYLE_COUNT);
        sheet_text(&s, row, 1, d->unit, STYLE_TEXT);
        sheet_text(&s, row, 2, d->item, STYLE_CENTRE);
        sheet_points(&s, row, 3, d->points, STYLE_POINTS);
        write_day(&s, row, 4, d->date);
        sheet_text(&s, row, 5, d->about, STYLE_CENTRE);
        sheet_text(&s, row, 6, d->clause, STYLE_TEXT);
        sheet_text(&s, row, 7, d->remark, STYLE_TEXT);
        sheet_end_row(&s, row);
    }
    close_list(w, &s, all->len);
}

/* ---- 表扬批评 ---- */

static const char *
honour_word(enum bulletin_honour_kind kind)
{
    switch (kind) {
    case HONOUR_AWARD:
        return "honour.award";
    case HONOUR_PRAISE:
        return "honour.praise";
    case HONOUR_CRITICISM:
        return "honour.criticism";
    case HONOUR_VETO:
        return "honour.veto";
    case HONOUR_ZERO:
        return "honour.zero";
    }
    g_assert_not_reached();
}

/* What is said of one unit, good or bad, in one row. */
struct honours_row {
    const struct bulletin_honour *first;
    GString *texts, *reasons, *clauses, *days; /* owned */
};

static void
honours_row_free(gpointer data)
{
    struct honours_row *r = data;

    g_string_free(r->texts, TRUE);
    g_string_free(r->reasons, TRUE);
    g_string_free(r->clauses, TRUE);
    g_string_free(r->days, TRUE);
    g_free(r);
}

static struct honours_row *
honours_row_of(GPtrArray *rows, GHashTable *by_key,
               const struct bulletin_honour *h)
{
    g_autofree char *key = g_strdup_printf("%d\n%s", h->kind, h->unit);
    struct honours_row *r = g_hash_table_lookup(by_key, key);

    if (r)
        return r;
    r = g_new(struct honours_row, 1);
    r->first = h;
    r->texts = g_string_new(NULL);
    r->reasons = g_string_new(NULL);
    r->clauses = g_string_new(NULL);
    r->days = g_string_new(NULL);
    g_ptr_array_add(rows, r);
    g_hash_table_insert(by_key, g_steal_pointer(&key), r);
    return r;
}

/* Append what is not there yet. */
static void
join_new(GString *out, const char *separator, const char *text)
{
    g_auto(GStrv) there = g_strsplit(out->str, separator, -1);

    if (text && *text && !g_strv_contains((const char *const *)there, text))
        g_string_append_printf(out, "%s%s", out->len > 0 ? separator : "",
                               text);
}

/* What is judged at the end of a period has no day beside it. */
static void
add_named(struct bulletin_writer *w, struct honours_row *r,
          const struct named *n)
{
    const char *semicolon = word(w, "line.semicolon");
    g_autofree char *reasons = named_reasons(w->b, w->words, n, NAMED_OPEN);

    join_new(r->texts, semicolon, n->first->text);
    join_new(r->reasons, semicolon, reasons);
    for (guint i = 0; i < n->honours->len; i++) {
        const struct bulletin_honour *h = n->honours->pdata[i];
        g_autofree char *day = day_format(h->date);

        join_new(r->clauses, word(w, "line.separator"), h->clause);
        if (!h->of_period)
            join_new(r->days, "\n", day);
    }
}

/* Of struct honours_row; caller unrefs. */
static GPtrArray *
honours_rows(struct bulletin_writer *w)
{
    g_autoptr(GPtrArray) all = named_all(w->b);
    g_autoptr(GHashTable) by_key =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *rows = g_ptr_array_new_with_free_func(honours_row_free);

    for (guint i = 0; i < all->len; i++) {
        const struct named *n = all->pdata[i];

        add_named(w, honours_row_of(rows, by_key, n->first), n);
    }
    return rows;
}

void
bulletin_honours_sheet(struct bulletin_writer *w)
{
    static const struct list_column columns[] = {
        {"column.ordinal", 6}, {"column.unit", 24},   {"column.kind", 10},
        {"column.text", 34},   {"column.reason", 60}, {"column.clause", 14},
        {"column.date", 12}};
    g_autoptr(GPtrArray) rows = honours_rows(w);
    struct sheet s;

    open_list(w, &s, "sheet.honours", "title.honours", columns,
              G_N_ELEMENTS(columns));
    for (guint i = 0; i < rows->len; i++) {
        const struct honours_row *r = rows->pdata[i];
        int row = ROW_FIRST + (int)i;

        sheet_count(&s, row, 0, i + 1, STYLE_COUNT);
        sheet_text(&s, row, 1, r->first->unit, STYLE_TEXT);
        sheet_text(&s, row, 2, word(w, honour_word(r->first->kind)),
                   STYLE_CENTRE);
        sheet_text(&s, row, 3, r->texts->str, STYLE_TEXT);
        sheet_text(&s, row, 4, r->reasons->str, STYLE_TEXT);
        sheet_text(&s, row, 5, r->clauses->str, STYLE_TEXT);
        sheet_text(&s, row, 6, r->days->str, STYLE_CENTRE);
        sheet_end_row(&s, row);
    }
    close_list(w, &s, rows->len);
}

/* ---- 说明 ---- */

static int
write_heading(struct bulletin_writer *w, struct sheet *s, int row,
              const char *name)
{
    g_autofree char *text = phrase(w->b, w->words, name, NULL);

    sheet_wide(s, row, text, STYLE_HEADING);
    return row + 1;
}

static int
write_phrase(struct bulletin_writer *w, struct sheet *s, int row,
             const char *name)
{
    g_autofree char *text = phrase(w->b, w->words, name, NULL);

    sheet_wide(s, row, text, STYLE_NOTE);
    return row + 1;
}

/* The rules of the period's first days, where others follow in it. */
static int
write_earlier(struct bulletin_writer *w, struct sheet *s, int row)
{
    for (guint i = 0; i < w->b->earlier->len; i++) {
        const struct bulletin_rules *r = w->b->earlier->pdata[i];
        g_autoptr(value) more = value_map();
        g_autofree char *text = NULL;

        value_take_text(more, "to", day_format_chinese(r->until));
        value_set_text(more, "rules", r->title);
        value_take_text(more, "document",
                        r->document ? document_number(w->words, r->document)
                                    : g_strdup(""));
        text = phrase(w->b, w->words, "notes.rules_old", more);
        sheet_wide(s, row++, text, STYLE_NOTE);
    }
    return row;
}

static int
write_choices(struct bulletin_writer *w, struct sheet *s, int row)
{
    const GPtrArray *notes = w->b->notes;

    for (guint i = 0; i < notes->len; i++) {
        const struct bulletin_note *n = notes->pdata[i];
        g_autoptr(value) more = value_map();
        g_autofree char *text = NULL;

        value_set_int(more, "ordinal", i + 1);
        value_set_text(more, "name", n->name);
        value_set_text(more, "text", n->text);
        value_set_text(more, "clause", n->clause);
        text = phrase(w->b, w->words, "notes.choice", more);
        sheet_wide(s, row++, text, STYLE_NOTE);
    }
    if (notes->len == 0)
        sheet_wide(s, row++, word(w, "line.none"), STYLE_NOTE);
    return row;
}

/* What it is of; in another currency, in which. */
static void
write_entry(struct bulletin_writer *w, struct sheet *s, int row,
            const struct bulletin_adjustment *a)
{
    g_autoptr(value) names = value_map();
    g_autofree char *money = NULL;

    value_set_text(names, "item", a->item);
    value_set_text(names, "currency", a->currency ? a->currency : "");
    money = phrase(w->b, w->words, "reason.money", names);
    sheet_text(s, row, 1, a->currency ? money : a->item, STYLE_CENTRE);
}

static int
write_adjustments(struct bulletin_writer *w, struct sheet *s, int row)
{
    static const char *const heads[] = {"column.unit",  "column.entry",
                                        "column.worth", "column.date",
                                        "column.about", "column.reason"};
    const GPtrArray *all = w->b->adjustments;

    if (all->len == 0) {
        sheet_wide(s, row, word(w, "line.none"), STYLE_NOTE);
        return row + 1;
    }
    for (int i = 0; i < (int)G_N_ELEMENTS(heads); i++)
        sheet_text(s, row, i, word(w, heads[i]), STYLE_HEAD);
    sheet_end_row(s, row++);
    for (guint i = 0; i < all->len; i++, row++) {
        const struct bulletin_adjustment *a = all->pdata[i];

        sheet_text(s, row, 0, a->unit, STYLE_TEXT);
        write_entry(w, s, row, a);
        sheet_points(s, row, 2, a->points, STYLE_POINTS);
        write_day(s, row, 3, a->date);
        sheet_text(s, row, 4, a->about, STYLE_CENTRE);
        sheet_text(s, row, 5, a->reason, STYLE_TEXT);
        sheet_end_row(s, row);
    }
    return row;
}

void
bulletin_notes_sheet(struct bulletin_writer *w)
{
    static const double widths[] = {24, 16, 9, 12, 14, 21};
    g_autofree char *title = phrase(w->b, w->words, "title.notes", NULL);
    struct sheet s;
    int row = ROW_TITLE;

    sheet_open(&s, w->book, word(w, "sheet.notes"), widths,
               G_N_ELEMENTS(widths), word(w, "line.pages"));
    sheet_wide(&s, row++, title, STYLE_TITLE);
    row = write_heading(w, &s, row, "notes.rules");
    row = write_phrase(w, &s, row, "notes.rules_text");
    row = write_earlier(w, &s, row);
    row = write_heading(w, &s, row, "notes.choices");
    row = write_choices(w, &s, row);
    row = write_heading(w, &s, row, "notes.adjustments");
    row = write_adjustments(w, &s, row);
    row = write_heading(w, &s, row, "notes.cut_off_heading");
    write_phrase(w, &s, row, "notes.cut_off");
    sheet_close(&s);
}
