/* bulletin_xlsx.c - the bulletin as a workbook: its sheets in order. */
#include "report/bulletin_sheets.h"

/* Digits behind the point that show d whole. */
static int
places_of(decimal d)
{
    decimal step = DECIMAL_ONE;
    int places = 0;

    for (; d % step != 0; step /= 10)
        places++;
    return places;
}

/* All points are printed with as many digits as the longest of them needs. */
static int
places_needed(const struct bulletin *b)
{
    int n = 0;

    for (guint i = 0; i < b->classes->len; i++) {
        const struct bulletin_class *c = b->classes->pdata[i];

        for (guint j = 0; j < c->rows->len; j++) {
            const struct bulletin_row *row = c->rows->pdata[j];

            n = MAX(n, places_of(row->points));
            n = MAX(n, places_of(row->adjustment));
            n = MAX(n, places_of(row->to_date));
        }
    }
    for (guint i = 0; i < b->deductions->len; i++) {
        const struct bulletin_deduction *d = b->deductions->pdata[i];

        n = MAX(n, places_of(d->points));
    }
    for (guint i = 0; i < b->adoptions->len; i++) {
        const struct bulletin_adoption *a = b->adoptions->pdata[i];

        n = MAX(n, places_of(a->points));
    }
    return n;
}

enum st
bulletin_write_xlsx(const struct bulletin *b, const struct phrases *words,
                    const char *path, struct err *e)
{
    g_autofree char *title = bulletin_title(b, words);
    g_autoptr(GArray) places =
        g_array_new(FALSE, FALSE, sizeof(struct class_place));
    g_autoptr(book) made = NULL;
    struct bulletin_writer w = {.b = b,
                                .words = words,
                                .places = places,
                                .places_shown = places_needed(b)};
    struct book_options options = {.title_font =
                                       phrases_get(words, "font.title"),
                                   .head_font = phrases_get(words, "font.head"),
                                   .text_font = phrases_get(words, "font.text"),
                                   .title = title,
                                   .author = b->office,
                                   .made = b->made,
                                   .zero_blank = b->zero_blank,
                                   .places = w.places_shown};
    enum st st = book_new(path, &options, &made, e);

    if (st != ST_OK)
        return st;
    w.book = made;
    bulletin_main_sheet(&w);
    bulletin_adoptions_sheet(&w);
    bulletin_commissions_sheet(&w);
    bulletin_deductions_sheet(&w);
    bulletin_targets_sheet(&w);
    bulletin_charts_sheet(&w);
    bulletin_notes_sheet(&w);
    return book_publish(made, e);
}
