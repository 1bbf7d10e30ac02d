/* bulletin_lists.c - the sheets of the bulletin that are plain lists: a
 * title, a header, a row each; and the sheet 说明. */
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
        {"column.ordinal", 6}, {"column.group", 12}, {"column.number", 12},
        {"column.title", 46},  {"column.by", 24},    {"column.item", 16},
        {"column.date", 12},   {"column.worth", 8}};
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
        {"column.level", 9},       {"column.due", 17},
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
        {"column.ordinal", 6}, {"column.unit", 24},  {"column.fault", 18},
        {"column.worth", 9},   {"column.date", 12},  {"column.about", 14},
        {"column.clause", 24}, {"column.remark", 24}};
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

static const char *
target_word(enum target_outcome outcome)
{
    switch (outcome) {
    case TARGET_MET:
        return "outcome.met";
    case TARGET_UNMET:
        return "outcome.unmet";
    case TARGET_NOT_YET:
        return "outcome.not_yet";
    }
    g_assert_not_reached();
}

void
bulletin_targets_sheet(struct bulletin_writer *w)
{
    static const struct list_column columns[] = {
        {"column.unit", 24},   {"column.metric", 18}, {"column.period", 14},
        {"column.target", 14}, {"column.actual", 10}, {"column.outcome", 12}};
    const GPtrArray *all = w->b->targets;
    struct sheet s;

    open_list(w, &s, "sheet.targets", "title.targets", columns,
              G_N_ELEMENTS(columns));
    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_target *t = all->pdata[i];
        int row = ROW_FIRST + (int)i;
        g_autofree char *number = decimal_format(t->target);
        g_autofree char *target = g_strconcat(
            word(w, t->at_most ? "outcome.at_most" : "outcome.at_least"),
            number, NULL);
        g_autofree char *actual =
            t->blank ? g_strdup("") : decimal_format(t->actual);

        sheet_text(&s, row, 0, t->unit, STYLE_TEXT);
        sheet_text(&s, row, 1, t->metric, STYLE_CENTRE);
        sheet_text(&s, row, 2, t->period, STYLE_CENTRE);
        sheet_text(&s, row, 3, target, STYLE_CENTRE);
        sheet_text(&s, row, 4, actual, STYLE_CENTRE);
        sheet_text(&s, row, 5, word(w, target_word(t->outcome)), STYLE_CENTRE);
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

void
bulletin_honours_sheet(struct bulletin_writer *w)
{
    static const struct list_column columns[] = {
        {"column.ordinal", 6}, {"column.unit", 24},   {"column.kind", 12},
        {"column.text", 30},   {"column.reason", 44}, {"column.clause", 18},
        {"column.date", 12}};
    const GPtrArray *all = w->b->honours;
    struct sheet s;

    open_list(w, &s, "sheet.honours", "title.honours", columns,
              G_N_ELEMENTS(columns));
    for (guint i = 0; i < all->len; i++) {
        const struct bulletin_honour *h = all->pdata[i];
        int row = ROW_FIRST + (int)i;

        sheet_count(&s, row, 0, i + 1, STYLE_COUNT);
        sheet_text(&s, row, 1, h->unit, STYLE_TEXT);
        sheet_text(&s, row, 2, word(w, honour_word(h->kind)), STYLE_CENTRE);
        sheet_text(&s, row, 3, h->text, STYLE_TEXT);
        sheet_text(&s, row, 4, h->reason, STYLE_TEXT);
        sheet_text(&s, row, 5, h->clause, STYLE_TEXT);
        write_day(&s, row, 6, h->date);
        sheet_end_row(&s, row);
    }
    close_list(w, &s, all->len);
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
    row = write_heading(w, &s, row, "notes.choices");
    row = write_choices(w, &s, row);
    row = write_heading(w, &s, row, "notes.adjustments");
    row = write_adjustments(w, &s, row);
    row = write_heading(w, &s, row, "notes.cut_off_heading");
    write_phrase(w, &s, row, "notes.cut_off");
    sheet_close(&s);
}
