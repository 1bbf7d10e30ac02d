/* bulletin_xlsx.c - the bulletin as a workbook: its sheets in order. */
#include "report/bulletin_sheets.h"

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
                                .places_shown = bulletin_places(b)};
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
    if (b->honours->len > 0)
        bulletin_honours_sheet(&w);
    bulletin_charts_sheet(&w);
    bulletin_notes_sheet(&w);
    return book_publish(made, e);
}
