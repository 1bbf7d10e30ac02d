/* ledger.c - a row of the ledger as data (see ledger.h). */
#include "report/ledger.h"

#include "base/text.h"

static void
clear_mark(gpointer data)
{
    g_free(((struct ledger_mark *)data)->item);
}

struct ledger_row *
ledger_row_new(void)
{
    struct ledger_row *row = g_new0(struct ledger_row, 1);

    row->marks = g_array_new(FALSE, FALSE, sizeof(struct ledger_mark));
    g_array_set_clear_func(row->marks, clear_mark);
    return row;
}

void
ledger_row_free(struct ledger_row *row)
{
    if (!row)
        return;
    g_free(row->number);
    g_free(row->title);
    g_free(row->unit);
    g_free(row->submitter);
    g_free(row->phones);
    g_free(row->category);
    g_free(row->similar);
    g_free(row->status);
    g_free(row->notes);
    g_free(row->file);
    g_free(row->remark);
    g_array_unref(row->marks);
    g_free(row);
}

void
ledger_row_mark(struct ledger_row *row, const char *item, civil_day date)
{
    struct ledger_mark mark = {g_strdup(item), date};

    g_array_append_val(row->marks, mark);
}

static char *
fact(const char *text)
{
    return text_line(text ? text : "");
}

char *
ledger_row_facts(const struct ledger_row *row)
{
    g_autofree char *day = day_format(row->day);
    char *cells[LEDGER_FACTS + 1] = {
        [LEDGER_NUMBER] = fact(row->number),
        [LEDGER_RECEIVED] = g_strdup_printf("%s %02d:%02d", day,
                                            row->minute / 60, row->minute % 60),
        [LEDGER_TITLE] = fact(row->title),
        [LEDGER_UNIT] = fact(row->unit),
        [LEDGER_SUBMITTER] = fact(row->submitter),
        [LEDGER_PHONES] = fact(row->phones),
        [LEDGER_CATEGORY] = fact(row->category),
        [LEDGER_WORDS] = g_strdup_printf("%d", row->words),
        [LEDGER_SIMILAR] = fact(row->similar),
        [LEDGER_STATUS] = fact(row->status),
        [LEDGER_NOTES] = fact(row->notes),
        [LEDGER_FILE] = fact(row->file)};
    char *joined = g_strjoinv("\t", cells);

    for (int n = 0; n < LEDGER_FACTS; n++)
        g_free(cells[n]);
    return joined;
}

char *
ledger_row_marks(const struct ledger_row *row)
{
    GString *s = g_string_new(NULL);

    for (guint n = 0; n < row->marks->len; n++) {
        const struct ledger_mark *m =
            &g_array_index(row->marks, struct ledger_mark, n);
        g_autofree char *day = day_format(m->date);

        g_string_append_printf(s, "%s\t%s\n", m->item, day);
    }
    return g_string_free(s, FALSE);
}
