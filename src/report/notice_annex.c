/* notice_annex.c - the annexes of the 通报: the tables of the classes, and
 * the adopted titles. */
#include "report/notice_parts.h"

#include "report/bulletin_columns.h"

#include <string.h>

/* ---- figures as text ---- */

/* With so many digits behind the point, as all points of the table. */
static char *
fixed(decimal d, int places)
{
    g_autofree char *shown = decimal_format(d);
    const char *point = strchr(shown, '.');
    int there = point ? (int)strlen(point + 1) : 0;
    g_autofree char *zeros = g_strnfill((gsize)MAX(places - there, 0), '0');

    return g_strconcat(shown, !point && places > 0 ? "." : "", zeros, NULL);
}

static char *
figure_text(const struct figure *f, int places)
{
    switch (f->kind) {
    case FIGURE_BLANK:
        return g_strdup("");
    case FIGURE_TEXT:
        return g_strdup(f->text);
    case FIGURE_POINTS:
        return fixed(f->number, places);
    case FIGURE_NUMBER:
        return decimal_format(f->number);
    }
    g_assert_not_reached();
}

/* ---- tables of the classes ---- */

struct annex_table {
    const struct notice *n;
    struct document *d;
    struct columns *columns;
    double *widths; /* owned */
    int places;
    gboolean two_level; /* some column has a group */
};

static void
write_upper_header(struct annex_table *t)
{
    int n = columns_count(t->columns), cells = 0;
    g_autofree struct document_cell *row = g_new0(struct document_cell, n);

    for (int i = 0; i < n; cells++) {
        const struct column *c = column_at(t->columns, i);
        int last = column_group_end(t->columns, i);

        row[cells].text = c->group ? c->group : c->heading;
        row[cells].span = last - i + 1;
        if (!c->group && t->two_level)
            row[cells].merge = MERGE_FIRST;
        i = last + 1;
    }
    document_row(t->d, row, cells, TRUE);
}

static void
write_lower_header(struct annex_table *t)
{
    int n = columns_count(t->columns);
    g_autofree struct document_cell *row = g_new0(struct document_cell, n);

    for (int i = 0; i < n; i++) {
        const struct column *c = column_at(t->columns, i);

        if (c->group)
            row[i].text = c->heading;
        else
            row[i].merge = MERGE_BELOW;
    }
    document_row(t->d, row, n, TRUE);
}

static void
write_row(struct annex_table *t, const struct bulletin_class *k, guint index)
{
    int n = columns_count(t->columns);
    g_autofree struct document_cell *cells = g_new0(struct document_cell, n);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    for (int i = 0; i < n; i++) {
        struct figure f =
            column_figure(t->columns, i, k, k->rows->pdata[index], index + 1);

        g_ptr_array_add(texts, figure_text(&f, t->places));
        cells[i].text = texts->pdata[i];
        cells[i].left = f.left;
        cells[i].shaded = f.unmet;
    }
    document_row(t->d, cells, n, FALSE);
}

static void
write_class(struct annex_table *t, const struct bulletin_class *k,
            guint ordinal)
{
    g_autofree char *caption = class_caption(t->n->b, t->n->words, k, ordinal);

    document_paragraph(t->d, PARAGRAPH_CAPTION, caption);
    document_table(t->d, t->widths, columns_count(t->columns));
    write_upper_header(t);
    if (t->two_level)
        write_lower_header(t);
    for (guint i = 0; i < k->rows->len; i++)
        write_row(t, k, i);
    document_table_end(t->d);
}

static void
write_classes(struct annex_table *t)
{
    guint ordinal = 0;

    for (guint i = 0; i < t->n->b->classes->len; i++) {
        const struct bulletin_class *k = t->n->b->classes->pdata[i];

        if (k->standing != BULLETIN_HIDDEN && k->rows->len > 0)
            write_class(t, k, ++ordinal);
    }
}

static void
write_note(struct annex_table *t, const char *name)
{
    g_autofree char *text = phrase(t->n->b, t->n->words, name, NULL);

    document_paragraph(t->d, PARAGRAPH_NOTE, text);
}

static void
measure_columns(struct annex_table *t)
{
    int n = columns_count(t->columns);

    t->widths = g_new0(double, n);
    for (int i = 0; i < n; i++) {
        t->widths[i] = column_at(t->columns, i)->width;
        t->two_level |= column_at(t->columns, i)->group != NULL;
    }
}

static void
begin_annex(struct document *d, const char *head, const char *title)
{
    document_paragraph(d, PARAGRAPH_ANNEX, head);
    document_paragraph(d, PARAGRAPH_ANNEX_TITLE, title);
}

void
notice_tables(const struct notice *n, struct document *d, const char *head,
              const char *title)
{
    g_autoptr(columns) c = columns_new(n->b, n->words, COLUMNS_ANNEX);
    struct annex_table t = {
        .n = n, .d = d, .columns = c, .places = bulletin_places(n->b)};

    measure_columns(&t);
    document_turn_for(d, t.widths, columns_count(c));
    begin_annex(d, head, title);
    write_note(&t, "line.head");
    write_classes(&t);
    write_note(&t, "line.totals");
    if (columns_any_outcome(c, TARGET_UNMET))
        write_note(&t, "line.unmet");
    if (columns_exceed_totals(c))
        write_note(&t, "line.joint");
    g_free(t.widths);
}

/* ---- adopted titles ---- */

void
notice_adoptions(const struct notice *n, struct document *d, const char *head,
                 const char *title)
{
    static const double widths[] = {6, 38, 19, 14, 15};
    static const char *const names[] = {"column.ordinal", "column.title",
                                        "column.by", "column.item",
                                        "column.date"};
    enum { COLUMNS = G_N_ELEMENTS(widths) };
    struct document_cell cells[COLUMNS] = {{0}};

    document_turn_back(d);
    begin_annex(d, head, title);
    document_table(d, widths, COLUMNS);
    for (int i = 0; i < COLUMNS; i++)
        cells[i].text = phrases_get(n->words, names[i]);
    document_row(d, cells, COLUMNS, TRUE);
    cells[1].left = cells[2].left = TRUE;
    for (guint i = 0; i < n->b->adoptions->len; i++) {
        const struct bulletin_adoption *a = n->b->adoptions->pdata[i];
        g_autofree char *ordinal = g_strdup_printf("%u", i + 1);
        g_autofree char *date = day_format(a->date);

        cells[0].text = ordinal;
        cells[1].text = a->title;
        cells[2].text = a->units;
        cells[3].text = a->item;
        cells[4].text = date;
        document_row(d, cells, COLUMNS, FALSE);
    }
    document_table_end(d);
}
