/* ledger_xlsx.c - the ledger as a workbook (see ledger.h). */
#include "report/ledger.h"

#include "reply/mustache.h"
#include "reply/phrases.h"
#include "report/sheet.h"

enum { LIST_ITEMS, LIST_TOKEN }; /* columns of the hidden sheet */

static const char *const known[] = {
    "font.head",        "font.text",       "sheet.main",
    "sheet.lists",      "column.number",   "column.received",
    "column.title",     "column.unit",     "column.submitter",
    "column.phones",    "column.category", "column.words",
    "column.similar",   "column.status",   "column.mark",
    "column.date",      "column.remark",   "line.title",
    "line.pages",       "line.choose",     "line.not_an_item",
    "line.day",         "line.not_a_day",  "status.recorded",
    "status.withdrawn", "line.similar",    NULL};

static const struct {
    const char *word;
    double width;
} facts[] = {{"column.number", 10.5}, {"column.received", 16},
             {"column.title", 34},    {"column.unit", 18},
             {"column.submitter", 8}, {"column.phones", 13},
             {"column.category", 11}, {"column.words", 6},
             {"column.similar", 13},  {"column.status", 8}};

G_STATIC_ASSERT(G_N_ELEMENTS(facts) == LEDGER_FACTS);

struct writer {
    const struct ledger *l;
    const struct phrases *words;
    struct sheet s;
    int pairs; /* of item and date */
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
word(const struct writer *w, const char *name)
{
    return phrases_get(w->words, name);
}

/* ---- the sheet that is seen ---- */

static int
pairs_needed(const struct ledger *l)
{
    guint most = 0;

    for (guint i = 0; i < l->rows->len; i++) {
        const struct ledger_row *row = l->rows->pdata[i];

        most = MAX(most, row->marks->len);
    }
    return (int)most + 1;
}

static void
open_main(struct writer *w, struct book *b)
{
    int columns = LEDGER_FACTS + 2 * w->pairs + 1;
    g_autofree double *widths = g_new(double, columns);
    g_autofree char *title = title_of(w->l, w->words);

    for (int i = 0; i < LEDGER_FACTS; i++)
        widths[i] = facts[i].width;
    for (int i = 0; i < w->pairs; i++) {
        widths[LEDGER_FACTS + 2 * i] = 13;
        widths[LEDGER_FACTS + 2 * i + 1] = 11;
    }
    widths[columns - 1] = 18;
    sheet_open(&w->s, b, word(w, "sheet.main"), widths, columns,
               word(w, "line.pages"));
    sheet_print_title(&w->s, title);
}

static void
write_header(struct writer *w)
{
    int column = 0;

    for (; column < LEDGER_FACTS; column++)
        sheet_text(&w->s, 0, column, word(w, facts[column].word), STYLE_HEAD);
    for (int i = 1; i <= w->pairs; i++) {
        g_autofree char *mark =
            g_strdup_printf("%s%d", word(w, "column.mark"), i);
        g_autofree char *date =
            g_strdup_printf("%s%d", word(w, "column.date"), i);

        sheet_text(&w->s, 0, column++, mark, STYLE_HEAD);
        sheet_text(&w->s, 0, column++, date, STYLE_HEAD);
    }
    sheet_text(&w->s, 0, column, word(w, "column.remark"), STYLE_HEAD);
    sheet_end_row(&w->s, 0);
    sheet_keep(&w->s, 0, 0, LEDGER_TITLE + 1);
}

static void
write_facts(struct writer *w, int row, const struct ledger_row *r)
{
    struct sheet *s = &w->s;

    sheet_text(s, row, LEDGER_NUMBER, r->number, STYLE_FACT_CENTRE);
    sheet_time(s, row, LEDGER_RECEIVED, r->day, r->minute, STYLE_FACT_TIME);
    sheet_text(s, row, LEDGER_TITLE, r->title, STYLE_FACT);
    sheet_text(s, row, LEDGER_UNIT, r->unit, STYLE_FACT);
    sheet_text(s, row, LEDGER_SUBMITTER, r->submitter, STYLE_FACT_CENTRE);
    sheet_text(s, row, LEDGER_PHONES, r->phones, STYLE_FACT_CENTRE);
    sheet_text(s, row, LEDGER_CATEGORY, r->category, STYLE_FACT_CENTRE);
    sheet_count(s, row, LEDGER_WORDS, r->words,
                r->words_noted ? STYLE_NOTED_COUNT : STYLE_FACT_COUNT);
    sheet_text(s, row, LEDGER_SIMILAR, r->similar,
               r->similar ? STYLE_NOTED : STYLE_FACT_CENTRE);
    sheet_text(s, row, LEDGER_STATUS, r->status, STYLE_FACT_CENTRE);
}

static void
write_entries(struct writer *w, int row, const struct ledger_row *r)
{
    int column = LEDGER_FACTS;

    for (int i = 0; i < w->pairs; i++, column += 2) {
        const struct ledger_mark *m =
            (guint)i < r->marks->len
                ? &g_array_index(r->marks, struct ledger_mark, i)
                : NULL;

        sheet_text(&w->s, row, column, m ? m->item : NULL, STYLE_ENTRY);
        if (m)
            sheet_day(&w->s, row, column + 1, m->date, STYLE_ENTRY_DAY);
        else
            sheet_text(&w->s, row, column + 1, NULL, STYLE_ENTRY_DAY);
    }
    sheet_text(&w->s, row, column, r->remark, STYLE_ENTRY);
}

static void
guard_entries(struct writer *w, int last)
{
    const struct sheet_choice items = {.sheet = word(w, "sheet.lists"),
                                       .column = LIST_ITEMS,
                                       .rows = (int)w->l->items->len,
                                       .hint = word(w, "line.choose"),
                                       .refusal = word(w, "line.not_an_item")};

    if (last < 1)
        return;
    for (int i = 0; i < w->pairs; i++) {
        int column = LEDGER_FACTS + 2 * i;

        if (items.rows > 0)
            sheet_choose(&w->s, 1, last, column, &items);
        sheet_days_only(&w->s, 1, last, column + 1, word(w, "line.day"),
                        word(w, "line.not_a_day"));
    }
}

static void
write_main(struct writer *w, struct book *b)
{
    int last = (int)w->l->rows->len;

    open_main(w, b);
    write_header(w);
    for (int row = 1; row <= last; row++) {
        const struct ledger_row *r = w->l->rows->pdata[row - 1];

        write_facts(w, row, r);
        write_entries(w, row, r);
        sheet_end_row(&w->s, row);
    }
    guard_entries(w, last);
    sheet_filter(&w->s, 0, MAX(last, 1));
    sheet_close(&w->s);
}

/* ---- the sheet that is not ---- */

static void
write_lists(struct writer *w, struct book *b)
{
    static const double widths[] = {24, 40};
    const GPtrArray *items = w->l->items;

    sheet_open(&w->s, b, word(w, "sheet.lists"), widths, G_N_ELEMENTS(widths),
               "");
    for (guint i = 0; i < items->len; i++)
        sheet_text(&w->s, (int)i, LIST_ITEMS, items->pdata[i], STYLE_TEXT);
    sheet_text(&w->s, 0, LIST_TOKEN, w->l->token, STYLE_TEXT);
    sheet_hide(&w->s);
    sheet_close(&w->s);
}

enum st
ledger_write_xlsx(const struct ledger *l, const struct phrases *words,
                  const char *path, struct err *e)
{
    g_autofree char *title = title_of(l, words);
    g_autoptr(book) made = NULL;
    struct writer w = {.l = l, .words = words, .pairs = pairs_needed(l)};
    struct book_options options = {.title_font =
                                       phrases_get(words, "font.head"),
                                   .head_font = phrases_get(words, "font.head"),
                                   .text_font = phrases_get(words, "font.text"),
                                   .title = title,
                                   .author = l->office,
                                   .made = l->made};
    enum st st = book_new(path, &options, &made, e);

    if (st != ST_OK)
        return st;
    write_main(&w, made);
    write_lists(&w, made);
    return book_publish(made, e);
}
